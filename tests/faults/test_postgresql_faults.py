"""PostgreSQL that fails in every way it can while mail goes out: nothing is lost, and nothing goes twice.

One sender, a real `cycle work`, lives through all of it: it is never started again. What is in hand when the database
falls away may be of unknown outcome (a letter is then held for a person); it has not gone twice.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from cycle import clock
from cycle.actions.office.office import Office, open_office
from cycle.settings import load_settings
from tests import postgresql_server
from tests.actions.mailbox import queue, row_of
from tests.conftest import ROOT, lay_tables_anew
from tests.faults.relay import Relay
from tests.faults.test_ending import CLEAN_END_SECONDS, Child, wait_for
from tests.faults.test_kills import ALL, arrived
from tests.mail.servers import ScriptedServer, scripted

pytestmark = pytest.mark.slow
MAILS = 12
LINES = 2  # that the sender keeps with the mail server, each with one mail in hand
STRIKES = 2  # a fault may catch the mails in hand as it comes, and others as it goes
FAULT_SECONDS = 2.0


@dataclass
class World:
    """A server of its own behind an address that can lead elsewhere, an office on it, and a mail server."""

    place: Path
    address: str
    relay: Relay
    office: Office
    mail: ScriptedServer

    def tell(self, statement: str, database: str = "postgres") -> None:
        """To the server itself, past the address."""
        with psycopg.connect(f"{self.address}/{database}", autocommit=True) as connection:
            connection.execute(statement.encode())

    def cut_all(self) -> None:
        """Ends every connection of the office."""
        self.tell("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'cycle'")


@pytest.fixture(scope="module")
def world(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """`server` says whether there is a PostgreSQL here at all."""
    place = tmp_path_factory.mktemp("pg") / "own"
    place.mkdir()
    folder = tmp_path_factory.mktemp("office")
    address = postgresql_server.start(
        place, "max_connections=20", "wal_level=replica", "fsync=on", "synchronous_commit=on"
    )
    relay = Relay(int(address.rpartition(":")[2]))
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE cycle")
    lay_tables_anew(f"{address}/cycle")
    url = f"postgresql://postgres@127.0.0.1:{relay.port}/cycle"
    (folder / "config.toml").write_text((ROOT / "config.toml").read_text(encoding="utf-8"), encoding="utf-8")
    office = open_office(load_settings(folder / "config.toml", {"CYCLE__DATABASE__URL": url}))
    with scripted(dawdle={"dot": 0.1}) as mail:
        yield World(place, address, relay, office, mail)
    office.database.close()
    relay.close()
    postgresql_server.stop(place)


@pytest.fixture(scope="module")
def sender(world: World) -> Iterator[Child]:
    child = Child(world.office, world.mail.port, "work")
    wait_for(lambda: "Bezorgen loopt" in child.said)
    yield child
    code, _seconds = child.end()
    assert code == 0, child.said


@contextmanager
def cut_at_random(world: World) -> Iterator[None]:
    until = time.monotonic() + FAULT_SECONDS
    while time.monotonic() < until:
        world.cut_all()
        time.sleep(0.07)
    yield


@contextmanager
def restarted(world: World) -> Iterator[None]:
    postgresql_server.control(world.place, "-m", "immediate", "restart")
    yield


@contextmanager
def stopped(world: World) -> Iterator[None]:
    processes = postgresql_server.processes(world.place)
    for number in processes:
        os.kill(number, signal.SIGSTOP)
    try:
        time.sleep(FAULT_SECONDS)
        yield
    finally:
        for number in processes:
            os.kill(number, signal.SIGCONT)


@contextmanager
def read_only(world: World) -> Iterator[None]:
    world.tell("ALTER DATABASE cycle SET default_transaction_read_only = on")
    world.cut_all()
    try:
        time.sleep(FAULT_SECONDS)
        yield
    finally:
        world.tell("ALTER DATABASE cycle RESET default_transaction_read_only")
        world.cut_all()


@contextmanager
def full(world: World) -> Iterator[None]:
    """No connection is left for anybody."""
    taken = []
    world.cut_all()
    with suppress(psycopg.OperationalError):
        while True:
            taken.append(psycopg.connect(f"{world.address}/postgres"))
    try:
        time.sleep(FAULT_SECONDS)
        yield
    finally:
        for connection in taken:
            connection.close()


@contextmanager
def away(world: World) -> Iterator[None]:
    """The address leads nowhere for a while."""
    target, world.relay.target = world.relay.target, 0
    world.relay.cut()
    try:
        time.sleep(FAULT_SECONDS)
        yield
    finally:
        world.relay.target = target


FAULTS: dict[str, Callable[[World], object]] = {
    "connections are cut at random": cut_at_random,
    "the server crashes and starts": restarted,
    "the server hangs": stopped,
    "the server only lets read": read_only,
    "no connection is left": full,
    "the address leads nowhere": away,
}


def rows(world: World, ids: list[int]) -> dict[str, str]:
    """The state of each message, by its Message-ID."""
    return {row.message_id: str(row.state) for row in (row_of(world.office, one) for one in ids)}


def check_nothing_lost(world: World, ids: list[int]) -> None:
    """Each mail went once and is known to have gone, or was in hand and is known to be of unknown outcome."""
    wait_for(lambda: "queued" not in rows(world, ids).values())
    states, times = rows(world, ids), arrived(world.mail)
    in_hand = {key for key, state in states.items() if state != "sent"}
    assert {key: times[key] for key in states if key not in in_hand} == {key: 1 for key in states if key not in in_hand}
    assert all(times[key] <= 1 for key in in_hand)
    assert len(in_hand) <= LINES * STRIKES, states


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_is_lost_and_nothing_goes_twice_when(world: World, sender: Child, fault: str) -> None:
    before = len(world.mail.stored)
    ids = queue(world.office, MAILS, clock.now(), "letter", key_prefix=f"{list(FAULTS).index(fault)}")
    wait_for(lambda: len(world.mail.stored) > before)
    assert "queued" in rows(world, ids).values()  # it is under way

    with FAULTS[fault](world):  # type: ignore[attr-defined]
        pass

    check_nothing_lost(world, ids)
    assert sender.process.poll() is None


@pytest.mark.skipif(not ALL, reason="takes half a minute; FAULTS=all runs it")
def test_a_server_that_hangs_keeps_no_sender_from_ending_in_time(world: World) -> None:
    child = Child(world.office, world.mail.port, "work")
    wait_for(lambda: "Bezorgen loopt" in child.said)
    with stopped(world):
        code, seconds = child.end()
    assert (code, seconds < CLEAN_END_SECONDS) == (0, True), child.said


def test_nothing_is_lost_and_nothing_goes_twice_when_the_address_leads_to_a_standby_that_took_over(
    world: World, sender: Child, tmp_path: Path
) -> None:
    place = tmp_path / "standby"
    place.mkdir()
    other = postgresql_server.start_standby(place, world.address)
    world.tell("ALTER SYSTEM SET synchronous_standby_names = '*'")
    world.tell("SELECT pg_reload_conf()")
    time.sleep(0.5)
    before = len(world.mail.stored)
    ids = queue(world.office, MAILS, clock.now(), "letter", key_prefix="9")
    try:
        wait_for(lambda: len(world.mail.stored) > before)
        world.relay.target = 0
        world.relay.cut()
        postgresql_server.stop(world.place)
        postgresql_server.control(place, "promote")
        world.relay.target = int(other.rpartition(":")[2])

        check_nothing_lost(world, ids)
        assert sender.process.poll() is None
    finally:
        code, _seconds = sender.end()
        world.office.database.close()
        postgresql_server.stop(place)
    assert code == 0
