"""ODT (LibreOffice) with odfdo: paragraphs and tables in reading order, as a reader sees them.

Numbers of lists and headings are counted as LibreOffice does, a merged cell counts in each row that it spans, tracked
changes are read as accepted. Text that is struck out or hidden is left out, and said.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cycle.errors import Unreadable
from cycle.intake.limits import DAMAGED
from cycle.intake.odt_styles import Counting, OdtStyles, attribute, descendants, whole
from cycle.intake.packed_asides import asides_of
from cycle.intake.raw import Block, RawLine, RawTable, RawText
from cycle.intake.unread import Unread, changes_note
from cycle.intake.word_numbers import Label
from cycle.resources import HOW_TO_INSTALL


def read(path: Path, file: str) -> list[Block]:
    """The paragraphs and tables of an ODT."""
    try:
        import odfdo  # noqa: PLC0415 - an optional package, only in the child process
        from lxml.etree import LxmlError  # type: ignore[import-untyped] # noqa: PLC0415 - the same
    except ModuleNotFoundError as error:
        raise Unreadable("Voor ODT-bestanden ontbreekt odfdo.", f"{HOW_TO_INSTALL}.") from error
    try:
        document: Any = odfdo.Document(str(path))
        content, shared = document.get_part("content.xml").root, document.get_part("styles.xml").root
        return [*_Reader(file, OdtStyles(shared, content)).document(document.body), *asides_of(path, file)]
    except (LxmlError, *DAMAGED) as error:
        hint = "Open het in LibreOffice en sla het opnieuw op."
        raise Unreadable(f"{file} is geen leesbaar ODT-bestand.", hint) from error


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A paragraph with the number before it; `level` is that of a heading, 0 for other text."""

    element: Any
    label: Label
    level: int = 0
    item: bool = False


