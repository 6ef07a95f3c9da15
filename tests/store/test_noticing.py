"""What happens is written down by the session that writes: every change, whoever makes it, and nothing twice."""

from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, update
from sqlmodel import SQLModel, col, select

from cycle.actions.answers.answering.behalf import answer_for
from cycle.actions.deadlines.deciding.closing import move, settle
from cycle.actions.office.office import Office
from cycle.domain.answering import Stand
from cycle.domain.model import ActorKind, State
from cycle.store import tables
from cycle.store.deadlines import LEAD
from cycle.store.facts import values_in
from cycle.store.noticing import Untold, say, untold
from cycle.store.seats import name_for
from cycle.store.tables import (
    Actor,
    Covenant,
    DeadlineParty,
    DeadlineRow,
    Fact,
    Membership,
    MembershipAgreement,
    PartyRow,
    Person,
)
from cycle.store.told_tables import NOT_TOLD, NOT_TOLD_OF, told_columns
from tests.actions.mailbox import at
from tests.decided import decided
from tests.folding import differences, rows_of

NOW = at("2026-11-23")
BY = "secretariaat@terneuzen.example"
KINDS = [kind for kind in vars(tables).values() if isinstance(kind, type) and hasattr(kind, "__table__")]


def newest(office: Office, after: int) -> list[tuple[Any, ...]]:
    """The facts since one, in full but for their seals."""
    with office.database.reading() as session:
        query = select(Fact, Actor).join(Actor, col(Actor.id) == Fact.actor_id).where(col(Fact.id) > after)
        query = query.where(Fact.subject != "actor")  # who they are, of whoever does something for the first time
        return [
            (
                f"{fact.subject} {fact.subject_id}",
                fact.verb,
                actor.name,
                fact.at,
                fact.about,
                fact.text,
                values_in(fact.old),
                values_in(fact.new),
            )
            for fact, actor in session.exec(query.order_by(col(Fact.id)))
        ]


def last(office: Office) -> int:
    with office.database.reading() as session:
        return session.exec(select(Fact.id).order_by(col(Fact.id).desc()).limit(1)).one() or 0


def some_open(office: Office) -> DeadlineRow:
    with office.database.reading() as session:
        query = select(DeadlineRow).where(DeadlineRow.state == State.OPEN, col(DeadlineRow.due) > date(2027, 1, 1))
        row = session.exec(query.order_by(col(DeadlineRow.id))).first()
    assert row is not None
    return row


def lead_of(office: Office, row: DeadlineRow) -> str:
    """The slug of a party that leads it."""
    with office.database.reading() as session:
        parts = select(PartyRow.slug).join(DeadlineParty, col(DeadlineParty.party_id) == PartyRow.id)
        return session.exec(parts.where(DeadlineParty.deadline_id == row.id, DeadlineParty.part == LEAD)).first() or ""


def test_what_was_imported_and_released_folds_to_the_rows_as_they_are(example: Office) -> None:
    with example.database.reading() as session:
        assert differences(session) == {}
        assert {key[0] for key in rows_of(session)} >= {"covenant", "party", "agreement", "deadline", "part", "person"}


def test_what_an_act_says_bears_the_change_of_what_it_is_about_with_what_it_was(example: Office) -> None:
    row, before = some_open(example), last(example)
    assert row.due is not None
    day = row.due + timedelta(7)
    move(example, row.id or 0, day, NOW, by=BY)

    [fact] = newest(example, before)
    assert fact[:6] == (
        f"deadline {row.id}",
        "verplaatst",
        BY,
        NOW,
        f"termijn {row.id}",
        f"van {row.due} naar {day}",
    )
    assert fact[6] == {"due": f"{row.due}", "moved_from": None, "sequence": row.sequence, **_known(fact[6])}
    assert (fact[7]["due"], fact[7]["moved_from"]) == (f"{day}", f"{row.due}")
    with example.database.reading() as session:
        assert differences(session) == {}


def _known(values: dict[str, Any]) -> dict[str, Any]:
    """Since when something is known and what is new of it, which is told more closely elsewhere."""
    return {name: value for name, value in values.items() if name in ("known_since", "news")}


