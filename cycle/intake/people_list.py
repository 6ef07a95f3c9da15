"""A list of people as somebody pastes it, or has it in a workbook: who, where to reach them, for which party, as what.

A line is "naam; adres; partij; rol; afspraken" (a tab or a comma will do), what Outlook copies ("Naam <adres>; Naam
<adres>"), or a row below a heading. Nothing is judged here, and no line is lost: one without an address comes out too.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cycle.intake import separated
from cycle.intake.encoding import decoded
from cycle.intake.formats import blocks_of, kind_of
from cycle.intake.leads import names_of
from cycle.intake.limits import read_within_size
from cycle.intake.raw import Block, RawLine, RawNote, RawTable, RawText

FIELDS = ("name", "email", "party", "role", "agreements", "themes", "since", "until")
HEADS: Mapping[str, tuple[str, ...]] = {
    "name": ("naam", "wie"),
    "email": ("adres", "mailadres", "e-mailadres", "e-mail", "email", "mail"),
    "party": ("partij", "organisatie"),
    "role": ("rol", "rollen", "functie"),
    "agreements": ("afspraken", "afspraak", "nummers"),
    "themes": ("themas", "thema's", "thema"),
    "since": ("vanaf", "sinds"),
    "until": ("tot", "tot en met", "t/m"),
}
"""What a column may be called; the first word is the one that we write."""
_FIELD_OF = {head: field for field, heads in HEADS.items() for head in heads}
_ADDRESS = r"[^\s<>;,\"()]+@[^\s<>;,\"()]+"
_MAILBOX = re.compile(rf"(?P<name>.*?)[<(]\s*(?:mailto:)?(?P<address>{_ADDRESS})\s*[>)]", re.DOTALL)
_BARE = re.compile(rf"(?:mailto:)?({_ADDRESS})")


@dataclass(frozen=True, slots=True)
class WrittenPerson:
    """Somebody as they stand in a list, in the words that stand there; what it does not say is empty."""

    place: str
    name: str = ""
    email: str = ""
    party: str = ""
    role: str = ""
    agreements: str = ""
    themes: str = ""
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class PeopleList:
    """A list that was read, and what a person should know about the file."""

    people: tuple[WrittenPerson, ...]
    notes: tuple[str, ...] = ()


def people_in(text: str) -> tuple[WrittenPerson, ...]:
    """Everybody in a pasted list."""
    lines = ((f"regel {number}", _cells(line)) for number, line in enumerate(text.splitlines(), 1))
    return tuple(_people(lines))


def people_of(file: Path) -> PeopleList:
    """Everybody in a file: a workbook, a CSV, or a text with such lines.

    Raises Unreadable when the file cannot be read.
    """
    rows: list[tuple[str, Sequence[str]]] = []
    notes = []
    for block in _blocks_of(file):
        if isinstance(block, RawNote):
            notes.append(f"{block.place}: {block.what} {block.hint}")
        elif isinstance(block, RawTable):
            rows += [(line.place, _row_cells(line)) for line in block.lines]
        else:
            rows += [(block.place, _cells(line)) for line in block.text.splitlines()]
    return PeopleList(tuple(_people(rows)), tuple(notes))


def _blocks_of(file: Path) -> Sequence[Block]:
    """A text is taken line by line: an address between < and > is no markup here."""
    if kind_of(file):
        return blocks_of(file, names_of((), ()))
    text = decoded(read_within_size(file))
    if file.suffix.casefold() == ".csv":
        return separated.blocks_of(text, file.name)
    return [RawText(line, f"{file.name}, regel {number}") for number, line in enumerate(text.splitlines(), 1)]


def as_text(people: Iterable[WrittenPerson]) -> str:
    """The same people as a list that reads back as them."""
    rows = [[getattr(person, field) for field in FIELDS] for person in people]
    used = [place for place in range(len(FIELDS)) if place < 4 or any(row[place] for row in rows)]
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow([HEADS[FIELDS[place]][0] for place in used])
    writer.writerows([[row[place] for place in used] for row in rows])
    return out.getvalue() if rows else ""


def _people(rows: Iterable[tuple[str, Sequence[str]]]) -> Iterator[WrittenPerson]:
    columns: Sequence[str] = ()
    for place, cells in rows:
        if not any(cells):
            continue
        heads = [_FIELD_OF.get(cell.casefold(), "") for cell in cells]
        if "email" in heads or heads.count("") == 0:
            columns = heads
        elif columns:
            yield _below(columns, cells, place)
        else:
            yield from _in_line(cells, place)


def _below(columns: Sequence[str], cells: Sequence[str], place: str) -> WrittenPerson:
    """A row below a heading; an address may stand behind the name."""
    words: dict[str, str] = {}
    for column, cell in zip(columns, cells, strict=False):
        if column and cell:
            words[column] = f"{words[column]}, {cell}" if column in words else cell
    person = WrittenPerson(place, **words)
    name, address = _mailbox(person.email) or _mailbox(person.name) or ("", "")
    return replace(person, name=name or ("" if person.name == address else person.name), email=address or person.email)


def _in_line(cells: Sequence[str], place: str) -> Iterator[WrittenPerson]:
    """The people of one line: mostly one, and as many as there are addresses."""
    mailboxes = [_mailbox(cell) for cell in cells]
    starts = [number for number, mailbox in enumerate(mailboxes) if mailbox]
    if not starts:
        yield _named(place, cells[0], cells[1] if len(cells) > 1 else "", cells[2:])
        return
    for start, following in zip(starts, [*starts[1:], len(cells)], strict=True):
        name, address = mailboxes[start] or ("", "")
        before = list(cells[:start]) if start == starts[0] else []
        if not name and before:
            name = before.pop(0)
        yield _named(place, name, address, [*before, *cells[start + 1 : following]])


def _named(place: str, name: str, email: str, details: Sequence[str]) -> WrittenPerson:
    party, role, *rest = [*details, "", ""][: max(2, len(details))]
    return WrittenPerson(place, name, email, party, role, ", ".join(cell for cell in rest if cell))


def _mailbox(cell: str) -> tuple[str, str] | None:
    """Name and address of a cell that is a mailbox: "Naam <adres>", or an address alone."""
    if bare := _BARE.fullmatch(cell):
        return "", bare[1]
    mailbox = _MAILBOX.fullmatch(cell)
    if mailbox is None:
        return None
    name = mailbox["name"].strip().strip("\"'").strip()
    return ("" if name.casefold() == mailbox["address"].casefold() else name), mailbox["address"]


def _cells(line: str) -> list[str]:
    """The cells of a line, by the sign that parts them there: a tab, a semicolon, else a comma."""
    if "\t" in line or ";" in line:
        return [piece for cell in _split(line, "\t" if "\t" in line else ";") for piece in _mailboxes(cell)]
    if "<" not in line:
        return _split(line, ",")
    return [piece for cell in _mailboxes(line) for piece in ([cell] if "<" in cell else _split(cell, ","))]


def _mailboxes(cell: str) -> list[str]:
    """A cell in which several stand with commas between them, as one for each."""
    return [piece.strip() for piece in re.split(r"(?<=>)\s*,\s*", cell)] if cell.count("<") else [cell]


def _split(line: str, mark: str) -> list[str]:
    [cells] = csv.reader([line], delimiter=mark, skipinitialspace=True) if line.strip() else [[]]
    return [" ".join(cell.split()) for cell in cells]


def _row_cells(line: RawLine) -> list[str]:
    return [" ".join(cell.split()) for cell in line.cells]
