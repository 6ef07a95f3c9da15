"""Names that stand for parties: a party, a group of the covenant, a side of the driehoek, or a kind of partner."""

import re
from collections.abc import Sequence

from cycle.domain.model import Group, Party, PartyKind

SIDES = {
    "gemeente": PartyKind.MUNICIPALITY,
    "corporaties": PartyKind.CORPORATION,
    "huurdersorganisaties": PartyKind.TENANTS,
    "zorgpartners": PartyKind.CARE,
    "welzijnspartners": PartyKind.WELFARE,
    "dorpsraden": PartyKind.VILLAGE,
}
"""What all parties of a kind are called together. Where there is none of that kind, nobody is meant."""
EVERYONE, PARTNERS = "partijen", "partners"
_ALL_OF_A_SIDE = re.compile(r"\b(van|aan|met|voor|en) de (corporaties|huurdersorganisaties)\b")


def present(parties: Sequence[Party]) -> list[Party]:
    """Those that take part: without who ended."""
    return [party for party in parties if not party.is_ended]


def as_many(words: str, parties: Sequence[Party]) -> str:
    """Words of a step with "de corporaties" and "de huurdersorganisaties" as one where the table has one of them. Only
    after a preposition, where no verb hangs on it."""

    def one_or_more(match: re.Match[str]) -> str:
        side = SIDES[match[2]]
        number = sum(party.kind is side for party in present(parties))
        return match[0].removesuffix("s") if number == 1 else match[0]

    return _ALL_OF_A_SIDE.sub(one_or_more, words)


def signatories(parties: Sequence[Party]) -> tuple[str, ...]:
    """Who "partijen" are: the three sides, without their partners."""
    return tuple(party.slug for party in present(parties) if not party.kind.is_partner)


def partners(parties: Sequence[Party]) -> tuple[str, ...]:
    """Who takes part without being one of the three sides."""
    return tuple(party.slug for party in present(parties) if party.kind.is_partner)


def slugs_of(name: str, parties: Sequence[Party], groups: Sequence[Group]) -> tuple[str, ...] | None:
    """The parties that a name in a step stands for, or None for a name that nobody knows.

    A party or group of the covenant comes before the side of the same name. A party that ended is known, and nobody.
    """
    slugs = _slugs_of(name, parties, groups)
    ended = {party.slug for party in parties if party.is_ended}
    return slugs if slugs is None or not ended else tuple(slug for slug in slugs if slug not in ended)


def _slugs_of(name: str, parties: Sequence[Party], groups: Sequence[Group]) -> tuple[str, ...] | None:
    if any(party.slug == name for party in parties):
        return (name,)
    for group in groups:
        if group.slug == name:
            return group.members
    if name == EVERYONE:
        return signatories(parties)
    if name == PARTNERS:
        return partners(parties)
    if name in SIDES:
        return tuple(party.slug for party in parties if party.kind is SIDES[name])
    return None


def all_slugs(
    names: Sequence[str], parties: Sequence[Party], groups: Sequence[Group]
) -> tuple[tuple[str, ...], list[str]]:
    """The parties behind several names, each once, and the names that nobody knows."""
    in_order: dict[str, None] = {}
    unknown = []
    for name in names:
        slugs = slugs_of(name, parties, groups)
        if slugs is None:
            unknown.append(name)
        else:
            in_order.update(dict.fromkeys(slugs))
    return tuple(in_order), unknown
