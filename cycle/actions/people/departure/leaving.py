"""Somebody leaves: everything they have in a covenant goes to another in one step, which can be undone.

A plan says beforehand what changes; carrying it out makes the same plan again. The day after the last day the
successor is the one who gets the mail; calendar links and sessions of who sits nowhere any more end by themselves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from cycle.actions.deadlines.deciding.closing import Settled
from cycle.actions.feeds.links import end_links_of_leavers
from cycle.actions.office.covenant_view import CovenantView, row_when, views
from cycle.actions.office.logbook import note
from cycle.actions.office.mailed import renew_marks_of_leavers
from cycle.actions.office.office import Office
from cycle.actions.office.versions import refuse_changed, version_of
from cycle.actions.people.seats.memberships import (
    faults_of_name,
    follow,
    person_called,
    refuse_first,
    refuse_without_secretariat,
)
from cycle.domain.addressing import Members
from cycle.domain.days import LEAVING
from cycle.domain.model import AgreementKey, Member, Role
from cycle.domain.text import natural
from cycle.domain.words import day_words, joined
from cycle.errors import NotFound, Refused
from cycle.store import covenants, deadlines, feedlinks, seats, sessions
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.store.outbox import lookups, withdrawing
from cycle.store.seats import Seat
from cycle.store.tables import Handover, Membership, Person
from cycle.words import ROLES

NEWCOMER = -1
"""Who takes over and is nobody here yet: becomes a person when it is carried out, and has no id before that."""

NOBODY = "niemand (het secretariaat krijgt er bericht van)"

Word = TypeVar("Word")


@dataclass(frozen=True, slots=True)
class Successor:
    """Who takes over: somebody of this covenant, or a new person; without either it goes to who is next in line."""

    person_id: int | None = None
    name: str = ""
    email: str = ""

    @property
    def is_somebody(self) -> bool:
        """Whether anybody takes over."""
        return self.person_id is not None or bool(self.name)


@dataclass(frozen=True, slots=True)
class Passing:
    """One open deadline that was theirs, and who gets its mail afterwards."""

    id: int
    number: str
    title: str
    due: date | None
    when: str
    party: str
    to: str


@dataclass(frozen=True, slots=True)
class LeavingPlan:
    """What changes when somebody leaves. `ends` and `begins` are roles in words.

    `waiting` counts their mails that are made anew, `fixed` those that go out as they are; `links` are calendar links
    that end. `is_shared` says that the mailbox keeps a seat: then its links and sessions stay.
    """

    name: str
    email: str
    last_day: date
    successor: str
    ends: tuple[str, ...]
    begins: tuple[str, ...]
    deadlines: tuple[Passing, ...]
    warnings: tuple[str, ...]
    waiting: int
    fixed: int
    links: int
    is_shared: bool
    keeps_secretariat: bool
    version: str


@dataclass(frozen=True, slots=True)
class _NewSeat:
    """A seat that is to begin; who takes over may not be known as a person yet."""

    party_id: int
    role: Role
    since: date
    until: date | None
    agreements: list[AgreementKey]
    themes: list[str]

    def of(self, person_id: int) -> Membership:
        """The row for this person."""
        return Membership(
            person_id=person_id,
            party_id=self.party_id,
            role=self.role,
            since=self.since,
            until=self.until,
            themes=self.themes,
        )


@dataclass(slots=True)
class _Seats:
    """The seats that end, and those that begin (with the row they are merged into, if one begins that day already)."""

    ended: list[Seat] = field(default_factory=list)
    made: list[_NewSeat] = field(default_factory=list)
    merged: list[tuple[Membership, list[AgreementKey], list[str]]] = field(default_factory=list)


def leaving_plan(
    office: Office,
    session: Session,
    covenant_id: int,
    person_id: int,
    successor: Successor,
    last_day: date,
    now: datetime,
) -> LeavingPlan:
    """What would change. Reading only.

    Raises NotFound, or Refused when it cannot be.
    """
    LEAVING.around(office.local_day(now)).refuse(last_day)
    person = seats.person(session, person_id, covenant_id)
    to = _known_successor(session, covenant_id, person, successor)
    view = views(session, office.settings, [covenant_id])[covenant_id]
    moved = _seats(session, covenant_id, person, to, last_day, begins=successor.is_somebody)
    numbers = seats.numbers_of(session, covenant_id)
    newcomer = Member(NEWCOMER, successor.name, "", "", Role.READER)
    who = replace(newcomer, person=id_of(to), name=to.name, email=to.email) if to else newcomer
    after = _members_after(view, moved, person, who, last_day)
    mails = lookups.messages(session, lookups.waiting_for(person_id))
    unsent = set(withdrawing.unsent_digests_to(session, [person_id])) & {mail.id for mail in mails}
    is_elsewhere = _has_seats_after(session, person.email, last_day, {one.seat.id for one in moved.ended})
    return LeavingPlan(
        person.name,
        person.email,
        last_day,
        who.name if successor.is_somebody else "",
        tuple(_role_words(one.seat.role, one.numbers, one.seat.themes, one.party.name) for one in moved.ended),
        tuple(_begins_words(moved, numbers)),
        _passing(session, view, after, person, last_day),
        _warnings(after, moved, last_day),
        len(unsent),
        sum(1 for mail in mails if mail.id not in unsent),
        0 if is_elsewhere else len(feedlinks.live_links(session, person.email)),
        is_elsewhere,
        _keeps_secretariat(view, after, last_day),
        version_of(now, person, *[one.seat for one in moved.ended]),
    )


def hand_over(
    office: Office,
    covenant_id: int,
    person_id: int,
    successor: Successor,
    last_day: date,
    now: datetime,
    *,
    by: str = "",
    version: str = "",
) -> Settled:
    """Ends somebody's seats after a day, and gives all they were named for to who takes over.

    Raises NotFound, Changed, or Refused: for nothing to hand over, the last secretariat, and a day that cannot be.
    """
    LEAVING.around(office.local_day(now)).refuse(last_day)
    if successor.person_id is None and successor.name:
        refuse_first(faults_of_name(" ".join(successor.name.split()), successor.email.strip().lower()))
    with office.database.writing() as session:
        covenants.lock(session, covenant_id, also_archived=True)
        person = seats.person(session, person_id, covenant_id, lock=True)
        to = _known_successor(session, covenant_id, person, successor)
        if to is None and successor.is_somebody:
            to = person_called(session, " ".join(successor.name.split()), successor.email.strip().lower())
        moved = _seats(session, covenant_id, person, to, last_day, begins=successor.is_somebody)
        ended = [one.seat for one in moved.ended]
        refuse_changed(session, version, f"persoon {person_id}", covenant_id, person, *ended)
        if not ended:
            raise Refused(
                f"{person.name} heeft hier na {day_words(last_day)} geen plaats meer.", "Kies een andere dag."
            )
        changes = _carry_out(session, moved, to, last_day)
        made = Handover(
            covenant_id=covenant_id, person_id=person_id, last_day=last_day, made_at=now, made_by=by, changes=changes
        )
        made.successor_id = to.id if to else None
        session.add(made)
        _note(session, covenant_id, person, to, last_day, now, by)
        refuse_without_secretariat(office, session, covenant_id, now)
        follow(office, session, covenant_id, {id_of(one.party) for one in moved.ended}, now)
        _end_sessions(session, person.email, now, office.local_day(now))
    end_links_of_leavers(office, now)
    renew_marks_of_leavers(office, now)
    tail = f"; {to.name} neemt het daarna over" if to else ""
    return Settled(person.name, f"heeft {day_words(last_day)} als laatste dag{tail}", changed=True)


def undo_hand_over(office: Office, covenant_id: int, handover_id: int, now: datetime, *, by: str = "") -> Settled:
    """Gives everything back as it was before somebody left. Calendar links that ended stay ended.

    Raises NotFound, or Refused when a seat was changed since.
    """
    with office.database.writing() as session:
        covenants.lock(session, covenant_id, also_archived=True)
        row = session.get(Handover, handover_id, with_for_update=True) if 0 < handover_id < 2**31 else None
        if row is None or row.covenant_id != covenant_id:
            raise NotFound("Deze overdracht is er niet.", "Ververs de pagina.")
        person = session.get_one(Person, row.person_id)
        if row.undone_at is not None:
            return Settled(person.name, "was al teruggezet", changed=False)
        touched = _give_back(session, row, person)
        row.undone_at = now
        session.add(row)
        note(session, now, by, "vertrek ongedaan gemaakt", f"persoon {person.id}", "", covenant_id)
        if row.successor_id:
            note(session, now, by, "overname ongedaan gemaakt", f"persoon {row.successor_id}", "", covenant_id)
        refuse_without_secretariat(office, session, covenant_id, now)
        follow(office, session, covenant_id, touched, now)
        return Settled(person.name, "heeft alles weer terug", changed=True)


def _note(
    session: Session, covenant_id: int, person: Person, to: Person | None, last_day: date, now: datetime, by: str
) -> None:
    """Who left and who took over, in the logbook of each."""
    words = f"laatste dag {day_words(last_day)}, " + (f"alles gaat naar {to.name}" if to else "zonder opvolger")
    note(session, now, by, "vertrekt", f"persoon {person.id}", words, covenant_id)
    if to:
        taken = f"van {person.name} na {day_words(last_day)}"
        note(session, now, by, "neemt over", f"persoon {to.id}", taken, covenant_id)


def _known_successor(session: Session, covenant_id: int, person: Person, successor: Successor) -> Person | None:
    """The person who takes over, as far as there is one already. Raises Refused for the same person."""
    if successor.person_id is not None:
        to: Person | None = seats.person(session, successor.person_id, covenant_id)
    elif successor.name:
        to = seats.same_person(session, successor.email.strip().lower(), " ".join(successor.name.split()))
    else:
        return None
    if to is not None and to.id == person.id:
        raise Refused(f"{person.name} kan niet van zichzelf overnemen.", "Kies iemand anders.")
    return to


def _seats(
    session: Session, covenant_id: int, person: Person, to: Person | None, last_day: date, *, begins: bool
) -> _Seats:
    """What ends after the last day, and what begins then."""
    moved, first = _Seats(), last_day + timedelta(1)
    known = seats.seats(session, covenant_id, to.id) if to else []
    for held in seats.seats(session, covenant_id, person.id):
        if held.seat.until is not None and held.seat.until <= last_day:
            continue
        moved.ended.append(held)
        since = max(first, held.seat.since or first)
        same = [row.seat for row in known if (row.party.id, row.seat.role) == (held.party.id, held.seat.role)]
        there = next((seat for seat in same if seat.since == since), None)
        if there is not None:
            moved.merged.append((there, list(seats.keys_of(held.seat)), list(held.seat.themes)))
        elif begins and not any(_covers(seat, held.seat, since) for seat in same):
            moved.made.append(
                _NewSeat(
                    party_id=id_of(held.party),
                    role=held.seat.role,
                    since=since,
                    until=held.seat.until,
                    agreements=list(seats.keys_of(held.seat)),
                    themes=list(held.seat.themes),
                )
            )
    return moved


def _covers(theirs: Membership, ended: Membership, since: date) -> bool:
    """Whether a seat that somebody has already is all that they would take over."""
    is_there = (theirs.since or since) <= since and (theirs.until or date.max) >= (ended.until or date.max)
    ends, has = set(seats.keys_of(ended)), set(seats.keys_of(theirs))
    return is_there and ends <= has and set(ended.themes) <= set(theirs.themes)


def _carry_out(session: Session, moved: _Seats, to: Person | None, last_day: date) -> dict[str, Any]:
    """Writes the seats; says what was done, so that it can be undone."""
    ended = []
    for left in moved.ended:
        ended.append({"seat": left.seat.id, "until": left.seat.until.isoformat() if left.seat.until else None})
        left.seat.until = last_day
        session.add(left.seat)
    merged = []
    for seat, agreements, themes in moved.merged:
        added = _new_in(agreements, seats.keys_of(seat)), _new_in(themes, seat.themes)
        merged.append({"seat": seat.id, "agreements": added[0], "themes": added[1], "are_added": True})
        seats.name_for(seat, [*seats.keys_of(seat), *added[0]])
        seat.themes = [*seat.themes, *added[1]]
        session.add(seat)
    begun = [seat.of(id_of(to)) for seat in moved.made] if to else []
    session.add_all(begun)
    session.flush()
    for seat, wanted in zip(begun, moved.made, strict=bool(to)):
        seats.name_for(seat, wanted.agreements)
    made = [{"seat": seat.id, "is": _content(seat)} for seat in begun]
    return {"ended": ended, "made": made, "merged": merged}


def _give_back(session: Session, row: Handover, person: Person) -> set[int]:
    """Undoes what was done to the seats; returns the parties. Raises Refused when one is not as it was left."""
    changed_since = Refused(
        f"Er is na de overdracht van {person.name} iets aan de plaatsen gewijzigd.",
        "Die kan niet meer in één keer terug: wijzig de plaatsen zelf.",
    )
    parties: set[int] = set()
    for change in row.changes["ended"]:
        seat = session.get(Membership, change["seat"], with_for_update=True)
        if seat is None or seat.until != row.last_day:
            raise changed_since
        seat.until = date.fromisoformat(change["until"]) if change["until"] else None
        session.add(seat)
        parties.add(seat.party_id)
    for change in row.changes["made"]:
        seat = session.get(Membership, change["seat"], with_for_update=True)
        if seat is None or _content(seat) != change["is"]:
            raise changed_since
        session.delete(seat)
    for change in row.changes["merged"]:
        seat = session.get(Membership, change["seat"], with_for_update=True)
        if seat is None:
            raise changed_since
        if change.get("are_added"):
            seats.name_for(seat, _new_in(seats.keys_of(seat), change["agreements"]))
            seat.themes = _new_in(seat.themes, change["themes"])
        else:  # an older version kept what was there before
            seats.name_for(seat, change["agreements"])
            seat.themes = change["themes"]
        session.add(seat)
    return parties


def _new_in(words: Sequence[Word], known: Sequence[Word]) -> list[Word]:
    """The words, each once, that are not among the known ones."""
    return [word for word in dict.fromkeys(words) if word not in known]


def _content(seat: Membership) -> list[str]:
    agreements = sorted(map(str, seats.keys_of(seat)))
    return [str(seat.since), str(seat.until), ",".join(agreements), ",".join(seat.themes)]


def _members_after(view: CovenantView, moved: _Seats, person: Person, to: Member, last_day: date) -> list[Member]:
    """Everybody's seats as they would be."""
    slugs = {one.party.id: one.party.slug for one in moved.ended}
    staying = [
        replace(one, until=last_day) if one.person == person.id and (one.until or date.max) > last_day else one
        for one in view.members
    ]
    absent = next(((one.away, one.unreachable) for one in view.members if one.person == to.person), ((), False))
    made = [(seat, seat.agreements, seat.themes) for seat in moved.made] + list(moved.merged)
    return staying + [
        replace(
            to,
            party=slugs[seat.party_id],
            role=Role(seat.role),
            since=seat.since,
            until=seat.until,
            agreements=tuple(agreements),
            themes=tuple(themes),
            away=absent[0],
            unreachable=absent[1],
        )
        for seat, agreements, themes in made
    ]


