"""Keeping an answer: append-only, with time and by whom; then the light, the state and the plan follow.

Rendering the confirmation comes first; then one short transaction that locks the deadline, so that forms that come at
the same moment wait for each other and the same answer is kept once.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from cycle.actions.answers.answering.answer_page import AnswerLine, AnswerPage
from cycle.actions.answers.answering.confirming import confirmation_or_failure
from cycle.actions.answers.answering.reply import Reply, SentFile
from cycle.actions.deadlines.deciding.closing import replan, settle_row
from cycle.actions.office.logbook import act
from cycle.actions.office.office import Office
from cycle.domain.answering import LIGHTS, Stand
from cycle.domain.model import Light, State
from cycle.domain.situation import SECRETARIAT
from cycle.errors import Refused
from cycle.store import answers, deadlines
from cycle.store.answers import Given
from cycle.store.database import Session
from cycle.store.deadlines import LEAD
from cycle.store.ids import id_of
from cycle.store.outbox import putting
from cycle.store.outbox.labels import FAILED
from cycle.store.tables import AnswerFile, AnswerRow, DeadlineParty, DeadlineRow

CONFIRMED = (Stand.DONE, Stand.NOT_MINE)
"""What is confirmed by mail: a forwarded link that settles something should be noticed."""


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What came of an answer; `is_new` is false when just this was known already."""

    is_new: bool
    is_mailed: bool = False


def keep_answer(office: Office, page: AnswerPage, row: AnswerLine, reply: Reply, now: datetime) -> KeptAnswer:
    """Writes down what somebody let know about one row of their page.

    Raises Refused when it was settled by somebody else meanwhile.
    """
    mail = confirmation_or_failure(office, page, row, reply, now) if reply.stand in CONFIRMED else None
    with office.database.writing() as session:
        act(session, now, page.by)
        deadline = deadlines.row_by_id(session, row.deadline, lock=True)
        history = answers.history(session, [row.deadline]).get((row.deadline, row.party), [])
        if history and _is_same(history[0], _kept_file(session, history[0]), page, reply):
            return KeptAnswer(is_new=False)
        part = _part(session, deadline, row.party)
        _refuse_settled(deadline, part, row)
        given = _answer_row(page, row, reply, now)
        session.add(given)
        session.flush()
        if reply.file is not None:
            session.add(AnswerFile(answer_id=id_of(given), name=reply.file.name, content=reply.file.content))
            session.flush()
        _act(office, session, deadline, part, page, row, reply, now)
        if mail is not None:
            putting.put(session, mail, (), now)
    return KeptAnswer(is_new=True, is_mailed=mail is not None and mail.state != FAILED)


def _is_same(newest: Given, file: SentFile | None, page: AnswerPage, reply: Reply) -> bool:
    """Whether the newest answer says just this, by the same person about the same mail: a form that was sent twice."""
    known = Reply(newest.stand, newest.sentence, newest.next_on, newest.at_risk, newest.not_before, newest.name)
    known = replace(known, points=newest.points, start=newest.start, place=newest.place)
    known = replace(known, colleague=newest.colleague, link=newest.link, file=file)
    return known == reply and (newest.person_id, newest.about) == (page.person, page.about)


def _kept_file(session: Session, newest: Given) -> SentFile | None:
    row = answers.file_of(session, newest.id) if newest.file else None
    return SentFile(row.name, row.content) if row is not None else None


def _part(session: Session, deadline: DeadlineRow, party: str) -> DeadlineParty | None:
    """The lead party's own row; None for the secretariat, and for who takes part."""
    parts = deadlines.part_rows(session, id_of(deadline))
    return next((part for part, slug in parts if slug == party and part.part == LEAD), None)


def _refuse_settled(deadline: DeadlineRow, part: DeadlineParty | None, row: AnswerLine) -> None:
    """What somebody else settled between looking and sending is not opened again by a link."""
    state = deadline.state if part is None or deadline.state != State.OPEN else part.state
    if state != State.OPEN and row.is_open:
        raise Refused(f"{row.title} is intussen al afgemeld.", "Klopt dat niet? Beantwoord dan de mail.")
    if state == State.OPEN and not row.is_open:
        raise Refused(f"{row.title} staat intussen weer open.", "Open de pagina opnieuw vanuit uw mail.")


def _answer_row(page: AnswerPage, row: AnswerLine, reply: Reply, now: datetime) -> AnswerRow:
    return AnswerRow(
        covenant_id=row.covenant,
        deadline_id=row.deadline,
        party=row.party,
        person_id=page.person,
        name=reply.name,
        stand=reply.stand if reply.stand else "",
        sentence=reply.sentence,
        next_on=reply.next_on,
        at_risk=reply.at_risk,
        not_before=reply.not_before,
        about=page.about,
        mailed_on=page.via,
        at=now,
        points=reply.points,
        start=reply.start,
        place=reply.place,
        colleague=reply.colleague,
        link=reply.link,
    )


def _act(
    office: Office,
    session: Session,
    deadline: DeadlineRow,
    part: DeadlineParty | None,
    page: AnswerPage,
    row: AnswerLine,
    reply: Reply,
    now: datetime,
) -> None:
    """What an answer changes: the light, the state of this party alone, and when it is heard of again."""
    if part is not None and reply.stand in LIGHTS:
        part.light, part.note = Light(reply.stand), reply.sentence or part.note
        session.add(part)
        session.flush()
    party = "" if row.party == SECRETARIAT else row.party
    if reply.stand is Stand.DONE:
        text = reply.sentence
        settle_row(office, session, deadline, State.DONE, now, by=page.by, party=party, note_text=text)
    elif not row.is_open:
        settle_row(office, session, deadline, State.OPEN, now, by=page.by, party=party)
    else:
        replan(office, session, deadline, now)
