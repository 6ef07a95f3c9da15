"""A list of people: what comes of each line, and that keeping it does just that, once."""

from datetime import date

import pytest
from sqlmodel import func, select

from cycle.actions.office.office import Office
from cycle.actions.people.seats.listing_people import ListOutcome, Unsaid, add_people, look_through, outcome_words
from cycle.actions.people.seats.memberships import Wish, add_person
from cycle.domain.model import Role
from cycle.intake.people_list import people_in
from cycle.store import seats
from cycle.store.tables import Membership, Message
from tests.actions.mailbox import at
from tests.actions.people.test_memberships import covenant

NOW = at("2026-11-23")
NEW, KNOWN, REFUSED = ListOutcome
PARTIES = (
    "Bekend zijn: Gemeente Terneuzen, Clavis, Woongoed Zeeuws-Vlaanderen, Bewonersraad Clavis, Huurdersorganisatie SHB."
)


def listed(office: Office, text: str, unsaid: Unsaid = Unsaid()) -> list[tuple[str, ListOutcome, str, str]]:  # noqa: B008
    lines = look_through(office, covenant(office), people_in(text), unsaid, NOW)
    return [(line.name, line.outcome, line.words, line.hint) for line in lines]


def number_of_seats(office: Office) -> int:
    with office.database.reading() as session:
        return session.exec(select(func.count()).select_from(Membership)).one()


@pytest.mark.parametrize(
    ("line", "outcome", "words", "hint"),
    [
        (
            "Noor; noor@clavis.example; Clavis; trekker; 2.5, 1.1.4",
            NEW,
            "trekker voor Clavis (afspraak 2.5 en afspraak 1.1.4)",
            "",
        ),
        (
            "Noor; noor@clavis.example; wzv; Trekker en vervanger; thema 2",
            NEW,
            "trekker voor Woongoed Zeeuws-Vlaanderen (thema 2) en vervanger voor Woongoed Zeeuws-Vlaanderen",
            "",
        ),
        ("Noor <noor@clavis.example>", NEW, "lezer voor Clavis", ""),
        (
            "Noor; info@bewonersraad.example; Bewonersraad; lezer",
            NEW,
            "lezer voor Bewonersraad Clavis",
            "Deelt de postbus met Bestuur Bewonersraad, Werkgroep Duurzaam en Werkgroep Leefbaarheid.",
        ),
        ("wonen@terneuzen.example; gemeente; trekker", KNOWN, "trekker voor Gemeente Terneuzen", ""),
        (
            "Team Wonen; WONEN@terneuzen.example; gemeente; trekker, lezer",
            NEW,
            "lezer voor Gemeente Terneuzen",
            "Staat er al: trekker voor Gemeente Terneuzen.",
        ),
        (
            "Team Wonen; wonen@terneuzen.example; gemeente; trekker; 2.5",
            REFUSED,
            "Team Wonen is al trekker voor Gemeente Terneuzen, maar niet voor al deze afspraken en thema's.",
            "Wijzig bij Mensen waarvoor deze trekker is aangewezen.",
        ),
        (
            "Gemeente:",
            REFUSED,
            "Hier staat geen mailadres.",
            "Schrijf bijvoorbeeld: Naam; naam@organisatie.nl; partij; rol",
        ),
        (
            "noor@clavis.example; Clavis; trekker",
            REFUSED,
            "Hier staat geen naam bij het adres.",
            "Schrijf bijvoorbeeld: Naam <noor@clavis.example>",
        ),
        (
            "Noor; noor(at)clavis.example; Clavis",
            REFUSED,
            "“noor(at)clavis.example” is geen mailadres.",
            "Schrijf het als naam@domein.nl, zonder spaties.",
        ),
        (
            "Noor; noor@clavis.example; Provincie; trekker",
            REFUSED,
            "“Provincie” is geen partij van dit convenant.",
            PARTIES,
        ),
        (
            "Noor; noor@clavis.example; Corporaties; trekker",
            REFUSED,
            "“Corporaties” zijn er meer.",
            PARTIES,
        ),
        (
            "Noor; noor@clavis.example; Clavis; baas",
            REFUSED,
            "'baas' is geen rol.",
            "Kies uit: trekker, contactpersoon, vervanger, secretariaat, bestuurder, lezer.",
        ),
        (
            "Noor; noor@clavis.example; Clavis; lezer; 2.5",
            REFUSED,
            "Alleen een trekker is voor een afspraak of thema aangewezen.",
            "Kies trekker.",
        ),
    ],
)
def test_each_line_says_what_comes_of_it(
    quick_example: Office, line: str, outcome: ListOutcome, words: str, hint: str
) -> None:
    [(_, *said)] = listed(quick_example, line, Unsaid("clavis", "lezer"))

    assert said == [outcome, words, hint]


