"""One row that cannot be read (a word that no version of ours knows) takes no other along: not in calendars, lists and
pages, and not in planning. It is left out, logged by its id, and told to the operator."""

import logging

import pytest
from sqlalchemy import text as sql
from sqlmodel import col, select

from cycle.actions.deadlines.upkeep.year_upkeep import keep_year
from cycle.actions.feeds import new_link
from cycle.actions.mails.morning.reminding import plan_mails
from cycle.actions.office.office import Office
from cycle.actions.service.watch.health import examine
from cycle.store.tables import Membership, Message
from tests.actions.mailbox import at
from tests.web.conftest import find

from .conftest import SECRETARY, TREKKER, words_of
from .test_desk_people import person

HERE = "/c/terneuzen"
PAGES = (
    "",
    "/jaar",
    "/termijnen?stand=alles",
    "/afspraken",
    "/overleggen",
    "/mensen",
    "/mensen/wie",
    "/post",
    "/post/gepland",
    "/logboek",
    "/voortgang",
    "/voortgang/wie-wat",
    "/voortgang/zinnen",
    "/post/antwoorden",
    "/termijnen/afhandelen",
    "/inlezen",
    "/vrijgeven",
)
"""Not the letter: one that silently leaves something out must not be made."""
FEBRUARY = at("2027-02-03", 10)


@pytest.fixture
def bad(office: Office, clock) -> int:
    """A deadline of a kind that nobody knows, and a seat in a role that is none."""
    clock.at = FEBRUARY
    kind = find(office, "Uitvoeringsagenda bijwerken", FEBRUARY.date())
    with office.database.writing() as session:
        seat = session.exec(select(Membership).where(Membership.person_id == person(office, "wonen@clavis.example")))
        role = seat.first()
        assert role is not None
        for table, id_, column in (("deadline", kind, "kind"), ("membership", role.id, "role")):
            session.connection().execute(sql(f"UPDATE {table} SET {column} = 'onbekend' WHERE id = {id_}"))
    return kind


def test_calendars_go_on_without_it_and_the_operator_is_told(office: Office, sign_in, bad, caplog):
    desk = sign_in(SECRETARY)
    link = new_link(office, TREKKER, FEBRUARY).url.removeprefix(office.settings.web.base_url)
    with caplog.at_level(logging.ERROR, logger="cycle"):
        answers = [desk.get(link), desk.get(link), desk.get(link.replace("termijnen.ics", "taken.ics"))]
    with office.database.reading() as session:
        [alarm] = session.exec(select(Message).where(Message.kind == "alarm")).all()

    assert [answer.status_code for answer in answers] == [200] * 3
    assert answers[0].content.count(b"SUMMARY:Uiterste dag: 5.9 Uitnodigingsbrief") == 2
    assert b"Uitvoeringsagenda" in answers[0].content  # that of the next year
    assert alarm.subject == "Let op: Een termijn kan niet in de agenda's"
    assert f"feed: termijn {bad}" in {line.getMessage().partition(" left")[0] for line in caplog.records}
    assert "Uitvoeringsagenda" not in caplog.text


def test_pages_lists_and_planning_go_on_without_it(office: Office, sign_in, bad):
    desk = sign_in(SECRETARY)
    plan_mails(office, FEBRUARY)
    with office.database.reading() as session:
        mails = session.exec(select(Message.to).where(Message.kind == "digest").order_by(col(Message.to))).all()
    found = [one for one in examine(office, FEBRUARY) if one.name == "convenant terneuzen" and not one.ok]
    pages = {path: words_of(desk.page(f"{HERE}{path}")) for path in PAGES}
    mine = words_of(sign_in(TREKKER).page("/mij"))
    keep_year(office, FEBRUARY)

    assert TREKKER in mails
    assert str([bad]) in found[0].words
    for path in ("/termijnen?stand=alles", "/jaar"):
        assert "kan niet goed worden getoond" in pages[path]
    for path in ("/jaar", "/overleggen", ""):
        assert "Voorjaarsoverleg" in pages[path]
    assert "Afdeling Strategie" in pages["/mensen"]
    assert "Uitnodigingsbrief" in mine
