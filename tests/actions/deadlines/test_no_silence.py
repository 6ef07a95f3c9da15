"""No silence (law L5): each agreement with a lead comes back in each round, or is listed with why it does not."""

from datetime import datetime

from sqlmodel import select

from cycle.actions.deadlines.deciding.closing import settle
from cycle.actions.deadlines.upkeep.year_upkeep import YearChanges, keep_year
from cycle.actions.letters.content.agenda import enclosures_of
from cycle.actions.mails.rehearsal.rehearsing import rehearse_year
from cycle.actions.office.covenant_view import view_of
from cycle.actions.office.office import Office
from cycle.domain.model import State
from cycle.domain.progress_questions import is_question
from cycle.store.tables import AgreementRow, DeadlineParty, DeadlineRow, PartyRow
from tests.actions.mailbox import at

JANUARY = at("2027-01-04")
OWN_STEP = {"5.1", "5.2", "5.3", "5.9"}
"""What has a running ladder of its own: the meetings, the working group, the agenda and the letter."""


def asked_in(office: Office, year: int, now: datetime) -> dict[str, list[str]]:
    """The numbers of the agreements that somebody is asked about, by the day of each round's first question."""
    with office.database.reading() as session:
        numbers = {row.id: row.number for row in session.exec(select(DeadlineRow))}
    asked: dict[str, list[str]] = {}
    for mail in rehearse_year(office, year, now):
        lines = [
            numbers[line.deadline] for line in mail.digest.reminders if (line.what, line.reason) == ("ask", "trekker")
        ]
        asked.setdefault(str(mail.digest.on), []).extend(lines)
    return {day: sorted(several) for day, several in asked.items() if several}


def numbers_with_a_lead(office: Office) -> set[str]:
    with office.database.reading() as session:
        return {row.number for row in session.exec(select(AgreementRow)) if row.agenda_leads or row.leads}


def settle_all(office: Office, number: str, state: State, now: datetime, *, questions: bool = False) -> None:
    """Settles all that is open under a number, for each lead: what has a day, or else the questions."""
    with office.database.reading() as session:
        query = (
            select(DeadlineRow.id, PartyRow.slug)
            .join(DeadlineParty, DeadlineParty.deadline_id == DeadlineRow.id)
            .join(PartyRow, PartyRow.id == DeadlineParty.party_id)
            .where(DeadlineRow.number == number, DeadlineRow.state == State.OPEN, DeadlineParty.part == "lead")
            .where(DeadlineRow.due.is_(None) if questions else DeadlineRow.due.is_not(None))
        )
        parts = list(session.exec(query))
    for deadline, slug in parts:
        settle(office, deadline, state, now, party=slug, by="secretariaat@terneuzen.example")


def questions(office: Office, number: str) -> dict[str, str]:
    """The state of each question of its own about an agreement, by what it is called."""
    with office.database.reading() as session:
        rows = session.exec(select(DeadlineRow).where(DeadlineRow.number == number)).all()
        return {row.occurrence: str(row.state) for row in rows if is_question(row.slot, row.occurrence)}


def test_every_agreement_with_a_lead_is_asked_about_in_both_rounds_whatever_became_of_its_actions(example):
    for number in ("1.1.6", "1.1.9", "2.1", "3.7", "5.4"):
        settle_all(example, number, State.DONE, JANUARY)
    keep_year(example, JANUARY)

    spring, autumn = asked_in(example, 2027, JANUARY).values()

    for asked in (spring, autumn):
        assert numbers_with_a_lead(example) - set(asked) == OWN_STEP
    assert keep_year(example, JANUARY) == YearChanges()


def test_a_question_that_was_done_comes_back_next_year_and_one_that_was_dropped_does_not(quick_example):
    for number in ("2.1", "3.7"):
        settle_all(quick_example, number, State.DONE, JANUARY)
    keep_year(quick_example, JANUARY)
    settle_all(quick_example, "2.1", State.DONE, JANUARY, questions=True)
    settle_all(quick_example, "3.7", State.DROPPED, JANUARY, questions=True)
    keep_year(quick_example, JANUARY)

    assert questions(quick_example, "2.1") == {"vraag": "done", "2028": "open"}
    assert questions(quick_example, "3.7") == {"vraag": "dropped"}
    assert [("2.1" in asked, "3.7" in asked) for asked in asked_in(quick_example, 2027, JANUARY).values()] == [
        (False, False),
        (False, False),
    ]
    assert [("2.1" in asked, "3.7" in asked) for asked in asked_in(quick_example, 2028, JANUARY).values()] == [
        (True, False),
        (True, False),
    ]


def test_what_is_marked_as_standing_is_not_asked_for_a_colour_dated_or_not(example):
    with example.database.writing() as session:
        for row in session.exec(select(AgreementRow).where(AgreementRow.number.in_(["2.1", "5.5", "5.7"]))):
            row.standing = "geldt voor de hele periode"
    keep_year(example, JANUARY)

    for asked in asked_in(example, 2027, JANUARY).values():
        assert numbers_with_a_lead(example) - set(asked) == OWN_STEP | {"2.1", "5.5", "5.7"}


def test_a_question_is_no_action_on_the_agenda_of_the_letter(quick_example):
    settle_all(quick_example, "2.1", State.DONE, JANUARY)
    keep_year(quick_example, JANUARY)

    with quick_example.database.reading() as session:
        view = view_of(session, quick_example.settings, None)
        asked = [row.action for row in enclosures_of(session, view, 2027, JANUARY.date()) if row.number == "2.1"]

    assert questions(quick_example, "2.1") == {"vraag": "open"}
    assert asked == [""]  # it stands there as an agreement of which no action is open
