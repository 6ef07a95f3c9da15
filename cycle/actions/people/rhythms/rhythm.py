"""Somebody's own rhythm: when mail comes, how often, and who gets it while they are away.

Whatever is changed works from the next mail on. A pause, a deputy and the end of the weekly overview are confirmed by
mail, to the deputy as well, so that nobody is taken by surprise (rules B6, B8).
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from cycle.actions.deadlines.upkeep.year_upkeep import renew_moments
from cycle.actions.feeds.links import left_at
from cycle.actions.mails.morning.rhythm_mail import Notice, RhythmChange, confirm
from cycle.actions.office.covenant_view import CovenantView, views
from cycle.actions.office.logbook import note
from cycle.actions.office.mailed import OVERVIEW, RHYTHM, MailedLink, open_link, reader_at
from cycle.actions.office.office import Office
from cycle.actions.office.rhythm_links import RHYTHM_FORM, rhythm_url
from cycle.actions.office.seeing import tables_of
from cycle.actions.office.signing import open_signer
from cycle.domain.addressing import Members
from cycle.domain.days import ABSENCE
from cycle.domain.model import Member, Role
from cycle.domain.rhythm import EVERY_DAY, Rhythm
from cycle.domain.seeing import may_see
from cycle.domain.words import WEEKDAYS, day_words, joined, via_words
from cycle.errors import NotFound, Refused
from cycle.store import covenants, deadlines, feedlinks, rhythms
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.store.outbox import putting, withdrawing
from cycle.store.tables import Absence, Person, RhythmRow

LONGEST_PAUSE = timedelta(days=183)
GONE = ("Deze pagina is er niet, of niet meer.", "Gebruik de link onder de laatste mail die u kreeg.")


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which somebody is away, and who gets their mail; no deputy is the one of their party."""

    id: int
    first: date
    last: date
    deputy: str


