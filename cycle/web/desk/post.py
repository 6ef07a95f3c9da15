"""Post: what is planned, waits, was sent or did not arrive; each mail as it looked, and what can still be done.

A mail that is also about another covenant shows only the lines of this one, and is nobody's alone to stop.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from starlette.responses import HTMLResponse, Response

from cycle.actions.mails.morning import draft_approval
from cycle.actions.mails.morning.digests import until_words
from cycle.actions.mails.morning.mail_preview import Looks, looks
from cycle.actions.mails.rehearsal.rehearsing import Rehearsed, plan_ahead, rehearsed_mail
from cycle.actions.post.halts import outbox_decisions as outgoing
from cycle.domain.mail_plan import Digest
from cycle.domain.text import number_in
from cycle.domain.words import MONTHS, day_words, joined, weekday_words
from cycle.errors import NotFound, Refused
from cycle.store import post as store
from cycle.store.apart import made_apart
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.store.outbox import standstill
from cycle.store.outbox.labels import DISCARDED, DRAFT, FAILED, HELD, QUEUED, REPLACED, SENDING, SENT
from cycle.store.outbox.standstill import CLOCK_PAUSE, PLANNING_PAUSE, SENDING_PAUSE
from cycle.store.tables import Message
from cycle.web.answer_headers import ALWAYS, POLICY
from cycle.web.desk.forms import DeskForm
from cycle.web.desk.mail_lines import (
    PlannedMail,
    deadline_titles,
    last_day_shown,
    mail_line,
    moments_of_mail,
    planned_line,
    reader_choices,
    row_line,
    told_words,
)
from cycle.web.desk.menu import SECRETARIAT, MenuEntry
from cycle.web.desk.visiting import NOT_HERE, DeskRequest, ForSecretariat, desk_router
from cycle.web.once import PRIVATE
from cycle.web.year import moment_words
from cycle.words import MAIL_STATES

router = desk_router()
ENTRY = MenuEntry("Post", "post", SECRETARIAT)
PAGE = 50
SHELVES: dict[str, tuple[str, tuple[str, ...]]] = {
    MAIL_STATES[states[0]].replace(" ", "-"): (MAIL_STATES[states[0]].capitalize() + more, states)
    for states, more in (
        ((FAILED,), ""),
        ((HELD,), ""),
        ((DRAFT,), "en"),
        ((QUEUED, SENDING), ""),
        ((SENT,), ""),
        ((DISCARDED, REPLACED), ""),
    )
}
"""By its word in the address: the heading, and the states of the mails that lie there."""
COUNTED = (FAILED, HELD, DRAFT, QUEUED, SENDING)
FRAMING = {POLICY: f"{ALWAYS[POLICY]}; frame-src 'self'"}
IN_FRAME = {
    POLICY: "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
}
ACTIONS: dict[str, tuple[str, Callable[..., str], str, tuple[str, ...]]] = {
    "gaan": ("Laat gaan", draft_approval.release_draft, "", (DRAFT,)),
    "nu": ("Nu versturen", outgoing.send_now, "", (QUEUED,)),
    "opnieuw": ("Opnieuw versturen", outgoing.retry, "", (HELD, FAILED)),
    "vasthouden": (
        "Vasthouden",
        outgoing.hold,
        "De mail blijft liggen tot u hem weer laat gaan.",
        (QUEUED, DRAFT),
    ),
    "wegleggen": (
        "Wegleggen",
        outgoing.discard,
        "De mail is weggelegd en gaat niet meer uit.",
        (QUEUED, DRAFT, HELD, FAILED),
    ),
}
"""By its word in the address: the label, the action, what is said afterwards (else its own words), and for which."""
MAILS_NOW = ("gaan", "nu", "opnieuw")
HALTS = {
    SENDING_PAUSE: (
        "Het versturen staat stil",
        "Sinds {since} gaat er geen mail uit, meestal omdat de mailserver onze post weigert. De beheerder heeft "
        "bericht gekregen. Er gaat niets verloren.",
    ),
    PLANNING_PAUSE: (
        "Het plannen van herinneringen staat stil",
        "Sinds {since} maken wij geen herinneringen: {why} Er gaat niets verloren.",
    ),
    CLOCK_PAUSE: (
        "De klok staat verkeerd, of heeft lang stilgestaan",
        "Sinds {since} gaat er geen mail uit: {why} Er gaat niets verloren.",
    ),
}
"""By kind of pause: the title, and the words."""
LOOKED_AT = (PLANNING_PAUSE, CLOCK_PAUSE)
AFTER_HALT = "Wat nu aan de beurt is, gaat dan op de eerste werkdag uit: hoogstens één mail per persoon."
FOR_GOOD = "Dit kunt u niet ongedaan maken. Wat erin staat, telt als verteld: er komt geen nieuwe mail over."
MADE_ANEW = "De mail wordt dan opnieuw gemaakt: wat intussen is afgemeld, staat er niet meer in."


@dataclass(frozen=True, slots=True)
class Halt:
    """What stands still: since when, why, and whether somebody at the desk can let it go on."""

    title: str
    words: str
    asks: bool


def halts(session: Session, at: DeskRequest) -> list[Halt]:
    """All that stands still. The mail server's own words are for the operator only."""
    zone = at.office.settings.zone
    return [
        Halt(title, words.format(since=moment_words(one.at, at.now, zone), why=one.reason), one.id in LOOKED_AT)
        for one in standstill.pauses(session)
        for title, words in [HALTS[one.id]]
    ]


