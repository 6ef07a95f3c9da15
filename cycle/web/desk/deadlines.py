"""Termijnen: found by what somebody looks for, settled one by one or several at once; and what waits for a decision."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode

from markupsafe import Markup
from starlette.responses import Response

from cycle.actions.deadlines.deciding import closing
from cycle.actions.deadlines.deciding.closing import Settled, version_of_deadline
from cycle.actions.office.covenant_view import CovenantView
from cycle.actions.settling.bulk import WITH_DAY, BulkOutcome, Decided, Verb, carry_out, foreseen, settle_all_leads
from cycle.actions.settling.to_decide import Doubt, OpenAction, unsettled
from cycle.domain.days import DEADLINE
from cycle.domain.model import State
from cycle.domain.status import NOT_SETTLED, STATE_WORDS
from cycle.domain.words import day_words
from cycle.errors import Changed, CycleError
from cycle.store import deadlines, finding, register
from cycle.store.database import Session
from cycle.store.deadlines import LEAD
from cycle.store.finding import Search
from cycle.store.ids import id_of
from cycle.store.tables import ReadingRow
from cycle.web.desk import lines
from cycle.web.desk.doubt_lines import doubt_line, settle_doubt, together_by_question
from cycle.web.desk.forms import DeskForm
from cycle.web.desk.menu import READERS, MenuEntry
from cycle.web.desk.parts_of_deadline import action_line, named_days, part_lines, unreleased
from cycle.web.desk.visiting import DeskRequest, ForReaders, ForSecretariat, desk_router

router = desk_router()
ENTRY = MenuEntry("Termijnen", "termijnen", READERS)
OPEN, DONE, DROPPED = (STATE_WORDS[one] for one in State)
STANDS = (
    (OPEN, OPEN),
    (finding.NOT_SETTLED, NOT_SETTLED),
    (finding.DOUBT, "twijfel"),
    (DONE, DONE),
    (DROPPED, DROPPED),
    (finding.EVERY, "alles"),
)
FILTERS = ("partij", "thema", "stand", "overleg", "zoek", "van", "tot")
IN_A_LIST = (
    (Verb.DONE, DONE),
    (Verb.DROP, DROPPED),
    (Verb.MOVE, "verplaatsen naar een andere dag"),
    (Verb.REOPEN, "weer openen"),
)
TO_SETTLE = ((Verb.DONE, DONE), (Verb.DROP, DROPPED), (Verb.CARRY, "doorschuiven naar een nieuwe dag"))
STATES = {words: state for state, words in STATE_WORDS.items()}
SAYS = 3  # faults that a message names


@dataclass(frozen=True, slots=True)
class DeadlineList:
    """One page of a list, drawn, with the ids on it; and how many there are in all."""

    html: Markup
    ids: tuple[int, ...]
    count: int


@router.api_route("/termijnen", methods=["GET", "HEAD"])
def listed(
    at: ForReaders,
    partij: str = "",
    thema: str = "",
    stand: str = "open",
    overleg: str = "",
    zoek: str = "",
    van: str = "",
    tot: str = "",
    blad: str = "",
) -> Response:
    """The deadlines that somebody looks for, a hundred at a time."""
    chosen = dict(zip(FILTERS, (partij, thema, stand, overleg, zoek[:100], van, tot), strict=True))
    return _list(at, chosen | {"blad": blad}, DeskForm())


@router.api_route("/termijnen/afhandelen", methods=["GET", "HEAD"])
def to_settle(at: ForReaders) -> Response:
    """Phrases that can be read in two ways, and open actions that nobody is reminded of."""
    return _settle_list(at, DeskForm())


@router.post("/termijnen/twijfel")
def settle_doubts(at: ForSecretariat) -> Response:
    """Takes what was chosen for each phrase; what cannot be stays on the page with a sentence."""
    typed = at.typed()
    with at.office.database.reading() as session:
        known = [one.id for one in unsettled(session, at.view(session)).doubts]
    posted = [name.removeprefix("lezing-") for name in typed.values if name.startswith("lezing-")]
    asked = [lines.number_of(one) for one in posted]
    done = [settled for one in asked for settled in _settle_together(at, one, typed)]
    if not asked:
        typed.wrong(f"lezing-{known[0]}" if known else "lezing", "Kies bij minstens één zin wat er bedoeld is.")
    if typed.is_right:
        words = "Het besluit is vastgelegd." if len(done) == 1 else f"{len(done)} besluiten zijn vastgelegd."
        return at.done(words, at.path("termijnen/afhandelen"))
    return _settle_list(at, typed, done=done, status=422)


def _settle_together(at: DeskRequest, first: int, typed: DeskForm) -> Iterator[Settled]:
    """What was chosen for one phrase, and for those that ask the same."""
    settled = settle_doubt(at, first, typed)
    if settled is None:
        return
    yield settled
    for other in typed.numbers(f"ook-{first}"):
        for field in ("lezing", "anders"):
            typed.values[f"{field}-{other}"] = typed[f"{field}-{first}"]
        settled = settle_doubt(at, other, typed)
        if settled is not None:
            yield settled


@router.post("/termijnen/samen")
def together(at: ForSecretariat) -> Response:
    """The same decision about several: first what it changes, then the decision itself."""
    typed = at.typed()
    every = [lines.number_of(one) for one in typed["alle"].split(",") if one]
    ids, decided = every or typed.numbers("kies"), _decided(typed, at.today)
    if not ids:
        typed.wrong("kies", "Vink eerst een of meer termijnen aan.")
    if not typed.is_right or decided is None:
        return _again(at, typed)
    if typed["zeker"] == "ja":
        versions = {one: typed[f"versie-{one}"] for one in ids}
        outcome = carry_out(at.office, at.covenant_id, versions, decided, at.now, by=at.by)
        return at.done(_outcome_words(outcome, decided), _way_back(at, typed["terug"]))
    with at.office.database.reading() as session:
        seen = foreseen(session, at.covenant_id, ids, decided, at.now)
        view = at.view(session)
        shown = [lines.deadline_line(one.row, (), view, at.today) for one in seen]
    return at.page(
        "desk/together",
        seen=list(zip(seen, shown, strict=True)),
        decided=decided,
        day=typed["dag"],
        names=view.party_names,
        back=_way_back(at, typed["terug"]),
        terug=typed["terug"],
        changing=sum(not one.same for one in seen),
    )


@router.api_route("/termijnen/{deadline}", methods=["GET", "HEAD"])
def deadline_page(at: ForReaders, deadline: str) -> Response:
    """One deadline: when, who, how it stands, and all that happened."""
    return _one(at, lines.number_of(deadline), DeskForm(), DeskForm())


@router.post("/termijnen/{deadline}/besluit")
def decide(at: ForSecretariat, deadline: str) -> Response:
    """Done, dropped or open again, for one party or for all."""
    number, typed = lines.number_of(deadline), at.typed()
    with at.office.database.reading() as session:
        row = deadlines.row_by_id(session, number, at.covenant_id)
    state = STATES.get(typed.choice("besluit", STATES, needed="Kies wat het besluit is."))
    note = typed.text("toelichting", most=500)
    if state is None or not typed.is_right:
        return _one(at, number, typed, DeskForm(), status=422)
    more: dict[str, Any] = {"by": at.by, "note_text": note, "version": typed["version"]}
    try:
        if typed["partij"]:
            more |= {"party": typed["partij"], "covenant_id": at.covenant_id}
            done = [closing.settle(at.office, number, state, at.now, **more)]
        else:
            done = settle_all_leads(at.office, row, state, at.now, **more)
    except Changed as changed:
        return _one(at, number, typed, DeskForm(), changed, status=409)
    except CycleError as error:
        typed.wrong("besluit", f"{error.what} {error.hint}")
        return _one(at, number, typed, DeskForm(), status=422)
    return at.done(f"{done[-1].title}: {done[-1].words}.", at.path(f"termijnen/{number}"))


@router.post("/termijnen/{deadline}/verplaatsen")
def move(at: ForSecretariat, deadline: str) -> Response:
    """Another last day, with the reason."""
    number, typed = lines.number_of(deadline), at.typed()
    with at.office.database.reading() as session:
        deadlines.row_by_id(session, number, at.covenant_id)
    day = typed.day("dag", needed="Vul de nieuwe laatste dag in.", within=DEADLINE.around(at.today))
    reason = typed.text("reden", needed="Vul in waarom de termijn verplaatst wordt.", most=500)
    if day is None or not typed.is_right:
        return _one(at, number, DeskForm(), typed, status=422)
    try:
        settled = closing.move(
            at.office,
            number,
            day,
            at.now,
            by=at.by,
            reason=reason,
            covenant_id=at.covenant_id,
            version=typed["version"],
        )
    except Changed as changed:
        return _one(at, number, DeskForm(), typed, changed, status=409)
    except CycleError as error:
        typed.wrong("dag", f"{error.what} {error.hint}")
        return _one(at, number, DeskForm(), typed, status=422)
    return at.done(f"{settled.title}: {settled.words}.", at.path(f"termijnen/{number}"))


def _list(at: DeskRequest, chosen: Mapping[str, str], bulk: DeskForm, status: int = 200) -> Response:
    typed = DeskForm(**{name: chosen.get(name, "") for name in FILTERS})
    page = lines.page_number(chosen.get("blad", ""))
    asked = {name: chosen.get(name, "") for name in FILTERS}
    wanted = Search(
        typed["partij"],
        typed["thema"],
        typed["stand"],
        typed["overleg"],
        typed["zoek"],
        typed.day("van"),
        typed.day("tot"),
    )
    ticked = frozenset(bulk.all("kies"))
    with at.office.database.reading() as session:
        view = at.view(session)
        key = at.today, page, at.may_write, ticked, wanted
        shown_list = at.kept_value("deadlines", lambda: _listed(session, at, view, wanted, page, ticked), *key)
        themes, meetings = at.kept_value("choices", lambda: lines.choices(session, at))
    newer, older = lines.pages(at, "termijnen", asked, page, shown_list.count)
    return at.page(
        "desk/deadlines",
        status,
        typed=typed,
        bulk=bulk,
        rows=shown_list.html,
        ticks=shown_list.ids,
        count=shown_list.count,
        newer=newer,
        older=older,
        parties=[(party.slug, party.name) for party in view.parties],
        themes=themes,
        meetings=meeting_words(view, meetings),
        stands=STANDS,
        may_write=at.may_write,
        verbs=IN_A_LIST,
        first=(page - 1) * lines.PAGE + 1,
        terug=f"termijnen?{urlencode({name: value for name, value in chosen.items() if value})}",
    )


def _listed(
    session: Session, at: DeskRequest, view: CovenantView, wanted: Search, page: int, ticked: frozenset[str]
) -> DeadlineList:
    rows, count = finding.found_deadlines(
        session, at.covenant_id, wanted, at.today, limit=lines.PAGE, offset=(page - 1) * lines.PAGE
    )
    shown = lines.deadline_lines(session, view, rows, at.today)
    html = (
        at.door.templates.part("desk/_deadlines", lines=shown, root=at.path(), may_write=at.may_write, chosen=ticked)
        if shown
        else Markup()
    )
    return DeadlineList(html, tuple(one.id for one in shown), count)


def meeting_words(view: CovenantView, names: Sequence[str]) -> list[tuple[str, str]]:
    """The meetings of a list with their titles, for a choice."""
    return [(name, view.settings.steps[name].title if name in view.settings.steps else name) for name in names]


def _settle_list(at: DeskRequest, typed: DeskForm, done: Sequence[Settled] = (), status: int = 200) -> Response:
    with at.office.database.reading() as session:
        view = at.view(session)
        waits = at.kept_value("to-settle", lambda: _waits(session, view)) if status == 200 else _waits(session, view)
        doubts = together_by_question([doubt_line(one, row, view, at) for one, row in waits[0]])
    return at.page(
        "desk/settle",
        status,
        typed=typed,
        doubts=doubts,
        actions=[action_line(one, view) for one in waits[1]],
        done=[f"{one.title}: {one.words}." for one in done],
        may_write=at.may_write,
        verbs=TO_SETTLE,
        chosen=set(typed.all("kies")),
        terug="termijnen/afhandelen",
    )


def _waits(session: Session, view: CovenantView) -> tuple[list[tuple[Doubt, ReadingRow]], tuple[OpenAction, ...]]:
    """What waits for a decision. After a form it is read anew: the form may have settled some of it."""
    waiting = unsettled(session, view)
    rows = {row.id: row for row in register.reading_rows(session, view.id)} if waiting.doubts else {}
    return [(one, rows[one.id]) for one in waiting.doubts], waiting.actions


def _one(
    at: DeskRequest,
    number: int,
    decision: DeskForm,
    moving: DeskForm,
    changed: Changed | None = None,
    status: int = 200,
) -> Response:
    with at.office.database.reading() as session:
        row = deadlines.row_by_id(session, number, at.covenant_id)
        view = at.view(session)
        parts = deadlines.part_rows(session, number)
        proofs = lines.proofs_of(session, at.covenant_id, deadline=number)
        things = {"deadline": [number], "part": [number], "meeting": [id_of(row.meeting)] if row.meeting else []}
        events = lines.history(at, session, view, things, proofs)
        line = lines.deadline_line(
            row, [deadlines.Part(slug, part.part, part.state) for part, slug in parts], view, at.today
        )
        shown = part_lines(row, parts, view, at, unreleased(session, at, number))
        named = named_days(session, row, view, at.today)
    leads = [part for part in shown if part.slug]
    return at.page(
        "desk/deadline",
        status,
        row=row,
        line=line,
        parts=shown,
        events=events,
        changed=changed,
        decision=decision,
        moving=moving,
        may_write=at.may_write,
        is_open=row.state == State.OPEN,
        joint=row.joint,
        version=version_of_deadline(row, [part for part, _slug in parts], at.now),
        participants=[view.party_names.get(slug, slug) for part, slug in parts if part.part != LEAD],
        parties=[(part.slug, part.name) for part in leads] if len(leads) > 1 and not row.joint else [],
        verbs=[(DONE, DONE), (DROPPED, DROPPED), (OPEN, "weer openen")],
        meeting=dict(meeting_words(view, [row.via])).get(row.via, "") if row.via else "",
        moved=day_words(row.moved_from) if row.moved_from else "",
        named=named,
    )


def _decided(typed: DeskForm, today: date) -> Decided | None:
    """What was decided about several; a sentence by the field when it is not clear."""
    word = typed.choice("besluit", list(Verb), needed="Kies wat u besluit.")
    verb = Verb(word) if word else None
    needed = "Vul de nieuwe laatste dag in." if verb in WITH_DAY else ""
    day = typed.day("dag", needed=needed, within=DEADLINE.around(today))
    reason = typed.text("reden", needed="Vul in waarom." if verb is Verb.MOVE else "", most=500)
    return Decided(verb, day, reason) if verb and typed.is_right else None


def _again(at: DeskRequest, typed: DeskForm) -> Response:
    """The page that somebody came from, with what they ticked and typed."""
    path, _question, query = typed["terug"].partition("?")
    if path == "termijnen/afhandelen":
        return _settle_list(at, typed, status=422)
    return _list(at, dict(parse_qsl(query)), typed, 422)


def _way_back(at: DeskRequest, back: str) -> str:
    """Where somebody came from, within this room."""
    path, question, query = back.partition("?")
    path = path if path in ("termijnen", "termijnen/afhandelen") else "termijnen"
    return at.path(path) + (f"{question}{urlencode(parse_qsl(query))}" if query else "")


def _outcome_words(outcome: BulkOutcome, decided: Decided) -> str:
    changed = sum(one.changed for one in outcome.done)
    words = [f"{changed} {'termijn' if changed == 1 else 'termijnen'}: {decided.words}."]
    if outcome.faults:
        words.append(f"{len(outcome.faults)} niet gelukt:")
        words += [f"{fault.place}: {fault.what}" for fault in outcome.faults[:SAYS]]
    return " ".join(words)
