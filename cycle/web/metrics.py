"""`/metrics`: counts and ages in the form that Prometheus reads, for a monitor that draws lines and has own alarms.

There only with `watch.metrics`; then this machine itself may read it, and who knows `watch.readyz_token`. To all others
it is no page. What is watched comes from the one list, `actions.service.watch.condition`; a new line of it is measured.
"""

import importlib.util
from collections.abc import Iterable, Iterator

from fastapi import APIRouter, Request
from starlette.responses import Response

from cycle import __version__
from cycle.actions.service.watch.measures import Measures, measures
from cycle.errors import CycleError, NotFound
from cycle.resources import HOW_TO_INSTALL
from cycle.store.mishaps import DATABASE_AWAY
from cycle.web.desk.visiting import NOT_HERE
from cycle.web.door import AtDoor
from cycle.web.health import FRESH, may_hear_why

router = APIRouter()

Line = tuple[str, str, dict[str, float]]
"""A measure: its name, what it is, and how much it is for each value of its label ("" for one without)."""


@router.api_route("/metrics", methods=["GET", "HEAD"])
def metrics(door: AtDoor, request: Request) -> Response:
    """All measures. 200 also while the database is away, which is then one of them.

    Raises NotFound where there is no such page for who asks, CycleError when the package for it is missing.
    """
    watch = door.office.settings.watch
    if not (watch.metrics and may_hear_why(request, watch.readyz_token)):
        raise NotFound(*NOT_HERE)
    if importlib.util.find_spec("prometheus_client") is None:
        raise CycleError("Voor /metrics ontbreekt het pakket prometheus-client.", f"{HOW_TO_INSTALL}.")
    try:
        seen = measures(door.office, door.now())
    except DATABASE_AWAY:
        seen = None
    return _exposed(_lines(seen))


def _lines(seen: Measures | None) -> Iterator[tuple[Line, str]]:
    """Each measure, and the name of its label."""
    yield ("cycle_database_up", "1 while the database answers", {"": float(seen is not None)}), ""
    if seen is None:
        return
    checks = {one.name: float(one.ok) for one in seen.findings}
    yield ("cycle_check_ok", "What /readyz looks at: 1 while it is well", checks), "check"
    states = {state: float(count) for state, count in seen.messages.items()}
    yield ("cycle_messages", "Messages in the outbox, by state", states), "state"
    ages = dict(seen.job_ages)
    yield ("cycle_job_age_seconds", "Since a job of the clock last came to its end", ages), "job"
    yield ("cycle_feed_links", "Calendar links that are in use", {"": seen.feeds.links}), ""
    yield ("cycle_feed_fetches", "Fetches of calendars, as far as noted", {"": seen.feeds.fetches}), ""
    oldest, fetch = seen.oldest_queued, seen.last_fetch
    yield ("cycle_oldest_queued_seconds", "Age of the oldest queued message; 0 for none", {"": oldest or 0.0}), ""
    if fetch is not None:
        yield ("cycle_last_feed_fetch_seconds", "Since a calendar was last fetched", {"": fetch}), ""


def _exposed(lines: Iterable[tuple[Line, str]]) -> Response:
    """The measures with those of the process itself. They are kept by nobody: each answer makes them anew."""
    from prometheus_client import CollectorRegistry, Gauge, ProcessCollector  # noqa: PLC0415 - an optional extra
    from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest  # noqa: PLC0415

    registry = CollectorRegistry()
    Gauge("cycle_info", "This program", ["version"], registry=registry).labels(__version__).set(1)
    for (name, what, values), label in lines:
        gauge = Gauge(name, what, [label] if label else [], registry=registry)
        for key, value in values.items():
            (gauge.labels(key) if label else gauge).set(value)
    ProcessCollector(registry=registry)
    return Response(generate_latest(registry), headers=FRESH, media_type=CONTENT_TYPE_LATEST)
