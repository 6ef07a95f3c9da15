"""Which feeds a write makes old (design 3): on both engines, in the transaction of the write, never forgotten."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import text, update
from sqlmodel import Session, col, select

from cycle.actions.deadlines.deciding.closing import move, settle
from cycle.actions.deadlines.meeting.planned_meetings import set_meeting
from cycle.actions.deadlines.upkeep.year_upkeep import keep_year, renew_moments
from cycle.actions.feeds import new_link, revoke_links
from cycle.actions.mails.morning.reminding import plan_mails
from cycle.actions.office.covenant_view import view_of
from cycle.actions.office.office import Office
from cycle.domain.model import State
from cycle.errors import DatabaseUnreachable
from cycle.store.deadlines import open_items
from cycle.store.feedkeeper import FeedKeeper
from cycle.store.noticing import untold
from cycle.store.tables import Absence, Covenant, DeadlineRow, FeedLink, Membership, PartyRow, Person
from tests.actions.mailbox import at
from tests.actions.mails.test_reminding import deadline
from tests.conftest import NOVEMBER

NEIGHBOUR = "wonen@hulst.example"
HERE, THERE = "bestuur@shb.example", NEIGHBOUR


@pytest.fixture
def versions(example: Office) -> Callable[[], dict[str, str]]:
    """A link for somebody of Terneuzen and one for somebody of Hulst, and how their versions are looked up."""
    with example.database.writing() as session:
        covenant = Covenant(slug="hulst", name="Hulst", live_since=date(2026, 1, 1))
        person = Person(name="Wonen Hulst", email=NEIGHBOUR)
        session.add_all([covenant, person])
        session.flush()
        party = PartyRow(covenant_id=covenant.id or 0, slug="gemeente", name="Hulst", kind="municipality")
        session.add(party)
        session.flush()
        session.add(Membership(person_id=person.id or 0, party_id=party.id or 0, role="contact"))
    for email in (HERE, THERE):
        new_link(example, email, NOVEMBER)

    def look() -> dict[str, str]:
        with example.database.reading() as session:
            query = select(Person.email, FeedLink.version).join(Person, col(FeedLink.person_id) == Person.id)
            return dict(session.exec(query).all())

    return look


def _absence(session: Session, office: Office) -> None:
    someone = session.exec(select(Person).where(Person.email == "wonen@terneuzen.example")).one()
    session.add(Absence(person_id=someone.id or 0, first=date(2027, 1, 1), last=date(2027, 1, 5)))


def _seat_gone(session: Session, office: Office) -> None:
    seats = select(Membership).join(Person).where(Person.email == HERE)
    session.delete(session.exec(seats).first())


def _renamed(session: Session, office: Office) -> None:
    row = session.exec(select(Covenant).where(Covenant.slug == "terneuzen")).one()
    row.name = "Terneuzen"
    session.add(row)


def _party_renamed(session: Session, office: Office) -> None:
    row = session.exec(select(PartyRow).where(PartyRow.slug == "wzv")).one()
    row.name = "Woongoed"
    session.add(row)


WRITES: dict[str, Callable[[Office], object]] = {
    "done": lambda office: settle(office, deadline(office, "Uitnodigingsbrief"), State.DONE, NOVEMBER),
    "moved": lambda office: move(office, deadline(office, "Uitnodigingsbrief"), date(2027, 3, 30), NOVEMBER),
    "a meeting": lambda office: set_meeting(office, deadline(office, "Voorjaarsoverleg"), date(2027, 4, 22), NOVEMBER),
    **{
        name: lambda office, write=write: _written(office, write)
        for name, write in {
            "an absence": _absence,
            "a seat gone": _seat_gone,
            "a name": _renamed,
            "a party": _party_renamed,
        }.items()
    },
}


def _written(office: Office, write: Callable[[Session, Office], None]) -> None:
    with office.database.writing() as session:
        write(session, office)


@pytest.mark.parametrize("write", WRITES)
def test_a5_a_write_makes_the_feeds_of_its_covenant_old_and_no_others(
    example: Office, versions: Callable[[], dict[str, str]], write: str
) -> None:
    before = versions()
    WRITES[write](example)
    after = versions()

    assert (after[HERE] != before[HERE], after[THERE] == before[THERE]) == (True, True)


def test_a15_a_revoked_link_is_old_and_the_others_of_that_person_too(
    example: Office, versions: Callable[[], dict[str, str]]
) -> None:
    before = versions()
    revoke_links(example, HERE, NOVEMBER)
    after = versions()

    assert (after[HERE] != before[HERE], after[THERE] == before[THERE]) == (True, True)


def test_the_clock_makes_no_feed_old(example: Office, versions: Callable[[], dict[str, str]]) -> None:
    keep_year(example, NOVEMBER)
    before = versions()
    for day in ("2027-02-03", "2027-02-04", "2027-03-03"):
        plan_mails(example, at(day))
    keep_year(example, NOVEMBER + timedelta(minutes=1))
    with example.database.writing() as session:
        here = view_of(session, example.settings, "terneuzen")
        renew_moments(session, here, open_items(session, here.id), at("2027-02-05"))

    assert versions() == before


def test_a_statement_that_goes_round_the_mapper_makes_every_feed_old(
    example: Office, versions: Callable[[], dict[str, str]]
) -> None:
    before = versions()
    with example.database.writing() as session:
        session.connection().execute(update(DeadlineRow).values(title="Anders"), execution_options=untold("a test"))
    after = versions()

    assert [after[who] != before[who] for who in (HERE, THERE)] == [True, True]


def test_a_write_that_is_rolled_back_leaves_every_feed_as_it_was(
    example: Office, versions: Callable[[], dict[str, str]]
) -> None:
    before = versions()

    def fail() -> None:
        with example.database.writing() as session:
            _renamed(session, example)
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with example.database.writing() as session:
        session.connection().execute(text("SELECT 1"))

    assert versions() == before


def test_the_keeper_reads_the_version_by_the_hash(example: Office, versions: Callable[[], dict[str, str]]) -> None:
    with example.database.reading() as session:
        link = session.exec(select(FeedLink)).first()
    assert link is not None
    keeper = FeedKeeper(example.database.url)

    assert keeper.version_of(link.token_hash) == link.version
    assert keeper.version_of("niet van ons") is None
    settle(example, deadline(example, "Uitnodigingsbrief"), State.DONE, NOVEMBER)
    assert keeper.version_of(link.token_hash) == versions()[HERE]
    keeper.close()
    assert keeper.version_of(link.token_hash) == versions()[HERE]
    keeper.close()


def test_the_lookup_uses_the_index(quick_example: Office) -> None:
    with quick_example.database.reading() as session:
        plan = session.connection().exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT version FROM feed_link WHERE token_hash = 'x'"
        )
        assert "USING INDEX" in str(plan.all())


@pytest.mark.parametrize("url", ["sqlite:////nergens/is.db", "postgresql+psycopg://niemand@127.0.0.1:9/geheim"])
def test_a_database_that_is_away_is_said_without_its_name(url: str) -> None:
    with pytest.raises(DatabaseUnreachable) as refused:
        FeedKeeper(url).version_of("x")

    assert "geheim" not in refused.value.what
