"""How the sheets of a workbook look: what is hidden, merged or struck out, and formulas that keep no value.

The reader of values does not tell, so the XML of XLSX and ODS is looked at here, and only where it says such a thing.
"""

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

Cell = tuple[int, int]
"""Row and column, both counted from 0."""


@dataclass(slots=True)
class SheetLook:
    """What is not plain on one sheet. `struck` has what is left of a cell; `months` the dates that show no day.

    `days_behind` is how many days its numbers count from a later first day than others do (1904).
    """

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[Cell, Cell]] = field(default_factory=list)
    without_value: list[Cell] = field(default_factory=list)
    struck: dict[Cell, str] = field(default_factory=dict)
    months: set[Cell] = field(default_factory=set)
    days_behind: int = 0


def looks_of(path: Path) -> dict[str, SheetLook]:
    """The look of each sheet by its name; nothing for another kind of file or for sheets that are plain."""
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as packed:
        names = set(packed.namelist())
        if "xl/workbook.xml" in names:
            return dict(_of_xlsx(packed, names))
    return {}


def parsed(content: bytes) -> Any:
    """The root of an XML part; nothing outside of it is fetched or filled in."""
    from lxml import etree  # type: ignore[import-untyped] # noqa: PLC0415 - an optional package

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(content, parser)


def _of_xlsx(packed: zipfile.ZipFile, names: set[str]) -> Iterator[tuple[str, SheetLook]]:
    styles = _Styles(packed, names)
    strings = _struck_strings(packed, names)
    days_behind = _SINCE_1904 if _COUNTS_FROM_1904.search(packed.read("xl/workbook.xml")) else 0
    for name, part in sheet_parts(packed, names):
        content = packed.read(part)
        if styles.unusual or strings or days_behind or _UNUSUAL.search(content):
            look = _look(parsed(content), styles, strings)
            look.days_behind = days_behind
            yield name, look


def sheet_parts(packed: zipfile.ZipFile, names: set[str]) -> Iterator[tuple[str, str]]:
    """The name of each sheet with the part that holds it."""
    relations = "xl/_rels/workbook.xml.rels"
    parts = (
        {str(one.get("Id")): str(one.get("Target")) for one in parsed(packed.read(relations))}
        if relations in names
        else {}
    )
    for sheet in parsed(packed.read("xl/workbook.xml")).iter("{*}sheet"):
        target = next((parts.get(value, "") for key, value in sheet.attrib.items() if key.endswith("}id")), "")
        part = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
        if part in names:
            yield str(sheet.get("name", "")), part


class _Styles:
    """Which styles of cells strike out, and which show a date without its day."""

    def __init__(self, packed: zipfile.ZipFile, names: set[str]) -> None:
        self.struck: set[int] = set()
        self.months: set[int] = set()
        if "xl/styles.xml" in names:
            self._take(parsed(packed.read("xl/styles.xml")))

    @property
    def unusual(self) -> bool:
        return bool(self.struck or self.months)

    def _take(self, root: Any) -> None:
        formats = {str(one.get("numFmtId")): str(one.get("formatCode", "")) for one in root.iter("{*}numFmt")}
        fonts = [_is_struck(font) for font in root.iterfind("{*}fonts/{*}font")]
        for place, style in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
            font, form = str(style.get("fontId", "0")), str(style.get("numFmtId", "0"))
            if font.isdecimal() and int(font) < len(fonts) and fonts[int(font)]:
                self.struck.add(place)
            if form == _MONTH_AND_YEAR or _shows_no_day(formats.get(form, "")):
                self.months.add(place)


def _shows_no_day(form: str) -> bool:
    bare = _QUOTED.sub("", form).casefold()
    return ("y" in bare or "j" in bare) and "m" in bare and "d" not in bare and "h" not in bare


def _is_struck(look: Any) -> bool:
    strike = look.find("{*}strike") if look is not None else None
    return strike is not None and strike.get("val", "1") not in ("0", "false")


