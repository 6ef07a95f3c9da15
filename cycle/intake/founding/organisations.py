"""What the organisations around social housing are called: the words before a name that tell its kind."""

import re
from dataclasses import dataclass

from cycle.domain.model import PartyKind

_KINDS: tuple[tuple[PartyKind, str], ...] = (
    (PartyKind.MUNICIPALITY, r"gemeente"),
    (
        PartyKind.TENANTS,
        r"huurders(?:belangen)?(?:organisatie|vereniging|raad|platform|federatie|koepel|bond|stichting)"
        r"|bewoners(?:raad|vereniging|platform|koepel|organisatie)|huurdersbelang(?:en)?|HBV|HBO",
    ),
    (
        PartyKind.CORPORATION,
        r"(?:woning(?:bouw)?|woon)(?:corporatie|stichting|vereniging|bedrijf|bouwstichting|groep|maatschappij)|corporatie",
    ),
    (PartyKind.PROVINCE, r"provincie"),
    (PartyKind.VILLAGE, r"(?:dorps|wijk|buurt|kern)(?:raad|belang|belangen|vereniging|overleg)"),
    (PartyKind.CARE, r"zorg(?:organisatie|groep|instelling|aanbieder|partij)|zorgkantoor"),
    (PartyKind.WELFARE, r"welzijns?(?:organisatie|stichting|instelling|werk)|stichting welzijn"),
    (PartyKind.PARTNER, r"waterschap|GGD|veiligheidsregio|omgevingsdienst|woonwagenbelang"),
)
_ONLY_A_KIND = frozenset(["gemeente", "corporatie", "woningcorporatie", "wooncorporatie", "woningbouwcorporatie"])
"""Words that tell the kind and are no part of the name of a corporation: "woningcorporatie Clavis" is Clavis."""

_KIND_WORD = "|".join(words for _kind, words in _KINDS)
_ODD = r"[a-z]['’][a-z]\w+|['’][a-z]\w{3,}|[a-z]{2,3}[A-Z]\w+|(?:[A-Z]\.){2,}"
"""Names that corporations chose: l'escaut, ’thuis, woCom, R.W.S."""
_CAPITAL = rf"(?!(?i:{_KIND_WORD})\b)(?:(?:['’]s-|['’]t )?[A-ZÀ-ÖØ-Þ][\w’'&-]+|{_ODD})"
NAME = rf"{_CAPITAL}(?:(?: (?:van|de|den|der|het|op|aan|bij|in|en|te|voor))*? {_CAPITAL}){{0,4}}"
"""A name as it is written: capitals, with small words between them."""

_PLACE = rf"{_CAPITAL}(?:(?: (?:van|de|den|der|op|aan|bij|in))* {_CAPITAL}){{0,2}}"
_OF_KIND = {
    kind: re.compile(rf"\b((?i:{words}))\s+({_PLACE if kind is PartyKind.MUNICIPALITY else NAME})")
    for kind, words in _KINDS
}
_SPEAKING = (
    (PartyKind.TENANTS, re.compile(r"huurder|bewoner", re.I)),
    (PartyKind.CORPORATION, re.compile(r"^(?:woon|wonen|woning|vastgoed)|\b(?:Wonen|Woon\w*|Woningen)\b", re.I)),
    (PartyKind.MUNICIPALITY, re.compile(r"^gemeente\b", re.I)),
)
_STICHTING = re.compile(r"^(?:de |het )?stichting\s+", re.I)


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation as a text writes it: its name, the name without the word of its kind, that kind if it shows, and
    all of what was written."""

    name: str
    short: str
    kind: PartyKind | None
    written: str = ""


def organisation(words: str) -> Organisation | None:
    """The organisation that a few words name and nothing else, or None."""
    written = " ".join(words.split()).strip(' ,;:*_–-“”"')
    written = written if re.search(r"(?:[A-Z]\.){2}$", written) else written.rstrip(".'")
    written = re.sub(r"^(?:de|het|en|namens|voor)\s+(?=\S)", "", written, flags=re.I)
    if not written or len(written) > _LONGEST:
        return None
    for kind, pattern in _OF_KIND.items():
        if match := pattern.fullmatch(written):
            return _of_kind(kind, match)
    bare = _STICHTING.sub("", written)
    for kind, pattern in _OF_KIND.items():
        if match := pattern.fullmatch(bare):  # "Stichting Huurdersraad Zes Kernen"
            return Organisation(written[0].upper() + written[1:], match.group(2), kind)
    if (
        not re.fullmatch(NAME, bare)
        or _IS_PAPER.search(bare)
        or all(word in _NO_NAMES for word in bare.casefold().split())
    ):
        return None
    return Organisation(written[0].upper() + written[1:], bare, kind_of_name(bare))


def kind_of_name(name: str) -> PartyKind | None:
    """What kind of party a name speaks of by itself ("Woongoed Noord", "Huurdersbelang"), or None."""
    return next((kind for kind, pattern in _SPEAKING if pattern.search(name)), None)


def _of_kind(kind: PartyKind, match: re.Match[str]) -> Organisation:
    word, short = match.group(1), match.group(2).rstrip("'’")
    if word.casefold() in _ONLY_A_KIND and kind is not PartyKind.MUNICIPALITY:
        return Organisation(short, short, kind, f"{word[0].upper()}{word[1:]} {short}")
    return Organisation(f"{word[0].upper()}{word[1:]} {short}", short, kind)


_LONGEST = 80
_IS_PAPER = re.compile(
    r"(?:afspra(?:ak|ken)|overeenkomst|convenant|agenda|visie|programma|akkoord|deal|notitie|bijlage|verslag|plan)\b",
    re.I,
)
"""What a title names, and nobody that signs."""
_NAMING_NOBODY = (
    "partij partijen allen iedereen gemeente corporatie corporaties woningcorporaties woningcorporatie huurders "
    "bewoners huurdersorganisatie huurdersorganisaties huurdersvereniging huurdersverenigingen bewonersraad trekker "
    "wonen inhoud inhoudsopgave inleiding bijlage concept definitief ntb nvt zorgpartijen zorgpartij welzijn provincie "
    "en of de alle beide"
)
_NO_NAMES = frozenset(_NAMING_NOBODY.split())
"""Words with a capital that name nobody, or a whole side of the table."""
