"""Tables that somebody is about to start: the documents, the draft that they make and what was typed, kept together.

All of it lies beside the uploads (`uploads.py`) until the table begins, or until nobody came back for two weeks.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from cycle.actions.office.logbook import UNNAMED
from cycle.actions.office.office import Office
from cycle.actions.register.reading_in.uploads import FOLDER, drop_uploads, folder_of, keep_uploads, shelf_of, uploads
from cycle.actions.register.starting.beginning import Founder, Founding, drafted
from cycle.actions.register.starting.folder_beginning import FolderLook, look_into_folder
from cycle.actions.register.starting.folder_uploads import is_folder, unpacked_uploads
from cycle.errors import CycleError, NotFound
from cycle.intake.covenant import COVENANT
from cycle.intake.document import ReadDocument
from cycle.intake.founding.draft import CovenantDraft
from cycle.private import write_file
from cycle.settings import Settings

DRAFT = "ontwerp.json"


@dataclass(frozen=True, slots=True)
class FileCounts:
    """What one document holds; `rows` are its agreements and actions in a line each, `possible` those in running text
    that somebody may take up, with their place."""

    file: str
    agreements: int
    agenda: int
    stock: int
    rows: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    possible: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class KeptFounding:
    """A draft as its documents make it, what they hold, and the fields as somebody typed them, if they did."""

    draft: CovenantDraft
    counts: tuple[FileCounts, ...]
    typed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class WaitingFounding:
    """One that can be taken up again."""

    token: str
    name: str
    files: tuple[str, ...]


def start_founding(office: Office, email: str, files: Sequence[tuple[str, bytes]], now: datetime) -> str:
    """Keeps some documents, a covenant folder, or nothing, with the draft that they make; returns what it is called.

    A zip is taken apart. Raises Unreadable for what cannot be read, and for a folder what `look_into_folder` raises;
    then nothing is kept.
    """
    settings, token = office.settings, ""
    try:
        apart, most = unpacked_uploads(files)
        if not any(name == COVENANT for name, _ in apart):
            once = {sha256(content).digest(): (name, content) for name, content in reversed(apart)}
            apart = [*reversed(once.values())]
        token = keep_uploads(settings, shelf_of(email), apart, now, most=most)
        uploaded = uploads(settings, shelf_of(email), token)
        if is_folder(uploaded):
            founding = _of_folder(look_into_folder(office, uploaded, Founder(UNNAMED, email), now), uploaded)
        else:
            founding = _kept(drafted(settings, uploaded, now))
        _keep(folder_of(settings, shelf_of(email), token), founding, now)
    except CycleError:
        drop_uploads(settings, shelf_of(email), token)
        raise
    return token


def founding_of(settings: Settings, email: str, token: str) -> tuple[KeptFounding, list[Path]]:
    """A kept founding with its documents.

    Raises NotFound when it is gone, or somebody else's.
    """
    files = uploads(settings, shelf_of(email), token)
    try:
        founding = _answers().validate_json((folder_of(settings, shelf_of(email), token) / DRAFT).read_bytes())
    except (OSError, ValidationError):  # broken off, or of another version of the program
        raise NotFound("Dit ontwerp is er niet meer.", "Begin opnieuw, met dezelfde documenten.") from None
    return founding, files


def keep_typed(settings: Settings, email: str, token: str, typed: Sequence[tuple[str, str]], now: datetime) -> None:
    """Keeps the fields as they were typed. Raises NotFound."""
    founding, _files = founding_of(settings, email, token)
    _keep(folder_of(settings, shelf_of(email), token), replace(founding, typed=tuple(typed)), now)


def drop_founding(settings: Settings, email: str, token: str) -> None:
    """Throws one away."""
    drop_uploads(settings, shelf_of(email), token)


def waiting_foundings(settings: Settings, email: str) -> list[WaitingFounding]:
    """What somebody left and can take up again, newest first."""
    folders = sorted(settings.path(FOLDER).joinpath(str(shelf_of(email))).glob("*"), key=_age, reverse=True)
    waiting = []
    for folder in folders:
        try:
            founding, _files = founding_of(settings, email, folder.name)
        except NotFound:
            continue
        name = dict(founding.typed).get("naam") or founding.draft.name
        waiting.append(WaitingFounding(folder.name, name, tuple(one.file for one in founding.counts)))
    return waiting


def _age(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except OSError:  # thrown away at this very moment
        return 0


def _kept(founding: Founding) -> KeptFounding:
    return KeptFounding(founding.draft, tuple(map(_counted, founding.documents)))


def _of_folder(look: FolderLook, files: Sequence[Path]) -> KeptFounding:
    """Only what the list of drafts shows: a folder is looked into anew each time."""
    c = look.covenant
    draft = CovenantDraft(c.slug, c.name, c.municipality, c.signed_on, c.term_start, c.term_end, c.renews, (), ())
    return KeptFounding(draft, tuple(FileCounts(file.name, 0, 0, 0) for file in files if file.name == COVENANT))


def _counted(document: ReadDocument) -> FileCounts:
    rows = (*document.agreements, *document.agenda)
    lines = (" ".join(filter(None, (row.number, row.topic or row.text[:_SHORT]))) for row in rows)
    problems = tuple(str(problem) for problem in document.problems)
    counts = len(document.agreements), len(document.agenda), len(document.stock)
    possible = tuple((row.text, row.source) for row in document.unnumbered)
    return FileCounts(document.file, *counts, tuple(lines), problems, possible)


def _keep(folder: Path, founding: KeptFounding, now: datetime) -> None:
    """Written beside and then put in place: a reader sees the old one or the new one."""
    beside = folder / f".{DRAFT}"
    beside.unlink(missing_ok=True)
    write_file(beside, _answers().dump_json(founding))
    beside.replace(folder / DRAFT)
    os.utime(folder, (now.timestamp(), now.timestamp()))


_SHORT = 80


@cache
def _answers() -> TypeAdapter[KeptFounding]:
    return TypeAdapter(KeptFounding)
