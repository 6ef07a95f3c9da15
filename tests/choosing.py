"""Which tests run, and in which order.

`--quick` leaves out what is slow, what needs a browser, and the second engine; it says how many of each. Slow is what
is marked so, and what stands in `slow.txt`: `--note-slow` measures the tests of a run and writes that anew for them.
In a run of several workers the heaviest files start first, so that no worker goes on long after the others are done.
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

HEAVIEST_FIRST = (
    "tests/store/test_upgrading.py",
    "tests/simulation/test_simulation.py",
    "tests/web/desk/test_sent_twice.py",
    "tests/web/desk/test_no_raw_errors.py",
    "tests/web/desk/test_impossible_days.py",
    "tests/web/desk/test_strange_signs.py",
    "tests/journey/test_preview_equals_reality.py",
    "tests/faults/test_ending.py",
    "tests/faults/test_killed_copies.py",
    "tests/web/desk/test_typed_survives.py",
    "tests/actions/deadlines/test_undoing.py",
    "tests/web/desk/test_any_state.py",
    "tests/web/test_web_answer.py",
    "tests/journey/test_install.py",
    "tests/feed/test_feed_killed.py",
    "tests/faults/test_kills.py",
    "tests/faults/test_postgresql_faults.py",
    "tests/web/desk/test_signing_in.py",
    "tests/web/desk/test_desk_register.py",
    "tests/journey/test_operations.py",
    "tests/web/desk/test_register_browser.py",
    "tests/web/desk/test_desk_reading_in.py",
    "tests/journey/test_answering.py",
    "tests/web/desk/test_the_walk.py",
    "tests/web/desk/test_desk_looks.py",
    "tests/web/desk/test_desk_browser.py",
    "tests/test_private.py",
    "tests/domain/test_promises.py",
    "tests/actions/register/test_reimport.py",
    "tests/faults/test_two_of_everything.py",
    "tests/web/desk/test_desk_post.py",
    "tests/store/test_snapshots.py",
    "tests/feed/test_calendar_feed.py",
    "tests/web/desk/test_handbook_pictures.py",
    "tests/actions/register/test_pairing.py",
    "tests/web/desk/test_desk_letter_browser.py",
    "tests/deploy/test_server.py",
    "tests/web/test_web_browser.py",
    "tests/actions/service/test_restoring.py",
    "tests/web/test_web_answer_browser.py",
    "tests/actions/register/test_importing.py",
    "tests/web/test_bodies_and_connections.py",
    "tests/domain/test_rhythm.py",
    "tests/deploy/test_in_front.py",
    "tests/mail/test_mail_in_browser.py",
    "tests/web/desk/test_desk_letter.py",
    "tests/web/desk/test_a_held_covenant.py",
    "tests/actions/deadlines/test_no_silence.py",
    "tests/web/desk/test_founding_journey.py",
    "tests/web/desk/test_desk_downloads.py",
    "tests/web/desk/test_desk_founding.py",
    "tests/actions/post/test_clock_check.py",
    "tests/actions/register/test_lasting.py",
    "tests/actions/letters/test_directors.py",
    "tests/actions/test_wholes.py",
    "tests/journey/test_tour.py",
    "tests/settings/test_mutated_settings.py",
    "tests/store/test_before_the_model.py",
    "tests/web/desk/test_desk_queries.py",
    "tests/actions/answers/test_progress.py",
    "tests/web/desk/test_bod_year_browser.py",
    "tests/actions/register/test_hanging_moments.py",
    "tests/web/test_a_copy_opens_nothing.py",
)
"""The files that take longest, about the longest first; `--durations=50` says which tests those are."""

SLOW_FROM = 0.5  # seconds of the processor, by itself and what it starts, without set-up
LIST = Path(__file__).with_name("slow.txt")
CPU = "seconds of the processor"
LEFT_OUT = pytest.StashKey[dict[str, int]]()


def add_option(parser: pytest.Parser) -> None:
    words = "leave out tests that are slow, that need a browser, and those on PostgreSQL; it says how many"
    parser.addoption("--quick", action="store_true", help=words)
    parser.addoption("--note-slow", action="store_true", help=f"write {LIST.name} anew for the tests of this run")


def choose(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Takes out what is not to run, and puts the heaviest files first for workers."""
    slow = set(LIST.read_text(encoding="utf-8").split("\n"))
    for item in items:
        if _name(item.nodeid) in slow:
            item.add_marker("slow")
    if config.option.quick:
        left_out = [item for item in items if _why_not(item)]
        config.stash[LEFT_OUT] = dict(Counter(map(_why_not, left_out)))
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not _why_not(item)]
    if hasattr(config, "workerinput"):
        items.sort(key=_turn)


def _why_not(item: pytest.Item) -> str:
    """Why a test is not quick; empty when it is."""
    if item.get_closest_marker("browser"):
        return "in a browser"
    if item.get_closest_marker("slow"):
        return "slow"
    values = item.callspec.params.values() if isinstance(item, pytest.Function) and hasattr(item, "callspec") else ()
    needs = {"postgresql", "server", "postgresql_tables"} & set(getattr(item, "fixturenames", ()))
    return "on PostgreSQL" if needs or "postgresql" in values else ""


def _turn(item: pytest.Item) -> int:
    file = item.nodeid.partition("::")[0]
    return HEAVIEST_FIRST.index(file) if file in HEAVIEST_FIRST else len(HEAVIEST_FIRST)


def _name(nodeid: str) -> str:
    """A test, whatever its parameters."""
    return nodeid.partition("[")[0]


@contextmanager
def measured(item: pytest.Item) -> Iterator[None]:
    """What a test takes is told with its report."""
    before = _processor()
    yield
    item.user_properties.append((CPU, _processor() - before))


def _processor() -> float:
    return sum(os.times()[:4])


class SlowTests:
    """What each test of a run took, and the list that is written of it."""

    def __init__(self) -> None:
        self.took: dict[str, float] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for word, seconds in report.user_properties if report.when == "teardown" else ():
            if word == CPU:
                name = _name(report.nodeid)
                self.took[name] = max(float(seconds), self.took.get(name, 0))  # type: ignore[arg-type]

    def pytest_sessionfinish(self) -> None:
        """Writes the tests of this run that are slow, and those of the list that were not in it."""
        others = set(LIST.read_text(encoding="utf-8").split()) - set(self.took)
        slow = {name for name, seconds in self.took.items() if seconds >= SLOW_FROM}
        LIST.write_text("".join(f"{name}\n" for name in sorted(others | slow)), encoding="utf-8")


def note_where_asked(config: pytest.Config) -> None:
    """A worker leaves it to the run."""
    if config.option.note_slow and not hasattr(config, "workerinput"):
        config.pluginmanager.register(SlowTests())


def keep_the_order(config: pytest.Config) -> None:
    """xdist would otherwise start with the files that have most tests, which are the quickest of all."""
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False


def tell_the_run(session: pytest.Session) -> None:
    """A worker tells the run what it left out."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = session.config.stash.get(LEFT_OUT, {})


def hear(node: Any) -> None:
    """Each worker leaves out the same."""
    told = getattr(node, "workeroutput", {}).get("left_out")
    if told:
        node.config.stash[LEFT_OUT] = told


def say(config: pytest.Config, write: Any) -> None:
    """The last words of a run that was not whole."""
    if left_out := config.stash.get(LEFT_OUT, {}):
        parts = [f"{many} {why}" for why, many in sorted(left_out.items())]
        write(f"quick: left out {sum(left_out.values())} tests ({', '.join(parts)}); `make test` runs them all")
