"""A connection that does not get on ends: uvicorn's protocol with the limits that it lacks.

A request's head must be there in HEAD_SECONDS from its first byte, or from the opening of the connection; so who says
nothing or says it a letter at a time is gone by then. Who does not read an answer is gone after WRITE_SECONDS. A body
is looked at by `bodies.py`, which knows what it is for. At most MOST_CONNECTIONS are open: one more ends the one that
waited longest without asking anything, or whose body takes longest.
"""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS, KEEP_ALIVE_SECONDS, WRITE_SECONDS = 15, 5, 60
MOST_CONNECTIONS = 400

LIMITS: dict[str, Any] = {"limit_concurrency": MOST_CONNECTIONS + 1, "timeout_keep_alive": KEEP_ALIVE_SECONDS}
"""For `uvicorn.Config`, besides `http`. All connections are busy when it answers 503 by itself."""


class LimitedProtocol(H11Protocol):
    """One connection. `waits_since` is when it began to wait for a head, `receives_since` when a body began that is not
    all there yet, both on the clock of the loop."""

    head_seconds: float = HEAD_SECONDS
    write_seconds: float = WRITE_SECONDS
    most_connections: int = MOST_CONNECTIONS

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.waits_since: float | None = None
        self.receives_since: float | None = None
        self._head_timer: asyncio.TimerHandle | None = None
        self._write_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Makes room first."""
        if len(self.connections) >= self.most_connections:
            self._end_the_longest_waiting()
        super().connection_made(transport)
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        """More bytes of a head are no reason to wait longer for it."""
        super().data_received(data)
        is_body = self.conn.their_state is h11.SEND_BODY
        self.receives_since = (self.receives_since or self.loop.time()) if is_body else None
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_waiting()
        else:
            self._wait_for_head()

    def on_response_complete(self) -> None:
        """From here uvicorn's own timer runs, until something comes."""
        super().on_response_complete()
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_waiting()  # the next request had come already

    def connection_lost(self, exc: Exception | None) -> None:
        """No timer outlives its connection."""
        self._stop_waiting()
        self._can_write()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """The other side does not take what we send."""
        super().pause_writing()
        self._write_timer = self._write_timer or self.loop.call_later(self.write_seconds, self._give_up)

    def resume_writing(self) -> None:
        """It does again."""
        self._can_write()
        super().resume_writing()

    def _wait_for_head(self) -> None:
        if self._head_timer is None and not self.transport.is_closing():
            self.waits_since = self.loop.time()
            self._head_timer = self.loop.call_later(self.head_seconds, self._give_up)

    def _stop_waiting(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
        self._head_timer = self.waits_since = None

    def _can_write(self) -> None:
        if self._write_timer is not None:
            self._write_timer.cancel()
        self._write_timer = None

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.abort()

    def _end_the_longest_waiting(self) -> None:
        """Of those on which nothing is asked, else of those whose body does not come to an end."""
        all_of_them = [one for one in self.connections if isinstance(one, LimitedProtocol)]
        waiting = [(one.waits_since or 0.0, number) for number, one in enumerate(all_of_them) if one.is_idle]
        receiving = [(one.receives_since, number) for number, one in enumerate(all_of_them) if one.receives_since]
        if waiting or receiving:
            all_of_them[min(waiting or receiving)[1]].end()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being answered here."""
        return self.cycle is None or self.cycle.response_complete

    def end(self) -> None:
        """Ends a connection on which nothing is asked yet, to make room for another."""
        self.connections.discard(self)
        self._give_up()
