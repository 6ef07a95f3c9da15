"""Letters as people see them: greetings that are right, colours that can be read, references that come once."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cycle.domain.letters import (
    asks_about_date,
    asks_before_sending,
    called,
    colour_of,
    contrast_on_white,
    greeting,
    kind_word,
    look_at_address_lines,
    look_at_colour,
    look_at_pattern,
    readable,
    reference_of,
    salutation_of,
    strange_day_of_sending,
)
from cycle.domain.model import PartyKind
from cycle.errors import Refused


@pytest.mark.parametrize(
    ("kind", "body", "name", "greeted"),
    [
        (PartyKind.MUNICIPALITY, "", "", "Geacht college"),
        (PartyKind.MUNICIPALITY, "College van burgemeester en wethouders", "", "Geacht college"),
        (PartyKind.MUNICIPALITY, "Wethouder wonen", "mevrouw A.B. de Boer", "Geachte mevrouw De Boer"),
        (PartyKind.MUNICIPALITY, "", "mevrouw prof. dr. ir. A.-M. van ’t Hof", "Geachte mevrouw Van ’t Hof"),
        (PartyKind.MUNICIPALITY, "", "de heer Chr.J. Bos", "Geachte heer Bos"),
        (PartyKind.MUNICIPALITY, "Wethouder wonen", "dhr. J. van 't Hof", "Geachte heer Van 't Hof"),
        (PartyKind.TENANTS, "", "", "Geacht bestuur"),
        (PartyKind.TENANTS, "Het bestuur", "Sam Bakker", "Geachte Sam Bakker"),
        (PartyKind.PARTNER, "Afdeling wonen", "", "Geachte lezer"),
    ],
)
def test_a_greeting_is_right_by_what_is_known_and_neutral_by_what_is_not(kind, body, name, greeted):
    assert salutation_of(kind, body, name) == greeted


def test_all_addressees_are_greeted_in_one_line_each_once():
    assert greeting(["Geacht college", "Geacht bestuur,"]) == "Geacht college, geacht bestuur,"
    assert greeting(["Geacht college", "Geacht bestuur,", "Geacht bestuur"]) == "Geacht college, geachte besturen,"
    assert greeting(["Beste Jan", "Beste Jan"]) == "Beste Jan,"
    assert greeting([]) == "Geachte lezer,"


def test_black_and_white_are_the_ends_of_contrast():
    assert contrast_on_white("#000000") == pytest.approx(21)
    assert contrast_on_white("#ffffff") == pytest.approx(1)
    assert contrast_on_white("#767676") >= 4.5 > contrast_on_white("#777777")
    assert [colour_of(text) for text in ("17375E", " #17375e ", "blauw", "#123")] == ["#17375e", "#17375e", None, None]


@given(st.integers(0, 0xFFFFFF))
def test_what_is_proposed_for_a_colour_can_be_read_and_a_readable_one_stays(number):
    colour = f"#{number:06x}"
    assert contrast_on_white(readable(colour)) >= 4.5
    assert readable(readable(colour)) == readable(colour)


def test_a_reference_has_the_year_and_the_first_number_that_is_free():
    assert reference_of("PA-{jaar}-{nummer}", 2027, ["PA-2027-001"]) == "PA-2027-002"
    assert reference_of("Z/{jaar}", 2027, []) == "Z/2027"
    assert reference_of("", 2027, []) == ""


def test_what_cannot_stand_in_a_house_style_is_refused_with_what_could():
    assert [look_at_pattern(text) for text in ("PA-{jaar}-{nummer}", "vast")] == ["PA-{jaar}-{nummer}", "vast"]
    assert (look_at_colour("17375E"), look_at_colour(""), look_at_address_lines(("a",) * 6)) == (
        "#17375e",
        "",
        ("a",) * 6,
    )
    pattern = ("Het kenmerk kent alleen {jaar} en {nummer}.", "Schrijf bijvoorbeeld PA-{jaar}-{nummer}.")
    light = "Deze kleur is op wit papier te licht om te lezen (1,0; nodig is 4,5)."
    for look, value, said in (
        (look_at_pattern, "{dag}", pattern),
        (look_at_pattern, "{", pattern),
        (look_at_colour, "blauw", ("Dit is geen kleur.", "Schrijf hem als #17375e.")),
        (look_at_colour, "#fffff0", (light, f"Neem bijvoorbeeld {readable('#fffff0')}.")),
        (
            look_at_address_lines,
            ("a" * 161,),
            ("Een regel van een adres heeft hoogstens 160 tekens.", "Zet een deel op een eigen regel."),
        ),
        (look_at_address_lines, ("a",) * 7, ("Een adres heeft hoogstens 6 regels.", "Haal een regel weg.")),
    ):
        with pytest.raises(Refused) as refused:
            look(value)
        assert (refused.value.what, refused.value.hint) == said


def test_the_kind_of_a_letter_follows_from_its_step():
    assert kind_word("uitnodigingsbrief", "Uitnodigingsbrief") == "uitnodiging"
    assert kind_word("bod", "Bod van de corporaties") == "bod"
    assert kind_word("afspraken-verzonden", "Prestatieafspraken naar de minister") == "toezending"
    assert kind_word("aanbod-woningen", "Aanbodbrief") == "brief"


def test_a_date_that_lies_ahead_or_long_ago_is_asked_about():
    sent = date(2027, 3, 20)
    assert asks_about_date(sent, sent) == asks_about_date(date(2027, 2, 17), sent) == ()
    assert asks_about_date(date(2027, 4, 1), sent) == (
        "Op de brief staat 1 april 2027. Die dag is nog niet geweest. Toch nu versturen?",
    )
    assert asks_about_date(date(2027, 2, 16), sent) == (
        "Op de brief staat 16 februari 2027. Dat is 32 dagen geleden. Toch zo versturen?",
    )
    assert [
        strange_day_of_sending(year, day, sent)
        for year, day in (
            (2027, date(2027, 3, 20)),
            (2027, date(2027, 3, 21)),
            (2027, date(2026, 12, 31)),
            (2025, date(2026, 3, 19)),
            (2025, date(2026, 3, 18)),
        )
    ] == [
        "",
        "21 maart 2027 is nog niet geweest.",
        "31 december 2026 ligt vóór 2027, het jaar van de brief.",
        "",
        "18 maart 2026 is meer dan een jaar geleden.",
    ]


def test_what_looks_strange_about_sending_is_asked():
    def asked(day, due=date(2027, 3, 31), agreed="vóór 1 april"):
        return asks_before_sending(2027, day, due=due, agreed=agreed)

    assert asked(date(2027, 3, 31)) == ()
    assert asked(date(2027, 4, 1)) == ("Afgesproken is: versturen vóór 1 april. Dat is voorbij. Toch versturen?",)
    assert asked(date(2027, 6, 1), date(2027, 7, 1), "uiterlijk donderdag 1 juli 2027") == ()
    assert asked(date(2027, 6, 1), None, "") == ()
    assert asked(date(2026, 12, 1)) == ("Deze brief is van 2027, en het is nu 2026. Toch nu versturen?",)
    assert asked(date(2028, 1, 1)) == ("Deze brief is van 2027; dat jaar is voorbij. Toch versturen?",)


def test_a_letter_beside_a_bod_or_signed_agreements_is_called_the_letter_and_not_what_goes_along():
    assert [called(step, 2027) for step in ("", "uitnodigingsbrief", "bod", "afspraken-verzonden", "huur-brief")] == [
        "Uitnodigingsbrief 2027",
        "Uitnodigingsbrief 2027",
        "Brief bij het bod 2027",
        "Brief bij de afspraken 2027",
        "Huur brief 2027",
    ]
