"""Agreements on cards: a small table each, with what the words are at the left ("Trekker | Gemeente")."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from cycle.intake.heading_words import heading_meaning
from cycle.intake.raw import Block, RawLine, RawTable
from cycle.intake.repairs import tidy
from cycle.intake.table_columns import READ, columns_of_heading


def with_cards_as_rows(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks, with each table of labels and values laid on its side: labels as headings, a row for each card."""
    for block in blocks:
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
_KNOWN = 0.5
