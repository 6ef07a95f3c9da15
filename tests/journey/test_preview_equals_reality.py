"""Design section 2: what is rehearsed is what goes out, per person and subject, day by day. Nobody acts meanwhile."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta

import pytest
from sqlmodel import col, select

from cycle.actions.deadlines.deciding.closing import move
from cycle.actions.mails.rehearsal.rehearsing import rehearse, rehearse_year
from cycle.actions.office.office import Office
from cycle.actions.people.rhythms.rhythm import Choice, choose
from cycle.actions.post.delivery.delivering import open_pace, open_transport
from cycle.actions.service.watch.clock_work import deliver_round, keep_round, plan_round
from cycle.store.tables import Covenant, DeadlineRow, Message, Person, ReminderRow
from tests.actions.mailbox import at

MORNING, ALL_DAY = ((8, 30),), ((8, 30), (11, 0), (16, 30))
POLICY = "beleid@woongoed.example"

Mail = tuple[str, str, str]
Line = tuple[str, str, int | None, str]


def rehearsed(office: Office, first: date, last: date, now: datetime) -> tuple[list[Mail], list[Line]]:
    """The mails by day, reader and subject, and their lines by day, reader, deadline and rung."""
    mails = rehearse(office, first, last, now)
    return (
        sorted((one.digest.on.isoformat(), one.to.email, one.message.subject) for one in mails),
        sorted(
            (one.digest.on.isoformat(), one.to.email, line.deadline, line.rung)
            for one in mails
            for line in one.digest.reminders
        ),
    )


def happened(office: Office, first: date) -> tuple[list[Mail], list[Line]]:
    """The same of what was sent from a day on."""
    sent = Message.kind == "digest", Message.state == "sent", Message.on >= first
    with office.database.reading() as session:
        mails = session.exec(select(Message).where(*sent)).all()
        lines = session.exec(
            select(Message, ReminderRow).join(ReminderRow, ReminderRow.message_id == Message.id).where(*sent)  # type: ignore[arg-type]
        ).all()
    return (
        sorted((one.on.isoformat(), one.to, one.subject) for one in mails if one.on),
        sorted((mail.on.isoformat(), mail.to, line.deadline_id, line.rung) for mail, line in lines if mail.on),
    )


def live(
    office: Office,
    first: date,
    last: date,
    rounds: Sequence[tuple[int, int]] = MORNING,
    *,
    kept_on: Collection[int] = (1,),
) -> None:
    """The clock's work on each day: rounds at some times, and upkeep at night on some days of the month."""
    transport, pace = open_transport(office.settings), open_pace(office.settings)
    for number in range((last - first).days + 1):
        day = first + timedelta(number)
        if day.day in kept_on:
            keep_round(office, at(day.isoformat(), 4))
        if office.settings.work_calendar.is_mail_day(day):
            for hour, minute in rounds:
                now = at(day.isoformat(), hour, minute)
                plan_round(office, now)
                if is_waited_for(office):
                    deliver_round(office, transport, pace, lambda: now)  # noqa: B023  # asked at once


def is_waited_for(office: Office) -> bool:
    """Whether a mail is there that did not go: a round without any takes as long, and does nothing."""
    with office.database.reading() as session:
        return session.exec(select(Message.id).where(Message.state != "sent")).first() is not None


@pytest.mark.slow
def test_what_is_left_of_this_year_and_the_two_after_it_are_sent_as_they_were_rehearsed(example: Office) -> None:
    """On PostgreSQL to the end of March: over the turn of the year, through each kind of round once. What comes later
    is worked out by the same rules from the same questions, of which SQLite lives all."""
    is_whole = example.database.is_sqlite
    first, last = date(2026, 11, 26), date(2028, 12, 31) if is_whole else date(2027, 3, 31)
    with example.database.reading() as session:
        of_year = DeadlineRow.due == date(2026, 12, 31), DeadlineRow.title == "Wijkschouw"
        [this_year] = session.exec(select(DeadlineRow.id).where(*of_year)).all()
    move(example, this_year or 0, date(2026, 12, 16), at("2026-11-25"), by="an@terneuzen.example")
    expected = rehearsed(example, first, last, at(first.isoformat(), 0))

    live(example, first, last)

    assert happened(example, first) == expected
    assert {mail[0][:4] for mail in expected[0]} == ({"2026", "2027", "2028"} if is_whole else {"2026", "2027"})
    assert len(expected[0]) > (100 if is_whole else 20)


@pytest.mark.slow
def test_a_rehearsal_in_the_middle_of_a_day_goes_on_from_there(quick_example: Office) -> None:
    live(quick_example, date(2027, 3, 15), date(2027, 3, 17))

    expected = rehearsed(quick_example, date(2027, 3, 18), date(2027, 6, 30), at("2027-03-17", 17))
    live(quick_example, date(2027, 3, 18), date(2027, 6, 30))

    assert happened(quick_example, date(2027, 3, 18)) == expected
    assert len(expected[1]) > 20


