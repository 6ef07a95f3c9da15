"""Signals: anyone seated reports, the next bestuurlijk overleg speaks of it, and its reporter sees what came of it."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import col, select

from cycle.actions.deadlines.deciding import closing
from cycle.actions.office.answer_links import Mail, answer_url
from cycle.actions.office.office import Office
from cycle.actions.office.sentforms import new_key
from cycle.actions.people.departure.erasing import erase_person
from cycle.actions.people.departure.leaving import Successor, hand_over
from cycle.domain.model import State
from cycle.store.tables import Message, Person, Signal
from cycle.web.formkeys import FIELD
from tests.actions.mailbox import act, at
from tests.conftest import own_signer
from tests.lasting_names import numbered
from tests.web.conftest import HTML, OURS, Clock, find, hidden_of

from .conftest import DIRECTOR, SECRETARY, TREKKER, Desk, words_of

HERE = "/c/terneuzen/signalen"
MARCH = at("2027-03-02")
MOULD = {"soort": "signal", "melding": "In drie complexen klagen bewoners over schimmel."}


@pytest.fixture
def browser(sign_in: Callable[[str], Desk], clock: Clock) -> Callable[[str], Desk]:
    clock.at = MARCH
    return sign_in


def kept(office: Office) -> list[tuple[str, str, str, str]]:
    with office.database.reading() as session:
        rows = session.exec(select(Signal).order_by(col(Signal.id))).all()
        return [(row.kind, row.text, row.declined, row.by) for row in rows]


def meeting(office: Office, title: str) -> str:
    return f"/c/terneuzen/overleggen/{find(office, title, date(2027, 1, 1))}"


@pytest.fixture
def mould(office: Office) -> dict[str, str]:
    return MOULD | {"afspraak": str(numbered(office, "2.1"))}


def test_a_signal_is_a_point_of_the_next_bestuurlijk_overleg_until_that_was_held(
    office: Office, mould: dict[str, str], browser: Callable[[str], Desk], clock: Clock
) -> None:
    trekker, secretary, director = browser(TREKKER), browser(SECRETARY), browser(DIRECTOR)
    assert trekker.submit(HERE, mould).status_code == 303
    spring, autumn = meeting(office, "Voorjaarsoverleg"), meeting(office, "Najaarsoverleg")

    point = "In drie complexen klagen bewoners over schimmel. gemeld op 2 maart 2027"
    assert kept(office) == [("signal", MOULD["melding"], "", TREKKER)]
    assert point in words_of(secretary.page(spring))
    assert MOULD["melding"] not in secretary.page(autumn)
    assert "komt op de agenda: Voorjaarsoverleg 2027" in words_of(director.page(HERE))
    assert "Niet op de agenda zetten" not in director.page(HERE)

    number = int(spring.rpartition("/")[2])
    clock.at = at("2027-04-20")
    closing.settle(office, number, State.DONE, clock.at, by=SECRETARY)
    trekker, secretary = browser(TREKKER), browser(SECRETARY)
    assert "is besproken in het overleg: Voorjaarsoverleg 2027" in words_of(trekker.page(HERE))
    assert "Signalen die zijn besproken" in secretary.page(spring)
    trekker.submit(HERE, {"soort": "research", "melding": "Samen de leegstand onderzoeken."})
    assert "Samen de leegstand onderzoeken." in secretary.page(autumn)

    closing.reopen(office, number, clock.at, by=SECRETARY)  # it was not held after all
    assert "komt op de agenda: Voorjaarsoverleg 2027" in words_of(trekker.page(HERE))


def test_the_secretariat_declines_with_a_reason_that_the_reporter_reads_and_may_take_that_back(
    office: Office, mould: dict[str, str], browser: Callable[[str], Desk]
) -> None:
    trekker, secretary = browser(TREKKER), browser(SECRETARY)
    trekker.submit(HERE, mould)
    number = 1
    empty = secretary.submit(f"{HERE}/{number}/afwijzen", {f"reden-{number}": " "})
    of_trekker = trekker.submit(f"{HERE}/{number}/afwijzen", {f"reden-{number}": "Nee."})
    secretary.submit(f"{HERE}/{number}/afwijzen", {f"reden-{number}": "Dit loopt al bij de corporatie."})

    assert (empty.status_code, of_trekker.status_code) == (422, 403)
    assert "komt niet op de agenda: Dit loopt al bij de corporatie." in words_of(trekker.page(HERE))
    assert "Dit loopt al bij de corporatie." in secretary.page(HERE)
    assert MOULD["melding"] not in secretary.page(meeting(office, "Voorjaarsoverleg"))
    secretary.submit(f"{HERE}/{number}/terug")
    assert MOULD["melding"] in secretary.page(meeting(office, "Voorjaarsoverleg"))
    log = words_of(secretary.page("/c/terneuzen/logboek"))
    assert [word in log for word in ("gemeld", "niet op de agenda", "weer op de agenda")] == [True, True, True]


def test_what_is_wrong_is_said_and_what_was_typed_stays(browser: Callable[[str], Desk], office: Office) -> None:
    desk = browser(DIRECTOR)
    answers = [
        desk.submit(HERE, {"soort": "", "melding": "Dit blijft staan."}),
        desk.submit(HERE, {"soort": "signal", "melding": ""}),
        desk.submit(HERE, {"soort": "signal", "melding": "Dit blijft staan.", "afspraak": "777777"}),
    ]

    assert [one.status_code for one in answers] == [422, 422, 422]
    assert ["Dit blijft staan." in one.text for one in answers] == [True, False, True]
    assert "Deze afspraak is er niet meer." in answers[2].text
    assert kept(office) == []


def test_by_the_link_of_a_mail_somebody_reports_and_sees_what_became_of_it(
    office: Office, browser: Callable[[str], Desk], clock: Clock
) -> None:
    for day in ("2027-02-24", "2027-02-25"):
        act(office, at(day))
    with office.database.reading() as session:
        who = session.exec(select(Person.id).where(Person.email == TREKKER)).one() or 0
        on = session.exec(select(Message.on).where(Message.person_id == who, Message.kind == "digest")).first()
    url = answer_url(office.settings, own_signer(office, who), Mail(who, on or MARCH.date())).removeprefix(OURS)
    secretary = browser(SECRETARY)
    reader = Desk(secretary.app, base_url=OURS, follow_redirects=False)
    form = hidden_of(reader.page(f"{url}/signaal"), "form") | {FIELD: new_key(office.settings, MARCH)}
    asked = {
        "soort": "circumstances",
        "melding": "De bouwkosten zijn verdubbeld.",
        "afspraak": str(numbered(office, "2.1")),
    }

    assert f"{url}/signaal" in reader.page(url)
    wrong = reader.post(f"{url}/signaal", data=form | asked | {"afspraak": "77.7"}, headers=HTML)
    stolen = reader.post(f"{url}/signaal", data=asked | {"form": "x"}, headers=HTML)
    done = reader.post(f"{url}/signaal", data=form | asked, headers=HTML)
    assert (wrong.status_code, "De bouwkosten zijn verdubbeld." in wrong.text) == (422, True)
    assert (stolen.status_code, done.status_code) == (409, 200)
    assert "Dit komt op de agenda: Voorjaarsoverleg 2027" in words_of(done.text)
    assert [(kind, text) for kind, text, *_ in kept(office)] == [("circumstances", "De bouwkosten zijn verdubbeld.")]
    assert kept(office)[0][3].startswith(f"{TREKKER}, via link in mail van")

    secretary.submit(f"{HERE}/1/afwijzen", {"reden-1": "Staat al op de agenda."})
    assert "komt niet op de agenda: Staat al op de agenda." in words_of(reader.page(f"{url}/signaal"))


def test_who_reported_is_erased_and_what_was_reported_stays(
    office: Office, mould: dict[str, str], browser: Callable[[str], Desk]
) -> None:
    trekker = browser(TREKKER)
    trekker.submit(HERE, mould | {"melding": f"Vraag het {TREKKER}: er is schimmel."})
    with office.database.reading() as session:
        who = session.exec(select(Person.id).where(Person.email == TREKKER)).one() or 0
    hand_over(office, 1, who, Successor(), date(2027, 3, 1), MARCH, by=SECRETARY)
    erase_person(office, who, MARCH, by=SECRETARY)

    assert kept(office) == [("signal", "Vraag het gewist: er is schimmel.", "", "gewist")]
    assert f"door gewist {who}" in words_of(browser(SECRETARY).page(HERE))
