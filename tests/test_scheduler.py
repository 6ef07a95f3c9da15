"""The metronome: a first round before it returns, a table without night hours, and a clean end."""

from datetime import datetime

from cycle.actions.office import Office
from cycle.scheduler import Metronome
from cycle.store import outbox
from tests.actions.post import at, mails


def test_the_first_round_is_over_before_start_returns(quick_example: Office) -> None:
    metronome = Metronome(quick_example, lambda: at("2027-02-03"))
    metronome.start()
    metronome.stop()

    with quick_example.database.reading() as session:
        beats = outbox.beats(session)
    assert beats == {"plan": at("2027-02-03"), "deliver": at("2027-02-03")}
    assert len(mails(quick_example)) == 3


def test_the_table_has_three_jobs_and_none_when_the_clock_may_jump(quick_example: Office) -> None:
    metronome = Metronome(quick_example, lambda: at("2027-02-03"))
    jobs = {job.name: str(job.trigger) for job in metronome.jobs()}
    metronome.stop()

    assert jobs == {
        "plan": "cron[minute='*', second='0']",
        "deliver": "cron[minute='*', second='5']",
        "keep": "cron[hour='4', minute='15']",
    }


def test_a_round_that_fails_does_not_end_the_clock(quick_example: Office) -> None:
    def broken() -> datetime:
        raise OSError("no clock today")

    metronome = Metronome(quick_example, broken)
    metronome.start()
    metronome.stop()

    assert mails(quick_example) == []