def test_december_is_played_before_a_year_that_is_yet_to_come(quick_example: Office) -> None:
    begin = at("2026-11-26", 0)

    of_year = rehearse_year(quick_example, 2028, begin)

    whole = rehearse(quick_example, date(2026, 11, 26), date(2028, 12, 31), begin)
    assert [(one.digest, one.message.subject) for one in of_year] == [
        (one.digest, one.message.subject) for one in whole if one.digest.on.year == 2028
    ]


@pytest.mark.slow
def test_mails_that_wait_for_approval_are_rehearsed_as_they_go_by_themselves(example: Office) -> None:
    with example.database.writing() as session:
        row = session.exec(select(Covenant)).one()
        row.overrides = {**row.overrides, "approval": "ja"}
        session.add(row)
        hurried = session.exec(select(Person.id).where(Person.email == POLICY)).one()
    choose(example, hurried or 0, Choice(hour=time(11), per_week=2), at("2027-01-29"))
    first, last = date(2027, 2, 1), date(2027, 3, 31) if example.database.is_sqlite else date(2027, 3, 5)
    expected = rehearsed(example, first, last, at("2027-02-01", 0))

    live(example, first, last, ALL_DAY)

    assert happened(example, first) == expected
    told = [mail for mail in expected[0] if mail[1] == "secretariaat@terneuzen.example"]
    assert len(told) > (8 if example.database.is_sqlite else 4)


@pytest.mark.slow
def test_people_who_share_a_mailbox_get_one_mail_a_day_as_it_was_rehearsed(example: Office) -> None:
    with example.database.writing() as session:
        row = session.exec(select(Covenant)).one()
        row.overrides = {**row.overrides, "approval": "ja"}
        session.add(row)
        sharing = session.exec(select(Person).where(col(Person.name).like("Afdeling%"))).all()
        for person in sharing:  # of two parties
            person.email = POLICY
        hurried, slow = (one.id or 0 for one in sharing[:2])
    choose(example, hurried, Choice(hour=time(9), per_week=2), at("2027-01-29"))
    choose(example, slow, Choice(hour=time(11), weekdays=frozenset({1})), at("2027-01-29"))
    first, last = date(2027, 3, 1), date(2027, 3, 31)
    expected = rehearsed(example, first, last, at("2027-03-01", 0))

    live(example, first, last, ALL_DAY)

    assert happened(example, first) == expected
    days = Counter(day for day, to, _subject in expected[0] if to == POLICY)
    assert (len(sharing) > 3, len(days) > 4, set(days.values())) == (True, True, {1})
    by_day_and_person = {(mail.on, line.person_id) for mail, line in told_to(example, POLICY)}
    assert len(by_day_and_person) > len(days)


def told_to(office: Office, address: str) -> list[tuple[Message, ReminderRow]]:
    with office.database.reading() as session:
        query = select(Message, ReminderRow).join(ReminderRow, ReminderRow.message_id == Message.id)  # type: ignore[arg-type]
        return list(session.exec(query.where(Message.to == address, Message.state == "sent")).all())


@pytest.mark.slow
def test_a_covenant_that_mails_after_its_readers_own_hour_is_rehearsed_as_it_goes(quick_example: Office) -> None:
    with quick_example.database.writing() as session:
        row = session.exec(select(Covenant)).one()
        row.overrides = {**row.overrides, "send_hour": "14:00"}
        session.add(row)
        people = session.exec(select(Person.id).where(Person.email != "secretariaat@terneuzen.example")).all()
    for person in people:
        choose(quick_example, person or 0, Choice(hour=time(9), per_week=1), at("2027-02-01"))
    first, last = date(2027, 3, 1), date(2027, 3, 31)
    keep_round(quick_example, at("2027-03-01", 0))
    expected = rehearsed(quick_example, first, last, at("2027-03-01", 0))

    live(quick_example, first, last, ((8, 30), (9, 0), (14, 0), (16, 0)), kept_on=range(1, 32))

    assert happened(quick_example, first) == expected
    assert len(expected[1]) > 20


@pytest.mark.slow
def test_every_mail_of_the_year_arrived(quick_example: Office) -> None:
    live(quick_example, date(2027, 3, 1), date(2027, 4, 30))

    with quick_example.database.reading() as session:
        messages = session.exec(select(Message)).all()
    files = list(quick_example.settings.path("var/mail/new").iterdir())
    assert ({message.state for message in messages}, len(files)) == ({"sent"}, len(messages))
    assert all(isinstance(message.sent_at, datetime) for message in messages)
