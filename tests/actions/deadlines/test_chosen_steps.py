"""Steps of the library that a table like Terneuzen's chooses: the room to spend and the advice on the rents."""

from datetime import date

from sqlmodel import select

from cycle.actions.deadlines.deciding.steps import YearWish, change_year
from cycle.actions.deadlines.meeting.planned_meetings import set_meeting
from cycle.actions.office.office import Office
from cycle.store import deadlines
from cycle.store.tables import DeadlineRow
from tests.actions.mailbox import at
from tests.actions.mails.test_reminding import deadline

NOW = at("2026-11-23")
BY = "secretariaat@terneuzen.example"


def test_the_room_to_spend_has_its_line_before_the_autumn_meeting_and_the_rent_advice_asks_both_sides(
    quick_example: Office,
) -> None:
    """Agreements 5.4 and 1.2.1."""
    fields = {"ibr": {"source": ["5.4"]}, "huuradvies": {"source": ["1.2.1"]}}
    change_year(quick_example, 1, YearWish(chosen=("ibr", "huurbrief", "huuradvies")), NOW, by=BY)
    change_year(quick_example, 1, YearWish(fields), NOW, by=BY)
    before = of_2027(quick_example)
    set_meeting(quick_example, deadline(quick_example, "Najaarsoverleg"), date(2027, 10, 21), NOW)
    after = of_2027(quick_example)
    change_year(quick_example, 1, YearWish({"ibr": {"off": True}}), NOW, by=BY)

    tenants, corporations = {"bewonersraad", "shb"}, {"clavis", "wzv"}
    assert before["Rapportage bestedingsruimte (IBR)"] == ("5.4", date(2027, 9, 17), corporations)
    assert after["Rapportage bestedingsruimte (IBR)"] == ("5.4", date(2027, 10, 7), corporations)
    assert before["Advies over de huurverhoging"] == ("1.2.1", date(2027, 3, 19), corporations | tenants)
    assert "Rapportage bestedingsruimte (IBR)" not in of_2027(quick_example)


def of_2027(office: Office) -> dict[str, tuple[str, date | None, set[str]]]:
    """The number, day and leads of each open deadline of that year, by its title."""
    with office.database.reading() as session:
        leads = deadlines.parts(session, deadlines.are_open())
        rows = session.exec(select(DeadlineRow).where(DeadlineRow.state == "open")).all()
        return {
            row.title: (row.number, row.due, {part.party for part in leads[row.id or 0] if part.part == "lead"})
            for row in rows
            if row.due is not None and row.due.year == 2027 and row.origin == "step"
        }
