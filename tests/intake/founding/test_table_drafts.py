"""The draft of a table out of its documents: who signed, when, for how long, and which steps their year has."""

from datetime import date
from pathlib import Path

import pytest

from cycle.domain.dutch import find
from cycle.domain.model import Conventions, PartyKind
from cycle.intake.document import DocumentRow, Phrase, ReadDocument
from cycle.intake.file_reading import read_document
from cycle.intake.founding.draft import CovenantDraft
from cycle.intake.founding.looking import look
from cycle.intake.founding.organisations import organisation
from cycle.intake.founding.parties import are_alike, slug_of
from cycle.intake.founding.steps_named import steps_in
from cycle.intake.founding.table import as_parties, municipalities, of_municipality, table_of, with_year
from cycle.settings import load_settings
from cycle.settings.library import library

ROOT = Path(__file__).parents[3]
MUNICIPALITY, CORPORATION, TENANTS = PartyKind.MUNICIPALITY, PartyKind.CORPORATION, PartyKind.TENANTS

NUMBERED = """# Meerjarenafspraken wonen gemeente Bergen op Zoom 2026-2029

Tussen:

1. Gemeente Bergen op Zoom, vertegenwoordigd door de wethouder wonen, hierna te noemen "de gemeente";
2. Stichting Stadlander, gevestigd te Bergen op Zoom, hierna "Stadlander";
3. Woonstichting De Zes Kernen (hierna: DZK);
4. Huurdersvereniging Bergen op Zoom, hierna te noemen HVBoZ;
5. Stichting Huurdersraad Zes Kernen.

De afspraken zijn getekend op 12 februari 2026 en worden daarna stilzwijgend met een jaar verlengd.

## 1. Betaalbaarheid

| Nr | Afspraak | Trekker | Termijn |
| --- | --- | --- | --- |
| 1.1 | Huurdersorganisaties adviseren over de huurverhoging | Stadlander en DZK | voor 15 maart 2027 |
| 1.2 | Er komt een monitor betaalbaarheid | gemeente | Q2 2027 |

## 2. Samenwerken

De corporaties brengen uiterlijk 15 juni hun bod uit. Het bestuurlijk overleg is in mei en november. De ambtelijke
werkgroep komt vier keer per jaar bij elkaar.
"""
SENTENCE = """Woonafspraken De Dalen 2027-2030

Vastgesteld op 3 maart 2027.

De gemeente De Dalen, Woongoed Oost-Veluwe (WOV), Thuisgoed en Huurdersvereniging Thuisgoed maken samen afspraken over
het wonen. De afspraken eindigen van rechtswege op 31 december 2030.

Namens Woongoed Oost-Veluwe,
Namens Thuisgoed,

Afspraak 1: Elk jaar voor 1 april sturen de corporaties een uitnodigingsbrief. Deze brief vervangt het bod. Trekker: WOV
Afspraak 2: De zorgtafel komt bijeen. Trekker: gemeente. Termijn: jaarlijks
"""


def draft(tmp_path: Path, name: str, text: str) -> CovenantDraft:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return drafted_of(file)


def drafted_of(*files: Path) -> CovenantDraft:
    table = table_of([look(file) for file in files])
    parties, groups = as_parties(table)
    documents = [read_document(file, parties=parties, groups=groups, conventions=Conventions()) for file in files]
    on_offer = {**load_settings(ROOT / "config.toml", {}).steps, **library().steps}
    return with_year(table, documents, on_offer, library())


@pytest.fixture(scope="module")
def numbered(tmp_path_factory: pytest.TempPathFactory) -> CovenantDraft:
    return draft(tmp_path_factory.mktemp("numbered"), "afspraken.md", NUMBERED)


@pytest.fixture(scope="module")
def sentence(tmp_path_factory: pytest.TempPathFactory) -> CovenantDraft:
    return draft(tmp_path_factory.mktemp("sentence"), "woonafspraken.txt", SENTENCE)


def test_a_numbered_list_of_parties_gives_each_with_its_kind_and_what_it_is_called_from_then_on(
    numbered: CovenantDraft,
) -> None:
    assert {one.name: (one.kind, one.aliases) for one in numbered.parties} == {
        "Gemeente Bergen op Zoom": (MUNICIPALITY, ("Bergen op Zoom", "gemeente")),
        "Stichting Stadlander": (CORPORATION, ("Stadlander",)),
        "Woonstichting De Zes Kernen": (CORPORATION, ("De Zes Kernen", "DZK")),
        "Huurdersvereniging Bergen op Zoom": (TENANTS, ("HVBoZ",)),
        "Stichting Huurdersraad Zes Kernen": (TENANTS, ()),
    }
    assert numbered.parties[0].slug == "gemeente"


