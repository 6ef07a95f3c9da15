"""What the pages about agreements and deadlines share: rows in words, histories, and the way to the next page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from cycle.actions.office.covenant_view import CovenantView, row_when
from cycle.actions.office.histories import acts_in_words
from cycle.domain.addressing import Addressed
from cycle.domain.model import Asked, Role, State
from cycle.domain.status import state_of_part, state_words
from cycle.domain.text import number_in
from cycle.domain.theme_words import theme_choices
from cycle.domain.words import day_words, joined
from cycle.store import answers, covenants, deadlines, finding, happened, ledger, theme_names
from cycle.store.answers import Given
from cycle.store.apart import apart
from cycle.store.database import Session
from cycle.store.deadlines import LEAD, Part
from cycle.store.happened import Things
from cycle.store.ids import id_of
from cycle.store.ledger import Proof
from cycle.store.tables import DeadlineRow
from cycle.web.desk.visiting import DeskRequest
from cycle.web.year import SHAPES, UNSHOWN, StandShown
from cycle.words import MAIL_STATES, ROLES

PAGE = 100
"""Rows on one page of a list."""
HISTORY = 60
PAST = 600
"""Lines of a history, and facts that it is made of, at most."""


@dataclass(frozen=True, slots=True)
class DeadlineLine:
    """One deadline in a list."""

    id: int
    number: str
    title: str
    when: str
    who: str
    stands: tuple[StandShown, ...]
    via: str


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a history: when, who, what happened, and what that changed."""

    at: datetime
    day: str
    who: str
    words: str
    lines: tuple[str, ...] = ()


def deadline_lines(
    session: Session, view: CovenantView, rows: Sequence[DeadlineRow], today: date
) -> list[DeadlineLine]:
    """Deadlines in words: one query, however many there are. One that fails stands there by its title alone."""
    parts = deadlines.parts(session, deadlines.with_ids([id_of(row) for row in rows])) if rows else {}

    def line(row: DeadlineRow) -> DeadlineLine:
        return deadline_line(row, parts.get(id_of(row), []), view, today)

    made = apart(rows, line, lambda row: f"list: termijn {row.id}")
    return [one or DeadlineLine(id_of(row), row.number, row.title, UNSHOWN, "", (), "") for row, one in made]


def deadline_line(row: DeadlineRow, parts: Sequence[Part], view: CovenantView, today: date) -> DeadlineLine:
    """One deadline in words."""
    names, leads = view.party_names, [part for part in parts if part.part == LEAD]
    who = joined([names.get(part.party, part.party) for part in leads]) or ROLES[Role.SECRETARIAT]
    return DeadlineLine(
        id_of(row), row.number, row.title, row_when(row, view), who, _stands(row, leads, names, today), row.via
    )


def stand(row: DeadlineRow, state: str, today: date, party: str = "") -> StandShown:
    """How one deadline stands, in word and shape."""
    shown = state_of_part(State(state), Asked(row.asked))
    words = state_words(shown, row.due, today, invented=row.invented, doubtful=row.doubtful)
    if row.doubtful and shown is State.OPEN:
        return StandShown("twijfel", "open", party)
    return StandShown(words, SHAPES[words], party)


def history(
    at: DeskRequest,
    session: Session,
    view: CovenantView,
    things: Things,
    proofs: Iterable[Proof] = (),
    *,
    number: str = "",
) -> list[Event]:
    """What became of some things, newest first, with what was told (`proofs`) and answered about the deadlines among
    them. `number` is that of the agreement that they are of, if they are."""
    zone = at.office.settings.zone
    changes = happened.changes_of(session, at.covenant_id, things, number=number, last=PAST)
    slugs = covenants.party_rows(session, at.covenant_id)
    acts = acts_in_words(changes, view.party_names, {id_of(party): party.name for party in slugs})
    events = [_event(act.at, act.who, act.words, zone, act.lines) for act in acts]
    for proof in proofs:
        stood = MAIL_STATES[proof.state]
        words = f"herinnering aan {proof.person} ({proof.reason or 'herinnering'}), {stood}"
        events.append(_event(proof.sent_at or proof.planned_at, "cycle", words, zone))
    for part_answers in answers.history(session, things.get("deadline", ())).values():
        events += [
            _event(given.at, given.by_and_via, answer_words(given, may_write=at.may_write), zone)
            for given in part_answers
        ]
    return sorted(events, key=lambda one: one.at, reverse=True)[:HISTORY]


