"""The ladder beyond the lead: whoever hears of it after them, one at a time."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from cycle.domain.addressing import Members
from cycle.domain.gathering_lines import waits_until
from cycle.domain.known_since import KnownSince
from cycle.domain.ladders import CHAIN, OpenItem, Policy, Rung, To, What
from cycle.domain.situation import Reason, Reminder, Situation
from cycle.domain.told_lines import Target, first_told, for_party, reminder_of, told_as


def upward_lines(item: OpenItem, members: Members, situation: Situation, today: date) -> Iterator[Reminder]:
    """What goes upward today for each open lead: at most one step, each only after the one before it was told."""
    rungs = situation.rungs_of(item)
    for party in item.open_leads:
        seated = members.responsible(party, item.agreements, item.theme)
        known = situation.known_for(item, party, seated.since if seated else None)
        rung = next_in_chain(item, party, rungs, situation, known)
        if rung is not None and rung.on <= today:
            line = _step_upward(item, party, rung, members, today)
            yield line._replace(waits_until=waits_until(rung, line.reason, rungs, (), situation.policy.calendar))


def next_in_chain(
    item: OpenItem, party: str, rungs: Sequence[Rung], situation: Situation, known: KnownSince
) -> Rung | None:
    """The first step upward that was not told, on the first day it may be told; none of those from before it was known.

    Its days count from the day that it is due, or from when who leads it was first told where that is later.
    """
    first = max(item.counts_since(situation.policy.live_since), situation.released_on or date.min)
    before: Rung | None = None
    for rung in rungs:
        if rung.rule.what in CHAIN:
            told_on = situation.ledger.get(told_as(item, party, rung))
            if told_on is None and before is not None and before.on >= known.since:
                return _in_its_time(before, rung, None, situation.policy)
            if told_on is None:
                return _first_step(item, party, rungs, rung, before, situation, known) if rung.on >= first else None
            before = rung._replace(on=told_on)
    return None


def _first_step(
    item: OpenItem,
    party: str,
    rungs: Sequence[Rung],
    rung: Rung,
    before: Rung | None,
    situation: Situation,
    known: KnownSince,
) -> Rung | None:
    """A step that follows no other since it is known: once who leads it was told, if there is anything to tell them."""
    plain = [one for one in rungs if one.rule.what not in CHAIN and one.rule.to in (To.LEADS, To.ALL)]
    told = first_told(item, party, plain, known, situation.ledger)
    is_told = told is not None or not plain
    return _in_its_time(before, rung, told, situation.policy) if is_told else None


def _in_its_time(before: Rung | None, rung: Rung, told: date | None, policy: Policy) -> Rung:
    """As long after the previous step as the ladder puts between them, as long after the lead was first told as it puts
    after the day, and never before its own day."""
    days = [rung.on]
    if before is not None:
        days.append(policy.calendar.mail_day_after(before.on + timedelta(rung.rule.days - before.rule.days)))
    if told is not None:
        days.append(policy.calendar.mail_day_after(told + timedelta(rung.rule.days)))
    return rung._replace(on=max(days))


def _step_upward(item: OpenItem, party: str, rung: Rung, members: Members, today: date) -> Reminder:
    """Who hears that a party did not answer; without a director who is another than whose task it is, the secretariat
    is asked again."""
    lead, director = members.addressee(party, item.agreements, item.theme), members.director(party)
    if lead is not None and director is not None and director.person == lead.person:
        director = None
    if rung.rule.what is What.ANNOUNCE:
        target = for_party(item, party, Reason.ANNOUNCED, [rung], members)
    else:
        above = director if rung.rule.what is What.DIRECTOR else None
        target = Target(party, above or members.secretariat(), Reason.SILENT, [rung])
    line = reminder_of(item, target, rung, today, ())
    is_own = lead is not None and line.person == lead.person and target.reason is not Reason.DECLINED
    return line._replace(is_own=is_own, has_director=director is not None)
