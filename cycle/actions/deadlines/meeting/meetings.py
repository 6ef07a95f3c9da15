"""After a meeting: did it take place, and what did it decide about which agreement.

A decision changes a deadline in the same transaction, and both bear its reference: "Voorjaarsoverleg 13 april 2027,
besluit 2". It can be undone as long as nobody changed that deadline since.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import uuid4

from cycle.actions.deadlines.deciding.closing import (
    DONE_WORDS,
    Settled,
    move_row,
    put_back_row,
    settle_row,
    undo_row,
    version_of_deadline,
)
from cycle.actions.deadlines.upkeep.year_upkeep import keep_covenant
from cycle.actions.office.covenant_view import CovenantView, views
from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.actions.office.versions import refuse_changed
from cycle.domain.action_titles import called
from cycle.domain.days import DEADLINE
from cycle.domain.model import LadderKind, News, Origin, State
from cycle.domain.rules import ONCE
from cycle.domain.words import day_words, weekday_words
from cycle.errors import NotFound, Refused
from cycle.store import covenants, deadlines, happened, meetings, register
from cycle.store.actions import new_action
from cycle.store.database import Session
from cycle.store.deadlines import LEAD
from cycle.store.happened import PastChange
from cycle.store.ids import id_of
from cycle.store.tables import AgreementRow, DeadlineParty, DeadlineRow, MeetingDecision

__all__ = ["Effect", "Resolved", "decide", "held", "undo_decision", "version_of_deadline"]


class Effect(StrEnum):
    """What a decision does to the deadlines of an agreement."""

    NOTHING = "niets"
    MOVE = "verplaatsen"
    NEW = "nieuwe termijn"
    DROP = "vervallen"


@dataclass(frozen=True, slots=True)
class Resolved:
    """One decision as somebody writes it down. `about` is the deadline that moves or is dropped, `day` the new day."""

    agreement_id: int
    text: str
    effect: Effect = Effect.NOTHING
    about: int | None = None
    day: date | None = None


def held(
    office: Office, meeting_id: int, now: datetime, *, by: str, covenant_id: int | None = None, version: str = ""
) -> Settled:
    """The meeting took place: it is done, for all who lead it.

    Raises NotFound, Changed for another state than the page showed, Refused for what is no meeting or is yet to come.
    """
    with office.database.writing() as session:
        row = _meeting(session, meeting_id, covenant_id)
        parts = [part for part, _slug in deadlines.part_rows(session, id_of(row))]
        refuse_changed(session, version, f"termijn {row.id}", row.covenant_id, row, *parts)
        if row.state != State.OPEN:
            return Settled(row.title, f"was al {DONE_WORDS[State(row.state)]}", changed=False)
        view = _view(office, session, row)
        if (row.meeting_day or view.local_day(now)) > view.local_day(now):
            raise Refused(f"{row.title} is pas op {weekday_words(row.meeting_day or date.max)}.", "Wacht tot die dag.")
        leads = [slug for part, slug in deadlines.part_rows(session, id_of(row)) if part.part == LEAD]
        for party in leads[:1] if row.joint else leads or [""]:
            settle_row(office, session, row, State.DONE, now, by=by, party=party, note_text="het overleg is geweest")
        return Settled(row.title, "heeft plaatsgevonden", changed=True)


def decide(
    office: Office, meeting_id: int, resolved: Resolved, now: datetime, *, by: str, covenant_id: int | None = None
) -> str:
    """Writes a decision down, and does what it says; returns its reference.

    Raises NotFound for an agreement or deadline that is not there, Refused for a decision without words or without what
    its effect needs, and for a day that cannot be.
    """
    if not resolved.text.strip():
        raise Refused("Het besluit heeft geen tekst.", "Schrijf in een zin wat er is besloten.")
    DEADLINE.around(office.local_day(now)).refuse(resolved.day)
    with office.database.writing() as session:
        row = _meeting(session, meeting_id, covenant_id)  # its lock also keeps the numbers apart
        agreement = _agreement(session, row.covenant_id, resolved.agreement_id)
        number = meetings.next_number(session, id_of(row))
        reference = f"{row.title} {day_words(row.meeting_day or row.due or office.local_day(now))}, besluit {number}"
        decision = MeetingDecision(
            covenant_id=row.covenant_id,
            deadline_id=id_of(row),
            number=number,
            agreement_id=agreement.id,
            text=resolved.text.strip(),
            effect=resolved.effect,
            reference=reference,
            by=by,
            at=now,
        )
        _carry_out(office, session, row, agreement, resolved, decision, now)
        session.add(decision)
        about = f"afspraak {agreement.number}"
        note(session, now, by, "besluit", about, f"{decision.text} ({reference})", row.covenant_id, of=id_of(agreement))
        return reference


def undo_decision(office: Office, decision_id: int, now: datetime, *, by: str, covenant_id: int | None = None) -> str:
    """Takes a decision back, with what it did; it stays in the list as undone. Returns its reference.

    Raises NotFound, or Refused when the deadline was changed since.
    """
    with office.database.writing() as session:
        decision = meetings.decision(session, decision_id, covenant_id)
        if decision.undone_at is not None:
            return decision.reference
        if decision.about_id is not None:
            row = deadlines.row_by_id(session, decision.about_id, decision.covenant_id, lock=True)
            _take_back(office, session, row, decision, now, by)
        decision.undone_by, decision.undone_at = by, now
        session.add(decision)
        number = meetings.agreement_number(session, decision)
        detail = f"{decision.text} ({decision.reference})"
        note(
            session,
            now,
            by,
            "besluit ongedaan gemaakt",
            f"afspraak {number}",
            detail,
            decision.covenant_id,
            of=decision.agreement_id or 0,
        )
        return decision.reference


def _carry_out(
    office: Office,
    session: Session,
    meeting: DeadlineRow,
    agreement: AgreementRow,
    resolved: Resolved,
    decision: MeetingDecision,
    now: datetime,
) -> None:
    """What the decision does to a deadline, with the decision as the reason."""
    if resolved.effect is Effect.NOTHING:
        return
    if resolved.effect in (Effect.MOVE, Effect.NEW) and resolved.day is None:
        raise Refused("De nieuwe datum ontbreekt.", "Vul in wanneer het klaar moet zijn.")
    if resolved.effect is Effect.NEW:
        row = _new_deadline(office, session, meeting, agreement, resolved, decision, now)
    else:
        row = _about(session, agreement, resolved, meeting.covenant_id)
    decision.about_id, decision.day, decision.old_day = row.id, resolved.day, row.due
    if resolved.effect is Effect.MOVE and resolved.day is not None:
        done = move_row(office, session, row, resolved.day, now, by=decision.by, reason=decision.reference)
    elif resolved.effect is Effect.DROP:
        done = settle_row(
            office,
            session,
            row,
            State.DROPPED,
            now,
            by=decision.by,
            party="",
            note_text=decision.reference,
        )
    else:
        return
    if not done.changed:
        raise Refused(f"{row.title} {done.words}.", "Kies een andere datum, of een besluit zonder gevolg.")


def _new_deadline(
    office: Office,
    session: Session,
    meeting: DeadlineRow,
    agreement: AgreementRow,
    resolved: Resolved,
    decision: MeetingDecision,
    now: datetime,
) -> DeadlineRow:
    """A deadline that no document names: the meeting is its source. Who leads the agreement leads it."""
    row = DeadlineRow(
        covenant_id=meeting.covenant_id,
        action_id=new_action(session, meeting.covenant_id, Origin.MEETING, id_of(agreement)),
        agreement_id=agreement.id,
        origin=Origin.MEETING,
        occurrence=ONCE,
        title=called(agreement.agenda_topic or agreement.topic, agreement.agenda_text or agreement.text),
        todo=decision.text,
        number=agreement.number,
        theme=agreement.theme,
        kind=LadderKind.ACTION,
        source=decision.reference,
        agreements=[id_of(agreement)],
        due=resolved.day,
        known_since=office.local_day(now),
        news=News.NEW,
        uid=uuid4().hex,
        created_at=now,
        changed_at=now,
    )
    session.add(row)
    session.flush()
    ids = {party.slug: id_of(party) for party in covenants.party_rows(session, meeting.covenant_id)}
    for position, slug in enumerate(agreement.agenda_leads or agreement.leads):
        session.add(DeadlineParty(deadline_id=id_of(row), party_id=ids[slug], part=LEAD, position=position))
    session.flush()
    note(session, now, decision.by, "nieuw", f"termijn {row.id}", decision.reference, row.covenant_id)
    keep_covenant(session, _view(office, session, meeting), now)
    return row


def _take_back(
    office: Office, session: Session, row: DeadlineRow, decision: MeetingDecision, now: datetime, by: str
) -> None:
    """What the decision did, the other way round."""
    reason, did = f"ongedaan: {decision.reference}", _done_by(session, decision, id_of(row))
    if decision.effect == Effect.MOVE:
        was = next((one.old for one in did if one.subject == "deadline"), decision.before)
        is_known = decision.old_day is not None or was
        if row.state != State.OPEN or row.due != decision.day or not is_known:
            raise Refused(f"{row.title} is sindsdien veranderd.", "Pas de termijn zelf aan.")
        put_back_row(office, session, row, was, decision.old_day, now, by=by, reason=reason)
    elif decision.effect == Effect.DROP:
        if row.state != State.DROPPED:
            raise Refused(f"{row.title} is sindsdien veranderd.", "Pas de termijn zelf aan.")
        was = next((one.old for one in did if one.subject == "deadline"), {})
        own = State({**decision.before, **was}.get("state", State.OPEN))
        undo_row(office, session, row, did, own, now, by=by, why=reason)
    elif decision.effect == Effect.NEW:
        if row.state != State.OPEN:
            raise Refused(f"{row.title} is al {DONE_WORDS[State(row.state)]}.", "Pas de termijn zelf aan.")
        settle_row(office, session, row, State.DROPPED, now, by=by, party="", note_text=reason)
        keep_covenant(session, _view(office, session, row), now)  # what it asked is asked by something else again


def _done_by(session: Session, decision: MeetingDecision, deadline_id: int) -> list[PastChange]:
    """What a decision did to its deadline, and to the parts in it."""
    things = {"meeting_decision": [id_of(decision)]}
    written = happened.changes_of(session, decision.covenant_id, things)[:1]
    return [
        one
        for first in written
        for one in happened.act_of(session, first)
        if one.old and one.subject in ("deadline", "part") and one.subject_id == deadline_id
    ]


def _meeting(session: Session, meeting_id: int, covenant_id: int | None) -> DeadlineRow:
    row = deadlines.row_by_id(session, meeting_id, covenant_id, lock=True)
    if row.kind not in meetings.HELD_AS or row.origin == Origin.AGREEMENT:
        raise Refused(f"{row.title} is geen overleg.", "Kies een overleg uit de lijst.")
    return row


def _agreement(session: Session, covenant_id: int, agreement_id: int) -> AgreementRow:
    for row in register.agreement_rows(session, covenant_id):
        if row.id == agreement_id:
            return row
    raise NotFound("Deze afspraak is er niet meer.", "Kies een afspraak uit de lijst.")


def _about(session: Session, agreement: AgreementRow, resolved: Resolved, covenant_id: int) -> DeadlineRow:
    if resolved.about is None:
        raise Refused("Het is niet duidelijk om welke termijn het gaat.", "Kies de termijn uit de lijst.")
    row = deadlines.row_by_id(session, resolved.about, covenant_id, lock=True)
    if row.agreement_id != agreement.id:
        raise Refused(f"{row.title} hoort niet bij afspraak {agreement.number}.", "Kies een termijn van die afspraak.")
    return row


def _view(office: Office, session: Session, row: DeadlineRow) -> CovenantView:
    return views(session, office.settings, [row.covenant_id])[row.covenant_id]
