"""Figures that a table goes by: the stock of homes of an appendix, and what an agreement counts.

An indicator says what is counted, a figure how much that is on a day: as agreed, or as it came out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class FigureKind(StrEnum):
    """Whether a figure was agreed or came out so."""

    PLANNED = "planned"
    REALISED = "realised"


class Direction(StrEnum):
    """Which way is right: no less than agreed, no more, or neither by itself."""

    AT_LEAST = "at-least"
    AT_MOST = "at-most"
    NEITHER = "neither"


OPENING = "opening"
"""A line of a stock that is what a year begins with; all others are of its end."""

HOMES = "vhe"
"""What stocks of homes count: verhuureenheden."""


@dataclass(frozen=True, slots=True)
class StockFigure:
    """One figure of a stock table. `owner` is as written, `giver` the slug of the party that it is, if it is one;
    `line` is its meaning (opening, purchases, …, total, other), `label` its words, `source` where it stands."""

    owner: str
    giver: str
    table: str
    line: str
    label: str
    kind: FigureKind
    year: int
    amount: int
    source: str = ""

    @property
    def key(self) -> str:
        """What its indicator is found again by, however its words are spelled."""
        line = self.line if self.line != "other" else self.label
        return ":".join(" ".join(words.casefold().split()) for words in (self.giver or self.owner, self.table, line))

    @property
    def on(self) -> date:
        """The day that it is of."""
        return date(self.year, 1, 1) if self.line == OPENING else date(self.year, 12, 31)


@dataclass(frozen=True, slots=True)
class KeptStockLine:
    """A line of a stock as it stands: the figures of each year, as agreed and as they came out."""

    owner: str
    table: str
    line: str
    label: str
    planned: Mapping[int, int] = field(default_factory=dict)
    realised: Mapping[int, int] = field(default_factory=dict)