@router.api_route("/post", methods=["GET", "HEAD"])
def shelf(at: ForSecretariat, staat: str = "", persoon: str = "", voor: str = "") -> Response:
    """The mails in one state: what needs attention first."""
    typed = DeskForm(persoon=persoon, voor=voor)
    person, before = typed.number("persoon"), typed.number("voor")
    with at.office.database.reading() as session:
        view = at.view(session)
        counts = store.counts(session, at.covenant_id, COUNTED)
        chosen = staat if staat in SHELVES else _first_shelf(counts)
        rows = store.pieces(session, at.covenant_id, SHELVES[chosen][1], limit=PAGE + 1, before=before, person=person)
        stands_still = halts(session, at)
    drafts = _drafts(at) if chosen == MAIL_STATES[DRAFT] else []
    choice = {"staat": chosen} | ({"persoon": persoon} if person else {})
    older = f"{at.path('post')}?{urlencode(choice | {'voor': rows[PAGE - 1].id})}" if len(rows) > PAGE else ""
    return at.page(
        "desk/post",
        tabs=tabs_of(counts),
        chosen=chosen,
        lines=made_apart(rows[:PAGE], lambda row: mail_line(at, row), lambda row: f"list: bericht {row.id}"),
        typed=typed,
        people=reader_choices(view),
        older=older,
        ready={row.id for row, _person in drafts},
        by_itself=_by_itself(at, drafts),
        halts=stands_still,
    )


@router.api_route("/post/gepland", methods=["GET", "HEAD"])
def planned(at: ForSecretariat, persoon: str = "", tot: str = "") -> Response:
    """Every mail that is still to come, as the planner makes it: this year, and in its last months the next."""
    typed = DeskForm(persoon=persoon, tot=tot or last_day_shown(at.today).isoformat())
    person, last = typed.number("persoon"), typed.day("tot") or last_day_shown(at.today)
    last = min(max(last, at.today), date(at.today.year + 1, 12, 31))
    with at.office.database.reading() as session:
        view = at.view(session)
        ahead, to_come = plan_ahead(at.office, session, view, last, at.now)
        digests = [digest for digest in ahead if person is None or person in digest.readers]
        titles = deadline_titles(session, digests, to_come)
    names = {member.person: member.name for member in view.members}
    months: dict[str, list[PlannedMail]] = {}
    for digest in digests:
        month = f"{MONTHS[digest.on.month - 1]} {digest.on.year}"
        months.setdefault(month, []).append(planned_line(at, digest, names, titles))
    return at.page(
        "desk/planned",
        months=months,
        typed=typed,
        people=reader_choices(view),
        total=len(digests),
        last=day_words(last),
        is_held=view.row.released_at is None,
    )