def _struck_strings(packed: zipfile.ZipFile, names: set[str]) -> dict[int, str]:
    """The shared texts of which a part is struck out, with what is left of each."""
    content = packed.read(_STRINGS) if _STRINGS in names else b""
    if b"strike" not in content:
        return {}
    texts = enumerate(parsed(content).iterfind("{*}si"))
    return {place: _left_of(text) for place, text in texts if text.find("{*}r/{*}rPr/{*}strike") is not None}


def _left_of(text: Any) -> str:
    runs = (run for run in text.iterfind("{*}r") if not _is_struck(run.find("{*}rPr")))
    return "".join(part.text or "" for run in runs for part in run.iterfind("{*}t"))


def _look(root: Any, styles: _Styles, strings: dict[int, str]) -> SheetLook:
    look = SheetLook()
    for column in root.iterfind("{*}cols/{*}col"):
        if column.get("hidden") in _YES:
            first, last = (int(column.get(side, "1")) for side in ("min", "max"))
            look.hidden_columns.update(range(first - 1, min(last, _MOST_COLUMNS)))
    for row in root.iterfind("{*}sheetData/{*}row"):
        if row.get("hidden") in _YES and str(row.get("r", "")).isdecimal():
            look.hidden_rows.add(int(row.get("r")) - 1)
        for cell in row.iterfind("{*}c"):
            _take_cell(cell, look, styles, strings)
    for merged in root.iterfind("{*}mergeCells/{*}mergeCell"):
        first_cell, _, last_cell = str(merged.get("ref", "")).partition(":")
        begin, end = cell_at(first_cell), cell_at(last_cell or first_cell)
        look.merged += [(begin, end)] if begin and end else []
    return look


def _take_cell(cell: Any, look: SheetLook, styles: _Styles, strings: dict[int, str]) -> None:
    place = cell_at(str(cell.get("r", "")))
    if place is None:
        return
    value = cell.findtext("{*}v") or ""
    style = str(cell.get("s", "0"))
    number = int(style) if style.isdecimal() else 0
    if cell.find("{*}f") is not None and not value and cell.get("t") != "str":
        look.without_value.append(place)
    if number in styles.struck:
        look.struck[place] = ""
    elif cell.find("{*}is/{*}r/{*}rPr/{*}strike") is not None:
        look.struck[place] = _left_of(cell.find("{*}is"))
    elif cell.get("t") == "s" and value.isdecimal() and int(value) in strings:
        look.struck[place] = strings[int(value)]
    if number in styles.months:
        look.months.add(place)


def cell_at(reference: str) -> Cell | None:
    """The row and column of "B12", `None` if it is no such reference."""
    match = _REFERENCE.fullmatch(reference)
    if not match:
        return None
    column = 0
    for letter in match.group(1):
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match.group(2)) - 1, column - 1


def named(cell: Cell) -> str:
    """The name of a cell as it stands at the edges of a sheet: "B12"."""
    return f"{column_name(cell[1])}{cell[0] + 1}"


def column_name(column: int) -> str:
    """The letters above a column."""
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def in_ranges(numbers: set[int], name: Callable[[int], str]) -> str:
    """Rows or columns in words: "3, 5-7"."""
    ranges: list[list[int]] = []
    for number in sorted(numbers):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ", ".join(name(first) if first == last else f"{name(first)}-{name(last)}" for first, last in ranges)


_YES = ("1", "true")
_MOST_COLUMNS = 16_384
_MONTH_AND_YEAR = "17"
_STRINGS = "xl/sharedStrings.xml"
_UNUSUAL = re.compile(rb'<(?:\w+:)?(?:f[ >/]|mergeCell |strike)|hidden="(?:1|true)"')
_COUNTS_FROM_1904 = re.compile(rb'date1904="(?:1|true)"')
_SINCE_1904 = 1_462
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})")
