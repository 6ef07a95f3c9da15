"""The invitation letter from preview to proof, on both engines (agreement 5.9)."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from io import BytesIO
from zoneinfo import ZoneInfo

import pdfplumber
import pytest
from docx import Document
from sqlmodel import col, select

from cycle.actions.deadlines.meeting.planned_meetings import set_meeting
from cycle.actions.letters import approve, draft_of, preview, send, state_of, word_file
from cycle.actions.letters.content.details_saving import save_details
from cycle.actions.letters.drafts.standing import ProofLine
from cycle.actions.office.office import Office
from cycle.domain.model import MailState
from cycle.errors import NotFound, Refused
from cycle.store.tables import DeadlineParty, DeadlineRow, Letter, Message
from tests.actions.mailbox import act, at, deliver, mails
from tests.actions.mails.test_reminding import deadline

MARCH = at("2027-03-02")
BY = "directie@clavis.example"


def words_of(pdf: bytes) -> str:
    with pdfplumber.open(BytesIO(pdf)) as document:
        return " ".join(" ".join((page.extract_text() or "").split()) for page in document.pages)


def test_a_preview_without_a_meeting_date_warns_and_suggests_working_days(example: Office) -> None:
    prepared = preview(example, None, 2027, MARCH)

    assert [(party, person.email) for party, person in prepared.addressees] == [
        ("gemeente", "wonen@terneuzen.example"),
        ("bewonersraad", "info@bewonersraad.example"),
        ("shb", "bestuur@shb.example"),
    ]
    [warning] = prepared.warnings
    row = deadline(example, "Voorjaarsoverleg")
    assert warning.startswith("De datum van het voorjaarsoverleg staat nog niet vast; de brief zegt dat hij volgt.")
    assert f"cycle meeting set {row} DATUM" in warning
    assert "donderdag 1 april 2027" in warning


def test_the_letter_names_the_date_of_the_meeting_once_it_is_set(example: Office) -> None:
    row = deadline(example, "Voorjaarsoverleg")
    set_meeting(example, row, date(2027, 4, 22), MARCH, start=time(14), place="Stadhuis")

    prepared = preview(example, None, 2027, MARCH)

    assert prepared.warnings == ()
    assert "donderdag 22 april 2027 om 14.00 uur, Stadhuis" in words_of(prepared.pdf)


def test_the_letter_its_word_file_and_its_mail_ask_for_points_by_the_day_on_which_the_papers_go_round(
    example: Office,
) -> None:
    before = draft_of(example, None, 2027, MARCH).facts
    assert (before.points_by, [one.place for one in before.blocks if "uw punten" in one.text]) == (None, [])

    set_meeting(example, deadline(example, "Voorjaarsoverleg"), date(2027, 4, 22), MARCH, start=time(14))
    word = " ".join(one.text for one in Document(BytesIO(word_file(example, None, 2027, MARCH))).paragraphs)
    approve(example, None, 2027, MARCH, by=BY)
    send(example, None, 2027, MARCH, by=BY)
    deliver(example, MARCH)

    [mail, *_others] = [mail for mail in mails(example) if list(mail.iter_attachments())]
    letter = words_of(next(mail.iter_attachments()).get_content())
    told = [" ".join(mail.get_body((kind,)).get_content().split()) for kind in ("plain", "html")]
    day = "donderdag 8 april 2027"
    assert f"Wij ontvangen uw punten graag uiterlijk {day}." in letter
    assert f"Wij ontvangen uw punten graag uiterlijk {day}." in word
    assert [day in text for text in told] == [True, True]
    assert f"- uw punten voor de agenda te sturen, uiterlijk {day} " in told[0]
    signed = "Met vriendelijke groet, namens Clavis en Woongoed Zeeuws-Vlaanderen"
    assert (signed in letter, signed in word) == (True, True)


def test_a_letter_asks_no_points_by_a_day_that_is_behind_it_and_by_another_when_somebody_says_so(
    example: Office,
) -> None:
    set_meeting(example, deadline(example, "Voorjaarsoverleg"), date(2027, 4, 22), MARCH)
    details = draft_of(example, None, 2027, MARCH).details
    assert details is not None
    late = replace(details, letter_date=date(2027, 4, 9))
    said = []
    for wish in (details, late, replace(late, points_by=date(2027, 4, 15)), replace(details, points_by=None)):
        save_details(example, None, 2027, wish, MARCH, by=BY)
        said.append(draft_of(example, None, 2027, MARCH).facts.points_by)

    assert said == [date(2027, 4, 8), None, date(2027, 4, 15), None]
    assert draft_of(example, None, 2027, at("2027-04-09")).facts.points_by is None


def test_the_proof_of_a_letter_speaks_dutch_and_names_the_day_here_also_after_midnight() -> None:
    line = ProofLine("gemeente", "Wonen", "wonen@terneuzen.example", 1, "<a@b>", MailState.QUEUED, None, "")
    sent = replace(line, state=MailState.SENT, sent_at=datetime(2027, 3, 1, 23, 30, tzinfo=UTC))
    zone = ZoneInfo("Europe/Amsterdam")

    assert line.words(zone) == "gemeente: wonen@terneuzen.example, wacht"
    assert sent.words(zone) == "gemeente: wonen@terneuzen.example, verstuurd op 2 maart 2027 (<a@b>) "


def test_a_letter_goes_once_to_each_addressee_and_settles_its_step(example: Office) -> None:
    act(example, at("2027-02-03"))
    approve(example, None, 2027, MARCH, by=BY)
    first = send(example, None, 2027, MARCH, by=BY)
    delivered = deliver(example, MARCH)

    again = send(example, None, 2027, at("2027-03-02", 10), by=BY)
    assert (first.words, delivered.sent) == ("3 mails staan klaar om te gaan", 3)
    assert (again.words, again.changed) == ("was al verstuurd; er gaat niets nog een keer", False)
    assert deliver(example, at("2027-03-02", 11)).sent == 0
    letters = [mail for mail in mails(example) if mail.is_multipart() and list(mail.iter_attachments())]
    assert [str(mail["To"]) for mail in letters] == [
        "Bestuur Bewonersraad <info@bewonersraad.example>",
        "Bestuur SHB <bestuur@shb.example>",
        "Team Wonen <wonen@terneuzen.example>",
    ]
    attached = {part.get_filename(): part.get_content() for part in letters[0].iter_attachments()}
    assert list(attached) == [
        "Uitnodigingsbrief 2027.pdf",
        "Voorzet uitvoeringsagenda 2028-2029.pdf",
        "Voorzet uitvoeringsagenda 2028-2029.docx",
        "Voorzet uitvoeringsagenda 2028-2029.xlsx",
    ]
    with example.database.reading() as session:
        step = session.exec(
            select(DeadlineRow).where(DeadlineRow.title == "Uitnodigingsbrief").order_by(col(DeadlineRow.due))
        ).first()
        assert step is not None
        parts = session.exec(select(DeadlineParty).where(DeadlineParty.deadline_id == step.id)).all()
        frozen = session.exec(select(Letter.pdf)).one()
    leads = {(part.state, part.settled_by) for part in parts if part.part == "lead"}
    assert (step.state, step.next_moment, leads) == ("done", None, {("done", BY)})
    agreed = "akkoord gegeven door directie@clavis.example op 2 maart 2027"
    assert (agreed in words_of(attached["Uitnodigingsbrief 2027.pdf"]), agreed in words_of(frozen)) == (True, False)


def test_after_sending_nobody_is_reminded_of_the_letter(example: Office) -> None:
    approve(example, None, 2027, MARCH, by=BY)
    send(example, None, 2027, MARCH)
    deliver(example, MARCH)

    for day in ("2027-03-03", "2027-03-17", "2027-03-24", "2027-03-31"):
        act(example, at(day))

    assert [str(mail["Subject"]) for mail in mails(example) if "Uitnodigingsbrief" in str(mail["Subject"])] == []


def test_the_proof_has_a_line_per_addressee_with_the_servers_answer(example: Office) -> None:
    approve(example, None, 2027, MARCH, by=BY)
    assert state_of(example, None, 2027).proof[0] == "gemeente: wonen@terneuzen.example, nog niet verstuurd"
    send(example, None, 2027, MARCH)
    deliver(example, MARCH)

    state = state_of(example, None, 2027)
    with example.database.reading() as session:
        identity = session.exec(select(Message.message_id).where(Message.to == "bestuur@shb.example")).one()
    answer = f"bewaard in {example.settings.path('var/mail/new')}"
    assert (state.state, len(state.proof)) == ("sent", 3)
    assert state.proof[2] == f"shb: bestuur@shb.example, verstuurd op 2 maart 2027 ({identity}) {answer}"


def test_an_approved_letter_does_not_change_any_more(example: Office) -> None:
    approve(example, None, 2027, MARCH, by=BY)
    before = preview(example, None, 2027, MARCH).pdf
    set_meeting(example, deadline(example, "Voorjaarsoverleg"), date(2027, 4, 22), MARCH)

    after = preview(example, None, 2027, at("2027-03-09"))
    assert after.pdf == before
    assert approve(example, None, 2027, MARCH, by="iemand@anders.example").words == f"was al goedgekeurd door {BY}"


def test_a_letter_is_not_sent_before_somebody_approved_it(quick_example: Office) -> None:
    with pytest.raises(Refused) as refused:
        send(quick_example, None, 2027, MARCH)
    assert refused.value.hint == "Doe eerst: cycle letter 2027 approve --as MAIL"

    with pytest.raises(Refused, match="op naam"):
        approve(quick_example, None, 2027, MARCH, by="")


def test_a_year_without_a_letter_says_so(quick_example: Office) -> None:
    with pytest.raises(NotFound, match="In 2020 is er geen uitnodigingsbrief"):
        preview(quick_example, None, 2020, MARCH)