def test_a_sentence_of_parties_tells_a_corporation_from_the_tenants_that_bear_its_name(sentence: CovenantDraft) -> None:
    assert {one.name: (one.kind, one.aliases) for one in sentence.parties} == {
        "Gemeente De Dalen": (MUNICIPALITY, ("De Dalen",)),
        "Woongoed Oost-Veluwe": (CORPORATION, ("WOV",)),
        "Thuisgoed": (CORPORATION, ()),
        "Huurdersvereniging Thuisgoed": (TENANTS, ()),
    }


def test_name_signing_and_term_come_from_the_document_and_whether_it_goes_on_by_itself(
    numbered: CovenantDraft, sentence: CovenantDraft
) -> None:
    def said(one: CovenantDraft) -> tuple[object, ...]:
        return one.slug, one.name, one.municipality, one.signed_on, one.term_start, one.term_end, one.renews

    assert said(numbered) == (
        "bergen-op-zoom",
        "Prestatieafspraken Bergen op Zoom",
        "Gemeente Bergen op Zoom",
        date(2026, 2, 12),
        date(2026, 1, 1),
        date(2029, 12, 31),
        True,
    )
    assert said(sentence) == (
        "de-dalen",
        "Prestatieafspraken De Dalen",
        "Gemeente De Dalen",
        date(2027, 3, 3),
        date(2027, 1, 1),
        date(2030, 12, 31),
        False,
    )


def test_the_steps_that_the_text_names_come_with_their_agreement_and_with_a_moment_that_differs(
    numbered: CovenantDraft,
) -> None:
    assert {one.name: (one.source, dict(one.moment), one.said) for one in numbered.steps} == {
        "voorjaarsoverleg": ((), {"window": ((5, 1), (5, 31))}, "in mei en november"),
        "najaarsoverleg": ((), {"window": ((11, 1), (11, 30))}, "in mei en november"),
        "werkgroep": ((), {"every": "quarter"}, "vier keer per jaar"),
        "bod-rvc": ((), {}, ""),
        "bod": ((), {"by": (6, 15)}, "uiterlijk 15 juni"),
        "huuradvies": (("1.1",), {"before": (3, 15)}, "voor 15 maart 2027"),
        "huurbrief": ((), {}, ""),
    }


def test_what_the_text_says_it_replaces_is_no_step(sentence: CovenantDraft) -> None:
    assert [(one.name, one.source) for one in sentence.steps] == [("uitnodigingsbrief", ("1",)), ("zorgtafel", ("2",))]


def test_each_moment_that_differs_and_each_party_in_doubt_is_asked(numbered: CovenantDraft) -> None:
    assert sorted(question.about for question in numbered.questions) == [
        "parties",
        "steps.bod",
        "steps.huuradvies",
        "steps.najaarsoverleg",
        "steps.voorjaarsoverleg",
        "steps.werkgroep",
    ]
    assert [one.what for one in numbered.questions if one.about == "parties"] == [
        "Wat voor partij is Stichting Stadlander?"
    ]


def test_a_document_that_says_nothing_of_its_table_is_asked_for_everything(tmp_path: Path) -> None:
    empty = draft(tmp_path, "lijst.csv", "Nr;Actie;Wie;Wanneer\n1;Plan maken;Team Zuid;1 mei 2027\n")

    assert (empty.parties, empty.signed_on, empty.term_end) == ((), None, None)
    assert [step.name for step in empty.steps] == ["looptijd"]  # nothing of a year that the text does not name
    assert [question.what for question in empty.questions] == [
        "Wie is “Team Zuid”? Deze naam staat alleen bij de trekkers.",
        "Van welke gemeente zijn deze afspraken?",
        "Welke woningcorporatie doet mee?",
        "Welke huurdersorganisatie doet mee?",
        "De dag van ondertekening staat er niet in.",
        "De looptijd staat er niet in.",
        "De tekst noemt geen stappen van het jaar.",
    ]


