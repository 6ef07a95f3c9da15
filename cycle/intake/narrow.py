"""Words that a narrow column broke without a hyphen ("verhuurrapporta" above "ges"), closed again.

A program breaks a word so only where it stands alone on its line and its next letter does not fit in the column. Where
two whole words could stand there too, those that the document uses elsewhere decide.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cycle.intake.repairs import join_wrapped


class WholeWords:
    """The words that a document has within its lines, where none is broken; looked up only once one is needed."""

    def __init__(self, cells: Callable[[], Iterable[str]]) -> None:
        self._cells = cells

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(_bare(word) for cell in self._cells() for word in _whole_words(cell))

    def surely_one(self, begin: str, rest: str) -> bool:
        """Whether two pieces are one word: it is used elsewhere, or one of the pieces is no word by itself."""
        begin, rest = _bare(begin), _bare(rest)
        one_letter = len(rest) == 1 and rest != "u"
        return one_letter or f"{begin}{rest}" in self._words or _NO_WORD_ENDS.search(begin) is not None

    def surely_two(self, rest: str) -> bool:
        """Whether the second piece is a word by itself."""
        return _bare(rest) in _SMALL or _bare(rest) in self._words


def right_edge(chars: Iterable[Any]) -> float:
    """How far the letters of a column reach; a space at the end of a line may stand in the margin."""
    return max((char["x1"] for char in chars if not char["text"].isspace()), default=0.0)


def may_be_broken(written: str) -> bool:
    """Whether one of the lines of a cell can end within a word."""
    return _MAYBE_BROKEN.search(written) is not None


def closed(written: str, chars: Sequence[Any], edge: float, known: WholeWords) -> str:
    """The lines of one cell as one text, given its characters and the right edge of its column."""
    if not may_be_broken(written):
        return join_wrapped(written.split("\n"))
    lines: list[str] = []
    above: _Line | None = None
    for line in _lines(written, chars):
        begins = line.text.split()[0] if line.text else ""
        if above and _goes_on(above, begins, edge, known):
            lines[-1] += line.text
        else:
            lines.append(line.text)
        above = line
    return join_wrapped(lines)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of print; `right` is `None` where its place on the page is not known."""

    text: str
    left: float = 0.0
    right: float | None = None

    def has_room(self, edge: float, letters: float) -> bool:
        """Whether so many letters would fit after this line."""
        if self.right is None or not self.text:
            return True
        return self.right + letters * (self.right - self.left) / len(self.text) <= edge


def _goes_on(above: _Line, begins: str, edge: float, known: WholeWords) -> bool:
    """Whether the word that stands alone on a line goes on in the next; the sign that did not fit may be a wide one."""
    if not begins or " " in above.text or not above.text[-1:].isalpha() or above.has_room(edge, _WIDE):
        return False
    if known.surely_one(above.text, begins):
        return True
    return not above.has_room(edge, 1.0) and not known.surely_two(begins)


def _lines(written: str, chars: Sequence[Any]) -> list[_Line]:
    from pdfplumber.utils.clustering import cluster_objects  # noqa: PLC0415 - an optional package

    texts = [" ".join(line.split()) for line in written.split("\n")]
    printed = cluster_objects([char for char in chars if char["text"].strip()], "top", _SLACK)
    if len(printed) != len(texts):
        return [_Line(text) for text in texts]
    return [
        _Line(text, min(char["x0"] for char in line), right_edge(line))
        for text, line in zip(texts, printed, strict=True)
    ]


def _whole_words(cell: str) -> Iterator[str]:
    """All but those that stand alone on their line, and the one after such a line."""
    alone = False
    for line in cell.split("\n"):
        words = line.split()
        yield from words[1:] if alone or len(words) == 1 else words
        alone = len(words) == 1


def _bare(word: str) -> str:
    return word.strip(".,;:!?()'\"").casefold()


_SLACK = 3.0
_WIDE = 1.6
_MAYBE_BROKEN = re.compile(r"^\S*[a-zé]\n[a-zé(-]", re.M)
_NO_WORD_ENDS = re.compile(r"([b-df-hj-np-tv-z])\1$|[vz]$")
_SMALL = frozenset(
    (
        *("en", "of", "de", "het", "een", "van", "in", "op", "te", "aan", "om", "bij", "tot", "uit", "voor", "met"),
        *("naar", "door", "over", "per", "als", "die", "dat", "dit", "is", "zijn", "wordt", "worden", "niet", "ook"),
    )
)
