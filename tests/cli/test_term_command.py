"""`cycle term`, and `cycle import` of a document with another term, which keeps nothing without an answer."""

from pathlib import Path

from docx import Document

from tests.cli.test_commands import Run, as_json, example_run, run
from tests.web.desk.test_desk_term import NEXT

__all__ = ["example_run", "run"]  # fixtures


def test_a_document_with_another_term_asks_what_it_is_and_keeps_nothing_without_an_answer(
    example_run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "kader.md"
    file.write_text(NEXT, encoding="utf-8")

    asked = example_run("import", file)
    odd = example_run("import", file, "--term", "anders")
    unsaid = example_run("import", file, "--term", "next", "--new", "2", "--open", "1=mee")
    before = as_json(example_run("term", "--json"))["terms"]
    kept = example_run("import", file, "--term", "next", "--open", "rest=carry")
    after = as_json(example_run("term", "--json"))["terms"]

    words = " ".join(asked[1].split())
    assert asked[0] == 0
    assert "Is het een verbetering van wat nu geldt: --term correction." in words
    assert (
        "Is het het volgende kader: --term next, met voor elke open actie carry (mee), close (klaar) of end (vervalt)."
        in words
    )
    assert "2 Fietsenstalling" in words
    assert (odd[0], "--term next (het volgende kader)" in odd[2]) == (1, True)
    assert unsaid[0] == 1
    assert [(one["start"], one["state"]) for one in before] == [("2022-01-01", "running")]
    assert (kept[0], "Bewaard als het volgende kader, van 1 januari 2028" in kept[1]) == (0, True), kept
    assert [(one["start"], one["state"]) for one in after] == [("2028-01-01", "waiting"), ("2022-01-01", "running")]
    assert "gaat nog in" in example_run("term")[1]


def test_a_term_is_looked_back_on_in_word(example_run: Run, tmp_path: Path) -> None:
    file = tmp_path / "terugblik.docx"
    code, out, _err = example_run("term", "--write", file)

    assert (code, out.strip()) == (0, f"Te lezen in {file}")
    assert Document(str(file)).paragraphs[0].text == "Terugblik op de afspraken"
    assert example_run("term", "--of", "1999")[0] == 1


def test_whether_the_agreements_run_on_is_said_by_a_command(example_run: Run) -> None:
    by = ("--as", "secretariaat@terneuzen.example")
    ends = example_run("term", "--ends", *by)
    ended = as_json(example_run("term", "--json"))["terms"][0]["renews"]
    goes_on = example_run("term", "--renews", *by)

    assert (ends[0], "eindigt na de laatste dag" in ends[1], ended) == (0, True, False)
    assert (goes_on[0], as_json(example_run("term", "--json"))["terms"][0]["renews"]) == (0, True)
