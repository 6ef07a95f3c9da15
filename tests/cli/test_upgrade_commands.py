"""`cycle migrate` and `make run` on a database of the first version, with rows that point at each other."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from cycle.store.database import Database, revisions
from tests.cli.test_commands import Run, free_port, run  # noqa: F401 - `run` is a fixture
from tests.conftest import ROOT
from tests.store.versions import load

NEWEST = revisions()[-1]


def old_database(folder: Path) -> Path:
    """Where the settings as shipped have it."""
    file = folder / "var" / "cycle.db"
    database = Database(f"sqlite:///{file}")
    load(database, "0001")
    database.close()
    return file


def test_migrate_brings_an_old_database_up_to_date_after_making_a_copy(run: Run, tmp_path: Path) -> None:  # noqa: F811
    old_database(tmp_path)

    refused = run("plan", 2027)
    migrated, again = run("migrate"), run("migrate")

    behind = "Fout: De database is ouder dan dit programma.\nDraai: cycle migrate (dat maakt eerst een kopie)\n"
    assert refused == (1, "", behind)
    [copy] = (tmp_path / "var").glob("*.backup")
    assert migrated == (
        0,
        f"De database is nu op versie {NEWEST}.\n"
        f"De stand van daarvoor staat in {copy}\n"
        f"Terug kan alleen zo: installeer de vorige versie en doe: cycle restore {copy}\n",
        "",
    )
    assert again == (0, f"De database is al op versie {NEWEST}.\n", "")
    assert run("plan", 2027, "--covenant", "duinstede")[0] == 0


def test_migrate_says_in_a_sentence_what_it_will_not_do(run: Run, tmp_path: Path) -> None:  # noqa: F811
    with closing(sqlite3.connect(old_database(tmp_path), isolation_level=None)) as connection:
        connection.execute("DELETE FROM message WHERE id = 6")

    code, out, err = run("migrate")

    assert (code, out) == (1, "")
    assert "1 in letter_addressee (naar message)" in err
    assert "Er is niets veranderd" in err


def test_make_run_goes_on_with_an_old_database(tmp_path: Path) -> None:
    old_database(tmp_path)
    (tmp_path / "config.toml").write_bytes((ROOT / "config.toml").read_bytes())
    port = str(free_port())
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CYCLE_")}
    serving = subprocess.Popen(
        [sys.executable, "-u", "-m", "cycle", "serve", "--example"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
        env=clean | {"PYTHONPATH": str(ROOT), "CYCLE__WEB__PORT": port},
    )
    assert serving.stdout is not None
    first = serving.stdout.readline()
    for line in serving.stdout:
        if line.startswith("Stop met"):
            break
    status = answered(f"http://127.0.0.1:{port}/healthz")
    serving.send_signal(signal.SIGTERM)
    serving.communicate(timeout=40)

    assert first == f"De database is bijgewerkt van versie 0001 naar {NEWEST}.\n"
    assert (status, serving.returncode) == (200, 0)


def answered(url: str) -> int:
    """The status of a page, once it is there."""
    for _ in range(300):
        try:
            with urlopen(url, timeout=30) as answer:
                return int(answer.status)
        except URLError:
            time.sleep(0.1)
    raise TimeoutError(url)
