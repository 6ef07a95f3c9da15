"""Agreements in running text: numbered paragraphs and headings ("2.1 …", "Afspraak 3: …", "a. …") become rows.

Which number, which text, who leads (the party that is the subject, or what stands behind "Trekker:") and by when
(what stands behind "Termijn:"; other phrases are found in the text later). Where a document has a table of agreements
too, only paragraphs that name both a party and a time are taken.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise
from operator import itemgetter

from cycle.intake import outside
from cycle.intake.leads import Names
from cycle.intake.paragraph_numbers import Numbered, numbered_start
from cycle.intake.promised import (
    Promised,
    begins_with_label,
    has_label,
    is_label,
    is_title,
    promised_in,
    sentences_of,
    with_values,
)
from cycle.intake.raw import Block, RawLine, RawNote, RawTable, RawText
from cycle.intake.repairs import tidy
from cycle.intake.subjects import begins_with_party
from cycle.intake.table_columns import NUMBER, columns_of_heading
from cycle.intake.theme_headings import theme_in


def with_rows(blocks: Sequence[Block], names: Names) -> list[Block]:
    """The blocks with their numbered paragraphs as tables; the same blocks where there are none."""
    loose = [text for block in blocks for text in _as_texts(block)]
    if not any(isinstance(block, RawText) and numbered_start(tidy(block.text)) for block in loose):
        return list(blocks)
    loose = _with_party_headings(loose, names)
    items = [item for item in _Walk(names).items(loose) if not item.is_party]
    taken = _taken(items, beside_table=any(_has_rows(block) for block in loose))
    return [*_put_in(loose, taken), *_led_by_headings(taken), *_done_by_others(taken)] if taken else list(blocks)


def _with_party_headings(blocks: list[Block], names: Names) -> list[Block]:
    """The blocks, with a party alone on its line right above a number as a heading, where several parties have one."""
    above: dict[int, str] = {}
    for place, (block, below) in enumerate(pairwise(blocks)):
        if not isinstance(block, RawText) or not isinstance(below, RawText) or not numbered_start(tidy(below.text)):
            continue
        party = tidy(block.text).rstrip(": ")
        if len(party.split()) <= _LONGEST_NAME and names.is_all_known(party):
            above[place] = party
    if len(set(above.values())) < _SEVERAL:
        return blocks
    return [
        replace(block, heading=True) if place in above and isinstance(block, RawText) else block
        for place, block in enumerate(blocks)
    ]


@dataclass(slots=True)
class _Item:
    """A numbered paragraph or heading with what stands beneath it, up to the next number, heading or table."""

    number: str
    kind: str
    topic: str
    place: str
    first: int
    last: int
    texts: list[RawText] = field(default_factory=list)
    rows: tuple[Promised, ...] = ()
    led_by_heading: bool = False

    @property
    def labelled(self) -> bool:
        return any(has_label(text.text) for text in self.texts)

    @property
    def is_party(self) -> bool:
        """Whether it says who agrees, and not what."""
        return bool(self.texts) and outside.introduces_party(self.texts[0].text)

    @property
    def strong(self) -> bool:
        """Whether it names who and when, or says so behind labels."""
        return self.labelled or any(row.trekker and row.has_time for row in self.rows)

    @property
    def says_something(self) -> bool:
        return self.labelled or any(row.trekker or row.has_time for row in self.rows)

    @property
    def is_sentence(self) -> bool:
        return any(len(row.text.split()) > _SHORTEST and row.text.endswith((".", "!")) for row in self.rows)


def _taken(items: Sequence[_Item], *, beside_table: bool) -> list[_Item]:
    """The items that are agreements: those that say who or when, and sentences that are numbered as those are."""
    strong = [item for item in items if item.strong]
    if beside_table:
        return strong if len(strong) > 1 else []
    if not strong:
        return []
    kinds = {item.kind for item in items if item.says_something}
    return [item for item in items if item.says_something or (item.is_sentence and item.kind in kinds)]


def _put_in(blocks: Sequence[Block], taken: Sequence[_Item]) -> list[Block]:
    """The blocks with each stretch of taken items as one table."""
    _give_topics(taken)
    dated = any(row.date for item in taken for row in item.rows)
    headings = _HEADINGS if dated else _HEADINGS[:-1]
    begins = {item.first: item for item in taken}
    result: list[Block] = []
    lines: list[RawLine] = []
    place = 0
    while place < len(blocks):
        item = begins.get(place)
        if item:
            for row in item.rows:
                cells = (item.number, item.topic, row.text, row.trekker, row.date)
                lines.append(RawLine(cells[: len(headings)], row.place or item.place))
        elif lines:
            result.append(RawTable((RawLine(headings, ""), *lines)))
            lines = []
        if not item:
            result.append(blocks[place])
        place = item.last + 1 if item else place + 1
    return [*result, RawTable((RawLine(headings, ""), *lines))] if lines else result


def _led_by_headings(items: Sequence[_Item]) -> Iterator[RawNote]:
    """That rows are led by the party of the heading above them, once for each heading."""
    led = ((item.rows[0].trekker, item.place) for item in items if item.led_by_heading)
    for party, places in groupby(led, key=itemgetter(0)):
        fault = outside.led_by_heading(next(places)[1], party)
        yield RawNote(fault.place, fault.what, fault.hint)


def _done_by_others(items: Sequence[_Item]) -> Iterator[RawNote]:
    """That a sentence under a number is done by somebody else than who stands behind its label."""
    for item in items:
        for row in item.rows:
            if row.instead_of:
                fault = outside.done_by_another(row.place or item.place, row.trekker, row.instead_of)
                yield RawNote(fault.place, fault.what, fault.hint)


def _give_topics(items: Sequence[_Item]) -> None:
    """Where others have a topic, one without gets its first words, or it would seem to go on with the one above."""
    if any(item.topic for item in items):
        for item in items:
            item.topic = item.topic or _first_words(next((row.text for row in item.rows), ""))


def _first_words(text: str) -> str:
    first = next(iter(sentences_of(text)), "").rstrip(".;:!")
    return first if len(first) <= _LONGEST_TOPIC else first[:_LONGEST_TOPIC].rpartition(" ")[0]


@dataclass(slots=True)
class _Walk:
    """Goes through the texts and remembers the headings and numbers that it is under."""

    names: Names
    headings: dict[int, str] = field(default_factory=dict)
    parent: str = ""
    parent_kind: str = ""
    trekkers: dict[str, str] = field(default_factory=dict)
    last_number: str = ""
    party: str = ""
    party_depth: int = 0
    open: _Item | None = None
    done: list[_Item] = field(default_factory=list)

    def items(self, blocks: Sequence[Block]) -> list[_Item]:
        for place, block in enumerate(blocks):
            if isinstance(block, RawText):
                self._pass(replace(block, text=tidy(block.text)), place)
            else:
                self._close()
        self._close()
        return self.done

    def _pass(self, text: RawText, place: int) -> None:
        start = numbered_start(text.text, self.last_number)
        number = self._full_number(start, text) if start else ""
        if start and number:
            self._begin(start, number, text, place)
        elif self.open and (_waits_for_value(self.open.texts) or not self._ends_item(text)):
            self.open.texts.append(text)
            self.open.last = place
        else:
            self._close()
            self._maybe_change_party(text.text, heading=text.heading)
            if is_title(text.text, self.names, heading=text.heading):
                theme = theme_in(text.text, text.place, heading=text.heading)
                named = theme.name if theme else text.text
                self.headings = {} if _NAMES_DOCUMENT.search(text.text) else {0: named}

    def _maybe_change_party(self, words: str, *, heading: bool, depth: int = 0) -> None:
        """A heading of a party says who does what stands below it, up to the next heading that stands as high."""
        party = outside.party_heading(words, self.names, heading=heading)
        ends = heading and (not depth or 0 < depth <= self.party_depth)
        if party or ends:
            self.party, self.party_depth = party, depth

    def _begin(self, start: Numbered, number: str, text: RawText, place: int) -> None:
        self._close()
        self.last_number = number
        depth = len(number.split(".")) + (start.kind == "lettered")
        topic = next((words for level, words in sorted(self.headings.items(), reverse=True) if level < depth), "")
        item = _Item(number, start.kind, topic, text.place, place, place)
        if is_title(start.rest, self.names, heading=text.heading):
            self.headings = {level: words for level, words in self.headings.items() if level < depth}
            self.headings[depth] = item.topic = start.rest
            self._maybe_change_party(start.rest, heading=text.heading, depth=depth)
        elif start.rest:
            item.texts.append(replace(text, text=start.rest, bullet=False))
        self.open = item

    def _full_number(self, start: Numbered, text: RawText) -> str:
        """A letter or a single number below "2.1" belongs to that; a letter below nothing is no number."""
        if start.kind == "lettered":
            return f"{self.parent}{start.number}" if self.parent else ""
        below = start.kind == "single" and self.parent_kind == "dotted"
        if below and not is_title(start.rest, self.names, heading=text.heading):
            return f"{self._dotted_parent()}.{start.number}"
        self.parent, self.parent_kind = start.number, start.kind
        return start.number

    def _dotted_parent(self) -> str:
        return self.parent.rstrip("abcdefghijklmnopqrstuvwxyz")

    def _ends_item(self, text: RawText) -> bool:
        if text.heading or outside.party_heading(text.text, self.names, heading=False):
            return True
        if outside.is_signature(text.text) or outside.is_appendix(text.text):
            return True
        if outside.is_signed_line(text.text) and not begins_with_party(text.text, self.names, words_after=0):
            return True
        is_labelled = begins_with_label(text.text) or is_label(text.text)
        return not text.bullet and not is_labelled and is_title(text.text, self.names, heading=False)

    def _close(self) -> None:
        """What belongs to the item is complete: what does it promise?"""
        item, self.open = self.open, None
        if item is None:
            return
        above = self.trekkers.get(item.number[:-1] if item.kind == "lettered" else item.number.rpartition(".")[0], "")
        lead = above if item.kind in ("lettered", "single") else ""
        item.texts = list(with_values(item.texts))
        item.rows, topic = promised_in(item.texts, self.names, lead or self.party)
        item.led_by_heading = bool(self.party and not lead) and any(row.trekker == self.party for row in item.rows)
        item.topic = topic or item.topic
        self.trekkers[item.number] = next((row.trekker for row in item.rows), "")
        self.done.append(item)


def _waits_for_value(texts: Sequence[RawText]) -> bool:
    """Whether the last text is a label by itself, so that what it says stands on the next line."""
    return bool(texts) and is_label(texts[-1].text)


def _as_texts(block: Block) -> Iterator[Block]:
    """A table of only numbers and texts, as tabs behind numbers make it, is running text; so is a form of labels."""
    if isinstance(block, RawTable) and _is_form(block):
        yield from map(_of_form, block.lines)
        return
    if not isinstance(block, RawTable) or any(columns_of_heading(line.cells) for line in block.lines):
        yield block
        return
    filled = [[cell for cell in line.cells if cell.strip()] for line in block.lines]
    numbered = sum(1 for cells in filled if len(cells) == 2 and numbered_start(f"{cells[0].strip()} {cells[1]}"))
    if numbered * 2 <= len(filled) or any(len(cells) > 2 for cells in filled):
        yield block
        return
    yield from (RawText(" ".join(cells), line.place) for cells, line in zip(filled, block.lines, strict=True) if cells)


def _is_form(table: RawTable) -> bool:
    """Whether a table has a label in the first column and what it says in the second, for one agreement."""
    pairs = [line.cells for line in table.lines if any(cell.strip() for cell in line.cells)]
    labels = sum(1 for cells in pairs if len(cells) == 2 and (is_label(cells[0]) or _NUMBER_LABEL.fullmatch(cells[0])))
    return labels > 2 and labels * 2 > len(pairs)


def _of_form(line: RawLine) -> RawText:
    """A line of a form as it would stand in running text: the number alone, the rest behind its label."""
    label, said = (tidy(cell) for cell in (*line.cells, "", "")[:2])
    numbered = _NUMBER_LABEL.fullmatch(label) or not said
    return RawText(said or label if numbered else f"{label.rstrip(' :')}: {said}", line.place)


def _has_rows(block: Block) -> bool:
    """Whether a block is a table of agreements."""
    if not isinstance(block, RawTable):
        return False
    filled = [[cell.strip() for cell in line.cells if cell.strip()] for line in block.lines]
    numbered = sum(1 for cells in filled if len(cells) > 2 and any(NUMBER.fullmatch(cell) for cell in cells))
    return numbered * 2 >= len(filled) or any(columns_of_heading(line.cells) for line in block.lines)


_NAMES_DOCUMENT = re.compile(
    r"prestatieafspra|raamovereenkomst|kaderafspra|uitvoeringsagenda|overeenkomst"
    r"|jaarplan|werkplan|jaarschijf|afsprakenlijst|afspraken\b.*\b20\d\d|\b20\d\d\b.*\bafspraken\b",
    re.I,
)
_NUMBER_LABEL = re.compile(r"\s*(?:nr|nummer|no|afspraak(?:nummer|nr)|actienummer|volgnummer)\s*\.?\s*:?\s*", re.I)
_SHORTEST = 3
_SEVERAL, _LONGEST_NAME = 2, 6
_LONGEST_TOPIC = 60
_HEADINGS = ("Nr.", "Onderwerp", "Afspraak", "Trekker", "Datum")
