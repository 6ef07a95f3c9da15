"""The year of a table in a covenant folder, beside what its secretariat made of it at the desk.

What was changed there stays as it is until somebody says that the folder counts.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from cycle.actions.deadlines.deciding.habits import HABITS_AT_DESK, section_words
from cycle.actions.deadlines.deciding.steps import AT_DESK, step_words
from cycle.settings import Settings, with_overrides
from cycle.settings.library import library
from cycle.store import actions
from cycle.store.database import Session

HABITS = {"ladders": "Herinneringen per soort stap", "reading": "Wat woorden voor een tijd betekenen"}


@dataclass(frozen=True, slots=True)
class FolderDiffers:
    """Something that the table has otherwise than its folder, both in words: a step, a habit, who sits there.

    `waits` says that the folder was not taken over.
    """

    name: str
    title: str
    folder: str
    desk: str
    waits: bool


def beside_the_desk(
    settings: Settings, stored: Mapping[str, Any], folder: Mapping[str, Any], taken: Collection[str] = (), *, yes: bool
) -> tuple[dict[str, Any], tuple[FolderDiffers, ...]]:
    """What is to be kept of the two, and each step in which they differ. With `yes` the folder counts, else in what is
    `taken` of it by name."""
    changed = stored.get(AT_DESK, ())
    ours, theirs = (with_overrides(settings, dict(one), "covenant.toml").steps for one in (stored, folder))
    differing = [name for name in changed if ours.get(name) != theirs.get(name)]
    differences = tuple(
        FolderDiffers(
            name,
            (ours.get(name) or theirs[name]).title,
            step_words(name, theirs),
            step_words(name, ours),
            waits=not (yes or name in taken),
        )
        for name in differing
    )
    habits = [name for name in stored.get(HABITS_AT_DESK, ()) if stored.get(name, {}) != folder.get(name, {})]
    differences += tuple(
        _habits_differ(settings, stored, folder, name, waits=not (yes or name in taken)) for name in habits
    )
    differing, habits = ([name for name in names if name not in taken] for names in (differing, habits))
    if yes or not (differing or habits):
        return dict(folder), differences
    ours_of_habits = {name: stored.get(name, {}) for name in habits} | ({HABITS_AT_DESK: habits} if habits else {})
    if not differing:
        return {**folder, **ours_of_habits}, differences
    steps, own = dict(folder.get("steps", {})), stored.get("steps", {})
    for name in differing:
        steps.pop(name, None)
        steps |= {name: own[name]} if name in own else {}
    on_offer = {*settings.steps, *library().steps}
    year = list(folder.get("year") or settings.steps)
    coming = [name for name in differing if name in ours and name in on_offer and name not in year]
    gone = [name for name in differing if name not in ours]
    chosen = [name for name in [*year, *coming] if name not in gone] if coming or gone else folder.get("year", ())
    return {**folder, "steps": steps, "year": list(chosen), AT_DESK: differing, **ours_of_habits}, differences


def name_sources_anew(
    session: Session, settings: Settings, covenant_id: int, stored: Mapping[str, Any], own: Mapping[str, Any]
) -> None:
    """A step that a folder ties to other numbers than the table did means the numbers of the folder, whatever agreement
    bore one of them before."""
    were, are = (with_overrides(settings, dict(one), "covenant.toml").steps for one in (stored, own))
    for name, link in actions.links_of_steps(session, [covenant_id])[covenant_id].items():
        if name in were and name in are and were[name].source != are[name].source:
            actions.name_sources_anew(session, link.action, {})


def _habits_differ(
    settings: Settings, stored: Mapping[str, Any], folder: Mapping[str, Any], name: str, *, waits: bool
) -> FolderDiffers:
    ours, theirs = (with_overrides(settings, dict(one), "covenant.toml") for one in (stored, folder))
    return FolderDiffers(name, HABITS[name], section_words(theirs, name), section_words(ours, name), waits=waits)
