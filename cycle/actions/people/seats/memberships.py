"""Who sits where and is named for what: seats made and changed, one person named for an agreement or a theme.

What waits to be sent to the people of a party is planned anew, so that the next mail goes to whoever is named now.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cycle.actions.deadlines.deciding.closing import Settled
from cycle.actions.deadlines.upkeep.year_upkeep import renew_moments
from cycle.actions.office.covenant_view import CovenantView, views
from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.actions.office.versions import refuse_changed
from cycle.domain.addressing import Members
from cycle.domain.days import SEAT
from cycle.domain.mail_addresses import look_at_address
from cycle.domain.model import AgreementKey, Role
from cycle.domain.words import day_words, joined
from cycle.errors import CycleError, Fault, NotFound, Refused
from cycle.store import covenants, deadlines, seats, standing_bodies
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.store.outbox import withdrawing
from cycle.store.tables import Membership, PartyRow, Person
from cycle.words import ROLES

NAME_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Wish:
    """A seat as somebody wants it; both days count. `agreements` and `themes` are what a trekker is named for."""

    party: str
    role: Role
    since: date | None = None
    until: date | None = None
    agreements: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()


def faults_of(session: Session, covenant_id: int, wish: Wish, today: date) -> list[Fault]:
    """What is wrong with a wish, by the name of its field."""
    around = SEAT.around(today)
    named = (("since", wish.since), ("until", wish.until))
    faults = [Fault(field, around.fault(day), "") for field, day in named if day and not around.holds(day)]
    numbers, themes = seats.numbers_and_themes(session, covenant_id)
    if wish.party not in {row.slug for row in covenants.party_rows(session, covenant_id) if row.until is None}:
        faults.append(Fault("party", "Deze partij is er niet.", "Kies een partij uit de lijst."))
    if wish.since and wish.until and wish.until < wish.since:
        faults.append(Fault("until", "De laatste dag ligt voor de eerste.", "Kies een latere dag, of laat hem leeg."))
    for field, known, chosen, word in (
        ("agreements", numbers, wish.agreements, "Afspraak"),
        ("themes", themes, wish.themes, "Thema"),
    ):
        unknown = [one for one in chosen if one not in known]
        if unknown:
            faults.append(Fault(field, f"{word} {joined(unknown)} bestaat niet.", f"Bekend zijn: {', '.join(known)}."))
    if (wish.agreements or wish.themes) and wish.role is not Role.TREKKER:
        faults.append(Fault("role", "Alleen een trekker is voor een afspraak of thema aangewezen.", "Kies trekker."))
    return faults


def faults_of_name(name: str, email: str) -> list[Fault]:
    """What is wrong with how somebody is called and reached, by the name of its field."""
    faults = []
    if not name or len(name) > NAME_LENGTH or not name.isprintable():
        faults.append(Fault("name", "Vul een naam in.", f"Hoogstens {NAME_LENGTH} tekens, zonder regeleinde."))
    try:
        look_at_address(email)
    except CycleError as error:
        faults.append(Fault("email", error.what, error.hint))
    return faults


def add_person(
    office: Office, covenant_id: int, name: str, email: str, wish: Wish, now: datetime, *, by: str = ""
) -> tuple[int, Settled]:
    """Gives somebody a seat: a new person, or the one that is known under this name and address.

    Returns who it is, and what was done. Raises Refused for a wish that cannot be.
    """
    name, email = " ".join(name.split()), email.strip().lower()
    refuse_first(faults_of_name(name, email))
    with office.database.writing() as session:
        covenants.lock(session, covenant_id)
        person = person_called(session, name, email)
        return id_of(person), _add(office, session, covenant_id, person, wish, now, by)


def add_seat(office: Office, covenant_id: int, person_id: int, wish: Wish, now: datetime, *, by: str = "") -> Settled:
    """Gives somebody of this covenant another seat.

    Raises NotFound, or Refused for a wish that cannot be.
    """
    with office.database.writing() as session:
        covenants.lock(session, covenant_id)
        person = seats.person(session, person_id, covenant_id, lock=True)
        return _add(office, session, covenant_id, person, wish, now, by)


def change_seat(
    office: Office, covenant_id: int, seat_id: int, wish: Wish, now: datetime, *, by: str = "", version: str = ""
) -> Settled:
    """Changes since when and until when somebody has a seat, and what for; its party and role stay.

    Raises NotFound, Changed, or Refused for a wish that cannot be and for the last secretariat.
    """
    with office.database.writing() as session:
        covenants.lock(session, covenant_id)
        row = seats.seat(session, seat_id, covenant_id, lock=True)
        person, party = session.get_one(Person, row.person_id), session.get_one(PartyRow, row.party_id)
        refuse_changed(session, version, f"persoon {person.id}", covenant_id, row)
        refuse_first(faults_of(session, covenant_id, wish, office.local_day(now)))
        keys = _keys(session, covenant_id, wish)
        if (row.since, row.until, set(seats.keys_of(row)), tuple(row.themes)) == (
            wish.since,
            wish.until,
            set(keys),
            wish.themes,
        ):
            return Settled(person.name, "stond al zo", changed=False)
        _refuse_double(session, covenant_id, person, wish, other_than=row)
        row.since, row.until = wish.since, wish.until
        row.themes = list(wish.themes)
        seats.name_for(row, keys)
        session.add(row)
        session.flush()
        words = wish_words(wish, party.name)
        note(session, now, by, "plaats gewijzigd", f"persoon {person.id}", words, covenant_id)
        refuse_without_secretariat(office, session, covenant_id, now)
        follow(office, session, covenant_id, [id_of(party)], now)
        return Settled(person.name, f"is nu {words}", changed=True)


def name_addressee(
    office: Office,
    covenant_id: int,
    party: str,
    person_id: int | None,
    now: datetime,
    *,
    agreement_id: int | None = None,
    theme: str = "",
    by: str = "",
    version: str = "",
) -> Settled:
    """Names who gets a party's mail about one agreement, or about one theme; nobody leaves it to who is next in line.

    Whoever was named for it is so no more; what else they are named for stays. Raises NotFound, Changed, Refused for
    somebody without a seat at this party.
    """
    with office.database.writing() as session:
        covenants.lock(session, covenant_id)
        today = office.local_day(now)
        of_party = (row for row in seats.seats(session, covenant_id) if row.party.slug == party)
        seats_there = [row for row in of_party if (row.seat.until or today) >= today]
        number = _known(session, covenant_id, agreement_id, theme)
        about = f"afspraak {number}" if number else f"thema {theme}"
        refuse_changed(session, version, about, covenant_id, *[row.seat for row in seats_there])
        party_row = _party(session, covenant_id, party)
        to = None if person_id is None else _trekker(session, seats_there, party_row, person_id, today)
        if not _name(session, seats_there, to, agreement_id, theme):
            return Settled(about, "stond al zo", changed=False)
        who = session.get_one(Person, person_id).name if person_id is not None else "wie aan de beurt is"
        words = f"gaat voor {party_row.name} naar {who}"
        note(session, now, by, "geadresseerde gewijzigd", about, words, covenant_id, of=agreement_id or 0)
        follow(office, session, covenant_id, [id_of(party_row)], now)
        return Settled(about.capitalize(), words, changed=True)


def agreement_called(office: Office, covenant_id: int, number: str) -> int:
    """The agreement that bears this number today. Raises NotFound, with what there is."""
    with office.database.reading() as session:
        ids = {called: key for key, called in seats.numbers_of(session, covenant_id).items()}
        if number not in ids:
            raise NotFound(*_not_there(session, covenant_id))
    return ids[number]


def person_called(session: Session, name: str, email: str) -> Person:
    """The person of this name and address, made when there is none."""
    person = seats.same_person(session, email, name)
    if person is None:
        person = Person(name=name, email=email)
        session.add(person)
        session.flush()
    return person


def refuse_first(faults: Sequence[Fault]) -> None:
    """Raises Refused with the first of these."""
    if faults:
        raise Refused(faults[0].what, faults[0].hint)


def refuse_without_secretariat(office: Office, session: Session, covenant_id: int, now: datetime) -> None:
    """Raises Refused when nobody would keep the secretariat, today or after somebody's last day."""
    session.flush()
    view = _view(office, session, covenant_id)
    today = view.local_day(now)
    keepers = [one for one in view.members if one.role is Role.SECRETARIAT]
    days = [
        today,
        *(date.fromordinal(one.until.toordinal() + 1) for one in keepers if one.until and one.until >= today),
    ]
    if keepers and not all(Members(keepers, day).secretariat() for day in days):
        raise Refused("Dan is er geen secretariaat meer.", "Wijs eerst iemand anders aan als secretariaat.")


