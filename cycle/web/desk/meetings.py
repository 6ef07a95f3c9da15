"""Overleggen: when and where, days that would do, and afterwards what was decided about which agreement."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus

from starlette.responses import Response

from cycle.actions.deadlines.deciding import signals
from cycle.actions.deadlines.deciding.closing import DONE_WORDS, Settled, version_of_deadline
from cycle.actions.deadlines.meeting import meetings, planned_meetings
from cycle.actions.deadlines.meeting.meetings import Effect, Resolved
from cycle.actions.letters.content.facts import at_the_table, meeting_options
from cycle.actions.office.covenant_view import CovenantView, row_when
from cycle.domain import web_addresses
from cycle.domain.days import DEADLINE, MEETING
from cycle.domain.meeting_days import warnings_of
from cycle.domain.model import LadderKind, Meeting, Origin, State
from cycle.domain.status import NOT_SETTLED, STATE_WORDS
from cycle.domain.text import number_in
from cycle.domain.words import day_words, joined, weekday_words
from cycle.errors import Changed, CycleError, NotFound
from cycle.store import answers, deadlines, register, standing_bodies
from cycle.store import meetings as store
from cycle.store.answers import Given
from cycle.store.apart import made_apart
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.store.standing_bodies import Seated
from cycle.store.tables import DeadlineRow, MeetingDecision
from cycle.web.desk.forms import DeskForm
from cycle.web.desk.menu import READERS, MenuEntry
from cycle.web.desk.visiting import NOT_HERE, DeskRequest, ForReaders, ForSecretariat, desk_router, number_in_path
from cycle.web.once import asks_again

router = desk_router()
ENTRY = MenuEntry("Overleggen", "overleggen", READERS)
EFFECTS = (
    (Effect.NOTHING, "Niets: alleen vastleggen"),
    (Effect.MOVE, "Een termijn krijgt een andere datum"),
    (Effect.NEW, "Er komt een nieuwe termijn bij"),
    (Effect.DROP, "Een termijn vervalt"),
)


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """One meeting in the list. `stand` is its state, and whether its day is set."""

    id: int
    title: str
    when: str
    shape: str
    stand: str
    decisions: int


@router.api_route("/overleggen", methods=["GET", "HEAD"])
def listed(at: ForReaders, jaar: str = "") -> Response:
    """The meetings of a year."""
    year = (number_in(jaar) if len(jaar) == 4 else None) or at.today.year
    with at.office.database.reading() as session:
        view = at.view(session)
        rows = store.meeting_rows(session, at.covenant_id, year)
        decided = store.decisions_of(session, [id_of(row) for row in rows])
    lines = made_apart(
        rows,
        lambda row: _line(row, view, at.today, len(decided.get(id_of(row), []))),
        lambda row: f"list: termijn {row.id}",
    )
    return at.page("desk/meetings", year=year, lines=lines)


@router.api_route("/overleggen/{meeting}", methods=["GET", "HEAD"])
def meeting_page(at: ForReaders, meeting: str, dag: str = "") -> Response:
    """One meeting; with a day in the address that day stands in the form."""
    return _page(at, meeting, first_day=dag)


@router.post("/overleggen/{meeting}/plannen")
def plan(at: ForSecretariat, meeting: str) -> Response:
    """Sets or changes day, time and place, and how to join from elsewhere; what does not name that leaves it."""
    typed = at.typed()
    day = typed.day("dag", needed="Vul de dag van het overleg in.", within=MEETING.around(at.today))
    start, end, place = typed.hour("begin"), typed.hour("einde"), typed.text("plaats", most=200)
    online = typed.web_address("online", web_addresses.OF_A_MEETING) if "online" in typed.values else None
    if end is not None and (start is None or end <= start):
        typed.wrong("einde", "Het einde ligt niet na het begin.")
    if not typed.is_right or day is None:
        return _page(at, meeting, typed)

    def act() -> str:
        settled = planned_meetings.set_meeting(
            at.office,
            number_in_path(meeting),
            day,
            at.now,
            start=start,
            end=end,
            place=place,
            online=online,
            by=at.by,
            covenant_id=at.covenant_id,
            version=typed["version"],
        )
        return _planned_words(at, meeting, settled, day)

    return _done(at, meeting, typed, act, "dag")


@router.post("/overleggen/{meeting}/afzeggen")
def cancel(at: ForSecretariat, meeting: str) -> Response:
    """Calls it off."""
    typed = at.typed()
    reason = typed.text("reden", most=300)

    def act() -> str:
        settled = planned_meetings.cancel_meeting(
            at.office,
            number_in_path(meeting),
            at.now,
            by=at.by,
            reason=reason,
            covenant_id=at.covenant_id,
            version=typed["version"],
        )
        return f"{settled.title} {settled.words}."

    return _done(at, meeting, typed, act, "reden")


@router.post("/overleggen/{meeting}/geweest")
def held(at: ForSecretariat, meeting: str) -> Response:
    """It took place."""
    typed = at.typed()

    def act() -> str:
        settled = meetings.held(
            at.office, number_in_path(meeting), at.now, by=at.by, covenant_id=at.covenant_id, version=typed["version"]
        )
        return f"{settled.title} {settled.words}."

    return _done(at, meeting, typed, act)


@router.post("/overleggen/{meeting}/besluit")
@asks_again
def decide(at: ForSecretariat, meeting: str) -> Response:
    """Writes a decision down, with what it does."""
    typed = at.typed()
    text = typed.text("besluit", needed="Schrijf in een zin wat er is besloten.", most=1000)
    agreement_id = typed.number("afspraak", needed="Kies een afspraak.")
    effect = Effect(typed.choice("gevolg", list(Effect)) or Effect.NOTHING)
    about, day = typed.number("termijn"), typed.day("nieuwe-dag", within=DEADLINE.around(at.today))
    if effect in (Effect.MOVE, Effect.DROP) and about is None:
        typed.wrong("termijn", "Kies om welke termijn het gaat.")
    if effect in (Effect.MOVE, Effect.NEW) and day is None:
        typed.wrong("nieuwe-dag", "Vul in wanneer het klaar moet zijn.")
    if not typed.is_right or agreement_id is None:
        return _page(at, meeting, typed)

    def act() -> str:
        reference = meetings.decide(
            at.office,
            number_in_path(meeting),
            Resolved(agreement_id, text, effect, about, day),
            at.now,
            by=at.by,
            covenant_id=at.covenant_id,
        )
        return f"Vastgelegd: {reference}."

    return _done(at, meeting, typed, act, "termijn" if effect is not Effect.NEW else "nieuwe-dag")


@router.post("/overleggen/{meeting}/besluit/{decision}/ongedaan")
def undo(at: ForSecretariat, meeting: str, decision: str) -> Response:
    """Takes a decision back, with what it did."""
    typed = at.typed()

    def act() -> str:
        reference = meetings.undo_decision(
            at.office, number_in_path(decision), at.now, by=at.by, covenant_id=at.covenant_id
        )
        return f"Ongedaan gemaakt: {reference}."

    return _done(at, meeting, typed, act)


def _page(
    at: DeskRequest,
    meeting: str,
    typed: DeskForm | None = None,
    changed: Changed | None = None,
    first_day: str = "",
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> Response:
    """One meeting, with what was typed when something is wrong."""
    with at.office.database.reading() as session:
        view = at.view(session)
        row = _meeting_row(at, session, meeting)
        parts = [part for part, _slug in deadlines.part_rows(session, id_of(row))]
        rows = deadlines.rows_of(session, at.covenant_id)
        decided = store.decisions_of(session, [id_of(row)]).get(id_of(row), [])
        seated = standing_bodies.seated_at(session, row)
        brought_up = signals.signals_for(session, view, id_of(row), at.now)
        sent_in = answers.about_meeting(session, id_of(row))
        agreements = [(id_of(one), f"{one.number} {one.topic}") for one in register.agreement_rows(session, view.id)]
    planned = deadlines.meeting_of(row)
    is_open = row.state == State.OPEN
    return at.page(
        "desk/meeting",
        status if typed is not None else HTTPStatus.OK,
        row=row,
        when=row_when(row, view),
        line=_line(row, view, at.today, len(decided)),
        planned=planned,
        body=seated.name,
        body_id=seated.body_id,
        seated=_names_at(view, seated, planned.day if planned else at.today),
        is_open=is_open,
        has_been=(row.meeting_day or date.max) <= at.today,
        typed=_with_first_values(typed, _first_values(planned, first_day)),
        changed=changed,
        options=meeting_options(view, rows, row, at.today, seated) if is_open else (),
        weekday_words=weekday_words,
        warnings=_warnings(view, planned.day, seated) if planned and is_open else [],
        decisions=[_decision_line(one, number, view) for one, number in decided],
        effects=EFFECTS,
        agreements=agreements,
        open_deadlines=_open_deadlines(rows, view),
        version=version_of_deadline(row, parts, at.now),
        may_write=at.may_write,
        proposals=[_proposal(one) for one in sent_in if one.next_on and one.next_on != row.meeting_day],
        points=[(one.by, one.points.splitlines()) for one in sent_in if one.points],
        signals=brought_up,
        done_words=DONE_WORDS[State(row.state)],
    )


def _with_first_values(typed: DeskForm | None, first: Mapping[str, str]) -> DeskForm:
    """What was typed, and in a field of which nothing came what stands there at first."""
    if typed is None:
        return DeskForm(**first)
    for name, value in first.items():
        if name not in typed.values:
            typed.values[name] = value
    return typed


def _names_at(view: CovenantView, seated: Seated, day: date) -> list[tuple[str, str]]:
    """Who sits at the table on a day, by party: its name, and the names of its people."""
    people: dict[str, list[str]] = {}
    for member in at_the_table(view, day, seated):
        names = people.setdefault(view.party_names[member.party], [])
        names += [] if member.name in names else [member.name]
    return [(party, joined(names)) for party, names in people.items()]


def _proposal(given: Given) -> dict[str, str]:
    """A day that somebody proposed, in words and as the form of this page takes it."""
    day, start = given.next_on or date.max, given.start
    hour = f" om {start:%H.%M} uur" if start else ""
    words = f"{weekday_words(day)}{hour}{', ' + given.place if given.place else ''}"
    begin = f"{start:%H:%M}" if start else ""
    return {"words": words, "by": given.by, "dag": f"{day:%d-%m-%Y}", "begin": begin, "plaats": given.place}


def _meeting_row(at: DeskRequest, session: Session, meeting: str) -> DeadlineRow:
    row = deadlines.row_by_id(session, number_in_path(meeting), at.covenant_id)
    if row.origin != Origin.STEP or row.kind not in (LadderKind.MEETING, LadderKind.YEARLY):
        raise NotFound(*NOT_HERE)
    return row


def _first_values(planned: Meeting | None, day: str) -> dict[str, str]:
    """What the form begins with: what was planned, and over it the day that somebody chose from the list."""
    first: dict[str, str] = {"gevolg": Effect.NOTHING}
    if planned is not None:
        first |= {
            "dag": f"{planned.day:%d-%m-%Y}",
            "begin": f"{planned.start:%H:%M}" if planned.start else "",
            "einde": f"{planned.end:%H:%M}" if planned.end else "",
            "plaats": planned.place,
            "online": planned.online,
        }
    if len(day) == 10 and day.replace("-", "").isdecimal():
        first["dag"] = "-".join(reversed(day.split("-")))
    return first


def _open_deadlines(rows: Sequence[DeadlineRow], view: CovenantView) -> list[tuple[int, str]]:
    """The deadlines that a decision can be about."""
    mine = [row for row in rows if row.origin != Origin.STEP and row.state == State.OPEN]
    return [(id_of(row), f"{row.number} {row.title}: {row_when(row, view)}") for row in mine]


def _line(row: DeadlineRow, view: CovenantView, today: date, decisions: int) -> MeetingLine:
    if row.state == State.DONE:
        shape, stand = "done", "geweest"
    elif row.state == State.DROPPED:
        shape, stand = "dropped", STATE_WORDS[State.DROPPED]
    elif row.meeting_day is not None and row.meeting_day < today:
        shape, stand = "passed", NOT_SETTLED
    else:
        shape, stand = "open", "gepland" if row.meeting_day else "nog geen datum"
    return MeetingLine(id_of(row), row.title, row_when(row, view), shape, stand, decisions)


def _decision_line(row: MeetingDecision, number: str, view: CovenantView) -> dict[str, object]:
    words: dict[str, str] = {
        Effect.MOVE: f"nieuwe datum: {weekday_words(row.day)}" if row.day else "",
        Effect.NEW: f"nieuwe termijn: uiterlijk {weekday_words(row.day)}" if row.day else "",
        Effect.DROP: "de termijn is vervallen",
    }
    undone_on = day_words(view.local_day(row.undone_at)) if row.undone_at else ""
    return {
        "id": row.id,
        "number": row.number,
        "agreement": number,
        "agreement_id": row.agreement_id,
        "text": row.text,
        "by": row.by,
        "effect": words.get(row.effect, ""),
        "deadline": row.about_id,
        "undone": f"ongedaan gemaakt door {row.undone_by} op {undone_on}" if undone_on else "",
    }


def _planned_words(at: DeskRequest, meeting: str, settled: Settled, day: date) -> str:
    """What was planned, and what somebody should know about that day. It only warns."""
    with at.office.database.reading() as session:
        view, seated = at.view(session), standing_bodies.seated_at(session, _meeting_row(at, session, meeting))
    warnings = _warnings(view, day, seated)
    return " ".join([f"{settled.title}: {settled.words}.", *(f"Let op: {one}" for one in warnings)])


def _warnings(view: CovenantView, day: date, seated: Seated) -> list[str]:
    """What speaks against a day, for those who come."""
    return warnings_of(day, view.policy.calendar, view.settings.schools, at_the_table(view, day, seated))


def _done(at: DeskRequest, meeting: str, typed: DeskForm, act: Callable[[], str], field: str = "") -> Response:
    try:
        return at.done(act(), at.path(f"overleggen/{number_in_path(meeting)}"))
    except NotFound:
        raise
    except Changed as changed:
        return _page(at, meeting, typed, changed, status=HTTPStatus.CONFLICT)
    except CycleError as error:
        if not field:
            raise
        typed.wrong(field, f"{error.what} {error.hint}")
        return _page(at, meeting, typed)