def proofs_of(
    session: Session, covenant_id: int, *, deadline: int | None = None, agreement: int | None = None
) -> list[Proof]:
    """The newest lines of mails about one deadline or one agreement."""
    return list(ledger.proofs(session, covenant_id, deadline=deadline, agreement=agreement))[-HISTORY:]


def why_words(to: Addressed | None) -> str:
    """Why somebody gets the mail."""
    if to is None:
        return "niemand is aangewezen; het secretariaat krijgt er bericht van"
    instead = f" van {to.instead_of.name}, die afwezig is" if to.instead_of else ""
    return f"{to.why}{instead}"


def choices(session: Session, at: DeskRequest) -> tuple[list[tuple[str, str]], list[str]]:
    """The themes to choose from, each as it is called, and the meetings that deadlines name."""
    themes, meetings = finding.choices(session, at.covenant_id)
    return theme_choices(themes, theme_names.of_covenant(session, at.covenant_id)), meetings


def pages(at: DeskRequest, path: str, chosen: Mapping[str, str], page: int, count: int) -> tuple[str, str]:
    """The addresses of the page before and after this one, if there are."""

    def address(number: int) -> str:
        asked = {name: value for name, value in chosen.items() if value}
        return f"{at.path(path)}?{urlencode(asked | ({'blad': str(number)} if number > 1 else {}))}"

    return (address(page - 1) if page > 1 else "", address(page + 1) if page * PAGE < count else "")


def number_of(text: str) -> int:
    """An id as an address has it; 0 for anything that cannot be one."""
    return number_in(text) or 0


def page_number(text: str) -> int:
    """Which page of a list; the first for anything that is no number."""
    return min(max(number_of(text), 1), 10_000)


def _stands(row: DeadlineRow, leads: Sequence[Part], names: Mapping[str, str], today: date) -> tuple[StandShown, ...]:
    """One stand when all lead parties agree, else one for each."""
    states = {part.state for part in leads} or {row.state}
    if len(states) == 1:
        return (stand(row, states.pop(), today),)
    return tuple(stand(row, part.state, today, names.get(part.party, part.party)) for part in leads)


def answer_words(given: Given, *, may_write: bool) -> str:
    """What somebody let know: all of it for the secretariat, for others its sentence once that was let go."""
    said = [
        given.stand if given.stand else "",
        given.sentence if may_write or given.released_at else "",
        "de haalbaarheid is in gevaar" if given.at_risk else "",
        *named_in(given, may_write=may_write),
        f"niet vragen vóór {day_words(given.not_before)}" if given.not_before else "",
    ]
    return "liet weten: " + (" – ".join(part for part in said if part) or "iets voor het secretariaat")


def named_in(given: Given, *, may_write: bool) -> list[str]:
    """The day that an answer names, with its hour and place, the points that it brings in, and what came with it."""
    hour = f" om {given.start:%H.%M} uur" if given.start else ""
    place = f", {given.place}" if given.place else ""
    named = [f"noemt {day_words(given.next_on)}{hour}{place}"] if given.next_on else []
    named += [f"punten: {' / '.join(given.points.splitlines())}"] if given.points else []
    if not (may_write or given.released_at):
        return named
    named += [f"hoort bij {given.colleague}"] if given.colleague else []
    return named + [f"erbij: {one}" for one in (given.link, given.file) if one]


def _event(moment: datetime, who: str, words: str, zone: ZoneInfo, lines: tuple[str, ...] = ()) -> Event:
    local = moment.astimezone(zone)
    return Event(moment, f"{day_words(local.date())} {local:%H.%M}", who, words, lines)
