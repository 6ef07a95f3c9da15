"""The letter's own step: done for those who sent it, and open again when that turns out not to be so."""

from datetime import datetime

from cycle.actions.deadlines.upkeep.year_upkeep import renew_moments
from cycle.actions.letters.content import letter_rows
from cycle.actions.office.covenant_view import CovenantView
from cycle.actions.office.logbook import note
from cycle.actions.office.turning import settle_part, settlings_of, step_back
from cycle.domain.model import State
from cycle.domain.status import STATE_WORDS
from cycle.store import deadlines, happened
from cycle.store.database import Session
from cycle.store.deadlines import LEAD
from cycle.store.ids import id_of
from cycle.store.outbox import withdrawing
from cycle.store.tables import DeadlineParty, DeadlineRow, Letter


def settle_step(session: Session, row: DeadlineRow, letter: Letter, now: datetime, by: str, why: str) -> bool:
    """The step is done for the letter's senders: all of them for a joint letter. False when it was so already.

    The row is locked. Its reminders that still wait are withdrawn.
    """
    undone = [part for part in _parts(session, row, letter) if part.state != State.DONE]
    if not undone:
        return False
    for part in undone:
        settle_part(part, State.DONE, now, by)
        session.add(part)
    _touched(session, row, now)
    note(session, now, by, STATE_WORDS[State.DONE], f"termijn {row.id}", why, row.covenant_id)
    return True


def reopen_step(
    session: Session, view: CovenantView, row: DeadlineRow, letter: Letter, now: datetime, by: str, why: str
) -> None:
    """The step is for the letter's senders as it was before the letter; when they hear of it is worked out as for any.

    Who had settled it otherwise, keeps that; what an older version settled is opened.
    """
    parts = [part for part in _parts(session, row, letter) if part.state != State.OPEN]
    done = [part for part in parts if _is_settled_by(session, letter, part)]
    for part in done:
        step_back(session, part)
        session.add(part)
    if not done:
        return
    _touched(session, row, now)
    session.flush()
    note(session, now, by, "weer open", f"termijn {row.id}", why, row.covenant_id)
    renew_moments(session, view, deadlines.items_to_tell(session, ids=[id_of(row)]), now)


def _parts(session: Session, row: DeadlineRow, letter: Letter) -> list[DeadlineParty]:
    """The leads for whom the letter goes: all of them for a joint one."""
    parts = deadlines.part_rows(session, id_of(row))
    return [part for part, slug in parts if part.part == LEAD and letter.sender in ("", slug)]


def _is_settled_by(session: Session, letter: Letter, part: DeadlineParty) -> bool:
    """Whether the last decision about a part was that this letter went; of before there were facts nobody knows."""
    settlings = settlings_of(session, part)
    about = letter_rows.about_letter(letter)
    return not settlings or about in {one.about for one in happened.act_of(session, settlings[-1].change)}


def _touched(session: Session, row: DeadlineRow, now: datetime) -> None:
    deadlines.follow_parts(session, row)
    row.changed_at, row.sequence = now, row.sequence + 1
    session.add(row)
    withdrawing.withdraw(session, withdrawing.unsent_digests_about(session, [id_of(row)]), now)
