"""How a command is typed, and what is said to who types it otherwise: in Dutch, for every command there is."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from cycle.cli import main
from cycle.cli.commands import app

Typed = Callable[[str], tuple[int, str]]

ENGLISH = re.compile(
    r"\b(usage|options|arguments|commands?|args|show|this|message|exit|required|default|try|error|invalid|missing|"
    r"value|input|should|must|such|int|str|path|list)\b",
    re.IGNORECASE,
)


@pytest.fixture
def typed(capfd: pytest.CaptureFixture[str]) -> Typed:
    """What a command prints, and its exit code."""

    def type_words(line: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as left:
            main(line.split())
        output = capfd.readouterr()
        return int(left.value.code or 0), output.out + output.err

    return type_words


def commands(group: Any = None, path: str = "") -> Iterator[str]:
    """Every command by its whole name, groups too."""
    group = group or get_command(app)
    for name, command in group.commands.items():
        yield f"{path}{name}"
        if isinstance(command, TyperGroup):
            yield from commands(command, f"{path}{name} ")


@pytest.mark.parametrize("command", ["", *commands()])
def test_no_page_of_help_holds_a_word_of_typer(command: str, typed: Typed) -> None:
    code, page = typed(f"{command} --help")
    names = {word for name in commands() for word in name.split()}
    usage, _, rest = page.partition("\n\n")
    foreign = {word.group() for word in ENGLISH.finditer(re.sub(r"--[\w-]+", "", rest))} - names
    assert (code, usage[:14]) == (0, "Gebruik: cycle")
    assert "{" not in usage
    assert not ENGLISH.findall(usage.replace("[OPTIES]", "").split("cycle", 1)[1].removeprefix(f" {command}"))
    assert not foreign, page


SHOWN = "Gebruik: cycle plan [OPTIES] JAAR\nMeer uitleg: cycle plan --help\n"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("fooo", "Fout: De opdracht “cycle fooo” bestaat niet.\nZie: cycle --help\n"),
        ("lettr 2027", "Fout: De opdracht “cycle lettr” bestaat niet.\nBedoelde u: cycle letter?\n"),
        (
            "meeting canel 3",
            "Fout: De opdracht “cycle meeting canel” bestaat niet.\nBedoelde u: cycle meeting cancel?\n",
        ),
        ("plan", f"Fout: Er ontbreekt iets: JAAR.\n{SHOWN}"),
        ("plan abc", f"Fout: JAAR klopt niet: daar hoort een heel getal.\n{SHOWN}"),
        ("plan 2027 --wat", f"Fout: De optie --wat bestaat niet.\n{SHOWN}"),
        ("plan 2027 --jsn", "Fout: De optie --jsn bestaat niet.\nBedoelde u: --json?\n"),
        ("plan 2027 2028", f"Fout: Dit hoort hier niet: 2028.\n{SHOWN}"),
        ("plan 2027 --covenant", "Fout: Achter --covenant hoort een waarde.\nZie: cycle --help\n"),
        ("plan 2027 --json=3", "Fout: Achter --json hoort geen waarde.\nZie: cycle --help\n"),
        (
            "carry 3",
            "Fout: Er ontbreekt iets: --to.\nGebruik: cycle carry [OPTIES] [ID…]\nMeer uitleg: cycle carry --help\n",
        ),
        (
            "settle confirm L1 --reading 7",
            "Fout: --reading klopt niet: het mag niet meer zijn dan 3.\n"
            "Gebruik: cycle settle confirm [OPTIES] LEZING…\nMeer uitleg: cycle settle confirm --help\n",
        ),
        (
            "move 1 2027-13-40",
            "Fout: DATUM klopt niet: '2027-13-40' is geen dag. "
            "Schrijf hem zoals 2027-03-31, 31-3-2027 of 31 maart 2027.\n"
            "Gebruik: cycle move [OPTIES] ID DATUM\nMeer uitleg: cycle move --help\n",
        ),
    ],
)
def test_a_command_typed_otherwise_is_answered_in_dutch_with_the_way_on(line: str, said: str, typed: Typed) -> None:
    assert typed(line) == (2, said)


def test_a_group_of_commands_typed_bare_shows_what_it_has_and_counts_as_wrong_usage(typed: Typed) -> None:
    code, page = typed("feed")

    assert code == 2
    assert page.startswith("Gebruik: cycle feed [OPTIES] OPDRACHT …\n")
    assert "Opdrachten:\n  url " in page


def test_why_the_system_refused_is_said_in_dutch(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "bestand").touch()

    said = [typed(f"read --file {tmp_path / name}") for name in ("bestand/zinnen", "weg.txt", ".")]

    assert said == [
        (1, f"Fout: {tmp_path / name} is niet te lezen: {why}.\nControleer het pad.\n")
        for name, why in (
            ("bestand/zinnen", "een deel van het pad is geen map"),
            ("weg.txt", "die map of dat bestand is er niet"),
            (".", "dat is een map en geen bestand"),
        )
    ]
