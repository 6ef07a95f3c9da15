"""Somebody leaves: everything goes to another in one step, is seen beforehand, and can be undone."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from cycle.actions.feeds.links import new_link
from cycle.actions.mails.morning.reminding import plan_mails
from cycle.actions.mails.rehearsal.rehearsing import rehearse_year
from cycle.actions.office.office import Office
from cycle.actions.people.departure.leaving import LeavingPlan, Successor, hand_over, leaving_plan, undo_hand_over
from cycle.actions.people.seats.memberships import Wish, add_person, add_seat, change_seat
from cycle.actions.signin.signing_in import begin
from cycle.domain.addressing import Why
from cycle.domain.model import Role
from cycle.errors import Changed, NotFound, Refused
from cycle.store import tables
from cycle.store.outbox import lookups
from cycle.store.seats import keys_of
from tests.actions.mailbox import at

from .test_memberships import NOW, SECRETARY, TODAY, addressed, another_covenant, covenant, logged, person, seat

LEAVER, COLLEAGUE = "strategie@clavis.example", "vastgoed@clavis.example"
LAST = date(2026, 11, 30)
NEW = Successor(name="Noor de Wit", email="noor@clavis.example")


def planned(office: Office, successor: Successor = NEW, last: date = LAST, who: str = LEAVER) -> LeavingPlan:
    with office.database.reading() as session:
        return leaving_plan(office, session, covenant(office), person(office, who), successor, last, NOW)


def leave(office: Office, successor: Successor = NEW, last: date = LAST, **more: str) -> str:
    return hand_over(office, covenant(office), person(office, LEAVER), successor, last, NOW, by=SECRETARY, **more).words


def handover(office: Office) -> tables.Handover:
    with office.database.reading() as session:
        return session.exec(select(tables.Handover)).one()


def seats_in(office: Office) -> list[tuple[object, ...]]:
    with office.database.reading() as session:
        rows = session.exec(select(tables.Membership).order_by(tables.Membership.id)).all()
        return [
            (row.person_id, row.party_id, row.role, row.since, row.until, *keys_of(row), *row.themes) for row in rows
        ]


def test_the_plan_says_what_changes_and_for_whom(example: Office) -> None:
    before = seats_in(example)
    plan = planned(example)

    assert (plan.name, plan.successor, plan.is_shared) == ("Afdeling Strategie", "Noor de Wit", False)
    assert plan.ends == plan.begins == ("trekker voor Clavis (thema 1 en thema 5)", "contactpersoon voor Clavis")
    assert plan.warnings == ()
    letter = next(one for one in plan.deadlines if one.number == "5.9")
    assert letter.when == "vóór 1 april (uiterlijk woensdag 31 maart 2027)"
    assert (letter.party, letter.to) == ("Clavis", "Noor de Wit (aangewezen voor dit thema)")
    assert seats_in(example) == before


def test_without_a_successor_the_plan_says_who_is_next_in_line_and_what_is_missing(example: Office) -> None:
    plan = planned(example, Successor())

    assert plan.begins == ()
    assert plan.warnings == ("Clavis heeft daarna geen contactpersoon.",)
    assert {one.to for one in plan.deadlines} == {"Afdeling Vastgoed (vervanger)"}


def test_the_day_after_the_successor_gets_the_mail_and_not_before(example: Office) -> None:
    words = leave(example)

    assert words == "heeft 30 november 2026 als laatste dag; Noor de Wit neemt het daarna over"
    assert addressed(example, "clavis", "5.9", "5", LAST) == (LEAVER, Why.THEME)
    assert addressed(example, "clavis", "5.9", "5", LAST + timedelta(1)) == ("noor@clavis.example", Why.THEME)
    assert addressed(example, "clavis", "4.9", "9", LAST + timedelta(1)) == ("noor@clavis.example", Why.CONTACT)
    noor = person(example, "noor@clavis.example")
    taken_over = (SECRETARY, "neemt over", "van Afdeling Strategie na 30 november 2026")
    assert logged(example, f"persoon {noor}") == [taken_over]
    mails = rehearse_year(example, 2027, NOW, person="noor@clavis.example")
    assert any("Uitnodigingsbrief" in mail.message.subject for mail in mails)
    assert rehearse_year(example, 2027, NOW, person=LEAVER) == []


def test_who_has_a_seat_already_gets_what_they_take_over_beside_it(example: Office) -> None:
    leave(example, Successor(person(example, COLLEAGUE)))

    assert addressed(example, "clavis", "1.1.4", "1", LAST) == (COLLEAGUE, Why.AGREEMENT)
    assert addressed(example, "clavis", "1.1.2", "1", LAST) == (LEAVER, Why.THEME)
    assert addressed(example, "clavis", "1.1.2", "1", LAST + timedelta(1)) == (COLLEAGUE, Why.THEME)


def test_two_leave_to_the_same_successor_on_the_same_day(example: Office) -> None:
    to = Successor(person(example, COLLEAGUE))
    leave(example, to)
    hand_over(example, covenant(example), person(example, "wonen@clavis.example"), to, LAST, NOW)
    after = LAST + timedelta(1)

    assert addressed(example, "clavis", "1.1.2", "1", after) == (COLLEAGUE, Why.THEME)
    assert addressed(example, "clavis", "3.1", "3", after) == (COLLEAGUE, Why.THEME)


def test_mail_that_waits_is_made_anew_for_the_successor(example: Office) -> None:
    march = at("2027-03-01")
    plan_mails(example, march)
    with example.database.reading() as session:
        before = {row.to for row in lookups.messages(session) if row.state == "queued"}
    here, who = covenant(example), person(example, LEAVER)
    hand_over(example, here, who, Successor(person(example, COLLEAGUE)), date(2027, 2, 28), march)
    plan_mails(example, march)
    with example.database.reading() as session:
        after = {row.to for row in lookups.messages(session) if row.state == "queued"}

    assert LEAVER in before
    assert LEAVER not in after
    assert COLLEAGUE in after


def test_links_and_sessions_of_who_left_end(example: Office) -> None:
    new_link(example, LEAVER, NOW)
    begin(example, LEAVER, NOW, how="test")
    plan = planned(example, last=TODAY - timedelta(1))
    leave(example, last=TODAY - timedelta(1))
    with example.database.reading() as session:
        [link] = session.exec(select(tables.FeedLink)).all()
        [browser] = session.exec(select(tables.DeskSession)).all()

    assert plan.links == 1
    assert link.revoked_at is not None
    assert browser.ended_at == NOW


def test_a_shared_mailbox_keeps_its_links(example: Office) -> None:
    box = "info@bewonersraad.example"
    new_link(example, box, NOW)
    with example.database.reading() as session:
        rows = session.exec(select(tables.Person).where(tables.Person.email == box)).all()
        who = next(row.id or 0 for row in rows if row.name == "Werkgroep Duurzaam")
        plan = leaving_plan(example, session, 1, who, Successor(), TODAY, NOW)
    hand_over(example, covenant(example), who, Successor(), TODAY - timedelta(1), NOW)
    with example.database.reading() as session:
        [link] = session.exec(select(tables.FeedLink)).all()

    assert (plan.is_shared, plan.links) == (True, 0)
    assert link.revoked_at is None


def test_it_is_undone_in_one_step(example: Office) -> None:
    before = seats_in(example)
    leave(example, Successor(person(example, COLLEAGUE)))
    row = handover(example)
    done = undo_hand_over(example, covenant(example), row.id or 0, NOW, by=SECRETARY)
    again = undo_hand_over(example, covenant(example), row.id or 0, NOW)

    assert (done.words, again.words) == ("heeft alles weer terug", "was al teruggezet")
    assert seats_in(example) == before
    assert addressed(example, "clavis", "1.1.2", "1", LAST + timedelta(1)) == (LEAVER, Why.THEME)


def test_it_is_not_undone_over_what_somebody_changed_since(example: Office) -> None:
    leave(example)
    row = seat(example, "noor@clavis.example")
    change_seat(example, covenant(example), row.id or 0, Wish("clavis", Role.TREKKER, since=row.since), NOW)
    with pytest.raises(Refused) as refused:
        undo_hand_over(example, covenant(example), handover(example).id or 0, NOW)

    assert refused.value.what == "Er is na de overdracht van Afdeling Strategie iets aan de plaatsen gewijzigd."


def test_it_is_not_undone_upon_the_seat_of_somebody_else(example: Office) -> None:
    here = covenant(example)
    bo, _ = add_person(example, here, "Bo", "bo@clavis.example", Wish("clavis", Role.CONTACT), NOW)
    first = leave_to_noor(example, person(example, LEAVER))
    second = leave_to_noor(example, bo)  # Noor is contact from that day already
    undo_hand_over(example, here, first, NOW)
    for name in ("kim", "lou"):
        add_person(example, here, name, f"{name}@wzv.example", Wish("wzv", Role.TREKKER, themes=("2",)), NOW)

    with pytest.raises(Refused):
        undo_hand_over(example, here, second, NOW)
    assert [seat(example, f"{name}@wzv.example").themes for name in ("kim", "lou")] == [["2"], ["2"]]


def leave_to_noor(example: Office, who: int) -> int:
    """The handover's number."""
    hand_over(example, covenant(example), who, NEW, LAST, NOW, by=SECRETARY)
    with example.database.reading() as session:
        return max(session.exec(select(tables.Handover.id)).all())


