"""What every rule of the grammar gets: the text, the moment from which it is read, and the conventions."""

from dataclasses import dataclass
from datetime import date

from cycle.domain.dutch.moment import Reference
from cycle.domain.dutch.tokens import SourceText, TokenKind
from cycle.domain.dutch.vocabulary import NUMBER, ORDINAL, ORDINAL_ENDINGS, QUANTITIES, ROMAN
from cycle.domain.model import Conventions


@dataclass(frozen=True, slots=True)
class Scope:
    """One text to read; `searching` is true for running text, where less counts as a deadline."""

    text: SourceText
    on: Reference
    conventions: Conventions
    searching: bool = False

    @property
    def year(self) -> int:
        """The year that a phrase without one takes."""
        return self.on.year

    @property
    def day(self) -> date | None:
        """The day of reading, where it is known."""
        return self.on.as_date() if self.on.day else None


def year_at(scope: Scope, i: int) -> int | None:
    """A year in figures; "2000 woningen" is a quantity."""
    text = scope.text
    token = text.at(i)
    if token.kind is TokenKind.SHORT_YEAR:
        return 2000 + int(token.text)
    number = text.number(i)
    if number is None or len(token.text) != 4 or not 1950 <= number <= 2099:
        return None
    if text.word(i + 1) in QUANTITIES or text.mark(i - 1) in ("€", "$", "£") or text.mark(i + 1) in ("€",):
        return None
    return number


def count_at(scope: Scope, i: int) -> tuple[int, int] | None:
    """A small number, in figures or in words."""
    number = scope.text.number(i)
    if number is None:
        number = NUMBER.get(scope.text.word(i))
    return (number, i + 1) if number is not None and 0 < number < 1000 else None


def ordinal_at(scope: Scope, i: int) -> tuple[int, int] | None:
    """ "3e", "derde", "III" or "laatste" (-1)."""
    text = scope.text
    word = text.word(i)
    if word in ORDINAL:
        return ORDINAL[word], i + 1
    number = text.number(i)
    if number is not None and number < 60 and text.at(i + 1).glued and text.word(i + 1) in ORDINAL_ENDINGS:
        return number, i + 2
    return None


def roman_at(scope: Scope, i: int) -> tuple[int, int] | None:
    """A quarter in Roman figures."""
    word = scope.text.word(i)
    return (ROMAN[word], i + 1) if word in ROMAN else None
