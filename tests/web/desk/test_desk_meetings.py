"""Overleggen at the desk: set, move and call off with warnings, suggestions, and decisions that change deadlines."""

import re
from datetime import UTC, date, datetime, time

import pytest
from sqlmodel import col, select

from cycle.actions.office.office import Office
from cycle.domain.model import Meeting
from cycle.store.deadlines import meeting_of
from cycle.store.tables import Absence, AnswerRow, Body, DeadlineRow, MeetingDecision, Person
from cycle.web.app import create_app
from tests.actions.mailbox import at
from tests.web.conftest import HTML, find

from .conftest import DIRECTOR, OURS, Desk, words_of

ROOM = "/c/terneuzen/overleggen"


@pytest.fixture(autouse=True)
def _in_march(clock) -> None:
    clock.at = datetime(2027, 3, 2, 10, 0, tzinfo=UTC)


@pytest.fixture
def spring(office: Office) -> str:
    return f"{ROOM}/{find(office, 'Voorjaarsoverleg', date(2027, 1, 1))}"


def row_of(office: Office, path: str) -> DeadlineRow:
    with office.database.reading() as session:
        return session.get_one(DeadlineRow, int(path.rpartition("/")[2]))


def version_of(desk: Desk, path: str) -> str:
    return desk.page(path).split('name="version" value="')[1].split('"')[0]


def agreement_deadline(office: Office) -> DeadlineRow:
    with office.database.reading() as session:
        query = select(DeadlineRow).where(DeadlineRow.origin == "agreement", DeadlineRow.state == "open")
        return session.exec(query.order_by(col(DeadlineRow.id))).first()


def test_a_meeting_is_set_moved_and_called_off(office, desk, spring):
    form = {"dag": "15-4-2027", "begin": "14.00", "einde": "16:00", "plaats": "Stadhuis"}
    assert desk.submit(f"{spring}/plannen", form | {"version": version_of(desk, spring)}).status_code == 303
    assert "Voorjaarsoverleg: gepland op donderdag 15 april 2027." in words_of(desk.page(spring))
    planned = Meeting(date(2027, 4, 15), time(14), time(16), "Stadhuis")
    assert meeting_of(row_of(office, spring)) == planned

    desk.submit(f"{spring}/plannen", form | {"dag": "27-4-2027"})
    page = words_of(desk.page(spring))
    assert "Let op: Dit is een vrije dag of een weekend." in page
    assert "Schoolvakantie in regio zuid: meivakantie (24 april tot en met 2 mei 2027)." in page

    desk.submit(f"{spring}/afzeggen", {"reden": "Te weinig mensen."})
    assert row_of(office, spring).meeting_day is None
    assert "de datum is weer open" in words_of(desk.page(spring))


def test_suggestions_say_why_and_who_is_away(office, desk, spring):
    with office.database.writing() as session:
        people = session.exec(select(Person).order_by(col(Person.id)).limit(1)).all()
        session.add_all(Absence(person_id=one.id, first=date(2027, 4, 1), last=date(2027, 4, 9)) for one in people)
        name = people[0].name
    page = words_of(desk.page(spring))
    assert "donderdag 15 april 2027 Gewone werkdag, geen schoolvakantie, niemand is afwezig gemeld" in page

    desk.submit(f"{spring}/plannen", {"dag": "8-4-2027"})
    assert f"mensen is afwezig: {name}." in words_of(desk.page(spring))
    assert 'value="20-04-2027"' in desk.page(spring + "?dag=2027-04-20")


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"dag": "31-2-2027", "plaats": "Stadhuis"}, "Dit is geen datum. Schrijf bijvoorbeeld 31-3-2027."),
        ({"dag": "", "plaats": "Stadhuis"}, "Vul de dag van het overleg in."),
        (
            {"dag": "15-4-2027", "begin": "16:00", "einde": "14:00", "plaats": "Stadhuis"},
            "Het einde ligt niet na het begin.",
        ),
    ],
)
def test_what_was_typed_stays(desk, spring, form, said):
    answer = desk.submit(f"{spring}/plannen", form)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="Stadhuis"' in answer.text