def test_undoing_takes_back_only_what_it_added_to_a_seat_that_was_there(example: Office) -> None:
    to, here = Successor(person(example, COLLEAGUE)), covenant(example)
    leave(example, to)
    taken_over = seats_in(example)
    hand_over(example, here, person(example, "wonen@clavis.example"), to, LAST, NOW)
    with example.database.writing() as session:
        first, second = session.exec(select(tables.Handover).order_by(tables.Handover.id)).all()
        [merged] = second.changes["merged"]
        row = session.get_one(tables.Membership, merged["seat"])
        row.themes = [*row.themes, "2"]  # somebody names the successor for more
        session.add(row)

    undo_hand_over(example, here, second.id or 0, NOW)
    after = seats_in(example)
    with pytest.raises(Refused):
        undo_hand_over(example, here, first.id or 0, NOW)

    assert [row for row in after if row not in taken_over] == [
        (person(example, COLLEAGUE), 2, "trekker", LAST + timedelta(1), None, "1", "5", "2")
    ]
    assert len(after) == len(taken_over)


def test_the_second_who_saves_is_told(example: Office) -> None:
    version = planned(example).version
    here, who = covenant(example), person(example, LEAVER)
    row = seat(example, LEAVER)
    change_seat(example, here, row.id or 0, Wish("clavis", Role.TREKKER, themes=("1",)), NOW, by="a@b.example")
    with pytest.raises(Changed) as changed:
        leave(example, version=version)
    add_seat(example, here, who, Wish("wzv", Role.READER), NOW)

    assert changed.value.lines == ("a@b.example: plaats gewijzigd (trekker voor Clavis (thema 1))",)


def test_what_cannot_be_handed_over_is_refused(example: Office) -> None:
    here, who = covenant(example), person(example, LEAVER)
    secretary = person(example, SECRETARY)
    leave(example)
    other = another_covenant(example, secretary)
    for ask in (
        lambda: hand_over(example, here, who, NEW, LAST, NOW),  # no seat after that day any more
        lambda: hand_over(example, here, secretary, Successor(secretary), LAST, NOW),
        lambda: hand_over(example, here, secretary, Successor(), LAST, NOW),  # the last secretariat
        lambda: hand_over(example, here, secretary, Successor(name="X", email="geen adres"), LAST, NOW),
    ):
        with pytest.raises(Refused):
            ask()
    for ask in (
        lambda: hand_over(example, other, who, NEW, LAST, NOW),
        lambda: undo_hand_over(example, other, handover(example).id or 0, NOW),
    ):
        with pytest.raises(NotFound):
            ask()
