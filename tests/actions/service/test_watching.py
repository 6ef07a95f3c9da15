"""Rule C9: somebody outside notices a standstill, and the operator's daily mail has the right numbers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

from cycle.actions.office.office import Office
from cycle.actions.service.watch.condition import condition
from cycle.actions.service.watch.forgetting import empty_old_bodies
from cycle.actions.service.watch.watching import give_sign_of_life, put_daily
from cycle.store.outbox import beating, standstill
from cycle.store.outbox.labels import FAILED, HELD, SENT
from cycle.store.tables import Message
from tests.actions.mailbox import ScriptedWay, at, deliver, mails, queue, row_of, send, text_of

MONDAY = at("2027-02-08")


def with_settings(office: Office, section: str, **changes: object) -> Office:
    part = getattr(office.settings, section).model_copy(update=changes)
    return replace(office, settings=office.settings.model_copy(update={section: part}))


@contextmanager
def listener(status: int = 200) -> Iterator[tuple[str, list[str]]]:
    """A monitoring service: its address, and the paths that were called."""
    called: list[str] = []

    class Service(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            called.append(self.path)
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Service)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/sign", called
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def beat(office: Office) -> None:
    with office.database.writing() as session:
        for name in ("plan", "deliver"):
            beating.beat(session, name, MONDAY)


def sign_of_life(office: Office, now: datetime) -> bool:
    return give_sign_of_life(office, condition(office, now))


def test_c9_a_sign_of_life_goes_out_only_while_all_goes_well(office: Office) -> None:
    with listener() as (url, called):
        watched = with_settings(office, "watch", ping_url=url)
        assert sign_of_life(watched, MONDAY) is False  # no round came by yet
        beat(watched)
        assert sign_of_life(watched, MONDAY) is True
        assert sign_of_life(watched, MONDAY + timedelta(minutes=3)) is False
        with watched.database.writing() as session:
            standstill.set_pause(session, MONDAY, "535 no")
        assert sign_of_life(watched, MONDAY) is False
    assert called == ["/sign"]
    assert sign_of_life(office, MONDAY) is False  # nobody is to be called


def test_c9_a_service_that_refuses_or_redirects_or_is_away_is_no_failure_of_ours(office: Office) -> None:
    beat(office)
    for status in (302, 500):
        with listener(status) as (url, called):
            assert sign_of_life(with_settings(office, "watch", ping_url=url), MONDAY) is False
            assert called == ["/sign"]
    assert sign_of_life(with_settings(office, "watch", ping_url=url), MONDAY) is False


def test_c9_the_operator_hears_on_each_mail_day_what_left_since_the_one_before(office: Office) -> None:
    office = with_settings(office, "mail", operator="beheer@gemeente.example")
    sent = queue(office, 3, at("2027-02-05"))
    [failed] = queue(office, 1, at("2027-02-05"), key_prefix="1")
    with office.database.writing() as session:
        row = session.get_one(Message, failed)
        row.state = FAILED
        session.add(row)
    send(office, ScriptedWay(), at("2027-02-05"))
    assert {row_of(office, one).state for one in sent} == {SENT}

    assert put_daily(office, (), at("2027-02-06")) is False  # Saturday
    assert put_daily(office, (), at("2027-02-08", 8)) is False  # before the send hour
    assert put_daily(office, (), MONDAY) is True
    assert put_daily(office, (), MONDAY + timedelta(hours=1)) is False
    deliver(office, MONDAY)

    [mail] = mails(office)
    assert str(mail["To"]) == "beheerder <beheer@gemeente.example>"
    assert str(mail["Subject"]) == "Sinds vrijdag 5 februari 2027: 3 mails verstuurd, 1 niet bezorgd"
    assert "Sinds vrijdag 5 februari 2027 zijn 3 mails verstuurd. Niet bezorgd: 1." in text_of(mail)

    assert put_daily(office, (), at("2027-02-09")) is True
    deliver(office, at("2027-02-09"))
    assert str(mails(office)[1]["Subject"]) == "Gisteren: 0 mails verstuurd, alles bezorgd"


def test_c9_without_an_operator_or_when_not_wanted_there_is_no_daily_mail(office: Office) -> None:
    assert put_daily(office, (), MONDAY) is False
    told = with_settings(office, "mail", operator="beheer@gemeente.example")
    assert put_daily(with_settings(told, "watch", daily=False), (), MONDAY) is False


def test_the_words_of_a_mail_go_after_ninety_days_and_the_rest_stays(office: Office) -> None:
    [old, waiting] = queue(office, 2, at("2027-02-05"))
    with office.database.writing() as session:
        row = session.get_one(Message, waiting)
        row.state = HELD
        session.add(row)
    deliver(office, at("2027-02-05"))
    before = row_of(office, old)

    assert empty_old_bodies(office, at("2027-05-06", 9)) == 0
    assert empty_old_bodies(office, at("2027-05-06", 11)) == 1
    assert empty_old_bodies(office, at("2027-05-06", 11)) == 0

    after = row_of(office, old)
    assert (after.body, row_of(office, waiting).body != b"") == (b"", True)
    assert before.model_dump(exclude={"body"}) == after.model_dump(exclude={"body"})
