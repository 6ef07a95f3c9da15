"""Het jaar, for who is signed in: the year as a wheel with its table, what waits, what goes out, and the release.

A director, a trekker and a reader see the wheel and the table. What waits and what goes out is the secretariat's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.responses import Response

from cycle.actions.deadlines.deciding import closing
from cycle.actions.mails.rehearsal.rehearsing import plan_ahead
from cycle.actions.office.covenant_view import CovenantView
from cycle.actions.register.writing_out.folder_exporting import folder_zip
from cycle.actions.service.watch.condition import Finding, troubles
from cycle.actions.settling.to_decide import unsettled
from cycle.domain.model import LadderKind, State
from cycle.domain.term import term_notice
from cycle.domain.words import day_words, joined, weekday_words
from cycle.store import answers, covenants, deadlines, letters, replies
from cycle.store import post as store
from cycle.store.database import Session
from cycle.store.letters import LetterName, SentBack
from cycle.store.outbox import lookups
from cycle.store.outbox.labels import DRAFT, FAILED, HELD
from cycle.store.tables import DeadlineRow
from cycle.web.desk.lines import named_in
from cycle.web.desk.menu import ALL, MENU, MenuEntry
from cycle.web.desk.post import halts
from cycle.web.desk.visiting import AtDesk, DeskRequest, ForSecretariat, desk_router
from cycle.web.desk.wheel import wheel
from cycle.web.downloads import download
from cycle.web.year import YearLine, asked_year, in_order, kept_years, lines_of, moment_words
from cycle.words import MAIL_STATES

router = desk_router()
ENTRY = MenuEntry("Het jaar", "jaar", ALL)

MEETING_SOON = timedelta(weeks=12)
ANSWERS_SINCE = timedelta(days=30)
MOST_ANSWERS = 5
FIRST_MONTH = 31
SURE = (
    "Vanaf dat moment krijgen de partijen hun herinneringen, elk op de eigen dag. Vrijgeven kunt u niet ongedaan "
    "maken; losse mails tegenhouden kan wel, bij Post."
)


@dataclass(frozen=True, slots=True)
class WaitingThing:
    """Something that waits for the secretariat: how many, in words, and the page to go to (a path, or nothing)."""

    count: int
    words: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What somebody let know that the secretariat must see."""

    day: str
    who: str
    title: str
    words: str


class DayAhead(NamedTuple):
    """A day on which mail goes out: how many mails and to whom, and whose overview goes if there is news."""

    day: str
    mails: int
    readers: str
    if_news: str


@dataclass(frozen=True, slots=True)
class Desk:
    """What is the secretariat's alone on this page."""

    waiting: tuple[WaitingThing, ...]
    answers: tuple[GivenAnswer, ...]
    week: tuple[DayAhead, ...]
    last_sent: str
    halts: tuple[str, ...]
    troubles: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """The wheel and its tables, drawn; and how many meetings come soon and have no date."""

    html: Markup
    without_date: int


@router.api_route("/jaar", methods=["GET", "HEAD"])
def year(at: AtDesk, jaar: str = "") -> Response:
    """One kept year; without one asked for, the running one."""
    with at.office.database.reading() as session:
        view = at.view(session)
        years = kept_years(view, at.today)
        asked = asked_year(view, jaar, at.today)
        picture = at.kept_value("year", lambda: _picture(session, at, view, asked), asked, at.today)
        desk = _desk(session, at, view, picture) if at.may_write and asked == at.today.year else None
    return at.page(
        "desk/year",
        name=view.row.name,
        year=asked,
        picture=picture.html,
        desk=desk,
        previous=asked - 1 if asked - 1 in years else None,
        following=asked + 1 if asked + 1 in years else None,
        is_running=asked == at.today.year,
        is_held=view.row.released_at is None,
        may_write=at.may_write,
        is_public=view.row.is_public,
        term=term_notice(view.term, at.today),
    )


@router.api_route("/alles.zip", methods=["GET", "HEAD"])
def everything(at: ForSecretariat) -> Response:
    """The covenant with its register as a folder that can be read in elsewhere."""
    return download(f"{at.seat.slug}.zip", folder_zip(at.office, at.seat.slug))


@router.api_route("/vrijgeven", methods=["GET", "HEAD"])
def before_release(at: ForSecretariat) -> Response:
    """The first month's mails to read, and the button that lets them go."""
    with at.office.database.reading() as session:
        view = at.view(session)
        digests, _to_come = plan_ahead(at.office, session, view, at.today + timedelta(FIRST_MONTH), at.now)
        doubts = len(unsettled(session, view).doubts)
    released = day_words(view.local_day(view.row.released_at)) if view.row.released_at else ""
    names = {member.person: member.name for member in view.members}
    going = [one for one in digests if not one.is_if_news]
    mails = [
        (
            weekday_words(one.on),
            joined([names[reader] for reader in one.readers if reader in names]),
            str(len(one.reminders) or "overzicht"),
            at.path(f"post/gepland/{one.on}/{one.person}"),
        )
        for one in going
    ]
    return at.page(
        "desk/release",
        mails=mails,
        people=len({reader for one in going for reader in one.readers}),
        has_overviews=len(going) < len(digests),
        doubts=doubts,
        released=released,
        released_by=view.row.released_by,
    )


