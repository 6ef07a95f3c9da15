"""Whatever `cycle` makes is for its owner alone, whatever the umask: by which door it is made, and of which version."""

import ast
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from cycle import private
from cycle.actions.feeds import Shelf, build, new_link, token_hash
from cycle.actions.mails.rehearsal.rehearsing import rehearse, write_rehearsal
from cycle.actions.office.office import Office
from cycle.actions.office.signing import open_signer
from cycle.actions.post.delivery.restored import sent_journal
from cycle.actions.register.reading_in.uploads import keep_uploads
from cycle.actions.service.watch.health import examine
from cycle.actions.service.watch.own_files import loose_own_files, tighten_own_files
from cycle.mail.maildir import MaildirTransport
from cycle.mail.returned import _read_file
from cycle.settings import Settings
from cycle.sheets import Column, Sheet, write_sheets
from cycle.store.database import Database
from tests.actions.mailbox import at
from tests.conftest import EXAMPLE, NOVEMBER, ROOT
from tests.postgresql_server import free_port

UMASKS = (0o000, 0o022)
FORKING = """
import json, os, sys
import uvicorn
from cycle.actions import letters
from cycle.actions.mails.rehearsal import rehearsing
from cycle.actions.post.delivery import delivering
from cycle.actions.register.writing_out import exporting
from cycle.actions.register.reading_in import importing
from cycle.actions.service.watch import clock_work, health
from cycle.actions.settling import bulk
from cycle.cli import main
from cycle.web import app

for line in sys.stdin:
    order = json.loads(line)
    if (child := os.fork()) == 0:
        os.chdir(order["folder"])
        os.umask(order["umask"])
        main(order["words"])
    print("child", child, flush=True)
    print("ended", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.fixture(params=UMASKS, ids=lambda umask: f"umask {umask:03o}")
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """The rights that this process leaves to others."""
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def rights(*places: Path) -> dict[str, int]:
    """What is not 0600, or 0700 for a folder, of all that lies in these folders and of the folders themselves."""
    paths = [path for place in places for path in (place, *place.rglob("*"))]
    found = {str(path): stat.S_IMODE(path.stat().st_mode) for path in paths}
    return {path: mode for path, mode in found.items() if mode != (0o700 if Path(path).is_dir() else 0o600)}


def names(folder: Path) -> set[str]:
    """The first two parts of what was made, without what differs each time."""
    return {"/".join(path.relative_to(folder).parts[:2]) for path in folder.rglob("*")}


class Commands:
    """Runs each command in a process of its own, in this folder and under this umask."""

    def __init__(self, loaded: subprocess.Popen[str], folder: Path, umask: int) -> None:
        shutil.copy(ROOT / "config.toml", folder)
        self.folder = folder
        self._loaded, self._umask = loaded, umask

    def run(self, *words: object, wait_for: str = "", then: Callable[[int], None] = bool) -> tuple[int, str]:
        """The exit code and what it said; `then` gets its process once it said `wait_for`."""
        order = {"words": [str(word) for word in words], "folder": str(self.folder), "umask": self._umask}
        assert self._loaded.stdin is not None
        assert self._loaded.stdout is not None
        self._loaded.stdin.write(json.dumps(order) + "\n")
        self._loaded.stdin.flush()
        said, child = [], 0
        for line in self._loaded.stdout:
            if line.startswith("child "):
                child = int(line.split()[1])
            elif line.startswith("ended "):
                return int(line.split()[1]), "".join(said)
            else:
                said.append(line)
                if wait_for and line.startswith(wait_for):
                    then(child)
        raise AssertionError(said)


PORT = free_port()


@pytest.fixture(scope="module")
def loaded() -> Iterator[subprocess.Popen[str]]:
    """A process that has the program loaded, and forks one that carries out each command."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "CYCLE__WEB__PORT": str(PORT)}
    with subprocess.Popen(
        [sys.executable, "-c", FORKING], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environ
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


@pytest.fixture
def commands(loaded: subprocess.Popen[str], tmp_path: Path) -> Commands:
    """Under the umask that takes nothing away: what is for its owner alone there is so under any other, which only
    takes away."""
    return Commands(loaded, tmp_path, min(UMASKS))


def test_all_that_a_session_of_commands_makes_is_for_its_owner_alone(commands: Commands) -> None:
    out = commands.folder / "uit"
    session = [
        ("migrate",),
        ("import", EXAMPLE, "--html", "verslag.html"),
        ("release",),
        ("rehearse", 2026, "--write", out / "mails"),
        ("letter", 2027, "preview"),
        ("letter", 2027, "docx", "--out", out / "brieven" / "brief.docx"),
        ("export", out / "register.csv"),
        ("send", "--on", "2027-02-22"),
    ]
    answers = {words: commands.run(*words) for words in session}
    assert {words: answer for words, answer in answers.items() if answer[0]} == {}

    assert rights(commands.folder / "var", out) == {}
    assert stat.S_IMODE((commands.folder / "verslag.html").stat().st_mode) == 0o600
    assert names(commands.folder / "var") >= {"cycle.db", "secret", "sent.journal", "mail/new", "mail/tmp", "mail/cur"}
    assert names(out) >= {"mails/index.html", "brieven/brief.docx", "register.csv"}
    assert any((commands.folder / "var/mail/new").iterdir())


def test_all_that_the_service_makes_is_for_its_owner_alone_while_it_runs(commands: Commands) -> None:
    var, seen = commands.folder / "var", set[str]()

    def look(child: int) -> None:
        address = (var / "voorbeeld-agenda.txt").read_text(encoding="ascii").strip()
        path = re.sub(r"^https?://[^/]+", "", address)
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}{path}") as answer:
            assert answer.status == 200
        _wait_until(lambda: (var / "rehearsal/index.html").exists())
        seen.update(names(var))
        assert rights(var) == {}
        os.kill(child, signal.SIGTERM)

    assert commands.run("serve", "--example", wait_for="Stop met", then=look)[0] == 0
    assert seen >= {"cycle.db", "cycle.db-wal", "cycle.db-shm", "voorbeeld-agenda.txt", "rehearsal/index.html"}
    assert any(name.startswith("feeds/") for name in seen)
    assert rights(var) == {}


