"""The same decision about several deadlines: seen beforehand, one that is refused does not stop the rest."""

from datetime import date

from sqlmodel import select

from cycle.actions.deadlines.deciding.closing import move, settle
from cycle.actions.office.office import Office
from cycle.actions.settling.bulk import Decided, Foreseen, Verb, carry_out, foreseen
from cycle.domain.model import State
from cycle.store.tables import DeadlineRow
from tests.actions.people.test_memberships import NOW, SECRETARY, covenant

DAY = date(2027, 5, 14)


def ids_of(office: Office, *numbers: str) -> list[int]:
    with office.database.reading() as session:
        rows = session.exec(select(DeadlineRow).where(DeadlineRow.number.in_(numbers))).all()  # type: ignore[attr-defined]
        return [row.id or 0 for row in rows if row.occurrence == "once"]


def seen(office: Office, ids: list[int], decided: Decided) -> list[Foreseen]:
    with office.database.reading() as session:
        return foreseen(session, covenant(office), ids, decided, NOW)


def states(office: Office, ids: list[int]) -> set[str]:
    with office.database.reading() as session:
        return {session.get_one(DeadlineRow, one).state for one in ids}


def test_several_are_done_for_all_their_leads_and_opened_again(example: Office) -> None:
    ids = ids_of(example, "1.1.10", "2.1")
    shown = seen(example, ids, Decided(Verb.DONE))
    versions = {one.row.id or 0: one.version for one in shown}
    outcome = carry_out(
        example, covenant(example), versions, Decided(Verb.DONE, reason="volgens de raad"), NOW, by=SECRETARY
    )
    closed = states(example, ids)
    carry_out(example, covenant(example), dict.fromkeys(ids, ""), Decided(Verb.REOPEN), NOW)

    assert len(ids) >= 2
    assert max(len(one.leads) for one in shown) == 3
    assert (outcome.faults, closed, states(example, ids)) == ((), {"done"}, {"open"})


def test_what_is_settled_already_says_so_and_stays(example: Office) -> None:
    first, *rest = ids = ids_of(example, "1.1.10", "2.1")
    settle(example, first, State.DROPPED, NOW)  # without a party: for all
    with example.database.reading() as session:
        title = session.get_one(DeadlineRow, first).title
    shown = {one.row.id: one.same for one in seen(example, ids, Decided(Verb.DONE))}
    outcome = carry_out(example, covenant(example), dict.fromkeys(ids, ""), Decided(Verb.DONE), NOW)

    assert shown == {first: "is al vervallen", **dict.fromkeys(rest, "")}
    assert [one.what for one in outcome.faults] == [f"{title} is al vervallen."]
    assert states(example, rest) == {"done"}


def test_who_was_before_us_is_told_and_the_rest_goes_on(example: Office) -> None:
    ids = ids_of(example, "1.1.10", "2.1")
    decided = Decided(Verb.MOVE, DAY, "raad schuift op")
    versions = {one.row.id or 0: one.version for one in seen(example, ids, decided)}
    move(example, ids[0], date(2027, 3, 1), NOW, by="a@b.example")
    outcome = carry_out(example, covenant(example), versions, decided, NOW, by=SECRETARY)
    with example.database.reading() as session:
        days = [session.get_one(DeadlineRow, one).due for one in ids]

    assert decided.words == "verplaatst naar vrijdag 14 mei 2027"
    assert [(one.place, one.what) for one in outcome.faults] == [
        (f"termijn {ids[0]}", "Iemand anders heeft dit intussen gewijzigd.")
    ]
    assert days == [date(2027, 3, 1), *[DAY] * (len(ids) - 1)]


def test_carrying_over_to_a_day_that_passed_is_refused_and_foreign_ids_are_left_out(example: Office) -> None:
    ids = ids_of(example, "2.1")
    outcome = carry_out(example, covenant(example), dict.fromkeys(ids, ""), Decided(Verb.CARRY, date(2020, 1, 1)), NOW)
    on = carry_out(example, covenant(example), dict.fromkeys(ids, ""), Decided(Verb.CARRY, DAY), NOW)

    assert [one.what for one in outcome.faults] == ["2020-01-01 is al voorbij."] * len(ids)
    assert {one.words for one in on.done} == {"doorgeschoven naar vrijdag 14 mei 2027"}
    assert seen(example, [999_999], Decided(Verb.DONE)) == []
    assert [one.same for one in seen(example, ids, Decided(Verb.CARRY, DAY))] == ["staat al op die dag"] * len(ids)