def follow(office: Office, session: Session, covenant_id: int, party_ids: Iterable[int], now: datetime) -> None:
    """Whoever sits for these parties now comes to their meetings, and mail that waits for them is planned anew."""
    standing_bodies.follow_seats(session, covenant_id)
    wanted = set(party_ids)
    people = {id_of(row.person) for row in seats.seats(session, covenant_id) if row.party.id in wanted}
    withdrawing.withdraw(session, withdrawing.unsent_digests_to(session, people), now)
    renew_moments(session, _view(office, session, covenant_id), deadlines.items_to_tell(session, covenant_id), now)


def is_there(since: date | None, until: date | None, day: date) -> bool:
    """Whether a seat is taken on a day."""
    return (since or day) <= day <= (until or day)


def _add(
    office: Office, session: Session, covenant_id: int, person: Person, wish: Wish, now: datetime, by: str
) -> Settled:
    party, words = give_seat(office, session, covenant_id, person, wish, now, by)
    follow(office, session, covenant_id, [id_of(party)], now)
    return Settled(person.name, f"is nu {words}", changed=True)


def give_seat(
    office: Office, session: Session, covenant_id: int, person: Person, wish: Wish, now: datetime, by: str
) -> tuple[PartyRow, str]:
    """Seats somebody and notes it; who does this calls `follow` with the party. Returns that, and the seat in words.

    Raises Refused for a wish that cannot be.
    """
    refuse_first(faults_of(session, covenant_id, wish, office.local_day(now)))
    party = _party(session, covenant_id, wish.party)
    _refuse_double(session, covenant_id, person, wish)
    seat = Membership(
        person_id=id_of(person),
        party_id=id_of(party),
        role=wish.role,
        since=wish.since,
        until=wish.until,
        themes=list(wish.themes),
    )
    session.add(seat)
    session.flush()
    seats.name_for(seat, _keys(session, covenant_id, wish))
    words = wish_words(wish, party.name)
    note(session, now, by, "plaats gegeven", f"persoon {person.id}", words, covenant_id)
    return party, words


