"""Import: a covenant folder, or agreement documents into the register. Importing mails nobody.

Everything is read and checked before anything is written; a second import of the same changes nothing and says so.
What is new is stored at once. What a document said before changes only when somebody says so (`yes`, or its number in
`only`); the short words that a covenant folder brought give way to those of its first document by themselves.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from cycle.actions.deadlines.deciding.term_change import set_term
from cycle.actions.deadlines.upkeep.year_upkeep import keep_covenant
from cycle.actions.office.covenant_view import CovenantView, steps_of, view_of
from cycle.actions.office.logbook import UNNAMED, note
from cycle.actions.office.office import Office
from cycle.actions.office.publishing import note_public
from cycle.actions.office.versions import refuse_changed, version_of
from cycle.actions.register.folders.column_naming import as_words, kept_columns, name_columns
from cycle.actions.register.folders.folder_content import covenant_of
from cycle.actions.register.folders.folder_people import save_covenant
from cycle.actions.register.folders.folder_styles import StylesRead, save_styles, styles_in
from cycle.actions.register.folders.folder_table import beside_the_table
from cycle.actions.register.folders.folder_year import FolderDiffers, beside_the_desk, name_sources_anew
from cycle.actions.register.matching.comparing import Change, Differences, Known, compared, known_of
from cycle.actions.register.matching.figures_saving import figures_to_write, stock_of_documents, stock_of_folder
from cycle.actions.register.matching.pairing import OLD, Answers, PairedEntry, PairedRegister, moved_aside, paired_with
from cycle.actions.register.matching.rows_saving import kept_register, save_entry
from cycle.actions.register.matching.theme_naming import keep_names, names_of_documents, names_of_folder, names_to_write
from cycle.actions.register.reading_in.import_report import (
    ImportReport,
    asks_of,
    doubts_in,
    lead_differences,
    repeats_in,
)
from cycle.actions.register.reading_in.next_framework import other_term
from cycle.domain.model import Group, Party
from cycle.domain.text import clean_line
from cycle.domain.year_steps import Step, linked
from cycle.errors import Fault, NotFound, Refused, Unreadable
from cycle.intake import DocumentRow, ReadDocument
from cycle.intake.covenant import CovenantFile, PersonEntry, read_covenant
from cycle.intake.document import ThemeRead
from cycle.intake.register import Entry, entries_of
from cycle.intake.register_table import read_register
from cycle.intake.stock_file import StockFile
from cycle.intake.table_columns import heading_key, said_columns
from cycle.intake.whole import FileRead, Reader, read_file
from cycle.settings import with_overrides
from cycle.store import actions, covenants, deadlines, figures, register, seats
from cycle.store import tables as t
from cycle.store.database import Session
from cycle.store.ids import id_of

__all__ = ["Change", "Differences", "ImportReport", "import_files", "import_folder", "register_version"]

REGISTER = "agreements.csv"
REGISTER_WORD = "register"
"""What the logbook calls the register of a covenant."""
Progress = Callable[[Sequence[Path]], Iterable[Path]]


@dataclass(frozen=True, slots=True)
class Consent:
    """Which changes to what a document said before may be made: all, those of some numbers (None: of any), or none;
    which found agreements get their other number (None: as `only` says); and what was said of agreements of which it is
    not sure which they are."""

    yes: bool = False
    only: frozenset[str] | None = None
    renumber: frozenset[str] | None = None
    answers: Answers = field(default_factory=dict)

    def takes(self, change: Change) -> bool:
        """Whether this difference is written down now."""
        if self.only is not None:
            return change.number in self.only
        return self.yes or not change.asks

    def renumbers(self, number: str) -> bool:
        """Whether what is found under this other number gets it."""
        allowed = self.only if self.renumber is None else self.renumber
        return allowed is None or number in allowed


def import_folder(
    office: Office,
    folder: Path,
    now: datetime,
    *,
    check: bool = False,
    by: str = "",
    yes: bool = False,
    only: Collection[str] | None = None,
    take_over: Collection[str] = (),
    founder: PersonEntry | None = None,
) -> ImportReport:
    """Loads a covenant with its people and, where there is one, its register.

    `take_over` names the differences of the table and its year (`FolderDiffers.name`) in which the folder counts. With
    a `founder` the table must be a new one, at which they sit besides those of the folder.
    Raises SettingsError with every fault of covenant.toml, Unreadable for a register that is no table and for a logo
    that is no picture, Refused for a table that is there already where it should be new.
    """
    takes_all = yes and only is None
    covenant = _founded(office, read_covenant(folder, office.local_day(now)), founder)
    covenant, table_differs = _beside_the_table(office, covenant, take_over, yes=takes_all)
    text = (folder / "covenant.toml").read_text(encoding="utf-8-sig")
    overrides, steps_differ = _own_settings(office, covenant, text, take_over, takes_all=takes_all)
    own = with_overrides(office.settings, overrides, "covenant.toml", text)
    parties, groups = _parties_of(covenant), _groups_of(covenant)
    steps = steps_of(own, parties, groups)  # one that names somebody unknown is refused before anything is written
    reader = Reader(parties, groups, own.reading.conventions(), _speaks(covenant))
    entries, problems = _register_in(folder, reader)
    known, steps = _known_beside(office, covenant.slug, steps)
    styles = styles_in(folder, covenant)
    read, differences = _compared(known, entries, Consent(yes, _numbers(only)), complete=bool(entries))
    entries = tuple(pair.entry for pair in read.entries)
    report = ImportReport(
        covenant.slug,
        (),
        differences,
        doubts_in(read, steps, known),
        (*problems, *_too_old(known, entries)),
        lead_differences(entries),
        asks=asks_of(read, steps, known),
        repeats=repeats_in(entries),
        read=read,
        steps=steps_differ,
        table=table_differs,
    )
    report = _with_stock(office, report, stock_of_folder(folder, parties, groups), yes=yes)
    report = _with_themes(office, report, names_of_folder(covenant), yes=takes_all)
    is_new = founder is not None
    return report if check else _store_folder(office, covenant, overrides, styles, read, report, now, by, is_new=is_new)


def _founded(office: Office, covenant: CovenantFile, founder: PersonEntry | None) -> CovenantFile:
    """The covenant of a folder; a new one that somebody founds with them, unless the folder seats them already."""
    if founder is None:
        return covenant
    with office.database.reading() as session:
        _refuse_known(session, covenant)
    address, roles = founder.email.lower(), set(founder.roles)
    if any(one.email.lower() == address and roles <= set(one.roles) and not one.until for one in covenant.people):
        return covenant
    return covenant.model_copy(update={"people": (*covenant.people, founder)})


def _refuse_known(session: Session, covenant: CovenantFile) -> None:
    if covenants.with_slug(session, covenant.slug) is not None:
        hint = "Zit u aan die tafel? Lees de map dan daar in, bij Inlezen."
        raise Refused(f"Het convenant {covenant.slug} is hier al.", hint)


def _known_beside(office: Office, slug: str, steps: Sequence[Step]) -> tuple[Known, tuple[Step, ...]]:
    """The register of a covenant, and these steps beside it; nothing of one that is not there yet."""
    with office.database.reading() as session:
        ids = {row.slug: id_of(row) for row in covenants.covenants(session)}
        known = known_of(session, ids.get(slug))
        return known, _linked(session, ids[slug], steps) if slug in ids else tuple(steps)


def _beside_the_table(
    office: Office, covenant: CovenantFile, taken: Collection[str], *, yes: bool
) -> tuple[CovenantFile, tuple[FolderDiffers, ...]]:
    """A covenant that is read in again, beside what is kept of it; a new one as it is."""
    with office.database.reading() as session:
        if covenants.with_slug(session, covenant.slug) is None:
            return covenant, ()
        table = covenant_of(session, view_of(session, office.settings, covenant.slug))
    return beside_the_table(table, covenant, taken, yes=yes)


def _own_settings(
    office: Office, covenant: CovenantFile, text: str, taken: Collection[str], *, takes_all: bool
) -> tuple[dict[str, Any], tuple[FolderDiffers, ...]]:
    """What the covenant does differently, its year as the desk made it unless all is taken, and where that differs.

    Raises SettingsError with every fault.
    """
    overrides = covenant.model_dump(include=set(_OWN), mode="json")
    with_overrides(office.settings, overrides, "covenant.toml", text)
    with office.database.reading() as session:
        stored = covenants.with_slug(session, covenant.slug)
    return beside_the_desk(office.settings, stored.overrides if stored else {}, overrides, taken, yes=takes_all)


_OWN = ("year", "steps", "ladders", "reading", "letter", "school_region", "send_hour", "approval")


def _speaks(covenant: CovenantFile) -> date:
    """The day from which its register speaks."""
    return covenant.signed_on or covenant.term_start or covenant.live_since


def _register_in(folder: Path, reader: Reader) -> tuple[tuple[Entry, ...], tuple[Fault, ...]]:
    """The register of a covenant folder, and what is wrong in it; nothing where there is none."""
    if not (folder / REGISTER).exists():
        return (), ()
    table = read_register(folder / REGISTER, reader.parties, reader.groups, reader.conventions, reader.on)
    return table.entries, table.problems


def import_files(
    office: Office,
    files: Sequence[Path],
    covenant: str | None,
    now: datetime,
    *,
    check: bool = False,
    by: str = "",
    yes: bool = False,
    only: Collection[str] | None = None,
    renumber: Collection[str] | None = None,
    answers: Answers | None = None,
    progress: Progress = iter,
    version: str = "",
    columns: Sequence[str] = (),
    keep_columns: bool = False,
    take: Collection[int | str] = (),
    read: Callable[[Path, Reader], FileRead] = read_file,
    is_correction: bool = False,
) -> ImportReport:
    """Reads agreement documents, or a register that was exported, into the register of a covenant.

    `read` is how one file is read, for a caller that keeps what it said. `columns` says what columns are, such as
    "Oplevering=termijn", beside what the covenant keeps (as it keeps this with `keep_columns`). `take` says which of
    the possible actions in running text are taken up, counted from 1 or by their words; `renumber` which agreements
    get the other number that they are found under (None: as `only` says). Of documents with another term than the one
    that runs nothing is kept, unless it `is_correction`: the next framework is kept otherwise (`next_framework`).

    Raises Unreadable for a file that cannot be read, NotFound for a number or a column that no file has, CycleError for
    an unknown kind of column, Changed when the page of this `version` showed another register; then nothing is written.
    """
    said = said_columns(columns)
    view, steps, known, reader = _gathered(office, covenant, said)
    documents, tables = _read_all(progress(files), reader, read)
    _refuse_unknown_columns(said, documents)
    entries = _entries(documents, tables, _taken(documents, take, known))
    consent = Consent(yes, _numbers(only), _numbers(renumber), answers or {})
    report = _report(view, steps, known, documents, entries, consent)
    report = _with_stock(office, report, stock_of_documents(documents, reader.parties, reader.groups), yes=yes)
    called, unclear = names_of_documents(documents)
    report = replace(report, problems=(*report.problems, *unclear))
    report = _with_themes(office, report, called, yes=yes and only is None)
    _refuse_unknown(only or (), [pair.entry for pair in report.read.entries])
    report = replace(report, other_term=other_term(documents, view.term))
    if check or (report.other_term is not None and not is_correction):
        return report
    if keep_columns and said:
        name_columns(office, view.id, as_words(said), now, by)
    return _store_files(office, files, view, report.read, report, now, by, version)


def _report(
    view: CovenantView,
    steps: Sequence[Step],
    known: Known,
    documents: tuple[ReadDocument, ...],
    entries: Sequence[Entry],
    consent: Consent,
) -> ImportReport:
    """What was read beside the register."""
    complete = any(document.agreements for document in documents)
    problems = tuple(problem for document in documents for problem in document.problems) + _too_old(known, entries)
    agendas = {document.agenda_year for document in documents if document.agenda}
    paired, differences = _compared(known, entries, consent, complete=complete, agendas=agendas)
    entries = tuple(pair.entry for pair in paired.entries)
    return ImportReport(
        view.row.slug,
        documents,
        differences,
        doubts_in(paired, steps, known),
        problems,
        lead_differences(entries),
        asks=asks_of(paired, steps, known),
        repeats=repeats_in(entries),
        read=paired,
    )


def _gathered(
    office: Office, covenant: str | None, said: Mapping[str, str]
) -> tuple[CovenantView, tuple[Step, ...], Known, Reader]:
    """The covenant with its steps and its register as it is, and who reads for it."""
    with office.database.reading() as session:
        view = view_of(session, office.settings, covenant)
        groups = covenants.groups(session, view.id)
        steps = _linked(session, view.id, steps_of(view.settings, view.parties, groups))
        on, known = covenants.speaks_from(session, view.row), known_of(session, view.id)
        columns = {**kept_columns(session, view.id), **said}
    reader = Reader(view.parties, groups, view.settings.reading.conventions(), on, tuple(columns.items()))
    return view, steps, known, reader


def _with_stock(office: Office, report: ImportReport, said: StockFile, *, yes: bool) -> ImportReport:
    """The report with the stock figures that are written down, and a line for each that waits."""
    with office.database.reading() as session:
        row = covenants.with_slug(session, report.covenant)
        counted, waiting = figures_to_write(session, row.id if row else None, said.figures, yes=yes)
    problems = (*report.problems, *said.problems, *waiting)
    return replace(report, problems=problems, figures=counted, figures_waiting=waiting)


def _with_themes(office: Office, report: ImportReport, said: Sequence[ThemeRead], *, yes: bool) -> ImportReport:
    """The report with the names of themes that are kept, and a line for each that waits."""
    with office.database.reading() as session:
        row = covenants.with_slug(session, report.covenant)
        taken, waiting = names_to_write(session, row.id if row else None, said, yes=yes)
    return replace(report, problems=(*report.problems, *waiting), themes=taken, themes_waiting=waiting)


def _linked(session: Session, covenant_id: int, steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps, knowing the agreements of their source whatever number they bear now."""
    links = actions.links_of_steps(session, [covenant_id])[covenant_id]
    return linked(steps, links, register.agreements(session, covenant_id))