@router.api_route("/post/gepland/{day}/{person}", methods=["GET", "HEAD"])
def planned_mail(at: ForSecretariat, day: str, person: str) -> Response:
    """One mail that is still to come, as it will look."""
    rehearsed = _rehearsed(at, day, person)
    on = weekday_words(date.fromisoformat(day))
    if not isinstance(rehearsed, Rehearsed):
        return at.page("desk/planned-overview", day=on)
    answer = at.page(
        "desk/planned-mail",
        subject=rehearsed.message.subject,
        name=rehearsed.names,
        day=on,
        frame=at.path(f"post/gepland/{day}/{person}/mail"),
    )
    answer.headers.update(FRAMING)
    return answer


@router.api_route("/post/gepland/{day}/{person}/mail", methods=["GET", "HEAD"])
def planned_words(at: ForSecretariat, day: str, person: str) -> Response:
    """The words of a mail to come, for the frame."""
    rehearsed = _rehearsed(at, day, person)
    if not isinstance(rehearsed, Rehearsed):
        raise NotFound(*NOT_HERE)
    return _framed(at, looks(rehearsed.message.body, at.office.settings).html)


@router.api_route("/post/stil", methods=["GET", "HEAD"])
def silent(at: ForSecretariat) -> Response:
    """Who was asked three times or more in a year and never let anything know."""
    with at.office.database.reading() as session:
        silent_people = store.silent(session, at.covenant_id, at.today)
    people = [(one, day_words(one.first), day_words(one.last)) for one in silent_people]
    return at.page("desk/silent", people=people)


@router.api_route("/post/{number}", methods=["GET", "HEAD"])
def mail(at: ForSecretariat, number: str) -> Response:
    """One mail as it looked, why it went, and what the mail server said."""
    with at.office.database.reading() as session:
        row, shared = _message(session, at, number)
        told = store.lines(session, at.covenant_id, id_of(row))
        view = at.view(session)
    seen = Looks("", "", ()) if shared else looks(row.body, at.office.settings)
    buttons = [
        (key, label) for key, (label, _do, _said, states) in ACTIONS.items() if row.state in states and not shared
    ]
    answer = at.page(
        "desk/mail",
        mail=row,
        line=row_line(at, row),
        told=[told_words(one, view) for one in told],
        shared=shared,
        looks=seen,
        buttons=buttons,
        frame=at.path(f"post/{row.id}/mail"),
        moments=moments_of_mail(at, row),
    )
    answer.headers.update(FRAMING)
    return answer


@router.api_route("/post/{number}/mail", methods=["GET", "HEAD"])
def words(at: ForSecretariat, number: str) -> Response:
    """The words of one mail, for the frame: no link, script or picture in it works."""
    with at.office.database.reading() as session:
        row, shared = _message(session, at, number)
    if shared:
        raise NotFound(*NOT_HERE)
    return _framed(at, looks(row.body, at.office.settings).html)


@router.post("/post/laten-gaan")
def release(at: ForSecretariat) -> Response:
    """Lets go all that waits for approval here, after a look at whom it goes to."""
    drafts = _drafts(at)
    if not drafts:
        raise Refused("Er wacht niets op uw akkoord.", "Kijk bij Post hoe het ervoor staat.")
    asked, path = at.typed()["mails"], at.path("post/laten-gaan")
    shown = ",".join(str(row.id) for row, _person in drafts)
    if at.typed()["zeker"] != "ja" or asked != shown:  # what came in since the page was read is shown first
        return at.confirm(
            "Alles laten gaan?",
            action=path,
            button=f"Verstuur {_mails_words(len(drafts))}",
            mails=[(joined(readers), row.to) for row, readers in drafts],
            hidden=[("mails", shown)],
            words=f"{_by_itself(at, drafts)} {MADE_ANEW}",
            back=f"{at.path('post')}?staat={MAIL_STATES[DRAFT]}",
        )
    done = draft_approval.release_drafts(at.office, drafts, at.now, by=at.by)
    at.door.wake()
    return at.done(done.words, at.path("post"))


@router.post("/post/hervatten")
def resume(at: ForSecretariat) -> Response:
    """Lets all go on that waits for somebody to look at the clock, or at far more mails than usual; it asks first."""
    with at.office.database.reading() as session:
        asking = [one for one in halts(session, at) if one.asks]
    if not asking:
        raise Refused("Er staat niets stil dat u hier kunt hervatten.", "Kijk bij Post hoe het ervoor staat.")
    if at.typed()["zeker"] != "ja":
        return at.confirm(
            "Weer verder?",
            action=at.path("post/hervatten"),
            button="De klok staat goed: ga verder",
            words=f"{' '.join(one.words for one in asking)} {AFTER_HALT}",
            back=at.path("post"),
        )
    outgoing.resume(at.office, at.now, by=at.by, which=LOOKED_AT)
    at.door.wake()
    return at.done("Het plannen en versturen loopt weer.", at.path("post"))


