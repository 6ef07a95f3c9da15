"""Mijn pagina: what is asked of a trekker, what they let know, and the pages that are theirs alone."""

import re
from urllib.parse import urlsplit

from sqlmodel import select

from cycle.actions.deadlines import closing
from cycle.actions.deadlines.year_upkeep import keep_year
from cycle.domain.model import State
from cycle.store.tables import AnswerRow, DeadlineRow, Person
from tests.web.conftest import HTML, NOW, find

from .conftest import OTHER_TREKKER, SECRETARY, TREKKER, queries, words_of
from .test_desk_year import YEAR, copy_deadlines


def test_a_trekker_begins_on_their_own_page_and_the_secretary_in_the_year(sign_in):
    begins = [sign_in(email).get("/bureau", headers=HTML).headers["location"] for email in (TREKKER, SECRETARY)]

    assert begins == ["/mij", "/c/terneuzen/jaar"]


def test_it_asks_only_what_is_addressed_to_them(office, sign_in):
    keep_year(office, NOW)
    mine, other = (words_of(sign_in(email).page("/mij")) for email in (TREKKER, OTHER_TREKKER))

    assert ("Uitvoeringsagenda bijwerken" in mine, "Najaarsoverleg" in mine) == (True, False)
    assert "Uitvoeringsagenda bijwerken" not in other


def test_what_is_done_is_not_asked_again(office, sign_in):
    browser = sign_in(TREKKER)
    before = browser.page("/mij").count("Uitnodigingsbrief")
    closing.settle(office, find(office, "Uitnodigingsbrief", YEAR), State.DONE, NOW, by=TREKKER)

    assert browser.page("/mij").count("Uitnodigingsbrief") == before - 1


def test_the_own_pages_open(office, sign_in):
    browser = sign_in(TREKKER)
    base = office.settings.web.base_url
    paths = [urlsplit(one).path for one in re.findall(rf'href="({base}/(?:agenda|ritme)/[^"]+)"', browser.page("/mij"))]

    assert [path.split("/")[1] for path in paths] == ["agenda", "ritme"]
    assert [browser.get(path, headers=HTML).status_code for path in paths] == [200, 200]


def test_what_they_let_know_is_theirs(office, sign_in):
    with office.database.writing() as session:
        row = session.exec(select(DeadlineRow).limit(1)).one()
        person = session.exec(select(Person.id).where(Person.email == TREKKER)).one()
        session.add(
            AnswerRow(
                covenant_id=row.covenant_id,
                deadline_id=row.id,
                party="clavis",
                person_id=person,
                stand="groen",
                sentence="Loopt op schema.",
                at=NOW,
            )
        )
    mine, other = (words_of(sign_in(email).page("/mij")) for email in (TREKKER, OTHER_TREKKER))

    assert "groen Loopt op schema. 21 november 2026" in mine
    assert "Loopt op schema." not in other


def test_the_number_of_queries_does_not_grow_with_the_rows(office, sign_in):
    browser, counted = sign_in(TREKKER), []
    for wanted in (1, 3, 300):
        copy_deadlines(office, wanted)
        with queries(office) as asked:
            browser.page("/mij")
        counted.append(len(asked))

    assert len(set(counted)) == 1, counted
