"""Rules as data that can be kept, and back."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from cycle.domain.rules import EachPart, EachYear, Once, Relative, Rule, SeveralAYear
from cycle.domain.year_days import (
    DayBefore,
    FromEaster,
    KingsDay,
    MonthEnd,
    NthWeekday,
    NthWorkday,
    OnDate,
    Shifted,
    WeekdayBeside,
    WeekOfYear,
)


def as_data(value: Any) -> Any:
    """A rule, or a part of one, as JSON keeps it: the name of its kind with its fields; days as ISO 8601."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [as_data(one) for one in value]
    name = NAMES.get(type(value))
    if name is None:
        return value
    fields = {field: as_data(getattr(value, field)) for field in type(value).__slots__}
    return {"is": name} | {field: kept for field, kept in fields.items() if kept is not None}


def from_data(data: Mapping[str, Any]) -> Rule:
    """The reverse of `as_data`.

    Raises KeyError or TypeError for what is no rule.
    """
    rule: Rule = _from_data(data)
    return rule


def _from_data(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_from_data(one) for one in value)
    if not isinstance(value, Mapping):
        return value
    kind = KINDS[value["is"]]
    days = DATES if kind in (Once, EachYear, SeveralAYear, EachPart) else ()
    return kind(**{name: _field(name, kept, days) for name, kept in value.items() if name != "is"})


def _field(name: str, value: Any, days: Sequence[str]) -> Any:
    return date.fromisoformat(value) if name in days and isinstance(value, str) else _from_data(value)


KINDS: dict[str, type] = {
    "date": OnDate,
    "month-end": MonthEnd,
    "workday": NthWorkday,
    "koningsdag": KingsDay,
    "easter": FromEaster,
    "weekday": NthWeekday,
    "week": WeekOfYear,
    "day-before": DayBefore,
    "shifted": Shifted,
    "weekday-beside": WeekdayBeside,
    "once": Once,
    "each-year": EachYear,
    "several-a-year": SeveralAYear,
    "each-part": EachPart,
    "relative": Relative,
}
NAMES = {kind: name for name, kind in KINDS.items()}
DATES = ("due", "start", "until")
