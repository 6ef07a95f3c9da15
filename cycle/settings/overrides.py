"""What one covenant does differently: its own steps, ladders, reading, letter, school region, send hour or approval."""

from typing import Any

from cycle.errors import SettingsError
from cycle.settings.loading import MOMENTS, meeting_faults, step_faults, validated
from cycle.settings.sections import Settings


def with_overrides(settings: Settings, overrides: dict[str, Any], name: str, text: str = "") -> Settings:
    """The settings as this covenant has them. A step that gets another moment loses the one it had.

    Raises SettingsError with all faults; `name` and `text` are the file they stand in.
    """
    if not any(overrides.values()):
        return settings
    steps = {key: step.model_dump(exclude_unset=True) for key, step in settings.steps.items()}
    for key, own in overrides.get("steps", {}).items():
        steps[key] = _merged(steps.get(key, {}), own)
    data = settings.model_dump(exclude={"steps"}) | {"steps": steps}
    for section in ("ladders", "reading", "letter"):
        data[section] = data[section] | overrides.get(section, {})
    if overrides.get("school_region"):
        data["calendar"] = data["calendar"] | {"school_region": overrides["school_region"]}
    if overrides.get("send_hour"):
        data["mail"] = data["mail"] | {"send_hour": overrides["send_hour"]}
    if overrides.get("approval"):
        data["mail"] = data["mail"] | {"approval": overrides["approval"] == "ja"}
    merged, faults = validated(Settings, data, name, text)
    faults += step_faults(steps, name, text) + meeting_faults(data, name, text)
    if merged is None or faults:
        raise SettingsError(tuple(faults))
    return merged.in_folder(settings.folder)


def _merged(step: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    if any(moment in own for moment in MOMENTS):
        step = {key: value for key, value in step.items() if key not in (*MOMENTS, "relative_to")}
    return step | own
