"""What a sender writes down while it hands a message over, and what becomes of it when the sender dies."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, case, func, or_, true, update
from sqlmodel import Session, col, select

from cycle.store.deadlines import Where
from cycle.store.outbox.labels import ALARM, DIGEST, FAILED, HELD, QUEUED, SENDING, SIGN_IN
from cycle.store.outbox.tolerance import LONGEST_WAIT, NOT_YET, TRIES_IN_DOUBT
from cycle.store.outbox.withdrawing import withdraw_outdated
from cycle.store.tables import Message


def take_in_hand(session: Session | Connection, message_id: int, owner: str) -> None:
    """Notes that a claimed message is about to be offered: if this sender dies, nobody knows whether it arrived."""
    connection = session.connection() if isinstance(session, Session) else session
    connection.execute(_taking(), {"its_id": message_id, "its_owner": owner})


@cache
def _taking() -> Any:
    table: Any = Message.__table__  # type: ignore[attr-defined]
    return update(table).where(*_mine(table)).values(in_hand=True)


def record(session: Session | Connection, message_id: int, owner: str, **values: Any) -> bool:
    """Writes down how a try ended, unless this sender lost its lease meanwhile."""
    given = {f"new_{name}": value for name, value in values.items()} | {"its_id": message_id, "its_owner": owner}
    connection = session.connection() if isinstance(session, Session) else session
    return connection.execute(_recording(tuple(values)), given).first() is not None


@cache
def _recording(names: tuple[str, ...]) -> Any:
    """The statement of `record`: putting it together takes longer than running it."""
    table: Any = Message.__table__  # type: ignore[attr-defined]
    new = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names}
    freed = {"lease_until": None, "lease_owner": "", "in_hand": False}
    return update(table).where(*_mine(table)).values(**freed, **new).returning(table.c.id)


def _mine(table: Any) -> tuple[Any, ...]:
    return table.c.id == bindparam("its_id"), table.c.state == SENDING, table.c.lease_owner == bindparam("its_owner")


def has_lost_leases(session: Session, now: datetime) -> bool:
    """Whether a sender died in the middle of something."""
    return session.exec(select(Message.id).where(*_lost(now)).limit(1)).first() is not None


def end_leases(session: Session, owners: Collection[str], now: datetime) -> None:
    """What these senders hold is as that of senders that died: they say so themselves."""
    mine = (col(Message.state) == SENDING, col(Message.lease_owner).in_(owners))
    session.connection().execute(update(Message).where(*mine).values(lease_until=now - timedelta(seconds=1)))


def take_over_lost(session: Session, now: datetime) -> list[int]:
    """Messages of a sender that died. Returns their ids.

    What it had not offered yet waits as before. Of what it had in hand nobody knows whether it arrived (rule C3): a
    reminder goes again, with the same Message-ID, but not for ever; a link to sign in is asked for again; anything else
    waits for a person.
    """
    kind, in_hand = col(Message.kind), col(Message.in_hand)
    again = {"state": QUEUED, "next_try_at": now, "last_answer": "uitkomst onbekend, opnieuw verstuurd"}
    held = {"state": HELD, "next_try_at": None, "last_answer": "uitkomst onbekend", "uncertain": True}
    was_doubtful = col(Message.uncertain).is_(True)
    tries = case((was_doubtful, col(Message.tries_in_doubt) + 1), else_=0)
    is_enough = was_doubtful & (col(Message.tries_in_doubt) + 1 >= TRIES_IN_DOUBT)
    doubted = {"doubted_at": col(Message.lease_until)}  # a few minutes after the try itself
    in_doubt = again | doubted | {"uncertain": True, "tries_in_doubt": tries}
    lost: list[int] = []
    for is_one, values in (
        (~in_hand, {"state": QUEUED, "next_try_at": now, "attempts": col(Message.attempts) - 1}),
        ((kind == DIGEST) & is_enough, held | doubted),
        (kind == DIGEST, in_doubt),
        (kind == ALARM, again),
        (kind == SIGN_IN, held | {"state": FAILED, "body": b""}),
        (true(), held),
    ):
        command = update(Message).where(*_lost(now), is_one)
        command = command.values(lease_until=None, lease_owner="", in_hand=False, **values)
        result = session.connection().execute(command.returning(col(Message.id))).scalars()
        lost.extend(one for one in result if one is not None)
    withdraw_outdated(session, lost, now)
    return lost


def hold_old_doubts(session: Session, first_tried_before: datetime, *, count_only: bool = False) -> int:
    """Reminders of unknown outcome that waited too long for another try wait for a person; says how many."""
    old = (
        col(Message.state) == QUEUED,
        col(Message.uncertain),
        col(Message.kind) == DIGEST,
        col(Message.first_tried_at) < first_tried_before,
    )
    if count_only:
        return session.exec(select(func.count()).select_from(Message).where(*old)).one()
    command = update(Message).where(*old).values(state=HELD, next_try_at=None)
    return len(session.connection().execute(command.returning(col(Message.id))).all())


def _lost(now: datetime) -> tuple[Where, Where]:
    """A lease that ended, or that is longer than any: it was given by a clock that stood wrong."""
    until = col(Message.lease_until)
    return col(Message.state) == SENDING, or_(until < now, until > now + LONGEST_WAIT + NOT_YET)
