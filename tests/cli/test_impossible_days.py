"""Days and years that cannot be, on the command line and in files: a sentence with a hint, and nothing is changed."""

import pytest

from tests.cli.test_commands import EXAMPLE, Run, as_json, example_run, run  # noqa: F401 - fixtures

LEAVER = "strategie@clavis.example"


def deadline(run: Run, title: str) -> int:  # noqa: F811
    return next(one["id"] for one in as_json(run("plan", "2027", "--json"))["items"] if one["title"] == title)


@pytest.mark.parametrize("day", ["0001-01-01", "0027-03-31", "2150-01-01", "9999-12-31"])
def test_no_command_takes_such_a_day(example_run: Run, day: str) -> None:  # noqa: F811
    letter, spring = (deadline(example_run, title) for title in ("Uitnodigingsbrief", "Voorjaarsoverleg"))
    before = as_json(example_run("plan", "2027", "--json"))
    commands: list[tuple[object, ...]] = [
        ("move", letter, day),
        ("carry", "--to", day, letter),
        ("meeting", "set", spring, day),
        ("person", "add", "N", "n@x.example", "--party", "wzv", "--role", "reader", "--until", day),
        ("person", "away", LEAVER, day, day, "--yes"),
        ("person", "leave", LEAVER, "--last", day, "--yes"),
        ("rhythm", LEAVER, "--pause", f"{day}..{day}"),
        ("progress", "--on", day),
        ("progress", "snapshot", "--on", day),
        ("letter", "2027", "sent-elsewhere", "--on", day, "--note", "Per post."),
        ("send", "--on", day),
        ("settle", "set", "L1", day),
    ]
    answers = {words: example_run(*words) for words in commands}

    assert {words: code for words, (code, _out, _err) in answers.items() if code not in (1, 2)} == {}
    unsaid = [
        words
        for words, (_code, _out, err) in answers.items()
        if "kan niet kloppen" not in " ".join(err.split()) and "is nog niet geweest" not in err
    ]
    assert unsaid == []
    assert as_json(example_run("plan", "2027", "--json")) == before


@pytest.mark.parametrize("year", ["0", "1", "27", "9999", "10000", "99999999999999999999"])
def test_no_command_takes_such_a_year(example_run: Run, year: str) -> None:  # noqa: F811
    commands = [("plan", year), ("rehearse", year), ("letter", year), ("settle", "set", "L1", "mei", "--on", year)]
    answers = {words: example_run(*words) for words in commands}

    assert {words: answer for words, answer in answers.items() if answer[0] != 1 or "Fout: " not in answer[2]} == {}
    assert [words for words, answer in answers.items() if "niet had mogen gebeuren" in answer[2]] == []
    assert example_run("read", "eind", "--on", year.zfill(4)[:4])[0] == 1


def test_a_covenant_with_such_days_is_refused_with_all_of_them(run: Run, tmp_path) -> None:  # noqa: F811
    folder = tmp_path / "convenant"
    folder.mkdir()
    text = (EXAMPLE / "covenant.toml").read_text(encoding="utf-8")
    first, person, rest = text.partition("[[people]]")
    first = "".join(f"{line}\n" for line in first.splitlines() if not line.startswith(("live_since", "term_end")))
    head, parties = first.split("[", 1)
    days = "live_since = 0027-01-01\nterm_end = 9999-12-31\n"
    (folder / "covenant.toml").write_text(
        f"{head}{days}[{parties}{person}\nuntil = 9999-12-31\nsince = 0001-01-01{rest}", encoding="utf-8"
    )
    run("migrate")
    code, _out, err = run("import", folder)

    assert code == 1
    assert [
        f"{name} kan de datum {day} niet kloppen." in err
        for name, day in (
            ("Bij live_since", "1 januari 27"),
            ("Bij term_end", "31 december 9999"),
            (", since,", "1 januari 1"),
            (", until,", "31 december 9999"),
        )
    ] == [True] * 4
    assert "Is er geen einde? Laat de dag dan leeg." in err
