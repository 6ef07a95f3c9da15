"""What every way out promises: one message, one recipient, one classed answer, never an exception.

The classes decide what the outbox does next (rule B12); they are chosen by the transports (`maildir.py`, `smtp.py`).
This module knows neither database nor wording. Its `sleep` and clock are handed in, monotonic and in seconds.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from queue import LifoQueue
from threading import Lock
from typing import Protocol


class Outcome(StrEnum):
    """What became of one delivery."""

    ACCEPTED = "accepted"  # the other side took responsibility
    TEMPORARY = "temporary"  # try again later; nothing was accepted
    RECIPIENT = "recipient"  # never for this recipient (or never this message): fails alone
    REFUSED = "refused"  # refused, and the words leave open whose fault it is: see who else is refused
    SENDER = "sender"  # our account or address: pause the queue and alarm, mark nobody
    UNREACHABLE = "unreachable"  # never came as far as handing over: no connection, TLS or greeting
    UNKNOWN = "unknown"  # lost after the final dot was sent: it may have been accepted (rule C3)


@dataclass(frozen=True, slots=True)
class Answer:
    """An outcome and the words that came with it: the server's own, or a Dutch sentence when there was none."""

    outcome: Outcome
    text: str

    @property
    def accepted(self) -> bool:
        return self.outcome is Outcome.ACCEPTED

    @property
    def status(self) -> str:
        """The enhanced status in the words, such as "5.1.1" (RFC 3463), or nothing."""
        return self.status_in(self.text)

    @staticmethod
    def status_in(text: str) -> str:
        """The same for words that were kept."""
        match = _STATUS.search(text)
        return match[1] if match else ""

    @property
    def sort(self) -> str:
        """Code and status, by which two answers are the same: "550 5.7.1", "554"; nothing when no server spoke."""
        match = _SORT.match(self.text)
        return match[0].replace("-", " ") if match else ""


_STATUS = re.compile(r"\b\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b")
_SORT = re.compile(r"[245]\d\d(?:[ -][245]\.\d{1,3}\.\d{1,3})?\b")


class Transport(Protocol):
    """A way out. `key` is the outbox key: the same key is the same message, however often it is offered.

    `connections` is how many threads may deliver at once.
    """

    @property
    def connections(self) -> int: ...

    def deliver(self, raw: bytes, *, envelope_from: str, recipient: str, key: str) -> Answer: ...

    def check(self) -> Answer:
        """Go as far as possible without mailing anybody."""
        ...

    def close(self) -> None: ...

    def abort(self) -> None:
        """Give up what another thread is handing over; it gets its answer at once."""
        ...


class Pace:
    """A token bucket: at most `per_minute` + `burst` messages in any sixty seconds, shared by all connections.

    The defaults add up to the 30 a minute of Microsoft 365 (rule B12). `per_minute` 0 sets no limit.
    """

    def __init__(
        self, per_minute: float, now: Callable[[], float], sleep: Callable[[float], object], *, burst: int = 5
    ) -> None:
        self._rate = per_minute / 60
        self._now = now
        self._sleep = sleep
        self._burst = burst
        self._tokens = float(burst)
        self._updated = now()
        self._lock = Lock()

    def take(self) -> None:
        """Wait until one more message may go."""
        if self._rate:
            with self._lock:
                self._refill()
                self._tokens -= 1
                wait_seconds = max(0.0, -self._tokens / self._rate)
            if wait_seconds:
                self._sleep(wait_seconds)

    def _refill(self) -> None:
        now = self._now()
        self._tokens = min(self._burst, self._tokens + (now - self._updated) * self._rate)
        self._updated = now


class Pool:
    """Several connections as one way out for several threads. Who asks gets the one that was used last."""

    def __init__(self, ways: Sequence[Transport]) -> None:
        self._ways = tuple(ways)
        self._free: LifoQueue[Transport] = LifoQueue()
        for way in reversed(self._ways):
            self._free.put(way)

    @property
    def connections(self) -> int:
        return len(self._ways)

    def deliver(self, raw: bytes, *, envelope_from: str, recipient: str, key: str) -> Answer:
        way = self._free.get()
        try:
            return way.deliver(raw, envelope_from=envelope_from, recipient=recipient, key=key)
        finally:
            self._free.put(way)

    def check(self) -> Answer:
        return self._ways[0].check()

    def close(self) -> None:
        for way in self._ways:
            way.close()

    def abort(self) -> None:
        for way in self._ways:
            way.abort()
