"""The metronome: APScheduler calls our rounds, and knows nothing of what is due.

What is due stands in the database, so a restart loses nothing and several schedulers do no harm. APScheduler has traps:
the default grace of one second would drop a late tick, and a shared job store runs jobs twice; hence no grace limit
and a store in memory.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event, Lock, Thread, Timer
from typing import NamedTuple

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from cycle.actions.office.office import Office
from cycle.actions.post.delivery.delivering import open_pace, open_transport
from cycle.actions.post.delivery.restored import begin_sending
from cycle.actions.post.halts.clock_check import is_believed
from cycle.actions.service.watch.clock_work import (
    STOP_SECONDS,
    bounces_round,
    deliver_round,
    keep_round,
    plan_round,
    replies_round,
    watch_round,
)

WATCH_SECONDS = 20.0
CLOCK_JUMP = timedelta(minutes=1)

log = logging.getLogger(__name__)


class Job(NamedTuple):
    """One line of the clock's work: what, when, and the round that does it."""

    name: str
    trigger: CronTrigger
    action: Callable[[], object]


class Metronome:
    """All clock work of one process, in threads of its own: nothing that it waits for keeps a caller waiting.

    `monotonic` is a clock that nobody can set; beside it a jump of the wall clock shows.
    """

    def __init__(
        self, office: Office, now: Callable[[], datetime], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._office, self._now, self._monotonic = office, now, monotonic
        self._watch_from: datetime | None = None
        self._stop = Event()
        self._transport = open_transport(office.settings)
        self._pace = open_pace(office.settings, self._stop.wait)
        self._patience: Timer | None = None
        self._has_begun = False
        self._beside: list[Thread] = []
        self._beginning, self._halting = Lock(), Lock()
        self._scheduler = BackgroundScheduler(
            timezone=office.settings.zone,
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    def jobs(self) -> tuple[Job, ...]:
        """The table of clock work. Nothing between two and three at night, when the clock may jump."""
        zone, mail = self._office.settings.zone, self._office.settings.mail
        bounces = Job("bounces", CronTrigger(minute="3-59/10", second=30, timezone=zone), self._bounces)
        replies = Job("replies", CronTrigger(minute="4-59/10", second=30, timezone=zone), self._replies)
        return (
            Job("plan", CronTrigger(minute="*", second=0, timezone=zone), self._plan),
            Job("deliver", CronTrigger(minute="*", second=5, timezone=zone), self._deliver),
            Job("watch", CronTrigger(minute="*", second=40, timezone=zone), self._look),
            Job("keep", CronTrigger(hour=4, minute=15, timezone=zone), self._keep),
            *((bounces,) if mail.bounces else ()),
            *((replies,) if mail.replies else ()),
        )

    def start(self) -> None:
        """The table, and beside it a first round at once."""
        self._fill_table()
        self._scheduler.start()
        self.once("first-round", self._first_round)
        Thread(target=self._watch, name="clock-watch", daemon=True).start()

    def once(self, name: str, action: Callable[[], object]) -> None:
        """Does something now, beside the table; not while the same is under way.

        In a thread of its own: APScheduler stumbles over a job without a next time when it ends at that moment.
        """
        with self._halting:
            self._beside = [one for one in self._beside if one.is_alive()]
            if not self._stop.is_set() and name not in {one.name for one in self._beside}:
                self._beside.append(Thread(target=self._safely, args=[action], name=name, daemon=True))
                self._beside[-1].start()

    def wake(self) -> None:
        """One round of delivery now: somebody waits for this mail."""
        self.once("deliver-now", self._deliver)

    def halt(self) -> None:
        """Nothing is begun any more. The mail in hand gets half a minute; it returns at once."""
        with self._halting:
            if self._stop.is_set():
                return
            self._stop.set()
            self._patience = Timer(STOP_SECONDS, self._transport.abort)
            self._patience.daemon = True
            self._patience.start()

    def stop(self) -> None:
        """Returns when all has ended, the mail in hand included."""
        self.halt()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)
        for thread in self._beside:
            thread.join()
        if self._patience is not None:
            self._patience.cancel()
        self._transport.close()

    def watch_clock(self) -> bool:
        """Begins the table anew after a jump of the wall clock, or when jobs went missing; says whether it did.

        APScheduler waits for the moment it worked out before: after a jump back that can be a day (rule C8). An
        empty table would be silence for ever (rule C9).
        """
        missing = {job.name for job in self.jobs()} - {job.id for job in self._scheduler.get_jobs()}
        if missing:
            log.error("the table had lost %s; it begins anew", ", ".join(sorted(missing)))
        elif self._is_jump():
            log.warning("the clock jumped; the table begins anew")
        else:
            return False
        self._fill_table()
        return True

    def _fill_table(self) -> None:
        for job in self.jobs():
            self._scheduler.add_job(
                self._safely, job.trigger, args=[job.action], id=job.name, name=job.name, replace_existing=True
            )

    def _watch(self) -> None:
        self._safely(self.watch_clock)
        while not self._stop.wait(WATCH_SECONDS):
            self._safely(self.watch_clock)

    def _is_jump(self) -> bool:
        """Whether wall clock and monotonic clock went apart by more than a minute since the last look."""
        zero = self._now() - timedelta(seconds=self._monotonic())
        before, self._watch_from = self._watch_from, zero
        return before is not None and abs(zero - before) > CLOCK_JUMP

    def _first_round(self) -> None:
        for action in (self._keep, self._plan, self._deliver):
            self._safely(action)

    def _begin(self) -> None:
        """Before anything is planned or delivered, once: what a restored copy or a wrong clock would spoil is held.

        While it fails nothing is sent: each round tries it again.
        """
        with self._beginning:
            if not self._has_begun:
                begin_sending(self._office, self._now())
                is_believed(self._office, self._now())
                self._has_begun = True

    def _plan(self) -> object:
        self._begin()
        return plan_round(self._office, self._now())

    def _deliver(self) -> object:
        self._begin()
        return deliver_round(self._office, self._transport, self._pace, self._now, self._stop)

    def _keep(self) -> object:
        return keep_round(self._office, self._now())

    def _look(self) -> None:
        watch_round(self._office, self._now())

    def _bounces(self) -> object:
        return bounces_round(self._office, self._now())

    def _replies(self) -> object:
        return replies_round(self._office, self._now())

    def _safely(self, action: Callable[[], object]) -> None:
        """A round that fails is logged by kind only (a message may hold names), and comes again."""
        if self._stop.is_set():
            return
        try:
            action()
        except Exception as error:
            log.error("round %s failed: %s", getattr(action, "__name__", action), type(error).__name__)
