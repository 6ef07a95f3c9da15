"""The words of covenant.toml: its keys, kinds of party and roles, in Dutch as a secretary writes them and in English.

Either may stand in a file; docs/operations.md lists both, and a test holds that list to these tables.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import AliasChoices

from cycle.domain.model import PartyKind, Role
from cycle.settings import shown

KEYS: Mapping[str, tuple[str, ...]] = {
    "slug": ("korte_naam",),
    "name": ("naam",),
    "municipality": ("gemeente",),
    "signed_on": ("ondertekend_op",),
    "term_start": ("looptijd_van",),
    "term_end": ("looptijd_tot",),
    "renews": ("loopt_door",),
    "live_since": ("begint_op",),
    "school_region": ("schoolregio",),
    "public_page": ("openbare_pagina",),
    "send_hour": ("verzendtijd",),
    "approval": ("goedkeuring",),
    "mail": ("post",),
    "sender": ("afzender",),
    "reply_to": ("antwoord_aan",),
    "phone": ("telefoon",),
    "signature": ("ondertekening",),
    "parties": ("partijen",),
    "kind": ("soort",),
    "aliases": ("andere_namen",),
    "groups": ("groepen",),
    "bodies": ("overleggen",),
    "members": ("leden",),
    "people": ("mensen",),
    "email": ("adres",),
    "party": ("partij",),
    "roles": ("rollen",),
    "agreements": ("afspraken",),
    "themes": ("themas",),
    "theme_names": ("themanamen",),
    "since": ("vanaf",),
    "until": ("tot_en_met",),
    "year": ("jaar",),
    "steps": ("stappen",),
    "ladders": ("trappen",),
    "reading": ("lezen",),
    "letter": ("brief",),
    "house_styles": ("huisstijl",),
    "visiting": ("bezoekadres",),
    "postal": ("postadres",),
    "web": ("website",),
    "accent": ("kleur",),
    "place": ("plaats",),
    "logo": ("beeldmerk",),
    "reference": ("kenmerk",),
    "contact_name": ("contact",),
    "contact_function": ("contactfunctie",),
    "contact_phone": ("contacttelefoon",),
    "contact_email": ("contactmail",),
    "display_name": ("afzendernaam",),
    "body": ("gericht_aan",),
    "attention": ("ter_attentie_van",),
    "function": ("functie",),
    "salutation": ("aanhef",),
    "signatory": ("ondertekenaar",),
    "signs_as": ("ondertekent_als",),
}
"""Each key, with what it may be called in Dutch. What stands in steps, ladders, reading and letter is named as in
config.toml."""

KINDS: Mapping[PartyKind, tuple[str, ...]] = {
    PartyKind.MUNICIPALITY: ("gemeente",),
    PartyKind.CORPORATION: ("corporatie", "woningcorporatie"),
    PartyKind.TENANTS: ("huurders", "huurdersorganisatie"),
    PartyKind.CARE: ("zorg", "zorgorganisatie"),
    PartyKind.WELFARE: ("welzijn", "welzijnsorganisatie"),
    PartyKind.VILLAGE: ("dorpsraad", "wijkraad"),
    PartyKind.PROVINCE: ("provincie",),
    PartyKind.PARTNER: ("partner", "anders"),
}
"""What a kind of party may be called; the first word is the one that we write."""

ROLES: Mapping[Role, tuple[str, ...]] = {
    Role.TREKKER: ("trekker",),
    Role.CONTACT: ("contactpersoon",),
    Role.DEPUTY: ("vervanger",),
    Role.SECRETARIAT: ("secretariaat", "secretaris"),
    Role.DIRECTOR: ("bestuurder", "wethouder", "directeur"),
    Role.READER: ("lezer",),
}
"""What a role may be called; the first word is the one that we write."""


def either_key(name: str) -> str | AliasChoices:
    """A key by its own name or in Dutch."""
    return AliasChoices(name, *KEYS[name]) if name in KEYS else name


def dutch_key(name: str) -> str:
    """What a key is called in a file that we write."""
    return KEYS[name][0] if name in KEYS else name


def kind_written(text: Any) -> Any:
    """The kind of party that somebody wrote. Raises ValueError for another word."""
    return _member(text, KINDS, "soort partij")


def role_written(text: Any) -> Any:
    """The role that somebody wrote. Raises ValueError for another word."""
    return _member(text, ROLES, "rol")


def _member(text: Any, words: Mapping[Any, tuple[str, ...]], what: str) -> Any:
    if not isinstance(text, str):
        return text
    word = text.strip().casefold()
    for member, written in words.items():
        if word in (member, *written):
            return member
    raise ValueError(f"{shown(text)} is geen {what}.|Kies uit: {', '.join(first for first, *_ in words.values())}.")


def yes_or_no(text: Any) -> Any:
    """A yes or a no in Dutch; anything else is left to who checks it."""
    return {"ja": True, "nee": False}.get(text.strip().casefold(), text) if isinstance(text, str) else text
