"""The runbook of back-ups in docs/operations.md, command by command as it stands there, on both engines."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cycle.store.database import Database, revisions
from tests import forked
from tests.conftest import ROOT
from tests.store.versions import Rows, load, rows_of, said

OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
MARKED = {"outbox_pause", "beat"}
"""What restoring itself writes."""
DECIDED = MARKED | {"actor", "fact", "fact_head"}
PLACEHOLDER = "postgresql://user@host/cycle"


def blocks(heading: str) -> list[list[str]]:
    """The commands under a heading and what stands below it, a list for each block."""
    [part] = re.findall(rf"^## {heading}\n(.*?)(?=^## |\Z)", OPERATIONS, re.MULTILINE | re.DOTALL)
    return [block.splitlines() for block in re.findall(r"```sh\n(.*?)\n```", part, re.DOTALL)]


class Machine:
    """A folder in which somebody gives commands; `url` is the address of its database."""

    def __init__(self, folder: Path, url: str, commands: Path) -> None:
        self.folder, self.url, self.place, self._commands = folder, url, folder, commands
        config = (ROOT / "config.toml").read_text(encoding="utf-8").replace("sqlite:///var/cycle.db", url)
        (folder / "config.toml").write_text(config, encoding="utf-8")
        (folder / "passphrase.txt").write_text("geheim-van-de-wacht\n", encoding="utf-8")

    def run(self, *lines: str) -> str:
        """What they said; each must succeed."""
        said = []
        for line in lines:
            if line.startswith("cd "):
                self.place = (self.place / line.removeprefix("cd ")).resolve()
                continue
            done = subprocess.run(
                ["bash", "-c", line], cwd=self.place, env=self.environ(), capture_output=True, text=True, timeout=120
            )
            assert done.returncode == 0, (line, done.stdout, done.stderr)
            said.append(done.stdout)
        return "".join(said)

    def environ(self) -> dict[str, str]:
        """With the command of this very program on the path."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("CYCLE_")}
        return clean | {"PATH": f"{self._commands}:{Path(sys.executable).parent}:{clean['PATH']}"}

    def rows(self, url: str = "", without: set[str] = MARKED) -> Rows:
        database = Database(url or self.url)
        rows = {name: of_table for name, of_table in rows_of(database).items() if name not in without}
        database.close()
        return rows


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the command in it."""
    with forked.command(tmp_path_factory.mktemp("bin")) as folder:
        yield folder


@pytest.fixture(params=["sqlite", "postgresql"])
def machine(request: pytest.FixtureRequest, tmp_path: Path, sqlite_example: Path, commands: Path) -> Iterator[Machine]:
    """One that keeps the example."""
    if request.param == "sqlite":
        (tmp_path / "var").mkdir()
        shutil.copy(sqlite_example, tmp_path / "var" / "cycle.db")
        yield Machine(tmp_path, f"sqlite:///{tmp_path}/var/cycle.db", commands)
        return
    new_database: Callable[..., str] = request.getfixturevalue("postgresql")
    yield Machine(tmp_path, new_database(request.getfixturevalue("postgresql_example")), commands)


@pytest.mark.slow
def test_the_runbook_of_back_ups_does_what_it_says(machine: Machine, postgresql: Callable[..., str]) -> None:
    backup, restore, new_machine, to_postgresql = blocks("Back-up")
    machine.run("cycle send --on 2027-02-03")  # something was sent, and there is a key
    copied = machine.rows()

    assert "Deze kopie is heel" in machine.run(*backup)

    sent = re.search(r"; (\d+) verstuurd\.", machine.run("cycle send --on 2027-03-03"))
    told = machine.run(*restore)
    assert machine.rows(without=DECIDED) == {name: rows for name, rows in copied.items() if name not in DECIDED}
    assert re.search(r"De database die hier stond is niet weg: \S+", told)
    assert sent is not None
    assert int(sent[1]) >= 10
    assert f"Volgens het verzendjournaal zijn na deze kopie {sent[1]} mails verstuurd" in told
    assert "De verzending staat stil: een kopie van" in told
    assert "De verzending loopt weer." in told

    config = machine.folder / "config.toml"
    config.write_text(config.read_text().replace(f"sqlite:///{machine.folder}/", "sqlite:///"))
    machine.run(*backup)
    copied = machine.rows()
    assert "wonen@terneuzen.example" in machine.run(*new_machine)
    there = machine.url if machine.url.startswith("postgresql") else f"sqlite:///{machine.folder}/new/var/cycle.db"
    assert machine.rows(there) == copied
    assert (machine.folder / "new/var/secret").read_bytes() == (machine.folder / "var/secret").read_bytes()

    other = postgresql()
    machine.run(*(line.replace(PLACEHOLDER, other) for line in to_postgresql))
    assert PLACEHOLDER in "\n".join(to_postgresql)
    assert machine.rows(other) == machine.rows()


@pytest.mark.slow
def test_the_runbook_of_an_upgrade_can_be_gone_back(database_url: str, tmp_path: Path, commands: Path) -> None:
    [upgrade] = blocks("Upgrade")
    old = Database(database_url)
    load(old, "0021")
    before = rows_of(old)
    old.close()
    machine = Machine(tmp_path, database_url, commands)

    told = machine.run(*upgrade)

    [back] = re.findall(r"cycle restore \S+", told)
    assert f"De database is nu op versie {revisions()[-1]}." in told
    assert "van een oudere versie en zijn bijgewerkt" in machine.run(back)
    after, known = machine.rows(), {name: rows for name, rows in before.items() if name not in MARKED}
    assert said(after, known) == said(known, known)


def test_every_command_of_the_runbook_is_tried() -> None:
    assert [len(block) for block in blocks("Back-up")] == [2, 3, 5, 2]
    assert [len(block) for block in blocks("Upgrade")] == [1]
