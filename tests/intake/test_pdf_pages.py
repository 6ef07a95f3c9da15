"""A PDF as it is seen: no struck out words, heads and feet read once, columns of text one by one, words closed."""

from collections.abc import Callable

import pytest

from cycle.intake import ReadDocument
from cycle.intake.repairs import join_wrapped, tidy

Read = Callable[[str, bytes | str], ReadDocument]


def pdf(source: str, *, tagged: bool = False) -> bytes:
    import typst

    return typst.compile(f'#set text(lang: "nl", size: 10pt)\n{source}'.encode(), pdf_tags=tagged)


def said(document: ReadDocument) -> list[tuple[str, str, tuple[str, ...], list[str]]]:
    rows = (*document.agreements, *document.agenda)
    return [(row.number, row.text, row.leads, [str(one.reading.due) for one in row.phrases]) for row in rows]


TITLE = "Afspraken over wonen, zorg en de leefbaarheid in alle kernen samen 2027"
STRUCK = "#strike[1 maart 2027] 1 november 2027"
TABLE = "#table(columns: (auto, 1fr, auto, auto), [Nr.], [Afspraak], [Trekker], [Datum], {})"


@pytest.mark.parametrize(
    "source",
    [
        TABLE.format(f"[3.1], [Clavis bouwt.], [Clavis], [{STRUCK}]"),
        TABLE.replace("columns:", "stroke: none, columns:").format(f"[3.1], [Clavis bouwt.], [Clavis], [{STRUCK}]"),
        TABLE.format("[3.1], [Clavis bouwt. #strike[En sloopt vóór 1 mei 2027.]], [Clavis], [1 november 2027]"),
        TABLE.format("[3.1], [#underline[Clavis bouwt].], [Clavis], [#strike[Q3 2027] #underline[1 november 2027]]"),
    ],
)
@pytest.mark.parametrize("tagged", [True, False], ids=["tagged", "untagged"])
def test_words_with_a_stroke_through_them_are_not_read_and_that_is_said(read: Read, source: str, tagged: bool) -> None:
    document = read("a.pdf", pdf(source, tagged=tagged))

    assert said(document) == [("3.1", "Clavis bouwt.", ("clavis",), ["2027-11-01"])]
    assert [fault.what.split("“")[0] for fault in document.problems] == ["Doorgestreepte tekst is niet gelezen: "]


def test_a_struck_out_sentence_in_running_text_is_not_read(read: Read) -> None:
    document = read(
        "a.pdf",
        pdf("1.1 Clavis bouwt #strike[vóór 1 mei 2027] eind 2027 zes huizen.\n\n#strike[1.2 WZV sloopt in mei 2027.]"),
    )

    assert said(document) == [("1.1", "Clavis bouwt eind 2027 zes huizen.", ("clavis",), ["2027-12-31"])]
    assert len(document.problems) == 2


def test_heads_feet_and_page_numbers_stand_in_no_sentence(read: Read) -> None:
    words = "Wij kiezen voor wijken waar oud en jong naast elkaar kunnen wonen, met groen en een winkel om de hoek. "
    head = "header: [Raamovereenkomst Terneuzen]"
    foot = "footer: context [Wonen in balans, blad #counter(page).display()]"
    text = f"1.1 Clavis bouwt eind 2027 zes huizen. {words * 14}\n\n1.2 WZV sloopt in mei 2027."
    document = read("a.pdf", pdf(f"#set page(width: 14cm, height: 11cm, {head}, {foot})\n{text}"))

    assert [(row.number, row.leads) for row in document.agreements] == [("1.1", ("clavis",)), ("1.2", ("wzv",))]
    assert [tidy(row.text).count(word) for row in document.agreements for word in ("Raam", "balans")] == [0, 0, 0, 0]
    assert [(one.text, one.why) for one in document.unused] == [
        ("Raamovereenkomst Terneuzen", "lopende tekst"),
        ("Wonen in balans, blad 1", "voet van de bladzijde"),
    ]


def test_text_in_two_columns_is_read_column_by_column(read: Read) -> None:
    words = "Wij kiezen voor gemengde wijken waar oud en jong naast elkaar kunnen wonen en waar ruimte is voor zorg. "
    document = read(
        "a.pdf",
        pdf(
            "#set page(columns: 2)\n#set par(justify: true)\n#set text(hyphenate: true)\n"
            f'#place(top, scope: "parent", float: true)[= {TITLE}]\n{words * 3}\n\n'
            f"1.1 Clavis opent vóór 1 mei 2027 een loket. {words * 18}\n\n"
            f"1.2 De gemeente kiest uiterlijk 1 juli 2027 een plek voor flexwonen. {words * 12}\n\n"
            f"1.3 WZV biedt in oktober 2027 woningen aan. {words * 3}"
        ),
    )

    assert [(number, leads, days) for number, _, leads, days in said(document)] == [
        ("1.1", ("clavis",), ["2027-04-30"]),
        ("1.2", ("gemeente",), ["2027-07-01"]),
        ("1.3", ("wzv",), ["2027-10-31"]),
    ]
    assert {tidy(text).replace(words.strip(), "").strip() for _, text, _, _ in said(document)} == {
        "Clavis opent vóór 1 mei 2027 een loket.",
        "De gemeente kiest uiterlijk 1 juli 2027 een plek voor flexwonen.",
        "WZV biedt in oktober 2027 woningen aan.",
    }


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (("uitvoe-", "ring van het plan"), "uitvoering van het plan"),
        (("de woning-", "corporaties"), "de woningcorporaties"),
        (("uiter\u00ad", "lijk 1 septem\u00ad", "ber"), "uiterlijk 1 september"),
        (("Zeeuws-", "Vlaanderen"), "Zeeuws-Vlaanderen"),
        (("niet-DAEB-", "woningen"), "niet-DAEB-woningen"),
        (("2026-", "2029"), "2026-2029"),
        (("niet-", "zelfstandig"), "niet-zelfstandig"),
        (("zee-", "eend"), "zee-eend"),
        (("huur-", "en koopwoningen"), "huur- en koopwoningen"),
        (("huur- en koop-", "woningen"), "huur- en koopwoningen"),
        (("woning-corporaties", "doen mee"), "woning-corporaties doen mee"),
        (("e-", "mail"), "e-mail"),
    ],
)
def test_a_hyphen_that_only_ends_a_line_goes_and_one_of_the_word_stays(lines: tuple[str, ...], joined: str) -> None:
    assert join_wrapped(lines) == joined


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("de uitvoe- ring vóór 1 septem- ber 2027", "de uitvoering vóór 1 september 2027"),
        ("zorg- en welzijn, huur- of koop, vijf- à zesmaal", "zorg- en welzijn, huur- of koop, vijf- à zesmaal"),
        ("twee- tot driemaal, in- dan wel uitstroom", "twee- tot driemaal, in- dan wel uitstroom"),
        ("woon-, zorg- en welzijn", "woon-, zorg- en welzijn"),
        ("niet- zelfstandig", "niet-zelfstandig"),
        ("uiter\u00ad lijk 1 septem\u00adber", "uiterlijk 1 september"),
        ("SW- bedrijf; 2026- 2029", "SW- bedrijf; 2026- 2029"),
    ],
)
def test_a_word_broken_within_a_line_is_closed(written: str, meant: str) -> None:
    assert tidy(written) == meant
