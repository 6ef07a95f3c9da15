"""The feed at its address: rules A5 to A7 and A15."""

import logging
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import text
from sqlmodel import select
from starlette.testclient import TestClient

from cycle.actions.deadlines.deciding import closing
from cycle.actions.deadlines.meeting import planned_meetings
from cycle.actions.feeds import feed_of_token, new_link, revoke_links, token_hash
from cycle.actions.register.reading_in.importing import import_folder
from cycle.domain.model import State
from cycle.store.tables import FeedFetch, FeedLink
from cycle.web.app import create_app

from .conftest import NOW, OURS, ROOT, find, make_office

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
    planned_meetings.set_meeting(office, find(office, "Najaarsoverleg"), NOW.date().replace(year=2027), NOW)

    after = client.get(path, headers={"if-none-match": before.headers["etag"]})

    assert (after.status_code, after.content != before.content) == (200, True)


def test_a5_head_is_get_without_body(client, path):
    got, head = client.get(path), client.head(path)

    assert (head.status_code, head.content, dict(head.headers)) == (200, b"", dict(got.headers))


@pytest.mark.parametrize(
    "strange",
    [
        "/k/",
        "/k/x",
        "/k/x/termijnen.ics",
        "/k/x/taken.ics",
        "/k/x/y/termijnen.ics",
        "/k/x/termijnen.ics/",
        "/k/%C3%A9/termijnen.ics",
        "/k/" + "a" * 500 + "/termijnen.ics",
        "/k/%00/termijnen.ics",
        "/k/a b/termijnen.ics",
    ],
)
def test_a15_unknown_malformed_and_foreign_tokens_are_one_404(office, client, path, strange):
    with office.database.writing() as session:
        for link in session.exec(select(FeedLink)):
            session.delete(link)
    foreign, unknown = client.get(path), client.get(strange, headers={"accept": "text/html"})

    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert (unknown.content, unknown.headers) == (foreign.content, foreign.headers)
    assert foreign.headers["content-type"] == "text/plain; charset=utf-8"


def test_a15_a_hundred_foreign_tokens_ask_the_database_one_question_each(office, client, monkeypatch):
    asked = []
    keeper = office.database.feeds
    monkeypatch.setattr(keeper, "version_of", lambda hashed: asked.append(hashed))
    monkeypatch.setattr(office.database, "reading", None)  # nothing else is read for them

    answers = {client.get(f"/k/{'x' * number}/termijnen.ics").content for number in range(1, 101)}

    assert (len(answers), len(asked), {len(one) for one in asked}) == (1, 100, {64})


def test_a15_a_revoked_link_says_so_and_is_gone_after_thirty_days(office, client, path, clock):
    before = client.get(path)
    revoke_links(office, WHO, NOW)
    ended = client.get(path)
    clock.at = NOW + timedelta(days=30)
    gone = client.get(path)

    assert (before.status_code, ended.status_code, gone.status_code) == (200, 200, 410)
    assert ended.content.count(b"BEGIN:VEVENT") == 1
    assert "Agendakoppeling beëindigd".encode() in ended.content
    assert gone.headers["content-type"] == "text/plain; charset=utf-8"
    assert list(office.settings.path("var/feeds").iterdir()) == []


def test_a15_a_leaked_link_is_gone_at_once_also_without_a_database(office, client, path):
    assert client.get(path).status_code == 200
    revoke_links(office, WHO, NOW, leaked=True)
    assert client.get(path).status_code == 410
    _break(office)

    assert client.get(path).status_code == 503


def test_a15_more_than_sixty_fetches_an_hour_are_told_to_wait(office, client, path, clock):
    for _ in range(60):
        assert client.get(path).status_code == 200
    clock.at = NOW + timedelta(minutes=59)
    refused = client.get(path)
    other = client.get(new_link(office, WHO, NOW).url.removeprefix(office.settings.web.base_url))
    clock.at = NOW + timedelta(minutes=60)

    assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")
    assert refused.headers["content-type"] == "text/plain; charset=utf-8"
    assert (other.status_code, client.get(path).status_code) == (200, 200)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"])
def test_a_feed_is_only_read(client, path, method):
    answer = client.request(method, path)

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


def test_a7_without_a_database_the_last_good_bytes_go_out_also_after_a_restart(office, client, path, clock):
    good = client.get(path)
    _break(office)
    warm = client.get(path)
    restarted = TestClient(create_app(office, clock), base_url=OURS)
    cold, unchanged = restarted.get(path), restarted.get(path, headers={"if-none-match": good.headers["etag"]})

    assert [(one.status_code, one.content, one.headers) for one in (warm, cold)] == [
        (200, good.content, good.headers)
    ] * 2
    assert unchanged.status_code == 304


