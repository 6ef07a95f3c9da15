"""Days, times and years as options and arguments: one reader for all commands."""

from datetime import date, time

import typer

DAY = "DATUM"
"""What stands in the help for a day: written as people do, with its year."""


def parse_day(text: str) -> date:
    """A day in any way in which the pages take one too. Which days can be is for the action to say."""
    from cycle.domain import days
    from cycle.errors import Refused

    try:
        parsed = days.read_day(text)
    except Refused as refused:
        raise typer.BadParameter(f"{refused.what} {refused.hint}") from None
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
