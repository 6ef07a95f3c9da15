"""The Word file and the PDF of a letter say the same in the same order, also at their largest; LibreOffice agrees."""

import io
import re
import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pdfplumber
import pikepdf
import pytest
from docx import Document
from PIL import Image
from test_pdf_letter import FACTS, SHIPPED, _tags, text_of

from cycle.letter import Addressee, ContactPerson, LetterFacts, Letterhead, Sender, Signatory, render
from cycle.letter.agenda import AgendaFacts, AgendaRow, agenda_pdf, agenda_word
from cycle.letter.blocks import Written, standard_texts
from cycle.letter.filling import with_blocks
from cycle.letter.standing_rows import StandingRow
from cycle.letter.word_letter import WORD_TEMPLATE, render_word

FOLDER = SHIPPED.parent
SIGNS = "Wonen & zorg: <b> 50% #x $y @z *niet* _zo_ {dit} [dat] “ja” ’t €5 ½ é ĳ \\ / ~"


def picture(colour: str) -> bytes:
    content = io.BytesIO()
    Image.new("RGBA", (400, 120), colour).save(content, "PNG")
    return content.getvalue()


def sender(name: str, colour: str) -> Sender:
    lines = ("Kerkstraat 1", "4531 AB Terneuzen"), ("Postbus 12", "4530 AA Terneuzen")
    return Sender(name, head=Letterhead(*lines, "0115 63 63 63", "www.voorbeeld.example", colour, picture(colour)))


FULL = with_blocks(
    replace(
        FACTS,
        senders=(sender("Clavis", "#17375e"), sender("Woongoed Zeeuws-Vlaanderen", "#7a1f3d")),
        addressees=(
            Addressee(
                "Gemeente Terneuzen",
                "mevrouw A. de Vries",
                "College van burgemeester en wethouders",
                "wethouder",
                ("Postbus 35", "4530 AA Terneuzen"),
                "Geacht college",
            ),
        ),
        salutation="Geacht college,",
        copies=(Addressee("Gemeente Terneuzen", "Team Wonen"),),
        contact=ContactPerson("J. Jansen", "adviseur", "0115 11 11 11", "j.jansen@clavis.example"),
        place="Terneuzen",
        reference="PA-2027-014",
        signatories=(
            Signatory("Clavis", "A. de Boer", approval="akkoord gegeven door A. de Boer op 2 maart 2027"),
            Signatory("Woongoed Zeeuws-Vlaanderen", "R. Pieters"),
        ),
        enclosures=("voorzet uitvoeringsagenda 2028",),
    ),
    FOLDER,
    [
        *standard_texts("uitnodiging", FOLDER)[:4],
        Written(
            "eigen-1",
            "Lijsten",
            f"1. een\n   - onder een\n2. twee\n   1. onder twee\n\nTussen: {SIGNS}\n\n1. opnieuw **een**\n\n- [punt](https://p.example)",
            is_own=True,
        ),
        *standard_texts("uitnodiging", FOLDER)[4:],
    ],
)


def word_of(facts: LetterFacts) -> bytes:
    return render_word(facts, FOLDER / WORD_TEMPLATE, FOLDER)


def words_in_word(content: bytes) -> list[str]:
    """Every word of the body in its order, with those of tables where they stand."""
    body = Document(io.BytesIO(content)).element.body
    pieces = (node.text or "" if node.tag.endswith("}t") else " " for node in body.iter() if _counts(node))
    return "".join(pieces).split()


def _counts(node: object) -> bool:
    return str(getattr(node, "tag", "")).rpartition("}")[2] in ("t", "p", "br", "tab")


def words_in_pdf(content: bytes) -> list[str]:
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        text = "\n".join(page.extract_text() for page in pdf.pages)
    return re.sub(r"PA-2027-014 · .* pagina \d+ van \d+", "", text).split()


def between(words: list[str], first: str, last: str) -> list[str]:
    text = " ".join(words)
    start = text.index(first)
    return text[start : text.index(last, start) + len(last)].split()


def marked(words: list[str]) -> list[str]:
    """Without the signs that a reader puts before points of a list, and addresses as they were broken."""
    text = " ".join(word for word in words if word not in ("•", "\uf0b7", "1.", "2."))
    return re.sub(r"(?<=[a-z])- (?=[A-Z])", "-", text).split()


def test_both_say_the_same_in_the_same_order():
    pdf, word = words_in_pdf(render(FULL, SHIPPED)), words_in_word(word_of(FULL))
    first, last = "Uitnodiging: terugkijken", "Met vriendelijke groet,"

    assert marked(between(word, first, last)) == marked(between(pdf, first, last))
    head_of_word, head_of_pdf = (Counter(between(words, words[0], first)) for words in (word, pdf))
    assert head_of_word == head_of_pdf
    names_in_word, names_in_pdf = (Counter(between(words, last, "Kopie aan: Team Wonen,")) for words in (word, pdf))
    assert names_in_word == names_in_pdf


