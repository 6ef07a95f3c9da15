"""Stock tables: which sums are tried, and what a wrong one says."""

from cycle.errors import Fault

YEARS = ("", "2022", "2023")


def stock(opening: str, closing: str, next_opening: str = "110", next_closing: str = "105") -> str:
    rows = (
        YEARS,
        ("Beginstand per 1-1", opening, next_opening),
        ("Bij: Aankopen", "5", "-"),
        ("Nieuwbouw", "15", "5"),
        ("Af: Verkopen", "-4", "-10"),
        ("Sloop", "-6", "-"),
        ("Eindstand per 31-12", closing, next_closing),
    )
    return "\n".join("\t".join(row) for row in rows)


def test_a_table_that_closes_has_no_problem(read) -> None:
    document = read("a.txt", f"CLAVIS\n\nOntwikkeling woningen\n\n{stock('100', '110')}\n")

    (table,) = document.stock
    assert (table.owner, table.title, table.sums_checked) == ("CLAVIS", "Ontwikkeling woningen", 3)
    assert [line.kind for line in table.lines] == ["opening", "purchases", "new", "sold", "demolished", "closing"]
    assert table.lines[3].figures == {2022: -4, 2023: -10}
    assert not [fault for fault in document.problems if "moet" in fault.what]


def test_a_table_that_does_not_close_tells_the_difference(read) -> None:
    document = read("a.txt", f"CLAVIS\n\nOntwikkeling woningen\n\n{stock('100', '112')}\n")

    assert [fault for fault in document.problems if "moet" in fault.what] == [
        Fault(
            "a.txt, regel 5",
            "CLAVIS (Ontwikkeling woningen): de eindstand van 2022 is 112, maar moet 110 zijn (verschil +2).",
            "Vraag de opsteller welk getal klopt.",
        ),
        Fault(
            "a.txt, regel 5",
            "CLAVIS (Ontwikkeling woningen): de beginstand van 2023 is 110, maar moet 112 zijn (verschil -2).",
            "Vraag de opsteller welk getal klopt.",
        ),
    ]


def test_totals_and_the_municipality_are_the_sum_of_their_parts(read) -> None:
    corporations = "\n\n".join(
        f"{name}\n\nOntwikkeling woningen\n\n{stock('100', '110')}\n\nTOTAAL\n\n\t110\t105"
        for name in ("CLAVIS", "WZV")
    )
    whole = stock("200", "210", "220", "210").replace("\t5\t-", "\t10\t-")
    text = f"Voorraad gemeente Terneuzen\n\nOntwikkeling woningen\n\n{whole}\n\n{corporations}\n"

    document = read("a.txt", text)

    assert [table.sums_checked for table in document.stock] == [3 + 12, 3, 2, 3, 2]
    assert "Nieuwbouw in 2022, de som van de corporaties, is 15, maar moet 30 zijn (verschil -15)." in " ".join(
        fault.what for fault in document.problems
    )
