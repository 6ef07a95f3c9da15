"""The shortest life that still breaks a law: acts are left out for as long as it still does (ddmin)."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from tests.simulation.acts import Done
from tests.simulation.living import Life

Item = TypeVar("Item")
MOST_SECONDS = 600.0


def shrink(life: Life, breaks: Callable[[Life], bool], most_seconds: float = MOST_SECONDS) -> Life:
    """The fewest acts of a life that still break what it broke, or as few as were found in this time.

    It begins as late as it can as well, since the days before the first act need not be lived.
    """
    ends = time.monotonic() + most_seconds

    def in_time(one: Life) -> bool:
        return time.monotonic() < ends and breaks(one)

    def still(acts: list[Done]) -> bool:
        return in_time(Life(small.start, small.days, acts))

    small = _later(life, in_time)
    small = Life(small.start, small.days, fewest(small.acts, still))
    return _later(small, in_time)


def fewest(items: list[Item], still: Callable[[list[Item]], bool]) -> list[Item]:
    """Leaves out ever smaller pieces while what is left is `still` what was looked for."""
    if still([]):
        return []
    size = max(1, len(items) // 2)
    while True:
        start, is_smaller = 0, False
        while start < len(items):
            rest = items[:start] + items[start + size :]
            if still(rest):
                items, is_smaller = rest, True
            else:
                start += size
        if size == 1 and not is_smaller:
            return items
        size = max(1, size // 2)


def _later(life: Life, breaks: Callable[[Life], bool]) -> Life:
    """The same acts from a later first day, when the days before do not matter."""
    end = life.start + timedelta(life.days)
    first = min((one.date for one in life.acts), default=end)
    for days_before in (1, 8, 36):
        start = first - timedelta(days_before)
        if start > life.start:
            late = Life(start, (end - start).days, life.acts)
            if breaks(late):
                return late
    return life
