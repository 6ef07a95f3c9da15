"""Agreements that stand in running text: numbered paragraphs become rows, other sentences are offered one by one."""

from collections.abc import Callable

import pytest

from cycle.intake import DocumentRow, ReadDocument
from cycle.intake.leads import names_of
from cycle.intake.repairs import tidy
from cycle.intake.subjects import subject_of

Read = Callable[[str, bytes | str], ReadDocument]
Told = tuple[str, str, str, tuple[str, ...], list[tuple[str, str | None]]]
ALL = ("gemeente", "clavis", "wzv", "bewonersraad", "shb")
CORPORATIES, HUURDERS = ("clavis", "wzv"), ("bewonersraad", "shb")


def told(row: DocumentRow) -> Told:
    """Number, topic, text and leads of a row, with each phrase and its day."""
    days = [(phrase.text, str(phrase.reading.due) if phrase.reading.due else None) for phrase in row.phrases]
    return row.number, row.topic, row.text, row.leads, days


def test_a_party_alone_on_its_line_leads_what_is_numbered_below_it_where_several_do(read: Read) -> None:
    numbered = "1. Stelt vóór 1 mei 2027 regels vast.\n\n{}\n2. Brengt uiterlijk 1 juni 2027 advies uit.\n"
    document = read("a.txt", "Gemeente Terneuzen\n" + numbered.format("Bewonersraad Clavis"))
    alone = read("b.txt", "Gemeente Terneuzen\n" + numbered.format("Over het advies"))

    assert [(row.number, row.leads) for row in document.agreements] == [("1", ("gemeente",)), ("2", ("bewonersraad",))]
    assert sum("Onder de kop" in fault.what for fault in document.problems) == 2
    assert [row.leads for row in (*alone.agreements, *alone.unnumbered)] == [(), ()]


def test_numbered_paragraphs_become_agreements_with_their_subject_as_lead(read: Read) -> None:
    document = read(
        "a.txt",
        "Prestatieafspraken 2027\n\n2. Betaalbaarheid\n\n"
        "2.1 De corporaties leveren vóór 1 juli 2027 een overzicht aan de gemeente.\n\n"
        "2.2 Uiterlijk 1 oktober 2027 stelt de gemeente in overleg met Clavis de regeling vast.\n"
        "2.3 Het plan wordt eind 2027 door Woongoed getoetst.\n"
        "2.4 Het aanbod sluit beter aan bij de vraag.\n\n"
        "3. Wonen\n\n3.1 Clavis en de huurdersorganisaties maken in mei 2027 een plan.\n\n"
        "Aldus overeengekomen op 12 december 2026.\n",
    )

    assert [told(row) for row in document.agreements] == [
        (
            *("2.1", "Betaalbaarheid", "De corporaties leveren vóór 1 juli 2027 een overzicht aan de gemeente."),
            *(CORPORATIES, [("vóór 1 juli 2027", "2027-06-30")]),
        ),
        (
            *("2.2", "Betaalbaarheid"),
            "Uiterlijk 1 oktober 2027 stelt de gemeente in overleg met Clavis de regeling vast.",
            *(("gemeente",), [("Uiterlijk 1 oktober 2027", "2027-10-01")]),
        ),
        (
            *("2.3", "Betaalbaarheid", "Het plan wordt eind 2027 door Woongoed getoetst."),
            *(("wzv",), [("eind 2027", "2027-12-31")]),
        ),
        ("2.4", "Betaalbaarheid", "Het aanbod sluit beter aan bij de vraag.", (), []),
        (
            *("3.1", "Wonen", "Clavis en de huurdersorganisaties maken in mei 2027 een plan."),
            *(("clavis", *HUURDERS), [("in mei 2027", "2027-05-31")]),
        ),
    ]
    assert (str(document.signed_on), document.unnumbered) == ("2026-12-12", ())


