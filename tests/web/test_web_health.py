"""What monitors are told."""

from datetime import timedelta

from sqlalchemy import text

from cycle.store import outbox

from .conftest import NOW, beat


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
            {"name": "wachtrij", "ok": True, "words": "leeg"},
            {"name": "verzending", "ok": True, "words": "loopt"},
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
        outbox.set_pause(session, NOW, "535 5.7.8 account geheim refused")

    answer = client.get("/readyz")

    assert (answer.status_code, "geheim" in answer.text) == (503, False)
    assert answer.json()["checks"][-1] == {"name": "verzending", "ok": False, "words": "staat stil"}


def test_readyz_survives_a_database_that_is_away(office, client):
    with office.database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE beat RENAME TO gone"))

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json() == {
        "status": "fault",
        "checks": [{"name": "database", "ok": False, "words": "niet bereikbaar"}],
    }
