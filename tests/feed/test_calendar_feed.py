"""The feed as calendars read it; the rule numbers are those of the feed rules (A2 to A13)."""

import random
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
from feed_engines import ENGINES, Seen, by_icalendar, libical_verdict
from feed_lint import faults
from hypothesis import given, settings
from hypothesis import strategies as st

from cycle.feed import AMSTERDAM, FeedEntry, calendar, event_block
from tests.trying import examples

CHANGED = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
GOLDEN = Path(__file__).parent / "small.ics"

LETTER = FeedEntry(
    uid="6f1d2c5e-0001",
    summary="Uiterste dag: 5.9 Uitnodigingsbrief",
    description="Stuur de brief aan gemeente en huurdersorganisaties.\nTrekker: Clavis, Woongoed; bron: afspraak 5.9",
    url="https://cycle.example/t/1",
    categories=("Brief", "Organisatie, samenwerking"),
    changed_at=CHANGED,
    day=date(2027, 3, 31),
    shown=date(2027, 3, 31),
)
SPRING = FeedEntry(
    uid="6f1d2c5e-0002",
    summary="Voorjaarsoverleg – evaluatie én agenda",
    description="",
    url="https://cycle.example/t/2",
    categories=("Overleg",),
    changed_at=CHANGED,
    sequence=2,
    start=datetime(2027, 4, 15, 14, 0, tzinfo=AMSTERDAM),
    end=datetime(2027, 4, 15, 16, 0, tzinfo=AMSTERDAM),
    place="Stadhuis, zaal 1",
)


def feed(*entries: FeedEntry, **asked: object) -> bytes:
    return calendar(entries, name="Termijnen Terneuzen", feed_uid="feed-1", **asked)  # type: ignore[arg-type]


def lines_of(body: bytes) -> list[str]:
    return body.replace(b"\r\n ", b"").decode().split("\r\n")


def value_of(body: bytes, name: str) -> list[str]:
    """The lines that begin with this property name, whole."""
    return [line for line in lines_of(body) if line.startswith((f"{name}:", f"{name};"))]


# ---- the whole --------------------------------------------------------------------------------------------------


def test_a_small_feed_is_these_bytes_for_ever() -> None:
    body = feed(SPRING, LETTER, replace(LETTER, uid="6f1d2c5e-0003", status="done", sequence=1))

    assert body == GOLDEN.read_bytes()
    assert faults(body) == []


@pytest.mark.parametrize("engine", ENGINES)
def test_a1_every_engine_sees_the_same_events_at_the_same_moments(engine: str) -> None:
    assert ENGINES[engine](feed(LETTER, SPRING)) == {
        LETTER.uid: Seen(LETTER.summary, date(2027, 3, 31), date(2027, 4, 1)),
        SPRING.uid: Seen(
            SPRING.summary, datetime(2027, 4, 15, 12, 0, tzinfo=UTC), datetime(2027, 4, 15, 14, 0, tzinfo=UTC)
        ),
    }


def test_a1_libical_has_no_objection() -> None:
    verdict = libical_verdict(feed(LETTER, SPRING))
    if verdict is None:
        pytest.skip("libical for the system Python (gir1.2-ical-3.0) is not installed here")

    assert verdict == {"good": True, "errors": 0, "events": 2, "tasks": 0}
    assert libical_verdict(feed(LETTER).replace(b"CALSCALE:GREGORIAN", b"METHOD:PUBLISH")) == {
        "good": False,
        "errors": 1,
        "events": 1,
        "tasks": 0,
    }


def test_a2_a3_a4_the_head_has_names_and_refresh_but_no_method() -> None:
    head = lines_of(feed(LETTER))[:9]

    assert head == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//cycle//termijnen//NL",
        "CALSCALE:GREGORIAN",
        "NAME:Termijnen Terneuzen",
        "X-WR-CALNAME:Termijnen Terneuzen",
        "X-WR-TIMEZONE:Europe/Amsterdam",
        "REFRESH-INTERVAL;VALUE=DURATION:PT4H",
        "X-PUBLISHED-TTL:PT4H",
    ]


# ---- A5: the same bytes ------------------------------------------------------------------------------------------


def test_a5_the_order_of_the_entries_does_not_matter() -> None:
    entries = [replace(LETTER, uid=f"u-{n}", day=date(2027, 1, 1) + timedelta(days=n % 50)) for n in range(200)]
    shuffled = random.Random(5).sample(entries, len(entries))

    assert feed(*entries) == feed(*shuffled)


