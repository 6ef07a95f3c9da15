"""Clocks that jump, nights that have 23 or 25 hours, and far more to tell than usual (rule C8)."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from freezegun import freeze_time
from sqlmodel import col, delete, select

from cycle import clock
from cycle.actions.mails.morning.reminding import Planned, plan_mails
from cycle.actions.office.office import Office
from cycle.actions.post.halts.flood_guard import APPROVED
from cycle.actions.post.halts.outbox_decisions import resume
from cycle.actions.service.watch.clock_work import keep_round
from cycle.domain import flood_guard
from cycle.domain.flood_guard import FloodGuard
from cycle.store.noticing import untold
from cycle.store.outbox import beating, standstill
from cycle.store.outbox.standstill import PLANNING_PAUSE
from cycle.store.tables import Beat, DeadlineParty, DeadlineRow, Message, ReminderRow
from tests.actions.mailbox import OK, ScriptedWay, act, at, mails, send
from tests.faults.test_two_of_everything import fill


def test_c8_a_clock_that_jumps_two_hours_back_sends_nothing_twice(example: Office) -> None:
    planned, delivered = act(example, at("2027-02-03", 11))
    assert (planned.mails, delivered.sent) == (3, 3)

    for hour in (9, 10, 11, 12):
        assert act(example, at("2027-02-03", hour))[0] == Planned()
    assert len(mails(example)) == 3


def test_c8_a_clock_that_jumps_a_day_back_sends_nothing_twice(example: Office) -> None:
    act(example, at("2027-02-03"))

    assert act(example, at("2027-02-02"))[0] == Planned()
    assert act(example, at("2027-02-03", 15))[0] == Planned()


def test_c8_three_years_forward_is_one_mail_per_person_at_most(example: Office) -> None:
    act(example, at("2027-02-03"))
    before = len(mails(example))

    act(example, at("2030-02-06"))

    with example.database.reading() as session:
        people = Counter(session.exec(select(Message.person_id).where(Message.on == date(2030, 2, 6))))
    assert set(people.values()) <= {1}
    assert len(mails(example)) == before + sum(people.values())


def test_c8_far_more_than_usual_pauses_planning_alarms_and_goes_on_when_somebody_says_so(
    example: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    act(example, at("2027-02-03"))
    monkeypatch.setattr(flood_guard, "FLOOR_LINES", 3)
    monkeypatch.setattr(flood_guard, "SHARE_PER_DAY", 0.001)
    jumped = at("2029-06-06")

    assert plan_mails(example, jumped) == Planned()
    assert plan_mails(example, jumped + timedelta(minutes=1)) == Planned()
    send(example, ScriptedWay(OK), jumped + timedelta(minutes=1))
    with example.database.reading() as session:
        told = session.exec(select(ReminderRow).where(ReminderRow.on == date(2029, 6, 6))).all()
    assert (told, str(mails(example)[-1]["Subject"])) == ([], "Let op: Het plannen van herinneringen staat stil")

    resume(example, jumped + timedelta(minutes=2), by="an@gemeente.example")
    assert plan_mails(example, jumped + timedelta(minutes=3)).mails > 0


@pytest.mark.parametrize("weeks", [2, 4])
def test_c8_a_small_table_that_catches_up_never_trips(example: Office, weeks: int) -> None:
    day = at("2027-02-03")
    while day < at("2028-01-01"):
        plan_mails(example, day)
        day += timedelta(weeks=weeks)
        assert planning_pause(example) == ""


@pytest.mark.parametrize("lines", [60, 21])
def test_c8_a_flood_of_a_table_of_sixty_lines_waits_for_somebody(office: Office, lines: int) -> None:
    fill(office, 60)
    with office.database.writing() as session:
        session.exec(delete(Beat))
        parts = delete(DeadlineParty).where(col(DeadlineParty.deadline_id) > lines)
        session.exec(parts, execution_options=untold("a test"))

    assert plan_mails(office, at("2027-02-03")) == Planned()
    assert planning_pause(office).startswith(f"op 03-02-2027 zijn {lines} regels aan de beurt, veel meer dan gewoon")

    resume(office, at("2027-02-02", 20), by="an@gemeente.example")  # in the evening: it counts for the next mail day
    assert plan_mails(office, at("2027-02-03")).lines == lines


def test_c8_twenty_lines_of_sixty_are_an_ordinary_day(office: Office) -> None:
    fill(office, 60)
    with office.database.writing() as session:
        session.exec(delete(Beat))
        parts = delete(DeadlineParty).where(col(DeadlineParty.deadline_id) > 20)
        session.exec(parts, execution_options=untold("a test"))

    assert plan_mails(office, at("2027-02-03")).lines == 20


def test_c8_an_approval_of_the_future_lets_nothing_through(office: Office) -> None:
    fill(office, 60)
    with office.database.writing() as session:
        beating.beat(session, APPROVED, at("2029-02-07"))

    assert plan_mails(office, at("2027-02-03")) == Planned()


def test_c8_a_progress_round_asks_everybody_at_once_and_is_no_flood(example: Office) -> None:
    planned = plan_mails(example, at("2027-02-25"))

    assert (planned.lines > 60, planning_pause(example)) == (True, "")


def planning_pause(office: Office) -> str:
    with office.database.reading() as session:
        found = standstill.pause(session, PLANNING_PAUSE)
    return found.reason if found else ""


@pytest.mark.parametrize(
    ("history", "open_deadlines", "expected"),
    [
        ({}, 20_000, 600.0),  # the first year: from what stands open
        ({date(2027, 1, day): 1000 for day in range(1, 21)}, 20_000, 1000.0),
        ({date(2027, 1, day): 1000 for day in range(1, 6)}, 20_000, 600.0),  # too little history
        ({date(2027, 2, 3): 5000}, 100, 3.0),  # today is not history
    ],
)
def test_c8_usual_is_an_average_day_of_the_ledger_or_an_estimate(
    history: dict[date, int], open_deadlines: int, expected: float
) -> None:
    assert FloodGuard(4, open_deadlines, history).usual(date(2027, 2, 3)) == expected


@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)])
def test_c8_no_minute_of_a_clock_change_night_is_in_mail_hours_and_the_next_is_half_past_eight(
    quick_office: Office, day: date
) -> None:
    settings = quick_office.settings
    start = at((day - timedelta(1)).isoformat(), 18)
    for minute in range(0, 60 * 38, 5):
        now = start + timedelta(minutes=minute)
        assert settings.mail_hours.is_open(now) is False
        again = settings.mail_hours.next_open(now).astimezone(settings.zone)
        assert (again.hour, again.minute, settings.work_calendar.is_mail_day(again.date())) == (8, 30, True)


@pytest.mark.parametrize(("first", "last"), [("2026-10-24", "2026-10-27"), ("2027-03-26", "2027-03-31")])
def test_c8_minutes_lived_through_a_clock_change_tell_each_line_once(example: Office, first: str, last: str) -> None:
    now, end = at(first, 0), at(last, 23)
    with freeze_time(now) as frozen:
        while now < end:
            frozen.move_to(now)
            act(example, clock.now())
            now += timedelta(minutes=30)

    with example.database.reading() as session:
        lines = session.exec(select(ReminderRow)).all()
        sent = session.exec(select(Message.person_id, Message.on)).all()
    names = [(one.deadline_id, one.party, one.rung, one.counted_from) for one in lines]
    assert (len(set(names)), len(set(sent))) == (len(names), len(sent))


def test_c8_the_moment_of_a_retry_is_the_same_on_the_wall_before_and_after_a_clock_change(
    quick_office: Office,
) -> None:
    wanted = [quick_office.settings.mail_hours.next_open(at(day, 20)) for day in ("2026-10-23", "2026-10-26")]
    assert wanted == [
        datetime.fromisoformat("2026-10-26T08:30+01:00"),
        datetime.fromisoformat("2026-10-27T08:30+01:00"),
    ]


def test_what_cannot_be_let_go_of_at_night_keeps_nothing_else_from_being_done(quick_example: Office) -> None:
    quick_example.settings.path("var/sent.journal").mkdir(parents=True)
    uploads = quick_example.settings.path("var/uploads")
    uploads.write_text("a file where a folder should be")
    with quick_example.database.writing() as session:
        row = session.exec(select(DeadlineRow).where(col(DeadlineRow.next_moment).is_not(None))).first()
        assert row is not None
        number, was, row.next_moment = row.id, row.next_moment, None
        session.add(row)

    with pytest.raises(OSError, match="directory"):
        keep_round(quick_example, at("2026-11-24", 4, 15))

    with quick_example.database.reading() as session:
        assert session.get_one(DeadlineRow, number).next_moment == was
        assert [key for key in session.exec(select(Message.key)) if key.startswith("alarm:round:keep")]
