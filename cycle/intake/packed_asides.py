"""What stands beside the text of an office file: remarks, and the heads and feet of its pages.

They are no agreements, but what they say of a date, a figure or a party must not get lost, so they are named.
"""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from cycle.intake.raw import RawAside
from cycle.intake.sheet_look import parsed, sheet_parts

REMARK = "opmerking bij de tekst"
EDGE = "kop- of voettekst van een bladzijde"


def asides_of(path: Path, file: str) -> list[RawAside]:
    """The remarks and page heads of a DOCX, XLSX, ODT or ODS; the same words once."""
    if not zipfile.is_zipfile(path):
        return []
    with zipfile.ZipFile(path) as packed:
        names = sorted(packed.namelist())
        if "content.xml" in names:
            asides = _of_open_document(packed, names, file)
        elif "xl/workbook.xml" in names:
            asides = _of_workbook(packed, set(names), file)
        else:
            asides = _of_word(packed, names, file)
        return list({(one.text, one.what): one for one in reversed(list(asides))}.values())[::-1]


def _of_word(packed: zipfile.ZipFile, names: list[str], file: str) -> Iterator[RawAside]:
    for name in names:
        edge = _WORD_EDGE.fullmatch(name)
        if edge:
            words = " ".join(filter(None, map(_paragraph, parsed(packed.read(name)).iter("{*}p"))))
            yield from _aside(words, f"{file}, {'koptekst' if edge.group(1) == 'header' else 'voettekst'}", EDGE)
        elif name == "word/comments.xml":
            for number, remark in enumerate(parsed(packed.read(name)).iter("{*}comment"), 1):
                words = " ".join(filter(None, map(_paragraph, remark.iter("{*}p"))))
                yield from _aside(words, f"{file}, opmerking {number}", REMARK)


def _paragraph(paragraph: Any) -> str:
    """The words of a paragraph; a tab or a break is a space, and what was deleted is left out."""
    pieces = (element.text if element.tag.endswith("}t") else " " for element in paragraph.iter(*_WORD_PIECES))
    return " ".join("".join(piece or "" for piece in pieces).split())


def _of_workbook(packed: zipfile.ZipFile, names: set[str], file: str) -> Iterator[RawAside]:
    for sheet, part in sheet_parts(packed, names):
        place = f"{file}, blad {sheet}"
        beside = PurePosixPath(part)
        relations = f"{beside.parent}/_rels/{beside.name}.rels"
        targets = [str(one.get("Target")) for one in parsed(packed.read(relations))] if relations in names else []
        for target in targets:
            name = target.lstrip("/") if target.startswith("/") else _resolved(beside.parent, target)
            if "omment" in PurePosixPath(name).name and name in names:
                yield from _of_cells(parsed(packed.read(name)), place)
        content = packed.read(part)
        if b"headerFooter" in content:
            for edge in parsed(content).iterfind("{*}headerFooter/*"):
                yield from _aside(_SHEET_CODES.sub(" ", edge.text or ""), f"{place}, kop- of voettekst", EDGE)


def _of_cells(root: Any, place: str) -> Iterator[RawAside]:
    for remark in root.iter("{*}comment", "{*}threadedComment"):
        words = " ".join(part.text or "" for part in remark.iter("{*}t", "{*}text") if part.text)
        yield from _aside(words, f"{place}, opmerking bij cel {remark.get('ref', '')}", REMARK)


def _resolved(folder: PurePosixPath, target: str) -> str:
    parts = list(folder.parts)
    for part in target.split("/"):
        if part == "..":
            parts = parts[:-1]
        else:
            parts.append(part)
    return "/".join(parts)


def _of_open_document(packed: zipfile.ZipFile, names: list[str], file: str) -> Iterator[RawAside]:
    remarks = parsed(packed.read("content.xml")).iter("{*}annotation")
    for number, remark in enumerate(remarks, 1):
        words = " ".join("".join(paragraph.itertext()) for paragraph in remark.iter("{*}p"))
        yield from _aside(words, f"{file}, opmerking {number}", REMARK)
    if "styles.xml" in names:
        for edge in parsed(packed.read("styles.xml")).iterfind("{*}master-styles/{*}master-page/*"):
            where = edge.tag.rpartition("}")[2].partition("-")[0]
            if where in _EDGES:
                words = " ".join("".join(paragraph.itertext()) for paragraph in edge.iter("{*}p"))
                yield from _aside(words, f"{file}, {_EDGES[where]}", EDGE)


def _aside(words: str, place: str, what: str) -> Iterator[RawAside]:
    words = " ".join(words.split())
    if words and not (what == EDGE and _FURNITURE.fullmatch(words)):
        yield RawAside(words, place, what)


_WORD_EDGE = re.compile(r"word/(header|footer)\d*\.xml")
_WORD_PIECES = ("{*}t", "{*}tab", "{*}br")
# "&C", "&P", "&\"Arial,Bold\"", "&12": where, which field and in what type
_SHEET_CODES = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|\d+|[A-Za-z])')
# the number of a page, and the fields that LibreOffice fills in only on paper
_FURNITURE = re.compile(r"(?:\W|0|\b\d{1,3}\b|\b(?:page|pagina|bladzijde|blz|blad|sheet|van|of)\b)*", re.I)
_EDGES = {"header": "koptekst", "footer": "voettekst"}
