"""Promise: rendering and delivering digests, commits included, takes at most 8.3 times (0.12×) a bare smtplib loop.

The floor hands the same mails, as prepared bytes, over one connection to the same server on loopback: Postfix'
smtp-sink. The product renders, stores, claims, delivers and records them, with the rate limit off and all its promises
about the disk on; deciding what is due is measured by `busy_tick`. The cost per mail does not grow with the ledger: at
most 1.5 times with 300,000 reminders.
"""

import shutil
import smtplib
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from statistics import median

from sqlalchemy import text
from sqlmodel import select

from benchmarks.engines import Engine, free_port, postgres, sqlite
from benchmarks.measure import Figure, Outcome, Skipped, main, milliseconds
from benchmarks.world import NOW, ROOT, World, country, make_due, with_ledger
from cycle.actions.mails.morning.gathering import gather
from cycle.actions.mails.morning.reminding import carry_out, plan_mails
from cycle.actions.office.office import Office
from cycle.actions.post.delivery.delivering import deliver_mails
from cycle.actions.post.returns.transports import open_transport
from cycle.domain.morning import decide
from cycle.mail.deliver import Pace
from cycle.settings import load_settings
from cycle.store.tables import Message

LIMIT, GROWTH_LIMIT = 1 / 0.12, 1.5
RUNS, DUE = 5, 500  # each of these deadlines is of another party, and so a mail
NAME = "delivery"


def run() -> Iterator[Outcome]:
    """The same on both engines."""
    sink = shutil.which("smtp-sink", path="/usr/sbin:/usr/lib/postfix/sbin:/usr/bin")
    if sink is None:
        yield Skipped(NAME, "smtp-sink is not installed (Debian: postfix)")
        return
    with _sink(sink) as port:
        with sqlite() as engine:
            yield from _on(engine, port)
        with postgres() as server:
            if server is None:
                yield Skipped(f"{NAME}, PostgreSQL", "PostgreSQL is not installed (Debian: postgresql)")
            else:
                yield from _on(server, port)


def _on(engine: Engine, port: int) -> Iterator[Figure]:
    small = country(engine)
    make_due(small, DUE)
    large = with_ledger(small)
    _count_on(large)
    bodies = _bodies(small, port)
    floors, products, grown = [], [], []
    for _ in range(RUNS):
        floors.append(milliseconds(lambda: _bare(bodies, port)) / len(bodies))
        products.append(_deliver(small, port, len(bodies)))
        grown.append(_deliver(large, port, len(bodies)))
    small.close()
    large.close()
    name = f"{NAME}, {engine.name}"
    yield Figure(
        f"{name}: one of {len(bodies)} mails, beside a bare smtplib loop", median(products), LIMIT, median(floors)
    )
    yield Figure(f"{name}: 300,000 reminders beside 0", median(grown), GROWTH_LIMIT, median(products))


def _count_on(world: World) -> None:
    """Rows that came with their numbers do not move PostgreSQL's counters."""
    if world.office.database.is_sqlite:
        return
    with world.office.database.engine.begin() as connection:
        for table in ("message", "reminder"):
            connection.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
            )


def _bare(bodies: list[tuple[str, str, bytes]], port: int) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as connection:
        for sender, to, body in bodies:
            connection.sendmail(sender, [to], body)


def _deliver(world: World, port: int, expected: int) -> float:
    """The milliseconds of one mail, from a decided digest to the recorded answer, in a copy of the world."""
    copy = world.copy()
    office = _with_server(copy, port)
    transport = open_transport(office.settings)
    with office.database.reading() as session:
        morning = gather(session, office.settings, NOW)
    plan = decide(morning)
    start = time.perf_counter()
    stored = carry_out(office, morning, plan, NOW).mails
    sent = deliver_mails(office, transport, Pace(0, time.monotonic, time.sleep), lambda: NOW).sent
    spent = (time.perf_counter() - start) * 1000
    transport.close()
    copy.close()
    assert stored == sent == expected, (stored, sent, expected)
    return spent / sent


def _bodies(world: World, port: int) -> list[tuple[str, str, bytes]]:
    """The mails of this world, as they will go."""
    copy = world.copy()
    office = _with_server(copy, port)
    plan_mails(office, NOW)
    with office.database.reading() as session:
        rows = session.exec(select(Message).where(Message.state == "queued")).all()
    copy.close()
    return [(row.envelope_from, row.to, row.body) for row in rows]


def _with_server(world: World, port: int) -> Office:
    values = {"TRANSPORT": "smtp", "HOST": "127.0.0.1", "PORT": str(port), "SECURITY": "none"}
    environ = {f"CYCLE__MAIL__{name}": value for name, value in values.items()}
    settings = load_settings(ROOT / "config.toml", environ | {"CYCLE__DATABASE__URL": world.url})
    return replace(world.office, settings=settings.model_copy(update={"folder": _scratch()}))


@cache
def _scratch() -> Path:
    """Where the send journal of the measured offices goes: a folder that the system forgets."""
    return Path(tempfile.mkdtemp(prefix="cycle-bench-"))


@contextmanager
def _sink(program: str) -> Iterator[int]:
    """Postfix' smtp-sink: takes everything and keeps nothing."""
    port = free_port()
    process = subprocess.Popen([program, "-u", "nobody", f"127.0.0.1:{port}", "100"], stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    for _ in range(100):
        with suppress(OSError), smtplib.SMTP("127.0.0.1", port, timeout=2):
            return
        time.sleep(0.05)


if __name__ == "__main__":
    main(run)
