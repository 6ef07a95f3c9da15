"""Rule C8: a clock that stands wrong mails nobody and eats nothing, and one confirmation lets it go on."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from cycle.actions.mails.morning.reminding import Planned, plan_mails
from cycle.actions.office.letterbox import digest_key
from cycle.actions.office.mail_hours import day_of
from cycle.actions.office.office import Office
from cycle.actions.post.halts.clock_check import is_believed
from cycle.actions.post.halts.flood_guard import APPROVED
from cycle.actions.post.halts.outbox_decisions import resume
from cycle.actions.post.returns.transports import open_pace, open_transport
from cycle.actions.service.watch.clock_work import deliver_round, keep_round, plan_round, watch_round
from cycle.actions.service.watch.condition import condition
from cycle.actions.service.watch.health import examine
from cycle.actions.signin.asking import From
from cycle.actions.signin.signing_in import ask
from cycle.errors import Refused
from cycle.store.outbox import beating, standstill, telling
from cycle.store.outbox.standstill import CLOCK_PAUSE
from cycle.store.tables import Actor, DeadlineRow, Fact, Message, Person, ReminderRow
from tests.actions.mailbox import LATER, OK, PERHAPS, ScriptedWay, at, mails, queue, row_of, send, states, text_of

DAY = at("2027-03-24")  # a mail day, one week before the last day of the invitation letter
WRONG = at("2029-03-21")


def live(office: Office, now: datetime) -> Planned:
    """What the clock does in a minute, delivery to the Maildir included."""
    keep_round(office, now)
    planned = plan_round(office, now)
    transport = open_transport(office.settings)
    deliver_round(office, transport, open_pace(office.settings), lambda: now)
    watch_round(office, now)
    return planned


def round_at(office: Office, now: datetime) -> None:
    with office.database.writing() as session:
        beating.beat(session, "plan", now)


def told_on(session: Session, day: date) -> list[tuple[str, str, str]]:
    query = select(DeadlineRow.title, ReminderRow.party, ReminderRow.rung).where(
        ReminderRow.deadline_id == DeadlineRow.id, ReminderRow.on == day
    )
    return sorted(session.exec(query))


def told(office: Office, day: str) -> list[tuple[str, str, str]]:
    with office.database.reading() as session:
        return told_on(session, date.fromisoformat(day))


def pause_of(office: Office) -> str:
    with office.database.reading() as session:
        found = standstill.pause(session, CLOCK_PAUSE)
    return found.reason if found else ""


def last_day(office: Office) -> list[tuple[str, str, str]]:
    """What the last day before 1 April tells of the invitation letter."""
    return [one for one in told(office, "2027-03-31") if one[0] == "Uitnodigingsbrief"]


@pytest.mark.parametrize("days", [1, 7, 14, 29])
def test_c8_two_weeks_asleep_pass_by_themselves_and_so_does_nearly_a_month(quick_example: Office, days: int) -> None:
    round_at(quick_example, DAY - timedelta(days))

    assert is_believed(quick_example, DAY) is True
    assert pause_of(quick_example) == ""


def test_c8_a_table_may_be_got_ready_for_months_before_the_first_round_but_not_for_years(quick_example: Office) -> None:
    assert [is_believed(quick_example, moment) for moment in (at("2027-04-01"), WRONG)] == [True, False]
    assert "het laatste dat bekend is, van 21-11-2026" in pause_of(quick_example)


def test_c8_a_clock_two_years_ahead_pauses_all_says_so_everywhere_and_is_well_when_right_again(example: Office) -> None:
    round_at(example, DAY - timedelta(hours=1))
    live(example, DAY)
    before = len(mails(example))
    queue(example, 1, DAY, "letter")
    journal = example.settings.path("var/sent.journal").read_text("ascii")

    for minute in range(3):
        assert live(example, WRONG + timedelta(minutes=minute)) == Planned()

    assert [str(mail["Subject"]) for mail in mails(example)[before:]] == [
        "Let op: De klok van deze machine staat verkeerd, of heel lang stil"
    ]
    assert "Staat de klok goed?" in text_of(mails(example)[-1])
    reason = "de klok staat op 21-03-2029 om 09.00 uur, 104 weken na de laatste ronde, van 24-03-2027 om 09.00"
    assert pause_of(example) == f"{reason} uur. Staat de klok goed?"
    found = {one.name: (one.ok, one.words) for one in condition(example, WRONG)}
    assert found["klok"] == (False, "staat verder van wat de database weet dan kan")
    assert (found["verzending"], found["plannen"][0]) == ((False, "staat stil"), False)
    assert f"{pause_of(example)}; weer verder met: cycle outbox resume" in [
        one.words for one in examine(example, WRONG)
    ]
    assert example.settings.path("var/sent.journal").read_text("ascii").startswith(journal)  # nothing let go of

    later = DAY + timedelta(minutes=10)
    live(example, later)
    assert (pause_of(example), states(example).get("queued")) == ("", None)
    live(example, at("2027-03-31"))
    assert len(last_day(example)) > 0


def test_c8_one_confirmation_lets_a_long_sleep_go_on_in_one_mail_per_person(quick_example: Office) -> None:
    round_at(quick_example, at("2027-01-05"))
    assert live(quick_example, DAY) == Planned()

    assert resume(quick_example, at("2027-03-23", 18), by="an@gemeente.example") == "De verzending loopt weer."
    planned = live(quick_example, DAY)

    assert planned.mails > 0
    with quick_example.database.reading() as session:
        assert standstill.pauses(session) == []


def test_c8_a_moment_of_later_that_is_known_already_pauses_until_one_confirmation(example: Office) -> None:
    """As after a run with a wrong clock by a program that did not look: its lines are in the ledger, its mails wait."""
    with example.database.writing() as session:
        beating.beat(session, APPROVED, WRONG)
    plan_mails(example, WRONG)
    [*waiting] = [row for row in all_messages(example) if row.kind == "digest"]
    eaten = told(example, "2029-03-21")
    assert (len(waiting) > 0, len(eaten) > 0) == (True, True)

    assert live(example, at("2027-03-30")) == Planned()
    assert "maar er is al iets van 21-03-2029 om 09.00 uur bekend" in pause_of(example)
    resume(example, at("2027-03-30", 10), by="an@gemeente.example")
    live(example, at("2027-03-30", 10, 1))
    live(example, at("2027-03-31"))

    assert len(last_day(example)) > 0
    assert pause_of(example) == ""
    assert {row.state for row in all_messages(example) if row.on.year == 2029} == {"replaced"}
    assert all("2029" not in str(mail["Date"]) and "weken geleden" not in text_of(mail) for mail in mails(example))
    for day in range(1, 40):  # and it does not ask again
        live(example, at("2027-03-31") + timedelta(day))
    assert pause_of(example) == ""


def test_c8_a_line_of_the_future_was_not_told_and_stays_as_proof(example: Office) -> None:
    assert plan_mails(example, DAY).lines > 0
    wanted = told(example, "2027-03-24")
    with example.database.writing() as session:
        for line in session.exec(select(ReminderRow)).all():
            line.created_at = WRONG
        for row in session.exec(select(Message).where(Message.kind == "digest")).all():
            row.on, row.state, row.key = WRONG.date(), "sent", row.key.replace("2027", "2029")
            row.message_id = row.message_id.replace("<", "<x")
        for deadline in session.exec(select(DeadlineRow).where(DeadlineRow.state == "open")).all():
            deadline.next_moment = DAY

    plan_mails(example, DAY + timedelta(minutes=1))

    with example.database.reading() as session:
        lines = session.exec(select(ReminderRow)).all()
    true = sorted((one.deadline_id, one.party, one.rung) for one in lines if one.created_at != WRONG)
    false = sorted((one.deadline_id, one.party, one.rung.partition("~")[0]) for one in lines if one.created_at == WRONG)
    assert (true, len(true)) == (false, len(wanted))


def test_c8_a_next_try_further_ahead_than_the_schedule_allows_is_due(office: Office) -> None:
    letters = queue(office, 2, DAY, "letter")
    digests = queue(office, 2, DAY)
    with office.database.writing() as session:
        for number, moment in zip(
            (*letters, *digests), (WRONG, DAY + timedelta(hours=1), WRONG, DAY + timedelta(hours=1)), strict=True
        ):
            session.get_one(Message, number).next_try_at = moment

    send(office, ScriptedWay(OK), DAY)

    found = [row_of(office, number).state for number in (*letters, *digests)]
    assert found == ["sent", "queued", "sent", "queued"]


def test_c8_a_lease_and_a_first_try_of_the_future_do_not_last_until_then(office: Office) -> None:
    digest, letter = queue(office, 1, DAY)[0], queue(office, 1, DAY, "letter")[0]
    with office.database.writing() as session:
        row = session.get_one(Message, digest)
        row.state, row.lease_until, row.lease_owner, row.attempts, row.first_tried_at = "sending", WRONG, "x", 1, WRONG
        session.get_one(Message, letter).first_tried_at = WRONG

    send(office, ScriptedWay(OK), DAY)

    assert (row_of(office, digest).state, row_of(office, digest).first_tried_at) == ("sent", DAY)


def test_c8_a_clock_that_goes_wrong_between_planning_and_delivering_gives_nothing_up(example: Office) -> None:
    plan_round(example, DAY)
    [letter] = queue(example, 1, DAY, "letter")
    send(example, ScriptedWay(lambda key: LATER if key.startswith("letter") else PERHAPS), DAY)
    with example.database.reading() as session:
        before = {row.id: row.model_dump() for row in session.exec(select(Message))}
    assert Counter(row["state"] for row in before.values()) == {"queued": len(before)}

    way = ScriptedWay(LATER)
    send(example, way, WRONG)

    with example.database.reading() as session:
        assert ({row.id: row.model_dump() for row in session.exec(select(Message))}, way.taken) == (before, [])
    plan_round(example, DAY + timedelta(minutes=5))
    send(example, ScriptedWay(OK), DAY + timedelta(minutes=5))
    assert (row_of(example, letter).state, states(example)) == ("sent", {"sent": len(before)})


def test_c8_a_mail_that_a_clock_of_tomorrow_sent_keeps_nobody_from_the_mail_of_today(quick_office: Office) -> None:
    with quick_office.database.writing() as session:
        session.add(Person(id=1, name="Jan", email="jan@gemeente.example"))
    old, own = queue(quick_office, 2, DAY)
    with quick_office.database.writing() as session:
        for number in (old, own):
            session.get_one(Message, number).person_id = 1
        row = session.get_one(Message, old)
        row.on, row.state, row.sent_at = DAY.date() - timedelta(1), "sent", DAY + timedelta(1)
    assert not is_believed(quick_office, DAY)
    resume(quick_office, DAY, by="beheer@cycle.example")

    with quick_office.database.reading() as session:
        assert telling.persons_mailed_again(session, *day_of(quick_office.settings, DAY)) == frozenset()
    send(quick_office, ScriptedWay(OK), DAY)

    assert row_of(quick_office, own).state == "sent"


def test_c8_two_machines_of_which_one_has_a_wrong_clock_tell_it_once_a_day_and_not_each_minute(
    quick_example: Office,
) -> None:
    way = ScriptedWay(OK)
    for minutes in range(5):
        plan_round(quick_example, WRONG + timedelta(minutes=minutes))  # on the one it stops
        send(quick_example, way, WRONG + timedelta(minutes=minutes))
        send(quick_example, way, DAY + timedelta(minutes=minutes))
        plan_round(quick_example, DAY + timedelta(minutes=minutes))  # and on the other it goes on
        send(quick_example, way, DAY + timedelta(minutes=minutes))

    with quick_example.database.reading() as session:
        alarms = session.exec(select(Message.key).where(Message.kind == "alarm")).all()
    assert (alarms, states(quick_example).keys()) == (["alarm:pause:3:2029-03-21"], {"sent"})
    assert right_again(quick_example) == [DAY]
    is_believed(quick_example, WRONG + timedelta(days=1))
    is_believed(quick_example, DAY + timedelta(days=1))
    assert right_again(quick_example) == [DAY, DAY + timedelta(days=1)]


def right_again(office: Office) -> list[datetime]:
    """When the logbook says that the clock is right again."""
    with office.database.reading() as session:
        said = select(Fact.at).join(Actor).where(Actor.name == "klok", col(Fact.about).is_not(None))
        return list(session.exec(said.order_by(col(Fact.id))))


def test_c8_a_beat_of_the_future_is_no_sign_of_life(quick_office: Office) -> None:
    with quick_office.database.writing() as session:
        for name in ("plan", "deliver"):
            beating.beat(session, name, WRONG)

    assert [one.ok for one in condition(quick_office, DAY)][:2] == [False, False]


def test_c8_asks_for_a_link_of_the_future_do_not_lock_anybody_out_for_years(example: Office) -> None:
    def asked(now: datetime) -> None:
        ask(example, "wonen@terneuzen.example", now, browser="b", asked_from=From("1.2.3.4"))

    for minute in range(5):
        asked(WRONG + timedelta(minutes=minute))
    with pytest.raises(Refused):
        asked(DAY)
    round_at(example, DAY)
    keep_round(example, DAY)

    asked(DAY)


def test_a_mail_of_another_day_bears_that_day_and_was_made_now(quick_example: Office) -> None:
    from cycle.actions.service.watch.clock_work import send_round

    now, then = at("2026-11-23", 21), at("2027-03-31", 8, 30)
    send_round(quick_example, then, now, ignore_hours=True)
    with quick_example.database.reading() as session:
        rows = session.exec(select(Message).where(Message.kind == "digest")).all()
        lines = session.exec(select(ReminderRow)).all()
        changed = session.exec(select(DeadlineRow.changed_at)).all()
    assert {(row.on, row.created_at, row.next_try_at) for row in rows} == {(then.date(), now, now)}
    assert {(line.on, line.created_at) for line in lines} == {(then.date(), now)}
    assert max(changed) <= now
    assert digest_key(rows[0].person_id or 0, then.date()) == rows[0].key
    assert is_believed(quick_example, now + timedelta(minutes=1)) is True


def all_messages(office: Office) -> list[Message]:
    with office.database.reading() as session:
        return list(session.exec(select(Message)).all())
