"""The moment of a step of the year in Dutch words."""

from collections.abc import Mapping

from cycle.domain.titles import in_a_sentence
from cycle.domain.words import MONTHS, joined
from cycle.domain.year_steps import Every, MonthDay, Step

EVERY_WORDS = {
    Every.YEAR: "elk jaar",
    Every.HALF_YEAR: "elk halfjaar",
    Every.QUARTER: "elk kwartaal",
    Every.MONTH: "elke maand",
}


def moment_words(step: Step, titles: Mapping[str, str]) -> str:
    """ "uiterlijk 1 juli", "tussen 1 april en 30 april", "4 weken voor het najaarsoverleg" (`titles` of all)."""
    if step.weeks_before is not None:
        weeks = "1 week" if step.weeks_before == 1 else f"{step.weeks_before} weken"
        return f"{weeks} voor {joined([in_a_sentence(titles.get(name, name)) for name in step.relative_to])}"
    if step.every is not None:
        return EVERY_WORDS[step.every]
    if step.window is not None:
        return f"tussen {month_day_words(step.window[0])} en {month_day_words(step.window[1])}"
    if step.before is not None:
        return f"vóór {month_day_words(step.before)}"
    return f"uiterlijk {month_day_words(step.by)}" if step.by is not None else "zonder moment"


def month_day_words(day: MonthDay) -> str:
    """ "1 april" """
    return f"{day[1]} {MONTHS[day[0] - 1]}"
