"""What repeats by a rule: read once, kept, and worked out alike for plan, calendar and rehearsal in each year."""

import re
from datetime import date
from pathlib import Path

from icalendar import Calendar
from sqlmodel import col, select

from cycle.actions.deadlines.deciding.closing import move
from cycle.actions.deadlines.upkeep.listing import plan
from cycle.actions.deadlines.upkeep.year_upkeep import keep_year
from cycle.actions.feeds import feed_of_address
from cycle.actions.mails.rehearsal.rehearsing import rehearse_year
from cycle.actions.office.office import Office
from cycle.actions.register.reading_in.importing import import_files
from cycle.actions.register.writing_out.exporting import export_register
from cycle.actions.settling.deciding import set_reading
from cycle.actions.settling.to_decide import readings_words
from cycle.domain.rules import EachYear
from cycle.intake.register_table import COLUMNS
from cycle.store.ids import id_of
from cycle.store.register import reading_value
from cycle.store.tables import DeadlineRow, ReadingRow
from tests.actions.mailbox import at
from tests.conftest import NOVEMBER

BY = "secretariaat@terneuzen.example"
LEAD = "wonen@terneuzen.example"
# phrase: its day in 2027, 2028, 2029 and 2035
MOVING = {
    "jaarlijks vóór Pasen": ("2027-03-27", "2028-04-15", "2029-03-31", "2035-03-24"),
    "jaarlijks vóór Pinksteren": ("2027-05-15", "2028-06-03", "2029-05-19", "2035-05-12"),
    "jaarlijks vóór 1 maart": ("2027-02-28", "2028-02-29", "2029-02-28", "2035-02-28"),
    "jaarlijks in week 12": ("2027-03-28", "2028-03-26", "2029-03-25", "2035-03-25"),
    "de eerste maandag van juni": ("2027-06-07", "2028-06-05", "2029-06-04", "2035-06-04"),
    "elk jaar op de laatste vrijdag van september": ("2027-09-24", "2028-09-29", "2029-09-28", "2035-09-28"),
    "jaarlijks uiterlijk de laatste werkdag van mei": ("2027-05-31", "2028-05-31", "2029-05-31", "2035-05-31"),
}
PROOF = re.compile(r"Proefding \d+")
YEARS = (2027, 2028, 2029, 2035)


def table(folder: Path, *phrases: str) -> Path:
    """A register of one agreement per phrase, led by the municipality."""
    rows = [
        f"9.{number};9;Proefding {number};Proefding.;Gemeente;{phrase};;;;" for number, phrase in enumerate(phrases, 1)
    ]
    file = folder / "proef.csv"
    file.write_text("\n".join((";".join(COLUMNS), *rows)) + "\n", encoding="utf-8")
    return file


def days(office: Office, year: int) -> dict[str, str]:
    """The day of each of them in the plan of a year, by its title."""
    with office.database.reading() as session:
        items = plan(session, office.settings, None, year, date(2026, 11, 21))
    return {one.title: str(one.due) for one in items if one.title.startswith("Proefding")}


def days_in_feed(office: Office, year: int) -> dict[str, str]:
    """The day of each of them in the calendar of its lead, by its title."""
    feed = Calendar.from_ical(feed_of_address(office, LEAD, at(f"{year}-01-04"))).walk("VEVENT")
    events = [(str(one["SUMMARY"]), str(one.decoded("DTSTART"))) for one in feed]
    titled = [(PROOF.search(words), day) for words, day in events if day.startswith(str(year))]
    return {title.group(): day for title, day in titled if title}


def readings(office: Office) -> list[ReadingRow]:
    with office.database.reading() as session:
        query = select(ReadingRow).where(col(ReadingRow.phrase).in_(list(MOVING)))
        return list(session.exec(query.order_by(col(ReadingRow.id))))