def test_the_other_changes_of_an_act_bear_the_same_actor_and_moment(example: Office) -> None:
    row, before = some_open(example), last(example)
    settle(example, row.id or 0, State.DONE, NOW, by=BY, party=lead_of(example, row))

    facts = newest(example, before)
    assert {fact[2:4] for fact in facts} == {(BY, NOW)}
    assert sorted({fact[0] for fact in facts}) == [f"deadline {row.id}", f"part {row.id}"]
    assert [fact[1] for fact in facts if fact[4] is None] == ["gewijzigd"] * (len(facts) - 1)


def test_a_change_of_which_nothing_is_said_is_of_the_clock_at_the_moment_that_the_row_names(example: Office) -> None:
    row, before = some_open(example), last(example)
    with example.database.writing() as session:
        mine = session.get_one(DeadlineRow, row.id)
        mine.todo, mine.changed_at = "Iets anders.", NOW

    assert newest(example, before) == [
        (f"deadline {row.id}", "gewijzigd", "klok", NOW, None, "", {"todo": row.todo}, {"todo": "Iets anders."})
    ]


def test_two_changes_of_a_row_in_one_act_are_one_and_what_becomes_as_it_was_is_none(quick_example: Office) -> None:
    row, before = some_open(quick_example), last(quick_example)
    with quick_example.database.writing() as session:
        mine = session.get_one(DeadlineRow, row.id)
        for title, todo in (("A", "x"), (row.title, "y")):
            mine.title, mine.todo = title, todo
            session.flush()
    with quick_example.database.writing() as session:
        mine = session.get_one(DeadlineRow, row.id)
        for title in ("A", row.title):
            mine.title = title
            session.flush()
        session.add(come := Person(name="Even", email="even@cycle.example"))
        session.flush()
        session.delete(come)

    assert [fact[6:] for fact in newest(quick_example, before)] == [({"todo": row.todo}, {"todo": "y"})]


def test_a_row_that_goes_is_told_with_all_that_it_held(quick_example: Office) -> None:
    with quick_example.database.writing() as session:
        session.add(person := Person(name="Gaat", email="gaat@cycle.example"))
    before = last(quick_example)
    with quick_example.database.writing() as session:
        session.delete(session.get_one(Person, person.id))

    assert newest(quick_example, before)[0][1:] == (
        "weg",
        "klok",
        newest(quick_example, before)[0][3],
        None,
        "",
        {"id": person.id, "name": "Gaat", "email": "gaat@cycle.example"},
        {},
    )


def test_a_row_that_goes_because_nothing_holds_it_any_more_is_told_as_well(quick_example: Office) -> None:
    with quick_example.database.reading() as session:
        named = session.exec(select(MembershipAgreement)).first()
    assert named is not None
    before = last(quick_example)
    with quick_example.database.writing() as session:
        name_for(session.get_one(Membership, named.membership_id), [])

    went = [fact for fact in newest(quick_example, before) if fact[1] == "weg"]
    assert {"membership_id": named.membership_id, "agreement_id": named.agreement_id} in [fact[6] for fact in went]


def test_a_part_is_told_under_its_deadline_with_whose_part_it_is(quick_example: Office) -> None:
    with quick_example.database.reading() as session:
        part = session.exec(select(DeadlineParty)).first()
        assert part is not None
    before = last(quick_example)
    with quick_example.database.writing() as session:
        session.get_one(DeadlineParty, (part.deadline_id, part.party_id, part.part)).note = "Loopt."

    key = {"deadline_id": part.deadline_id, "party_id": part.party_id, "part": part.part}
    [fact] = newest(quick_example, before)
    assert (fact[0], *fact[6:]) == (f"part {part.deadline_id}", {**key, "note": ""}, {**key, "note": "Loopt."})


def test_what_is_rolled_back_is_not_told_also_within_an_act(example: Office) -> None:
    before = last(example)
    with example.database.reading() as session:
        was = session.get_one(Covenant, 1)
    with suppress(ZeroDivisionError), example.database.writing() as session:
        say(session, NOW, BY, "gezegd", "register", "", 1)
        session.get_one(Covenant, 1).name = "Anders"
        raise ZeroDivisionError
    with example.database.writing() as session:
        session.get_one(Covenant, 1).phone = "0115"
        inner = session.begin_nested()
        session.get_one(Covenant, 1).sender = "Iemand"
        say(session, NOW, BY, "gezegd", "register", "", 1)
        inner.rollback()
        with session.begin_nested():
            session.get_one(Covenant, 1).signature = "Groet"

    assert [fact[6:] for fact in newest(example, before)] == [
        ({"phone": was.phone, "signature": was.signature}, {"phone": "0115", "signature": "Groet"})
    ]
    with example.database.reading() as session:
        assert differences(session) == {}


