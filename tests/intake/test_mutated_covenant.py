"""Each key of covenant.toml with a value that nobody should write there: always a sentence with a hint and its line."""

import tomllib
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from cycle.errors import SettingsError
from cycle.intake.covenant import read_covenant
from cycle.settings import load_settings
from cycle.settings.faults import _paths
from cycle.settings.overrides import with_overrides
from tests.conftest import ROOT
from tests.mutating import Keys, leaves, mutants, mutated, unfit

FOLDER = ROOT / "examples" / "terneuzen"
MORE = """
[groups.iedereen]
members = ["gemeente"]
aliases = ["Iedereen"]

[bodies.tafel]
name = "Tafel"
people = ["Team Wonen <wonen@terneuzen.example>"]

[columns]
Oplevering = "termijn"

[reading]
eind = ["november", "december"]

[letter]
joint = false
"""
TOP = 'send_hour = "09:00"\napproval = "ja"\nyear = []\n'
TEXT = TOP + (FOLDER / "covenant.toml").read_text(encoding="utf-8") + MORE
LINES = {path: number for number, path in reversed(list(_paths(TEXT)))}
SETTINGS = load_settings(ROOT / "config.toml", {})
OWN = ("year", "steps", "ladders", "reading", "letter", "school_region", "send_hour", "approval")
TODAY = date(2026, 11, 27)


def once(path: Keys) -> Keys:
    """One row, step or group stands for all of its sort."""
    return (
        tuple(part for part in path if not part.isdigit()) if path[0] in ("parties", "people") else (path[0], path[-1])
    )


def looked_at(path: Keys) -> str:
    """When a key is looked at: with all others, or when what comes before is in order."""
    if path[0] in ("steps", "reading", "letter", "ladders"):
        return "tables of config.toml"
    return path[0] if path[0] in ("columns", "send_hour", "school_region", "year") else "first"


def ways() -> dict[tuple[str, str], dict[Keys, Keys]]:
    """For each wrong value the keys that get it. Signs that nothing shows are taken out, as in all that people type
    (`cycle.domain.text`), and are no fault."""
    found: dict[tuple[str, str], dict[Keys, Keys]] = defaultdict(dict)
    for path, value in leaves(tomllib.loads(TEXT)):
        for text in mutants(value):
            if "\\" not in text:
                found[looked_at(path), text].setdefault(once(path), path)
    return found


WAYS = ways()


def read(folder: Path, text: str) -> None:
    """The covenant of this text, with what it does differently, as reading in a folder does it."""
    (folder / "covenant.toml").write_text(text, encoding="utf-8")
    covenant = read_covenant(folder, TODAY)
    with_overrides(SETTINGS, covenant.model_dump(include=set(OWN), mode="json"), "covenant.toml", text)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: f"{way[0]} {way[1][:24]}")
def test_a_wrong_value_is_told_with_its_line_whatever_key_has_it(tmp_path: Path, way: tuple[str, str]) -> None:
    text, paths = TEXT, WAYS[way].values()
    for path in paths:
        text = mutated(text, LINES[path], path[-1], way[1])

    with pytest.raises(SettingsError) as refused:
        read(tmp_path, text)

    faults = refused.value.faults

    missed = [path for path in paths if not any(f"regel {LINES[path]}," in fault.place for fault in faults)]
    assert (missed, [wrong for fault in faults if (wrong := unfit(fault))]) == ([], [])
