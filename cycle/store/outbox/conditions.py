"""Conditions that more than one question to the outbox is made of."""

from datetime import datetime
from functools import cache

from sqlalchemy.orm import aliased
from sqlmodel import col

from cycle.store.deadlines import Where
from cycle.store.outbox.tolerance import LONGEST_DAY
from cycle.store.tables import Message


def is_on_the_day_of(midnight: datetime, moment: datetime | None) -> Where:
    """Whether something happened on the day that began then. What happened later is of a clock that stood wrong."""
    return col(moment).between(midnight, midnight + LONGEST_DAY)


@cache
def another_message() -> type[Message]:
    """Made once: an alias costs more than the statement it stands in."""
    return aliased(Message)
