"""The one shape of every format: pieces of text and tables of cells, in reading order, with their place.

What a cell or a line *means* is decided in `rows.py`, the same for every format.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cycle.domain.text import clean_line, clean_lines


@dataclass(frozen=True, slots=True)
class RawText:
    """A paragraph, heading or list item; `bullet` says that it is an item of a list."""

    text: str
    place: str
    heading: bool = False
    bullet: bool = False


@dataclass(frozen=True, slots=True)
class RawLine:
    """One row of a table."""

    cells: tuple[str, ...]
    place: str


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table as it stands on the page; `title` is the name of its sheet, if it has one."""

    lines: tuple[RawLine, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class RawNote:
    """What a person must know about a place of the file that does not read like the rest, and what to do about it."""

    place: str
    what: str
    hint: str


@dataclass(frozen=True, slots=True)
class RawAside:
    """Words that stand beside the text (a remark, the head or foot of a page); `what` says which, in Dutch."""

    text: str
    place: str
    what: str


Block = RawText | RawTable | RawNote | RawAside


def cleaned(block: Block) -> Block:
    """A block without signs that a later room cannot take, and a table without rows that have no cell at all: those say
    nothing, and a later room asks for their first cell."""
    if isinstance(block, RawText):
        return replace(block, text=clean_lines(block.text), place=clean_line(block.place))
    if isinstance(block, RawAside):
        return replace(block, text=clean_lines(block.text), place=clean_line(block.place))
    if isinstance(block, RawNote):
        return RawNote(clean_line(block.place), clean_line(block.what), block.hint)
    return RawTable(
        tuple(
            RawLine(tuple(map(clean_lines, line.cells)), clean_line(line.place)) for line in block.lines if line.cells
        ),
        clean_line(block.title),
    )


def as_plain(blocks: Sequence[Block]) -> list[object]:
    """The blocks as lists and strings, to travel from the child process that parsed a binary file."""
    return [_plain(block) for block in blocks]


def _plain(block: Block) -> object:
    if isinstance(block, RawText):
        return {"text": block.text, "place": block.place, "heading": block.heading, "bullet": block.bullet}
    if isinstance(block, RawAside):
        return {"aside": [block.text, block.place, block.what]}
    if isinstance(block, RawNote):
        return {"note": [block.place, block.what, block.hint]}
    return {"title": block.title, "lines": [[line.place, *line.cells] for line in block.lines]}


def from_plain(plain: Sequence[dict[str, object]]) -> list[Block]:
    """The reverse of `as_plain`."""
    return [_block(piece) for piece in plain]


def _block(piece: dict[str, object]) -> Block:
    lines, note = piece.get("lines"), piece.get("note")
    aside = piece.get("aside")
    if isinstance(aside, list):
        return RawAside(*map(str, aside))
    if isinstance(note, list):
        return RawNote(*map(str, note))
    if isinstance(lines, list):
        return RawTable(tuple(RawLine(tuple(cells), place) for place, *cells in lines), str(piece["title"]))
    return RawText(str(piece["text"]), str(piece["place"]), bool(piece["heading"]), bool(piece["bullet"]))
