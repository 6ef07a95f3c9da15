"""Rule B12 against a server that is not ours: Postfix' smtp-sink, told to refuse, delay or hang up at each step."""

import os
import shutil
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from cycle.actions.office.office import Office
from cycle.store.tables import OutboxPause
from tests.actions.mailbox import at, deliver, queue, row_of
from tests.conftest import ROOT
from tests.faults.test_two_of_everything import at_server

SINK = shutil.which("smtp-sink", path="/usr/sbin:/usr/lib/postfix/sbin:/usr/bin") or ""
MORNING = at("2027-02-03")
pytestmark = pytest.mark.skipif(not SINK, reason="smtp-sink is not installed (Debian: postfix)")

# options of smtp-sink; then the state of a reminder and of a letter, whether it counts as a try, and who is to blame
ANSWERS = [
    ([], "sent", "sent", 1, False),
    (["-w", "2"], "sent", "sent", 1, False),
    (["-f", "rcpt"], "failed", "failed", 1, False),
    (["-r", "rcpt"], "queued", "queued", 1, False),
    (["-f", "mail"], "queued", "queued", 0, True),
    (["-r", "mail"], "queued", "queued", 1, False),
    (["-f", "data"], "queued", "queued", 1, False),
    (["-q", "data"], "queued", "queued", 1, False),
    (["-Q", "mail"], "queued", "queued", 1, False),
    (["-q", "."], "queued", "held", 1, False),
    (["-Q", "."], "queued", "queued", 1, False),
    (["-f", "."], "queued", "queued", 1, False),
    (["-r", "."], "queued", "queued", 1, False),
    (["-q", "connect"], "queued", "queued", 0, False),
]


@contextmanager
def sink(options: list[str], *more: str) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    process = subprocess.Popen([SINK, *user, *options, *more, f"127.0.0.1:{port}", "50"], stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.02)
        yield port
    finally:
        process.terminate()
        process.wait()


@pytest.mark.parametrize(("options", "reminder", "letter", "attempts", "pauses"), ANSWERS, ids=str)
def test_b12_every_answer_of_the_server_ends_in_its_state(
    quick_office: Office, options: list[str], reminder: str, letter: str, attempts: int, pauses: bool
) -> None:
    found = []
    for kind in ("digest", "letter"):
        now = MORNING + timedelta(seconds=len(found))
        [row_id] = queue(quick_office, 1, now, kind)
        with sink(options) as port:
            deliver(at_server(quick_office, port), now)
        row = row_of(quick_office, row_id)
        with quick_office.database.writing() as session:
            pause = session.exec(select(OutboxPause)).first()
            if pause:
                session.delete(pause)
            for other in [session.get_one(type(row), row_id)]:  # out of the way of the next one
                session.delete(other)
        found.append((row.state, row.attempts, bool(pause)))

    assert found == [(reminder, attempts, pauses), (letter, attempts, pauses)]


def test_c3_sigterm_finishes_the_mail_in_hand_and_doubles_nothing(quick_office: Office, tmp_path: Path) -> None:
    """A server that takes two seconds for each message; `cycle work` is asked to stop in the middle of the first."""
    from datetime import UTC, datetime

    ids = queue(quick_office, 3, datetime.now(UTC), "letter")
    mail = {"TRANSPORT": "smtp", "HOST": "127.0.0.1", "SECURITY": "none", "CONNECTIONS": "1"}
    with sink(["-w", "2"]) as port:
        environ = {f"CYCLE__MAIL__{name}": value for name, value in (mail | {"PORT": str(port)}).items()}
        environ |= {"CYCLE__DATABASE__URL": quick_office.database.url, "PYTHONPATH": str(ROOT)}
        environ["CYCLE_CONFIG"] = str(quick_office.settings.folder / "config.toml")
        process = subprocess.Popen(
            [sys.executable, "-m", "cycle", "work"], cwd=tmp_path, env=os.environ | environ, stdout=subprocess.DEVNULL
        )
        for _ in range(200):
            if any(row_of(quick_office, one).state == "sending" for one in ids):
                break
            time.sleep(0.05)
        process.terminate()
        assert process.wait(20) == 0

    rows = [row_of(quick_office, one) for one in ids]
    assert sorted((row.state, row.attempts, row.uncertain) for row in rows) == [
        ("queued", 0, False),
        ("queued", 0, False),
        ("sent", 1, False),
    ]


def test_the_sink_is_there_at_all() -> None:
    with sink([]) as port, smtplib.SMTP("127.0.0.1", port, timeout=5) as connection:
        assert connection.noop()[0] == 250
