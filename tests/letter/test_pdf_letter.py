"""The invitation letter: what a reader, a screen reader and an archive find in it (agreement 5.9, rule C14)."""

import io
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pdfplumber
import pikepdf
import pytest

from cycle.errors import CycleError
from cycle.letter import TEMPLATE, Addressee, LetterFacts, LetterStep, Sender, render
from cycle.letter.standing_rows import StandingRow

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "templates" / "letter" / TEMPLATE

FACTS = LetterFacts(
    covenant_name="Prestatieafspraken Terneuzen 2022–2025",
    municipality="Terneuzen",
    year=2027,
    senders=(Sender("Clavis", "directeur-bestuurder", "Terneuzen"), Sender("Woongoed Zeeuws-Vlaanderen")),
    addressees=(
        Addressee("Gemeente Terneuzen", "het college van burgemeester en wethouders"),
        Addressee("Bewonersraad Clavis", "het bestuur"),
        Addressee("Huurdersorganisatie SHB"),
    ),
    letter_date=date(2027, 3, 2),
    agenda_years=(2028, 2028),
    spring_meeting="donderdag 15 april 2027 om 14.00 uur in het stadhuis",
    meeting_day="donderdag 15 april 2027",
    points_by=date(2027, 4, 1),
    standing=(
        StandingRow("1.1.3", "Bouwtafel", "Thema 1", "Gemeente", ("gedaan op 3 maart 2026",), "geen bericht"),
        StandingRow(
            "3.3",
            "Zorgtafel & wonen: €-bedragen",
            "Thema 3",
            "WZV",
            ("open, uiterlijk 1 juli 2027", "open over 2027"),
            "groen",
            "Clavis, 2 maart 2027",
        ),
    ),
    steps=(
        LetterStep("Uitnodigingsbrief", "vóór 1 april (uiterlijk woensdag 31 maart)", "corporaties"),
        LetterStep("Voorjaarsoverleg", "donderdag 15 april", "gemeente"),
        LetterStep("Najaarsoverleg", "oktober"),
    ),
    reply_to="secretariaat@prestatieafspraken.example",
    phone="0115 00 00 00",
    source_note="Grondslag: afspraak 5.9",
)


def letter(**changed: object) -> bytes:
    return render(replace(FACTS, **changed), SHIPPED)  # type: ignore[arg-type]


def text_of(pdf: bytes) -> str:
    """All text of the letter, with every white space as one space and names that broke at a hyphen made whole."""
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        words = " ".join(page.extract_text() for page in document.pages)
    return re.sub(r"\s+", " ", re.sub(r"(?<=\w)-\n(?=[A-Z])", "-", words))


# ---- what it says ------------------------------------------------------------------------------------------------


def test_it_invites_to_look_back_and_to_make_the_next_agenda() -> None:
    text = text_of(letter())

    assert "Uitnodiging: terugkijken op 2026 en de agenda voor 2028 maken" in text
    assert "Namens Clavis en Woongoed Zeeuws-Vlaanderen nodigen wij u daarvoor uit." in text
    assert "Wij ontvangen uw punten graag uiterlijk donderdag 1 april 2027." in text
    assert "in het voorjaarsoverleg: donderdag 15 april 2027 om 14.00 uur in het stadhuis. Wilt u" in text
    assert "U krijgt van ons geen apart bod." in text
    assert "Stuur een e-mail naar secretariaat@prestatieafspraken.example. Bellen kan ook: 0115 00 00 00." in text
    assert "datum volgt" not in text


def test_it_is_addressed_dated_and_signed_by_all() -> None:
    text = text_of(letter())

    for addressee in FACTS.addressees:
        assert addressee.organisation in text
    assert "t.a.v. het college van burgemeester en wethouders" in text
    assert "Datum 2 maart 2027" in text
    assert "Met vriendelijke groet, namens Clavis en Woongoed Zeeuws-Vlaanderen" in text
    assert "Clavis Woongoed Zeeuws-Vlaanderen directeur-bestuurder directeur-bestuurder" in text
    assert "Grondslag: afspraak 5.9 pagina 1 van 3" in text