@pytest.mark.parametrize(
    "title",
    [
        *("# Prestatieafspraken Terneuzen", "# Prestatieafspraken Clavis en gemeente", "# Afspraken en planning 2027"),
        *("Nr. 3 Prestatieafspraken Terneuzen 2027-2030", "# Afspraken, acties, planning en trekkers 2027"),
        *("# Afspraken, acties, planning", "Afspraken, acties, planning", "Afspraken; trekker; planning"),
    ],
)
def test_a_title_in_the_words_of_columns_is_a_title(read: Read, title: str) -> None:
    document = read("a.txt", f"{title}\n\n1.1 De gemeente maakt uiterlijk 1 mei 2027 een plan.\n\n1.2 Clavis bouwt.\n")

    assert [(row.number, row.text, row.leads) for row in (*document.agreements, *document.agenda)] == [
        ("1.1", "De gemeente maakt uiterlijk 1 mei 2027 een plan.", ("gemeente",)),
        ("1.2", "Clavis bouwt.", ("clavis",)),
    ]
    assert (document.title, [one.text for one in document.unused]) == (title.lstrip("# "), [title.lstrip("# ")])


@pytest.mark.parametrize(
    "words",
    [
        *("l'escaut wordt uiterlijk 1 mei 2027 bewoond.", "'t Gilde krijgt uiterlijk 1 mei 2027 een dak."),
        *(
            "iDEAL werkt uiterlijk 1 mei 2027.",
            "‘s-Hertogenbosch levert uiterlijk 1 mei 2027 het model.",
            "(vervallen)",
        ),
        *("€ 40.000 is er uiterlijk 1 mei 2027.", "3D-tekeningen zijn er uiterlijk 1 mei 2027.", "- vervallen -"),
        *(
            "sociale huur groeit uiterlijk 1 mei 2027.",
            "eHerkenning is er uiterlijk 1 mei 2027.",
            "„Het Anker“ is uiterlijk 1 mei 2027 gesloopt.",
            "[gereserveerd]",
        ),
    ],
)
def test_a_paragraph_with_a_number_may_begin_with_any_sign(read: Read, words: str) -> None:
    document = read(
        "a.txt",
        f"Afspraken 2027\n\n1.2 De gemeente maakt een plan.\n\n1.3 {words}\n\n1.4 Clavis bouwt eind 2027 zes huizen.\n",
    )

    texts = {row.number: row.text for row in document.agenda + document.agreements}
    assert (texts["1.2"], texts["1.4"]) == ("De gemeente maakt een plan.", "Clavis bouwt eind 2027 zes huizen.")
    assert (
        texts["1.3"] == tidy(words) if "mei" in words else tidy(f"1.3 {words}") in [one.text for one in document.unused]
    )


@pytest.mark.parametrize(
    "going_on", ["2.5 procent meer.", "1.3 moet hierop aansluiten.", "1.4 miljoen euro extra.", "10.30 uur begint het."]
)
def test_a_figure_at_the_beginning_of_a_line_is_no_number_of_an_agreement(read: Read, going_on: str) -> None:
    document = read(
        "a.txt", f"Afspraken 2027\n\n1.2 De gemeente maakt in mei een plan voor\n{going_on}\n\n1.5 Clavis bouwt.\n"
    )

    assert [row.number for row in document.agenda + document.agreements] == ["1.2", "1.5"]


def test_labels_say_who_leads_and_by_when(read: Read) -> None:
    document = read(
        "a.txt",
        "Prestatieafspraken 2027\n\n"
        "Afspraak 1: Huren\nDe huurprijzen komen op tafel.\nTrekker: Clavis i.s.m. Woongoed\n"
        "Termijn: vóór 1 juli 2027\n\nAfspraak 2: De regeling wordt vernieuwd. "
        "Trekker: Gemeente. Uiterlijk: Q4 2027. Daarna volgt overleg.\n",
    )

    assert [told(row) for row in document.agenda] == [
        ("1", "Huren", "De huurprijzen komen op tafel.", ("clavis",), [("vóór 1 juli 2027", "2027-06-30")]),
        (
            *("2", "De regeling wordt vernieuwd", "De regeling wordt vernieuwd. Daarna volgt overleg."),
            *(("gemeente",), [("Q4 2027", "2027-12-31")]),
        ),
    ]


