"""Agreements, deadlines and people in a real browser: every page with an id in every look, doubts by keyboard, a person
who leaves."""

from sqlmodel import select

from cycle.actions.deadlines.deciding.closing import move
from cycle.store.tables import AgreementRow, Membership, Person, ReadingRow
from tests.decided import decided
from tests.looking import faults

from .conftest import TREKKER
from .test_desk_browser import (  # noqa: F401 - fixtures
    LOOKS,
    MAY,
    browser,
    open_page,
    place,
    pytestmark,
)

HERE = "/c/terneuzen"
DAY = MAY.date().replace(month=9, day=1)


def person(place, email: str) -> int:  # noqa: F811
    with place.office.database.reading() as session:
        return session.exec(select(Person.id).where(Person.email == email)).first()


def paths(place) -> list[str]:  # noqa: F811
    """A page of every kind that has an id of its own."""
    who = person(place, TREKKER)
    with place.office.database.reading() as session:
        agreement = session.exec(select(AgreementRow.id).where(AgreementRow.number == "1.1.2")).one()
        reading = session.exec(select(ReadingRow.id).where(ReadingRow.phrase == "najaar 2022")).first()
        seat = session.exec(select(Membership.id).where(Membership.person_id == who)).first()
    return [
        f"afspraken/{agreement}",
        f"afspraken/{agreement}/mail/clavis",
        f"afspraken/lezing/{reading}",
        "termijnen/1",
        "termijnen?stand=alles&van=gisteren",
        "mensen?ook=ja",
        f"mensen/{who}",
        f"mensen/{who}/plaats",
        f"mensen/{who}/vertrek",
        f"mensen/plaatsen/{seat}",
        "mensen/partijen/1",
        "mensen/partijen/nieuw",
        "overleggen/wie",
        "archief",
        "gegevens",
        "overleggen/wie/1",
        "overleggen/wie/nieuw",
        "mensen/partijen/1/einde",
        "mensen/groepen/corporaties",
        "jaar/stappen",
        "jaar/stappen/nieuw",
        "jaar/stappen/werkgroep",
        "jaar/herinneringen",
        "gegevens/lezen",
        "gegevens/themas",
        "mensen/groepen/nieuw",
        "signalen",
    ]


def refuse_findings(page, where: str) -> None:
    assert faults(page, LOOKS) == {}, where


def test_axe_finds_nothing_on_the_pages_of_one_thing(browser, place):  # noqa: F811
    page = open_page(browser, place)
    for path in paths(place):
        assert page.goto(f"{place.url}{HERE}/{path}").status == 200, path
        refuse_findings(page, path)
    page.context.close()


def test_axe_finds_nothing_on_what_is_wrong_and_on_what_will_change(browser, place):  # noqa: F811
    page, who = open_page(browser, place), person(place, TREKKER)
    for path, button in (
        ("termijnen/1", "Verplaatsen"),
        ("termijnen/1", "Vastleggen"),
        ("termijnen/afhandelen", "Leg vast wat ik koos"),
        ("termijnen/afhandelen", "Kijk wat er verandert"),
        ("mensen/toevoegen", "Toevoegen"),
        ("mensen/partijen/nieuw", "Toevoegen"),
        ("overleggen/wie/nieuw", "Toevoegen"),
        ("jaar/stappen/nieuw", "Kijk wat er verandert"),
        ("mensen/lijst", "Laat zien wat elke regel doet"),
        (f"mensen/{who}/vertrek", "Kijk wat er verandert"),
        (f"mensen/{who}", "Toevoegen"),
    ):
        page.goto(f"{place.url}{HERE}/{path}")
        page.get_by_role("button", name=button, exact=True).click()
        assert page.get_by_role("alert").count() >= 1, path
        refuse_findings(page, f"{path}: {button}")
    page.goto(f"{place.url}{HERE}/termijnen/afhandelen")
    page.get_by_label("alle").check()
    page.get_by_label("Besluit").select_option("gedaan")
    page.get_by_role("button", name="Kijk wat er verandert").click()
    refuse_findings(page, "together")
    page.goto(f"{place.url}{HERE}/jaar/stappen/werkgroep")
    page.get_by_role("button", name="Kijk wat er verandert", exact=True).click()
    refuse_findings(page, "a step of the year")
    page.goto(f"{place.url}{HERE}/mensen/{who}/vertrek")
    page.get_by_label("Wie neemt het over").select_option("niemand")
    page.get_by_role("button", name="Kijk wat er verandert").click()
    assert page.get_by_text("Clavis heeft daarna geen contactpersoon.").count() == 1
    refuse_findings(page, "leaving")
    page.goto(f"{place.url}{HERE}/mensen/lijst")
    page.get_by_label("Mensen, elk op een regel").fill("Bram <bram@clavis.example>; Clavis; lezer\nGemeente:")
    page.get_by_role("button", name="Laat zien wat elke regel doet").click()
    assert page.get_by_role("button", name="Voeg 1 regel toe").count() == 1
    refuse_findings(page, "a list of people")
    page.goto(f"{place.url}{HERE}/jaar/stappen/werkgroep")
    page.get_by_label("Hoeveel weken ervoor?").fill("5")
    page.get_by_role("button", name="Kijk wat er verandert").click()
    assert page.get_by_text("4 weken voor het voorjaarsoverleg en het najaarsoverleg werd 5 weken voor").count() == 1
    refuse_findings(page, "steps")
    page.context.close()


