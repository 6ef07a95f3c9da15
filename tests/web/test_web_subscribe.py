"""The page on which a person takes their calendar: rules A14, A15, B8 and C13."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from icalendar import Calendar
from sqlmodel import select

from cycle.actions.feeds import links_of, new_link
from cycle.actions.feeds.calendar_page import page_url
from cycle.actions.office.signing import open_signer
from cycle.store.tables import FeedLink, Membership, Person
from cycle.web.formkeys import FIELD
from tests.conftest import own_signer

from .conftest import HTML, NOW, OURS, hidden_of, may_change

WHO = "strategie@clavis.example"


@pytest.fixture
def path(office, client) -> str:
    may_change(client, office, WHO)
    return page_url(office, WHO, NOW).removeprefix(office.settings.web.base_url)


def form_of(client, path) -> dict[str, str]:
    """The hidden field of the page's forms."""
    return hidden_of(client.get(path, headers=HTML).text, "form", FIELD)


def names(office) -> list[str]:
    with office.database.reading() as session:
        return [link.name for link in links_of(session, WHO)]


def test_b8_looking_at_the_page_changes_nothing(office, client, path):
    new_link(office, WHO, NOW, name="telefoon")
    with office.database.reading() as session:
        before = session.connection().exec_driver_sql("PRAGMA data_version").scalar()
        answers = [client.get(path, headers=HTML), client.head(path), client.get(path)]
        after = session.connection().exec_driver_sql("PRAGMA data_version").scalar()

    assert [one.status_code for one in answers] == [200] * 3
    assert answers[0].headers["cache-control"] == "private, no-store"
    assert before == after
    assert "telefoon" in answers[0].text
    assert "nog niet opgehaald" in answers[0].text
    assert "@" not in answers[0].text


def test_a14_a_new_link_shows_the_four_roads_to_one_feed(office, client, path):
    answer = client.post(f"{path}/nieuw", data=form_of(client, path) | {"naam": "Outlook", "toon": "party"})

    page = unescape(answer.text)
    [url] = re.findall(r'class="address" id="url" type="text" value="([^"]+)"', page)
    hrefs = re.findall(r'<a class="button" href="([^"]+)"', page)
    outlook, google, apple, other = (urlsplit(href) for href in hrefs)
    assert answer.headers["cache-control"] == "private, no-store"
    assert (outlook.netloc, outlook.path) == ("outlook.office.com", "/calendar/0/addfromweb")
    assert parse_qs(outlook.query) == {"url": [url], "name": ["Prestatieafspraken"]}
    assert (google.netloc, google.path) == ("calendar.google.com", "/calendar/r")
    assert parse_qs(google.query) == {"cid": [url.replace("http://", "webcal://")]}
    assert apple == other == urlsplit(url.replace("http://", "webcal://"))
    assert (url.endswith("/termijnen.ics"), "?" in url) == (True, False)
    assert "<svg" in page
    feed = client.get(urlsplit(url).path)
    assert feed.status_code == 200
    assert len(Calendar.from_ical(feed.content).walk("VEVENT")) > 1


def test_a15_an_address_is_shown_once_and_listed_without_it(office, client, path):
    answer = client.post(f"{path}/nieuw", data=form_of(client, path) | {"naam": "<b>telefoon</b>", "alarm": "7"})
    token = re.findall(r"/k/([A-Za-z0-9_-]+)/termijnen", answer.text)[0]
    page = client.get(path, headers=HTML).text

    assert token not in page
    assert "&lt;b&gt;telefoon" in page
    assert "alarm 1 week van tevoren" in page


def test_a15_a_link_is_revoked_by_its_own_button(office, client, path):
    for name in ("een", "twee"):
        new_link(office, WHO, NOW, name=name)
    with office.database.reading() as session:
        wanted = session.exec(select(FeedLink.id).where(FeedLink.name == "een")).one()

    answer = client.post(f"{path}/intrekken", data=form_of(client, path) | {"link": wanted})

    assert (answer.status_code, answer.headers["location"]) == (303, path)
    page = client.get(path, headers=HTML).text
    assert ("beëindigd vandaag" in page, page.count("/intrekken")) == (True, 1)


