"""What fails for one row is left out and logged by its id; what concerns all rows is raised."""

import logging

import pytest
from sqlalchemy.exc import OperationalError

from cycle.store.apart import apart, made_apart


def upside_down(number: int) -> float | None:
    if number == 3:
        raise OperationalError("SELECT 1", {}, RuntimeError())
    return None if number == 2 else 1 / number


def test_one_that_fails_is_named_and_the_others_are_made(caplog):
    with caplog.at_level(logging.ERROR, logger="cycle"):
        made = list(apart([1, 0, 4], upside_down, lambda number: f"termijn {number}"))

    assert made == [(1, 1.0), (0, None), (4, 0.25)]
    [line] = [record.getMessage() for record in caplog.records]
    assert line.startswith("termijn 0 left out: ZeroDivisionError at test_apart.py:")


def test_only_what_was_made_is_kept():
    assert made_apart([1, 2, 0, 4], upside_down, str) == [1.0, 0.25]


def test_a_database_that_does_not_answer_concerns_all():
    with pytest.raises(OperationalError):
        made_apart([1, 3, 4], upside_down, str)
