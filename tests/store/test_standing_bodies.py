"""Bodies follow the steps of the year, who sits at them follows the seats, and a meeting is one sitting of a body."""

from datetime import date, time

from sqlmodel import col, select

from cycle.actions.deadlines.meeting.planned_meetings import cancel_meeting, set_meeting
from cycle.actions.deadlines.upkeep.year_upkeep import YearChanges, keep_year
from cycle.actions.office.office import Office
from cycle.actions.people.seats import memberships
from cycle.actions.people.seats.memberships import Wish
from cycle.domain.model import MeetingState, Role
from cycle.store import standing_bodies
from cycle.store.tables import Body, BodyMember, Covenant, MeetingRow, PartyRow, Person
from tests.actions.mailbox import at
from tests.actions.mails.test_reminding import deadline

NOW = at("2026-11-23")
BOARD = "bestuurlijk-overleg"


def members(office: Office, slug: str) -> set[tuple[str, str, date, date | None]]:
    """Who sits at a body: mailbox, party, first and last day."""
    with office.database.reading() as session:
        query = (
            select(Person.email, PartyRow.slug, BodyMember.since, BodyMember.until)
            .join(BodyMember, col(BodyMember.person_id) == Person.id)
            .join(PartyRow, col(BodyMember.party_id) == PartyRow.id)
            .join(Body, col(BodyMember.body_id) == Body.id)
        )
        return {tuple(row) for row in session.exec(query.where(Body.slug == slug))}


def test_each_meeting_of_the_year_has_its_body_with_the_people_of_the_parties_that_come(example: Office) -> None:
    with example.database.reading() as session:
        kept = standing_bodies.kept_of(session, [1])[1]

    assert {kept.of_steps["voorjaarsoverleg"], kept.of_steps["najaarsoverleg"]} == {BOARD}
    assert kept.tables[BOARD].name == "Bestuurlijk overleg"
    assert {(email, party) for email, party, _since, _until in members(example, BOARD)} >= {
        ("wonen@terneuzen.example", "gemeente"),
        ("strategie@clavis.example", "clavis"),
    }
    assert keep_year(example, NOW) == YearChanges()


def test_who_gets_a_seat_sits_at_the_table_from_its_first_day_and_until_its_last(quick_example: Office) -> None:
    before = members(quick_example, BOARD)
    first, last = date(2027, 2, 1), date(2027, 6, 30)

    memberships.add_person(
        quick_example, 1, "Nieuw", "nieuw@clavis.example", Wish("clavis", Role.TREKKER, first, last), NOW
    )
    memberships.add_person(
        quick_example, 1, "Lezer", "lezer@clavis.example", Wish("clavis", Role.READER, first, last), NOW
    )

    assert members(quick_example, BOARD) - before == {("nieuw@clavis.example", "clavis", first, last)}


def test_a_meeting_is_kept_when_it_is_called_off_and_is_the_same_one_when_it_is_planned_again(example: Office) -> None:
    spring = deadline(example, "Voorjaarsoverleg")
    set_meeting(example, spring, date(2027, 4, 22), NOW, start=time(14), end=time(16), place="Stadhuis")
    cancel_meeting(example, spring, at("2026-12-01"))
    with example.database.reading() as session:
        off = session.exec(select(MeetingRow)).one()
    set_meeting(example, spring, date(2027, 4, 15), NOW)
    with example.database.reading() as session:
        again = session.exec(select(MeetingRow)).one()
        slug = session.get_one(Body, again.body_id).slug

    assert (off.state, off.day, off.start, off.place, off.called_off_at) == (
        MeetingState.CANCELLED,
        date(2027, 4, 22),
        time(14),
        "Stadhuis",
        at("2026-12-01"),
    )
    assert (again.id, again.state, again.day, again.start, again.called_off_at, slug) == (
        off.id,
        MeetingState.PLANNED,
        date(2027, 4, 15),
        None,
        None,
        BOARD,
    )


def test_a_step_that_another_body_meets_at_takes_its_planned_meetings_along(quick_example: Office) -> None:
    set_meeting(quick_example, deadline(quick_example, "Voorjaarsoverleg"), date(2027, 4, 22), NOW)
    with quick_example.database.writing() as session:
        row = session.exec(select(Covenant)).one()
        steps = dict(row.overrides.get("steps", {}))
        steps["voorjaarsoverleg"] = {**steps.get("voorjaarsoverleg", {}), "body": "Bestuurderstafel"}
        row.overrides = {**row.overrides, "steps": steps}
        session.add(row)
    keep_year(quick_example, NOW)

    with quick_example.database.reading() as session:
        meeting = session.exec(select(MeetingRow)).one()
        slugs = {row.id: row.slug for row in session.exec(select(Body))}
    assert slugs[meeting.body_id] == "bestuurderstafel"
    assert BOARD in slugs.values()
    assert members(quick_example, "bestuurderstafel") == members(quick_example, BOARD)
