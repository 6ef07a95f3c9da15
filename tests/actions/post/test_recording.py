"""Writing down answers: several in one commit, none lost to a database that is away for a moment (rules C2, C4)."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from cycle.actions.office.office import Office
from cycle.actions.post.delivery import recording
from cycle.actions.post.delivery.recording import Note, Recorder
from cycle.store.outbox import claiming, handing, lookups
from tests.actions.mailbox import NOBODY, OK, at, queue, states

MORNING = at("2027-02-03")


def notes(office: Office, number: int, answer: object = OK) -> list[Note]:
    """Claimed messages with their answers."""
    queue(office, number, MORNING)
    with office.database.writing() as session:
        parcels = claiming.claim(
            session, MORNING, MORNING + timedelta(minutes=15), "me", number, lookups.in_state("queued")
        )
    values = {"state": "sent" if answer is OK else "failed", "sent_at": MORNING, "last_answer": "x"}
    return [Note("me", parcel, answer, dict(values), MORNING) for parcel in parcels]  # type: ignore[arg-type]


def test_c2_answers_that_come_together_share_a_commit_and_each_thread_learns_its_own(office: Office) -> None:
    recorder, several = Recorder(office), notes(office, 8)
    several[3].owner = "somebody who lost the lease"
    together, found = Barrier(8), {}

    def work(number: int) -> None:
        with recorder.at_work():
            together.wait()
            found[number] = recorder.write_down(several[number])

    threads = [Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == {number: number != 3 for number in range(8)}
    assert states(office) == {"sent": 7, "sending": 1}


def test_c2_a_database_that_is_away_for_a_moment_hears_it_after_all(
    quick_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder, [note] = Recorder(quick_office), notes(quick_office, 1, NOBODY)
    monkeypatch.setattr(recording, "ASK_AGAIN_SECONDS", (0.0, 0.0))
    record, tries = handing.record, []

    def away(session: Session, *arguments: object, **values: object) -> bool:
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError("UPDATE", {}, Exception("database is locked"))
        return record(session, *arguments, **values)  # type: ignore[arg-type]

    monkeypatch.setattr(handing, "record", away)

    assert recorder.write_down(note) is True
    assert (len(tries), states(quick_office)) == (3, {"failed": 1})


def test_c11_an_answer_that_cannot_be_written_down_does_not_spoil_its_neighbours(quick_office: Office) -> None:
    recorder, [good, bad] = Recorder(quick_office), notes(quick_office, 2, NOBODY)
    bad.values["sent_at"] = MORNING.replace(tzinfo=None)  # the store refuses a moment without a zone

    recorder._commit([bad, good])

    assert (good.is_ours, good.error, bad.error is not None) == (True, None, True)
    assert states(quick_office) == {"failed": 1, "sending": 1}
