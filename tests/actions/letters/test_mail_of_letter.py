"""The mails that carry a letter: who gets a copy, as whom they come, where answers go; and all of it in the proof."""

import zipfile
from dataclasses import replace
from datetime import date
from hashlib import sha256
from io import BytesIO

import pytest

from cycle.actions.letters import approve, draft_of, questions_before_sending, send, sent_elsewhere
from cycle.actions.letters.content.details_saving import save_details
from cycle.actions.letters.dispatch.proof_file import INDEX, proof_zip
from cycle.actions.letters.style.house_style import JOINT, HouseStyle, save_house_style
from cycle.actions.office.office import Office
from cycle.errors import NotFound, Refused
from cycle.store import covenants
from tests.actions.letters.test_letter_desk import pdf_with
from tests.actions.mailbox import at, deliver, mails

MARCH, BY = at("2027-03-02"), "secretariaat@terneuzen.example"
ALDERMAN = "wethouder@terneuzen.example"


def test_copies_the_name_of_the_sender_and_its_reply_address_go_with_the_mail_and_stand_in_the_proof(
    example: Office,
) -> None:
    style = HouseStyle(display_name="Corporaties Terneuzen", reply_to="brief@clavis.example")
    save_house_style(example, None, JOINT, style, MARCH, by=BY)
    with example.database.reading() as session:
        copied = [covenants.persons_at(session, email)[0].id or 0 for email in (ALDERMAN, "bestuur@shb.example")]
    details = draft_of(example, None, 2027, MARCH).details
    assert details is not None
    assert details.reply_to == "brief@clavis.example"
    usual = {person.email for _party, person in draft_of(example, None, 2027, MARCH).addressees}
    save_details(example, None, 2027, replace(details, copies=tuple(copied)), MARCH, by=BY)
    copies = [(party, person.email) for party, person in draft_of(example, None, 2027, MARCH).copies]
    assert copies == [("gemeente", ALDERMAN)]  # who gets it already gets no copy

    with pytest.raises(NotFound, match="nog niet goedgekeurd"):
        proof_zip(example, None, 2027)
    approve(example, None, 2027, MARCH, by=BY, party="clavis", name="D. Directeur", scan=("akkoord.pdf", pdf_with()))
    approve(example, None, 2027, MARCH, by=BY, party="wzv", name="W. Directeur")
    send(example, None, 2027, MARCH, by=BY)
    deliver(example, MARCH)

    sent = [mail for mail in mails(example) if list(mail.iter_attachments())]
    assert {mail["To"].addresses[0].addr_spec for mail in sent} == {*usual, ALDERMAN}
    assert len(sent) == 4
    assert {mail["From"].addresses[0].display_name for mail in sent} == {"Corporaties Terneuzen"}
    assert {mail["From"].addresses[0].domain for mail in sent} == {"terneuzen.example"}  # ours: DMARC
    assert {str(mail["Reply-To"]) for mail in sent} == {"brief@clavis.example"}

    name, packed = proof_zip(example, None, 2027)
    assert (name, packed) == ("bewijs-uitnodigingsbrief-2027.zip", proof_zip(example, None, 2027)[1])
    with zipfile.ZipFile(BytesIO(packed)) as archive:
        files = {one.partition("/")[2]: archive.read(one) for one in archive.namelist()}
    index = files.pop(INDEX).decode()
    rooms = sorted(one.partition("/")[0] for one in files)
    assert rooms == ["bijlage"] * 3 + ["gelezen", "gelezen.sha256"] + ["mails"] * 4 + ["papier"] + ["verstuurd"]
    assert [one for one, content in files.items() if f"- {one}: {sha256(content).hexdigest()}" not in index] == []
    assert (
        f"alle bestanden in gelezen.sha256 (SHA-256 van die lijst: {sha256(files['gelezen.sha256']).hexdigest()})"
        in index
    )
    read = [line.split("  ") for line in files["gelezen.sha256"].decode().splitlines()]
    assert [name for name_hash, name in read if sha256(files[name]).hexdigest() != name_hash] == []
    assert len(read) == 4
    assert "- Clavis: D. Directeur, 02-03-2027" in index
    assert f"genoteerd door {BY}" in index
    assert index.count("verstuurd op 2 maart 2027") == 4