@pytest.mark.parametrize("number", [0, 1])
def test_the_real_agreement_gives_its_five_parties_and_the_steps_of_its_own_chapter(
    number: int,
) -> None:
    seed_files = sorted((ROOT.parent / "shared" / "seeds").glob("*.txt"))
    if not seed_files:
        pytest.skip("the seeds lie outside the project, in ../shared/seeds")
    drafted = drafted_of(seed_files[number])

    kinds = [MUNICIPALITY, CORPORATION, CORPORATION, TENANTS, TENANTS]
    assert [one.kind for one in drafted.parties] == kinds
    assert {one.name for one in drafted.parties} == {
        "Gemeente Terneuzen",
        "Clavis",
        "Woongoed Zeeuws-Vlaanderen",
        "Bewonersraad Clavis",
        "Huurdersorganisatie SHB",
    }
    assert (drafted.signed_on, drafted.term_end, drafted.renews) == (date(2022, 9, 19), date(2025, 12, 31), True)
    assert {one.name: one.source for one in drafted.steps if one.source} == {
        "uitnodigingsbrief": ("5.9",),
        "voorjaarsoverleg": ("5.1",),
        "uitvoeringsagenda": ("5.3", "5.9"),
        "najaarsoverleg": ("5.1",),
        "werkgroep": ("5.2",),
        "bouwtafel": ("1.1.3",),
        "zorgtafel": ("3.3",),
        "wijkschouw": ("4.2",),
        "looptijd": ("5.6", "5.7"),
        "huuradvies": ("1.2.1",),
        "ibr": ("5.4",),
    }
    assert len(drafted.questions) <= 3


@pytest.mark.parametrize(
    ("words", "name", "kind"),
    [
        ("Gemeente 's-Hertogenbosch", "Gemeente 's-Hertogenbosch", MUNICIPALITY),
        ("de gemeente Hof van Twente", "Gemeente Hof van Twente", MUNICIPALITY),
        ("woningcorporatie Mooiland", "Mooiland", CORPORATION),
        ("Woningbouwvereniging Beter Wonen", "Woningbouwvereniging Beter Wonen", CORPORATION),
        ("Wonen Limburg", "Wonen Limburg", CORPORATION),
        ("Huurdersbelangenvereniging De Pijler", "Huurdersbelangenvereniging De Pijler", TENANTS),
        ("HBV Thuis", "HBV Thuis", TENANTS),
        ("Stichting Rijswijk Buiten", "Stichting Rijswijk Buiten", None),
        ("Corporaties en gemeente", None, None),
        ("Huurders", None, None),
        ("een plan voor de wijk", None, None),
    ],
)
def test_organisations_are_known_by_the_words_before_their_name(
    words: str, name: str | None, kind: PartyKind | None
) -> None:
    named = organisation(words)

    assert (named and named.name, named and named.kind) == (name, kind)


@pytest.mark.parametrize(
    ("name", "other", "alike"),
    [
        ("Woongoed Zeeuws-Vlaanderen", "Woongood ZVL", True),
        ("Woongoed Zeeuws-Vlaanderen", "WZV", True),
        ("De Zes Kernen", "DZK", True),
        ("Stadlander", "Stadlandeer", True),
        ("Wonen Noord", "Wonen Zuid", False),
        ("Thuis", "Thuisgoed", False),
        ("De Zes Kernen", "KDZ", False),
    ],
)
def test_another_way_to_write_a_name_is_told_from_another_name(name: str, other: str, alike: bool) -> None:
    assert (are_alike(name, other), are_alike(other, name)) == (alike, alike)


GOES = "Gemeente Goes, {} en Huurdersvereniging Goes maken afspraken.\n\n1.1 De gemeente levert in 2027 grond.\n"


