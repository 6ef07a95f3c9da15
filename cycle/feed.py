"""Deadlines and meetings as a calendar feed: entries in, bytes out.

The same entries give the same bytes, whatever their order, whenever and wherever they are built, so that an ETag over
them lasts (rule A5). Nothing here reads a clock or a database. Which entries belong in a feed, and for how long (rules
A10 and A16), is decided above this room; here is decided how they are written so that every calendar understands them.

Numbers such as A9 are those of the feed rules that this module keeps: A2 no METHOD, A3 names, A4 refresh, A5 stable
bytes, A8 the time zone, A9 all-day events, A10 cancelled and done, A11 UID, A12 text, A13 alarms.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from hashlib import sha256
from typing import Literal
from uuid import NAMESPACE_OID, uuid5
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, Todo
from icalendar.prop import vCategory, vDate, vDatetime, vDuration, vInt, vText, vUri

from cycle.domain.model import State
from cycle.domain.status import STATE_WORDS
from cycle.domain.words import short_words
from cycle.domain.workdays import local_day

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

LAST_DAY = "Uiterste dag: "
"""How the summary of an open deadline begins; "Gedaan: " and "Vervallen: " take its place."""

JOIN = "Online meedoen: "
"""What stands before the address by which people join a meeting from elsewhere."""

_PRODID = "-//cycle//termijnen//NL"
_REFRESH = "PT4H"  # every four hours, between the bounds of A4
_UNSET_LENGTH = timedelta(hours=1)  # how long a meeting is shown when nobody set its end
_KEPT_BLOCKS = 4096  # about 8 MB; the widest feed has some 3,000 entries
_END = b"END:VCALENDAR\r\n"

# Exchange reads one rule each way and no lists of dates (A8). The rules hold since 1996.
_RULES_SINCE = 1996
_VTIMEZONE = (
    b"BEGIN:VTIMEZONE\r\n"
    b"TZID:Europe/Amsterdam\r\n"
    b"BEGIN:DAYLIGHT\r\n"
    b"DTSTART:19700329T020000\r\n"
    b"RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n"
    b"TZNAME:CEST\r\n"
    b"TZOFFSETFROM:+0100\r\n"
    b"TZOFFSETTO:+0200\r\n"
    b"END:DAYLIGHT\r\n"
    b"BEGIN:STANDARD\r\n"
    b"DTSTART:19701025T030000\r\n"
    b"RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n"
    b"TZNAME:CET\r\n"
    b"TZOFFSETFROM:+0200\r\n"
    b"TZOFFSETTO:+0100\r\n"
    b"END:STANDARD\r\n"
    b"END:VTIMEZONE\r\n"
)
_IN_ZONE = b"\r\nDTSTART;TZID="  # a fold begins with a space, so no text can look like this

_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# C0 and C1 controls but for tab and line feed; a BOM; halves of characters, which UTF-8 cannot write
_UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ud800-\udfff]")
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
_ETAGS = re.compile(r'(?:W/)?("[^"]*")')


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One event of a feed: a last day (`day`, all day long), a period (`day` up to and with `last`) or a meeting
    (`start`, and `end` if known).

    `uid` is random and stays for ever (A11); `sequence` rises with every change of day, time, place or status.
    `changed_at` is the aware moment at which what the reader sees last changed: it becomes DTSTAMP and LAST-MODIFIED.
    `shown` is the last working day, mentioned where it differs from `day`. `start` and `end` are aware; an entry with a
    `start` is timed, whatever its `day`. `url` is put below the description, on a line of its own; above it `online`,
    the address by which people join a meeting from elsewhere, since few calendars show it as such (RFC 7986, 5.11).
    """

    uid: str
    summary: str
    description: str
    url: str
    categories: tuple[str, ...]
    changed_at: datetime
    sequence: int = 0
    day: date | None = None
    last: date | None = None
    shown: date | None = None
    start: datetime | None = None
    end: datetime | None = None
    place: str = ""
    online: str = ""
    status: Literal["open", "done", "dropped"] = "open"

    def __post_init__(self) -> None:
        """Refuse what cannot be written rightly; these are mistakes in the program, not in what people typed."""
        if not self.uid or _line(self.uid) != self.uid:
            raise ValueError(f"no uid, or one that cannot be written: {self.uid!r}")
        if self.sequence < 0:
            raise ValueError(f"entry {self.uid} has a sequence below 0")
        if self.start is None and (self.day is None or self.end is not None):
            raise ValueError(f"entry {self.uid} needs a day, or a start before its end")
        moments = [moment for moment in (self.changed_at, self.start, self.end) if moment is not None]
        if self.last is not None and (self.start is not None or self.day is None or self.last < self.day):
            raise ValueError(f"entry {self.uid} is a period that does not begin on a day before its last")
        if any(moment.utcoffset() is None for moment in moments):
            raise ValueError(f"entry {self.uid} has a time without a zone")
        if self.start and self.end and self.end <= self.start:
            raise ValueError(f"entry {self.uid} ends at or before its start")


