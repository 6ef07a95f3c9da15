"""The list of all mail that is still to come has each line on the day of the rehearsal."""

from datetime import date, time

import pytest
from sqlmodel import Session, select

from cycle.actions.mails.rehearsal.rehearsing import plan_ahead, rehearse
from cycle.actions.office.covenant_view import views
from cycle.actions.office.office import Office
from cycle.actions.people.rhythms.rhythm import Choice, choose
from cycle.domain.model import LadderKind
from cycle.store.tables import Covenant, DeadlineParty, DeadlineRow, Person
from tests.actions.mailbox import at

OF_OFFICE, QUIET_MONDAY = 49, date(2027, 8, 16)
NOW, FIRST, LAST = at("2027-03-01", 0), date(2027, 3, 1), date(2027, 8, 31)


@pytest.mark.parametrize("send_hour", ["14:00", ""])
def test_the_list_of_a_covenant_tells_each_line_on_the_day_of_the_rehearsal(
    quick_example: Office, send_hour: str
) -> None:
    with quick_example.database.writing() as session:
        row = session.exec(select(Covenant)).one()
        row.overrides = {**row.overrides, **({"send_hour": send_hour} if send_hour else {})}
        session.add(row)
        people = session.exec(select(Person.id)).all()
        for_office(session)
    for person in people if send_hour else ():
        choose(quick_example, person or 0, Choice(hour=time(9)), at("2027-02-01"))

    with quick_example.database.reading() as session:
        [view] = views(session, quick_example.settings).values()
        planned, _rows = plan_ahead(quick_example, session, view, LAST, NOW)
    rehearsed = [one.digest for one in rehearse(quick_example, FIRST, LAST, NOW)]

    lines_planned, lines_rehearsed = (
        sorted((one.on, line.told, line.person) for one in mails for line in one.reminders)
        for mails in (planned, rehearsed)
    )
    assert lines_planned == lines_rehearsed
    assert any(one.is_if_news for one in planned)
    assert any((on, told.deadline) == (QUIET_MONDAY, OF_OFFICE) for on, told, _person in lines_planned)


def for_office(session: Session) -> None:
    """Something that nobody leads, of which the secretariat is told on a Monday in a week without news."""
    row = session.get_one(DeadlineRow, OF_OFFICE)
    row.kind, row.invented, row.due, row.next_moment = LadderKind.ACTION, False, date(2027, 9, 15), NOW
    session.add(row)
    for part in session.exec(select(DeadlineParty).where(DeadlineParty.deadline_id == OF_OFFICE)):
        session.delete(part)