@dataclass(frozen=True, slots=True)
class OwnRhythm:
    """What somebody's page shows. `deputies` are people at the same tables; `form` proves that a form came from it."""

    person: int
    name: str
    email: str
    rhythm: Rhythm
    hours: tuple[time, ...]
    most_per_week: int
    pauses: tuple[Pause, ...]
    deputies: tuple[tuple[int, str], ...]
    is_office: bool
    has_overview: bool
    form: str
    mark: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody chose. No hour and no number are as usual; no weekdays are all of them."""

    hour: time | None = None
    weekdays: frozenset[int] = EVERY_DAY
    per_week: int | None = None
    overview: bool = True


def link_of(office: Office, signed: str, now: datetime, purpose: str = RHYTHM) -> MailedLink:
    """Whose page a signed address is, and by which mail it came.

    Raises NotFound for one that opens nothing, or of somebody who left or sees nothing yet; Ended for one too old.
    """
    with office.database.reading() as session:
        link = open_link(session, office.settings, purpose, signed, now)
        if link is None or not tables_of(session, office.settings, link.person.email, now):
            raise NotFound(*GONE)
    return link


def own_rhythm(office: Office, person_id: int, now: datetime) -> OwnRhythm:
    """The page of a person. Raises NotFound for nobody, or somebody who sits nowhere any more."""
    settings, today = office.settings, office.local_day(now)
    with office.database.reading() as session:
        person = _person(session, office, person_id, now)
        row = rhythms.row_of(session, person_id)
        rhythm = rhythms.rhythm_of(row, settings.usual_rhythm) if row else settings.usual_rhythm
        away = rhythms.absences_of(session, [person_id], today)
        names = covenants.people(session, (one.deputy_id for one in away if one.deputy_id))
        pauses = tuple(
            Pause(id_of(one), one.first, one.last, names[one.deputy_id].name if one.deputy_id else "") for one in away
        )
        tables = _seen_tables(session, office, person, now)
    return OwnRhythm(
        person_id,
        person.name,
        person.email,
        rhythm,
        hours_to_choose(office),
        settings.usual_rhythm.per_week,
        pauses,
        _deputies(tables, person_id),
        _keeps_office(tables, person_id, today),
        row.overview if row else True,
        open_signer(settings).of(person.seal_mark).sign(RHYTHM_FORM, str(person_id), today),
        person.seal_mark,
    )


def hours_to_choose(office: Office) -> tuple[time, ...]:
    """The hours at which somebody may want mail: whole ones, while mail goes at all."""
    mail = office.settings.mail
    hours = (time(hour) for hour in range(24))
    return tuple(hour for hour in hours if mail.send_hour <= hour < mail.send_until)


def choose(office: Office, person_id: int, choice: Choice, now: datetime, *, by: str = "") -> str:
    """Keeps a choice; says in words what it is.

    Raises NotFound, or Refused for an hour at which no mail goes, for no day at all, or for more mails than usual.
    """
    usual = office.settings.usual_rhythm
    if choice.hour is not None and choice.hour not in hours_to_choose(office):
        words = joined([f"{hour:%H.%M}" for hour in hours_to_choose(office)])
        raise Refused(f"Om {choice.hour:%H.%M} uur gaat er geen mail.", f"Kies uit {words} uur.")
    if not choice.weekdays or not choice.weekdays <= EVERY_DAY:
        raise Refused("Kies ten minste één werkdag.", "Wilt u een tijdje geen mail? Geef dan op wanneer u weg bent.")
    if choice.per_week is not None and not 1 <= choice.per_week <= usual.per_week:
        raise Refused(f"Kies 1 tot {usual.per_week} mails per week.", "Wat niet mee kan, staat in de volgende mail.")
    with office.database.writing() as session:
        _person(session, office, person_id, now)
        row = session.get(RhythmRow, person_id) or RhythmRow(person_id=person_id, changed_at=now)
        row.send_hour, row.weekdays = choice.hour, [] if choice.weekdays == EVERY_DAY else sorted(choice.weekdays)
        row.per_week = None if choice.per_week == usual.per_week else choice.per_week
        row.overview, row.changed_at, row.changed_by = choice.overview, now, by
        session.add(row)
        words = rhythm_words(rhythms.rhythm_of(row, usual))
        note(session, now, by, "ritme gekozen", f"persoon {person_id}", words)
        session.flush()
        _renew(session, office, person_id, now)
    return words


def pause_mails(
    office: Office,
    person_id: int,
    first: date,
    last: date,
    now: datetime,
    *,
    deputy: int | None = None,
    table: int | None = None,
) -> list[tuple[str, str]]:
    """Whom `pause` would mail: name and address. Raises as `pause` does."""
    _check_days(first, last, office.local_day(now))
    with office.database.reading() as session:
        person = _person(session, office, person_id, now)
        _check_deputy(session, office, person, deputy, table, now)
        return _told(session, office, person, session.get(Person, deputy) if deputy else None)


def end_mails(office: Office, person_id: int, absence_id: int, now: datetime) -> list[tuple[str, str]]:
    """Whom `end_pause` would mail: name and address. Raises NotFound."""
    with office.database.reading() as session:
        person = _person(session, office, person_id, now)
        row = _absence(session, person_id, absence_id)
        return _told(session, office, person, session.get(Person, row.deputy_id) if row.deputy_id else None)


def pause(
    office: Office,
    person_id: int,
    first: date,
    last: date,
    now: datetime,
    *,
    deputy: int | None = None,
    by: str = "",
    table: int | None = None,
) -> str:
    """Somebody is away: both days count. Mail goes to the deputy they name, else to their party's.

    `table` is the covenant whose secretariat notes it, which may be one that the person does not see yet.
    Raises NotFound, or Refused for days that cannot be, or a deputy who sits at none of their tables.
    """
    today = office.local_day(now)
    _check_days(first, last, today)
    with office.database.writing() as session:
        person = _person(session, office, person_id, now, lock=True)
        _check_deputy(session, office, person, deputy, table, now)
        stand_in = session.get(Person, deputy) if deputy else None
        words = f"afwezig van {day_words(first)} tot en met {day_words(last)}"
        said = f"{words}; de post gaat naar {stand_in.name}" if stand_in else words
        if rhythms.has_absence(session, person_id, first, last, deputy):
            return said
        row = Absence(person_id=person_id, first=first, last=last, deputy_id=deputy)
        session.add(row)
        session.flush()
        _tell(session, office, row, person, stand_in, now, is_over=False)
        _note(session, now, by, "afwezig gemeld", person, f"{words}, vervanger {stand_in.name}" if stand_in else words)
        if first <= today:  # what waits for them goes to the deputy
            withdrawing.withdraw(session, withdrawing.unsent_digests_to(session, [person_id]), now)
        _renew(session, office, person_id, now)
    return said


def end_pause(office: Office, person_id: int, absence_id: int, now: datetime, *, by: str = "") -> str:
    """Somebody is here after all. Raises NotFound for days away that are not theirs."""
    with office.database.writing() as session:
        person = _person(session, office, person_id, now)
        row = _absence(session, person_id, absence_id)
        deputy = session.get(Person, row.deputy_id) if row.deputy_id else None
        _tell(session, office, row, person, deputy, now, is_over=True)
        _note(session, now, by, "weer aanwezig", person, f"{day_words(row.first)} tot en met {day_words(row.last)}")
        session.delete(row)
        session.flush()
        _renew(session, office, person_id, now)
    return f"de afwezigheid van {day_words(row.first)} tot en met {day_words(row.last)} is geschrapt"


def stop_overview(office: Office, signed: str, now: datetime) -> None:
    """Ends the weekly overview for whoever this link is of, and nothing else (RFC 8058). Once more changes nothing."""
    link = link_of(office, signed, now, OVERVIEW)
    person_id, by = id_of(link.person), via_words(link.person.email, link.on)
    with office.database.writing() as session:
        person = _person(session, office, person_id, now)
        row = session.get(RhythmRow, person_id) or RhythmRow(person_id=person_id, changed_at=now)
        if not row.overview:
            return
        row.overview, row.changed_at, row.changed_by = False, now, by
        session.add(row)
        note(session, now, by, "weekoverzicht gestopt", f"persoon {person_id}")
        _confirm(session, office, person, Notice(RhythmChange.OVERVIEW_STOPPED, f"stop:{now.isoformat()}"), now)


def rhythm_page_url(office: Office, email: str, now: datetime) -> str:
    """The signed address of a person's page. Raises NotFound."""
    today = office.local_day(now)
    with office.database.reading() as session:
        person = reader_at(session, email, today)
    signer = open_signer(office.settings).of(person.seal_mark)
    return rhythm_url(office.settings, signer, id_of(person), today)


