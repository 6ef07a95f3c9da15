"""Failing on 820a9bd (doubt b, design L6). Place: tests/domain/test_planning.py, in place of the `late` part of
test_what_was_brought_back_counts_no_rung_and_no_step_upward_from_before, which states today's silence."""

from dataclasses import replace
from datetime import date, timedelta

from test_planning import ANNA, DIRK, SUUS, rehearsed, told
from worlds import action, situation

from cycle.domain.planning import next_day_to_tell


def test_what_comes_back_after_all_its_rungs_is_told_once() -> None:
    due, back = (
        date(2027, 3, 1),
        date(2027, 3, 29),
    )  # a Monday after Easter week's Friday: the next mail day is the 30th
    world = situation([action(1, due, "clavis", known_since=back)], [ANNA, SUUS, DIRK])

    lines = told(world, back, date(2027, 6, 1))

    assert len(lines) == 1 and lines[0][1] == ANNA.person  # once, to who leads it; nothing upward from before
    assert rehearsed(world, back, date(2027, 6, 1)) == lines
    assert next_day_to_tell(world.items[0], world, back) == lines[0][0]
