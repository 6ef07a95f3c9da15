"""What a monitor that measures is told, and that nobody else is."""

from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text
from starlette.testclient import TestClient

from cycle import __version__
from cycle.actions.feeds import new_link
from cycle.store.outbox import standstill
from cycle.web.app import create_app
from tests.actions.mailbox import queue

from .conftest import NOW, OURS, beat, make_office

PUBLIC, TOKEN = "https://afspraken.terneuzen.example", "een-geheim-van-ten-minste-twintig"
Values = dict[tuple[str, ...], float]


@pytest.fixture
def measured(tmp_path):
    office = make_office(
        tmp_path / "measured.db",
        CYCLE__WEB__BASE_URL=PUBLIC,
        CYCLE__WATCH__METRICS="true",
        CYCLE__WATCH__READYZ_TOKEN=TOKEN,
    )
    beat(office, NOW - timedelta(seconds=30))
    yield office
    office.database.close()


def values(told: str) -> Values:
    """Each measure of ours by its name and labels."""
    samples = [one for family in text_string_to_metric_families(told) for one in family.samples]
    return {(one.name, *one.labels.values()): one.value for one in samples if one.name.startswith("cycle_")}


def asking(office, clock, peer="127.0.0.1", address=OURS):
    return TestClient(create_app(office, clock), base_url=address, client=(peer, 50000))


def test_metrics_counts_what_readyz_watches_and_what_waits(measured, clock):
    queue(measured, 2, NOW - timedelta(minutes=5))
    with measured.database.writing() as session:
        standstill.set_pause(session, NOW, "535 5.7.8 account geheim refused")
    client = asking(measured, clock)

    answer = client.get("/metrics")
    checks = client.get("/readyz").json()["checks"]
    told = values(answer.text)

    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert answer.headers["content-type"].startswith("text/plain")
    assert {key[1]: value for key, value in told.items() if key[0] == "cycle_check_ok"} == {
        one["name"]: float(one["ok"]) for one in checks
    }
    assert told["cycle_check_ok", "verzending"] == 0
    assert {key[1]: value for key, value in told.items() if key[0] == "cycle_messages"} == {
        state: 2.0 if state == "queued" else 0.0
        for state in ("draft", "queued", "sending", "sent", "failed", "held", "replaced", "discarded")
    }
    assert {key: value for key, value in told.items() if key[0] not in ("cycle_check_ok", "cycle_messages")} == {
        ("cycle_info", __version__): 1.0,
        ("cycle_database_up",): 1.0,
        ("cycle_oldest_queued_seconds",): 300.0,
        ("cycle_job_age_seconds", "plan"): 30.0,
        ("cycle_job_age_seconds", "deliver"): 30.0,
        ("cycle_feed_links",): 0.0,
        ("cycle_feed_fetches",): 0.0,
    }
    assert "process_resident_memory_bytes" in answer.text
    assert [word for word in ("@", "geheim", "http") if word in answer.text] == []


def test_metrics_counts_fetches_of_calendars(office, clock):
    office = make_office(office.settings.folder / "cycle.db", CYCLE__WATCH__METRICS="true")
    link = new_link(office, "wonen@terneuzen.example", NOW).url
    with asking(office, clock) as client:  # what it noted is written down as it ends
        assert client.get(link).status_code == 200
    clock.at = NOW + timedelta(minutes=1)

    told = values(asking(office, clock).get("/metrics").text)

    names = ("cycle_feed_links", "cycle_feed_fetches", "cycle_last_feed_fetch_seconds")
    assert [told[name,] for name in names] == [1.0, 1.0, 60.0]


def test_metrics_says_that_the_database_is_away(measured, clock):
    with measured.database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE beat RENAME TO gone"))

    answer = asking(measured, clock).get("/metrics")

    assert (answer.status_code, values(answer.text)) == (
        200,
        {("cycle_info", __version__): 1.0, ("cycle_database_up",): 0.0},
    )


def test_metrics_is_no_page_to_anybody_else_and_not_at_all_unless_it_is_wanted(measured, office, clock):
    stranger = asking(measured, clock, "203.0.113.9", PUBLIC)
    given = [{}, {"authorization": f"Bearer {TOKEN}x"}, {"authorization": f"Bearer {TOKEN}"}]
    tried = [stranger.get("/metrics", headers=headers).status_code for headers in given]
    passed_on = asking(measured, clock).get("/metrics", headers={"x-forwarded-for": "203.0.113.9"})
    elsewhere = asking(measured, clock, "203.0.113.9", "http://10.0.0.5:8700")

    assert tried == [404, 404, 200]
    assert passed_on.status_code == 404
    assert elsewhere.get("/metrics", headers={"host": "127.0.0.1"}).status_code == 404
    assert elsewhere.get("/metrics", headers=given[2]).status_code == 200  # a monitor knows us by our number
    assert asking(office, clock).get("/metrics").status_code == 404


def test_metrics_without_its_package_says_which(measured, clock, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)

    answer = asking(measured, clock).get("/metrics")

    assert (answer.status_code, "prometheus-client" in answer.text) == (400, True)