def rhythm_words(rhythm: Rhythm) -> str:
    """ "op maandag en donderdag om 10.00 uur, hoogstens 2 mails per week" """
    named = joined([WEEKDAYS[day] for day in sorted(rhythm.weekdays)])
    days = "op werkdagen" if rhythm.weekdays == EVERY_DAY else f"op {named}"
    hour = f" om {rhythm.hour:%H.%M} uur" if rhythm.hour else ""
    mails = "1 mail" if rhythm.per_week == 1 else f"{rhythm.per_week} mails"
    return f"{days}{hour}, hoogstens {mails} per week"


def _check_days(first: date, last: date, today: date) -> None:
    ABSENCE.around(today).refuse(first, last)
    if last < first:
        raise Refused("De laatste dag ligt voor de eerste.", "Draai de twee dagen om.")
    if last < today:
        raise Refused("Deze dagen zijn al voorbij.", "Kies een laatste dag die nog komt.")
    if last - first > LONGEST_PAUSE:
        raise Refused("Dat is langer dan een half jaar.", "Vraag het secretariaat om iemand anders in te schrijven.")


def _check_deputy(
    session: Session, office: Office, person: Person, deputy: int | None, table: int | None, now: datetime
) -> None:
    if deputy is not None and deputy not in dict(stand_ins_for(session, office, person, now, table)):
        raise Refused(
            "Deze vervanger zit niet bij dezelfde afspraken aan tafel.", "Kies iemand die dezelfde afspraken kent."
        )


def _absence(session: Session, person_id: int, absence_id: int) -> Absence:
    row = session.get(Absence, absence_id) if 0 < absence_id < 2**31 else None
    if row is None or row.person_id != person_id:
        raise NotFound("Deze afwezigheid is er niet (meer).", "Open de pagina opnieuw.")
    return row


def _note(session: Session, now: datetime, by: str, verb: str, person: Person, detail: str) -> None:
    """A line in the logbook of each covenant where somebody sits."""
    for covenant in sorted(_tables(session, person)):
        note(session, now, by, verb, f"persoon {person.id}", detail, covenant)


