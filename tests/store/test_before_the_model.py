"""What people saw before there were actions, rules, meetings, terms and facts is what they see since, to the byte; but
for what a law demands, each listed.

The code of before (commit 9fee275, tables of 0022) laid the example and lived with it from 23 November 2026 to 2 March
2027: mails of each day, old deadlines done, dropped and opened again, a deadline moved, another done by one party and
dropped by another, meetings set, moved and called off, decisions of a meeting, new seats, somebody who left and who
took over, answers to the progress round. In `before_the_model` are its rows on that last day, the feed of every
address, and `cycle rehearse --json` of three years as it made them.
"""

import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlmodel import col, select

from cycle.actions.feeds.building import feed_of_address
from cycle.actions.mails.rehearsal.rehearsing import rehearse
from cycle.actions.office.office import Office, open_office
from cycle.actions.service.watch.clock_work import keep_round
from cycle.domain.progress_questions import QUESTION
from cycle.domain.situation import TAKEN_ALONG_DAYS
from cycle.settings import Settings
from cycle.store.database import Database
from cycle.store.tables import DeadlineRow
from tests.actions.mailbox import at
from tests.store.versions import load

FOLDER = Path(__file__).parent / "before_the_model"
LAST_DAY = at("2027-03-02", 11)
NEW_BY_A_LAW = {("3.3", date(2022, 6, 30)): "L4: a step takes in only its own moment; another date stands beside it"}
"""Deadlines that the year has since, and why. They are history to settle, in no calendar and no mail."""

STEPS = {"Uitvoeringsagenda bijwerken", "Uitnodigingsbrief"}
_NO_COLOUR, _PUT_OFF = "L5: what has its own ladder is asked for no colour", "L7: Clavis named 7 April as its next step"
GONE_BY_A_LAW = {
    **{(title, rung): _NO_COLOUR for title in STEPS for rung in ("ask", "again")},
    ("", "a round"): "L5: the term's own question goes to the leads of its agreement, not to the secretariat",
    **{("Uitnodigingsbrief", rung): _PUT_OFF for rung in ("-28", "-14", "-7")},
}
ADDED_BY_A_LAW = {
    ("", "a round"): "L5: every agreement with a lead comes back in each round",
    ("Voorjaarsoverleg", "-28"): "directors are called to their own meeting",
    ("Najaarsoverleg", "-28"): "directors are called to their own meeting",
    ("Looptijd van de afspraken", "-35"): "a term that is past and runs on is asked about yearly",
}
"""Lines of mails that went, or that came, and by which law; the lines of all other mails are the same."""


_UPWARD = "counts from the day on which the secretariat was told"
WAITED_BY_A_RULE = {
    **{
        (title, "escalate"): "the secretariat reads it in its overview"
        for title in ("Tuinen en groen", "Circulariteit")
    },
    **{(title, rung): _UPWARD for title in ("Tuinen en groen", "Circulariteit") for rung in ("announce", "director")},
    ("Themabijeenkomst", "ask"): "the secretariat is asked in its overview",
}
"""Lines that wait some days for the weekly overview of the secretariat (issue 15)."""


@pytest.fixture
def lived(database_url: str, make_settings: Callable[..., Settings]) -> Office:
    """The office of then, brought to the newest version and to the year as it is kept now."""
    database = Database(database_url)
    load(database, "0022", kept("rows.sql"))
    database.migrate()
    database.close()
    office = open_office(make_settings(database__url=database_url))
    before = deadlines(office)
    keep_round(office, LAST_DAY)
    assert deadlines(office) - before == NEW_BY_A_LAW.keys()
    return office


