"""The real agreement in its two text forms: every row, every trekker, the same register from both."""

from datetime import date

import pytest

from cycle.intake import ReadDocument, match

CHAPTERS = {"1": 17, "2": 8, "3": 9, "4": 12, "5": 9}
THEMES = {
    "1": "Beschikbaarheid en betaalbaarheid",
    "2": "Duurzaamheid",
    "3": "Maatschappelijke opgaven; wonen en zorg",
    "4": "Vitale en leefbare wijken",
    "5": "Organisatie en samenwerking",
}
# letters that the two text forms have differently; neither is repaired
OTHER_LETTERS = {"1.1.1", "1.1.10", "1.1.13", "1.1.14", "4.3", "4.4"}
DATE_PHRASES = {
    **dict.fromkeys(("1.1.2", "1.1.3"), "najaar 2022"),
    **dict.fromkeys(("1.1.5", "2.8", "3.7", "4.3", "4.4", "4.5", "4.7"), "2023"),
    **dict.fromkeys(("2.1", "3.5", "3.6", "3.8", "4.1", "4.9", "5.1"), "2022"),
    **dict.fromkeys(("4.2", "5.4"), "2022 en 2023"),
    "1.1.9": "eind 2022",
    "1.1.10": "2022/2023",
    "2.7": "vanaf 2023",
    "3.3": "juni 2022",
    "5.3": "voorjaar 2023",
}
EMPTY_ACTIONS = {"1.2.1", "2.2", "2.3", "2.4", "4.6", "4.8", "4.11", "5.2", "5.5", "5.6", "5.7"}
GEMEENTE, CORPORATIES = ("gemeente",), ("clavis", "wzv")


@pytest.fixture(params=[0, 1], ids=["tabs", "wrapped"])
def seed(request: pytest.FixtureRequest, seeds: tuple[ReadDocument, ReadDocument]) -> ReadDocument:
    return seeds[request.param]


def test_every_row_of_framework_and_agenda_is_read_and_nothing_else(seed: ReadDocument) -> None:
    numbers = [row.number for row in seed.agreements]
    by_theme = {theme: sum(row.theme == theme for row in seed.agreements) for theme in CHAPTERS}

    assert (len(numbers), len(set(numbers)), len(seed.agenda)) == (55, 55, 54)
    assert by_theme == CHAPTERS
    assert [row.number for row in seed.agenda] == [number for number in numbers if number != "4.12"]
    assert seed.problems == ()
    assert {one.theme: one.name for one in seed.themes} == THEMES


def test_the_dates_of_the_agenda_are_taken_from_the_trekker_cell(seed: ReadDocument) -> None:
    assert {row.number: row.date_phrase for row in seed.agenda if row.date_phrase} == DATE_PHRASES


def test_empty_actions_are_kept_and_lead_nowhere(seed: ReadDocument) -> None:
    empty = {row.number for row in seed.agenda if (row.text, row.trekker, row.leads) == ("", "", ())}

    assert empty == EMPTY_ACTIONS


def test_trekkers_become_parties_in_the_order_written(seed: ReadDocument) -> None:
    leads = {row.number: row.leads for row in seed.agreements}

    assert all(leads.values())
    assert leads["1.1.1"] == leads["1.1.10"] == (*CORPORATIES, *GEMEENTE)
    assert leads["2.8"] == leads["4.11"] == (*GEMEENTE, *CORPORATIES)
    assert (leads["2.3"], leads["3.9"], leads["3.7"]) == (("wzv",), ("clavis",), ("bewonersraad", "shb"))
    assert sum(lead == GEMEENTE for lead in leads.values()) == 18


def test_continuation_rows_inherit_the_topic_above(seed: ReadDocument) -> None:
    topics = {row.number: row.topic for row in seed.agreements}

    assert all(topics.values())
    for number, above in {"1.1.5": "1.1.4", "2.4": "2.3", "4.3": "4.2", "4.12": "4.11", "5.7": "5.6"}.items():
        assert topics[number] == topics[above]


def test_both_text_forms_give_the_same_register(seeds: tuple[ReadDocument, ReadDocument], cells) -> None:
    for part in ("agreements", "agenda", "unnumbered"):
        first, second = (getattr(seed, part) for seed in seeds)
        different = {
            one.number
            for one, other in zip(first, second, strict=True)
            if cells(one) != cells(other) or [phrase.text for phrase in one.phrases] != [p.text for p in other.phrases]
        }
        assert different == {"agreements": OTHER_LETTERS, "agenda": {"3.1"}, "unnumbered": set()}[part]


def test_meetings_the_cycle_list_and_possible_actions_are_kept_without_a_number(seed: ReadDocument) -> None:
    found = [(row.topic, row.phrases[0].text, row.phrases[0].reading.due) for row in seed.unnumbered]

    assert found == [
        ("", "Jaarlijks", date(2022, 12, 31)),
        ("", "Voor 1 april", date(2023, 3, 31)),
        ("Ontmoeting", "jaarlijks", date(2022, 12, 31)),
        ("Cyclus prestatieafspraken", "Voor 1 april", date(2023, 3, 31)),
        ("Cyclus prestatieafspraken", "Voorjaarsoverleg (april)", date(2023, 4, 30)),
        ("Cyclus prestatieafspraken", "Najaarsoverleg (oktober)", date(2022, 10, 31)),
        ("", "jaarlijks", date(2022, 12, 31)),
        ("Kwartaaloverleg", "kwartaaloverleg", date(2023, 3, 31)),
    ]


def test_signing_day_and_term_are_read(seed: ReadDocument) -> None:
    term = (seed.signed_on, seed.term_start, seed.term_end)

    assert term == (date(2022, 9, 19), date(2022, 1, 1), date(2025, 12, 31))


def test_a_day_that_had_passed_at_the_signing_is_that_of_the_next_year(seed: ReadDocument) -> None:
    letter = next(row for row in seed.agenda if row.number == "5.9").phrases[0]

    assert (letter.text, letter.reading.due) == ("Uiterlijk 1 april", date(2023, 4, 1))


def test_crossed_numbers_are_matched_by_topic_and_asked_about(seed: ReadDocument) -> None:
    matches = match(seed.agreements, seed.agenda)
    unusual = [
        (one.agreement and one.agreement.number, one.agenda and one.agenda.number, one.how, one.doubtful)
        for one in matches
        if one.how != "nummer en onderwerp" or one.remark
    ]

    assert len(matches) == 55
    assert unusual == [
        ("1.1.5", "1.1.6", "onderwerp", True),
        ("1.1.6", "1.1.5", "onderwerp", True),
        ("4.4", "4.4", "nummer en onderwerp", False),
        ("4.12", None, "geen", False),
    ]


def test_all_106_sums_of_the_stock_tables_are_tried_and_right(seeds: tuple[ReadDocument, ReadDocument]) -> None:
    tables = seeds[0].stock

    assert [table.sums_checked for table in tables] == [31, 31, 8, 7, 7, 4, 7, 7, 4]
    assert sum(table.sums_checked for table in tables) == 106
    assert tables[2].lines[0].figures == {2022: 5146, 2023: 5118, 2024: 5139, 2025: 5172}
    assert seeds[1].stock == ()
