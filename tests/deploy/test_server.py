"""The image and the units, in a machine of nothing but Debian's own files: each step of the Containerfile and each
command of a unit is carried out, as the user that they name and with a root that nothing can be written to."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from configparser import ConfigParser
from contextlib import contextmanager
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

from cycle import __version__
from cycle.cli.commands import app
from tests.conftest import ROOT
from tests.deploy.bare_root import BareRoot, Built, build, files_in, refuse_without_namespaces

DEPLOY = ROOT / "deploy"
UNITS = DEPLOY / "systemd"
STATE = "var/lib/cycle"
ADDRESS = "https://afspraken.gemeente.example"
PATIENCE = 90.0  # on a busy machine
WRITABLE = ("/var/lib/cycle", "/tmp")
LOOPBACK = {"CYCLE__WEB__HOST": "127.0.0.1", "CYCLE__WEB__BASE_URL": ADDRESS}
STAND_IN = """#!/bin/sh
[ "$1" = backup ] && (umask 077; echo copy > "$2")
"""
COMMANDS = typer.main.get_command(app)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """What the Containerfile makes."""
    refuse_without_namespaces()
    before = os.umask(0o022)  # `cycle` itself lets nobody else in, also from within these tests
    try:
        return build(DEPLOY / "Containerfile", tmp_path_factory.mktemp("image"))
    finally:
        os.umask(before)


@pytest.fixture
def state(image: Built, sqlite_tables: Path) -> Iterator[Path]:
    """The folder of the service, with a database in it that has all tables; afterwards it is empty again."""
    folder = image.root.folder / STATE
    (folder / "var").mkdir(mode=0o700)
    shutil.copy(sqlite_tables, folder / "var" / "cycle.db")
    for path in (folder / "var", folder / "var" / "cycle.db"):
        shutil.chown(path, 10001, 10001)
    yield folder
    for file in folder.iterdir():
        shutil.rmtree(file) if file.is_dir() else file.unlink()


def in_image(image: Built, *words: str) -> "subprocess.CompletedProcess[str]":
    """A command of cycle as a container runs it, to its end."""
    how = {"user": image.user, "env": image.env | LOOPBACK, "at": image.workdir, "writable": WRITABLE}
    return image.root.run([*image.entrypoint, *words], **how)


@contextmanager
def running(image: Built, words: list[str], env: dict[str, str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that goes on, in the image with a read-only root."""
    how = {"user": image.user, "env": env, "at": f"/{STATE}", "writable": WRITABLE}
    with log.open("wb") as out:
        process = subprocess.Popen(image.root.command(words, **how), stdout=out, stderr=out)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def until_healthy(image: Built, process: "subprocess.Popen[bytes]", seconds: float = PATIENCE) -> int:
    """What the health check of the image says, once it says that all is well or the time is over."""
    deadline = time.monotonic() + seconds
    while True:
        how = {"user": image.user, "env": image.env | LOOPBACK, "writable": WRITABLE, "beside": process.pid}
        code = image.root.run(list(image.healthcheck), **how).returncode
        if code == 0 or time.monotonic() > deadline or process.poll() is not None:
            return code
        time.sleep(0.5)


def test_the_image_runs_as_nobody_in_particular_with_nothing_of_the_build(image: Built) -> None:
    assert (image.user, image.volumes, image.workdir) == ("10001:10001", (f"/{STATE}",), f"/{STATE}")
    assert in_image(image, "--version").stdout == f"cycle {__version__}\n"
    owned = {(path.stat().st_uid, path.stat().st_mode & 0o777) for path in [image.root.folder / STATE]}
    assert owned == {(10001, 0o700)}
    assert not (image.root.folder / "src").exists()
    assert not (image.root.folder / "opt/cycle/bin/pip").exists()


def test_the_image_serves_with_a_read_only_root_is_healthy_and_ends_cleanly(
    image: Built, state: Path, tmp_path: Path
) -> None:
    shutil.rmtree(state / "var")  # it begins with an empty volume
    assert in_image(image, "migrate").returncode == 0
    before = {name: how for name, *how in files_in(image.root) if not name.startswith((STATE, "tmp/"))}
    words = [*image.entrypoint, *image.command]
    with running(image, words, image.env | LOOPBACK, tmp_path / "log") as process:
        assert until_healthy(image, process) == 0, (tmp_path / "log").read_text()
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    after = {name: how for name, *how in files_in(image.root) if not name.startswith((STATE, "tmp/"))}
    assert after == before
    assert (state / "var" / "cycle.db").stat().st_mode & 0o777 == 0o600