def test_a15_nobody_revokes_the_link_of_another(office, client, path):
    new_link(office, "bestuur@shb.example", NOW)

    answer = client.post(f"{path}/intrekken", data=form_of(client, path) | {"link": 1}, headers=HTML)

    assert answer.status_code == 404
    with office.database.reading() as session:
        assert session.exec(select(FeedLink)).one().revoked_at is None


@pytest.mark.parametrize(
    ("data", "headers"),
    [
        ({}, {}),
        ({"form": ""}, {}),
        ({"form": "1.2.3"}, {}),
        (None, {"sec-fetch-site": "cross-site"}),
        (None, {"sec-fetch-site": "same-site"}),
        (None, {"origin": "https://evil.example"}),
        ("of another", {}),
    ],
)
def test_c13_a_form_of_elsewhere_makes_nothing(office, client, path, data, headers):
    other = page_url(office, "bestuur@shb.example", NOW).removeprefix(office.settings.web.base_url)
    form = form_of(client, other) if data == "of another" else form_of(client, path) if data is None else data

    answer = client.post(f"{path}/nieuw", data=form, headers=HTML | headers)

    assert (answer.status_code, names(office)) == (409, [])


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "same-origin"}, {"origin": "null"}, {"origin": OURS}])
def test_c13_a_form_of_our_own_page_works_in_every_browser(office, client, path, headers):
    assert client.post(f"{path}/nieuw", data=form_of(client, path), headers=headers).status_code == 200
    assert names(office) == ["agenda"]


@pytest.mark.parametrize("choice", [{"toon": "covenant:hulst"}, {"toon": "alles"}, {"alarm": "x"}, {"alarm": "99"}])
def test_a_choice_that_is_not_offered_is_refused(office, client, path, choice):
    answer = client.post(f"{path}/nieuw", data=form_of(client, path) | choice, headers=HTML)

    assert (answer.status_code, names(office)) == (409, [])


def test_a_page_is_for_its_own_reader_and_ends_with_time(office, client, path, clock):
    signed = path.rpartition("/")[2]
    subject, issued, seal = signed.split(".")
    forged = [
        f"{int(subject) + 1}.{issued}.{seal}",
        f"{subject}.{int(issued) + 1}.{seal}",
        f"{signed}x",
        signed[:-1],
        "x",
        f"{subject}.{issued}.é",
        own_signer(office, int(subject)).sign("formulier", subject, NOW.date()),
        open_signer(office.settings).sign("agendapagina", subject, NOW.date()),  # covers no mark
    ]
    answers = [client.get(f"/agenda/{one}", headers=HTML) for one in forged]
    clock.at = NOW + timedelta(days=60)
    last = client.get(path, headers=HTML)
    clock.at = NOW + timedelta(days=61)
    late = client.get(path, headers=HTML)

    assert {one.status_code for one in answers} == {404}
    assert (last.status_code, late.status_code) == (200, 410)
    assert "Deze link is ouder dan 60 dagen" in late.text


def test_who_left_has_no_page(office, client, path):
    with office.database.writing() as session:
        for seat in session.exec(select(Membership).join(Person).where(Person.email == WHO)):
            seat.until = NOW.date() - timedelta(1)
            session.add(seat)

    assert client.get(path, headers=HTML).status_code == 404


def test_the_key_is_ours_alone_and_two_are_valid(office, client, path):
    key = office.settings.path("var/secret")
    assert key.stat().st_mode & 0o777 == 0o600
    old = key.read_text(encoding="ascii")

    key.write_text("n" * 64 + "\n" + old, encoding="ascii")
    both = client.get(path).status_code
    newer = page_url(office, WHO, NOW).removeprefix(office.settings.web.base_url)
    key.write_text("n" * 64 + "\n", encoding="ascii")

    assert (both, client.get(path).status_code, client.get(newer).status_code) == (200, 404, 200)


def test_nothing_secret_is_in_the_log(office, client, path, caplog):
    with caplog.at_level("DEBUG"):
        answer = client.post(f"{path}/nieuw", data=form_of(client, path))
        token = re.findall(r"/k/([A-Za-z0-9_-]+)/termijnen", answer.text)[0]
        client.get(f"/k/{token}/termijnen.ics")
        client.get(f"/k/{token}/termijnen.icsx")

    ours = [one.getMessage() for one in caplog.records if not one.name.startswith("httpx")]
    assert [line for line in ours if token in line or path.rpartition("/")[2] in line] == []