def _keys(session: Session, covenant_id: int, wish: Wish) -> list[AgreementKey]:
    """The agreements of a wish, whatever number they get later."""
    ids = {number: key for key, number in seats.numbers_of(session, covenant_id).items()}
    return [ids.get(number, number) for number in wish.agreements]


def _refuse_double(
    session: Session, covenant_id: int, person: Person, wish: Wish, other_than: Membership | None = None
) -> None:
    """Raises Refused for a second seat in the same role for the same party at the same time."""
    for row in seats.seats(session, covenant_id, person.id):
        is_same = (row.party.slug, row.seat.role) == (wish.party, wish.role)
        starts, ends = max(row.seat.since or date.min, wish.since or date.min), row.seat.until or date.max
        if is_same and row.seat is not other_than and starts <= min(ends, wish.until or date.max):
            words = f"{person.name} is al {ROLES[wish.role]} voor {row.party.name}."
            raise Refused(words, "Wijzig die plaats, of kies een andere eerste dag.")


def _known(session: Session, covenant_id: int, agreement_id: int | None, theme: str) -> str:
    """The number of the agreement that is meant, empty for a theme; refuses what is not there, and both at once."""
    numbers, themes = seats.numbers_of(session, covenant_id), seats.numbers_and_themes(session, covenant_id)[1]
    is_there = agreement_id in numbers if not theme else agreement_id is None and theme in themes
    if not is_there:
        raise NotFound(*_not_there(session, covenant_id))
    return "" if agreement_id is None else numbers[agreement_id]


