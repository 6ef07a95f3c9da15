"""A line of a mail made of a deadline, and when somebody was told of it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from cycle.domain.addressing import Members
from cycle.domain.known_since import KnownSince
from cycle.domain.ladders import OpenItem, Rung, RungRule
from cycle.domain.model import Member, News
from cycle.domain.situation import Ledger, Reason, Reminder, Told


class Target(NamedTuple):
    """One party's part in one deadline: who hears of it, why, and the rungs it reached. A `member` hears of it beside
    whoever does for the party, for sitting at the body that meets."""

    party: str
    person: Member | None
    reason: Reason
    rungs: Sequence[Rung]
    since: date | None = None
    member: int | None = None
    is_leading: bool = True


def for_party(item: OpenItem, party: str, reason: Reason, rungs: Sequence[Rung], members: Members) -> Target:
    """The party's one addressee, or the secretariat when it has none."""
    person = members.addressee(party, item.agreements, item.theme)
    whose = members.responsible(party, item.agreements, item.theme)
    target = Target(party, person, reason, rungs, whose.since if whose else None)
    target = target._replace(is_leading=reason is not Reason.PARTICIPANT)
    if person is None:
        return target._replace(person=members.secretariat(), reason=Reason.NO_ADDRESS)
    if any(one.declined and (one.party, one.person) == (party, person.person) for one in item.answers):
        return target._replace(person=members.secretariat(), reason=Reason.DECLINED)
    return target


def first_told(
    item: OpenItem,
    party: str,
    rungs: Iterable[Rung],
    known: KnownSince,
    ledger: Ledger,
    member: int | None = None,
) -> date | None:
    """When a party (or a member of the body) was first told of a deadline as it is, or let something know about it."""
    told = told_on(item, party, rungs, known, ledger, member)
    return min((day for day in told if day >= known.since), default=None)


def told_on(
    item: OpenItem, party: str, rungs: Iterable[Rung], known: KnownSince, ledger: Ledger, member: int | None
) -> Iterator[date]:
    """The days on which a party (or a member) was told something of a deadline, or let something know about it."""
    for rung in rungs:
        if (day := ledger.get(told_as(item, party, rung))) is not None:
            yield day
    for name in _names_of_news(member):
        if (day := ledger.get(Told(item.id, party, name, known.since))) is not None:
            yield day
    said = (one.said_on for one in item.answers if one.party == party and member in (None, one.person))
    yield from (day for day in said if day is not None)


@lru_cache(maxsize=1024)
def _names_of_news(member: int | None) -> tuple[str, ...]:
    """What lines that only tell news are called in the ledger, for a party or for a member of the body."""
    return tuple(RungRule(0, news=news, member=member).name for news in News)


def reminder_of(
    item: OpenItem, target: Target, rung: Rung, today: date, missed: tuple[date, ...], news: News | None = None
) -> Reminder:
    """The line that tells a party of a deadline today, with the last that it let know."""
    person = target.person.person if target.person else None
    answers = [one for one in reversed(item.answers) if one.party == target.party and one.said_on]
    newest = max(answers, key=lambda one: one.said_on or date.min) if answers else None
    return Reminder(
        item.id,
        target.party,
        person,
        rung.rule.name,
        rung.rule.what,
        rung.on if rung.rule.news else rung.counted_from,
        today,
        (rung.counted_from - today).days,
        target.reason,
        missed,
        newest.said_on if newest else None,
        rung.goes_by,
        rung.is_top,
        newest.said if newest else "",
        newest.person if newest else None,
        news,
        newest.sentence if newest else "",
        newest.next_on if newest else None,
        target.is_leading,
    )


def told_as(item: OpenItem, party: str, rung: Rung) -> Told:
    """What a line of this rung is called in the ledger."""
    return Told(item.id, party, rung.rule.name, rung.counted_from)
