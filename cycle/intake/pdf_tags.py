"""The tags of a PDF: what Word and typst say about tables, rows and cells, exact also where a row runs over a page.

pdfplumber's own tree leaves out cells without content and mixes up the marks of two pages, so the tree is walked here.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from cycle.intake.narrow import WholeWords, closed, right_edge
from cycle.intake.raw import Block, RawLine, RawTable, RawText
from cycle.intake.repairs import join_wrapped


def tagged_blocks(pdf: Any, file: str) -> Iterator[Block]:
    """The tables and texts that the tags name, in reading order; nothing if the PDF has no tags."""
    root = _resolved(pdf.doc.catalog.get("StructTreeRoot"))
    if isinstance(root, dict):
        tree = _Tree(_role_map(root))
        top = tree.node(root, None, 0)
        reader = _Reader(pdf, file, [top] if top else [])
        yield from reader.blocks(reader.top)


Mark = tuple[int | None, int]


@dataclass(slots=True)
class _Node:
    """One tag with what is in it, in order: other tags, and marks of characters on a page."""

    tag: str
    columns: int
    rows_down: int
    parts: list["_Node | Mark"] = field(default_factory=list)

    def marks(self) -> Iterator[Mark]:
        for part in self.parts:
            if isinstance(part, _Node):
                yield from part.marks()
            else:
                yield part

    def nodes(self) -> list["_Node"]:
        return [part for part in self.parts if isinstance(part, _Node)]

    def rows(self) -> Iterator["_Node"]:
        for node in self.nodes():
            if node.tag == "TR":
                yield node
            else:
                yield from node.rows()


@dataclass(slots=True)
class _Tree:
    """Builds the nodes; a tag that is reached twice (a tree that bites its tail) is taken once."""

    roles: dict[str, str]
    seen: set[int] = field(default_factory=set)

    def node(self, reference: Any, page: int | None, depth: int) -> _Node | None:
        element = _resolved(reference)
        number = getattr(reference, "objid", None)
        if not isinstance(element, dict) or number in self.seen or depth > _DEEPEST:
            return None
        if number is not None:
            self.seen.add(number)
        page = getattr(element.get("Pg"), "objid", page)
        name = _name(element.get("S"))
        shape = element.get("A")
        node = _Node(self.roles.get(name, name), _span(shape, "ColSpan"), _span(shape, "RowSpan"))
        inside = _resolved(element.get("K"))
        for part in inside if isinstance(inside, list) else [element.get("K")]:
            self._add(node, part, page, depth)
        return node

    def _add(self, node: _Node, part: Any, page: int | None, depth: int) -> None:
        content = _resolved(part)
        if isinstance(content, int):
            node.parts.append((page, content))
        elif isinstance(content, dict) and isinstance(content.get("MCID"), int):
            node.parts.append((getattr(content.get("Pg"), "objid", page), content["MCID"]))
        elif isinstance(content, dict) and "Obj" not in content:
            child = self.node(part, page, depth + 1)
            node.parts += [child] if child else []


class _Reader:
    """Turns nodes into blocks, with the characters of each page by their mark."""

    def __init__(self, pdf: Any, file: str, top: list[_Node]) -> None:
        self.file, self.top = file, top
        self.known = WholeWords(lambda: self._cells(self.top))
        self.written: dict[int, list[tuple[str, list[Any]]]] = {}
        self.pages = {page.page_obj.pageid: page for page in pdf.pages}
        self.chars: dict[Mark, list[Any]] = {}
        self.rows: dict[int, int] = {}
        for number, page in self.pages.items():
            for char in page.chars:
                if char.get("mcid") is not None:
                    self.chars.setdefault((number, char["mcid"]), []).append(char)

    def blocks(self, nodes: Sequence[_Node]) -> Iterator[Block]:
        for node in nodes:
            if node.tag == "Table":
                yield self._table(list(node.rows()))
            elif node.tag in _TEXT_TAGS or any(not isinstance(part, _Node) for part in node.parts):
                heading, bullet = node.tag in _HEADING_TAGS, node.tag == "LI"
                yield RawText(self._words(node).lstrip("•§–- "), self._place(node), heading, bullet)
            else:
                yield from self.blocks(node.nodes())

    def _table(self, rows: Sequence[_Node]) -> RawTable:
        grid = _grid(rows)
        chars: dict[int, list[Any]] = {}
        for cells in grid:
            for column, cell in enumerate(cells):
                if cell is not None and cell.columns == 1:
                    chars.setdefault(column, []).extend(self._chars(cell))
        edges = {column: right_edge(in_column) for column, in_column in chars.items()}
        return RawTable(tuple(self._line(row, cells, edges) for row, cells in zip(rows, grid, strict=True)))

    def _line(self, row: _Node, cells: Sequence[_Node | None], edges: dict[int, float]) -> RawLine:
        words = tuple(
            "" if cell is None else self._words(cell, edges.get(column, 0.0)) for column, cell in enumerate(cells)
        )
        page = next((mark for mark, _ in row.marks() if mark in self.pages), -1)
        self.rows[page or 0] = self.rows.get(page or 0, 0) + 1
        return RawLine(words, f"{self._place(row)}, rij {self.rows[page or 0]}")

    def _chars(self, node: _Node) -> list[Any]:
        return [char for mark in node.marks() for char in self.chars.get(mark, ())]

    def _place(self, node: _Node) -> str:
        number = next((self.pages[page].page_number for page, _ in node.marks() if page in self.pages), None)
        return f"{self.file}, bladzijde {number}" if number else self.file

    def _words(self, node: _Node, edge: float = math.inf) -> str:
        return join_wrapped(closed(written, chars, edge, self.known) for written, chars in self._written(node))

    def _written(self, node: _Node) -> list[tuple[str, list[Any]]]:
        """The text of a node as printed, page by page, because a line of print never runs over a page."""
        from pdfplumber.utils.text import extract_text  # noqa: PLC0415 - an optional package

        if id(node) not in self.written:
            by_page: dict[int | None, list[Any]] = {}
            for mark in node.marks():
                by_page.setdefault(mark[0], []).extend(self.chars.get(mark, ()))
            self.written[id(node)] = [(extract_text(chars), chars) for chars in by_page.values() if chars]
        return self.written[id(node)]

    def _cells(self, nodes: Sequence[_Node]) -> Iterator[str]:
        for node in nodes:
            if node.tag in ("TD", "TH") or node.tag in _TEXT_TAGS:
                yield from (written for written, _ in self._written(node))
            else:
                yield from self._cells(node.nodes())


_Cells = list[_Node | None]


def _grid(rows: Sequence[_Node]) -> list[_Cells]:
    """The cells of a table by column. One over several rows stands in each; one over several columns in the first."""
    grid: list[_Cells] = []
    hanging: dict[int, tuple[int, _Node | None]] = {}
    for row in rows:
        cells: _Cells = []
        below: dict[int, tuple[int, _Node | None]] = {}
        for cell in row.nodes():
            _fill(cells, hanging, below)
            for part in (cell, *[None] * (cell.columns - 1)):
                if cell.rows_down > 1:
                    below[len(cells)] = (cell.rows_down - 1, part)
                cells.append(part)
        _fill(cells, hanging, below, to_end=True)
        grid.append(cells)
        hanging = below
    return grid


def _fill(
    cells: _Cells,
    hanging: dict[int, tuple[int, _Node | None]],
    below: dict[int, tuple[int, _Node | None]],
    *,
    to_end: bool = False,
) -> None:
    """Put in the cells that hang down from rows above, up to the next cell of this row or to the end."""
    while len(cells) in hanging or (to_end and len(cells) < max(hanging, default=-1)):
        left, cell = hanging.get(len(cells), (1, None))
        if left > 1:
            below[len(cells)] = (left - 1, cell)
        cells.append(cell)


def _resolved(reference: Any) -> Any:
    from pdfminer.pdftypes import resolve1  # noqa: PLC0415 - an optional package

    return resolve1(reference)


def _role_map(root: dict[str, Any]) -> dict[str, str]:
    """Names that the maker of the PDF invented, with the ordinary tag that each stands for."""
    roles = _resolved(root.get("RoleMap"))
    return {name: _name(tag) for name, tag in roles.items()} if isinstance(roles, dict) else {}


def _name(tag: Any) -> str:
    name = getattr(_resolved(tag), "name", "")
    return name.decode("latin-1") if isinstance(name, bytes) else str(name)


def _span(attributes: Any, name: str) -> int:
    """Over how many columns or rows a cell goes, within reason."""
    value = _resolved(attributes)
    for attribute in map(_resolved, value if isinstance(value, list) else [value]):
        span = _resolved(attribute.get(name)) if isinstance(attribute, dict) else None
        if isinstance(span, int):
            return max(1, min(span, _WIDEST))
    return 1


_DEEPEST = 40
_WIDEST = 50
_HEADING_TAGS = frozenset(["H", "H1", "H2", "H3", "H4", "H5", "H6", "Title"])
_TEXT_TAGS = _HEADING_TAGS | {"P", "LI", "Caption"}
