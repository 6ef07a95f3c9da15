"""Who was chosen for a letter and does not get it: whoever left since is named, and never left out without a word."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from cycle.actions.office.covenant_view import CovenantView
from cycle.domain.model import Member
from cycle.store import seats
from cycle.store.database import Session
from cycle.store.tables import LetterAddressee

ERASED = "Iemand die hier niet meer bekend is"

Goes = Sequence[tuple[str, Member]]
"""Who gets a letter, or a copy of it, each with the party for which they do."""


def lost_words(session: Session, view: CovenantView, own: Mapping[str, Any], to: Goes, copies: Goes) -> tuple[str, ...]:
    """A sentence for each who was ticked for a copy, or chosen for the mail of a party, and gets none.

    `own` is what the secretary said of this letter (`details.own_details`).
    """
    getting = {person.person for _party, person in (*to, *copies)}
    copied = [number for number in own.get("copies", ()) if number not in getting]
    mailed = {
        party: person for party, person in to if own.get("mail_to", {}).get(party, person.person) != person.person
    }
    names = seats.names_of(session, [*copied, *(own["mail_to"][party] for party in mailed)])
    said = [_no_copy(names.get(number, ERASED)) for number in copied]
    for party, person in mailed.items():
        was = names.get(own["mail_to"][party], ERASED)
        called = view.party_names.get(party, party)
        said.append(f"{was} zou de mail aan {called} krijgen, maar zit daar niet meer. Die gaat nu naar {person.name}.")
    return tuple(said)


def left_since(view: CovenantView, addressees: Iterable[LetterAddressee], today: date) -> tuple[str, ...]:
    """A sentence for each addressee of a letter that was approved who sits nowhere at the table any more."""
    there = {one.person for one in view.members if (one.since or today) <= today <= (one.until or today)}
    gone = [(one.name, view.party_names.get(one.party, one.party)) for one in addressees if one.person_id not in there]
    return tuple(f"{name} zit niet meer aan tafel, en krijgt deze brief nog voor {party}." for name, party in gone)


def _no_copy(name: str) -> str:
    return (
        f"{name} was aangekruist voor een kopie, maar zit niet meer bij wie de brief krijgt: er gaat geen kopie heen."
    )
