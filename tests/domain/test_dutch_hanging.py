"""Moments that hang on something else: what they hang on, and that words alone leave them open."""

from datetime import date

import pytest

from cycle.domain.agreement import Agreement, AgreementReading
from cycle.domain.dutch import Reference, find, read
from cycle.domain.model import LadderKind, ReadingKind
from cycle.domain.rule_data import as_data, from_data
from cycle.domain.rules import Anchored, Occurrence, Relative, occurrences
from cycle.domain.year import year_drafts
from cycle.domain.year_steps import Step

HANGING = {
    "twee weken na het voorjaarsoverleg": Relative(("voorjaarsoverleg",), 14),
    "vier weken vóór het najaarsoverleg": Relative(("najaarsoverleg",), -28),
    "jaarlijks vóór het najaarsoverleg": Relative(("najaarsoverleg",), -1),
    "uiterlijk bij het voorjaarsoverleg": Relative(("voorjaarsoverleg",), 0),
    "binnen 6 weken na de bouwtafel": Relative(("bouwtafel",), 42),
    "twee weken na het voorjaarsoverleg 2028": Relative(("voorjaarsoverleg",), 14, year=2028),
    "een maand na verzending van de uitnodigingsbrief": Relative(("verzending uitnodigingsbrief",), 0, 1),
    "binnen 6 weken na vaststelling van de begroting": Relative(("vaststelling begroting",), 42),
    "drie maanden na ondertekening van de prestatieafspraken": Relative(("ondertekening",), 0, 3),
    "binnen een jaar na ondertekening": Relative(("ondertekening",), 0, 12),
    "uiterlijk een half jaar voor einde looptijd": Relative(("einde looptijd",), 0, -6),
    "vóór de zomervakantie": Relative(("zomervakantie",), -1),
    "begin schooljaar": Relative(("begin schooljaar",), 0),
    "bij de start van het nieuwe schooljaar": Relative(("begin schooljaar",), 0),
}


@pytest.mark.parametrize("phrase", HANGING)
def test_what_a_moment_hangs_on_is_its_rule_and_its_day_is_asked(phrase: str) -> None:
    reading = read(phrase, Reference(2027))

    assert (reading.due, reading.doubtful, reading.rule) == (None, True, HANGING[phrase])
    assert "hangt af van " in reading.reason
    assert from_data(as_data(HANGING[phrase])) == HANGING[phrase]


@pytest.mark.parametrize("phrase", ["na vaststelling van de begroting", "na het zomerreces", "na ondertekening"])
def test_what_may_begin_after_something_has_no_last_day(phrase: str) -> None:
    reading = read(phrase, Reference(2027))

    assert (reading.kind, reading.due, reading.doubtful, reading.rule) == (ReadingKind.FROM_DATE, None, True, None)
    assert "hangt af van " in reading.reason


@pytest.mark.parametrize("phrase", ["tien werkdagen voor het voorjaarsoverleg", "ten minste zes weken na het overleg"])
def test_what_cannot_be_counted_is_no_rule(phrase: str) -> None:
    reading = read(phrase, Reference(2027))

    assert (reading.due, reading.doubtful, reading.rule) == (None, True, None)


def test_a_meeting_is_never_counted_from_the_day_of_reading() -> None:
    reading = read("binnen 6 weken na de bouwtafel", Reference(2027, 3, 1))

    assert (reading.kind, reading.due, reading.doubtful) == (ReadingKind.NONE, None, True)
    assert [other.due for other in reading.others] == [date(2027, 4, 12)]


def test_a_date_beside_it_leaves_a_choice() -> None:
    reading = read("uiterlijk 1 juli, vóór de zomervakantie", Reference(2027))

    assert (reading.due, reading.doubtful) == (date(2027, 7, 1), True)
    assert [other.rule for other in reading.others] == [Relative(("zomervakantie",), -1)]


@pytest.mark.parametrize(("phrase", "year"), [("vóór de zomer", 0), ("voor de zomer van 2028", 2028)])
def test_before_the_summer_may_be_before_the_school_holidays(phrase: str, year: int) -> None:
    reading = read(phrase, Reference(2027))

    assert (reading.due, reading.doubtful) == (date(year or 2027, 5, 31), True)
    assert reading.others[-1].rule == Relative(("zomervakantie",), -1, year=year)


def test_in_a_sentence_what_is_counted_from_a_meeting_is_asked() -> None:
    sentence = "Partijen leveren twee weken na het voorjaarsoverleg hun bijdrage."

    assert [(one.phrase, one.reading.rule) for one in find(sentence, Reference(2027))] == [
        ("twee weken na het voorjaarsoverleg", Relative(("voorjaarsoverleg",), 14))
    ]


def test_after_is_after_the_last_day_and_open_until_that_is_known() -> None:
    holiday = {"zomervakantie": [Anchored("2027", date(2027, 7, 24), date(2027, 9, 5))]}
    meeting = {"overleg": [Anchored("2027", date(2027, 4, 1), date(2027, 4, 30), is_open=True)]}
    signing = {"ondertekening": [Anchored("once", date(2026, 11, 30))]}

    assert occurrences(Relative(("zomervakantie",), 7), 2027, holiday) == [
        Occurrence("2027-zomervakantie", None, date(2027, 9, 12), anchor="zomervakantie")
    ]
    assert occurrences(Relative(("overleg",), 14), 2027, meeting) == [
        Occurrence("2027-overleg", date(2027, 4, 15), date(2027, 5, 14), anchor="overleg", is_open=True)
    ]
    assert occurrences(Relative(("ondertekening",), 0, 3), 2026, signing) == [
        Occurrence("once", None, date(2027, 2, 28), anchor="ondertekening")
    ]


