"""A pasted list, or a file, gives everybody in it in the words that stand there; no line is lost."""

from pathlib import Path

import pytest

from cycle.intake.people_list import WrittenPerson, as_text, people_in, people_of
from cycle.sheets import Column, Sheet, write_sheets

ONE = "regel 1"
JAN = WrittenPerson(ONE, "Jan Jansen", "jan@clavis.nl")
PIET = WrittenPerson(ONE, "Piet de Wit", "piet@shb.nl")


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("", ()),
        ("\n \n", ()),
        (
            "Jan Jansen; jan@clavis.nl; Clavis; trekker; 1.1.4, 2.5",
            (WrittenPerson(ONE, "Jan Jansen", "jan@clavis.nl", "Clavis", "trekker", "1.1.4, 2.5"),),
        ),
        (
            "Jan Jansen; jan@clavis.nl; Clavis; trekker; 1.1.4; 2.5",
            (WrittenPerson(ONE, "Jan Jansen", "jan@clavis.nl", "Clavis", "trekker", "1.1.4, 2.5"),),
        ),
        ("Jan Jansen\tjan@clavis.nl\tClavis", (WrittenPerson(ONE, "Jan Jansen", "jan@clavis.nl", "Clavis"),)),
        (
            "Jan Jansen, jan@clavis.nl, Clavis, trekker, 1.1.4, 2.5",
            (WrittenPerson(ONE, "Jan Jansen", "jan@clavis.nl", "Clavis", "trekker", "1.1.4, 2.5"),),
        ),
        (
            "Jan Jansen; Clavis; trekker; jan@clavis.nl",
            (WrittenPerson(ONE, "Jan Jansen", "jan@clavis.nl", "Clavis", "trekker"),),
        ),
        # what Outlook copies
        ("Jan Jansen <jan@clavis.nl>; Piet de Wit <piet@shb.nl>", (JAN, PIET)),
        ("Jan Jansen <jan@clavis.nl>, Piet de Wit <piet@shb.nl>", (JAN, PIET)),
        ("Jan Jansen <jan@clavis.nl>; Piet de Wit <piet@shb.nl>;", (JAN, PIET)),
        (
            '"Jansen, J. (Jan)" <jan@clavis.nl>; Wit, P. de <piet@shb.nl>',
            (
                WrittenPerson(ONE, "Jansen, J. (Jan)", "jan@clavis.nl"),
                WrittenPerson(ONE, "Wit, P. de", "piet@shb.nl"),
            ),
        ),
        (
            "Jan Jansen <jan@clavis.nl>; Clavis; trekker; Piet de Wit <piet@shb.nl>; SHB; lezer",
            (
                WrittenPerson(ONE, "Jan Jansen", "jan@clavis.nl", "Clavis", "trekker"),
                WrittenPerson(ONE, "Piet de Wit", "piet@shb.nl", "SHB", "lezer"),
            ),
        ),
        (
            "jan@clavis.nl; 'piet@shb.nl' <piet@shb.nl>",
            (WrittenPerson(ONE, "", "jan@clavis.nl"), WrittenPerson(ONE, "", "piet@shb.nl")),
        ),
        ("Jan Jansen (jan@clavis.nl)", (JAN,)),
        # a heading says what the columns are
        (
            "Organisatie;Naam;E-mail;Thema's;Vanaf\nClavis;Jan Jansen;jan@clavis.nl;1, 2;1-1-2027",
            (WrittenPerson("regel 2", "Jan Jansen", "jan@clavis.nl", "Clavis", themes="1, 2", since="1-1-2027"),),
        ),
        (
            "naam;adres;partij\nPiet de Wit <piet@shb.nl>;;SHB",
            (WrittenPerson("regel 2", "Piet de Wit", "piet@shb.nl", "SHB"),),
        ),
        # no line is lost
        ("Gemeente Terneuzen:", (WrittenPerson(ONE, "Gemeente Terneuzen:"),)),
        ("Jan Jansen; jan(at)clavis.nl; Clavis", (WrittenPerson(ONE, "Jan Jansen", "jan(at)clavis.nl", "Clavis"),)),
    ],
)
def test_a_list_gives_everybody_in_it(text: str, people: tuple[WrittenPerson, ...]) -> None:
    assert people_in(text) == people


ALL = (
    WrittenPerson(ONE, 'Jan; "de" Jansen', "jan@clavis.nl", "Clavis", "trekker", "1.1.4, 2.5", "1", "1-1-2027", ""),
    WrittenPerson(ONE, "", "niet goed"),
)


def test_a_list_that_is_written_reads_back_as_the_same_people() -> None:
    assert [(one.name, one.email, one.agreements, one.themes, one.since) for one in people_in(as_text(ALL))] == [
        (one.name, one.email, one.agreements, one.themes, one.since) for one in ALL
    ]
    assert as_text([JAN]) == "naam;adres;partij;rol\nJan Jansen;jan@clavis.nl;;\n"
    assert as_text([]) == ""


@pytest.mark.parametrize("name", ["mensen.csv", "mensen.xlsx", "mensen.txt"])
def test_a_file_gives_the_same_people_with_their_place(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    rows = [("Jan Jansen", "jan@clavis.nl", "Clavis"), ("Piet de Wit", "piet@shb.nl", "SHB")]
    if name == "mensen.txt":
        file.write_text("\n".join("; ".join(row) for row in rows), encoding="utf-8")
    else:
        write_sheets(file, [Sheet("Mensen", tuple(map(Column, ("Naam", "Adres", "Partij"))), rows)])

    read = people_of(file)

    assert [(one.name, one.email, one.party) for one in read.people] == rows
    assert (all(one.place for one in read.people), read.notes) == (True, ())