@pytest.mark.parametrize(
    ("text", "name", "kind", "aliases"),
    [
        (GOES.format("RWS Wonen (hierna: RWS)"), "RWS Wonen", CORPORATION, ("RWS",)),
        (GOES.format("l'escaut"), "L'escaut", CORPORATION, ()),
        (GOES.format("’thuis"), "’thuis", CORPORATION, ()),
        (GOES.format("R.W.S."), "R.W.S.", CORPORATION, ()),
        (GOES.format("Dorpsraad Kloetinge"), "Dorpsraad Kloetinge", PartyKind.VILLAGE, ("Kloetinge",)),
        (GOES.format("Provincie Zeeland"), "Provincie Zeeland", PartyKind.PROVINCE, ("Zeeland",)),
        (GOES.format("zorgorganisatie SVRZ"), "Zorgorganisatie SVRZ", PartyKind.CARE, ("SVRZ",)),
        ("- Gemeente Goes\n- Domesta\n- Huurdersvereniging Goes\n", "Domesta", CORPORATION, ()),
        ("Namens de gemeente Goes,\nA. Jansen\n\nNamens Domesta,\nB. Jansen\n", "Domesta", CORPORATION, ()),
    ],
)
def test_a_party_is_found_wherever_those_who_signed_are_named(
    tmp_path: Path, text: str, name: str, kind: PartyKind, aliases: tuple[str, ...]
) -> None:
    drafted = draft(tmp_path, "convenant.md", f"# Convenant Goes\n\n{text}")

    assert {(one.name, one.kind, one.aliases) for one in drafted.parties} >= {(name, kind, aliases)}
    assert [one.aliases for one in drafted.parties if one.slug == "gemeente"] == [("Goes",)]


def test_a_name_that_two_parties_bear_is_neithers_and_is_asked(tmp_path: Path) -> None:
    text = "- Gemeente Goes, hierna: Goes\n- Woonstichting Goes\n- Huurdersvereniging Goes\n"
    drafted = draft(tmp_path, "convenant.md", f"# Convenant\n\n{text}")

    assert {one.name: one.aliases for one in drafted.parties} == {
        "Gemeente Goes": (),
        "Woonstichting Goes": (),
        "Huurdersvereniging Goes": (),
    }
    assert "Wie is “Goes”? Zo heet Gemeente Goes, en een andere partij ook." in [one.what for one in drafted.questions]


def test_who_leads_a_step_by_the_text_goes_before_who_usually_does_and_is_asked(tmp_path: Path) -> None:
    table = "| Nr | Afspraak | Trekker |\n|---|---|---|\n| 1.3 | Elk jaar volgt een uitnodigingsbrief. | Gemeente |\n"
    drafted = draft(tmp_path, "convenant.md", f"# Convenant Goes\n\n{GOES.format('RWS Wonen')}\n{table}")

    assert [(one.name, one.source, one.leads) for one in drafted.steps] == [
        ("uitnodigingsbrief", ("1.3",), ("gemeente",))
    ]
    assert "Uitnodigingsbrief: volgens de tekst trekt Gemeente Goes, gewoonlijk RWS Wonen." in [
        one.what for one in drafted.questions
    ]


@pytest.mark.parametrize(
    ("said", "signed", "end"),
    [
        ("Zij gelden van 1 juli 2026 tot 1 juli 2030.", None, date(2030, 6, 30)),
        ("Zij gelden van 1 januari 2027 tot 31 december 2030.", None, date(2030, 12, 31)),
        ("Partijen kwamen op 1 februari 2026 bijeen en ondertekenden op 3 maart 2026.", date(2026, 3, 3), None),
        ("De vorige afspraken zijn ondertekend op 4 december 2022.", None, None),
        ("Vastgesteld op 5 mei 2026 door de raad.\n\nOndertekend op 1 juni 2026.", date(2026, 6, 1), None),
    ],
)
def test_term_and_signing_are_those_of_this_agreement(
    tmp_path: Path, said: str, signed: date | None, end: date | None
) -> None:
    drafted = draft(tmp_path, "convenant.md", f"# Convenant Goes\n\n{said}\n")

    assert (drafted.signed_on, drafted.term_end) == (signed, end)


def steps_said(text: str) -> tuple[dict[str, tuple[dict[str, object], str]], list[str]]:
    """The steps of an agreement, with their moment and what they are like; and what is asked of them."""
    on_offer = {**load_settings(ROOT / "config.toml", {}).steps, **library().steps}
    phrases = tuple(Phrase(each.phrase, each.reading) for each in find(text, date(2027, 1, 1)))
    row = DocumentRow("5.1", "", text, "", "", (), phrases, "regel 1", "")
    steps, asked = steps_in([ReadDocument("a.md", (row,))], on_offer, library().words, library().needs)
    return {one.name: (dict(one.moment), one.like) for one in steps}, [one.what for one in asked]


