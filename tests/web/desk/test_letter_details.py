"""Gegevens van de brief: to whom, with a copy to whom, whose names stand under it; wrong input keeps what was typed."""

import re
from collections import Counter
from datetime import UTC, date, datetime
from html import unescape
from io import BytesIO

import pdfplumber
import pytest
from sqlmodel import col, select

from cycle.actions.deadlines.meeting.planned_meetings import set_meeting
from cycle.actions.deadlines.upkeep.year_upkeep import keep_year
from cycle.actions.letters import draft_of, preview
from cycle.actions.office.office import Office
from cycle.domain.model import PartyKind, Role
from cycle.store.tables import Covenant, LetterDraft, Membership, PartyRow, Person
from tests.actions.mails.test_reminding import deadline
from tests.decided import decided

from .conftest import Desk, words_of

PAGE = "/c/terneuzen/uitnodigingsbrief/2027/gegevens"
CORPORATIONS = ("clavis", "wzv", "noord", "zuid")
TENANTS = tuple(f"huurders-{number}" for number in range(1, 13))
LONG = "Stichting Huurdersbelangen “Ons Huis” & Omstreken"


@pytest.fixture(autouse=True)
def _in_march(clock) -> None:
    clock.at = datetime(2027, 3, 2, 10, 0, tzinfo=UTC)


@pytest.fixture
def many(office: Office, clock) -> Office:
    """A letter of four corporations to fifteen parties."""
    with office.database.writing() as session:
        covenant = session.exec(select(Covenant).where(Covenant.slug == "terneuzen")).one()
        for position, slug in enumerate((*CORPORATIONS[2:], *TENANTS), 20):
            kind = PartyKind.CORPORATION if slug in CORPORATIONS else PartyKind.TENANTS
            name = f"{LONG} {slug}" if kind is PartyKind.TENANTS else f"Wonen {slug}"
            party = PartyRow(covenant_id=covenant.id, slug=slug, name=name, kind=kind, position=position)
            person = Person(name=f"Bestuur {slug}", email=f"bestuur@{slug}.example")
            session.add_all([party, person])
            session.flush()
            session.add(Membership(person_id=person.id, party_id=party.id, role=Role.CONTACT))
        steps = dict(covenant.overrides["steps"])
        sides = {"leads": [*CORPORATIONS], "participants": ["gemeente", "bewonersraad", "shb", *TENANTS]}
        steps["uitnodigingsbrief"] = {**steps["uitnodigingsbrief"], **sides}
        covenant.overrides = {**covenant.overrides, "steps": steps}
    keep_year(office, clock.at)
    return office


