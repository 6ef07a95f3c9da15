"""Who is asked about what in the progress rounds, when last, and what is never asked and why (law L5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cycle.actions.deadlines.upkeep.year_upkeep import keep_covenant, year_parts
from cycle.actions.office.covenant_view import CovenantView, views
from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.domain.agreement import Agreement
from cycle.domain.model import Asked, Origin, State
from cycle.domain.progress_questions import (
    Standing,
    is_a_step,
    is_asked_yet,
    is_closed,
    leads_of,
    speaks_of_the_whole_term,
)
from cycle.domain.words import joined
from cycle.domain.year_steps import Step
from cycle.errors import NotFound, Refused
from cycle.store import covenants, deadlines, round_questions
from cycle.store.database import Session
from cycle.store.tables import AgreementRow

MOST_REASON = 200
PROPOSED = "geldt voor de hele periode"
NO_LEAD, OWN_STEP = "er is geen trekker", "het is een stap van het jaar, met eigen herinneringen"
DROPPED, NO_SURE_DATE = "het is vervallen", "vanaf morgen weer"


@dataclass(frozen=True, slots=True)
class AskedAgreement:
    """One agreement: of whom it is asked, when last, or why never. `standing` is the reason that the secretariat gave;
    `proposed` one that it may give, because the agreement itself says that it holds for the whole term."""

    id: int
    number: str
    topic: str
    parties: str
    last_on: date | None
    why_not: str
    standing: str
    proposed: str


def asked_list(session: Session, view: CovenantView) -> list[AskedAgreement]:
    """Every agreement of a covenant, in the order in which people count."""
    steps, agreements, _planned, _known = year_parts(session, view)
    last = round_questions.last_asked(session, view.id)
    standing: dict[int, list[Standing]] = {}
    for row in deadlines.rows_of(session, view.id):
        if row.agreement_id and row.origin != Origin.STEP and row.asked != Asked.TAKEN:
            kept_as = Standing(
                row.agreement_id, row.slot, row.occurrence, row.due, row.window_start, State(row.state), row.doubtful
            )
            standing.setdefault(row.agreement_id, []).append(kept_as)
    return [_line(one, steps, standing.get(one.id, []), last.get(one.id), view) for one in agreements]


def mark_standing(
    office: Office, agreement_id: int, reason: str, now: datetime, *, by: str, covenant_id: int | None = None
) -> str:
    """Marks an agreement as standing, with the reason; without one it is asked about again. Returns its number.

    Raises NotFound, Refused for a reason that is too long.
    """
    reason = " ".join(reason.split())
    if len(reason) > MOST_REASON:
        raise Refused("De reden is te lang.", f"Houd het bij {MOST_REASON} tekens.")
    with office.database.writing() as session:
        row = session.get(AgreementRow, agreement_id) if 0 < agreement_id < 2**31 else None
        if row is None or covenant_id not in (None, row.covenant_id):
            raise NotFound("Deze afspraak bestaat niet.", "Kies een afspraak uit de lijst.")
        covenants.lock(session, row.covenant_id)
        if row.standing != reason:
            row.standing = reason
            session.add(row)
            session.flush()
            verb = "niet meer in de ronde" if reason else "weer in de ronde"
            note(session, now, by, verb, f"afspraak {row.number}", reason, row.covenant_id, of=agreement_id)
            keep_covenant(session, views(session, office.settings, [row.covenant_id])[row.covenant_id], now)
        return row.number


def _line(
    agreement: Agreement, steps: Sequence[Step], mine: Sequence[Standing], last_on: date | None, view: CovenantView
) -> AskedAgreement:
    return AskedAgreement(
        agreement.id,
        agreement.number,
        agreement.topic,
        joined([view.party_names.get(slug, slug) for slug in leads_of(agreement)]),
        last_on,
        _why_not(agreement, steps, mine, view.policy.live_since),
        agreement.standing,
        PROPOSED if not agreement.standing and speaks_of_the_whole_term(agreement) else "",
    )


def _why_not(agreement: Agreement, steps: Sequence[Step], mine: Sequence[Standing], live_since: date) -> str:
    """Why no round asks about it; nothing where one does."""
    if agreement.standing:
        return agreement.standing
    if not leads_of(agreement):
        return NO_LEAD
    if any(is_asked_yet(one, live_since) for one in mine):
        return ""
    if not mine and is_a_step(agreement, steps):
        return OWN_STEP
    return DROPPED if is_closed(mine) else NO_SURE_DATE