def test_a5_another_process_makes_the_same_bytes() -> None:
    script = (
        "import sys; sys.path[:0] = sys.argv[1:]; import test_calendar_feed as t;"
        "sys.stdout.buffer.write(t.feed(t.LETTER, t.SPRING) + t.feed())"
    )
    there = subprocess.run(
        [sys.executable, "-c", script, str(Path(__file__).parent)],
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[2],
        env={"PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONHASHSEED": "7"},
    ).stdout

    assert there == feed(LETTER, SPRING) + feed()


def test_a5_stamp_and_last_modified_are_the_stored_change_and_sequence_follows() -> None:
    block = event_block(replace(LETTER, changed_at=datetime(2026, 11, 2, 10, 30, 5, 999, tzinfo=AMSTERDAM), sequence=7))

    assert value_of(block, "DTSTAMP") == ["DTSTAMP:20261102T093005Z"]
    assert value_of(block, "LAST-MODIFIED") == ["LAST-MODIFIED:20261102T093005Z"]
    assert value_of(block, "SEQUENCE") == ["SEQUENCE:7"]


def test_one_changed_entry_changes_its_own_block_only() -> None:
    entries = [replace(LETTER, uid=f"u-{n:03}") for n in range(5)]
    changed = [*entries[:2], replace(entries[2], summary="Anders", sequence=1), *entries[3:]]

    before, after = (feed(*each).split(b"BEGIN:VEVENT\r\n") for each in (entries, changed))

    assert [n for n, (old, new) in enumerate(zip(before, after, strict=True)) if old != new] == [3]


# ---- A8: the zone ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("wall", "moment"),
    [
        ("2026-10-24T14:30", datetime(2026, 10, 24, 12, 30, tzinfo=UTC)),
        ("2026-10-26T14:30", datetime(2026, 10, 26, 13, 30, tzinfo=UTC)),
        ("2027-03-29T09:00", datetime(2027, 3, 29, 7, 0, tzinfo=UTC)),
        # the day of the change itself, the leap day, the turn of the year
        ("2027-03-28T04:00", datetime(2027, 3, 28, 2, 0, tzinfo=UTC)),
        ("2028-02-29T09:00", datetime(2028, 2, 29, 8, 0, tzinfo=UTC)),
        ("2026-12-31T23:30", datetime(2026, 12, 31, 22, 30, tzinfo=UTC)),
    ],
)
def test_a8_wall_clock_times_are_the_right_moments(engine: str, wall: str, moment: datetime) -> None:
    start = datetime.fromisoformat(wall).replace(tzinfo=AMSTERDAM)
    body = feed(replace(SPRING, start=start, end=start + timedelta(hours=1)))

    assert value_of(body, "DTSTART")[-1] == f"DTSTART;TZID=Europe/Amsterdam:{start:%Y%m%dT%H%M%S}"
    seen = ENGINES[engine](body)[SPRING.uid]
    assert (seen.start, seen.end) == (moment, moment + timedelta(hours=1))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # 02:30, the first time
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),  # 02:30, the second time
        datetime(1980, 9, 28, 12, 0, tzinfo=UTC),  # when summer ended in September
    ],
)
def test_a8_what_the_zone_cannot_say_is_written_in_utc(engine: str, moment: datetime) -> None:
    body = feed(replace(SPRING, start=moment, end=moment + timedelta(minutes=20)))

    assert value_of(body, "DTSTART") == [f"DTSTART:{moment:%Y%m%dT%H%M%SZ}"]
    assert ENGINES[engine](body)[SPRING.uid].start == moment
    assert faults(body) == []


def test_a8_a_time_that_the_clock_skips_is_the_moment_that_python_means() -> None:
    skipped = datetime(2027, 3, 28, 2, 30, tzinfo=AMSTERDAM)

    body = feed(replace(SPRING, start=skipped, end=skipped + timedelta(hours=3)))

    assert by_icalendar(body)[SPRING.uid].start == skipped.astimezone(UTC)


def test_a8_another_zone_than_ours_is_written_in_utc() -> None:
    body = feed(SPRING, zone=ZoneInfo("America/Kralendijk"))

    assert value_of(body, "DTSTART") == ["DTSTART:20270415T120000Z"]
    assert value_of(body, "X-WR-TIMEZONE") == ["X-WR-TIMEZONE:America/Kralendijk"]
    assert faults(body) == []


