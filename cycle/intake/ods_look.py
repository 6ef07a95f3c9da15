"""How the sheets of an ODS look: hidden rows and columns, merged and struck out cells, formulas without a value."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cycle.intake.sheet_look import SheetLook, parsed


def looks_of_ods(path: Path) -> dict[str, SheetLook]:
    """The look of each sheet by its name; nothing for another kind of file."""
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as packed:
        names = packed.namelist()
        if "content.xml" not in names:
            return {}
        root = parsed(packed.read("content.xml"))
    struck = struck_styles(root)
    return {str(table.get(f"{_TABLE}name", "")): _look(table, struck) for table in root.iter(f"{_TABLE}table")}


def struck_styles(root: Any) -> frozenset[str]:
    """The names of the styles whose text is struck out."""
    return frozenset(
        str(style.get(f"{_STYLE}name", ""))
        for style in root.iter(f"{_STYLE}style")
        for look in style.iter(f"{_STYLE}text-properties")
        if look.get(f"{_STYLE}text-line-through-style", "none") != "none"
    )


@dataclass(slots=True)
class _Counted:
    """An element of a sheet that stands for several rows or columns from one place on."""

    element: Any
    first: int
    count: int

    def places(self) -> range:
        return range(self.first, self.first + min(self.count, _MOST))


def _look(table: Any, struck: frozenset[str]) -> SheetLook:
    look = SheetLook()
    for column in _counted(table.iter(f"{_TABLE}table-column"), "columns"):
        if column.element.get(f"{_TABLE}visibility") in _HIDDEN:
            look.hidden_columns.update(column.places())
    for row in _counted(table.iter(f"{_TABLE}table-row"), "rows"):
        if row.element.get(f"{_TABLE}visibility") in _HIDDEN:
            look.hidden_rows.update(row.places())
        cells = row.element.iterchildren(f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
        for cell in _counted(cells, "columns"):
            _take_cell(cell, row.first, look, struck)
    return look


def _take_cell(cell: _Counted, row: int, look: SheetLook, struck: frozenset[str]) -> None:
    element, place = cell.element, (row, cell.first)
    down, across = (_whole(element.get(f"{_TABLE}number-{which}-spanned")) for which in ("rows", "columns"))
    if down > 1:
        look.merged.append((place, (row + down - 1, cell.first + across - 1)))
    if element.get(f"{_TABLE}formula") and element.get(f"{_OFFICE}value-type") is None:
        look.without_value.append(place)
    if element.get(f"{_TABLE}style-name") in struck:
        look.struck[place] = ""
    elif struck and any(span.get(f"{_TEXT}style-name") in struck for span in element.iter(f"{_TEXT}span")):
        look.struck[place] = "\n".join("".join(unstruck(line, struck)) for line in element.iter(f"{_TEXT}p"))


def unstruck(element: Any, struck: frozenset[str]) -> Iterator[str]:
    """The pieces of a paragraph that are not struck out."""
    yield element.text or ""
    for child in element:
        if child.get(f"{_TEXT}style-name") not in struck:
            yield from unstruck(child, struck)
        yield child.tail or ""


def _counted(elements: Any, what: str) -> Iterator[_Counted]:
    first = 0
    for element in elements:
        count = _whole(element.get(f"{_TABLE}number-{what}-repeated"))
        yield _Counted(element, first, count)
        first += count


def _whole(written: str | None) -> int:
    return max(int(written), 1) if written and written.isdecimal() and len(written) < 8 else 1


_MOST = 1_000
_HIDDEN = ("collapse", "filter")
_TABLE, _STYLE, _OFFICE, _TEXT = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("table", "style", "office", "text")
)
