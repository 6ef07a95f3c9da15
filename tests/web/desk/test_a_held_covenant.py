"""Until its release nothing of a covenant is there for anybody but its secretariat: a walk over every door.

Terneuzen is held and Hulst is not. The doors are all routes of the application, the links of mails, feeds, and every
maker of mail; they are tried as a passer-by, a trekker, a trekker of both tables, a reader, the secretariat of Hulst,
and the secretariat of Terneuzen. Then it is released, and is there.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from cycle.actions import letters
from cycle.actions.answers.answering.behalf import answer_for
from cycle.actions.deadlines.meeting import planned_meetings
from cycle.actions.feeds import FeedScope, Shows, new_link
from cycle.actions.feeds.calendar_page import page_address
from cycle.actions.mails.morning.reminding import plan_mails
from cycle.actions.mails.morning.welcoming import welcome
from cycle.actions.office.answer_links import Correction, Mail, answer_url, correction_url
from cycle.actions.office.office import Office
from cycle.actions.office.rhythm_links import rhythm_url, stop_url
from cycle.actions.people.rhythms import rhythm
from cycle.actions.people.seats import persons
from cycle.actions.signin.visitors import visitor_at
from cycle.domain.answering import Stand
from cycle.domain.model import Origin, Role
from cycle.errors import CycleError, NotFound, Refused
from cycle.store import covenants
from cycle.store.actions import new_action
from cycle.store.outbox import telling
from cycle.store.post import is_shared
from cycle.store.tables import Covenant, DeadlineRow, Membership, Message, PartyRow, Person
from cycle.web.app import ROOMS, create_app
from tests.actions.mailbox import act, at
from tests.conftest import own_signer
from tests.web.conftest import HTML, NOW, Clock, find

from .conftest import OURS, SECRETARY, STRANGER, TREKKER, Desk
from .test_the_walk import dump, filled

MARCH = at("2027-03-02")
BOTH, READER = "wonen@terneuzen.example", "lezer@terneuzen.example"
OTHERS = (TREKKER, BOTH, READER, STRANGER)
SIGNS = re.compile(r"Prestatieafspraken Terneuzen|/c/terneuzen|Voorjaarsoverleg|Clavis", re.I)
"""What shows that there is such a covenant; nothing of it stands in Hulst."""


@pytest.fixture
def held(office: Office, clock: Clock) -> Office:
    """Terneuzen is held, with moments at which reminders would go; somebody of it sits in Hulst too."""
    clock.at = MARCH
    with office.database.writing() as session:
        row = session.exec(select(Covenant).where(Covenant.slug == "terneuzen")).one()
        row.released_at = None
        parties = {(one.covenant_id, one.slug): one.id or 0 for one in session.exec(select(PartyRow))}
        hulst = session.exec(select(Covenant.id).where(Covenant.slug == "hulst")).one()
        reader = Person(name="Lezer", email=READER)
        session.add_all([row, reader])
        session.flush()
        both = covenants.persons_at(session, BOTH)[0].id or 0
        session.add(Membership(person_id=reader.id or 0, party_id=parties[row.id, "clavis"], role=Role.READER.value))
        session.add(Membership(person_id=both, party_id=parties[hulst, "gemeente"], role=Role.TREKKER.value))
        session.add(
            DeadlineRow(
                covenant_id=hulst or 0,
                action_id=new_action(session, hulst or 0, Origin.AGREEMENT, None),
                origin="agreement",
                occurrence="once",
                title="Rioolplan",
                kind="action",
                due=date(2027, 6, 1),
                uid="hulst-1",
                created_at=NOW,
                changed_at=NOW,
            )
        )
    return office


def person(office: Office, email: str) -> int:
    with office.database.reading() as session:
        return covenants.persons_at(session, email)[0].id or 0


def own_links(office: Office, email: str) -> dict[str, str]:
    """The signed pages that a mail to this person could name."""
    who, settings = person(office, email), office.settings
    signer = own_signer(office, who)
    spring = find(office, "Voorjaarsoverleg", date(2027, 1, 1))
    return {
        "calendar": page_address(settings, signer, who, MARCH.date()),
        "rhythm": rhythm_url(settings, signer, who, MARCH.date()),
        "overview": stop_url(settings, signer, who, MARCH.date()),
        "answer": answer_url(settings, signer, Mail(who, MARCH.date())),
        "correction": correction_url(settings, signer, Correction(who, spring, "clavis"), MARCH.date()),
    }


def every_get() -> list[str]:
    """The paths of all pages of the application, with Terneuzen and Hulst and some numbers filled in."""
    paths = [route.path for room in ROOMS for route in room.router.routes if "GET" in route.methods]
    assert len(paths) > 40
    return sorted(
        {filled(path, slug, number) for path in paths for slug in ("terneuzen", "hulst") for number in ("1", "2", "x")}
    )


def browser(office: Office, clock: Clock) -> Desk:
    return Desk(create_app(office, clock), base_url=OURS, follow_redirects=False)


def names_it(desk: Desk, path: str) -> list[str]:
    answer = desk.get(path, headers=HTML)
    assert answer.status_code < 500 or path == "/readyz", (path, answer.status_code)
    told = answer.text + answer.headers.get("location", "").partition("naar=")[0]
    if path.startswith("/c/hulst/"):  # its own year has a step of that name, as config.toml has
        told = re.sub("voorjaarsoverleg", "", told, flags=re.I)
    return [path, *SIGNS.findall(told)] if SIGNS.search(told) else []


def test_no_page_shows_a_held_covenant_to_a_passer_by(held: Office, clock: Clock) -> None:
    desk = browser(held, clock)
    assert [found for path in every_get() if (found := names_it(desk, path))] == []
    held_one, absent = (desk.get(f"/c/{slug}", headers=HTML) for slug in ("terneuzen", "nergens"))
    assert (held_one.status_code, held_one.text) == (404, absent.text)
    assert "Rioolplan" in desk.get("/", headers=HTML).text  # the only one there is


def test_no_page_shows_a_held_covenant_to_whoever_is_signed_in(
    held: Office, sign_in: Callable[[str], Desk], clock: Clock
) -> None:
    letter = find(held, "Uitnodigingsbrief", date(2027, 1, 1))
    answer_for(held, letter, "clavis", Stand.GREEN, "Van Clavis.", "An", MARCH, by=SECRETARY)
    with held.database.reading() as session:
        visitors = {one: visitor_at(session, held.settings, one, MARCH) for one in (*OTHERS, SECRETARY)}
    assert [one for one in visitors if visitors[one] is None] == [TREKKER, READER]  # to them we are not there
    for email in (BOTH, STRANGER):
        desk = sign_in(email)
        assert [found for path in every_get() if (found := names_it(desk, path))] == [], email


def test_its_secretariat_sees_it_everywhere(held: Office, sign_in: Callable[[str], Desk], clock: Clock) -> None:
    desk = sign_in(SECRETARY)
    for path in ("/c/terneuzen", "/c/terneuzen/jaar", "/", "/c/terneuzen/overleggen"):
        assert SIGNS.search(desk.page(path)), path
    assert "Nog niet vrijgegeven" in desk.page("/c/terneuzen")
    with browser(held, clock) as calendars:
        url = new_link(held, SECRETARY, MARCH, shows=Shows(FeedScope.COVENANT, "terneuzen")).url
        assert "Voorjaarsoverleg" in calendars.get(url).text


def test_the_links_of_its_people_open_nothing(held: Office, clock: Clock) -> None:
    desk = browser(held, clock)
    for email in (TREKKER, READER):
        for name, url in own_links(held, email).items():
            assert desk.get(url, headers=HTML).status_code == 404, (email, name)
            for tail in ("", "/nieuw", "/afwezig", "/intrekken", "/terug"):
                assert desk.post(url + tail, headers=HTML).status_code in (404, 405), (email, name, tail)
    links = own_links(held, BOTH)
    assert [desk.get(url, headers=HTML).status_code for url in links.values()] == [200, 200, 200, 404, 404]
    assert [found for url in links.values() if (found := names_it(desk, url))] == []


def test_feeds_hold_what_is_released_and_nothing_else(held: Office, clock: Clock) -> None:
    desk = browser(held, clock)
    for email in OTHERS:
        for scope in (FeedScope.MINE, FeedScope.PARTY, FeedScope.ALL):
            url = new_link(held, email, MARCH, shows=Shows(scope)).url
            for address in (url, url.replace("termijnen.ics", "taken.ics")):
                found = desk.get(address)
                assert (found.status_code, SIGNS.findall(found.text)) == (200, []), (email, scope)
                is_whole = scope is FeedScope.ALL and email in (BOTH, STRANGER)
                assert ("Rioolplan" in found.text) == (is_whole or email == STRANGER), (email, scope)
        with pytest.raises(NotFound):
            new_link(held, email, MARCH, shows=Shows(FeedScope.COVENANT, "terneuzen"))


def makers_of_mail(office: Office) -> dict[str, Callable[[], object]]:
    """All that can put a mail to somebody at the table into the outbox."""
    spring, letter = (find(office, title, date(2027, 1, 1)) for title in ("Voorjaarsoverleg", "Uitnodigingsbrief"))
    who, day = person(office, TREKKER), MARCH.date()
    mine = {"by": SECRETARY}

    def approve_and_send() -> None:
        letters.approve(office, "terneuzen", 2027, MARCH, by=SECRETARY, name="An", party="clavis")
        letters.approve(office, "terneuzen", 2027, MARCH, by=SECRETARY, name="Bo", party="wzv")
        assert letters.recipients(office, "terneuzen", 2027) == []
        letters.send(office, "terneuzen", 2027, MARCH, **mine)

    def send_elsewhere_and_undo() -> None:
        letters.sent_elsewhere(office, "terneuzen", 2027, date(2027, 3, 1), MARCH, by=SECRETARY, words="Met de post.")
        letters.undo_elsewhere(office, "terneuzen", 2027, MARCH, by=SECRETARY)

    return {
        "letter": approve_and_send,
        "letter elsewhere, undone": send_elsewhere_and_undo,
        "meeting": lambda: planned_meetings.set_meeting(office, spring, date(2027, 4, 20), MARCH, **mine),
        "meeting off": lambda: planned_meetings.cancel_meeting(office, spring, MARCH, **mine),
        "welcome": lambda: welcome(office, TREKKER, MARCH, **mine),
        "away": lambda: rhythm.pause(office, who, day, day + timedelta(9), MARCH, deputy=person(office, BOTH), **mine),
        "back": lambda: rhythm.end_pause(office, who, absence_of(office), MARCH, **mine),
        "answer": lambda: answer_for(office, letter, "clavis", Stand.RED, "Nee.", "An", MARCH, **mine),
        "address": lambda: persons.change_person(
            office, 1, who, "Strategie", "strategie@clavis.example", MARCH, **mine
        ),
    }


def absence_of(office: Office) -> int:
    with office.database.reading() as session:
        return rhythm.rhythms.absences_of(session, [person(office, TREKKER)], MARCH.date())[0].id or 0


def test_nothing_that_happens_at_a_held_table_mails_anybody_else(held: Office) -> None:
    refused = {}
    for name, make in makers_of_mail(held).items():
        try:
            make()
        except Refused as error:
            refused[name] = error.what
    for day in range(60):  # the moments of its reminders come and go
        act(held, MARCH + timedelta(day))

    assert refused == dict.fromkeys(("letter", "welcome"), "Er gaat nog geen mail naar de partijen.")
    with held.database.reading() as session:
        mails = session.exec(select(Message)).all()
    others = [one for one in mails if one.to != SECRETARY and SIGNS.search(one.body.decode("utf-8", "replace"))]
    assert [(one.kind, one.to) for one in others] == []
    assert {one.to for one in mails} <= {SECRETARY, STRANGER}


def test_who_sits_at_two_tables_is_welcomed_to_the_one_they_see(held: Office) -> None:
    welcome(held, BOTH, MARCH)
    with held.database.reading() as session:
        [mail] = session.exec(select(Message)).all()
        assert not is_shared(session, mail.id or 0)
        assert telling.covenants_of(session, [mail.id or 0])[mail.id or 0] == {2}
    assert not SIGNS.search(mail.body.decode("utf-8", "replace"))


def test_the_register_of_another_table_does_not_tell_of_it(held: Office, sign_in: Callable[[str], Desk]) -> None:
    hulst, both = sign_in(STRANGER), person(held, BOTH)
    page = hulst.page(f"/c/hulst/mensen/{both}")
    changed = hulst.submit(f"/c/hulst/mensen/{both}/gegevens", {"naam": "Anders", "adres": "anders@hulst.example"})
    assert SIGNS.findall(page) == []
    assert (changed.status_code, "ander convenant" in changed.text) == (422, False)


def test_looking_at_it_changes_nothing_and_readyz_says_nothing(held: Office, clock: Clock) -> None:
    desk, before = browser(held, clock), dump(held)
    answer = desk.get("/readyz")
    assert (SIGNS.findall(answer.text), "vrijgegeven" in answer.text) == ([], False)
    for path in every_get():
        desk.get(path, headers=HTML)
    assert dump(held) == before


def test_the_release_makes_all_of_it_appear_at_that_moment(
    held: Office, sign_in: Callable[[str], Desk], clock: Clock
) -> None:
    desk = browser(held, clock)
    url = new_link(held, TREKKER, MARCH).url
    before, hulst = desk.get(url), new_link(held, BOTH, MARCH, shows=Shows(FeedScope.ALL)).url
    assert [SIGNS.findall(text) for text in (before.text, desk.get(hulst).text)] == [[], []]

    assert sign_in(SECRETARY).submit("/c/terneuzen/vrijgeven", {"zeker": "ja"}).status_code == 303

    after = desk.get(url, headers={"if-none-match": before.headers["etag"]})
    assert (after.status_code, after.headers["etag"] != before.headers["etag"]) == (200, True)
    assert SIGNS.search(after.text)
    assert {"Voorjaarsoverleg", "Rioolplan"} <= set(re.findall("Voorjaarsoverleg|Rioolplan", desk.get(hulst).text))
    assert "Voorjaarsoverleg" in desk.page("/c/terneuzen")
    assert "Prestatieafspraken Terneuzen" in desk.page("/")
    assert sign_in(READER).page("/c/terneuzen/jaar")
    assert [desk.get(link, headers=HTML).status_code for link in list(own_links(held, TREKKER).values())[:3]] == [
        200
    ] * 3
    with suppress(CycleError):
        welcome(held, TREKKER, MARCH)
    plan_mails(held, MARCH + timedelta(1))
    with held.database.reading() as session:
        assert session.exec(select(Message.to).where(Message.kind == "welcome")).all() == [TREKKER]
        assert session.exec(select(Message).where(col(Message.kind) == "digest")).all()
