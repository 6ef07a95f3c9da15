"""The planning examples of tests/cases: what a secretary reads there is what the planner does, line for line."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from worlds import LIVE_SINCE, as_step, days, person, policy, rehearsal, shipped_steps, situation, slugs

from cycle.domain.ladders import Ladder, Meetings, OpenItem
from cycle.domain.mail_plan import Digest
from cycle.domain.model import Draft, LadderKind, Member, Origin, Role
from cycle.domain.morning import digests
from cycle.domain.planning import reminders_due
from cycle.domain.situation import Reminder, Situation
from cycle.domain.year import year_drafts
from cycle.settings import RungSettings, StepSettings

CASES = sorted((Path(__file__).parents[1] / "cases").glob("*.toml"))
KEYS = {
    "title",
    "period",
    "live_since",
    "outage",
    "steps",
    "people",
    "ladders",
    "own_steps",
    "deadlines",
    "acts",
    "expected",
}
WEEKDAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")


class Case:
    """One file: its people and deadlines, and what happened to them so far."""

    def __init__(self, file: Path) -> None:
        self.data = _read(file)
        assert {"title", "period", "people", "expected"} <= set(self.data) <= KEYS, f"sleutels van {file.name}"
        self.first, self.last = self.data["period"]
        self.planned: dict[tuple[str, str], date] = {}
        self.moved: dict[str, date] = {}
        self.done: set[tuple[str, str]] = set()
        self.members = [
            member for number, name in enumerate(self.data["people"]) for member in self._roles(number, name)
        ]
        self.own_steps = {name: StepSettings(**step) for name, step in self.data.get("own_steps", {}).items()}
        self.ids: dict[tuple[str, str], int] = {}
        self.names = dict(enumerate(self.data["people"], start=1))
        self.titles = {item.id: title for title, item in self._items()}
        self.now = self._situation()

    @property
    def expected(self) -> list[str]:
        lines = self.data["expected"]["lines"].splitlines()
        return [" | ".join(part.strip() for part in line.split("|")) for line in lines if line.strip()]

    def told_on(self, today: date, ledger: dict) -> list[Reminder]:
        """The lines of that day's mails, none while nothing can be sent."""
        first, last = self.data.get("outage", (date.max, date.max))
        if first <= today <= last:
            return []
        return _lines(digests(reminders_due(replace(self.now, ledger=ledger), today), today))

    def _situation(self) -> Situation:
        own = {LadderKind(kind): _ladder(rungs) for kind, rungs in self.data.get("ladders", {}).items()}
        rules = policy(self.data.get("live_since", LIVE_SINCE), own)
        ladders = {name: _ladder(step.ladder) for name, step in self.own_steps.items() if step.ladder is not None}
        rules = replace(rules, step_ladders=rules.step_ladders | ladders)
        items = [item for _title, item in self._items()]
        return situation(items, self.members, policy=rules, meetings=self._meetings())

    def _items(self) -> list[tuple[str, OpenItem]]:
        """What is open by now, with its title; a deadline that is done for all its leads is gone."""
        drafts = self._drafts()
        titles = Counter(draft.title for draft in drafts)
        found = []
        for draft in drafts:
            number = self.ids.setdefault((draft.step or draft.slot, draft.occurrence), len(self.ids) + 1)
            title = draft.title if titles[draft.title] == 1 else f"{draft.title} {draft.occurrence}"
            still = tuple(slug for slug in draft.leads if (title, slug) not in self.done)
            if still or not draft.leads:
                found.append((title, self._item(number, title, draft, still)))
        return found

    def act(self, today: date) -> None:
        """What people did in the course of a day, after its mail."""
        for act in self.data.get("acts", ()):
            if act["on"] == today:
                self._act(act)
                self.now = self._situation()

    def _act(self, act: dict[str, Any]) -> None:
        if "done" in act:
            draft = next(draft for draft in self._drafts() if draft.title == act["done"])
            self.done |= {(act["done"], slug) for slug in (draft.leads if draft.joint else (act["party"],))}
        elif "moved" in act:
            self.moved[act["moved"]] = act["to"]
        else:
            self.planned[act["planned"], str(act["day"].year)] = act["day"]

    def line(self, reminder: Reminder) -> str:
        """ "wo 2027-03-31 | Anna | Uitnodigingsbrief | 0 | trekker", with what was missed behind it."""
        what = "" if reminder.what.value in ("remind", reminder.rung) else f" {reminder.what}"
        parts = [
            f"{WEEKDAYS[reminder.on.weekday()]} {reminder.on}",
            self.names[reminder.person],
            self.titles[reminder.deadline],
            reminder.rung + what,
            reminder.reason,
        ]
        if reminder.missed:
            parts.append("gemist " + ", ".join(str(day) for day in reminder.missed))
        return " | ".join(parts)

    def _roles(self, number: int, name: str) -> Iterator[Member]:
        entry = dict(self.data["people"][name])
        more = {key: _tuple(value) for key, value in entry.items() if key not in ("party", "roles")}
        for role in entry.get("roles", ["contact"]):
            yield person(number + 1, entry["party"], Role(role), name=name, **more)

    def _item(self, number: int, title: str, draft: Draft, still: tuple[str, ...]) -> OpenItem:
        step = draft.step
        return OpenItem(
            number,
            draft.kind,
            self.moved.get(title, draft.due),
            draft.window_start,
            step,
            still,
            bool(draft.leads),
            draft.participants,
            draft.invented,
            draft.doubtful,
            draft.via,
            self.planned.get((step, draft.occurrence)),
            draft.agreements,
            draft.theme,
        )

    def _year(self) -> list[Draft]:
        steps = shipped_steps() + tuple(as_step(name, step) for name, step in self.own_steps.items())
        years = range(self.first.year, self.last.year + 1)
        return [draft for year in years for draft in year_drafts(year, steps, (), self.planned)]

    def _drafts(self) -> list[Draft]:
        return [*self._step_drafts(), *self._written_drafts()]

    def _step_drafts(self) -> list[Draft]:
        wanted = {*self.data.get("steps", ()), *self.own_steps}
        return [draft for draft in self._year() if draft.step in wanted]

    def _written_drafts(self) -> Iterator[Draft]:
        for title, entry in self.data.get("deadlines", {}).items():
            more = {key: _tuple(value) for key, value in entry.items() if key not in ("kind", "leads", "participants")}
            yield Draft(
                Origin.AGREEMENT,
                "once",
                title,
                LadderKind(entry.get("kind", "action")),
                leads=slugs(entry.get("leads", ())),
                participants=slugs(entry.get("participants", ())),
                slot=title,
                **more,
            )

    def _meetings(self) -> Meetings:
        """The day of each meeting: planned, else the start of its window."""
        return {
            (draft.step, draft.due.year): self.planned.get((draft.step, draft.occurrence))
            or draft.window_start
            or draft.due
            for draft in self._year()
            if draft.kind is LadderKind.MEETING
        }


