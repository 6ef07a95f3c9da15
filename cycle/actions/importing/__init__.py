"""Import: a covenant folder, or agreement documents into the register. Importing mails nobody.

Everything is read and checked before anything is written; a second import of the same changes nothing and says so.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from cycle.actions.keeping import Kept, keep_covenant
from cycle.actions.logbook import note
from cycle.actions.office import Office
from cycle.actions.views import View, steps_of, view
from cycle.domain.model import Group, Party
from cycle.errors import Fault, Unreadable
from cycle.intake import Document, document_as_json, read_document
from cycle.intake.covenant import CovenantFile, read_covenant
from cycle.intake.register import Entry, EntryReading, entries_of, read_register
from cycle.settings import with_overrides
from cycle.store import covenants, register
from cycle.store import tables as t

REGISTER = "agreements.csv"


@dataclass(frozen=True, slots=True)
class Differences:
    """How what was read differs from the register, by agreement number."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether writing would change the register."""
        return bool(self.new or self.changed)


@dataclass(frozen=True, slots=True)
class Report:
    """What an import read, what it changes, what is doubtful and what went wrong."""

    covenant: str
    documents: tuple[Document, ...]
    differences: Differences
    doubts: tuple[dict[str, Any], ...]
    problems: tuple[Fault, ...]
    kept: Kept | None = None
    covenant_changed: bool = False

    def as_json(self) -> dict[str, Any]:
        """The stable shape of `cycle import --check --json` (design section 5)."""
        counts = self.differences
        return {
            "documents": [document_as_json(document) for document in self.documents],
            "register": {
                "new": len(counts.new), "changed": len(counts.changed), "unchanged": len(counts.unchanged),
                "gone": len(counts.gone),
            },
            "doubts": list(self.doubts),
            "problems": [{"place": one.place, "what": one.what, "hint": one.hint} for one in self.problems],
        }  # fmt: skip


def import_folder(office: Office, folder: Path, now: datetime, *, check: bool = False, by: str = "") -> Report:
    """Loads a covenant with its people and, where there is one, its register.

    Raises SettingsError with every fault of covenant.toml, Unreadable for a register that is no table.
    """
    covenant = read_covenant(folder)
    overrides = covenant.model_dump(include={"steps", "ladders", "reading", "send_hour"})
    text = (folder / "covenant.toml").read_text(encoding="utf-8-sig")
    own = with_overrides(office.settings, overrides, "covenant.toml", text)
    parties, groups = _parties_of(covenant), _groups_of(covenant)
    steps_of(own, parties, groups)  # a step that names somebody unknown is refused before anything is written
    entries: tuple[Entry, ...] = ()
    problems: tuple[Fault, ...] = ()
    if (folder / REGISTER).exists():
        on = covenant.signed_on or covenant.term_start or covenant.live_since
        entries, problems = read_register(folder / REGISTER, parties, groups, own.reading.conventions(), on)
    with office.database.reading() as session:
        known = {row.slug: row.id or 0 for row in covenants.covenants(session)}
        differences = _differences(session, known.get(covenant.slug), entries, complete=bool(entries))
    report = Report(covenant.slug, (), differences, _doubts(entries), problems)
    return report if check else _store_folder(office, covenant, overrides, entries, report, now, by)


def import_files(
    office: Office, files: Sequence[Path], covenant: str | None, now: datetime, *, check: bool = False, by: str = ""
) -> Report:
    """Reads agreement documents into the register of a covenant.

    Raises Unreadable for a file that cannot be read at all; then nothing is written.
    """
    with office.database.reading() as session:
        here = view(session, office.settings, covenant)
        groups = covenants.groups(session, here.id)
    documents = tuple(_read(file, here, groups) for file in files)
    entries = entries_of(documents)
    with office.database.reading() as session:
        complete = any(document.agreements for document in documents)
        differences = _differences(session, here.id, entries, complete=complete)
    problems = tuple(problem for document in documents for problem in document.problems)
    report = Report(here.row.slug, documents, differences, _doubts(entries), problems)
    return report if check else _store_files(office, files, here, entries, report, now, by)


def _read(file: Path, here: View, groups: Sequence[Group]) -> Document:
    if not file.is_file():
        raise Unreadable(f"{file} bestaat niet.", "Controleer het pad.")
    return read_document(file, parties=here.parties, groups=groups, conventions=here.settings.reading.conventions())


def _store_folder(
    office: Office, covenant: CovenantFile, overrides: dict[str, Any], entries: Sequence[Entry], report: Report,
    now: datetime, by: str,
) -> Report:  # fmt: skip
    with office.database.writing() as session:
        row, changed = _save_covenant(session, covenant, overrides)
        for position, entry in enumerate(entries):
            _save_entry(session, row.id or 0, entry, position)
        session.flush()
        here = view(session, office.settings, covenant.slug)
        kept = keep_covenant(session, here, now)
        if changed or report.differences.any:
            note(session, now, by, "ingelezen", f"convenant {row.slug}", f"{len(entries)} afspraken", row.id)
    return Report(
        report.covenant, (), report.differences, report.doubts, report.problems, kept, covenant_changed=changed
    )


