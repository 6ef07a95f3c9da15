"""Who meets: the bodies of a table, how each is called and who sits there.

A body of which nobody was named has the people of the parties that come. Those who were named hear of its meetings
beside whoever does for their party; where nobody was named, the directors hear of a bestuurlijk overleg.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cycle.actions.deadlines.deciding.closing import Settled
from cycle.actions.deadlines.deciding.steps import YearWish, apply_wish
from cycle.actions.deadlines.upkeep.year_upkeep import renew_moments
from cycle.actions.office.covenant_view import CovenantView, views
from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.actions.office.versions import refuse_changed
from cycle.domain.model import Member, Role
from cycle.domain.standing_bodies import BOARD, HELD, body_slug
from cycle.domain.words import joined
from cycle.errors import Refused
from cycle.store import covenants, deadlines, standing_bodies
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.store.outbox import withdrawing
from cycle.store.tables import Body, Row

NAME_LENGTH = 80
MOST_BODIES = 60
RESERVED = ("nieuw",)
"""Names that are pages at the desk."""


@dataclass(frozen=True, slots=True)
class BodyWish:
    """A body as somebody wants it. `people` are who sits there; None leaves that to the parties that come."""

    name: str
    people: tuple[int, ...] | None = None


def who_may_sit(view: CovenantView, today: date) -> list[Member]:
    """Everybody with a seat today but those who only read, each once, in the order of the parties."""
    order = {party.slug: place for place, party in enumerate(view.parties)}
    present = [one for one in view.members if (one.since or today) <= today <= (one.until or today)]
    sitting = [one for one in present if one.role is not Role.READER]
    first: dict[int, Member] = {}
    for member in sorted(sitting, key=lambda one: (order[one.party], one.name, one.person)):
        first.setdefault(member.person, member)
    return list(first.values())


def suggested(view: CovenantView, row: Body, today: date) -> list[int]:
    """Whom a page offers where nobody was named: the directors for a bestuurlijk overleg, else the contacts."""
    wanted = Role.DIRECTOR if row.slug.startswith(BOARD) else Role.CONTACT
    present = [one for one in view.members if (one.since or today) <= today <= (one.until or today)]
    return [one.person for one in present if one.role is wanted and one.party in row.parties]


def add_body(office: Office, covenant_id: int, wish: BodyWish, now: datetime, *, by: str = "") -> Settled:
    """Makes a body of its own; the form of a step offers it from now on. Raises Refused for a name that cannot be."""
    with office.database.writing() as session:
        covenants.lock(session, covenant_id)
        view = views(session, office.settings, [covenant_id])[covenant_id]
        name = _name(session, view, wish.name)
        if len(standing_bodies.bodies(session, covenant_id)) >= MOST_BODIES:
            raise Refused(f"Een tafel heeft hoogstens {MOST_BODIES} overleggen.", "Gebruik er een die er al is.")
        row = Body(covenant_id=covenant_id, slug=body_slug(name), name=name)
        session.add(row)
        session.flush()
        names = _seat(session, view, row, wish.people or (), now)
        note(session, now, by, "overleg toegevoegd", f"overleg {row.slug}", f"{name}: {names}", covenant_id)
        return Settled(name, f"is erbij: {names}", changed=True)


def change_body(
    office: Office, covenant_id: int, body_id: int, wish: BodyWish, now: datetime, *, by: str = "", version: str = ""
) -> Settled:
    """Gives a body another name, or other people; its steps and planned meetings follow.

    Raises NotFound, Changed, or Refused for a name or people that cannot be.
    """
    with office.database.writing() as session:
        covenants.lock(session, covenant_id)
        row = standing_bodies.body(session, body_id, covenant_id, lock=True)
        about = f"overleg {row.slug}"
        refuse_changed(session, version, about, covenant_id, *rows_of_body(session, row))
        view = views(session, office.settings, [covenant_id])[covenant_id]
        said = _rename(office, session, view, row, wish.name, now, by)
        was = who_sits(session, row)
        if wish.people is None:
            row.is_named = False
            session.add(row)
            standing_bodies.follow_seats(session, covenant_id)
        else:
            names = _seat(session, view, row, wish.people, now)
            said += [] if was == who_sits(session, row) else [names]
        if wish.people is None and was is not None:
            said.append("wie er zit volgt weer uit de partijen")
        if not said:
            return Settled(row.name, "stond al zo", changed=False)
        note(session, now, by, "overleg gewijzigd", about, "; ".join(said), covenant_id)
        _plan_anew(session, view, now)
        return Settled(row.name, f"is bewaard: {'; '.join(said)}", changed=True)


def remove_body(
    office: Office, covenant_id: int, body_id: int, now: datetime, *, by: str = "", version: str = ""
) -> Settled:
    """Takes away a body that no step names and that never met. Raises NotFound, Changed, Refused for another."""
    with office.database.writing() as session:
        covenants.lock(session, covenant_id)
        row = standing_bodies.body(session, body_id, covenant_id, lock=True)
        refuse_changed(session, version, f"overleg {row.slug}", covenant_id, *rows_of_body(session, row))
        if standing_bodies.meets(session, row):
            raise Refused(f"{row.name} komt bij elkaar bij een stap van het jaar.", "Geef die stap een ander overleg.")
        standing_bodies.take_away(session, row)
        note(session, now, by, "overleg weggehaald", f"overleg {row.slug}", row.name, covenant_id)
        return Settled(row.name, "is weggehaald", changed=True)


def rows_of_body(session: Session, row: Body) -> list[Row]:
    """What a page of a body shows: for its version."""
    return [row, *standing_bodies.members_of(session, [id_of(row)])[id_of(row)]]


def who_sits(session: Session, row: Body) -> list[int] | None:
    """Who was named for a body; None where nobody was, so that its parties say it."""
    if not row.is_named:
        return None
    return sorted(member.person_id for member in standing_bodies.members_of(session, [id_of(row)])[id_of(row)])


def _name(session: Session, view: CovenantView, name: str, row: Body | None = None) -> str:
    """The name as it is kept. Raises Refused."""
    name = " ".join(name.split())
    slug = body_slug(name)
    if not slug or slug in RESERVED or len(name) > NAME_LENGTH or not name.isprintable():
        raise Refused("Vul een naam in.", f"Met letters, en hoogstens {NAME_LENGTH} tekens.")
    others = [one for one in standing_bodies.bodies(session, view.id) if one is not row]
    if any(slug == one.slug or name.casefold() == one.name.casefold() for one in others):
        raise Refused(f"{name} is er al.", "Kies een andere naam, of pas dat overleg aan.")
    return name


def _rename(
    office: Office, session: Session, view: CovenantView, row: Body, name: str, now: datetime, by: str
) -> list[str]:
    """Another name, also in the steps that name it: a step finds its body by its name."""
    if " ".join(name.split()) == row.name:
        return []
    name = _name(session, view, name, row)
    steps = standing_bodies.steps_of_bodies(session, view.id).get(id_of(row), [])
    row.name, row.slug = name, body_slug(name)
    session.add(row)
    session.flush()
    fields = {step: {"body": name} for step in steps if step in view.settings.steps}
    if fields:
        apply_wish(session, office.settings, view.id, YearWish(fields), now, by=by)
    return [f"heet nu {name}"]


def _seat(session: Session, view: CovenantView, row: Body, people: Iterable[int], now: datetime) -> str:
    """Names these people for a body; says who they are. Raises Refused for somebody without a seat."""
    today = view.local_day(now)
    possible = {one.person: one for one in who_may_sit(view, today)}
    chosen = list(dict.fromkeys(people))
    if any(person not in possible for person in chosen):
        raise Refused("Iemand die u koos, zit niet (meer) aan deze tafel.", "Kies uit de mensen van nu.")
    ids = {party.slug: id_of(party) for party in covenants.party_rows(session, view.id)}
    standing_bodies.name_people(session, row, {one: ids[possible[one].party] for one in chosen}, today)
    return joined([possible[one].name for one in chosen]) or "nog niemand"


def _plan_anew(session: Session, view: CovenantView, now: datetime) -> None:
    """What waits to be sent about meetings is made anew, for those who come now."""
    items: Sequence[deadlines.DueItem] = deadlines.items_to_tell(session, view.id)
    meetings = [one.item.id for one in items if one.item.kind in HELD]
    withdrawing.withdraw(session, withdrawing.unsent_digests_about(session, meetings), now)
    renew_moments(session, view, items, now)
