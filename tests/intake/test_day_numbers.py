"""Days that a spreadsheet left as the number it counts them by (46508) are offered as that day, with the number."""

import datetime as dt
import io
from collections.abc import Callable

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from cycle.intake import ReadDocument
from cycle.intake.repairs import day_of_number
from tests.intake.test_table_columns import read_csv

Read = Callable[[str, bytes | str], ReadDocument]


def days(document: ReadDocument) -> list[tuple[str, str, bool]]:
    """The words, the day and whether it is asked about, of each row."""
    phrases = [row.phrases[0] for row in (*document.agreements, *document.agenda) if row.phrases]
    return [(one.text, str(one.reading.due), one.reading.doubtful) for one in phrases]


def book(*deadlines: object, epoch: dt.datetime | None = None, heading: str = "Opleverdatum") -> bytes:
    workbook = openpyxl.Workbook()
    if epoch:
        workbook.epoch = epoch
    workbook.active.append(["Nr.", "Actie", "Trekker", heading])
    for number, day in enumerate(deadlines, 1):
        workbook.active.append([f"1.{number}", f"Bouw huis {number} af.", "Clavis", day])
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


ASKED = ("1 mei 2027 (in de cel staat 46508)", "2027-05-01", True)
SURE = ("1 juli 2027", "2027-07-01", False)


@pytest.mark.parametrize("heading", ["Opleverdatum", "Deadline", "Tegen die dag"])
def test_the_number_of_a_day_among_days_is_offered_as_that_day(read: Read, heading: str) -> None:
    document = read("a.xlsx", book(dt.date(2027, 7, 1), 46508, dt.date(2027, 7, 1), heading=heading))

    assert days(document) == [SURE, ASKED, SURE]


def test_under_a_heading_of_days_numbers_alone_are_days_too(read: Read) -> None:
    assert days(read("a.xlsx", book(46508, 46508.5))) == [ASKED, ("1 mei 2027 (in de cel staat 46508.5)", *ASKED[1:])]
    assert days(
        read_csv("Nr;Actie;Trekker;Deadline\n1;Bouw een huis.;Clavis;46508\n2;Sloop een huis.;WZV;46508,5\n")
    ) == [
        ASKED,
        ("1 mei 2027 (in de cel staat 46508,5)", *ASKED[1:]),
    ]


def test_a_workbook_that_counts_from_1904_gives_the_same_days(read: Read) -> None:
    document = read("a.xlsx", book(dt.date(2027, 7, 1), 45046, dt.date(2027, 7, 1), epoch=CALENDAR_MAC_1904))

    assert days(document) == [SURE, ("1 mei 2027 (in de cel staat 45046)", "2027-05-01", True), SURE]


def test_an_amount_is_no_day(read: Read) -> None:
    document = read_csv("Nr;Actie;Trekker;Kosten;Deadline\n1;Bouw een huis.;Clavis;46508;1 juli 2027\n")

    assert (days(document), [one.text for one in document.unused]) == ([SURE], ["46508"])


def test_a_number_beside_a_beginning_is_asked_about_with_it() -> None:
    document = read_csv("Nr;Actie;Trekker;Start;Einddatum\n1;Bouw een huis.;Clavis;1 maart 2027;46508\n")

    assert days(document)[0][1:] == ("2027-05-01", True)


@pytest.mark.parametrize("written", ["2027", "12", "999999", "20270501", "46.508", "46508 m2", "-46508", ""])
def test_other_figures_are_no_day(written: str) -> None:
    assert day_of_number(written) is None