def register_version(office: Office, covenant_id: int, now: datetime) -> str:
    """What the register is, for a page that shows how a document differs from it."""
    with office.database.reading() as session:
        return version_of(now, *register_rows(session, covenant_id))


def register_rows(session: Session, covenant_id: int) -> list[t.AgreementRow | t.ActionRow | t.ReadingRow]:
    """All agreements, further actions and readings of a covenant, in a fixed order."""
    rows: list[t.AgreementRow | t.ActionRow | t.ReadingRow] = [
        *register.agreement_rows(session, covenant_id),
        *register.further_actions(session, [covenant_id]),
        *register.reading_rows(session, covenant_id),
    ]
    return sorted(rows, key=lambda row: (str(type(row).__tablename__), id_of(row)))


def _read_all(
    files: Iterable[Path], reader: Reader, read_once: Callable[[Path, Reader], FileRead]
) -> tuple[tuple[ReadDocument, ...], dict[str, Entry]]:
    """What each file says, and the entries of those that are an exported register, which come before the rest."""
    documents: list[ReadDocument] = []
    tables: dict[str, Entry] = {}
    for file in files:
        if not file.is_file():
            raise Unreadable(f"{file} bestaat niet.", "Controleer het pad.")
        reading = read_once(file, reader)
        documents.append(reading.document)
        if reading.entries is not None:
            tables = {entry.number: entry for entry in reading.entries} | tables
    return tuple(documents), tables


