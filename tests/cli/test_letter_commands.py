"""`cycle letter` by its own words: Word, each sender's approval, a signed PDF, and sent elsewhere."""

import json
from pathlib import Path

from tests.cli.test_commands import Run, example_run, run  # noqa: F401

CLAVIS = ("--as", "directie@clavis.example")


def test_the_letter_comes_as_word_beside_pdf(example_run: Run, tmp_path: Path) -> None:  # noqa: F811
    code, out, _ = example_run("letter", 2027, "docx", "--out", tmp_path / "brief.docx")
    assert (code, out) == (0, f"De brief staat in {tmp_path / 'brief.docx'}.\n")
    assert (tmp_path / "brief.docx").read_bytes().startswith(b"PK")


def test_each_sender_approves_for_itself(example_run: Run) -> None:  # noqa: F811
    one = example_run("letter", 2027, "approve", "--party", "clavis", *CLAVIS)
    sent = example_run("letter", 2027, "send")
    back = example_run("letter", 2027, "withdraw", *CLAVIS)

    assert "nog niet door Woongoed Zeeuws-Vlaanderen" in one[1]
    assert sent[0] == 1
    assert "nog niet goedgekeurd door Woongoed Zeeuws-Vlaanderen" in sent[2]
    assert back[:2] == (0, "Uitnodigingsbrief 2027: de goedkeuring is ingetrokken; de brief is weer een concept.\n")


def test_what_is_strange_about_sending_is_asked_and_sent_when_somebody_says_so(example_run: Run) -> None:  # noqa: F811
    example_run("letter", 2027, "approve", "--as", "secretariaat@terneuzen.example")
    asked = example_run("letter", 2027, "send", *CLAVIS)
    proof = example_run("letter", 2027, "status")[1]
    told = json.loads(example_run("letter", 2027, "status", "--json")[1])
    assert example_run("letter", 2027, "proof", "--json")[0] == 2
    sent = example_run("letter", 2027, "send", "--yes", *CLAVIS)
    again = example_run("letter", 2027, "send", *CLAVIS)

    assert (asked[0], asked[2]) == (
        1,
        "Fout: Deze brief is van 2027, en het is nu 2026. Toch nu versturen? "
        "De brief noemt nog geen datum voor het overleg.\nKlopt het zo? Zet er --yes bij.\n",
    )
    assert proof.count("nog niet verstuurd") == 3
    assert (told["letter"], told["year"], told["state"]) == ("Uitnodigingsbrief", 2027, "approved")
    assert [(one["party"], one["by"], bool(one["at"]), one["way"]) for one in told["approvals"]] == [
        (party, "secretariaat@terneuzen.example, via de opdrachtregel", True, "noted") for party in ("clavis", "wzv")
    ]
    assert [one["state"] for one in told["addressees"]] == [None, None, None]
    assert "3 mails staan klaar om te gaan" in sent[1]
    assert "was al verstuurd; er gaat niets nog een keer" in again[1]


def test_a_signed_pdf_goes_in_its_place(example_run: Run, tmp_path: Path) -> None:  # noqa: F811
    example_run("letter", 2027, "approve", "--as", "secretariaat@terneuzen.example")
    example_run("letter", 2027, "preview", "--out", tmp_path / "scan.pdf")
    code, out, _ = example_run("letter", 2027, "upload", "--file", tmp_path / "scan.pdf", *CLAVIS)
    assert (code, out) == (0, "Uitnodigingsbrief 2027: scan.pdf gaat mee in plaats van de gemaakte brief.\n")
    assert example_run("letter", 2027, "upload")[0] == 2


def test_sent_elsewhere_settles_the_step(example_run: Run) -> None:  # noqa: F811
    words = ("--on", "2026-11-01", "--note", "Met de post.")
    code, out, err = example_run("letter", 2027, "sent-elsewhere", *words, *CLAVIS)
    assert (code, out, "1 november 2026 ligt vóór 2027, het jaar van de brief." in err) == (1, "", True)
    code, out, _ = example_run("letter", 2027, "sent-elsewhere", *words, "--yes", *CLAVIS)
    assert (code, out) == (0, "Uitnodigingsbrief 2027: verstuurd buiten cycle om, op 1 november 2026.\n")
    assert example_run("letter", 2027, "send")[0] == 1