def month(number: int, last: int) -> dict[str, object]:
    return {"window": ((number, 1), (number, last))}


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        (
            "Partijen komen drie keer per jaar bijeen: in maart, juni en november.",
            {
                "voorjaarsoverleg": (month(3, 31), ""),
                "najaarsoverleg": (month(11, 30), ""),
                "overleg-juni": (month(6, 30), "voorjaarsoverleg"),
            },
        ),
        (
            "De bestuurlijke stuurgroep vergadert in februari, mei, september en november.",
            {
                "voorjaarsoverleg": (month(2, 28), ""),
                "najaarsoverleg": (month(11, 30), ""),
                "overleg-mei": (month(5, 31), "voorjaarsoverleg"),
                "overleg-september": (month(9, 30), "voorjaarsoverleg"),
            },
        ),
        (
            "Ieder jaar in januari en juni is er bestuurlijk overleg.",
            {"voorjaarsoverleg": (month(1, 31), ""), "najaarsoverleg": (month(6, 30), "")},
        ),
        (
            "Wij komen minimaal twee keer per jaar bestuurlijk bijeen (april en oktober).",
            {"voorjaarsoverleg": ({}, ""), "najaarsoverleg": ({}, "")},
        ),
        ("Het ambtelijk overleg komt iedere zes weken bijeen.", {"werkgroep": ({"every": "month"}, "")}),
        ("Een ambtelijke werkgroep komt zes keer per jaar bij elkaar.", {"werkgroep": ({"every": "quarter"}, "")}),
        ("De corporaties brengen voor 1 juli hun bod uit.", {"bod-rvc": ({}, ""), "bod": ({"before": (7, 1)}, "")}),
        ("Elk kwartaal is er een overleg over de voortgang.", {"kwartaaloverleg": ({}, "")}),
    ],
)
def test_meetings_are_as_many_and_in_the_months_that_the_text_says(
    text: str, steps: dict[str, tuple[dict[str, object], str]]
) -> None:
    assert steps_said(text)[0] == steps


def test_only_what_the_text_leaves_open_is_asked_of_a_step() -> None:
    assert steps_said("De corporaties brengen voor 1 juli hun bod uit.")[1] == []
    assert steps_said("Het bestuurlijk overleg is drie keer per jaar.")[1] == [
        "Voorjaarsoverleg: de tekst zegt “drie keer per jaar” en niet in welke maanden; dit is er één van.",
        "Najaarsoverleg: de tekst zegt “drie keer per jaar” en niet in welke maanden; dit is er één van.",
    ]
    assert steps_said("De ambtelijke werkgroep komt zes keer per jaar bijeen.")[1] == [
        "Ambtelijke werkgroep: de tekst zegt “zes keer per jaar”, gewoonlijk is het 4 weken voor Voorjaarsoverleg of "
        "Najaarsoverleg.",
        "Ambtelijke werkgroep: “zes keer per jaar” kan een stap niet zeggen; het dichtst daarbij is elk kwartaal.",
    ]


def test_running_text_that_says_when_names_a_step_and_what_only_mentions_it_does_not(tmp_path: Path) -> None:
    text = "Op 15 juni ligt er een bod. Over de kadernota is gesproken.\n\n1.1 De gemeente levert grond.\n"
    drafted = draft(tmp_path, "convenant.md", f"# Convenant Goes\n\n{text}")

    assert {one.name: dict(one.moment) for one in drafted.steps} == {"bod-rvc": {}, "bod": {"by": (6, 15)}}


def test_a_short_name_ends_with_a_whole_word() -> None:
    assert slug_of("Huurdersbelangenvereniging Samen Sterk Noord-Holland") == "huurdersbelangenvereniging-samen-sterk"
    assert slug_of("a" * 50) == "a" * 40


def test_of_several_municipalities_none_is_picked_and_the_one_that_a_person_picks_is_the_gemeente(
    tmp_path: Path,
) -> None:
    file = tmp_path / "afspraken.md"
    file.write_text(TWO_MUNICIPALITIES, encoding="utf-8")
    draft = table_of([look(file)])
    [question] = [one.what for one in draft.questions if one.about == "municipality"]
    of_second = of_municipality(draft, "Gemeente Schelderand")

    assert (draft.municipality, draft.slug) == ("", "waterdal-en-schelderand")
    assert question.startswith("Er staan 2 gemeenten in: Gemeente Waterdal en Gemeente Schelderand.")
    assert municipalities(draft) == ("Gemeente Waterdal", "Gemeente Schelderand")
    assert (of_second.municipality, of_second.slug) == ("Gemeente Schelderand", "schelderand")
    assert [(one.slug, one.name) for one in of_second.parties][:2] == [
        ("waterdal", "Gemeente Waterdal"),
        ("gemeente", "Gemeente Schelderand"),
    ]
    assert [one for one in of_second.questions if one.about == "municipality"] == []