def test_two_secretaries(office, desk, spring):
    version = version_of(desk, spring)
    desk.submit(f"{spring}/plannen", {"dag": "15-4-2027", "version": version})
    answer = desk.submit(f"{spring}/plannen", {"dag": "20-4-2027", "plaats": "Elders", "version": version})

    assert answer.status_code == 409
    assert "overleg gepland" in answer.text
    assert 'value="Elders"' in answer.text
    assert row_of(office, spring).meeting_day == date(2027, 4, 15)


def test_afterwards_decisions_change_deadlines_and_show_with_the_agreement(office, desk, spring):
    desk.submit(f"{spring}/plannen", {"dag": "1-3-2027"})
    assert "Heeft het plaatsgevonden?" in words_of(desk.page(spring))
    desk.submit(f"{spring}/geweest", {})
    about = agreement_deadline(office)
    form = {
        "besluit": "Uitstel.",
        "afspraak": str(about.agreement_id),
        "gevolg": "verplaatsen",
        "termijn": str(about.id),
    }
    missing = desk.submit(f"{spring}/besluit", form)
    right = desk.submit(f"{spring}/besluit", form | {"nieuwe-dag": "1-10-2027"})

    assert (missing.status_code, right.status_code) == (422, 303)
    assert "Vul in wanneer het klaar moet zijn." in missing.text
    assert "Uitstel." in missing.text
    page = words_of(desk.page(spring))
    assert "Vastgelegd: Voorjaarsoverleg 1 maart 2027, besluit 1." in page
    assert "nieuwe datum: vrijdag 1 oktober 2027" in page
    history = words_of(desk.page(f"/c/terneuzen/afspraken/{about.agreement_id}"))
    assert "Voorjaarsoverleg 1 maart 2027, besluit 1" in history

    with office.database.reading() as session:
        decision = session.exec(select(MeetingDecision.id)).one()
    assert desk.submit(f"{spring}/besluit/{decision}/ongedaan", {}).status_code == 303
    assert "ongedaan gemaakt" in words_of(desk.page(spring))


def test_the_list_shows_every_meeting_of_the_year(desk):
    page = words_of(desk.page(ROOM))
    assert "Voorjaarsoverleg" in page
    assert "Kwartaaloverleg" in page
    assert "nog geen datum" in page


def test_a_director_reads(sign_in, spring):
    page = sign_in(DIRECTOR).page(spring)
    assert "Dagen die kunnen" in page
    assert "Leg de datum vast" not in page


def test_what_is_no_meeting_is_404(office, desk):
    letter = find(office, "Uitnodigingsbrief", date(2027, 1, 1))
    for path in (f"{ROOM}/{letter}", f"{ROOM}/x", f"{ROOM}/999999", f"{ROOM}/99999999999"):
        assert desk.get(path, headers=HTML).status_code == 404


def test_a_body_gets_its_people_and_another_one_is_made_at_the_desk(office, desk):
    page = "/c/terneuzen/overleggen/wie"
    first = words_of(desk.page(page))
    with office.database.reading() as session:
        row = session.exec(select(Body).where(Body.slug == "bouwtafel")).one()
        who = session.exec(select(Person.id).where(Person.email == "projecten@woongoed.example")).one()
    form = {"naam": "Bouwtafel", "wie": "mensen", "leden": [str(who)]}
    version = re.search(r'name="version" value="([^"]+)"', desk.page(f"{page}/{row.id}"))[1]
    kept = desk.submit(f"{page}/{row.id}", form | {"version": version})
    late = desk.submit(f"{page}/{row.id}", {"naam": "Bouwtafel", "wie": "partijen", "version": version})
    wrong = [desk.submit(f"{page}/nieuw", {"naam": name}) for name in ("", "Zorgtafel", "nieuw")]
    strange = desk.submit(f"{page}/{row.id}", {"naam": "Bouwtafel", "wie": "iedereen"})
    added = desk.submit(f"{page}/nieuw", {"naam": "Kerntafel", "leden": [str(who)]})
    listed, offered = words_of(desk.page(page)), desk.page("/c/terneuzen/jaar/stappen/nieuw")
    again = desk.submit(f"{page}/{row.id}", {"naam": "Bouwtafel", "wie": "partijen"})
    with office.database.reading() as session:
        own = session.exec(select(Body.id).where(Body.slug == "kerntafel")).one()
    gone = [desk.submit(f"{page}/{number}/weg").status_code for number in (own, row.id)]

    assert "Bestuurlijk overleg Gemeente Terneuzen, Clavis, " in first
    assert "van elke partij wie de post krijgt, en de bestuurders Voorjaarsoverleg en Najaarsoverleg" in first
    assert (kept.status_code, late.status_code, added.status_code, again.status_code) == (303, 409, 303, 303)
    assert [one.status_code for one in (*wrong, strange)] == [422, 422, 422, 422]
    assert "Bouwtafel Afdeling Projecten wie er zit Bouwtafel" in listed
    assert "Kerntafel Afdeling Projecten wie er zit nog geen stap" in listed
    assert '<option value="Kerntafel">' in offered
    assert gone == [303, 409]


