"""From when a deadline counts for a trekker, and what is news to them (law L6 of the design).

No rung, nothing missed and no step upward is from before that day; what was learned late is told once in their place.
"""

from datetime import date
from typing import NamedTuple

from cycle.domain.ladders import OpenItem
from cycle.domain.model import News


class KnownSince(NamedTuple):
    """The first day that counts, and what is new since then, if it is more than that the covenant went live."""

    since: date
    news: News | None = None


def known_for(
    item: OpenItem, party: str, live_since: date, released_on: date | None, seat_since: date | None
) -> KnownSince:
    """From when a deadline counts for who has the seat of a party since a day: the last of all that had to be known."""
    its_party = next((day for slug, day in item.party_since if slug == party), None)
    learned = (
        (item.known_since, _news_of(item, party)),
        (released_on, News.NEW),
        (its_party, News.YOURS),
        (seat_since, News.YOURS),
    )
    known = KnownSince(live_since)
    for day, news in learned:
        if day is not None and day > known.since:
            known = KnownSince(day, news)
    return known


def _news_of(item: OpenItem, party: str) -> News:
    """What is new about the deadline itself: to who never heard of the old day, all of it."""
    is_change = item.news in (News.MOVED, News.OFF)
    return News.NEW if item.news is None or (is_change and party not in item.heard) else item.news
