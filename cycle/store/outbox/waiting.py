"""What waits in the outbox longer than it should (law L8): why, since when, and which."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from sqlalchemy import case, or_
from sqlmodel import Session, col

from cycle.store.columns import columns
from cycle.store.deadlines import Where
from cycle.store.outbox.labels import HELD, QUEUED, SENDING
from cycle.store.tables import Message

MOST = 200


class WaitsFor(Enum):
    """For what a message waits."""

    PUT_OFF = "the server puts it off at each try"
    PARKED = "a sender took it, and is not heard of since its lease ended"
    IN_DOUBT = "it may have arrived, and a person must say so"
    HELD = "somebody held it"


class Stuck(NamedTuple):
    """Messages that wait: the first of them by number, and since when the oldest does."""

    ids: Sequence[int]
    since: datetime


def stuck(session: Session, patience: Mapping[WaitsFor, datetime]) -> dict[WaitsFor, Stuck]:
    """All that waits since before the moment that `patience` gives for its reason, oldest first."""
    since = {
        WaitsFor.PUT_OFF: Message.first_tried_at,
        WaitsFor.PARKED: Message.lease_until,
        WaitsFor.IN_DOUBT: Message.doubted_at,
        WaitsFor.HELD: Message.created_at,
    }
    is_uncertain = col(Message.uncertain)
    states: dict[WaitsFor, Where] = {
        WaitsFor.PUT_OFF: col(Message.state) == QUEUED,
        WaitsFor.PARKED: col(Message.state) == SENDING,
        WaitsFor.IN_DOUBT: (col(Message.state) == HELD) & is_uncertain.is_(True),
        WaitsFor.HELD: (col(Message.state) == HELD) & is_uncertain.is_(False),
    }
    waits = {why: states[why] & (col(since[why]) < patience[why]) for why in WaitsFor}
    reason = case(*((waits[why], why.name) for why in WaitsFor))
    query = columns(Message.id, reason, *since.values()).where(or_(*waits.values())).order_by(Message.id).limit(MOST)
    by_why: dict[WaitsFor, list[tuple[int, datetime]]] = {}
    for number, name, *moments in session.exec(query):
        why = WaitsFor[name]
        by_why.setdefault(why, []).append((number, moments[list(WaitsFor).index(why)]))
    return {
        why: Stuck([number for number, _since in rows], min(moment for _number, moment in rows))
        for why, rows in by_why.items()
    }
