"""What may have arrived, and what cannot: mails of unknown outcome, failed mails, and mails that are made anew."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select

from cycle.actions.deadlines.deciding.closing import settle
from cycle.actions.mails.morning.reminding import plan_mails
from cycle.actions.office.mail_hours import day_of
from cycle.actions.office.office import Office
from cycle.actions.people.departure.leaving import Successor, hand_over
from cycle.actions.people.rhythms.rhythm import pause
from cycle.actions.people.seats.persons import change_person
from cycle.actions.post.halts.outbox_decisions import hold, retry
from cycle.actions.post.returns.bouncing import read_bounces
from cycle.actions.service.watch.condition import condition
from cycle.domain.model import State
from cycle.mail.deliver import Answer
from cycle.store.outbox import claiming, handing, lookups, telling
from cycle.store.tables import Message, Person, ReminderRow
from tests.actions.mailbox import (
    AWAY,
    LATER,
    NOBODY,
    OK,
    PERHAPS,
    ScriptedWay,
    at,
    deliver,
    queue,
    row_of,
    send,
    states,
)
from tests.actions.post.test_bouncing import bounce
from tests.faults.test_kills import arrived
from tests.faults.test_two_of_everything import at_server
from tests.mail.servers import CLOSE, scripted

MORNING = at("2027-02-03")  # a Wednesday on which three people get a digest
NEXT = at("2027-02-04")
CLAVIS = "strategie@clavis.example"


def person(office: Office, email: str = CLAVIS) -> int:
    with office.database.reading() as session:
        return session.exec(select(Person.id).where(Person.email == email)).one() or 0


def digests(office: Office, email: str = CLAVIS) -> list[Message]:
    """All reminder mails to somebody, oldest first, but for those that were replaced."""
    with office.database.reading() as session:
        query = select(Message).where(Message.kind == "digest", Message.to == email, Message.state != "replaced")
        return list(session.exec(query.order_by(Message.id)))  # type: ignore[arg-type]


def told(office: Office) -> list[tuple[int, str, str]]:
    """What counts as told in the end, by deadline, party and rung."""
    with office.database.reading() as session:
        return [(one.deadline, one.party, one.rung) for one in telling.told(session, at("2099-12-31", 12))]


def lines_in(office: Office, message: Message) -> list[tuple[int, str, str]]:
    with office.database.reading() as session:
        rows = session.exec(select(ReminderRow).where(ReminderRow.message_id == message.id)).all()
    return [(row.deadline_id, row.party, row.rung) for row in rows]


def only_clavis(answer: Answer) -> Callable[[str], Answer]:
    """A way out that answers so to one person, and takes all other mail."""
    return lambda key: answer if key.startswith("digest:") and key.split(":")[1] == only_clavis.person else OK  # type: ignore[attr-defined]


@pytest.fixture
def clavis(example: Office) -> Office:
    """The example on a morning on which three people have a digest waiting."""
    only_clavis.person = str(person(example))  # type: ignore[attr-defined]
    plan_mails(example, MORNING)
    return example


# -- unknown outcomes (rule C3) ---------------------------------------------------------------------------------------


def test_c3_a_server_that_takes_mail_and_hangs_up_gets_each_reminder_three_times_and_then_a_person_is_asked(
    clavis: Office,
) -> None:
    with scripted({"dot": CLOSE}) as server:
        for minute in (0, 2, 4, 9, 20, 60, 120, 300):
            deliver(at_server(clavis, server.port), MORNING + timedelta(minutes=minute))
        copies = {name: number for name, number in arrived(server).items() if not name.startswith("<alarm")}

    with clavis.database.reading() as session:
        mine = session.exec(select(Message).where(Message.kind == "digest")).all()
        alarms = session.exec(select(Message).where(Message.kind == "alarm", Message.to != "")).all()
    assert [copies[row.message_id] for row in mine] == [3, 3, 3]
    assert {(row.state, row.uncertain, row.tries_in_doubt) for row in mine} == {("held", True, 2)}
    assert {row.to for row in alarms} == {"secretariaat@terneuzen.example"}
    words = alarms[0].body.decode().replace("=\r\n", "")
    assert "de mail wacht op u" in words
    assert len(told(clavis)) == len(set(told(clavis))) > 0  # they may have read it: it is not told again by itself


def test_c3_a_try_that_may_have_arrived_is_followed_by_two_more_whatever_is_answered(quick_office: Office) -> None:
    [row_id] = queue(quick_office, 1, MORNING)
    way = ScriptedWay(PERHAPS, AWAY, LATER, LATER)

    for minute in (0, 1, 2, 3, 5, 10, 60, 180):
        send(quick_office, way, MORNING + timedelta(minutes=minute))

    row = row_of(quick_office, row_id)
    assert (len(way.taken), row.state, row.attempts) == (4, "held", 3)  # who could not be reached was not tried


def test_c3_after_a_person_offered_it_again_it_goes_and_stays_marked(quick_office: Office) -> None:
    [row_id] = queue(quick_office, 1, MORNING)
    for minute in (0, 5, 30):
        send(quick_office, ScriptedWay(PERHAPS), MORNING + timedelta(minutes=minute))
    assert row_of(quick_office, row_id).state == "held"

    retry(quick_office, row_id, MORNING + timedelta(hours=1))
    send(quick_office, ScriptedWay(OK), MORNING + timedelta(hours=1))

    row = row_of(quick_office, row_id)
    assert (row.state, row.uncertain, row.message_id) == ("sent", True, "<digest0@cycle.example>")


def test_c3_a_mail_that_kills_its_sender_each_time_is_held_and_its_neighbours_go(office: Office) -> None:
    ids = queue(office, 3, MORNING)
    for number in range(3):
        now = MORNING + timedelta(hours=number)
        with office.database.writing() as session:
            claiming.claim(session, now, now + timedelta(minutes=15), "dead", 9, lookups.in_state("queued"))
        with office.database.writing() as session:
            handing.take_over_lost(session, now + timedelta(minutes=16))

    found = [(row.state, row.uncertain, row.attempts) for row in (row_of(office, one) for one in ids)]
    assert found == [("held", True, 3), ("queued", False, 0), ("queued", False, 0)]
    assert send(office, ScriptedWay(OK), MORNING + timedelta(hours=4)).sent == 2 + 1  # and somebody is told


def test_c3_what_a_dead_sender_had_next_is_in_doubt_and_the_rest_of_its_batch_is_not(office: Office) -> None:
    ids = queue(office, 4, MORNING)

    def dies(key: str) -> Answer:
        if key.startswith("digest:2"):
            raise KeyboardInterrupt
        return OK

    with pytest.raises(KeyboardInterrupt):
        send(office, ScriptedWay(dies), MORNING)
    with office.database.writing() as session:
        handing.take_over_lost(session, MORNING + timedelta(minutes=16))

    found = [(row.state, row.uncertain) for row in (row_of(office, one) for one in ids)]
    assert found == [("sent", False), ("sent", False), ("queued", True), ("queued", False)]


def test_an_alarm_that_a_dead_sender_had_goes_again(quick_office: Office) -> None:
    [row_id] = queue(quick_office, 1, MORNING, "alarm")
    with quick_office.database.writing() as session:
        claiming.claim(session, MORNING, MORNING + timedelta(minutes=15), "dead", 9, lookups.in_state("queued"))

    send(quick_office, ScriptedWay(OK), MORNING + timedelta(minutes=16))

    assert row_of(quick_office, row_id).state == "sent"


def test_a_reminder_that_waits_two_weeks_in_doubt_waits_for_a_person(quick_office: Office) -> None:
    [row_id] = queue(quick_office, 1, MORNING)
    send(quick_office, ScriptedWay(PERHAPS), MORNING)

    way = ScriptedWay(OK)
    send(quick_office, way, MORNING + timedelta(days=15))

    assert row_of(quick_office, row_id).state == "held"
    assert [key for key, _to, _from in way.taken if key.startswith("digest")] == []


# -- what failed is told again ----------------------------------------------------------------------------------------


def test_a_server_that_hangs_up_inside_the_message_leaves_nothing_told(quick_example: Office) -> None:
    plan_mails(quick_example, MORNING)
    [mine] = digests(quick_example)
    with quick_example.database.writing() as session:
        for row in session.exec(select(Message).where(Message.kind == "digest")):
            row.state = "queued" if row.id == mine.id else "discarded"
            row.body += b"x" * 70 + b"\r\n" * 4_000_000  # longer than the line holds, so that the cut is before the dot
            session.add(row)
    found = []
    with scripted(cut_body=1000) as server:
        for now in (MORNING, MORNING + timedelta(minutes=2), at("2027-02-08")):  # two days of mail hours later
            deliver(at_server(quick_example, server.port), now)
            row = row_of(quick_example, mine.id or 0)
            found.append((row.state, row.uncertain, row.attempts))

    assert (server.stored, found[:2]) == ([], [("queued", False, 1), ("queued", False, 2)])
    assert found[2] == ("failed", False, 3)
    assert [line for line in told(quick_example) if line in lines_in(quick_example, mine)] == []


def all_digests(office: Office) -> list[Message]:
    with office.database.reading() as session:
        return list(session.exec(select(Message).where(Message.kind == "digest").order_by(Message.id)))  # type: ignore[arg-type]


def test_what_a_refused_mail_told_comes_in_the_next_one_and_never_twice_in_a_day(clavis: Office) -> None:
    [before] = digests(clavis)
    send(clavis, ScriptedWay(only_clavis(NOBODY)), MORNING)
    for minute in (1, 2, 60):
        plan_mails(clavis, MORNING + timedelta(minutes=minute))
        send(clavis, ScriptedWay(OK), MORNING + timedelta(minutes=minute))
    that_day = [row.state for row in digests(clavis)]

    plan_mails(clavis, NEXT)
    send(clavis, ScriptedWay(OK), NEXT)

    failed, after = digests(clavis)
    assert (that_day, failed.state, after.state) == (["failed"], "failed", "sent")
    assert lines_in(clavis, failed) == lines_in(clavis, after) == lines_in(clavis, before)  # the proof stays
    assert "eerder gepland op" in after.body.decode().replace("=\r\n", "")
    assert max(Counter(told(clavis)).values()) == 1


def test_b13_what_came_back_is_told_again_on_the_next_day(clavis: Office) -> None:
    mail = clavis.settings.mail.model_copy(update={"bounce_address": "terug@gemeente.example", "bounces": "terug"})
    office = replace(clavis, settings=clavis.settings.model_copy(update={"mail": mail}))
    (office.settings.path("terug") / "new").mkdir(parents=True)
    send(office, ScriptedWay(OK), MORNING)
    [sent] = digests(office)
    bounce(office, "exchange-full", sent.id or 0)
    read_bounces(office, MORNING + timedelta(minutes=10))

    for now in (MORNING + timedelta(minutes=11), NEXT):
        plan_mails(office, now)
        send(office, ScriptedWay(OK), now)

    assert [(row.state, row.on) for row in digests(office)] == [("failed", MORNING.date()), ("sent", NEXT.date())]
    assert max(Counter(told(office)).values()) == 1


def test_a_failed_reminder_that_is_offered_again_is_made_anew_and_told_once(clavis: Office) -> None:
    send(clavis, ScriptedWay(only_clavis(NOBODY)), MORNING)
    [failed] = digests(clavis)

    words = retry(clavis, failed.id or 0, MORNING + timedelta(minutes=5))
    for now in (MORNING + timedelta(minutes=6), NEXT):
        plan_mails(clavis, now)
        send(clavis, ScriptedWay(OK), now)

    assert words == "Deze mail wordt opnieuw gemaakt, uiterlijk op de volgende dag dat er post gaat."
    assert [row.state for row in digests(clavis)] == ["sent"]
    assert max(Counter(told(clavis)).values()) == 1


def test_a_reminder_that_was_held_back_is_made_anew_when_it_may_go(clavis: Office) -> None:
    [mine] = digests(clavis)
    before = lines_in(clavis, mine)
    hold(clavis, mine.id or 0, MORNING)
    settle(clavis, before[0][0], State.DONE, MORNING)

    retry(clavis, mine.id or 0, NEXT)
    plan_mails(clavis, NEXT)

    assert [line for row in digests(clavis) for line in lines_in(clavis, row)] == before[1:]


# -- what cannot have arrived is made anew ----------------------------------------------------------------------------


def settled(office: Office, line: tuple[int, str, str], now: datetime) -> None:
    settle(office, line[0], State.DONE, now)


def absent(office: Office, _line: tuple[int, str, str], now: datetime) -> None:
    pause(office, person(office), now.date(), date(2027, 2, 12), now)


def left(office: Office, _line: tuple[int, str, str], now: datetime) -> None:
    hand_over(office, 1, person(office), Successor(), date(2027, 2, 2), now)


def moved(office: Office, _line: tuple[int, str, str], now: datetime) -> None:
    change_person(office, 1, person(office), "Afdeling Strategie", "nieuw@clavis.example", now)


ACTS = [settled, absent, left, moved]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("verb", ["rcpt", "dot"])
def test_a_reminder_that_was_not_taken_does_not_go_out_as_it_was(
    quick_example: Office, act: Callable[[Office, tuple[int, str, str], datetime], None], verb: str
) -> None:
    plan_mails(quick_example, MORNING)
    [mine] = digests(quick_example)
    with scripted(special={CLAVIS: {verb: "451 4.3.0 later"}}) as server:
        deliver(at_server(quick_example, server.port), MORNING)
    lines = lines_in(quick_example, mine)
    assert row_of(quick_example, mine.id or 0).attempts == 1

    act(quick_example, lines[0], MORNING + timedelta(seconds=30))
    with scripted() as server:
        for minutes in (1, 2, 10):
            plan_mails(quick_example, MORNING + timedelta(minutes=minutes))
            deliver(at_server(quick_example, server.port), MORNING + timedelta(minutes=minutes))

    assert row_of(quick_example, mine.id or 0).state == "replaced"
    assert not any(mine.body in body for body in server.stored)
    to_clavis = [row.state for row in digests(quick_example)]
    assert to_clavis == (["sent"] if act is settled and len(lines) > 1 else [])
    assert ("rcpt TO:<nieuw@clavis.example>" in server.commands) == (act is moved)


@pytest.mark.parametrize("act", ACTS)
def test_what_changed_while_a_sender_had_the_mail_counts_once_the_server_did_not_take_it(
    example: Office, act: Callable[[Office, tuple[int, str, str], datetime], None]
) -> None:
    plan_mails(example, MORNING)
    [mine] = digests(example)
    line = lines_in(example, mine)[0]

    def meanwhile(key: str) -> Answer:
        if key == mine.key:
            act(example, line, MORNING)
            return LATER
        return OK

    send(example, ScriptedWay(meanwhile), MORNING)

    assert row_of(example, mine.id or 0).state == "replaced"
    assert [one for one in told(example) if one == line] == []


def test_what_may_have_arrived_stays_as_it_was(clavis: Office) -> None:
    [mine] = digests(clavis)
    send(clavis, ScriptedWay(only_clavis(PERHAPS)), MORNING)

    settle(clavis, lines_in(clavis, mine)[0][0], State.DONE, MORNING)

    kept = row_of(clavis, mine.id or 0)
    assert (kept.state, kept.body, kept.message_id) == ("queued", mine.body, mine.message_id)


def test_a_reminder_made_anew_after_a_refusal_goes_on_with_its_tries(clavis: Office) -> None:
    now = MORNING
    for _day in range(6):  # somebody whose mailbox is full for a week
        plan_mails(clavis, now)
        for hour in (0, 2, 4, 6, 8):
            send(clavis, ScriptedWay(only_clavis(LATER)), now + timedelta(hours=hour))
        now += timedelta(days=1)

    seen = [(row.on.isoformat(), row.state) for row in digests(clavis)]
    assert seen[0] == ("2027-02-05", "failed")  # after two days of mail hours it is said, and the count begins anew
    assert max(Counter(told(clavis)).values()) == 1


# -- one reminder mail per person per day -----------------------------------------------------------------------------


WONEN = "wonen@terneuzen.example"  # the first who gets a mail


def left_on(way: ScriptedWay, number: int) -> int:
    return sum(key.startswith(f"digest:{number}:") for key, _to, _from in way.taken)


def plan_and_send(office: Office, way: ScriptedWay, day: str) -> ScriptedWay:
    """A whole mail day, now and then."""
    for hour in (9, 10, 12, 15, 17):
        plan_mails(office, at(day, hour))
        send(office, way, at(day, hour))
    return way


def test_a_reminder_of_monday_that_is_tried_again_and_the_one_of_wednesday_do_not_come_on_one_day(
    example: Office,
) -> None:
    number = person(example, WONEN)
    plan_and_send(example, ScriptedWay(PERHAPS, AWAY), "2027-03-17")
    plan_and_send(example, ScriptedWay(AWAY), "2027-03-23")

    days = [left_on(plan_and_send(example, ScriptedWay(OK), day), number) for day in ("2027-03-24", "2027-03-25")]

    sent = {row.on.isoformat(): row.sent_at.date().isoformat() for row in digests(example, WONEN) if row.sent_at}
    assert days == [1, 1]
    assert sent == {"2027-03-17": "2027-03-25", "2027-03-24": "2027-03-24"}  # what is new goes first


def test_who_got_an_older_reminder_today_gets_todays_own_on_the_next_day(example: Office) -> None:
    number = person(example, WONEN)
    plan_mails(example, at("2027-03-17"))
    send(example, ScriptedWay(PERHAPS, AWAY), at("2027-03-17"))
    way = ScriptedWay(OK)
    send(example, way, at("2027-03-24", 8, 30))  # before today's own was planned

    plan_and_send(example, way, "2027-03-24")
    on_the_day = left_on(way, number)
    plan_and_send(example, way, "2027-03-25")

    assert (on_the_day, left_on(way, number)) == (1, 2)
    assert [(row.on.isoformat(), row.state) for row in digests(example, WONEN)] == [
        ("2027-03-17", "sent"),
        ("2027-03-25", "sent"),
    ]
    assert max(Counter(told(example)).values()) == 1


def test_two_older_reminders_that_are_tried_again_take_a_day_each(office: Office) -> None:
    with office.database.writing() as session:
        session.add(Person(id=1, name="Jan", email="jan@gemeente.example"))
    ids = queue(office, 2, MORNING)
    with office.database.writing() as session:
        for days, row_id in enumerate(ids):
            row = session.get_one(Message, row_id)
            row.person_id, row.uncertain, row.on = 1, True, date(2027, 2, 1 + days)
            session.add(row)

    way = ScriptedWay(OK)
    send(office, way, MORNING)
    on_the_day = len(way.taken)
    send(office, way, NEXT)

    assert (on_the_day, [key for key, _to, _from in way.taken]) == (1, ["digest:0:2027-02-03", "digest:1:2027-02-03"])


def test_the_rehearsal_knows_who_got_an_older_reminder_today(quick_example: Office) -> None:
    plan_mails(quick_example, at("2027-03-17"))
    send(quick_example, ScriptedWay(PERHAPS, AWAY), at("2027-03-17"))
    send(quick_example, ScriptedWay(OK), at("2027-03-24", 8, 30))

    with quick_example.database.reading() as session:
        had = telling.persons_mailed_on(session, date(2027, 3, 24), at("2027-03-24", 0))

    assert had == {row.person_id for row in all_digests(quick_example) if row.sent_at}
    assert had >= {person(quick_example, WONEN)}


def test_what_waits_for_another_day_is_not_late(quick_example: Office) -> None:
    plan_and_send(quick_example, ScriptedWay(PERHAPS, AWAY), "2027-03-17")
    plan_and_send(quick_example, ScriptedWay(OK), "2027-03-24")

    finding = next(one for one in condition(quick_example, at("2027-03-24", 17, 50)) if one.name == "wachtrij")

    assert (finding.ok, states(quick_example)["queued"]) == (True, 1)


# -- what may have come today (one reminder a day) --------------------------------------------------------------------


def queued_for_jan(office: Office, *days: date) -> list[int]:
    """Reminders of these days that wait for one person, all due."""
    with office.database.writing() as session:
        session.add(Person(id=1, name="Jan", email="jan@gemeente.example"))
    ids = queue(office, len(days), MORNING)
    with office.database.writing() as session:
        for row_id, day in zip(ids, days, strict=True):
            row = session.get_one(Message, row_id)
            row.person_id, row.on, row.key = 1, day, f"digest:1:{day}"
            row.uncertain, row.first_tried_at = day < MORNING.date(), MORNING - timedelta(1)
            session.add(row)
    return ids


def taken_on(way: ScriptedWay, office: Office, *moments: datetime) -> list[str]:
    """The days of the mails that a server got at these moments."""
    before = len(way.taken)
    for moment in moments:
        send(office, way, moment)
    return [key.rpartition(":")[2] for key, _to, _from in way.taken[before:]]


TODAY, YESTERDAY = MORNING.date(), MORNING.date() - timedelta(1)
MINUTES = [MORNING + timedelta(minutes=minutes) for minutes in (0, 1, 2, 6, 10, 60)]


def test_todays_own_that_may_have_come_keeps_an_older_one_until_tomorrow(office: Office) -> None:
    queued_for_jan(office, YESTERDAY, TODAY)
    way = ScriptedWay(PERHAPS, PERHAPS, PERHAPS, OK)

    assert taken_on(way, office, *MINUTES) == [str(TODAY)] * 3  # twice more, and then a person is asked
    assert taken_on(way, office, NEXT) == [str(YESTERDAY)]


def test_an_older_one_that_may_have_come_keeps_todays_own_until_tomorrow(office: Office) -> None:
    [old, _own] = queued_for_jan(office, YESTERDAY, TODAY)
    with office.database.writing() as session:  # it was under way when today's own was planned
        row = session.get_one(Message, old)
        row.tries_in_doubt, row.doubted_at = 1, MORNING - timedelta(minutes=1)
        session.add(row)
    way = ScriptedWay(PERHAPS, OK)

    assert taken_on(way, office, *MINUTES) == [str(YESTERDAY)]
    with office.database.reading() as session:
        assert telling.persons_mailed_again(session, *day_of(office.settings, MINUTES[-1])) == {1}
        assert telling.persons_mailed_again(session, *day_of(office.settings, NEXT)) == frozenset()
    assert taken_on(way, office, NEXT) == [str(TODAY)]


def test_what_a_dead_sender_had_may_have_come_on_that_day(office: Office) -> None:
    [old, _own] = queued_for_jan(office, YESTERDAY, TODAY)
    with office.database.writing() as session:
        row = session.get_one(Message, old)
        row.state, row.in_hand, row.lease_owner, row.tries_in_doubt = "sending", True, "x", 1
        row.lease_until = MORNING - timedelta(minutes=1)
        session.add(row)
    way = ScriptedWay(OK)

    assert (taken_on(way, office, *MINUTES), row_of(office, old).state) == ([], "held")
    assert taken_on(way, office, NEXT) == [str(TODAY)]


def test_after_a_day_of_doubt_one_reminder_comes_and_nothing_is_told_twice(example: Office) -> None:
    number = person(example, WONEN)
    plan_and_send(example, ScriptedWay(PERHAPS, AWAY), "2027-03-17")
    doubtful = ScriptedWay(PERHAPS)
    for minute in (0, 6):
        send(example, doubtful, at("2027-03-24", 8, 30 + minute))  # before today's own is planned
    days = [left_on(plan_and_send(example, ScriptedWay(OK), day), number) for day in ("2027-03-24", "2027-03-25")]

    assert (left_on(doubtful, number), days) == (2, [0, 1])
    assert max(Counter(told(example)).values()) == 1
