"""The library of steps: what a table may choose its year from, with where each step comes from (domain page 2-4)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import Field

from cycle.settings.loading import read_toml, validated
from cycle.settings.setting_kinds import Section
from cycle.settings.year_sections import StepSettings

SHIPPED = Path(__file__).with_name("stappen.toml")


class LibraryStep(StepSettings):
    """A step with the day on which its ground in law or practice was last looked up."""

    basis: str = Field(min_length=1)
    checked_on: date


class StepSet(Section):
    """Steps that belong together, as a secretary chooses them; some of them stand in config.toml."""

    title: str = Field(min_length=1)
    about: str = Field(min_length=1)
    steps: tuple[str, ...] = Field(min_length=1)


class Library(Section):
    """All sets, in the order in which they are offered, and the steps beside those of config.toml.

    `words` tell that a text speaks of a step; `needs` are steps that come along with one.
    """

    sets: dict[str, StepSet]
    steps: dict[str, LibraryStep]
    words: dict[str, tuple[str, ...]]
    needs: dict[str, tuple[str, ...]]


@cache
def library() -> Library:
    """The library that comes with the program."""
    data, text = read_toml(SHIPPED)
    shipped, faults = validated(Library, data, SHIPPED.name, text)
    if shipped is None:
        raise ValueError(f"{SHIPPED.name}: {faults[0].what}")
    return shipped


def raw_steps(steps: Mapping[str, StepSettings]) -> dict[str, dict[str, Any]]:
    """Steps as their file has them: only what it says."""
    return {name: step.model_dump(exclude_unset=True, exclude={"checked_on"}) for name, step in steps.items()}


def chosen_steps(
    names: Sequence[str], own: Iterable[str], steps: Mapping[str, StepSettings]
) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """The steps of these names, from config.toml or else from the library, and the names that neither knows.

    `own` are the steps that the covenant brings itself. What a step says of one that was not chosen is left out, as
    long as something is left to count from.
    """
    on_offer = raw_steps(library().steps) | raw_steps(steps)
    there = {*names, *own}
    chosen = {name: _among(on_offer[name], there) for name in names if name in on_offer}
    return chosen, [name for name in names if name not in on_offer and name not in own]


def _among(step: dict[str, Any], there: set[str]) -> dict[str, Any]:
    relative = step.get("relative_to", ())
    left = tuple(name for name in relative if name in there) or relative
    said = step | ({"relative_to": left} if relative else {})
    return {key: value for key, value in said.items() if key != "via" or value in there}