def test_doubts_are_settled_and_open_actions_closed_by_keyboard_alone(browser, place):  # noqa: F811
    """The settle list from top to bottom without a mouse: a second reading, words of one's own, and two actions."""
    page = open_page(browser, place, is_tested=False)
    page.goto(f"{place.url}{HERE}/termijnen/afhandelen")
    first, second = page.locator("article.doubt").nth(0), page.locator("article.doubt").nth(1)
    one, two = (part.get_attribute("aria-labelledby").removeprefix("zin-") for part in (first, second))
    many = page.locator("article.doubt").count()
    tab_to(page, f"lezing-{one}-1")
    page.keyboard.press("ArrowDown")
    tab_to(page, f"lezing-{two}-1")
    for _ in range(page.locator(f"input[name=lezing-{two}]").count() - 1):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("31-5-2028")
    tab_to(page, "", "Leg vast wat ik koos")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    told = page.get_by_role("status").inner_text()
    left = page.locator("article.doubt").count()
    boxes = page.locator("input[name=kies]")
    actions = boxes.count()
    page.locator("main").focus()
    for value in (boxes.nth(0).get_attribute("value"), boxes.nth(1).get_attribute("value")):
        tab_to(page, "", box=value)
        page.keyboard.press("Space")
    tab_to(page, "veld-besluit")
    page.keyboard.type("vervallen")
    tab_to(page, "", "Kijk wat er verandert")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    heading = page.locator("h1").inner_text()
    tab_to(page, "", "Doe dit")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    done = page.get_by_role("status").inner_text()
    after = page.locator("input[name=kies]").count()
    page.context.close()

    assert (told, left) == ("2 besluiten zijn vastgelegd.", many - 2)
    assert heading == "2 termijnen worden: vervallen"
    assert (done, after) == ("2 termijnen: vervallen.", actions - 2)


def tab_to(page, identity: str, words: str = "", box: str = "") -> None:
    """Presses Tab until a field, a button with these words, or the box of a row has the focus."""
    for _ in range(200):
        page.keyboard.press("Tab")
        name, text, value = page.evaluate(
            "(at => [at.id, at.textContent.trim(), at.name == 'kies' ? at.value : ''])(document.activeElement)"
        )
        if (identity and name == identity) or (words and text == words) or (box and value == box):
            return
    raise AssertionError(identity or words or box)


def test_a_person_leaves_and_everything_goes_to_somebody_new(browser, place):  # noqa: F811
    page = open_page(browser, place, is_tested=False)
    page.goto(f"{place.url}{HERE}/jaar")
    page.get_by_role("link", name="Mensen", exact=True).click()
    page.get_by_role("link", name="Afdeling Strategie").click()
    page.get_by_role("link", name="Vertrekt").click()
    page.get_by_label("Laatste dag").fill("2027-05-31")
    page.get_by_label("Wie neemt het over").select_option("nieuw")
    page.get_by_label("Naam").fill("Noor de Wit")
    page.get_by_role("button", name="Kijk wat er verandert").click()
    missing = page.get_by_role("alert").inner_text()
    page.get_by_label("Mailadres").fill("noor@clavis.example")
    page.get_by_role("button", name="Kijk wat er verandert").click()
    plan = page.locator("main").inner_text()
    page.get_by_role("button", name="Draag alles over").click()
    told = page.get_by_role("status").inner_text()
    page.get_by_role("link", name="Noor de Wit").click()
    mail = page.locator("main").inner_text()
    page.get_by_role("link", name="Mensen", exact=True).click()
    page.get_by_role("link", name="Afdeling Strategie").click()
    page.get_by_role("button", name="Ongedaan maken").click()
    back = page.get_by_role("status").inner_text()
    page.context.close()
    with place.office.database.reading() as session:
        verbs = [one.verb for one in decided(session, f"persoon {person(place, TREKKER)}")]

    assert "Vul het mailadres van de opvolger in." in missing
    assert "Noor de Wit neemt over" in plan
    assert "Dit verstuurt nu geen mail" in plan
    assert told == "Afdeling Strategie heeft 31 mei 2027 als laatste dag; Noor de Wit neemt het daarna over."
    assert "neemt na 31 mei 2027 alles over van Afdeling Strategie" in mail
    assert back == "Afdeling Strategie heeft alles weer terug."
    assert verbs[-2:] == ["vertrekt", "vertrek ongedaan gemaakt"]


def test_the_second_secretary_sees_what_the_first_one_did(browser, place):  # noqa: F811
    page = open_page(browser, place, is_tested=False)
    page.goto(f"{place.url}{HERE}/termijnen?stand=open&zoek=Najaarsoverleg")
    page.get_by_role("link", name="Najaarsoverleg").first.click()
    number = int(page.url.rpartition("/")[2])
    page.get_by_label("Nieuwe laatste dag").fill("2027-10-29")
    page.get_by_label("Waarom").fill("herfstvakantie")
    move(place.office, number, DAY, MAY, by="collega@terneuzen.example", reason="eerder")
    page.get_by_role("button", name="Verplaatsen").click()
    told = page.get_by_role("alert").inner_text()
    kept = page.get_by_label("Waarom").input_value()
    page.get_by_role("button", name="Verplaatsen").click()
    done = page.get_by_role("status").inner_text()
    page.context.close()

    assert "collega@terneuzen.example: verplaatst" in told
    assert kept == "herfstvakantie"
    assert "verplaatst naar vrijdag 29 oktober 2027" in done
