"""A stricter reader than any calendar: what rules A2 to A13 ask of a feed, written apart from `cycle.feed`."""

import re
from itertools import pairwise

VTIMEZONE_LINES = [
    "TZID:Europe/Amsterdam",
    "BEGIN:DAYLIGHT",
    "DTSTART:19700329T020000",
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "TZNAME:CEST",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200",
    "END:DAYLIGHT",
    "BEGIN:STANDARD",
    "DTSTART:19701025T030000",
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "TZNAME:CET",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0100",
    "END:STANDARD",
]
DAY = re.compile(r"DT(?:START|END);VALUE=DATE:(\d{8})")
TIME = re.compile(r"DT(?:START|END)(?:;TZID=Europe/Amsterdam:(\d{8}T\d{6})|:(\d{8}T\d{6}Z))")
STAMP = re.compile(r"\d{8}T\d{6}Z")


def faults(body: bytes) -> list[str]:
    """All that is wrong with a feed; an empty list is a good feed."""
    lines = _unfolded(body)
    head = _head(lines)
    events = _blocks(lines, "VEVENT")
    return [
        *_faults_of_bytes(body),
        *_faults_of_head(head),
        *_faults_of_zone(lines, events),
        *([] if events else ["A10: no event at all"]),
        *(fault for event in events for fault in _faults_of_event(event)),
        *_faults_of_uids(events),
    ]


def _faults_of_bytes(body: bytes) -> list[str]:
    found = []
    if b"\xef\xbb\xbf" in body:
        found.append("A12: a BOM")
    if not (body.startswith(b"BEGIN:VCALENDAR\r\n") and body.endswith(b"\r\nEND:VCALENDAR\r\n")):
        found.append("A7: not a whole calendar")
    for line in body.split(b"\r\n")[:-1]:
        if len(line) > 75:
            found.append(f"A12: a line of {len(line)} octets: {line!r}")
        if re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line) or not line:
            found.append(f"A12: an empty line or a control character: {line!r}")
        try:
            line.decode()
        except UnicodeDecodeError:
            found.append(f"A12: a fold inside a character: {line!r}")
    return found


def _faults_of_head(head: list[str]) -> list[str]:
    found = [f"A2: {name}: {_values(head, name)}" for name in ("VERSION", "PRODID") if len(_values(head, name)) != 1]
    if _values(head, "METHOD"):
        found.append("A2: a METHOD")
    if _values(head, "UID"):
        found.append("A11: a UID of the feed itself, which vdirsyncer takes for that of every event")
    if len(_values(head, "NAME")) != 1 or _values(head, "NAME") != _values(head, "X-WR-CALNAME"):
        found.append("A3: NAME is not X-WR-CALNAME")
    if len(_values(head, "X-WR-TIMEZONE")) != 1:
        found.append("A3: not one X-WR-TIMEZONE")
    refresh = [line for line in head if line.startswith(("REFRESH-INTERVAL", "X-PUBLISHED-TTL"))]
    if refresh != ["REFRESH-INTERVAL;VALUE=DURATION:PT4H", "X-PUBLISHED-TTL:PT4H"]:
        found.append(f"A4: {refresh}")
    return found


def _faults_of_zone(lines: list[str], events: list[list[str]]) -> list[str]:
    zones = _blocks(lines, "VTIMEZONE")
    local = any(";TZID=" in line.split(":")[0] for event in events for line in event)
    if len(zones) != int(local):
        return [f"A8: {len(zones)} VTIMEZONE, local times: {local}"]
    return [f"A8: {zone}" for zone in zones if zone != VTIMEZONE_LINES]


def _faults_of_event(event: list[str]) -> list[str]:
    found = []
    for name in ("UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "SUMMARY", "STATUS", "TRANSP"):
        if len(_values(event, name)) != 1:
            found.append(f"{name} is there {len(_values(event, name))} times")
    stamps = _values(event, "DTSTAMP") + _values(event, "LAST-MODIFIED")
    if len(set(stamps)) != 1 or not STAMP.fullmatch(stamps[0]):
        found.append(f"A5: stamps {stamps}")
    busy = (_values(event, "TRANSP"), _values(event, "X-MICROSOFT-CDO-BUSYSTATUS"))
    if busy not in ((["TRANSPARENT"], ["FREE"]), (["OPAQUE"], ["BUSY"])):
        found.append(f"A9: {busy}")
    return found + _faults_of_span(event) + _faults_of_alarms(event)


def _faults_of_span(event: list[str]) -> list[str]:
    """A day with an exclusive end, or two moments written alike: with the zone or in UTC, never floating."""
    span = [line for line in event if line.startswith(("DTSTART", "DTEND"))]
    for shape in (DAY, TIME):
        found = [shape.fullmatch(line) for line in span]
        if len(found) == 2 and all(found):
            first, last = [match.groups() for match in found if match]
            alike = [bool(value) for value in first] == [bool(value) for value in last]
            return [] if alike and list(filter(None, first)) < list(filter(None, last)) else [f"A9: {span}"]
    return [f"A8, A9: {span}"]


def _faults_of_alarms(event: list[str]) -> list[str]:
    alarms = _blocks(event, "VALARM")
    good = all(
        "ACTION:DISPLAY" in alarm and _values(alarm, "DESCRIPTION") and re.search(r"TRIGGER:-P\d+D", "\n".join(alarm))
        for alarm in alarms
    )
    return [] if len(alarms) <= 1 and good else [f"A13: {alarms}"]


def _faults_of_uids(events: list[list[str]]) -> list[str]:
    uids = [uid for event in events for uid in _values(event, "UID")]
    return [f"A11: {one}" for one, other in pairwise(sorted(uids)) if one == other]


def _unfolded(body: bytes) -> list[str]:
    return body.replace(b"\r\n ", b"").decode(errors="replace").split("\r\n")[:-1]


def _head(lines: list[str]) -> list[str]:
    first = next((at for at, line in enumerate(lines[1:], 1) if line.startswith(("BEGIN:", "END:"))), len(lines))
    return lines[1:first]


def _blocks(lines: list[str], name: str) -> list[list[str]]:
    begins = [at for at, line in enumerate(lines) if line == f"BEGIN:{name}"]
    return [lines[at + 1 : lines.index(f"END:{name}", at)] for at in begins]


def _values(lines: list[str], name: str) -> list[str]:
    """The values of a property in this block itself, parameters left out."""
    values, depth = [], 0
    for line in lines:
        depth += line.startswith("BEGIN:") - line.startswith("END:")
        key, _, value = line.partition(":")
        if depth == 0 and key.split(";")[0] == name:
            values.append(value)
    return values
