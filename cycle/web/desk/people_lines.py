"""People and their seats as the desk lists them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cycle.actions.office.covenant_view import CovenantView
from cycle.domain.addressing import Members
from cycle.domain.model import Role
from cycle.domain.words import day_words, joined
from cycle.store.apart import made_apart
from cycle.store.ids import id_of
from cycle.store.seats import Seat
from cycle.store.tables import Handover
from cycle.web.desk import lines
from cycle.web.desk.visiting import DeskRequest
from cycle.words import ROLES

ROLE_CHOICES = [(role, words) for role, words in ROLES.items()]


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person at one party."""

    id: int
    name: str
    email: str
    party: str
    roles: str
    named: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeatLine:
    """One seat of a person."""

    id: int
    words: str
    named: str
    period: str
    is_past: bool


def person_lines(
    rows: Iterable[Seat], view: CovenantView, at: DeskRequest, chosen: Mapping[str, str]
) -> list[PersonLine]:
    """One line per person and party; of those who left only when they are asked for."""
    boxes: dict[str, set[int]] = defaultdict(set)
    together: dict[tuple[int, int], list[Seat]] = defaultdict(list)
    for row in rows:
        boxes[row.person.email].add(id_of(row.person))
        together[id_of(row.party), id_of(row.person)].append(row)
    members = {member.person: member for member in view.members}

    def line(held: Sequence[Seat]) -> PersonLine | None:
        live = [one for one in held if (one.seat.until or at.today) >= at.today]
        first = held[0]
        words = f"{first.person.name} {first.person.email}".casefold()
        fits = (
            bool(live) or bool(chosen["ook"]),
            chosen["partij"] in ("", first.party.slug),
            not chosen["rol"] or any(one.seat.role == chosen["rol"] for one in live or held),
            chosen["zoek"].casefold() in words,
        )
        if not all(fits):
            return None
        away = members[id_of(first.person)].away if first.person.id in members else ()
        return _person_line(live or held, _notes(held, live, away, boxes, at.today))

    return made_apart(together.values(), line, lambda several: f"list: persoon {several[0].person.id}")


def _person_line(rows: Sequence[Seat], notes: tuple[str, ...]) -> PersonLine:
    first = rows[0]
    roles = joined(list(dict.fromkeys(ROLES[Role(one.seat.role)] for one in rows)))
    named = [words for one in rows if one.seat.role == Role.TREKKER and (words := _named(one))]
    return PersonLine(
        id_of(first.person), first.person.name, first.person.email, first.party.name, roles, "; ".join(named), notes
    )


def _notes(
    held: Sequence[Seat],
    live: Sequence[Seat],
    away: Sequence[tuple[date, date]],
    boxes: Mapping[str, set[int]],
    today: date,
) -> tuple[str, ...]:
    """What is out of the ordinary about somebody."""
    person, words = held[0].person, []
    if not live:
        words.append(f"weg sinds {day_words(max(one.seat.until for one in held if one.seat.until))}")
    ends = [one.seat.until for one in live if one.seat.until]
    starts = [one.seat.since for one in live if one.seat.since and one.seat.since > today]
    words += [f"tot en met {day_words(min(ends))}"] if ends else []
    words += [f"vanaf {day_words(min(starts))}"] if starts else []
    words += [f"afwezig tot en met {day_words(last)}" for first, last in away if first <= today <= last]
    if person.undeliverable_since is not None:
        words.append("mailadres werkt niet")
    if len(boxes[person.email]) > 1:
        words.append("gedeelde postbus")
    return tuple(words)


def _named(seat: Seat) -> str:
    """ "thema 1 en thema 5, afspraak 1.1.4" """
    return joined([*(f"thema {one}" for one in seat.seat.themes), *(f"afspraak {one}" for one in seat.numbers)])


def addressed_to(members: Members, slug: str, head: Any) -> tuple[str, int, str]:
    """Name, id and reason of who gets a party's mail about an agreement."""
    to = members.addressed(slug, (head.id,), head.theme)
    return (to.member.name, to.member.person, lines.why_words(to)) if to else ("niemand", 0, lines.why_words(to))


def seat_line(seat: Seat, today: date) -> SeatLine:
    """A seat of somebody, with whether it still holds."""
    words = f"{ROLES[Role(seat.seat.role)]} voor {seat.party.name}"
    since = f"vanaf {day_words(seat.seat.since)}" if seat.seat.since else ""
    until = f"tot en met {day_words(seat.seat.until)}" if seat.seat.until else ""
    period = " ".join(part for part in (since, until) if part) or "zonder einddatum"
    named = _named(seat) if seat.seat.role == Role.TREKKER else ""
    return SeatLine(id_of(seat.seat), words, named, period, (seat.seat.until or today) < today)


def mails_for(
    number: int, view: CovenantView, heads: Sequence[Any], today: date
) -> list[tuple[int, str, str, str, str]]:
    """The agreements about which somebody gets the mail today: id, number, topic, party and why."""
    members, mails = Members(view.members, today), []
    for head in heads:
        for slug in head.agenda_leads or head.leads:
            to = members.addressed(slug, (head.id,), head.theme)
            if to is not None and to.member.person == number:
                mails.append((head.id, head.number, head.topic, view.party_names.get(slug, slug), lines.why_words(to)))
    return mails


def handover_words(row: Handover, names: Mapping[int | None, str], number: int) -> str:
    """A hand-over as one of the two sees it."""
    if number != row.person_id:
        return f"neemt na {day_words(row.last_day)} alles over van {names.get(row.person_id, 'iemand anders')}"
    to = f" en draagt alles over aan {names.get(row.successor_id, 'iemand anders')}" if row.successor_id else ""
    return f"vertrekt na {day_words(row.last_day)}{to}"
