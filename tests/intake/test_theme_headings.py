"""What the themes of the agreements are called, by the headings of a document; rather no name than a wrong one."""

from collections.abc import Sequence

import pytest

from cycle.intake.document import ThemeRead
from cycle.intake.leads import names_of
from cycle.intake.raw import RawLine, RawTable, RawText
from cycle.intake.rows import drafts_of
from cycle.intake.theme_headings import theme_in

HEADS = RawLine(("Nr.", "Onderwerp", "Afspraak", "Trekker"), "")
Blocks = Sequence[RawText | RawTable]


def heading(words: str, place: str = "kop") -> RawText:
    return RawText(words, place, heading=True)


def line(words: str) -> RawText:
    return RawText(words, "regel")


def table(*numbers: str, between: str = "") -> RawTable:
    rows = [RawLine((number, "Onderwerp", "Doe iets.", "Gemeente"), f"rij {number}") for number in numbers]
    return RawTable((HEADS, *([RawLine((between, "", "", ""), "tussen")] if between else []), *rows))


def names(blocks: Blocks) -> dict[str, str]:
    return {one.theme: one.name for one in drafts_of(list(blocks), names_of((), ())).themes}


@pytest.mark.parametrize(
    ("words", "is_heading", "read"),
    [
        ("2 – Duurzaamheid", True, ("2", "Duurzaamheid")),
        ("2 – Duurzaamheid", False, ("2", "Duurzaamheid")),
        ("1. Beschikbaarheid", True, ("1", "Beschikbaarheid")),
        ("1. Beschikbaarheid", False, None),
        ("Thema 2: Betaalbaarheid", False, ("2", "Betaalbaarheid")),
        ("Hoofdstuk 3 Duurzaamheid en wonen", False, ("3", "Duurzaamheid en wonen")),
        ("HOOFDSTUK 04. Leefbaarheid", True, ("4", "Leefbaarheid")),
        ("3 Maatschappelijke opgaven; wonen en zorg", True, ("3", "Maatschappelijke opgaven; wonen en zorg")),
        ("1.1 Beschikbaarheid", True, None),
        ("1. Inleiding", True, None),
        ("3 – Wonen en", True, None),
        ("3 – Wonen, zorg,", True, None),
        ("2 – De gemeente bouwt.", True, None),
        ("2. " + "Een lange kop die eigenlijk een zin is " * 2, True, None),
        ("2 – " + "W" * 81, True, None),
        ("12 september 2022", True, None),
        ("Duurzaamheid", True, None),
    ],
)
def test_a_heading_names_a_theme_only_when_it_says_so_whole(
    words: str, is_heading: bool, read: tuple[str, str] | None
) -> None:
    found = theme_in(words, "hier", heading=is_heading)
    assert found == (ThemeRead(*read, "hier") if read else None)


@pytest.mark.parametrize(
    ("blocks", "read"),
    [
        (
            (heading("1. Wonen"), heading("1.1 Bouwen"), table("1.1.1"), heading("2. Zorg"), table("2.1")),
            {"1": "Wonen", "2": "Zorg"},
        ),
        ((table("1.1", between="1 – Wonen"),), {"1": "Wonen"}),
        ((heading("Thema 4: Wijken"), table("1", "2")), {"4": "Wijken"}),
        ((line("1 – Wonen"), line("2 – Zorg"), table("1.1"), table("2.1")), {}),
        ((heading("2. Zorg"), table("3.1"), table("2.1")), {}),
        ((heading("1 – Wonen"), line("en zorg voor ouderen"), table("1.1")), {}),
        ((RawText("1 – Wonen", "lijst", bullet=True), table("1.1")), {}),
        ((heading("1 – Wonen"), line("Wij zien de wachttijd groeien."), table("1.1")), {"1": "Wonen"}),
        ((heading("1 – Wonen"), table("1.1"), heading("1 – WONEN"), table("1.2")), {"1": "Wonen"}),
        ((heading("1 – Wonen"), table("1.1"), heading("1 – Bouwen"), table("1.2")), {}),
    ],
)
def test_a_theme_is_called_by_the_heading_right_above_its_agreements(blocks: Blocks, read: dict[str, str]) -> None:
    assert names(blocks) == read


def test_a_theme_with_two_names_has_none_and_that_is_said() -> None:
    blocks = [heading("1 – Wonen", "regel 3"), table("1.1"), heading("1 – Bouwen"), table("1.2")]
    problems = drafts_of(blocks, names_of((), ())).problems
    assert [(one.place, one.what) for one in problems if "Thema 1" in one.what] == [
        ("regel 3", "Thema 1 heet op meer dan één manier: “Wonen” en “Bouwen”.")
    ]


def test_what_stands_below_another_theme_is_no_further_action_of_the_last_agreement() -> None:
    rows = [
        RawLine(("1.1", "Loket", "Open een loket.", "Gemeente"), "rij 1"),
        RawLine(("Thema 5: Wijk", "", "", ""), "rij 2"),
        RawLine(("", "Vragen", "Houd een enquête.", "Gemeente"), "rij 3"),
    ]
    drafts = drafts_of([RawTable((HEADS, *rows))], names_of((), ()))

    assert [(row.number, row.theme, row.text) for row in drafts.agreements] == [
        ("1.1", "1", "Open een loket."),
        ("", "5", "Houd een enquête."),
    ]
