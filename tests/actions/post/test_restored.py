"""A restored older back-up does not send again what was sent after it was made (rule C6)."""

import shutil
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from cycle.actions.office.office import Office, open_office
from cycle.actions.post.delivery.restored import begin_sending, sent_journal
from cycle.actions.post.halts.outbox_decisions import resume
from cycle.domain.model import MailState
from cycle.store.journal import SentJournal
from cycle.store.outbox import beating, lookups, standstill
from cycle.store.tables import Message, Person
from tests.actions.mailbox import ScriptedWay, act, at, mails, queue, row_of, send, states

WEDNESDAY = at("2027-02-03")


def copy_of(office: Office, folder: Path) -> Path:
    """A copy that somebody makes by other means than `cycle backup`."""
    copy = folder / "copy.db"
    with closing(sqlite3.connect(office.settings.database_url.removeprefix("sqlite:///"))) as connection:
        connection.execute(f"VACUUM INTO '{copy}'")
    return copy


def restored(office: Office, copy: Path) -> Office:
    office.database.close()
    path = Path(office.settings.database_url.removeprefix("sqlite:///"))
    for name in path.parent.glob(f"{path.name}*"):
        name.unlink()
    shutil.copy(copy, path)
    return open_office(office.settings)


def test_c6_a_restored_backup_starts_paused_and_sends_nothing_a_second_time(
    quick_office: Office, tmp_path: Path
) -> None:
    queue(quick_office, 3, WEDNESDAY)
    copy = copy_of(quick_office, tmp_path)
    assert send(quick_office, ScriptedWay(), WEDNESDAY).sent == 3

    office = restored(quick_office, copy)
    way = ScriptedWay()
    assert begin_sending(office, WEDNESDAY + timedelta(hours=1)) is True
    send(office, way, WEDNESDAY + timedelta(hours=1))
    assert (way.taken, states(office)) == ([], {"queued": 3, "sent": 1})  # the alarm is a file
    assert "3 mails zijn al verstuurd" in str(mails(office)[0].get_body(("plain",)))

    resume(office, WEDNESDAY + timedelta(hours=2))
    new = queue(office, 1, WEDNESDAY + timedelta(hours=2), "letter")
    send(office, way, WEDNESDAY + timedelta(hours=2))
    assert ([key.split(":")[0] for key, _to, _from in way.taken], len(new)) == (["letter"], 1)
    assert states(office) == {"sent": 5}
    assert begin_sending(office, WEDNESDAY + timedelta(hours=3)) is False
    office.database.close()


def test_who_comes_after_a_restored_backup_gets_no_number_that_stands_in_a_mail_already(
    quick_office: Office, tmp_path: Path
) -> None:
    copy = copy_of(quick_office, tmp_path)
    numbers = [new_person(quick_office, "an@cycle.example")]
    queue(quick_office, 1, WEDNESDAY)
    send(quick_office, ScriptedWay(), WEDNESDAY)

    office = restored(quick_office, copy)
    begin_sending(office, WEDNESDAY + timedelta(hours=1))
    numbers.append(new_person(office, "bo@cycle.example"))
    begin_sending(office, WEDNESDAY + timedelta(hours=2))
    numbers.append(new_person(office, "cas@cycle.example"))
    office.database.close()

    assert (len(set(numbers)), numbers[2] - numbers[1]) == (3, 1)


def new_person(office: Office, email: str) -> int:
    with office.database.writing() as session:
        person = Person(name=email, email=email)
        session.add(person)
        session.flush()
        return person.id or 0


def test_c6_a_quiet_weekend_does_not_pause(example: Office) -> None:
    act(example, WEDNESDAY)

    assert begin_sending(example, at("2027-03-29")) is False


def test_c6_without_a_journal_a_database_that_shows_no_life_of_a_day_is_taken_for_a_copy(example: Office) -> None:
    act(example, WEDNESDAY)
    beat(example, WEDNESDAY)
    example.settings.path("var/sent.journal").unlink()

    assert begin_sending(example, WEDNESDAY + timedelta(hours=24)) is False
    assert begin_sending(example, WEDNESDAY + timedelta(hours=25)) is True
    with example.database.reading() as session:
        halt = standstill.pause(session)
    assert halt is not None
    assert halt.reason == (
        "deze database is van 03-02-2027 om 09.00 uur en het verzendjournaal ontbreekt: wat er daarna verstuurd is, is "
        "niet bekend. Is er een kopie teruggezet?"
    )