def test_word_has_styles_headings_words_for_its_pictures_and_its_language():
    content = word_of(FULL)
    word = Document(io.BytesIO(content))
    styles = [one.style.name for one in word.paragraphs if one.text.strip()]
    numbers = [one._p.pPr.numPr.numId.val for one in word.paragraphs if one.style.name == "List Number"]
    with ZipFile(io.BytesIO(content)) as package:
        document, style = (package.read(f"word/{name}.xml").decode() for name in ("document", "styles"))

    assert {"Heading 1", "Heading 2", "List Bullet", "List Number", "Normal"} <= set(styles)
    assert {"List Bullet 2", "List Number 2"} <= set(styles)
    assert styles.count("Heading 1") == 3
    assert (len(numbers), numbers[0] == numbers[1], numbers[1] == numbers[2]) == (3, True, False)
    assert re.findall(r'<wp:docPr[^>]* descr="([^"]*)"', document) == [
        "Logo van Clavis",
        "Logo van Woongoed Zeeuws-Vlaanderen",
    ]
    assert 'w:lang w:val="nl-NL"' in style
    assert word.core_properties.title == "Uitnodiging: terugkijken op 2026 en de agenda voor 2028 maken"
    assert "tblHeader" in word.tables[-1].rows[0]._tr.xml


def test_c14_the_pdf_is_read_in_its_order_and_its_pictures_have_words():
    with pikepdf.open(io.BytesIO(render(FULL, SHIPPED))) as pdf:
        kinds = [kind for kind, _ in _tags(pdf.Root.StructTreeRoot)]
        described = [str(one.Alt) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one]
        lists = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/L"]
        within = [one for one in lists if str(one.P.S) == "/L"]

    assert {"Logo van Clavis", "Logo van Woongoed Zeeuws-Vlaanderen"} <= set(described)
    assert kinds.index("/Figure") < kinds.index("/H1") < kinds.index("/H2") < kinds.index("/Table")
    assert {"/L", "/LI", "/Strong", "/Link"} <= set(kinds)
    assert len(within) == 2


def test_c14_every_line_of_the_letter_is_a_paragraph_a_heading_or_a_cell_of_its_own():
    named = replace(FULL, senders=tuple(replace(one, head=replace(one.head, logo=b"")) for one in FULL.senders))
    for facts in (FULL, named):
        with pikepdf.open(io.BytesIO(render(facts, SHIPPED))) as pdf:
            spans = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Span"]
            assert [str(one.P.S) for one in spans if str(one.P.S) in ("/Div", "/Document")] == []


def test_fifteen_addressees_four_senders_and_two_hundred_agreements_fit():
    colours = ("#17375e", "#7a1f3d", "#1d5c2e", "#5a3b00")
    names = ("Clavis", "Woongoed Zeeuws-Vlaanderen", "Wonen Oost", "Stichting Thuis")
    rows = tuple(
        StandingRow(f"{1 + n // 40}.{1 + n % 40}", f"{SIGNS} {n}", f"Thema {1 + n // 40}", "WZV", ("open",), "groen")
        for n in range(200)
    )
    addressees = tuple(Addressee(f"Huurdersorganisatie {n}", f"Persoon {n}") for n in range(15))
    large = replace(
        FULL,
        senders=tuple(sender(name, colour) for name, colour in zip(names, colours, strict=True)),
        addressees=addressees,
        signatories=(),
        standing=rows,
    )
    pdf, word = text_of(render(large, SHIPPED)), " ".join(words_in_word(word_of(large)))

    for text in (pdf, word):
        assert [one.organisation for one in addressees if one.organisation not in text] == []
        assert [row.number for row in rows if f" {row.number} " not in text] == []
    listed = re.compile(r"Huurdersorganisatie \d+")
    assert ["Aan: zie de verzendlijst" in text for text in (pdf, word)] == [True, True]
    assert listed.findall(word.rpartition("Verzendlijst")[2]) == [one.organisation for one in addressees]
    with pdfplumber.open(io.BytesIO(render(large, SHIPPED))) as opened:
        texts = [page.extract_text() for page in opened.pages]
        assert [len(listed.findall(one)) for one in texts] == [*[0] * (len(texts) - 1), 15]
        assert "Geacht college," in texts[0]
        assert len([page for page in opened.pages if "Nr. Onderwerp" in page.extract_text()]) > 3
        widest = max(word["x1"] for page in opened.pages for word in page.extract_words())
        assert widest < opened.pages[0].width - 40


