"""Wie wordt waarover gevraagd: every agreement is on the list, asked or with why it never is (law L5)."""

import re

from sqlmodel import select

from cycle.store.tables import AgreementRow
from tests.actions.mailbox import act, at

from .conftest import words_of

ROOM = "/c/terneuzen/voortgang/wie-wat"


def parts_of(desk) -> dict[str, list[str]]:
    """The numbers under each heading."""
    parts = re.split(r'<h2 id="([^"]+)"', desk.page(ROOM))
    return {
        name: re.findall(r'/afspraken/\d+">([^<]+)</a>', html)
        for name, html in zip(parts[1::2], parts[2::2], strict=True)
    }


def agreement(office, number: str) -> int:
    with office.database.reading() as session:
        return session.exec(select(AgreementRow.id).where(AgreementRow.number == number)).one() or 0


def test_every_agreement_is_on_the_list_asked_or_with_why_it_never_is(office, desk):
    act(office, at("2027-02-25"))
    parts = parts_of(desk)

    with office.database.reading() as session:
        numbers = set(session.exec(select(AgreementRow.number)))
    assert {*parts["gevraagd"], *parts["nooit"]} == numbers
    assert {"5.1", "5.2", "5.3", "5.9"} <= {*parts["nooit"]}
    words = words_of(desk.page(ROOM))
    assert "het is een stap van het jaar, met eigen herinneringen" in words
    assert "25 februari 2027" in words


def test_what_holds_for_the_whole_term_is_proposed_and_marked_with_one_button_and_taken_back(office, desk):
    path = f"{ROOM}/{agreement(office, '5.7')}"
    page = desk.page(ROOM)
    proposed = page.split('id="voorstel"')[1].split("</section>")[0]
    assert re.findall(r"<li>(\S+) ", proposed) == ["5.6", "5.7"]

    desk.submit(path, {"reden": "geldt voor de hele periode"})
    marked = parts_of(desk)["nooit"]
    desk.submit(path, {"terug": "ja"})

    assert "5.7" in marked
    assert "5.7" in parts_of(desk)["gevraagd"]


def test_a_mark_without_a_reason_is_refused_beside_its_field(office, desk):
    answer = desk.submit(f"{ROOM}/{agreement(office, '2.1')}", {"reden": " "})
    assert (answer.status_code, "Schrijf waarom hier niet naar gevraagd wordt." in answer.text) == (422, True)