@router.post("/post/{number}/{action}")
def act(at: ForSecretariat, number: str, action: str) -> Response:
    """Sends now, holds, offers again or puts aside; what mails asks first."""
    with at.office.database.reading() as session:
        row, shared = _message(session, at, number)
    if action not in ACTIONS:
        raise NotFound(*NOT_HERE)
    if shared:
        raise Refused("Deze mail gaat ook over een ander convenant.", "Overleg met het secretariaat daarvan.")
    label, do, said, _states = ACTIONS[action]
    if at.typed()["zeker"] != "ja" and action != "vasthouden":
        return _sure(at, row, action, label)
    answer = do(at.office, id_of(row), at.now, by=at.by, covenant_id=at.covenant_id)
    at.door.wake()
    return at.done(said or answer, at.path(f"post/{row.id}"))


def _sure(at: DeskRequest, row: Message, action: str, label: str) -> Response:
    """What it will do, before it is done."""
    mails = [(row_line(at, row).to, row.to)] if action in MAILS_NOW and row.body else []
    words = {"wegleggen": FOR_GOOD, "gaan": f"{_by_itself(at, [(row, [])])} {MADE_ANEW}"}
    return at.confirm(
        f"{label}: {row.subject}",
        action=at.path(f"post/{row.id}/{action}"),
        button=label,
        mails=mails,
        words=words.get(action, ""),
        back=at.path(f"post/{row.id}"),
    )


def _drafts(at: DeskRequest) -> list[draft_approval.Draft]:
    """What waits for the approval of this secretariat alone, and was not let go yet."""
    drafts = draft_approval.drafts_to_release(at.office, covenant=at.seat.slug, alone=True)
    return [one for one in drafts if one[0].next_try_at is None or one[0].next_try_at > at.now]


def _by_itself(at: DeskRequest, drafts: Sequence[draft_approval.Draft]) -> str:
    """When drafts go without approval."""
    first = min((row.next_try_at for row, _readers in drafts if row.next_try_at), default=None)
    if first is None:
        return ""
    moment = until_words(at.office.settings, first, at.now)
    return f"Doet u niets, dan gaat {'hij' if len(drafts) == 1 else 'de eerste'} vanzelf: {moment}."


def _mails_words(count: int) -> str:
    return "1 mail" if count == 1 else f"{count} mails"


def _message(session: Session, at: DeskRequest, number: str) -> tuple[Message, bool]:
    """A mail of this covenant, and whether it is of others too. Raises NotFound."""
    known = number_in(number)
    row = None if known is None else store.message(session, at.covenant_id, known)
    if row is None:
        raise NotFound(*NOT_HERE)
    return row, store.is_shared(session, id_of(row))


def _first_shelf(counts: dict[str, int]) -> str:
    """Where something waits for a person, else what was sent."""
    return next(
        (key for key, (_, states) in SHELVES.items() if any(counts.get(one) for one in states)),
        MAIL_STATES[SENT],
    )


def tabs_of(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    """The shelves, with how many mails lie on each."""
    return [(key, words, sum(counts.get(one, 0) for one in states)) for key, (words, states) in SHELVES.items()]


def _rehearsed(at: DeskRequest, day: str, person: str) -> Rehearsed | Digest:
    """One mail to come, or the plan of an overview without news. Raises NotFound when there is none."""
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise NotFound(*NOT_HERE) from None
    is_near = at.today <= on <= date(at.today.year + 1, 12, 31)
    number = number_in(person)
    rehearsed = rehearsed_mail(at.office, at.seat.slug, on, number, at.now) if is_near and number is not None else None
    if rehearsed is None:
        raise NotFound(*NOT_HERE)
    return rehearsed


def _framed(at: DeskRequest, html: str) -> Response:
    return HTMLResponse(html or at.door.templates.part("desk/no-mail"), headers=PRIVATE | IN_FRAME)
