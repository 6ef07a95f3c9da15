"""Bodies: the standing tables of people that meet, those of the steps of the year that are held as meetings.

Which parties come follows from the steps (`keep`), who sits there for them from the seats of those parties
(`follow_seats`): everybody but those who only read. A seat that ended stays, with its last day. A body may name its
people one by one instead (`name_people`), of whatever party: they sit there for as long as they have a seat of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from cycle.domain.model import Role
from cycle.domain.standing_bodies import StandingBodies, Table
from cycle.domain.term import TERM_STEPS
from cycle.errors import NotFound
from cycle.store.columns import columns
from cycle.store.ids import id_of
from cycle.store.tables import ActionRow, Body, BodyMember, Covenant, DeadlineRow, MeetingRow, Membership, PartyRow

Seats = dict[tuple[int, int, date], tuple[str, date | None]]
"""The seats of a covenant by person, party and first day, each with the party's slug and its last day."""


def kept_of(session: Session, covenant_ids: Iterable[int]) -> dict[int, StandingBodies]:
    """What is kept of the bodies of some covenants, and of the steps at which they meet."""
    wanted = list(covenant_ids)
    tables: dict[int, dict[str, Table]] = {covenant_id: {} for covenant_id in wanted}
    of_steps: dict[int, dict[str, str]] = {covenant_id: {} for covenant_id in wanted}
    known = columns(Body.covenant_id, Body.slug, Body.name, Body.parties).where(col(Body.covenant_id).in_(wanted))
    for covenant_id, slug, name, parties in session.exec(known):
        tables[covenant_id][slug] = Table(name, tuple(parties))
    meets = columns(ActionRow.covenant_id, ActionRow.step_name, Body.slug).join(Body, col(Body.id) == ActionRow.body_id)
    for covenant_id, step, slug in session.exec(meets.where(col(ActionRow.covenant_id).in_(wanted))):
        of_steps[covenant_id][step] = slug
    return {covenant_id: StandingBodies(tables[covenant_id], of_steps[covenant_id]) for covenant_id in wanted}


def keep(session: Session, covenant_id: int, wanted: StandingBodies) -> None:
    """Makes a body of each table that the year has, and says who comes and at which step it meets; one that the year no
    longer has stays."""
    rows = {row.slug: row for row in session.exec(select(Body).where(Body.covenant_id == covenant_id))}
    for slug, table in wanted.tables.items():
        row = rows.setdefault(slug, Body(covenant_id=covenant_id, slug=slug, name=table.name))
        row.name, row.parties = table.name, list(table.parties)
        session.add(row)
    session.flush()
    _let_go(session, covenant_id)
    asked = ActionRow.covenant_id == covenant_id, col(ActionRow.step_name).in_(list(wanted.of_steps))
    for action in session.exec(select(ActionRow).where(*asked)):
        _let_meet(session, action, id_of(rows[wanted.of_steps[action.step_name or ""]]))
    follow_seats(session, covenant_id)


def follow_seats(session: Session, covenant_id: int) -> None:
    """Seats whoever sits for a party that comes, as long as they do. Call it after each change of a seat."""
    session.flush()
    seats = _seats(session, covenant_id)
    for body in session.exec(select(Body).where(Body.covenant_id == covenant_id)).all():
        rows = session.exec(select(BodyMember).where(BodyMember.body_id == body.id)).all()
        if body.is_named:
            _follow_named(session, rows, seats)
            continue
        known = {(row.person_id, row.party_id, row.since): row for row in rows}
        asked = {key: until for key, (party, until) in seats.items() if party in body.parties}
        for key, until in asked.items():
            person_id, party_id, since = key
            row = known.pop(key, None) or BodyMember(
                body_id=id_of(body), person_id=person_id, party_id=party_id, since=since
            )
            row.until = until
            session.add(row)
        for row in known.values():
            session.delete(row)
    session.flush()


def _follow_named(session: Session, rows: Iterable[BodyMember], seats: Seats) -> None:
    """Who was named sits there until their last seat for that party ends."""
    for row in rows:
        mine = row.person_id, row.party_id
        untils = [until for (who, party, _), (_, until) in seats.items() if (who, party) == mine]
        if untils:
            row.until = None if None in untils else max(until for until in untils if until)
            session.add(row)
        else:
            session.delete(row)


def bodies(session: Session, covenant_id: int) -> Sequence[Body]:
    """The bodies of a covenant by name."""
    return session.exec(select(Body).where(Body.covenant_id == covenant_id).order_by(Body.name, Body.slug)).all()


def body(session: Session, body_id: int, covenant_id: int, *, lock: bool = False) -> Body:
    """One body of this covenant.

    Raises NotFound.
    """
    row = session.get(Body, body_id, with_for_update=lock or None) if 0 < body_id < 2**31 else None
    if row is None or row.covenant_id != covenant_id:
        raise NotFound("Dit overleg is er niet.", "Kijk bij Wie er vergadert.")
    return row


def members_of(session: Session, body_ids: Iterable[int]) -> dict[int, list[BodyMember]]:
    """Who sits or sat at some bodies, by body."""
    by_body: dict[int, list[BodyMember]] = {body_id: [] for body_id in body_ids}
    query = select(BodyMember).where(col(BodyMember.body_id).in_(list(by_body))).order_by(col(BodyMember.id))
    for row in session.exec(query):
        by_body[row.body_id].append(row)
    return by_body