def _entries(
    documents: Sequence[ReadDocument], tables: Mapping[str, Entry], taken: Collection[DocumentRow]
) -> tuple[Entry, ...]:
    more = (entry for entry in entries_of(documents, taken) if not entry.number or entry.number not in tables)
    return (*tables.values(), *more)


def _taken(documents: Sequence[ReadDocument], take: Collection[int | str], known: Known) -> list[DocumentRow]:
    """The possible actions that somebody takes up, and those that they took up before."""
    possible = [row for document in documents for row in document.unnumbered]
    beyond = sorted(one for one in take if isinstance(one, int) and not 1 <= one <= len(possible))
    if beyond:
        raise NotFound(f"Er is geen mogelijke actie {beyond[0]}.", f"Er zijn er {len(possible)}; kijk met: --check")
    texts = {row.text for row in known.rows.values() if row.text}.union(one for one in take if isinstance(one, str))
    return [row for number, row in enumerate(possible, 1) if number in take or row.text in texts]


def _numbers(only: Collection[str] | None) -> frozenset[str] | None:
    return None if only is None else frozenset(only)


def _refuse_unknown(only: Collection[str], entries: Sequence[Entry]) -> None:
    unknown = sorted(set(only) - {entry.number for entry in entries})
    if unknown:
        raise NotFound(f"In de bestanden staat geen afspraak {', '.join(unknown)}.", "Kijk met: --check")


