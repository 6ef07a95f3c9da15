"""Design section 2: what is rehearsed is what goes out. A whole year, day by day, with the clock frozen."""

from datetime import date, datetime, timedelta

import pytest
from freezegun import freeze_time
from sqlmodel import select

from cycle import clock
from cycle.actions.mails.rehearsing import rehearse_year
from cycle.actions.office.office import Office
from cycle.actions.post.delivering import open_pace, open_transport
from cycle.actions.service.clock_work import deliver_round, keep_round, plan_round
from cycle.store.tables import Message, ReminderRow
from tests.actions.mailbox import at

Line = tuple[str, str, str, int, str]


def rehearsed(office: Office, year: int) -> list[Line]:
    return sorted(
        (mail.digest.on.isoformat(), mail.to.email, mail.message.subject, line.deadline, line.rung)
        for mail in rehearse_year(office, year, clock.now())
        for line in mail.digest.reminders
    )


def happened(office: Office) -> list[Line]:
    with office.database.reading() as session:
        query = select(Message, ReminderRow).join(ReminderRow, ReminderRow.message_id == Message.id)  # type: ignore[arg-type]
        return sorted(
            (mail.on.isoformat(), mail.to, mail.subject, line.deadline_id, line.rung)
            for mail, line in session.exec(query)
        )


def live(office: Office, first: date, last: date) -> None:
    """The clock's work on each day: three rounds, at night, in the morning and in the afternoon."""
    transport, pace = open_transport(office.settings), open_pace(office.settings)
    with freeze_time(at(first.isoformat(), 0)) as frozen:
        for number in range((last - first).days + 1):
            day = (first + timedelta(number)).isoformat()
            if number % 7 == 0:  # the daily round changes nothing within a year; once a week shows it
                frozen.move_to(at(day, 4))
                keep_round(office, clock.now())
            for hour in (4, 9, 15):
                frozen.move_to(at(day, hour))
                plan_round(office, clock.now())
                deliver_round(office, transport, pace, clock.now)


@pytest.mark.parametrize("start", ["2027-01-01", "2027-03-17"])
def test_a_year_lived_day_by_day_sends_exactly_what_was_rehearsed(example: Office, start: str) -> None:
    first = date.fromisoformat(start)
    if first.day != 1:
        live(example, first, first)  # in the middle of the year, after that morning's mails
    begun = set(happened(example))
    with freeze_time(at(start, 16) if begun else at(start, 0)):
        expected = rehearsed(example, 2027)

    live(example, first + timedelta(1 if begun else 0), date(2027, 12, 31))

    assert [line for line in happened(example) if line not in begun] == expected
    assert len(expected) > 30


def test_every_mail_of_the_year_arrived(quick_example: Office) -> None:
    live(quick_example, date(2027, 3, 1), date(2027, 4, 30))

    with quick_example.database.reading() as session:
        messages = session.exec(select(Message)).all()
    files = list(quick_example.settings.path("var/mail/new").iterdir())
    assert ({message.state for message in messages}, len(files)) == ({"sent"}, len(messages))
    assert all(isinstance(message.sent_at, datetime) for message in messages)
