"""DOCX with python-docx: paragraphs and tables in reading order, also inside content controls and text boxes.

python-docx itself skips those, as municipal templates often have them, so the tree is walked here. What a reader sees
is read: Word's own numbers, a merged cell in each row that it spans, tracked changes as accepted. Text that is struck
out or hidden is left out, and said; remarks and the heads and feet of pages are named beside the text.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cycle.errors import Unreadable
from cycle.intake.limits import DAMAGED
from cycle.intake.packed_asides import asides_of
from cycle.intake.raw import Block, RawLine, RawNote, RawTable, RawText
from cycle.intake.unread import Unread, changes_note
from cycle.intake.word_numbers import Label, Numbering
from cycle.intake.word_styles import SPACE, Styles, tag, value
from cycle.resources import HOW_TO_INSTALL


def read(path: Path, file: str) -> list[Block]:
    """The paragraphs and tables of a Word document."""
    try:
        import docx  # noqa: PLC0415 - an optional package, only in the child process
        from docx.opc.exceptions import OpcError  # noqa: PLC0415 - the same
        from lxml.etree import LxmlError  # type: ignore[import-untyped] # noqa: PLC0415 - the same
    except ModuleNotFoundError as error:
        raise Unreadable("Voor Word-documenten ontbreekt python-docx.", f"{HOW_TO_INSTALL}.") from error
    try:
        part = docx.Document(str(path)).part
        styles = Styles(_beside(part, "styles"))
        reader = _Reader(file, styles, Numbering(_beside(part, "numbering"), styles))
        blocks = reader.document(part.element.body, _beside(part, "footnotes"), _beside(part, "endnotes"))
        return [*blocks, *asides_of(path, file)]
    except (OpcError, LxmlError, *DAMAGED) as error:
        raise Unreadable(
            f"{file} is geen leesbaar Word-document.", "Open het in Word en sla het opnieuw op."
        ) from error


def _beside(part: Any, kind: str) -> Any | None:
    """The root of a part beside the text (its styles, its footnotes), `None` if there is none."""
    from docx.oxml import parse_xml  # noqa: PLC0415 - an optional package

    for relation in part.rels.values():
        if not relation.is_external and relation.reltype.endswith(f"/{kind}"):
            return parse_xml(relation.target_part.blob)
    return None


@dataclass(slots=True)
class _Reader:
    """Walks through a document; counts its tables and paragraphs for their place."""

    file: str
    styles: Styles
    numbering: Numbering
    unread: Unread = field(default_factory=Unread)
    tables: int = 0
    paragraphs: int = 0
    boxes: int = 0

    def document(self, body: Any, footnotes: Any | None, endnotes: Any | None) -> Iterator[Block]:
        """All blocks, then the notes below the pages, then what was left out."""
        yield from self._blocks(body)
        for notes in (footnotes, endnotes):
            for note in () if notes is None else notes:
                words = "\n".join(filter(None, (self._words(paragraph)[1] for paragraph in note.iter(tag("p")))))
                if words and note.get(tag("type")) is None:
                    yield RawText(words, f"{self.file}, voetnoot {note.get(tag('id'))}")
        yield from self.unread.notes()
        yield from self._changes(body)

    def _blocks(self, element: Any) -> Iterator[Block]:
        for child in _top_level(element, ("p", "tbl")):
            if child.tag == tag("p"):
                yield from self._paragraph(child)
            elif _is_layout(child):
                for cell in _top_level(child, ("tc",)):
                    yield from self._blocks(cell)
            else:
                self.tables += 1
                yield RawTable(tuple(self._lines(child, f"{self.file}, tabel {self.tables}")))

    def _paragraph(self, paragraph: Any) -> Iterator[Block]:
        label, words = self._words(paragraph)
        place = f"{self.file}, alinea {self.paragraphs + 1}"
        self.unread.close(place)
        if words:
            self.paragraphs += 1
            style = self.styles.name(paragraph)
            heading = style.startswith(("heading", "kop", "title", "titel"))
            bullet = label.bullet or bool(label.text) or "list" in style
            yield RawText(f"{label.text} {words}".strip(), place, heading, bullet and not heading)
        for box in _boxes(paragraph):
            yield from self._blocks(box)

    def _lines(self, table: Any, place: str) -> Iterator[RawLine]:
        above: list[str] = []
        for number, row in enumerate(_top_level(table, ("tr",)), 1):
            if row.find(f"{tag('trPr')}/{tag('del')}") is None:
                cells = list(self._cells(row, above))
                above = cells
                yield RawLine(tuple(cells), f"{place}, rij {number}")
                self.unread.close(f"{place}, rij {number}")

    def _cells(self, row: Any, above: list[str]) -> Iterator[str]:
        """The cells of a row by column: a wide cell is followed by empty ones, a merged one repeats the cell above."""
        place = _columns(row.find(tag("trPr")), "gridBefore", 0)
        yield from [""] * place
        for cell in _top_level(row, ("tc",)):
            look = cell.find(tag("tcPr"))
            width = max(_columns(look, "gridSpan", 1), 1)
            merged = value(look, "vMerge")
            goes_on = merged is not None and merged in ("", "continue")
            yield above[place] if goes_on and place < len(above) else self._cell_words(cell)
            yield from [""] * (width - 1)
            place += width

    def _cell_words(self, cell: Any) -> str:
        lines: list[str] = []
        for paragraph in _paragraphs(cell):
            label, words = self._words(paragraph)
            # a number alone is that number, whatever signs the list prints around it
            lines.append(f"{label.text} {words}".strip() if words else label.text.strip("()"))
        return "\n".join(lines).strip()

    def _words(self, paragraph: Any) -> tuple[Label, str]:
        """The number before a paragraph and its words. A paragraph that was deleted as a whole does not count."""
        words = "".join(self._pieces(paragraph, paragraph)).strip()
        self.unread.gap()
        look = paragraph.find(f"{tag('pPr')}/{tag('rPr')}")
        if not words and look is not None and look.find(tag("del")) is not None:
            return Label(), ""
        label = self.numbering.label(paragraph)
        crossed = self.styles.is_set(look, paragraph, *_STRUCK)
        return (Label(bullet=label.bullet) if crossed and not words else label), words

    def _pieces(self, element: Any, paragraph: Any) -> Iterator[str]:
        for child in element:
            if not isinstance(child.tag, str) or child.tag in _NOT_TEXT or _is_placeholder(child):
                continue
            if child.tag == tag("r"):
                yield self._run(child, paragraph)
            else:
                yield from self._pieces(child, paragraph)

    def _run(self, run: Any, paragraph: Any) -> str:
        words = "".join(_piece(element) for element in _outside_boxes(run))
        look = run.find(tag("rPr"))
        if self.styles.is_set(look, paragraph, *_STRUCK):
            return self.unread.struck(words)
        return self.unread.hidden(words) if self.styles.is_set(look, paragraph, "vanish") else words

    def _changes(self, body: Any) -> Iterator[RawNote]:
        put_in = sum(1 for _ in body.iter(tag("ins"), tag("moveTo")))
        taken_out = sum(1 for _ in body.iter(tag("del"), tag("moveFrom")))
        yield from changes_note(self.file, put_in, taken_out)


def _top_level(element: Any, names: tuple[str, ...]) -> Iterator[Any]:
    """The first elements of these names on each path down, in reading order."""
    wanted = {tag(name) for name in names}
    for child in element:
        if child.tag in wanted:
            yield child
        elif child.tag != _FALLBACK:
            yield from _top_level(child, names)


def _is_layout(table: Any) -> bool:
    """Whether a table is only a frame around other tables: one cell in each row."""
    rows = list(_top_level(table, ("tr",)))
    return all(len(list(_top_level(row, ("tc",)))) == 1 for row in rows) and any(
        True for row in rows for _ in row.iter(tag("tbl"))
    )


def _boxes(paragraph: Any) -> Iterator[Any]:
    """The text boxes that hang on a paragraph. Word writes each twice, once for older programs."""
    yield from _top_level(paragraph, ("txbxContent",))


def _paragraphs(element: Any) -> Iterator[Any]:
    """All paragraphs in a cell, also those of tables and text boxes in it."""
    for paragraph in _top_level(element, ("p",)):
        yield paragraph
        for box in _boxes(paragraph):
            yield from _paragraphs(box)


def _outside_boxes(element: Any) -> Iterator[Any]:
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _NOT_TEXT:
            yield child
            yield from _outside_boxes(child)


def _is_placeholder(element: Any) -> bool:
    """A content control in which nobody filled in anything yet ("Klik of tik om tekst in te voeren")."""
    return element.tag == tag("sdt") and element.find(f"{tag('sdtPr')}/{tag('showingPlcHdr')}") is not None


def _columns(look: Any | None, name: str, otherwise: int) -> int:
    written = value(look, name) or ""
    return min(int(written[:3]), _WIDEST) if written.isdecimal() else otherwise


def _piece(element: Any) -> str:
    if element.tag == tag("t"):
        return str(element.text or "")
    return _SIGNS.get(element.tag.rpartition("}")[2], "") if element.tag.startswith(SPACE) else ""


_WIDEST = 50
_SIGNS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_STRUCK = ("strike", "dstrike")
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_NOT_TEXT = frozenset({_FALLBACK, *map(tag, ("pPr", "rPr", "del", "moveFrom", "txbxContent", "sdtPr"))})
