"""Reminders that wait for the secretariat: as drafts, until it lets them go or the set number of working hours is over.

A draft is made anew on every mail day, when something in it changes, and when it is let go, so that it says what is
open at that moment. Mail to the secretariat itself never waits: it tells that drafts do.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from cycle.actions.office.covenant_view import view_of
from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.domain.words import joined
from cycle.errors import NotFound, Refused
from cycle.store import covenants, post
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.store.outbox import approving, lookups, telling
from cycle.store.outbox.labels import DRAFT
from cycle.store.tables import Message

Draft = tuple[Message, list[str]]
"""A mail that waits, and by name everybody whom it is for: several when they share the mailbox."""


@dataclass(frozen=True, slots=True)
class Released:
    """What letting go would do, or did."""

    mails: int
    words: str


def drafts_to_release(
    office: Office, ids: Collection[int] = (), covenant: str | None = None, *, alone: bool = False
) -> list[Draft]:
    """The drafts of these numbers, else all of a covenant, else all; with everybody whom they are for.

    With `alone` none that is about another covenant too: its secretariat has a say in it as well.
    Raises NotFound for a number that is no draft.
    """
    with office.database.reading() as session:
        rows = list(lookups.messages(session, lookups.in_state(DRAFT)))
        if covenant is not None:
            wanted = view_of(session, office.settings, covenant).id
            about = telling.covenants_of(session, [id_of(row) for row in rows])
            rows = [row for row in rows if _is_of(wanted, about.get(id_of(row), set()), alone=alone)]
        readers = _readers(session, rows)
    unknown = set(ids) - {row.id for row in rows}
    if unknown:
        raise NotFound(f"Bericht {min(unknown)} wacht niet op akkoord.", "Kijk met: cycle outbox --state draft")
    return [(row, readers[id_of(row)]) for row in reversed(rows) if not ids or row.id in ids]


def _readers(session: Session, rows: Sequence[Message]) -> dict[int, list[str]]:
    """By name whom each is for: who shares its mailbox and is told something in it, else its addressee."""
    people = covenants.people(session, (row.person_id or 0 for row in rows))
    alone = {id_of(row): [people[row.person_id or 0]] for row in rows}
    named = {key: [one.name or one.email for one in of_it] for key, of_it in alone.items()}
    return named | post.readers_named(session, list(named))


def _is_of(covenant: int, about: Collection[int], *, alone: bool) -> bool:
    return covenant in about and not (alone and len(about) > 1)


def release_words(drafts: Sequence[Draft]) -> str:
    """What letting these go does: "Dit verstuurt 2 mails aan Jan, Piet en Klaas." """
    names = joined(list(dict.fromkeys(name for _row, readers in drafts for name in readers)))
    return f"Dit verstuurt {'1 mail' if len(drafts) == 1 else f'{len(drafts)} mails'} aan {names}."


def release_drafts(office: Office, drafts: Sequence[Draft], now: datetime, *, by: str = "") -> Released:
    """Lets drafts go. The next round makes each anew, so that what was settled meanwhile is not in it."""
    ids = _let_go(office, [id_of(row) for row, _readers in drafts], now, by)
    gone = [one for one in drafts if one[0].id in ids]
    return Released(len(gone), release_words(gone) if gone else "Er wacht niets op akkoord.")


def release_draft(office: Office, message_id: int, now: datetime, *, by: str = "", covenant_id: int) -> str:
    """Lets one draft of a covenant go; says what happens. Raises Refused for one that does not wait any more."""
    if not _let_go(office, [message_id], now, by, covenant_id):
        raise Refused("Deze mail wacht niet (meer) op akkoord.", "Kijk bij Post hoe het ervoor staat.")
    return "De mail gaat met de volgende ronde uit, op een werkdag binnen de uren voor post."


def _let_go(office: Office, ids: Sequence[int], now: datetime, by: str, covenant_id: int | None = None) -> list[int]:
    """The drafts that go now; what does not wait any more is left as it is."""
    with office.database.writing() as session:
        gone = approving.let_go(session, ids, now)
        about = telling.covenants_of(session, gone)
        for number in gone:
            where = covenant_id or min(about.get(number, ()), default=None)
            note(session, now, by, "vrijgegeven", f"bericht {number}", "", where)
    return gone
