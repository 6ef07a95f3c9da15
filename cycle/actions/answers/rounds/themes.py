"""The traffic light per theme, beside that of the last snapshot (agreement 5.8). Silence stays grey."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cycle.actions.answers.rounds.progress import ProgressRow
from cycle.domain.answering import Stand, common_light
from cycle.domain.model import Light, State
from cycle.domain.status import STATE_WORDS
from cycle.domain.text import natural
from cycle.store.tables import SnapshotLine

ORDER = (Light.GREEN, Light.ORANGE, Light.RED, Light.GREY)
SETTLED = (Stand.DONE, STATE_WORDS[State.DROPPED])


@dataclass(frozen=True, slots=True)
class ThemeLight:
    """One theme: its light now and at the last snapshot ("" when it was not in it), and how many rows have which."""

    theme: str
    light: Light
    before: str
    counts: tuple[tuple[str, int], ...]

    @property
    def change(self) -> str:
        """ "was oranje", "gelijk" or "nieuw"."""
        if not self.before:
            return "nieuw"
        return "gelijk" if self.before == self.light else f"was {self.before}"


def theme_lights(
    rows: Sequence[ProgressRow], snapshot_lines: Sequence[SnapshotLine], themes: Mapping[int, str]
) -> list[ThemeLight]:
    """A line per theme, in the order in which people count; `themes` is the theme of each deadline."""
    now = _by_theme(((row.deadline, row.state, row.light) for row in rows), themes)
    then = _by_theme(((line.deadline_id, line.state, line.light) for line in snapshot_lines), themes)
    return [
        ThemeLight(
            theme,
            common_light(lights),
            common_light(then[theme]) if theme in then else "",
            tuple((light, lights.count(light)) for light in ORDER),
        )
        for theme, lights in sorted(now.items(), key=lambda item: natural(item[0]))
    ]


def _by_theme(rows: Iterable[tuple[int, str, str]], themes: Mapping[int, str]) -> dict[str, list[Light]]:
    """What is done counts as green."""
    lights: dict[str, list[Light]] = {}
    for deadline, state, light in rows:
        shown = Light.GREEN if state in SETTLED else Light(light)
        lights.setdefault(themes.get(deadline, ""), []).append(shown)
    return lights