def test_the_year_and_the_state_of_the_agreements_stand_in_tables() -> None:
    text = text_of(letter())

    assert "Wat Wanneer Wie Uitnodigingsbrief vóór 1 april (uiterlijk woensdag 31 corporaties maart)" in text
    assert "Najaarsoverleg oktober –" in text
    assert "Nr. Onderwerp Trekker Acties: hoe het staat Licht en van wie Thema 1" in text
    assert "1.1.3 Bouwtafel Gemeente gedaan op 3 maart 2026 geen bericht Thema 3" in text
    assert "3.3 Zorgtafel & wonen: €-bedragen WZV open, uiterlijk 1 juli 2027 groen open over 2027 Clavis, 2" in text


def test_without_a_date_the_open_place_cannot_be_missed() -> None:
    text = text_of(letter(spring_meeting="", meeting_day="", points_by=None))

    assert "in het voorjaarsoverleg: datum volgt; u hoort apart van ons wanneer en waar het is." in text
    assert [words for words in ("vrijhouden", "uiterlijk .", "op ?", "{") if words in text] == []


def test_without_items_and_steps_it_is_one_page_and_names_no_annex() -> None:
    pdf = letter(standing=(), steps=())

    assert "bijlage" not in text_of(pdf).lower()
    assert "pagina 1 van 1" in text_of(pdf)


def test_an_ordinary_letter_with_three_corporations_and_no_date_keeps_its_signatures_on_the_first_page() -> None:
    three = (*FACTS.senders, Sender("Derde Corporatie", "directeur-bestuurder", "Terneuzen", "A. Voorbeeld"))

    with pdfplumber.open(io.BytesIO(letter(spring_meeting="", meeting_day="", senders=three))) as document:
        first = document.pages[0].extract_text()

    assert "Met vriendelijke groet" in first
    assert "A. Voorbeeld" in first


@pytest.mark.parametrize(
    ("years", "words"),
    [
        ((2028, 2028), "agenda voor 2028 maken"),
        ((2028, 2029), "agenda voor 2028 en 2029 maken"),
        ((2028, 2030), "agenda voor 2028 tot en met 2030 maken"),
    ],
)
def test_the_years_of_the_agenda_are_words(years: tuple[int, int], words: str) -> None:
    assert words in text_of(letter(agenda_years=years))


def test_a_municipality_is_not_called_gemeente_twice() -> None:
    assert "in de gemeente Terneuzen aan de prestatieafspraken" in text_of(letter(municipality="Gemeente Terneuzen"))


@pytest.mark.parametrize(
    "text",
    [
        '#import "x.typ"',
        "$x^2$",
        "= Kop",
        "*vet* _schuin_",
        "<label>",
        "@verwijzing",
        "a \\ b",
        '"; #panic() //',
        "ĳ ë €",
    ],
)
def test_c14_what_looks_like_markup_stays_text(text: str) -> None:
    printed = text_of(letter(standing=(StandingRow("1.1", text, "", "WZV", ("open",), "groen"),)))

    assert f"1.1 {text} WZV open groen" in printed


def test_sixty_agreements_repeat_the_head_of_the_table_on_each_page() -> None:
    items = tuple(
        StandingRow(f"{n}", f"Onderwerp {n} " + "dat wat langer is " * 2, "", "WZV", ("open",), "groen")
        for n in range(60)
    )

    text = text_of(letter(standing=items))

    assert text.count("Nr. Onderwerp Trekker") > 1
    assert [n for n in range(60) if f"Onderwerp {n} " not in text] == []


# ---- what it is --------------------------------------------------------------------------------------------------


def test_c14_equal_facts_give_equal_bytes_also_in_another_process() -> None:
    script = "import sys; sys.path[:0] = sys.argv[1:]; import test_pdf_letter as t; sys.stdout.buffer.write(t.letter())"
    there = subprocess.run(
        [sys.executable, "-c", script, str(Path(__file__).parent), str(ROOT)],
        capture_output=True,
        check=True,
        env={"PYTHONHASHSEED": "7", "TZ": "Asia/Kolkata"},
    ).stdout

    assert letter() == letter() == there
    assert letter(phone="0115 11 11 11") != there