def test_a8_days_alone_need_no_zone() -> None:
    assert b"VTIMEZONE" not in feed(LETTER)


# ---- A9: all day, free or busy -----------------------------------------------------------------------------------


def test_a9_a_deadline_takes_one_day_and_no_time() -> None:
    block = event_block(replace(LETTER, day=date(2028, 2, 29)))

    assert value_of(block, "DTSTART") == ["DTSTART;VALUE=DATE:20280229"]
    assert value_of(block, "DTEND") == ["DTEND;VALUE=DATE:20280301"]
    assert value_of(block, "TRANSP") == ["TRANSP:TRANSPARENT"]
    assert value_of(block, "X-MICROSOFT-CDO-BUSYSTATUS") == ["X-MICROSOFT-CDO-BUSYSTATUS:FREE"]


def test_a9_a_meeting_takes_its_time_and_place() -> None:
    block = event_block(SPRING)

    assert value_of(block, "DTEND") == ["DTEND;TZID=Europe/Amsterdam:20270415T160000"]
    assert value_of(block, "LOCATION") == ["LOCATION:Stadhuis\\, zaal 1"]
    assert value_of(block, "TRANSP") == ["TRANSP:OPAQUE"]
    assert value_of(block, "X-MICROSOFT-CDO-BUSYSTATUS") == ["X-MICROSOFT-CDO-BUSYSTATUS:BUSY"]


def test_an_address_to_join_by_is_a_property_and_a_line_of_the_description_until_the_meeting_is_off() -> None:
    block = event_block(replace(SPRING, online="https://vergader.example/k;1,2?a=b"))
    off = event_block(replace(SPRING, online="https://vergader.example/k;1,2?a=b", status="dropped"))

    joining = "Online meedoen: https://vergader.example/k\\;1\\,2?a=b"
    assert value_of(block, "DESCRIPTION") == [f"DESCRIPTION:{joining}\\nhttps://cycle.example/t/2"]
    assert value_of(block, "CONFERENCE") == ["CONFERENCE;VALUE=URI;FEATURE=VIDEO:https://vergader.example/k;1,2?a=b"]
    assert b"vergader" not in off
    assert event_block(replace(SPRING, online="")) == event_block(SPRING)
    everything = feed(replace(SPRING, online="https://vergader.example/k;1,2?a=b"), LETTER)
    assert (faults(everything), {engine: read(everything) for engine, read in ENGINES.items()}) == (
        [],
        {engine: read(feed(SPRING, LETTER)) for engine, read in ENGINES.items()},
    )


def test_a9_a_meeting_without_an_end_is_shown_for_an_hour() -> None:
    assert value_of(event_block(replace(SPRING, end=None)), "DTEND") == ["DTEND;TZID=Europe/Amsterdam:20270415T150000"]


def test_the_last_working_day_is_named_where_it_is_another_day() -> None:
    moved = replace(LETTER, day=date(2027, 5, 1), shown=date(2027, 4, 30))

    assert value_of(event_block(moved), "SUMMARY") == [
        "SUMMARY:Uiterste dag: 5.9 Uitnodigingsbrief (laatste werkdag vr 30 apr)"
    ]
    assert value_of(event_block(replace(moved, shown=None)), "SUMMARY") == [
        "SUMMARY:Uiterste dag: 5.9 Uitnodigingsbrief"
    ]


# ---- A10: done, cancelled, empty ---------------------------------------------------------------------------------


def test_a10_done_says_gedaan_and_stays() -> None:
    block = event_block(replace(LETTER, status="done"))

    assert value_of(block, "SUMMARY") == ["SUMMARY:Gedaan: 5.9 Uitnodigingsbrief"]
    assert value_of(block, "STATUS") == ["STATUS:CONFIRMED"]


@pytest.mark.parametrize("entry", [LETTER, SPRING])
def test_a10_dropped_is_cancelled_and_takes_no_time(entry: FeedEntry) -> None:
    block = event_block(replace(entry, status="dropped"))

    assert value_of(block, "SUMMARY")[0].startswith("SUMMARY:Vervallen: ")
    assert value_of(block, "STATUS") == ["STATUS:CANCELLED"]
    assert value_of(block, "TRANSP") == ["TRANSP:TRANSPARENT"]
    assert value_of(block, "X-MICROSOFT-CDO-BUSYSTATUS") == ["X-MICROSOFT-CDO-BUSYSTATUS:FREE"]


