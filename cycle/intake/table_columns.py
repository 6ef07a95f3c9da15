"""Which column of a table is what: by its headings, and by what stands in it where headings are missing."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cycle.intake.leads import Names, split_date
from cycle.intake.raw import RawLine

NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2}){1,3}\.?")
# under a heading that says so, other numbers count too ("A1", "3", "W-12", "2.4b"), but never a figure like 5.146
LOOSE_NUMBER = re.compile(r"(?!\d{1,3}\.\d{3}\b)[A-Za-z]{0,3}[-. ]?\d{1,3}(?:[.-]\d{1,2}){0,3}[a-z]?\.?")


@dataclass(frozen=True, slots=True)
class Columns:
    """The place of each column, counted from 0; `None` where the table has no such column."""

    number: int | None = None
    topic: int | None = None
    text: int | None = None
    trekker: int | None = None
    date: int | None = None
    by_heading: bool = True

    def cell(self, name: str, cells: Sequence[str]) -> str:
        """The text of one column in a row, "" if the table has no such column or the row is too short."""
        place: int | None = getattr(self, name)
        return cells[place].strip() if place is not None and place < len(cells) else ""

    @property
    def names_a_date(self) -> bool:
        """Whether the table has a column of its own for the date, as lists of actions do."""
        return self.date is not None


def columns_of_heading(cells: Sequence[str]) -> Columns | None:
    """The columns that a heading row names, or `None` if this is not a heading row.

    It takes two headings that are known, of which one is the number, the text or the trekker.
    """
    by_kind: dict[str, tuple[int, int]] = {}
    for place, cell in enumerate(cells):
        for name, rank in _meanings(cell):
            if name not in by_kind or rank < by_kind[name][0]:
                by_kind[name] = (rank, place)
    places = {name: place for name, (_, place) in by_kind.items()}
    filled = sum(1 for cell in cells if cell.strip())
    if len(set(places.values())) < 2 or not places.keys() & {"number", "text", "trekker"} or len(places) * 3 < filled:
        return None
    number, topic, text, trekker, date = (places.get(name) for name in _HEADINGS)
    return Columns(number, topic, text, trekker, date)


def columns_by_content(lines: Sequence[RawLine], names: Names) -> Columns | None:
    """The columns of a table without headings, from what stands in them; `None` if no column holds numbers."""
    width = max((len(line.cells) for line in lines), default=0)
    free = set(range(width))

    def take(share: float, fits: Callable[[str], bool]) -> int | None:
        counted = {place: _share(lines, place, fits) for place in sorted(free)}
        best = max(counted, key=lambda place: counted[place], default=None)
        if best is None or counted[best] < share:
            return None
        free.discard(best)
        return best

    number = take(0.5, lambda cell: NUMBER.fullmatch(cell) is not None)
    if number is None or not free:
        return None
    trekker = take(0.5, names.is_lead)
    date = take(0.5, lambda cell: len(cell) < 60 and split_date(cell)[0] == "")
    text = max(free, key=lambda place: sum(len(_cell(line, place)) for line in lines), default=None)
    topic = min(free - {text}, default=None)
    return Columns(number, topic, text, trekker, date, by_heading=False)


def is_number(cell: str, columns: Columns) -> bool:
    """Whether a cell of the number column is the number of an agreement."""
    return (LOOSE_NUMBER if columns.by_heading else NUMBER).fullmatch(cell) is not None


def _meanings(cell: str) -> list[tuple[str, int]]:
    """What a heading may mean, with a rank: the lower, the surer."""
    words = re.findall(r"\w+", cell.casefold())
    if not words or len(words) > 5:
        return []
    return _MEANINGS.get(words[0], [])


def _share(lines: Sequence[RawLine], place: int, fits: Callable[[str], bool]) -> float:
    filled = [cell for line in lines if (cell := _cell(line, place))]
    return sum(1 for cell in filled if fits(cell)) / len(filled) if filled else 0.0


def _cell(line: RawLine, place: int) -> str:
    return line.cells[place].strip() if place < len(line.cells) else ""


# the first word of a heading, the surest first; where two columns mean the same, the surer one is read
_HEADINGS: dict[str, tuple[str, ...]] = {
    "number": (
        "nr",
        "nummer",
        "no",
        "num",
        "afspraaknummer",
        "afspraaknr",
        "actienummer",
        "volgnummer",
        "volgnr",
        "number",
    ),
    "topic": ("onderwerp", "onderwerpen", "titel", "thema", "project", "speerpunt", "topic"),
    "text": (
        *("afspraak", "afspraken", "actie", "acties", "omschrijving", "activiteit", "activiteiten", "maatregel"),
        *("tekst", "inhoud", "prestatie", "wat", "toelichting", "text"),
    ),
    "trekker": (
        *("trekker", "trekkers", "verantwoordelijk", "verantwoordelijke", "verantwoordelijken", "actiehouder"),
        *("actiehouders", "wie", "eigenaar", "uitvoerder", "uitvoering", "partij", "partijen"),
    ),
    "date": (
        *("datum", "deadline", "gereed", "planning", "wanneer", "termijn", "einddatum", "streefdatum", "tijdpad"),
        *("tijdstip", "uiterlijk", "jaar"),
    ),
}
_MEANINGS = {word: [(name, rank)] for name, words in _HEADINGS.items() for rank, word in enumerate(words)}
