"""SIGINT and SIGTERM: heard from the first line of a command that runs or delivers, and answered by a clean end.

A handler comes in the middle of whatever the main thread does, perhaps with a lock in its hand. So it only puts the
signal into a queue, whose `put` cannot wait for anybody; a thread of its own takes it out and does what is to be done.
"""

import logging
import os
import signal
from collections.abc import Callable
from queue import SimpleQueue
from threading import Event, Lock, Thread, Timer
from types import FrameType, TracebackType

LAST_SECONDS = 33.0  # more than the mail in hand gets; what then still hangs is left as it is
SIGNALS = (signal.SIGINT, signal.SIGTERM)

log = logging.getLogger(__name__)


class Ending:
    """Hears that this process must end, for as long as its `with` block lasts. `asked` is set when it does."""

    def __init__(self) -> None:
        self.asked = Event()
        self._heard: SimpleQueue[bool] = SimpleQueue()
        self._actions: list[tuple[Callable[[], object], float]] = []
        self._timers: list[Timer] = []
        self._lock = Lock()

    def __enter__(self) -> "Ending":
        self._before = [signal.signal(name, self._hear) for name in SIGNALS]
        self.when_asked(_leave, after=LAST_SECONDS)
        Thread(target=self._wait, name="ending", daemon=True).start()
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        for name, handler in zip(SIGNALS, self._before, strict=True):
            signal.signal(name, handler)
        self._heard.put(False)
        with self._lock:
            for timer in self._timers:
                timer.cancel()
            self._actions.clear()

    def when_asked(self, action: Callable[[], object], *, after: float = 0.0) -> None:
        """What is to be done when the process is asked to end, or so many seconds later. It runs in another thread."""
        with self._lock:
            self._actions.append((action, after))
            if self.asked.is_set():
                self._set_off(action, after)

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        self._heard.put(True)

    def _wait(self) -> None:
        if not self._heard.get():
            return
        with self._lock:
            self.asked.set()
            for action, after in self._actions:
                self._set_off(action, after)

    def _set_off(self, action: Callable[[], object], after: float) -> None:
        timer = Timer(after, action)
        timer.daemon = True
        timer.start()
        self._timers.append(timer)


def _leave() -> None:
    """Ends the process, whatever hangs. Each round may be broken off at any point; what is on its way counts as lost.

    0, because that is what was asked for.
    """
    log.error("something did not end in time; it is left as it is")
    logging.shutdown()
    os._exit(0)