@dataclass(slots=True)
class _Reader:
    """Walks through a document; counts its tables, paragraphs and numbers."""

    file: str
    styles: OdtStyles
    counting: Counting = field(default_factory=Counting)
    unread: Unread = field(default_factory=Unread)
    tables: int = 0
    paragraphs: int = 0
    footnotes: list[tuple[str, str]] = field(default_factory=list)

    def document(self, body: Any) -> Iterator[Block]:
        """All blocks, then the notes below the pages, then what was left out."""
        yield from self._blocks(body)
        yield from (RawText(words, f"{self.file}, voetnoot {number}") for number, words in self.footnotes)
        yield from self.unread.notes()
        taken_out = sum(1 for _ in descendants(body, "text:deletion"))
        yield from changes_note(self.file, sum(1 for _ in descendants(body, "text:insertion")), taken_out)

    def _blocks(self, element: Any) -> Iterator[Block]:
        for part in self._flow(element):
            if isinstance(part, _Paragraph):
                yield from self._text(part)
            elif _is_layout(part):
                for cell in descendants(part, "table:table-cell"):
                    yield from self._blocks(cell)
            else:
                self.tables += 1
                yield RawTable(tuple(self._lines(part, f"{self.file}, tabel {self.tables}")))

    def _text(self, paragraph: _Paragraph) -> Iterator[Block]:
        words = self._words(paragraph.element)
        place = f"{self.file}, alinea {self.paragraphs + 1}"
        self.unread.close(place)
        if words:
            self.paragraphs += 1
            style = self.styles.base(attribute(paragraph.element, "text:style-name"))
            heading = paragraph.level > 0 or style.endswith(("title", "titel"))
            yield RawText(f"{paragraph.label.text} {words}".strip(), place, heading, paragraph.item and not heading)
        for box in descendants(paragraph.element, "draw:text-box"):
            yield from self._blocks(box)

    def _flow(self, element: Any) -> Iterator[Any]:
        """Paragraphs and tables in reading order, those in sections, lists and boxes too."""
        for child in element.children:
            if child.tag == "text:h":
                level = whole(child, "text:outline-level", 1)
                label = self.counting.label("", self.styles.headings, level) if self.styles.headings else Label()
                yield _Paragraph(child, label, level)
            elif child.tag == "text:p":
                yield _Paragraph(child, Label())
            elif child.tag == "text:list":
                yield from self._items(child, "", 1)
            elif child.tag == "table:table":
                yield child
            elif child.tag not in _NOT_TEXT:
                yield from self._flow(child)

    def _items(self, element: Any, outer: str, level: int) -> Iterator[Any]:
        style = attribute(element, "text:style-name") or outer
        goes_on = attribute(element, "text:continue-list") or attribute(element, "text:continue-numbering") == "true"
        if level == 1 and not goes_on:
            self.counting.begin(style)
        for item in element.children:
            numbered = item.tag == "text:list-item"
            for child in item.children:
                if child.tag == "text:list":
                    yield from self._items(child, style, level + 1)
                elif child.tag in ("text:p", "text:h"):
                    start = whole(item, "text:start-value", -1)
                    levels = self.styles.levels(style)
                    label = self.counting.label(style, levels, level, start if start >= 0 else None)
                    heading = whole(child, "text:outline-level", 1) if child.tag == "text:h" else 0
                    yield _Paragraph(child, label if numbered else Label(), heading, item=True)
                    numbered = False

    def _lines(self, table: Any, place: str) -> Iterator[RawLine]:
        hanging: dict[int, tuple[int, str]] = {}
        for number, row in enumerate(_rows(table), 1):
            cells: list[str] = []
            for cell in row.children:
                if cell.tag in ("table:table-cell", "table:covered-table-cell"):
                    for _ in range(min(whole(cell, "table:number-columns-repeated", 1), _WIDEST)):
                        cells.append(self._cell(cell, len(cells), hanging))
            if attribute(row, "table:visibility") in ("collapse", "filter"):
                self.unread.hidden(" ".join(filter(None, cells)))
            else:
                yield RawLine(tuple(cells), f"{place}, rij {number}")
            self.unread.close(f"{place}, rij {number}")

    def _cell(self, cell: Any, column: int, hanging: dict[int, tuple[int, str]]) -> str:
        """The words of a cell; one that is covered by a cell above it says what that says."""
        if cell.tag == "table:covered-table-cell":
            left, words = hanging.get(column, (0, ""))
            hanging[column] = (left - 1, words)
            return words if left > 0 else ""
        words = self._cell_words(cell)
        hanging[column] = (whole(cell, "table:number-rows-spanned", 1) - 1, words)
        for covered in range(1, min(whole(cell, "table:number-columns-spanned", 1), _WIDEST)):
            hanging[column + covered] = (0, "")
        return words

    def _cell_words(self, cell: Any) -> str:
        lines: list[str] = []
        for part in self._flow(cell):
            if not isinstance(part, _Paragraph):
                lines += [self._cell_words(inner) for inner in descendants(part, "table:table-cell")]
                continue
            words, label = self._words(part.element), part.label.text
            # a number alone is that number, whatever signs the list prints around it
            lines.append(f"{label} {words}".strip() if words else label.strip("()"))
            lines += [self._cell_words(box) for box in descendants(part.element, "draw:text-box")]
        return "\n".join(lines).strip()

    def _words(self, paragraph: Any) -> str:
        self.unread.gap()
        return self._seen(paragraph, "".join(self._pieces(paragraph))).strip()

    def _pieces(self, element: Any) -> Iterator[str]:
        yield str(element.text or "")
        for child in element.children:
            if child.tag in _SIGNS:
                yield _SIGNS[child.tag]
            elif child.tag == "text:note":
                self._keep_note(child)
            elif child.tag not in _NOT_TEXT:
                yield self._seen(child, "".join(self._pieces(child)))
            yield str(child.tail or "")

    def _seen(self, element: Any, words: str) -> str:
        """The words of an element, unless its style strikes them out or hides them."""
        style = attribute(element, "text:style-name")
        if self.styles.is_struck(style):
            return self.unread.struck(words)
        hidden = element.tag in ("text:hidden-text", "text:hidden-paragraph") or self.styles.is_hidden(style)
        return self.unread.hidden(words) if hidden else words

    def _keep_note(self, note: Any) -> None:
        number = "".join(str(child.text) for child in descendants(note, "text:note-citation"))
        for body in descendants(note, "text:note-body"):
            self.footnotes.append((number, self._cell_words(body)))


def _rows(table: Any) -> Iterator[Any]:
    for child in table.children:
        if child.tag == "table:table-row":
            yield child
        elif child.tag in ("table:table-header-rows", "table:table-rows", "table:table-row-group"):
            yield from _rows(child)


def _is_layout(table: Any) -> bool:
    """Whether a table is only a frame around other tables: one cell in each row."""
    single = all(sum(1 for cell in row.children if cell.tag == "table:table-cell") == 1 for row in _rows(table))
    return single and next(descendants(table, "table:table"), None) is not None


_WIDEST = 50
_SIGNS = {"text:s": " ", "text:tab": " ", "text:line-break": "\n"}
_NOT_TEXT = frozenset(
    (
        *("text:tracked-changes", "office:annotation", "draw:frame", "draw:custom-shape", "text:note"),
        *("text:sequence-decls", "office:forms", "text:table-of-content", "svg:title", "svg:desc"),
    )
)
