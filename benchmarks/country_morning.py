"""What a machine for the whole country needs, for `docs/sizes.md`: told only, on SQLite, mails as files.

A process of its own plans, renders and delivers the morning on which each of 7,000 people has something due; what it
takes of the processor and holds in memory is told, and what the database and a mail are on disk.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sqlmodel import func, select

from benchmarks.engines import path_of, sqlite
from benchmarks.measure import Figure, Outcome, main
from benchmarks.world import NOW, ROOT, child_environment, country, make_due, with_ledger
from cycle.actions.mails.morning.gathering import gather
from cycle.actions.mails.morning.reminding import carry_out
from cycle.actions.office.office import open_office
from cycle.actions.post.delivery.delivering import deliver_mails
from cycle.actions.post.returns.transports import open_transport
from cycle.domain.morning import decide
from cycle.mail.deliver import Pace
from cycle.settings import load_settings
from cycle.store.tables import Message

MEGABYTE = 1024 * 1024


def run() -> Iterator[Outcome]:
    """One morning, in a country with its whole ledger."""
    with sqlite() as engine, tempfile.TemporaryDirectory(prefix="cycle-country-") as folder:
        world = with_ledger(country(engine))
        make_due(world)
        world.close()
        before = path_of(world.url).stat().st_size
        found = _morning(world.url, folder)
        after = path_of(world.url).stat().st_size
    yield Figure("the country on disk, SQLite, 300,000 reminders of before", before / MEGABYTE, unit="MB")
    yield Figure("a morning of the country: mails", found["mails"], unit="mails")
    yield Figure("a morning of the country: processor time", found["cpu"], unit="s")
    yield Figure("a morning of the country: the most that was resident", found["resident"], unit="MB")
    yield Figure("a morning of the country: the database grows by", (after - before) / MEGABYTE, unit="MB")
    yield Figure("one mail as it is kept until its text goes", found["mail"] / 1024, unit="kB")


def _morning(url: str, folder: str) -> dict[str, float]:
    """What the process told that planned and delivered it."""
    command = [sys.executable, "-m", "benchmarks.country_morning", url, folder]
    done = subprocess.run(command, env=child_environment(), stdout=subprocess.PIPE, check=True)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def _plan_and_deliver(url: str, folder: str) -> dict[str, float]:
    """All mails of that morning, as the clock makes them and the senders take them."""
    unguarded = {"CYCLE__DATABASE__URL": url, "CYCLE__MAIL__GUARD_TIMES": "1000"}  # it is twenty times a usual day
    office = open_office(load_settings(ROOT / "config.toml", unguarded).in_folder(Path(folder)))
    transport = open_transport(office.settings)
    start = time.process_time()
    with office.database.reading() as session:
        morning = gather(session, office.settings, NOW)
    planned = carry_out(office, morning, decide(morning), NOW)
    sent = deliver_mails(office, transport, Pace(0, time.monotonic, time.sleep), lambda: NOW).sent
    spent = time.process_time() - start
    with office.database.reading() as session:
        mail = session.exec(select(func.avg(func.length(Message.body))).where(Message.created_at == NOW)).one()
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert planned.mails == sent, (planned.mails, sent)
    return {"mails": sent, "cpu": spent, "resident": resident, "mail": float(mail or 0)}


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(_plan_and_deliver(*sys.argv[1:])))
    else:
        main(run)
