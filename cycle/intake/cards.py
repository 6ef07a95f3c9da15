"""Agreements on cards: a small table each, with what the words are at the left ("Trekker | Gemeente").

Labels that are not known make cards too where several tables have the same ones; what each means is then judged by what
stands beside it in all of them, as for a column.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from cycle.intake.heading_words import heading_meaning
from cycle.intake.raw import Block, RawLine, RawTable
from cycle.intake.repairs import tidy
from cycle.intake.table_columns import READ, columns_of_heading


def with_cards_as_rows(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks, with each table of labels and values laid on its side: labels as headings, a row for each card."""
    alike = _alike(blocks)
    for place, block in enumerate(blocks):
        if place in alike:
            yield from alike[place]
            continue
        pairs = _pairs(block) if isinstance(block, RawTable) else None
        if isinstance(block, RawTable) and pairs:
            for card in _cards(pairs):
                yield replace(block, lines=_on_its_side(card))
        else:
            yield block


Pair = tuple[str, str, str]
"""A label, what stands beside it, and its place."""


def _pairs(table: RawTable) -> list[Pair] | None:
    """The labels of a form with their values; `None` when the table is no form."""
    filled = [(line, [cell for cell in line.cells if cell.strip()]) for line in table.lines]
    lines = [line for line, cells in filled if cells]
    if not lines or _is_heading(lines[0]):
        return None
    pairs = [pair for line in lines for pair in _pairs_of(line)]
    labels = [label for label, _, _ in pairs]
    read = {meaning[0] for label in labels if (meaning := heading_meaning(label))} & set(READ)
    known = sum(1 for label in labels if heading_meaning(label))
    is_form = all(label and len(label.split()) <= _MOST_LABEL_WORDS for label in labels)
    says_enough = bool(read & {"text", "topic"}) and bool(read & {"trekker", "date"})
    return pairs if is_form and says_enough and known >= _KNOWN * len(labels) else None


def _alike(blocks: Sequence[Block]) -> dict[int, list[RawTable]]:
    """What to put in place of tables with cards that have the same labels: at the first of them one table of all."""
    parts = [
        (place, part)
        for place, block in enumerate(blocks)
        if isinstance(block, RawTable) and not _pairs(block)
        for part in _parts(block)
    ]
    by_labels: dict[tuple[str, ...], list[RawTable]] = {}
    for _, part in parts:
        by_labels.setdefault(_labels(part), []).append(part)
    groups = {labels: cards for labels, cards in by_labels.items() if labels and len(cards) > 1}
    alike: dict[int, list[RawTable]] = {place: [] for place, part in parts if _labels(part) in groups}
    for place, part in parts:
        cards = groups.get(_labels(part))
        if place in alike and (cards is None or cards[0] is part):
            alike[place].append(part if cards is None else _of_cards(cards))
    return alike


def _parts(table: RawTable) -> list[RawTable]:
    """The cards of a table: a new one begins where its first label comes again."""
    lines = [line for line in table.lines if any(cell.strip() for cell in line.cells)]
    if not lines or any(len(line.cells) != _PAIR for line in lines):
        return [table]
    first = _numbered(tidy(lines[0].cells[0]))[0]
    begins = [at for at, line in enumerate(lines) if _numbered(tidy(line.cells[0]))[0] == first]
    return [replace(table, lines=tuple(lines[at:end])) for at, end in zip(begins, [*begins[1:], None], strict=True)]


def _labels(table: RawTable) -> tuple[str, ...]:
    """The labels of a card of two columns, without the number behind the first; nothing where it is no card."""
    lines = [line for line in table.lines if any(cell.strip() for cell in line.cells)]
    if len(lines) not in range(_FEWEST_LABELS, _MOST_LABELS) or _is_heading(lines[0]):
        return ()
    if any(len(line.cells) != _PAIR or not line.cells[0].strip() for line in lines):
        return ()
    first, *rest = (tidy(line.cells[0]) for line in lines)
    labels = (_numbered(first)[0], *rest)
    is_short = all(label and len(label.split()) <= _MOST_LABEL_WORDS for label in labels)
    return labels if is_short and len(set(labels)) == len(labels) else ()


def _numbered(label: str) -> tuple[str, str]:
    """ "Kaart 3" as a label and a number."""
    match = _NUMBER_BEHIND.fullmatch(label)
    return (match[1], match[2]) if match else (label, "")


def _of_cards(cards: Sequence[RawTable]) -> RawTable:
    """A row for each card, under its labels; the number behind the first label is a column of its own."""
    labels = _labels(cards[0])
    rows = []
    for card in cards:
        lines = [line for line in card.lines if any(cell.strip() for cell in line.cells)]
        rows.append((_numbered(tidy(lines[0].cells[0]))[1], [line.cells[1] for line in lines], lines[0].place))
    is_numbered = all(number for number, _, _ in rows)
    says_what = any(meaning[0] == "text" for label in labels[1:] if (meaning := heading_meaning(label)))
    head = ("Nr.", "Onderwerp" if says_what else "Afspraak", *labels[1:]) if is_numbered else labels
    lines = [RawLine((number, *values) if is_numbered else tuple(values), place) for number, values, place in rows]
    return RawTable((RawLine(head, ""), *lines))


def _is_heading(line: RawLine) -> bool:
    """Whether a first row names columns: the cells beside its labels are headings too."""
    values = (value for _, value, _ in _pairs_of(line))
    return columns_of_heading(line.cells) is not None and any(heading_meaning(value) for value in values)


def _pairs_of(line: RawLine) -> list[Pair]:
    """A row of a form as labels with their values: two cells, or four with two labels beside each other."""
    cells = list(line.cells)
    while cells and not cells[-1].strip():
        cells.pop()
    cells += [""] * (len(cells) % 2)
    return [(tidy(label), value, line.place) for label, value in zip(cells[::2], cells[1::2], strict=True)]


def _cards(pairs: Sequence[Pair]) -> Iterator[list[Pair]]:
    """A new card begins where its first label comes again."""
    card: list[Pair] = []
    for pair in pairs:
        if card and pair[0] in {label for label, _, _ in card}:
            yield card
            card = []
        card.append(pair)
    yield card


def _on_its_side(card: Sequence[Pair]) -> tuple[RawLine, RawLine]:
    labels, values, places = zip(*card, strict=True)
    return RawLine(labels, ""), RawLine(values, places[0])


_MOST_LABEL_WORDS = 6
_FEWEST_LABELS, _MOST_LABELS, _PAIR = 3, 16, 2
_NUMBER_BEHIND = re.compile(r"(\D{1,40}?)\s?(\d{1,3}(?:\.\d{1,2}){0,2})\.?")
_KNOWN = 0.5
