"""Promises about fetching a feed of sixty deadlines: at least half the requests per second of plain uvicorn serving
fixed bytes, for an unchanged feed (304) and for a warm whole one (200), at 8 connections.

Floor and product are processes of their own under the same uvicorn options, measured by turns by one client that does
little more than count bytes. The slowest of a hundred at 32 connections is told. The product does all it does in
service (the read of the version, the limit, the note of who fetched), but for the limit of sixty an hour, which is
raised.
"""

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.engines import free_port, postgres
from benchmarks.measure import Figure, main
from benchmarks.world import child_environment, settings_folder

LIMIT = 2.0  # twice the time of the floor is half its requests
DEADLINES = 60
CONNECTIONS, MANY_CONNECTIONS = 8, 32
REQUESTS = 1500
ROUNDS = 7
PATIENCE = 60
TOKEN = "een-vast-kenmerk-voor-de-meting"
PATH = f"/k/{TOKEN}/termijnen.ics"
NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)


def run() -> Iterator[Figure]:
    """On SQLite, then on PostgreSQL where there is one: there the version is read over a socket, which is told only."""
    yield from _on("", "", LIMIT)
    with postgres() as engine:
        if engine is not None:
            yield from _on(engine.empty(), " on PostgreSQL", None)


def _on(url: str, where: str, limit: float | None) -> Iterator[Figure]:
    """Both answers by turns, then the slow ones."""
    with TemporaryDirectory(prefix="cycle-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        settings_folder(folder)
        product = stack.enter_context(_served("product", folder, url))
        whole = asyncio.run(_fetch(product, _request()))
        (folder / "body.ics").write_bytes(whole.partition(b"\r\n\r\n")[2])
        floor = stack.enter_context(_served("floor", folder))
        asked = {"200 of 60 deadlines": _request(), "304 (unchanged)": _request(_etag(whole))}
        for words, request in asked.items():
            floors, products = _by_turns(floor, product, request)
            yield Figure(f"feed {words}{where}, a request at 8 connections", _median(products), limit, _median(floors))
        for words, request in asked.items():
            slow = sorted(asyncio.run(load(product, request, MANY_CONNECTIONS, REQUESTS * 2)))
            yield Figure(f"feed {words}{where}, p99 at 32 connections", slow[len(slow) * 99 // 100])


def _by_turns(floor: int, product: int, request: bytes) -> tuple[list[float], list[float]]:
    """Milliseconds per request of each, over rounds in which both have their turn."""
    floors, products = [], []
    for number in range(ROUNDS + 1):
        for port, times in ((floor, floors), (product, products)):
            start = time.perf_counter()
            asyncio.run(load(port, request, CONNECTIONS, REQUESTS))
            if number:
                times.append((time.perf_counter() - start) * 1000 / REQUESTS)
    return floors, products


def _median(times: list[float]) -> float:
    return statistics.median(times)


def _request(etag: bytes = b"") -> bytes:
    condition = b"If-None-Match: " + etag + b"\r\n" if etag else b""
    head = f"GET {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Thunderbird/140\r\n"
    return head.encode() + condition + b"\r\n"


def _etag(answer: bytes) -> bytes:
    return next(line[6:] for line in answer.split(b"\r\n") if line.lower().startswith(b"etag: "))


class _Client(asyncio.Protocol):
    """One connection that asks the same thing again and again, and counts how long each answer takes."""

    def __init__(self, request: bytes, take: Callable[[], bool], times: list[float]) -> None:
        self._request, self._take, self._times = request, take, times
        self._wanted, self._got, self._sent_at = 0, 0, 0.0
        self.done: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._ask(b"")

    def data_received(self, data: bytes) -> None:
        if not self._wanted:  # the head of an answer comes in one piece
            head, _, _body = data.partition(b"\r\n\r\n")
            if head[9:12] not in (b"200", b"304"):
                self.done.set_exception(RuntimeError(head.decode()))
                return
            length = head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0]
            self._wanted = len(head) + 4 + (int(length) if length and head[9:12] == b"200" else 0)
            self._got, self._answer = 0, b""
        self._got += len(data)
        if self._take is _once:
            self._answer += data
        if self._got >= self._wanted:
            self._times.append((time.perf_counter() - self._sent_at) * 1000)
            self._wanted = 0
            self._ask(self._answer)

    def _ask(self, answer: bytes) -> None:
        if not self._take() or (answer and self._take is _once):
            self._transport.close()
            self.done.set_result(answer)
            return
        self._sent_at = time.perf_counter()
        self._transport.write(self._request)


def _once() -> bool:
    return True


async def _fetch(port: int, request: bytes) -> bytes:
    """One whole answer."""
    client = await _connect(port, request, _once, [])
    return await client.done


async def load(port: int, request: bytes, connections: int, requests: int) -> list[float]:
    """So many requests over so many connections; the milliseconds of each."""
    left = iter(range(requests))
    times: list[float] = []
    clients = [await _connect(port, request, lambda: next(left, None) is not None, times) for _ in range(connections)]
    await asyncio.gather(*(client.done for client in clients))
    return times


async def _connect(port: int, request: bytes, take: Callable[[], bool], times: list[float]) -> _Client:
    loop = asyncio.get_running_loop()
    _transport, client = await loop.create_connection(lambda: _Client(request, take, times), "127.0.0.1", port)
    return client


@contextmanager
def _served(what: str, folder: Path, url: str = "") -> Iterator[int]:
    """A process that serves, until the block ends; its port."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.feed_http", what, str(folder), str(port), url],
        env=child_environment(),
        stderr=subprocess.PIPE,
    )
    try:
        _wait(port, process)
        yield port
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            asyncio.run(_fetch(port, _request()))
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"nobody answers: {process.communicate()[1].decode()[-2000:]}")


def _serve(what: str, folder: Path, port: int, url: str) -> None:
    """One process: the floor or the product, under the same options."""
    import uvicorn

    app = _floor((folder / "body.ics").read_bytes()) if what == "floor" else _product(folder, url)
    uvicorn.run(app, host="127.0.0.1", port=port, access_log=False, log_level="warning", server_header=False)


def _floor(body: bytes) -> Any:
    """Plain ASGI with fixed bytes: what uvicorn itself costs."""
    etag = b'"0123456789abcdef0123456789abcdef"'
    headers = [(b"content-type", b"text/calendar; charset=utf-8"), (b"etag", etag)]
    whole = [*headers, (b"content-length", str(len(body)).encode())]

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        unchanged = any(name == b"if-none-match" for name, _value in scope["headers"])
        status = 304 if unchanged else 200
        await send({"type": "http.response.start", "status": status, "headers": headers if unchanged else whole})
        await send({"type": "http.response.body", "body": b"" if unchanged else body})

    return app


def _product(folder: Path, url: str) -> Any:
    """The application as `serve` makes it, with one link to sixty deadlines."""
    from cycle.actions.office.office import open_office
    from cycle.settings import load_settings
    from cycle.store.database import Database
    from cycle.web.app import create_app

    settings = load_settings(folder / "config.toml", {"CYCLE__DATABASE__URL": url} if url else {})
    Database(settings.database_url).migrate()
    office = open_office(settings)
    _fill(office)
    return create_app(office, lambda: NOW, fetches_per_hour=10**9)


def _fill(office: Any) -> None:
    from cycle.actions.feeds import token_hash
    from cycle.store import tables as t

    with office.database.writing() as session:
        for row in (
            t.Covenant(id=1, slug="meting", name="Meting", live_since=date(2026, 1, 1)),
            t.PartyRow(id=1, covenant_id=1, slug="gemeente", name="Gemeente", kind="municipality"),
            t.Person(id=1, name="Wonen", email="wonen@gemeente.example"),
        ):
            session.add(row)
            session.flush()
        session.add(t.Membership(person_id=1, party_id=1, role="contact"))
        session.add(t.FeedLink(person_id=1, token_hash=token_hash(TOKEN), uid="feed", created_at=NOW))
        for number in range(DEADLINES):
            session.add(t.ActionRow(id=number + 1, covenant_id=1, origin="agreement"))
        session.flush()
        for number in range(DEADLINES):
            session.add(
                t.DeadlineRow(
                    id=number + 1,
                    covenant_id=1,
                    action_id=number + 1,
                    origin="agreement",
                    slot="1",
                    occurrence="once",
                    title="Beschikbaarheid van woningen",
                    todo="Maak een voorstel en bespreek het samen.",
                    kind="action",
                    number=f"1.{number}",
                    theme="1",
                    source=f"afspraak 1.{number}",
                    uid=f"{number:032x}",
                    due=date(2027, 2, 1) + timedelta(days=number),
                    created_at=NOW,
                    changed_at=NOW,
                )
            )
        session.flush()
        for number in range(DEADLINES):
            session.add(t.DeadlineParty(deadline_id=number + 1, party_id=1, part="lead"))


if __name__ == "__main__":
    if len(sys.argv) == 5:
        _serve(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
    else:
        main(run)
