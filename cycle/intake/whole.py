"""A whole file in one child process: its blocks, and what they say. Nothing of it is worked out in the service itself.

What comes back is JSON of frozen values, so that a hostile file can send nothing else; it can be kept and read again.
"""

from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from cycle.domain.model import Conventions, Group, Party
from cycle.domain.text import clean_line
from cycle.errors import Unreadable
from cycle.intake import limits
from cycle.intake.document import ReadDocument
from cycle.intake.file_reading import document_of
from cycle.intake.formats import blocks_of, kind_of
from cycle.intake.leads import names_of
from cycle.intake.left_over import in_order, register_left
from cycle.intake.raw import Block, RawTable
from cycle.intake.register import Entry
from cycle.intake.register_table import COLUMNS, KEEPING, NEEDED, register_of

MOST_ROWS = 10_000
"""Many times the longest agreement; more rows than this are something else."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the covenant's parties and groups, how it reads dates, and the day from which a register speaks.

    `columns` is what a person said that columns are, by heading.
    """

    parties: tuple[Party, ...]
    groups: tuple[Group, ...]
    conventions: Conventions
    on: date
    columns: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> bytes:
        """For the child process, and to know later what a kept answer was an answer to."""
        return _readers().dump_json(self)


@dataclass(frozen=True, slots=True)
class FileRead:
    """What one file says; `entries` only where it is a register that was exported."""

    document: ReadDocument
    entries: tuple[Entry, ...] | None = None

    def as_json(self) -> bytes:
        """To keep."""
        return _answers().dump_json(self)


def read_file(path: Path, reader: Reader) -> FileRead:
    """Reads a file of any known format, within limits of memory and time.

    Raises Unreadable.
    """
    seconds = limits.seconds_for(kind_of(path)) + limits.OTHER_CHILD_SECONDS  # to parse it, and to see what it says
    return file_read_of(limits.ask_child("whole", path, seconds, reader.as_json())["read"])


def file_read_of(stored: object) -> FileRead:
    """The reverse of `FileRead.as_json`, from plain values."""
    return _answers().validate_python(stored)


def read_here(path: Path, asked: bytes) -> FileRead:
    """The same in this process: for the child."""
    reader = _readers().validate_json(asked)
    names = names_of(reader.parties, reader.groups)
    file = clean_line(path.name)  # a name on a disk can hold what no text can
    blocks = blocks_of(path, names)
    _refuse_many(blocks, file)
    table = register_of(blocks, file, names, reader.conventions, reader.on)
    if table is not None:
        unused = in_order(register_left(blocks, (*COLUMNS, *KEEPING), NEEDED), (), names)
        return FileRead(replace(table.as_document(file), unused=unused), table.entries)
    return FileRead(document_of(blocks, file, names, reader.conventions, said=dict(reader.columns), today=reader.on))


def _refuse_many(blocks: list[Block], file: str) -> None:
    rows = sum(len(block.lines) if isinstance(block, RawTable) else 1 for block in blocks)
    if rows > MOST_ROWS:
        hint = "Houd alleen de rijen met afspraken over, of splits het bestand."
        raise Unreadable(f"{file} heeft meer dan {MOST_ROWS:,} rijen.".replace(",", "."), hint)


@cache
def _readers() -> TypeAdapter[Reader]:
    return TypeAdapter(Reader)


@cache
def _answers() -> TypeAdapter[FileRead]:
    return TypeAdapter(FileRead)