def test_the_health_check_tells_a_fault(image: Built, state: Path, tmp_path: Path) -> None:
    with running(image, ["sleep", "60"], {}, tmp_path / "log") as process:
        assert until_healthy(image, process, seconds=0) == 1


def test_without_the_address_that_people_use_the_container_says_what_is_missing(image: Built) -> None:
    how = {"user": image.user, "env": image.env, "at": image.workdir, "writable": WRITABLE}
    done = image.root.run([*image.entrypoint, *image.command], **how)
    assert (done.returncode, "base_url ontbreekt" in done.stderr) == (1, True)


def test_everything_that_the_containerfile_copies_may_come_along() -> None:
    """And nothing else: `.dockerignore` begins with all, so that no secret of a checkout is sent to a builder."""
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if not line.startswith("#")]
    copied = {
        word.removeprefix("./")
        for file in (DEPLOY / "Containerfile", DEPLOY / "relay" / "Containerfile")
        for words in re.findall(r"^COPY (?!--from)(.+) \S+$", file.read_text(encoding="utf-8"), re.MULTILINE)
        for word in words.split()
    }
    assert lines[0] == "*"
    assert {line.removeprefix("!") for line in lines if line.startswith("!")} == copied


class Unit(ConfigParser):
    """A unit file; a key that is there twice keeps both values, one a line."""

    def __init__(self, name: str) -> None:
        super().__init__(interpolation=None, strict=False, delimiters="=", comment_prefixes="#")
        text = (UNITS / name).read_text(encoding="utf-8")
        self.optionxform = str  # type: ignore[assignment,method-assign]
        self.twice = re.findall(r"^SystemCallFilter=(.*)$", text, re.MULTILINE)
        self.read_string(text)

    def words(self, key: str) -> list[str]:
        """A command as systemd reads it."""
        return shlex.split(self["Service"][key].replace("%%", "%").replace("$$", "$"))


SERVICES = [file.name for file in sorted(UNITS.glob("*.service"))]


def test_the_units_are_there() -> None:
    assert SERVICES == ["cycle-backup.service", "cycle-serve.service", "cycle-work.service"]
    assert (UNITS / "cycle-backup.timer").exists()


@pytest.mark.parametrize("name", SERVICES)
def test_a_unit_shuts_its_service_in(name: str) -> None:
    service = Unit(name)["Service"]
    kept = {
        "User": "cycle",
        "Group": "cycle",
        "UMask": "0077",
        "StateDirectory": "cycle cycle/backup",
        "StateDirectoryMode": "0700",
        "WorkingDirectory": "/var/lib/cycle",
        "EnvironmentFile": "/etc/cycle/cycle.env",
        "NoNewPrivileges": "yes",
        "ProtectSystem": "strict",
        "ProtectHome": "yes",
        "PrivateTmp": "yes",
        "PrivateDevices": "yes",
        "CapabilityBoundingSet": "",
        "MemoryDenyWriteExecute": "yes",
        "RestrictAddressFamilies": "AF_INET AF_INET6 AF_UNIX",
    }
    assert {key: service[key] for key in kept} == kept
    assert Unit(name).twice == ["@system-service", "~@privileged"]


@pytest.mark.parametrize("name", ["cycle-serve.service", "cycle-work.service"])
def test_what_goes_on_comes_back_always_and_gets_the_time_that_it_takes_to_end(name: str) -> None:
    unit = Unit(name)
    assert (unit["Service"]["Restart"], unit["Unit"]["StartLimitIntervalSec"]) == ("always", "0")
    assert int(unit["Service"]["TimeoutStopSec"]) > 35


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not here (Debian: systemd)")
def test_systemd_itself_finds_no_fault_in_the_units(tmp_path: Path) -> None:
    for file in [*UNITS.glob("*.service"), *UNITS.glob("*.timer")]:
        text = file.read_text(encoding="utf-8").replace("ExecStart=/opt/cycle/bin/cycle", "ExecStart=/bin/true")
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    verify = ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))]
    done = subprocess.run(verify, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    for name in SERVICES:
        look = ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(tmp_path / name)]
        assert subprocess.run(look, capture_output=True).returncode == 0, name