def test_plan_calendar_and_rehearsal_work_out_the_same_day_in_each_year(example: Office, tmp_path: Path) -> None:
    report = import_files(example, [table(tmp_path, *MOVING)], None, NOVEMBER, by=BY)
    wanted = {
        year: {f"Proefding {n}": each[k] for n, each in enumerate(MOVING.values(), 1)} for k, year in enumerate(YEARS)
    }

    assert [one["phrase"] for one in report.repeats] == list(MOVING)
    assert [one["what"] for one in report.doubts if one["number"].startswith("9.")] == []
    assert {year: days(example, year) for year in YEARS} == wanted
    assert {year: days_in_feed(example, year) for year in (2027, 2028)} == {year: wanted[year] for year in (2027, 2028)}
    mailed = {
        (mail.rows[line.deadline].title, str(mail.rows[line.deadline].due))
        for mail in rehearse_year(example, 2027, NOVEMBER)
        for line in mail.digest.reminders
        if mail.rows[line.deadline].title.startswith("Proefding")
    }
    assert mailed >= set(wanted[2027].items())


def test_the_rule_is_kept_and_said_and_comes_along_with_the_register(example: Office, tmp_path: Path) -> None:
    import_files(example, [table(tmp_path, "jaarlijks vóór Pasen")], None, NOVEMBER, by=BY)
    [row] = readings(example)

    export_register(example, None, tmp_path / "register.csv")
    again = import_files(example, [tmp_path / "register.csv"], None, NOVEMBER, by=BY, check=True)

    assert row.rule == {
        "is": "each-year",
        "due": {"is": "day-before", "of": {"is": "easter", "days": 0}},
        "starts_before": 0,
        "first": 2022,
        "every": 1,
    }
    assert readings_words(reading_value(row)) == "elk jaar vóór Pasen, eerst uiterlijk 16 april 2022"
    assert [change for change in again.differences.changes if change.number == "9.1"] == []


def test_a_register_from_before_there_were_rules_gets_them_at_the_next_import(example: Office, tmp_path: Path) -> None:
    file = table(tmp_path, "jaarlijks vóór Pasen")
    import_files(example, [file], None, NOVEMBER, by=BY)
    with example.database.writing() as session:
        for row in session.exec(select(ReadingRow).where(ReadingRow.phrase == "jaarlijks vóór Pasen")):
            row.rule = {}
    keep_year(example, NOVEMBER)
    before, uids = days(example, 2028), deadline_uids(example)

    import_files(example, [file], None, NOVEMBER, by=BY, yes=True)

    assert (before, days(example, 2028)) == ({"Proefding 1": "2028-04-16"}, {"Proefding 1": "2028-04-15"})
    assert deadline_uids(example) == uids


def deadline_uids(office: Office) -> set[str]:
    with office.database.reading() as session:
        return set(session.exec(select(DeadlineRow.uid).where(DeadlineRow.title == "Proefding 1")))


def test_what_a_person_decides_wins_from_the_rule(example: Office, tmp_path: Path) -> None:
    import_files(example, [table(tmp_path, "jaarlijks vóór Pasen", "jaarlijks in week 12")], None, NOVEMBER, by=BY)
    easter, _week = readings(example)
    with example.database.reading() as session:
        [moved] = session.exec(
            select(DeadlineRow).where(DeadlineRow.title == "Proefding 2", DeadlineRow.occurrence == "2028")
        )

    set_reading(example, id_of(easter), "jaarlijks uiterlijk 20 maart", NOVEMBER, by=BY)
    move(example, id_of(moved), date(2028, 5, 1), NOVEMBER, by=BY)
    keep_year(example, NOVEMBER)
    import_files(example, [tmp_path / "proef.csv"], None, NOVEMBER, by=BY, yes=True)

    assert days(example, 2028) == {"Proefding 1": "2028-03-20", "Proefding 2": "2028-05-01"}
    with example.database.reading() as session:
        assert reading_value(session.get_one(ReadingRow, easter.id)).rule is None


def test_a_person_can_give_a_rule(example: Office, tmp_path: Path) -> None:
    import_files(example, [table(tmp_path, "jaarlijks vóór Pasen")], None, NOVEMBER, by=BY)
    [row] = readings(example)

    settled = set_reading(example, id_of(row), "elk jaar op de eerste maandag van juni", NOVEMBER, by=BY)

    assert settled.words == "vastgesteld: elk jaar op de eerste maandag van juni, eerst uiterlijk 6 juni 2022"
    assert (days(example, 2027), days(example, 2028)) == ({"Proefding 1": "2027-06-07"}, {"Proefding 1": "2028-06-05"})
    with example.database.reading() as session:
        assert isinstance(reading_value(session.get_one(ReadingRow, row.id)).rule, EachYear)
