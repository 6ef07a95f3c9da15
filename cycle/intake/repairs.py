"""Foreign defects, one named repair each: what other programs do to a text, undone in one place.

Only what cannot change a meaning is repaired silently. Letters that OCR got wrong stay as they are.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from cycle.domain.words import MONTHS

_QUOTES = str.maketrans({"‘": "'", "’": "'", "‛": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"'})
# a soft hyphen only says where a word may be broken; zero-width characters and a stray BOM say nothing
_INVISIBLE = str.maketrans({"\u00ad": None, "\u200b": None, "\u200c": None, "\u200d": None, "\ufeff": None, "\0": None})
_BOTH = _QUOTES | _INVISIBLE
# the same cells are asked for again and again while the columns are judged
_SHORT = 300
_GLUED_SENTENCE = re.compile(r"(?<=[a-z0-9])\.(?=[A-Z][a-z])")
_PAGE_NUMBER = re.compile(
    r"(?:(?:pagina|bladzijde|blz\.?|page) )?(?:[-–] ?)?\d{1,3}(?: ?[-–])?(?: ?(?:van|/|\|) ?\d{1,3})?", re.I
)
_MARKS = re.compile(r"\*\*|__|`")
_EMPHASIS = re.compile(r"(?<![\w*_])([*_])(?=\S)([^*_\n]{1,2000}?)(?<=\S)\1(?![\w*_])")
_MARK_SIGNS = frozenset("*_`")
_SUSPENDED = ("en", "of", "en/of", "tot", "dan", "als", "noch", "à", "resp.", "respectievelijk", "maar", "c.q.", "cq")
_SOFT_HYPHEN = "\u00ad"
_BROKEN_SOFTLY = re.compile(r"\u00ad\s*")
_LAST_WORD = re.compile(r"(?<![\w-])([a-zà-ÿ]+)-$")
_NO_REST = rf"(?!(?:{'|'.join(map(re.escape, _SUSPENDED))})(?!\w))"
_BROKEN = re.compile(rf"(?<![\w-])([a-zà-ÿ]{{2,40}})- {_NO_REST}([a-zà-ÿ]{{2,}})")
_TAKE_HYPHEN = frozenset(
    ["niet", "non", "ex", "oud", "co", "sociaal", "semi", "pro", "anti", "quasi", "adjunct", "aspirant", "vice", "mede"]
)
_CLASHING = frozenset(
    ["aa", "ae", "ai", "au", "ee", "ei", "eu", "ie", "ii", "ij", "oe", "oi", "oo", "ou", "ui", "uu", "éé"]
)
_CLOSING = frozenset(".,;:")
_DAY_NUMBER = re.compile(r"(\d{5})(?:[.,]\d{1,10})?")
_FIRST_DAY, _FIRST_YEAR, _LAST_YEAR = date(1899, 12, 30), 2010, 2049


def tidy(text: str) -> str:
    """All repairs of running text together; the result is one line."""
    return _tidied_before(text) if len(text) <= _SHORT else _tidied(text)


def _tidied(text: str) -> str:
    text = _BROKEN_SOFTLY.sub("", text) if _SOFT_HYPHEN in text else text
    return close_hyphens(one_space(split_glued_sentences(text.translate(_BOTH))))


def one_space(text: str) -> str:
    """Line breaks, tabs and non-breaking spaces become one space."""
    return " ".join(text.split())


def split_glued_sentences(text: str) -> str:
    """PDF text loses the space where a sentence ends at the end of a line ("in 2023.In 2024")."""
    return _GLUED_SENTENCE.sub(". ", text) if "." in text else text


def day_of_number(written: str) -> date | None:
    """The day that a spreadsheet counts as this number, `None` for a figure that is none of the years of agreements."""
    match = _DAY_NUMBER.fullmatch(written)
    day = _FIRST_DAY + timedelta(days=int(match.group(1))) if match else None
    return day if day and _FIRST_YEAR <= day.year <= _LAST_YEAR else None


def with_its_day(written: str) -> str:
    """Such a number as the day that may be meant, so that somebody is asked; any other words as they are."""
    day = day_of_number(written)
    return written if day is None else f"{day.day} {MONTHS[day.month - 1]} {day.year} (in de cel staat {written})"


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
        if joined.endswith(_SOFT_HYPHEN):
            joined = joined.rstrip(_SOFT_HYPHEN) + line
        elif broken and _only_breaks(joined, line):
            joined = joined[:-1] + line
        else:
            joined += line if broken or not joined or line[0] in _CLOSING else f" {line}"
    return joined


def close_hyphens(text: str) -> str:
    """A word that a program left broken within a line ("uitvoe- ring") is closed; "huur- en koop" is as meant."""
    return _BROKEN.sub(_closed, text) if "- " in text else text


def _closed(broken: re.Match[str]) -> str:
    begin, rest = broken.groups()
    return f"{begin}{'' if _only_breaks(f'{begin}-', rest) else '-'}{rest}"


def _only_breaks(before: str, after: str) -> bool:
    """Whether the hyphen at the end of a line is there only because the line ends.

    It belongs to the word beside a capital or a figure ("Zeeuws-", "DAEB-"), after a word that takes one ("niet-"), and
    between vowels that would run together ("zee-", "egel").
    """
    begin = _LAST_WORD.search(before)
    if begin is None or not after[:1].islower():
        return False
    word = begin.group(1)
    return len(word) > 1 and word not in _TAKE_HYPHEN and f"{word[-1]}{after[0]}" not in _CLASHING


_tidied_before = lru_cache(maxsize=4096)(_tidied)
