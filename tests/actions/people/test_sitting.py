"""Bodies have members, of any party; what a meeting asks goes to them; a bestuurlijk overleg calls the directors."""

from datetime import date, time

import pytest
from sqlmodel import col, select

from cycle.actions.deadlines.deciding.steps import YearWish, change_year
from cycle.actions.deadlines.meeting.planned_meetings import set_meeting
from cycle.actions.deadlines.upkeep.year_upkeep import YearChanges, keep_year
from cycle.actions.feeds.building import feed_of_address
from cycle.actions.mails.rehearsal.rehearsing import rehearse_year
from cycle.actions.office.office import Office
from cycle.actions.people.rhythms.rhythm import pause
from cycle.actions.people.seats.memberships import Wish, add_person
from cycle.actions.people.seats.parties import add_party
from cycle.actions.people.seats.sitting import BodyWish, add_body, change_body, remove_body
from cycle.domain.model import PartyKind, Role
from cycle.errors import Refused
from cycle.store import standing_bodies
from cycle.store.tables import Body, DeadlineRow, Person, ReminderRow
from tests.actions.mailbox import act, at
from tests.actions.mails.test_reminding import deadline

NOW = at("2026-11-23")
BY = "secretariaat@terneuzen.example"
DIRECTORS = {
    "wethouder@terneuzen.example",
    "directie@clavis.example",
    "directie@woongoed.example",
    "voorzitter@bewonersraad.example",
    "voorzitter@shb.example",
}


def body(office: Office, slug: str) -> Body:
    with office.database.reading() as session:
        return session.exec(select(Body).where(Body.slug == slug)).one()


def person(office: Office, email: str) -> int:
    with office.database.reading() as session:
        return session.exec(select(Person.id).where(Person.email == email)).first() or 0


def asked(office: Office, title: str, year: int = 2027) -> set[str]:
    """Who gets a mail with a line about this, in a year as it will be."""
    lines = (
        (mail.to.email, mail.rows[line.deadline])
        for mail in rehearse_year(office, year, NOW)
        for line in mail.digest.reminders
    )
    return {email for email, row in lines if row.title == title}


def test_the_directors_hear_of_a_bestuurlijk_overleg_and_of_no_other(quick_example: Office) -> None:
    assert asked(quick_example, "Najaarsoverleg") >= DIRECTORS
    assert asked(quick_example, "Ambtelijke werkgroep") & DIRECTORS == set()


def test_what_a_body_with_named_people_asks_goes_to_them_and_each_line_once(quick_example: Office) -> None:
    set_meeting(quick_example, deadline(quick_example, "Voorjaarsoverleg"), date(2027, 4, 22), NOW, start=time(14))
    people = [person(quick_example, who) for who in ("wethouder@terneuzen.example", "wonen@clavis.example")]
    row = body(quick_example, "bestuurlijk-overleg")
    done = change_body(quick_example, 1, row.id or 0, BodyWish(row.name, tuple(people)), NOW, by=BY)
    for day in ("2027-03-25", "2027-03-26", "2027-03-30"):
        act(quick_example, at(day))
    with quick_example.database.reading() as session:
        query = select(Person.email, ReminderRow.party, ReminderRow.rung).join(ReminderRow)
        query = query.where(ReminderRow.deadline_id == deadline(quick_example, "Voorjaarsoverleg"))
        lines = sorted(tuple(row) for row in session.exec(query.where(col(ReminderRow.on) >= date(2027, 3, 1))))

    assert done.words == "is bewaard: Wethouder Wonen en Afdeling Wonen"
    assert [(email, party, rung.partition("@")[0]) for email, party, rung in lines] == [
        ("beleid@woongoed.example", "wzv", "-28"),
        ("bestuur@shb.example", "shb", "-28"),
        ("info@bewonersraad.example", "bewonersraad", "-28"),
        ("wethouder@terneuzen.example", "gemeente", "-28"),
        ("wonen@clavis.example", "clavis", "-28"),
        ("wonen@terneuzen.example", "gemeente", "-28"),
    ]


