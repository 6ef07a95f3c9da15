"""The feeds that issue 5 names, through every engine that is here: the same events at the same moments (rule A1)."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import icalendar
import pytest
import vobject
from feed_engines import ENGINES, Seen, by_ical_js, libical_verdict
from feed_lint import faults
from ical.calendar_stream import IcsCalendarStream

from cycle.actions.feeds import FeedScope, Shows, feed_of_token, new_link
from cycle.actions.office.office import Office
from cycle.feed import AMSTERDAM, FeedEntry, calendar, ended_calendar, task_list
from tests.conftest import NOVEMBER

CHANGED = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
DAY = FeedEntry(
    uid="dag",
    summary="Uiterste dag: 1.1.3 Bouwtafel",
    description="Doe iets.\nTrekker: Clavis.",
    url="https://cycle.example/c/terneuzen",
    categories=("Overleg", "Thema 1"),
    changed_at=CHANGED,
    day=date(2027, 3, 31),
)
PERIOD = replace(DAY, uid="periode", summary="Periode: 5.1 Overleg", day=date(2027, 4, 1), last=date(2027, 4, 30))


def meeting(uid: str, *wall: int) -> FeedEntry:
    start = datetime(*wall, tzinfo=AMSTERDAM)  # type: ignore[misc,arg-type]
    return replace(DAY, uid=uid, summary=f"Overleg {uid}", day=None, start=start, end=start + timedelta(hours=1))


def dutch(number: int) -> FeedEntry:
    pieces = [
        "é",
        "ĳ",
        "€",
        "’",
        "–",
        "😀",
        ";",
        ",",
        ":",
        '"',
        "woningen",
        "coördinatie",
        "reëel",
        " ",
        "\n",
        "n",
        "N",
    ]
    words = "".join(random.Random(number).choices(pieces, k=40))
    return replace(DAY, uid=f"tekst-{number}", summary=f"T {words}.", description=words)


CASES: dict[str, list[FeedEntry]] = {
    "1,000 Dutch texts": [dutch(number) for number in range(1000)],
    "both weeks of the clock": [
        meeting(f"m{n}", *wall)
        for n, wall in enumerate(
            [(2026, 10, 24, 14, 30), (2026, 10, 25, 9), (2026, 10, 26, 14, 30), (2027, 3, 27, 9), (2027, 3, 29, 9)]
        )
    ],
    "leap day": [replace(DAY, day=date(2028, 2, 29)), meeting("m", 2028, 2, 29, 9)],
    "turn of the year": [replace(DAY, day=date(2026, 12, 31)), meeting("m", 2026, 12, 31, 23, 30)],
    "cancelled, moved, done": [
        replace(DAY, uid="a", status="dropped", sequence=1),
        replace(DAY, uid="b", sequence=3, day=date(2027, 4, 2)),
        replace(DAY, uid="c", status="done", sequence=1),
        replace(meeting("d", 2027, 4, 22, 14), status="dropped", sequence=2),
    ],
    "a period": [PERIOD, DAY],
    "an empty person": [],
    "3,000 deadlines": [
        replace(DAY, uid=f"u-{n}", day=date(2026, 1, 1) + timedelta(days=n % 900)) for n in range(3000)
    ],
}


def feed(entries: list[FeedEntry]) -> bytes:
    return calendar(entries, name="Termijnen Terneuzen", feed_uid="feed-1")


def expected(entries: list[FeedEntry]) -> dict[str, tuple[date, date]]:
    found: dict[str, tuple[date, date]] = {}
    for entry in entries:
        if entry.start and entry.end:
            found[entry.uid] = entry.start.astimezone(UTC), entry.end.astimezone(UTC)
        elif entry.day:
            found[entry.uid] = entry.day, (entry.last or entry.day) + timedelta(1)
    return found


def moments(seen: dict[str, Seen]) -> dict[str, tuple[date, date]]:
    return {uid: (one.start, one.end) for uid, one in seen.items()}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", CASES)
def test_a1_every_engine_sees_the_same_events_at_the_same_moments(case: str, engine: str) -> None:
    seen = ENGINES[engine](feed(CASES[case]))

    assert len(seen) == max(1, len(CASES[case]))
    assert moments(seen) == expected(CASES[case]) or not CASES[case]


@pytest.mark.parametrize("case", CASES)
def test_a1_the_strict_reader_and_libical_have_no_objection(case: str) -> None:
    body = feed(CASES[case])

    assert faults(body) == []
    verdict = libical_verdict(body)
    if verdict is None:
        pytest.skip("libical for the system Python (gir1.2-ical-3.0) is not installed here")
    assert verdict == {"good": True, "errors": 0, "events": max(1, len(CASES[case])), "tasks": 0}


@pytest.mark.parametrize("case", CASES)
def test_a1_ical_js_sees_the_same_as_icalendar(case: str) -> None:
    body = feed(CASES[case])

    seen = by_ical_js(body)
    if seen is None:
        pytest.skip("Node with ical.js is not installed here (npm install -g ical.js, or ICAL_JS_MODULES=node_modules)")
    assert seen == ENGINES["icalendar"](body)


@pytest.mark.parametrize("file", ["termijnen.ics", "taken.ics"])
def test_a1_the_example_is_the_same_to_every_engine(quick_example: Office, file: str) -> None:
    link = new_link(quick_example, "wonen@terneuzen.example", NOVEMBER, shows=Shows(FeedScope.COVENANT, banners=True))
    with quick_example.database.reading() as session:
        body = feed_of_token(session, quick_example.settings, link.token, NOVEMBER, file) or b""

    seen = by_ical_js(body)
    verdict = libical_verdict(body)
    if file == "termijnen.ics":
        found = [read(body) for read in ENGINES.values()]
        assert found == [found[0]] * len(found)
        assert (faults(body), len(found[0]) > 10) == ([], True)
        assert seen in (None, found[0])
    many = body.count(b"BEGIN:VEVENT"), body.count(b"BEGIN:VTODO")
    assert sum(many) > 8
    assert verdict in (None, {"good": True, "errors": 0, "events": many[0], "tasks": many[1]})
    assert seen is None or len(seen) == sum(many)


@pytest.mark.parametrize("case", CASES)
def test_a16_every_case_is_small_enough(case: str) -> None:
    limit = 1_000_000 if len(CASES[case]) <= 1000 else 3_000_000
    assert len(feed(CASES[case])) < limit


# ---- tasks -------------------------------------------------------------------------------------------------------


def test_tasks_are_due_on_the_day_and_say_how_far_they_are() -> None:
    states = [DAY, replace(DAY, uid="b", status="done"), replace(DAY, uid="c", status="dropped")]
    body = task_list([*states, PERIOD, meeting("m", 2027, 4, 22, 14)], name="Taken", feed_uid="f", alarm_days=3)

    tasks = {str(one["UID"]): one for one in icalendar.Calendar.from_ical(body).walk("VTODO")}
    assert {uid: (str(one["STATUS"]), one.decoded("DUE")) for uid, one in tasks.items()} == {
        "dag": ("NEEDS-ACTION", date(2027, 3, 31)),
        "b": ("COMPLETED", date(2027, 3, 31)),
        "c": ("CANCELLED", date(2027, 3, 31)),
    }
    assert tasks["b"].decoded("COMPLETED") == CHANGED
    assert body.count(b"BEGIN:VALARM") == body.count(b"TRIGGER;RELATED=END:-P3D") == 1
    assert {todo.uid for todo in IcsCalendarStream.calendar_from_ics(body.decode()).todos} == set(tasks)


def as_tasks(entries: list[FeedEntry]) -> tuple[bytes, list[FeedEntry]]:
    """The case as `taken.ics`, and which of its entries are tasks."""
    tasks = [entry for entry in entries if entry.start is None and entry.last is None]
    return task_list(entries, name="Taken Terneuzen", feed_uid="feed-1"), tasks


@pytest.mark.parametrize("case", CASES)
def test_a1_every_engine_and_libical_read_the_tasks_alike(case: str) -> None:
    body, tasks = as_tasks(CASES[case])

    due = {one.uid: one.day for one in tasks}
    by_icalendar = {str(one["UID"]): one.decoded("DUE") for one in icalendar.Calendar.from_ical(body).walk("VTODO")}
    by_ical = {one.uid: one.due for one in IcsCalendarStream.calendar_from_ics(body.decode()).todos}
    by_vobject = {one.uid.value: one.due.value for one in vobject.readOne(body.decode()).vtodo_list}
    assert by_icalendar == by_ical == by_vobject
    assert by_icalendar == due or (not due and len(by_icalendar) == 1)
    verdict = libical_verdict(body)
    if verdict is None:
        pytest.skip("libical for the system Python (gir1.2-ical-3.0) is not installed here")
    assert verdict == {"good": True, "errors": 0, "events": 0, "tasks": max(1, len(tasks))}


@pytest.mark.parametrize("case", CASES)
def test_a1_ical_js_reads_the_tasks_alike(case: str) -> None:
    body, tasks = as_tasks(CASES[case])

    seen = by_ical_js(body)
    if seen is None:
        pytest.skip("Node with ical.js is not installed here (npm install -g ical.js, or ICAL_JS_MODULES=node_modules)")
    assert len(seen) == max(1, len(tasks))
    assert not tasks or {uid: one.start for uid, one in seen.items()} == {one.uid: one.day for one in tasks}


def test_an_empty_task_list_holds_one_cancelled_task() -> None:
    body = task_list([meeting("m", 2027, 4, 22, 14)], name="Taken", feed_uid="f")

    [task] = icalendar.Calendar.from_ical(body).walk("VTODO")
    assert str(task["STATUS"]) == "CANCELLED"


# ---- the end -----------------------------------------------------------------------------------------------------


def test_a15_an_ended_feed_is_one_event_of_its_own() -> None:
    at = datetime.combine(date(2027, 1, 31), time(23, 30), tzinfo=UTC)
    body = ended_calendar(name="Termijnen", feed_uid="feed-1", ended_at=at)

    [event] = icalendar.Calendar.from_ical(body).events
    assert faults(body) == []
    assert (str(event["SUMMARY"]), event.decoded("DTSTART")) == ("Agendakoppeling beëindigd", date(2027, 2, 1))
    assert body == ended_calendar(name="Termijnen", feed_uid="feed-1", ended_at=at)
    assert event["UID"] != icalendar.Calendar.from_ical(feed([])).events[0]["UID"]


def test_a13_a_period_has_no_alarm() -> None:
    assert calendar([PERIOD], name="x", feed_uid="f", alarm_days=3).count(b"BEGIN:VALARM") == 0


@pytest.mark.parametrize("wrong", [{"last": date(2027, 3, 30)}, {"day": None, "last": date(2027, 4, 1)}])
def test_a_period_that_is_none_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="entry dag"):
        replace(DAY, **wrong)  # type: ignore[arg-type]