def test_the_unit_of_the_service_serves(image: Built, state: Path, tmp_path: Path) -> None:
    words = Unit("cycle-serve.service").words("ExecStart")
    with running(image, words, LOOPBACK, tmp_path / "log") as process:
        assert until_healthy(image, process) == 0, (tmp_path / "log").read_text()
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0


def test_the_unit_of_the_sender_works_until_it_is_ended(image: Built, state: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with running(image, Unit("cycle-work.service").words("ExecStart"), LOOPBACK, log) as process:
        deadline = time.monotonic() + PATIENCE
        while "Bezorgen loopt" not in log.read_text() and time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        assert (process.wait(PATIENCE), log.read_text()) == (0, "Bezorgen loopt. Stop met Ctrl-C.\nGestopt.\n")


def backed_up(image: Built) -> list[str]:
    """The copies that are there after one run of the unit for them."""
    folder = image.root.folder / STATE / "backup"
    unit = Unit("cycle-backup.service")
    for key in ("ExecStart", "ExecStartPost"):
        how = {"user": image.user, "env": LOOPBACK, "at": f"/{STATE}", "writable": WRITABLE}
        done = image.root.run(unit.words(key), **how)
        assert done.returncode == 0, done.stderr
    return sorted(file.name for file in folder.iterdir())


def backup_folder(image: Built) -> Path:
    """As systemd makes it, with a copy of last month and one of yesterday in it."""
    folder = image.root.folder / STATE / "backup"
    folder.mkdir(mode=0o700)
    for name, days in (("cycle-20260101-033000.backup", 32), ("cycle-20260201-033000.backup", 1), ("eigen.backup", 99)):
        (folder / name).write_text("copy")
        os.utime(folder / name, (time.time() - days * 86_400,) * 2)
    shutil.chown(folder, 10001, 10001)
    return folder


def test_the_unit_for_copies_names_each_by_its_moment_and_takes_old_ones_away(image: Built, state: Path) -> None:
    """With a stand-in for the command, which only makes the file that it is asked for."""
    backup_folder(image)
    command = image.root.folder / "opt/cycle/bin/cycle"
    real = command.read_text()
    command.write_text(STAND_IN)
    try:
        kept = backed_up(image)
    finally:
        command.write_text(real)
    assert [re.sub(r"\d", "0", name) for name in kept] == ["cycle-00000000-000000.backup"] * 2 + ["eigen.backup"]
    assert "cycle-20260201-033000.backup" in kept


@pytest.mark.skipif(
    not isinstance(COMMANDS, TyperGroup) or "backup" not in COMMANDS.commands, reason="there is no `cycle backup` yet"
)
def test_the_unit_for_copies_makes_one(image: Built, state: Path) -> None:
    backup_folder(image)
    kept = backed_up(image)
    assert len([name for name in kept if re.fullmatch(r"cycle-\d{8}-\d{6}\.backup", name)]) == 2


def test_a_copy_each_night_that_a_machine_which_was_off_makes_up_for() -> None:
    timer = Unit("cycle-backup.timer")["Timer"]
    assert (timer["OnCalendar"], timer["Persistent"]) == ("*-*-* 03:30:00", "true")


def test_a_command_by_hand_has_the_user_the_folder_and_the_settings_of_the_service(image: Built, state: Path) -> None:
    """Else `cycle import` would fill a database of its own in the folder where somebody stands."""
    root: BareRoot = image.root
    (root.folder / "etc/cycle/secrets").mkdir(parents=True)
    shutil.copy(DEPLOY / "cycle.env", root.folder / "etc/cycle/cycle.env")
    (root.folder / "etc/cycle/secrets/mail_password").write_text("geheim\n")
    os.chown(root.folder / "etc/cycle/secrets/mail_password", 10001, 10001)
    (root.folder / "etc/cycle/secrets/mail_password").chmod(0o400)
    shutil.copy(DEPLOY / "bin/cycle", root.folder / "opt/by-hand")
    told = root.run(["/opt/by-hand", "outbox", "--json"], writable=WRITABLE)
    without = root.run(["/opt/by-hand", "doctor"], user=image.user, writable=WRITABLE)

    assert (told.returncode, told.stderr) == (0, "")
    assert {path.stat().st_uid for path in (root.folder / STATE).rglob("*")} == {10001}
    assert (without.returncode, without.stderr) == (1, "Start dit als root: sudo cycle …\n")
