"""What the invitation letter says, gathered from the year: who sends it to whom, the meeting, how things stand."""

from collections.abc import Sequence
from datetime import date

from cycle.actions.letters.content.agreements_standing import standing_rows
from cycle.actions.office.covenant_view import CovenantView, row_when
from cycle.domain.addressing import Members
from cycle.domain.days import EVER, MEETING
from cycle.domain.ladders import points_by
from cycle.domain.letters import kind_word
from cycle.domain.meeting_days import MeetingDayOption, options
from cycle.domain.model import LadderKind, Member, Origin, Role, State
from cycle.domain.words import joined, weekday_words
from cycle.errors import NotFound, Refused
from cycle.letter import Addressee, LetterFacts, LetterKind, LetterStep, Sender
from cycle.store import deadlines, standing_bodies
from cycle.store.database import Session, found_once
from cycle.store.deadlines import LEAD, PARTICIPANT, Part
from cycle.store.ids import id_of
from cycle.store.standing_bodies import Seated
from cycle.store.tables import DeadlineRow


def gather_facts(
    session: Session, view: CovenantView, year: int, today: date, sender: str = "", step: str = ""
) -> tuple[LetterFacts, tuple[tuple[str, Member], ...], tuple[str, ...]]:
    """All that the letter says, who gets it, and what is still missing. With a `sender` it is that party's own letter.

    Raises NotFound for a year without a letter.
    """
    row = step_row(session, view.id, year, step)
    if row is None:
        raise NotFound(f"In {year} is er geen uitnodigingsbrief.", "Kijk met: cycle plan JAAR")
    rows = deadlines.rows_of(session, view.id)
    parts = deadlines.parts(session, deadlines.in_covenant(view.id))
    mine = parts[id_of(row)]
    addressees = _people(view, [part.party for part in mine if part.part == PARTICIPANT], row, today)
    kind = letter_kind(session, row)
    meeting = meeting_row(rows, row, kind, today)
    senders = [part.party for part in mine if part.part == LEAD and sender in ("", part.party)]
    facts = LetterFacts(
        covenant_name=view.row.name,
        municipality=view.row.municipality,
        year=year,
        senders=tuple(Sender(name) for name in organisations(view, senders)),
        addressees=tuple(
            Addressee(name, person.name)
            for name, (_party, person) in zip(organisations(view, [p for p, _ in addressees]), addressees, strict=True)
        ),
        letter_date=today,
        agenda_years=(year + 1, year + 2),
        spring_meeting=meeting_words(meeting) if meeting else "",
        standing=standing_rows(session, view, year, today),
        standing_on=today,
        meeting_name=meeting.title.lower() if meeting else "",
        points_by=last_day_for_points(session, view, meeting, today),
        meeting_day=weekday_words(meeting.meeting_day) if meeting and meeting.meeting_day else "",
        meeting_online=online_of(meeting) if meeting else "",
        steps=_steps(view, rows, parts, year),
        reply_to=view.row.reply_to,
        phone=view.row.phone,
        source_note=row.source,
        kind=kind,
        has_offer=_has_offer(session, view.id, year),
    )
    warnings = _about_meeting(session, view, rows, meeting, today) if kind == LetterKind.INVITATION else ()
    return facts, addressees, warnings


def _people(
    view: CovenantView, parties: Sequence[str], row: DeadlineRow, today: date
) -> tuple[tuple[str, Member], ...]:
    """One addressee per party. Raises Refused for a party that has nobody."""
    members = Members(view.members, today)
    people = []
    for party in parties:
        person = members.addressee(party, tuple(row.agreements), row.theme)
        if person is None:
            raise Refused(
                f"{view.party_names[party]} heeft niemand die post krijgt.", "Voeg iemand toe aan deze partij."
            )
        people.append((party, person))
    return tuple(people)


def letter_kind(session: Session, row: DeadlineRow) -> LetterKind:
    """What the letter of a step is for."""
    return LetterKind(kind_word(step_name(session, row), row.title))


def step_name(session: Session, row: DeadlineRow) -> str:
    """The name of the step of which this is a deadline, asked once while a page is made; "" for one of no step."""
    names = found_once(session, ("step of", row.id), lambda: deadlines.step_names(session, [id_of(row)]))
    return names.get(id_of(row), "")


def meeting_row(rows: Sequence[DeadlineRow], letter: DeadlineRow, kind: str, today: date) -> DeadlineRow | None:
    """The meeting of its year that a letter speaks of. An invitation is for the first; a bod is talked about in the
    meeting that is named for it, else in the first one after it; another letter is for none."""
    year = letter.due.year if letter.due else today.year
    meetings = sorted(_meetings(rows, year), key=lambda row: row.window_start or date.max)
    if kind == LetterKind.OFFER:
        named = [row for row in meetings if kind_word("", row.title) == LetterKind.OFFER]
        meetings = named or [row for row in meetings if (row.window_start or date.min) > (letter.due or today)]
    return meetings[0] if meetings and kind in (LetterKind.INVITATION, LetterKind.OFFER) else None


def _has_offer(session: Session, covenant_id: int, year: int) -> bool:
    """Whether a letter of the year is a bod."""
    there = [(row, name) for row, name in of_year(session, covenant_id, year) if row.state != State.DROPPED]
    return any(kind_word(name, row.title) == LetterKind.OFFER for row, name in there)