def test_a10_moved_keeps_its_uid_and_is_one_event() -> None:
    moved = replace(LETTER, day=date(2027, 4, 2), shown=None, sequence=1)

    assert by_icalendar(feed(moved)) == {LETTER.uid: Seen(LETTER.summary, date(2027, 4, 2), date(2027, 4, 3))}


def test_a10_an_empty_feed_holds_one_cancelled_event_of_its_own() -> None:
    body = feed()

    assert faults(body) == []
    assert value_of(body, "STATUS") == ["STATUS:CANCELLED"]
    assert value_of(body, "SUMMARY") == ["SUMMARY:Vervallen: er staan nu geen termijnen in deze agenda"]
    assert body == feed()
    assert value_of(body, "UID") != value_of(calendar([], name="x", feed_uid="feed-2"), "UID")


def test_a11_two_entries_with_one_uid_are_refused() -> None:
    with pytest.raises(ValueError, match="A11"):
        feed(LETTER, replace(SPRING, uid=LETTER.uid))


# ---- A12: text ---------------------------------------------------------------------------------------------------

DUTCH = st.text(st.sampled_from("abN nrx\\;,:\"'^\n\t éĳë€’–„”😀👩‍👩‍👧‍👦ÅẞŁ#%=&<>"), max_size=200)
ANY = st.text(st.characters(codec=None), max_size=120)
DAYS = st.dates(date(1970, 1, 1), date(2200, 12, 31))
MOMENTS = st.builds(datetime.combine, DAYS, st.times(timezones=st.just(UTC)))


@given(DUTCH, DUTCH)
@settings(max_examples=examples(150, 3000), deadline=None)
def test_a12_dutch_texts_come_back_equal(description: str, summary: str) -> None:
    body = feed(replace(LETTER, description=description, summary=summary))

    event = icalendar.Calendar.from_ical(body).events[0]
    assert faults(body) == []
    assert str(event.get("DESCRIPTION")) == (f"{description}\n{LETTER.url}" if description else LETTER.url)
    assert str(event.get("SUMMARY")) == summary.replace("\n", " ").replace("\t", " ").strip()


@given(st.lists(DUTCH.map(lambda text: text.replace("\\", "/")), min_size=1, max_size=5))
@settings(max_examples=examples(40, 1000), deadline=None)
def test_a12_every_engine_reads_the_same_titles(summaries: list[str]) -> None:
    entries = [replace(LETTER, uid=f"u-{n}", summary=f"T {text}.") for n, text in enumerate(summaries)]
    expected = {entry.uid: entry.summary.replace("\n", " ").replace("\t", " ") for entry in entries}

    for read in ENGINES.values():
        assert {uid: seen.summary for uid, seen in read(feed(*entries)).items()} == expected


@st.composite
def any_entries(draw: st.DrawFn) -> list[FeedEntry]:
    """Anything that a database could hold: foreign zones, odd characters, days and times anywhere."""
    entries = []
    for number in range(draw(st.integers(0, 6))):
        moment = draw(MOMENTS).astimezone(ZoneInfo(draw(st.sampled_from(["UTC", "Europe/Amsterdam", "Asia/Kolkata"]))))
        timed = draw(st.booleans())
        entries.append(
            FeedEntry(
                uid=f"{number}",
                summary=draw(ANY),
                description=draw(ANY),
                url=draw(ANY),
                categories=tuple(draw(st.lists(ANY, max_size=3))),
                changed_at=draw(MOMENTS),
                sequence=draw(st.integers(0, 9999)),
                day=draw(DAYS),
                shown=draw(st.none() | DAYS),
                start=moment if timed else None,
                end=(moment.astimezone(UTC) + timedelta(minutes=draw(st.integers(1, 9999)))) if timed else None,
                place=draw(ANY),
                status=draw(st.sampled_from(["open", "done", "dropped"])),
            )
        )
    return entries


