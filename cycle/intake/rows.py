"""From raw blocks to rows: which table is the framework and which the agenda, which lines belong together.

The same for every format. What a trekker or a phrase means is added in `file_reading.py`. What ends in no row is
named: each cell and each paragraph is used, or stands under what was not used.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from cycle.errors import Fault
from cycle.intake import left_over, outside
from cycle.intake.cell_kinds import is_cross
from cycle.intake.clause_leads import by_clause, by_item, lead_behind
from cycle.intake.document import ColumnMeaning, Unused
from cycle.intake.drafts import DraftRow, Drafts
from cycle.intake.leads import Names, is_open, split_date
from cycle.intake.numbers import number_before, plain_number, restored_number
from cycle.intake.possible import possible_actions
from cycle.intake.promised import has_time
from cycle.intake.raw import Block, RawAside, RawLine, RawNote, RawTable, RawText
from cycle.intake.repairs import one_space, tidy, with_its_day
from cycle.intake.row_checks import guessed_columns, joined_columns, numbers_twice, rows_without_trekker
from cycle.intake.signing_table import is_signing
from cycle.intake.stock import figures_left, is_figures, is_stock
from cycle.intake.subjects import subject_of
from cycle.intake.table_columns import (
    MOST_JUDGED,
    NOTHING_SAID,
    READ,
    Columns,
    Said,
    columns_by_content,
    columns_of_heading,
    heading_key,
    is_heading_below,
    is_number,
    judged_columns,
    may_be_heading,
)
from cycle.intake.theme_headings import ThemeHeadings, names_agreed


def drafts_of(blocks: Sequence[Block], names: Names, *, agenda: bool = False, said: Said = NOTHING_SAID) -> Drafts:
    """All rows of a document in reading order; `agenda` says that the file itself is named as one."""
    sorter = _Sorter(names, in_agenda=agenda, said=said, has_months=outside.has_months(_headings(blocks)))
    for block in blocks:
        if isinstance(block, RawText):
            sorter.pass_text(block)
        elif isinstance(block, RawAside):
            sorter.drafts.unused.append(Unused(block.place, tidy(block.text), block.what))
        elif isinstance(block, RawNote):
            sorter.drafts.problems.append(Fault(block.place, block.what, block.hint))
        else:
            sorter.pass_table(block)
    drafts = sorter.drafts
    drafts.unused = left_over.without_sentences(drafts.unused, drafts.unnumbered)
    drafts.unnumbered += outside.meetings_inside(drafts.agreements)
    drafts.themes, unclear = names_agreed(sorter.themes.names)
    drafts.problems += [*guessed_columns(drafts.columns), *joined_columns(drafts.columns), *unclear]
    for rows in (drafts.agreements, drafts.agenda):
        drafts.problems += [*numbers_twice(rows), *rows_without_trekker(rows)]
    return drafts


@dataclass(slots=True)
class _Sorter:
    """Walks through the blocks and remembers what a reader remembers: chapter, list, columns, the row above."""

    names: Names
    in_agenda: bool = False
    said: Said = field(default_factory=dict)
    chapter: str = ""
    caption: list[str] = field(default_factory=list)
    columns: Columns | None = None
    width: int = 0
    cycle_heading: str = ""
    year: int | None = None
    has_months: bool = False
    period: str = ""
    period_told: str = ""
    party: str = ""
    party_told: str = ""
    above: DraftRow | None = None
    seen: set[str] = field(default_factory=set)
    crossed: set[str] = field(default_factory=set)
    noted: list[Columns] = field(default_factory=list)
    themes: ThemeHeadings = field(default_factory=ThemeHeadings)
    drafts: Drafts = field(default_factory=Drafts)

    def pass_text(self, text: RawText) -> None:
        """A heading may change chapter or list; other text may promise something without a number."""
        words = tidy(text.text)
        self._maybe_change_chapter(words)
        self.themes.pass_words(words, text.place, heading=text.heading, bullet=text.bullet)
        self.caption.append(words)
        self._maybe_change_list(words, text.heading)
        self._maybe_change_period(words, heading=text.heading)
        self._maybe_change_party(words, heading=text.heading)
        self.cycle_heading = outside.cycle_heading(words, self.cycle_heading, bullet=text.bullet)
        promise = outside.promise_in(replace(text, text=words), self.cycle_heading)
        if promise and not self.in_agenda:
            topic, sentence = promise
            self.drafts.unnumbered.append(DraftRow("", topic, sentence, "", "", text.place, self.chapter))
        self._offer(words, text.place, beside=promise)
        is_heading = text.heading or bool(outside.chapter_of(words)) or outside.is_appendix(words)
        why = left_over.HEADING if is_heading else left_over.PARAGRAPH
        self.drafts.unused.append(Unused(text.place, words, why))

    def _offer(self, words: str, place: str, *, beside: tuple[str, str] | None = None) -> None:
        """The sentences that may be actions, but for what is promised in them already."""
        for sentence, trekker in possible_actions(words, self.names):
            if beside is None or sentence not in beside:
                self.drafts.unnumbered.append(DraftRow("", "", sentence, trekker, "", place, self.chapter))

    def _maybe_change_chapter(self, words: str) -> None:
        """What stands below the heading of another chapter is no further action of the last agreement above it."""
        chapter = outside.chapter_of(words)
        if chapter and self.above is not None and self.above.theme not in ("", chapter):
            self.above = None
        self.chapter = chapter or self.chapter

    def _maybe_change_list(self, words: str, heading: bool) -> None:
        year = outside.agenda_heading(words, heading=heading)
        if year is not None:
            self._turn_to(agenda=True)
            self.columns = None
            self.drafts.agenda_year = self.drafts.agenda_year or year or None
            self.year = year or None
        elif outside.is_appendix(words):
            self._turn_to(agenda=False)
            self.year = None
        elif heading and (year := outside.year_heading(words)) is not None:
            self.year = year

    def _maybe_change_period(self, words: str, *, heading: bool) -> None:
        """A heading of a quarter or a month says when its rows are due, up to the next heading."""
        period = outside.period_heading(words, months=self.has_months)
        if period or heading or outside.chapter_of(words) or outside.year_heading(words) is not None:
            self.period = period

    def _maybe_change_party(self, words: str, *, heading: bool) -> None:
        """A heading of a party says who does what stands below it, up to the next heading."""
        party = outside.party_heading(words, self.names, heading=heading)
        if party or heading or outside.chapter_of(words):
            self.party = party

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
        if is_figures(table):
            self.drafts.unused += figures_left(table)
            return
        if is_signing(table):
            for line in table.lines:
                self.drafts.unused += left_over.cells_left(line, set(), None, left_over.PARTIES)
            return
        if caption:  # a name right above a table says whose it is, a heading or not
            self.party = outside.party_heading(caption[-1], self.names, heading=True) or self.party
        before, year, period, party = self.in_agenda, self.year, self.period, self.party
        if table.title:
            self._maybe_change_list(tidy(table.title), heading=True)
            self._maybe_change_period(tidy(table.title), heading=True)
            self._maybe_change_party(tidy(table.title), heading=True)
        self._pass_lines(table)
        if table.title:
            self._turn_to(agenda=before)
            self.year, self.period, self.party = year, period, party

    def _stock_caption(self, caption: list[str]) -> str:
        return "\n".join(words for words in caption[-3:] if words)

    def _pass_lines(self, table: RawTable) -> None:
        fresh = True
        for at, line in enumerate(table.lines):
            if not any(cell.strip() for cell in line.cells):
                continue
            if self._is_heading(line, fresh=fresh):
                self._begin_under(table, at)
                fresh = False
            elif fresh:
                fresh = False
                if not self._begin_without_heading(table, at):
                    self._pass_line(line)
            else:
                self._pass_line(line)

    def _is_heading(self, line: RawLine, *, fresh: bool) -> bool:
        if self.columns and self.columns.headings and _is_repeated(line, self.columns):
            return True
        return columns_of_heading(line.cells) is not None if fresh else is_heading_below(line.cells)

    def _begin_under(self, table: RawTable, at: int) -> None:
        """The columns under a heading row; a heading that is repeated on a next page says nothing new."""
        line = table.lines[at]
        if self.columns is None or not _is_repeated(line, self.columns):
            columns = judged_columns(line.cells, _rows_below(table.lines, at), self.names, self.said)
            self._begin(columns, table, line)
        elif not self.in_agenda and self._is_agenda(table, self.columns):
            self._turn_to(agenda=True)

    def _begin(self, columns: Columns, table: RawTable, line: RawLine) -> None:
        if columns not in self.noted:
            self.noted.append(columns)
            self._note_columns(columns, table, line)
        if columns.number is None or (self.columns is not None and self.columns.number is None):
            self.above = None
        self.columns, self.width = columns, _width(table)
        if not self.in_agenda and self._is_agenda(table, columns):
            self._turn_to(agenda=True)

    def _note_columns(self, columns: Columns, table: RawTable, line: RawLine) -> None:
        """What each column was taken for; of one without a heading only when it is read."""
        place = line.place or next((other.place for other in table.lines if other.place), "")
        for at in range(max(_width(table), len(columns.headings))):
            meaning, heading = columns.meaning(at), columns.heading(at)
            if heading or any(getattr(columns, name) == at for name in READ):
                self.drafts.columns.append(ColumnMeaning(left_over.place_of(place, at), heading, meaning))

    def _begin_without_heading(self, table: RawTable, at: int) -> bool:
        """Columns for a table without known headings; says whether this first line was a heading after all.

        Such a table goes on in the columns of the one before it, unless it is wider or has headings of its own.
        """
        line, rest = table.lines[at], _rows_below(table.lines, at)
        goes_on = self.columns is not None and self.columns.by_heading and _width(table) <= self.width
        is_told = any(heading_key(cell) in self.said for cell in line.cells if cell.strip())
        if rest and (is_told or may_be_heading(line.cells, self.names)):
            columns = judged_columns(line.cells, rest, self.names, self.said)
            is_dated_or_led = columns.date is not None or columns.trekker is not None
            if columns.says_enough and (is_told or (columns.guessed and is_dated_or_led) or columns.is_spread):
                self._begin(columns, table, line)
                return True
        if not goes_on:
            by_content = columns_by_content([line, *rest], self.names, self.said)
            if by_content:
                self._begin(by_content, table, line)
            elif self.columns and self.columns.by_heading:
                self.columns = None
        return False

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
            self.drafts.unused += left_over.cells_left(line, set(), None, left_over.NO_COLUMNS)
            return
        if self._names_party_alone(line, columns):
            self.drafts.unused += left_over.cells_left(line, set(), columns, left_over.BETWEEN)
            return
        draft, used = self._draft(line, columns)
        if columns.number is None:
            draft = self._with_number_inside(draft)
        draft = self._with_group(draft, columns)
        draft, *further = _spread_out(draft, columns, line)
        if not further and not draft.date_phrase:
            draft, *further = self._by_clause(draft)
        if not further:
            draft = self._by_party(self._in_period(draft, columns), columns)
        if self._place(draft, columns):
            for action in further:
                self._add(replace(action, number=self.above.number if self.above else "", theme=draft.theme))
            self.drafts.unused += left_over.cells_left(line, used, columns)
            self._note_crosses(line, used, columns)
            return
        words = draft.topic or draft.text
        filled = sum(1 for cell in line.cells if cell.strip())
        alone = tidy("".join(line.cells)) if filled == 1 else words
        self._maybe_change_chapter(alone)
        self.themes.pass_words(alone, line.place, heading=True)
        is_between = filled == 1 and not draft.trekker and not draft.date_phrase
        if is_between:
            self.year = outside.year_heading(tidy("".join(line.cells))) or self.year
            self._maybe_change_period(tidy("".join(line.cells)), heading=False)
            self._maybe_change_party(tidy("".join(line.cells)), heading=True)
        why = left_over.BETWEEN if is_between else left_over.NO_ROW
        left = list(left_over.cells_left(line, set(), columns, why))
        if is_between and left:
            self._offer(left[0].text, left[0].place)
        self.drafts.unused += left

    def _note_crosses(self, line: RawLine, used: set[int], columns: Columns) -> None:
        """Crosses under a heading that nobody knows ("VZ") may say who leads, where no column does: told once."""
        if columns.trekker is not None:
            return
        for place, cell in enumerate(line.cells):
            heading = columns.heading(place)
            if place not in used and is_cross(cell) and heading and heading not in self.crossed:
                self.crossed.add(heading)
                what = f"Onder de kop “{heading}” staan kruisjes, en die zijn niet gelezen."
                hint = f"Zeggen zij wie het doet? Zet “{heading}” dan bij de aliassen van die partij."
                self.drafts.problems.append(Fault(left_over.place_of(line.place, place), what, hint))

    def _in_period(self, draft: DraftRow, columns: Columns) -> DraftRow:
        """A row that says no time itself is due in the quarter or month of the heading above it; that is told."""
        is_action = bool(draft.text or draft.topic) and bool(draft.trekker or draft.number or columns.number is None)
        if not self.period or not is_action or draft.date_phrase or has_time(f"{draft.topic} {draft.text}"):
            return draft
        if _runs_on(draft) and not draft.number:
            return draft
        if self.period_told != self.period:
            self.period_told = self.period
            what = f"Onder de kop “{self.period}” staan rijen zonder eigen termijn."
            self.drafts.problems.append(Fault(draft.source, what, "Gelezen met de kop als termijn; klopt dat?"))
        return replace(draft, date_phrase=self.period)

    def _names_party_alone(self, line: RawLine, columns: Columns) -> bool:
        """A row with nothing but the name of a party, in a table without leads, is the heading of what it does."""
        filled = [words for cell in line.cells if (words := tidy(cell))]
        if len(filled) != 1 or columns.trekker is not None or columns.parties:
            return False
        party = outside.party_heading(filled[0], self.names, heading=True)
        self.party = party or self.party
        return bool(party)

    def _by_party(self, draft: DraftRow, columns: Columns) -> DraftRow:
        """A row of a table that has no leads is done by the party of the heading above it; that is told."""
        has_leads = columns.trekker is not None or bool(columns.parties)
        if not has_leads and not draft.trekker and (behind := lead_behind(draft.text, self.names)):
            what = f"Achter de tekst staat “{behind}” tussen haakjes, in een tabel zonder trekker."
            self.drafts.problems.append(Fault(draft.source, what, "Gelezen als de trekker; klopt dat?"))
            return replace(draft, trekker=behind)
        if not self.party or has_leads or draft.trekker or not (draft.text or draft.topic) or _runs_on(draft):
            return draft
        if self.party_told != self.party:
            self.party_told = self.party
            self.drafts.problems.append(outside.led_by_heading(draft.source, self.party))
        return replace(draft, trekker=self.party)

    def _by_clause(self, draft: DraftRow) -> list[DraftRow]:
        """A row whose text asks something of one party and then something of another, each by a day of its own."""
        clauses = by_item(draft.text, self.names) or by_clause(draft.text, self.names)
        led = set(self.names.resolve(draft.trekker)[0])
        actions = [replace(draft, text=text, trekker=lead) for text, lead in clauses]
        for action in actions if led else ():
            if not led & set(self.names.resolve(action.trekker)[0]):
                self.drafts.problems.append(outside.done_by_another(draft.source, action.trekker, draft.trekker))
        return actions or [draft]

    def _place(self, draft: DraftRow, columns: Columns) -> bool:
        """Puts a row where it belongs: its own, the rest of the one above, or a further action; `False` for none."""
        above, is_loose = self.above, columns.number is None
        if draft.number:
            self._add_numbered(draft)
        elif above is not None and not is_loose and _asks_anew(draft, above):
            self._add(self._further(replace(draft, trekker=subject_of(draft.text, self.names)), above))
        elif above is not None and _goes_on(draft, above, is_loose=is_loose):
            self._join(draft, above)
        elif above is not None and not is_loose and _is_further_action(draft, above):
            self._add(self._further(draft, above))
        elif _asks_something(draft, is_loose=is_loose):
            topic = above.topic if above is not None and not above.number and not draft.topic else draft.topic
            self._add(replace(draft, topic=topic))
        else:
            return False
        return True

    def _further(self, draft: DraftRow, above: DraftRow) -> DraftRow:
        """A further action under the number above, with its own words; who leads above leads where nobody is named."""
        if not draft.trekker and above.trekker:
            what = f"Bij een verdere actie onder {above.number or above.topic} staat geen trekker."
            hint = f"Gelezen als die van de rij erboven: {above.trekker}."
            self.drafts.problems.append(Fault(draft.source, what, hint))
        trekker = draft.trekker or above.trekker
        return replace(draft, number=above.number, topic=above.topic, theme=above.theme, trekker=trekker)

    def _draft(self, line: RawLine, columns: Columns) -> tuple[DraftRow, set[int]]:
        """The row that a line says, and the places of the cells that went into it."""
        cells = {name: tidy(columns.cell(name, line.cells)) for name in READ}
        when, of_dates = columns.when(line.cells)
        cells["date"] = with_its_day(tidy(when))
        is_dash = cells["text"] in _DASHES
        cells["text"] = "" if is_dash else cells["text"]
        number = self._number(cells["number"], columns, line.place)
        trekker, in_cell = (cells["trekker"], "") if is_open(cells["trekker"]) else split_date(cells["trekker"])
        lead, phrase = self._lead_in(cells["date"])
        if lead and not (trekker and set(self.names.resolve(lead)[0]) - set(self.names.resolve(trekker)[0])):
            trekker, cells["date"] = trekker or lead, phrase
        date_phrase = cells["date"] or in_cell
        parties, moments = columns.who_marked(line.cells), columns.when_marked(line.cells)
        trekker, date_phrase = trekker or parties.marked, date_phrase or moments.marked
        used = {place for name in READ if name != "date" and (place := getattr(columns, name)) is not None}
        used |= of_dates | parties.used | moments.used
        if is_dash:
            used.discard(columns.text or 0)
        if cells["number"] and not number:
            used.discard(columns.number or 0)
        if cells["date"] and in_cell:
            at = left_over.place_of(line.place, columns.trekker or 0)
            self.drafts.unused.append(Unused(at, in_cell, left_over.SECOND_DATE))
        joined = self.names.led_and_joined(trekker)[1]
        if joined:
            at = left_over.place_of(line.place, columns.trekker or 0)
            self.drafts.unused.append(Unused(at, joined, left_over.TAKES_PART))
        draft = DraftRow(number, cells["topic"], cells["text"], trekker, date_phrase, line.place, self._theme(number))
        return draft, used

    def _with_number_inside(self, draft: DraftRow) -> DraftRow:
        """A number that stands before the words ("Afspraak 4: Bouw …", "2.1 Bouw …"), where no column has numbers."""
        name = "topic" if draft.topic else "text"
        number, words = number_before(getattr(draft, name), self.above.number if self.above else "")
        if not number:
            return draft
        inside = replace(draft, number=number, theme=self._theme(number))
        return replace(inside, topic=words) if name == "topic" else replace(inside, text=words)

    def _with_group(self, draft: DraftRow, columns: Columns) -> DraftRow:
        """A lead or date in a column before the words holds for the rows below it that leave it empty; that is said."""
        above, words = self.above, columns.first_of_words
        if above is None or not draft.text or draft.text[0].islower():
            return draft
        groups = (("trekker", "trekker", columns.trekker), ("date_phrase", "termijn", columns.date))
        for name, word, place in groups:
            value = getattr(above, name)
            if place is not None and place < words and value and not getattr(draft, name):
                what = f"In deze rij staat geen {word}; die van de rij erboven geldt: {value}."
                self.drafts.problems.append(Fault(draft.source, what, f"Klopt dat niet? Vul de {word} in."))
                draft = replace(draft, trekker=value) if name == "trekker" else replace(draft, date_phrase=value)
        return draft

    def _lead_in(self, date_cell: str) -> tuple[str, str]:
        """The lead and the date of a cell that should hold a date alone ("Gemeente, Q3 2027"), "" for no lead."""
        lead, phrase = split_date(date_cell) if date_cell else ("", "")
        return (lead, phrase) if phrase and lead and self.names.is_all_known(lead) else ("", date_cell)

    def _number(self, cell: str, columns: Columns, place: str) -> str:
        above = self.above.number if self.above else ""
        plain = plain_number(cell, above) if columns.loose_number else cell
        number, fault = restored_number(plain, above, place)
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
        self.themes.pass_agreement(draft.theme)
        if not self.in_agenda:
            self.seen.add(draft.number)
        self._add(draft)

    def _add(self, draft: DraftRow) -> None:
        draft = replace(draft, year=draft.year or self.year)
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


def _headings(blocks: Sequence[Block]) -> Iterator[str]:
    """What can be a heading: paragraphs, titles of sheets, and cells that stand alone in their row."""
    for block in blocks:
        if isinstance(block, RawText):
            yield tidy(block.text)
        elif isinstance(block, RawTable):
            yield tidy(block.title)
            filled = ([cell for cell in line.cells if cell.strip()] for line in block.lines)
            yield from (tidy(cells[0]) for cells in filled if len(cells) == 1)


def _spread_out(draft: DraftRow, columns: Columns, line: RawLine) -> list[DraftRow]:
    """A row with each sentence under a party or a moment as an action of its own, by that party or then."""
    parties, moments = columns.who_marked(line.cells).sentences, columns.when_marked(line.cells).sentences
    spread = [replace(draft, text=text, trekker=column.says) for column, text in parties]
    spread += [_then(draft, column.says, _step_of(draft, text)) for column, text in moments]
    is_told = moments and all(" " not in text for _, text in moments)  # each step bears the words of the row
    says_more = (draft.text and not is_told) or (parties and draft.trekker) or (moments and draft.date_phrase)
    return spread if spread and not says_more else [draft, *spread]


def _step_of(draft: DraftRow, text: str) -> str:
    """One word alone ("concept") says too little in a mail."""
    return f"{draft.text}: {text}" if draft.text and " " not in text else text


def _then(draft: DraftRow, moment: str, text: str) -> DraftRow:
    """An action of a year or a quarter; of a year in which its own words say when, those do."""
    if moment.isdecimal():
        return replace(draft, text=text, date_phrase="" if has_time(text) else moment, year=int(moment))
    return replace(draft, text=text, date_phrase=moment)


def _is_repeated(line: RawLine, columns: Columns) -> bool:
    return tuple(one_space(cell) for cell in line.cells) == columns.headings


def _rows_below(lines: Sequence[RawLine], at: int) -> list[RawLine]:
    """The first rows from a heading to the next one."""
    rows: list[RawLine] = []
    for line in lines[at + 1 : at + 1 + MOST_JUDGED]:
        if is_heading_below(line.cells):
            break
        rows.append(line)
    return rows


def _width(table: RawTable) -> int:
    return max((len(line.cells) for line in table.lines), default=0)


def _goes_on(rest: DraftRow, above: DraftRow, *, is_loose: bool) -> bool:
    """Whether a line without number is the rest of the row above: they name one trekker and one date at most."""
    if rest.topic and (rest.trekker or not rest.text[:1].islower()):
        return False
    if (rest.trekker and above.trekker) or (rest.date_phrase and above.date_phrase):
        return False
    if not (rest.text or rest.trekker or rest.date_phrase):
        return False
    runs_on = not rest.text or rest.text[0].islower()
    if is_loose:
        return runs_on and not rest.topic
    asks = bool(rest.trekker or rest.date_phrase)
    return runs_on or not asks or not above.text.endswith((".", "!", "?", ";"))


def _runs_on(draft: DraftRow) -> bool:
    """Whether the words of a line begin in the middle of a sentence."""
    return (draft.topic or draft.text)[:1].islower()


def _asks_anew(draft: DraftRow, above: DraftRow) -> bool:
    """Whether a line of words alone is one more action: a sentence with a day of its own, below a row that is whole."""
    is_alone = bool(draft.text) and not (draft.trekker or draft.date_phrase or draft.topic)
    is_whole = bool(above.text and above.trekker and above.date_phrase) and not _ENDS_OPEN.search(above.text)
    return is_alone and is_whole and draft.text[0].isupper() and has_time(draft.text)


def _is_further_action(draft: DraftRow, above: DraftRow) -> bool:
    """Whether a line without number is one more action under the number above."""
    return bool(draft.text and (draft.trekker or draft.date_phrase)) and draft.topic in ("", above.topic)


def _asks_something(draft: DraftRow, *, is_loose: bool) -> bool:
    """Whether a line without number is an action all the same: words with a lead, a date or a topic, or a sentence."""
    if not (draft.text or draft.topic):
        return False
    if draft.trekker or draft.date_phrase or (draft.text and draft.topic):
        return True
    return is_loose and (draft.text.endswith(".") or len(draft.text.split()) >= _SENTENCE_WORDS)


_SENTENCE_WORDS = 5
_DASHES = frozenset(["-", "–", "—", "--"])
_ENDS_OPEN = re.compile(
    r"(?:\b(?:de|het|een|van|met|en|of|aan|in|op|te|voor|bij|door|per|om|dat|die|als|naar|uit)|[,:-])$"
)
