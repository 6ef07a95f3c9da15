"""`import`, `settle`, `carry` and `export` as a secretary meets them."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from cycle.cli.console import say_table
from tests.cli.test_commands import Run, as_json, example_run, run  # noqa: F401 - fixtures
from tests.conftest import EXAMPLE

AGENDA = """# Uitvoeringsagenda 2022-2023

| Nr. | Onderwerp | Actie | Trekker | Planning |
|---|---|---|---|---|
| 1.1.2 | Gezamenlijk inzicht in ontwikkelingen woningmarkt | <script>alert(1)</script> & "=1+1" | {} | {} |
"""


@pytest.fixture
def agenda(tmp_path: Path) -> Path:
    file = tmp_path / "agenda.md"
    file.write_text(AGENDA.format("Provincie", "zomer 2027"), encoding="utf-8")
    return file


def test_settle_lists_readings_side_by_side_and_open_actions(example_run: Run) -> None:  # noqa: F811
    code, out, _err = example_run("settle")
    data = as_json(example_run("settle", "--json"))

    assert code == 0
    assert re.search(
        r"L\d+ +1\.1\.2 +najaar 2022 +1 september tot en met 30 november 2022 +21 september tot en met 20 december",
        out,
    )
    assert re.search(r"\d+ +2\.1 +Warmtenet businesscase +2022 +2022-12-31 +gemeente +was al verlopen", out)
    assert sorted(data) == ["deadlines", "readings"]
    assert sorted(data["readings"][0]) == sorted(
        ("id", "number", "topic", "phrase", "readings", "reason", "leads", "text", "source")
    )
    assert sorted(data["deadlines"][0]) == sorted(
        ("id", "number", "title", "phrase", "window_start", "due", "leads", "why", "source")
    )


def test_readings_are_confirmed_and_set_and_a_goal_that_is_reached_says_so(example_run: Run) -> None:  # noqa: F811
    ids = {one["phrase"]: one["id"] for one in as_json(example_run("settle", "--json"))["readings"]}
    first, second = f"L{ids['najaar 2022']}", f"L{ids['periodiek']}"

    done = example_run("settle", "confirm", first, "--as", "secretariaat@terneuzen.example")
    again = example_run("settle", "confirm", first)
    given = example_run("settle", "set", second, "eind 2027", "--as", "secretariaat@terneuzen.example")

    assert done[:2] == (0, "1.1.2 “najaar 2022”: bevestigd: 1 september tot en met 30 november 2022.\n")
    assert again[:2] == (0, "1.1.2 “najaar 2022”: was al bevestigd: 1 september tot en met 30 november 2022.\n")
    assert given[:2] == (0, "1.1.6 “periodiek”: vastgesteld: 1 oktober tot en met 31 december 2027.\n")
    assert example_run("settle", "confirm", "L999999", second)[0] == 1


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("settle", "confirm", "morgen"), "is geen lezing"),
        (("settle", "set", "L999999", "2027-01-01"), "L999999 bestaat niet"),
        (("settle", "--from", "weg.xlsx"), "weg.xlsx bestaat niet"),
        (("carry", "--to", "2027-01-01"), "Welke acties?"),
        (("carry", 999999, "--to", "2027-01-01"), "Termijn 999999 bestaat niet"),
        (("export", "register.pdf"), "register.pdf is geen CSV of XLSX"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    example_run: Run,  # noqa: F811
    words: tuple[object, ...],
    what: str,
) -> None:
    code, out, err = example_run(*words)

    assert (code, out, what in err) == (1, "", True)
    assert len(err.strip().split("\n")) >= 2


def test_a_list_goes_out_and_comes_back(example_run: Run, tmp_path: Path) -> None:  # noqa: F811
    code, out, _err = example_run("export", "--settle", "lijst.csv")
    file = tmp_path / "lijst.csv"
    lines = file.read_text(encoding="utf-8-sig").split("\n")
    place = next(place for place, line in enumerate(lines) if ";2.1;Warmtenet" in line)
    lines[place] = lines[place].replace(";;;", ";gedaan;;", 1) if ";;;" in lines[place] else lines[place]
    cells = lines[place].split(";")
    heads = lines[0].strip().split(";")
    cells[heads.index("besluit")] = "gedaan"
    cells[heads.index("datum")] = ""
    lines[place] = ";".join(cells)
    file.write_text("\n".join(lines), encoding="utf-8")

    first = example_run("settle", "--from", "lijst.csv", "--as", "secretariaat@terneuzen.example")
    again = example_run("settle", "--from", "lijst.csv", "--as", "secretariaat@terneuzen.example")

    assert (code, "cycle settle --from lijst.csv" in out) == (0, True)
    assert (first[0], first[1].split("\n")[-2]) == (0, "1 besluiten uitgevoerd, 0 waren al zo, 0 niet mogelijk.")
    assert (again[0], again[1]) == (0, "0 besluiten uitgevoerd, 1 waren al zo, 0 niet mogelijk.\n")


def test_a_difference_waits_for_a_yes(example_run: Run, agenda: Path) -> None:  # noqa: F811
    assert example_run("import", agenda)[0] == 0
    agenda.write_text(AGENDA.format("Gemeente", "eind 2027"), encoding="utf-8")

    held = example_run("import", agenda)
    checked = as_json(example_run("import", agenda, "--check", "--json"))
    done = example_run("import", agenda, "--only", "1.1.2")
    again = example_run("import", agenda, "--yes")

    assert held[1].endswith(
        "1 afspraken zijn anders dan in het register en niet aangepast: neem alles over met --yes, of noem ze met "
        "--only NUMMERS.\n"
    )
    assert re.search(r"1\.1\.2 +wacht op ja +trekker in de agenda +Provincie +Gemeente\n", held[1])
    counts = {name: n for name, n in checked["register"].items() if isinstance(n, int)}
    assert counts == {"new": 0, "changed": 1, "unchanged": 0, "gone": 0}
    assert [(one["number"], one["due"]) for one in checked["register"]["deadlines"]] == [("1.1.2", "2027-12-31")]
    assert checked["changes"][0]["waiting"] is True
    assert "Bewaard: " in done[1]
    assert again[1].endswith("Er is niets veranderd.\n")


def test_the_report_is_a_page_that_prints_without_script(example_run: Run, tmp_path: Path) -> None:  # noqa: F811
    example_run("export", "register.csv")
    file = tmp_path / "register.csv"
    text = file.read_text(encoding="utf-8")
    text = text.replace("Noem bij plannen", "<script>alert(1)</script> & bij plannen").replace(
        ";WZV;", ";Provincie;", 1
    )
    file.write_text(text, encoding="utf-8")

    code, out, _err = example_run("import", "register.csv", "--check", "--html", "verslag.html")
    page = (tmp_path / "verslag.html").read_text(encoding="utf-8")

    found = Tags()
    found.feed(page)
    assert (code, out.split("\n")[-2]) == (0, "Te lezen in verslag.html")
    assert found.names.isdisjoint({"script", "link", "img", "iframe", "form"})
    assert found.attributes.isdisjoint({"onclick", "onload", "href", "src"})
    assert found.scopes == found.names_of_heads
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; bij plannen" in page
    assert "<li>1 september tot en met 30 november 2022</li><li>21 september tot en met 20 december 2022</li>" in page
    assert "De onbekende" in page or "Provincie" in page


class Tags(HTMLParser):
    """What a page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.scopes = self.names_of_heads = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _value in attrs}
        self.names_of_heads += tag == "th"
        self.scopes += tag == "th" and "scope" in dict(attrs)


