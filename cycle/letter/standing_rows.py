"""The overview of how the agreements stand, that goes with the letter: one row for each, all in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class StandingRow:
    """One agreement. `lines` say of each action how it stands, `light` is the word of its light, and `said` who let
    something know last; what is not known is said in words, never left empty but for `said`."""

    number: str
    topic: str
    theme: str
    leads: str
    lines: tuple[str, ...]
    light: str
    said: str = ""


def kept_rows(data: Mapping[str, Any]) -> tuple[StandingRow, ...]:
    """The rows of a letter that was kept; those of an older version had one action a row and no light."""
    if "standing" in data:
        return tuple(StandingRow(**{**one, "lines": tuple(one["lines"])}) for one in data["standing"])
    return tuple(_of_before(one) for one in data.get("open_items", ()))


def by_theme(rows: Sequence[StandingRow]) -> list[tuple[str, list[StandingRow]]]:
    """The rows under the name of their theme, in their own order; a theme that comes back stands there again."""
    groups: list[tuple[str, list[StandingRow]]] = []
    for row in rows:
        if not groups or groups[-1][0] != row.theme:
            groups.append((row.theme, []))
        groups[-1][1].append(row)
    return groups


def _of_before(item: Mapping[str, str]) -> StandingRow:
    line = ", ".join(part for part in (item["state_words"], item.get("when_words", "")) if part)
    return StandingRow(item["number"], item["topic"], "", "", (line,), "")
