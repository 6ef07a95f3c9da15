"""Foreign defects, one named repair each: what other programs do to a text, undone in one place.

Only what cannot change a meaning is repaired silently. Letters that OCR got wrong stay as they are.
"""

import re
from collections.abc import Iterable

_QUOTES = str.maketrans({"‘": "'", "’": "'", "‛": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"'})
# a soft hyphen only says where a word may be broken; zero-width characters and a stray BOM say nothing
_INVISIBLE = str.maketrans({"\u00ad": None, "\u200b": None, "\u200c": None, "\u200d": None, "\ufeff": None, "\0": None})
_GLUED_SENTENCE = re.compile(r"(?<=[a-z0-9])\.(?=[A-Z][a-z])")
_PAGE_NUMBER = re.compile(
    r"(?:(?:pagina|bladzijde|blz\.?|page) )?(?:[-–] ?)?\d{1,3}(?: ?[-–])?(?: ?(?:van|/|\|) ?\d{1,3})?", re.I
)
_MARKS = re.compile(r"\*\*|__|`")
_EMPHASIS = re.compile(r"(?<![\w*_])([*_])(?=\S)([^*_\n]{1,2000}?)(?<=\S)\1(?![\w*_])")
_MARK_SIGNS = frozenset("*_`")
_SUSPENDED = ("en", "of", "en/of")
_CLOSING = frozenset(".,;:")


def tidy(text: str) -> str:
    """All repairs of running text together; the result is one line."""
    return one_space(split_glued_sentences(straight_quotes(text.translate(_INVISIBLE))))


def one_space(text: str) -> str:
    """Line breaks, tabs and non-breaking spaces become one space."""
    return " ".join(text.split())


def straight_quotes(text: str) -> str:
    """Word's curly quotes and a typist's backticks become ' and \"."""
    return text.translate(_QUOTES)


def split_glued_sentences(text: str) -> str:
    """PDF text loses the space where a sentence ends at the end of a line ("in 2023.In 2024")."""
    return _GLUED_SENTENCE.sub(". ", text)


def is_page_number(line: str) -> bool:
    """Whether a line is only the number of its page ("8", "- 8 -", "Pagina 8 van 21")."""
    return _PAGE_NUMBER.fullmatch(one_space(line)) is not None


def without_marks(text: str) -> str:
    """A text without Markdown's marks for bold, slanted and code."""
    if _MARK_SIGNS.isdisjoint(text):
        return text.strip()
    return _EMPHASIS.sub(r"\2", _MARKS.sub("", text)).strip()


def join_wrapped(lines: Iterable[str]) -> str:
    """Lines of one cell become one text; a word broken at its hyphen is closed, "zorg- en" keeps its space."""
    joined = ""
    for line in (" ".join(line.split()) for line in lines):
        if not line:
            continue
        broken = joined.endswith("-") and not joined.endswith(" -") and line.split()[0] not in _SUSPENDED
        joined += line if broken or not joined or line[0] in _CLOSING else f" {line}"
    return joined
