"""Law L8: whatever waits or stands still is seen within its time, everywhere at once, and no longer than it lasts."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from cycle.actions.office.office import Office, open_office
from cycle.actions.post.delivery.delivering import open_transport
from cycle.actions.post.halts import outbox_decisions
from cycle.actions.service.watch import clock_work
from cycle.actions.service.watch.condition import Finding, condition
from cycle.settings import load_settings
from cycle.store.outbox import beating, claiming, standstill
from cycle.store.tables import Message
from tests.actions.mailbox import LATER, OK, PERHAPS, ScriptedWay, at, mails, queue, send, text_of
from tests.conftest import ROOT

START = at("2027-02-03", 9)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def wrong(office: Office, now: datetime) -> set[str]:
    """What is not well, by name. The rounds of each minute came by just now: each fault of the table is alone."""
    with office.database.writing() as session:
        for name in ("plan", "deliver"):
            beating.beat(session, name, now)
        beating.beat(session, "keep", now)
        beating.beat(session, "bounces", now)
    return {one.name for one in condition(office, now) if not one.ok}


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong: how it is made, till when that is no matter, when it is seen, how it is mended."""

    name: str
    make: Callable[[Office], object]
    well_after: timedelta | None
    seen_after: timedelta
    mend: Callable[[Office, datetime], object]
    unseen_after: timedelta = MINUTE


def put_off(office: Office) -> None:
    queue(office, 1, START, "letter")
    for minutes in (0, 1, 6, 21, 81, 141):
        send(office, ScriptedWay(LATER), START + minutes * MINUTE)


def take_and_die(office: Office) -> None:
    """A sender takes a mail and is never heard of again; no other one comes by to free it."""
    queue(office, 1, START, "letter")
    with office.database.writing() as session:
        everything = Message.state == "queued"
        claiming.claim(session, START, START + 15 * MINUTE, "dood", 5, everything)  # type: ignore[arg-type]


def leave_in_doubt(office: Office) -> None:
    queue(office, 1, START, "letter")
    send(office, ScriptedWay(PERHAPS), START)


def hold(office: Office) -> None:
    [number] = queue(office, 1, START, "letter")
    outbox_decisions.hold(office, number, START)


def discard(office: Office, now: datetime) -> None:
    with office.database.reading() as session:
        [number] = session.connection().execute(text("SELECT id FROM message WHERE kind = 'letter'")).scalars()
    outbox_decisions.discard(office, number, now)


def pause(office: Office, which: int = standstill.SENDING_PAUSE) -> None:
    with office.database.writing() as session:
        standstill.set_pause(session, START, "535 5.7.8 nee", which)


def deliver_at(office: Office, now: datetime) -> None:
    send(office, ScriptedWay(OK), now)


def deliver_later(office: Office, now: datetime) -> None:
    """When the next try is due."""
    send(office, ScriptedWay(OK), now + HOUR)


def resume(office: Office, now: datetime) -> None:
    outbox_decisions.resume(office, now)


FAULTS = [
    Fault(
        "uitgestelde mail",
        put_off,
        119 * MINUTE,
        142 * MINUTE,
        lambda office, now: deliver_at(office, now + HOUR),
        HOUR,
    ),
    Fault("mail onderweg", take_and_die, 19 * MINUTE, 21 * MINUTE, deliver_at),
    Fault("onzekere mail", leave_in_doubt, 19 * HOUR, 21 * HOUR, discard),
    Fault("vastgehouden mail", hold, 6 * DAY, 7 * DAY + MINUTE, discard),
    Fault("verzending", pause, None, timedelta(0), resume),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_what_waits_is_seen_within_its_time_and_no_longer_than_it_lasts(fault: Fault, office: Office) -> None:
    assert wrong(office, START) == set()

    fault.make(office)

    if fault.well_after:
        assert fault.name not in wrong(office, START + fault.well_after)
    seen_at = START + fault.seen_after
    assert wrong(office, seen_at) - {"wachtrij"} == {fault.name}
    fault.mend(office, seen_at)
    assert wrong(office, seen_at + fault.unseen_after) == set()


def rounds(office: Office, now: datetime) -> dict[str, bool]:
    return {one.name: one.ok for one in condition(office, now)[:5] if one.name != "wachtrij"}


def test_each_job_of_the_clock_is_seen_to_stay_away_and_to_come_back(quick_office: Office, tmp_path: Path) -> None:
    office = with_settings(quick_office, "mail", bounces="var/terug", replies="var/antwoord")
    for name in ("terug", "antwoord"):
        (tmp_path / "var" / name / "new").mkdir(parents=True)
    well = dict.fromkeys(("plannen", "bezorgen", "bijhouden", "terugmeldingen", "antwoorden per mail"), True)

    def come_round(now: datetime) -> None:
        clock_work.keep_round(office, now)
        clock_work.bounces_round(office, now)
        clock_work.replies_round(office, now)
        clock_work.plan_round(office, now)
        send_round(office, now)

    come_round(START)
    assert rounds(office, START) == well
    assert rounds(office, START + 3 * MINUTE) == {**well, "plannen": False, "bezorgen": False}
    assert rounds(office, START + 61 * MINUTE) == {name: name == "bijhouden" for name in well}
    assert rounds(office, START + 27 * HOUR) == dict.fromkeys(well, False)
    come_round(START + 27 * HOUR)
    assert rounds(office, START + 27 * HOUR) == well


def send_round(office: Office, now: datetime) -> None:
    clock_work.deliver_round(
        office, ScriptedWay(OK), clock_work.Pace(0, lambda: 0.0, lambda _seconds: None), lambda: now
    )


def test_upkeep_that_fails_in_part_is_no_upkeep_and_a_mailbox_that_cannot_be_read_is_not_read(
    quick_office: Office, tmp_path: Path
) -> None:
    office = with_settings(quick_office, "mail", bounces="var/terug")
    (tmp_path / "var" / "terug" / "new").mkdir(parents=True)
    clock_work.keep_round(office, START)
    clock_work.bounces_round(office, START)
    (tmp_path / "var" / "terug" / "new").rmdir()
    with office.database.writing() as session:
        session.connection().execute(text("ALTER TABLE typed_form RENAME TO typed_form_away"))

    for round_of in (clock_work.keep_round, clock_work.bounces_round):
        with suppress(Exception):
            round_of(office, START + 27 * HOUR)

    found = rounds(office, START + 27 * HOUR)
    assert (found["bijhouden"], found["terugmeldingen"]) == (False, False)


def test_settings_on_disk_other_than_those_in_use_are_seen_until_they_are_the_same_again(
    quick_office: Office, tmp_path: Path
) -> None:
    file = tmp_path / "config.toml"
    shutil.copy(ROOT / "config.toml", file)
    before = file.read_text(encoding="utf-8")
    office = replace(quick_office, settings=load_settings(file, {"CYCLE__DATABASE__URL": quick_office.database.url}))
    seen = []
    for words in (
        before,
        f"# een opmerking\n{before}",
        before.replace("send_hour", "send_hour = 09:00\n#", 1),
        "[",
        before,
    ):
        file.write_text(words, encoding="utf-8")
        seen.append("instellingen" in wrong(office, START))
    file.unlink()
    seen.append("instellingen" in wrong(office, START))

    assert seen == [False, False, True, True, False, True]


def test_a_server_that_only_lets_read_is_seen(office: Office) -> None:
    if office.database.is_sqlite:
        pytest.skip("a file that cannot be written is the next test")
    name = make_url(office.database.url).database

    def let_write(word: str) -> None:
        with office.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f'ALTER DATABASE "{name}" SET default_transaction_read_only = {word}'))
        office.database.engine.dispose()

    def finding() -> Finding:
        opened = open_office(office.settings)
        try:
            return next(one for one in condition(opened, START) if one.name == "schrijven")
        finally:
            opened.database.close()

    assert finding().ok
    let_write("on")
    try:
        assert finding().words == "de server laat alleen lezen toe"
    finally:
        with office.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SET default_transaction_read_only = off"))
            connection.execute(text(f'ALTER DATABASE "{name}" RESET default_transaction_read_only'))
    assert finding().ok