@router.post("/vrijgeven")
def release(at: ForSecretariat) -> Response:
    """Releases the covenant, after asking."""
    if at.typed()["zeker"] != "ja":
        return at.confirm(
            f"{at.seat.name} vrijgeven?",
            action=at.path("vrijgeven"),
            button="Vrijgeven",
            words=SURE,
            mails=_mails_of_today(at),
            back=at.path("vrijgeven"),
        )
    settled = closing.release(at.office, at.seat.slug, at.now, by=at.by)
    words = "is vrijgegeven: vanaf nu gaan er herinneringen uit" if settled.changed else settled.words
    return at.done(f"{settled.title} {words}.", at.path("jaar"))


def _mails_of_today(at: DeskRequest) -> list[tuple[str, str]]:
    """Who gets a mail as soon as the covenant is released: name and address."""
    with at.office.database.reading() as session:
        view = at.view(session)
        ahead, _to_come = plan_ahead(at.office, session, view, at.today, at.now)
    people = {member.person: (member.name, member.email) for member in view.members}
    return [people[reader] for digest in ahead for reader in digest.readers if reader in people]


def _picture(session: Session, at: DeskRequest, view: CovenantView, wanted: int) -> Picture:
    rows, lines = _lines(session, view, wanted, at.today)
    dated, loose = [line for line in lines if line.day], [line for line in lines if not line.day]
    html = at.door.templates.part(
        "desk/_year",
        year=wanted,
        wheel=wheel(dated, wanted, at.today),
        loose=loose,
        is_running=wanted == at.today.year,
        today=weekday_words(at.today),
    )
    return Picture(html, sum(_needs_a_date(row, at.today) for row in rows))


def _lines(
    session: Session, view: CovenantView, wanted: int, today: date
) -> tuple[Sequence[DeadlineRow], list[YearLine]]:
    """All that is due in a year, in order of the day."""
    of_year = deadlines.due_between(date(wanted, 1, 1), date(wanted, 12, 31))
    rows = sorted(deadlines.rows_of(session, view.id, of_year), key=in_order)
    mine = deadlines.in_covenant(view.id) & of_year
    parts, lights = deadlines.parts(session, mine), answers.lights(session, mine)
    return rows, lines_of(rows, parts, lights, view, today)


def _desk(session: Session, at: DeskRequest, view: CovenantView, picture: Picture) -> Desk:
    zone = view.settings.zone
    last = store.last_sent(session, view.id)
    is_over = at.now.astimezone(zone).time().replace(tzinfo=None) >= view.settings.mail.send_until
    answered = at.kept_value("answers", lambda: _answers(session, at, view), at.today)
    week = at.kept_value("week", lambda: _week(session, at, view), at.today, is_over, lookups.newest(session))
    return Desk(
        what_waits(session, at, view, post_that_waits(session, [view.id])[view.id], picture.without_date),
        answered,
        week,
        moment_words(last, at.now, zone) if last else "",
        tuple(one.title for one in halts(session, at)),
        tuple(troubles(session, at.office, at.now)),
    )


class PostThatWaits(NamedTuple):
    """How many mails of a covenant are in each state in which a person must look at them, and how many replies wait."""

    mails: Mapping[str, int]
    replies: int


def post_that_waits(session: Session, covenant_ids: Sequence[int]) -> dict[int, PostThatWaits]:
    """Of each of these covenants."""
    mails = store.counts_by_covenant(session, covenant_ids, (FAILED, HELD, DRAFT))
    written = replies.count_waiting(session, covenant_ids)
    return {key: PostThatWaits(mails[key], written[key]) for key in covenant_ids}


def what_waits(
    session: Session, at: DeskRequest, view: CovenantView, post: PostThatWaits, without_date: int | None = None
) -> tuple[WaitingThing, ...]:
    """What a person has to look at in a covenant; `without_date` is how many meetings come soon and have no date, which
    is looked up when nobody knows."""
    if without_date is None:
        without_date = at.kept_value("without_date", lambda: _without_date(session, view, at.today), at.today)
    return tuple(one for one in _waiting(session, at, view, post, without_date) if one.count)


