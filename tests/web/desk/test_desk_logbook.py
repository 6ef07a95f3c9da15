"""Logboek: who did what and when; only read, a page at a time."""

import re
from datetime import date, timedelta

import pytest
from sqlmodel import select

from cycle.actions.deadlines.deciding import closing
from cycle.actions.office.logbook import note
from cycle.domain.model import State
from cycle.domain.words import plain_words
from cycle.store.tables import Covenant
from cycle.web.desk.logbook import PAGE
from tests.web.conftest import HTML, NOW, find

from .conftest import DIRECTOR, SECRETARY, STRANGER, TREKKER, queries, words_of

PATH = "/c/terneuzen/logboek"


def fill(office, wanted: int, verb: str = "geteld", slug: str = "terneuzen") -> None:
    with office.database.writing() as session:
        covenant = session.exec(select(Covenant.id).where(Covenant.slug == slug)).one()
        for number in range(wanted):
            note(session, NOW + timedelta(minutes=number), SECRETARY, verb, f"nummer {number}", "", covenant)


def numbers(html: str) -> list[int]:
    return [int(one) for one in re.findall(r"nummer (\d+)", html)]


def test_a_decision_is_told_in_words(office, desk):
    number = find(office, "Uitnodigingsbrief")
    closing.settle(office, number, State.DONE, NOW, by=SECRETARY, note_text="op 2026-11-20 besloten")
    words = words_of(desk.page(PATH))

    assert "vandaag 11.00 uur Secretariaat prestatieafspraken gedaan Uitnodigingsbrief 2027" in words
    assert "op 20 november 2026 besloten" in words


def test_older_and_newer_by_number_lose_and_double_nothing(office, desk):
    fill(office, 3 * PAGE - 10)
    path, seen, pages = PATH, [], []
    while path:
        html = desk.page(path)
        pages.append(path)
        seen += numbers(html)
        older = re.findall(r'href="([^"]+)">Ouder<', html)
        path = older[0].replace("&amp;", "&") if older else ""
    back = numbers(desk.page(re.findall(r'href="([^"]+)">Nieuwer<', html)[0].replace("&amp;", "&")))

    assert seen == list(reversed(range(3 * PAGE - 10)))
    assert len(pages) == 3
    assert back == numbers(desk.page(pages[1]))


@pytest.mark.parametrize(
    ("choice", "found"),
    [
        ("zoek=mer+3", [3]),
        ("zoek=MER+4", [4]),
        ("zoek=%25", []),
        ("wat=geteld", [4, 3, 2, 1, 0]),
        ("wat=niets", []),
        (f"wie={SECRETARY}", [4, 3, 2, 1, 0]),
        (f"wie={TREKKER}", []),
        ("van=2026-11-21&tot=2026-11-21", [4, 3, 2, 1, 0]),
        ("van=22-11-2026", []),
        ("tot=20-11-2026", []),
    ],
)
def test_a_choice_is_kept_to(office, desk, choice, found):
    fill(office, 5)

    assert numbers(desk.page(f"{PATH}?{choice}")) == found


def test_a_date_that_is_none_is_said_by_the_field(desk):
    html = desk.page(f"{PATH}?van=gisteren")

    assert "Dit is geen datum." in html
    assert 'aria-describedby="veld-van-fout"' in html


def test_only_the_own_covenant_and_not_for_trekkers(office, sign_in):
    fill(office, 2)
    fill(office, 1, "vreemd", "hulst")
    ours, theirs = sign_in(DIRECTOR).page(PATH), sign_in(STRANGER).page("/c/hulst/logboek")
    refused = sign_in(TREKKER).get(PATH, headers=HTML)

    assert (numbers(ours), "vreemd" in ours) == ([1, 0], False)
    assert (numbers(theirs), "vreemd" in theirs) == ([0], True)
    assert (refused.status_code, "voor het secretariaat en de bestuurders" in refused.text) == (403, True)


def test_the_number_of_queries_does_not_grow_with_the_rows(office, desk):
    counted = []
    for wanted in (1, 3, 300):
        fill(office, wanted)
        with queries(office) as asked:
            desk.page(PATH)
        counted.append(len(asked))

    assert len(set(counted)) == 1, counted


def test_dates_and_times_in_a_detail_are_said_as_people_do():
    assert plain_words("van 2027-03-31 naar 2027-02-29 14:00:00") == "van 31 maart 2027 naar 2027-02-29 14.00 uur"
    assert plain_words(str(date(2027, 5, 1))) == "1 mei 2027"
