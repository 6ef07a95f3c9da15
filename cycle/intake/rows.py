"""From raw blocks to rows: which table is the framework and which the agenda, which lines belong together.

The same for every format. What a trekker or a phrase means is added in `file_reading.py`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from cycle.errors import Fault
from cycle.intake import outside
from cycle.intake.drafts import DraftRow, Drafts
from cycle.intake.leads import Names, split_date
from cycle.intake.numbers import restored_number
from cycle.intake.possible import possible_actions
from cycle.intake.raw import Block, RawLine, RawNote, RawTable, RawText
from cycle.intake.repairs import tidy
from cycle.intake.stock import is_stock
from cycle.intake.table_columns import Columns, columns_by_content, columns_of_heading, is_number


def drafts_of(blocks: Sequence[Block], names: Names, *, agenda: bool = False) -> Drafts:
    """All rows of a document in reading order; `agenda` says that the file itself is named as one."""
    sorter = _Sorter(names, in_agenda=agenda)
    for block in blocks:
        if isinstance(block, RawText):
            sorter.pass_text(block)
        elif isinstance(block, RawNote):
            sorter.drafts.problems.append(Fault(block.place, block.what, block.hint))
        else:
            sorter.pass_table(block)
    drafts = sorter.drafts
    drafts.unnumbered += outside.meetings_inside(drafts.agreements)
    for rows in (drafts.agreements, drafts.agenda):
        drafts.problems += [*_doubles(rows), *_without_trekker(rows)]
    return drafts


@dataclass(slots=True)
class _Sorter:
    """Walks through the blocks and remembers what a reader remembers: chapter, list, columns, the row above."""

    names: Names
    in_agenda: bool = False
    chapter: str = ""
    caption: list[str] = field(default_factory=list)
    columns: Columns | None = None
    width: int = 0
    cycle_heading: str = ""
    above: DraftRow | None = None
    seen: set[str] = field(default_factory=set)
    drafts: Drafts = field(default_factory=Drafts)

    def pass_text(self, text: RawText) -> None:
        """A heading may change chapter or list; other text may promise something without a number."""
        words = tidy(text.text)
        self.chapter = outside.chapter_of(words) or self.chapter
        self.caption.append(words)
        self._maybe_change_list(words, text.heading)
        self.cycle_heading = outside.cycle_heading(words, self.cycle_heading, bullet=text.bullet)
        promise = outside.promise_in(replace(text, text=words), self.cycle_heading)
        if promise and not self.in_agenda:
            topic, sentence = promise
            self.drafts.unnumbered.append(DraftRow("", topic, sentence, "", "", text.place, self.chapter))
        for sentence, trekker in possible_actions(words, self.names):
            if promise is None or sentence not in promise:
                self.drafts.unnumbered.append(DraftRow("", "", sentence, trekker, "", text.place, self.chapter))

    def _maybe_change_list(self, words: str, heading: bool) -> None:
        year = outside.agenda_heading(words, heading=heading)
        if year is not None:
            self._turn_to(agenda=True)
            self.columns = None
            self.drafts.agenda_year = self.drafts.agenda_year or year or None
        elif outside.is_appendix(words):
            self._turn_to(agenda=False)

    def _turn_to(self, *, agenda: bool) -> None:
        """Another list begins; no row runs on from the one before."""
        if agenda != self.in_agenda:
            self.in_agenda, self.above = agenda, None

    def pass_table(self, table: RawTable) -> None:
        """A table is one of stocks, one of rows, or neither."""
        caption, self.caption = self.caption, []
        if is_stock(table):
            self.drafts.stock.append((self._stock_caption(caption), table))
            return
        before = self.in_agenda
        if table.title:
            self._maybe_change_list(tidy(table.title), heading=True)
        self._pass_lines(table)
        if table.title:
            self._turn_to(agenda=before)

    def _stock_caption(self, caption: list[str]) -> str:
        return "\n".join(words for words in caption[-3:] if words)

    def _pass_lines(self, table: RawTable) -> None:
        fresh = True
        for line in table.lines:
            heading = columns_of_heading(line.cells)
            if heading:
                self._begin(heading, table)
                fresh = False
            elif any(cell.strip() for cell in line.cells):
                if fresh:
                    self._begin_without_heading(table)
                    fresh = False
                self._pass_line(line)

    def _begin(self, columns: Columns, table: RawTable) -> None:
        self.columns, self.width = columns, _width(table)
        if not self.in_agenda and self._is_agenda(table, columns):
            self._turn_to(agenda=True)

    def _begin_without_heading(self, table: RawTable) -> None:
        """A table without headings goes on in the columns of the one before it, unless it is wider."""
        if self.columns and self.columns.by_heading and _width(table) <= self.width:
            return
        by_content = columns_by_content(table.lines, self.names)
        if by_content:
            self._begin(by_content, table)

    def _is_agenda(self, table: RawTable, columns: Columns) -> bool:
        """Without a heading that says so, a list is the agenda if it has dates or begins the numbers anew."""
        if columns.names_a_date:
            return True
        numbers = (tidy(columns.cell("number", line.cells)).rstrip(".") for line in table.lines)
        first = next((number for number in numbers if number and is_number(number, columns)), None)
        return first in self.seen

    def _pass_line(self, line: RawLine) -> None:
        columns = self.columns
        if columns is None:
            return
        draft = self._draft(line, columns)
        if draft.number:
            self._add_numbered(draft)
        elif self.above is not None and _goes_on(draft, self.above):
            self._join(draft, self.above)
        elif self.above is not None and draft.text and not draft.topic and draft.trekker:
            self._add(replace(draft, number=self.above.number, topic=self.above.topic, theme=self.above.theme))
        elif draft.text and (draft.topic or draft.trekker):
            self.drafts.unnumbered.append(draft)
        else:
            self.chapter = outside.chapter_of(draft.topic or draft.text) or self.chapter

    def _draft(self, line: RawLine, columns: Columns) -> DraftRow:
        cells = {name: tidy(columns.cell(name, line.cells)) for name in ("number", "topic", "text", "trekker", "date")}
        trekker, in_cell = split_date(cells["trekker"])
        number = self._number(cells["number"], columns, line.place)
        date_phrase = cells["date"] or in_cell
        return DraftRow(number, cells["topic"], cells["text"], trekker, date_phrase, line.place, self._theme(number))

    def _number(self, cell: str, columns: Columns, place: str) -> str:
        number, fault = restored_number(cell, self.above.number if self.above else "", place)
        if not is_number(number, columns):
            return ""
        self.drafts.problems += [fault] if fault else []
        return number

    def _theme(self, number: str) -> str:
        return number.split(".")[0] if "." in number else self.chapter

    def _add_numbered(self, draft: DraftRow) -> None:
        above = self.above
        if not draft.topic and above is not None and above.theme == draft.theme:
            draft = replace(draft, topic=above.topic)
        self.chapter = draft.theme or self.chapter
        if not self.in_agenda:
            self.seen.add(draft.number)
        self._add(draft)

    def _add(self, draft: DraftRow) -> None:
        (self.drafts.agenda if self.in_agenda else self.drafts.agreements).append(draft)
        self.above = draft

    def _join(self, rest: DraftRow, above: DraftRow) -> None:
        """The rest of a row that was split over a page."""
        joined = replace(
            above,
            topic=tidy(f"{above.topic} {rest.topic}"),
            text=tidy(f"{above.text} {rest.text}"),
            trekker=above.trekker or rest.trekker,
            date_phrase=above.date_phrase or rest.date_phrase,
        )
        rows = self.drafts.agenda if self.in_agenda else self.drafts.agreements
        rows[-1] = self.above = joined


def _width(table: RawTable) -> int:
    return max((len(line.cells) for line in table.lines), default=0)


def _goes_on(rest: DraftRow, above: DraftRow) -> bool:
    """Whether a line without number is the rest of the row above: only one of the two names a trekker."""
    if rest.topic and (rest.trekker or not rest.text[:1].islower()):
        return False
    return not (rest.trekker and above.trekker) and bool(rest.text or rest.trekker or rest.date_phrase)


def _without_trekker(rows: Sequence[DraftRow]) -> Iterator[Fault]:
    """Rows that ask something of nobody, in a list where most name somebody: often a cell that was read wrong."""
    asking = [row for row in rows if row.text]
    nobody = [row for row in asking if not row.trekker]
    for row in nobody if len(nobody) * 2 < len(asking) else ():
        yield Fault(row.source, f"Bij {row.number} is geen trekker gevonden.", "Kijk in het document wie dat is.")


def _doubles(rows: Sequence[DraftRow]) -> Iterator[Fault]:
    first: dict[str, DraftRow] = {}
    for row in rows:
        earlier = first.setdefault(row.number, row)
        if earlier is not row and earlier.topic != row.topic:
            yield Fault(
                row.source,
                f"Nummer {row.number} staat er twee keer, met verschillende onderwerpen.",
                f"Het staat ook op {earlier.source}. Kijk welk nummer klopt.",
            )
