"""The table of school holidays: the shipped one, or one beside config.toml."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from cycle.domain.meeting_days import SchoolHoliday, SchoolHolidays
from cycle.errors import Fault, SettingsError

SHIPPED = Path(__file__).with_name("schoolvakanties.toml")


def school_holidays(region: str, file: Path | None = None) -> SchoolHolidays:
    """The holidays of one region by day.

    Raises SettingsError for a table that cannot be read.
    """
    table = file or SHIPPED
    try:
        data = tomllib.loads(table.read_text(encoding="utf-8"))
        holidays = [
            SchoolHoliday(name, _day(first), _day(last))
            for name, periods in data[region].items()
            for first, last in periods
        ]
        return SchoolHolidays(
            region, _day(data["first"]), _day(data["last"]), tuple(sorted(holidays, key=lambda one: one.first))
        )
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError):
        what = f"De schoolvakanties van regio {region} zijn niet te lezen."
        raise SettingsError((Fault(str(table), what, f"Neem de vorm over van {SHIPPED.name}."),)) from None


def _day(value: Any) -> date:
    if type(value) is not date:
        raise TypeError("not a day")
    return value