def _passing(
    session: Session, view: CovenantView, after: Sequence[Member], person: Person, last_day: date
) -> tuple[Passing, ...]:
    """The open deadlines that were theirs, by date."""
    first = last_day + timedelta(1)
    before, then = Members(view.members, last_day), Members(after, first)
    rows = {row.id: row for row in deadlines.rows_of(session, view.id, deadlines.are_open())}
    passing = []
    for due in deadlines.open_items(session, view.id):
        item, row = due.item, rows[due.item.id]
        for party in item.open_leads:
            was = before.responsible(party, item.agreements, item.theme)
            if was is not None and was.person == person.id:
                to = then.addressed(party, item.agreements, item.theme)
                name = f"{to.member.name} ({to.why})" if to else NOBODY
                of_party = view.party_names.get(party, party)
                passing.append(Passing(item.id, row.number, row.title, row.due, row_when(row, view), of_party, name))
    return tuple(sorted(passing, key=lambda one: (one.due or date.max, natural(one.number))))


def _warnings(after: Sequence[Member], moved: _Seats, last_day: date) -> tuple[str, ...]:
    """What would be missing afterwards."""
    first = last_day + timedelta(1)
    there = [one for one in after if (one.since or first) <= first <= (one.until or first)]
    words = []
    for left in moved.ended:
        role, mine = Role(left.seat.role), [member for member in there if member.party == left.party.slug]
        if role is Role.CONTACT and not any(member.role is Role.CONTACT for member in mine):
            words.append(f"{left.party.name} heeft daarna geen contactpersoon.")
        if role is Role.DIRECTOR and not any(member.role is Role.DIRECTOR for member in mine):
            words.append(f"{left.party.name} heeft daarna geen bestuurder.")
    return tuple(dict.fromkeys(words))


