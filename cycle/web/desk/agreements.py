"""Afspraken: the register as the table reads it, and one page per agreement with all that came of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from starlette.responses import Response

from cycle.actions.answers.rounds.trend import trend_of
from cycle.actions.office.covenant_view import CovenantView
from cycle.actions.office.versions import version_of
from cycle.actions.people.seats.memberships import is_there, name_addressee
from cycle.actions.settling.to_decide import Doubt, asked_marks, readings_words
from cycle.domain.addressing import Members
from cycle.domain.model import State
from cycle.domain.status import NOT_SETTLED, STATE_WORDS
from cycle.domain.theme_words import theme_words
from cycle.domain.words import day_words, joined
from cycle.errors import Changed, CycleError, NotFound
from cycle.store import actions, deadlines, finding, register, seats, theme_names
from cycle.store.apart import made_apart
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.store.tables import ActionRow, AgreementRow, ReadingRow
from cycle.web.desk import lines
from cycle.web.desk.deadlines import meeting_words
from cycle.web.desk.doubt_lines import DoubtLine, doubt_line, settle_doubt
from cycle.web.desk.forms import DeskForm
from cycle.web.desk.menu import READERS, MenuEntry
from cycle.web.desk.visiting import NOT_HERE, DeskRequest, ForReaders, ForSecretariat, desk_router
from cycle.web.year import StandShown

router = desk_router()
ENTRY = MenuEntry("Afspraken", "afspraken", READERS)

WITHOUT = "zonder-termijn"
OPEN, DONE = STATE_WORDS[State.OPEN], STATE_WORDS[State.DONE]
STANDS = (
    (OPEN, OPEN),
    (finding.NOT_SETTLED, NOT_SETTLED),
    (finding.DOUBT, "twijfel"),
    (DONE, DONE),
    (WITHOUT, "zonder termijn"),
)
SHAPES = {
    OPEN: StandShown(OPEN, "open"),
    finding.NOT_SETTLED: StandShown(NOT_SETTLED, "passed"),
    finding.DOUBT: StandShown("twijfel", "open"),
    DONE: StandShown(DONE, "done"),
}
FILTERS = ("partij", "thema", "stand", "overleg", "zoek")
ITSELF = "vanzelf"


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """One agreement in the list."""

    id: int
    number: str
    topic: str
    theme: str
    who: str
    stands: tuple[StandShown, ...]
    coming: str


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """One phrase of an agreement, how it is read and who said so."""

    id: int
    phrase: str
    words: str
    reason: str
    confirmed: str
    is_doubtful: bool
    place: str
    is_history: bool


@dataclass(frozen=True, slots=True)
class ToLine:
    """Who gets the mail of one lead party about an agreement, and why."""

    slug: str
    party: str
    name: str
    email: str
    why: str


@dataclass(frozen=True, slots=True)
class AgreementList:
    """One page of a list, drawn; and how many there are in all."""

    html: Markup
    count: int


@router.api_route("/afspraken", methods=["GET", "HEAD"])
def listed(
    at: ForReaders,
    partij: str = "",
    thema: str = "",
    stand: str = "",
    overleg: str = "",
    zoek: str = "",
    blad: str = "",
) -> Response:
    """The agreements that somebody looks for, in the order of the document."""
    chosen = dict(zip(FILTERS, (partij, thema, stand, overleg, zoek[:100]), strict=True))
    page = lines.page_number(blad)
    with at.office.database.reading() as session:
        view = at.view(session)
        agreements = at.kept_value(
            "agreements", lambda: _listed(session, at, view, chosen, page), at.today, page, *chosen.values()
        )
        themes, meetings = at.kept_value("choices", lambda: lines.choices(session, at))
    newer, older = lines.pages(at, "afspraken", chosen, page, agreements.count)
    return at.page(
        "desk/agreements",
        typed=DeskForm(**chosen),
        rows=agreements.html,
        count=agreements.count,
        newer=newer,
        older=older,
        parties=[(party.slug, party.name) for party in view.parties],
        stands=STANDS,
        may_write=at.may_write,
        themes=themes,
        meetings=meeting_words(view, meetings),
    )


@router.api_route("/afspraken/{number}", methods=["GET", "HEAD"])
def agreement_page(at: ForReaders, number: str) -> Response:
    """One agreement: its text, who it is for, how it is read, its deadlines, and what happened."""
    with at.office.database.reading() as session:
        row = _agreement(session, at, number)
        view = at.view(session)
        newest, asked = finding.newest_agenda(session, at.covenant_id), asked_marks(session, view)
        readings = [
            _reading_line(at, one, newest, is_asked=f"{row.number}:{one.ref}" in asked)
            for one in finding.readings_of(session, id_of(row))
        ]
        rows = deadlines.rows_of(session, at.covenant_id, deadlines.of_agreement(id_of(row)))
        further = actions.further_of(session, id_of(row))
        things = {
            "agreement": [id_of(row)],
            "action": [id_of(one) for one in further],
            "reading": [one.id for one in readings],
            "deadline": [id_of(one) for one in rows],
        }
        proofs = lines.proofs_of(session, at.covenant_id, agreement=row.id)
        events = lines.history(at, session, view, things, proofs, number=row.number)
        shown = lines.deadline_lines(session, view, rows, at.today)
        theme = theme_words(row.theme, theme_names.of_covenant(session, at.covenant_id))
        rounds = trend_of(session, view, things["deadline"], at.today)
    return at.page(
        "desk/agreement",
        row=row,
        theme=theme,
        readings=readings,
        lines=shown,
        events=events,
        rounds=rounds,
        day_words=day_words,
        actions=further,
        to=_addressees(row, further, view, at),
        leads=_lead_names(row, view),
        may_write=at.may_write,
    )


@router.api_route("/afspraken/{number}/mail/{party}", methods=["GET", "HEAD"])
def ask_addressee(at: ForSecretariat, number: str, party: str) -> Response:
    """Who should get a party's mail about this agreement, or about its theme."""
    return _ask(at, number, party, DeskForm(voor="afspraak"))