SPRING = Step("voorjaarsoverleg", "Voorjaarsoverleg", LadderKind.MEETING, window=((4, 1), (4, 30)))
AUTUMN = Step("najaarsoverleg", "Najaarsoverleg", LadderKind.MEETING, window=((10, 1), (10, 31)))
LETTER = Step("uitnodigingsbrief", "Uitnodigingsbrief", LadderKind.LETTER, before=(4, 1))


def asked_in(phrase: str, year: int, planned: dict[tuple[str, str], date]) -> list[tuple[str, date | None, bool]]:
    reading = AgreementReading("9.1:text", phrase, read(phrase, Reference(2027)), slot="1")
    agreement = Agreement("9.1", "9", "Proef", "", ("gemeente",), (reading,), id=1, action=1)
    drafts = year_drafts(year, (SPRING, AUTUMN, LETTER), (agreement,), planned)
    return [(one.occurrence, one.due, one.doubtful) for one in drafts if not one.step]


def test_each_year_has_its_own_day_after_the_meeting_of_that_year() -> None:
    planned = {("voorjaarsoverleg", str(year)): date(year, 4, 10 + year % 7) for year in range(2027, 2035)}

    assert [asked_in("twee weken na het voorjaarsoverleg", year, planned) for year in range(2027, 2036)] == [
        *([(f"{year}-voorjaarsoverleg", date(year, 4, 24 + year % 7), False)] for year in range(2027, 2035)),
        [("2035-voorjaarsoverleg", date(2035, 5, 14), True)],
    ]


def test_what_falls_in_the_next_year_is_asked_in_that_year() -> None:
    planned = {("najaarsoverleg", "2027"): date(2027, 10, 28)}
    phrase = "twaalf weken na het najaarsoverleg 2027"

    assert [asked_in(phrase, year, planned) for year in (2027, 2028)] == [
        [],
        [("2027-najaarsoverleg", date(2028, 1, 20), False)],
    ]


def test_a_letter_with_a_day_of_its_own_is_no_question() -> None:
    assert asked_in("twee weken na verzending van de uitnodigingsbrief", 2027, {}) == [
        ("2027-verzending uitnodigingsbrief", date(2027, 4, 14), False)
    ]


def test_what_no_step_is_called_gives_no_day() -> None:
    assert asked_in("twee weken na de raadsvergadering", 2027, {}) == []


NEXT_EVENTS = (
    *("bij de eerstvolgende bouwtafel", "tijdens het volgende overleg", "in de eerstvolgende vergadering van de raad"),
    *(
        "bij het eerst volgende bestuurlijk overleg",
        "op de agenda van de komende themabijeenkomst",
        "na de komende stuurgroep",
    ),
    *("voor de volgende huurdersraad", "voor het eerstkomende bestuurlijk overleg", "per eerstvolgende huurronde"),
    *(
        "bij de volgende actualisatie van de woonvisie",
        "bij de eerstvolgende gelegenheid",
        "op de volgende huurdersdag",
    ),
    *("gelijktijdig met de begroting", "tegelijk met de jaarrekening", "bij het aanstaande voorjaarsoverleg"),
    *("uiterlijk tijdens het volgende ambtelijk overleg", "direct na vaststelling van de begroting"),
)


@pytest.mark.parametrize("phrase", NEXT_EVENTS)
def test_a_moment_named_by_the_next_event_is_never_passed_over(phrase: str) -> None:
    (found,) = find(f"De gemeente legt {phrase} een voorstel voor.", Reference(2027))
    reading = read(phrase, Reference(2027))

    assert (found.phrase, found.reading.due, found.reading.doubtful) == (phrase, None, True)
    assert (reading.due, reading.doubtful) == (None, True)
    assert "hangt af van " in found.reading.reason


@pytest.mark.parametrize(
    "sentence",
    [
        *("De komende jaren bouwen partijen door.", "In het volgende hoofdstuk staat het plan."),
        *("De volgende afspraken zijn gemaakt in het overleg.", "Uit het vorige overleg kwam dit voort."),
        *("Het overleg is een volgende stap in de samenwerking.", "Dit is besproken op het overleg van de raad."),
        *("Dit stemmen partijen af in het bestuurlijk overleg.", "Zij zijn in de komende periode aan zet."),
    ],
)
def test_words_around_a_meeting_that_name_no_moment_stay_silent(sentence: str) -> None:
    assert find(sentence, Reference(2027)) == ()


@pytest.mark.parametrize(
    ("sentence", "due"),
    [
        ("Uiterlijk twee weken vóór de raadsvergadering van 15 april 2027 ligt het er.", date(2027, 4, 1)),
        ("Binnen drie weken na het overleg op 1 april 2027 volgt een verslag.", date(2027, 4, 22)),
    ],
)
def test_the_day_behind_the_name_of_an_event_is_the_day_from_which_is_counted(sentence: str, due: date) -> None:
    assert [(one.reading.due, one.reading.doubtful) for one in find(sentence, Reference(2027))] == [(due, False)]