def files(*, undisturbed: bool) -> list:
    """The examples, or only those in which nobody acts and every mail can leave, as a rehearsal takes it."""
    chosen = [file for file in CASES if not undisturbed or not {"acts", "outage"} & set(_read(file))]
    return [pytest.param(file, id=file.stem) for file in chosen]


def _read(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", files(undisturbed=False))
def test_the_planning_example_comes_out_as_written(file: Path) -> None:
    case = Case(file)

    lines, ledger = [], {}
    for today in days(case.first, case.last):
        told = case.told_on(today, ledger)
        ledger |= {line.told: today for line in told}
        lines += map(case.line, told)
        case.act(today)

    assert lines == case.expected


@pytest.mark.parametrize("file", files(undisturbed=True))
def test_the_rehearsal_of_an_example_in_which_nobody_acts_is_the_example(file: Path) -> None:
    case = Case(file)

    lines = [case.line(line) for line in _lines(rehearsal([case.now], case.first, case.last))]

    assert lines == case.expected


def _lines(mails: Iterable[Digest]) -> list[Reminder]:
    return [line for mail in mails for line in mail.reminders]


def _ladder(rungs: Any) -> Ladder:
    return tuple((rung if isinstance(rung, RungSettings) else RungSettings(**rung)).rule() for rung in rungs)


def _tuple(value: Any) -> Any:
    return tuple(_tuple(one) for one in value) if isinstance(value, list) else value
