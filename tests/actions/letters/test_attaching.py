"""Files that somebody adds to a letter: looked into, named in it, read, approved, sent and proven with it."""

import zipfile
from io import BytesIO

import openpyxl
import pytest
from docx import Document

from cycle.actions.deadlines.deciding.steps import YearWish, change_year
from cycle.actions.letters import approve, draft_of, preview, questions_before_sending, send, withdraw, word_file
from cycle.actions.letters.approval.directors import ask_directors, open_letter
from cycle.actions.letters.dispatch.proof_file import proof_zip
from cycle.actions.letters.drafts.attaching import MOST_FILES, attach, detach
from cycle.actions.office.office import Office
from cycle.errors import Refused, Unreadable
from tests.actions.letters.test_directors import asked, say
from tests.actions.letters.test_letter_desk import pdf_with
from tests.actions.letters.test_letters import words_of
from tests.actions.mailbox import at, deliver, mails

MARCH, BY = at("2027-03-02"), "secretariaat@terneuzen.example"


def sheet() -> bytes:
    content = BytesIO()
    openpyxl.Workbook().save(content)
    return content.getvalue()


def test_what_is_added_goes_the_whole_way_with_the_letter(example: Office) -> None:
    office, bod = example, pdf_with()
    change_year(office, 1, YearWish(chosen=("bod",)), MARCH, by=BY)
    mine = {"sender": "clavis", "step": "bod"}
    assert "Het hele bod" not in words_of(preview(office, None, 2027, MARCH, **mine).pdf)
    for name, content in (("Bod/Clavis 2028.pdf", bod), ("cijfers.xlsx", sheet())):
        attach(office, None, 2027, name, content, MARCH, by=BY, **mine)
    names = ("Bod-Clavis 2028.pdf", "cijfers.xlsx")
    assert draft_of(office, None, 2027, MARCH, **mine).attached == names
    assert draft_of(office, None, 2027, MARCH, "wzv", "bod").attached == ()

    said = "Het hele bod vindt u in de bijlage ‘Bod-Clavis 2028’ en ‘cijfers’."
    assert said in words_of(preview(office, None, 2027, MARCH, **mine).pdf)
    word = [one.text for one in Document(BytesIO(word_file(office, None, 2027, MARCH, **mine))).paragraphs]
    assert (said in word, "Bijlagen: Bod-Clavis 2028, cijfers" in word) == (True, True)

    ask_directors(office, None, 2027, MARCH, by=BY, **mine)
    [signed] = asked(office).values()
    seen = open_letter(office, signed, MARCH)[0]
    assert (tuple(seen.enclosures), seen.enclosures[names[0]]) == (names, bod)
    say(office, signed, agrees=False, remark="Het bod is een andere versie.")
    with pytest.raises(Refused, match="ligt al vast"):
        attach(office, None, 2027, "nog.pdf", bod, MARCH, by=BY, **mine)
    withdraw(office, None, 2027, MARCH, by=BY, **mine)
    assert detach(office, None, 2027, names[0], MARCH, by=BY, **mine)
    attach(office, None, 2027, names[0], pdf_with(lambda pdf: pdf.add_blank_page()), MARCH, by=BY, **mine)
    later = at("2027-03-03")
    ask_directors(office, None, 2027, later, by=BY, **mine)
    deliver(office, later)
    changes = {
        what: (old, new)
        for what, old, new in open_letter(office, asked(office)["directie@clavis.example"], later)[0].changes
    }
    old, new = changes["Inhoud van toegevoegde bestanden"]
    assert ("Bod-Clavis 2028.pdf (" in old, "Bod-Clavis 2028.pdf (" in new, old != new) == (True, True, True)

    approve(office, None, 2027, later, by=BY, **mine)
    send(office, None, 2027, later, by=BY, **mine)
    deliver(office, later)
    sent = [[one.get_filename() for one in mail.iter_attachments()] for mail in mails(office)]
    assert [one for one in sent if one] == [
        ["Brief bij het bod 2027 Clavis.pdf", "cijfers.xlsx", "Bod-Clavis 2028.pdf"]
    ] * 3
    with zipfile.ZipFile(BytesIO(proof_zip(office, None, 2027, **mine)[1])) as archive:
        assert {f"bewijs-bod-2027-clavis/toegevoegd/{name}" for name in names} <= set(archive.namelist())


def test_what_may_not_go_along_is_refused_and_a_bod_without_anything_is_asked_about(quick_example: Office) -> None:
    office = quick_example
    change_year(office, 1, YearWish(chosen=("bod",)), MARCH, by=BY)
    mine = {"sender": "wzv", "step": "bod"}

    def add(name: str, content: bytes) -> None:
        attach(office, None, 2027, name, content, MARCH, by=BY, **mine)

    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/vbaProject.bin", "macro")
    wrong = {
        "virus.exe": b"MZ",
        "bod.pdf": b"<script>",
        "bod.xlsx": b"PK\x03\x04geen",
        "macro.xlsx": packed.getvalue(),
        "foto.png": b"GIF89a",
        "leeg.pdf": b"",
    }
    for name, content in wrong.items():
        with pytest.raises(Unreadable):
            add(name, content)
    add("bod.pdf", pdf_with())
    for name in ("BOD.pdf", "Voorzet uitvoeringsagenda 2028-2029.pdf", "b" * 120 + ".pdf", "bod 𓀀.pdf"):
        with pytest.raises(Refused):
            add(name, pdf_with())
    for number in range(1, MOST_FILES):
        add(f"{number}.xlsx", sheet())
    with pytest.raises(Refused, match="al 10 bestanden"):
        add("elf.xlsx", sheet())
    assert not detach(office, None, 2027, "anders.pdf", MARCH, by=BY, **mine)

    asking = "Er gaat geen bijlage mee. Hoort het bod er niet bij?"
    for whose, expected in (("wzv", False), ("clavis", True)):
        approve(office, None, 2027, MARCH, by=BY, sender=whose, step="bod")
        questions = questions_before_sending(office, None, 2027, MARCH, sender=whose, step="bod")
        assert (asking in questions) == expected