def test_the_feed_of_every_person_and_three_years_of_mails_are_what_they_were_before_the_model(lived: Office) -> None:
    feeds: dict[str, str] = json.loads(kept("feeds.json"))
    years: dict[str, dict[str, Any]] = json.loads(kept("rehearsals.json"))

    assert {address: feed_of_address(lived, address, LAST_DAY).decode() for address in feeds} == feeds
    mails = [
        mail.as_json(lived) for mail in rehearse(lived, LAST_DAY.date(), date(max(map(int, years)), 12, 31), LAST_DAY)
    ]
    before = list(chain.from_iterable(year["mails"] for year in years.values()))
    gone, new = lines(before) - lines(mails), lines(mails) - lines(before)
    waited = waited_for_an_overview(gone, new)
    gone -= Counter({line: gone[line] for line in waited})
    new -= Counter({line: new[line] for line in waited.values()})
    later = taken_along(gone, new)
    assert {(was.title, was.rung) for was in waited} == WAITED_BY_A_RULE.keys()
    assert by_law(gone - Counter(later.keys())) == GONE_BY_A_LAW.keys()
    assert by_law(new - Counter(later.values())) == ADDED_BY_A_LAW.keys()
    otherwise = {(line.on, line.to) for line in [*gone, *new, *waited.keys(), *waited.values()]}
    assert without(mails, otherwise) == without(before, otherwise)
    assert (len(feeds), len(before), len(later), len(without(before, otherwise))) == (22, 427, 31, 158)
    assert len(waited) == 12
    lived.database.close()


class Told(NamedTuple):
    """One line of a mail: when, to whom, about what, and by which rung."""

    on: str
    to: str
    number: str
    title: str
    rung: str
    due: str | None


def lines(mails: list[dict[str, Any]]) -> Counter[Told]:
    return Counter(
        Told(mail["date"], mail["to"], one["number"], one["title"], str(one["rung"]), one["due"])
        for mail in mails
        for one in mail["items"]
    )


def taken_along(gone: Iterable[Told], new: Iterable[Told]) -> dict[Told, Told]:
    """Lines that an earlier mail to their reader took along, so that one mail goes where two would (issue 15: at most
    sixteen reminders a year): as they were, and as they are some days earlier."""
    days = {line: date.fromisoformat(line.on) for line in [*gone, *new]}
    return {
        was: became
        for was in gone
        for became in new
        if was._replace(on="") == became._replace(on="")
        and timedelta(0) < days[was] - days[became] <= timedelta(TAKEN_ALONG_DAYS)
    }


def waited_for_an_overview(gone: Iterable[Told], new: Iterable[Told]) -> dict[Told, Told]:
    """Lines that went some days later, with what follows upward: as they were, and as they are."""
    days = {line: date.fromisoformat(line.on) for line in [*gone, *new]}
    return {
        was: became
        for was in gone
        for became in new
        if (was.title, was.rung) in WAITED_BY_A_RULE
        and was._replace(on="") == became._replace(on="")
        and timedelta(0) < days[became] - days[was] <= timedelta(5)
    }


def by_law(changed: Iterable[Told]) -> set[tuple[str, str]]:
    """What changed, by title and rung; of what a round asks about an agreement only that it does."""
    rounds = "ask", "again"
    return {
        ("", "a round") if one.rung in rounds and one.title not in STEPS else (one.title, one.rung) for one in changed
    }


def without(mails: list[dict[str, Any]], days: set[tuple[str, str]]) -> list[dict[str, Any]]:
    """Mails with lines, of other days. Subjects say what is new since, and an overview alone goes only with news."""
    same = [mail for mail in mails if mail["items"] and (mail["date"], mail["to"]) not in days]
    return [{name: value for name, value in mail.items() if name != "subject"} for mail in same]


def deadlines(office: Office) -> set[tuple[str, date | None]]:
    with office.database.reading() as session:
        rows = session.exec(select(DeadlineRow.number, col(DeadlineRow.due)).where(DeadlineRow.occurrence != QUESTION))
        return set(rows)


def kept(name: str) -> str:
    return gzip.decompress((FOLDER / f"{name}.gz").read_bytes()).decode()
