"""Delivery: every outcome ends in its state, nothing is lost, and what stands still says so (rules B12, C2, C3, C4)."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event

import pytest
from sqlalchemy import text
from sqlmodel import select

from cycle.actions.mails.morning.digests import DigestWriter
from cycle.actions.mails.morning.reminding import plan_mails
from cycle.actions.office.office import Office
from cycle.actions.post.delivery import delivering
from cycle.actions.post.delivery.restored import FILE, sent_journal
from cycle.actions.post.halts.alarming import report_failures
from cycle.actions.post.halts.outbox_decisions import discard, hold, resume, retry
from cycle.actions.post.returns.transports import AllowedOnly
from cycle.actions.service.watch.condition import condition
from cycle.errors import Refused
from cycle.mail.deliver import Answer, Outcome, Pool
from cycle.store.journal import mark
from cycle.store.mishaps import DatabaseFault
from cycle.store.outbox import claiming, handing, lookups
from cycle.store.tables import Message, OutboxPause
from tests.actions.mailbox import (
    AWAY,
    LATER,
    NOBODY,
    OK,
    OURS,
    PERHAPS,
    ScriptedWay,
    act,
    at,
    mails,
    queue,
    row_of,
    send,
    states,
    text_of,
)
from tests.decided import decided

MORNING = at("2027-02-03")  # a Wednesday

OUTCOMES = [
    (OK, "digest", "sent", 1, None, False),
    (NOBODY, "digest", "failed", 1, None, False),
    (LATER, "digest", "queued", 1, MORNING + timedelta(minutes=1), False),
    (AWAY, "digest", "queued", 0, MORNING + timedelta(minutes=1), False),
    (OURS, "digest", "queued", 0, MORNING + timedelta(minutes=1), False),
    (PERHAPS, "digest", "queued", 1, MORNING + timedelta(minutes=1), True),
    (PERHAPS, "letter", "held", 1, None, True),
    (ValueError("names of people"), "digest", "queued", 1, MORNING + timedelta(minutes=1), True),
    (ValueError("names of people"), "letter", "held", 1, None, True),
]


@pytest.mark.parametrize(("answer", "kind", "state", "attempts", "next_try", "uncertain"), OUTCOMES, ids=str)
def test_b12_every_outcome_has_its_state(
    quick_office: Office, answer: Answer, kind: str, state: str, attempts: int, next_try: datetime, uncertain: bool
) -> None:
    [row_id] = queue(quick_office, 1, MORNING, kind)

    send(quick_office, ScriptedWay(answer), MORNING)

    row = row_of(quick_office, row_id)
    found = (row.state, row.attempts, row.next_try_at, row.uncertain, row.lease_until, row.lease_owner)
    assert found == (state, attempts, next_try, uncertain, None, "")


def test_what_waits_without_a_next_try_is_seen_and_goes(office: Office) -> None:
    ids = [*queue(office, 1, MORNING, "letter"), *queue(office, 1, MORNING)]
    with office.database.writing() as session:
        for row_id in ids:
            session.get_one(Message, row_id).next_try_at = None
    late = {one.name: one.ok for one in condition(office, MORNING + timedelta(hours=1))}

    send(office, ScriptedWay(OK), MORNING)

    assert (late["wachtrij"], [row_of(office, row_id).state for row_id in ids]) == (False, ["sent", "sent"])


def test_b12_retries_come_after_1_5_15_and_60_minutes_then_hourly_until_48_hours(office: Office) -> None:
    [row_id] = queue(office, 1, MORNING, "letter")
    now, waits = MORNING, []
    while row_of(office, row_id).state == "queued":
        send(office, ScriptedWay(LATER), now)
        again = row_of(office, row_id).next_try_at
        waits.append(int((again - now).total_seconds() // 60) if again else 0)
        now = again or now

    assert (waits[:5], set(waits[5:-1]), waits[-1]) == ([1, 5, 15, 60, 60], {60}, 0)
    assert timedelta(hours=46) < now - MORNING <= timedelta(hours=48)
    assert row_of(office, row_id).state == "failed"


def test_b12_a_retry_of_a_reminder_keeps_to_mail_hours_and_a_letter_does_not(quick_office: Office) -> None:
    friday = at("2027-02-05", 17, 59)
    [digest], [letter] = queue(quick_office, 1, friday), queue(quick_office, 1, friday, "letter")

    send(quick_office, ScriptedWay(LATER), friday)

    assert row_of(quick_office, digest).next_try_at == at("2027-02-08", 8, 30)
    assert row_of(quick_office, letter).next_try_at == friday + timedelta(minutes=1)


def test_b12_no_reminder_leaves_in_the_evening_and_a_letter_does(quick_office: Office) -> None:
    queue(quick_office, 1, at("2027-02-05", 17))
    queue(quick_office, 1, at("2027-02-05", 17), "letter")

    way = ScriptedWay()
    send(quick_office, way, at("2027-02-05", 19))

    assert [key.split(":")[0] for key, _to, _from in way.taken] == ["letter"]


def test_c2_an_answer_is_written_down_before_the_next_message_is_handed_over(office: Office) -> None:
    ids = queue(office, 5, MORNING)
    seen: list[int] = []

    def look(_key: str) -> Answer:
        seen.append(states(office).get("sent", 0))
        return OK

    send(office, ScriptedWay(look), MORNING)

    assert (seen, states(office)) == ([0, 1, 2, 3, 4], {"sent": len(ids)})


def test_c3_what_a_dead_sender_left_goes_again_with_the_same_id_or_waits_for_a_person(office: Office) -> None:
    [digest], [letter] = queue(office, 1, MORNING), queue(office, 1, MORNING, "letter")
    for _reminders_together_then_each_letter_alone in range(2):
        with office.database.writing() as session:
            claiming.claim(session, MORNING, MORNING + timedelta(minutes=15), "dead", 9, lookups.in_state("queued"))
    way = ScriptedWay()

    send(office, way, MORNING + timedelta(minutes=14))
    assert (way.taken, states(office)) == ([], {"sending": 2})
    send(office, way, MORNING + timedelta(minutes=16))

    assert [key.split(":")[0] for key, _to, _from in way.taken] == ["digest"]
    assert (row_of(office, digest).state, row_of(office, digest).uncertain) == ("sent", True)
    assert row_of(office, digest).message_id == "<digest0@cycle.example>"
    assert (row_of(office, letter).state, row_of(office, letter).last_answer) == ("held", "uitkomst onbekend")


def test_c4_a_sender_that_lost_its_lease_does_not_mark(office: Office) -> None:
    [row_id] = queue(office, 1, MORNING)

    def taken_over(_key: str) -> Answer:
        with office.database.writing() as session:
            row = session.get_one(Message, row_id)
            row.lease_owner = "somebody else"
            session.add(row)
        return OK

    send(office, ScriptedWay(taken_over), MORNING)

    row = row_of(office, row_id)
    assert (row.state, row.lease_owner, row.sent_at) == ("sending", "somebody else", None)


def test_c4_two_that_find_the_same_dead_sender_do_not_both_free_its_messages(office: Office) -> None:
    queue(office, 2, MORNING)
    late = MORNING + timedelta(minutes=16)
    with office.database.writing() as session:
        claiming.claim(session, MORNING, MORNING + timedelta(minutes=15), "dead", 9, lookups.in_state("queued"))
    with office.database.writing() as session:
        first = handing.take_over_lost(session, late)
    with office.database.writing() as session:
        claiming.claim(session, late, late + timedelta(minutes=15), "new", 9, lookups.in_state("queued"))
    with office.database.writing() as session:
        second = handing.take_over_lost(session, late)

    assert (len(first), second, states(office)) == (2, [], {"sending": 2})


def test_c4_the_lease_is_renewed_while_a_batch_takes_long(
    quick_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _second, third = queue(quick_office, 3, MORNING)
    monkeypatch.setattr(delivering, "RENEW_SECONDS", -1.0)
    clock = iter(MORNING + timedelta(minutes=number) for number in range(100))
    leases: list[datetime | None] = []

    def look(_key: str) -> Answer:
        leases.append(row_of(quick_office, third).lease_until)
        if len(leases) == 2:  # another sender takes the last one over
            with quick_office.database.writing() as session:
                row = session.get_one(Message, third)
                row.lease_owner = "somebody else"
                session.add(row)
        return OK

    way = ScriptedWay(look)
    delivering.deliver_mails(quick_office, way, delivering.open_pace(quick_office.settings), lambda: next(clock))

    assert (len(way.taken), row_of(quick_office, first).state) == (2, "sent")
    assert leases[0] is not None
    assert leases[1] is not None
    assert leases[0] < leases[1]


def test_a_stop_ends_after_the_mail_in_hand_and_puts_the_rest_back_untried(office: Office) -> None:
    queue(office, 5, MORNING)
    stop = Event()

    def last(_key: str) -> Answer:
        stop.set()
        return OK

    done = send(office, ScriptedWay(last), MORNING, stop=stop)

    with office.database.reading() as session:
        waiting = session.exec(select(Message).where(Message.state == "queued")).all()
    assert (done.sent, [row.attempts for row in waiting]) == (1, [0, 0, 0, 0])
    assert {row.next_try_at for row in waiting} == {MORNING}


def test_b12_two_connections_work_side_by_side_and_each_message_goes_once(office: Office) -> None:
    queue(office, 60, MORNING)

    def slow(_key: str) -> Answer:
        time.sleep(0.005)
        return OK

    ways = [ScriptedWay(slow), ScriptedWay(slow)]
    done = send(office, Pool(ways), MORNING)

    taken = [key for way in ways for key, _to, _from in way.taken]
    assert (done.sent, len(taken), len(set(taken))) == (60, 60, 60)
    assert all(way.taken for way in ways)


# -- standing still ---------------------------------------------------------------------------------------------------


def test_b12_a_refusal_of_our_account_pauses_marks_nobody_and_alarms_once(office: Office) -> None:
    queue(office, 3, MORNING)
    way = ScriptedWay(OURS)

    for minute in range(5):
        send(office, way, MORNING + timedelta(minutes=minute))

    assert len(way.taken) == 1  # one try; the alarm has no address, so it is a file
    assert states(office) == {"queued": 3, "sent": 1}
    [alarm] = mails(office)
    assert str(alarm["Subject"]) == "Let op: Het versturen van mail staat stil"
    text = text_of(alarm)
    assert ("Er wachten 3 mails" in text, "535 5.7.8" in text, "beheer@gemeente.example" in text) == (True, True, False)


def test_b12_after_resume_all_goes_and_the_next_refusal_alarms_again(quick_office: Office) -> None:
    queue(quick_office, 2, MORNING)
    send(quick_office, ScriptedWay(OURS), MORNING)

    assert resume(quick_office, MORNING, by="an@gemeente.example") == "De verzending loopt weer."
    later = MORNING + timedelta(minutes=5)
    assert send(quick_office, ScriptedWay(OK, OURS), later).sent == 2  # a mail and the alarm

    assert len(mails(quick_office)) == 2


def test_an_alarm_goes_to_the_operator_and_into_the_folder_when_mail_itself_fails(
    quick_office: Office, make_settings: object
) -> None:
    mail = quick_office.settings.mail.model_copy(update={"operator": "beheer@gemeente.example"})
    office = type(quick_office)(
        quick_office.settings.model_copy(update={"mail": mail}),
        quick_office.database,
        quick_office.wording,
        quick_office.installation,
    )
    queue(office, 1, MORNING)
    works, broken = ScriptedWay(OURS, OK), ScriptedWay(OURS)

    send(office, works, MORNING)
    assert ([to for _key, to, _from in works.taken][1:], mails(office)) == (["beheer@gemeente.example"], [])
    resume(office, MORNING)
    send(office, broken, MORNING + timedelta(minutes=2))

    assert [str(mail["To"]) for mail in mails(office)] == ["beheerder <beheer@gemeente.example>"]


def test_b11_a_server_that_stays_away_alarms_once_a_day_and_loses_nothing(quick_office: Office) -> None:
    queue(quick_office, 2, MORNING)

    for minute in (0, 10, 29, 31, 40, 120):
        send(quick_office, ScriptedWay(AWAY), MORNING + timedelta(minutes=minute))

    assert [str(mail["Subject"]) for mail in mails(quick_office)] == ["Let op: De mailserver is niet te bereiken"]
    assert states(quick_office)["queued"] == 2


def test_b12_the_secretariat_is_told_once_a_day_what_was_not_delivered(example: Office) -> None:
    plan_mails(example, MORNING)
    send(example, ScriptedWay(NOBODY, OK), MORNING)
    send(example, ScriptedWay(OK), MORNING + timedelta(minutes=1))

    with example.database.reading() as session:
        failed = session.exec(select(Message).where(Message.state == "failed")).one()
        [alarm] = session.exec(select(Message).where(Message.kind == "alarm")).all()
    assert failed.reported_at == MORNING
    assert (alarm.to, alarm.subject) == ("secretariaat@terneuzen.example", "Let op: 1 mail is niet bezorgd")
    assert f"aan {failed.to}: 550 5.1.1 no such user" in alarm.body.decode().replace("=\r\n", "")
    assert report_failures(example, MORNING + timedelta(minutes=2)) == 0


# -- what people decide -----------------------------------------------------------------------------------------------


def test_each_decision_about_the_outbox_is_kept_with_who_took_it(office: Office) -> None:
    first, second, third = queue(office, 3, MORNING)

    hold(office, first, MORNING, by="an@gemeente.example")
    discard(office, second, MORNING, by="an@gemeente.example")
    assert send(office, ScriptedWay(OK), MORNING).sent == 1
    retry(office, first, MORNING, by="an@gemeente.example")
    assert send(office, ScriptedWay(OK), MORNING).sent == 1

    with office.database.reading() as session:
        kept = decided(session)
    assert [(one.verb, one.about, one.by) for one in kept] == [
        ("vastgehouden", f"bericht {first}", "an@gemeente.example"),
        ("weggelegd", f"bericht {second}", "an@gemeente.example"),
        ("opnieuw aangeboden", f"bericht {first}", "an@gemeente.example"),
    ]
    for action in (hold, discard, retry):
        with pytest.raises(Refused, match="staat op “verstuurd”"):
            action(office, third, MORNING)


# -- rule C6: addresses outside production ----------------------------------------------------------------------------


def test_c6_outside_production_only_allowed_addresses_are_mailed_and_the_rest_is_a_file() -> None:
    out, files = ScriptedWay(), ScriptedWay()
    way = AllowedOnly(out, files, ["An@Gemeente.example", "@proef.example"])
    asked = (
        "an@gemeente.example",
        "AN@gemeente.EXAMPLE",
        "jan@proef.example",
        "jan@gemeente.example",
        "an@gemeente.example.evil",
        "x@nietproef.example",
        "proef.example@evil.example",
    )
    for address in asked:
        way.deliver(b"", envelope_from="", recipient=address, key="")

    assert [to for _key, to, _from in out.taken] == list(asked[:3])
    assert [to for _key, to, _from in files.taken] == list(asked[3:])


# -- rule C11: poison rows --------------------------------------------------------------------------------------------


def test_c11_ten_messages_that_break_the_way_out_do_not_stop_ninety(quick_office: Office) -> None:
    queue(quick_office, 100, MORNING)

    def fussy(key: str) -> Answer:
        if int(key.split(":")[1]) % 10 == 0:
            raise TypeError("poison")
        return OK

    done = send(quick_office, ScriptedWay(fussy), MORNING)

    assert (done.sent, states(quick_office)) == (90, {"sent": 90, "queued": 10})


def test_c11_one_persons_mail_that_cannot_be_made_does_not_stop_the_others(
    example: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = DigestWriter.message
    broken: list[int] = []

    def poisoned(writer, digest, *others):  # type: ignore[no-untyped-def]
        if digest.person == (broken or [digest.person])[0]:
            broken[:] = [digest.person]
            raise ZeroDivisionError("Jan Jansen")
        return make(writer, digest, *others)

    monkeypatch.setattr(DigestWriter, "message", poisoned)
    planned, delivered = act(example, MORNING)
    monkeypatch.undo()

    assert (planned.mails, delivered.sent) == (2, 3)  # two digests and the report to the secretariat
    with example.database.reading() as session:
        [failed] = session.exec(select(Message).where(Message.state == "failed")).all()
    assert (failed.person_id, "ZeroDivisionError" in failed.last_answer) == (broken[0], True)
    planned, delivered = act(example, at("2027-02-04"))
    assert (planned.mails, delivered.sent) == (1, 1)  # the next day it is made after all


@pytest.mark.parametrize("outcome", list(Outcome))
def test_b12_an_alarm_is_never_given_up_and_never_pauses_anything(quick_office: Office, outcome: Outcome) -> None:
    queue(quick_office, 1, MORNING, "alarm")

    send(quick_office, ScriptedWay(Answer(outcome, "550 5.1.1 x")), MORNING)

    with quick_office.database.reading() as session:
        assert session.exec(select(OutboxPause)).all() == []
    assert states(quick_office) == {"sent": 1}  # by mail, or else into the folder


def test_c11_an_answer_that_cannot_be_written_down_leaves_only_the_mail_in_hand_in_doubt(office: Office) -> None:
    ids = queue(office, 5, MORNING)
    way = ScriptedWay(OK)
    with refusing_sent(office), pytest.raises(DatabaseFault):
        send(office, way, MORNING)

    after = [row_of(office, row_id) for row_id in ids]
    assert [(row.state, row.uncertain, row.attempts, row.lease_until) for row in after] == [
        ("queued", True, 1, None),
        *[("queued", False, 0, None)] * 4,
    ]
    send(office, way, MORNING + timedelta(minutes=1))
    assert {row_of(office, row_id).state for row_id in ids} == {"sent"}
    assert Counter(to for _key, to, _from in way.taken) == Counter(
        {f"persoon{place}@gemeente.example": 2 if place == 0 else 1 for place in range(5)}
    )


def test_c11_while_the_database_takes_nothing_at_all_the_batch_waits_for_the_next_slice(office: Office) -> None:
    ids = queue(office, 3, MORNING)
    with refusing_sent(office, "OLD.state = 'sending'"), pytest.raises(DatabaseFault):
        send(office, ScriptedWay(OK), MORNING)
    assert {row_of(office, row_id).state for row_id in ids} == {"sending"}

    send(office, ScriptedWay(OK), MORNING + timedelta(minutes=1))  # long before their leases end

    assert {row_of(office, row_id).state for row_id in ids} == {"sent"}


@contextmanager
def refusing_sent(office: Office, when: str = "NEW.state = 'sent'") -> Iterator[None]:
    """A database that refuses to write down that something was sent."""
    if office.database.is_sqlite:
        begin = f"CREATE TRIGGER full_disk BEFORE UPDATE ON message WHEN {when} BEGIN SELECT RAISE(ABORT, 'vol'); END"
        end = "DROP TRIGGER full_disk"
    else:
        begin = (
            "CREATE FUNCTION full_disk() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'vol'; END $$ LANGUAGE plpgsql;"
            f"CREATE TRIGGER full_disk BEFORE UPDATE ON message FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION full_disk()"
        )
        end = "DROP TRIGGER full_disk ON message; DROP FUNCTION full_disk"
    with office.database.engine.begin() as connection:
        connection.execute(text(begin))
    yield
    with office.database.engine.begin() as connection:
        connection.execute(text(end))


def test_c6_a_journal_that_cannot_be_written_ends_no_sender_and_gets_its_lines_later(quick_office: Office) -> None:
    journal = quick_office.settings.path(FILE)
    journal.mkdir(parents=True)
    first = queue(quick_office, 3, MORNING)
    send(quick_office, ScriptedWay(OK), MORNING)
    seen = {one.name: one.ok for one in condition(quick_office, MORNING)}["verzendjournaal"]
    journal.rmdir()
    second = queue(quick_office, 1, MORNING, "letter")
    send(quick_office, ScriptedWay(OK), MORNING)

    assert {row_of(quick_office, row_id).state for row_id in first + second} == {"sent"}
    marks = [line.mark for line in sent_journal(quick_office).after(None)]
    assert sorted(marks) == sorted(mark(row_of(quick_office, row_id).message_id) for row_id in first + second)
    assert (seen, {one.name: one.ok for one in condition(quick_office, MORNING)}["verzendjournaal"]) == (False, True)