def test_two_things_under_one_number_are_two_rows_and_letters_follow_their_number(read: Read) -> None:
    document = read(
        "a.txt",
        "Artikel 3.2 Clavis bouwt eind 2027 zes huizen. De gemeente geeft vóór 1 mei 2027 een vergunning.\n"
        "Artikel 3.3 Partijen spreken af:\n"
        "a. de corporaties leveren vóór 1 juni 2027 cijfers;\nb. uiterlijk 1 juli 2027 ligt er een verslag.\n",
    )

    assert [told(row) for row in document.agreements] == [
        ("3.2", "", "Clavis bouwt eind 2027 zes huizen.", ("clavis",), [("eind 2027", "2027-12-31")]),
        (
            *("3.2", "", "De gemeente geeft vóór 1 mei 2027 een vergunning."),
            *(("gemeente",), [("vóór 1 mei 2027", "2027-04-30")]),
        ),
        ("3.3", "", "Partijen spreken af:", ALL, []),
        (
            *("3.3a", "", "de corporaties leveren vóór 1 juni 2027 cijfers;"),
            *(CORPORATIES, [("vóór 1 juni 2027", "2027-05-31")]),
        ),
        ("3.3b", "", "uiterlijk 1 juli 2027 ligt er een verslag.", ALL, [("uiterlijk 1 juli 2027", "2027-07-01")]),
    ]


def test_a_numbered_heading_is_the_topic_of_the_text_beneath(read: Read) -> None:
    document = read(
        "a.md",
        "# Prestatieafspraken 2027\n\n## 1. Wonen\n\n### 1.1 Nieuwbouw\n\nClavis bouwt vóór 1 juli 2027 zes huizen.\n\n"
        "**1.2 Zorg**\n\n- In mei 2027 praten de gemeente en Clavis.\n- Eind 2027 is Woongoed klaar.\n\n"
        "## 2. Inleiding\n\nDit is een tekst.\n",
    )

    assert [told(row) for row in document.agreements] == [
        (
            *("1.1", "Nieuwbouw", "Clavis bouwt vóór 1 juli 2027 zes huizen."),
            *(("clavis",), [("vóór 1 juli 2027", "2027-06-30")]),
        ),
        (
            *("1.2", "Zorg", "In mei 2027 praten de gemeente en Clavis."),
            *(("gemeente", "clavis"), [("In mei 2027", "2027-05-31")]),
        ),
        ("1.2", "Zorg", "Eind 2027 is Woongoed klaar.", ("wzv",), [("Eind 2027", "2027-12-31")]),
    ]


def test_numbers_behind_a_tab_are_numbered_paragraphs_too(read: Read) -> None:
    document = read(
        "a.txt",
        "1.1\tDe gemeente levert uiterlijk 1 mei 2027 het verslag.\n"
        "1.2\tClavis beslist vóór 1 juli 2027 over de sloop.\n",
    )

    assert [(row.number, row.leads) for row in document.agreements] == [("1.1", ("gemeente",)), ("1.2", ("clavis",))]


