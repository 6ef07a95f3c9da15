"""Rule C10: for every line why, when, to whom, and what the mail server said."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from cycle.actions.deadlines.deciding.closing import settle
from cycle.actions.office.office import Office
from cycle.actions.post.delivery.proof_mails import HEADS, proof, proof_as_json, write_proof
from cycle.domain.model import State
from cycle.errors import NotFound
from cycle.store.tables import ActionRow, DeadlineRow, Message
from tests.actions.mailbox import act, at


def letter_of(office: Office) -> int:
    with office.database.reading() as session:
        query = select(DeadlineRow.id).join(ActionRow).where(ActionRow.step_name == "uitnodigingsbrief")
        return session.exec(query.where(DeadlineRow.occurrence == "2027")).one() or 0


def test_c10_each_line_has_its_reason_its_mail_and_the_answer_of_the_server(example: Office) -> None:
    deadline = letter_of(example)
    act(example, at("2027-02-03"))
    settle(example, deadline, State.DONE, at("2027-02-04"), by="an@clavis.example", party="clavis")

    with example.database.reading() as session:
        found = [one for one in proof(session, example, None, deadline=deadline) if one.party == "clavis"]
        [message] = session.exec(select(Message).where(Message.id == found[0].message)).all()

    assert [proof_as_json(one) for one in found] == [
        {
            "deadline": deadline,
            "number": "5.9",
            "title": "Uitnodigingsbrief",
            "due": "2027-03-31",
            "party": "clavis",
            "person": "Afdeling Strategie",
            "to": "strategie@clavis.example",
            "rung": "-56",
            "reason": "trekker",
            "counted_from": "2027-03-31",
            "on": "2027-02-03",
            "planned_at": "2027-02-03T08:00:00+00:00",
            "message": message.id,
            "message_id": message.message_id,
            "state": "sent",
            "first_tried_at": "2027-02-03T08:00:00+00:00",
            "sent_at": "2027-02-03T08:00:00+00:00",
            "attempts": 1,
            "answer": message.last_answer,
            "bounced_at": None,
            "settled_at": "2027-02-04T08:00:00+00:00",
            "settled_by": "an@clavis.example",
        }
    ]


def test_c10_the_proof_of_some_days_counts_both_ends_and_is_a_workbook(example: Office, tmp_path: Path) -> None:
    act(example, at("2027-02-03"))
    day = at("2027-02-03").date()
    with example.database.reading() as session:
        found = proof(session, example, "terneuzen", first=day, last=day)
        before = proof(session, example, "terneuzen", last=at("2027-02-02").date())
        after = proof(session, example, "terneuzen", first=at("2027-02-04").date())

    assert (len(found) > 2, before, after) == (True, [], [])
    write_proof(found, tmp_path / "bewijs.xlsx", example.settings.zone)
    page = load_workbook(tmp_path / "bewijs.xlsx").active
    assert page is not None
    rows = list(page.iter_rows(values_only=True))
    assert rows[0] == tuple(head for head, _width in HEADS)
    assert len(rows) == len(found) + 1
    assert "2027-02-03 09:00:00" in rows[1]


def test_c10_a_deadline_that_is_not_there_is_a_sentence(example: Office) -> None:
    with example.database.reading() as session, pytest.raises(NotFound, match="Termijn 999999 bestaat niet"):
        proof(session, example, None, deadline=999999)