def calendar(
    entries: Iterable[FeedEntry], *, name: str, feed_uid: str, zone: ZoneInfo = AMSTERDAM, alarm_days: int | None = None
) -> bytes:
    """The whole feed. `alarm_days` asks for one alarm so many days ahead of what is open; by default none (A13)."""
    blocks = [event_block(entry, zone, alarm_days) for entry in _ordered(entries, feed_uid, zone)]
    if any(_IN_ZONE in block for block in blocks):
        blocks.insert(0, _VTIMEZONE)
    return b"".join((_head(name, zone), *blocks, _END))


def task_list(
    entries: Iterable[FeedEntry], *, name: str, feed_uid: str, zone: ZoneInfo = AMSTERDAM, alarm_days: int | None = None
) -> bytes:
    """The same last days as tasks, for programs that have those (RFC 5545, 3.6.2). A meeting or period is no task."""
    wanted = [entry for entry in entries if entry.start is None and entry.last is None]
    blocks = [task_block(entry, alarm_days) for entry in _ordered(wanted, feed_uid, zone)]
    return b"".join((_head(name, zone), *blocks, _END))


@lru_cache(maxsize=_KEPT_BLOCKS)
def event_block(entry: FeedEntry, zone: ZoneInfo = AMSTERDAM, alarm_days: int | None = None) -> bytes:
    """One VEVENT, ending in CRLF. Kept, because among 600 deadlines one changes and 599 do not."""
    event = Event(_when(entry, zone) | _what(entry) | _mark(entry))
    if alarm_days is not None and entry.status == "open" and entry.last is None:
        event.add_component(_alarm(entry, alarm_days))
    return bytes(event.to_ical(sorted=False))


@lru_cache(maxsize=_KEPT_BLOCKS)
def task_block(entry: FeedEntry, alarm_days: int | None = None) -> bytes:
    """One VTODO, ending in CRLF: due on the day itself, without a time, so that it is late on the day after."""
    assert entry.day is not None  # what has a start is no task
    task = Todo({"DUE": _all_day(entry.day)} | _what(entry) | _progress(entry))
    if alarm_days is not None and entry.status == "open":
        alarm = _alarm(entry, alarm_days)
        alarm["TRIGGER"].params["RELATED"] = "END"  # there is no start to count from (RFC 5545, 3.8.6.3)
        task.add_component(alarm)
    return bytes(task.to_ical(sorted=False))


def ended_calendar(*, name: str, feed_uid: str, ended_at: datetime, zone: ZoneInfo = AMSTERDAM) -> bytes:
    """What a link that was ended serves for a while: one event of its own, which takes the place of all others (A15).

    Calendars keep what they had when a feed merely goes away.
    """
    entry = FeedEntry(
        uid=derived_uid("ended", feed_uid),
        summary="Agendakoppeling beëindigd",
        description="Deze agendakoppeling is beëindigd en wordt niet meer bijgewerkt.\n"
        "Verwijder de agenda, of vraag het secretariaat om een nieuwe koppeling.",
        url="",
        categories=(),
        changed_at=ended_at,
        day=local_day(ended_at, zone),
    )
    return calendar([entry], name=name, feed_uid=feed_uid, zone=zone)


def etag(body: bytes) -> str:
    """The strong validator of these bytes, quotes included (RFC 9110, 8.8.3)."""
    return f'"{sha256(body).hexdigest()[:32]}"'


