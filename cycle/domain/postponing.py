"""What somebody let know moves what they are asked next: later, on a day of their own, or not again within days."""

from collections.abc import Collection
from datetime import date, timedelta

from cycle.domain.ladders import QUESTIONS, Answered, OpenItem, Rung, RungRule, What
from cycle.domain.model import LadderKind, Light

SOON_AGAIN = 3
"""Within so many days the same question is not asked again: of who just answered, or chose a day for it."""


def postponed(item: OpenItem, party: str, rungs: list[Rung], told: Collection[Rung], today: date) -> list[Rung]:
    """The rungs of a party that asked to be reminded later: none before the day it chose, one on it.

    The last one before the day itself always goes. It holds for the party, so that nobody who stands in is told what
    the other put off; who answers for the party after that decides anew.
    """
    newest = next((one for one in reversed(item.answers) if one.party == party), None)
    if newest is None:
        return rungs
    until = newest.not_before or next_step(item, newest)
    before = [rung for rung in rungs if until is not None and rung.on <= until]
    rungs = [rung for rung in rungs if not _is_answered_by_green(rung, newest, told)]
    if until is None or not before:
        return rungs
    rungs_left = [rung for rung in rungs if _stays(rung, newest, until, told)]
    if until <= today and not any(rung.on == until for rung in rungs_left):
        rungs_left.append(_on_chosen_day(before[-1], until))
    return sorted(rungs_left, key=lambda rung: rung.on)


def next_step(item: OpenItem, newest: Answered) -> date | None:
    """The day of the next step that somebody named beside a light; the day of a meeting is a proposal, not a step."""
    return newest.next_on if newest.said and item.kind is not LadderKind.MEETING else None


def _stays(rung: Rung, newest: Answered, until: date, told: Collection[Rung]) -> bool:
    """Whether a rung is told beside the one on the chosen day: neither one from before it, nor the same again some days
    later. A round asks whatever day somebody named for a next step."""
    if rung.is_last or rung in told:
        return True
    if rung.rule.what in QUESTIONS and newest.not_before is None:
        return True
    is_the_same_again = until < rung.on <= until + timedelta(SOON_AGAIN) and rung.rule.what is What.REMIND
    return rung.on >= until and not is_the_same_again


def _is_answered_by_green(rung: Rung, newest: Answered, told: Collection[Rung]) -> bool:
    """Whether somebody said that it goes well just before a rung would ask that. The last one before the day goes."""
    if newest.said != Light.GREEN or newest.said_on is None or rung.rule.what is not What.REMIND or rung.is_last:
        return False
    is_before_day = rung.rule.days < 0
    return is_before_day and rung not in told and rung.on <= newest.said_on + timedelta(SOON_AGAIN)


def _on_chosen_day(rung: Rung, day: date) -> Rung:
    """What a rung says, on the day that the reader chose; a question that is asked again is the question."""
    what = What.ASK if rung.rule.what is What.AGAIN else rung.rule.what
    rule = RungRule((day - rung.counted_from).days, rung.rule.to, what, chosen=True, member=rung.rule.member)
    return rung._replace(rule=rule, on=day, is_last=False)