def test_a_statement_that_goes_round_the_mapper_is_refused_where_facts_are_kept(example: Office) -> None:
    of_row = update(DeadlineRow).where(col(DeadlineRow.id) == 1)
    refused = [
        of_row.values(title="Anders"),
        delete(DeadlineRow).where(col(DeadlineRow.id) == 0),
        insert(Person).values(name="A", email="a@cycle.example"),
    ]
    for statement in refused:
        with pytest.raises(Untold), example.database.writing() as session:
            session.connection().execute(statement)
    with pytest.raises(Untold), example.database.writing() as session:
        session.connection().execute(update(DeadlineRow), [{"id": 1, "title": "Anders"}])
    with example.database.writing() as session:
        session.connection().execute(of_row.values(next_moment=None))
        session.connection().execute(of_row.values(title="Anders"), execution_options=untold("a test says so"))


def test_who_does_something_is_kept_once_by_name_and_by_how_it_came(example: Office) -> None:
    ways = (BY, f"{BY}, via de opdrachtregel", f"{BY}, via link in mail van 5 maart 2027", "klok", "an@x.example")
    for by in (*ways, *ways):
        with example.database.writing() as session:
            say(session, NOW, by, "gezegd", "register", "", 1)
    with example.database.reading() as session:
        actors = session.exec(select(Actor).where(col(Actor.name).in_((BY, "klok", "an@x.example")))).all()
        who = session.exec(select(Person.id).where(Person.email == BY)).one()
        assert [one.by for one in decided(session)[-10:]] == [*ways, *ways]
    known = sorted((one.kind, one.name, one.via, one.person_id) for one in actors)
    assert known == sorted(
        [
            (ActorKind.CLOCK, "klok", "", None),
            (ActorKind.LINK, BY, "link in mail van 5 maart 2027", who),
            (ActorKind.OPERATOR, BY, "de opdrachtregel", who),
            (ActorKind.PERSON, BY, "", who),
            (ActorKind.PERSON, "an@x.example", "", None),
        ]
    )


def test_every_table_and_column_is_told_unless_it_is_named_with_a_reason() -> None:
    reasons = [*NOT_TOLD.values(), *(reason for columns in NOT_TOLD_OF.values() for reason in columns.values())]
    assert [reason for reason in reasons if len(reason) < 10] == []
    for kind in KINDS:
        table = kind.__table__  # type: ignore[attr-defined]
        left_out = set(table.columns.keys()) - told_columns(table)
        named = set(table.columns.keys()) if kind in NOT_TOLD else set(NOT_TOLD_OF.get(kind, ()))
        assert left_out == named, kind
    assert {kind for kind in (*NOT_TOLD, *NOT_TOLD_OF) if not issubclass(kind, SQLModel)} == set()


def test_a_secret_is_in_no_fact(example: Office) -> None:
    with example.database.reading() as session:
        marks = session.exec(select(Person.seal_mark)).all()
        told = "".join(session.exec(select(Fact.new)))
    assert [mark for mark in marks if mark in told] == []


def test_a_change_is_of_whoever_acts_and_not_of_the_clock_that_follows(quick_example: Office) -> None:
    row, before = some_open(quick_example), last(quick_example)
    with quick_example.database.writing() as session:
        say(session, NOW, "klok", "bijgehouden", "register", "", 1)
        say(session, NOW, BY, "gezegd", "register", "", 1)
        session.get_one(DeadlineRow, row.id).todo = "Iets anders."

    assert [fact[1:3] for fact in newest(quick_example, before)] == [
        ("gewijzigd", BY),
        ("bijgehouden", "klok"),
        ("gezegd", BY),
    ]


def test_an_answer_is_of_whoever_gave_it(quick_example: Office) -> None:
    """The logbook has no line for it: it stands among the answers."""
    row, before = some_open(quick_example), last(quick_example)
    answer_for(
        quick_example,
        row.id or 0,
        lead_of(quick_example, row),
        Stand.GREEN,
        "Loopt.",
        "An de Wit",
        NOW,
        by=BY,
    )

    facts = newest(quick_example, before)
    assert ({fact[2:5] for fact in facts}, {fact[0].split()[0] for fact in facts}) == (
        {(BY, NOW, None)},
        {"answer", "part"},
    )