def test_c6_who_said_that_it_may_go_without_a_journal_is_not_asked_again(quick_example: Office) -> None:
    act(quick_example, WEDNESDAY)
    quick_example.settings.path("var/sent.journal").unlink()
    assert begin_sending(quick_example, WEDNESDAY + timedelta(days=3)) is True

    resume(quick_example, WEDNESDAY + timedelta(days=3))

    assert begin_sending(quick_example, WEDNESDAY + timedelta(days=6)) is False


def test_c6_a_service_that_came_round_lately_is_no_copy_though_its_journal_is_elsewhere(quick_example: Office) -> None:
    """As a second sender is, on a machine of its own."""
    act(quick_example, WEDNESDAY)
    quick_example.settings.path("var/sent.journal").unlink()
    beat(quick_example, WEDNESDAY + timedelta(days=3))

    assert begin_sending(quick_example, WEDNESDAY + timedelta(days=3, hours=1)) is False


def beat(office: Office, now: datetime) -> None:
    """A round of the clock."""
    with office.database.writing() as session:
        beating.beat(session, "plan", now)


def test_c6_what_left_just_before_the_newest_that_a_copy_knows_does_not_go_again(
    quick_office: Office, tmp_path: Path
) -> None:
    """Two lines hand over at once: the later one may be written down first, and the copy be made between them."""
    [slow, quick] = queue(quick_office, 2, WEDNESDAY)
    with quick_office.database.writing() as session:
        row = session.get_one(Message, quick)
        row.state, row.sent_at = MailState.SENT, WEDNESDAY + timedelta(seconds=2)
    copy = copy_of(quick_office, tmp_path)
    journal = sent_journal(quick_office)
    journal.add(WEDNESDAY + timedelta(seconds=1), row_of(quick_office, slow).message_id)
    journal.add(WEDNESDAY + timedelta(seconds=2), row_of(quick_office, quick).message_id)
    journal.add(WEDNESDAY + timedelta(seconds=3), "<daarna@cycle.example>")

    office = restored(quick_office, copy)
    assert begin_sending(office, WEDNESDAY + timedelta(hours=1)) is True
    resume(office, WEDNESDAY + timedelta(hours=1))
    way = ScriptedWay()
    send(office, way, WEDNESDAY + timedelta(hours=1))
    assert (way.taken, row_of(office, slow).state) == ([], "sent")
    office.database.close()


def test_c6_an_empty_database_beside_an_old_journal_is_another_installation(quick_office: Office) -> None:
    SentJournal(quick_office.settings.path("var/sent.journal"), "another").add(WEDNESDAY, "<1@cycle.example>")

    assert begin_sending(quick_office, WEDNESDAY) is False


def test_c6_the_journal_has_a_line_per_sent_mail_with_nothing_about_people(example: Office) -> None:
    act(example, WEDNESDAY)

    text = example.settings.path("var/sent.journal").read_text("ascii")
    with example.database.reading() as session:
        newest = lookups.last_sent(session)
    assert (text.count("\n"), "@" in text) == (3, False)
    assert {line.at for line in sent_journal(example).after(None)} == {newest}


def test_c6_old_lines_are_pruned_and_cut_off_ones_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "var" / "sent.journal"
    journal = SentJournal(path, "this")
    journal.prune(WEDNESDAY)  # there is none yet
    for days in (100, 91, 1):
        journal.add(WEDNESDAY - timedelta(days), f"<{days}@cycle.example>")
    with path.open("a") as file:
        file.write("2027-02-03T08:0")
    journal.prune(WEDNESDAY - timedelta(90))
    journal.add(WEDNESDAY, "<0@cycle.example>")
    journal.sync()

    assert [line.at for line in journal.after(None)] == [WEDNESDAY - timedelta(1), WEDNESDAY]
    assert [line.at for line in journal.after(WEDNESDAY - timedelta(1))] == [WEDNESDAY]
