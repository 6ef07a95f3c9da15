"""The metronome: APScheduler calls our rounds, and knows nothing of what is due.

What is due stands in the database, so a restart loses nothing and several schedulers do no harm. APScheduler has traps:
the default grace of one second would drop a late tick, and a shared job store runs jobs twice; hence no grace limit
and a store in memory.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from threading import Event
from typing import NamedTuple

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from cycle.actions.delivering import open_pace, open_transport
from cycle.actions.office import Office
from cycle.actions.rounds import deliver_round, keep_round, plan_round

log = logging.getLogger(__name__)


class Job(NamedTuple):
    """One line of the clock's work: what, when, and the round that does it."""

    name: str
    trigger: CronTrigger
    action: Callable[[], object]


class Metronome:
    """All clock work of one process. `start` does a first round before it returns."""

    def __init__(self, office: Office, now: Callable[[], datetime]) -> None:
        self._office, self._now = office, now
        self._stop = Event()
        self._transport = open_transport(office.settings)
        self._pace = open_pace(office.settings)
        self._scheduler = BackgroundScheduler(
            timezone=office.settings.zone,
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    def jobs(self) -> tuple[Job, ...]:
        """The table of clock work. Nothing between two and three at night, when the clock may jump."""
        zone = self._office.settings.zone
        return (
            Job("plan", CronTrigger(minute="*", second=0, timezone=zone), self._plan),
            Job("deliver", CronTrigger(minute="*", second=5, timezone=zone), self._deliver),
            Job("keep", CronTrigger(hour=4, minute=15, timezone=zone), self._keep),
        )

    def start(self) -> None:
        """A first round, then the table."""
        for action in (self._keep, self._plan, self._deliver):
            self._safely(action)
        for job in self.jobs():
            self._scheduler.add_job(self._safely, job.trigger, args=[job.action], id=job.name, name=job.name)
        self._scheduler.start()

    def stop(self) -> None:
        """Ends after the mail in hand."""
        self._stop.set()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)
        self._transport.close()

    def _plan(self) -> object:
        return plan_round(self._office, self._now())

    def _deliver(self) -> object:
        return deliver_round(self._office, self._transport, self._pace, self._now, self._stop)

    def _keep(self) -> object:
        return keep_round(self._office, self._now())

    def _safely(self, action: Callable[[], object]) -> None:
        """A round that fails is logged by kind only (a message may hold names), and comes again."""
        if self._stop.is_set():
            return
        try:
            action()
        except Exception as error:
            log.error("round %s failed: %s", getattr(action, "__name__", action), type(error).__name__)
