"""The history of an agreement, a deadline and a meeting: from the facts, with who, when, what it was and what it is."""

import re
from datetime import date, timedelta

from sqlmodel import select

from cycle.actions.answers.answering.behalf import answer_for
from cycle.actions.deadlines.deciding.closing import move, settle
from cycle.actions.deadlines.meeting.meetings import Effect, Resolved, decide, undo_decision
from cycle.actions.deadlines.meeting.planned_meetings import move_meeting, set_meeting
from cycle.actions.office.logbook import act
from cycle.actions.office.office import Office
from cycle.domain.answering import Stand
from cycle.domain.model import State
from cycle.domain.progress_questions import QUESTION
from cycle.store.tables import AgreementRow, DeadlineRow, MeetingDecision
from tests.web.conftest import NOW, find

from .conftest import SECRETARY, Desk, words_of

HERE = "/c/terneuzen"
WHO = "Secretariaat prestatieafspraken"
REFERENCE = "Najaarsoverleg 13 oktober 2027, besluit 1"


def past_of(desk: Desk, path: str) -> list[str]:
    """The lines of a history in words, without their day, newest first."""
    history = desk.page(f"{HERE}/{path}").split('<ol class="history">')[1].split("</ol>")[0]
    lines = re.split(r'<li><span class="sub">', history)[1:]
    return [words_of(line).split(" · ", 1)[1] for line in lines]


def live_through(office: Office, agreement_id: int, deadline_id: int, meeting_id: int) -> None:
    """What a year brings, an hour apart: each act that changes what a page shows."""
    hours = (NOW + timedelta(hours=number) for number in range(1, 99))
    move(office, deadline_id, date(2027, 10, 1), next(hours), by=SECRETARY, reason="de vergunning")
    settle(office, deadline_id, State.DONE, next(hours), by=f"{SECRETARY}, via de opdrachtregel", note_text="af")
    settle(office, deadline_id, State.OPEN, next(hours), by=SECRETARY)
    with office.database.writing() as session:
        act(session, next(hours), SECRETARY)
        row = session.get_one(AgreementRow, agreement_id)
        row.number, row.trekker = "2.99", "Gemeente"
    answer_for(office, deadline_id, "gemeente", Stand.ORANGE, "Loopt uit.", "An", next(hours), by=SECRETARY)
    set_meeting(office, meeting_id, date(2027, 10, 12), next(hours), by=SECRETARY)
    move_meeting(office, meeting_id, date(2027, 10, 13), next(hours), place="Raadzaal", by=SECRETARY)
    decision = Resolved(agreement_id or 0, "Later dan gedacht.", Effect.MOVE, deadline_id, date(2027, 11, 1))
    decide(office, meeting_id, decision, next(hours), by=SECRETARY)
    with office.database.reading() as session:
        number = session.exec(select(MeetingDecision.id)).one()
    undo_decision(office, number or 0, next(hours), by=SECRETARY)


def test_a_history_tells_who_did_what_and_what_was_and_is(office: Office, desk: Desk) -> None:
    with office.database.reading() as session:
        row = session.exec(
            select(DeadlineRow).where(DeadlineRow.number == "2.8", DeadlineRow.occurrence != QUESTION)
        ).one()
        was = session.get_one(AgreementRow, row.agreement_id).trekker
    meeting_id = find(office, "Najaarsoverleg", date(2027, 1, 1))
    live_through(office, row.agreement_id or 0, row.id or 0, meeting_id)

    decided = f"Later dan gedacht. ({REFERENCE})"
    moved = [
        f"{WHO} verplaatst: van 1 november 2027 naar 1 oktober 2027 ongedaan: {REFERENCE}",
        f"{WHO} verplaatst: van 1 oktober 2027 naar 1 november 2027 {REFERENCE}",
    ]
    answered = f"An (opgeschreven door {SECRETARY}), Team Wonen liet weten: oranje – Loopt uit."
    first = [
        f"{WHO} weer open: Gemeente Terneuzen",
        f"{WHO}, via de opdrachtregel gedaan: Gemeente Terneuzen, af",
        f"{WHO} verplaatst: van 31 december 2023 naar 1 oktober 2027 de vergunning",
    ]
    came = "termijn erbij: Circulariteit, uiterlijk 31 december 2023"
    [*told, begun] = past_of(desk, f"termijnen/{row.id}")
    assert told == [*moved, answered, *first]
    assert begun.endswith(came)
    [*told, begun] = past_of(desk, f"afspraken/{row.agreement_id}")
    assert told == [
        f"{WHO} {moved[0].removeprefix(f'{WHO} ')}; besluit ongedaan gemaakt: {decided}",
        f"{WHO} {moved[1].removeprefix(f'{WHO} ')}; besluit: {decided}",
        "klok niet meer gevraagd: geen stap of afspraak vraagt er nog om",
        answered,
        f"{WHO} nummer: was “2.8”, nu “2.99” trekker: was “{was}”, nu “Gemeente”",
        *first,
    ]
    assert begun.endswith("opgenomen in het register")
    assert past_of(desk, f"termijnen/{meeting_id}")[:2] == [
        f"{WHO} overleg gepland: 13 oktober 2027, Raadzaal"
        " dag van het overleg: was 12 oktober 2027, nu 13 oktober 2027 plaats: was leeg, nu “Raadzaal”",
        f"{WHO} overleg gepland: 12 oktober 2027",
    ]