@router.post("/afspraken/{number}/mail/{party}")
def choose_addressee(at: ForSecretariat, number: str, party: str) -> Response:
    """Names that person."""
    typed = at.typed()
    with at.office.database.reading() as session:
        row = _agreement(session, at, number)
        _party_name(at.view(session), party)
    who = typed.text("wie", needed="Kies wie de mail krijgt.")
    about = typed.choice("voor", ("afspraak", "thema"), needed="Kies waarvoor dit geldt.")
    if not typed.is_right:
        return _ask(at, number, party, typed, status=422)
    theme, agreement_id = (row.theme, None) if about == "thema" else ("", row.id)
    person = None if who == ITSELF else lines.number_of(who)
    try:
        settled = name_addressee(
            at.office,
            at.covenant_id,
            party,
            person,
            at.now,
            agreement_id=agreement_id,
            theme=theme,
            by=at.by,
            version=typed["version"],
        )
    except Changed as changed:
        return _ask(at, number, party, typed, changed, status=409)
    except CycleError as error:
        typed.wrong("wie", f"{error.what} {error.hint}")
        return _ask(at, number, party, typed, status=422)
    return at.done(f"{settled.title} {settled.words}.", at.path(f"afspraken/{row.id}"))


@router.api_route("/afspraken/lezing/{reading}", methods=["GET", "HEAD"])
def ask_reading(at: ForSecretariat, reading: str) -> Response:
    """How one phrase is meant."""
    return _ask_reading(at, reading, DeskForm())


@router.post("/afspraken/lezing/{reading}")
def settle_reading(at: ForSecretariat, reading: str) -> Response:
    """Takes what was chosen for one phrase."""
    typed = at.typed()
    with at.office.database.reading() as session:
        row, agreement = _reading(session, at, reading)
    if not typed[f"lezing-{row.id}"]:
        typed.wrong(f"lezing-{row.id}", "Kies wat er bedoeld is.")
        return _ask_reading(at, reading, typed, status=422)
    settled = settle_doubt(at, id_of(row), typed)
    if settled is None:
        return _ask_reading(at, reading, typed, status=422)
    return at.done(f"{settled.title}: {settled.words}.", at.path(f"afspraken/{agreement.id}"))


