"""`--as`: only somebody who sits there in a fitting role, and what came by the command line says so."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

from cycle.cli.commands import app
from tests.cli.test_commands import Run, as_json, example_run, run
from tests.conftest import EXAMPLE

__all__ = ["example_run", "run"]  # fixtures

OFFICE, TREKKER, DIRECTOR = "secretariaat@terneuzen.example", "strategie@clavis.example", "directie@clavis.example"
BY = f"{OFFICE}, via de opdrachtregel"
LETTER = ("letter", 2027)
ANY = ("--last", "2027-01-31", "--yes")


def by_path(group: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    """Every command that takes `--as`, by its words."""
    found = {}
    for name, command in group.commands.items():
        if any("--as" in one.opts for one in command.params):
            found[(*path, name)] = command
        if isinstance(command, TyperGroup):
            found |= by_path(command, (*path, name))
    return found


def calls(run: Run, tmp_path: Path) -> dict[tuple[str, ...], list[tuple[object, ...]]]:
    """A call of each command that takes a name: all that it needs but that name."""
    items = as_json(run("plan", 2027, "--json"))["items"]
    deadline = next(one["id"] for one in items if one["title"] == "Uitnodigingsbrief")
    meeting = next(one["id"] for one in items if one["title"] == "Voorjaarsoverleg")
    doubt = f"L{as_json(run('settle', '--json'))['readings'][0]['id']}"
    run("export", "--settle", "lijst.csv")
    (tmp_path / "afspraken.md").write_text("| Nr | Afspraak | Trekker |\n|---|---|---|\n| 9.9 | Iets | Gemeente |\n")
    (tmp_path / "mensen.txt").write_text("Noor; noor@clavis.example; Clavis; trekker\n", encoding="utf-8")
    (tmp_path / "var" / "mail").write_text("a file where a folder should be", encoding="utf-8")
    run("send", "--on", "2027-02-03")
    (tmp_path / "var" / "mail").unlink()
    mail = as_json(run("outbox", "--json"))["messages"][0]["id"]
    return {
        ("term",): [("--ends",)],
        ("import",): [(EXAMPLE,), ("afspraken.md",)],
        ("letter",): [(*LETTER[1:], verb) for verb in ("approve", "withdraw")]
        + [(*LETTER[1:], "send", "--yes")]
        + [(*LETTER[1:], "sent-elsewhere", "--yes", "--note", "Met de post.", "--on", "2026-11-01")],
        ("welcome",): [(TREKKER,)],
        ("rhythm",): [(TREKKER, "--days", "ma")],
        ("done",): [(deadline, "--party", "clavis")],
        ("drop",): [(deadline, "--party", "clavis")],
        ("reopen",): [(deadline, "--party", "clavis")],
        ("move",): [(deadline, "2027-04-02")],
        ("carry",): [(deadline, "--to", "2027-06-29"), ("--all", "--to", "2027-06-29")],
        ("release",): [()],
        ("archive",): [(), ("--undo",)],
        ("feed", "url"): [(TREKKER,)],
        ("feed", "revoke"): [(TREKKER,)],
        ("settle",): [("--from", "lijst.csv")],
        ("settle", "confirm"): [(doubt,)],
        ("settle", "set"): [(doubt, "2027-05-31")],
        ("progress", "snapshot"): [()],
        ("meeting", "set"): [(meeting, "2027-04-22")],
        ("meeting", "move"): [(meeting, "2027-04-23")],
        ("meeting", "cancel"): [(meeting,)],
        ("meeting", "clear"): [(meeting,)],
        ("outbox", "retry"): [(mail,)],
        ("outbox", "hold"): [(mail,)],
        ("outbox", "discard"): [(mail,)],
        ("outbox", "release"): [("--yes",)],
        ("outbox", "resume"): [()],
        ("outbox", "reachable"): [(TREKKER,)],
        ("person", "add"): [("Noor", "noor@clavis.example", "--party", "clavis")],
        ("person", "import"): [("mensen.txt",)],
        ("person", "change"): [(TREKKER, "--name", "Anders")],
        ("person", "assign"): [("--party", "clavis", "--theme", "3", "--to", TREKKER)],
        ("person", "away"): [(TREKKER, "2027-01-01", "2027-01-02", "--yes")],
        ("person", "leave"): [(TREKKER, "--new", "Noor <noor@clavis.example>", *ANY)],
        ("person", "undo"): [(TREKKER,)],
    }


OF_THE_OPERATOR = {("person", "erase")}
"""What goes over all tables, and so is the act of whoever runs the service, by any name."""


def kept(tmp_path: Path) -> list[tuple[Any, ...]]:
    """Everything in the database but when the clock came round."""
    with sqlite3.connect(tmp_path / "var" / "cycle.db") as database:
        tables = [name for (name,) in database.execute("select name from sqlite_master where type = 'table'")]
        return [(table, *row) for table in sorted(tables) for row in database.execute(f'select * from "{table}"')]


@pytest.mark.parametrize("who", ["x", "nobody@elsewhere.example", "bestuur@shb.example"])
def test_no_command_takes_a_name_of_somebody_who_may_not_do_this(example_run: Run, tmp_path: Path, who: str) -> None:
    every = calls(example_run, tmp_path)
    assert set(every) == set(by_path(typer.main.get_command(app))) - OF_THE_OPERATOR
    before = kept(tmp_path)
    for path, several in every.items():
        for words in several:
            if path == ("outbox", "release"):
                continue  # nothing waits for approval here
            code, out, err = example_run(*path, *words, "--as", who)
            first = err.splitlines()[0] if err else out
            assert (code, first.startswith(f"Fout: {who} zi")) == (1, True), (path, words, first)
            assert f"<{OFFICE}> (secretariaat)" in err, (path, err)
    assert kept(tmp_path) == before


def by_in(tmp_path: Path, table: str, column: str) -> set[str]:
    with sqlite3.connect(tmp_path / "var" / "cycle.db") as database:
        return {str(value) for (value,) in database.execute(f"select {column} from {table} where {column} != ''")}


SAID = "fact join actor on actor.id = actor_id and about is not null"
"""The logbook, among the facts."""


def test_what_came_by_the_command_line_says_so_in_each_table(example_run: Run, tmp_path: Path) -> None:
    every = calls(example_run, tmp_path)
    every[("letter",)] = [(2027, "approve")]
    last = ("done",)  # what was done stays so, for the table that says by whom
    for path in [*(one for one in every if one != last), last]:
        for words in every[path]:
            example_run(*path, *words, "--as", OFFICE)

    tables = {
        SAID: "name || ', via ' || via",
        "deadline_party": "settled_by",
        "reading": "confirmed_by",
        "rhythm": "changed_by",
        "letter": "approved_by",
        "letter_approval": "by",
    }
    said = {table: by_in(tmp_path, table, column) for table, column in tables.items()}
    said[SAID] -= {"iemand, via de opdrachtregel", "nieuw jaar, via ", "klok, via "}
    assert said == {table: {BY} for table in tables}


def test_who_is_not_named_is_kept_as_somebody_by_the_command_line(example_run: Run, tmp_path: Path) -> None:
    example_run("rhythm", TREKKER, "--days", "ma")

    assert by_in(tmp_path, "covenant", "released_by") == {"iemand, via de opdrachtregel"}
    assert by_in(tmp_path, "rhythm", "changed_by") == {"iemand, via de opdrachtregel"}


def test_a_role_that_fits_one_act_does_not_fit_another(example_run: Run) -> None:
    items = as_json(example_run("plan", 2027, "--json"))["items"]
    deadline = next(one["id"] for one in items if one["title"] == "Uitnodigingsbrief")

    for words, who, code in (
        (("done", deadline), TREKKER, 0),
        (("reopen", deadline), TREKKER, 0),
        (("done", deadline, "--party", "wzv"), TREKKER, 1),
        (("drop", deadline), TREKKER, 1),
        (("move", deadline, "2027-04-02"), TREKKER, 1),
        ((*LETTER, "approve"), TREKKER, 1),
        ((*LETTER, "approve", "--party", "wzv"), DIRECTOR, 1),
        ((*LETTER, "approve"), DIRECTOR, 0),
        (("rhythm", TREKKER, "--days", "ma"), TREKKER, 0),
        (("rhythm", TREKKER, "--days", "ma"), DIRECTOR, 1),
        (("feed", "url", TREKKER), TREKKER.upper(), 0),
    ):
        done = example_run(*words, "--as", who)
        assert done[0] == code, (words, who, done)


def test_a_director_approves_for_their_own_party_alone(example_run: Run) -> None:
    one = example_run(*LETTER, "approve", "--as", DIRECTOR)
    other = example_run(*LETTER, "approve", "--as", "directie@woongoed.example")

    assert "nog niet door Woongoed Zeeuws-Vlaanderen" in one[1]
    assert "Versturen: cycle letter 2027 send" in other[1]


def test_before_its_release_a_covenant_is_of_its_secretariat_alone(run: Run) -> None:
    assert (run("migrate")[0], run("import", EXAMPLE, "--as", OFFICE)[0]) == (0, 0)

    refused = run("rhythm", TREKKER, "--days", "ma", "--as", TREKKER)
    assert (refused[0], refused[2].splitlines()[0]) == (
        1,
        f"Fout: {TREKKER} zit bij Prestatieafspraken Terneuzen als trekker en contactpersoon en kan dit niet "
        "beslissen.",
    )
    assert run("release", "--as", OFFICE)[0] == 0


def test_a_new_covenant_is_read_in_by_the_secretariat_that_it_names(run: Run, tmp_path: Path) -> None:
    assert run("migrate")[0] == 0
    refused = run("import", EXAMPLE, "--as", TREKKER)
    taken = run("import", EXAMPLE, "--as", OFFICE)

    assert (refused[0], f"<{OFFICE}> (secretariaat)." in refused[2]) == (1, True)
    assert taken[0] == 0
    assert by_in(tmp_path, SAID, "name || ', via ' || via") == {BY}
