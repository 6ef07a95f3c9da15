"""What the form of a seat says."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from cycle.actions.people.departure.leaving import Successor
from cycle.actions.people.seats import memberships as seating
from cycle.actions.people.seats.memberships import Wish
from cycle.domain.days import SEAT
from cycle.domain.model import Role
from cycle.web.desk import lines
from cycle.web.desk.forms import DeskForm
from cycle.web.desk.visiting import DeskRequest

FIELDS = {
    "party": "partij",
    "role": "rol",
    "since": "vanaf",
    "until": "tot",
    "agreements": "afspraken",
    "themes": "themas",
}
NEW, NOBODY = "nieuw", "niemand"


def seat_wish(at: DeskRequest, typed: DeskForm) -> Wish | None:
    """The seat that was typed; sentences by the fields that are not right."""
    role = typed.choice("rol", list(Role), needed="Kies een rol.")
    party = typed.text("partij", needed="Kies een partij.")
    around = SEAT.around(at.today)
    since, until = typed.day("vanaf", within=around), typed.day("tot", within=around)
    if not role or not party:
        return None
    is_trekker = role == Role.TREKKER
    agreements, themes = (_words(typed[name]) if is_trekker else () for name in ("afspraken", "themas"))
    wish = Wish(party, Role(role), since, until, agreements, themes)
    with at.office.database.reading() as session:
        note_faults(typed, seating.faults_of(session, at.covenant_id, wish, at.today), FIELDS)
    return wish


def _words(text: str) -> tuple[str, ...]:
    """Numbers with commas or spaces between them, each once."""
    return tuple(dict.fromkeys(text.replace(",", " ").replace(";", " ").split()))


def note_faults(typed: DeskForm, faults: Iterable[Any], fields: Mapping[str, str]) -> None:
    """Says each fault beside the field that it is about."""
    for fault in faults:
        typed.wrong(fields[fault.place], f"{fault.what} {fault.hint}")


def iso_day(day: date | None) -> str:
    """A day as the field of a form holds it; nothing for none."""
    return day.isoformat() if day else ""


def successor_of(typed: DeskForm) -> Successor:
    """Who takes over, as it was typed."""
    who = typed.text("opvolger", needed="Kies wie het overneemt, of kies niemand.")
    if who == NEW:
        name = typed.text("naam", needed="Vul de naam van de opvolger in.")
        email = typed.text("adres", needed="Vul het mailadres van de opvolger in.")
        if name and email:
            note_faults(typed, seating.faults_of_name(name, email.lower()), {"name": "naam", "email": "adres"})
        return Successor(name=name, email=email)
    return Successor() if who in ("", NOBODY) else Successor(lines.number_of(who))