SENDERS = "Clavis en Woongoed Zeeuws-Vlaanderen"
OFFICE = "Secretariaat prestatieafspraken, gemeente Terneuzen"
PERSON = {"contact_name": "M. de Vries", "contact_phone": "0115 99 88 77", "contact_email": "vries@clavis.example"}


def foot_of(office: Office) -> set[tuple[str, str]]:
    """What the mails with the letter say from the farewell on: for whom they greet, and whom to ask."""
    texts = [mail.get_body(("plain",)).get_content() for mail in mails(office) if "Uitnodiging" in str(mail["Subject"])]
    feet = [" ".join(text.partition("groet,")[2].partition("Deze brief")[0].split()) for text in texts]
    return {(one.partition(" ---")[0], one.partition("contact op met ")[2]) for one in feet}


@pytest.mark.parametrize(
    ("style", "greets", "asked"),
    [
        (PERSON, f"namens {SENDERS}, M. de Vries", "M. de Vries: 0115 99 88 77 of vries@clavis.example."),
        ({"reply_to": "brief@clavis.example"}, f"namens {SENDERS}", f"{SENDERS}: brief@clavis.example."),
        ({}, f"namens {SENDERS}, {OFFICE}", f"{OFFICE}: 0115 - 00 00 00 of secretariaat@terneuzen.example."),
    ],
)
def test_questions_about_the_letter_go_to_who_wrote_it_and_never_to_two_offices_at_once(
    quick_example: Office, style: dict[str, str], greets: str, asked: str
) -> None:
    if style:
        save_house_style(quick_example, None, JOINT, HouseStyle(**style), MARCH, by=BY)  # type: ignore[arg-type]
    approve(quick_example, None, 2027, MARCH, by=BY)
    send(quick_example, None, 2027, MARCH, by=BY)
    deliver(quick_example, MARCH)

    assert foot_of(quick_example) == {(greets, asked)}


def test_a_letter_that_bears_another_day_is_asked_about_before_it_goes(quick_example: Office) -> None:
    details = draft_of(quick_example, None, 2027, MARCH).details
    assert details is not None
    save_details(quick_example, None, 2027, replace(details, letter_date=date(2027, 3, 9)), MARCH, by=BY)
    approve(quick_example, None, 2027, MARCH, by=BY)

    def asked(day: str) -> list[str]:
        questions = questions_before_sending(quick_example, None, 2027, at(day))
        return [one for one in questions if "Op de brief staat" in one or "1 april" in one]

    assert asked("2027-03-02") == ["Op de brief staat 9 maart 2027. Die dag is nog niet geweest. Toch nu versturen?"]
    assert asked("2027-03-09") == []
    assert asked("2027-04-20") == [
        "Afgesproken is: versturen vóór 1 april (uiterlijk woensdag 31 maart 2027). Dat is voorbij. Toch versturen?",
        "Op de brief staat 9 maart 2027. Dat is 42 dagen geleden. Toch zo versturen?",
    ]


def test_a_day_ahead_is_asked_about_and_kept_when_somebody_is_sure(quick_example: Office) -> None:
    ahead = date(2027, 3, 5)
    with pytest.raises(Refused, match="5 maart 2027 is nog niet geweest"):
        sent_elsewhere(quick_example, None, 2027, ahead, MARCH, by=BY, words="Per post.")
    with pytest.raises(Refused, match="31 december 2026 ligt vóór 2027"):
        sent_elsewhere(quick_example, None, 2027, date(2026, 12, 31), MARCH, by=BY, words="Per post.")
    state = sent_elsewhere(quick_example, None, 2027, ahead, MARCH, by=BY, words="Per post.", sure=True)
    assert (state.state, state.words) == ("outside", "verstuurd buiten cycle om, op 5 maart 2027")
