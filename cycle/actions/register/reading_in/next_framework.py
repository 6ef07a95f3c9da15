"""Documents with another term than the one that runs: is that the next framework, or a correction?

Of a next framework the agreements are laid beside those of today by what they say, and each open action gets a word:
it goes along, it is done, or it ends. Nothing is kept before all of that is said. What is kept waits for its first day
(`actions/deadlines/upkeep/next_term.py`).
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from cycle.actions.deadlines.deciding.closing import settle_row
from cycle.actions.deadlines.upkeep.next_term import is_to_decide
from cycle.actions.deadlines.upkeep.year_upkeep import keep_covenant
from cycle.actions.office.covenant_view import CovenantView, row_when, view_of
from cycle.actions.office.logbook import UNNAMED, note
from cycle.actions.office.office import Office
from cycle.actions.register.matching.pairing import PairedEntry, PairedRegister, Question, paired_actions
from cycle.actions.register.matching.rows_saving import KeptRegister, save_entry
from cycle.actions.register.matching.theme_naming import keep_names, names_of_documents
from cycle.actions.register.reading_in.import_report import ImportReport
from cycle.domain.model import CameOf, GoesOver, ReadingKind, State, TermState
from cycle.domain.term import TERM_STEPS, TermDays
from cycle.domain.text import clean_line, clean_lines, natural
from cycle.domain.undated import UNDATED
from cycle.domain.words import day_words, joined
from cycle.errors import NotFound, Refused
from cycle.intake import ReadDocument
from cycle.intake.register import EntryReading
from cycle.store import actions, covenants, deadlines, figures, register, terms, theme_names
from cycle.store import tables as t
from cycle.store.database import Session
from cycle.store.ids import id_of

ENDED, NEW = "ended", "new"
READ_IN = "het volgende kader is ingelezen"
_LONGEST_AGENDA = timedelta(days=2 * 366)


@dataclass(frozen=True, slots=True)
class Beside:
    """One agreement of today beside what the next framework has in its place; one of both sides may be empty. `how` is
    a word of `CameOf`, or `ended` or `new`."""

    how: str
    number: str = ""
    topic: str = ""
    text: str = ""
    new_number: str = ""
    new_topic: str = ""
    new_text: str = ""


@dataclass(frozen=True, slots=True)
class StillOpen:
    """What is open of an agreement, named by its deadline. What the next framework asks itself goes on by itself."""

    deadline: int
    action: int
    slot: str
    number: str
    title: str
    when: str
    goes_on: bool


@dataclass(frozen=True, slots=True)
class NextFramework:
    """What documents make of the next framework, before it is kept. `questions` are of which it is not sure that they
    are the same."""

    term: TermDays
    running: TermDays
    beside: tuple[Beside, ...]
    open_actions: tuple[StillOpen, ...]
    questions: tuple[Question, ...]

    @property
    def asked(self) -> tuple[StillOpen, ...]:
        """The open actions of which a person must say what becomes of them."""
        return tuple(one for one in self.open_actions if not one.goes_on)


@dataclass(frozen=True, slots=True)
class FrameworkWish:
    """What a person says of a next framework: its term, and what becomes of each open action, by deadline."""

    term: TermDays
    choices: Mapping[int, GoesOver] = field(default_factory=dict)
    others: GoesOver | None = None


def other_term(documents: Sequence[ReadDocument], running: TermDays) -> TermDays | None:
    """The term that documents with agreements name, where the one that runs is known and is another."""
    if running.start is None and running.end is None:
        return None
    named = (TermDays(one.term_start, one.term_end) for one in documents if _is_framework(one, running))
    first = next(named, None)
    return None if first is None or (first.start, first.end) == (running.start, running.end) else first


def _is_framework(document: ReadDocument, running: TermDays) -> bool:
    """Whether a document makes agreements for a term. Where each row of it has its own day, an agenda looks the same;
    but that holds for a year or two, or for a part of what runs."""
    start, end = document.term_start, document.term_end
    if start is None or end is None or document.agreements:
        return bool(start and end)
    is_part = bool(running.start and running.end and running.start <= start and end <= running.end)
    return bool(document.agenda) and end - start > _LONGEST_AGENDA and not is_part


def next_framework(office: Office, covenant: str | None, report: ImportReport, term: TermDays) -> NextFramework:
    """What is asked of a person before documents are kept as the next framework."""
    with office.database.reading() as session:
        view = view_of(session, office.settings, covenant)
        return _framework(session, view, report.read, term)


def keep_framework(
    office: Office,
    files: Sequence[Path],
    covenant: str | None,
    report: ImportReport,
    wish: FrameworkWish,
    now: datetime,
    *,
    by: str = "",
) -> NextFramework:
    """Keeps documents as the next framework, which begins on its first day; that may be today. Nobody is mailed.

    Raises Refused as long as something is not said, NotFound for a word about what is not open.
    """
    with office.database.writing() as session:
        view = view_of(session, office.settings, covenant)
        covenants.lock(session, view.id)
        covenants.term_of(session, view.id)
        _drop_waiting(session, view.id)
        framework = _framework(session, view, report.read, wish.term)
        choices = _all_said(framework, wish)
        term = t.Term(covenant_id=view.id, state=TermState.WAITING, start=wish.term.start, end=wish.term.end)
        term.renews = wish.term.renews
        session.add(term)
        session.flush()
        _stage(session, view.id, id_of(term), report.read)
        for open_action, choice in choices:
            said = t.ActionSuccession(
                term_id=id_of(term), action_id=open_action.action, slot=open_action.slot, choice=choice, by=by, at=now
            )
            session.add(said)
        figures.write(session, view.id, report.figures, now, by or UNNAMED)
        keep_names(session, view.id, names_of_documents(report.documents)[0], id_of(term))
        names = _keep_documents(session, view.id, files, now)
        words = f"{names}: {len(report.read.entries)} afspraken, vanaf {day_words(term.start or view.local_day(now))}"
        _answer_end(office, session, view, framework.term, now, by)
        note(session, now, by, "volgend kader ingelezen", f"convenant {view.row.slug}", words, view.id)
        keep_covenant(session, view, now)
    return framework


def _framework(session: Session, view: CovenantView, read: PairedRegister, term: TermDays) -> NextFramework:
    if term.start is None or (term.end and term.end < term.start):
        raise Refused("De eerste dag van het volgende kader ontbreekt of ligt na de laatste.", "Noem beide dagen.")
    if view.term.start is not None and term.start <= view.term.start:
        hint = "Is het een verbetering van wat er nu geldt? Kies dat dan."
        raise Refused(f"Het volgende kader begint niet na {day_words(view.term.start)}, waarop dit kader begon.", hint)
    rows = register.agreement_rows(session, view.id)
    pairs = {id_of(one.row): one for one in read.entries if one.row is not None and one.question is None}
    split = dict(read.joined)
    beside = [_beside(row, pairs.get(id_of(row)), split.get(row.number)) for row in rows]
    parts = {becomes: was for was, becomes in read.split}
    beside += [_new(one, parts) for one in read.entries if one.row is None]
    ended = [one for one in beside if one.number]
    fresh = sorted((one for one in beside if not one.number), key=lambda one: natural(one.new_number))
    questions = tuple(one.question for one in read.entries if one.question is not None)
    return NextFramework(term, view.term, (*ended, *fresh), _open_actions(session, view, pairs, term.start), questions)


def _beside(row: t.AgreementRow, pair: PairedEntry | None, becomes: str | None) -> Beside:
    text = row.agenda_text or row.text
    if pair is None:
        return Beside(CameOf.JOINED if becomes else ENDED, row.number, row.topic, text, becomes or "")
    entry = pair.entry
    new = entry.number, entry.topic, entry.agenda_text or entry.text
    return Beside(_how(row, pair), row.number, row.topic, text, *new)


def _how(row: t.AgreementRow, pair: PairedEntry) -> CameOf:
    """Whether an agreement goes on in the same words, led by the same parties."""
    said = clean_lines(pair.entry.topic), clean_lines(pair.entry.text), list(pair.entry.leads)
    return CameOf.SAME if said == (row.topic, row.text, row.leads) else CameOf.CHANGED


def _new(pair: PairedEntry, parts: Mapping[str, str]) -> Beside:
    entry, was = pair.entry, parts.get(pair.entry.number, "")
    text = entry.agenda_text or entry.text
    how = CameOf.SPLIT if was else NEW
    return Beside(how, new_number=entry.number, new_topic=entry.topic, new_text=text, topic=was)


def _open_actions(
    session: Session, view: CovenantView, pairs: Mapping[int, PairedEntry], start: date
) -> tuple[StillOpen, ...]:
    """What is open of the agreements of today, once for each thing that one of their phrases asks."""
    agreements = [id_of(row) for row in register.agreement_rows(session, view.id)]
    actions = terms.actions_of(session, agreements)
    rows = [row for row in terms.open_deadlines(session, agreements) if is_to_decide(row, start)]
    places = {action.id: (key, place) for key, mine in actions.items() for place, action in mine.items()}
    readings = terms.readings_of(session, {row.action_id for row in rows})
    seen: dict[tuple[int, str], StillOpen] = {}
    for row in rows:
        agreement, place = places[row.action_id]
        pair = pairs.get(agreement)
        further = [action for where, action in sorted(actions[agreement].items()) if where]
        goes_on = pair is not None and row.slot in _slots_going_on(
            pair, place, further, list(readings[row.action_id].values())
        )
        open_action = StillOpen(
            id_of(row), row.action_id, row.slot, row.number, row.title, row_when(row, view), goes_on
        )
        seen.setdefault((row.action_id, row.slot), open_action)
    return tuple(seen.values())


def _slots_going_on(
    pair: PairedEntry, place: int, further: Sequence[t.ActionRow], rows: Sequence[t.ReadingRow]
) -> set[str]:
    """The slots of an action that the next framework asks itself."""
    entry = pair.entry
    asked: Sequence[EntryReading] | None = entry.readings if place == 0 else None
    leads = entry.agenda_leads or entry.leads
    for action, there in paired_actions(entry, further):
        if there is not None and there.position == place:
            asked, leads = action.readings, action.leads
    if asked is None:
        return set()
    undated = {UNDATED} if leads and not any(one.reading.due for one in asked) else set()
    return {row.slot for row in matched(asked, rows).values()} | undated


def matched(read: Sequence[EntryReading], rows: Sequence[t.ReadingRow]) -> dict[int, t.ReadingRow]:
    """What the next framework asks again, by its place: what comes back on the same days, or is due on the same day."""
    free, pairs = list(rows), {}
    for place, reading in enumerate(read):
        row = next((row for row in free if _asks_the_same(reading, row)), None)
        if row is not None:
            free.remove(row)
            pairs[place] = row
    return pairs


def _asks_the_same(asked: EntryReading, row: t.ReadingRow) -> bool:
    reading = asked.reading
    if reading.kind is not row.kind:
        return False
    if reading.kind is ReadingKind.ONCE:
        return reading.due is not None and reading.due == row.due
    is_same_phrase = clean_lines(asked.phrase) == row.phrase
    return is_same_phrase or (_of_year(reading.due) == _of_year(row.due) and reading.per_year == row.per_year)


def _of_year(day: date | None) -> tuple[int, int] | None:
    return (day.month, day.day) if day else None


def _all_said(framework: NextFramework, wish: FrameworkWish) -> list[tuple[StillOpen, GoesOver]]:
    """Each open action with the word of a person.

    Raises Refused while one is missing, NotFound for a word about something else.
    """
    if framework.questions:
        numbers = joined([one.number for one in framework.questions])
        raise Refused(f"Van {numbers} is nog niet gezegd of het dezelfde afspraak is als nu.", "Zeg dat eerst.")
    known = {one.deadline for one in framework.open_actions}
    odd = next((one for one in wish.choices if one not in known), None)
    if odd is not None:
        raise NotFound(f"Termijn {odd} staat niet open bij deze afspraken.", "Kijk met: --check")
    said = [(one, wish.choices.get(one.deadline) or wish.others) for one in framework.asked]
    missing = [str(one.deadline) for one, choice in said if choice is None]
    if missing:
        words = f"Van {len(missing)} open acties is nog niet gekozen of ze meegaan (termijn {', '.join(missing)})."
        raise Refused(words, "Kies bij elke open actie: meenemen, afsluiten of laten vervallen.")
    said += [(one, wish.choices.get(one.deadline)) for one in framework.open_actions if one.goes_on]
    return [(one, choice) for one, choice in said if choice is not None]


def _answer_end(office: Office, session: Session, view: CovenantView, term: TermDays, now: datetime, by: str) -> None:
    """Whether the table makes new agreements is no question any more: it did."""
    links = actions.links_of_steps(session, [view.id])[view.id]
    asked = [links[name].action for name in TERM_STEPS if name in links]
    for row in (row for action in asked for row in deadlines.rows_of(session, view.id, deadlines.of_action(action))):
        if row.state == State.OPEN and (row.due is None or term.start is None or row.due < term.start):
            settle_row(office, session, row, State.DONE, now, by=by, party="", note_text=READ_IN)


def _drop_waiting(session: Session, covenant_id: int) -> None:
    """A next framework that waited gives way to the one that is read in now."""
    term = terms.waiting(session, covenant_id)
    if term is None:
        return
    agreements = terms.agreements(session, id_of(term))
    ids = {id_of(row) for row in agreements}
    actions = [action for mine in terms.actions_of(session, ids).values() for action in mine.values()]
    for choice in terms.choices(session, id_of(term)):
        session.delete(choice)
    for succession in terms.successions(session, covenant_id):
        if succession.new_id in ids:
            session.delete(succession)
    for readings in terms.readings_of(session, [id_of(action) for action in actions]).values():
        for reading in readings.values():
            session.delete(reading)
    session.flush()
    for rows in (actions, agreements, theme_names.of_term(session, id_of(term)), [term]):
        for row in rows:
            session.delete(row)
        session.flush()


def _stage(session: Session, covenant_id: int, term_id: int, read: PairedRegister) -> None:
    """The agreements of the next framework, each beside the one that it goes on from, with the slots of that."""
    keeping = KeptRegister(session, covenant_id, term_id, {}, {}, {}, {})
    for position, pair in enumerate(read.entries):
        save_entry(keeping, pair.entry, None, position)
    session.flush()
    by_number = {row.number: id_of(row) for row in terms.agreements(session, term_id)}
    old = {row.number: id_of(row) for row in register.agreement_rows(session, covenant_id)}
    last = register.last_slots(session, covenant_id)
    for pair in read.entries:
        if pair.row is None:
            continue
        new_id = by_number[pair.entry.number]
        session.add(t.AgreementSuccession(old_id=id_of(pair.row), new_id=new_id, how=_how(pair.row, pair)))
        _align(session, pair, id_of(pair.row), new_id, last)
    for how, numbers in ((CameOf.SPLIT, read.split), (CameOf.JOINED, read.joined)):
        for was, becomes in numbers:
            session.add(t.AgreementSuccession(old_id=old[was], new_id=by_number[becomes], how=how))
    session.flush()


def _align(session: Session, pair: PairedEntry, old_id: int, new_id: int, last: dict[int, int]) -> None:
    """Gives what was read the places and slots of the same things in the agreement that it goes on from."""
    actions = terms.actions_of(session, [old_id, new_id])
    mine, its = actions[old_id], actions[new_id]
    further = [action for place, action in sorted(mine.items()) if place]
    places = [(0, mine.get(0))] + [
        (there.position if there else 0, there) for _one, there in paired_actions(pair.entry, further)
    ]
    free = max(mine, default=0)
    read = [pair.entry.readings, *(one.readings for one in pair.entry.actions)]
    for (place, action), (_position, staged), asked in zip(places, sorted(its.items()), read, strict=True):
        if action is None:
            free += 1
            place = free
        staged.position = place
        session.add(staged)
        if action is not None:
            _align_readings(session, asked, action, staged, last)
    session.flush()


def _align_readings(
    session: Session, asked: Sequence[EntryReading], action: t.ActionRow, staged: t.ActionRow, last: dict[int, int]
) -> None:
    readings = terms.readings_of(session, [id_of(action), id_of(staged)])
    rows = sorted(readings[id_of(staged)].values(), key=lambda row: row.position)
    same = matched(asked, list(readings[id_of(action)].values()))
    for row in rows:
        row.slot = f"~{row.slot}"
    session.flush()
    for place, row in enumerate(rows):
        if place in same:
            row.slot = same[place].slot
        else:
            last[id_of(action)] = last.get(id_of(action), 0) + 1
            row.slot = str(last[id_of(action)])
    session.flush()


def _keep_documents(session: Session, covenant_id: int, files: Sequence[Path], now: datetime) -> str:
    for file in files:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        session.add(t.Document(covenant_id=covenant_id, file=clean_line(file.name), sha256=digest, imported_at=now))
    session.flush()
    return ", ".join(clean_line(file.name) for file in files)
