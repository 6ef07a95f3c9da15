"""What somebody wrote back by mail, taken over as their answer by a person who read it; or put aside."""

from datetime import datetime

from cycle.actions.answers import MOST_SENTENCE
from cycle.actions.answers.answering.behalf import SAID, follow
from cycle.actions.deadlines.deciding.closing import DONE_WORDS
from cycle.actions.office.logbook import act, note
from cycle.actions.office.office import Office
from cycle.domain.answering import Stand
from cycle.domain.model import State
from cycle.errors import NotFound, Refused
from cycle.store import answers, deadlines, replies
from cycle.store.database import Session
from cycle.store.deadlines import LEAD
from cycle.store.outbox.labels import DISCARDED
from cycle.store.tables import AnswerRow, DeadlineParty, MailReply, Message
from cycle.words import MAIL_STATES

TAKEN, ASIDE = "overgenomen", MAIL_STATES[DISCARDED]


def take_over(
    office: Office,
    covenant_id: int,
    number: int,
    about: tuple[int, str],
    stand: Stand | None,
    sentence: str,
    now: datetime,
    *,
    by: str,
) -> str:
    """Keeps a reply as the answer of whom that line was for, about one line (deadline and party) of the mail that it
    replies to; returns the title. Nobody is mailed.

    Raises NotFound for a line that did not stand in that mail, Refused for a reply or a line that is settled.
    """
    deadline_id, party = about
    with office.database.writing() as session:
        act(session, now, by)
        reply = _waiting(session, covenant_id, number)
        message = session.get_one(Message, reply.message_id)
        lines = answers.lines_of_mail(session, reply.message_id)
        told = {(line.deadline, line.party): line.person for line in lines}
        if about not in told:
            raise NotFound("Deze regel stond niet in die mail.", "Kies een regel uit de lijst.")
        row = deadlines.row_by_id(session, deadline_id, covenant_id, lock=True)
        part = _lead_part(session, deadline_id, party)
        if stand is not None and (stand not in SAID or part is None):
            raise Refused("Dit kan hier niet gekozen worden.", "Neem alleen de zin over.")
        if part is not None and part.state != State.OPEN:
            raise Refused(f"{row.title} is al {DONE_WORDS[State(part.state)]}.", "Open de termijn eerst weer.")
        session.add(
            AnswerRow(
                covenant_id=row.covenant_id,
                deadline_id=deadline_id,
                party=party,
                person_id=told[about],
                name=f"per mail, overgenomen door {by}",
                stand=stand or "",
                sentence=sentence.strip()[:MOST_SENTENCE],
                about=message.key,
                at=now,
            )
        )
        follow(office, session, row, part, party, stand, sentence.strip(), now, by=by)
        reply.settled_at, reply.settled_by, reply.came_of = now, by, TAKEN
        session.add(reply)
        return row.title


def put_aside(office: Office, covenant_id: int, number: int, now: datetime, *, by: str) -> None:
    """Notes that somebody read a reply and that nothing comes of it here."""
    with office.database.writing() as session:
        reply = _waiting(session, covenant_id, number)
        reply.settled_at, reply.settled_by, reply.came_of = now, by, ASIDE
        session.add(reply)
        note(session, now, by, "antwoord per mail weggelegd", f"bericht {reply.message_id}", "", covenant_id)


def _waiting(session: Session, covenant_id: int, number: int) -> MailReply:
    reply = replies.reply(session, covenant_id, number, lock=True)
    if reply is None:
        raise NotFound("Dit antwoord is er niet.", "Kijk bij Post, Antwoorden.")
    if reply.settled_at is not None:
        raise Refused(f"Dit antwoord is al {reply.came_of}.", "Kijk bij Post, Antwoorden wat er nog wacht.")
    return reply


def _lead_part(session: Session, deadline_id: int, party: str) -> DeadlineParty | None:
    parts = deadlines.part_rows(session, deadline_id)
    return next((part for part, slug in parts if slug == party and part.part == LEAD), None)
