"""A disk that is full, or only lets read, under one folder at a time: database, journal, mails, uploads. A real one.

What cannot be written waits and goes once there is room; what went is known, and goes no second time.
"""

import os
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from cycle.actions.office.office import Office, open_office
from cycle.actions.post.delivery.delivering import open_pace, open_transport
from cycle.actions.post.halts.outbox_decisions import resume
from cycle.actions.register.reading_in.uploads import keep_uploads, uploads
from cycle.actions.service.watch import clock_work
from cycle.actions.service.watch.condition import condition
from cycle.errors import CycleError
from cycle.mail.deliver import Answer
from cycle.settings import load_settings
from cycle.store.outbox import lookups
from tests.actions.mailbox import OK, ScriptedWay, at, queue, send
from tests.conftest import ROOT, lay_tables

MORNING = at("2027-02-03")
FEW, MANY = 3, 12


@contextmanager
def disk(place: Path, kilobytes: int) -> Iterator[None]:
    """A file system of its own at a folder; needs root."""
    place.mkdir(parents=True, exist_ok=True)
    words = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "none", str(place)]
    if os.geteuid() or subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("this needs the right to mount")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def fill(place: Path) -> Path:
    """Takes all room there is; returns what takes it."""
    ballast = place / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    return ballast


@contextmanager
def read_only(place: Path) -> Iterator[None]:
    """The folder can only be read, whatever is open in it."""
    subprocess.run(["mount", "--bind", str(place), str(place)], check=True)
    subprocess.run(["mount", "-o", "remount,bind,ro", str(place)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@contextmanager
def full(place: Path) -> Iterator[None]:
    """There is no room left in it."""
    ballast = fill(place)
    try:
        yield
    finally:
        ballast.unlink()


FAULTS: dict[str, Callable[[Path], AbstractContextManager[None]]] = {"full": full, "read-only": read_only}


def letters(office: Office) -> dict[str, int]:
    """How many letters are in each state; alarms are not counted."""
    with office.database.reading() as session:
        return dict(Counter(str(one.state) for one in lookups.messages(session) if one.kind == "letter"))


def office_in(folder: Path, **environ: str) -> Office:
    """An office whose database lies in a folder of its own."""
    (folder / "config.toml").write_text((ROOT / "config.toml").read_text(encoding="utf-8"), encoding="utf-8")
    url = f"sqlite:///{folder}/db/cycle.db"
    (folder / "db").mkdir(exist_ok=True)
    lay_tables(url)
    return open_office(load_settings(folder / "config.toml", {"CYCLE__DATABASE__URL": url, **environ}))


def is_wrong(office: Office) -> set[str]:
    return {one.name for one in condition(office, MORNING) if not one.ok}


def test_a_database_without_room_loses_no_mail_and_sends_none_twice(tmp_path: Path) -> None:
    """Full before a slice, and full in the middle of one: what cannot be written down is a mail in hand."""
    with disk(tmp_path / "db", 6_000):
        office = office_in(tmp_path)
        queue(office, MANY, MORNING, "letter")
        ballast = fill(tmp_path / "db")
        never = ScriptedWay(OK)
        with suppress(Exception):
            send(office, never, MORNING)
        ballast.unlink()

        def fill_at_third(_key: str) -> Answer:
            if len(way.taken) == 3:
                fill(tmp_path / "db")
            return OK

        way = ScriptedWay(fill_at_third)
        with suppress(Exception):
            send(office, way, MORNING)
        (tmp_path / "db" / "ballast").unlink(missing_ok=True)
        with suppress(Exception):  # the connection that met the full disk may be of no use any more
            send(office, way, MORNING + timedelta(minutes=1))
        send(office, way, MORNING + timedelta(minutes=2))
        found = letters(office)
        times = Counter(key for key, _to, _from in [*never.taken, *way.taken])
        office.database.close()

    assert set(times.values()) == {1}
    assert found.get("sent", 0) >= MANY - 1 - len(never.taken)
    assert found.get("sent", 0) + found.get("held", 0) == MANY


@pytest.mark.parametrize("fault", ["full", "read-only"])
def test_a_journal_that_cannot_be_written_ends_no_sender_and_gets_its_lines_later(tmp_path: Path, fault: str) -> None:
    with disk(tmp_path / "var", 64):
        office = office_in(tmp_path)
        with FAULTS[fault](tmp_path / "var"):
            later = queue(office, FEW, MORNING, "letter", key_prefix="2")
            send(office, ScriptedWay(OK), MORNING)
            meanwhile, seen = letters(office), bool(is_wrong(office) & {"verzendjournaal", "ruimte"})
        last = queue(office, 1, MORNING, "letter", key_prefix="3")
        send(office, ScriptedWay(OK), MORNING)
        lines = (tmp_path / "var" / "sent.journal").read_text(encoding="utf-8").splitlines()
        office.database.close()

    assert (meanwhile, seen) == ({"sent": FEW}, True)
    assert len(lines) == len([*later, *last])


@pytest.mark.parametrize("fault", ["full", "read-only"])
def test_a_folder_of_mails_that_takes_nothing_keeps_them_waiting(tmp_path: Path, fault: str) -> None:
    with disk(tmp_path / "var" / "mail", 64):
        office = office_in(tmp_path)
        transport, pace = open_transport(office.settings), open_pace(office.settings)
        clock_work.deliver(office, transport, pace, lambda: MORNING)  # it makes its folders
        with FAULTS[fault](tmp_path / "var" / "mail"):
            queue(office, FEW, MORNING, "letter")
            clock_work.deliver(office, transport, pace, lambda: MORNING)
            meanwhile = letters(office)
        if fault == "read-only":  # more room comes by itself, other rights by a person: until then sending stands still
            resume(office, MORNING)
        for hours in (1, 2, 3):
            clock_work.deliver(office, transport, pace, lambda now=MORNING + timedelta(hours=hours): now)  # type: ignore[misc]
        mails = list((tmp_path / "var" / "mail" / "new").iterdir())
        found = letters(office)
        office.database.close()

    assert meanwhile == {"queued": FEW}
    assert found.get("sent", 0) == FEW
    assert len(mails) >= FEW


@pytest.mark.parametrize("fault", ["full", "read-only"])
def test_an_upload_without_room_leaves_nothing_behind_and_is_kept_once_there_is(tmp_path: Path, fault: str) -> None:
    with disk(tmp_path / "var" / "uploads", 256):
        office = office_in(tmp_path)
        given = [("afspraken.csv", b"nummer;tekst\n" * 5_000)]
        with FAULTS[fault](tmp_path / "var" / "uploads"), pytest.raises(CycleError) as refused:
            keep_uploads(office.settings, 1, given, MORNING)
        left = [path for path in (tmp_path / "var" / "uploads").rglob("*") if path.is_file()]
        token = keep_uploads(office.settings, 1, given, MORNING)
        kept = [path.read_bytes() for path in uploads(office.settings, 1, token)]
        office.database.close()

    why = {"full": "de schijf is vol", "read-only": "daar is alleen te lezen"}[fault]
    assert refused.value.what == f"Het bestand kon hier niet worden bewaard: {why}."
    assert (left, kept) == ([], [given[0][1]])


def dangle(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "hangt").symlink_to("/nergens/echt")


def test_links_to_nowhere_in_var_keep_no_round_from_its_end(tmp_path: Path) -> None:
    office = office_in(tmp_path)
    for name in ("", "uploads", "feeds", "mail", "mail/new", "mail/tmp", "letters", "rehearsal"):
        dangle(tmp_path / "var" / name)
    queue(office, FEW, MORNING, "letter")
    rounds: list[Callable[[], object]] = [
        lambda: clock_work.plan_round(office, MORNING),
        lambda: clock_work.deliver(
            office, open_transport(office.settings), open_pace(office.settings), lambda: MORNING
        ),
        lambda: clock_work.keep_round(office, MORNING),
        lambda: clock_work.watch_round(office, MORNING),
    ]
    for one in rounds:
        one()

    assert letters(office) == {"sent": FEW}
    assert is_wrong(office) - {"plannen", "bezorgen"} == set()
    office.database.close()
