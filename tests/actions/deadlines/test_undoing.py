"""Each act that can be undone is done and undone: every row of every table is what it was, on both engines."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

import pytest
from sqlmodel import SQLModel, col, select

from cycle.actions import letters
from cycle.actions.deadlines.deciding.closing import settle
from cycle.actions.deadlines.meeting.meetings import Effect, Resolved, decide, undo_decision
from cycle.actions.deadlines.meeting.planned_meetings import cancel_meeting, move_meeting, set_meeting
from cycle.actions.deadlines.upkeep.year_upkeep import keep_year
from cycle.actions.feeds.links import new_link, revoke_links
from cycle.actions.office.office import Office
from cycle.actions.people.departure.leaving import Successor, hand_over, undo_hand_over
from cycle.actions.people.rhythms import rhythm
from cycle.actions.people.seats import memberships, persons
from cycle.actions.people.seats.memberships import Wish
from cycle.actions.people.seats.parties import change_group, change_party
from cycle.actions.settling.bulk import Decided, Verb, carry_out
from cycle.actions.settling.deciding import set_reading
from cycle.domain.model import Role, State
from cycle.domain.progress_questions import QUESTION
from cycle.store.seats import keys_of
from cycle.store.tables import (
    AgreementRow,
    DeadlineRow,
    GroupRow,
    Handover,
    MeetingDecision,
    Membership,
    PartyRow,
    Person,
    ReadingRow,
)
from tests.actions.letters.test_letter_desk import pdf_with
from tests.actions.mailbox import at
from tests.actions.test_wholes import disagreements
from tests.lasting_names import numbered

NOW, YESTERDAY = at("2027-03-02"), at("2027-03-01")
DAY = date(2027, 10, 1)
SECRETARY = "secretariaat@terneuzen.example"

NOT_COMPARED = {
    "actor": "whoever did something is known from then on",
    "fact": "both acts are told",
    "fact_head": "as the facts",
    "message": "what waited is made anew, and what was confirmed by mail went out",
    "message_covenant": "as the mails",
    "reminder": "as the mails: their lines are told in the new ones",
    "meeting_decision": "a decision that was undone stays in the list, as undone",
    "handover": "a handover that was undone stays in the list, as undone",
}
NEVER_THE_SAME = {
    "deadline": {"sequence": "calendars must see the way back too", "changed_at": "when it was last changed"}
    | dict.fromkeys(("known_since", "news"), "no rung counts from before it was taken back"),
    "deadline_party": {"known_since": "as the deadline"},
    "covenant": {"stamp": "another one after every write"},
    "feed_link": {"version": "another one after every write that it shows"},
    "rhythm": {"changed_at": "when it was last chosen"},
}

Rows = dict[str, dict[Any, dict[str, Any]]]


def rows(office: Office) -> Rows:
    """Every row of every table, by its key; but for what the rounds ask, which follows from the rest each morning."""
    found: Rows = {}
    with office.database.reading() as session:
        for mapper in (one for one in SQLModel._sa_registry.mappers if one.local_table.metadata is SQLModel.metadata):
            name = str(mapper.local_table.name)
            if name not in NOT_COMPARED:
                apart = NEVER_THE_SAME.get(name, {})
                found[name] = {
                    mapper.primary_key_from_instance(row)[0]
                    if len(mapper.primary_key) == 1
                    else tuple(mapper.primary_key_from_instance(row)): {
                        key: value for key, value in row.model_dump().items() if key not in apart
                    }
                    for row in session.exec(select(mapper.class_))
                    if getattr(row, "occurrence", "") != QUESTION
                }
    return found


def differences(before: Rows, after: Rows) -> dict[str, Any]:
    """What is otherwise, by table, row and column; None stands for a row that is not there."""
    found: dict[str, Any] = {}
    for table, known in before.items():
        for key in [*known, *(key for key in after[table] if key not in known)]:
            was, becomes = known.get(key), after[table].get(key)
            if was != becomes:
                columns = [name for name in was or becomes or {} if (was or {}).get(name) != (becomes or {}).get(name)]
                found[f"{table} {key}"] = {name: ((was or {}).get(name), (becomes or {}).get(name)) for name in columns}
    return found


@dataclass
class World:
    """An office, with what its acts are about."""

    office: Office
    covenant: int = 1
    kept: dict[str, Any] = field(default_factory=dict)

    def deadline(self, number: str, occurrence: str = "once") -> DeadlineRow:
        with self.office.database.reading() as session:
            query = select(DeadlineRow).where(DeadlineRow.number == number, DeadlineRow.occurrence == occurrence)
            found = session.exec(query.order_by(col(DeadlineRow.id))).first()
            assert found is not None, (number, occurrence)
            return found

    def step(self, title: str) -> int:
        with self.office.database.reading() as session:
            query = select(DeadlineRow.id).where(DeadlineRow.title == title, col(DeadlineRow.due) > NOW.date())
            return session.exec(query.order_by(col(DeadlineRow.due))).first() or 0

    def together(self, verb: Verb, day: date | None = None, *numbers: str) -> None:
        ids = [self.deadline(number).id or 0 for number in numbers or ("2.8", "2.1")]
        outcome = carry_out(self.office, 1, dict.fromkeys(ids, ""), Decided(verb, day), NOW, by=SECRETARY)
        assert not outcome.faults, outcome.faults

    def resolve(self, effect: Effect, about: DeadlineRow | None, day: date | None = None) -> None:
        agreement = (about.agreement_id if about else None) or numbered(self.office, "2.8")
        resolved = Resolved(agreement, "Besloten.", effect, about.id if about else None, day)
        decide(self.office, self.step("Voorjaarsoverleg"), resolved, NOW, by=SECRETARY)

    def undo_last_decision(self) -> None:
        with self.office.database.reading() as session:
            which = session.exec(select(MeetingDecision.id).order_by(col(MeetingDecision.id).desc())).first()
        undo_decision(self.office, which or 0, NOW, by=SECRETARY)

    def undo_last_handover(self) -> None:
        with self.office.database.reading() as session:
            which = session.exec(select(Handover.id).order_by(col(Handover.id).desc())).first()
        undo_hand_over(self.office, 1, which or 0, NOW, by=SECRETARY)

    def person(self, email: str) -> int:
        with self.office.database.reading() as session:
            return session.exec(select(Person.id).where(Person.email == email)).first() or 0

    def row(self, kind: Any, *where: Any) -> Any:
        with self.office.database.reading() as session:
            return session.exec(select(kind).where(*where)).first()


@dataclass(frozen=True)
class Act:
    """An act and its way back. `apart` names what may be otherwise afterwards, with the reason."""

    name: str
    do: Callable[[World], Any]
    undo: Callable[[World], Any]
    apart: Mapping[str, str] = field(default_factory=dict)


def _settle(number: str, state: State, party: str = "", occurrence: str = "once") -> Callable[[World], Any]:
    return lambda world: settle(
        world.office,
        world.deadline(number, occurrence).id or 0,
        state,
        NOW,
        party=party,
        note_text="Want zo is het." if state is not State.OPEN else "",
    )


def _move(number: str, occurrence: str, day: date | None = None) -> Callable[[World], Any]:
    def move(world: World) -> None:
        row = world.deadline(number, occurrence)
        outcome = carry_out(
            world.office, 1, {row.id or 0: ""}, Decided(Verb.MOVE, day or row.moved_from), NOW, by=SECRETARY
        )
        assert not outcome.faults

    return move


def _seat(world: World) -> Membership:
    return world.row(Membership, Membership.role == "trekker", Membership.person_id == world.person(LEAVER))


LEAVER, COLLEAGUE, HOUSING = "strategie@clavis.example", "vastgoed@clavis.example", "wonen@clavis.example"
DEADLINES = [
    Act("een termijn verplaatsen", _move("2.1", "once", DAY), _move("2.1", "once")),
    Act("een jaarlijkse termijn zonder eigen dag verplaatsen", _move("1.1.8", "2027", DAY), _move("1.1.8", "2027")),
    Act(
        "een actie doorschuiven",
        lambda world: world.together(Verb.CARRY, DAY, "2.1", "3.8"),
        lambda world: [_move(number, "once")(world) for number in ("2.1", "3.8")],
    ),
    Act("gedaan voor de enige trekker", _settle("2.1", State.DONE), _settle("2.1", State.OPEN)),
    Act("gedaan voor een van de trekkers", _settle("2.8", State.DONE, "wzv"), _settle("2.8", State.OPEN, "wzv")),
    Act(
        "vervallen voor allen, waar een het al deed",
        _settle("2.8", State.DROPPED),
        lambda world: world.together(Verb.REOPEN, None, "2.8"),
    ),
    Act("samen gedaan", lambda world: world.together(Verb.DONE), lambda world: world.together(Verb.REOPEN)),
    Act("samen vervallen", lambda world: world.together(Verb.DROP), lambda world: world.together(Verb.REOPEN)),
    Act(
        "een besluit verplaatst een jaarlijkse termijn",
        lambda world: world.resolve(Effect.MOVE, world.deadline("1.1.8", "2027"), DAY),
        World.undo_last_decision,
    ),
    Act(
        "een besluit geeft een dag aan wat er geen had",
        lambda world: world.resolve(Effect.MOVE, world.deadline("1.1.7", "undated"), DAY),
        World.undo_last_decision,
    ),
    Act(
        "een besluit verplaatst wat al verplaatst was, voor zijn periode",
        lambda world: world.resolve(Effect.MOVE, world.deadline("1.1.2"), date(2022, 1, 3)),
        World.undo_last_decision,
    ),
    Act(
        "een besluit laat vervallen waar een al iets deed",
        lambda world: world.resolve(Effect.DROP, world.deadline("2.8")),
        World.undo_last_decision,
    ),
    Act(
        "een besluit maakt een termijn",
        lambda world: world.resolve(Effect.NEW, None, DAY),
        World.undo_last_decision,
        {"new deadline": "the ledger and the logbook name it: it stays, dropped"},
    ),
    Act(
        "een overleg plannen",
        lambda world: set_meeting(world.office, world.step("Najaarsoverleg"), DAY, NOW),
        lambda world: cancel_meeting(world.office, world.step("Najaarsoverleg"), NOW),
        {"meeting": "calendars say that it is off for two weeks"},
    ),
    Act(
        "een gepland overleg verplaatsen",
        lambda world: move_meeting(
            world.office, world.step("Voorjaarsoverleg"), date(2027, 4, 20), NOW, start=time(10), place="Elders"
        ),
        lambda world: set_meeting(
            world.office, world.step("Voorjaarsoverleg"), date(2027, 4, 13), NOW, start=time(14), end=time(16)
        ),
    ),
]


def _set(words: str) -> Callable[[World], Any]:
    def decide_reading(world: World) -> None:
        agreement = world.row(AgreementRow, AgreementRow.number == "1.1.8")
        reading = world.row(ReadingRow, ReadingRow.agreement_id == agreement.id)
        set_reading(world.office, reading.id, words, NOW, by=SECRETARY)

    return decide_reading


def _group(members: list[str]) -> Callable[[World], Any]:
    return lambda world: change_group(
        world.office,
        1,
        "huurdersorganisaties",
        members,
        world.row(GroupRow, GroupRow.slug == "huurdersorganisaties").aliases,
        NOW,
    )


def _chosen(hour: time) -> Callable[[World], Any]:
    return lambda world: rhythm.choose(world.office, world.person(LEAVER), rhythm.Choice(hour=hour), NOW)


def _named(email: str) -> Callable[[World], Any]:
    return lambda world: memberships.name_addressee(
        world.office, 1, "clavis", world.person(email), NOW, theme="5", by=SECRETARY
    )


def _wish(until: date | None) -> Callable[[World], Any]:
    def change(world: World) -> None:
        seat = _seat(world)
        wish = Wish("clavis", Role.TREKKER, seat.since, until, tuple(map(str, keys_of(seat))), tuple(seat.themes))
        memberships.change_seat(world.office, 1, seat.id or 0, wish, NOW)

    return change


def _party(name: str, *aliases: str) -> Callable[[World], Any]:
    def change(world: World) -> None:
        row = world.row(PartyRow, PartyRow.slug == "clavis")
        known = world.kept.setdefault("aliases", list(row.aliases))
        change_party(world.office, 1, row.id, name, [*known, *aliases], NOW)

    return change


def _called(name: str, email: str) -> Callable[[World], Any]:
    return lambda world: persons.change_person(
        world.office, 1, world.person(LEAVER) or world.person("ander@clavis.example"), name, email, NOW
    )


def _handed(successor: Callable[[World], Successor]) -> Callable[[World], Any]:
    return lambda world: hand_over(
        world.office, 1, world.person(LEAVER), successor(world), date(2027, 3, 31), NOW, by=SECRETARY
    )


def _pause(world: World) -> None:
    rhythm.pause(world.office, world.person(LEAVER), date(2027, 3, 8), date(2027, 3, 19), NOW)


def _end_pause(world: World) -> None:
    who = world.person(LEAVER)
    rhythm.end_pause(world.office, who, rhythm.own_rhythm(world.office, who, NOW).pauses[0].id, NOW)


READ_AGAIN = {
    "reading": "who set it, and when, is another decision",
    "new deadline": "without a date an agreement is asked about without a day; that was taken away again",
    "known_since": "no rung counts from before it came back",
    "next_moment": "so what was due before is not told",
}
MARKED = dict.fromkeys(("seal_mark", "mark_renewed_at"), "links that lie in the old mailbox stay invalid")
PEOPLE = [
    Act("een lezing op geen zetten", _set("geen"), _set("jaarlijks"), READ_AGAIN),
    Act("een groep anders samenstellen", _group(["bewonersraad"]), _group(["bewonersraad", "shb"])),
    Act("een partij anders noemen", _party("Clavis wonen", "Klavis"), _party("Clavis")),
    Act(
        "een persoon anders noemen",
        _called("Iemand", "ander@clavis.example"),
        _called("Afdeling Strategie", LEAVER),
        MARKED,
    ),
    Act("een plaats wijzigen", _wish(date(2027, 12, 31)), _wish(None)),
    Act("een ander aanwijzen voor een thema", _named(HOUSING), _named(LEAVER)),
    Act("een ritme kiezen", _chosen(time(10)), _chosen(time(11))),
    Act("afwezig zijn", _pause, _end_pause),
    Act(
        "vertrekken met een opvolger die er al zit",
        _handed(lambda world: Successor(world.person(COLLEAGUE))),
        World.undo_last_handover,
    ),
    Act("vertrekken zonder opvolger", _handed(lambda _world: Successor()), World.undo_last_handover),
    Act(
        "vertrekken met een nieuwe opvolger",
        _handed(lambda _world: Successor(name="Noor de Wit", email="noor@clavis.example")),
        World.undo_last_handover,
        {"person": "the handover and the logbook name who would have taken over"},
    ),
    Act(
        "een agendakoppeling geven",
        lambda world: new_link(world.office, LEAVER, NOW),
        lambda world: revoke_links(world.office, LEAVER, NOW),
        {"feed_link": "a link that was given out stays in the list, ended"},
    ),
]


def _elsewhere(world: World) -> None:
    letters.sent_elsewhere(world.office, None, 2027, date(2027, 3, 1), NOW, by=SECRETARY, words="Met de post.")


def _back_here(world: World) -> None:
    assert letters.undo_elsewhere(world.office, None, 2027, NOW, by=SECRETARY)


def _approve(world: World) -> None:
    letters.approve(world.office, None, 2027, NOW, by="directie@clavis.example")


LOOKED_AT = {"next_moment": "its reminders are looked at from the next tick on"}
SHOWN_AGAIN = {"letter_draft": "a draft remembers what was approved, to show who approves next what changed since"}
LETTERS = [
    Act("een brief die nog een concept is elders verstuurd", _elsewhere, _back_here, LOOKED_AT),
    Act(
        "een brief goedkeuren",
        _approve,
        lambda world: letters.withdraw(world.office, None, 2027, NOW, by=SECRETARY),
        SHOWN_AGAIN,
    ),
    Act("een goedgekeurde brief elders verstuurd", _elsewhere, _back_here, LOOKED_AT),
    Act(
        "een getekende brief toevoegen",
        lambda world: letters.upload_signed(world.office, None, 2027, "x.pdf", pdf_with(), NOW),
        lambda world: letters.remove_signed(world.office, None, 2027, NOW, by=SECRETARY),
    ),
    Act("een brief elders verstuurd waarvan de stap al was afgemeld", _elsewhere, _back_here),
]


def _done_before(number: str, party: str) -> Callable[[World], Any]:
    """One of the leads did its part the day before."""

    def settle_part(world: World) -> None:
        row = world.step(number) if number.isalpha() else world.deadline(number).id or 0
        settle(world.office, row, State.DONE, YESTERDAY, party=party, by=f"x@{party}.example", note_text="Klaar.")

    return settle_part


BEFORE = {
    "een goedgekeurde brief elders verstuurd": _approve,
    "een brief elders verstuurd waarvan de stap al was afgemeld": _done_before("Uitnodigingsbrief", "wzv"),
    "vervallen voor allen, waar een het al deed": _done_before("2.8", "clavis"),
    "een besluit verplaatst wat al verplaatst was, voor zijn periode": _move("1.1.2", "once", date(2027, 5, 1)),
    "een gepland overleg verplaatsen": lambda world: set_meeting(
        world.office, world.step("Voorjaarsoverleg"), date(2027, 4, 13), NOW, start=time(14), end=time(16)
    ),
    "een ritme kiezen": _chosen(time(11)),
}
"""What happened before some of these acts."""


@pytest.mark.slow
@pytest.mark.parametrize("acts", [DEADLINES, PEOPLE, LETTERS], ids=["deadlines", "people", "letters"])
def test_each_act_is_undone_as_it_was(example: Office, acts: list[Act]) -> None:
    keep_year(example, NOW)
    left = {}
    world = World(example)
    for act in acts:
        BEFORE.get(act.name, lambda _world: None)(world)
        before = rows(example)
        act.do(world)
        assert differences(before, rows(example)), f"{act.name} changed nothing"
        act.undo(world)
        assert disagreements(example) == [], act.name
        found = {
            name: changed
            for name, changed in differences(before, rows(example)).items()
            if not _is_apart(name, changed, act.apart)
        }
        if found:
            left[act.name] = found
    assert left == {}


def _is_apart(name: str, changed: Mapping[str, tuple[Any, Any]], apart: Mapping[str, str]) -> bool:
    """Whether a difference is one that the act itself explains."""
    table = name.split()[0]
    is_new_and_dropped = table == "action" or (table == "deadline" and changed.get("state") == (None, "dropped"))
    is_part_of_new = table == "deadline_party" and changed.get("state", (0, 0))[0] is None
    if "new deadline" in apart and (is_new_and_dropped or is_part_of_new):
        return True
    return table in apart or set(changed) <= set(apart)
