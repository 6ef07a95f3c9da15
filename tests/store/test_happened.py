"""What happened is read from the facts, and taken back by them."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session, col, select

from cycle.actions.deadlines.deciding.closing import move, settle
from cycle.actions.office.covenant_view import view_of
from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.actions.people.seats.persons import change_person
from cycle.domain.model import State
from cycle.errors import NotFound
from cycle.store import facts, happened
from cycle.store.facts import NewFact
from cycle.store.tables import AgreementRow, DeadlineRow, Fact, MembershipAgreement, Person
from cycle.store.taking_back import take_back
from tests.actions.mailbox import at
from tests.folding import differences, rows_of
from tests.store.test_noticing import lead_of

NOW = at("2026-11-23")
BY = "secretariaat@terneuzen.example"
TEAM, OTHER = "strategie@clavis.example", "vastgoed@clavis.example"
DAY = date(2027, 10, 1)


def some_open(session: Session) -> DeadlineRow:
    query = select(DeadlineRow).where(DeadlineRow.state == State.OPEN, col(DeadlineRow.due) > date(2027, 1, 1))
    row = session.exec(query.order_by(col(DeadlineRow.id))).first()
    assert row is not None
    return row


def newest_of(session: Session, subject: str, number: int) -> happened.PastChange:
    return happened.changes_of(session, 1, {subject: [number]}, last=1)[0]


def test_who_comes_to_a_mailbox_of_another_is_not_called_by_their_name_nor_who_gets_an_address_after_them(
    example: Office,
) -> None:
    """An address is of one, then of two, then of the other alone: each act is of whom it can be said to be."""
    names, days = list[str](), [DAY + timedelta(one) for one in range(4)]
    with example.database.reading() as session:
        number = some_open(session).id or 0
        team = session.exec(select(Person).where(Person.email == TEAM)).one()
        other = session.exec(select(Person).where(Person.email == OTHER)).one()
    people = [(team.id, team.name, TEAM), (other.id, other.name, TEAM), (team.id, team.name, "elders@clavis.example")]

    for day, (person, name, email) in zip(days, people, strict=False):
        move(example, number, day, NOW + timedelta(minutes=len(names)), by=TEAM, reason="later")
        change_person(example, 1, person or 0, name, email, NOW, by=BY)
        with example.database.reading() as session:
            names.append(newest_of(session, "deadline", number).who)
    move(example, number, days[3], NOW + timedelta(hours=1), by=TEAM, reason="later")

    with example.database.reading() as session:
        names.append(newest_of(session, "deadline", number).who)
        view = view_of(session, example.settings, None)
    assert names == [team.name, team.name, TEAM, other.name]
    assert view.reader_words(OTHER) == OTHER


def test_what_became_of_a_thing_is_told_with_who_when_what_it_was_and_what_it_is(example: Office) -> None:
    with example.database.reading() as session:
        row = some_open(session)
    move(example, row.id or 0, DAY, NOW, by=f"{BY}, via de opdrachtregel", reason="later")

    with example.database.reading() as session:
        [*_before, told] = happened.changes_of(session, 1, {"deadline": [row.id or 0], "meeting": []})
        assert told == newest_of(session, "deadline", row.id or 0)
        assert (told.at, told.who, told.by, told.verb, told.about) == (
            NOW,
            "Secretariaat prestatieafspraken",
            f"{BY}, via de opdrachtregel",
            "verplaatst",
            f"termijn {row.id}",
        )
        assert (told.old["due"], told.new["due"]) == (row.due and row.due.isoformat(), DAY.isoformat())
        since = happened.said_since(session, 1, NOW, {"deadline"})
        assert told in since
        assert {one.at >= NOW for one in since} == {True}
        assert happened.changes_of(session, 1, {"deadline": []}) == []
        with pytest.raises(NotFound):
            happened.past_change(session, told.id, 2)


def test_what_was_said_of_a_mere_number_is_of_who_had_it_then(example: Office) -> None:
    def say_of_number(number: str, text: str) -> None:
        fact = NewFact(1, NOW, BY, "gezegd", "agreement", 0, f"afspraak {number}", text)
        with example.database.writing() as session:
            facts.write(session.connection(), [fact])

    def renumber(number: str, becomes: str) -> int:
        with example.database.writing() as session:
            row = session.exec(select(AgreementRow).where(AgreementRow.number == number)).one()
            row.number = becomes
            return row.id or 0

    def said(agreement: int, number: str) -> list[str]:
        with example.database.reading() as session:
            changes = happened.changes_of(session, 1, {"agreement": [agreement]}, number=number)
        return [one.text for one in changes if one.verb == "gezegd"]

    say_of_number("2.8", "eerst")
    say_of_number("2.7", "de ander")
    moved, follows = renumber("2.8", "2.99"), renumber("2.7", "2.8")
    say_of_number("2.99", "later")
    say_of_number("2.8", "van wie volgt")

    assert (said(moved, "2.99"), said(follows, "2.8")) == (["eerst", "later"], ["de ander", "van wie volgt"])


def test_an_act_is_all_that_was_done_and_said_in_it_and_nothing_else(example: Office) -> None:
    with example.database.reading() as session:
        row = some_open(session)
    for later, act in enumerate((State.DONE, State.OPEN, State.DONE)):
        settle(example, row.id or 0, act, NOW + timedelta(minutes=later), by=BY, party=lead_of(example, row))

    with example.database.reading() as session:
        acts = [
            happened.act_of(session, one) for one in happened.changes_of(session, 1, {"part": [row.id or 0]}, last=3)
        ]
        assert [{one.at for one in act} for act in acts] == [{NOW + timedelta(minutes=more)} for more in range(3)]
        for act in acts:
            assert {happened.act_of(session, one) == act for one in act} == {True}
            assert [one.verb for one in act if one.about] in (["gedaan"], ["weer open"])


def test_a_whole_act_taken_back_leaves_every_row_as_it_was(example: Office) -> None:
    """Also rows that came and went, and those of which only a part of the key is their number."""
    with example.database.reading() as session:
        before, first = rows_of(session), session.exec(select(Fact.id).order_by(col(Fact.id).desc())).first() or 0
        row, named = some_open(session), session.exec(select(MembershipAgreement)).first()
    with example.database.writing() as session:
        note(session, NOW, BY, "gezegd", f"termijn {row.id}", "", 1)
        mine = session.get_one(DeadlineRow, row.id)
        mine.due, mine.todo, mine.agreements = DAY, "Anders", []
        session.delete(session.get_one(MembershipAgreement, (named.membership_id, named.agreement_id)))  # type: ignore[union-attr]
        some = session.get_one(AgreementRow, 1)
        session.add(AgreementRow(covenant_id=1, term_id=some.term_id, number="99.1", topic="Nieuw"))
        some.topic = "Anders"

    with example.database.writing() as session:
        act = happened.act_of(session, newest_of(session, "deadline", row.id or 0))
        assert {one.id > first for one in act} == {True}
        note(session, NOW + timedelta(1), BY, "ongedaan", "register", "", 1)
        assert take_back(session, act) is None
    with example.database.reading() as session:
        assert rows_of(session) == before
        assert differences(session) == {}


def test_what_something_was_built_on_is_not_taken_back_at_all(example: Office) -> None:
    with example.database.reading() as session:
        row = some_open(session)
    move(example, row.id or 0, DAY, NOW, by=BY)
    move(example, row.id or 0, DAY + timedelta(1), NOW + timedelta(1), by=BY)

    with example.database.writing() as session:
        [first, second] = happened.changes_of(session, 1, {"deadline": [row.id or 0]}, last=2)
        before = rows_of(session)
        assert take_back(session, [first]) == first
        assert rows_of(session) == before
        assert take_back(session, [first, second]) is None
        assert session.get_one(DeadlineRow, row.id).due == row.due


def test_what_was_said_since_a_moment_is_read_back_from_the_end_however_much_there_is(quick_example: Office) -> None:
    for minute in range(50):
        with quick_example.database.writing() as session:
            for subject in ("register", "aanmelden"):
                note(session, NOW + timedelta(minutes=minute), BY, "gezegd", subject, str(minute), 1)
            note(session, NOW + timedelta(minutes=minute), "klok", "bijgehouden", "register", "", 1)

    with quick_example.database.reading() as session:
        for first in (0, 15, 45, 50):
            told = happened.said_since(session, 1, NOW + timedelta(minutes=first), {"register"})
            assert [one.text for one in told] == [str(minute) for minute in range(first, 50)]