def _meetings(rows: Sequence[DeadlineRow], year: int) -> list[DeadlineRow]:
    """The meetings of a year with a period of their own."""
    return [
        row
        for row in rows
        if row.kind == LadderKind.MEETING
        and row.window_start
        and row.due
        and row.due.year == year
        and row.origin == Origin.STEP
        and not row.invented
    ]


def _about_meeting(
    session: Session, view: CovenantView, rows: Sequence[DeadlineRow], meeting: DeadlineRow | None, today: date
) -> tuple[str, ...]:
    """What an invitation misses of its meeting, with days that would do."""
    if meeting is None:
        return ("Er is in dit jaar geen overleg om voor uit te nodigen.",)
    if meeting.meeting_day is not None:
        return ()
    days = meeting_options(view, rows, meeting, today, standing_bodies.seated_at(session, meeting))
    suggested = joined([weekday_words(one.day) for one in sorted(days, key=lambda one: one.day)])
    return (
        f"De datum van het {meeting.title.lower()} staat nog niet vast; de brief zegt dat hij volgt. "
        f"Leg hem vast met: cycle meeting set {meeting.id} DATUM. Het kan bijvoorbeeld op {suggested}.",
    )


def last_day_for_points(session: Session, view: CovenantView, meeting: DeadlineRow | None, today: date) -> date | None:
    """The last day for points of a meeting whose day is set, as long as a letter can still ask for them."""
    if meeting is None or meeting.meeting_day is None:
        return None
    last = points_by(view.policy, step_name(session, meeting), meeting.meeting_day)
    return last if last is not None and last >= today else None


def meeting_words(row: DeadlineRow) -> str:
    """When and where a meeting is: "donderdag 22 april 2027 van 14.00 tot 16.00 uur, Stadhuis"; "" without a day."""
    meeting = deadlines.meeting_of(row)
    if meeting is None:
        return ""
    hours = f" om {meeting.start:%H.%M} uur" if meeting.start else ""
    if meeting.start and meeting.end:
        hours = f" van {meeting.start:%H.%M} tot {meeting.end:%H.%M} uur"
    return f"{weekday_words(meeting.day)}{hours}" + (f", {meeting.place}" if meeting.place else "")


def online_of(row: DeadlineRow) -> str:
    """The address by which people join a planned meeting from elsewhere, or ""."""
    meeting = deadlines.meeting_of(row)
    return meeting.online if meeting else ""


def meeting_options(
    view: CovenantView, rows: Sequence[DeadlineRow], meeting: DeadlineRow, today: date, seated: Seated
) -> tuple[MeetingDayOption, ...]:
    """Days on which a meeting could be held, best first: working days without school holidays or absent people."""
    taken = {row.meeting_day: row.title for row in rows if row.meeting_day is not None and row.id != meeting.id}
    last = min(meeting.due or today, MEETING.around(today).last)
    first = max(meeting.window_start or last, today)
    return options(
        first, last, view.policy.calendar, view.settings.schools, at_the_table(view, first, seated), taken=taken
    )


def at_the_table(view: CovenantView, day: date, seated: Seated) -> list[Member]:
    """Who comes to a meeting on a day: those who sit at its body then, for the parties of which they are."""
    people = seated.on(day)
    mine = (one for one in view.members if one.person in people and one.role is not Role.READER)
    return [one for one in mine if (one.since or day) <= day <= (one.until or day)]


def _steps(
    view: CovenantView, rows: Sequence[DeadlineRow], parts: dict[int, list[Part]], year: int
) -> tuple[LetterStep, ...]:
    """The fixed points of the year: the steps with a date of their own."""
    steps = [row for row in rows if row.origin == Origin.STEP and not row.invented and row.due]
    return tuple(
        LetterStep(row.title, row_when(row, view), joined(organisations(view, _leads(parts[id_of(row)]))))
        for row in steps
        if row.due and row.due.year == year and row.state != State.DROPPED
    )


def _leads(parts: Sequence[Part]) -> list[str]:
    return [part.party for part in parts if part.part == LEAD]


def organisations(view: CovenantView, parties: Sequence[str]) -> list[str]:
    """The names of parties."""
    return [view.party_names[party] for party in parties]


def step_row(session: Session, covenant_id: int, year: int, step: str = "") -> DeadlineRow | None:
    """The letter's own deadline: what falls in this year of the step with this name, or of the first of kind letter."""
    if not EVER.first.year <= year <= EVER.last.year:
        return None
    return next((row for row, name in of_year(session, covenant_id, year) if step in ("", name)), None)


def of_year(session: Session, covenant_id: int, year: int) -> list[tuple[DeadlineRow, str]]:
    """The same as `letter_rows_of`, asked once while a page is made."""
    return found_once(session, ("letters", covenant_id, year), lambda: letter_rows_of(session, covenant_id, year))


def letter_rows_of(session: Session, covenant_id: int, year: int) -> list[tuple[DeadlineRow, str]]:
    """The deadlines of the letters of a year in order, each with the name of its step."""
    of_year = deadlines.due_between(date(year, 1, 1), date(year, 12, 31))
    rows = deadlines.rows_of_letters(session, covenant_id, of_year)
    names = deadlines.step_names(session, [id_of(row) for row in rows])
    return [(row, names[id_of(row)]) for row in rows if id_of(row) in names]