def _refuse_unknown_columns(said: Collection[str], documents: Sequence[ReadDocument]) -> None:
    headings = dict.fromkeys(column.heading for document in documents for column in document.columns if column.heading)
    unknown = [key for key in said if not key.isdecimal() and key not in map(heading_key, headings)]
    if unknown:
        hint = f"Deze staan er: {', '.join(headings)}." if headings else "Er staat geen tabel met een kop in."
        raise NotFound(f"In de bestanden staat geen kolom “{unknown[0]}”.", hint)


def _compared(
    known: Known,
    entries: Sequence[Entry],
    consent: Consent,
    *,
    complete: bool,
    agendas: Collection[int | None] = (),
) -> tuple[PairedRegister, Differences]:
    """What may be written: the entries without an agenda that is older than the register's, beside what is there, and
    the differences."""
    current = [_without_old_agenda(entry, known.agenda_year) for entry in entries]
    current = [entry for entry in current if entry.source or entry.agenda_source]
    read = paired_with(list(known.rows.values()), known.actions, current, consent.answers, known.documents)
    differences = compared(known, read, complete=complete, agendas=agendas)
    waiting = tuple(change.number for change in differences.changes if not consent.takes(change))
    new = differences.new
    if consent.only is not None:
        waiting += tuple(number for number in new if number not in consent.only)
    left = tuple(one.new for one in differences.renumbered if not consent.renumbers(one.new))
    return read, replace(differences, waiting=waiting, left_as_numbered=left)


