"""How the agreements stand, as the letter tells it: each once, with what is open, carried over and done (issue 16)."""

from datetime import date

from sqlmodel import col, select

from cycle.actions.answers.answering.behalf import answer_for
from cycle.actions.answers.rounds.releasing import releasable, release
from cycle.actions.deadlines.deciding.closing import move, settle
from cycle.actions.letters.content.agenda import enclosures_of
from cycle.actions.letters.content.agreements_standing import NO_ACTION, NOT_KNOWN, standing_rows
from cycle.actions.office.covenant_view import view_of
from cycle.actions.office.office import Office
from cycle.domain.answering import Stand
from cycle.domain.model import State
from cycle.domain.text import natural
from cycle.letter.standing_rows import StandingRow
from cycle.store.tables import AgreementRow, DeadlineRow
from tests.actions.mailbox import at

MARCH, BY = at("2027-03-02"), "secretariaat@terneuzen.example"


def told(office: Office, year: int = 2027) -> dict[str, StandingRow]:
    with office.database.reading() as session:
        view = view_of(session, office.settings, None)
        return {row.number: row for row in standing_rows(session, view, year, view.local_day(MARCH))}


def asked_of(office: Office, number: str, **where: str) -> int:
    with office.database.reading() as session:
        mine = [getattr(DeadlineRow, name) == value for name, value in where.items()]
        query = select(DeadlineRow).where(DeadlineRow.number == number, *mine).order_by(col(DeadlineRow.id))
        [row, *_] = session.exec(query).all()
        return row.id


def test_each_agreement_stands_once_in_order_and_says_what_nobody_knows(quick_example: Office):
    rows = told(quick_example)
    with quick_example.database.reading() as session:
        agreed = session.exec(select(AgreementRow.number)).all()

    assert list(rows) == sorted(agreed, key=natural)
    assert rows["1.1.9"] == StandingRow(
        "1.1.9",
        "Verkennen kansen voor middenhuur",
        "Thema 1: Beschikbaarheid en betaalbaarheid",
        "Gemeente",
        (f"eind 2022: {NOT_KNOWN}",),
        "geen bericht",
    )
    assert rows["1.1.8"].lines == ("open over 2026 en 2027",)
    assert rows["4.2"].lines == ("Wijkschouw: open, in 2027",)
    assert [row.number for row in rows.values() if NO_ACTION in row.lines] == []


def test_what_was_done_and_carried_over_is_told_with_its_days_and_old_history_is_not(quick_example: Office):
    move(quick_example, asked_of(quick_example, "2.1", occurrence="once"), date(2027, 7, 1), MARCH, by=BY)
    move(quick_example, asked_of(quick_example, "2.1", occurrence="once"), date(2027, 10, 1), MARCH, by=BY)
    settle(quick_example, asked_of(quick_example, "4.1", occurrence="once"), State.DONE, at("2027-02-03"), by=BY)
    rows = told(quick_example)

    assert rows["2.1"].lines == ("open, doorgeschoven van 31 december 2022 naar 1 oktober 2027",)
    assert rows["4.1"].lines == ("gedaan op 3 februari 2027",)
    assert told(quick_example, 2029)["4.1"].lines == (NO_ACTION,)
    with quick_example.database.reading() as session:
        view = view_of(session, quick_example.settings, None)
        agenda = {row.number: row for row in enclosures_of(session, view, 2027, view.local_day(MARCH))}
    assert agenda["2.1"].when_words == "1 oktober 2027 (was 31 december 2022)"
    assert agenda["4.1"].cells == ("4.1", "Wijkplannen", "", "Gemeente", "")


def test_a_light_is_told_and_a_sentence_only_when_the_secretariat_released_it(quick_example: Office):
    number = asked_of(quick_example, "3.9")
    answer_for(quick_example, number, "clavis", Stand.ORANGE, "Het plan is laat.", "An", MARCH, by=BY)
    before = told(quick_example)["3.9"]
    with quick_example.database.reading() as session:
        view = view_of(session, quick_example.settings, None)
        [line] = releasable(session, view, MARCH)
    release(quick_example, view, [line.answer.id], [line.answer.id], MARCH, by=BY)
    after = told(quick_example)["3.9"]

    assert (before.light, before.said) == ("oranje", "Clavis, 2 maart 2027")
    assert (after.light, after.said) == ("oranje", "Clavis, 2 maart 2027: “Het plan is laat.”")
