"""`cycle import --check` says what each column was taken for and what was not used; `--columns` says it otherwise."""

from pathlib import Path

import pytest

from tests.cli.test_commands import Run, as_json, example_run, run

__all__ = ["example_run", "run"]

HEAD = "Nr.;Onderwerp;Afspraak;Trekker;Horizon;Hoezo;Kosten"
ROWS = (
    "9.1;Grond;Kopen.;Gemeente;mei 2027;kanarievogel;€ 5",
    "9.2;Zorg;Bellen.;Clavis;juni 2028;daarom;onbekend",
)


@pytest.fixture
def document(tmp_path: Path) -> Path:
    file = tmp_path / "acties.csv"
    file.write_text("\n".join((HEAD, *ROWS)), encoding="utf-8")
    return file


def test_the_report_says_what_each_column_is_and_what_was_not_used(example_run: Run, document: Path) -> None:
    (said,) = as_json(example_run("import", document, "--check", "--json"))["documents"]
    listed = example_run("import", document, "--check")

    assert [(one["heading"], one["meaning"]) for one in said["columns"]] == [
        ("Nr.", "nummer"),
        ("Onderwerp", "onderwerp"),
        ("Afspraak", "afspraak"),
        ("Trekker", "trekker"),
        ("Horizon", "termijn (geraden)"),
        ("Hoezo", "niet gebruikt"),
        ("Kosten", "niet gebruikt"),
    ]
    assert said["columns"][4]["place"] == "acties.csv, regel 1, kolom 5"
    assert said["unused"] == [
        {
            "place": f"acties.csv, regel {line}, kolom {column}",
            "text": text,
            "why": f"kolom “{why}” wordt niet gebruikt",
        }
        for line, column, text, why in (
            (2, 7, "€ 5", "Kosten"),
            (2, 6, "kanarievogel", "Hoezo"),
            (3, 6, "daarom", "Hoezo"),
            (3, 7, "onbekend", "Kosten"),
        )
    ]
    assert listed[0] == 0
    assert "“Horizon” termijn (geraden)" in listed[1]
    assert "acties.csv, regel 2, kolom 7" in listed[1]
    assert "Verder niet gebruikt: 3 stukken tekst (alle met --json of --html)." in listed[1]


def test_a_column_is_what_a_person_says(example_run: Run, document: Path) -> None:
    told = ("--columns", "Horizon=niet gebruikt", "--columns", "hoezo = afspraak", "--columns", "7=termijn")
    (said,) = as_json(example_run("import", document, "--check", "--json", *told))["documents"]

    assert [(row["number"], row["text"], row["date_phrase"]) for row in said["agenda"]] == [
        ("9.1", "kanarievogel", "€ 5"),
        ("9.2", "daarom", "onbekend"),
    ]
    assert {one["heading"]: one["meaning"] for one in said["columns"]} == {
        "Nr.": "nummer",
        "Onderwerp": "onderwerp",
        "Afspraak": "niet gebruikt",
        "Trekker": "trekker",
        "Horizon": "niet gebruikt",
        "Hoezo": "afspraak",
        "Kosten": "termijn",
    }


@pytest.mark.parametrize(
    ("told", "what", "hint"),
    [
        ("Horizon=eind", "“eind” is geen soort kolom.", "nummer, onderwerp, afspraak, trekker, termijn, niet gebruikt"),
        ("Horizont=termijn", "In de bestanden staat geen kolom “horizont”.", "Horizon, Hoezo, Kosten"),
        ("Horizon", "“Horizon” zegt niet welke kolom wat is.", "Oplevering=termijn"),
    ],
)
def test_what_cannot_be_meant_is_a_sentence(example_run: Run, document: Path, told: str, what: str, hint: str) -> None:
    code, _out, err = example_run("import", document, "--check", "--columns", told)

    assert (code, what in err, hint in err) == (1, True, True)


def test_a_folder_has_no_columns(example_run: Run, example_folder: Path) -> None:
    code, _out, err = example_run("import", example_folder, "--columns", "Wie=trekker")

    assert (code, "Een map heeft geen kolommen om te benoemen." in err) == (1, True)


def test_the_page_lists_columns_and_folds_the_rest(example_run: Run, document: Path, tmp_path: Path) -> None:
    page = tmp_path / "verslag.html"
    example_run("import", document, "--check", "--html", page)
    words = page.read_text(encoding="utf-8")

    assert "<td>termijn (geraden)</td>" in words
    assert "<summary>3 stukken zonder datum, getal of partij</summary>" in words
    assert words.index("€ 5") < words.index("kanarievogel")


def test_what_a_column_is_can_be_kept_for_the_covenant(example_run: Run, document: Path) -> None:
    told = ("--columns", "Hoezo=afspraak", "--columns", "Afspraak=niet gebruikt")

    def meanings() -> dict[str, str]:
        (said,) = as_json(example_run("import", document, "--check", "--json"))["documents"]
        return {one["heading"]: one["meaning"] for one in said["columns"]}

    once = example_run("import", document, *told, "--only", "9.1")
    after_once = meanings()
    keeping = example_run("import", document, *told, "--keep-columns", "--only", "9.2")

    assert (once[0], keeping[0]) == (0, 0)
    assert (after_once["Hoezo"], after_once["Afspraak"]) == ("niet gebruikt", "afspraak")
    assert (meanings()["Hoezo"], meanings()["Afspraak"]) == ("afspraak", "niet gebruikt")
