"""Each key of config.toml with a value that nobody should write there: always a sentence with a hint and its line.

All keys of a file are changed at once, in one way at a time: so it is told too that no fault hides another.
"""

import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

from cycle.errors import SettingsError
from cycle.settings import load_settings
from cycle.settings.faults import _paths
from tests.conftest import ROOT
from tests.mutating import Keys, leaves, mutants, mutated, unfit

TEXT = (ROOT / "config.toml").read_text(encoding="utf-8")
LINES = {path: number for number, path in reversed(list(_paths(TEXT)))}
MAY_BE_EMPTY = {
    "web.base_url",
    *(f"signin.oidc.{key}" for key in ("issuer", "client_id", "client_secret")),
    *(f"mail.{key}" for key in ("reply_to", "user", "password", "tenant", "client_id", "client_secret", "token_url")),
    *(f"mail.{key}" for key in ("overview", "operator", "bounce_address", "bounces", "replies")),
    "watch.ping_url",
    "watch.readyz_token",
    "calendar.school_region",
    "calendar.school_holidays",
    "reading.asked_at",
}
"""What config.toml says it means that these are empty."""


def ways() -> dict[str, dict[Keys, str]]:
    """For each wrong value the keys that get it."""
    found: dict[str, dict[Keys, str]] = defaultdict(dict)
    for path, value in leaves(tomllib.loads(TEXT)):
        for text in mutants(value):
            found[text][path] = text
    return found


WAYS = ways()


@pytest.mark.parametrize("value", WAYS, ids=lambda value: value[:24])
def test_a_wrong_value_is_told_with_its_line_whatever_key_has_it(tmp_path: Path, value: str) -> None:
    text = TEXT
    for path in WAYS[value]:
        text = mutated(text, LINES[path], path[-1], value)
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")

    with pytest.raises(SettingsError) as refused:
        load_settings(tmp_path / "config.toml", {})

    faults = refused.value.faults
    missed = [path for path in WAYS[value] if not any(f"regel {LINES[path]}," in fault.place for fault in faults)]
    assert missed == []
    assert [wrong for fault in faults if (wrong := unfit(fault))] == []


def test_a_key_that_means_something_is_never_empty(tmp_path: Path) -> None:
    text, texts = TEXT, [path for path, value in leaves(tomllib.loads(TEXT)) if isinstance(value, str)]
    for path in texts:
        text = mutated(text, LINES[path], path[-1], '""')
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")

    with pytest.raises(SettingsError) as refused:
        load_settings(tmp_path / "config.toml", {})

    told = {path for path in texts for fault in refused.value.faults if f"regel {LINES[path]}," in fault.place}
    assert {".".join(path) for path in texts if path[0] != "steps" and path not in told} == MAY_BE_EMPTY
    assert {path[-1] for path in texts if path[0] == "steps" and path not in told} == {"todo", "via", "body"}
    assert [wrong for fault in refused.value.faults if (wrong := unfit(fault))] == []


def test_an_unknown_key_near_a_known_one_is_told_with_the_known_one(tmp_path: Path) -> None:
    lines, expected = TEXT.split("\n"), []
    for number, path in sorted(((LINES[path], path) for path, _value in leaves(tomllib.loads(TEXT))), reverse=True):
        lines.insert(number - 1, f"{path[-1]}x = 7")
    (tmp_path / "config.toml").write_text("\n".join(lines), encoding="utf-8")
    for number, line in enumerate(lines, start=1):
        if line.endswith("x = 7"):
            expected.append((f"regel {number},", f"Bedoelt u {line.removesuffix('x = 7')!r}?"))

    with pytest.raises(SettingsError) as refused:
        load_settings(tmp_path / "config.toml", {})

    told = [fault for fault in refused.value.faults if "is onbekend" in fault.what]
    assert sorted((fault.place.split(" ", 1)[1].split(",")[0], fault.hint) for fault in told) == sorted(
        (place.rstrip(","), hint) for place, hint in expected
    )
