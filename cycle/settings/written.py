"""A step of the year as covenant.toml would have it, and what of it is a covenant's own."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from cycle.domain.words import MONTHS
from cycle.settings.loading import MOMENTS
from cycle.settings.year_sections import StepSettings

MONTH_DAYS = ("before", "by")
WHEN = (*MOMENTS, "relative_to")


def as_written(step: StepSettings) -> dict[str, Any]:
    """All fields of a step in the words of the file; of the five moments only the one that it has."""
    said = {key: value for key, value in step.model_dump().items() if key not in MOMENTS or value is not None}
    for key in MONTH_DAYS:
        if key in said:
            said[key] = _month_day(said[key])
    if "window" in said:
        said["window"] = [_month_day(day) for day in said["window"]]
    if step.ladder is not None:
        said["ladder"] = [rung.model_dump(mode="json", exclude_none=True) for rung in step.ladder]
    return {key: _plain(value) for key, value in said.items()}


def own_fields(base: Mapping[str, Any], step: StepSettings) -> dict[str, Any]:
    """What a covenant has to say of a step that is otherwise as `base`, which says nothing of one that is its own."""
    wanted, usual = as_written(step), as_written(StepSettings.model_validate(base)) if base else {}
    if not base:
        return {key: value for key, value in wanted.items() if value or (key == "ladder" and value is not None)}
    own = {key: value for key, value in wanted.items() if key not in WHEN and usual[key] != value}
    return own | ({} if _when(wanted) == _when(usual) else _when(wanted))


def _when(written: Mapping[str, Any]) -> dict[str, Any]:
    """The moment of a step with what it counts from: one without the other says nothing."""
    return {key: written[key] for key in WHEN if written.get(key)}


def _month_day(day: tuple[int, int]) -> str:
    return f"{day[1]} {MONTHS[day[0] - 1]}"


def _plain(value: Any) -> Any:
    """As JSON keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, str) else value