def matches(if_none_match: str | None, etag: str) -> bool:
    """Whether the client already has these bytes: weak comparison, lists and `*` (RFC 9110, 13.1.2)."""
    if if_none_match is None:
        return False
    return if_none_match.strip() == "*" or etag.removeprefix("W/") in _ETAGS.findall(if_none_match)


def _ordered(entries: Iterable[FeedEntry], feed_uid: str, zone: ZoneInfo) -> list[FeedEntry]:
    """By day, and never none at all. Raises ValueError when two would be one event to a calendar."""
    ordered = sorted(entries, key=lambda entry: (_first_day(entry, zone), entry.uid)) or [_tombstone(feed_uid)]
    if len({entry.uid for entry in ordered}) < len(ordered):
        raise ValueError("two entries share a uid: calendars would keep only one of them (A11)")
    return ordered


def _first_day(entry: FeedEntry, zone: ZoneInfo) -> date:
    if entry.start is not None:
        return local_day(entry.start, zone)
    assert entry.day is not None  # Entry sees to it
    return entry.day


def _head(name: str, zone: ZoneInfo) -> bytes:
    """The feed's own lines, old and new names for the same (A3, A4). No METHOD: that is for mail (A2).

    And no UID, though RFC 7986 (5.3) allows a calendar one: vdirsyncer takes it for the UID of every event, and khal is
    left with one event.
    """
    head = Calendar(
        {
            "VERSION": vText("2.0"),
            "PRODID": vText(_PRODID),
            "CALSCALE": vText("GREGORIAN"),
            "NAME": _Text(_line(name)),
            "X-WR-CALNAME": _Text(_line(name)),
            "X-WR-TIMEZONE": vText(zone.key),
            "REFRESH-INTERVAL": vText(_REFRESH, params={"VALUE": "DURATION"}),
            "X-PUBLISHED-TTL": vText(_REFRESH),
        }
    )
    return bytes(head.to_ical(sorted=False)).removesuffix(_END)


def _when(entry: FeedEntry, zone: ZoneInfo) -> dict[str, object]:
    if entry.start is not None:
        start, end = _span(entry.start, entry.end or entry.start + _UNSET_LENGTH, zone)
        return {"DTSTART": vDatetime(start), "DTEND": vDatetime(end)}
    first = _first_day(entry, zone)
    # the end is the first day that no longer counts (RFC 5545, 3.6.1)
    return {"DTSTART": _all_day(first), "DTEND": _all_day((entry.last or first) + timedelta(days=1))}