def test_who_stands_in_for_a_member_is_told_once_for_both_and_takes_nothing_from_their_own_party(
    quick_example: Office,
) -> None:
    """Zoë is away, and somebody of Clavis stands in: Clavis hears of it all the same, Zoë not again."""
    spring = deadline(quick_example, "Voorjaarsoverleg")
    set_meeting(quick_example, spring, date(2027, 4, 22), NOW, start=time(14))
    add_party(quick_example, 1, "Zorggroep Oost", PartyKind.CARE, [], NOW, by=BY)
    zoe, _ = add_person(quick_example, 1, "Zoë", "zoe@zgo.example", Wish("zorggroep-oost", Role.CONTACT), NOW, by=BY)
    row = body(quick_example, "bestuurlijk-overleg")
    change_body(quick_example, 1, row.id or 0, BodyWish(row.name, (zoe,)), NOW, by=BY)
    stand_in = person(quick_example, "wonen@clavis.example")
    pause(quick_example, zoe, date(2027, 3, 20), date(2027, 3, 28), NOW, deputy=stand_in, by=BY)
    for day in ("2027-03-25", "2027-03-26", "2027-03-30", "2027-04-01"):
        act(quick_example, at(day))
    with quick_example.database.reading() as session:
        query = select(ReminderRow.on, Person.email, ReminderRow.party, ReminderRow.rung).join(Person)
        query = query.where(ReminderRow.deadline_id == spring, col(ReminderRow.on) >= date(2027, 3, 1))
        lines = {tuple(line) for line in session.exec(query) if line[2] in ("zorggroep-oost", "clavis")}

    assert lines == {
        (date(2027, 3, 25), "strategie@clavis.example", "clavis", "-28"),
        (date(2027, 3, 25), "wonen@clavis.example", "zorggroep-oost", f"-28@{zoe}"),
    }


def test_members_of_the_working_group_and_partners_at_the_building_table_are_called(quick_example: Office) -> None:
    """Neither of them tells those who take part by a ladder of its own: once the day is set, the named people hear."""
    add_party(quick_example, 1, "Zorggroep Oost", PartyKind.CARE, [], NOW, by=BY)
    zoe, _ = add_person(quick_example, 1, "Zoë", "zoe@zgo.example", Wish("zorggroep-oost", Role.CONTACT), NOW, by=BY)
    projects = person(quick_example, "projecten@woongoed.example")
    group = body(quick_example, "werkgroep")
    change_body(quick_example, 1, group.id or 0, BodyWish(group.name, (zoe, projects)), NOW, by=BY)
    building = body(quick_example, "bouwtafel")
    change_body(quick_example, 1, building.id or 0, BodyWish("Bouwtafel", (zoe, projects)), NOW, by=BY)
    before = asked(quick_example, "Bouwtafel")
    set_meeting(quick_example, deadline(quick_example, "Bouwtafel"), date(2027, 6, 10), NOW)
    with quick_example.database.reading() as session:
        groups = session.exec(select(DeadlineRow.id).where(DeadlineRow.title == "Ambtelijke werkgroep")).all()
    set_meeting(quick_example, groups[0] or 0, date(2027, 3, 4), NOW)

    calendar = feed_of_address(quick_example, "zoe@zgo.example", NOW).decode()

    assert ("Bouwtafel" in calendar, "Voorjaarsoverleg" in calendar) == (True, False)
    assert "zoe@zgo.example" not in before
    assert asked(quick_example, "Bouwtafel") >= {"zoe@zgo.example", "projecten@woongoed.example"}
    assert asked(quick_example, "Ambtelijke werkgroep") >= {"zoe@zgo.example", "projecten@woongoed.example"}


def test_a_body_of_its_own_is_named_by_a_step_is_renamed_with_it_and_goes_only_while_it_never_met(
    quick_example: Office,
) -> None:
    director = person(quick_example, "directie@clavis.example")
    add_body(quick_example, 1, BodyWish("Kerntafel Zuid", (director,)), NOW, by=BY)
    spare = add_body(quick_example, 1, BodyWish("Reserve"), NOW, by=BY)
    step = {"title": "Kernen", "kind": "meeting", "by": "1 mei", "body": "Kerntafel Zuid", "leads": ["gemeente"]}
    change_year(quick_example, 1, YearWish({"kernen": step}), NOW, by=BY)
    row = body(quick_example, "kerntafel-zuid")
    change_body(quick_example, 1, row.id or 0, BodyWish("Kerntafel", (director,)), NOW, by=BY)
    with quick_example.database.reading() as session:
        kept = standing_bodies.kept_of(session, [1])[1]
        same = session.get_one(Body, row.id)
    with pytest.raises(Refused, match="komt bij elkaar"):
        remove_body(quick_example, 1, row.id or 0, NOW, by=BY)
    with pytest.raises(Refused, match="is er al"):
        add_body(quick_example, 1, BodyWish("KERNTAFEL"), NOW, by=BY)
    with pytest.raises(Refused, match="zit niet"):
        add_body(quick_example, 1, BodyWish("Nieuw overleg", (9999,)), NOW, by=BY)
    remove_body(quick_example, 1, body(quick_example, "reserve").id or 0, NOW, by=BY)

    assert (kept.of_steps["kernen"], same.slug, same.is_named) == ("kerntafel", "kerntafel", True)
    assert spare.words == "is erbij: nog niemand"
    assert asked(quick_example, "Kernen") >= {"directie@clavis.example"}
    assert keep_year(quick_example, NOW) == YearChanges()
