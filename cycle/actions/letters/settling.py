"""The letter's own step: done for those who sent it, and open again when that turns out not to be so."""

from datetime import datetime

from sqlmodel import Session

from cycle.actions.logbook import note
from cycle.domain.model import State
from cycle.store import deadlines, outbox
from cycle.store.deadlines import LEAD
from cycle.store.tables import DeadlineRow, Letter


def settle_step(session: Session, row: DeadlineRow, letter: Letter, now: datetime, by: str, why: str) -> bool:
    """The step is done for the letter's senders: all of them for a joint letter. False when it was so already.

    The row is locked. Its reminders that still wait are withdrawn.
    """
    changed = _put_parts(session, row, letter, State.DONE, now, by)
    if not changed:
        return False
    if not _open_leads(session, row):
        row.state, row.next_moment = State.DONE.value, None
    _touched(session, row, now)
    note(session, now, by, "gedaan", f"termijn {row.id}", why, row.covenant_id)
    return True


def reopen_step(session: Session, row: DeadlineRow, letter: Letter, now: datetime, by: str, why: str) -> None:
    """The step is open again for the letter's senders, from the next tick on."""
    if not _put_parts(session, row, letter, State.OPEN, now, by):
        return
    row.state, row.next_moment = State.OPEN.value, now
    _touched(session, row, now)
    note(session, now, by, "weer open", f"termijn {row.id}", why, row.covenant_id)


def _put_parts(session: Session, row: DeadlineRow, letter: Letter, state: State, now: datetime, by: str) -> bool:
    changed = False
    for part, slug in deadlines.part_rows(session, row.id or 0):
        if part.part == LEAD and letter.sender in ("", slug) and part.state != state.value:
            part.state, part.settled_at, part.settled_by = state.value, now, by
            session.add(part)
            changed = True
    session.flush()
    return changed


def _open_leads(session: Session, row: DeadlineRow) -> bool:
    parts = deadlines.part_rows(session, row.id or 0)
    return any(part.part == LEAD and part.state == State.OPEN.value for part, _slug in parts)


def _touched(session: Session, row: DeadlineRow, now: datetime) -> None:
    row.changed_at, row.sequence = now, row.sequence + 1
    session.add(row)
    outbox.withdraw(session, outbox.untried_digests_about(session, [row.id or 0]), now)
