"""Which readings count when the framework repeats a day each year, and when a newer agenda replaced an older one."""

from datetime import date

import pytest

from cycle.domain.agreement import Agreement, AgreementReading
from cycle.domain.dutch import Reference, find, read
from cycle.domain.model import Reading, ReadingKind
from cycle.domain.settled_readings import settled_by, settled_readings
from cycle.domain.year import agreement_drafts

FRAMEWORK_YEAR, AGENDA_YEAR = Reference(2022), Reference(2022)


def framework(phrase: str) -> AgreementReading:
    return AgreementReading(f"raam:{phrase}", phrase, read(phrase, FRAMEWORK_YEAR))


def agenda(phrase: str, *, former: bool = False, until: date | None = None) -> AgreementReading:
    reading = read(phrase, AGENDA_YEAR)
    if until:
        reading = Reading(
            reading.kind, reading.reason, reading.window_start, reading.due, reading.per_year, until=until
        )
    return AgreementReading(f"agenda:{phrase}", phrase, reading, from_agenda=True, is_former=former)


def dues(year: int, *readings: AgreementReading) -> list[tuple[str, date | None]]:
    drafts = agreement_drafts(Agreement("5.3", "5", "x", "", (), tuple(readings)), year)
    return [(draft.phrase, draft.due) for draft in drafts]


YEARLY = "Eens per jaar in het voorjaar (uiterlijk 1 juli)"


def test_a_yearly_day_in_the_framework_settles_a_vaguer_phrase_in_the_agenda() -> None:
    assert dues(2023, framework(YEARLY), agenda("voorjaar 2023")) == [(YEARLY, date(2023, 7, 1))]
    assert dues(2022, framework(YEARLY), agenda("voorjaar 2023")) == [(YEARLY, date(2022, 7, 1))]


@pytest.mark.parametrize(
    ("words", "vague", "settles"),
    [
        (YEARLY, "voorjaar 2023", True),
        ("elk jaar voor 1 juli", "voorjaar 2023", False),
        ("elk jaar voor 1 juli", "2023", True),
        (YEARLY, "najaar 2023", False),
        (YEARLY, "voorjaar 2021", False),
        ("jaarlijks", "voorjaar 2023", False),
        ("eens per jaar in het voorjaar", "2023", False),
        ("uiterlijk 1 mei 2023", "voorjaar 2023", True),
    ],
)
def test_only_a_day_for_the_same_time_of_that_year_settles(words: str, vague: str, settles: bool) -> None:
    assert (settled_by(agenda(vague), [framework(words)]) is not None) is settles


def test_what_an_older_agenda_asked_stays_beside_the_newest() -> None:
    both = (agenda("2027", former=True), agenda("oktober 2027"))

    assert dues(2027, *both) == [("oktober 2027", date(2027, 10, 31)), ("2027", date(2027, 12, 31))] or dues(
        2027, *both
    ) == [("2027", date(2027, 12, 31)), ("oktober 2027", date(2027, 10, 31))]


def test_the_framework_asks_nothing_again_that_an_older_agenda_asked() -> None:
    kept = settled_readings([framework("eind 2022"), agenda("december 2022", former=True)])

    assert [one.ref for one in kept] == ["agenda:december 2022"]


def test_the_framework_repeats_on_where_the_older_agenda_ends() -> None:
    both = (framework("jaarlijks"), agenda("jaarlijks", former=True, until=date(2026, 12, 31)))

    assert [len(dues(year, *both)) for year in (2025, 2026, 2027)] == [1, 1, 1]
    assert [one.ref for one in settled_readings(both)] == ["agenda:jaarlijks", "raam:jaarlijks"]


@pytest.mark.parametrize(
    "words", ["in het voorgaande jaar", "vorig jaar", "afgelopen najaar", "het voorgaande kwartaal"]
)
def test_words_that_look_back_are_no_deadline(words: str) -> None:
    reading = read(words, Reference(2026, 11, 23))

    assert reading.doubtful or reading.kind is ReadingKind.NONE
    assert find(f"Wij kijken terug op de {words} behaalde prestaties.", Reference(2022)) == ()