@pytest.mark.parametrize("damage", [b"", b'"x"\n', b"<html>"])
def test_a7_a_damaged_copy_is_never_served(office, client, path, clock, damage):
    client.get(path)
    for copy in office.settings.path("var/feeds").iterdir():
        copy.write_bytes(damage)
    _break(office)

    assert TestClient(create_app(office, clock), base_url=OURS).get(path).status_code == 503


def test_a7_without_database_and_copy_it_is_503_and_never_200(office, client, path):
    _break(office)

    answer = client.get(path)

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "120")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


def test_a15_copies_are_for_our_eyes_only_and_name_no_token(office, client, path):
    client.get(path)
    [copy] = office.settings.path("var/feeds").iterdir()
    token = path.split("/")[2]

    assert copy.stat().st_mode & 0o777 == 0o600
    assert copy.parent.stat().st_mode & 0o777 == 0o700
    assert token not in copy.name
    assert token_hash(token) != copy.name
    assert token.encode() not in copy.read_bytes()


def test_a5_the_same_bytes_over_time_processes_and_a_restart(office, client, path, clock):
    first = client.get(path)
    clock.at = NOW + timedelta(days=9)
    again = client.get(path)
    restarted = TestClient(create_app(office, clock), base_url=OURS).get(path)

    assert first.content == again.content == restarted.content
    assert first.headers["etag"] == again.headers["etag"] == restarted.headers["etag"]


def test_an_unchanged_feed_is_not_built_again(office, client, path, monkeypatch):
    client.get(path)
    monkeypatch.setattr(office.database, "reading", None)

    assert client.get(path).status_code == 200


def test_who_fetched_is_noted_when_the_server_stops(office, path, clock):
    with TestClient(create_app(office, clock), base_url=OURS) as client:
        client.get(path, headers={"user-agent": "Google-Calendar-Importer"})
        client.get(path, headers={"user-agent": "Google-Calendar-Importer"})

    with office.database.reading() as session:
        [fetch] = session.exec(select(FeedFetch)).all()
    assert (fetch.client, fetch.fetches, fetch.last_at) == ("Google Agenda", 2, NOW)


def test_tasks_lie_beside_the_calendar(client, path):
    answer = client.get(path.replace("termijnen.ics", "taken.ics"))

    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert (b"BEGIN:VTODO" in answer.content, b"BEGIN:VEVENT" in answer.content) == (True, False)


def test_both_engines_serve_the_same_feed_by_the_same_road(database_url, clock):
    office = make_office(database_url)
    import_folder(office, ROOT / "examples" / "terneuzen", NOW)
    closing.release(office, "terneuzen", NOW)
    client = TestClient(create_app(office, clock), base_url=OURS)
    path = new_link(office, WHO, NOW).url.removeprefix(office.settings.web.base_url)

    first = client.get(path)
    same = client.get(path, headers={"if-none-match": first.headers["etag"]})
    closing.settle(office, find(office, "Bouwtafel"), State.DROPPED, NOW)
    planned_meetings.set_meeting(office, find(office, "Najaarsoverleg"), NOW.date().replace(year=2027), NOW)
    after = client.get(path)
    office.database.close()

    assert (first.status_code, same.status_code, after.status_code) == (200, 304, 200)
    assert first.content != after.content


def test_a7_postgresql_that_stops_and_comes_back(postgresql, clock):
    address = postgresql()
    office = make_office(address)
    import_folder(office, ROOT / "examples" / "terneuzen", NOW)
    client = TestClient(create_app(office, clock), base_url=OURS)
    path = new_link(office, WHO, NOW).url.removeprefix(office.settings.web.base_url)
    good = client.get(path)
    with psycopg.connect(address.rpartition("/")[0] + "/postgres", autocommit=True) as admin:
        name = address.rpartition("/")[2]
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        away = client.get(path)
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())
        back = client.get(path)
    office.database.close()

    assert [one.status_code for one in (good, away, back)] == [200, 200, 200]
    assert good.content == away.content == back.content


def _break(office) -> None:
    """A database that answers no question."""
    with office.database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE feed_link RENAME TO gone"))


def test_a7_the_unforeseen_is_500_in_plain_text_and_no_token_in_the_log(office, path, caplog):
    def broken():
        raise RuntimeError(path)

    with caplog.at_level(logging.DEBUG, logger="cycle"):
        answer = TestClient(create_app(office, broken), base_url=OURS).get(path)

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
    closing.settle(office, find(office, "Uitnodigingsbrief"), State.DONE, NOW)

    assert b"SUMMARY:Gedaan: 5.9 Uitnodigingsbrief" in client.get(strategy).content
