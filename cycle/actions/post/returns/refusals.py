"""Refusals: whether one concerns its own mail, or all of ours (rule B12).

A refusal is about that mail and its reader, whatever its number says. When several different readers in a row get the
same answer, and nobody got a mail in between, it is about us: a relay that takes nothing, an account that is blocked, a
list of addresses that got lost. Then sending stands still, and what was held against those readers is taken back.
"""

from collections.abc import Sequence
from datetime import datetime

from cycle.actions.office.mailed import seal_again
from cycle.actions.post.returns.bouncing import uncount_gone
from cycle.mail.bounces import GONE
from cycle.mail.deliver import Answer
from cycle.settings import Settings
from cycle.store.database import Session
from cycle.store.outbox import lookups, standstill, withdrawing
from cycle.store.outbox.claiming import Parcel
from cycle.store.outbox.labels import DIGEST, FAILED, NEVER_PAUSED, QUEUED
from cycle.store.tables import Message

IN_A_ROW = 3
ABOUT_THE_MESSAGE = ("5.3.4", "5.6.")  # too big, or not to its taste: no sign of anything else


def is_everybody_refused(session: Session, settings: Settings, parcel: Parcel, answer: Answer, now: datetime) -> bool:
    """To be asked once a first refusal is written down; pauses sending when it is the last one of such a row."""
    about_this = parcel.kind in NEVER_PAUSED or answer.status.startswith(ABOUT_THE_MESSAGE)
    if about_this or not answer.sort or parcel.refused_at is not None:
        return False
    row = lookups.refused_since(session, answer.sort, lookups.last_heard(session))
    if len({one.to.lower() for one in row}) < IN_A_ROW:
        return False
    standstill.set_pause(
        session, now, f"elke ontvanger wordt geweigerd, de laatste {len(row)} na elkaar: {answer.text}"
    )
    _take_back(session, settings, row, now)
    return True


def _take_back(session: Session, settings: Settings, row: Sequence[Message], now: datetime) -> None:
    """Nobody's address is wrong, and no mail of these failed: a reminder is made anew, anything else waits again."""
    failed = [one for one in row if one.state == FAILED]
    for tried in failed:
        if Answer.status_in(tried.last_answer) in GONE:
            uncount_gone(session, tried.to, tried.refused_at or now)
        if tried.kind != DIGEST or tried.person_id is None:
            tried.state, tried.next_try_at, tried.reported_at = QUEUED, now, None
            seal_again(session, settings, tried, now)
            session.add(tried)
    withdrawing.replace(session, [one for one in failed if one.state == FAILED], now)
