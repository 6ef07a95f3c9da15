"""The model stands: no table refers to an agreement by its number, each is in the picture with the room that writes it,
and when something comes round is worked out in one place."""

import re
from pathlib import Path

from sqlmodel import SQLModel

ROOT = Path(__file__).parents[2]
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")

BY_NUMBER = {
    "agreement.number": "its own",
    "agreement.agenda_number": "its own, as its agenda has it",
    "deadline.number": "a word on it, that follows the agreement",
    "progress_line.number": "a word of then, that stays",
    "membership.awaited": "of what the register does not hold yet",
    "action_source.named_as": "how the settings came to name it; the agreement stands beside it",
}
"""Columns that hold the number of an agreement, and why none of them is what leads to it."""

NOT_OF_AGREEMENTS = {"meeting_decision.number": "counts within its meeting"}


def columns() -> dict[str, str]:
    return {
        f"{table.name}.{column.name}": type(column.type).__name__
        for table in SQLModel.metadata.tables.values()
        for column in table.columns
    }


def test_nothing_refers_to_an_agreement_by_its_number() -> None:
    """What refers to one has its id, with a key to it."""
    named = {name for name in columns() if re.search(r"number|named_as|awaited|_nr\b", name.partition(".")[2])}
    assert named == {*BY_NUMBER, *NOT_OF_AGREEMENTS}
    ids = [column for table in SQLModel.metadata.tables.values() for column in table.columns]
    loose = [f"{one.table.name}.{one.name}" for one in ids if one.name == "agreement_id" and not one.foreign_keys]
    assert loose == []


def test_each_table_stands_in_the_picture_with_the_room_that_writes_it() -> None:
    pictures = set(re.findall(r"^\s*(\w+)\s+[|}][|o]--[|o][|{]\s+(\w+)", ARCHITECTURE, re.MULTILINE))
    drawn = {name for pair in pictures for name in pair}
    rows = re.findall(r"^\| (`[^|]+) \| ([^|]+?) \|$", ARCHITECTURE, re.MULTILINE)
    roomed = {name: rooms for names, rooms in rows for name in re.findall(r"`(\w+)`", names)}
    tables = set(SQLModel.metadata.tables)

    assert (tables - drawn, drawn - tables) == (set(), set())
    assert tables - roomed.keys() == set()


def test_each_room_that_the_picture_names_is_there() -> None:
    start = ARCHITECTURE.index("| tables | room that writes them |")
    rooms = re.findall(r"`([\w/.]+)`", " ".join(re.findall(r"\| [^|]+ \| ([^|]+) \|", ARCHITECTURE[start:])[:40]))
    missing = [room for room in rooms if "/" in room and not _is_there(room)]
    assert missing == []


def _is_there(room: str) -> bool:
    places = [ROOT / "cycle" / room, ROOT / "cycle" / "actions" / room, ROOT / room]
    return any(place.exists() or place.with_suffix(".py").exists() for place in places)


WORKS_OUT_DAYS = {
    "domain/easter.py": "when Easter is",
    "domain/rules.py": "the one evaluator",
    "domain/workdays.py": "which days are free",
    "domain/year_days.py": "the days that its rules name",
    "domain/rule_data.py": "how its rules are kept",
    "domain/dutch/spans.py": "which words name a day",
    "domain/dutch/units.py": "which words name a day",
}


def test_when_something_comes_round_is_worked_out_in_one_place() -> None:
    """Plan, feeds, rehearsal and `cycle read` ask `occurrences(rule, year, anchors)`; nobody else reckons."""
    reckons = re.compile(r"\beaster|isocalendar|def occurrences|nth_weekday")
    files = [file for file in (ROOT / "cycle").rglob("*.py") if reckons.search(file.read_text(encoding="utf-8"))]
    assert {str(file.relative_to(ROOT / "cycle")) for file in files} == set(WORKS_OUT_DAYS)