def test_a_form_for_each_agreement_is_read_by_its_labels(read: Read) -> None:
    def form(*pairs: tuple[str, str]) -> str:
        return f"<table>{''.join(f'<tr><td>{label}<td>{said}' for label, said in pairs)}</table>"

    first = (("Nr.", "1.1"), ("Onderwerp", "Huren"), ("Afspraak", "De huren dalen."), ("Trekker:", "Clavis"))
    second = (("Nummer", "1.2"), ("Actie", "Er komt een plan."), ("Wie", "Gemeente"), ("Status", "loopt"))
    page = form(*first, ("Termijn", "vóór 1 juli 2027")) + form(*second, ("Deadline", "Q4 2027"))

    assert [told(row) for row in read("a.html", f"<body>{page}</body>").agenda] == [
        ("1.1", "Huren", "De huren dalen.", ("clavis",), [("vóór 1 juli 2027", "2027-06-30")]),
        (
            *("1.2", "Er komt een plan", "Er komt een plan. Status: loopt"),
            *(("gemeente",), [("Q4 2027", "2027-12-31")]),
        ),
    ]


def test_sentences_with_a_day_are_offered_as_possible_actions_with_their_place(read: Read) -> None:
    document = read(
        "a.txt",
        "Beste collega,\n\nVorige week spraken wij over de wijk. De gemeente levert uiterlijk 1 mei 2027 het verslag. "
        "Wij wachten af.\n\nUiterlijk 1 juli 2027 ligt er een plan klaar. De overeenkomst geldt tot 1 mei 2030.\n",
    )

    assert (document.agreements, document.agenda) == ((), ())
    assert [(told(row), row.source) for row in document.unnumbered] == [
        (
            (
                *("", "", "De gemeente levert uiterlijk 1 mei 2027 het verslag."),
                *(("gemeente",), [("uiterlijk 1 mei 2027", "2027-05-01")]),
            ),
            "a.txt, regel 3",
        ),
        (
            (
                *("", "", "Uiterlijk 1 juli 2027 ligt er een plan klaar."),
                *((), [("Uiterlijk 1 juli 2027", "2027-07-01")]),
            ),
            "a.txt, regel 5",
        ),
    ]


@pytest.mark.parametrize(
    ("sentence", "subject"),
    [
        ("De gemeente en de corporaties maken een plan.", "gemeente en de corporaties"),
        ("Clavis, Woongoed en de gemeente maken een plan.", "Clavis, Woongoed en de gemeente"),
        ("In overleg met de gemeente stelt Clavis het vast.", "Clavis"),
        ("Samen met de corporaties stelt de gemeente het vast.", "gemeente"),
        ("Het plan wordt aan de gemeente gestuurd door Clavis.", "Clavis"),
        ("Het plan gaat naar de gemeente.", ""),
        ("Iedere inwoner krijgt een brief.", ""),
    ],
)
def test_the_lead_is_who_acts_not_who_receives_or_joins(parties, groups, sentence: str, subject: str) -> None:
    assert subject_of(sentence, names_of(parties, groups)) == subject


@pytest.mark.parametrize(
    "text",
    [
        "1. Inleiding\n\nDit is een tekst.\n\n2. Slot\n\nTot ziens.\n",
        "Op 1.7.2027 was er feest.\n\n2.5 miljoen euro is veel geld.\n\nQ2 2027 was goed.\n",
        "Artikel 3 van de wet bepaalt dit.\n",
    ],
)
def test_numbers_that_are_no_agreements_stay_text(read: Read, text: str) -> None:
    document = read("a.txt", text)

    assert (document.agreements, document.agenda) == ((), ())


def test_a_letter_has_the_topic_of_its_paragraph_and_a_theme_gives_its_own_name(read: Read) -> None:
    document = read(
        "a.txt",
        "Overzicht afspraken 2027\n\nThema 3: Zorg\n\n3.1 Loket\na. De gemeente opent vóór 1 juni 2027 een loket.\n"
        "b. Clavis wijst in mei 2027 iemand aan.\n\nThema 4: Wijken\n\nAfspraak 9: SHB houdt in mei 2027 een avond.\n",
    )

    rows = (*document.agreements, *document.agenda)
    assert [(row.number, row.theme, row.topic) for row in rows] == [
        ("3.1a", "3", "Loket"),
        ("3.1b", "3", "Loket"),
        ("9", "4", "Wijken"),
    ]