@given(any_entries(), ANY, st.none() | st.integers(1, 30), st.sampled_from(["Europe/Amsterdam", "America/Curacao"]))
@settings(max_examples=examples(60, 1000), deadline=None)
def test_no_input_makes_a_broken_or_unstable_feed(
    entries: list[FeedEntry], name: str, alarm_days: int | None, zone: str
) -> None:
    body = calendar(entries, name=name, feed_uid="f", zone=ZoneInfo(zone), alarm_days=alarm_days)

    assert faults(body) == []
    assert body == calendar(reversed(entries), name=name, feed_uid="f", zone=ZoneInfo(zone), alarm_days=alarm_days)
    moments = {seen.start for seen in by_icalendar(body).values()}
    expected = {entry.start.astimezone(UTC).replace(microsecond=0) if entry.start else entry.day for entry in entries}
    assert moments == expected or not entries


def test_a12_control_characters_and_a_bom_are_removed_and_line_breaks_are_one_kind() -> None:
    body = feed(
        replace(LETTER, description="\ufeffeen\x00\x07\r\ntwee\rdrie\u2028vier\x9b\ud800", url="", summary="a\r\nb")
    )

    assert value_of(body, "DESCRIPTION") == ["DESCRIPTION:een\\ntwee\\ndrie\\nvier"]
    assert value_of(body, "SUMMARY") == ["SUMMARY:a b"]


def test_a12_no_text_can_add_a_line_of_its_own() -> None:
    evil = "x\r\nMETHOD:REQUEST\r\nATTENDEE:mailto:a@b.example"
    body = calendar(
        [replace(SPRING, summary=evil, description=evil, url=evil, place=evil, categories=(evil,))],
        name=evil,
        feed_uid=evil,
    )

    assert faults(body) == []
    assert value_of(body, "METHOD") == value_of(body, "ATTENDEE") == []


def test_a12_the_link_stands_on_a_line_of_its_own_and_in_url() -> None:
    block = event_block(replace(LETTER, description="Doe iets."))

    assert value_of(block, "DESCRIPTION") == ["DESCRIPTION:Doe iets.\\nhttps://cycle.example/t/1"]
    assert value_of(block, "URL") == ["URL:https://cycle.example/t/1"]


def test_a3_categories_carry_kind_and_theme() -> None:
    event = icalendar.Calendar.from_ical(feed(LETTER)).events[0]

    assert event.categories == ["Brief", "Organisatie, samenwerking"]
    assert b"CATEGORIES" not in event_block(replace(LETTER, categories=("", " ")))


# ---- A13: alarms -------------------------------------------------------------------------------------------------


def test_a13_no_alarm_unless_asked_and_then_one_for_what_is_open() -> None:
    done = replace(LETTER, uid="done", status="done")

    assert b"VALARM" not in feed(LETTER, SPRING, done)
    asked = feed(LETTER, SPRING, done, alarm_days=3)
    assert value_of(asked, "TRIGGER") == ["TRIGGER:-P3D"] * 2
    assert faults(asked) == []


def test_a13_an_alarm_comes_before_the_day() -> None:
    with pytest.raises(ValueError, match="A13"):
        feed(LETTER, alarm_days=0)


# ---- what cannot be an entry --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"uid": ""},
        {"uid": "a\nb"},
        {"sequence": -1},
        {"day": None},
        {"end": datetime(2027, 4, 1, 9, tzinfo=UTC)},
        {"changed_at": CHANGED.replace(tzinfo=None)},
        {"start": CHANGED.replace(tzinfo=None)},
        {"start": datetime(2027, 4, 1, 9, tzinfo=UTC), "end": datetime(2027, 4, 1, 9, tzinfo=UTC)},
    ],
)
def test_a8_a9_an_entry_without_day_zone_or_length_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"entry|uid"):
        replace(LETTER, **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("engine", ENGINES)
def test_a16_three_thousand_deadlines_are_read_by_every_engine(engine: str) -> None:
    entries = [
        replace(LETTER, uid=f"u-{n}", day=date(2026, 1, 1) + timedelta(days=n % 900), shown=None) for n in range(2950)
    ] + [
        replace(SPRING, uid=f"m-{n}", start=start, end=start + timedelta(hours=1))
        for n in range(50)
        for start in [datetime.combine(date(2027, 1, 1) + timedelta(days=7 * n), time(9), AMSTERDAM)]
    ]

    seen = ENGINES[engine](feed(*entries))

    assert {uid: each.start for uid, each in seen.items()} == {
        entry.uid: entry.start.astimezone(UTC) if entry.start else entry.day for entry in entries
    }
