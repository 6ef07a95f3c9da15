"""The page of the running year: what stands where, and what never does."""

import re
import tomllib
from datetime import UTC, date, datetime, time

import pytest
from starlette.testclient import TestClient

from cycle.actions.deadlines.deciding import closing
from cycle.actions.deadlines.meeting import planned_meetings
from cycle.actions.deadlines.upkeep.year_upkeep import keep_year
from cycle.actions.office.covenant_view import view_of
from cycle.actions.register.reading_in.importing import import_folder
from cycle.domain.model import State
from cycle.store.outbox import standstill
from cycle.store.tables import Covenant
from cycle.web.app import create_app
from cycle.web.year import YearLine, YearPage, year_page

from .conftest import HTML, NOW, OURS, ROOT, beat, find, make_office

MAY = datetime(2027, 5, 10, 9, 0, tzinfo=UTC)


def page_of(office, year, now) -> YearPage:
    with office.database.reading() as session:
        return year_page(session, view_of(session, office.settings, "terneuzen"), year, now)


def rows(lines: tuple[YearLine, ...]) -> list[tuple[str, str, str]]:
    return [(line.title, line.who, ", ".join(stand.words for stand in line.stands)) for line in lines]


def text_of(html: str) -> str:
    """The words of a page, without tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_steps_of_a_year_stand_in_order_of_date(office):
    found = rows(page_of(office, 2027, NOW).steps)

    both = "Clavis en Woongoed Zeeuws-Vlaanderen"
    assert found == [
        ("Ambtelijke werkgroep", "Gemeente Terneuzen", "open"),
        ("Uitnodigingsbrief", both, "open"),
        ("Kwartaaloverleg", "Gemeente Terneuzen", "open"),
        ("Voorjaarsoverleg", "Gemeente Terneuzen", "open"),
        ("Kwartaaloverleg", "Gemeente Terneuzen", "open"),
        ("Uitvoeringsagenda bijwerken", both, "open"),
        ("Ambtelijke werkgroep", "Gemeente Terneuzen", "open"),
        ("Kwartaaloverleg", "Gemeente Terneuzen", "open"),
        ("Najaarsoverleg", "Gemeente Terneuzen", "open"),
        ("Kwartaaloverleg", "Gemeente Terneuzen", "open"),
        ("Themabijeenkomst", "secretariaat", "open"),
        ("Bouwtafel", "Gemeente Terneuzen", "open"),
        ("Zorgtafel", "Gemeente Terneuzen", "open"),
        ("Wijkschouw", "Gemeente Terneuzen", "open"),
        ("Looptijd van de afspraken", "Clavis en Woongoed Zeeuws-Vlaanderen", "open"),
    ]


def test_both_engines_give_the_same_page(office, database_url, clock):
    beat(office, NOW)
    other = make_office(database_url)
    import_folder(other, ROOT / "examples" / "terneuzen", NOW)
    closing.release(other, "terneuzen", NOW)
    beat(other, NOW)

    pages = [[page_of(one, year, NOW) for year in (2026, 2027, 2028)] for one in (office, other)]
    other.database.close()

    assert pages[0] == pages[1]


def test_the_year_line_marks_named_days_and_keeps_invented_ones_apart(office):
    page = page_of(office, 2027, NOW)

    assert [(line.month, line.title) for line in page.marks] == [
        (3, "Ambtelijke werkgroep"),
        (3, "Uitnodigingsbrief"),
        (4, "Voorjaarsoverleg"),
        (7, "Uitvoeringsagenda bijwerken"),
        (9, "Ambtelijke werkgroep"),
        (10, "Najaarsoverleg"),
    ]
    assert [(one.title, one.count) for one in page.loose] == [
        ("Kwartaaloverleg", 4),
        ("Themabijeenkomst", 1),
        ("Bouwtafel", 1),
        ("Zorgtafel", 1),
        ("Wijkschouw", 1),
        ("Looptijd van de afspraken", 1),
    ]


def test_a_planned_meeting_stands_in_its_own_month(office):
    planned_meetings.set_meeting(office, find(office, "Najaarsoverleg"), date(2027, 11, 4), NOW, start=time(14))

    line = next(line for line in page_of(office, 2027, NOW).steps if line.title == "Najaarsoverleg")

    assert (line.when, line.month) == ("donderdag 4 november 2027 om 14.00 uur", 11)


def test_a_passed_date_is_not_yet_reported_and_a_settled_one_says_so(office):
    closing.settle(office, find(office, "Uitnodigingsbrief"), State.DONE, MAY)
    closing.settle(office, find(office, "Wijkschouw", date(2027, 1, 1)), State.DROPPED, MAY)
    stands = {line.title: line.stands for line in page_of(office, 2027, MAY).steps}

    shapes = {title: [(stand.words, stand.shape) for stand in several] for title, several in stands.items()}
    assert shapes["Uitnodigingsbrief"] == [("gedaan", "done")]
    assert shapes["Wijkschouw"] == [("vervallen", "dropped")]
    assert shapes["Voorjaarsoverleg"] == [("nog niet afgemeld", "passed")]
    assert shapes["Najaarsoverleg"] == [("open", "open")]
    assert shapes["Kwartaaloverleg"] == [("open", "open")]


def test_parties_are_named_where_they_differ(office):
    closing.settle(office, find(office, "Vrije toewijzingsruimte", date(2026, 1, 1)), State.DONE, NOW, party="clavis")

    line = next(line for line in page_of(office, 2026, NOW).terms if line.title == "Vrije toewijzingsruimte")

    assert [(stand.party, stand.words) for stand in line.stands] == [
        ("Clavis", "gedaan"),
        ("Woongoed Zeeuws-Vlaanderen", "open"),
    ]
    assert line.mark.words == "open"


def test_coming_terms_are_the_agreements_and_next_years_first_steps(office):
    page = page_of(office, 2026, NOW)

    assert [line.title for line in page.terms] == [
        "Vrije toewijzingsruimte",
        "Beschikbare woningen voor starters op de woningmarkt",
        "Aanpak schuldenproblematiek",
        "Delen van data energieverbruik",
        "Tuinen en groen",
        "Ambtelijke werkgroep",
    ]
    assert (page.to_settle, page.doubtful, page.left_over) == (25, 2, 0)


def test_what_nobody_settled_in_an_earlier_year_is_counted_not_listed(office):
    keep_year(office, MAY)

    page = page_of(office, 2027, MAY)

    assert (page.terms, page.left_over) == ((), 11)


def test_the_page_says_how_sending_stands(office, client):
    beat(office, NOW)

    words = text_of(client.get("/", headers=HTML).text)

    assert "Verzending loopt" in words
    assert "Laatste mail verstuurd nog geen" in words
    assert "Laatste ronde bezorgen vandaag om 11.00 uur" in words


def test_a_pause_is_told_without_the_mail_servers_words(office, client):
    with office.database.writing() as session:
        standstill.set_pause(session, NOW, "535 5.7.8 geheim@server.example refused")

    html = client.get("/", headers=HTML).text

    assert "staat stil" in html
    assert "Sinds vandaag om 11.00 uur gaat er geen mail uit" in html
    assert "535" not in html
    assert "geheim" not in html


def test_a_standstill_of_the_jobs_is_seen(office, client, clock):
    beat(office, NOW)
    clock.at = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)

    words = text_of(client.get("/", headers=HTML).text)

    assert "Verzending staat stil" in words
    assert "Laatste ronde plannen zaterdag 21 november 2026 om 11.00 uur" in words


def test_the_year_turns_with_local_time(office, client, clock):
    clock.at = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)

    assert "Prestatieafspraken Terneuzen 2027" in text_of(client.get("/", headers=HTML).text)


def test_other_kept_years_are_linked_and_no_more(client):
    first, last = client.get("/", headers=HTML).text, client.get("/?jaar=2028", headers=HTML).text

    assert re.findall(r'href="(/\?jaar=\d+)"', first) == ["/?jaar=2027"]
    assert re.findall(r'href="(/\?jaar=\d+)"', last) == ["/?jaar=2027"]
    assert "Verzending" not in last


@pytest.mark.parametrize("asked", ["2025", "2029", "twee", "-1", "99999999999", "٢٠٢٧"])
def test_a_year_that_is_not_kept_is_a_sentence(client, asked):
    answer = client.get("/", params={"jaar": asked}, headers=HTML)

    assert answer.status_code == 404
    assert "De jaren 2026 tot en met 2028 zijn er wel." in answer.text


def test_a_held_covenant_is_to_a_passer_by_as_none_at_all(empty_office, clock):
    def pages() -> list[str]:
        client = TestClient(create_app(empty_office, clock), base_url=OURS)
        return [client.get(path, headers=HTML).text for path in ("/", "/c/terneuzen")]

    nothing = pages()
    import_folder(empty_office, ROOT / "examples" / "terneuzen", NOW)
    held = pages()
    closing.release(empty_office, "terneuzen", NOW)

    assert held == nothing
    assert ["Prestatieafspraken Terneuzen" in page for page in pages()] == [True, True]


def test_without_a_covenant_the_page_tells_how_to_begin(empty_office, clock):
    answer = TestClient(create_app(empty_office, clock), base_url=OURS).get("/", headers=HTML)

    assert answer.status_code == 200
    assert "cycle import" in answer.text


def test_several_covenants_are_a_choice(office, client):
    with office.database.writing() as session:
        hulst = Covenant(slug="hulst", name="Afspraken <Hulst>", live_since=date(2026, 11, 1), released_at=NOW)
        hulst.is_public = True
        session.add(hulst)

    choice = client.get("/", headers=HTML).text
    answer = client.get("/c/terneuzen", headers=HTML).text

    assert re.findall(r'href="/c/([a-z]+)">([^<]+)<', choice) == [
        ("hulst", "Afspraken &lt;Hulst&gt;"),
        ("terneuzen", "Prestatieafspraken Terneuzen"),
    ]
    assert "Dit geldt voor alle convenanten samen." in answer
    assert 'href="/c/terneuzen?jaar=2027"' in answer
    assert "Voor 2026 staan er geen stappen." in client.get("/c/hulst", headers=HTML).text


def test_an_unknown_covenant_names_no_other(client):
    answer = client.get("/c/hulst", headers=HTML)

    assert (answer.status_code, "terneuzen" in answer.text) == (404, False)


@pytest.mark.parametrize("path", ["/", "/?jaar=2027", "/c/terneuzen", "/nergens", "/readyz"])
def test_no_page_holds_a_name_or_address_of_a_person(office, client, path):
    people = tomllib.loads((ROOT / "examples/terneuzen/covenant.toml").read_text(encoding="utf-8"))["people"]
    outsiders = {"Secretariaat prestatieafspraken"}  # also the plain word of an office

    html = client.get(path, headers=HTML).text

    names = {person["name"] for person in people} - outsiders
    assert [name for name in sorted(names) if name in html] == []
    assert "@" not in html


def test_the_number_of_queries_does_not_grow_with_what_is_kept(office, client, clock):
    from sqlalchemy import event

    counted: list[str] = []
    event.listen(office.database._reader, "before_cursor_execute", lambda *args: counted.append(args[2]))

    def queries(path: str) -> int:
        counted.clear()
        assert client.get(path).status_code == 200
        return len(counted)

    few, many = queries("/"), queries("/?jaar=2027")
    clock.at = MAY
    assert few == many == queries("/?jaar=2028")
