"""`cycle new`: what is shown of a draft, and a table that begins with it."""

import zipfile
from pathlib import Path

import pytest

from tests.cli.test_commands import Run, as_json, run
from tests.intake.founding.test_table_drafts import NUMBERED

__all__ = ["run"]  # a fixture
RUNNING = """De gemeente Oostwolde en Wonen aan de Wolde en het Huurdersplatform Oostwolde maken samen afspraken.

Wonen aan de Wolde stelt voor 1 mei 2028 een buurtbeheerder aan. De gemeente onderzoekt voor 1 mei 2027 een warmtenet.
"""
FOUNDER = ("--secretariat", "Team Wonen <Wonen@bergen.example>")


@pytest.fixture
def drafting(run: Run, tmp_path: Path) -> Run:
    (tmp_path / "afspraken.md").write_text(NUMBERED, encoding="utf-8")
    return run


def test_a_draft_is_shown_in_the_stable_shape_and_needs_no_database(drafting: Run, tmp_path: Path) -> None:
    shown = as_json(drafting("new", "afspraken.md", "--check", "--json"))

    assert set(shown) == {"covenant", "questions", "documents"}
    assert {key: shown["covenant"][key] for key in ("slug", "name", "municipality", "signed_on", "term_start")} == {
        "slug": "bergen-op-zoom",
        "name": "Prestatieafspraken Bergen op Zoom",
        "municipality": "Gemeente Bergen op Zoom",
        "signed_on": "2026-02-12",
        "term_start": "2026-01-01",
    }
    assert (shown["covenant"]["term_end"], shown["covenant"]["renews"]) == ("2029-12-31", True)
    assert shown["covenant"]["parties"][1] == {
        "slug": "stichting-stadlander",
        "name": "Stichting Stadlander",
        "kind": "corporation",
        "aliases": ["Stadlander"],
    }
    assert shown["covenant"]["groups"][0]["slug"] == "corporaties"
    assert {"name": "huuradvies", "title": "Advies over de huurverhoging", "source": ["1.1"]} in shown["covenant"][
        "steps"
    ]
    assert [document["file"] for document in shown["documents"]] == ["afspraken.md"]
    assert not (tmp_path / "var").exists()


def test_open_questions_are_named_and_agreed_to_before_anything_is_kept(drafting: Run) -> None:
    code, _out, err = drafting("new", "afspraken.md", *FOUNDER)

    assert (code, err.splitlines()[0]) == (1, "Fout: Er staan nog 6 vragen open.")


def test_without_a_secretariat_it_says_how_to_name_one(drafting: Run) -> None:
    code, _out, err = drafting("new", "afspraken.md", "--yes")

    assert (code, err.splitlines()) == (
        1,
        [
            "Fout: Wie is het secretariaat van deze tafel?",
            "Eén naam en één adres, zo: --secretariat “Team Wonen <wonen@gemeente.nl>”",
        ],
    )


def test_a_table_begins_in_one_command_on_an_empty_machine(drafting: Run) -> None:
    code, out, err = drafting("new", "afspraken.md", *FOUNDER, "--yes", "--slug", "boz")

    assert (code, err) == (0, "")
    assert (
        out.splitlines()[0] == "Het convenant boz is begonnen; Team Wonen <wonen@bergen.example> is het secretariaat."
    )
    assert as_json(drafting("people", "--json"))["people"][0]["roles"] == ["secretariat"]
    titles = [one["title"] for one in as_json(drafting("plan", 2027, "--json"))["items"]]
    assert {"Bod van de corporaties", "Er komt een monitor betaalbaarheid"} < set(titles)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("Jan\nBcc: evil@x.example <jan@x.example>", "Wie is het secretariaat van deze tafel?"),
        ("Jan <jan@x.example>; Piet <piet@x.example>", "Wie is het secretariaat van deze tafel?"),
        ("geen adres", "Wie is het secretariaat van deze tafel?"),
        (
            "Jansen, Jan <Jan@x.example>",
            "Het convenant boz is begonnen; Jansen, Jan <jan@x.example> is het secretariaat.",
        ),
    ],
)
def test_the_secretariat_is_one_name_with_one_address(drafting: Run, given: str, said: str) -> None:
    _code, out, err = drafting("new", "--secretariat", given, "--slug", "boz", "--yes")

    assert (out or err.removeprefix("Fout: ")).splitlines()[0] == said


