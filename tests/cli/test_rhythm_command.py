"""`cycle rhythm`, `cycle outbox release`, and templates that are looked at before mail is made (rule C12)."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.test_commands import Run, as_json, example_run, run

__all__ = ["example_run", "run"]  # fixtures

WHO, DEPUTY = "strategie@clavis.example", "beleid@woongoed.example"


def test_a_rhythm_is_chosen_shown_and_made_as_usual_again(example_run: Run) -> None:
    usual = as_json(example_run("rhythm", WHO, "--json"))
    chosen = as_json(example_run("rhythm", WHO, "--days", "ma,do", "--hour", "14:00", "--per-week", 2, "--json"))
    again = as_json(example_run("rhythm", WHO, "--days", "alle", "--hour", "gewoon", "--per-week", 3, "--json"))

    assert (chosen["days"], chosen["hour"], chosen["per_week"]) == (["ma", "do"], "14:00", 2)
    assert (
        again
        == usual
        == {
            "email": WHO,
            "days": ["ma", "di", "wo", "do", "vr"],
            "hour": None,
            "per_week": 3,
            "overview": True,
            "pauses": [],
        }
    )


def test_days_away_are_noted_with_a_deputy_and_taken_back(example_run: Run) -> None:
    year = datetime.now(UTC).year + 1
    stretch = f"{year}-07-05..{year}-07-23"
    code, out, _err = example_run("rhythm", WHO, "--pause", stretch, "--deputy", DEPUTY, "--as", WHO)
    [pause] = as_json(example_run("rhythm", WHO, "--json"))["pauses"]
    gone = example_run("rhythm", WHO, "--back", pause["id"])

    assert (code, out.splitlines()[0]) == (
        0,
        f"Afwezig van 5 juli {year} tot en met 23 juli {year}; de post gaat naar Afdeling Beleid.",
    )
    assert (pause["first"], pause["last"], pause["deputy"]) == (f"{year}-07-05", f"{year}-07-23", "Afdeling Beleid")
    assert gone[1].startswith("De afwezigheid van 5 juli")
    assert as_json(example_run("rhythm", WHO, "--json"))["pauses"] == []


def test_the_link_to_ones_own_page_stands_alone_on_a_line(example_run: Run) -> None:
    code, out, err = example_run("rhythm", WHO, "--link")
    assert (code, out.count("\n"), "/ritme/" in out, err) == (0, 1, True, "")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--days", "za"), "Fout: 'za' zijn geen werkdagen."),
        (("--hour", "laat"), "Fout: 'laat' is geen tijd."),
        (("--hour", "03:00"), "Fout: Om 03.00 uur gaat er geen mail."),
        (("--per-week", 9), "Fout: Kies 1 tot 3 mails per week."),
        (("--pause", "volgende week"), "Fout: 'volgende week' is geen periode."),
        (("--back", 99), "Fout: Deze afwezigheid is er niet (meer)."),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(example_run: Run, words: tuple, sentence: str) -> None:
    code, _out, err = example_run("rhythm", WHO, *words)
    assert (code, err.splitlines()[0]) == (1, sentence)


def test_drafts_are_read_and_let_go(example_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CYCLE__MAIL__APPROVAL", "true")
    monkeypatch.setenv("CYCLE__MAIL__APPROVAL_HOURS", "80")
    monkeypatch.setenv("CYCLE__MAIL__OVERVIEW", "")
    assert example_run("outbox", "release") == (0, "Er wacht niets op akkoord.\n", "")
    assert example_run("send", "--on", "2027-02-03")[0] == 0
    drafts = as_json(example_run("outbox", "--state", "draft", "--json"))["messages"]
    shown = as_json(example_run("outbox", "show", drafts[0]["id"], "--json"))
    code, out, err = example_run("outbox", "release")
    after = len(as_json(example_run("outbox", "--state", "draft", "--json"))["messages"])
    example_run("outbox", "release", "--yes", "--as", "secretariaat@terneuzen.example")
    example_run("send", "--on", "2027-02-03")

    assert (len(drafts), after) == (3, 3)
    assert "Beste" in shown["text"]
    assert (code, err.splitlines()[0]) == (
        1,
        "Fout: Dit verstuurt 3 mails aan Team Wonen, Afdeling Strategie en Afdeling Beleid.",
    )
    assert WHO in out
    assert as_json(example_run("outbox", "--state", "draft", "--json"))["messages"] == []


@pytest.mark.parametrize("command", [("send",), ("serve",), ("work",)])
def test_c12_a_faulty_template_is_refused_with_all_faults_before_anything_goes(
    example_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    folder = tmp_path / "templates" / "email"
    folder.mkdir(parents=True)
    (folder / "digest.txt").write_text("Beste\n{{ naam }}\n", encoding="utf-8")
    (folder / "_words.txt").write_text("task.paper: x\n", encoding="utf-8")
    monkeypatch.setenv("CYCLE__WEB__PORT", "1")  # would be refused, if it came that far

    code, _out, err = example_run(*command)

    if command == ("serve",) and "Poort" in err:
        monkeypatch.setenv("CYCLE__WEB__PORT", "8799")
        code, _out, err = example_run(*command)
    assert code == 1
    assert "Fout: De mailteksten kloppen niet: 2 fouten." in err
    assert f"- {folder / '_words.txt'}:1: task.paper is geen zin die wij kennen. Bedoelt u task.papers?" in err
    assert f"- {folder / 'digest.txt'}:2: Het sjabloon kan niet worden ingevuld: 'naam' is undefined." in err


def test_c12_doctor_tells_faulty_templates(example_run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "templates" / "email"
    folder.mkdir(parents=True)
    (folder / "digest.html").write_text("{{ title.__class__ }}", encoding="utf-8")
    code, out, _err = example_run("doctor")
    assert code == 1
    assert f"FOUT  mailteksten: {folder / 'digest.html'}:1" in out
