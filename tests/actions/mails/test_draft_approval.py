"""Approval on both engines: reminders wait as drafts, let go by the secretariat or by time, and made anew then."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import col, select

from cycle.actions.deadlines.deciding.closing import settle
from cycle.actions.mails.morning.draft_approval import drafts_to_release, release_drafts, release_words
from cycle.actions.mails.morning.reminding import plan_mails
from cycle.actions.mails.rehearsal.rehearsing import rehearse
from cycle.actions.office.office import Office, open_office
from cycle.actions.people.seats.persons import change_person
from cycle.actions.post.halts.clock_check import is_believed
from cycle.actions.post.halts.outbox_decisions import resume
from cycle.actions.service.watch.clock_work import plan_round
from cycle.domain.model import State
from cycle.errors import NotFound
from cycle.store.outbox import approving
from cycle.store.tables import DeadlineRow, Message, Person, ReminderRow
from tests.actions.mailbox import act, at, deliver, mails, text_of
from tests.decided import decided

STRATEGY, POLICY, OFFICE = "strategie@clavis.example", "beleid@woongoed.example", "secretariaat@terneuzen.example"
WEDNESDAY = at("2027-02-03", 8, 30)


@pytest.fixture
def held(make_settings, example: Office) -> Iterator[Office]:
    """The example, with approval on and four working hours of patience."""
    url = example.database.url
    opened = open_office(
        make_settings(database__url=url, mail__approval="true", mail__approval_hours="4", mail__overview="")
    )
    yield opened
    opened.database.close()


def rows(office: Office, *states: str) -> list[Message]:
    with office.database.reading() as session:
        found = session.exec(select(Message).order_by(Message.id)).all()
    return [row for row in found if row.state in states]


def deadline(office: Office, title: str) -> int:
    with office.database.reading() as session:
        query = select(DeadlineRow.id).where(DeadlineRow.title == title, DeadlineRow.occurrence == "2027")
        return session.exec(query).one() or 0


def test_reminders_wait_and_the_secretariat_is_told_in_its_own_mail(held: Office) -> None:
    act(held, WEDNESDAY)

    [told] = mails(held)
    assert OFFICE in str(told["To"])
    assert str(told["Subject"]) == "Prestatieafspraken: 3 mails wachten op uw akkoord"
    assert "Afdeling Strategie (strategie@clavis.example)" in text_of(told)
    assert "de eerste vandaag om 12.30 uur." in text_of(told)
    assert [row.to for row in rows(held, "draft")] == ["wonen@terneuzen.example", STRATEGY, POLICY]


def test_the_secretariat_is_told_once_a_day(held: Office) -> None:
    for minute in range(3):
        act(held, WEDNESDAY + timedelta(minutes=minute))
    assert len(mails(held)) == 1


def test_letting_go_says_what_it_does_and_sends_it_with_the_next_round(held: Office) -> None:
    act(held, WEDNESDAY)
    found = drafts_to_release(held)
    done = release_drafts(held, found, at("2027-02-03", 9), by=OFFICE)
    before = len(mails(held))
    act(held, at("2027-02-03", 9, 1))

    assert done.words == "Dit verstuurt 3 mails aan Team Wonen, Afdeling Strategie en Afdeling Beleid."
    assert (before, len(mails(held))) == (1, 4)
    assert rows(held, "draft") == []
    with held.database.reading() as session:
        by = [one.by for one in decided(session) if one.about.startswith("bericht")]
    assert by == [OFFICE] * 3


def test_only_some_can_be_let_go(held: Office) -> None:
    act(held, WEDNESDAY)
    [strategy] = [row for row in rows(held, "draft") if row.to == STRATEGY]
    release_drafts(held, drafts_to_release(held, [strategy.id or 0]), at("2027-02-03", 9))
    act(held, at("2027-02-03", 9, 1))

    assert sorted(row.to for row in rows(held, "draft")) == [POLICY, "wonen@terneuzen.example"]
    with pytest.raises(NotFound):
        drafts_to_release(held, [strategy.id or 0])


def test_after_the_set_working_hours_they_go_by_themselves(held: Office) -> None:
    act(held, WEDNESDAY)
    act(held, at("2027-02-03", 12, 29))
    waiting = len(rows(held, "draft"))
    act(held, at("2027-02-03", 12, 30))

    assert (waiting, len(rows(held, "draft")), len(rows(held, "sent"))) == (3, 0, 4)


def test_what_is_settled_meanwhile_drops_out_of_the_draft_and_of_the_mail(held: Office) -> None:
    act(held, WEDNESDAY)
    settle(held, deadline(held, "Voorjaarsoverleg"), State.DONE, at("2027-02-03", 9))
    act(held, at("2027-02-03", 9, 1))

    [draft] = [row for row in rows(held, "draft") if row.to.startswith("wonen")]
    assert "Voorjaarsoverleg" not in draft.body.decode()
    assert draft.next_try_at == at("2027-02-03", 12, 30)  # changing it does not start the wait anew
    act(held, at("2027-02-03", 12, 30))
    [mail] = [mail for mail in mails(held) if "wonen@terneuzen" in str(mail["To"])]
    assert "Voorjaarsoverleg" not in text_of(mail)


def test_a_draft_without_a_moment_is_made_anew_with_one_and_can_be_let_go_before(held: Office) -> None:
    act(held, WEDNESDAY)
    strategy, policy = (row for row in rows(held, "draft") if row.to in (STRATEGY, POLICY))
    with held.database.writing() as session:
        for row in (strategy, policy):
            session.get_one(Message, row.id).next_try_at = None
    with held.database.reading() as session:
        assert {one.id: one.goes_at for one in approving.drafts(session) if one.id in (strategy.id, policy.id)} == {
            strategy.id: None,
            policy.id: None,
        }

    release_drafts(held, drafts_to_release(held, [strategy.id or 0]), at("2027-02-03", 9))
    act(held, at("2027-02-03", 9, 1))

    assert [row.to for row in rows(held, "sent") if row.to in (STRATEGY, POLICY)] == [STRATEGY]
    assert [row.next_try_at for row in rows(held, "draft") if row.to == POLICY] == [at("2027-02-03", 13, 1)]


def test_a_draft_of_which_nothing_is_left_is_gone(held: Office) -> None:
    act(held, WEDNESDAY)
    settle(held, deadline(held, "Uitnodigingsbrief"), State.DONE, at("2027-02-03", 9))
    act(held, at("2027-02-03", 9, 1))
    act(held, at("2027-02-04", 9))

    assert [row.to for row in rows(held, "draft", "sent") if row.to in (STRATEGY, POLICY)] == []


def test_a_holiday_loses_nothing_and_the_mail_says_what_is_true_when_it_goes(held: Office) -> None:
    """Good Friday and Easter Monday 2027: what was drafted on Thursday afternoon goes on Tuesday."""
    thursday = at("2027-03-25", 16)
    act(held, thursday)
    drafted = {row.to for row in rows(held, "draft")}
    for day in ("2027-03-26", "2027-03-27", "2027-03-28", "2027-03-29"):
        act(held, at(day, 10))
    still = {row.to for row in rows(held, "draft")}
    act(held, at("2027-03-30", 9))
    made_anew = [row for row in rows(held, "draft") if row.on.isoformat() == "2027-03-30"]
    act(held, at("2027-03-30", 10, 30))

    assert drafted == still <= {row.to for row in made_anew}
    assert drafted <= {row.to for row in rows(held, "sent")}
    with held.database.reading() as session:
        lines = session.exec(select(ReminderRow)).all()
    names = [(one.deadline_id, one.party, one.person_id, one.rung, one.counted_from) for one in lines]
    assert len(names) == len(set(names))


def test_drafts_are_never_delivered_before_they_are_let_go(held: Office) -> None:
    plan_mails(held, WEDNESDAY)
    deliver(held, at("2027-02-03", 12))
    assert [row.to for row in rows(held, "sent")] == [OFFICE]


def test_a_covenant_can_differ_from_the_rest(example: Office) -> None:
    from cycle.store.tables import Covenant

    with example.database.writing() as session:
        row = session.exec(select(Covenant)).one()
        row.overrides = {**row.overrides, "approval": "ja"}
        session.add(row)
    plan_round(example, WEDNESDAY)

    assert {row.to for row in rows(example, "draft")} == {"wonen@terneuzen.example", STRATEGY, POLICY}


@pytest.mark.parametrize(
    ("start", "hours", "ends"),
    [
        (at("2027-02-03", 8, 30), 4, at("2027-02-03", 12, 30)),
        (at("2027-02-03", 16), 4, at("2027-02-04", 10, 30)),
        (at("2027-02-05", 17), 8, at("2027-02-08", 15, 30)),
        (at("2027-02-06", 12), 1, at("2027-02-08", 9, 30)),
        (at("2026-12-23", 17, 30), 1, at("2027-01-04", 9)),
        (at("2027-03-25", 17), 20, at("2027-04-01", 8, 30)),
    ],
)
def test_working_hours_are_those_in_which_mail_goes(quick_office: Office, start: datetime, hours: int, ends) -> None:
    assert quick_office.settings.mail_hours.after(start, hours) == ends


def test_letting_go_says_how_many_mails_and_names_everybody_once() -> None:
    assert release_words([(Message(), ["Jan"])]) == "Dit verstuurt 1 mail aan Jan."
    both = [(Message(), ["Jan", "Piet"]), (Message(), ["Klaas", "Jan"])]
    assert release_words(both) == "Dit verstuurt 2 mails aan Jan, Piet en Klaas."


def test_c8_a_draft_of_a_clock_of_later_waits_no_longer_than_one_of_today(held: Office) -> None:
    plan_round(held, at("2027-02-24", 8, 30))  # three weeks ahead: nobody sees it
    later = at("2027-02-03", 8, 30)
    assert not is_believed(held, later)
    resume(held, later, by=OFFICE)

    plan_round(held, later)

    assert {row.next_try_at for row in rows(held, "draft")} == {at("2027-02-03", 12, 30)}


def test_letting_go_names_everybody_behind_a_shared_mailbox(held: Office) -> None:
    together = ("Afdeling Strategie", "Afdeling Vastgoed", "Afdeling Wonen")
    with held.database.reading() as session:
        query = select(Person).where(col(Person.email).like("%@clavis.example"), col(Person.name).in_(together))
        people = {one.name: one.id or 0 for one in session.exec(query)}
    for name, number in people.items():
        change_person(held, 1, number, name, STRATEGY, at("2027-01-04"), by=OFFICE)
    mail = next(
        one
        for one in rehearse(held, date(2027, 2, 1), date(2027, 4, 30), at("2027-02-01", 0))
        if one.to.email == STRATEGY and len(one.digest.others) == 2
    )
    act(held, at(mail.digest.on.isoformat()))

    found = [one for one in drafts_to_release(held) if one[0].to == STRATEGY]

    assert [readers for _row, readers in found] == [list(together)]
    assert release_words(found) == "Dit verstuurt 1 mail aan Afdeling Strategie, Afdeling Vastgoed en Afdeling Wonen."