def test_a_proposed_day_is_set_with_one_button_and_points_stand_on_the_page(office, desk, spring):
    row = row_of(office, spring)
    with office.database.writing() as session:
        who = session.exec(select(Person.id).where(Person.email == "wonen@terneuzen.example")).one()
        facts = {"covenant_id": row.covenant_id, "deadline_id": row.id, "party": "gemeente", "person_id": who}
        session.add(
            AnswerRow(**facts, next_on=date(2027, 4, 22), start=time(14), place="Stadhuis", at=at("2027-02-26"))
        )
        session.add(AnswerRow(**facts, points="Huurverhoging\nOnderhoud", at=at("2027-02-27")))
    page = desk.page(spring)
    proposal = page.split('id="voorgesteld"')[1].split("</section>")[0]
    hidden = dict(re.findall(r'name="(dag|begin|plaats|version)" value="([^"]*)"', proposal))
    of_deadline, of_year = (words_of(desk.page(f"/c/terneuzen/{room}")) for room in (f"termijnen/{row.id}", "jaar"))

    answer = desk.submit(f"{spring}/plannen", hidden)

    assert "donderdag 22 april 2027 om 14.00 uur, Stadhuis" in words_of(proposal)
    assert "Huurverhoging; Onderhoud" in words_of(page)
    assert page.count("<div><dt>") == page.count("<dt>") > 1
    for words in (of_deadline, of_year):
        assert "noemt 22 april 2027 om 14.00 uur, Stadhuis" in words
        assert "punten: Huurverhoging / Onderhoud" in words
    planned = row_of(office, spring).meeting
    assert answer.status_code == 303
    assert (str(planned.day), str(planned.start), planned.place) == ("2027-04-22", "14:00:00", "Stadhuis")
    assert 'id="voorgesteld"' not in desk.page(spring)


def test_an_address_to_join_by_is_for_who_sits_at_the_table(office, desk, clock, sign_in, spring):
    link, form = "https://vergader.example/k/3?a=1&b=2", {"dag": "15-4-2027", "begin": "14.00", "plaats": "Stadhuis"}
    answer = desk.submit(f"{spring}/plannen", form | {"online": "kamer drie"})
    assert (answer.status_code, 'value="kamer drie"' in answer.text) == (422, True)
    assert "Dit adres kennen wij niet. Plak het adres van de pagina, zoals https://vergaderen" in answer.text
    assert row_of(office, spring).meeting is None
    desk.submit(f"{spring}/plannen", form | {"online": link})
    assert 'value="https://vergader.example/k/3?a=1&amp;b=2"' in desk.page(spring)
    desk.submit(f"{spring}/plannen", {"dag": "16-4-2027"})  # as the button of a proposed day does
    assert row_of(office, spring).meeting.online == link

    assert 'href="https://vergader.example/k/3?a=1&amp;b=2"' in sign_in(DIRECTOR).page(spring)
    passer_by = Desk(create_app(office, clock), base_url=OURS, follow_redirects=False)
    year = passer_by.page("/c/terneuzen?jaar=2027")
    assert ("vrijdag 16 april 2027" in year, "vergader.example" in year) == (True, False)
    assert passer_by.get(spring, headers=HTML).status_code != 200
    desk.submit(f"{spring}/plannen", form | {"online": ""})
    assert (row_of(office, spring).meeting.online, "Online meedoen:" in desk.page(spring)) == ("", False)
    history = words_of(desk.page(f"/c/terneuzen/termijnen/{spring.rpartition('/')[2]}"))
    assert "online adres: was “https://vergader.example/k/3?a=1&amp;b=2”, nu leeg" in history
