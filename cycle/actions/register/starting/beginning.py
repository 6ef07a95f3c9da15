"""A new covenant: the draft that its documents make, and the table that is kept of it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from cycle.actions.office.logbook import UNNAMED, note
from cycle.actions.office.office import Office
from cycle.actions.register.folders.folder_people import save_covenant
from cycle.actions.register.reading_in.import_report import ImportReport
from cycle.actions.register.reading_in.importing import import_files
from cycle.domain.model import PartyKind, Role
from cycle.domain.words import MONTHS
from cycle.errors import Refused, SettingsError, Unreadable
from cycle.intake.covenant import COVENANT, CovenantFile
from cycle.intake.document import ReadDocument
from cycle.intake.founding.draft import CovenantDraft, PartyDraft, StepDraft
from cycle.intake.founding.looking import look
from cycle.intake.founding.table import as_parties, table_of, with_year
from cycle.intake.whole import Reader, read_file
from cycle.settings import Settings, StepSettings, validated, with_overrides
from cycle.settings.library import library, raw_steps
from cycle.store import covenants, register
from cycle.store.database import Session
from cycle.store.decisions import decisions
from cycle.store.ids import id_of
from cycle.store.tables import Covenant

Progress = Callable[[Iterable[Path]], Iterable[Path]]


@dataclass(frozen=True, slots=True)
class Founding:
    """A draft and what its documents say when they are read with its parties."""

    draft: CovenantDraft
    documents: tuple[ReadDocument, ...]


@dataclass(frozen=True, slots=True)
class Founder:
    """Who starts the table and is its secretariat."""

    name: str
    email: str


def drafted(settings: Settings, files: Sequence[Path], now: datetime, progress: Progress = iter) -> Founding:
    """The draft of a covenant out of its documents; nothing is kept. Without documents it is empty.

    Raises Unreadable for a file that cannot be read at all.
    """
    for file in files:
        _look_at(file)
    files = each_once(files)
    draft = table_of([look(file) for file in progress(files)])
    parties, groups = as_parties(draft)
    on = draft.signed_on or draft.term_start or settings.local_day(now)
    reader = Reader(parties, groups, settings.reading.conventions(), on)
    documents = tuple(read_file(file, reader).document for file in files)
    return Founding(with_year(draft, documents, steps_on_offer(settings), library()), documents)


def _look_at(file: Path) -> None:
    if file.name == COVENANT or (file / COVENANT).is_file():
        where = file if file.is_dir() else file.parent
        raise Unreadable(
            f"{file} hoort bij de map van een convenant." if file.is_file() else f"{file} is de map van een convenant.",
            f"Lees haar in, dan staat de tafel er: cycle import {where}",
        )
    if file.is_dir():
        raise Unreadable(f"{file} is een map.", "Noem de bestanden die erin staan.")
    if not file.is_file():
        raise Unreadable(f"{file} bestaat niet.", "Controleer het pad.")


def each_once(files: Sequence[Path]) -> list[Path]:
    """The files without those of which the content was there before, under whatever name."""
    once = {sha256(file.read_bytes()).digest(): file for file in reversed(files)}
    return [*reversed(once.values())]


def steps_on_offer(settings: Settings) -> dict[str, StepSettings]:
    """All steps that a table may choose from: those of config.toml, then those of the library."""
    return {**settings.steps, **library().steps}


def begin(
    office: Office,
    files: Sequence[Path],
    draft: CovenantDraft,
    founder: Founder,
    now: datetime,
    by: str = UNNAMED,
    take: Collection[int | str] = (),
) -> ImportReport:
    """Keeps a table as it was drafted, held, with its founder as secretariat, and reads its documents into it.

    `take` says which possible actions in running text come along, counted from 1 or by their words.

    When the process dies between the two, the same again takes up what was begun: nothing is there twice, nothing is
    missing. Raises Refused when a covenant of that name is there, SettingsError with all that does not fit.
    """
    covenant = as_covenant(office, draft, founder, now)
    overrides = overrides_of(draft, steps_on_offer(office.settings))
    with_overrides(office.settings, overrides, "het ontwerp")
    with office.database.writing() as session:
        known = covenants.with_slug(session, draft.slug)
        if known is not None and not (files and _is_half_begun(session, known, by)):
            hint = f"Lees de documenten daar in: cycle import … --covenant {draft.slug}. Een andere tafel: --slug NAAM."
            raise Refused(f"Het convenant {draft.slug} bestaat al.", hint)
        row, _changed = save_covenant(session, covenant, overrides)
        if known is None:
            note(session, now, by, BEGUN, f"convenant {row.slug}", _summary(draft), row.id)
    return import_files(office, each_once(files), draft.slug, now, by=by, yes=True, take=take)


def _is_half_begun(session: Session, row: Covenant, by: str) -> bool:
    """Whether this person began the table and nothing happened there since, not even its documents were read."""
    did = decisions(session, id_of(row), limit=2)
    return [(one.verb, one.by) for one in did] == [(BEGUN, by)] and not register.files_read(session, id_of(row))


BEGUN = "begonnen"


def as_covenant(office: Office, draft: CovenantDraft, founder: Founder, now: datetime) -> CovenantFile:
    """The draft as a covenant folder would have it.

    Raises SettingsError with all faults.
    """
    parties = draft.parties or (PartyDraft("gemeente", draft.municipality or "Gemeente", PartyKind.MUNICIPALITY),)
    own = next((party for party in parties if party.kind is PartyKind.MUNICIPALITY), parties[0])
    data: dict[str, Any] = {
        "slug": draft.slug,
        "name": draft.name,
        "live_since": office.local_day(now),
        "municipality": draft.municipality,
        "signed_on": draft.signed_on,
        "term_start": draft.term_start,
        "term_end": draft.term_end,
        "renews": draft.renews is not False,
        "parties": [{"slug": p.slug, "name": p.name, "kind": p.kind, "aliases": p.aliases} for p in parties],
        "groups": {one.slug: {"members": one.members} for one in draft.groups},
        "people": [{"name": founder.name, "email": founder.email, "party": own.slug, "roles": [Role.SECRETARIAT]}],
    }
    covenant, faults = validated(CovenantFile, data, "het ontwerp", "")
    if covenant is None:
        raise SettingsError(tuple(faults))
    return covenant


def overrides_of(draft: CovenantDraft, on_offer: Mapping[str, StepSettings]) -> dict[str, Any]:
    """The year that was chosen, with the agreements that its steps come from and the moments that the text gives.

    A step of its own has all that the one on offer has after which it is made, but for its title and its moment.
    """
    sitting = {party.slug for party in draft.parties}
    own = {step.name: _in_file(step, sitting) for step in draft.steps}
    for step in draft.steps:
        if step.like:
            like = raw_steps({step.like: on_offer[step.like]})[step.like]
            shared = {key: value for key, value in like.items() if key not in _OF_ONE_STEP}
            own[step.name] = shared | {"title": step.title} | own[step.name]
    return {"year": [step.name for step in draft.steps], "steps": {name: keys for name, keys in own.items() if keys}}


def _in_file(step: StepDraft, sitting: Collection[str]) -> dict[str, Any]:
    """The keys of a step as a file has them: "1 april" for a day of the year. Who was taken off leads nothing."""
    moment = {key: str(value) if key == "every" else _days(value) for key, value in step.moment}
    own = {"source": list(step.source), "leads": [slug for slug in step.leads if slug in sitting]}
    return moment | {key: names for key, names in own.items() if names}


_OF_ONE_STEP = frozenset(["before", "by", "window", "every", "weeks_before", "relative_to", "title", "source", "basis"])
"""The keys of a step that another made after it does not take over."""


def _days(value: Any) -> str | list[str]:
    if isinstance(value[0], int):
        return f"{value[1]} {MONTHS[value[0] - 1]}"
    return [f"{day} {MONTHS[month - 1]}" for month, day in value]


def _summary(draft: CovenantDraft) -> str:
    return f"{len(draft.parties)} partijen, {len(draft.steps)} stappen"