GREY = pytest.approx(0x59 / 255, abs=0.01)
LONG = "Stichting Samenwerkende Woningcorporaties Midden en West Zeeuws Vlaanderen en de Kanaalzone"


def head_of(pdf: bytes) -> tuple[list[dict[str, float]], list[dict[str, float]], float]:
    """The words of the first page, those of the address on its left, and where the line under its head stands."""
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        page = opened.pages[0]
        words, line = page.extract_words(), min(page.lines, key=lambda one: one["top"])
    title = min(word["top"] for word in words if word["text"] == "Uitnodiging:")
    date = min((word["top"] for word in words if word["text"] == "Datum"), default=title)
    return (
        words,
        [word for word in words if word["x1"] < 250 and line["top"] < word["top"] < date],
        line["top"],
    )


@pytest.mark.parametrize("names", [[LONG], [LONG, LONG], ["Clavis", LONG, "Wonen Oost", LONG]])
def test_long_names_of_senders_stay_above_the_line_and_both_forms_have_that_line(names: list[str]):
    facts = replace(FULL, senders=tuple(Sender(name) for name in names), signatories=())
    words, _address, line = head_of(render(facts, SHIPPED))
    word = Document(io.BytesIO(word_of(facts)))

    over = [one["text"] for one in words if one["bottom"] <= line + 1]
    assert sorted(over) == sorted(" ".join(names).split())
    assert word.tables[0]._tbl.xpath("./w:tblPr/w:tblBorders/w:bottom/@w:color") == ["17375E"]
    assert sorted(cell.text for row in word.tables[0].rows for cell in row.cells) == sorted(names)


@pytest.mark.parametrize("number", [1, 2, 4])
def test_addresses_end_above_the_date(number: int):
    lines = ("Postbus 35", "Derde verdieping", "4530 AA Terneuzen")
    facts = replace(
        FULL,
        addressees=tuple(
            Addressee(f"Partij {n}", "mevrouw De Vries", "Het bestuur", "voorzitter", lines) for n in range(number)
        ),
    )
    words, address, _line = head_of(render(facts, SHIPPED))

    date = next(word["top"] for word in words if word["text"] == "Datum")
    assert [one["text"] for one in address if one["text"] in ("Partij", "Terneuzen")] == [
        *["Partij", "Terneuzen"] * number
    ]
    assert max(one["bottom"] for one in address) < date


def test_each_signatory_has_a_line_to_sign_on_and_an_empty_place_has_none():
    names = ("Clavis", "Woongoed", "Wonen Oost", "Stichting Thuis", "Vijfde")
    for number in (1, 2, 3, 4, 5):
        facts = replace(FULL, signatories=tuple(Signatory(name, "A. de Boer") for name in names[:number]))
        word = Document(io.BytesIO(word_of(facts)))
        cells = (cell for table in word.tables for row in table.rows for cell in row.cells)
        lined = [
            one.text.split("\n")[0] for cell in cells for one in cell.paragraphs if one.style.name == "Ondertekening"
        ]
        with pdfplumber.open(io.BytesIO(render(facts, SHIPPED))) as pdf:
            grey = [one for page in pdf.pages for one in page.lines if one["stroking_color"][0] == GREY]
        assert (lined, len(grey)) == ([*names[:number]], number)
    assert word.styles["Ondertekening"].element.xpath("./w:pPr/w:pBdr/w:top/@w:val") == ["single"]


def test_people_who_get_a_copy_are_told_apart():
    copies = (Addressee("Gemeente Terneuzen", "J. Jansen", "", "adviseur"), Addressee("Clavis", "P. Pieters"))
    facts = replace(FULL, copies=copies)
    said = "Kopie aan: J. Jansen, adviseur, Gemeente Terneuzen; P. Pieters, Clavis"

    assert [
        said in " ".join(words) for words in (words_in_pdf(render(facts, SHIPPED)), words_in_word(word_of(facts)))
    ] == [
        True,
        True,
    ]


def fifty_five() -> tuple[StandingRow, ...]:
    """As many agreements as Terneuzen has, as long as such things are."""
    lines = (
        ("open, doorgeschoven van 1 juli 2026 naar 1 oktober 2027",),
        ("gedaan op 3 maart 2027",),
        ("open over 2027",),
    )
    topic, leads = "Gezamenlijk inzicht in ontwikkelingen van de woningmarkt", "Corporaties en gemeente"
    return tuple(
        StandingRow(f"{at}.{n}", topic, f"Thema {at}", leads, lines[n % 3], "groen", "Clavis, 4 maart 2027")
        for at in range(1, 6)
        for n in range(1, 12)
    )


