"""The weekly overview on both engines: what people said, what is past and not settled, and who let nothing know."""

from datetime import date

import pytest

from cycle.actions.deadlines.closing import settle
from cycle.actions.office.office import Office
from cycle.domain.answering import Stand
from cycle.domain.model import State
from tests.actions.answers.test_progress import answer
from tests.actions.mailbox import act, at, mails, text_of
from tests.actions.mails.test_reminding import deadline

OFFICE, CLAVIS, WZV = "secretariaat@terneuzen.example", "strategie@clavis.example", "beleid@woongoed.example"


def told(office: Office, email: str, day: str) -> str:
    """The words of the reminder mail that somebody got on a day, or nothing."""
    sent = [mail for mail in mails(office) if mail["To"].addresses[0].addr_spec == email]
    found = [text_of(mail) for mail in sent if mail["Date"].datetime.date() == date.fromisoformat(day)]
    return " ".join(found)


def test_a_letter_that_is_not_settled_is_told_to_its_leads_then_to_the_secretariat_and_stands_in_the_overview(
    example: Office,
) -> None:
    for day in ("2027-03-31", "2027-04-05", "2027-04-07", "2027-04-12", "2027-04-13"):
        act(example, at(day))

    line = "5.9 Uitnodigingsbrief: vóór 1 april (uiterlijk woensdag 31 maart 2027), nog open bij Clavis en Woongoed"
    assert "Voorbij en nog niet afgemeld" in told(example, OFFICE, "2027-04-05")
    assert line in told(example, OFFICE, "2027-04-05")
    for email in (CLAVIS, WZV):
        assert "1 week geleden, nog niet afgemeld" in told(example, email, "2027-04-07")
    to_office = told(example, OFFICE, "2027-04-12")
    assert "12 dagen geleden, nog niet afgemeld" in to_office
    assert "Clavis is trekker van afspraak 5.9" in to_office
    assert "Let op: het is nog niet afgemeld" in to_office
    assert "bestuurder" not in to_office
    assert told(example, OFFICE, "2027-04-13") == ""


def test_what_is_settled_is_not_past_in_the_overview(quick_example: Office) -> None:
    settle(quick_example, deadline(quick_example, "Uitnodigingsbrief"), State.DONE, at("2027-03-31"), party="clavis")

    act(quick_example, at("2027-04-05"))

    assert "5.9 Uitnodigingsbrief" not in told(quick_example, OFFICE, "2027-04-05")


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ({"stand": Stand.RED}, "Huurbeleid: rood"),
        ({"stand": Stand.NOT_MINE}, "Huurbeleid: niet voor mij"),
        ({"at_risk": True}, "Huurbeleid: de haalbaarheid is in gevaar"),
        ({"stand": Stand.RED, "sentence": "De aannemer is failliet."}, "Huurbeleid: rood: De aannemer is failliet."),
    ],
)
def test_an_answer_with_or_without_a_sentence_stands_in_the_overview_of_monday(
    quick_example: Office, reply: dict[str, object], words: str
) -> None:
    act(quick_example, at("2027-02-25"))
    answer(quick_example, CLAVIS, "Huurbeleid", at("2027-02-26"), **reply)

    act(quick_example, at("2027-03-01"))

    assert f"{words.partition(': ')[2]} (Afdeling Strategie)" in told(quick_example, OFFICE, "2027-03-01")


def test_who_settled_something_is_not_called_silent(quick_example: Office) -> None:
    for day in ("2027-02-03", "2027-02-25", "2027-03-08", "2027-03-17"):
        act(quick_example, at(day))
    row = deadline(quick_example, "Uitnodigingsbrief")
    settle(quick_example, row, State.DONE, at("2027-03-18"), party="clavis", by=CLAVIS)

    act(quick_example, at("2027-03-22"))

    assert "Afdeling Strategie kreeg" not in told(quick_example, OFFICE, "2027-03-22")
    assert "Afdeling Beleid kreeg" in told(quick_example, OFFICE, "2027-03-22")
