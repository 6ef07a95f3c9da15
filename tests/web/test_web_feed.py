"""The feed at its address: rules A5 to A7 and A15."""

import logging

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from cycle.actions import settling
from cycle.actions.feeds import feed_of_token, new_link, revoke_links
from cycle.domain.model import State
from cycle.web.app import create_app

from .conftest import NOW, find

WHO = "wonen@terneuzen.example"


@pytest.fixture
def path(office) -> str:
    return new_link(office, WHO, NOW).url.removeprefix(office.settings.web.base_url)


def test_a6_the_whole_calendar_with_its_headers(office, client, path):
    answer = client.get(path, headers={"accept-encoding": "gzip", "cookie": "a=b"})

    with office.database.reading() as session:
        expected = feed_of_token(session, office.settings, path.split("/")[2], NOW)
    assert (answer.status_code, answer.content) == (200, expected)
    sent = {name: answer.headers.get(name) for name in ("content-type", "cache-control", "x-robots-tag")}
    assert sent == {
        "content-type": "text/calendar; charset=utf-8",
        "cache-control": "private, no-cache",
        "x-robots-tag": "noindex",
    }
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert answer.headers["etag"].startswith('"')
    absent = {"set-cookie", "www-authenticate", "last-modified", "content-encoding", "vary"}
    assert absent & set(answer.headers) == set()


@pytest.mark.parametrize("accept", [None, "text/html", "application/json", "text/calendar"])
def test_a6_the_same_answer_for_any_accept(client, path, accept):
    plain = client.get(path)
    asked = client.get(path, headers={"accept": accept} if accept else {})

    assert (asked.status_code, asked.content, asked.headers) == (200, plain.content, plain.headers)


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
def test_a5_who_has_these_bytes_gets_304(client, path, form):
    mark = client.get(path).headers["etag"]

    answer = client.get(path, headers={"if-none-match": form.format(mark)})

    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", mark)
    assert answer.headers["cache-control"] == "private, no-cache"


def test_a5_a_settled_deadline_changes_the_bytes(office, client, path):
    before = client.get(path)
    settling.set_meeting(office, find(office, "Najaarsoverleg"), NOW.date().replace(year=2027), NOW)

    after = client.get(path, headers={"if-none-match": before.headers["etag"]})

    assert (after.status_code, after.content != before.content) == (200, True)


def test_a5_head_is_get_without_body(client, path):
    got, head = client.get(path), client.head(path)

    assert (head.status_code, head.content, dict(head.headers)) == (200, b"", dict(got.headers))


@pytest.mark.parametrize(
    "strange",
    [
        "/k/", "/k/x", "/k/x/termijnen.ics", "/k/x/y/termijnen.ics", "/k/x/termijnen.ics/", "/k/%C3%A9/termijnen.ics",
        "/k/" + "a" * 500 + "/termijnen.ics", "/k/%00/termijnen.ics", "/k/a b/termijnen.ics",
    ],
)  # fmt: skip
def test_a15_unknown_malformed_and_ended_tokens_are_one_404(office, client, path, strange):
    revoke_links(office, WHO, NOW)
    ended, unknown = client.get(path), client.get(strange, headers={"accept": "text/html"})

    assert (ended.status_code, unknown.status_code) == (404, 404)
    assert (unknown.content, unknown.headers) == (ended.content, ended.headers)
    assert ended.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"])
def test_a_feed_is_only_read(client, path, method):
    answer = client.request(method, path)

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


def test_a7_without_a_database_it_is_503_and_never_200(office, client, path):
    with office.database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE feed_link RENAME TO gone"))

    answer = client.get(path)

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "120")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


def test_a7_the_unforeseen_is_500_in_plain_text_and_no_token_in_the_log(office, path, caplog):
    def broken():
        raise RuntimeError(path)

    with caplog.at_level(logging.DEBUG, logger="cycle"):
        answer = TestClient(create_app(office, broken)).get(path)

    assert (answer.status_code, answer.headers["content-type"]) == (500, "text/plain; charset=utf-8")
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("cycle")]
    assert len(ours) == 1
    assert path.split("/")[2] not in ours[0]


def test_reading_a_feed_changes_nothing(office, client, path):
    with office.database.reading() as session:
        before = session.connection().exec_driver_sql("PRAGMA data_version").scalar()
        client.get(path)
        client.get(path.replace("/k/", "/k/x"))
        assert session.connection().exec_driver_sql("PRAGMA data_version").scalar() == before


def test_a_done_deadline_is_in_the_feed_as_done(office, path, client):
    strategy = new_link(office, "strategie@clavis.example", NOW).url.removeprefix(office.settings.web.base_url)
    settling.settle(office, find(office, "Uitnodigingsbrief"), State.DONE, NOW)

    assert b"SUMMARY:Gedaan: 5.9 Uitnodigingsbrief" in client.get(strategy).content
