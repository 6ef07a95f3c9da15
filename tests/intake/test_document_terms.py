"""For how long a document says that it holds, and when it was signed, in the wordings of real agreements."""

from datetime import date

import pytest

from cycle.intake.document_terms import is_open_ended, signed_in, term_in

FOUR_YEARS = (date(2027, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("said", "title", "term"),
    [
        ("Looptijd vier jaar vanaf 1 januari 2027.", "", FOUR_YEARS),
        ("Zij zijn geldig vanaf 1 januari 2027 voor een periode van 4 jaar.", "", FOUR_YEARS),
        ("De overeenkomst heeft een duur van 48 maanden, ingaande op 1 januari 2027.", "", FOUR_YEARS),
        ("Zij wordt aangegaan voor een periode van vier jaar en gaat in op 1 januari 2027.", "", FOUR_YEARS),
        ("Looptijd: 2027 tot en met 2030", "", FOUR_YEARS),
        ("Wij maken afspraken voor de jaren 2027 tot en met 2030.", "", FOUR_YEARS),
        ("De afspraken gelden voor de kalenderjaren 2027, 2028, 2029 en 2030.", "", FOUR_YEARS),
        ("2027 | 2028 | 2029 | 2030", "", FOUR_YEARS),
        ("Het akkoord loopt tot 1 januari 2031 en is ingegaan op 1 januari 2027.", "", FOUR_YEARS),
        ("Het convenant gaat in op 1 januari 2027 en eindigt op 31 december 2030.", "", FOUR_YEARS),
        ("Ingangsdatum 1 januari 2027. Einddatum 31 december 2030.", "", FOUR_YEARS),
        ("Deze overeenkomst geldt tot en met 31 december 2030.", "Raamovereenkomst 2027 – 2030", FOUR_YEARS),
        ("Looptijd: 1 januari 2027 - 31 december 2030", "", FOUR_YEARS),
        ("Zij hebben betrekking op het jaar 2027.", "", (date(2027, 1, 1), date(2027, 12, 31))),
        ("De afspraken gaan over 2027 en 2028.", "", (date(2027, 1, 1), date(2028, 12, 31))),
        ("Zij kan na 31 december 2030 met een jaar worden verlengd.", "", None),
        (
            "Gesloten voor de duur van drie jaar, te rekenen vanaf 1 januari 2027, en kan worden verlengd.",
            "",
            (date(2027, 1, 1), date(2029, 12, 31)),
        ),
        ("De looptijd is vijf jaren, ingaande op 1 maart 2026.", "", (date(2026, 3, 1), date(2031, 2, 28))),
        ("De vorige afspraken liepen tot en met 31 december 2026.", "", None),
        ("In 2026 en 2027 bouwen wij.", "", None),
        ("De proef heeft een looptijd van een jaar, vanaf 1 februari 2027.", "", (date(2027, 2, 1), date(2028, 1, 31))),
        ("De duur is één jaar vanaf 1 februari 2027.", "", (date(2027, 2, 1), date(2028, 1, 31))),
    ],
)
def test_a_term_is_read_in_days_in_years_and_as_so_many_years_from_a_day(
    said: str, title: str, term: tuple[date, date] | None
) -> None:
    assert term_in([said], title) == term


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("Datum: 14 december 2026", date(2026, 12, 14)),
        ("Datum ondertekening 27 november 2025", date(2025, 11, 27)),
        ("Vastgesteld: 1 december 2026 Looptijd: 1 januari 2027 - 31 december 2027", date(2026, 12, 1)),
        ("Aldus overeengekomen en getekend te Goes op 14 december 2026", date(2026, 12, 14)),
        ("Ondertekend op donderdag 10 december 2026 in het stadhuis te Kampen door:", date(2026, 12, 10)),
        ("Aldus opgemaakt in vijfvoud en ondertekend op 24 juni 2026 te Oud-Beijerland.", date(2026, 6, 24)),
        ("Plaats en datum: Leerdam, 7 december 2026", date(2026, 12, 7)),
        ("Sneek, d.d. 17-12-2026", date(2026, 12, 17)),
        ("Bergen op Zoom, 8 december 2025.", date(2025, 12, 8)),
        ("datum: 15 januari 2026    datum: 15 januari 2026    datum: 16 januari 2026", date(2026, 1, 16)),
        ("Vastgesteld in het bestuurlijk overleg van 9 december 2025", date(2025, 12, 9)),
        ("De corporaties bieden voor 1 juli 2027. Voor 15 december worden de afspraken ondertekend.", None),
        ("De afspraken worden voor 15 december 2027 ondertekend.", None),
        ("De vorige afspraken zijn getekend op 4 december 2022.", None),
    ],
)
def test_the_day_of_signing_stands_behind_a_verb_a_label_or_a_place(said: str, day: date | None) -> None:
    assert signed_in([said]) == day


def test_what_holds_until_somebody_ends_it_has_no_term() -> None:
    assert is_open_ended(["Zij treedt in werking op de dag van ondertekening en geldt voor onbepaalde tijd."])
    assert not is_open_ended(["Zij geldt vier jaar."])
