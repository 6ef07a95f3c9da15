"""covenant.toml in Dutch: keys, kinds and roles as a secretary writes them, partners, and sentences for other words."""

from datetime import date
from pathlib import Path

import pytest

from cycle.domain.model import Party, PartyKind, Role
from cycle.domain.parties import all_slugs
from cycle.errors import SettingsError
from cycle.intake.covenant import CovenantFile, CovenantMail, GroupEntry, PartyEntry, PersonEntry, read_covenant
from cycle.intake.covenant_words import KEYS, KINDS
from cycle.intake.covenant_words import ROLES as ROLE_WORDS
from cycle.intake.leads import resolve_leads

TODAY = date(2026, 11, 1)
DUTCH = """
korte_naam = "veere"
naam = "Prestatieafspraken Veere"
gemeente = "Gemeente Veere"
ondertekend_op = 2025-12-01
looptijd_van = 2026-01-01
looptijd_tot = 2029-12-31
loopt_door = "nee"
begint_op = 2026-11-01
schoolregio = "zuid"
verzendtijd = "09.00"
jaar = ["bod"]

[post]
afzender = "Secretariaat <wonen@veere.example>"
telefoon = "0118 - 00 00 00"

[[partijen]]
korte_naam = "gemeente"
naam = "Gemeente Veere"
soort = "gemeente"

[[partijen]]
korte_naam = "zorgsaam"
naam = "ZorgSaam"
soort = "Zorg"
andere_namen = ["Zorg Saam"]

[groepen.allen]
leden = ["gemeente", "zorgsaam"]

[[mensen]]
naam = "Team Wonen"
adres = "Wonen@veere.example"
partij = "gemeente"
rollen = ["trekker", "secretariaat", "Wethouder"]
afspraken = ["1.1"]
themas = ["2"]
vanaf = 2026-01-01
tot_en_met = 2027-12-31

[stappen.wijkschouw]
off = true
"""


def written(folder: Path, text: str) -> Path:
    (folder / "covenant.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_file_in_dutch_words_says_what_one_in_english_words_does(tmp_path: Path) -> None:
    assert read_covenant(written(tmp_path, DUTCH), TODAY) == CovenantFile(
        slug="veere",
        name="Prestatieafspraken Veere",
        municipality="Gemeente Veere",
        signed_on=date(2025, 12, 1),
        term_start=date(2026, 1, 1),
        term_end=date(2029, 12, 31),
        renews=False,
        live_since=date(2026, 11, 1),
        school_region="zuid",
        send_hour="09.00",
        year=("bod",),
        mail=CovenantMail(sender="Secretariaat <wonen@veere.example>", phone="0118 - 00 00 00"),
        parties=(
            PartyEntry(slug="gemeente", name="Gemeente Veere", kind=PartyKind.MUNICIPALITY),
            PartyEntry(slug="zorgsaam", name="ZorgSaam", kind=PartyKind.CARE, aliases=("Zorg Saam",)),
        ),
        groups={"allen": GroupEntry(members=("gemeente", "zorgsaam"))},
        people=(
            PersonEntry(
                name="Team Wonen",
                email="wonen@veere.example",
                party="gemeente",
                roles=(Role.TREKKER, Role.SECRETARIAT, Role.DIRECTOR),
                agreements=("1.1",),
                themes=("2",),
                since=date(2026, 1, 1),
                until=date(2027, 12, 31),
            ),
        ),
        steps={"wijkschouw": {"off": True}},
    )


@pytest.mark.parametrize(
    ("old", "new", "what", "hint"),
    [
        (
            'soort = "Zorg"',
            'soort = "bakker"',
            "'bakker' is geen soort partij.",
            "Kies uit: gemeente, corporatie, huurders, zorg, welzijn, dorpsraad, provincie, partner.",
        ),
        (
            '"Wethouder"',
            '"baas"',
            "'baas' is geen rol.",
            "Kies uit: trekker, contactpersoon, vervanger, secretariaat, bestuurder, lezer.",
        ),
        ("looptijd_van", "looptijdvan", "De sleutel 'looptijdvan' is onbekend.", "Bedoelt u 'looptijd_van'?"),
        ('naam = "ZorgSaam"', "", "De sleutel 'name' ontbreekt.", "Vul hem in, als name of naam; config.toml"),
        (
            'naam = "ZorgSaam"',
            'naam = "ZorgSaam"\nname = "Z"',
            "De sleutel 'naam' staat er dubbel.",
            "Laat er één staan: name of naam.",
        ),
        (
            'loopt_door = "nee"',
            'loopt_door = "soms"',
            "De waarde van 'loopt_door' klopt niet.",
            "Hier hoort true of false.",
        ),
    ],
)
def test_another_word_gets_a_sentence_with_what_is_possible(
    tmp_path: Path, old: str, new: str, what: str, hint: str
) -> None:
    assert old in DUTCH
    with pytest.raises(SettingsError) as refused:
        read_covenant(written(tmp_path, DUTCH.replace(old, new, 1)), TODAY)

    [fault] = refused.value.faults
    assert (fault.what, fault.hint[: len(hint)]) == (what, hint)
    assert fault.place.startswith("covenant.toml, regel ")


def test_each_kind_and_role_has_words_and_no_word_or_key_means_two_things() -> None:
    assert (set(KINDS), set(ROLE_WORDS)) == (set(PartyKind), set(Role))
    for table in (KEYS, KINDS, ROLE_WORDS):
        words = [word for name, written in table.items() for word in {str(name), *written}]
        assert len(words) == len(set(words))


PARTIES = (
    Party("gemeente", "Gemeente Veere", PartyKind.MUNICIPALITY),
    Party("wonen", "Zeeuwland", PartyKind.CORPORATION),
    Party("huurders", "Huurdersvereniging", PartyKind.TENANTS),
    Party("zorg", "ZorgSaam", PartyKind.CARE),
    Party("thuis", "Thuiszorg", PartyKind.CARE),
    Party("hart", "Welzijn Veere", PartyKind.WELFARE),
    Party("dorp", "Stichting Dorpsbelang", PartyKind.VILLAGE),
    Party("zeeland", "Provincie Zeeland", PartyKind.PROVINCE),
    Party("bank", "Voedselbank", PartyKind.PARTNER),
)
SIGNED = ("gemeente", "wonen", "huurders")


@pytest.mark.parametrize(
    ("name", "slugs"),
    [
        ("partijen", SIGNED),
        ("partners", ("zorg", "thuis", "hart", "dorp", "zeeland", "bank")),
        ("zorgpartners", ("zorg", "thuis")),
        ("welzijnspartners", ("hart",)),
        ("dorpsraden", ("dorp",)),
        ("bank", ("bank",)),
    ],
)
def test_a_step_names_partners_together_and_partijen_are_who_signed(name: str, slugs: tuple[str, ...]) -> None:
    assert all_slugs([name], PARTIES, ()) == (slugs, [])


@pytest.mark.parametrize(
    ("cell", "slugs"),
    [
        ("Partijen", SIGNED),
        ("Gemeente, zorgpartijen", ("gemeente", "zorg", "thuis")),
        ("Dorpsraad", ("dorp",)),
        ("Provincie en Voedselbank", ("zeeland", "bank")),
        ("Provincie i.s.m. Voedselbank", ("zeeland",)),
        ("Maatschappelijke partners", ("zorg", "thuis", "hart", "dorp", "zeeland", "bank")),
    ],
)
def test_a_partner_may_lead_what_an_agreement_asks(cell: str, slugs: tuple[str, ...]) -> None:
    assert resolve_leads(cell, PARTIES, ()) == (slugs, ())
