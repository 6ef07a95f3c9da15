"""The kind of a file follows from its name and its bytes together."""

import io
import zipfile

import pytest

from cycle.domain.files import UNKNOWN, media_type


def packed(*parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for part in parts:
            file.writestr(part, "x")
    return out.getvalue()


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("brief.pdf", b"%PDF-1.7 x", "application/pdf"),
        ("BRIEF.PDF", b"%PDF-1.7 x", "application/pdf"),
        ("agenda.docx", packed("[Content_Types].xml", "word/document.xml"), WORD),
        ("agenda.xlsx", packed("[Content_Types].xml", "xl/workbook.xml"), EXCEL),
        ("alles.zip", packed("covenant.toml"), "application/zip"),
        ("lijst.csv", "\ufeffnummer;één\r\n".encode(), "text/csv"),
        ("lijst.json", b"{}", "application/json"),
        ("termijnen.ics", b"BEGIN:VCALENDAR\r\n", "text/calendar"),
        ("scan.jpeg", b"\xff\xd8\xff\xe0x", "image/jpeg"),
        ("scan.png", b"\x89PNG\r\n\x1a\nx", "image/png"),
        ("mail.msg", b"\xd0\xcf\x11\xe0x", "application/vnd.ms-outlook"),
        ("mail.eml", b"Subject: x\r\n\r\n", UNKNOWN),
        # a name that promises what the bytes are not, and names that promise nothing
        ("agenda.xlsx", packed("word/document.xml"), UNKNOWN),
        ("agenda.docx", packed("xl/workbook.xml"), UNKNOWN),
        ("agenda.docx", b"PK\x03\x04 broken", UNKNOWN),
        ("brief.pdf", b"<html>", UNKNOWN),
        ("lijst.csv", b"\xff\xfe\x00x", UNKNOWN),
        ("scan.jpg", b"GIF89a", UNKNOWN),
        ("pagina.html", b"<html>", UNKNOWN),
        ("zonder", b"%PDF-1.7", UNKNOWN),
        (".pdf", b"%PDF-1.7", UNKNOWN),
        ("", b"", UNKNOWN),
    ],
)
def test_name_and_bytes_say_together_what_a_file_is(name, content, kind):
    assert media_type(name, content) == kind
