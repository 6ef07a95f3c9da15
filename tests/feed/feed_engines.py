"""Each calendar engine of the test environment, reduced to one question: which events, when, with which texts?"""

import json
import os
import subprocess
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import icalendar
import vobject
from ical.calendar_stream import IcsCalendarStream

LIBICAL = """
import gi, json, sys
gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib
top = ICalGLib.Component.new_from_string(sys.stdin.buffer.read().decode())
good = bool(top.check_restrictions())
events = top.count_components(ICalGLib.ComponentKind.VEVENT_COMPONENT)
print(json.dumps({"good": good, "errors": top.count_errors(), "events": events}))
"""


@dataclass(frozen=True)
class Seen:
    """An event as an engine sees it; moments in UTC, days as days with an exclusive end."""

    summary: str
    start: date
    end: date


def by_icalendar(body: bytes) -> dict[str, Seen]:
    events = icalendar.Calendar.from_ical(body).events
    return {
        str(event["UID"]): Seen(str(event["SUMMARY"]), _utc(event["DTSTART"].dt), _utc(event["DTEND"].dt))
        for event in events
    }


def by_ical(body: bytes) -> dict[str, Seen]:
    events = IcsCalendarStream.calendar_from_ics(body.decode()).events
    return {event.uid: Seen(event.summary or "", _utc(event.dtstart), _utc(event.dtend)) for event in events}


def by_vobject(body: bytes) -> dict[str, Seen]:
    events = vobject.readOne(body.decode()).vevent_list
    return {
        event.uid.value: Seen(event.summary.value, _utc(event.dtstart.value), _utc(event.dtend.value))
        for event in events
    }


ENGINES = {"icalendar": by_icalendar, "ical": by_ical, "vobject": by_vobject}


def libical_verdict(body: bytes) -> dict[str, int] | None:
    """What libical's restriction check says, through the system Python; None where it is not installed."""
    python = Path("/usr/bin/python3")
    if not python.exists():
        return None
    other = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run([python, "-c", LIBICAL], input=body, capture_output=True, check=False, env=other)
    return json.loads(done.stdout) if done.returncode == 0 else None


def _utc(value: date) -> date:
    return value.astimezone(UTC) if isinstance(value, datetime) else value