def _without_old_agenda(entry: Entry, newest: int | None) -> Entry:
    """An agenda that the register has left behind is history; reading it again brings nothing back."""
    if not newest or not entry.agenda_year or entry.agenda_year >= newest:
        return entry
    readings = tuple(one for one in entry.readings if not one.from_agenda)
    actions = tuple(one for one in entry.actions if not one.from_agenda)
    return replace(entry, agenda_source="", agenda_year=None, readings=readings, remark="", actions=actions)


def _too_old(known: Known, entries: Sequence[Entry]) -> tuple[Fault, ...]:
    year = max((entry.agenda_year or 0 for entry in entries), default=0)
    if not year or not known.is_before(year):
        return ()
    what = f"Het register heeft al de agenda van {known.agenda_year}."
    return (Fault(f"uitvoeringsagenda {year}", what, "De acties uit deze oudere agenda zijn niet overgenomen."),)


def _store_folder(
    office: Office,
    covenant: CovenantFile,
    overrides: dict[str, Any],
    styles: StylesRead,
    read: PairedRegister,
    report: ImportReport,
    now: datetime,
    by: str,
    *,
    is_new: bool,
) -> ImportReport:
    with office.database.writing() as session:
        if is_new:
            _refuse_known(session, covenant)
        known = covenants.with_slug(session, covenant.slug)
        is_added, stored = known is None, dict(known.overrides) if known else {}
        if known is not None:
            covenants.lock(session, id_of(known))
        row, changed = save_covenant(session, covenant, overrides)
        name_sources_anew(session, office.settings, id_of(row), stored, overrides)
        changed |= save_styles(session, id_of(row), styles, now, by)
        _save_entries(session, id_of(row), read, report.differences)
        figures.write(session, id_of(row), report.figures, now, by or UNNAMED)
        changed |= keep_names(session, id_of(row), report.themes)
        view = view_of(session, office.settings, covenant.slug)
        upkeep = keep_covenant(session, view, now)
        if changed or report.differences.any or report.figures:
            note(session, now, by, "ingelezen", f"convenant {row.slug}", f"{len(read.entries)} afspraken", row.id)
        if is_added and row.is_public:
            note_public(session, row, now, by)
    return replace(report, upkeep=upkeep, covenant_changed=changed)


