"""Small worlds to plan in: the five parties of the example, the shipped ladders, and a year run day by day."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from cycle.domain.ladders import Ladder, OpenItem, Policy
from cycle.domain.model import LadderKind, Member, Party, PartyKind, Role
from cycle.domain.parties import all_slugs
from cycle.domain.planning import Digest, Situation, digests, in_rhythm, overview_readers, reminders_due
from cycle.domain.rhythm import MailWeek, Rhythms
from cycle.domain.workdays import WorkCalendar
from cycle.domain.year import Step
from cycle.settings import Settings, StepSettings, load_settings

SHIPPED: Settings = load_settings(Path(__file__).parents[2] / "config.toml", {})
CALENDAR: WorkCalendar = SHIPPED.work_calendar
LIVE_SINCE = date(2026, 11, 1)
PARTIES = (
    Party("gemeente", "Gemeente Terneuzen", PartyKind.MUNICIPALITY),
    Party("clavis", "Clavis", PartyKind.CORPORATION),
    Party("wzv", "Woongoed Zeeuws-Vlaanderen", PartyKind.CORPORATION),
    Party("bewonersraad", "Bewonersraad Clavis", PartyKind.TENANTS),
    Party("shb", "Huurdersorganisatie SHB", PartyKind.TENANTS),
)


def shipped_steps() -> tuple[Step, ...]:
    """The steps of config.toml, with the example's parties in place of their sides."""
    return tuple(as_step(name, entry) for name, entry in SHIPPED.steps.items())


def as_step(name: str, entry: StepSettings) -> Step:
    return entry.step(name, slugs(entry.leads), slugs(entry.participants))


def slugs(names: Sequence[str]) -> tuple[str, ...]:
    """The parties behind names as a step has them; a name that nobody knows is a slip in the test."""
    found, unknown = all_slugs(names, PARTIES, ())
    assert not unknown
    return found


def person(number: int, party: str, role: Role = Role.CONTACT, **more: object) -> Member:
    return replace(Member(number, f"Persoon {number}", f"p{number}@cycle.example", party, role), **more)


def action(number: int, due: date, *leads: str, **more: object) -> OpenItem:
    """A dated action with its lead parties."""
    return OpenItem(number, LadderKind.ACTION, due, open_leads=leads)._replace(**more)


def policy(live_since: date = LIVE_SINCE, ladders: Mapping[LadderKind, Ladder] | None = None) -> Policy:
    """How the shipped settings remind, but for the ladders that are given."""
    kinds = SHIPPED.kind_ladders | dict(ladders or {})
    return Policy(live_since, kinds, SHIPPED.step_ladders, CALENDAR, SHIPPED.reading.asked_at)


def situation(items: Sequence[OpenItem], members: Sequence[Member], live_since: date = LIVE_SINCE, **more) -> Situation:
    return replace(Situation(policy(live_since), members, items, {}, {}), **more)


def days(first: date, last: date) -> Iterator[date]:
    """Every day of the calendar, both ends included."""
    return (first + timedelta(number) for number in range((last - first).days + 1))


def run_daily(
    start: Situation,
    first: date,
    last: date,
    can_send: Callable[[date], bool] = lambda day: True,
    rhythms: Rhythms | None = None,
) -> tuple[list[Digest], dict]:
    """What is mailed when the planner is asked on every single day, and the ledger at the end.

    On a day without sending nothing leaves and nothing is written down.
    """
    ledger = dict(start.ledger)
    rhythms = rhythms or Rhythms(start.policy.calendar)
    week = MailWeek(rhythms)
    sent: list[Digest] = []
    for today in days(first, last):
        if can_send(today):
            readers = overview_readers([start], rhythms, today)
            planned = digests(reminders_due(replace(start, ledger=ledger), today), today, readers)
            found = list(in_rhythm(planned, rhythms, week))
            ledger |= {line.told: today for digest in found for line in digest.reminders}
            for digest in found:
                week.note(digest.person, today)
            sent += found
    return sent, ledger