def _listed(
    session: Session, at: DeskRequest, view: CovenantView, chosen: Mapping[str, str], page: int
) -> AgreementList:
    agreements, first = _found(session, at, view, chosen), (page - 1) * lines.PAGE
    shown = agreements[first : first + lines.PAGE]
    html = at.door.templates.part("desk/_agreements", lines=shown, root=at.path("afspraken")) if shown else Markup()
    return AgreementList(html, len(agreements))


def _found(session: Session, at: DeskRequest, view: CovenantView, chosen: Mapping[str, str]) -> list[AgreementLine]:
    """The agreements that fit: as many queries for one as for a thousand."""
    heads = finding.agreement_heads(session, at.covenant_id, chosen["zoek"])
    doubtful = {mark.partition(":")[0] for mark in asked_marks(session, view)}
    of_agreement: dict[int, list[Any]] = defaultdict(list)
    for due_head in finding.deadline_heads(session, at.covenant_id):
        of_agreement[due_head.agreement_id].append(due_head)

    def line(head: Any) -> AgreementLine | None:
        mine, leads = of_agreement[head.id], head.agenda_leads or head.leads
        stands = _stands(mine, at, is_doubtful=head.number in doubtful)
        fits = (
            not chosen["partij"] or chosen["partij"] in leads,
            not chosen["thema"] or chosen["thema"] == head.theme,
            not chosen["overleg"] or any(one.via == chosen["overleg"] for one in mine),
            not chosen["stand"] or chosen["stand"] in (stands or (WITHOUT,)),
        )
        return _line(head, leads, stands, mine, view, at) if all(fits) else None

    return made_apart(heads, line, lambda head: f"list: afspraak {head.id}")


def _stands(mine: Sequence[Any], at: DeskRequest, *, is_doubtful: bool) -> tuple[str, ...]:
    """How an agreement stands, by its deadlines: what asks for attention first. Old ones do not hide what is open."""
    is_open = [one for one in mine if one.state == State.OPEN]
    named = [one for one in is_open if not one.invented and not one.doubtful]
    words = [finding.DOUBT] if is_doubtful else []
    if any(one.due and one.due < at.today for one in named):
        words.append(finding.NOT_SETTLED)
    if any(one.doubtful or one.invented or not one.due or one.due >= at.today for one in is_open) and not is_doubtful:
        words.append(OPEN)
    if not is_open and any(one.state == State.DONE for one in mine):
        words.append(DONE)
    return tuple(words)


def _line(
    head: Any, leads: Sequence[str], stands: Sequence[str], mine: Sequence[Any], view: CovenantView, at: DeskRequest
) -> AgreementLine:
    days = [one.due for one in mine if one.state == State.OPEN and one.due and not one.invented and not one.doubtful]
    coming = next((day for day in sorted(days) if day >= at.today), None)
    return AgreementLine(
        head.id,
        head.number,
        head.topic,
        head.theme,
        joined([view.party_names.get(slug, slug) for slug in leads]) or "nog geen trekker",
        tuple(SHAPES[one] for one in stands),
        day_words(coming) if coming else "",
    )


def _agreement(session: Session, at: DeskRequest, number: str) -> AgreementRow:
    row = finding.agreement(session, lines.number_of(number), at.covenant_id)
    if row is None:
        raise NotFound(*NOT_HERE)
    return row


def _reading(session: Session, at: DeskRequest, number: str) -> tuple[ReadingRow, AgreementRow]:
    reading = finding.reading(session, lines.number_of(number), at.covenant_id)
    if reading is None:
        raise NotFound(*NOT_HERE)
    return reading


