"""What one covenant does differently: its own steps, ladders, reading, letter, school region, send hour or approval."""

import json
from typing import Any

from cycle.domain.model import LadderKind
from cycle.errors import Fault, SettingsError
from cycle.settings.faults import did_you_mean, place_of
from cycle.settings.library import chosen_steps, library, raw_steps
from cycle.settings.loading import MOMENTS, meeting_faults, step_faults, validated
from cycle.settings.plain_values import shown
from cycle.settings.sections import Settings


def with_overrides(settings: Settings, overrides: dict[str, Any], name: str, text: str = "") -> Settings:
    """The settings as this covenant has them. A step that gets another moment loses the one it had.

    A covenant with a `year` has those steps, from config.toml or the library, and its own; one without has those of
    config.toml. Raises SettingsError with all faults; `name` and `text` are the file they stand in.
    """
    if not any(overrides.values()):
        return settings
    own_steps = overrides.get("steps", {})
    steps, unknown = _base(settings, overrides)
    for key, own in own_steps.items():
        steps[key] = _merged(steps.get(key, {}), own)
    data = settings.model_dump(exclude={"steps"}) | {"steps": steps}
    _only_about({key: step for key, step in steps.items() if not step.get("off")}, data)
    for section in ("ladders", "reading", "letter"):
        data[section] = data[section] | overrides.get(section, {})
    if overrides.get("school_region"):
        data["calendar"] = data["calendar"] | {"school_region": overrides["school_region"]}
    if overrides.get("send_hour"):
        data["mail"] = data["mail"] | {"send_hour": overrides["send_hour"]}
    if overrides.get("approval"):
        data["mail"] = data["mail"] | {"approval": overrides["approval"] == "ja"}
    named = {key: place_of(name, text, own, OWN_NAMES) for key, own in _KEPT_IN.items()}
    merged, faults = validated(Settings, data, name, text, named)
    year, steps_there_are = place_of(name, text, ("year",), OWN_NAMES), _names(settings)
    faults += [
        Fault(year, f"De stap {shown(one)} bestaat niet.", did_you_mean(one, steps_there_are)) for one in unknown
    ]
    faults += step_faults(steps, name, text) + meeting_faults(data, name, text)
    if merged is None or faults:
        raise SettingsError(tuple(faults))
    return merged.in_folder(settings.folder)


def own_settings(settings: Settings, overrides: dict[str, Any], name: str) -> Settings:
    """The same for what a covenant keeps, and worked out once: a page asks it ten times, and each takes some ms."""
    ready, asked = settings.of_covenants, json.dumps([name, overrides], sort_keys=True)
    own = ready.get(asked)
    if own is None:
        if len(ready) >= MOST_KEPT:
            ready.clear()
        own = ready[asked] = with_overrides(settings, overrides, name)
    return own


MOST_KEPT = 100
"""Of this many covenants what they do differently is kept ready; one takes some tens of kB."""
INSTEAD = {"najaarsoverleg": "bod-overleg"}
"""Which meeting a table holds where it does not hold that of the default year: in autumn the one about the offer."""
OWN_NAMES = {"jaar": "year", "verzendtijd": "send_hour", "goedkeuring": "approval", "schoolregio": "school_region"}
_KEPT_IN: dict[tuple[str, ...], tuple[str, ...]] = {
    ("mail", "send_hour"): ("send_hour",),
    ("mail", "approval"): ("approval",),
    ("calendar", "school_region"): ("school_region",),
}
"""Where the settings keep what a covenant says by a name of its own."""


def base_steps(settings: Settings, overrides: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The steps that a covenant takes from config.toml and the library, before what it does differently."""
    return _base(settings, overrides)[0]


def _base(settings: Settings, overrides: dict[str, Any]) -> tuple[dict[str, dict[str, Any]], list[str]]:
    year = overrides.get("year", ())
    return chosen_steps(year, overrides.get("steps", {}), settings.steps) if year else (raw_steps(settings.steps), [])


def _only_about(steps: dict[str, Any], data: dict[str, Any]) -> None:
    """The meetings at which progress and what has no day come up, as far as this covenant holds them or the one that
    it holds instead."""
    meetings = [name for name, step in steps.items() if step.get("kind") == LadderKind.MEETING]
    held: tuple[str, ...] = ()
    if chosen := data["progress"]["meetings"]:
        held = tuple(dict.fromkeys(one for one in (_held(name, steps) for name in chosen) if one))
        data["progress"] = data["progress"] | {"meetings": held or tuple(meetings[:1])}
    asked_at = _held(data["reading"]["asked_at"], steps)
    data["reading"] = data["reading"] | {"asked_at": asked_at or next(iter((*held[-1:], *meetings[-1:])), "")}


def _held(name: str, steps: dict[str, Any]) -> str:
    """A meeting that a covenant holds, or the one that it holds instead; empty where it holds neither."""
    return next((one for one in (name, INSTEAD.get(name, "")) if one in steps), "")


def _names(settings: Settings) -> tuple[str, ...]:
    return (*settings.steps, *library().steps)


def _merged(step: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    if any(moment in own for moment in MOMENTS):
        step = {key: value for key, value in step.items() if key not in (*MOMENTS, "relative_to")}
    return step | own
