"""What cannot or may not be read says so in a sentence with a hint; it never costs much."""

import io
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from cycle.domain.model import Conventions
from cycle.errors import Unreadable
from cycle.intake import ReadDocument, limits, read_document
from cycle.resources import HOW_TO_INSTALL

Read = Callable[[str, bytes | str], ReadDocument]


def packed(entries: Mapping[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, words in entries.items():
            archive.writestr(name, words)
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("leeg.txt", b"", "leeg.txt is leeg."),
        ("leeg.csv", b"\xef\xbb\xbf\r\n  \n", "leeg.csv is leeg."),
        ("foto.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(40), "foto.jpg is van een onbekend soort."),
        ("brief.odt", packed({"content.xml": b"<x/>"}), "brief.odt is geen leesbaar ODT-bestand."),
        ("brief.zip", packed({"x.txt": b"x"}), "brief.zip is van een onbekend soort."),
        ("oud.doc", b"\xd0\xcf\x11\xe0" + bytes(600), "oud.doc is een oud Word-bestand."),
        ("oud", b"\xd0\xcf\x11\xe0" + bytes(600) + "WordDocument".encode("utf-16-le"), "oud is een oud Word-bestand."),
        ("slot.docx", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "slot.docx is met een wachtwoord"),
        (
            "plat.fodt",
            b'<?xml version="1.0"?>\n<office:document x="y">',
            "plat.fodt is een Word- of LibreOffice-bestand",
        ),
        ("brief.rtf", b"{\\rtf1\\ansi Beste}", "brief.rtf is een RTF-bestand."),
        ("oud.xls", b"\xd0\xcf\x11\xe0" + bytes(600), "oud.xls is geen leesbaar rekenblad."),
        ("stuk.docx", b"PK\x03\x04 en dan niets", "stuk.docx is beschadigd."),
        ("stuk.docx", packed({"word/document.xml": b"<w"}), "stuk.docx is geen leesbaar Word-document."),
        ("stuk.xlsx", packed({"xl/workbook.xml": b"<w"}), "stuk.xlsx is geen leesbaar rekenblad."),
        ("stuk.pdf", b"%PDF-1.7\nniets", "stuk.pdf"),
        ("bom.xlsx", packed({"xl/a.xml": bytes(5_000_000)}), "bom.xlsx is verdacht ingepakt."),
        ("veel.docx", packed({f"word/{n}": b"x" for n in range(300)}), "veel.docx is verdacht ingepakt."),
        ("weg.docx", packed({"word/../../x": b"x"}), "weg.docx is verdacht ingepakt."),
        ("groot.csv", b"1;2;3\n" * 1_800_000, "groot.csv is groter dan 10 MB."),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value and " " not in value else "",
)
def test_what_cannot_be_read_says_why_and_what_to_do(name: str, content: bytes, said: str, read: Read) -> None:
    with pytest.raises(Unreadable) as caught:
        read(name, content)

    assert caught.value.what.startswith(said)
    assert caught.value.hint.endswith(".")


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"bestaat niet\."):
        read_document(tmp_path / "weg.txt", parties=(), groups=(), conventions=Conventions())


def test_a_folder_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        read_document(tmp_path, parties=(), groups=(), conventions=Conventions())


def test_a_pdf_with_a_password_says_so(read: Read) -> None:
    import pikepdf
    import typst

    content = io.BytesIO()
    with pikepdf.open(io.BytesIO(typst.compile(b"Tekst"))) as pdf:
        pdf.save(content, encryption=pikepdf.Encryption(owner="a", user="b"))

    with pytest.raises(Unreadable, match=r"met een wachtwoord beveiligd\."):
        read("slot.pdf", content.getvalue())


def test_a_parser_that_takes_too_much_memory_or_time_is_stopped(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    import typst

    content = typst.compile(b"Tekst")
    monkeypatch.setattr(limits, "CHILD_MEMORY_BYTES", 30 * limits.MEGABYTE)
    with pytest.raises(Unreadable, match=r"geheugen|beschadigd"):
        read("a.pdf", content)

    monkeypatch.setattr(limits, "CHILD_SECONDS", {"pdf": 0.01})
    with pytest.raises(Unreadable, match=r"duurde langer dan"):
        read("a.pdf", content)


def test_an_outside_entity_in_a_word_document_is_not_fetched(read: Read, tmp_path: Path) -> None:
    import docx

    (tmp_path / "geheim").write_text("GEHEIM")
    made = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("MARK")
    document.save(made)
    with zipfile.ZipFile(made) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    entity = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{tmp_path}/geheim">]>'.encode()
    words = entries["word/document.xml"]
    start = words.index(b"?>") + 2
    entries["word/document.xml"] = words[:start] + entity + words[start:].replace(b"MARK", b"&e;")

    try:
        said = read("a.docx", packed(entries)).title
    except Unreadable as error:
        said = error.what
    assert "GEHEIM" not in said


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from cycle.intake import pdf, spreadsheet, word

    for reader, package in ((pdf, "pdfplumber"), (spreadsheet, "python_calamine"), (word, "docx")):
        monkeypatch.setitem(sys.modules, package, None)
        with pytest.raises(Unreadable, match="ontbreekt") as caught:
            reader.read(tmp_path / "x", "x")
        assert caught.value.hint == f"{HOW_TO_INSTALL}."
