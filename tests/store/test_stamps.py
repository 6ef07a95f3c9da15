"""Which writes give a covenant another stamp: all but those about its mails; on both engines."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from cycle.actions.deadlines.deciding.closing import settle
from cycle.actions.office.office import Office
from cycle.domain.model import State
from cycle.store.noticing import untold
from cycle.store.tables import (
    Absence,
    AgreementRow,
    Covenant,
    DeadlineRow,
    Person,
    ReadingRow,
)
from cycle.store.touching import UNSEEN
from tests.actions.mailbox import act, at
from tests.actions.mails.test_reminding import deadline

NOW = at("2026-11-21")


@pytest.fixture
def stamps(example: Office) -> Callable[[], dict[str, str]]:
    """The stamps of Terneuzen and of a covenant beside it."""
    with example.database.writing() as session:
        session.add(Covenant(slug="hulst", name="Hulst", live_since=date(2026, 1, 1)))

    def look() -> dict[str, str]:
        with example.database.reading() as session:
            return dict(session.exec(select(Covenant.slug, Covenant.stamp)).all())

    return look


def _reading(session: Session) -> None:
    row = session.exec(select(ReadingRow)).first()
    assert row is not None
    row.confirmed_by = "an@terneuzen.example"
    session.add(row)


def _agreement(session: Session) -> None:
    row = session.exec(select(AgreementRow)).first()
    assert row is not None
    row.topic = "Anders"
    session.add(row)


def _person(session: Session) -> None:
    row = session.exec(select(Person).where(Person.email == "wonen@terneuzen.example")).one()
    row.undeliverable_since = NOW
    session.add(row)


def _absence(session: Session) -> None:
    someone = session.exec(select(Person).where(Person.email == "wonen@terneuzen.example")).one()
    session.add(Absence(person_id=someone.id or 0, first=date(2027, 1, 1), last=date(2027, 1, 5)))


@pytest.mark.parametrize("write", [_reading, _agreement, _person, _absence])
def test_a_write_to_a_covenant_gives_it_another_stamp_and_no_other(
    example: Office, stamps: Callable[[], dict[str, str]], write: Callable[[Session], None]
) -> None:
    before = stamps()
    with example.database.writing() as session:
        write(session)
    after = stamps()
    assert (before["terneuzen"] != after["terneuzen"], before["hulst"] == after["hulst"]) == (True, True)


def test_what_people_do_gives_another_stamp(example: Office, stamps: Callable[[], dict[str, str]]) -> None:
    before = stamps()
    settle(example, deadline(example, "Uitnodigingsbrief"), State.DONE, NOW)
    assert stamps()["terneuzen"] != before["terneuzen"]


def test_planning_and_sending_mail_leave_the_stamp(example: Office, stamps: Callable[[], dict[str, str]]) -> None:
    before = stamps()
    planned, delivered = act(example, at("2027-02-03"))
    assert (planned.mails, delivered.sent, stamps()) == (3, 3, before)


def test_a_statement_that_goes_round_the_mapper_gives_every_covenant_another_stamp(
    example: Office, stamps: Callable[[], dict[str, str]]
) -> None:
    before = stamps()
    with example.database.writing() as session:
        session.connection().execute(
            update(DeadlineRow).values(next_moment=None).where(col(DeadlineRow.id) == 1), execution_options=UNSEEN
        )
    assert stamps() == before
    with example.database.writing() as session:
        statement = update(DeadlineRow).values(todo="anders").where(col(DeadlineRow.id) == 1)
        session.connection().execute(statement, execution_options=untold("a test"))
    assert [stamps()[slug] != before[slug] for slug in sorted(before)] == [True, True]


def test_a_write_that_is_rolled_back_leaves_the_stamp(example: Office, stamps: Callable[[], dict[str, str]]) -> None:
    before = stamps()
    with suppress(RuntimeError), example.database.writing() as session:
        _agreement(session)
        session.flush()
        raise RuntimeError
    assert stamps() == before
