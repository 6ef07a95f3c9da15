"""An answer that somebody gave by telephone or at the table, written down by the secretariat with their name."""

from datetime import datetime

from cycle.actions.answers import MOST_NAME, MOST_SENTENCE
from cycle.actions.deadlines.deciding.closing import DONE_WORDS, replan, settle_row
from cycle.actions.office.covenant_view import views
from cycle.actions.office.logbook import act
from cycle.actions.office.office import Office
from cycle.domain.addressing import Members
from cycle.domain.answering import LIGHTS, Stand
from cycle.domain.model import Light, State
from cycle.errors import NotFound, Refused
from cycle.store import deadlines
from cycle.store.database import Session
from cycle.store.deadlines import LEAD
from cycle.store.ids import id_of
from cycle.store.tables import AnswerRow, DeadlineParty, DeadlineRow

SAID = (*LIGHTS, Stand.DONE)
"""What can be said for somebody else."""


def answer_for(
    office: Office,
    deadline_id: int,
    party: str,
    stand: Stand,
    sentence: str,
    name: str,
    now: datetime,
    *,
    by: str,
    covenant_id: int | None = None,
) -> str:
    """Keeps what a person (`name`) let know for a party; returns the title of what it is about. Nobody is mailed.

    Raises NotFound for a party that does not lead it, Refused without a name or for what is settled.
    """
    if not name.strip():
        raise Refused("Een antwoord namens iemand gaat op naam.", "Vul in wie dit liet weten.")
    with office.database.writing() as session:
        act(session, now, by)
        row = deadlines.row_by_id(session, deadline_id, covenant_id, lock=True)
        part = _part(session, row, party)
        if part.state != State.OPEN:
            raise Refused(f"{row.title} is al {DONE_WORDS[State(part.state)]}.", "Open de termijn eerst weer.")
        session.add(
            AnswerRow(
                covenant_id=row.covenant_id,
                deadline_id=id_of(row),
                party=party,
                person_id=_person(office, session, row, party, now),
                name=f"{name.strip()[:MOST_NAME]} (opgeschreven door {by})",
                stand=stand,
                sentence=sentence.strip()[:MOST_SENTENCE],
                at=now,
            )
        )
        follow(office, session, row, part, party, stand, sentence.strip(), now, by=by)
        return row.title


def follow(
    office: Office,
    session: Session,
    row: DeadlineRow,
    part: DeadlineParty | None,
    party: str,
    stand: Stand | None,
    sentence: str,
    now: datetime,
    *,
    by: str,
) -> None:
    """What an answer changes that somebody else wrote down: the light, the state of this party, and the plan."""
    if part is not None and stand in LIGHTS:
        part.light, part.note = Light(stand), sentence or part.note
        session.add(part)
    session.flush()
    if stand is Stand.DONE:
        settle_row(office, session, row, State.DONE, now, by=by, party=party, note_text=sentence)
    else:
        replan(office, session, row, now)


def _part(session: Session, row: DeadlineRow, party: str) -> DeadlineParty:
    for part, slug in deadlines.part_rows(session, id_of(row)):
        if slug == party and part.part == LEAD:
            return part
    raise NotFound(f"{party!r} is geen trekker van {row.title}.", "Kies een regel uit de lijst.")


def _person(office: Office, session: Session, row: DeadlineRow, party: str, now: datetime) -> int:
    """Whose answer it is in the register: who is responsible for it. Raises Refused when the party has nobody."""
    view = views(session, office.settings, [row.covenant_id])[row.covenant_id]
    members = Members(view.members, view.local_day(now))
    lead = members.responsible(party, tuple(row.agreements), row.theme)
    if lead is None:
        raise Refused(f"{view.party_names[party]} heeft niemand die post krijgt.", "Voeg iemand toe aan deze partij.")
    return lead.person
