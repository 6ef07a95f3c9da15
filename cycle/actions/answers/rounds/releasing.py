"""Which sentences may go to the parties: each is for the secretariat until that lets it go, line by line.

What was let go may stand in letter, report and papers, with the file or link that came with it. A better answer that
comes later is another sentence, and waits again.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from cycle.actions.office.covenant_view import CovenantView
from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.domain.text import natural
from cycle.store import answers, deadlines
from cycle.store.answers import Given
from cycle.store.database import Session

LOOKS_BACK = timedelta(days=400)
"""A year and some weeks: the answers of both rounds before a report."""


@dataclass(frozen=True, slots=True)
class Releasable:
    """The newest that a party said about something, with what it is about."""

    answer: Given
    number: str
    title: str
    party: str

    @property
    def is_released(self) -> bool:
        """Whether it may go to the parties."""
        return self.answer.released_at is not None


def releasable(session: Session, view: CovenantView, now: datetime) -> list[Releasable]:
    """The newest words, file or link of each party about each deadline, in the order in which people count."""
    newest: dict[tuple[int, str], Given] = {}
    for given in answers.given_since(session, view.id, now - LOOKS_BACK):
        if given.sentence or given.link or given.file:
            newest.setdefault((given.deadline, given.party), given)
    rows = deadlines.rows_by_id(session, {deadline for deadline, _party in newest})
    lines = [
        Releasable(one, rows[one.deadline].number, rows[one.deadline].title, view.party_names.get(one.party, one.party))
        for one in newest.values()
    ]
    return sorted(lines, key=lambda one: (natural(one.number), one.title, one.party))


def release(
    office: Office, view: CovenantView, shown: Collection[int], chosen: Collection[int], now: datetime, *, by: str
) -> tuple[int, int]:
    """Lets go what was chosen of the lines that were shown, and takes back the others; how many of each changed.

    A line that was not shown, because it came meanwhile, stays as it is.
    """
    let_go, taken_back = 0, 0
    with office.database.writing() as session:
        for line in releasable(session, view, now):
            number, is_chosen = line.answer.id, line.answer.id in chosen
            row = answers.answer_row(session, view.id, number) if number in shown else None
            if row is None or is_chosen == line.is_released:
                continue
            row.released_at, row.released_by = (now, by) if is_chosen else (None, "")
            session.add(row)
            verb = "zin vrijgegeven" if is_chosen else "zin niet meer vrijgegeven"
            note(session, now, by, verb, f"termijn {line.answer.deadline}", line.party, view.id)
            let_go, taken_back = let_go + is_chosen, taken_back + (not is_chosen)
    return let_go, taken_back
