"""The letter's whole way: texts, each sender's approval, the signed PDF, sent elsewhere; on both engines."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pikepdf
import pytest
from docx import Document
from sqlmodel import col, select

from cycle.actions.letters import (
    approve,
    draft_of,
    letter_files,
    preview,
    recipients,
    remove_signed,
    save_texts,
    send,
    senders_of,
    sent_elsewhere,
    state_of,
    undo_elsewhere,
    upload_signed,
    withdraw,
    word_file,
)
from cycle.actions.letters.drafts.standing import file_content
from cycle.actions.office.office import Office
from cycle.domain.text import natural
from cycle.errors import Changed, CycleError, NotFound, Refused, Unreadable
from cycle.letter.blocks import Written
from cycle.letter.filling import sections
from cycle.letter.standing_rows import by_theme
from cycle.store.tables import AgreementRow, Covenant, DeadlineParty, DeadlineRow, LetterApproval
from tests.actions.letters.test_letters import words_of
from tests.actions.mailbox import act, at, deliver, mails, text_of
from tests.decided import decided

MARCH = at("2027-03-02")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SECRETARY, CLAVIS, WZV = "secretariaat@terneuzen.example", "directie@clavis.example", "directie@wzv.example"


def step(office: Office) -> DeadlineRow:
    with office.database.reading() as session:
        query = select(DeadlineRow).where(
            DeadlineRow.title == "Uitnodigingsbrief", col(DeadlineRow.due) > date(2027, 1, 1)
        )
        return session.exec(query.order_by(col(DeadlineRow.due))).first()


def lead_states(office: Office) -> list[str]:
    with office.database.reading() as session:
        mine = (DeadlineParty.deadline_id == step(office).id, DeadlineParty.part == "lead")
        return list(session.exec(select(DeadlineParty.state).where(*mine).order_by(DeadlineParty.position)))


def noted(office: Office) -> list[tuple[str, str, str]]:
    with office.database.reading() as session:
        rows = [row for row in decided(session) if row.about.startswith("uitnodigingsbrief")]
        return [(row.by, row.verb, row.detail) for row in rows]


def separately(office: Office) -> None:
    """Each corporation sends a letter of its own."""
    with office.database.writing() as session:
        row = session.exec(select(Covenant)).one()
        row.overrides = row.overrides | {"letter": {"joint": False}}
        session.add(row)


def texts(office: Office, **own: str) -> list[Written]:
    """The texts of the letter as they stand, with some of them written anew."""
    standing = draft_of(office, None, 2027, MARCH).texts.written
    return [replace(one, text=own.get(one.place, one.text)) for one in standing]


def pdf_with(change=lambda pdf: None) -> bytes:
    content = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        change(pdf)
        pdf.save(content, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return content.getvalue()


# ---- texts -------------------------------------------------------------------------------------------------------


def test_the_draft_has_its_fields_filled_in(example: Office) -> None:
    drafted = draft_of(example, None, 2027, MARCH)
    filled = {block.place: block.text for block in drafted.facts.blocks}

    assert [place.name for place in drafted.places] == list(filled)
    assert "Namens Clavis en Woongoed Zeeuws-Vlaanderen nodigen wij u daarvoor uit." in filled["opening"]
    assert (drafted.is_frozen, drafted.texts.own, drafted.texts.year) == (False, frozenset(), None)
    assert [name for text in filled.values() for name in text if name in "{}"] == []


def test_texts_are_kept_as_paragraphs_without_any_markup_and_go_back_to_the_standard(example: Office) -> None:
    standard = texts(example)
    own = texts(example, opening="Eerste <b>alinea</b>.\r\n\r\nTweede #panic() alinea.", bod="")

    assert save_texts(example, None, 2027, own, MARCH, by=SECRETARY)
    printed = words_of(preview(example, None, 2027, MARCH).pdf)
    assert "Eerste <b>alinea</b>. Tweede #panic() alinea." in printed
    assert "in plaats van een bod" not in printed
    assert draft_of(example, None, 2027, MARCH).texts.own == {"opening", "bod"}
    paragraphs = [one.text for one in Document(BytesIO(word_file(example, None, 2027, MARCH))).paragraphs]
    assert "Eerste <b>alinea</b>." in paragraphs
    assert "Tweede #panic() alinea." in paragraphs
    assert not save_texts(example, None, 2027, own, MARCH, by=SECRETARY)

    assert save_texts(example, None, 2027, standard, MARCH, by=SECRETARY)
    assert draft_of(example, None, 2027, MARCH).texts.own == frozenset()
    assert [verb for _by, verb, _detail in noted(example)] == ["brieftekst gewijzigd"] * 2


def test_who_saves_second_is_told_what_changed(example: Office) -> None:
    seen = draft_of(example, None, 2027, MARCH).version
    save_texts(example, None, 2027, texts(example, opening="Van de eerste."), MARCH, by=SECRETARY, version=seen)

    with pytest.raises(Changed) as changed:
        save_texts(example, None, 2027, texts(example, opening="Van de tweede."), MARCH, by=CLAVIS, version=seen)
    assert changed.value.lines == (f"{SECRETARY}: brieftekst gewijzigd (begin)",)
    with pytest.raises(Changed):
        approve(example, None, 2027, MARCH, by=CLAVIS, party="clavis", version=seen)


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (Written("opening", "", "x" * 4001), "De tekst “Begin” is te lang."),
        (Written("weg", "", "x"), "De brief heeft geen tekst 'weg'."),
        (
            Written("eigen-1", "Over {huur}", "x"),
            "De tekst “Over {huur}” kan zo niet in de brief. Dit veld bestaat niet: {huur}.",
        ),
    ],
)
def test_a_text_that_cannot_be_is_refused(quick_example: Office, one: Written, said: str) -> None:
    with pytest.raises(Refused) as refused:
        save_texts(quick_example, None, 2027, [one], MARCH)
    assert refused.value.what == said


def test_pieces_are_added_and_left_out_and_the_next_year_begins_with_them(example: Office) -> None:
    added = Written(
        "eigen-1", "Over {vorig_jaar}", "Dank voor:\n\n- de **inzet**;\n- [de cijfers](https://cijfers.example)."
    )
    written = texts(example, bod="")
    save_texts(example, None, 2027, [*written[:4], added, *written[4:]], MARCH, by=SECRETARY)

    printed = words_of(preview(example, None, 2027, MARCH).pdf)
    assert "Over 2026 Dank voor: • de inzet; • de cijfers. Vooruitkijken" in printed
    following = draft_of(example, None, 2028, at("2028-02-01"))
    assert (following.texts.year, following.texts.own) == (2027, {"bod", "eigen-1"})
    filled = {block.place: block for block in following.facts.blocks}
    assert (filled["eigen-1"].title, filled["bod"].text) == ("Over 2027", "")
    assert noted(example)[-1][1:] == ("brieftekst gewijzigd", "eigen stuk, in plaats van een bod")


# ---- approval ----------------------------------------------------------------------------------------------------


def test_each_sender_approves_separately_and_only_then_it_can_be_sent(example: Office) -> None:
    first = approve(example, None, 2027, MARCH, by=CLAVIS, party="clavis")
    assert first.words == f"goedgekeurd door {CLAVIS}; nog niet door Woongoed Zeeuws-Vlaanderen"
    with pytest.raises(Refused, match="nog niet goedgekeurd door Woongoed Zeeuws-Vlaanderen"):
        send(example, None, 2027, MARCH, by=SECRETARY)

    second = approve(example, None, 2027, at("2027-03-03"), by=WZV, party="wzv")
    again = approve(example, None, 2027, at("2027-03-03"), by="iemand@anders.example", party="wzv")
    assert second.words.startswith(f"goedgekeurd door {WZV}; hij gaat naar Gemeente Terneuzen")
    assert (again.changed, again.words) == (False, f"was al goedgekeurd door {WZV}")
    with example.database.reading() as session:
        given = session.exec(select(LetterApproval).order_by(LetterApproval.id)).all()
    assert [(one.party, one.by, one.at) for one in given] == [("clavis", CLAVIS, MARCH), ("wzv", WZV, at("2027-03-03"))]
    assert [email for _name, email in recipients(example, None, 2027)] == [
        "wonen@terneuzen.example",
        "info@bewonersraad.example",
        "bestuur@shb.example",
    ]
    assert send(example, None, 2027, at("2027-03-03"), by=SECRETARY).words == "3 mails staan klaar om te gaan"
    assert recipients(example, None, 2027) == []
    with pytest.raises(NotFound, match="geen afzender"):
        approve(example, None, 2027, MARCH, by=CLAVIS, party="gemeente")


def test_an_approval_is_withdrawn_until_the_first_mail_is_made(example: Office) -> None:
    approve(example, None, 2027, MARCH, by=CLAVIS)
    with pytest.raises(Refused, match="al goedgekeurd"):
        save_texts(example, None, 2027, texts(example, opening="Anders."), MARCH)

    assert withdraw(example, None, 2027, MARCH, by=SECRETARY)
    assert not withdraw(example, None, 2027, MARCH, by=SECRETARY)
    assert state_of(example, None, 2027).state == "draft"
    approve(example, None, 2027, MARCH, by=CLAVIS)
    send(example, None, 2027, MARCH)
    with pytest.raises(Refused, match="dat kan niet terug"):
        withdraw(example, None, 2027, MARCH, by=SECRETARY)


def test_each_corporation_sends_its_own_letter_where_the_covenant_says_so(example: Office) -> None:
    separately(example)
    assert senders_of(example, None, 2027) == ["clavis", "wzv"]
    with pytest.raises(Refused, match="een eigen brief"):
        preview(example, None, 2027, MARCH)

    mine = preview(example, None, 2027, MARCH, "clavis")
    assert "Namens Clavis nodigen wij u daarvoor uit." in words_of(mine.pdf)
    approve(example, None, 2027, MARCH, by=CLAVIS, sender="clavis")
    send(example, None, 2027, MARCH, sender="clavis")
    deliver(example, MARCH)
    assert (step(example).state, lead_states(example)) == ("open", ["done", "open"])

    approve(example, None, 2027, MARCH, by=WZV, sender="wzv")
    send(example, None, 2027, MARCH, sender="wzv")
    deliver(example, MARCH)
    assert (step(example).state, lead_states(example)) == ("done", ["done", "done"])
    assert len([mail for mail in mails(example) if list(mail.iter_attachments())]) == 6


# ---- what goes along ---------------------------------------------------------------------------------------------


def test_the_draft_agenda_has_each_agreement_in_three_forms_and_is_frozen(example: Office) -> None:
    approve(example, None, 2027, MARCH, by=CLAVIS)

    names = [name for _kind, name, _by, _at in letter_files(example, None, 2027)]
    assert names == [f"Voorzet uitvoeringsagenda 2028-2029.{kind}" for kind in ("pdf", "docx", "xlsx")]
    printed = words_of(file_content(example, None, 2027, "", "bijlage", names[0]))
    word = Document(BytesIO(file_content(example, None, 2027, "", "bijlage", names[1])))
    book = openpyxl.load_workbook(BytesIO(file_content(example, None, 2027, "", "bijlage", names[2])))
    [page] = book.worksheets
    in_word = [tuple(cell.text for cell in row.cells) for row in word.tables[0].rows]
    themes = [row[0] for row in in_word if len(set(row)) == 1]
    in_word = [row for row in in_word if len(set(row)) > 1]
    in_excel = [tuple(str(cell.value or "") for cell in row) for row in page.iter_rows()]
    assert in_word == in_excel
    assert in_word[0] == ("Nr.", "Onderwerp", "Actie", "Trekker", "Datum")
    assert themes == [
        "Thema 1: Beschikbaarheid en betaalbaarheid",
        "Thema 2: Duurzaamheid",
        "Thema 3: Maatschappelijke opgaven; wonen en zorg",
        "Thema 4: Vitale en leefbare wijken",
        "Thema 5: Organisatie en samenwerking",
    ]
    numbers = list(dict.fromkeys(row[0] for row in in_word[1:]))
    with example.database.reading() as session:
        agreed = session.exec(select(AgreementRow.number)).all()
    assert numbers == sorted(agreed, key=natural)
    assert [number for number in numbers if f" {number} " not in printed] == []
    assert (page.print_title_rows, page.page_setup.orientation, page.auto_filter.ref) == (
        "$1:$1",
        "landscape",
        f"A1:E{len(in_excel)}",
    )
    assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "n"}
    assert word.core_properties.language == "nl-NL"
    assert "tblHeader" in word.tables[0].rows[0]._tr.xml
    assert "voorzet uitvoeringsagenda 2028 en 2029" in words_of(preview(example, None, 2027, MARCH).pdf)


def test_a_signed_pdf_goes_in_the_place_of_the_made_one(example: Office) -> None:
    signed = pdf_with()
    with pytest.raises(Refused, match="nog niet goedgekeurd"):
        upload_signed(example, None, 2027, "scan.pdf", signed, MARCH)
    approve(example, None, 2027, MARCH, by=CLAVIS)
    made = preview(example, None, 2027, MARCH).pdf

    upload_signed(example, None, 2027, "scan.pdf", pdf_with(), MARCH, by=SECRETARY)
    assert remove_signed(example, None, 2027, MARCH, by=SECRETARY)
    assert preview(example, None, 2027, MARCH).pdf == made
    upload_signed(example, None, 2027, "scan.pdf", signed, MARCH, by=SECRETARY)
    send(example, None, 2027, MARCH)
    deliver(example, MARCH)

    [first, *_] = [mail for mail in mails(example) if list(mail.iter_attachments())]
    attached = {part.get_filename(): part.get_content() for part in first.iter_attachments()}
    assert [(part.get_content_type(), part.get_content()[:4]) for part in first.iter_attachments()] == [
        ("application/pdf", b"%PDF"),
        ("application/pdf", b"%PDF"),
        (WORD, b"PK\x03\x04"),
        (EXCEL, b"PK\x03\x04"),
    ]
    assert attached["Uitnodigingsbrief 2027.pdf"] == signed
    assert len(attached) == 4


def _script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def _launch(pdf: pikepdf.Pdf) -> None:
    action = pdf.make_indirect(pikepdf.Dictionary(S=pikepdf.Name("/Launch"), F="cmd.exe"))
    pdf.pages[0].Annots = pikepdf.Array(
        [pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=action)]
    )


def _hidden_file(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["virus.exe"] = b"MZ"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK geen pdf", "scan.pdf is geen PDF."),
        (b"", "scan.pdf is leeg."),
        (b"%PDF-1.7\nstuk", "De PDF is beschadigd en kan zo niet mee."),
        (b"%PDF-" + b"0" * (10 * 1024 * 1024), "scan.pdf is groter dan 10 MB."),
        (pdf_with(_script), "De PDF bevat een script en kan zo niet mee."),
        (pdf_with(_launch), "De PDF bevat een opdracht en kan zo niet mee."),
        (pdf_with(_hidden_file), "De PDF bevat een ander bestand en kan zo niet mee."),
    ],
    ids=["no pdf", "empty", "broken", "large", "script", "launch", "file"],
)
def test_c14_a_pdf_that_may_not_go_along_is_refused_with_a_sentence(
    quick_example: Office, content: bytes, said: str
) -> None:
    with pytest.raises(Unreadable) as refused:
        upload_signed(quick_example, None, 2027, "scan.pdf", content, MARCH)
    assert refused.value.what == said
    assert refused.value.hint


def test_c14_a_locked_pdf_is_refused(quick_example: Office) -> None:
    content = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(content, encryption=pikepdf.Encryption(owner="x", user="y"))
    with pytest.raises(Unreadable, match="vergrendeld"):
        upload_signed(quick_example, None, 2027, "scan.pdf", content.getvalue(), MARCH)


def test_our_own_letter_may_go_along(quick_example: Office) -> None:
    approve(quick_example, None, 2027, MARCH, by=CLAVIS)
    upload_signed(quick_example, None, 2027, "x.pdf", preview(quick_example, None, 2027, MARCH).pdf, MARCH)


# ---- sent elsewhere ----------------------------------------------------------------------------------------------


def test_a_letter_that_was_sent_without_us_settles_the_step_and_can_be_taken_back(example: Office) -> None:
    state = sent_elsewhere(
        example, None, 2027, date(2027, 3, 1), MARCH, by=SECRETARY, words="Aangetekend, met de post."
    )
    assert (state.state, state.words) == ("outside", "verstuurd buiten cycle om, op 1 maart 2027")
    assert (step(example).state, step(example).next_moment, lead_states(example)) == ("done", None, ["done", "done"])
    with pytest.raises(Refused, match="buiten cycle om"):
        send(example, None, 2027, MARCH)

    assert undo_elsewhere(example, None, 2027, MARCH, by=SECRETARY)
    assert not undo_elsewhere(example, None, 2027, MARCH, by=SECRETARY)
    assert (step(example).state, lead_states(example)) == ("open", ["open", "open"])
    act(example, at("2027-03-24"))
    assert any("Uitnodigingsbrief" in text_of(mail) for mail in mails(example))
    assert [verb for _by, verb, _detail in noted(example)] == ["brief buiten cycle om verstuurd", "toch niet verstuurd"]


def test_a_file_is_proof_too(quick_example: Office) -> None:
    proof = ("verzendbewijs.eml", b"From: x\r\n\r\nx")
    sent_elsewhere(quick_example, None, 2027, date(2027, 3, 1), MARCH, by=SECRETARY, proof=proof)
    assert file_content(quick_example, None, 2027, "", "bewijs", "verzendbewijs.eml") == proof[1]


@pytest.mark.parametrize(
    ("day", "words", "proof", "said"),
    [
        (date(2027, 3, 1), " ", None, "Er is geen bewijs."),
        (date(2027, 3, 3), "Met de post.", None, "3 maart 2027 is nog niet geweest."),
        (date(2027, 3, 1), "", ("macro.docm", b"PK\x03\x04"), "macro.docm kan niet als bewijs worden bewaard."),
        (date(2027, 3, 1), "", ("nep.png", b"MZ"), "nep.png is geen leesbare foto."),
        (date(2027, 3, 1), "", ("scan.png", b"\x89PNG\r\n\x1a\n"), "scan.png is geen leesbare foto."),
        (date(2027, 3, 1), "", ("scan.jpg", b"\xff\xd8\xff\xe0\0\x10JF"), "scan.jpg is geen leesbare foto."),
        (date(2027, 3, 1), "", ("mail.eml", b"acht b.."), "mail.eml is geen leesbare mail."),
        (date(2027, 3, 1), "", ("mail.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "mail.msg is geen leesbare mail."),
        (date(2027, 3, 1), "", ("brief.docx", b"PK\x03\x04garbage"), "brief.docx is beschadigd."),
    ],
)
def test_what_proves_nothing_is_refused(quick_example: Office, day: date, words: str, proof, said: str) -> None:
    with pytest.raises(CycleError) as refused:
        sent_elsewhere(quick_example, None, 2027, day, MARCH, by=SECRETARY, words=words, proof=proof)
    assert refused.value.what == said


# ---- Word --------------------------------------------------------------------------------------------------------


def test_the_word_file_says_what_the_pdf_says(example: Office) -> None:
    word = Document(BytesIO(word_file(example, None, 2027, MARCH)))
    drafted = draft_of(example, None, 2027, MARCH)

    said = [one.text for one in word.paragraphs]
    for section in sections(drafted.facts.blocks):
        assert [part.text for part in section.parts if part.text not in said] == []
    *_, steps, items = ([tuple(cell.text for cell in row.cells) for row in table.rows] for table in word.tables)
    assert steps[1:] == [(one.title, one.when_words, one.who_words or "–") for one in drafted.facts.steps]
    themes = [row for row in items[1:] if len(set(row)) == 1]
    assert [row[0] for row in themes] == [name for name, _rows in by_theme(drafted.facts.standing)]
    assert [row for row in items[1:] if row not in themes] == [
        (one.number, one.topic, one.leads, "\n".join(one.lines), one.light) for one in drafted.facts.standing
    ]


def own_template(office: Office, line: str) -> None:
    folder = office.settings.path("templates/letter")
    folder.mkdir(parents=True, exist_ok=True)
    document = Document()
    document.add_paragraph(line)
    document.save(str(folder / "uitnodigingsbrief.docx"))


def test_a_secretary_changes_the_word_template_beside_config_toml(quick_example: Office) -> None:
    own_template(quick_example, "Beste mensen van {{ covenant_name }} & co")
    word = Document(BytesIO(word_file(quick_example, None, 2027, MARCH)))
    assert [one.text for one in word.paragraphs] == ["Beste mensen van Prestatieafspraken Terneuzen & co"]


@pytest.mark.parametrize(
    "line",
    ["{{ bestaat_niet }}", "{{ ''.__class__.__mro__ }}", "{% for x in %}", "{{ covenant_name.__init__.__globals__ }}"],
)
def test_c14_a_word_template_that_does_not_fit_is_a_sentence(quick_example: Office, line: str) -> None:
    own_template(quick_example, line)
    with pytest.raises(CycleError, match=r"Het sjabloon uitnodigingsbrief\.docx klopt niet"):
        word_file(quick_example, None, 2027, MARCH)


def test_a_word_template_that_is_no_word_file_is_a_sentence(quick_example: Office) -> None:
    folder = quick_example.settings.path("templates/letter")
    folder.mkdir(parents=True)
    Path(folder / "uitnodigingsbrief.docx").write_bytes(b"geen word")
    with pytest.raises(CycleError, match="geen Word-bestand"):
        word_file(quick_example, None, 2027, MARCH)
