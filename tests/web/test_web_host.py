"""Every page, feed and link answers by our own name only (rule C13)."""

import pytest
from starlette.testclient import TestClient

from cycle.actions.feeds import new_link
from cycle.web.app import create_app

from .conftest import HTML, NOW, OURS, make_office
from .test_web_answers import paths_of

FOREIGN = [
    "evil.example",
    "evil.example:8700",
    "203.0.113.1",
    "",
    "127.0.0.1@evil.example",
    "evil@127.0.0.1:8700",
    "127.0.0.1/evil",
    "127.0.0.1:8700?x",
    "127.0.0.1:x",
    "[::1",
    "127.0.0.1.evil.example",
]


@pytest.mark.parametrize("host", FOREIGN)
@pytest.mark.parametrize("path", ["/", "/c/terneuzen", "/nergens", "/robots.txt", "/antwoord/x", "/k/x/termijnen.ics"])
def test_c13_another_host_gets_400_and_a_sentence(client, host, path):
    page = client.get(path, headers=HTML | {"host": host})
    bare = client.get(path, headers={"host": host})

    assert (page.status_code, bare.status_code) == (400, 400)
    assert "Dit is niet ons adres." in page.text
    assert "Dit is niet ons adres." in bare.text
    assert [word for word in ("Terneuzen", "evil") if word in page.text + bare.text] == []


def test_c13_no_route_answers_to_another_host_by_any_method(office, client):
    feed = new_link(office, "wonen@terneuzen.example", NOW).url.removeprefix(OURS)
    paths = {*paths_of(client.app), feed, feed.replace("termijnen", "taken")} - {"/healthz", "/readyz", "/metrics"}
    for path in sorted(paths):
        for method in ("GET", "HEAD", "POST", "PUT", "OPTIONS"):
            assert client.request(method, path, headers={"host": "evil.example"}).status_code == 400, (method, path)
    assert len(paths) > 90
    assert client.get(feed).status_code == 200


def test_two_hosts_in_one_request_are_none(client):
    answer = client.get("/", headers=[("host", "127.0.0.1:8700"), ("host", "evil.example")])

    assert answer.status_code == 400


def test_monitors_may_ask_under_any_name(client):
    asked = [client.get(path, headers={"host": "10.0.0.5:8700"}) for path in ("/healthz", "/readyz")]

    assert [one.status_code for one in asked] == [200, 503]  # no job came round yet


@pytest.mark.parametrize(
    "host", ["afspraken.terneuzen.example", "AFSPRAKEN.terneuzen.example", "afspraken.terneuzen.example:443"]
)
def test_our_own_name_is_ours_however_it_is_written(tmp_path, clock, host):
    office = make_office(tmp_path / "ours.db", CYCLE__WEB__BASE_URL="https://afspraken.terneuzen.example")
    client = TestClient(create_app(office, clock), base_url=OURS)
    answers = [client.get("/", headers={"host": one}).status_code for one in (host, f"{host}.", "127.0.0.1:8700")]
    office.database.close()

    assert answers == [200, 400, 400]
