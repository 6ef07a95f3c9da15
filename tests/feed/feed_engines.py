"""Each calendar engine of the test environment, reduced to one question: which events, when, with which texts?"""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import icalendar
import vobject
from ical.calendar_stream import IcsCalendarStream

FOLDER_OF_ICAL_JS = os.environ.get("ICAL_JS_MODULES", "")

LIBICAL = """
import gi, json, sys
gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib
top = ICalGLib.Component.new_from_string(sys.stdin.buffer.read().decode())
good = bool(top.check_restrictions())
events = top.count_components(ICalGLib.ComponentKind.VEVENT_COMPONENT)
tasks = top.count_components(ICalGLib.ComponentKind.VTODO_COMPONENT)
print(json.dumps({"good": good, "errors": top.count_errors(), "events": events, "tasks": tasks}))
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


ICAL_JS = """
import ICAL from %s;
let text = ""; for await (const piece of process.stdin) text += piece;
const top = new ICAL.Component(ICAL.parse(text));
for (const zone of top.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
const said = t => t.isDate ? t.toString() : t.toJSDate().toISOString();
const events = top.getAllSubcomponents("vevent").map(part => { const one = new ICAL.Event(part);
  return [one.uid, one.summary, said(one.startDate), said(one.endDate)]; });
const tasks = top.getAllSubcomponents("vtodo").map(part => { const due = said(part.getFirstPropertyValue("due"));
  return [part.getFirstPropertyValue("uid"), part.getFirstPropertyValue("summary"), due, due]; });
console.log(JSON.stringify(events.concat(tasks)));
"""


def by_ical_js(body: bytes) -> dict[str, Seen] | None:
    """What ical.js reads (Nextcloud's engine), through Node; None where either is not installed. Of a task it is the
    last day, twice.

    A copy is found by ICAL_JS_MODULES (a node_modules folder) or among the global packages; tests download nothing.
    """
    module = _ical_js()
    if module is None:
        return None
    script = ICAL_JS % json.dumps(module.as_uri())
    done = subprocess.run(
        ["node", "--input-type=module", "-e", script],
        input=body,
        capture_output=True,
        check=True,
        env=os.environ | {"TZ": "Pacific/Auckland"},
    )
    return {uid: Seen(summary, _moment(start), _moment(end)) for uid, summary, start, end in json.loads(done.stdout)}


def _ical_js() -> Path | None:
    if shutil.which("node") is None:
        return None
    folders = [FOLDER_OF_ICAL_JS, "/usr/local/lib/node_modules", "/usr/lib/node_modules", "/usr/share/nodejs"]
    found = [Path(folder) / "ical.js/dist/ical.js" for folder in folders if folder]
    return next((path.resolve() for path in found if path.is_file()), None)


def _moment(text: str) -> date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
