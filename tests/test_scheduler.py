"""The metronome: a first round behind its start, a table without night hours, and a clean end."""

import time
from dataclasses import replace
from datetime import datetime, timedelta

from cycle.actions.office.office import Office
from cycle.scheduler import Metronome
from cycle.store.outbox import beating
from tests.actions.mailbox import at, mails, queue, states


def beats(office: Office) -> dict[str, datetime]:
    with office.database.reading() as session:
        return beating.beats(session)


def wait_for_three_mails(office: Office) -> None:
    until = time.monotonic() + 60
    while len(mails(office)) < 3 and time.monotonic() < until:
        time.sleep(0.02)


def test_a_first_round_comes_at_once_behind_the_start(quick_example: Office) -> None:
    metronome = Metronome(quick_example, lambda: at("2027-02-03"))
    metronome.start()
    wait_for_three_mails(quick_example)
    metronome.stop()

    assert beats(quick_example) == dict.fromkeys(("keep", "plan", "deliver"), at("2027-02-03"))
    assert len(mails(quick_example)) == 3


def test_nothing_is_begun_after_the_end_was_asked_for(quick_example: Office) -> None:
    metronome = Metronome(quick_example, lambda: at("2027-02-03"))
    metronome.halt()
    metronome.start()
    metronome.stop()

    assert (beats(quick_example), mails(quick_example)) == ({}, [])


def test_c6_while_the_look_before_sending_fails_nothing_is_sent_and_it_is_tried_again(quick_example: Office) -> None:
    queue(quick_example, 1, at("2027-02-03"), "letter")
    journal = quick_example.settings.path("var/sent.journal")
    journal.mkdir(parents=True)  # it cannot be read
    metronome = Metronome(quick_example, lambda: at("2027-02-03"))
    metronome._safely(metronome._deliver)
    assert states(quick_example) == {"queued": 1}

    journal.rmdir()
    metronome._safely(metronome._deliver)
    metronome.stop()
    assert states(quick_example) == {"sent": 1}


def test_the_table_has_four_jobs_and_none_when_the_clock_may_jump(quick_example: Office) -> None:
    metronome = Metronome(quick_example, lambda: at("2027-02-03"))
    jobs = {job.name: str(job.trigger) for job in metronome.jobs()}
    metronome.stop()

    assert jobs == {
        "plan": "cron[minute='*', second='0']",
        "deliver": "cron[minute='*', second='5']",
        "watch": "cron[minute='*', second='40']",
        "keep": "cron[hour='4', minute='15']",
    }


def test_a_round_that_fails_does_not_end_the_clock(quick_example: Office) -> None:
    def broken() -> datetime:
        raise OSError("no clock today")

    metronome = Metronome(quick_example, broken)
    metronome.start()
    metronome.stop()

    assert mails(quick_example) == []


def test_c8_after_a_jump_of_the_clock_the_table_begins_anew(quick_example: Office) -> None:
    wall, seconds = [at("2027-02-06")], [0.0]
    metronome = Metronome(quick_example, lambda: wall[0], lambda: seconds[0])
    metronome.start()
    jobs = metronome._scheduler
    try:
        metronome.watch_clock()
        seconds[0] += 20
        wall[0] += timedelta(seconds=20)
        assert metronome.watch_clock() is False  # both clocks agree
        tomorrow = jobs.get_job("plan").next_run_time + timedelta(days=1)  # as APScheduler is after a jump back
        jobs.modify_job("plan", next_run_time=tomorrow)
        wall[0] -= timedelta(hours=2)
        assert metronome.watch_clock() is True
        assert jobs.get_job("plan").next_run_time < tomorrow - timedelta(hours=23)
        assert metronome.watch_clock() is False  # once per jump
    finally:
        metronome.stop()


def test_b13_returned_mail_is_read_every_ten_minutes_where_a_mailbox_is_set(quick_example: Office) -> None:
    mail = quick_example.settings.mail.model_copy(update={"bounces": "var/bounces", "replies": "var/replies"})
    office = replace(quick_example, settings=quick_example.settings.model_copy(update={"mail": mail}))
    metronome = Metronome(office, lambda: at("2027-02-03"))
    jobs = {job.name: str(job.trigger) for job in metronome.jobs()}
    metronome.stop()

    assert jobs["bounces"] == "cron[minute='3-59/10', second='30']"
    assert jobs["replies"] == "cron[minute='4-59/10', second='30']"