def test_fifty_five_agreements_are_read_on_two_pages():
    with pdfplumber.open(io.BytesIO(render(replace(FULL, standing=fifty_five()), SHIPPED))) as pdf:
        pages = [page for page in pdf.pages if "Nr. Onderwerp Trekker" in page.extract_text()]
        smallest = min(char["size"] for page in pages for char in page.chars)

    assert (len(pages), smallest >= 8.4) == (2, True)


def test_the_agenda_has_every_row_in_both_forms():
    rows = tuple(
        AgendaRow(f"1.{n}", f"{SIGNS} {n}", "" if n % 5 == 0 else "Maak een plan. " * (n % 7), "WZV", "2028", "Thema 1")
        for n in range(1, 201)
    )
    facts = AgendaFacts("Voorzet uitvoeringsagenda 2028 en 2029", "Een voorzet.", rows)
    with pdfplumber.open(io.BytesIO(agenda_pdf(facts))) as pdf:
        texts = [page.extract_text() for page in pdf.pages]
        is_landscape = all(page.width > page.height for page in pdf.pages)
    table = Document(io.BytesIO(agenda_word(facts))).tables[0]

    assert is_landscape
    assert [n for n, text in enumerate(texts, 1) if "Nr. Onderwerp Actie Trekker Datum" not in text] == []
    assert [row.number for row in rows if not any(re.search(rf"^{row.number} ", text, re.M) for text in texts)] == []
    assert [tuple(cell.text for cell in row.cells) for row in table.rows[2:]] == [row.cells for row in rows]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed here")
def test_libreoffice_opens_the_word_file_and_lays_it_out_page_by_page_as_the_pdf(tmp_path: Path):
    whole = replace(FULL, standing=fifty_five())
    (tmp_path / "brief.docx").write_bytes(word_of(whole))
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), "brief.docx"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, timeout=180)
    theirs, ours = ((tmp_path / "brief.pdf").read_bytes(), render(whole, SHIPPED))
    first, last = "Uitnodiging: terugkijken", "Met vriendelijke groet,"

    assert marked(between(words_in_pdf(theirs), first, last)) == marked(between(words_in_pdf(ours), first, last))
    with pdfplumber.open(io.BytesIO(theirs)) as one, pdfplumber.open(io.BytesIO(ours)) as other:
        starts = [[page.extract_text().splitlines()[0] for page in pdf.pages] for pdf in (one, other)]
        assert [line for line in starts[0] if line.startswith("Bijlage")] == [
            line for line in starts[1] if line.startswith("Bijlage")
        ]
        assert abs(len(one.pages) - len(other.pages)) <= 1
        overviews = [[page for page in pdf.pages if "Nr. Onderwerp" in page.extract_text()] for pdf in (one, other)]
        assert [len(pages) for pages in overviews] == [2, 2]
        logos = [pdf.pages[0].images for pdf in (one, other)]
        edges = [[round(at / 3) for image in pictures for at in (image["x0"], image["x1"])] for pictures in logos]
        assert edges[0] == edges[1]


def test_words_below_the_names_have_the_same_colours_in_both_forms_and_cells_are_as_wide_as_their_columns():
    """Word goes by the width of a cell and LibreOffice by that of its column; cells side by side kept a third."""
    document = Document(io.BytesIO(word_of(FULL)))
    said = {}
    for paragraph in document.paragraphs:
        if paragraph.text.startswith(("Bijlagen:", "Kopie aan:")):
            said |= {run.text.strip(): str(run.font.color.rgb) for run in paragraph.runs if run.text.strip()}
    assert list(said.items()) == [
        ("Bijlagen:", "595959"),
        ("kalender van 2027, stand van de afspraken, voorzet uitvoeringsagenda 2028", "None"),
        ("Kopie aan:", "595959"),
        ("Team Wonen, Gemeente Terneuzen", "None"),
    ]
    for table in document.tables:
        columns = [column.w for column in table._tbl.tblGrid.gridCol_lst]
        rows = [[cell.width for cell in row.tc_lst] for row in table._tbl.tr_lst]
        assert [row for row in rows if row not in (columns, [sum(columns)])] == []
    with pdfplumber.open(io.BytesIO(render(FULL, SHIPPED))) as pdf:
        words = [word for page in pdf.pages for word in page.extract_words(extra_attrs=["non_stroking_color"])]
    assert {word["text"]: word["non_stroking_color"] for word in words if word["text"] in ("Bijlagen:", "Kopie")} == {
        "Bijlagen:": (GREY,) * 3,
        "Kopie": (GREY,) * 3,
    }