def _keeps_secretariat(view: CovenantView, after: Sequence[Member], last_day: date) -> bool:
    """Whether somebody keeps the secretariat the day after, unless nobody did."""
    then = Members(after, last_day + timedelta(1)).secretariat()
    return then is not None or Members(view.members, last_day).secretariat() is None


def _role_words(role: Role, agreements: Sequence[str], themes: Sequence[str], party: str) -> str:
    named = [*(f"afspraak {one}" for one in agreements), *(f"thema {one}" for one in themes)]
    named = named if role == Role.TREKKER else []
    return f"{ROLES[role]} voor {party}" + (f" ({joined(named)})" if named else "")


def _begins_words(moved: _Seats, numbers: Mapping[int, str]) -> list[str]:
    parties = {one.party.id: one.party.name for one in moved.ended}
    made = [(seat, seat.agreements, seat.themes) for seat in moved.made] + list(moved.merged)
    return [
        _role_words(seat.role, seats.called(keys, numbers), themes, parties[seat.party_id])
        for seat, keys, themes in made
    ]


def _has_seats_after(session: Session, email: str, last_day: date, ended: set[int | None]) -> bool:
    """Whether this mailbox still has a seat somewhere after the last day: another person's, or in another covenant."""
    there = seats.at_mailbox(session, email)
    return any(seat.id not in ended and (seat.until or date.max) > last_day for seat in there)


def _end_sessions(session: Session, email: str, now: datetime, today: date) -> None:
    """Signs a mailbox out that has no seat any more today."""
    rows = sessions.seats_of(session, email)
    if not any((row.since or today) <= today <= (row.until or today) for row in rows):
        sessions.end(session, now, email=email)
