"""What somebody at the table reports between meetings: a point of the next bestuurlijk overleg (agreements 5.5, 5.7).

Anyone who sits there may, at the desk or by the link in a mail. The secretariat may decline it, with a reason that
whoever reported it reads; and may take that back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cycle.actions.deadlines.deciding.closing import Settled
from cycle.actions.office.covenant_view import CovenantView
from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.actions.office.versions import refuse_changed, version_of
from cycle.domain.model import SignalKind
from cycle.domain.signals import Sitting, meeting_for
from cycle.domain.words import day_words, joined
from cycle.errors import Refused
from cycle.store import register
from cycle.store import signals as store
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.store.signals import Reported
from cycle.store.tables import Signal
from cycle.words import SIGNAL_KINDS

MOST_TEXT = 1000
MOST_WORDS = 200
NO_MEETING = "komt op de agenda van het eerste overleg dat er komt"


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody reports: `person` is whose seat it is, `name` what a reader of a shared mailbox typed."""

    person: int
    kind: SignalKind
    text: str
    agreement_id: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class SignalLine:
    """One signal in words: what became of it (`outcome`), or where it will be spoken of; `meeting` is that one's id."""

    id: int
    kind: str
    text: str
    agreement: str
    agreement_id: int | None
    by: str
    day: str
    outcome: str
    meeting: int | None
    is_open: bool
    is_declined: bool
    version: str


def report(office: Office, covenant_id: int, said: Report, now: datetime, *, by: str) -> int:
    """Keeps what somebody reports; returns its number.

    Raises Refused for one without words, and for an agreement that is not there.
    """
    if not said.text.strip():
        raise Refused("Er staat nog niet wat u wilt melden.", "Schrijf in een of twee zinnen wat er aan de hand is.")
    with office.database.writing() as session:
        row = Signal(
            covenant_id=covenant_id,
            person_id=said.person,
            name=said.name.strip(),
            kind=said.kind,
            agreement_id=_agreement(session, covenant_id, said.agreement_id),
            text=said.text.strip(),
            at=now,
            by=by,
        )
        session.add(row)
        session.flush()
        detail = f"{SIGNAL_KINDS[said.kind]}: {row.text}"
        note(session, now, by, "gemeld", f"signaal {row.id}", detail, covenant_id)
        return id_of(row)


def decline(
    office: Office, covenant_id: int, signal_id: int, reason: str, now: datetime, *, by: str, version: str = ""
) -> Settled:
    """Takes a signal off the agenda, with the reason why.

    Raises NotFound, Refused without a reason, Changed when it is not what the page of this `version` showed.
    """
    if not reason.strip():
        raise Refused(
            "Er staat geen reden bij.", "Schrijf waarom dit niet op de agenda komt; wie het meldde, leest dat."
        )
    with office.database.writing() as session:
        row = store.signal(session, signal_id, covenant_id, lock=True)
        refuse_changed(session, version, f"signaal {row.id}", covenant_id, row)
        row.declined, row.declined_by, row.declined_at = reason.strip(), by, now
        session.add(row)
        note(session, now, by, "niet op de agenda", f"signaal {row.id}", row.declined, covenant_id)
        return Settled(_short(row.text), "komt niet op de agenda", changed=True)


def take_back_decline(
    office: Office, covenant_id: int, signal_id: int, now: datetime, *, by: str, version: str = ""
) -> Settled:
    """Puts a signal on the agenda again that was declined.

    Raises NotFound, Changed when it is not what the page of this `version` showed.
    """
    with office.database.writing() as session:
        row = store.signal(session, signal_id, covenant_id, lock=True)
        refuse_changed(session, version, f"signaal {row.id}", covenant_id, row)
        if not row.declined:
            return Settled(_short(row.text), "stond al op de agenda", changed=False)
        row.declined, row.declined_by, row.declined_at = "", "", None
        session.add(row)
        note(session, now, by, "weer op de agenda", f"signaal {row.id}", "", covenant_id)
        return Settled(_short(row.text), "staat weer op de agenda", changed=True)


def signal_lines(
    session: Session, view: CovenantView, now: datetime, people: Iterable[int] | None = None
) -> list[SignalLine]:
    """What was reported at a table, the newest first; `people` by some people only."""
    sittings = store.sittings(session, view.id)
    lines = []
    for said in store.reported(session, [view.id], people):
        to_come = meeting_for(view.local_day(said.row.at), sittings) if said.is_open else None
        lines.append(_line(said, view, now, to_come))
    return lines


def signals_for(session: Session, view: CovenantView, meeting_id: int, now: datetime) -> list[SignalLine]:
    """What is to be spoken of at one meeting, or was, in the order in which it was reported."""
    lines = signal_lines(session, view, now)
    return [one for one in reversed(lines) if one.meeting == meeting_id and not one.is_declined]


def _line(said: Reported, view: CovenantView, now: datetime, to_come: Sitting | None) -> SignalLine:
    row, held = said.row, said.held_at
    if row.declined:
        outcome = f"komt niet op de agenda: {row.declined.rstrip('.')}"
    elif held is not None:
        outcome = f"is besproken in het overleg: {store.meeting_words(held)}"
    else:
        outcome = f"komt op de agenda: {to_come.title}" if to_come else NO_MEETING
    parties = [view.party_names[member.party] for member in view.members if member.person == row.person_id]
    return SignalLine(
        id=id_of(row),
        kind=SIGNAL_KINDS[row.kind],
        text=row.text,
        agreement=said.number,
        agreement_id=row.agreement_id,
        by=", ".join(filter(None, (said.by, joined(list(dict.fromkeys(parties)))))),
        day=day_words(view.local_day(row.at)),
        outcome=outcome,
        meeting=id_of(held) if held is not None else to_come.deadline if to_come else None,
        is_open=said.is_open,
        is_declined=bool(row.declined),
        version=version_of(now, row),
    )


def _agreement(session: Session, covenant_id: int, agreement_id: int | None) -> int | None:
    """The agreement, if one is named and it holds today."""
    if agreement_id is None or agreement_id in {row.id for row in register.agreement_rows(session, covenant_id)}:
        return agreement_id
    raise Refused("Deze afspraak is er niet meer.", "Kies een afspraak uit de lijst, of laat dit leeg.")


def _short(text: str) -> str:
    return text if len(text) <= MOST_WORDS else f"{text[:MOST_WORDS].rstrip()}…"