def test_c14_it_says_what_it_is_in_which_language_and_by_which_standards() -> None:
    with pikepdf.open(io.BytesIO(letter())) as pdf, pdf.open_metadata() as metadata:
        assert str(pdf.Root.Lang) == "nl-NL"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert metadata["dc:title"] == "Uitnodiging: terugkijken op 2026 en de agenda voor 2028 maken"
        assert metadata["pdfuaid:part"] == "1"
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        assert str(pdf.docinfo.CreationDate).startswith("D:20270302")


def test_c14_headings_and_table_heads_are_tagged() -> None:
    with pikepdf.open(io.BytesIO(letter())) as pdf:
        kinds = [kind for kind, _ in _tags(pdf.Root.StructTreeRoot)]
        scopes = [scope for kind, scope in _tags(pdf.Root.StructTreeRoot) if kind == "/TH"]

    assert kinds.count("/H1") == 3
    assert kinds.count("/H2") == 4
    assert kinds.count("/Table") == kinds.count("/THead") == 2
    assert scopes == ["/Column"] * 8


def test_c14_fonts_are_embedded() -> None:
    rows = _tool("pdffonts", letter()).splitlines()[2:]

    assert rows
    assert all(re.search(r" yes yes yes +\d+ +\d+$", row) for row in rows)


def test_c14_pdfinfo_calls_it_tagged() -> None:
    assert re.search(r"^Tagged: +yes$", _tool("pdfinfo", letter()), re.MULTILINE)


def test_c14_qpdf_finds_no_fault() -> None:
    assert "No syntax or stream encoding errors found" in _tool("qpdf", letter(), "--check")


# ---- what cannot be a letter -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"senders": ()}, "De brief heeft geen afzender."),
        ({"addressees": ()}, "De brief heeft geen geadresseerde."),
        ({"agenda_years": (2029, 2028)}, "De agenda loopt van 2029 terug naar 2028."),
    ],
)
def test_a_letter_from_or_to_nobody_is_refused(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(CycleError) as caught:
        replace(FACTS, **wrong)  # type: ignore[arg-type]

    assert caught.value.what == said
    assert caught.value.hint


def test_a_character_without_a_shape_is_named() -> None:
    with pytest.raises(CycleError) as caught:
        letter(source_note="Huis 🏠")

    assert caught.value.what == "De brief bevat tekens die de letter van de brief niet kent: 🏠."
    assert caught.value.hint == "Schrijf de naam of het onderwerp zonder die tekens."


def test_a_template_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CycleError, match=r"Het sjabloon van de brief ontbreekt: .*x\.typ\."):
        render(FACTS, tmp_path / "x.typ")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('#set text(font: "Onbekend")\ntekst', "unknown font family: onbekend"),  # a warning of typst
        ('#read("/etc/passwd")', "file not found"),  # outside the folder of the template
        ("#brief.bestaat-niet", "dictionary does not contain key"),
        ("#let x = (", "unclosed delimiter"),
    ],
)
def test_a_template_that_was_changed_wrongly_is_refused_with_a_sentence(tmp_path: Path, line: str, said: str) -> None:
    changed = tmp_path / TEMPLATE
    changed.write_text(f"{SHIPPED.read_text()}\n{line}\n")

    with pytest.raises(CycleError) as caught:
        render(FACTS, changed)

    assert caught.value.what.startswith(f"De brief kan niet worden gemaakt: {said}")
    assert caught.value.hint


def _tags(element: pikepdf.Object) -> list[tuple[str, str]]:
    """Every tag below this one with its scope, in reading order."""
    found = []
    children = element.get("/K", pikepdf.Array())
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            found += [(str(child.S), _scope(child)), *_tags(child)]
    return found


def _scope(element: pikepdf.Object) -> str:
    attributes = element.get("/A", pikepdf.Array())
    each = attributes if isinstance(attributes, pikepdf.Array) else [attributes]
    return next((str(one.Scope) for one in each if "/Scope" in one), "")


def _tool(name: str, pdf: bytes, *options: str) -> str:
    """What a tool of the machine says about the letter; skips where it is not installed."""
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed here")
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        done = subprocess.run([name, *options, file.name], capture_output=True, check=False)
    return done.stdout.decode()
