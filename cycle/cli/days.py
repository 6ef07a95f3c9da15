"""Days, times and years as options and arguments: one reader for all commands."""

import re
from datetime import date, time

import typer

_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def parse_day(text: str) -> date:
    """A day as JJJJ-MM-DD, and nothing else. Which days can be is for the action to say."""
    from cycle.domain import days

    parsed = days.parse_day(text) if _DAY.fullmatch(text) else None
    if parsed is None:
        raise typer.BadParameter(f"{text!r} is geen dag; schrijf JJJJ-MM-DD, zoals 2027-03-31.")
    if not days.EVER.holds(parsed):
        raise typer.BadParameter(days.EVER.fault(parsed))
    return parsed


def parse_clock(text: str) -> time:
    """A time of day as UU:MM."""
    from cycle.domain.days import parse_time

    parsed = parse_time(text)
    if parsed is None:
        raise typer.BadParameter(f"{text!r} is geen tijd; schrijf UU:MM, zoals 14:00.")
    return parsed
