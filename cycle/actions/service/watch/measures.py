"""What a monitor measures over time: the list of what is watched (law L8) beside it in counts and ages. No names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cycle.actions.office.office import Office
from cycle.actions.service.watch.condition import JOBS, Finding, condition_seen
from cycle.store import feedlinks
from cycle.store.feedlinks import FeedsFetched
from cycle.store.outbox import beating, lookups


@dataclass(frozen=True, slots=True)
class Measures:
    """How it stands at one moment. Ages are in seconds; None, or left out, for what has not been yet."""

    findings: Sequence[Finding]
    messages: Mapping[str, int]
    oldest_queued: float | None
    job_ages: Mapping[str, float]
    feeds: FeedsFetched
    last_fetch: float | None


def measures(office: Office, now: datetime) -> Measures:
    """All that is measured; raises what the database raises when it does not answer."""
    with office.database.reading() as session:
        beats, feeds = beating.beats(session), feedlinks.feeds_fetched(session)
        return Measures(
            condition_seen(session, office, now),
            lookups.count_by_state(session),
            _age(lookups.oldest_queued(session), now),
            {name: (now - beats[name]).total_seconds() for name in JOBS if name in beats},
            feeds,
            _age(feeds.last_at, now),
        )


def _age(since: datetime | None, now: datetime) -> float | None:
    return None if since is None else (now - since).total_seconds()
