"""Who is told what, and when: the lines of reminders as values that carry their reason.

`reminders_due` looks only at its arguments: the open deadlines, who sits where, the ladders, what was told before, and
today. `morning` makes the mails of them.

Each open deadline climbs its ladder once per lead party; participants have rungs of their own. Rungs that meet on a
day, or were missed while nobody could send, become one line at the latest rung, which says what was missed.
Rungs from before a deadline was known as it is (`known_since`) are skipped: what was learned is told in their place.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import takewhile

from cycle.domain.addressing import Members
from cycle.domain.gathering_lines import waits_until
from cycle.domain.known_since import KnownSince
from cycle.domain.ladders import (
    CHAIN,
    QUESTIONS,
    Answered,
    OpenItem,
    Policy,
    Rung,
    RungRule,
    To,
    What,
    counts_from,
    to_settle,
)
from cycle.domain.model import LadderKind, News
from cycle.domain.postponing import next_step, postponed
from cycle.domain.situation import (
    SECRETARIAT,
    Ledger,
    Reason,
    Reminder,
    Situation,
)
from cycle.domain.steps_upward import next_in_chain, upward_lines
from cycle.domain.told_lines import Target, for_party, reminder_of, told_as, told_on


def reminders_due(situation: Situation, today: date) -> tuple[Reminder, ...]:
    """Every line that should be told today, and was not told before."""
    policy = situation.policy
    if today < policy.live_since or not policy.calendar.is_mail_day(today):
        return ()
    members = situation.members_on(today)
    lines: list[Reminder] = []
    for item in situation.items:
        if not to_settle(item, policy) and not situation.is_over(item, today):
            reached = [rung for rung in situation.rungs_of(item) if rung.on <= today]
            if reached or item.heard:
                _add_lines(lines, item, reached, members, situation, today)
    return tuple(lines)


def next_day_to_tell(item: OpenItem, situation: Situation, today: date) -> date | None:
    """The first mail day from today on which this deadline has, or may have, something to tell."""
    return next_days_to_tell(replace(situation, items=[item]), today)[item.id]


def next_days_to_tell(situation: Situation, today: date) -> dict[int, date | None]:
    """The same for every open deadline, by id."""
    first = situation.policy.calendar.mail_day_after(today)
    untold = {line.deadline for line in reminders_due(situation, first)}
    return {item.id: first if item.id in untold else next_mail_day(item, situation, first) for item in situation.items}


def next_mail_day(item: OpenItem, situation: Situation, after: date) -> date | None:
    """The first mail day later than `after` on which this deadline may have something to tell, or None for never.

    It may be too early (a rung that turns out to be nobody's), never too late.
    """
    day = _next_mail_day(item, situation, after)
    return None if day is None or situation.is_over(item, day) else day


def _next_mail_day(item: OpenItem, situation: Situation, after: date) -> date | None:
    policy = situation.policy
    if to_settle(item, policy):
        return None
    rungs = situation.rungs_of(item)
    days = [rung.on for rung in rungs if rung.on > after and rung.rule.what not in CHAIN]
    named = [one.not_before or next_step(item, one) for one in item.answers]
    chosen = [day for day in named if day is not None]
    days.extend(policy.calendar.mail_day_after(day) for day in chosen if day > after)
    days.extend(policy.calendar.mail_day_after(day) for day in _days_of_news(item, situation) if day > after)
    go_live = policy.calendar.mail_day_after(policy.live_since)
    if go_live > after and any(rung.rule.what is What.SETTLE and rung.on < go_live for rung in rungs):
        days.append(go_live)
    first = min(days, default=date.max)
    if any(rung.on < first for rung in rungs if rung.rule.what in CHAIN):
        tomorrow = policy.calendar.mail_day_after(after + timedelta(1))
        first = min([first, *(max(day, tomorrow) for day in _days_upward(item, rungs, situation))])
    return first if first < date.max else None


def _days_upward(item: OpenItem, rungs: Sequence[Rung], situation: Situation) -> Iterator[date]:
    """The days on which a next step upward may be told, whoever of a party it is that has been told of it. None of them
    is before the step's own day."""
    for party in item.open_leads:
        for since in {None, *(one.since for one in situation.members if one.party == party)}:
            upward = next_in_chain(item, party, rungs, situation, situation.known_for(item, party, since))
            if upward is not None:
                yield upward.on


def _days_of_news(item: OpenItem, situation: Situation) -> Iterator[date]:
    """The days from which it is, or will be, another's or otherwise."""
    parties = {*item.open_leads, *item.participants}
    yield from (one.since for one in situation.members if one.since is not None and one.party in parties)
    yield from (day for _party, day in item.party_since)
    yield from (day for day in (item.known_since, situation.released_on) if day is not None)


def _add_lines(
    lines: list[Reminder], item: OpenItem, reached: Sequence[Rung], members: Members, situation: Situation, today: date
) -> None:
    """The lines of one deadline, if any, go to the end of these. Who is told what comes next is reminded by that."""
    before = len(lines)
    plain = [rung for rung in reached if rung.rule.what not in CHAIN]
    targets = list(_targets(item, plain, members))
    for target in (*targets, *_members_beside(item, plain, members, targets)):
        line = _line(item, target, _own_answers(item, target, members), situation, today)
        if line is not None:
            lines.append(line)
    if len(plain) < len(reached):
        upward = tuple(upward_lines(item, members, situation, today))
        announced = {line.whose for line in upward if line.what is What.ANNOUNCE}
        lines[before:] = [one for one in lines[before:] if one.what is not What.REMIND or one.whose not in announced]
        lines.extend(upward)


def _targets(item: OpenItem, reached: Sequence[Rung], members: Members) -> Iterator[Target]:
    """Lead parties first, then those who take part; a lead that also takes part hears it as lead."""
    for_leads = [rung for rung in reached if rung.rule.to in (To.LEADS, To.ALL)]
    if (for_leads or item.heard) and item.had_leads:
        for party in item.open_leads:
            yield for_party(item, party, Reason.LEAD, for_leads, members)
    elif for_leads or (item.heard and not any(rung.rule.to is To.SECRETARIAT for rung in reached)):
        yield Target(SECRETARIAT, members.secretariat(), Reason.NO_LEAD, for_leads)
    for_others = [rung for rung in reached if rung.rule.to in (To.PARTICIPANTS, To.ALL)]
    if (for_others or item.heard) and (item.open_leads or not item.had_leads):
        named = {members.seat(one).party for one in item.members if members.present(one) is not None}
        for party in item.participants:
            if party not in named and party not in item.open_leads and party not in item.settled_leads:
                yield for_party(item, party, Reason.PARTICIPANT, for_others, members)
    for_secretariat = [rung for rung in reached if rung.rule.to is To.SECRETARIAT]
    if for_secretariat:
        yield Target(SECRETARIAT, members.secretariat(), Reason.SECRETARIAT, for_secretariat)


def _members_beside(
    item: OpenItem, reached: Sequence[Rung], members: Members, targets: Iterable[Target]
) -> Iterator[Target]:
    """Who sits at the body that meets, and hears of it for no party. Whoever stands in for them, of whatever party, is
    told it in their place: once for both."""
    if not item.members and not item.calls_directors:
        return
    rungs = [rung for rung in reached if rung.rule.to in (To.PARTICIPANTS, To.ALL, To.MEMBERS)]
    sitting = _sitting(item, members)
    told = {target.person.person for target in targets if target.person}
    declined = {one.person for one in item.answers if one.declined}
    for person in dict.fromkeys(sitting):
        seat = members.present(person)
        if (rungs or item.heard) and seat is not None and seat.person not in told | declined:
            told.add(seat.person)
            own = [rung._replace(rule=rung.rule._replace(member=person)) for rung in rungs]
            mine = members.seat(person)
            yield Target(mine.party, seat, Reason.PARTICIPANT, own, mine.since, person, is_leading=False)


def _sitting(item: OpenItem, members: Members) -> Sequence[int]:
    """Who sits at the body that meets: who was named for it, or else the directors of its parties."""
    parties = {*item.open_leads, *item.settled_leads, *item.participants}
    return item.members or [one.person for one in members.directors(parties) if item.calls_directors]


def _own_answers(item: OpenItem, target: Target, members: Members) -> tuple[Answered, ...]:
    """The answers that may put off what a reader is told: who sits at the body puts off their own and nobody else's,
    also where several of a party read one mailbox."""
    if not item.answers or not (item.members or item.calls_directors):
        return item.answers
    reader = target.person.person if target.person else None
    if target.member is not None:
        return tuple(one for one in item.answers if one.person in (target.member, reader))
    others = {*_sitting(item, members)} - {reader}
    return tuple(one for one in item.answers if one.person not in others)


def _line(
    item: OpenItem, target: Target, own_answers: tuple[Answered, ...], situation: Situation, today: date
) -> Reminder | None:
    """The line for one party at its latest rung, unless that was told or fell before the task began; or else what is
    new to it."""
    known = situation.known_for(item, target.party, target.since)
    start = max(known.since, _begins(item, situation.policy))
    rungs = [rung for rung in target.rungs if rung.on >= _first_day(rung, known, start)]
    if own_answers:
        told_rungs = frozenset(rung for rung in rungs if told_as(item, target.party, rung) in situation.ledger)
        rungs = postponed(item._replace(answers=own_answers), target.party, rungs, told_rungs, today)
    rungs = [rung for rung in rungs if _still_counts(item, target, rung, situation.ledger, today)]
    rungs = _but_announced(item, target.party, rungs, situation)
    since_last_time = _since_last_told(item, target.party, rungs, situation.ledger)
    if rungs and not since_last_time:
        return None
    news = known.news if known.news and not _was_told(item, target, known, situation.ledger) else None
    if not rungs:
        rung = _rung_of_news(item, target, known, news, situation, today)
        line = reminder_of(item, target, rung, today, (), news) if rung is not None else None
        return line and line._replace(waits_until=today)
    missed = tuple(dict.fromkeys(rung.on for rung in since_last_time if start <= rung.on < today))
    rung = rungs[-1] if _was_asked(item, target, rungs[-1], situation.ledger) else _question(target, rungs[-1])
    news = news if _is_news(item, target, known, news) else None
    line = reminder_of(item, target, rung, today, missed, news)
    return (
        line._replace(waits_until=today) if news else _with_wait(line, item, target, since_last_time, known, situation)
    )


def _with_wait(
    line: Reminder, item: OpenItem, target: Target, rungs: Sequence[Rung], known: KnownSince, situation: Situation
) -> Reminder:
    """The line with until when it may wait, and since when it is late, by the rungs since the last time."""
    told = tuple(told_on(item, target.party, target.rungs, known, situation.ledger, target.member))
    of_item, calendar = situation.rungs_of(item), situation.policy.calendar
    waits = [waits_until(rung, target.reason, of_item, told, calendar) for rung in rungs]
    return line._replace(waits_until=waits[-1], late_since=min((day for day in waits if day < line.on), default=None))


def _was_asked(item: OpenItem, target: Target, rung: Rung, ledger: Ledger) -> bool:
    """Whether what a rung asks again was asked before; anything else asks or tells what is its own."""
    if rung.rule.what is not What.AGAIN:
        return True
    return told_as(item, target.party, _question(target, rung)) in ledger


def _since_last_told(item: OpenItem, party: str, rungs: Sequence[Rung], ledger: Ledger) -> list[Rung]:
    """The rungs after the last one that was told: none where that was the latest."""
    untold = takewhile(lambda rung: told_as(item, party, rung) not in ledger, reversed(rungs))
    return list(untold)[::-1]


def _first_day(rung: Rung, known: KnownSince, start: date) -> date:
    """From when a rung counts. A round asks how things stand, also of what is yet to begin."""
    if rung.rule.what is What.SETTLE:
        return date.min
    return known.since if rung.rule.what in QUESTIONS else start


def _was_told(item: OpenItem, target: Target, known: KnownSince, ledger: Ledger) -> bool:
    """Whether a party was told of a deadline since it is as it is."""
    return any(day >= known.since for day in told_on(item, target.party, target.rungs, known, ledger, target.member))


def _rung_of_news(
    item: OpenItem, target: Target, known: KnownSince, news: News | None, situation: Situation, today: date
) -> Rung | None:
    """What stands in place of the rungs from before: what the last of them asks, as far as that still makes sense."""
    if news is None or today < known.since:
        return None
    begins = max(situation.policy.live_since, _begins(item, situation.policy))
    skipped = [rung for rung in target.rungs if begins <= rung.on < known.since]
    asked = [rung for rung in skipped if _is_still_asked(item, target, rung, news, situation.ledger, today)]
    if not asked and not _is_told_anyway(item, target, news, today):
        return None
    if asked and asked[-1].rule.what in QUESTIONS:
        return _question(target, asked[-1])
    what = asked[-1].rule.what if asked else What.REMIND if _is_task(item, target) else What.KNOW
    counted_from = asked[-1].counted_from if asked else counts_from(item, situation.policy) or today
    rule = RungRule((today - counted_from).days, what=what, news=news, member=target.member)
    return Rung(rule, known.since, counted_from, asked[-1].ends if asked else None)


def _is_still_asked(item: OpenItem, target: Target, rung: Rung, news: News, ledger: Ledger, today: date) -> bool:
    """Whether what a rung from before asks is to be asked yet. Of a meeting that is off no more than another date, and
    how it went only of one that was to be held."""
    if rung.rule.what in CHAIN or rung.rule.what is What.SETTLE:
        return False
    if news is News.OFF and rung.rule.what is not What.FIX_DATE:
        return False
    if rung.rule.what is What.HELD and item.meeting_day is None:
        return False
    if rung.ends is not None and rung.ends < today:
        return False
    is_asked_again = rung.rule.what in QUESTIONS and told_as(item, target.party, rung) in ledger
    return not is_asked_again and _still_counts(item, target, rung, ledger, today)


def _question(target: Target, rung: Rung) -> Rung:
    """The question of a round as it is asked for the first time, under its own name: the round counts who was asked."""
    same = (one for one in target.rungs if one.rule.what is What.ASK and one.counted_from == rung.counted_from)
    return next(same, rung)


def _is_news(item: OpenItem, target: Target, known: KnownSince, news: News | None) -> bool:
    """Whether a rung that is reached says what is new as well: who heard what it was, and who missed rungs of it."""
    return news is not None and (target.party in item.heard or any(rung.on < known.since for rung in target.rungs))


def _is_told_anyway(item: OpenItem, target: Target, news: News, today: date) -> bool:
    """Whether a party is told what is new though it skips nothing: it heard what it was, and it is not over."""
    day = item.meeting_day or (item.due if item.is_off else None)
    is_over = day is not None and day < today
    return news in (News.MOVED, News.OFF) and target.party in item.heard and not is_over


def _is_task(item: OpenItem, target: Target) -> bool:
    return item.kind is not LadderKind.MEETING and not item.is_off and target.reason is not Reason.PARTICIPANT


def _still_counts(item: OpenItem, target: Target, rung: Rung, ledger: Ledger, today: date) -> bool:
    """Whether a rung that was not told yet may still be: a question not after its meeting, nor again once answered."""
    if rung.ends is None or told_as(item, target.party, rung) in ledger:
        return True
    if rung.ends < today:
        return False
    if rung.rule.what is not What.AGAIN:
        return True
    question = _question(target, rung)
    if ledger.get(told_as(item, target.party, question), date.min) >= rung.on:
        return False  # it was asked for the first time no sooner than it would be asked again
    return not any(one.party == target.party and (one.said_on or date.min) >= question.on for one in item.answers)


def _but_announced(item: OpenItem, party: str, rungs: list[Rung], situation: Situation) -> list[Rung]:
    """The rungs without the reminders from before the day on which their reader was told that it goes upward."""
    if not any(rung.rule.days > 0 and rung.rule.what is What.REMIND for rung in rungs):
        return rungs
    announced = (rung for rung in situation.rungs_of(item) if rung.rule.what is What.ANNOUNCE)
    told = max((situation.ledger.get(told_as(item, party, one), date.min) for one in announced), default=date.min)
    return [rung for rung in rungs if rung.rule.what is not What.REMIND or rung.on > told]


def _begins(item: OpenItem, policy: Policy) -> date:
    """The day on which a task begins: of a dated action its own start, of all else at once."""
    if item.kind is LadderKind.ACTION and item.window_start is not None and not item.doubtful:
        return max(policy.live_since, item.window_start)
    return policy.live_since
