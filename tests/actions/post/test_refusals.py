"""Refusals (rule B12): one concerns its own mail; everybody refused is our fault. Against a server that refuses."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from cycle.actions.mails.morning.reminding import plan_mails
from cycle.actions.office.office import Office
from cycle.actions.post.delivery.delivering import deliver_mails, open_pace, open_transport
from cycle.actions.post.halts.outbox_decisions import resume
from cycle.mail.deliver import Answer
from cycle.mail.server_answers import SmtpStep, classify
from cycle.store.outbox import withdrawing
from cycle.store.tables import Message, OutboxPause, Person
from tests.actions.mailbox import (
    LATER,
    OK,
    ScriptedWay,
    at,
    deliver,
    mails,
    queue,
    row_of,
    send,
    states,
    text_of,
)
from tests.faults.test_two_of_everything import at_server
from tests.mail.servers import ScriptedServer, scripted

MORNING = at("2027-02-03")  # a Wednesday
HOUR = timedelta(hours=1)
ONE = "persoon1@gemeente.example"
REFUSALS = [
    ("rcpt", "550 5.7.1 blocked by policy"),
    ("rcpt", "554 5.7.1 relay access denied"),
    ("dot", "552 5.2.2 mailbox full"),
    ("dot", "554 rejected"),
    ("dot", "550 no"),
    ("data", "554 5.7.1 policy"),
]


def asked_for(server: ScriptedServer) -> list[str]:
    """Whom mail was offered for, in order."""
    return [line[9:-1] for line in server.commands if line.lower().startswith("rcpt")]


def paused(office: Office) -> bool:
    with office.database.reading() as session:
        return session.exec(select(OutboxPause)).first() is not None


def by_one_line(office: Office, port: int) -> Office:
    """The office with this mail server, and one connection to it, so that the order is certain."""
    settings = at_server(office, port).settings
    mail = settings.mail.model_copy(update={"connections": 1})
    return replace(office, settings=settings.model_copy(update={"mail": mail}))


@pytest.mark.parametrize(("verb", "answer"), REFUSALS, ids=str)
def test_b12_one_refused_recipient_waits_at_the_end_and_the_others_get_their_mail(
    quick_office: Office, verb: str, answer: str
) -> None:
    ids = queue(quick_office, 4, MORNING)
    special = {ONE: {verb: answer}} if verb != "data" else {}
    script: dict[str, str | list[str]] = {} if special else {"data": ["354 go ahead", answer, "354 go ahead"]}

    with scripted(script, special=special) as server:
        delivered = deliver(by_one_line(quick_office, server.port), MORNING)

    refused = row_of(quick_office, ids[1])
    assert (delivered.sent, refused.state, refused.last_answer) == (4, "queued", answer)  # three and a report of it
    assert (refused.next_try_at, refused.attempts, paused(quick_office)) == (MORNING + HOUR, 1, False)


def test_b12_a_refusal_is_told_to_the_secretariat_once_and_the_mail_goes_after_all(example: Office) -> None:
    plan_mails(example, MORNING)
    special = {"strategie@clavis.example": {"rcpt": "550 5.7.1 blocked by policy"}}

    with scripted(special=special) as server:
        for minutes in (0, 1, 61):
            deliver(by_one_line(example, server.port), MORNING + timedelta(minutes=minutes))
        tries = asked_for(server).count("strategie@clavis.example")
    with scripted() as server:
        deliver(by_one_line(example, server.port), MORNING + timedelta(minutes=121))

    with example.database.reading() as session:
        [alarm] = session.exec(select(Message).where(Message.kind == "alarm")).all()
    words = alarm.body.decode().replace("=\r\n", "")
    assert (alarm.to, tries) == ("secretariaat@terneuzen.example", 2)
    assert "strategie@clavis.example: 550 5.7.1 blocked by policy (de mail wacht achteraan in de rij" in words
    assert states(example) == {"sent": 4}


def test_b12_the_same_answer_for_several_different_recipients_in_a_row_pauses_and_after_resume_they_come_last(
    office: Office,
) -> None:
    queue(office, 6, MORNING)
    blocked = [f"persoon{number}@gemeente.example" for number in range(3)]
    special = {one: {"dot": "554 5.2.0 our day limit"} for one in blocked}

    with scripted(special=special) as server:
        there = by_one_line(office, server.port)
        deliver(there, MORNING)
        before, was_paused, waiting = asked_for(server), paused(office), states(office)["queued"]
        resume(office, MORNING + timedelta(minutes=30))
        deliver(there, MORNING + 2 * HOUR)

    alarm, report = mails(office)
    assert (before, was_paused, waiting) == (blocked, True, 6)
    assert ("staat stil" in text_of(alarm), "554 5.2.0 our day limit" in text_of(alarm)) == (True, True)
    assert str(report["Subject"]) == "Let op: 3 mails zijn niet bezorgd"  # said once it was no longer everybody
    others = [f"persoon{number}@gemeente.example" for number in range(3, 6)]
    assert asked_for(server)[3:] == [*others, *blocked]  # and being refused again pauses nothing
    assert paused(office) is False


def test_b12_different_answers_or_somebody_who_gets_a_mail_in_between_make_no_row(quick_office: Office) -> None:
    queue(quick_office, 6, MORNING)
    answers = {0: "550 5.7.1 no", 1: "554 no", 3: "550 5.7.1 no", 5: "550 5.7.1 no"}
    special = {f"persoon{number}@gemeente.example": {"rcpt": words} for number, words in answers.items()}
    clock = iter(MORNING + timedelta(seconds=second) for second in range(1000))

    with scripted(special=special) as server:
        there = by_one_line(quick_office, server.port)
        transport = open_transport(there.settings)
        deliver_mails(there, transport, open_pace(there.settings), lambda: next(clock))
        transport.close()

    assert (len(asked_for(server)), paused(quick_office)) == (6, False)


def test_b12_a_message_that_is_too_big_for_everybody_says_nothing_about_us(quick_office: Office) -> None:
    queue(quick_office, 4, MORNING, "letter")

    with scripted({"dot": "552 5.3.4 message too big"}) as server:
        deliver(by_one_line(quick_office, server.port), MORNING)

    assert (states(quick_office)["failed"], paused(quick_office)) == (4, False)


def test_b12_a_relay_that_knows_nobody_cuts_nobody_off_and_loses_no_mail(example: Office) -> None:
    plan_mails(example, MORNING)

    with scripted({"rcpt": "550 5.1.1 no such user"}) as server:
        there = by_one_line(example, server.port)
        for minute in range(3):
            deliver(there, MORNING + timedelta(minutes=minute))
        tried = len(set(asked_for(server)))

    with example.database.reading() as session:
        marks = [(one.hard_bounces, one.undeliverable_since) for one in session.exec(select(Person))]
    assert (tried, set(marks), paused(example)) == (3, {(0, None)}, True)
    assert "failed" not in states(example)

    resume(example, MORNING + HOUR)
    with scripted() as server:
        plan_mails(example, MORNING + HOUR)
        deliver(by_one_line(example, server.port), MORNING + HOUR)
        assert sorted(asked_for(server)) == [
            "beleid@woongoed.example",
            "strategie@clavis.example",
            "wonen@terneuzen.example",
        ]


def test_b12_a_relay_that_forgot_everybody_on_the_second_day_takes_its_marks_back(quick_office: Office) -> None:
    with quick_office.database.writing() as session:
        for number in range(3):
            email = f"persoon{number}@gemeente.example"
            session.add(Person(name=f"P{number}", email=email, hard_bounces=1))  # one real failure each, long ago
    ids = queue(quick_office, 3, MORNING, "letter")

    send(quick_office, ScriptedWay(refusal("550 5.1.1 no such user")), MORNING)

    with quick_office.database.reading() as session:
        marks = {(one.hard_bounces, one.undeliverable_since) for one in session.exec(select(Person))}
    assert marks == {(1, None)}
    assert {row_of(quick_office, one).state for one in ids} == {"queued"}


def test_b12_an_outdated_digest_that_is_made_anew_keeps_its_place_and_its_tries(example: Office) -> None:
    plan_mails(example, MORNING)
    send(example, ScriptedWay(refusal("550 5.7.1 no"), LATER, OK), MORNING)
    with example.database.writing() as session:
        ids = [row.id or 0 for row in session.exec(select(Message).where(Message.state == "queued"))]
        withdrawing.withdraw(session, ids, MORNING)

    plan_mails(example, MORNING + timedelta(minutes=1))

    with example.database.reading() as session:
        query = select(Message).where(Message.state == "queued", Message.kind == "digest").order_by(Message.id)  # type: ignore[arg-type]
        anew = [(row.attempts, row.first_tried_at, row.refused_as) for row in session.exec(query)]
    assert anew == [(1, MORNING, "550 5.7.1"), (1, MORNING, "")]


def refusal(text: str) -> Answer:
    return classify(SmtpStep.RCPT, int(text[:3]), text[4:])
