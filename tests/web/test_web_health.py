"""What monitors are told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from cycle.actions.office.office import Office
from cycle.store.outbox import standstill
from cycle.web.app import create_app

from .conftest import NOW, OURS, Clock, beat, make_office

PUBLIC = "https://afspraken.terneuzen.example"
TOKEN = "een geheim van ten minste twintig".replace(" ", "-")


@pytest.fixture
def client(office: Office, clock: Clock) -> TestClient:
    """What asks from this machine itself, as `curl http://127.0.0.1:8700/readyz` does."""
    return TestClient(create_app(office, clock), base_url=OURS, client=("127.0.0.1", 50000))


def test_healthz_asks_only_whether_the_process_lives(office, client):
    office.database.close()

    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_readyz_is_well_when_both_jobs_come_round(office, client):
    beat(office, NOW)

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "checks": [
            {"name": "plannen", "ok": True, "words": "laatste ronde 0 seconden geleden"},
            {"name": "bezorgen", "ok": True, "words": "laatste ronde 0 seconden geleden"},
            {"name": "bijhouden", "ok": True, "words": "is nog niet geweest"},
            {"name": "wachtrij", "ok": True, "words": "leeg"},
            {"name": "uitgestelde mail", "ok": True, "words": "geen"},
            {"name": "mail onderweg", "ok": True, "words": "geen"},
            {"name": "onzekere mail", "ok": True, "words": "geen"},
            {"name": "vastgehouden mail", "ok": True, "words": "geen"},
            {"name": "akkoord", "ok": True, "words": "0 concepten wachten, elk met een moment"},
            {"name": "antwoorden", "ok": True, "words": "geen"},
            {"name": "verzending", "ok": True, "words": "loopt"},
            {"name": "schrijven", "ok": True, "words": "de database neemt aan"},
            {"name": "verzendjournaal", "ok": True, "words": "wordt bijgehouden"},
            {"name": "gegevens", "ok": True, "words": "heel"},
            {"name": "instellingen", "ok": True, "words": "die van de schijf"},
            {"name": "ruimte", "ok": True, "words": "genoeg"},
        ],
    }


def test_c9_readyz_is_503_within_three_minutes_of_a_standstill(office, client, clock):
    beat(office, NOW)
    clock.at = NOW + timedelta(minutes=3)

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["status"]) == (503, "fault")


def test_readyz_tells_of_a_pause_without_the_mail_servers_words(office, client):
    beat(office, NOW)
    with office.database.writing() as session:
        standstill.set_pause(session, NOW, "535 5.7.8 account geheim refused")

    answer = client.get("/readyz")

    assert (answer.status_code, "geheim" in answer.text) == (503, False)
    wrong = [one for one in answer.json()["checks"] if not one["ok"]]
    assert wrong == [{"name": "verzending", "ok": False, "words": "staat stil"}]


def test_readyz_survives_a_database_that_is_away(office, client):
    with office.database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE beat RENAME TO gone"))

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json() == {
        "status": "fault",
        "checks": [{"name": "database", "ok": False, "words": "niet bereikbaar"}],
    }


@contextmanager
def served(folder: Path, clock: Callable, **environ: str) -> Iterator[Callable[..., TestClient]]:
    """A service with a public address, and a function that gives who asks it from somewhere."""
    office = make_office(folder / "public.db", CYCLE__WEB__BASE_URL=PUBLIC, **environ)
    beat(office, NOW)
    app = create_app(office, clock)

    def asking(peer: str, address: str = PUBLIC) -> TestClient:
        return TestClient(app, base_url=address, client=(peer, 50000))

    yield asking
    office.database.close()


def test_readyz_tells_the_world_only_whether_all_is_well(tmp_path, clock):
    with served(tmp_path, clock) as asking:
        well = [asking("203.0.113.9", address).get("/readyz") for address in (PUBLIC, "http://203.0.113.1:8700", OURS)]
        clock.at = NOW + timedelta(minutes=3)
        ill = asking("2001:db8::1").get("/readyz")

    assert [(one.status_code, one.json()) for one in well] == [(200, {"status": "ok"})] * 3
    assert (ill.status_code, ill.json()) == (503, {"status": "fault"})


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
def test_readyz_tells_this_machine_what_it_looked_at(tmp_path, clock, peer):
    with served(tmp_path, clock) as asking:
        answers = [asking(peer, address).get("/readyz").json() for address in (OURS, "http://localhost:8700")]

    assert [len(one["checks"]) for one in answers] == [16, 16]


@pytest.mark.parametrize(
    "headers",
    [
        {"x-forwarded-for": "127.0.0.1"},
        {"x-forwarded-for": "203.0.113.9"},
        {"forwarded": "for=127.0.0.1"},
        {"x-real-ip": "127.0.0.1"},
        {"via": "1.1 proxy"},
        {"x-forwarded-proto": "https"},
        {"host": "afspraken.terneuzen.example"},
        {"host": "evil.example"},
        {"host": "a@127.0.0.1"},
    ],
)
def test_what_a_web_server_on_this_machine_passes_on_is_not_from_this_machine(tmp_path, clock, headers):
    with served(tmp_path, clock) as asking:
        assert asking("127.0.0.1", OURS).get("/readyz", headers=headers).json() == {"status": "ok"}


def test_no_header_of_a_stranger_makes_them_this_machine(tmp_path, clock):
    claims = {"x-forwarded-for": "127.0.0.1", "x-real-ip": "127.0.0.1", "host": "127.0.0.1"}
    with served(tmp_path, clock) as asking:
        assert asking("203.0.113.9", OURS).get("/readyz", headers=claims).json() == {"status": "ok"}


def test_who_knows_the_token_hears_what_is_wrong_from_anywhere(tmp_path, clock):
    tries = [
        f"Bearer {TOKEN}",
        f"bearer {TOKEN}",
        f"Bearer {TOKEN}x",
        "Bearer ",
        f"Basic {TOKEN}",
        TOKEN,
        "Bearer \xe9",
    ]
    with served(tmp_path, clock, CYCLE__WATCH__READYZ_TOKEN=TOKEN) as asking:
        client = asking("203.0.113.9")
        told = [client.get("/readyz", headers={"authorization": one.encode("latin-1")}).json() for one in tries]
        in_the_address = client.get(f"/readyz?token={TOKEN}").json()
    with served(tmp_path, clock) as asking:
        without = [
            asking("203.0.113.9").get("/readyz", headers={"authorization": one}) for one in ("Bearer ", "Bearer")
        ]

    assert ["checks" in one for one in told] == [True, True, False, False, False, False, False]
    assert [in_the_address, *(one.json() for one in without)] == [{"status": "ok"}] * 3
