"""Several deadlines at once: first what it would change, then the same for each, and what could not be done.

Each is decided in its own transaction, as when it is decided alone; one that is refused does not stop the rest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from cycle.actions.deadlines.deciding.closing import DONE_WORDS, Settled, move, reopen, settle, version_of_deadline
from cycle.actions.office.office import Office
from cycle.actions.settling.deciding import carry
from cycle.domain.model import State
from cycle.domain.status import STATE_WORDS
from cycle.domain.words import weekday_words
from cycle.errors import CycleError, Fault, Refused
from cycle.store import deadlines
from cycle.store.database import Session
from cycle.store.deadlines import LEAD
from cycle.store.ids import id_of
from cycle.store.tables import DeadlineRow


class Verb(StrEnum):
    """What can be decided about several deadlines at once."""

    DONE = STATE_WORDS[State.DONE]
    DROP = STATE_WORDS[State.DROPPED]
    REOPEN = "heropenen"
    MOVE = "verplaatsen"
    CARRY = "doorschuiven"


STATES = {Verb.DONE: State.DONE, Verb.DROP: State.DROPPED, Verb.REOPEN: State.OPEN}
WITH_DAY = (Verb.MOVE, Verb.CARRY)


@dataclass(frozen=True, slots=True)
class Decided:
    """What is decided: the verb, a day for what moves, and the reason in words."""

    verb: Verb
    day: date | None = None
    reason: str = ""

    @property
    def words(self) -> str:
        """ "gedaan", "verplaatst naar vrijdag 14 mei 2027" """
        if self.verb in WITH_DAY and self.day:
            return f"{'verplaatst' if self.verb is Verb.MOVE else 'doorgeschoven'} naar {weekday_words(self.day)}"
        return DONE_WORDS[STATES.get(self.verb, State.OPEN)]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One deadline that was chosen. `same` says why nothing changes, `version` what it was when this was made."""

    row: DeadlineRow
    leads: tuple[str, ...]
    same: str
    version: str


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """What came of it: one answer for each deadline that was decided, whatever the number of its leads."""

    done: tuple[Settled, ...]
    faults: tuple[Fault, ...]


def foreseen(session: Session, covenant_id: int, ids: Sequence[int], decided: Decided, now: datetime) -> list[Foreseen]:
    """What the decision would change, by date; ids of another covenant are left out."""
    wanted = deadlines.in_covenant(covenant_id) & deadlines.with_ids(ids)
    rows, parts = deadlines.rows_of(session, covenant_id, wanted), deadlines.parts(session, wanted)
    versions = deadlines.all_part_rows(session, ids)
    return [
        Foreseen(
            row,
            tuple(part.party for part in parts.get(id_of(row), ()) if part.part == LEAD),
            _same(row, decided),
            version_of_deadline(row, versions.get(id_of(row), []), now),
        )
        for row in rows
    ]


def carry_out(
    office: Office, covenant_id: int, versions: Mapping[int, str], decided: Decided, now: datetime, *, by: str = ""
) -> BulkOutcome:
    """Decides the same about each deadline, by id with the version that was shown."""
    done: list[Settled] = []
    faults: list[Fault] = []
    for deadline_id, version in versions.items():
        try:
            settled = _decide(office, covenant_id, deadline_id, version, decided, now, by)
            done.append(replace(settled[-1], changed=any(settled.changed for settled in settled)))
        except CycleError as error:
            faults.append(Fault(f"termijn {deadline_id}", error.what, error.hint))
    return BulkOutcome(tuple(done), tuple(faults))


def settle_all_leads(
    office: Office,
    row: DeadlineRow,
    state: State,
    now: datetime,
    *,
    by: str = "",
    note_text: str = "",
    version: str = "",
) -> list[Settled]:
    """The same decision for each lead that has not settled it, or for all at once when there is none.

    Raises Refused for one that was settled otherwise: it is opened again first.
    """
    said: dict[str, Any] = {"by": by, "note_text": note_text, "covenant_id": row.covenant_id}
    if state is State.OPEN:
        return [reopen(office, id_of(row), now, version=version, **said)]
    if row.state not in (State.OPEN, state):
        raise Refused(f"{row.title} is al {DONE_WORDS[State(row.state)]}.", "Open de termijn eerst weer.")
    with office.database.reading() as session:
        parts = deadlines.parts(session, deadlines.with_ids([id_of(row)])).get(id_of(row), [])
    leads = [part.party for part in parts if part.part == LEAD and part.state == State.OPEN]
    decided = []
    for party in (leads[:1] if row.joint else leads) or [""]:
        decided.append(settle(office, id_of(row), state, now, party=party, version=version, **said))
        version = ""  # what follows is our own change
    return decided


def _decide(
    office: Office, covenant_id: int, deadline_id: int, version: str, decided: Decided, now: datetime, by: str
) -> list[Settled]:
    """The decision about one deadline."""
    asked: dict[str, Any] = {"by": by, "covenant_id": covenant_id, "version": version}
    day = decided.day or date.min
    if decided.verb is Verb.MOVE:
        return [move(office, deadline_id, day, now, reason=decided.reason, **asked)]
    if decided.verb is Verb.CARRY:
        return [carry(office, deadline_id, day, now, **asked)]
    with office.database.reading() as session:
        row = deadlines.row_by_id(session, deadline_id, covenant_id)
    return settle_all_leads(office, row, STATES[decided.verb], now, by=by, note_text=decided.reason, version=version)


def _same(row: DeadlineRow, decided: Decided) -> str:
    """Why a decision would change nothing, or cannot be taken."""
    if decided.verb in WITH_DAY:
        if row.state != State.OPEN:
            return f"is al {DONE_WORDS[State(row.state)]}"
        return "staat al op die dag" if row.due == decided.day and row.moved_from is not None else ""
    state = STATES[decided.verb]
    is_settled = row.state != State.OPEN and state is not State.OPEN
    return f"is al {DONE_WORDS[State(row.state)]}" if is_settled or row.state == state else ""
