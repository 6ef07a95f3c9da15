"""The page of a director behind the mailed link: all that goes with the letter, and what an old or used link says."""

import re
from datetime import date
from urllib.parse import quote

from sqlmodel import select

from cycle.actions.letters import approve, send, withdraw
from cycle.actions.letters.approval.directors import approve_path, ask_directors
from cycle.actions.office.office import Office
from cycle.store import letters
from cycle.store.tables import Letter, LetterFile, Person
from tests.actions.mailbox import at

MARCH, BY = at("2027-03-02"), "secretariaat@terneuzen.example"
DIRECTOR = "directie@clavis.example"


def link_of(office: Office) -> str:
    """The link that the director of Clavis got."""
    ask_directors(office, "terneuzen", 2027, MARCH, by=BY)
    with office.database.reading() as session:
        director = session.exec(select(Person).where(Person.email == DIRECTOR)).one()
        return approve_path(office, session.exec(select(Letter)).one().id or 0, director, date(2027, 3, 2))


def test_a_director_finds_all_that_goes_with_the_letter_as_it_was_frozen_with_it(office, client, clock):
    clock.at = MARCH
    link = link_of(office)
    page = client.get(link)
    with office.database.reading() as session:
        letter = session.exec(select(Letter)).one()
        kept = {one.name: one.content for one in letters.files(session, letter, "bijlage")}
    assert sorted(name.rpartition(".")[2] for name in kept) == ["docx", "pdf", "xlsx"]
    assert re.findall(rf'href="({re.escape(link)}/bijlage/[^"]+)"', page.text) == [
        f"{link}/bijlage/{quote(name)}" for name in kept
    ]
    fetched = {name: client.get(f"{link}/bijlage/{quote(name)}") for name in kept}
    assert {name: one.content for name, one in fetched.items()} == kept
    assert {one.headers["cache-control"] for one in fetched.values()} == {"private, no-store"}

    with office.database.reading() as session:
        other = session.exec(select(LetterFile.name).where(LetterFile.kind != "bijlage")).all()
    assert {client.get(f"{link}/bijlage/{quote(name)}").status_code for name in ["anders.pdf", *other]} == {404}


def test_an_old_a_used_and_a_withdrawn_link_each_say_what_there_is_to_do(office, client, clock):
    clock.at = MARCH
    link = link_of(office)

    def said() -> tuple[int, str]:
        page = client.get(link, headers={"Accept": "text/html"})
        return page.status_code, " ".join(re.sub(r"<[^>]+>", " ", page.text.partition("<main")[2]).split())

    assert said()[0] == 200
    withdraw(office, "terneuzen", 2027, MARCH, by=BY)
    status, words = said()
    assert (status, "Deze brief wordt aangepast, of hij is er niet meer." in words) == (404, True)
    assert "U krijgt vanzelf een nieuwe mail als u hem opnieuw moet lezen." in words

    link = link_of(office)
    approve(office, "terneuzen", 2027, MARCH, by=BY, name="D. Directeur")
    assert "Dank u wel. U hoeft niets meer te doen." in said()[1]
    send(office, "terneuzen", 2027, MARCH, by=BY)
    assert "De brief is verstuurd. Er is niets meer te doen." in said()[1]
    assert "<form" not in client.get(link).text.partition("<main")[2]

    clock.at = at("2027-06-02")
    status, words = said()
    assert status == 410
    assert "Deze link is ouder dan 60 dagen en werkt niet meer. Gebruik de link in de laatste mail" in words
    assert client.get(f"{link}/brief").status_code == 410
