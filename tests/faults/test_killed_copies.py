"""`cycle backup` and `cycle restore`, killed at any step: the old file or the new one, the old state or the new one.

A sample of the steps is tried, and with FAULTS=all every one of them.
"""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cycle.actions.office.office import Office, open_office
from cycle.actions.service.backup.backups import make_backup, open_backup
from cycle.errors import Refused
from cycle.store.database import Database
from cycle.store.tables import Person
from tests.actions.mailbox import act, at
from tests.conftest import ROOT
from tests.store.versions import Rows, rows_of

ALL = os.environ.get("FAULTS") == "all"
SAMPLE, FEWER = 6, 3
WEDNESDAY = at("2027-02-03")
MARKED = {"outbox_pause", "beat"}
Carry = Callable[..., dict[str, Any]]


@pytest.fixture
def carry() -> Iterator[Carry]:
    """Carries out one order after another, each in a process of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CYCLE_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.copying"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment | {"PYTHONPATH": str(ROOT)},
    )

    def run(what: str, office: Office, file: Path, die_at: int = 0) -> dict[str, Any]:
        order = {
            "act": what,
            "config": str(office.settings.path("config.toml")),
            "url": office.database.url,
            "file": str(file),
            "now": WEDNESDAY.isoformat(),
            "die_at": die_at,
        }
        print(json.dumps(order), file=process.stdin, flush=True)  # type: ignore[arg-type]
        return dict(json.loads(process.stdout.readline()))  # type: ignore[union-attr]

    yield run
    process.communicate(timeout=10)


def points(total: int, office: Office) -> list[int]:
    """All steps, or a sample that is spread over them to the very last one."""
    sample = total if ALL else SAMPLE if office.database.is_sqlite else FEWER
    return sorted({total - place * total // sample for place in range(sample)})


@pytest.mark.slow
def test_a_backup_that_is_killed_anywhere_leaves_the_earlier_file_or_is_whole(
    example: Office, carry: Carry, tmp_path: Path
) -> None:
    folder = tmp_path / "kopie"
    file = folder / "a.backup"
    steps = carry("backup", example, file)["steps"]
    known = open_backup(file, tmp_path / "uit")
    for point in points(steps, example):
        before = file.read_bytes()
        assert carry("backup", example, file, point)["code"] == -9
        assert file.read_bytes() == before or open_backup(file, tmp_path / f"uit-{point}").rows == known.rows
        assert carry("backup", example, file)["code"] == 0
        assert [path.name for path in folder.iterdir()] == ["a.backup"]
        assert not example.settings.path("var/backup-work").exists()
    assert open_backup(file, tmp_path / "na").rows == known.rows
    assert steps > 40


@pytest.mark.slow
def test_a_restore_that_is_killed_anywhere_loses_nothing_and_can_be_done_again(
    example: Office, carry: Carry, tmp_path: Path
) -> None:
    act(example, WEDNESDAY)
    file, var = tmp_path / "a.backup", example.settings.path("var")
    (var / "brief.pdf").write_bytes(b"de eerste")
    make_backup(example.settings, tmp_path / "config.toml", file, WEDNESDAY)
    copied = but(rows_of(example.database))
    url = example.database.url
    example.database.close()
    steps = carry("restore", example, file)["steps"]
    for point in points(steps, example):
        lived_on(url, var, f"An {point}")
        old = but(all_rows(url))
        assert carry("restore", example, file, point)["code"] == -9, point
        assert state(example) in ("halverwege", old, copied), point
        assert f"An {point}" in everybody(url, tmp_path), point
        again = carry("restore", example, file)
        assert again["code"] == 0, (point, again)
        assert (state(example), f"An {point}" in everybody(url, tmp_path)) == (copied, True), point
        assert (var / "brief.pdf").read_bytes() == b"de eerste"
        assert f"brief van An {point}" in {path.read_text() for path in var.glob("opzij-*/brief.pdf")}
        forget_aside(var)
    assert steps > 40


def but(rows: Rows) -> Rows:
    return {name: of_table for name, of_table in rows.items() if name not in MARKED}


def all_rows(url: str) -> Rows:
    database = Database(url)
    rows = rows_of(database)
    database.close()
    return rows


def lived_on(url: str, var: Path, name: str) -> None:
    """Something that the copy does not know."""
    database = Database(url)
    with database.writing() as session:
        session.add(Person(name=name, email="an@cycle.example"))
    database.close()
    (var / "brief.pdf").write_text(f"brief van {name}")


def state(office: Office) -> Rows | str:
    """What whoever starts now works with, or why nobody can."""
    try:
        opened = open_office(office.settings)
    except Refused as error:
        return "halverwege" if "halverwege" in error.what else error.what
    rows = but(rows_of(opened.database))
    opened.database.close()
    return rows


def everybody(url: str, folder: Path) -> set[str]:
    """Who is known in the database, or in one that was put aside."""
    if url.startswith("sqlite"):
        files = [Path(url.removeprefix("sqlite:///")), *folder.glob("opzij-*/*.db")]
        return {name for file in files for name in names_in(file)}
    database = Database(url)
    with database.engine.connect() as connection:
        schemas = connection.exec_driver_sql("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'opzij%%'").scalars()
        names = {
            name
            for schema in ["public", *schemas]
            for name in connection.exec_driver_sql(f'SELECT name FROM "{schema}".person').scalars()
        }
    database.close()
    return names


def names_in(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM person")]


def forget_aside(var: Path) -> None:
    """So that the next round counts its own."""
    for path in var.glob("opzij-*/brief.pdf"):
        path.unlink()