def test_a_short_name_that_cannot_be_is_refused_while_looking(drafting: Run) -> None:
    code, _out, err = drafting("new", "afspraken.md", "--check", "--slug", "Mijn Tafel")

    assert (code, err.splitlines()[0]) == (1, "Fout: 'Mijn Tafel' is geen korte naam.")


def test_a_document_without_agreements_says_so(run: Run, tmp_path: Path) -> None:
    text = "# Woonafspraken\n\n- Gemeente Goes\n- Huurdersvereniging Goes\n\nZij gelden tot 1 juli 2030.\n"
    (tmp_path / "leeg.md").write_text(text, encoding="utf-8")
    code, out, _err = run("new", "leeg.md", "--check")

    assert code == 0
    assert "leeg.md: Er zijn geen afspraken in gevonden." in out


def test_a_zip_is_taken_apart_by_new_and_by_import(drafting: Run, tmp_path: Path) -> None:
    packed(tmp_path / "stukken.zip", tmp_path / "afspraken.md")
    shown = as_json(drafting("new", "stukken.zip", "--check", "--json"))
    drafting("new", "stukken.zip", *FOUNDER, "--yes", "--slug", "boz")
    read = as_json(drafting("import", "stukken.zip", "--check", "--json"))
    drafting("export", "map")
    packed(tmp_path / "map.zip", *(tmp_path / "map").iterdir())
    folder = drafting("import", "map.zip")
    (tmp_path / "fout.zip").write_bytes(b"PK no zip")
    refused = drafting("new", "fout.zip", "--check")

    assert [document["file"] for document in (*shown["documents"], *read["documents"])] == ["afspraken.md"] * 2
    assert read["register"]["unchanged"] == 2
    assert (folder[0], folder[2]) == (0, "")
    assert "niets veranderd" in folder[1]
    assert (refused[0], refused[2].splitlines()[0]) == (1, "Fout: fout.zip is beschadigd of op slot.")


def test_new_says_of_a_covenant_folder_how_it_is_read_in(drafting: Run, tmp_path: Path) -> None:
    drafting("new", "afspraken.md", *FOUNDER, "--yes", "--slug", "boz")
    drafting("export", "map")
    (tmp_path / "leeg").mkdir()

    said = [drafting("new", place, "--check")[2].splitlines() for place in ("map", "map/covenant.toml", "leeg")]
    assert said == [
        ["Fout: map is de map van een convenant.", "Lees haar in, dan staat de tafel er: cycle import map"],
        [
            "Fout: map/covenant.toml hoort bij de map van een convenant.",
            "Lees haar in, dan staat de tafel er: cycle import map",
        ],
        ["Fout: leeg is een map.", "Noem de bestanden die erin staan."],
    ]


def test_a_possible_action_is_listed_with_its_number_taken_up_by_it_and_told_where_it_is_not(
    drafting: Run, tmp_path: Path
) -> None:
    (tmp_path / "pact.txt").write_text(RUNNING, encoding="utf-8")
    listed = drafting("new", "pact.txt", "--check")[1]
    begun = drafting("new", "pact.txt", *FOUNDER, "--yes", "--slug", "pact", "--take", "1")[1]
    again = as_json(drafting("import", "pact.txt", "--covenant", "pact", "--check", "--json"))

    assert "--take 1,3" in listed
    assert begun.splitlines()[2:3] == [
        "Niet overgenomen: 1 mogelijke actie in de lopende tekst. Zo alsnog: cycle import BESTAND --take 1,3"
    ]
    assert (again["register"]["new"], again["register"]["unchanged"]) == (0, 1)


def packed(place: Path, *files: Path) -> None:
    with zipfile.ZipFile(place, "w") as archive:
        for file in files:
            archive.write(file, file.name)