def test_what_is_not_said_is_asked_for_and_an_unknown_agreement_is_named(quick_example: Office) -> None:
    text = (
        "Noor; noor@clavis.example\nNoor; noor@clavis.example; Clavis\nNoor; noor@clavis.example; Clavis; trekker; 99"
    )

    assert [words for _, _, words, _ in listed(quick_example, text)] == [
        "Hier staat geen partij.",
        "Hier staat geen rol.",
        "Afspraak 99 bestaat niet.",
    ]


def test_who_left_and_comes_back_needs_a_first_day(quick_example: Office) -> None:
    past = Wish("clavis", Role.TREKKER, date(2026, 1, 1), date(2026, 6, 30))
    add_person(quick_example, covenant(quick_example), "Noor", "noor@clavis.example", past, NOW)
    heads = "naam;adres;partij;rol;vanaf\n"

    assert listed(
        quick_example,
        f"{heads}Noor;noor@clavis.example;Clavis;trekker;\nNoor;noor@clavis.example;Clavis;trekker;1-1-2027\n",
    ) == [
        (
            "Noor",
            REFUSED,
            "Noor was tot en met 30 juni 2026 trekker voor Clavis.",
            "Zet de nieuwe eerste dag erbij, in een kolom vanaf.",
        ),
        ("Noor", NEW, "trekker voor Clavis, vanaf 1 januari 2027", ""),
    ]


LIST = """Noor <noor@clavis.example>; Clavis; trekker; 2.5; Piet <piet@shb.example>; SHB; lezer
Noor; noor@clavis.example; Clavis; trekker
Wie; ; Clavis
Team Wonen; wonen@terneuzen.example; gemeente; trekker"""


def test_a_list_is_kept_as_it_was_shown_once_and_mails_nobody(example: Office) -> None:
    key, before = covenant(example), number_of_seats(example)
    shown = look_through(example, key, people_in(LIST), Unsaid(), NOW)
    untouched = number_of_seats(example)
    kept = add_people(example, key, people_in(LIST), Unsaid(), NOW, by="secretariaat@terneuzen.example")
    again = look_through(example, key, people_in(LIST), Unsaid(), NOW)

    assert [line.outcome for line in shown] == [NEW, NEW, KNOWN, REFUSED, KNOWN]
    assert (untouched, kept, number_of_seats(example)) == (before, shown, before + 2)
    assert [line.outcome for line in again] == [KNOWN, KNOWN, KNOWN, REFUSED, KNOWN]
    assert [outcome_words(lines) for lines in (shown, again)] == [
        "2 regels komen erbij, 2 staan er al en 1 kan niet",
        "0 regels komen erbij, 4 staan er al en 1 kan niet",
    ]
    with example.database.reading() as session:
        [seat] = [row for row in seats.seats(session, key) if row.person.name == "Noor"]
        assert (seat.party.slug, seat.seat.role, seat.numbers) == ("clavis", Role.TREKKER, ("2.5",))
        assert session.exec(select(Message)).all() == []