def fields_of(page: str) -> dict[str, str]:
    """What the form holds, as a browser would send it."""
    inputs = re.findall(r'<input id="veld-[^"]*" name="([\w-]+)" type="text" value="([^"]*)"', page)
    areas = re.findall(r'<textarea[^>]* name="([\w-]+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    chosen = re.findall(r'<select[^>]* name="([\w-]+)".*?<option value="(\d+)" selected', page, re.DOTALL)
    version = re.findall(r'name="(version)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in (*inputs, *areas, *chosen, *version)}


def numbers_of(office: Office, *emails: str) -> list[str]:
    with office.database.reading() as session:
        people = session.exec(select(Person).where(col(Person.email).in_(emails))).all()
    by_address = {one.email: str(one.id) for one in people}
    return [by_address[email] for email in emails]


def kept(office: Office) -> dict[str, object]:
    with office.database.reading() as session:
        draft = session.exec(select(LetterDraft)).first()
        return dict(draft.details) if draft is not None else {}


def test_wrong_input_keeps_what_was_typed_at_each_field_and_keeps_nothing_else(office: Office, desk: Desk) -> None:
    [official] = numbers_of(office, "secretariaat@terneuzen.example")
    wrong = {
        "datum": "31-2-2027",
        "plaats": "Hulst \u4e2d",
        "kenmerk": "PA-" + "7" * 160,
        "contactmail": "geen adres",
        "antwoordadres": "brief@clavis",
        "adres-gemeente": "\n".join(f"regel {number}" for number in range(7)),
        "tav-gemeente": "mevrouw A. de Boer",
        "naam-clavis": 'A. "Ad" de Boer',
        "kopie": official,
    }
    answer = desk.submit(PAGE, fields_of(desk.page(PAGE)) | wrong)
    shown = fields_of(answer.text)

    assert answer.status_code == 422
    assert {name: shown[name] for name in wrong if name != "kopie"} == {n: v for n, v in wrong.items() if n != "kopie"}
    assert re.findall(r'name="kopie" value="(\d+)" checked', answer.text) == [official]
    assert dict(re.findall(r'<a href="#veld-([\w-]+)">(.*?)</a>', unescape(answer.text))) == {
        "datum": "Dit is geen datum. Schrijf bijvoorbeeld 31-3-2027.",
        "plaats": "De letter van de brief kent deze tekens niet: \u4e2d Schrijf het zonder die tekens.",
        "kenmerk": "Dit is te lang: gebruik hoogstens 160 tekens.",
        "contactmail": "'geen adres' is geen mailadres. Schrijf bijvoorbeeld “Naam <naam@organisatie.nl>”.",
        "adres-gemeente": "Een adres heeft hoogstens 6 regels. Haal een regel weg.",
        "antwoordadres": "'brief@clavis' is geen mailadres. Schrijf bijvoorbeeld “Naam <naam@organisatie.nl>”.",
    }
    assert kept(office) == {}


def test_who_saves_second_sees_what_the_first_did_and_keeps_their_own_words(office: Office, desk: Desk) -> None:
    seen = fields_of(desk.page(PAGE))
    desk.submit(PAGE, seen | {"plaats": "Hulst"})
    late = desk.submit(PAGE, seen | {"plaats": "Axel", "kenmerk": "PA-2"})

    assert (late.status_code, fields_of(late.text)["plaats"], fields_of(late.text)["kenmerk"]) == (409, "Axel", "PA-2")
    assert "briefgegevens gewijzigd (plaats)" in words_of(late.text)
    assert kept(office) == {"place": "Hulst"}


def test_fifteen_addressees_and_four_senders_are_named_as_the_secretary_says(many: Office, desk: Desk) -> None:
    page = desk.page(PAGE)
    form = fields_of(page)
    assert page.count('<h2 id="aan-') == 15
    assert re.findall(r'<h2 id="namens-([\w-]+)"', page) == list(CORPORATIONS)
    first, second, stranger = numbers_of(
        many, "bestuur@huurders-1.example", "secretariaat@terneuzen.example", "strategie@clavis.example"
    )
    own = {
        "tav-gemeente": "mevrouw A. de Boer",
        "functie-gemeente": "wethouder",
        "adres-gemeente": " Postbus 35 \r\n\r\n4530 AA Terneuzen",
        "groet-gemeente": "Geachte mevrouw De Boer",
        **{f"tav-{slug}": f"bestuurder van {slug}" for slug in TENANTS},
        **{f"naam-{slug}": f"D. Directeur-{slug}" for slug in CORPORATIONS},
        "als-noord": "voorzitter",
    }
    assert desk.submit(PAGE, form | own | {"kopie": [second, first, stranger]}).status_code == 303

    drafted = draft_of(many, "terneuzen", 2027, datetime(2027, 3, 2, 10, tzinfo=UTC))
    assert len(drafted.facts.addressees) == 15
    assert drafted.facts.addressees[0].postal == ("Postbus 35", "4530 AA Terneuzen")
    assert [one.attention for one in drafted.facts.addressees[3:]] == [f"bestuurder van {one}" for one in TENANTS]
    assert [(one.name, one.function) for one in drafted.facts.signatories] == [
        (f"D. Directeur-{slug}", "voorzitter" if slug == "noord" else "directeur-bestuurder") for slug in CORPORATIONS
    ]
    assert [one.attention for one in drafted.facts.copies] == ["Secretariaat prestatieafspraken"]
    with pdfplumber.open(BytesIO(preview(many, "terneuzen", 2027, datetime(2027, 3, 2, 10, tzinfo=UTC)).pdf)) as pdf:
        text = " ".join(one.extract_text() for one in pdf.pages)
    assert Counter(re.findall(r"huurders-\d+", text)) == dict.fromkeys(TENANTS, 2)
    assert [slug for slug in CORPORATIONS if f"D. Directeur-{slug}" not in text] == []

    again = fields_of(desk.page(PAGE))
    assert {name: again[name] for name in own if name != "adres-gemeente"} == {
        name: value for name, value in own.items() if name != "adres-gemeente"
    }
    with many.database.reading() as session:
        said = [one.detail for one in decided(session) if one.verb == "briefgegevens gewijzigd"]
    assert said == ["geadresseerden, ondertekenaars, kopie aan"]
    usual = desk.submit(PAGE, {**form, "version": again["version"]})
    assert (usual.status_code, kept(many)) == (303, {})


def test_the_day_for_points_is_the_meetings_until_the_secretary_says_another(office: Office, desk: Desk) -> None:
    set_meeting(office, deadline(office, "Voorjaarsoverleg"), date(2027, 4, 22), datetime(2027, 3, 2, 10, tzinfo=UTC))
    form = fields_of(desk.page(PAGE))
    early = desk.submit(PAGE, form | {"punten": "1-3-2027"})
    assert (form["punten"], early.status_code, fields_of(early.text)["punten"]) == ("08-04-2027", 422, "1-3-2027")
    assert "Deze dag ligt vóór de datum van de brief." in unescape(early.text)

    assert (desk.submit(PAGE, form).status_code, kept(office)) == (303, {})
    desk.submit(PAGE, form | {"punten": "15-4-2027"})
    assert kept(office) == {"points_by": "2027-04-15"}
    assert words_of(desk.page("/c/terneuzen/uitnodigingsbrief?jaar=2027")).count("donderdag 15 april 2027") == 2
    desk.submit(PAGE, fields_of(desk.page(PAGE)) | {"punten": ""})
    assert (kept(office), fields_of(desk.page(PAGE))["punten"]) == ({"points_by": None}, "")
    with office.database.reading() as session:
        said = [one.detail for one in decided(session) if one.verb == "briefgegevens gewijzigd"]
    assert said == ["tot wanneer punten"] * 2


def test_the_greeting_follows_its_addressees_until_somebody_writes_another(office: Office, desk: Desk) -> None:
    """What follows from the addressees is never kept as if it were typed; what was typed stays, until it is emptied."""

    def saved(**typed: str) -> str:
        """The greeting over the letter, after saving the form as it stands with this in it."""
        assert desk.submit(PAGE, fields_of(desk.page(PAGE)) | typed).status_code == 303
        over = fields_of(desk.page(PAGE))["aanhef"]
        facts = draft_of(office, "terneuzen", 2027, datetime(2027, 3, 2, 10, tzinfo=UTC)).facts
        assert facts.salutation == over
        return over

    usual = fields_of(desk.page(PAGE))["aanhef"]
    first, second = ("Geachte mevrouw De Boer", "Geachte heer Smit")
    assert saved(**{"groet-gemeente": first}) == usual.replace("Geacht college", first)
    assert saved(**{"groet-gemeente": second}) == usual.replace("Geacht college", second)
    assert (list(kept(office)), list(kept(office)["addressees"])) == (["addressees"], ["gemeente"])
    assert saved(aanhef="Beste allen,") == "Beste allen,"
    assert saved(**{"groet-gemeente": first}) == "Beste allen,"
    assert saved(aanhef=usual) == usual
    assert saved(aanhef="") == usual.replace("Geacht college", first)
    assert saved(**{"groet-gemeente": "Geacht college"}) == usual
    assert kept(office) == {}


def test_the_mail_goes_to_whom_was_chosen_and_to_nobody_who_does_not_sit_there(office: Office, desk: Desk) -> None:
    other, stranger = numbers_of(office, "secretariaat@terneuzen.example", "strategie@clavis.example")
    desk.submit(PAGE, fields_of(desk.page(PAGE)) | {"mail-gemeente": other})
    drafted = draft_of(office, "terneuzen", 2027, datetime(2027, 3, 2, 10, tzinfo=UTC))
    assert [person.email for slug, person in drafted.addressees if slug == "gemeente"] == [
        "secretariaat@terneuzen.example"
    ]

    answer = desk.submit(PAGE, fields_of(desk.page(PAGE)) | {"mail-gemeente": stranger})
    assert (answer.status_code, "Kies iemand uit de lijst." in answer.text) == (422, True)
    assert kept(office) == {"mail_to": {**kept(office)["mail_to"], "gemeente": int(other)}}


def test_whoever_was_ticked_and_left_is_named_on_the_letter_and_its_details(office: Office, desk: Desk) -> None:
    [areas] = numbers_of(office, "wijken@terneuzen.example")
    desk.submit(PAGE, fields_of(desk.page(PAGE)) | {"kopie": areas})
    with office.database.writing() as session:
        for seat in session.exec(select(Membership).where(Membership.person_id == int(areas))):
            seat.until = date(2026, 1, 31)
            session.add(seat)
    gone = "Team Wijken was aangekruist voor een kopie, maar zit niet meer bij wie de brief krijgt"

    assert gone in desk.page("/c/terneuzen/uitnodigingsbrief?jaar=2027")
    assert gone in desk.page(PAGE)
    desk.submit(PAGE, fields_of(desk.page(PAGE)))
    assert gone not in desk.page("/c/terneuzen/uitnodigingsbrief?jaar=2027")