def test_a_register_that_was_exported_says_that_nothing_changed(example_run: Run, tmp_path: Path) -> None:  # noqa: F811
    assert example_run("export", "register.xlsx")[1] == "register.xlsx: 55 afspraken.\n"

    assert example_run("import", tmp_path / "register.xlsx")[1].endswith("Er is niets veranderd.\n")


def test_a_covenant_that_was_exported_as_a_folder_comes_in_without_a_difference(example_run: Run) -> None:  # noqa: F811
    written = example_run("export", "terneuzen")
    again = example_run("export", "terneuzen")

    assert written[:2] == (
        0,
        "terneuzen: convenant terneuzen, 21 mensen, 55 afspraken.\n"
        "Wat er gedaan, besloten en gemaild is, staat er niet in: dat bewaart cycle backup.\n",
    )
    assert (again[0], "De map terneuzen is niet leeg." in again[2]) == (1, True)
    assert example_run("export", "terneuzen", "--yes")[0] == 0
    assert example_run("import", "terneuzen")[1].endswith("Er is niets veranderd.\n")


def test_actions_are_carried_over_one_by_one(example_run: Run) -> None:  # noqa: F811
    actions = as_json(example_run("settle", "--json"))["deadlines"]
    which = next(one["id"] for one in actions if one["number"] == "2.1")

    first = example_run("carry", which, "--to", "2035-06-29", "--as", "secretariaat@terneuzen.example")
    again = example_run("carry", which, "--to", "2035-06-29")

    assert first[:2] == (0, "Warmtenet businesscase: doorgeschoven naar vrijdag 29 juni 2035.\n")
    assert again[:2] == (0, "Warmtenet businesscase: stond al op vrijdag 29 juni 2035.\n")
    assert example_run("carry", "--all", "--to", "2035-06-29")[1] == "Er zijn geen open acties uit een vorige agenda.\n"


def test_a_covenant_without_anything_to_settle_says_so(run: Run, tmp_path: Path) -> None:  # noqa: F811
    run("migrate")
    folder = tmp_path / "leeg"
    folder.mkdir()
    (folder / "covenant.toml").write_text((EXAMPLE / "covenant.toml").read_text(encoding="utf-8"), encoding="utf-8")
    run("import", folder)

    assert run("settle")[:2] == (0, "Er is niets af te handelen.\n")
    assert json.loads(run("settle", "--json")[1]) == {"readings": [], "deadlines": []}


def test_a_table_lines_up(capsys: pytest.CaptureFixture[str]) -> None:
    say_table(("a", "b"), [("lang woord", ""), ("x", 2)])

    assert capsys.readouterr().out == "a           b\n----------  -\nlang woord  –\nx           2\n"
