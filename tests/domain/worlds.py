"""Small worlds to plan in: the five parties of the example, the shipped ladders, and a year run day by day."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from cycle.domain.ladders import Ladder, OpenItem, Policy
from cycle.domain.mail_plan import Digest, Morning
from cycle.domain.model import LadderKind, Member, Party, PartyKind, Role
from cycle.domain.morning import decide
from cycle.domain.parties import all_slugs
from cycle.domain.rehearsal import plans_ahead
from cycle.domain.rhythm import MailWeek, Rhythms
from cycle.domain.situation import Situation
from cycle.domain.workdays import WorkCalendar
from cycle.domain.year_steps import Step
from cycle.settings import Settings, StepSettings, load_settings, read_toml, with_overrides

ROOT = Path(__file__).parents[2]
_EXAMPLE, _ = read_toml(ROOT / "examples" / "terneuzen" / "covenant.toml")
SHIPPED: Settings = with_overrides(
    load_settings(ROOT / "config.toml", {}), {"steps": _EXAMPLE["steps"]}, "covenant.toml"
)
"""The settings that come with the program, as the example's table has them: it names the agreements of its steps."""
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
    """The steps of the example, with its parties in place of their sides."""
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


def morning(situations: Sequence[Situation], today: date, rhythms: Rhythms | None = None, **more: object) -> Morning:
    """The morning of a day in these covenants, as the mail hours open."""
    rhythms = rhythms or Rhythms(situations[0].policy.calendar if situations else CALENDAR)
    hours = replace(SHIPPED.mail_hours, calendar=rhythms.calendar)
    chosen = {"week": MailWeek(rhythms), "is_overview_due": rhythms.is_overview_day(today)} | more
    return Morning(hours.moment_of(today), hours, rhythms, situations=dict(enumerate(situations)), **chosen)


def rehearsal(
    situations: Sequence[Situation],
    first: date,
    last: date,
    mailed: frozenset[int] = frozenset(),
    rhythms: Rhythms | None = None,
    had: Mapping[int, Collection[date]] | None = None,
) -> Iterator[Digest]:
    """Every mail from one day through another; `mailed` had theirs on the first day."""
    start = morning(situations, first, rhythms, mailed=mailed)
    ahead = plans_ahead(replace(start, week=MailWeek(start.rhythms, had or {})), last)
    return (mail for _at, plan in ahead for mail in plan.mails)


def run_daily(
    start: Situation,
    first: date,
    last: date,
    can_send: Callable[[date], bool] = lambda day: True,
    rhythms: Rhythms | None = None,
) -> tuple[list[Digest], dict]:
    """What is mailed when everything is looked at on every single day, and the ledger at the end.

    On a day without sending nothing leaves and nothing is written down.
    """
    ledger = dict(start.ledger)
    had: dict[int, set[date]] = {}
    sent: list[Digest] = []
    rhythms = rhythms or Rhythms(start.policy.calendar)
    for today in days(first, last):
        if can_send(today) and start.policy.calendar.is_mail_day(today):
            begun = morning([replace(start, ledger=ledger)], today, rhythms, week=MailWeek(rhythms, had))
            mails = decide(begun).mails
            ledger |= {line.told: today for mail in mails for line in mail.reminders}
            for mail in mails:
                had.setdefault(mail.person, set()).add(today)
            sent += mails
    return sent, ledger