def steps_of_bodies(session: Session, covenant_id: int) -> dict[int, list[str]]:
    """The steps of the year at which each body of a covenant meets."""
    query = columns(ActionRow.body_id, ActionRow.step_name).where(col(ActionRow.covenant_id) == covenant_id)
    meets = query.where(col(ActionRow.body_id).is_not(None), col(ActionRow.step_name).is_not(None))
    by_body: dict[int, list[str]] = {}
    for body_id, step in session.exec(meets.order_by(col(ActionRow.id))):
        by_body.setdefault(body_id, []).append(step)
    return by_body


def name_people(session: Session, row: Body, wanted: Mapping[int, int], today: date) -> None:
    """From today these people sit at a body, each for a party: person by party. Who sat there already stays so."""
    row.is_named = True
    session.add(row)
    known = {}
    for member in members_of(session, [id_of(row)])[id_of(row)]:
        if wanted.get(member.person_id) == member.party_id and member.person_id not in known:
            known[member.person_id] = member
        else:
            session.delete(member)
    session.flush()
    for person_id, party_id in wanted.items():
        if person_id not in known:
            session.add(BodyMember(body_id=id_of(row), person_id=person_id, party_id=party_id, since=today))
    follow_seats(session, row.covenant_id)


def meets(session: Session, row: Body) -> bool:
    """Whether a body meets at a step, or ever did."""
    questions = (select(kind.id).where(kind.body_id == row.id).limit(1) for kind in (ActionRow, MeetingRow))
    return any(session.exec(question).first() is not None for question in questions)


def take_away(session: Session, row: Body) -> None:
    """Deletes a body that never met, with who was named for it."""
    for member in members_of(session, [id_of(row)])[id_of(row)]:
        session.delete(member)
    session.flush()
    session.delete(row)
    session.flush()


def body_of(session: Session, row: DeadlineRow) -> int:
    """The body that meets at a deadline; it is made where keeping the year did not come to it yet."""
    action = session.get_one(ActionRow, row.action_id)
    if action.body_id is None:
        body = Body(covenant_id=row.covenant_id, slug=action.step_name or action.uid, name=row.title)
        session.add(body)
        session.flush()
        action.body_id = id_of(body)
    return action.body_id


@dataclass(frozen=True, slots=True)
class Seated:
    """Who sits at a body: each a person, with the first and the last day on which they do."""

    name: str = ""
    stretches: tuple[tuple[int, date, date | None], ...] = ()
    body_id: int = 0

    def on(self, day: date) -> set[int]:
        """Who sits there on a day."""
        return {person for person, since, until in self.stretches if since <= day <= (until or day)}


def seated_at(session: Session, row: DeadlineRow) -> Seated:
    """Who meets at a deadline; nobody where keeping the year did not make its body yet."""
    body = session.exec(select(Body).join(ActionRow).where(ActionRow.id == row.action_id)).first()
    if body is None:
        return Seated()
    query = columns(BodyMember.person_id, BodyMember.since, BodyMember.until).where(BodyMember.body_id == body.id)
    return Seated(body.name, tuple(session.exec(query).all()), id_of(body))


def _let_go(session: Session, covenant_id: int) -> None:
    """The steps of the term are no meetings: a body that was made for one of them goes, unless it ever met."""
    mine = ActionRow.covenant_id == covenant_id, col(ActionRow.step_name).in_(TERM_STEPS)
    for action in session.exec(select(ActionRow).where(*mine, col(ActionRow.body_id).is_not(None))).all():
        body, action.body_id = session.get_one(Body, action.body_id), None
        session.add(action)
        session.flush()
        if not meets(session, body):
            take_away(session, body)


def _let_meet(session: Session, action: ActionRow, body_id: int) -> None:
    """Another body meets at this step from now on, also at the meetings that were planned."""
    if action.body_id == body_id:
        return
    action.body_id = body_id
    session.add(action)
    planned = select(MeetingRow).join(DeadlineRow, col(MeetingRow.deadline_id) == DeadlineRow.id)
    for meeting in session.exec(planned.where(DeadlineRow.action_id == action.id)):
        meeting.body_id = body_id
        session.add(meeting)


def _seats(session: Session, covenant_id: int) -> Seats:
    """The seats of a covenant by person, party and first day, each with the party's slug and its last day."""
    query = (
        columns(
            Membership.person_id,
            Membership.party_id,
            Membership.since,
            Membership.until,
            PartyRow.slug,
            Covenant.live_since,
        )
        .join(PartyRow, col(Membership.party_id) == PartyRow.id)
        .join(Covenant, col(PartyRow.covenant_id) == Covenant.id)
        .where(PartyRow.covenant_id == covenant_id, col(Membership.role) != Role.READER)
    )
    seats: Seats = {}
    for person, party, since, until, slug, live_since in session.exec(query):
        key = person, party, since or live_since
        last = seats[key][1] if key in seats else until
        seats[key] = slug, None if None in (last, until) else max(last, until)
    return seats
