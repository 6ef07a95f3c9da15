"""Returned mail in the outbox: failures are told, an address that twice does not exist is left alone (rule B13)."""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from cycle.actions.mails.morning.reminding import plan_mails
from cycle.actions.office.office import Office
from cycle.actions.post.returns.bouncing import mark_reachable, read_bounces
from cycle.actions.service.watch.health import examine
from cycle.mail.bounces import return_address
from cycle.store.outbox import standstill
from cycle.store.tables import Message, Person
from tests.actions.mailbox import NOBODY, OK, ScriptedWay, at, row_of, send

REPORTS = Path(__file__).parents[2] / "mail" / "reports"
DAY = at("2027-02-03")


@pytest.fixture
def returning(example: Office) -> Office:
    """The example with a mailbox for returned mail."""
    mail = example.settings.mail.model_copy(update={"bounce_address": "terug@gemeente.example", "bounces": "terug"})
    office = replace(example, settings=example.settings.model_copy(update={"mail": mail}))
    (office.settings.path("terug") / "new").mkdir(parents=True)
    return office


def send_digests(office: Office, day: str = "2027-02-03") -> list[Message]:
    plan_mails(office, at(day))
    send(office, ScriptedWay(OK), at(day))
    with office.database.reading() as session:
        query = select(Message).where(Message.kind == "digest", Message.on == at(day).date())
        return list(session.exec(query.order_by(Message.id)))  # type: ignore[arg-type]


def bounce(office: Office, name: str, number: int) -> None:
    tag = return_address("terug@gemeente.example", number, office.installation)
    raw = (REPORTS / f"{name}.eml").read_text("utf-8").replace("terug+12.TAG@gemeente.example", tag)
    (office.settings.path("terug") / "new" / f"{name}.{number}").write_text(raw, encoding="utf-8")


def test_b13_the_envelope_sender_names_the_message(returning: Office) -> None:
    way = ScriptedWay(OK)
    plan_mails(returning, DAY)
    send(returning, way, DAY)

    with returning.database.reading() as session:
        ids = session.exec(select(Message.id).where(Message.kind == "digest")).all()
    expected = {return_address("terug@gemeente.example", one or 0, returning.installation) for one in ids}
    assert {sender for _key, _to, sender in way.taken} == expected


def test_b13_a_failure_is_shown_and_told_and_a_delay_is_not(returning: Office) -> None:
    first, second, third = send_digests(returning)
    bounce(returning, "exchange-full", first.id or 0)
    bounce(returning, "postfix-delay", second.id or 0)
    bounce(returning, "out-of-office", third.id or 0)

    found = read_bounces(returning, DAY + timedelta(minutes=10))

    assert (found.read, found.failures, found.delays, found.unknown) == (3, 1, 1, 1)
    kept = [row_of(returning, row.id or 0) for row in (first, second, third)]
    assert [row.state for row in kept] == ["failed", "sent", "sent"]
    assert kept[0].last_answer.startswith("teruggekomen: 5.2.2 554 5.2.2 mailbox full")
    assert kept[1].last_answer.endswith("vertraagd, de mailserver blijft proberen")
    assert send(returning, ScriptedWay(OK), DAY + timedelta(minutes=11)).sent == 1  # the secretariat is told
    with returning.database.reading() as session:
        assert [one.hard_bounces for one in session.exec(select(Person)) if one.hard_bounces] == []


def test_b13_an_address_that_twice_does_not_exist_gets_no_mail_until_somebody_says_so(returning: Office) -> None:
    gone = next(row for row in send_digests(returning) if row.to == "strategie@clavis.example")
    bounce(returning, "postfix-5.1.1", gone.id or 0)
    read_bounces(returning, DAY)
    bounce(returning, "gmail-5.1.1", gone.id or 0)  # another report about the same mail does not count
    read_bounces(returning, DAY)
    assert undeliverable(returning) == []

    later = next(row for row in send_digests(returning, "2027-03-03") if row.to == "strategie@clavis.example")
    bounce(returning, "exchange-5.1.10", later.id or 0)
    read_bounces(returning, at("2027-03-03", 10))

    assert undeliverable(returning) == ["strategie@clavis.example"]
    to = {row.to for row in send_digests(returning, "2027-03-17")}
    assert ("strategie@clavis.example" in to, bool(to)) == (False, True)
    findings = {one.name: one for one in examine(returning, at("2027-03-17"))}
    assert "strategie@clavis.example" in findings["adressen"].words

    assert mark_reachable(returning, "strategie@clavis.example", at("2027-03-18")) == "Dit adres krijgt weer post."
    assert undeliverable(returning) == []


def test_b13_a_refusal_on_the_line_counts_as_well_as_a_report(returning: Office) -> None:
    plan_mails(returning, DAY)
    send(returning, ScriptedWay(NOBODY, OK), DAY)

    with returning.database.reading() as session:
        assert [one.hard_bounces for one in session.exec(select(Person)) if one.hard_bounces] == [1]


def test_b13_a_report_that_anyone_could_have_written_changes_nothing(returning: Office) -> None:
    send_digests(returning)
    shutil.copy(REPORTS / "forged.eml", returning.settings.path("terug") / "new")
    shutil.copy(REPORTS / "somebody-wrote.eml", returning.settings.path("terug") / "new")

    found = read_bounces(returning, DAY)

    assert (found.failures, found.unknown) == (0, 2)
    with returning.database.reading() as session:
        assert set(session.exec(select(Message.state))) == {"sent"}


def test_b12_when_all_mail_comes_back_nobody_is_held_to_be_gone(returning: Office) -> None:
    mails = send_digests(returning)
    for row in mails:
        bounce(returning, "postfix-5.1.1", row.id or 0)
        read_bounces(returning, DAY + timedelta(minutes=row.id or 0))

    with returning.database.reading() as session:
        marks = {(one.hard_bounces, one.undeliverable_since) for one in session.exec(select(Person))}
        pause = standstill.pause(session)
    assert (len(mails), marks) == (3, {(0, None)})
    assert pause is not None
    assert pause.reason.startswith("alle post komt terug, van 3 ontvangers: teruggekomen: 5.1.1")


def undeliverable(office: Office) -> list[str]:
    with office.database.reading() as session:
        return [one.email for one in session.exec(select(Person)) if one.undeliverable_since]
