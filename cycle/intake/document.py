"""What a document says, as frozen values: rows, phrases, stock tables, and what was wrong with it.

Every value keeps its place in the source, so that a person can check it against the paper.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from cycle.domain.model import Reading
from cycle.errors import Fault


@dataclass(frozen=True, slots=True)
class Phrase:
    """A deadline phrase as written, and how it is understood."""

    text: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One numbered agreement or action, or (without number) something promised outside the tables.

    `trekker` is as written, without the date; `date_phrase` is that date ("" if there is none). `phrases` has the date
    phrase first and then those found in the text. A continuation row bears the topic of the row above it.
    """

    number: str
    topic: str
    text: str
    trekker: str
    date_phrase: str
    leads: tuple[str, ...]
    phrases: tuple[Phrase, ...]
    source: str
    theme: str


@dataclass(frozen=True, slots=True)
class StockLine:
    """One line of a stock table: its meaning (opening, purchases, …, total) and a figure per year."""

    kind: str
    label: str
    figures: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class StockTable:
    """How a stock of homes develops over the years; `sums_checked` counts the sums that were tried on it.

    `is_realised` says that its figures came out so, and were not agreed.
    """

    owner: str
    title: str
    lines: tuple[StockLine, ...]
    source: str
    sums_checked: int = 0
    is_realised: bool = False


@dataclass(frozen=True, slots=True)
class ColumnMeaning:
    """What a column of a table was read as, in Dutch ("termijn", "termijn (geraden)", "niet gebruikt")."""

    place: str
    heading: str
    meaning: str


@dataclass(frozen=True, slots=True)
class ThemeRead:
    """What a theme of the agreements is called, and where that stands ("" where a person says it)."""

    theme: str
    name: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Unused:
    """A cell, row or paragraph that ended in no agreement, and why; `weighs` when it holds a date, figure or party."""

    place: str
    text: str
    why: str
    weighs: bool = False


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """Everything that was read from one file. `agenda_year` is the first year of its agenda, if it has one.

    `unused` is what was read and not used, with what weighs first; `columns` says what each column was taken for,
    `themes` what the themes of its agreements are called.
    """

    file: str
    agreements: tuple[DocumentRow, ...] = ()
    agenda: tuple[DocumentRow, ...] = ()
    unnumbered: tuple[DocumentRow, ...] = ()
    stock: tuple[StockTable, ...] = ()
    title: str = ""
    signed_on: date | None = None
    term_start: date | None = None
    term_end: date | None = None
    agenda_year: int | None = None
    problems: tuple[Fault, ...] = field(default=())
    columns: tuple[ColumnMeaning, ...] = ()
    unused: tuple[Unused, ...] = ()
    themes: tuple[ThemeRead, ...] = ()
