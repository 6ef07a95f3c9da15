"""The log of a running process as JSON: each line an object, and nothing else on its error stream."""

import json
import logging
import sys

import pytest

from cycle.cli.logs import JsonLines
from tests.faults.test_ending import Child, wait_for


def test_a_line_tells_of_an_error_its_kind_and_place_and_not_its_words() -> None:
    try:
        raise ValueError("jan@voorbeeld.nl")
    except ValueError:
        record = logging.LogRecord("cycle.web", logging.ERROR, __file__, 1, "page %s", ("/x",), sys.exc_info())
    record.created = 1795773600.25

    told = json.loads(JsonLines().format(record))

    [where] = told.pop("where")
    assert told == {
        "at": "2026-11-27T10:00:00.250+00:00",
        "level": "error",
        "logger": "cycle.web",
        "message": "page /x",
        "error": "ValueError",
    }
    assert where.startswith(f"{__file__}:")


@pytest.mark.slow
def test_a_process_that_serves_logs_an_object_a_line(quick_example) -> None:
    child = Child(quick_example, 9, "serve", CYCLE__WATCH__LOG="json")
    wait_for(child.answers)
    wait_for(lambda: "Stop met" in child.said)
    code, _seconds = child.end()
    lines = [json.loads(line) for line in child.said.splitlines()]

    assert code == 0
    assert {frozenset(line) for line in lines} == {frozenset({"at", "level", "logger", "message"})}
    assert lines[-1]["message"] == "Gestopt."
