"""Promises about building a feed of 600 deadlines: afresh at most 1.3 times the fastest correct use of icalendar, and
with one of them changed at most 0.05 times that.

The floor gives icalendar typed values, property by property, in one calendar that it writes itself: no guessing of
types by `add`, no sorting of properties. It writes the same events with the same lines.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

from icalendar import Calendar, Event
from icalendar.prop import vCategory, vDate, vDatetime, vInt, vText, vUri

from benchmarks.measure import Figure, main, medians
from cycle.feed import FeedEntry, calendar, event_block

FRESH_LIMIT, CHANGED_LIMIT = 1.3, 0.05
RUNS = 15
ENTRIES = 600
CHANGED_AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def run() -> Iterator[Figure]:
    """The floor, the whole feed with nothing kept, and one change among 600, by turns."""
    entries = [_entry(number) for number in range(ENTRIES)]
    changes = count(1)
    assert _events(_floor(entries)) == _events(_product(entries)), "floor and product do not say the same"
    floor, fresh = medians(RUNS, lambda: _floor(entries), lambda: _fresh(entries))
    _product(entries)
    floor_again, changed = medians(RUNS, lambda: _floor(entries), lambda: _change(entries, next(changes)))
    yield Figure("feed of 600 built afresh, beside icalendar with typed values", fresh, FRESH_LIMIT, floor)
    yield Figure("feed of 600 with one changed, beside the same", changed, CHANGED_LIMIT, floor_again)


def _fresh(entries: list[FeedEntry]) -> None:
    event_block.cache_clear()
    _product(entries)


def _change(entries: list[FeedEntry], sequence: int) -> None:
    entries[300] = replace(entries[300], sequence=sequence, changed_at=CHANGED_AT + timedelta(minutes=sequence))
    _product(entries)


def _product(entries: list[FeedEntry]) -> bytes:
    return calendar(entries, name="Termijnen Terneuzen", feed_uid="feed-1")


def _floor(entries: list[FeedEntry]) -> bytes:
    whole = Calendar()
    whole["VERSION"] = vText("2.0")
    whole["PRODID"] = vText("-//floor//NL")
    for entry in entries:
        whole.add_component(_event(entry))
    return bytes(whole.to_ical(sorted=False))


def _event(entry: FeedEntry) -> Event:
    assert entry.day is not None
    stamp = vDatetime(entry.changed_at)
    event = Event()
    event["DTSTART"] = vDate(entry.day, params={"VALUE": "DATE"})
    event["DTEND"] = vDate(entry.day + timedelta(1), params={"VALUE": "DATE"})
    event["UID"] = vText(entry.uid)
    event["DTSTAMP"] = stamp
    event["LAST-MODIFIED"] = stamp
    event["SEQUENCE"] = vInt(entry.sequence)
    event["SUMMARY"] = vText(entry.summary)
    event["DESCRIPTION"] = vText(f"{entry.description}\n{entry.url}")
    event["URL"] = vUri(entry.url)
    event["CATEGORIES"] = vCategory(list(entry.categories))
    event["STATUS"] = vText("CONFIRMED")
    event["TRANSP"] = vText("TRANSPARENT")
    event["X-MICROSOFT-CDO-BUSYSTATUS"] = vText("FREE")
    return event


def _entry(number: int) -> FeedEntry:
    return FeedEntry(
        uid=f"{number:032x}",
        summary=f"Uiterste dag: {number // 60 + 1}.{number % 60} Beschikbaarheid van woningen",
        description="Maak samen een voorstel; leg het voor aan het overleg.\nTrekker: Clavis en Woongoed.\nBron: 5.3.",
        url=f"https://afspraken.voorbeeld.nl/t/{number}",
        categories=("Actie", f"Thema {number % 5 + 1}"),
        changed_at=CHANGED_AT + timedelta(minutes=number),
        day=date(2027, 1, 4) + timedelta(days=number % 500),
    )


def _events(body: bytes) -> list[bytes]:
    """The events of a feed in one order, to compare them."""
    return sorted(block.partition(b"END:VEVENT")[0] for block in body.split(b"BEGIN:VEVENT\r\n")[1:])


if __name__ == "__main__":
    main(run)
