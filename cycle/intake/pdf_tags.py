"""The tags of a PDF: what Word and typst say about tables, rows and cells, exact also where a row runs over a page.

pdfplumber's own tree leaves out cells without content and mixes up the marks of two pages, so the tree is walked here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from cycle.intake.raw import Block, RawLine, RawTable, RawText
from cycle.intake.repairs import join_wrapped


def tagged_blocks(pdf: Any, file: str) -> Iterator[Block]:
    """The tables and texts that the tags name, in reading order; nothing if the PDF has no tags."""
    root = _resolved(pdf.doc.catalog.get("StructTreeRoot"))
    if isinstance(root, dict):
        tree = _Tree(_role_map(root))
        top = tree.node(root, None, 0)
        yield from _Reader(pdf, file).blocks([top] if top else [])


Mark = tuple[int | None, int]


@dataclass(slots=True)
class _Node:
    """One tag with what is in it, in order: other tags, and marks of characters on a page."""

    tag: str
    columns: int
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
        node = _Node(self.roles.get(name, name), _column_span(element.get("A")))
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

    def __init__(self, pdf: Any, file: str) -> None:
        self.file = file
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
                yield RawTable(tuple(self._line(row) for row in node.rows()))
            elif node.tag in _TEXT_TAGS or any(not isinstance(part, _Node) for part in node.parts):
                heading, bullet = node.tag in _HEADING_TAGS, node.tag == "LI"
                yield RawText(self._words(node).lstrip("•§–- "), self._place(node), heading, bullet)
            else:
                yield from self.blocks(node.nodes())

    def _line(self, row: _Node) -> RawLine:
        cells = [words for cell in row.nodes() for words in (self._words(cell), *[""] * (cell.columns - 1))]
        page = next((mark for mark, _ in row.marks() if mark in self.pages), -1)
        self.rows[page or 0] = self.rows.get(page or 0, 0) + 1
        return RawLine(tuple(cells), f"{self._place(row)}, rij {self.rows[page or 0]}")

    def _place(self, node: _Node) -> str:
        number = next((self.pages[page].page_number for page, _ in node.marks() if page in self.pages), None)
        return f"{self.file}, bladzijde {number}" if number else self.file

    def _words(self, node: _Node) -> str:
        """The text of a node, page by page, because a line of print never runs over a page."""
        from pdfplumber.utils.text import extract_text  # noqa: PLC0415 - an optional package

        by_page: dict[int | None, list[Any]] = {}
        for mark in node.marks():
            by_page.setdefault(mark[0], []).extend(self.chars.get(mark, ()))
        return join_wrapped(line for chars in by_page.values() if chars for line in extract_text(chars).split("\n"))


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


def _column_span(attributes: Any) -> int:
    value = _resolved(attributes)
    for attribute in map(_resolved, value if isinstance(value, list) else [value]):
        span = _resolved(attribute.get("ColSpan")) if isinstance(attribute, dict) else None
        if isinstance(span, int):
            return max(1, min(span, _WIDEST))
    return 1


_DEEPEST = 40
_WIDEST = 50
_HEADING_TAGS = frozenset(["H", "H1", "H2", "H3", "H4", "H5", "H6", "Title"])
_TEXT_TAGS = _HEADING_TAGS | {"P", "LI", "Caption"}