def _span(start: datetime, end: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Both moments on the wall clock of Amsterdam; in UTC where our VTIMEZONE could be misread or does not hold."""
    span = (_at(start, zone), _at(end, zone))
    if zone.key == AMSTERDAM.key and all(_is_plain(moment) for moment in span):
        return span
    return (_at(start, UTC), _at(end, UTC))


def _is_plain(local: datetime) -> bool:
    """Whether this wall-clock time comes once and follows the present rules of summer time."""
    return local.year >= _RULES_SINCE and local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset()


def _at(moment: datetime, zone: tzinfo) -> datetime:
    # by way of UTC: a time that the clock skips stays as written if it already bears this zone
    return moment.astimezone(UTC).astimezone(zone)


def _all_day(day: date) -> vDate:
    return vDate(day, params={"VALUE": "DATE"})


def _what(entry: FeedEntry) -> dict[str, object]:
    link = _link(entry.url)
    stamp = vDatetime(entry.changed_at.astimezone(UTC))
    online = "" if entry.status == "dropped" else _link(entry.online)
    lines: dict[str, object] = {
        "UID": _Text(entry.uid),
        "DTSTAMP": stamp,
        "LAST-MODIFIED": stamp,
        "SEQUENCE": vInt(entry.sequence),
        "SUMMARY": _Text(_title(entry)),
    }
    joining = f"{JOIN}{online}" if online else ""
    if description := "\n".join(part for part in (_text(entry.description), joining, link) if part):
        lines["DESCRIPTION"] = _Text(description)
    if place := _line(entry.place):
        lines["LOCATION"] = _Text(place)
    if online:
        lines["CONFERENCE"] = vUri(online, params={"VALUE": "URI", "FEATURE": "VIDEO"})
    if link:
        lines["URL"] = vUri(link)
    if categories := _categories(entry.categories):
        lines["CATEGORIES"] = categories
    return lines


def _categories(names: tuple[str, ...]) -> vCategory | None:
    written = vCategory([])
    written.cats = [_Text(name) for name in map(_line, names) if name]  # the constructor would make plain vText of them
    return written if written.cats else None


def _title(entry: FeedEntry) -> str:
    """The summary with the word for its status and, where it is another day, the last working day."""
    title = _line(entry.summary)
    if entry.status != "open":
        word = STATE_WORDS[State(entry.status)].capitalize()
        title = f"{word}: {title.removeprefix(LAST_DAY)}"
    if entry.start is None and entry.shown not in (None, entry.day):
        assert entry.shown is not None
        title += f" (laatste werkdag {short_words(entry.shown)})"
    return title


def _mark(entry: FeedEntry) -> dict[str, object]:
    """Status, and whether it takes up time: always in both spellings, for Exchange reads only its own (A9)."""
    busy = entry.start is not None and entry.status != "dropped"
    return {
        "STATUS": vText("CANCELLED" if entry.status == "dropped" else "CONFIRMED"),
        "TRANSP": vText("OPAQUE" if busy else "TRANSPARENT"),
        "X-MICROSOFT-CDO-BUSYSTATUS": vText("BUSY" if busy else "FREE"),
    }


def _progress(entry: FeedEntry) -> dict[str, object]:
    """How far a task is. COMPLETED is a moment in UTC (RFC 5545, 3.8.2.1): the change that made it done."""
    if entry.status == "done":
        done_at = vDatetime(entry.changed_at.astimezone(UTC))
        return {"STATUS": vText("COMPLETED"), "COMPLETED": done_at, "PERCENT-COMPLETE": vInt(100)}
    return {"STATUS": vText("CANCELLED" if entry.status == "dropped" else "NEEDS-ACTION")}


def _alarm(entry: FeedEntry, days: int) -> Alarm:
    if days < 1:
        raise ValueError(f"an alarm comes at least one day ahead, not {days} (A13)")
    return Alarm(
        {
            "ACTION": vText("DISPLAY"),
            "DESCRIPTION": _Text(_title(entry)),
            "TRIGGER": vDuration(timedelta(days=-days)),
        }
    )


def _tombstone(feed_uid: str) -> FeedEntry:
    """What an empty feed holds instead of nothing, for Evolution ignores a calendar without events (A7, A10).

    All of it follows from the feed's own id, so it is the same event for ever.
    """
    since = datetime(2026, 1, 1, tzinfo=UTC)
    return FeedEntry(
        uid=derived_uid("", feed_uid),
        summary="er staan nu geen termijnen in deze agenda",
        description="",
        url="",
        categories=(),
        changed_at=since + timedelta(seconds=int.from_bytes(_digest(feed_uid)[:4]) % 86_400),
        day=date(2026, 1, 1),
        status="dropped",
    )


def derived_uid(what: str, feed_uid: str) -> str:
    """The id of an event that belongs to the feed itself: for ever the same, and no other feed's."""
    return str(uuid5(NAMESPACE_OID, f"cycle:{what}{_digest(feed_uid).hex()}"))


def _digest(feed_uid: str) -> bytes:
    return sha256(feed_uid.encode("utf-8", "replace")).digest()


def _text(value: str) -> str:
    """Text that a calendar can hold: line feeds only, no control characters (A12)."""
    return _UNWANTED.sub("", _BREAKS.sub("\n", value))


def _line(value: str) -> str:
    return _text(value).replace("\n", " ").replace("\t", " ").strip()


def _link(url: str) -> str:
    """The address without anything that could begin another line; a link holds no white space."""
    return "".join(_text(url).split())


class _Text(vText):
    r"""icalendar 7.3 writes a backslash before a capital N as a line break, so "C:\Notities" would come out wrong."""

    __slots__ = ()

    def to_ical(self) -> bytes:
        return self.translate(_ESCAPES).encode()