def _waiting(
    session: Session, at: DeskRequest, view: CovenantView, post: PostThatWaits, without_date: int
) -> Iterable[WaitingThing]:
    """What a person has to look at, with the page for it where there is one."""
    doubts, actions = at.kept_value("unsettled", lambda: _unsettled(session, view))
    mails = post.mails
    lost = at.kept_value("undeliverable", lambda: _undeliverable(session, view))
    rooms = {entry.path for entry in MENU}
    settle = at.path("termijnen/afhandelen") if "termijnen" in rooms else ""
    people, meetings = (at.path(room) if room in rooms else "" for room in ("mensen", "overleggen"))
    yield _thing(doubts, "datum die op meer manieren te lezen is", "data die op meer manieren te lezen zijn", settle)
    yield _thing(actions, "oudere actie die nog open staat", "oudere acties die nog open staan", settle)
    yield _mails(mails.get(FAILED, 0), MAIL_STATES[FAILED], at.path("post?staat=niet-bezorgd"))
    yield _mails(mails.get(HELD, 0), MAIL_STATES[HELD], at.path("post?staat=vastgehouden"))
    yield _thing(mails.get(DRAFT, 0), MAIL_STATES[DRAFT], f"{MAIL_STATES[DRAFT]}en", at.path("post?staat=concept"))
    who = joined(lost)
    yield _thing(len(lost), f"mailadres dat niet werkt: {who}", f"mailadressen die niet werken: {who}", people)
    yield _thing(
        post.replies if at.may_write else 0, "antwoord per mail", "antwoorden per mail", at.path("post/antwoorden")
    )
    yield _sent_back(at, at.kept_value("sent_back", lambda: letters.sent_back(session, [view.id])))
    yield _thing(without_date, "overleg binnenkort zonder datum", "overleggen binnenkort zonder datum", meetings)


def _sent_back(at: DeskRequest, back: Sequence[SentBack]) -> WaitingThing:
    """Letters that a director sent back, with the page of the first."""
    who = joined(list(dict.fromkeys(one.by for one in back)))
    name = back[0].name if back else LetterName(0, 0, "")
    path = at.path(f"uitnodigingsbrief?{urlencode({'jaar': name.year, 'stap': name.step, 'van': name.sender})}")
    count = len({one.name for one in back})
    return _thing(count, f"brief die {who} terugstuurde", f"brieven die {who} terugstuurden", path)


def _thing(count: int, single: str, plural: str, path: str) -> WaitingThing:
    return WaitingThing(count, single if count == 1 else plural, path)


def _mails(count: int, state: str, path: str) -> WaitingThing:
    return _thing(count, f"mail {state}", f"mails {state}", path)


def _without_date(session: Session, view: CovenantView, today: date) -> int:
    of_year = deadlines.due_between(date(today.year, 1, 1), date(today.year, 12, 31))
    return sum(_needs_a_date(row, today) for row in deadlines.rows_of(session, view.id, of_year))


def _undeliverable(session: Session, view: CovenantView) -> list[str]:
    """Who is at this table and has an address that does not work."""
    seated = {member.person for member in view.members}
    return sorted(person.name for person in covenants.undeliverable(session) if person.id in seated)


def _unsettled(session: Session, view: CovenantView) -> tuple[int, int]:
    """How many doubts and how many old actions wait."""
    waiting = unsettled(session, view)
    return len(waiting.doubts), len(waiting.actions)


def _needs_a_date(row: DeadlineRow, today: date) -> bool:
    is_open_meeting = row.kind == LadderKind.MEETING and row.state == State.OPEN and row.meeting_day is None
    begins = row.window_start or row.due
    return is_open_meeting and begins is not None and row.due is not None and begins - MEETING_SOON <= today <= row.due


def _answers(session: Session, at: DeskRequest, view: CovenantView) -> tuple[GivenAnswer, ...]:
    given_answers = answers.answers_for_office(session, view.id, at.now - ANSWERS_SINCE)[:MOST_ANSWERS]
    return tuple(
        GivenAnswer(
            day_words(view.local_day(one.answer.at)),
            one.answer.by_and_via,
            one.title,
            _said_words(one.answer, may_write=at.may_write),
        )
        for one in given_answers
    )


def _said_words(given: answers.Given, *, may_write: bool) -> str:
    """What was let know in words; its sentence for the secretariat, and for others once that was let go."""
    sentence = given.sentence if may_write or given.released_at else ""
    said = ": ".join(word for word in (_stand_words(given), sentence, *named_in(given, may_write=may_write)) if word)
    return said or "een bericht voor het secretariaat"


def _stand_words(given: answers.Given) -> str:
    return "haalbaarheid in gevaar" if given.at_risk else given.stand if given.stand else ""


def _week(session: Session, at: DeskRequest, view: CovenantView) -> tuple[DayAhead, ...]:
    """What goes out in seven days, by day."""
    names = {member.person: member.name for member in view.members}
    days: dict[date, tuple[list[str], list[str]]] = {}
    for digest in plan_ahead(at.office, session, view, at.today + timedelta(6), at.now)[0]:
        mine = [names[reader] for reader in digest.readers if reader in names]
        days.setdefault(digest.on, ([], []))[digest.is_if_news].extend(mine)
    return tuple(
        DayAhead(weekday_words(day), len(surely), joined(sorted(surely)), joined(sorted(perhaps)))
        for day, (surely, perhaps) in sorted(days.items())
    )