def _store_files(
    office: Office, files: Sequence[Path], here: View, entries: Sequence[Entry], report: Report, now: datetime, by: str
) -> Report:
    if not report.differences.any:
        return report
    with office.database.writing() as session:
        changed = {*report.differences.new, *report.differences.changed}
        for position, entry in enumerate(entries):
            if entry.number in changed:
                _save_entry(session, here.id, entry, position)
        for file in files:
            digest = hashlib.sha256(file.read_bytes()).hexdigest()
            session.add(t.Document(covenant_id=here.id, file=file.name, sha256=digest, imported_at=now))
        session.flush()
        kept = keep_covenant(session, here, now)
        names = ", ".join(file.name for file in files)
        note(session, now, by, "ingelezen", names, f"{len(changed)} afspraken", here.id)
    return Report(report.covenant, report.documents, report.differences, report.doubts, report.problems, kept)


def _parties_of(covenant: CovenantFile) -> tuple[Party, ...]:
    return tuple(Party(one.slug, one.name, one.kind, one.aliases) for one in covenant.parties)


def _groups_of(covenant: CovenantFile) -> tuple[Group, ...]:
    return tuple(Group(slug, one.members, one.aliases) for slug, one in covenant.groups.items())


def _differences(session: Session, covenant_id: int | None, entries: Sequence[Entry], *, complete: bool) -> Differences:
    """The register beside what was read. Only a document with the framework in it can say that one is gone."""
    rows = {row.number: row for row in register.agreement_rows(session, covenant_id)} if covenant_id else {}
    readings = _reading_rows(session, covenant_id) if covenant_id else {}
    kinds: dict[str, list[str]] = {"new": [], "changed": [], "unchanged": []}
    for entry in entries:
        row = rows.get(entry.number)
        same = row is not None and _is_same(row, readings.get(row.id or 0, {}), entry)
        kinds["new" if row is None else "unchanged" if same else "changed"].append(entry.number)
    gone = set(rows) - {entry.number for entry in entries} if complete else set()
    return Differences(tuple(kinds["new"]), tuple(kinds["changed"]), tuple(kinds["unchanged"]), tuple(sorted(gone)))


def _reading_rows(session: Session, covenant_id: int) -> dict[int, dict[str, t.ReadingRow]]:
    found: dict[int, dict[str, t.ReadingRow]] = {}
    for row in register.reading_rows(session, covenant_id):
        found.setdefault(row.agreement_id, {})[row.ref] = row
    return found


def _is_same(row: t.AgreementRow, readings: dict[str, t.ReadingRow], entry: Entry) -> bool:
    fields = _fields_of(entry)
    if any(getattr(row, name) != value for name, value in fields.items() if not name.endswith("source")):
        return False
    parts = _parts_in(entry)
    known = {ref: one for ref, one in readings.items() if one.from_agenda in parts}
    if set(known) != {one.ref for one in entry.readings}:
        return False
    return all(known[one.ref].confirmed_by or _same_reading(known[one.ref], one) for one in entry.readings)


def _same_reading(row: t.ReadingRow, one: EntryReading) -> bool:
    return register.reading_value(row) == one.reading and row.phrase == one.phrase


def _fields_of(entry: Entry) -> dict[str, Any]:
    """The columns that this entry speaks about: the framework's, the agenda's, or both."""
    framework: dict[str, Any] = {
        "theme": entry.theme, "topic": entry.topic, "text": entry.text, "trekker": entry.trekker,
        "leads": list(entry.leads), "source": entry.source,
    }  # fmt: skip
    agenda = {
        "agenda_topic": entry.agenda_topic, "agenda_text": entry.agenda_text, "agenda_trekker": entry.agenda_trekker,
        "agenda_leads": list(entry.agenda_leads), "agenda_date": entry.agenda_date,
        "agenda_source": entry.agenda_source,
    }  # fmt: skip
    return (framework if entry.source else {}) | (agenda if entry.agenda_source else {})


def _parts_in(entry: Entry) -> set[bool]:
    """Which of the two texts the entry has: False is the framework, True the agenda."""
    return {part for part, source in ((False, entry.source), (True, entry.agenda_source)) if source}


def _save_entry(session: Session, covenant_id: int, entry: Entry, position: int) -> None:
    """One agreement with its readings. A reading that somebody confirmed stays as it was confirmed."""
    query = select(t.AgreementRow).where(
        t.AgreementRow.covenant_id == covenant_id, t.AgreementRow.number == entry.number
    )
    row = session.exec(query).first() or t.AgreementRow(
        covenant_id=covenant_id, number=entry.number, theme=entry.theme, topic=entry.topic, position=position
    )
    for name, value in _fields_of(entry).items():
        setattr(row, name, value)
    session.add(row)
    session.flush()
    _save_readings(session, row.id or 0, entry)


