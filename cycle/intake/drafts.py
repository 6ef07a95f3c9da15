"""Rows on their way: what a line of a table says, before leads and phrases are read."""

from dataclasses import dataclass, field

from cycle.errors import Fault
from cycle.intake.document import ColumnMeaning, ThemeRead, Unused
from cycle.intake.raw import RawTable


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A row before its leads and phrases are read; `year` is that of the heading or sheet that it stands under."""

    number: str
    topic: str
    text: str
    trekker: str
    date_phrase: str
    source: str
    theme: str
    year: int | None = None


@dataclass(slots=True)
class Drafts:
    """The rows of a document, sorted into the framework, the agenda and what has no number."""

    agreements: list[DraftRow] = field(default_factory=list)
    agenda: list[DraftRow] = field(default_factory=list)
    unnumbered: list[DraftRow] = field(default_factory=list)
    stock: list[tuple[str, RawTable]] = field(default_factory=list)
    agenda_year: int | None = None
    problems: list[Fault] = field(default_factory=list)
    columns: list[ColumnMeaning] = field(default_factory=list)
    unused: list[Unused] = field(default_factory=list)
    themes: tuple[ThemeRead, ...] = ()