def test_a_damaged_file_is_found_at_night_and_stays_wrong_until_it_is_whole(
    quick_office: Office, tmp_path: Path
) -> None:
    file = tmp_path / "quick.db"
    with quick_office.database.engine.connect() as connection:
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'ix_message_on'"
        index = connection.exec_driver_sql(query).scalar_one()
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = file.read_bytes()
    clock_work.keep_round(quick_office, START)
    assert "gegevens" not in wrong(quick_office, START)
    quick_office.database.close()

    page = int.from_bytes(whole[16:18], "big")
    file.write_bytes(whole[: page * (index - 1)] + bytes([7]) * page + whole[page * index :])
    damaged = open_office(quick_office.settings)
    with suppress(Exception):
        clock_work.keep_round(damaged, START + DAY)
    found = {one.name: one for one in condition(damaged, START + DAY)}
    damaged.database.close()
    file.write_bytes(whole)
    mended = open_office(quick_office.settings)
    clock_work.keep_round(mended, START + DAY + HOUR)

    assert (found["gegevens"].ok, found["gegevens"].words) == (False, "het bestand van de database is beschadigd")
    assert "gegevens" not in wrong(mended, START + DAY + HOUR)
    mended.database.close()


@contextmanager
def small_disk(place: Path, megabytes: int) -> Iterator[None]:
    """A real file system of that size; needs root."""
    if (
        os.geteuid()
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(place)], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("this needs the right to mount")
    try:
        yield
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_a_disk_that_is_nearly_full_is_seen_until_there_is_room(quick_office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "var" / "mail"
    folder.mkdir(parents=True)
    with small_disk(folder, 300):
        assert wrong(quick_office, START) == set()
        (folder / "groot").write_bytes(bytes(150 * 2**20))
        found = next(one for one in condition(quick_office, START) if one.name == "ruimte")
        assert (found.ok, found.words, found.general) == (False, f"bijna vol: {folder} (150 MB vrij)", "bijna vol")
        (folder / "groot").unlink()
        assert wrong(quick_office, START) == set()


def with_settings(office: Office, section: str, **changes: object) -> Office:
    part = getattr(office.settings, section).model_copy(update=changes)
    return replace(office, settings=office.settings.model_copy(update={section: part}))


def test_what_is_wrong_is_told_after_ten_minutes_once_and_again_on_each_working_day(quick_office: Office) -> None:
    office = with_settings(quick_office, "watch", daily=False)
    hold(office)
    friday = START + 9 * DAY  # what was held a week ago is wrong by now

    def look(now: datetime) -> int:
        before = len(told())
        wrong(office, now)
        clock_work.watch_round(office, now)
        send(office, open_transport(office.settings), now)
        return len(told()) - before

    def told() -> list[str]:
        return [text_of(mail) for mail in mails(office)]

    moments = [friday + minutes * MINUTE for minutes in (0, 9, 11, 30, 300)]
    days = [friday + days * DAY for days in (1, 2, 3)]
    assert [look(now) for now in [*moments, *days]] == [0, 0, 1, 0, 0, 0, 0, 1]
    discard(office, friday + 4 * DAY)
    assert look(friday + 4 * DAY) == 0
    assert "vastgehouden mail: iemand houdt al 216 uur mail vast" in told()[0]
