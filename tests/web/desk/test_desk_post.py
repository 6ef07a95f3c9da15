"""Post at the desk: every mail as it looked, why it went, and what can still be done about it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from cycle.actions.deadlines.upkeep.year_upkeep import keep_year
from cycle.actions.mails.morning.reminding import plan_mails
from cycle.actions.mails.rehearsal.rehearsing import rehearse
from cycle.actions.office.office import Office
from cycle.actions.post.halts.clock_check import is_believed
from cycle.domain.model import Role
from cycle.store import post
from cycle.store.outbox import beating, emptying, standstill
from cycle.store.outbox.labels import DISCARDED, DRAFT, HELD, QUEUED, SENT
from cycle.store.tables import (
    AnswerRow,
    Covenant,
    MailReply,
    Membership,
    Message,
    MessageCovenant,
    PartyRow,
    Person,
    ReminderRow,
)
from tests.actions.mailbox import act, at, deliver
from tests.decided import decided
from tests.web.conftest import HTML

from .conftest import SECRETARY, STRANGER, TREKKER, queries, signed, words_of

FEBRUARY = datetime(2027, 2, 3, 8, 0, tzinfo=UTC)
POST = "/c/terneuzen/post"


@pytest.fixture
def mails(office, clock) -> list[Message]:
    """The mails of 3 February 2027, not delivered yet."""
    clock.at = FEBRUARY
    keep_year(office, FEBRUARY)
    plan_mails(office, FEBRUARY)
    return sorted(all_mails(office), key=lambda mail: mail.to in (SECRETARY, STRANGER))


@pytest.fixture
def browser(mails, sign_in):
    return sign_in(SECRETARY)


def all_mails(office) -> list[Message]:
    with office.database.reading() as session:
        return list(session.exec(select(Message).where(Message.kind == "digest").order_by(col(Message.id))))


def approving(office: Office) -> Office:
    """The same office, in which reminders wait for approval."""
    mail = office.settings.mail.model_copy(update={"approval": True, "approval_hours": 4})
    settings = office.settings.model_copy(update={"mail": mail}).in_folder(office.settings.folder)
    return Office(settings, office.database, office.wording, office.installation)


@pytest.fixture
def drafts(office, clock) -> list[Message]:
    """The mails of 3 February 2027 that wait for approval."""
    clock.at = FEBRUARY
    keep_year(office, FEBRUARY)
    plan_mails(approving(office), FEBRUARY)
    return [mail for mail in all_mails(office) if mail.state == DRAFT]


def put_state(office, number: int, state: str, answer: str = "") -> None:
    with office.database.writing() as session:
        row = session.get_one(Message, number)
        row.state, row.last_answer, row.next_try_at = state, answer, None
        session.add(row)


def state_of(office, number: int) -> str:
    with office.database.reading() as session:
        return session.get_one(Message, number).state


def test_what_needs_a_person_comes_first(office, mails, browser):
    waiting = words_of(browser.page(POST))
    mine = [mail for mail in mails if mail.to != STRANGER]
    put_state(office, mails[0].id, "failed", "550 5.1.1 User unknown")
    failed = words_of(browser.page(POST))

    assert f"Wacht {len(mine)}" in waiting
    assert mails[0].subject in failed
    assert "niet bezorgd 550 5.1.1 User unknown" in failed


def test_a_mail_is_shown_as_it_looked_with_its_reason_and_the_servers_answer(office, mails, browser):
    deliver(office, FEBRUARY)
    mail = mails[0]
    html = browser.page(f"{POST}/{mail.id}")
    words = words_of(html)
    with office.database.reading() as session:
        reasons = session.exec(select(ReminderRow.reason).where(ReminderRow.message_id == mail.id)).all()

    assert mail.to in words
    assert "verstuurd" in words
    assert all(reason in words for reason in reasons)
    assert mail.message_id in html.replace("&lt;", "<").replace("&gt;", ">")
    assert re.findall(r'<iframe class="mail" src="([^"]+)"', html) == [f"{POST}/{mail.id}/mail"]


def test_the_frame_of_a_mail_lets_nothing_in_or_out(mails, browser):
    page = browser.get(f"{POST}/{mails[0].id}", headers=HTML)
    frame = browser.get(f"{POST}/{mails[0].id}/mail", headers=HTML)

    assert page.headers["content-security-policy"].endswith("; frame-src 'self'")
    assert frame.headers["content-security-policy"] == (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'self'"
    )
    assert 'sandbox=""' in page.text


def test_the_links_of_its_reader_are_left_out(office, mails, browser):
    mails = [mail for mail in mails if mail.to != STRANGER]
    raw = "".join(mail.body.decode().replace("=\r\n", "") for mail in mails)
    shown = "".join(browser.page(f"{POST}/{mail.id}/mail") + browser.page(f"{POST}/{mail.id}") for mail in mails)
    secret = re.compile(r"/(?:a|agenda|antwoord|ritme)/[\w.-]{20,}")

    assert secret.search(raw)
    assert not secret.search(shown)
    assert f"{office.settings.web.base_url}/…" in shown


def test_a_mail_about_two_covenants_shows_only_ones_own_and_is_nobodys_to_stop(office, mails, browser):
    mail = mails[0]
    with office.database.writing() as session:
        other = session.exec(select(Covenant.id).where(Covenant.slug == "hulst")).one()
        session.add(MessageCovenant(covenant_id=other, message_id=mail.id))
    html = browser.page(f"{POST}/{mail.id}")
    held = browser.submit(f"{POST}/{mail.id}/vasthouden")

    assert "ook over een ander convenant" in html
    assert "<iframe" not in html
    assert browser.get(f"{POST}/{mail.id}/mail", headers=HTML).status_code == 404
    assert (held.status_code, state_of(office, mail.id)) == (409, QUEUED)


def test_the_secretariat_of_another_covenant_finds_none_of_it(mails, sign_in):
    stranger = sign_in(STRANGER)

    assert [mail.to for mail in mails if mail.to in stranger.page("/c/hulst/post")] == [STRANGER]
    for path in ("", "/mail"):
        assert stranger.get(f"/c/hulst/post/{mails[0].id}{path}", headers=HTML).status_code == 404
    assert stranger.submit(f"/c/hulst/post/{mails[0].id}/vasthouden").status_code == 404


def test_hold_let_go_again_and_put_aside(office, mails, browser):
    number = mails[0].id
    held = browser.submit(f"{POST}/{number}/vasthouden")
    asked = browser.submit(f"{POST}/{number}/opnieuw")
    still = state_of(office, number)
    again = browser.submit(f"{POST}/{number}/opnieuw", {"zeker": "ja"})
    queued = state_of(office, number)
    warned = browser.submit(f"{POST}/{number}/wegleggen")
    browser.submit(f"{POST}/{number}/wegleggen", {"zeker": "ja"})

    assert (held.status_code, held.headers["location"]) == (303, f"{POST}/{number}")
    assert "Dit verstuurt 1 mail aan" in words_of(asked.text)
    assert mails[0].to in asked.text
    assert (still, again.status_code, queued) == (HELD, 303, QUEUED)
    assert "niet ongedaan maken" in warned.text
    assert state_of(office, number) == DISCARDED
    with office.database.reading() as session:
        noted = [row for row in decided(session, f"bericht {number}") if row.by == SECRETARY]
        assert [(row.verb, row.covenant_id is not None) for row in noted] == [
            ("vastgehouden", True),
            ("opnieuw aangeboden", True),
            ("weggelegd", True),
        ]


def test_now_is_now_but_a_reminder_keeps_to_its_hours(office, mails, browser, clock):
    number = mails[0].id
    with office.database.writing() as session:
        row = session.get_one(Message, number)
        row.next_try_at = FEBRUARY + timedelta(days=1)
        session.add(row)
    asked = browser.submit(f"{POST}/{number}/nu")
    browser.submit(f"{POST}/{number}/nu", {"zeker": "ja"})
    told = browser.page(f"{POST}/{number}")
    deliver(office, FEBRUARY)

    assert "1 mail" in asked.text
    assert "De mail gaat nu uit." in told
    assert state_of(office, number) == SENT
    clock.at = FEBRUARY.replace(hour=15, minute=50)
    signed(browser, office, SECRETARY, clock)  # the session of this morning is over
    assert browser.submit(f"{POST}/{number}/nu", {"zeker": "ja"}).status_code == 409


def test_what_is_planned_is_what_the_rehearsal_says(office, desk, clock):
    rehearsed = rehearse(
        office, clock.at.date(), datetime(2027, 12, 31, tzinfo=UTC).date(), clock.at, covenant="terneuzen"
    )
    html = desk.page(f"{POST}/gepland")
    paths = re.findall(rf'href="({POST}/gepland/[^"]+)"', html)
    person = rehearsed[0].digest.person
    mine = re.findall(rf'href="({POST}/gepland/[^"]+)"', desk.page(f"{POST}/gepland?persoon={person}"))

    going = [f"{POST}/gepland/{one.digest.on}/{one.digest.person}" for one in rehearsed]
    if_news = [path for path in paths if path not in going]
    assert [path for path in paths if path in going] == going
    assert html.count("weekoverzicht, als er nieuws is") >= len(if_news) > 0
    assert "nu nog niets te vertellen" in words_of(desk.page(if_news[0]))
    assert mine == [path for path in paths if path.endswith(f"/{person}")]
    first = desk.page(going[0])
    assert rehearsed[0].message.subject in first
    assert rehearsed[0].to.name in words_of(desk.page(f"{going[0]}/mail"))


@pytest.mark.parametrize(
    "path",
    [
        "x",
        "0",
        "99999",
        "2147483648",
        "9" * 30,
        "²",
        "gepland/2027-13-01/1",
        "gepland/2027-01-04/x",
        "gepland/2027-01-02/1",
        "gepland/1999-01-04/1",
        "gepland/2027-01-04/99999999999",
    ],
)
def test_what_is_not_there_is_404(desk, path):
    assert desk.get(f"{POST}/{path}", headers=HTML).status_code == 404


def test_words_that_were_taken_away_are_said_to_be_gone(office, mails, browser):
    deliver(office, FEBRUARY)
    with office.database.writing() as session:
        emptying.empty_bodies(session, [mails[0].id])

    assert "Na negentig dagen wordt hij gewist" in words_of(browser.page(f"{POST}/{mails[0].id}"))


def test_who_never_answers_was_asked_three_times(office, clock, sign_in):
    clock.at = FEBRUARY
    with office.database.writing() as session:
        covenant = session.exec(select(Covenant.id).where(Covenant.slug == "terneuzen")).one()
        people = {one.email: one.id for one in session.exec(select(Person))}
        [deadline] = session.exec(select(ReminderRow.deadline_id)).all()[:1] or [1]
        for number in range(6):
            email = (TREKKER, "bestuur@shb.example")[number % 2]
            day = FEBRUARY.date() - timedelta(30 - number)
            row = Message(
                key=f"k{number}",
                kind="digest",
                person_id=people[email],
                to=email,
                subject="s",
                on=day,
                message_id=f"<{number}>",
                state="sent",
                created_at=FEBRUARY,
                sent_at=FEBRUARY,
            )
            session.add(row)
            session.flush()
            session.add(
                ReminderRow(
                    deadline_id=deadline,
                    party="x",
                    person_id=people[email],
                    rung=str(number),
                    counted_from=day,
                    on=day,
                    message_id=row.id,
                    created_at=FEBRUARY,
                )
            )
        session.add(
            AnswerRow(
                covenant_id=covenant,
                deadline_id=deadline,
                party="shb",
                person_id=people["bestuur@shb.example"],
                sentence="Komt goed.",
                at=FEBRUARY,
            )
        )
    with office.database.reading() as session:
        found = post.silent(session, covenant, FEBRUARY.date())
    words = words_of(sign_in(SECRETARY).page(f"{POST}/stil"))

    assert [(one.email, one.asked) for one in found] == [(TREKKER, 3)]
    assert ("strategie@clavis.example" in words, "bestuur@shb.example" in words) == (True, False)


def test_the_number_of_queries_does_not_grow_with_the_mails(office, browser, mails):
    browser.page(POST)  # what is kept about a covenant is worked out once
    for path in (POST, f"{POST}?staat=verstuurd", f"{POST}/stil"):
        counted = []
        for wanted in (1, 3, 300):
            copy_mails(office, mails[0], wanted)
            with queries(office) as asked:
                browser.page(path)
            counted.append(len(asked))
        assert len(set(counted)) == 1, (path, counted)


def test_older_mails_are_a_page_further(office, browser, mails):
    copy_mails(office, mails[0], 120)
    seen: list[str] = []
    path = f"{POST}?staat=verstuurd"
    while path:
        html = browser.page(path)
        seen += re.findall(rf'href="{POST}/(\d+)"', html)
        further = re.findall(r'<nav class="pager".+?href="([^"]+)"', html, re.S)
        path = further[0].replace("&amp;", "&") if further else ""

    assert len(seen) == len(set(seen)) == 120
    assert seen == sorted(seen, key=int, reverse=True)


def copy_mails(office, like: Message, wanted: int) -> None:
    with office.database.writing() as session:
        covenant = session.exec(select(Covenant.id).where(Covenant.slug == "terneuzen")).one()
        last = session.exec(select(Message.id).order_by(col(Message.id).desc()).limit(1)).one()
        for number in range(wanted):
            row = Message(
                **like.model_dump(exclude={"id"})
                | {
                    "key": f"copy {last} {number}",
                    "message_id": f"<{last}.{number}@x>",
                    "state": "sent",
                    "body": b"",
                }
            )
            session.add(row)
            session.flush()
            session.add(MessageCovenant(covenant_id=covenant, message_id=row.id))


def released(office: Office) -> set[int]:
    """The drafts that go with the next round."""
    with office.database.reading() as session:
        rows = session.exec(select(Message).where(Message.state == DRAFT)).all()
    return {row.id for row in rows if row.next_try_at <= FEBRUARY}


def make_shared(office: Office, number: int) -> None:
    """Makes a mail about Hulst as well."""
    with office.database.writing() as session:
        other = session.exec(select(Covenant.id).where(Covenant.slug == "hulst")).one()
        session.add(MessageCovenant(covenant_id=other, message_id=number))


def test_drafts_say_when_they_go_by_themselves_and_letting_all_go_says_first_how_many_and_whom(office, drafts, sign_in):
    browser = sign_in(SECRETARY)
    page = words_of(browser.page(f"{POST}?staat=concept"))
    asked = browser.submit(f"{POST}/laten-gaan")
    shown = re.search(r'name="mails" value="([^"]+)"', asked.text)
    before = released(office)
    done = browser.submit(f"{POST}/laten-gaan", {"zeker": "ja", "mails": shown[1]})
    plan_mails(approving(office), FEBRUARY + timedelta(minutes=1))
    with office.database.reading() as session:
        kept = [(one.by, one.about) for one in decided(session) if one.about.startswith("bericht")]
    again = browser.submit(f"{POST}/laten-gaan", {"zeker": "ja", "mails": shown[1]})

    assert len(drafts) == 3
    assert "3 mails wachten op uw akkoord Doet u niets, dan gaat de eerste vanzelf: vandaag om 13.00 uur." in page
    assert page.count("Laat gaan") == 3
    assert "Dit verstuurt 3 mails aan:" in words_of(asked.text)
    assert all(mail.to in asked.text for mail in drafts)
    assert (before, done.status_code, done.headers["location"]) == (set(), 303, POST)
    assert sorted(kept) == sorted((SECRETARY, f"bericht {mail.id}") for mail in drafts)
    assert {mail.state for mail in all_mails(office) if mail.to in {one.to for one in drafts}} >= {QUEUED}
    assert (again.status_code, "Er wacht niets op uw akkoord." in again.text) == (409, True)


def test_a_draft_of_which_nobody_knows_when_it_goes_waits_for_approval_all_the_same(office, drafts, sign_in):
    with office.database.writing() as session:
        session.get_one(Message, drafts[0].id).next_try_at = None

    page = words_of(sign_in(SECRETARY).page(f"{POST}?staat=concept"))

    assert ("3 mails wachten op uw akkoord" in page, page.count("Laat gaan")) == (True, 3)


def test_what_came_in_since_the_page_was_read_is_shown_before_it_goes(office, drafts, sign_in):
    browser = sign_in(SECRETARY)
    fewer = ",".join(str(mail.id) for mail in drafts[:2])
    asked = browser.submit(f"{POST}/laten-gaan", {"zeker": "ja", "mails": fewer})

    assert (asked.status_code, released(office)) == (200, set())
    assert "Dit verstuurt 3 mails aan:" in words_of(asked.text)


def test_one_draft_goes_after_a_look_and_only_once(office, drafts, sign_in):
    browser, number = sign_in(SECRETARY), drafts[0].id
    asked = browser.submit(f"{POST}/{number}/gaan")
    before = released(office)
    done = browser.submit(f"{POST}/{number}/gaan", {"zeker": "ja"})
    again = browser.submit(f"{POST}/{number}/gaan", {"zeker": "ja"})
    rest = words_of(browser.page(f"{POST}?staat=concept"))

    assert "Dit verstuurt 1 mail aan" in words_of(asked.text)
    assert "dan gaat hij vanzelf: vandaag om 13.00 uur." in words_of(asked.text)
    assert (before, done.status_code, released(office)) == (set(), 303, {number})
    assert (again.status_code, "wacht niet (meer) op akkoord" in again.text) == (409, True)
    assert "2 mails wachten op uw akkoord" in rest


def test_a_draft_about_two_covenants_is_not_let_go_from_one_side(office, drafts, sign_in):
    browser, shared = sign_in(SECRETARY), drafts[0].id
    make_shared(office, shared)
    page = words_of(browser.page(f"{POST}?staat=concept"))
    alone = browser.submit(f"{POST}/{shared}/gaan", {"zeker": "ja"})
    asked = browser.submit(f"{POST}/laten-gaan")
    stranger = sign_in(STRANGER)
    others = [stranger.submit("/c/hulst/post/laten-gaan"), stranger.submit(f"/c/hulst/post/{drafts[1].id}/gaan")]

    assert "2 mails wachten op uw akkoord" in page
    assert "gaat ook over een ander convenant" in page
    assert (alone.status_code, released(office)) == (409, set())
    assert "Dit verstuurt 2 mails aan:" in words_of(asked.text)
    assert [answer.status_code for answer in others] == [409, 404]


def test_a_deputy_of_the_secretariat_lets_drafts_go_as_well_and_a_trekker_does_not(office, drafts, sign_in):
    deputy = "waarnemer@terneuzen.example"
    with office.database.writing() as session:
        query = select(PartyRow.id).join(Covenant).where(Covenant.slug == "terneuzen", PartyRow.slug == "gemeente")
        person = Person(name="Waarnemer", email=deputy)
        session.add(person)
        session.flush()
        session.add(Membership(person_id=person.id, party_id=session.exec(query).one(), role=Role.DEPUTY.value))
    done = sign_in(deputy).submit(f"{POST}/{drafts[0].id}/gaan", {"zeker": "ja"})
    refused = sign_in(TREKKER).submit(f"{POST}/{drafts[1].id}/gaan", {"zeker": "ja"})

    assert (done.status_code, refused.status_code, released(office)) == (303, 403, {drafts[0].id})


def test_c8_a_clock_that_is_not_believed_is_told_and_one_confirmation_lets_it_go_on(office, sign_in, clock):
    with office.database.writing() as session:
        beating.beat(session, "plan", clock.at - timedelta(days=40))
    assert is_believed(office, clock.at) is False
    desk = sign_in(SECRETARY)

    words = words_of(desk.page(POST))
    year = words_of(desk.page("/c/terneuzen/jaar"))
    asked = desk.submit(f"{POST}/hervatten")
    still = is_believed(office, clock.at)
    done = desk.submit(f"{POST}/hervatten", {"zeker": "ja"})

    assert "De klok staat verkeerd, of heeft lang stilgestaan" in words
    assert "40 dagen na de laatste ronde" in words
    assert "De klok staat verkeerd, of heeft lang stilgestaan" in year
    assert "hoogstens één mail per persoon" in words_of(asked.text)
    assert (still, done.status_code, is_believed(office, clock.at)) == (False, 303, True)
    with office.database.reading() as session:
        last = decided(session)[-1]
        assert (standstill.pauses(session), last.verb, last.by) == ([], "verzending hervat", SECRETARY)
    assert desk.submit(f"{POST}/hervatten").status_code == 409


def test_a_pause_of_the_mail_server_is_not_lifted_at_the_desk_and_says_nothing_of_its_words(office, sign_in, clock):
    with office.database.writing() as session:
        standstill.set_pause(session, clock.at, "535 geheim@server.example")
    desk = sign_in(SECRETARY)

    html = desk.page(POST)

    assert ("Het versturen staat stil" in html, "hervatten" in html, "535" in words_of(html)) == (True, False, False)
    assert desk.submit(f"{POST}/hervatten", {"zeker": "ja"}).status_code == 409
    with office.database.reading() as session:
        assert standstill.is_sending_paused(session) is True


def test_what_people_wrote_back_waits_until_somebody_takes_it_over_or_puts_it_aside(office, sign_in, clock):
    act(office, at("2027-02-25"))
    clock.at = at("2027-02-26", 10)
    with office.database.writing() as session:
        line = session.exec(select(ReminderRow).where(ReminderRow.party == "clavis", ReminderRow.rung == "ask")).first()
        for name, words in (("a", "Het loopt uit <b>door</b> de aannemer."), ("b", "Dank!")):
            reply = {"message_id": line.message_id, "person_id": line.person_id, "read_at": clock.at}
            session.add(MailReply(mail_id=name, sender="ander@clavis.example", words=words, **reply))
    desk, room = sign_in(SECRETARY), "/c/terneuzen/post/antwoorden"
    page = desk.page(room)

    assert "Het loopt uit &lt;b&gt;door&lt;/b&gt; de aannemer." in page
    assert "Deze mail kwam van ander@clavis.example" in words_of(page)
    assert "2 antwoorden per mail" in words_of(desk.page("/c/terneuzen/jaar"))
    wrong = desk.submit(f"{room}/1/overnemen", {"regel-1": "", "stand-1": "", "zin-1": "Door de aannemer."})
    assert (wrong.status_code, "Kies waarover het gaat." in wrong.text) == (422, True)
    assert "Door de aannemer." in wrong.text

    mark = f"t{line.deadline_id}-clavis"
    done = desk.submit(f"{room}/1/overnemen", {"regel-1": mark, "stand-1": "oranje", "zin-1": "Door de aannemer."})
    aside = desk.submit(f"{room}/2/wegleggen", {})

    assert (done.status_code, aside.status_code) == (303, 303)
    assert "Het antwoord is weggelegd" in words_of(desk.page(room))
    assert "Door de aannemer." in words_of(desk.page(f"/c/terneuzen/termijnen/{line.deadline_id}"))
    assert desk.submit(f"{room}/2/wegleggen", {}).status_code == 409