def _save_readings(session: Session, agreement_id: int, entry: Entry) -> None:
    parts = _parts_in(entry)
    rows = session.exec(select(t.ReadingRow).where(t.ReadingRow.agreement_id == agreement_id)).all()
    known = {row.ref: row for row in rows if row.from_agenda in parts}
    for position, one in enumerate(entry.readings):
        row = known.pop(one.ref, None) or t.ReadingRow(
            agreement_id=agreement_id, ref=one.ref, phrase=one.phrase, kind=one.reading.kind.value
        )
        row.position, row.source, row.from_agenda = position, one.source, one.from_agenda
        if not row.confirmed_by:
            _describe(row, one)
        session.add(row)
    for gone in known.values():
        if not gone.confirmed_by:
            session.delete(gone)


def _describe(row: t.ReadingRow, one: EntryReading) -> None:
    reading = one.reading
    row.phrase, row.kind, row.reason = one.phrase, reading.kind.value, reading.reason
    row.window_start, row.due, row.until = reading.window_start, reading.due, reading.until
    row.per_year, row.doubtful = reading.per_year, reading.doubtful
    row.others = [register.other_as_data(other) for other in reading.others]


def _doubts(entries: Sequence[Entry]) -> tuple[dict[str, Any], ...]:
    """What a person must settle: readings with a rival, and rows that were matched with a remark."""
    found: list[dict[str, Any]] = []
    for entry in entries:
        if entry.remark:
            place = entry.agenda_source or entry.source
            found.append({"number": entry.number, "topic": entry.topic, "what": entry.remark, "place": place})
        for one in entry.readings:
            if one.reading.doubtful:
                readings = [register.other_as_data(reading) for reading in (one.reading, *one.reading.others)]
                found.append(
                    {
                        "number": entry.number, "topic": entry.topic, "phrase": one.phrase,
                        "what": one.reading.reason, "readings": readings, "place": one.source,
                    }
                )  # fmt: skip
    return tuple(found)


def _save_covenant(session: Session, covenant: CovenantFile, overrides: dict[str, Any]) -> tuple[t.Covenant, bool]:
    """The covenant with its parties, groups and people as the file has them; says whether anything changed."""
    row = session.exec(select(t.Covenant).where(t.Covenant.slug == covenant.slug)).first()
    changed = row is None
    row = row or t.Covenant(slug=covenant.slug, name=covenant.name, live_since=covenant.live_since)
    values = covenant.model_dump(
        include={"name", "municipality", "signed_on", "term_start", "term_end", "renews", "live_since"}
    )
    values |= covenant.mail.model_dump() | {"overrides": {key: value for key, value in overrides.items() if value}}
    changed |= _assign(row, values)
    session.add(row)
    session.flush()
    changed |= _save_parties(session, row.id or 0, covenant)
    changed |= _save_people(session, row.id or 0, covenant)
    return row, changed


def _save_parties(session: Session, covenant_id: int, covenant: CovenantFile) -> bool:
    changed = False
    known = {row.slug: row for row in covenants.party_rows(session, covenant_id)}
    for position, entry in enumerate(covenant.parties):
        row = known.get(entry.slug) or t.PartyRow(covenant_id=covenant_id, slug=entry.slug, name="", kind="")
        values = {"name": entry.name, "kind": entry.kind.value, "aliases": list(entry.aliases), "position": position}
        changed |= _assign(row, values)
        session.add(row)
    groups = session.exec(select(t.GroupRow).where(t.GroupRow.covenant_id == covenant_id)).all()
    by_slug = {row.slug: row for row in groups}
    for slug, group in covenant.groups.items():
        group_row = by_slug.get(slug) or t.GroupRow(covenant_id=covenant_id, slug=slug)
        changed |= _assign(group_row, {"members": list(group.members), "aliases": list(group.aliases)})
        session.add(group_row)
    session.flush()
    return changed


def _save_people(session: Session, covenant_id: int, covenant: CovenantFile) -> bool:
    """People and their roles. Who is no longer in the file keeps their row; their membership ends."""
    changed = False
    party_ids = {row.slug: row.id or 0 for row in covenants.party_rows(session, covenant_id)}
    query = select(t.Membership).where(col(t.Membership.party_id).in_(party_ids.values()))
    known = {(row.person_id, row.party_id, row.role): row for row in session.exec(query)}
    for entry in covenant.people:
        person, is_new = _person(session, entry.name, entry.email)
        changed |= is_new
        for role in entry.roles:
            key = (person.id or 0, party_ids[entry.party], role.value)
            row = known.pop(key, None) or t.Membership(person_id=key[0], party_id=key[1], role=key[2])
            changed |= row.id is None
            values = {
                "since": entry.since, "until": entry.until, "agreements": list(entry.agreements),
                "themes": list(entry.themes),
            }  # fmt: skip
            changed |= _assign(row, values)
            session.add(row)
    for gone in known.values():
        session.delete(gone)
    session.flush()
    return changed or bool(known)


def _person(session: Session, name: str, email: str) -> tuple[t.Person, bool]:
    found = session.exec(select(t.Person).where(t.Person.email == email, t.Person.name == name)).first()
    if found is not None:
        return found, False
    person = t.Person(name=name, email=email)
    session.add(person)
    session.flush()
    return person, True


def _assign(row: Any, values: dict[str, Any]) -> bool:
    """Sets what is different; says whether anything was."""
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)
