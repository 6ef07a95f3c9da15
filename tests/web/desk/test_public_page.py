"""The page of the year for everybody: off until the secretariat switches it on, and then only what the switch says."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import select

from cycle.actions.office.office import Office
from cycle.actions.signin.asking import From
from cycle.actions.signin.signing_in import ask
from cycle.store.outbox.labels import FAILED, HELD, QUEUED, SIGN_IN
from cycle.store.tables import Covenant, Message
from cycle.web.app import create_app
from tests.actions.mailbox import act, deliver
from tests.decided import decided
from tests.web.conftest import HTML, NOW, Clock

from .conftest import DIRECTOR, OURS, SECRETARY, STRANGER, TREKKER, Desk, words_of

PAGE, SWITCH = "/c/terneuzen", "/c/terneuzen/openbaar"


@pytest.fixture
def passer_by(office: Office, clock: Clock) -> Desk:
    return Desk(create_app(office, clock), base_url=OURS, follow_redirects=False)


@pytest.fixture
def off(office: Office) -> Office:
    """Terneuzen is released, and its public page is off."""
    switch(office, "terneuzen", is_public=False)
    return office


def switch(office: Office, slug: str, *, is_public: bool) -> None:
    with office.database.writing() as session:
        row = session.exec(select(Covenant).where(Covenant.slug == slug)).one()
        row.is_public = is_public
        session.add(row)


def decisions(office: Office) -> list[tuple[str, str, str, bool]]:
    with office.database.reading() as session:
        rows = decided(session)
    return [(row.verb, row.by, row.about, row.covenant_id is not None) for row in rows if "openbare" in row.verb]


def test_a_page_that_is_off_is_to_a_passer_by_as_one_that_does_not_exist(off: Office, passer_by: Desk) -> None:
    for path in ("", "?jaar=2027", "?jaar=1900", "?jaar=x"):
        for headers in (HTML, {}):
            is_off = passer_by.get(f"/c/terneuzen{path}", headers=headers)
            absent = passer_by.get(f"/c/nergens{path}", headers=headers)
            assert (is_off.status_code, is_off.content, is_off.headers) == (404, absent.content, absent.headers), path
    start = passer_by.get("/", headers=HTML).text
    assert ("Prestatieafspraken Hulst" in start, "Terneuzen" in start) == (True, False)


def test_who_asks_for_a_link_to_sign_in_is_not_seen_on_a_public_page(office: Office, passer_by: Desk) -> None:
    """It would tell a passer-by whether somebody has an address here."""
    act(office, NOW)
    before = passer_by.page(PAGE)
    for address in (SECRETARY, "niemand@nergens.example"):
        ask(office, address, NOW + timedelta(minutes=1), browser="b", asked_from=From("198.51.100.7"))
    deliver(office, NOW + timedelta(minutes=2))
    with office.database.reading() as session:
        went = session.exec(select(Message.to).where(Message.kind == SIGN_IN, Message.state == "sent")).all()

    assert went == [SECRETARY]
    assert passer_by.page(PAGE) == before


def test_where_every_page_is_off_the_start_is_as_without_any_covenant(off: Office, passer_by: Desk) -> None:
    switch(off, "hulst", is_public=False)
    words = words_of(passer_by.page("/"))

    assert "Hier staat niets dat voor iedereen te zien is." in words
    assert [name for name in ("Terneuzen", "Hulst") if name in words.replace("examples/terneuzen", "")] == []


def test_who_sits_at_the_table_sees_the_year_all_the_same(off: Office, sign_in: Callable[[str], Desk]) -> None:
    seen = {email: sign_in(email).get(PAGE, headers=HTML).status_code for email in (SECRETARY, DIRECTOR, TREKKER)}

    assert seen == {SECRETARY: 200, DIRECTOR: 200, TREKKER: 200}
    assert sign_in(STRANGER).get(PAGE, headers=HTML).status_code == 404


def test_the_secretariat_switches_it_on_and_off_and_the_logbook_says_who(
    off: Office, desk: Desk, passer_by: Desk, clock: Clock
) -> None:
    before = words_of(desk.page(SWITCH))
    on = desk.submit(SWITCH, {"stand": "aan"})
    seen, shown = passer_by.get(PAGE).status_code, words_of(desk.page(SWITCH))
    again = desk.submit(SWITCH, {"stand": "aan"})
    out = desk.submit(SWITCH, {"stand": "uit"})
    gone, logbook = passer_by.get(PAGE).status_code, words_of(desk.page("/c/terneuzen/logboek"))

    assert [one.status_code for one in (on, again, out)] == [303] * 3
    assert (seen, gone) == (200, 404)
    assert ("staat uit" in before, "Zet de openbare pagina aan" in before) == (True, True)
    assert ("staat aan" in shown, "Zet de openbare pagina uit" in shown) == (True, True)
    assert decisions(off)[-2:] == [
        ("openbare pagina aangezet", SECRETARY, "convenant terneuzen", True),
        ("openbare pagina uitgezet", SECRETARY, "convenant terneuzen", True),
    ]
    assert ("openbare pagina aangezet" in logbook, "openbare pagina uitgezet" in logbook) == (True, True)


def test_the_switch_says_what_becomes_visible_and_what_never_does(off: Office, desk: Desk) -> None:
    words = words_of(desk.page(SWITCH))

    for part in ("welke partijen de trekker zijn", "De kleur die elke partij gaf", "nummer, titel en datum"):
        assert part in words
    assert "Hoeveel mails wachten of niet zijn bezorgd." in words.partition("Dit ziet een ander nooit")[2]
    assert "De openbare pagina staat uit. Wat anderen zien" in words_of(desk.page("/c/terneuzen/jaar"))


@pytest.mark.parametrize("stand", [None, "", "ja", "AAN", "aan\n"])
def test_another_word_switches_nothing(off: Office, desk: Desk, passer_by: Desk, stand: str | None) -> None:
    answer = desk.submit(SWITCH, {} if stand is None else {"stand": stand})
    is_read_as_on = stand == "aan\n"  # a line break at the end is cleaned away

    assert (answer.status_code, passer_by.get(PAGE).status_code) == (303, 200 if is_read_as_on else 404)


@pytest.mark.parametrize("email", [DIRECTOR, TREKKER])
def test_only_the_secretariat_has_the_switch(off: Office, sign_in: Callable[[str], Desk], email: str) -> None:
    browser = sign_in(email)

    assert browser.get(SWITCH, headers=HTML).status_code == 403
    assert browser.submit(SWITCH, {"stand": "aan"}).status_code == 403
    assert "Wat anderen zien" not in browser.page("/c/terneuzen/jaar")
    assert decisions(off)[-1][0] == "openbare pagina aangezet"  # that of the import alone


def test_a_held_covenant_that_is_on_is_there_for_nobody_until_its_release(
    office: Office, desk: Desk, passer_by: Desk
) -> None:
    with office.database.writing() as session:
        row = session.exec(select(Covenant).where(Covenant.slug == "terneuzen")).one()
        row.released_at, row.is_public = None, False
        session.add(row)
    said = desk.submit(SWITCH, {"stand": "aan"})
    held = passer_by.get(PAGE).status_code
    words = words_of(desk.page(said.headers["location"]))
    desk.submit("/c/terneuzen/vrijgeven", {"zeker": "ja"})

    assert (held, passer_by.get(PAGE).status_code) == (404, 200)
    assert "Hij is te zien zodra u vrijgeeft." in words


def test_how_many_mails_wait_or_failed_stands_on_no_page_for_everybody(office: Office, passer_by: Desk) -> None:
    with office.database.writing() as session:
        for number, state in enumerate((FAILED, HELD, QUEUED)):
            for copy in range(137):
                name = f"{state}-{copy}"
                session.add(
                    Message(
                        key=name,
                        kind="alarm",
                        to="x@cycle.example",
                        subject="x",
                        message_id=name,
                        on=NOW.date(),
                        state=state,
                        created_at=NOW,
                        attempts=number,
                    )
                )
    words = words_of(passer_by.page(PAGE))

    assert "Verzending" in words
    assert [found for found in ("137", "Niet bezorgd", "Vastgehouden", "Wacht op") if found in words] == []
