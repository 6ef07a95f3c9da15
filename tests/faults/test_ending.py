"""A process that serves answers at once and ends cleanly, whatever the mail server does: a real one, and a real server
that dawdles over each answer."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from http.client import HTTPConnection
from pathlib import Path

import pytest
from sqlalchemy import text

from cycle import clock
from cycle.actions.office.office import Office
from tests.actions.mailbox import queue, row_of, states
from tests.cli.test_commands import free_port
from tests.conftest import ROOT
from tests.faults.test_kills import ALL, arrived
from tests.mail.servers import ScriptedServer, scripted

PATIENCE = 60.0  # on a busy machine
CLEAN_END_SECONDS = 35.0
MAILS = 3


class Child:
    """One `cycle` process on an office's database, its mails by way of a server on loopback."""

    def __init__(self, office: Office, mail_port: int, *words: str, **environment: str) -> None:
        self.port, self._log = free_port(), office.settings.folder / "child.log"
        own = {
            "PYTHONPATH": str(ROOT),
            "CYCLE__DATABASE__URL": office.database.url,
            "CYCLE__WEB__PORT": str(self.port),
            "CYCLE__MAIL__TRANSPORT": "smtp",
            "CYCLE__MAIL__HOST": "127.0.0.1",
            "CYCLE__MAIL__PORT": str(mail_port),
            "CYCLE__MAIL__SECURITY": "none",
            "CYCLE__MAIL__PER_MINUTE": "600",
        }
        command = [sys.executable, "-m", "cycle", "--config", str(office.settings.folder / "config.toml"), *words]
        clean = {name: value for name, value in os.environ.items() if not name.startswith("CYCLE_")}
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=office.settings.folder, env=clean | own | environment, stdout=log, stderr=log
            )

    def answers(self) -> bool:
        """Whether /healthz answers."""
        try:
            connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except OSError:
            return False

    def hears_sigterm(self) -> bool:
        """Whether it does something with SIGTERM, as the kernel tells."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii").splitlines()
        caught = next(line.split()[1] for line in lines if line.startswith("SigCgt:"))
        return bool(int(caught, 16) >> (signal.SIGTERM - 1) & 1)

    def end(self) -> tuple[int, float]:
        """SIGTERM: the exit code, and how many seconds it took."""
        start = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(PATIENCE)
        return code, time.monotonic() - start

    @property
    def said(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.02)


def heard(server: ScriptedServer, verb: str) -> int:
    """How many commands of a kind a mail server got."""
    return sum(one.lower().startswith(verb) for one in server.commands)


@pytest.mark.slow
def test_the_pages_answer_whatever_the_mail_server_does(quick_example: Office) -> None:
    """It takes a mail server that never says a word twenty seconds to be given up."""
    queue(quick_example, 1, clock.now(), "letter")
    with scripted(dawdle={"greeting": PATIENCE}) as server:
        child = Child(quick_example, server.port, "serve", "--example")
        try:
            wait_for(lambda: server.connections > 0 or child.answers())
            start = time.monotonic()
            wait_for(child.answers)
            wait_for(lambda: "Alle mails:" in child.said)  # nor does the rehearsal wait for it
            assert time.monotonic() - start < 15
            wait_for(lambda: server.connections > 0)
        finally:
            server.stop()
            code, _seconds = child.end()
    assert code == 0
    assert (quick_example.settings.folder / "var/rehearsal/index.html").exists()


MOMENTS: dict[str, Callable[[ScriptedServer, Child, int], bool]] = {
    "it has begun": lambda _server, child, _taken: child.hears_sigterm(),
    "the pages open": lambda _server, child, _taken: child.answers(),
    "the mail server is greeted": lambda server, _child, _taken: server.connections > 0,
    "a mail is begun": lambda server, _child, _taken: heard(server, "mail") > 0,
    "a body is on its way": lambda server, _child, _taken: heard(server, "data") > 0,
    "the final dot waits for its answer": lambda server, _child, taken: len(server.stored) > taken,
    "the next mail is begun": lambda server, _child, _taken: heard(server, "mail") > 2,
}


SOME = {
    "serve": ("it has begun", "the pages open", "the final dot waits for its answer"),
    "work": ("the mail server is greeted", "a body is on its way", "the next mail is begun"),
}
"""Each start takes seconds: FAULTS=all tries every moment."""


@pytest.mark.slow
@pytest.mark.parametrize("command", SOME)
def test_sigterm_at_any_moment_finishes_the_mail_in_hand_and_ends_with_0(quick_office: Office, command: str) -> None:
    """Letters, because what is of unknown outcome stays visible: such a letter is held."""
    queued = 0
    with scripted(dawdle={"greeting": 0.2, "mail": 0.1, "data": 0.1, "dot": 0.4}) as server:
        for name, has_come in MOMENTS.items():
            if name not in (MOMENTS if ALL else SOME[command]) or (command, name) == ("work", "the pages open"):
                continue
            queued += len(queue(quick_office, MAILS, clock.now(), "letter", key_prefix=str(queued + 1)))
            taken, server.connections = len(server.stored), 0
            server.commands.clear()
            child = Child(quick_office, server.port, command)
            wait_for(partial(has_come, server, child, taken))
            code, seconds = child.end()
            assert (code, seconds < CLEAN_END_SECONDS) == (0, True), (name, code, seconds, child.said)
            assert set(states(quick_office)) <= {"queued", "sent"}, name
            assert states(quick_office).get("sent", 0) == len(server.stored), name
        last = Child(quick_office, server.port, "work")
        wait_for(lambda: states(quick_office) == {"sent": queued})
        assert last.end()[0] == 0
        found = arrived(server)
    assert (len(found), set(found.values())) == (queued, {1})


def test_sigterm_is_heard_before_send_plans_anything(quick_example: Office) -> None:
    with scripted() as server:
        child = Child(quick_example, server.port, "send", "--on", "2027-03-24", "--yes")
        wait_for(child.hears_sigterm)
        before = states(quick_example)
        code, _seconds = child.end()

    assert (before, code, arrived(server)) == ({}, 0, {}), child.said


@pytest.mark.skipif(not ALL, reason="takes half a minute; FAULTS=all runs it")
def test_a_mail_server_that_never_answers_the_dot_is_broken_off_and_its_mail_is_of_unknown_outcome(
    quick_office: Office,
) -> None:
    [number] = queue(quick_office, 1, clock.now(), "letter")
    with scripted(dawdle={"dot": PATIENCE, "quit": PATIENCE}) as server:
        child = Child(quick_office, server.port, "serve")
        wait_for(lambda: len(server.stored) > 0)
        code, seconds = child.end()
    assert (code, seconds < CLEAN_END_SECONDS) == (0, True)
    row = row_of(quick_office, number)
    assert (row.state, row.uncertain) == ("held", True)


@pytest.mark.slow
def test_sigterm_ends_a_slow_pace_at_once(quick_office: Office) -> None:
    queue(quick_office, 12, clock.now(), "letter")
    with scripted(dawdle={"quit": PATIENCE}) as server:
        child = Child(quick_office, server.port, "work", CYCLE__MAIL__PER_MINUTE="1")
        wait_for(lambda: len(server.stored) >= 5)  # then it is a mail a minute
        code, seconds = child.end()
    assert (code, seconds < 10) == (0, True)
    assert states(quick_office) == {"queued": 7, "sent": 5}


def test_a_worker_outlives_a_database_that_fails_and_takes_up_again(quick_office: Office) -> None:
    """A table that is not there is an error as good as any: away, locked or full is one to the worker too."""

    def run_sql(words: str) -> None:
        with quick_office.database.engine.begin() as connection:
            connection.execute(text(words))

    run_sql("ALTER TABLE outbox_pause RENAME TO away")
    with scripted() as server:
        child = Child(quick_office, server.port, "work")
        wait_for(lambda: "a round of delivery failed" in child.said)
        queue(quick_office, 2, clock.now(), "letter")
        run_sql("ALTER TABLE away RENAME TO outbox_pause")
        wait_for(lambda: states(quick_office) == {"sent": 2})
        code, _seconds = child.end()
    assert (code, arrived(server)) == (0, dict.fromkeys(arrived(server), 1)), child.said