def _reading_line(at: DeskRequest, row: ReadingRow, newest: int | None, *, is_asked: bool) -> ReadingLine:
    reading = register.reading_value(row)
    confirmed = ""
    if row.confirmed_by:
        on = at.office.local_day(row.confirmed_at) if row.confirmed_at else None
        confirmed = f"{row.confirmed_by}{', ' + day_words(on) if on else ''}"
    elif row.doubtful and not is_asked:
        confirmed = "hoeft niet: de datum komt ergens anders vandaan"
    readings = (reading, *reading.others) if is_asked else (reading,)
    return ReadingLine(
        id_of(row),
        row.phrase,
        " of ".join(readings_words(one) for one in readings),
        reading.reason,
        confirmed or "nog niet",
        is_asked,
        row.source,
        register.is_history(row, newest),
    )


def _addressees(row: AgreementRow, further: Sequence[ActionRow], view: CovenantView, at: DeskRequest) -> list[ToLine]:
    members, addressees = Members(view.members, at.today), []
    for slug in dict.fromkeys((*(row.agenda_leads or row.leads), *(lead for one in further for lead in one.leads))):
        to = members.addressed(slug, (id_of(row),), row.theme)
        name, email = (to.member.name, to.member.email) if to else ("niemand", "")
        addressees.append(ToLine(slug, view.party_names.get(slug, slug), name, email, lines.why_words(to)))
    return addressees


def _lead_names(row: AgreementRow, view: CovenantView) -> str:
    return joined([view.party_names.get(slug, slug) for slug in row.agenda_leads or row.leads]) or "nog geen trekker"


def _party_name(view: CovenantView, slug: str) -> str:
    if slug not in view.party_names:
        raise NotFound(*NOT_HERE)
    return view.party_names[slug]


def _ask(
    at: DeskRequest, number: str, party: str, typed: DeskForm, changed: Changed | None = None, status: int = 200
) -> Response:
    with at.office.database.reading() as session:
        row = _agreement(session, at, number)
        view = at.view(session)
        name = _party_name(view, party)
        name_of_theme = theme_names.of_covenant(session, at.covenant_id).get(row.theme)
        of_party = [one for one in seats.seats(session, at.covenant_id) if one.party.slug == party]
    called = f" ({name_of_theme})" if name_of_theme else ""
    live = [one for one in of_party if (one.seat.until or at.today) >= at.today]
    people = {one.person.id: one.person.name for one in live if is_there(one.seat.since, one.seat.until, at.today)}
    now = Members(view.members, at.today).addressed(party, (id_of(row),), row.theme)
    options = [(str(key), who) for key, who in people.items()] + [
        (ITSELF, "wie aan de beurt is (thema, dan contactpersoon)")
    ]
    if not typed["wie"] and now is not None:
        typed.values["wie"] = str(now.member.person)
    return at.page(
        "desk/addressee",
        status,
        typed=typed,
        changed=changed,
        row=row,
        party=party,
        name=name,
        people=options,
        version=version_of(at.now, *[one.seat for one in live]),
        about=[
            ("afspraak", f"alleen afspraak {row.number}"),
            *([("thema", f"heel thema {row.theme}{called}")] if row.theme else []),
        ],
        now=now.member.name if now else "niemand",
        why=lines.why_words(now),
    )


def _ask_reading(at: DeskRequest, number: str, typed: DeskForm, status: int = 200) -> Response:
    with at.office.database.reading() as session:
        row, agreement = _reading(session, at, number)
        view = at.view(session)
    return at.page(
        "desk/reading", status, typed=typed, one=_doubt(row, agreement, view, at), row=row, agreement=agreement
    )


def _doubt(row: ReadingRow, agreement: AgreementRow, view: CovenantView, at: DeskRequest) -> DoubtLine:
    """Any phrase as one that is asked about, settled or not."""
    reading = register.reading_value(row)
    leads = tuple(agreement.agenda_leads or agreement.leads)
    doubt = Doubt(
        id_of(row),
        agreement.number,
        agreement.topic,
        row.phrase,
        (reading, *reading.others),
        row.source,
        row.ref,
        leads,
    )
    return doubt_line(doubt, row, view, at)