TWO_MUNICIPALITIES = """# Regionale prestatieafspraken 2027-2030

Tussen:

1. Gemeente Waterdal, vertegenwoordigd door de wethouder wonen;
2. Gemeente Schelderand, vertegenwoordigd door de wethouder wonen;
3. Woonstichting De Kade, hierna "De Kade";
4. Huurdersvereniging De Kade.

Getekend op 14 december 2026.
"""


def test_a_name_that_leads_and_is_short_for_one_party_is_that_party_and_asked(tmp_path: Path) -> None:
    drafted = draft(tmp_path, "afspraken.md", SHORTENED)

    assert {one.name: (one.kind, one.aliases) for one in drafted.parties} == {
        "Gemeente Meerwijk": (MUNICIPALITY, ("Meerwijk",)),
        "Woonstichting Lindehof": (CORPORATION, ("Lindehof",)),
        "De Brink Wonen": (CORPORATION, ("De Brink",)),
        "HBV Lindehof": (TENANTS, ()),
        "Bewonersvereniging De Brink": (TENANTS, ("BV De Brink",)),
    }
    assert [one.what for one in drafted.questions if one.about == "parties"] == [
        "Is “De Brink” een andere naam voor De Brink Wonen?",
        "Is “BV De Brink” een andere naam voor Bewonersvereniging De Brink?",
    ]


def test_a_sentence_without_a_lead_does_not_lend_its_step_that_of_the_sentence_beside_it(tmp_path: Path) -> None:
    drafted = draft(tmp_path, "afspraken.md", SHORTENED)

    assert {one.name: one.leads for one in drafted.steps if "overleg" in one.name} == {
        "voorjaarsoverleg": (),
        "najaarsoverleg": (),
    }


def test_the_title_of_a_pact_is_no_party_and_further_is_no_hereafter(tmp_path: Path) -> None:
    drafted = draft(tmp_path, "pact.txt", PACT)

    assert [(one.name, one.aliases) for one in drafted.parties] == [
        ("Gemeente Oostwolde", ("Oostwolde",)),
        ("Wonen aan de Wolde", ("WadW",)),
        ("Huurdersplatform Oostwolde", ()),
    ]
    assert (drafted.term_start, drafted.term_end, drafted.renews) == (date(2027, 1, 1), date(2031, 12, 31), False)


SHORTENED = """# Prestatieafspraken Meerwijk

Gemeente Meerwijk · Woonstichting Lindehof · De Brink Wonen · HBV Lindehof · Bewonersvereniging De Brink

| Nr. | Wat spreken we af | Wie is aan zet | Wanneer klaar |
|---|---|---|---|
| A1 | De Brink Wonen verkoopt tien woningen. | De Brink | jaarlijks |
| B1 | De huurders adviseren over de huur. | HBV Lindehof en BV De Brink | voor 1 maart |
| B2 | Er komt een campagne over toeslagen. | Gemeente Meerwijk | najaar 2027 |

## 3. Zo werken we samen

Het bestuurlijk overleg komt twee keer per jaar bijeen, in april en in oktober. De corporaties sturen hun bod uiterlijk
1 juli. Partijen tekenen de jaarschijf uiterlijk 15 december.
"""
PACT = """WOONPACT OOSTWOLDE

Samen verder tot en met 2031

De gemeente Oostwolde, in deze vertegenwoordigd door wethouder P. Hoekstra, verder "Oostwolde";

Wonen aan de Wolde, statutair gevestigd in Oostwolde, verder "WadW";

en het Huurdersplatform Oostwolde,

verklaren op 20 november 2026 het volgende te zijn overeengekomen.

Dit pact geldt vanaf 1 januari 2027 voor vijf jaar. Het pact wordt niet stilzwijgend verlengd.

Namens de gemeente Oostwolde: P. Hoekstra

Namens Wonen aan de Wolde: M. Faber

Namens het Huurdersplatform Oostwolde: T. Visser
"""
