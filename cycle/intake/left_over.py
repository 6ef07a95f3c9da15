"""What was read and not used, as lines with their place: the other side of the sum of what goes in."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from cycle.intake.cell_kinds import is_cross
from cycle.intake.document import StockTable, Unused
from cycle.intake.drafts import DraftRow
from cycle.intake.leads import Names
from cycle.intake.raw import Block, RawAside, RawLine, RawTable, RawText
from cycle.intake.repairs import tidy
from cycle.intake.table_columns import Columns

NO_COLUMNS = "tabel zonder herkende kolommen"
BETWEEN = "tussenkop in de tabel"
NO_ROW = "rij zonder afspraak"
SECOND_DATE = "tweede termijn bij dezelfde afspraak"
TAKES_PART = "doet mee, maar trekt niet"
PARAGRAPH = "lopende tekst"
HEADING = "kop"
PARTIES = "tabel van handtekeningen"
FIGURES = "tabel met cijfers"
STOCK = "regel in een voorraadtabel"


def cells_left(line: RawLine, used: set[int], columns: Columns | None, why: str = "") -> Iterator[Unused]:
    """The filled cells of a row that nothing used, each with its column."""
    for place, cell in enumerate(line.cells):
        if place not in used and (text := tidy(cell)):
            yield Unused(place_of(line.place, place), text, why or _unused_column(columns, place))


def place_of(row: str, place: int) -> str:
    """A cell by its row and its column, counted from 1."""
    return f"{row}, kolom {place + 1}".lstrip(", ")


def in_order(unused: Iterable[Unused], stock: Sequence[StockTable], names: Names) -> tuple[Unused, ...]:
    """What weighs first, each part in the order of the document; without what a stock table bears as its name."""
    named = {words for table in stock for words in (table.owner, table.title)}
    judged = [
        # a cross says as much as the quarter or the party above it, and may stand below a short name of either
        replace(one, weighs=is_cross(one.text) or weighs(f"{one.text} {one.why}", names))
        for one in unused
        if one.text not in named
    ]
    return (*(one for one in judged if one.weighs), *(one for one in judged if not one.weighs))


def register_left(blocks: Sequence[Block], read: Collection[str], needed: Collection[str]) -> Iterator[Unused]:
    """What a table of facts holds beside the columns that are read, and whatever else stands in its file."""
    is_found = False
    for block in blocks:
        if isinstance(block, RawText):
            yield Unused(block.place, tidy(block.text), PARAGRAPH)
        if isinstance(block, RawAside):
            yield Unused(block.place, tidy(block.text), block.what)
        if not isinstance(block, RawTable):
            continue
        heads = [cell.strip() for cell in block.lines[0].cells] if block.lines else []
        if is_found or not set(needed) <= set(heads):
            yield from (left for line in block.lines for left in cells_left(line, set(), None, NO_COLUMNS))
            continue
        is_found = True
        used = {place for place, head in enumerate(heads) if head in read and head not in heads[place + 1 :]}
        headings = Columns(headings=tuple(heads))
        for line in block.lines[1:]:
            is_row = any(
                heads[place] == "nummer" and cell.strip() for place, cell in enumerate(line.cells[: len(heads)])
            )
            yield from cells_left(line, used if is_row else set(), headings, "" if is_row else NO_ROW)


def without_sentences(unused: Iterable[Unused], rows: Iterable[DraftRow]) -> list[Unused]:
    """The paragraphs without the sentences that became rows; one of which nothing remains is used."""
    taken: dict[str, list[str]] = {}
    for row in rows:
        taken.setdefault(row.source, []).append(row.text)
    left = [replace(one, text=_without(one.text, taken.get(one.place, ()))) for one in unused]
    return [one for one in left if one.text]


def _without(text: str, sentences: Iterable[str]) -> str:
    for sentence in sentences:
        text = " … ".join(filter(None, map(str.strip, text.split(sentence, 1)))) if sentence else text
    return text


def weighs(text: str, names: Names) -> bool:
    """Whether a text holds a date, a figure with a unit or the name of a party; a very long one is held to."""
    if len(text) > _LONGEST_WEIGHED:
        return True
    return _SAYS_WHEN.search(text) is not None or _AMOUNT.search(text) is not None or names.are_mentioned(text)


def _unused_column(columns: Columns | None, place: int) -> str:
    heading = columns.heading(place) if columns else ""
    return f"kolom “{heading}” wordt niet gebruikt" if heading else "kolom zonder kop wordt niet gebruikt"


_LONGEST_WEIGHED = 20_000
_MONTH = (
    "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|jan|feb|mrt|apr|aug|sept?"
    "|okt|nov|dec"
)
_SAYS_WHEN = re.compile(
    rf"(?<![\d.])(?:19|20)\d\d(?!\d)|\b\d{{1,2}}\s?(?:{_MONTH})\b|\b(?:{_MONTH})\s+['’]?\d\d|\b\d{{1,2}}[-/]\d{{1,2}}[-/]\d\d"
    r"|\bQ[1-4]\b|\bkwarta(?:al|len)\b|\b(?:week|wk)\.?\s?\d|\b(?:uiterlijk|vóór|voorjaar|najaar|zomer|winter|herfst|lente)\b"
    rf"|\b(?:in|per|voor|eind|begin|medio|t/m|tot)\s+(?:{_MONTH})\b"
    r"|jaarlijks|maandelijks|wekelijks|\b(?:per|elk|ieder) (?:jaar|half\s?jaar|maand)\b"
    r"|\bbinnen \w{1,12} (?:dagen|weken|maanden|jaar)\b",
    re.I,
)
_AMOUNT = re.compile(
    r"€|\b\d[\d.,]{0,12}\s?(?:%|procent|euro|woning|huis|huizen|huurwoning|m2|m²|kwh|co2|keer|maal|jaar|maand|week|weken|dag|uur"
    r"|plaats|eenhed|personen|huishoud|miljoen|mln|stuks|appartement|fte)",
    re.I,
)