def _wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_what_is_made_by_another_door_than_the_command_line_is_too(
    umask: int, tmp_path: Path, make_settings: Callable[..., Settings], quick_example: Office
) -> None:
    settings = quick_example.settings
    database = Database(f"sqlite:///{tmp_path}/nieuw/diep/andere.db")
    database.migrate()
    MaildirTransport(settings.path("var/mail")).deliver(b"a: b\r\n\r\n", envelope_from="", recipient="", key="een")
    journal = sent_journal(quick_example)
    journal.add(NOVEMBER - timedelta(days=100), "<a@b.example>")
    journal.add(NOVEMBER, "<b@b.example>")
    journal.prune(NOVEMBER - timedelta(days=90))
    keep_uploads(settings, 1, [("lijst.csv", b"a;b")], NOVEMBER)
    open_signer(settings)
    mails = rehearse(quick_example, at("2027-02-22").date(), at("2027-02-23").date(), NOVEMBER)
    write_rehearsal(quick_example, mails, tmp_path / "uit" / "mails")
    write_sheets(tmp_path / "uit" / "lijst.csv", [Sheet("lijst", (Column("a"),), [("b",)])])
    link = new_link(quick_example, "strategie@clavis.example", NOVEMBER)
    _shelve(quick_example, link.url)
    _returned(tmp_path / "uit" / "terug")

    assert rights(settings.path("var"), tmp_path / "nieuw", tmp_path / "uit") == {}
    assert names(tmp_path / "nieuw") >= {"diep/andere.db", "diep/andere.db-wal", "diep/andere.db-shm"}
    database.close()


def _shelve(office: Office, url: str) -> None:
    hashed = token_hash(url.split("/")[-2])
    with office.database.reading() as session:
        built = build(session, office.settings, hashed, NOVEMBER, "termijnen.ics")
    assert built is not None
    Shelf(office.settings.path("var/feeds")).put(hashed, "termijnen.ics", built)
    assert any(office.settings.path("var/feeds").iterdir())


def _returned(folder: Path) -> None:
    private.make_folder(folder / "new")
    private.write_file(folder / "new" / "1", b"Subject: terug\r\n\r\n")
    _read_file(folder / "new" / "1", bool)
    assert (folder / "cur" / "1:2,S").exists()


