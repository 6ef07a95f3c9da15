"""Rule C4: several schedulers, senders and readers on one database, killed at random: every mail once, none lost.

In CI a smaller crowd; with FAULTS=all three schedulers, three senders, two readers, 500 mails and 20 kills.
"""

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from datetime import date, timedelta

import pytest
from sqlmodel import select

from cycle.actions.office.office import Office
from cycle.actions.post.halts.flood_guard import APPROVED
from cycle.store import tables as t
from cycle.store.outbox import beating
from tests.actions.mailbox import at, deliver, states
from tests.conftest import ROOT
from tests.faults.test_kills import ALL, arrived
from tests.mail.servers import scripted

MAILS, KILLS = (500, 20) if ALL else (80, 4)
ROLES = ["plan"] * 3 + ["send"] * 3 + ["read"] * 2 if ALL else ["plan"] * 2 + ["send"] * 2 + ["read"]
MORNING = at("2027-02-03")
PATIENCE = 180


def fill(office: Office, number: int) -> None:
    """One covenant in which every party has something to do within a week; somebody told the guard that it is right."""
    with office.database.writing() as session:
        beating.beat(session, APPROVED, MORNING)
        session.add(t.Covenant(id=1, slug="a", name="A", live_since=date(2026, 11, 1), released_at=at("2026-11-02")))
        session.flush()
        for one in range(1, number + 1):
            session.add(t.PartyRow(id=one, covenant_id=1, slug=f"p{one}", name=f"Partij {one}", kind="tenants"))
            session.add(t.Person(id=one, name=f"Persoon {one}", email=f"persoon{one}@gemeente.example"))
            session.add(t.ActionRow(id=one, covenant_id=1, origin="agreement"))
            session.add(
                t.DeadlineRow(
                    id=one,
                    covenant_id=1,
                    action_id=one,
                    origin="agreement",
                    occurrence="once",
                    title=f"Taak {one}",
                    kind="action",
                    due=date(2027, 2, 10),
                    uid=f"{one:032x}",
                    created_at=at("2026-11-02"),
                    changed_at=at("2026-11-02"),
                    next_moment=MORNING - timedelta(hours=1),
                    number=str(one),
                )
            )
        session.flush()
        for one in range(1, number + 1):
            session.add(t.Membership(person_id=one, party_id=one, role="contact"))
            session.add(t.DeadlineParty(deadline_id=one, party_id=one, part="lead"))


@pytest.mark.slow
def test_c4_schedulers_senders_and_readers_killed_at_random_deliver_each_mail_once(office: Office) -> None:
    fill(office, MAILS)
    dice, kills = random.Random(7), 0
    with scripted() as server:
        order = {"url": office.database.url, "folder": str(office.settings.folder), "port": server.port}

        def start(role: str) -> subprocess.Popen[bytes]:
            words = json.dumps(order | {"role": role, "now": MORNING.isoformat()})
            environment = {name: value for name, value in os.environ.items() if not name.startswith("CYCLE_")}
            program = [sys.executable, "-m", "tests.faults.worker", words]
            return subprocess.Popen(
                program, cwd=ROOT, env=environment | {"PYTHONPATH": str(ROOT)}, stderr=subprocess.DEVNULL
            )

        crowd = [start(role) for role in ROLES]
        ends = time.monotonic() + PATIENCE
        try:
            while states(office).get("queued", 0) + len(server.stored) < MAILS // 10 and time.monotonic() < ends:
                time.sleep(0.02)
            while (kills < KILLS or is_busy(office)) and time.monotonic() < ends:
                if kills < KILLS:
                    place = dice.randrange(len(ROLES) - ROLES.count("read"))
                    crowd[place].kill()
                    crowd[place].wait()
                    crowd[place] = start(ROLES[place])
                    kills += 1
                time.sleep(dice.random() * 0.3)
        finally:
            for process in crowd:
                process.kill()
                process.wait()
        late = MORNING + timedelta(minutes=PATIENCE)
        deliver(at_server(office, server.port), late)
        found = arrived(server)

    with office.database.reading() as session:
        keys = session.exec(select(t.Message.key)).all()
        lines = session.exec(select(t.ReminderRow.deadline_id)).all()
        mails = session.exec(select(t.Message.message_id)).all()
    assert (len(keys), len(set(keys)), set(states(office))) == (MAILS, MAILS, {"sent"})
    assert set(Counter(lines).values()) == {1}
    assert set(found) == set(mails)
    doubles = sum(found.values()) - MAILS
    assert doubles <= kills
    print(f"{office.database.url.split(':')[0]}: {MAILS} mails, {kills} kills, {doubles} doubles")


def is_busy(office: Office) -> bool:
    """Whether anything may still move by itself; what a dead sender holds waits for the end of its lease."""
    found = states(office)
    return sum(found.values()) < MAILS or bool(found.get("queued"))


def at_server(office: Office, port: int) -> Office:
    from dataclasses import replace

    values = {"transport": "smtp", "host": "127.0.0.1", "port": port, "security": "none", "per_minute": 60_000}
    mail = office.settings.mail.model_copy(update=values)
    return replace(office, settings=office.settings.model_copy(update={"mail": mail}))
