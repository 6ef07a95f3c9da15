"""Mijn pagina: what is asked of a trekker, what they let know, and the pages that are theirs alone."""

import re
from urllib.parse import urlsplit

from sqlmodel import select

from cycle.actions.deadlines.deciding import closing
from cycle.actions.deadlines.upkeep.year_upkeep import keep_year
from cycle.domain.model import PartyKind, Role, State
from cycle.store.tables import AnswerRow, Covenant, DeadlineRow, Membership, PartyRow, Person
from tests.web.conftest import HTML, NOW, find

from .conftest import OTHER_TREKKER, SECRETARY, TREKKER, queries, words_of
from .test_desk_year import YEAR, copy_deadlines


def test_a_trekker_begins_on_their_own_page_and_the_secretary_in_the_year(sign_in):
    begins = [sign_in(email).get("/bureau", headers=HTML).headers["location"] for email in (TREKKER, SECRETARY)]

    assert begins == ["/mij", "/c/terneuzen/jaar"]


def seat_at(office, covenant: int, role: Role) -> None:
    """A seat for our secretary at another covenant."""
    with office.database.writing() as session:
        who = session.exec(select(Person.id).where(Person.email == SECRETARY)).one()
        party = session.exec(select(PartyRow.id).where(PartyRow.covenant_id == covenant)).first()
        session.add(Membership(person_id=who, party_id=party, role=role))


def more_tables(office, many: int) -> None:
    """Other covenants with nothing in them, of which our secretary keeps the secretariat."""
    for number in range(1, many + 1):
        with office.database.writing() as session:
            row = Covenant(slug=f"tafel-{number:03}", name=f"Tafel {number:03}", live_since=NOW.date(), released_at=NOW)
            session.add(row)
            session.flush()
            key = row.id
            session.add(PartyRow(covenant_id=key, slug="gemeente", name="Gemeente", kind=PartyKind.MUNICIPALITY))
        seat_at(office, key, Role.SECRETARIAT)


def covenants_on(html: str) -> list[str]:
    return re.findall(r'<li><a href="/c/([\w-]+)/jaar">', html)


def test_who_keeps_several_secretariats_sees_what_waits_over_all_of_them(office, desk):
    with office.database.reading() as session:
        hulst = session.exec(select(Covenant.id).where(Covenant.slug == "hulst")).one()
    seat_at(office, hulst, Role.SECRETARIAT)
    own = re.findall(r"<li>(<span class=.many.>.*?)</li>", desk.page("/c/terneuzen/jaar"), re.DOTALL)
    with office.database.writing() as session:
        session.get_one(Covenant, hulst).overrides = {"steps": {"bestaat niet": {}}}

    page = desk.page("/bureau")
    words = words_of(page)

    assert covenants_on(page) == ["hulst", "terneuzen"]
    assert [words_of(line) in words for line in own] == [True] * len(own) != []
    assert '<a href="/c/terneuzen/termijnen/afhandelen">' in page
    assert "1 fout: De instellingen kloppen niet" in words
    assert "Zoeken" not in words


def test_hundreds_of_covenants_are_searched_and_leafed_through_and_a_reader_sees_no_work(office, desk):
    more_tables(office, 30)
    with office.database.reading() as session:
        hulst = session.exec(select(Covenant.id).where(Covenant.slug == "hulst")).one()
    seat_at(office, hulst, Role.READER)
    first, second = desk.page("/bureau"), desk.page("/bureau?blad=2")
    sought, beyond = desk.page("/bureau?zoek=TAFEL+00"), desk.page("/bureau?blad=99")
    with queries(office) as asked:
        desk.page("/bureau")

    assert (len(covenants_on(first)), len(covenants_on(second))) == (25, 7)
    assert not set(covenants_on(first)) & set(covenants_on(second))
    assert (covenants_on(beyond), covenants_on(second)[-1]) == (
        covenants_on(second),
        "hulst",
    )  # of which no secretariat
    assert "32 convenanten; dit zijn 26 tot en met 32, die van uw secretariaat eerst." in words_of(second)
    assert covenants_on(sought) == [f"tafel-00{number}" for number in range(1, 10)]
    assert "9 convenanten met “TAFEL 00”." in words_of(sought)
    assert ("er wacht niets" in first, 'href="/bureau?blad=2"' in first) == (True, True)
    assert "Er is geen convenant met deze naam." in desk.page("/bureau?zoek=nergens")
    assert len(asked) <= 35, len(asked)


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


def test_a_covenant_that_was_put_away_is_listed_apart_read_by_all_changed_by_nobody_and_taken_up_again(
    office, desk, sign_in
):
    page = "/c/terneuzen/archief"
    asked = words_of(desk.page(page))
    done = desk.submit(page, {"wat": "archiveren"})
    year, refused = words_of(desk.page("/c/terneuzen/jaar")), desk.submit("/c/terneuzen/openbaar", {"stand": "aan"})
    trekker = sign_in(TREKKER)
    read, own = words_of(trekker.page("/c/terneuzen/jaar")), words_of(trekker.page("/mij"))
    more_tables(office, 1)
    both = words_of(desk.page("/bureau"))
    again = desk.submit(page, {"wat": "oppakken"})

    assert "Er gaat geen mail meer uit." in asked
    assert (done.status_code, refused.status_code, again.status_code) == (303, 409, 303)
    assert "Deze afspraken zijn gearchiveerd" in year
    assert "er verandert niets meer" in refused.text
    assert ("Deze afspraken zijn gearchiveerd" in read, "Weer oppakken" in read, "Voorjaarsoverleg" in own) == (
        True,
        False,
        False,
    )
    assert both.partition("Gearchiveerd")[2].strip().startswith("Prestatieafspraken Terneuzen")
    assert "Deze afspraken zijn gearchiveerd" not in words_of(desk.page("/c/terneuzen/jaar"))