def test_an_export_over_a_file_that_others_could_read_takes_it_from_them(umask: int, tmp_path: Path) -> None:
    file = tmp_path / "lijst.csv"
    file.write_text("van eerder", encoding="utf-8")
    file.chmod(0o666)

    write_sheets(file, [Sheet("lijst", (Column("a"),), [("b",)])])

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text(encoding="utf-8-sig") == "a\nb\n"


def test_a_copy_of_a_database_that_is_put_back_is_closed_as_soon_as_it_is_used(umask: int, tmp_path: Path) -> None:
    made = Database(f"sqlite:///{tmp_path}/cycle.db")
    made.migrate()
    copy = tmp_path / "teruggezet"
    shutil.copytree(tmp_path, copy)
    made.close()
    for path in copy.iterdir():
        path.chmod(0o644)

    put_back = Database(f"sqlite:///{copy}/cycle.db")

    assert put_back.version() is not None
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in copy.iterdir()} == {
        "cycle.db": 0o600,
        "cycle.db-wal": 0o600,
        "cycle.db-shm": 0o600,
    }
    put_back.close()


def test_locks_of_this_process_outlive_a_second_database_on_the_same_file(tmp_path: Path) -> None:
    """SQLite's own trap: closing any descriptor of a file ends all locks that this process has on it."""
    first = Database(f"sqlite:///{tmp_path}/cycle.db")
    first.migrate()
    other = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], timeout=0); c.execute('BEGIN IMMEDIATE')"
    with first.writing() as session:
        session.connection()  # from here on it holds the lock
        Database(f"sqlite:///{tmp_path}/cycle.db").close()
        tried = subprocess.run([sys.executable, "-c", other, tmp_path / "cycle.db"], capture_output=True, text=True)
    first.close()

    assert "database is locked" in tried.stderr


def test_files_of_an_earlier_version_are_told_by_doctor_and_closed_at_the_start(quick_example: Office) -> None:
    settings = quick_example.settings
    own = settings.folder / "var" / "mail" / "new"
    own.mkdir(parents=True)
    (own / "brief.eml").write_text("Aan: iemand", encoding="utf-8")
    (own / "naar.buiten").symlink_to(ROOT / "README.md")
    database = settings.folder / "quick.db"
    for path in (settings.folder / "var", *(settings.folder / "var").rglob("*"), database):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)
    readme = (ROOT / "README.md").stat().st_mode

    told = {one.name: one for one in examine(quick_example, NOVEMBER)}["bestanden"]
    assert (told.ok, str(own / "brief.eml") in told.words, "chmod" in told.words) == (False, True, True)

    tighten_own_files(settings)

    assert loose_own_files(settings) == []
    assert (rights(own), stat.S_IMODE(database.stat().st_mode)) == ({str(own / "naar.buiten"): 0o644}, 0o600)
    assert (ROOT / "README.md").stat().st_mode == readme
    assert {one.name: one.ok for one in examine(quick_example, NOVEMBER)}["bestanden"]


@pytest.mark.parametrize("command", ["migrate", "send"])
def test_the_commands_that_start_something_close_what_others_could_read(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cycle.cli import main

    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "config.toml", tmp_path)
    with suppress(SystemExit):
        main(["migrate"])
    (tmp_path / "var").mkdir(exist_ok=True)
    old = tmp_path / "var" / "oud.txt"
    old.write_text("namen", encoding="utf-8")
    for path in (tmp_path / "var", *(tmp_path / "var").iterdir()):
        path.chmod(0o777)

    with suppress(SystemExit):
        main([command])

    assert private.loose(tmp_path / "var") == []


MAKERS = {"write_text", "write_bytes", "mkdir", "makedirs", "touch", "copy", "copyfile", "copytree", "copy2"}
APART = {
    "cycle/private.py",  # here
    "cycle/letter/shipped.py",  # makes a file of the program itself, for who develops it
}


def test_nothing_in_the_program_makes_a_file_elsewhere() -> None:
    found = []
    for path in sorted((ROOT / "cycle").rglob("*.py")):
        where = str(path.relative_to(ROOT))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and where not in APART and _makes_a_file(node):
                found.append(f"{where}:{node.lineno}")

    assert found == []


def _makes_a_file(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    words = ast.unparse(call)
    if name == "copy":
        return words.startswith("shutil.")
    return (
        name in MAKERS or "O_CREAT" in words or (name == "open" and bool(re.search(r"""['"][rwax+bt]*[wax+]""", words)))
    )
