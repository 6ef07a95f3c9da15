"""What people saw before there were actions, rules, meetings, terms and facts is what they see since, to the byte.

The code of before (commit 9fee275, tables of 0022) laid the example and lived with it from 23 November 2026 to 2 March
2027: mails of each day, old deadlines done, dropped and opened again, a deadline moved, another done by one party and
dropped by another, meetings set, moved and called off, decisions of a meeting, new seats, somebody who left and who
took over, answers to the progress round. In `before_the_model` are its rows on that last day, the feed of every
address, and `cycle rehearse --json` of three years as it made them.
"""

import gzip
import json
from collections.abc import Callable
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from cycle.actions.feeds.building import feed_of_address
from cycle.actions.mails.rehearsing import rehearse
from cycle.actions.office.office import Office, open_office
from cycle.actions.service.clock_work import keep_round
from cycle.settings import Settings
from cycle.store.database import Database
from cycle.store.tables import DeadlineRow
from tests.actions.mailbox import at
from tests.store.versions import load

FOLDER = Path(__file__).parent / "before_the_model"
LAST_DAY = at("2027-03-02", 11)
NEW_BY_A_LAW = {("3.3", date(2022, 6, 30)): "L4: a step takes in only its own moment; another date stands beside it"}
"""Deadlines that the year has since, and why. They are history to settle, in no calendar and no mail."""


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
    assert mails == list(chain.from_iterable(year["mails"] for year in years.values()))
    assert (len(feeds), len(mails)) == (22, 427)
    lived.database.close()


def deadlines(office: Office) -> set[tuple[str, date | None]]:
    with office.database.reading() as session:
        return set(session.exec(select(DeadlineRow.number, col(DeadlineRow.due))))


def kept(name: str) -> str:
    return gzip.decompress((FOLDER / f"{name}.gz").read_bytes()).decode()
