"""What stands beside the text of an office file is named: remarks, heads and feet of pages."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cycle.domain.model import Conventions
from cycle.intake import ReadDocument, read_document
from tests.intake.conftest import GROUPS, PARTIES

ROWS = (("Nr", "Afspraak", "Trekker", "Termijn"), ("1", "Plan maken", "WZV", "1 mei 2027"))
REMARK, EDGE = "opmerking bij de tekst", "kop- of voettekst van een bladzijde"


def as_word(path: Path) -> None:
    import docx

    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Stand 3 maart 2027"
    table = document.add_table(rows=2, cols=4)
    for row, words in zip(table.rows, ROWS, strict=True):
        for cell, word in zip(row.cells, words, strict=True):
            cell.text = word
    document.add_comment(table.rows[1].cells[3].paragraphs[0].runs, text="Wordt 1 juli 2027", author="x", initials="x")
    document.save(str(path))


def as_workbook(path: Path) -> None:
    import openpyxl
    from openpyxl.comments import Comment

    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.active["D2"].comment = Comment("Wordt 1 juli 2027", "x")
    book.active.oddHeader.center.text = "Stand 3 maart 2027"
    book.save(path)


def read(path: Path) -> ReadDocument:
    return read_document(path, parties=PARTIES, groups=GROUPS, conventions=Conventions())


@pytest.mark.parametrize(("name", "write"), [("a.docx", as_word), ("a.xlsx", as_workbook)])
def test_remarks_and_page_heads_are_named_with_what_weighs(
    tmp_path: Path, name: str, write: Callable[[Path], None]
) -> None:
    write(tmp_path / name)

    document = read(tmp_path / name)

    assert [(row.text, row.leads, row.date_phrase) for row in document.agenda] == [
        ("Plan maken", ("wzv",), "1 mei 2027")
    ]
    assert {(one.text, one.why, one.weighs) for one in document.unused} == {
        ("Wordt 1 juli 2027", REMARK, True),
        ("Stand 3 maart 2027", EDGE, True),
    }


def test_a_remark_in_an_odt_is_named(tmp_path: Path) -> None:
    from odfdo import Document, Paragraph

    document = Document("text")
    paragraph = Paragraph("Lees dit plan.")
    paragraph.insert_annotation(after="plan", body="Graag 1 juni 2027", creator="x")
    document.body.append(paragraph)
    document.save(tmp_path / "a.odt")

    assert ("Graag 1 juni 2027", REMARK, True) in {
        (one.text, one.why, one.weighs) for one in read(tmp_path / "a.odt").unused
    }
