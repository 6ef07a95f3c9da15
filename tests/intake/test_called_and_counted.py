"""What a document counts from something that is still to come, and not from the day on which it was signed."""

from collections.abc import Callable

from cycle.intake import ReadDocument

Read = Callable[[str, bytes | str], ReadDocument]


def test_a_term_after_something_else_than_the_signing_hangs_on_it(read: Read) -> None:
    document = read(
        "a.md",
        "# Prestatieafspraken\n\n"
        "| Nr. | Afspraak | Trekker | Termijn |\n|---|---|---|---|\n"
        "| 1.1 | Het college beslist uiterlijk vier maanden na openbaar worden van het rapport. | Gemeente | |\n"
        "| 1.2 | Het bod wordt beoordeeld. | Clavis | binnen twee weken na ontvangst van het bod |\n"
        "| 1.3 | De lijst ligt er binnen drie weken na 1 mei 2027. | Clavis | |\n\n"
        "Aldus ondertekend op 12 december 2026.\n",
    )

    read_as = [one.reading for row in (*document.agreements, *document.agenda) for one in row.phrases]
    assert [(str(one.due), one.doubtful, [str(other.due) for other in one.others]) for one in read_as] == [
        ("None", True, ["2027-04-12"]),
        ("None", True, ["2026-12-26"]),
        ("2027-05-22", False, []),
    ]
    assert all("hangt af van " in one.reason for one in read_as[:2])
