"""The lint is only worth something if it notices: each known fault, put into a good feed, is found."""

from pathlib import Path

import pytest
from feed_lint import faults

GOOD = (Path(__file__).parent / "small.ics").read_bytes()


def test_the_good_feed_has_no_fault() -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        ("A2", b"CALSCALE:GREGORIAN", b"METHOD:PUBLISH"),
        ("A2", b"VERSION:2.0\r\n", b""),
        ("A3", b"X-WR-CALNAME:Termijnen Terneuzen", b"X-WR-CALNAME:Anders"),
        ("A4", b"REFRESH-INTERVAL;VALUE=DURATION:PT4H", b"REFRESH-INTERVAL:PT4H"),
        ("A5", b"LAST-MODIFIED:20261102T093000Z", b"LAST-MODIFIED:20261102T093001Z"),
        ("A7", b"END:VCALENDAR\r\n", b""),
        ("A8", b"BYMONTH=10;BYDAY=-1SU", b"BYMONTH=9;BYDAY=-1SU"),
        ("A8", b"DTSTART;TZID=Europe/Amsterdam:2", b"DTSTART:2"),
        ("A9", b"DTEND;VALUE=DATE:20270401", b"DTEND;VALUE=DATE:20270331"),
        ("A9", b"X-MICROSOFT-CDO-BUSYSTATUS:BUSY\r\n", b""),
        ("A11", b"6f1d2c5e-0003", b"6f1d2c5e-0001"),
        ("A12", b"\r\n  Clavis", b" Clavis"),
        ("A12", b"SUMMARY:Voorjaars", b"SUMMARY:Voor\njaars"),
        ("A12", "evaluatie én".encode(), b"evaluatie \xc3\r\n \xa9n"),
        ("A12", b"SUMMARY:Voor", b"SUMMARY:\xef\xbb\xbfVoor"),
    ],
)
def test_a_fault_is_noticed(rule: str, old: bytes, new: bytes) -> None:
    broken = GOOD.replace(old, new)

    assert broken != GOOD
    assert any(rule in fault for fault in faults(broken))


def test_a10_a_calendar_without_events_is_noticed() -> None:
    assert "A10: no event at all" in faults(GOOD[: GOOD.index(b"BEGIN:VEVENT")] + b"END:VCALENDAR\r\n")