def _person(session: Session, office: Office, person_id: int, now: datetime, *, lock: bool = False) -> Person:
    person = session.get(Person, person_id, with_for_update=lock or None)
    seats = [member for _covenant, member in feedlinks.seats_at(session, person.email)] if person else []
    if person is None or left_at(seats, office.settings, now) is not None:
        raise NotFound(*GONE)
    return person


def _tables(session: Session, person: Person) -> dict[int, list[Member]]:
    ids = {covenant for covenant, _member in feedlinks.seats_at(session, person.email)}
    return covenants.members(session, ids)


def _seen_tables(
    session: Session, office: Office, person: Person, now: datetime, table: int | None = None
) -> dict[int, list[Member]]:
    """The tables that a person sees, and that of who asks; all where they sit when that is none (the operator asks)."""
    seen = set(tables_of(session, office.settings, person.email, now)) | ({table} if table is not None else set())
    tables = _tables(session, person)
    return {key: members for key, members in tables.items() if key in seen} or tables


def _flat(tables: dict[int, list[Member]]) -> list[Member]:
    return [member for members in tables.values() for member in members]


def _keeps_office(tables: dict[int, list[Member]], person_id: int, today: date) -> bool:
    """Whether somebody gets the weekly overview: whose seat is the secretariat's, and who stands in for it today."""
    keepers = {one.person for one in _flat(tables) if one.role is Role.SECRETARIAT}
    keepers |= {one.person for one in (Members(members, today).secretariat() for members in tables.values()) if one}
    return person_id in keepers


def stand_ins_for(
    session: Session, office: Office, person: Person, now: datetime, table: int | None = None
) -> tuple[tuple[int, str], ...]:
    """Who may stand in for somebody, by id and name; `table` is the covenant whose secretariat asks."""
    return _deputies(_seen_tables(session, office, person, now, table), id_of(person))


def _deputies(tables: dict[int, list[Member]], person_id: int) -> tuple[tuple[int, str], ...]:
    """Who may stand in: whoever sits at each of the tables where this person sits."""
    at_all = [{one.person for one in members} for members in tables.values()]
    shared = set.intersection(*at_all) - {person_id} if at_all else set()
    names = {one.person: one.name for one in _flat(tables)}
    return tuple(sorted(((key, names[key]) for key in shared), key=lambda one: one[1]))


def _tell(
    session: Session,
    office: Office,
    row: Absence,
    person: Person,
    deputy: Person | None,
    now: datetime,
    *,
    is_over: bool,
) -> None:
    """Confirms days away, or their end, to the person and to the deputy they named."""
    if not _told(session, office, person, deputy):
        return
    mark = f"{row.uid}:{'over' if is_over else 'begin'}"
    change = RhythmChange.PAUSE_ENDED if is_over else RhythmChange.PAUSED
    name = deputy.name if deputy else ""
    _confirm(session, office, person, Notice(change, mark, row.first, row.last, person.name, name), now)
    if deputy is not None:
        change = RhythmChange.STAND_IN_ENDED if is_over else RhythmChange.STAND_IN
        _confirm(session, office, deputy, Notice(change, mark, row.first, row.last, person.name, name), now)


def _told(session: Session, office: Office, person: Person, deputy: Person | None) -> list[tuple[str, str]]:
    """Who gets a confirmation; nobody while each covenant of the person is held."""
    if not _released(session, office, person):
        return []
    return [(one.name, one.email) for one in (person, deputy) if one is not None]


def _released(session: Session, office: Office, person: Person) -> list[CovenantView]:
    ids = {covenant for covenant, _member in feedlinks.seats_at(session, person.email)}
    return [here for here in views(session, office.settings, ids).values() if may_see(here.row.released_at)]


def _confirm(session: Session, office: Office, to: Person, notice: Notice, now: datetime) -> None:
    view = _released(session, office, to)
    if view:
        putting.put(session, confirm(office, view, to, notice, now), (), now)


def _renew(session: Session, office: Office, person_id: int, now: datetime) -> None:
    """What waits for this person is looked at again by the new choice."""
    person = session.get_one(Person, person_id)
    ids = {covenant for covenant, _member in feedlinks.seats_at(session, person.email)}
    for view in views(session, office.settings, ids).values():
        renew_moments(session, view, deadlines.items_to_tell(session, view.id), now)
