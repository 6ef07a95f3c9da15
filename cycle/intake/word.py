"""DOCX with python-docx: paragraphs and tables in reading order, also inside content controls.

python-docx itself skips what stands in a content control, as municipal templates often have it, so the tree is walked
here. A cell merged downwards holds for each row that it spans. Deleted text (tracked changes) is left out.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cycle.errors import Unreadable
from cycle.intake.raw import Block, RawLine, RawTable, RawText
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
        body = docx.Document(str(path)).element.body
    except (OpcError, LxmlError, zipfile.BadZipFile, KeyError, ValueError, OSError, AttributeError) as error:
        raise Unreadable(
            f"{file} is geen leesbaar Word-document.", "Open het in Word en sla het opnieuw op."
        ) from error
    return list(_blocks(body, file))


def _blocks(body: Any, file: str) -> Iterator[Block]:
    tables = paragraphs = 0
    for element in _top_level(body, ("p", "tbl")):
        if element.tag == _tag("tbl"):
            tables += 1
            yield RawTable(tuple(_lines(element, f"{file}, tabel {tables}")))
        elif (words := _words(element)).strip():
            paragraphs += 1
            style = _style(element)
            bullet = element.find(f".//{_tag('numPr')}") is not None or "list" in style
            heading = style.startswith(("heading", "kop", "title", "titel"))
            yield RawText(words.strip(), f"{file}, alinea {paragraphs}", heading, bullet and not heading)


def _top_level(element: Any, names: tuple[str, ...]) -> Iterator[Any]:
    """The first elements of these names on each path down, in reading order."""
    wanted = {_tag(name) for name in names}
    for child in element:
        if child.tag in wanted:
            yield child
        else:
            yield from _top_level(child, names)


def _lines(table: Any, place: str) -> Iterator[RawLine]:
    above: list[str] = []
    for number, row in enumerate(_top_level(table, ("tr",)), 1):
        cells = list(_cells(row, above))
        above = cells
        yield RawLine(tuple(cells), f"{place}, rij {number}")


def _cells(row: Any, above: list[str]) -> Iterator[str]:
    """The cells of a row by column: a wide cell is followed by empty ones, a merged one repeats the cell above."""
    place = 0
    for cell in _top_level(row, ("tc",)):
        width = _width(cell)
        merged = cell.find(f"{_tag('tcPr')}/{_tag('vMerge')}")
        goes_on = merged is not None and merged.get(_tag("val"), "continue") == "continue"
        yield above[place] if goes_on and place < len(above) else _cell_words(cell)
        yield from [""] * (width - 1)
        place += width


def _width(cell: Any) -> int:
    span = cell.find(f"{_tag('tcPr')}/{_tag('gridSpan')}")
    value = span.get(_tag("val"), "1") if span is not None else "1"
    return max(1, min(int(value[:3]), _WIDEST)) if value.isdecimal() else 1


def _cell_words(cell: Any) -> str:
    return "\n".join(_words(paragraph) for paragraph in cell.iter(_tag("p"))).strip()


def _words(paragraph: Any) -> str:
    return "".join(_piece(element) for element in paragraph.iter() if isinstance(element.tag, str))


def _piece(element: Any) -> str:
    if element.tag == _tag("t"):
        return str(element.text or "")
    return _SIGNS.get(element.tag.rpartition("}")[2], "") if element.tag.startswith(_SPACE) else ""


def _style(paragraph: Any) -> str:
    style = paragraph.find(f"{_tag('pPr')}/{_tag('pStyle')}")
    return str(style.get(_tag("val"), "")).casefold() if style is not None else ""


def _tag(name: str) -> str:
    return f"{_SPACE}{name}"


_WIDEST = 50
_SPACE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SIGNS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
