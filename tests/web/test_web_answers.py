"""What every answer has in common: headers, errors in Dutch, nothing that a request could steer."""

import logging

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from starlette.testclient import TestClient

from cycle.actions.feeds import new_link
from cycle.web.app import create_app
from cycle.web.statics import ROBOTS

from .conftest import HTML, NOW, OURS, make_office

SECURE = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "x-robots-tag": "noindex",
}
BEYOND_ROUTES = ["/nergens", "/c/niemand", "/static/nergens.css", "/?jaar=x", "/k/", "/k/a/termijnen.ics", "/docs"]


def site_of(app) -> FastAPI:
    """The framework inside the wrappers."""
    return app if isinstance(app, FastAPI) else site_of(app.app)


def paths_of(app) -> list[str]:
    """Every route with an example in it."""
    examples = {"{slug}": "terneuzen", "{name}": "cycle.css"}
    paths = []
    for route in site_of(app).routes:
        path = route.path
        for name, value in examples.items():
            path = path.replace(name, value)
        paths.append(path)
    assert len(paths) > 100
    return paths


def test_every_answer_has_the_headers(office, client):
    link = new_link(office, "wonen@terneuzen.example", NOW)
    paths = [*paths_of(client.app), *BEYOND_ROUTES, link.url.removeprefix(office.settings.web.base_url)]

    for path in paths:
        for method in ("GET", "HEAD", "POST"):
            headers = client.request(method, path, headers=HTML).headers
            assert {name: headers.get(name) for name in SECURE} == SECURE, (method, path)
            told = {"set-cookie", "strict-transport-security", "server"} & set(headers)
            assert told <= ({"set-cookie"} if path.startswith("/aanmelden") else set()), (method, path)
    assert len(paths) >= 12


def test_hsts_is_told_over_https_only(tmp_path, clock):
    office = make_office(tmp_path / "https.db", CYCLE__WEB__BASE_URL="https://afspraken.terneuzen.example")
    headers = TestClient(create_app(office, clock), base_url=OURS).get("/healthz").headers
    office.database.close()

    assert headers["strict-transport-security"] == "max-age=31536000"


def test_links_begin_with_the_path_of_the_base_url(tmp_path, clock):
    office = make_office(tmp_path / "below.db", CYCLE__WEB__BASE_URL="https://terneuzen.example/afspraken")
    html = TestClient(create_app(office, clock), base_url="https://terneuzen.example").get("/", headers=HTML).text
    office.database.close()

    assert 'href="/afspraken/static/cycle.css?v=' in html
    assert 'href="/afspraken/"' in html


@pytest.mark.parametrize("path", ["/", "/nergens", "/c/terneuzen"])
def test_the_host_that_a_web_server_passes_on_changes_nothing(client, path):
    ours = client.get(path, headers=HTML)
    theirs = client.get(path, headers={**HTML, "x-forwarded-host": "evil.example"})

    assert (theirs.status_code, theirs.content) == (ours.status_code, ours.content)
    assert client.get(path + "/").status_code != 307


@pytest.mark.parametrize(
    ("method", "path", "status", "words"),
    [
        ("GET", "/nergens", 404, "Deze pagina bestaat niet."),
        ("GET", "/openapi.json", 404, "Deze pagina bestaat niet."),
        ("GET", "/c/terneuzen/", 404, "Deze pagina bestaat niet."),
        ("GET", "/c/niemand", 404, "Dit convenant bestaat niet."),
        ("GET", "/static/../config.toml", 404, "bestaat niet."),
        ("POST", "/", 405, "Dit kan hier niet."),
    ],
)
def test_errors_are_a_page_for_browsers_and_a_sentence_for_others(client, method, path, status, words):
    page = client.request(method, path, headers=HTML)
    bare = client.request(method, path, headers={"accept": "*/*"})

    assert (page.status_code, bare.status_code) == (status, status)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert bare.headers["content-type"] == "text/plain; charset=utf-8"
    assert words in page.text
    assert words in bare.text
    assert "<" not in bare.text


def test_a_refused_method_names_the_right_ones(client):
    assert set(client.post("/").headers["allow"].split(", ")) == {"GET", "HEAD"}


def test_the_unforeseen_is_a_page_without_details_and_a_log_line_without_words(office, caplog):
    def broken():
        raise RuntimeError("geheim van wonen@terneuzen.example")

    client = TestClient(create_app(office, broken), base_url=OURS)
    with caplog.at_level(logging.DEBUG):
        page = client.get("/c/terneuzen", headers=HTML)
        bare = client.get("/c/terneuzen")

    assert (page.status_code, bare.status_code) == (500, 500)
    assert "Er ging bij ons iets mis." in page.text
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("cycle")]
    assert [line.split(":")[0] for line in ours] == ["unexpected RuntimeError at test_web_answers.py"] * 2
    for told in (page.text, bare.text, caplog.text):
        assert "geheim" not in told


def test_a_database_that_is_away_is_told_as_that(office, client, caplog):
    with office.database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE covenant RENAME TO gone"))

    answer = client.get("/", headers=HTML)

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "120")
    assert "De dienst is even niet bereikbaar." in answer.text
    assert "covenant" not in caplog.text


def test_the_stylesheet_may_be_kept_by_its_own_mark(client):
    href = client.get("/", headers=HTML).text.split('rel="stylesheet" href="')[1].split('"')[0]
    answer = client.get(href)
    again = client.get(href, headers={"if-none-match": answer.headers["etag"]})

    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/static/cycle.css?v=older").headers["cache-control"] == "no-cache"


def test_pages_ask_for_nothing_elsewhere_and_hold_no_script_or_style(client):
    for path in ("/", "/?jaar=2027", "/nergens"):
        html = client.get(path, headers=HTML).text
        assert [word for word in ("<script", " style=", "<style", "http:", "https:", "//") if word in html] == []


def test_robots_are_not_kept_from_feeds(client):
    assert client.get("/robots.txt").text == ROBOTS == "User-agent: *\nDisallow:\n"


def test_the_hooks_run_with_the_server(office, clock):
    told: list[str] = []
    app = create_app(office, clock, on_start=lambda: told.append("start"), on_stop=lambda: told.append("stop"))

    with TestClient(app) as client:
        assert client.get("/healthz").status_code == 200
        assert told == ["start"]

    assert told == ["start", "stop"]