def _not_there(session: Session, covenant_id: int) -> tuple[str, str]:
    numbers, themes = seats.numbers_and_themes(session, covenant_id)
    return "Deze afspraak of dit thema is er niet.", f"Bekend zijn: {', '.join([*numbers, *themes])}."


def _party(session: Session, covenant_id: int, slug: str) -> PartyRow:
    rows = {row.slug: row for row in covenants.party_rows(session, covenant_id)}
    if slug not in rows:
        raise NotFound(f"De partij {slug!r} bestaat niet.", f"Bekend zijn: {', '.join(rows)}.")
    return rows[slug]


def _trekker(
    session: Session, seats_there: Sequence[seats.Seat], party: PartyRow, person_id: int, today: date
) -> Membership:
    """The seat as trekker of somebody at this party; made for who sits there as something else."""
    mine = [
        one.seat
        for one in seats_there
        if one.person.id == person_id and is_there(one.seat.since, one.seat.until, today)
    ]
    if not mine:
        raise Refused(f"Deze persoon zit nu niet aan tafel voor {party.name}.", "Kies iemand van deze partij.")
    trekker = next((seat for seat in mine if seat.role == Role.TREKKER), None)
    if trekker is None:
        trekker = Membership(person_id=person_id, party_id=id_of(party), role=Role.TREKKER, since=today)
        session.add(trekker)
        session.flush()
    return trekker


def _name(
    session: Session, seats_there: Sequence[seats.Seat], to: Membership | None, agreement: int | None, theme: str
) -> bool:
    """Takes the name from everybody else at the party and gives it to one seat; says whether anything changed."""
    changed = False
    for seat in _each(seats_there, to):
        named: Sequence[AgreementKey] = seats.keys_of(seat) if agreement else seat.themes
        word: AgreementKey = agreement or theme
        if (word in named) is (seat is to):
            continue
        wanted = [*named, word] if seat is to else [one for one in named if one != word]
        if agreement:
            seats.name_for(seat, wanted)
        else:
            seat.themes = [str(one) for one in wanted]
        session.add(seat)
        changed = True
    return changed


def _each(seats_there: Sequence[seats.Seat], to: Membership | None) -> list[Membership]:
    known = [one.seat for one in seats_there if one.seat.role == Role.TREKKER]  # nobody else is named for anything
    return known if to is None or any(seat is to for seat in known) else [*known, to]


def wish_words(wish: Wish, party: str) -> str:
    """ "trekker voor Clavis (afspraak 1.1.4), vanaf 1 december 2026" """
    named = [
        *(f"afspraak {one}" for one in wish.agreements),
        *(f"thema {one}" for one in wish.themes),
    ]
    about = f" ({joined(named)})" if named else ""
    since = f", vanaf {day_words(wish.since)}" if wish.since else ""
    until = f", tot en met {day_words(wish.until)}" if wish.until else ""
    return f"{ROLES[wish.role]} voor {party}{about}{since}{until}"


def _view(office: Office, session: Session, covenant_id: int) -> CovenantView:
    return views(session, office.settings, [covenant_id])[covenant_id]
