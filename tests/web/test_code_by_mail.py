"""Changing something behind a mailed link asks for a code on the present address; looking and answering do not."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from cycle.actions.feeds.calendar_page import page_url
from cycle.actions.office.mailed import renew_links
from cycle.actions.office.office import Office
from cycle.actions.people.rhythms.rhythm import rhythm_page_url
from cycle.store.tables import FeedLink, Message, Person, RhythmRow, SignIn
from cycle.web import cookies
from cycle.web.app import create_app
from cycle.web.formkeys import FIELD
from tests.actions.mailbox import deliver, mails, text_of
from tests.decided import decided

from .conftest import HTML, NOW, Clock, code_in_outbox, hidden_of
from .desk.conftest import OURS, SECRETARY, Desk, signed

WHO, OTHER = "strategie@clavis.example", "beleid@woongoed.example"
CHOICE = {"uur": "14:00", "dag": ["0", "3"], "aantal": "2"}


def path_of(office: Office, email: str = WHO, url: Callable[[Office, str, datetime], str] = rhythm_page_url) -> str:
    return url(office, email, NOW).removeprefix(office.settings.web.base_url)


def form_of(client: TestClient, path: str) -> dict[str, str]:
    return hidden_of(client.get(path, headers=HTML).text, "form", FIELD)


def code_in_mail(office: Office, now: datetime = NOW) -> str:
    """The code in the newest mail, and whom it went to."""
    deliver(office, now)
    [*_, mail] = mails(office)
    return re.findall(r"(\d{3} \d{3}) ", text_of(mail))[0]


def asked(client: TestClient, path: str) -> int:
    return client.post(f"{path}/code", data=form_of(client, path), headers=HTML).status_code


def client_at(client: TestClient, host: str) -> TestClient:
    """A browser somewhere else."""
    return TestClient(client.app, base_url=OURS, follow_redirects=False, client=(host, 1))


def entered(client: TestClient, path: str, code: str) -> int:
    return client.post(f"{path}/bevestig", data=form_of(client, path) | {"code": code}, headers=HTML).status_code


def saved(client: TestClient, path: str) -> int:
    return client.post(path, data=form_of(client, path) | CHOICE, headers=HTML).status_code


def kept(office: Office) -> int:
    with office.database.reading() as session:
        return len(session.exec(select(RhythmRow)).all()) + len(session.exec(select(FeedLink)).all())


def test_every_form_that_changes_something_is_refused_until_the_code_was_typed_once(office, client) -> None:
    rhythm, calendar = path_of(office), path_of(office, url=page_url)
    forms = {
        rhythm: CHOICE,
        f"{rhythm}/afwezig": {"van": "2027-02-01", "tot": "2027-02-12"},
        f"{rhythm}/terug": {"id": "1"},
        f"{rhythm}/links": {},
        f"{calendar}/nieuw": {"naam": "Outlook"},
        f"{calendar}/intrekken": {"link": "1"},
    }
    of = {one: form_of(client, calendar if one.startswith(calendar) else rhythm) for one in forms}
    first = {client.post(one, data=of[one] | data, headers=HTML).status_code for one, data in forms.items()}
    before, page = kept(office), client.get(rhythm, headers=HTML).text

    assert asked(client, rhythm) == 303
    asks = client.get(f"{rhythm}/code", headers=HTML)
    done = entered(client, rhythm, code_in_mail(office))

    assert (first, before, asks.status_code, done) == ({403}, 0, 200, 303)
    assert ("Stuur mij een code" in page, "Bewaar" in page, "s…@clavis.example" in asks.text) == (True, False, True)
    assert [saved(client, rhythm) for _turn in range(2)] == [303, 303]
    assert client.post(f"{calendar}/nieuw", data=form_of(client, calendar), headers=HTML).status_code == 200
    assert "Stuur mij een code" not in client.get(calendar, headers=HTML).text


def test_the_code_goes_to_the_present_address_and_its_words_are_not_kept(office, client) -> None:
    asked(client, path_of(office))
    code_in_mail(office)
    with office.database.reading() as session:
        [row] = session.exec(select(Message)).all()
        [ask] = session.exec(select(SignIn)).all()

    assert (row.to, row.body, row.state, len(row.body_sha256)) == (WHO, b"", "sent", 64)
    assert client.get(f"/aanmelden/{ask.token_hash}", headers=HTML).status_code == 410


def test_a_code_is_for_one_browser_one_person_and_one_time(office, client, clock) -> None:
    path, other = path_of(office), path_of(office, OTHER)
    asked(client, path)
    code = code_in_mail(office)
    elsewhere = TestClient(create_app(office, clock), base_url=OURS, follow_redirects=False)
    elsewhere.cookies.set(cookies.BROWSER, "another browser")

    assert entered(elsewhere, path, code) == 409
    assert entered(client, other, code) == 409
    assert entered(client, path, code.replace(" ", "")) == 303
    assert entered(client, path, code) == 409
    assert (saved(elsewhere, path), saved(client, other), saved(client, path)) == (403, 403, 303)


def test_a_code_takes_five_tries_and_a_quarter_of_an_hour_and_is_good_for_one_hour(office, client, clock) -> None:
    path = path_of(office)
    asked(client, path)
    code = code_in_mail(office)
    wrong = f"{(int(code.replace(' ', '')) + 1) % 1_000_000:06d}"
    tries = {entered(client, path, wrong) for _turn in range(5)}
    too_often = entered(client, path, code)

    clock.at = NOW + timedelta(seconds=1)
    asked(client, path)
    second = code_in_mail(office, clock.at)
    clock.at = NOW + timedelta(minutes=16)
    late = entered(client, path, second)
    clock.at = NOW + timedelta(minutes=14)
    on_time, first = entered(client, path, second), saved(client, path)
    clock.at = NOW + timedelta(minutes=14 + 61)

    assert (tries, too_often, late, on_time, first, saved(client, path)) == ({409}, 409, 409, 303, 303, 403)


def test_nobody_is_flooded_with_codes(office, client, clock) -> None:
    path = path_of(office)
    hour = [asked(client, path) for _turn in range(6)]
    clock.at = NOW + timedelta(minutes=61)
    day = [asked(client, path) for _turn in range(3)]
    others = [asked(client_at(client, f"198.51.100.{number}"), path) for number in range(7)]

    assert (hour, day, others) == ([303] * 5 + [409], [303] + [409] * 2, [303] * 6 + [409])


def test_who_has_a_mail_of_somebody_else_keeps_no_browser_of_theirs_from_its_code(office, client, clock) -> None:
    path = path_of(office)
    asked(client, path)
    proven = entered(client, path, code_in_mail(office))
    for number in range(20):
        asked(client_at(client, f"198.51.100.{number}"), path)

    assert proven == 303
    assert asked(client_at(client, "203.0.113.1"), path) == 409
    client.cookies.delete(cookies.PROOF)
    assert [asked(client, path) for _turn in range(6)] == [303] * 5 + [409]


def tries(office: Office) -> list[int]:
    with office.database.reading() as session:
        return list(session.exec(select(SignIn.tries)))


def test_a_button_that_was_pressed_twice_mails_one_code_and_a_wrong_code_counts_once(office, client) -> None:
    path = path_of(office)
    form = form_of(client, path)
    asked_twice = [client.post(f"{path}/code", data=form, headers=HTML) for _turn in range(2)]
    wrong = f"{(int(code_in_outbox(office).replace(' ', '')) + 1) % 1_000_000:06d}"
    typed = form_of(client, path) | {"code": wrong}
    typed_twice = [client.post(f"{path}/bevestig", data=typed, headers=HTML) for _turn in range(2)]

    assert [(one.status_code, one.headers["location"]) for one in asked_twice] == [(303, f"{path}/code")] * 2
    assert [one.status_code for one in typed_twice] == [409, 409]
    assert ["Die code klopt niet." in one.text for one in typed_twice] == [True, True]
    assert (tries(office), saved(client, path)) == ([1], 403)


def test_who_pressed_twice_and_missed_the_first_answer_may_change_things_for_the_same_hour(
    office: Office, client: TestClient, clock: Clock
) -> None:
    path = path_of(office)
    asked(client, path)
    form = form_of(client, path) | {"code": code_in_outbox(office)}
    elsewhere = TestClient(client.app, base_url=OURS, follow_redirects=False)
    statuses = []
    for browser in (client, client, elsewhere):
        statuses.append(browser.post(f"{path}/bevestig", data=form, headers=HTML).status_code)
        statuses.append(saved(browser, path))
        browser.cookies.pop(cookies.PROOF, None)
    clock.at = NOW + timedelta(minutes=59)
    client.post(f"{path}/bevestig", data=form, headers=HTML)
    late = saved(client, path)
    clock.at = NOW + timedelta(minutes=61)
    client.post(f"{path}/bevestig", data=form, headers=HTML)

    assert statuses == [303, 303, 303, 303, 303, 403]
    assert (late, saved(client, path), tries(office)) == (303, 403, [1])


def test_a_browser_that_keeps_no_cookies_gets_a_sentence_and_no_mail(office: Office, client: TestClient) -> None:
    path = path_of(office)
    form = form_of(client, path)
    client.cookies.clear()
    answer = client.post(f"{path}/code", data=form, headers=HTML)

    assert (answer.status_code, "uw browser bewaart geen cookies" in answer.text, tries(office)) == (403, True, [])


def test_with_another_mark_what_a_code_gave_is_over(office, client) -> None:
    path = path_of(office)
    asked(client, path)
    entered(client, path, code_in_mail(office))
    with office.database.reading() as session:
        who = session.exec(select(Person.id).where(Person.email == WHO)).one() or 0
    renew_links(office, who, NOW, by="x")

    assert (client.get(path).status_code, saved(client, path_of(office))) == (404, 403)


def test_who_is_signed_in_needs_no_code_and_is_kept_by_their_own_name(office: Office, clock: Clock) -> None:
    desk = desk_of(office, clock, WHO)
    path, other = path_of(office), path_of(office, OTHER)

    assert (saved(desk, path), saved(desk, other)) == (303, 403)
    assert by_of(office, "ritme gekozen") == [WHO]


def test_what_is_done_by_link_is_kept_as_done_by_the_link_in_that_mail(
    office: Office, client: TestClient, clock: Clock
) -> None:
    path = path_of(office)
    asked(client, path)
    entered(client, path, code_in_mail(office))
    saved(client, path)
    client.post(f"{path}/afwezig", data=form_of(client, path) | {"van": "2027-02-01", "tot": "2027-02-12"})

    told = f"{WHO}, via link in mail van 21 november 2026"
    assert (by_of(office, "ritme gekozen"), by_of(office, "afwezig gemeld")) == ([told], [told])
    desk = desk_of(office, clock, SECRETARY)
    page = desk.get("/c/terneuzen/logboek", params={"wie": WHO}, headers=HTML).text
    assert "via link in mail van 21 november 2026" in page


def test_all_links_of_a_person_are_ended_from_their_own_page_and_by_the_secretariat(office, clock, client) -> None:
    path = path_of(office)
    asked(client, path)
    entered(client, path, code_in_mail(office))
    ended = client.post(f"{path}/links", data=form_of(client, path), headers=HTML)
    newer = path_of(office)
    own = desk_of(office, clock, WHO)
    by_own = own.submit("/mij/links")
    newest = path_of(office)
    office_desk = desk_of(office, clock, SECRETARY)
    with office.database.reading() as session:
        who = session.exec(select(Person.id).where(Person.email == WHO)).one()
    sure = office_desk.submit(f"/c/terneuzen/mensen/{who}/links")
    still = client.get(newest).status_code
    by_office = office_desk.submit(f"/c/terneuzen/mensen/{who}/links", {"zeker": "ja"})

    assert (ended.status_code, "Uw links werken niet meer" in ended.text) == (200, True)
    assert [client.get(one).status_code for one in (path, newer, newest)] == [404] * 3
    assert (by_own.status_code, sure.status_code, still, by_office.status_code) == (303, 200, 200, 303)


def desk_of(office: Office, clock: Clock, email: str) -> Desk:
    return signed(Desk(create_app(office, clock), base_url=OURS, follow_redirects=False), office, email, clock)


def by_of(office: Office, verb: str) -> list[str]:
    with office.database.reading() as session:
        return [one.by for one in decided(session) if one.verb == verb]


@pytest.fixture
def client(office: Office, clock: Clock) -> TestClient:
    return TestClient(create_app(office, clock), base_url=OURS, follow_redirects=False)
