"""A walk over every route behind a mailed link, by every kind of link that must open nothing, in every method.

The routes are read from the application, so a page that is added later is walked too.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from cycle.actions.feeds import revoke_links
from cycle.actions.feeds.calendar_page import page_address
from cycle.actions.office.answer_links import Correction, Mail, answer_url, correction_url
from cycle.actions.office.mailed import APPROVE, LETTER_FILES, renew_links, renew_marks_of_leavers
from cycle.actions.office.office import Office
from cycle.actions.office.rhythm_links import rhythm_url, stop_url
from cycle.actions.office.signing import Signer, open_signer
from cycle.actions.people.departure.leaving import Successor, hand_over, undo_hand_over
from cycle.actions.people.seats import persons
from cycle.domain.model import Role
from cycle.store.tables import Covenant, Handover, Installation, Membership, Message, PartyRow, Person
from cycle.web import answer, rhythm, subscribe
from cycle.web.app import create_app
from tests.actions.mailbox import act, at
from tests.conftest import own_signer
from tests.decided import decided

from .conftest import HTML, OURS, Clock
from .desk.test_the_walk import dump

WHO, OTHER = "strategie@clavis.example", "beleid@woongoed.example"
SPRING = "2027-02-22"
TODAY = at(SPRING, 10)
DAY = TODAY.date()
ROUTES = [route for room in (answer, rhythm, subscribe) for route in room.router.routes if "{signed}" in route.path]
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
FORM = {"form": "1.2.3", "rij": "t1-clavis", "code": "123456", "uur": "14:00", "dag": "0", "van": SPRING, "tot": SPRING}


@pytest.fixture
def clock() -> Clock:
    made = Clock()
    made.at = TODAY
    return made


@pytest.fixture
def office(quick_example: Office) -> Office:
    act(quick_example, at(SPRING))
    return quick_example


@pytest.fixture
def client(office: Office, clock: Clock) -> TestClient:
    return TestClient(create_app(office, clock), base_url=OURS, follow_redirects=False)


def person(office: Office, email: str = WHO) -> int:
    with office.database.reading() as session:
        return session.exec(select(Person.id).where(Person.email == email)).first() or 0


def links(office: Office, who: int, day: date = DAY, signer: Signer | None = None) -> dict[str, str]:
    """The path of every page behind a mail to somebody, by its room and what it is for."""
    settings, signer = office.settings, signer or own_signer(office, who)
    with office.database.reading() as session:
        mailed = session.exec(select(Message.on).where(Message.person_id == who, Message.kind == "digest")).first()
    urls = {
        "antwoord": answer_url(settings, signer, Mail(who, mailed or day)),
        "herstel": correction_url(settings, signer, Correction(who, 1, "clavis"), day),
        "ritme": rhythm_url(settings, signer, who, day),
        "overzicht": stop_url(settings, signer, who, day),
        "agenda": page_address(settings, signer, who, day),
    }
    return {kind: url.removeprefix(settings.web.base_url) for kind, url in urls.items()}


def letter_links(office: Office, who: int, day: date = DAY) -> dict[str, str]:
    """The path of the pages about a letter that somebody may have a link to; whether there is one is another matter."""
    signer = own_signer(office, who)
    return {kind: f"/{kind}/{signer.sign(kind, f'{who}-1', day)}" for kind in (APPROVE, LETTER_FILES)}


def walked(client: TestClient, opened: dict[str, str]) -> dict[str, set[int]]:
    """What every route and method answers to these links, by the kind of link."""
    found: dict[str, set[int]] = {}
    for kind, link in opened.items():
        for path in _paths(link):
            for method in METHODS:
                data = FORM if method == "POST" else None
                status = client.request(method, path, data=data, headers=HTML).status_code
                found.setdefault(kind, set()).add(status)
    return found


def _paths(link: str) -> Iterator[str]:
    room = "/" + link.split("/")[1]
    for route in ROUTES:
        if route.path.startswith(room):
            yield route.path.replace("{signed}", link.rpartition("/")[2])


def statuses(client: TestClient, office: Office, opened: dict[str, str]) -> set[int]:
    """The same together; nothing may change by it."""
    before = dump(office)
    found = set().union(*walked(client, opened).values())
    assert dump(office) == before
    return found


CLOSED = {404, 405}


def test_there_is_something_to_walk(office: Office, client: TestClient) -> None:
    assert len(ROUTES) >= 14
    opened = {kind: client.get(link).status_code for kind, link in links(office, person(office)).items()}

    assert opened == {"antwoord": 200, "herstel": 404, "ritme": 200, "overzicht": 200, "agenda": 200}


def test_a_link_that_was_altered_opens_nothing(office: Office, client: TestClient) -> None:
    own = links(office, person(office))
    altered = [
        {kind: link + "x" for kind, link in own.items()},
        {kind: link[:-1] for kind, link in own.items()},
        {kind: f"{link.rpartition('.')[0]}.voorbeeld------------------" for kind, link in own.items()},
        {kind: re.sub(r"/(\d+)", lambda it: f"/{person(office, OTHER)}", link, count=1) for kind, link in own.items()},
        {kind: re.sub(r"\.(\d+)\.", lambda it: f".{int(it[1]) + 1}.", link) for kind, link in own.items()},
    ]

    assert set().union(*(statuses(client, office, one) for one in altered)) == CLOSED


def test_a_link_for_one_purpose_opens_nothing_of_another(office: Office, client: TestClient) -> None:
    own = links(office, person(office))
    for kind, link in own.items():
        signed = link.rpartition("/")[2]
        room = link.split("/")[1]
        others = {one: f"/{one}/{signed}" for one in ("antwoord", "ritme", "overzicht", "agenda") if one != room}
        assert statuses(client, office, others) == CLOSED, kind


def test_a_link_sealed_with_the_mark_of_another_person_opens_nothing(office: Office, client: TestClient) -> None:
    theirs = own_signer(office, person(office, OTHER))

    assert statuses(client, office, links(office, person(office), signer=theirs)) == CLOSED


def test_a_link_of_sixty_days_opens_and_one_of_sixty_one_does_not(office: Office, client, clock: Clock) -> None:
    own = links(office, person(office))
    clock.at = TODAY + timedelta(days=60)
    last = {kind: client.get(link).status_code for kind, link in own.items()}
    clock.at = TODAY + timedelta(days=61)

    assert last == {"antwoord": 200, "herstel": 404, "ritme": 200, "overzicht": 200, "agenda": 200}
    assert statuses(client, office, own) == {410, 405}


def another_address(office: Office, now: datetime) -> None:
    covenant = covenant_of(office)
    persons.change_person(office, covenant, person(office), "Strategie", "nieuw@clavis.example", now, by="x")


def leaked(office: Office, now: datetime) -> None:
    revoke_links(office, WHO, now, name="er is er geen", leaked=True)


def by_the_secretariat(office: Office, now: datetime) -> None:
    renew_links(office, person(office), now, by="x", covenant_id=covenant_of(office))


def by_leaving(office: Office, now: datetime) -> None:
    hand_over(office, covenant_of(office), person(office), Successor(), now.date() - timedelta(1), now, by="x")


def by_leaving_and_coming_back(office: Office, now: datetime) -> None:
    by_leaving(office, now)
    with office.database.reading() as session:
        [row] = session.exec(select(Handover.id)).all()
    undo_hand_over(office, covenant_of(office), row or 0, now, by="x")


def covenant_of(office: Office, slug: str = "terneuzen") -> int:
    with office.database.reading() as session:
        return session.exec(select(Covenant.id).where(Covenant.slug == slug)).one() or 0


@pytest.mark.parametrize("end", [another_address, leaked, by_the_secretariat, by_leaving, by_leaving_and_coming_back])
def test_no_link_of_before_opens_anything_for_anybody(
    office: Office, client: TestClient, end: Callable[[Office, datetime], None]
) -> None:
    own, who = links(office, person(office)), person(office)
    end(office, TODAY)

    assert statuses(client, office, own) == CLOSED
    if end is not by_leaving:
        fresh = links(office, who)
        assert {kind: client.get(fresh[kind]).status_code for kind in ("ritme", "overzicht", "agenda")} == {
            "ritme": 200,
            "overzicht": 200,
            "agenda": 200,
        }


def test_who_leaves_one_of_two_tables_keeps_the_links_of_the_other(office: Office, client: TestClient) -> None:
    with office.database.writing() as session:
        other = Covenant(slug="hulst", name="Hulst", live_since=date(2026, 1, 1), released_at=TODAY)
        session.add(other)
        session.flush()
        party = PartyRow(covenant_id=other.id, slug="clavis", name="Clavis", kind="corporation")
        session.add(party)
        session.flush()
        session.add(Membership(person_id=person(office), party_id=party.id, role=Role.TREKKER.value))
    own = links(office, person(office))
    by_leaving(office, TODAY)

    assert {kind: client.get(own[kind]).status_code for kind in own} == {
        "antwoord": 404,
        "herstel": 404,
        "ritme": 200,
        "overzicht": 200,
        "agenda": 200,
    }


def test_who_left_a_mailbox_that_others_still_read_has_no_link(office: Office, client: TestClient) -> None:
    """Their colleague at the same mailbox keeps theirs; the mark becomes another one once, by the clock."""
    with office.database.writing() as session:
        gone = Person(name="Iemand anders", email=WHO)
        session.add(gone)
        session.flush()
        [party] = session.exec(select(PartyRow.id).where(PartyRow.slug == "clavis")).all()
        until = TODAY.date() - timedelta(1)
        session.add(Membership(person_id=gone.id, party_id=party, role=Role.TREKKER.value, until=until))
        gone_id = gone.id or 0
    theirs, own = links(office, gone_id), links(office, person(office))

    assert statuses(client, office, theirs) == CLOSED
    assert client.get(own["ritme"]).status_code == 200
    assert [renew_marks_of_leavers(office, TODAY + timedelta(days=day)) for day in (0, 0, 1)] == [1, 0, 0]


def test_links_of_before_the_upgrade_live_sixty_days_more_unless_the_mark_became_another_one(
    office: Office, client: TestClient, clock: Clock
) -> None:
    old = links(office, person(office), TODAY.date() - timedelta(20), open_signer(office.settings))
    assert statuses(client, office, old) == CLOSED  # a new database has no links of before
    with office.database.writing() as session:
        row = session.exec(select(Installation)).one()
        row.marked_since = TODAY
        session.add(row)
    at_first = client.get(old["ritme"]).status_code
    clock.at = TODAY + timedelta(days=40)
    last = client.get(old["ritme"]).status_code
    clock.at = TODAY + timedelta(days=60)
    late = client.get(links(office, person(office), clock.at.date(), open_signer(office.settings))["ritme"]).status_code
    clock.at = TODAY
    renew_links(office, person(office), TODAY, by="x")

    assert (at_first, last, late, client.get(old["ritme"]).status_code) == (200, 200, 404, 404)


def test_making_links_invalid_is_in_the_logbook_and_what_waits_is_made_anew(quick_example: Office) -> None:
    from cycle.actions.mails.morning.reminding import plan_mails

    plan_mails(quick_example, at(SPRING))
    renew_links(quick_example, person(quick_example), at(SPRING), by="secretariaat@terneuzen.example")
    with quick_example.database.reading() as session:
        noted = [(one.verb, one.by) for one in decided(session) if one.verb.startswith("links")]
        states = set(session.exec(select(Message.state).where(Message.person_id == person(quick_example))))

    assert noted == [("links ongeldig gemaakt", "secretariaat@terneuzen.example")]
    assert states == {"replaced"}
