"""Which format a file has, by what is in it rather than by its name, and the reader for it.

Exports lie about their name: an ".xls" is often a page of HTML or a text with tabs.
"""

import re
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from cycle.errors import Unreadable
from cycle.intake import aligned, limits, pipes, separated, tabbed, wrapped
from cycle.intake.encoding import decoded
from cycle.intake.leads import Names
from cycle.intake.numbered import with_rows
from cycle.intake.raw import Block, RawAside, RawNote, RawTable, RawText, cleaned
from cycle.intake.table_columns import columns_of_heading
from cycle.intake.unread import without_struck


def blocks_of(path: Path, names: Names) -> list[Block]:
    """The blocks of a file of any known format, their texts clean; `Unreadable` says why if there are none."""
    return with_rows([cleaned(block) for block in _blocks_of(path, names)], names)


def kind_of(path: Path) -> str:
    """The kind of a binary file, "" for text.

    Raises Unreadable for one that may not be parsed at all.
    """
    return _binary_kind(limits.read_within_size(path), path)


def _blocks_of(path: Path, names: Names) -> list[Block]:
    content = limits.read_within_size(path)
    kind = _binary_kind(content, path)
    if kind == "pdf":
        return _with_wrapped_text(limits.parse_in_child("pdf", path), path.name, names)
    if kind:
        return limits.parse_in_child(kind, path)
    text = decoded(content)
    blocks = _text_blocks(text, path, names)
    return without_struck(blocks) if "~~" in text or "<" in text else blocks


def _binary_kind(content: bytes, path: Path) -> str:
    """The kind of a binary file, "" for text."""
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content.startswith(b"PK"):
        return _packed_kind(limits.check_zip(path), path)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        if path.suffix.casefold() == ".doc" or _OLD_WORD in content:
            raise Unreadable(f"{path.name} is een oud Word-bestand.", "Sla het in Word op als DOCX.")
        if _LOCKED in content:
            raise Unreadable(f"{path.name} is met een wachtwoord beveiligd.", "Sla het op zonder wachtwoord.")
        return "spreadsheet"
    if content.lstrip().startswith(b"{\\rtf"):
        raise Unreadable(f"{path.name} is een RTF-bestand.", "Sla het in Word op als DOCX.")
    if b"\0" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _unknown(path)
    return ""


def _packed_kind(names: list[str], path: Path) -> str:
    if any(name.startswith("word/") for name in names):
        return "docx"
    if any(name.startswith("xl/") for name in names):
        return "spreadsheet"
    if "content.xml" in names:
        return "odt" if limits.holds_text(path) else "spreadsheet"
    raise _unknown(path)


def _unknown(path: Path) -> Unreadable:
    kinds = "PDF, DOCX, ODT, XLSX, XLS, ODS, CSV, HTML, Markdown of tekst"
    return Unreadable(f"{path.name} is van een onbekend soort.", f"Sla het op als {kinds}.")


def _text_blocks(text: str, path: Path, names: Names) -> list[Block]:
    """A text by the form of its rows: HTML, cells between tabs or pipes, CSV, or lines out of a PDF."""
    suffix, file = path.suffix.casefold(), path.name
    if _OFFICE_XML.search(text[:_BEGINNING]):
        raise Unreadable(
            f"{file} is een Word- of LibreOffice-bestand als XML.", "Sla het op als DOCX, XLSX, ODT of ODS."
        )
    lines = text.split("\n")
    if _PAGE.match(text) or suffix in (".html", ".htm"):
        return limits.parse_in_child("html", path)
    if suffix in (".csv", ".tsv") or _begins_as_csv(lines):
        return separated.blocks_of(text, file)
    if _count(lines, lambda line: "\t" in line) >= _ROWS:
        return tabbed.blocks_of(text, file)
    if _count(lines, pipes.is_row) >= _ROWS:
        return pipes.blocks_of(text, file)
    if "<table" in text.casefold():
        return limits.parse_in_child("html", path)
    if any(aligned.heading_starts(line) for line in lines):
        return aligned.blocks_of(text, file)
    return wrapped.blocks_of(text, file, names)


def _begins_as_csv(lines: list[str]) -> bool:
    """Whether the first line holds the headings of a table and nothing else, and a line of cells stands below it."""
    first, *below = [*islice((line for line in lines if line.strip()), _BEGINNING_LINES)] or [""]
    marks = (mark for mark in ";,\t" if first.count(mark) >= 2 and not _TITLED.match(first))
    return any(
        columns_of_heading(first.split(mark)) is not None
        and (not below or any(line.count(mark) >= 2 for line in below))
        for mark in marks
    )


def _count(lines: list[str], is_row: Callable[[str], bool]) -> int:
    return sum(1 for line in lines if is_row(line))


def _with_wrapped_text(blocks: list[Block], file: str, names: Names) -> list[Block]:
    """A PDF in which no table was found is read as text."""
    if any(isinstance(block, RawTable) for block in blocks):
        return blocks
    pages = [block.text for block in blocks if isinstance(block, RawText)]
    notes = [block for block in blocks if isinstance(block, RawNote | RawAside)]
    return [*wrapped.blocks_of("\f".join(pages), file, names), *notes]


_ROWS = 2
_BEGINNING_LINES = 4
_TITLED = re.compile(r"#{1,6} \w")
# the name of the stream that holds the text of an old Word file
_OLD_WORD = "WordDocument".encode("utf-16-le")
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_OFFICE_XML = re.compile(r"<(?:office:document\b|w:wordDocument\b|pkg:package\b)")
_BEGINNING = 4_000
_PAGE = re.compile(r"\s*(?:<!doctype html|<html|<\?xml|<head|<body|<table|<meta)", re.I)
