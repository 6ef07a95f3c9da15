"""Which readings of one agreement count, where agenda and framework speak of the same."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from cycle.domain.agreement import AgreementReading
from cycle.domain.model import Reading, ReadingKind
from cycle.domain.reading_rules import DATED, in_year


def settled_readings(readings: Sequence[AgreementReading]) -> tuple[AgreementReading, ...]:
    """Which readings of one agreement count (design section 4).

    Per kind the agenda wins from the framework, but an exact day in the framework settles a vaguer phrase of the
    agenda in the same year. Within one text a narrower phrase replaces the wider one around it. What an older agenda
    asked stays beside the newest, for only a person carries it over or drops it.
    """
    if len(readings) < 2:  # as most agreements have it: nothing to weigh
        return tuple([one for one in readings if one.reading.due and one.reading.kind in DATED])
    framework = [one for one in readings if not one.from_agenda and one.reading.due]
    settled: list[AgreementReading] = []
    for kind in DATED:
        agenda = [one for one in readings if one.from_agenda and one.reading.kind is kind and one.reading.due]
        for former in (True, False):
            mine = [one for one in agenda if one.is_former is former]
            settled.extend(_narrowest([settled_by(one, framework) or one for one in mine]))
        if all(one.is_former for one in agenda):
            own = [one for one in framework if one.reading.kind is kind]
            settled.extend(_narrowest(_beside_former(own, agenda)))
    return tuple({one.ref: one for one in reversed(settled)}.values())[::-1]


def settled_by(vague: AgreementReading, framework: Iterable[AgreementReading]) -> AgreementReading | None:
    """The framework's exact day that settles a vaguer phrase of the agenda in the same year, if there is one.

    A yearly day does so too: "voorjaar 2023" where the framework says "in het voorjaar (uiterlijk 1 juli)" (5.3).
    """
    for reading_of_text in framework:
        if reading_of_text.reading.kind is vague.reading.kind:
            if reading_of_text.reading.window_start in (None, reading_of_text.reading.due) and _holds(
                vague.reading, reading_of_text.reading
            ):
                return reading_of_text
        elif reading_of_text.reading.kind is ReadingKind.YEARLY and _has_its_day_in(
            reading_of_text.reading, vague.reading
        ):
            return reading_of_text
    return None


def _has_its_day_in(yearly: Reading, vague: Reading) -> bool:
    """Whether a yearly reading names a day (not only the end of a month) for the same time of that year."""
    if yearly.due is None or vague.due is None or vague.window_start is None or vague.due.year < yearly.due.year:
        return False
    start, due = in_year(yearly, vague.due.year)
    if start in (None, due):
        return vague.window_start <= due <= vague.due
    names_a_day = (due + timedelta(days=1)).day != 1
    return names_a_day and start is not None and start <= vague.due and vague.window_start <= due


def _beside_former(framework: list[AgreementReading], former: list[AgreementReading]) -> list[AgreementReading]:
    """The framework where only an older agenda spoke: it repeats on from there, and asks nothing once again."""
    ends = [one.reading.until for one in former if one.reading.until]
    if not former:
        return framework
    return [replace(one, after=max(ends)) for one in framework if one.reading.kind is ReadingKind.YEARLY and ends]


def _narrowest(readings: Sequence[AgreementReading]) -> list[AgreementReading]:
    """Without the readings that only put a wider frame around another; of equal ones the first stays."""
    narrowest: list[AgreementReading] = []
    for reading in readings:
        rivals = [other for other in readings if other is not reading and _holds(reading.reading, other.reading)]
        wider = any(not _holds(other.reading, reading.reading) for other in rivals)
        twin = any(_same_span(other.reading, reading.reading) for other in narrowest)
        if not wider and not twin:
            narrowest.append(reading)
    return narrowest


def _holds(outer: Reading, inner: Reading) -> bool:
    """Whether the inner period lies within the outer one."""
    if outer.due is None or inner.due is None or outer.window_start is None:
        return False
    inner_start = inner.window_start or inner.due
    return outer.window_start <= inner_start and inner.due <= outer.due


def _same_span(reading: Reading, other: Reading) -> bool:
    return (reading.window_start, reading.due, reading.per_year) == (other.window_start, other.due, other.per_year)
