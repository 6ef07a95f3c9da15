"""What is done between midnight and one or two o'clock bears the day on which people did it, not the one of UTC."""

from collections.abc import Callable
from datetime import date

from sqlmodel import select

from cycle.actions import letters
from cycle.actions.answers.answering.behalf import answer_for
from cycle.actions.deadlines.deciding import closing
from cycle.actions.deadlines.meeting import meetings
from cycle.actions.office.office import Office
from cycle.domain.answering import Stand
from cycle.domain.model import State
from cycle.store import deadlines
from cycle.store.tables import AgreementRow, Letter, LetterAddressee, Message
from tests.actions.mailbox import at, queue
from tests.web.conftest import Clock, find

from .conftest import SECRETARY, Desk, words_of

NIGHT = at("2027-03-06", 0, 30)  # 5 March in UTC
SUMMER_NIGHT = at("2027-06-06", 1, 30)


def test_an_answer_of_the_night_is_of_that_day(office: Office) -> None:
    letter = find(office, "Uitnodigingsbrief", date(2027, 1, 1))
    for party, moment in (("clavis", NIGHT), ("wzv", SUMMER_NIGHT)):
        answer_for(office, letter, party, Stand.RED, "Nee.", "An", moment, by=SECRETARY)

    with office.database.reading() as session:
        read = deadlines.open_items(session)
        compared = [one.due_item for one in deadlines.outlines(session, [1])[1] if one.due_item is not None]
    for found in (read, compared):
        said = {(one.party, one.said_on) for due in found for one in due.item.answers}
        assert said == {("clavis", date(2027, 3, 6)), ("wzv", date(2027, 6, 6))}


def test_what_was_settled_or_undone_in_the_night_is_of_that_day(
    office: Office, sign_in: Callable[[str], Desk], clock: Clock
) -> None:
    letter, spring = (find(office, title, date(2027, 1, 1)) for title in ("Uitnodigingsbrief", "Voorjaarsoverleg"))
    with office.database.reading() as session:
        agreement = session.exec(select(AgreementRow.id)).first() or 0
    for party in ("clavis", "wzv"):
        closing.settle(office, letter, State.DONE, NIGHT, by=SECRETARY, party=party)
    meetings.decide(office, spring, meetings.Resolved(agreement, "Zo is het."), NIGHT, by=SECRETARY)
    meetings.undo_decision(office, 1, NIGHT, by=SECRETARY)

    clock.at = at("2027-03-08")
    desk = sign_in(SECRETARY)
    assert f"{SECRETARY}, 6 maart 2027" in words_of(desk.page(f"/c/terneuzen/termijnen/{letter}"))
    assert f"door {SECRETARY} op 6 maart 2027" in words_of(desk.page(f"/c/terneuzen/overleggen/{spring}"))


def test_a_letter_that_left_in_the_night_left_on_that_day(office: Office) -> None:
    [number] = queue(office, 1, NIGHT, "letter")
    with office.database.writing() as session:
        row = session.get_one(Message, number)
        row.state, row.sent_at = "sent", NIGHT
        letter = Letter(
            covenant_id=1,
            year=2027,
            step="uitnodigingsbrief",
            sender="",
            approved_at=NIGHT,
            approved_by=SECRETARY,
            pdf=b"%PDF-",
        )
        session.add_all([row, letter])
        session.flush()
        session.add(
            LetterAddressee(
                letter_id=letter.id or 0,
                party="gemeente",
                person_id=1,
                name="Jan",
                email="jan@x.example",
                message_id=number,
            )
        )

    assert [line for line in letters.state_of(office, "terneuzen", 2027).proof if "op 6 maart 2027" in line]