def _store_files(
    office: Office,
    files: Sequence[Path],
    view: CovenantView,
    read: PairedRegister,
    report: ImportReport,
    now: datetime,
    by: str,
    version: str = "",
) -> ImportReport:
    if not (report.differences.any or report.figures or report.themes or report.other_term):
        return report
    with office.database.writing() as session:
        covenants.lock(session, view.id)
        if version:
            refuse_changed(session, version, REGISTER_WORD, view.id, *register_rows(session, view.id))
        if report.other_term is not None:
            set_term(session, view, report.other_term, now, by)
            view = view_of(session, office.settings, view.row.slug)
        saved = _save_entries(session, view.id, read, report.differences)
        figures.write(session, view.id, report.figures, now, by or UNNAMED)
        keep_names(session, view.id, report.themes)
        for file in files:
            digest = hashlib.sha256(file.read_bytes()).hexdigest()
            session.add(t.Document(covenant_id=view.id, file=clean_line(file.name), sha256=digest, imported_at=now))
        session.flush()
        upkeep = keep_covenant(session, view, now)
        names = ", ".join(clean_line(file.name) for file in files)
        note(session, now, by, "ingelezen", REGISTER_WORD, f"{names}: {saved} afspraken", view.id)
    return replace(report, upkeep=upkeep)


def _save_entries(session: Session, covenant_id: int, read: PairedRegister, differences: Differences) -> int:
    """Writes what is new or changed and may be written; says how many that were. What is found again under another
    number gets that; all that people did stays with it."""
    wanted = {*differences.new, *differences.changed} - set(differences.waiting)
    if not differences.any:
        return 0
    rows = {id_of(row): row for row in register.agreement_rows(session, covenant_id)}
    mine = [(pair, rows[id_of(pair.row)] if pair.row is not None else None) for pair in read.entries]
    left = set(differences.left_as_numbered)
    _renumber(session, rows, mine, wanted, left)
    keeping = kept_register(session, covenant_id)
    for position, (pair, row) in enumerate(mine):
        if row is not None and differences.to_renumber and pair.entry.number not in left:
            row.position = position
        if pair.entry.number in wanted and pair.question is None:
            save_entry(keeping, pair.entry, row, position)
    session.flush()
    seats.name_awaited(session, covenant_id)
    return len(wanted)


def _renumber(
    session: Session,
    rows: Mapping[int, t.AgreementRow],
    mine: Sequence[tuple[PairedEntry, t.AgreementRow | None]],
    wanted: Collection[str],
    left: Collection[str],
) -> None:
    """Gives the rows that are found under another number that one, but for those that are `left` as they are.

    On the way none has the number of another.

    Raises Refused where one that is left has the number that another is to get.
    """
    numbers = {
        id_of(row): row.number if pair.entry.number in left else pair.entry.number
        for pair, row in mine
        if row is not None and pair.question is None
    }
    new = {pair.entry.number for pair, row in mine if row is None and pair.entry.number in wanted}
    _refuse_doubles([*numbers.values(), *new], {one.entry.number: row.number for one, row in mine if row is not None})
    becomes = moved_aside(list(rows.values()), numbers, new)
    old = {key: rows[key].number for key in becomes}
    for key in becomes:
        rows[key].number = f"{OLD} {key}"
    session.flush()
    for key, number in becomes.items():
        if rows[key].agenda_number and rows[key].agenda_number == old[key]:
            rows[key].agenda_number = number
        rows[key].number = number
    for settled in deadlines.settled_of(session, becomes):  # the upkeep lets open ones follow
        key = settled.agreement_id or 0
        settled.number = becomes[key] if settled.number == old[key] else settled.number
    session.flush()


def _refuse_doubles(numbers: Sequence[str], known: Mapping[str, str]) -> None:
    """Two agreements cannot bear one number. `known` are the numbers that the register has, by those that were read."""
    twice = next((number for number, times in Counter(numbers).items() if times > 1), None)
    if twice is not None:
        other = next((read for read, had in known.items() if had == twice), twice)
        hint = f"Geef die ook het andere nummer ({twice} → {other}), of neem de nieuwe {twice} niet over."
        raise Refused(f"Het nummer {twice} is nog van een andere afspraak.", hint)


def _parties_of(covenant: CovenantFile) -> tuple[Party, ...]:
    return tuple(Party(one.slug, one.name, one.kind, one.aliases, one.until is not None) for one in covenant.parties)


def _groups_of(covenant: CovenantFile) -> tuple[Group, ...]:
    return tuple(Group(slug, one.members, one.aliases) for slug, one in covenant.groups.items())
