"""Rule C3: a sender killed at any step loses nothing, and doubles only between the final dot and its commit.

The kill hooks of `zygote` stand at every statement, commit, line to and from the server, and line of the journal. In
CI a sample of the points is tried; with FAULTS=all every one of them (more than 200 on each engine), and strace's own
kills at system calls beside them.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cycle.actions.office.office import Office
from tests.actions.mailbox import at, queue, row_of, states
from tests.conftest import ROOT
from tests.mail.servers import ScriptedServer, scripted

ALL = os.environ.get("FAULTS") == "all"
SAMPLE = 8
MORNING = at("2027-02-03")
EXPIRED = timedelta(minutes=16)
Run = Callable[..., dict[str, Any]]


@pytest.fixture
def zygote() -> Iterator[Run]:
    """Starts one sender after another on an office's database."""
    program = [sys.executable, "-m", "tests.faults.zygote"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CYCLE_")}
    process = subprocess.Popen(
        program,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment | {"PYTHONPATH": str(ROOT)},
    )

    def run(office: Office, port: int, now: datetime, die_at: int = 0) -> dict[str, Any]:
        order = {
            "url": office.database.url,
            "folder": str(office.settings.folder),
            "port": port,
            "now": now.isoformat(),
            "die_at": die_at,
        }
        print(json.dumps(order), file=process.stdin, flush=True)  # type: ignore[arg-type]
        return dict(json.loads(process.stdout.readline()))  # type: ignore[union-attr]

    yield run
    process.communicate(timeout=10)


def arrived(server: ScriptedServer) -> Counter[str]:
    """How often each Message-ID was taken."""
    found = (re.search(rb"(?im)^message-id: (<[^>]+>)", body) for body in server.stored)
    return Counter(one[1].decode() for one in found if one)


def points(total: int) -> list[int]:
    """All steps, or a sample that is spread over them and always has the same ones."""
    return list(range(1, total + 1)) if ALL else sorted({1 + place * total // SAMPLE for place in range(SAMPLE)})


def queue_three(office: Office, now: datetime) -> set[str]:
    """Three more messages; returns their Message-IDs."""
    ids = queue(office, 3, now, key_prefix=now.isoformat())
    return {row_of(office, one).message_id for one in ids}


@pytest.mark.slow
def test_c3_a_sender_killed_at_any_step_loses_nothing_and_doubles_only_after_the_dot(
    office: Office, zygote: Run
) -> None:
    now, tried, doubles = MORNING, 0, 0
    with scripted() as server:
        queue_three(office, now)
        total = int(zygote(office, server.port, now)["steps"])
        for point in points(total):
            now += timedelta(minutes=1)
            expected = queue_three(office, now)
            server.stored.clear()
            ended = zygote(office, server.port, now, point)
            assert ended["code"] in (-9, 0), ended
            assert zygote(office, server.port, now + EXPIRED)["code"] == 0
            found = arrived(server)
            assert set(found) == expected, (point, ended)
            twice = sum(found.values()) - len(expected)
            assert twice <= (1 if ended.get("open") else 0), (point, ended, found)
            tried, doubles = tried + 1, doubles + twice
    assert set(states(office)) == {"sent"}
    print(f"{office.database.url.split(':')[0]}: {tried} of {total} points, {doubles} doubles, 0 lost")
    assert total >= 60
    assert tried >= (60 if ALL else SAMPLE - 1)


def test_c3_a_letter_of_unknown_outcome_waits_for_a_person_whatever_the_step(quick_office: Office, zygote: Run) -> None:
    with scripted() as server:
        [first] = queue(quick_office, 1, MORNING, "letter")
        total = int(zygote(quick_office, server.port, MORNING)["steps"])
        now = MORNING
        for point in points(total):
            now += timedelta(minutes=1)
            [row_id] = queue(quick_office, 1, now, "letter", key_prefix=now.isoformat())
            server.stored.clear()
            ended = zygote(quick_office, server.port, now, point)
            zygote(quick_office, server.port, now + EXPIRED)
            row = row_of(quick_office, row_id)
            assert len(server.stored) <= 1, (point, ended)
            assert row.state in ("sent", "held"), (point, ended)
            assert row.state == "held" or len(server.stored) == 1, (point, ended)
    assert row_of(quick_office, first).state == "sent"


@pytest.mark.slow
def test_c3_a_plan_killed_at_any_step_tells_each_line_once(quick_example: Office, zygote: Run) -> None:
    """The plan and the delivery of a day on which three people get a mail, each time on the next mail day."""
    from sqlmodel import select

    from cycle.store.tables import Message, ReminderRow

    days = ["2027-02-03", "2027-03-03", "2027-03-17", "2027-03-24", "2027-03-31"]
    with scripted() as server:
        for place, day in enumerate(days):
            ended = zygote(quick_example, server.port, at(day), 5 + 31 * place)
            assert ended["code"] in (-9, 0)
            zygote(quick_example, server.port, at(day) + EXPIRED)
        found = arrived(server)
    with quick_example.database.reading() as session:
        digests = session.exec(select(Message).where(Message.kind == "digest", Message.state != "replaced")).all()
        lines = session.exec(select(ReminderRow)).all()
    names = [(one.deadline_id, one.party, one.rung, one.counted_from) for one in lines]
    assert {row.state for row in digests} == {"sent"}
    assert set(found) == {row.message_id for row in digests}
    assert len(names) == len(set(names)) > 8


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed (Debian: strace)")
@pytest.mark.slow
@pytest.mark.parametrize("call", ["sendto", "recvfrom", "pwrite64", "fdatasync"] if ALL else ["sendto", "fdatasync"])
def test_c3_the_same_when_the_system_kills_it_inside_a_system_call(
    quick_office: Office, call: str, tmp_path: Path
) -> None:
    """strace's inject (rules.md C3): at the n-th call of this kind. Without FAULTS=all only one n."""
    now = MORNING
    with scripted() as server:
        for number in range(1, 60) if ALL else (7,):
            now += timedelta(minutes=1)
            expected = queue_three(quick_office, now)
            server.stored.clear()
            code = straced(quick_office, server.port, now, call, number)
            assert straced(quick_office, server.port, now + EXPIRED) == 0
            found = arrived(server)
            assert set(found) == expected, (call, number)
            assert sum(found.values()) <= len(expected) + 1, (call, number)
            if code == 0:
                break
    assert set(states(quick_office)) == {"sent"}


def straced(office: Office, port: int, now: datetime, call: str = "", number: int = 0) -> int:
    """One sender in a process of its own, to be killed at its n-th call of a kind."""
    order = {
        "url": office.database.url,
        "folder": str(office.settings.folder),
        "port": port,
        "now": now.isoformat(),
        "die_at": 0,
    }
    kill = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}"] if call else []
    kill += ["-e", f"inject={call}:signal=KILL:when={number}"] if call else []
    code = "import json, sys; from tests.faults.zygote import send; send(json.loads(sys.argv[1]), 2)"
    words = [*kill, sys.executable, "-c", code, json.dumps(order)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CYCLE_")}
    done = subprocess.run(
        words, cwd=ROOT, env=environment | {"PYTHONPATH": str(ROOT)}, stderr=subprocess.DEVNULL, timeout=60
    )
    return done.returncode
