"""What the organisations around social housing are called: the words before a name that tell its kind."""

import re
from dataclasses import dataclass

from cycle.domain.model import PartyKind

KIND_WORDS: tuple[tuple[PartyKind, str], ...] = (
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
    (
        PartyKind.WELFARE,
        r"welzijns?(?:organisatie|stichting|instelling|werk)|stichting welzijn|welzijn(?= (?-i:[A-Z]))",
    ),
    (PartyKind.PARTNER, r"waterschap|GGD|veiligheidsregio|omgevingsdienst|woonwagenbelang"),
)
PLURALS: tuple[tuple[PartyKind, str], ...] = (
    (PartyKind.MUNICIPALITY, r"gemeenten|gemeentes"),
    (PartyKind.TENANTS, r"huurders(?:belangen)?(?:organisaties|verenigingen|raden)|bewonersraden|huurders"),
    (
        PartyKind.CORPORATION,
        r"(?:(?:woning|woon)?corporaties|(?:woning|woon)stichtingen|woningbouwverenigingen|woningcorporatie|corporatie)",
    ),
    (PartyKind.CARE, r"zorg(?:organisaties|instellingen|aanbieders|partijen)"),
    (PartyKind.VILLAGE, r"(?:dorps|wijk)(?:raden|belangen)"),
)
"""Words for several of a kind, whose names follow."""
_ONLY_A_KIND = frozenset(["gemeente", "corporatie", "woningcorporatie", "wooncorporatie", "woningbouwcorporatie"])
"""Words that tell the kind and are no part of the name of a corporation: "woningcorporatie Clavis" is Clavis."""

_KIND_WORD = "|".join(words for _kind, words in KIND_WORDS)
_ODD = r"[a-z]['’][a-z]\w+|['’][a-z]\w{3,}|[a-z]{2,8}[A-Z]\w+|(?:[A-Z]\.){2,}|St\."
"""Names that organisations chose: l'escaut, ’thuis, woCom, R.W.S., Sint as St."""
_CAPITAL = rf"(?!(?i:{_KIND_WORD})\b)(?:(?:['’]s-|['’]t )?[A-ZÀ-ÖØ-Þ][\w’'&-]+|{_ODD})"
NAME = rf"{_CAPITAL}(?:(?: (?:van|de|den|der|het|op|aan|bij|in|en|te|voor|&))*? {_CAPITAL}){{0,4}}"
"""A name as it is written: capitals, with small words between them."""

_PLACE = rf"{_CAPITAL}(?:(?: (?:van|de|den|der|op|aan|bij|in))* {_CAPITAL}){{0,2}}"
_WITH_ARTICLE = rf"(?:(?:de|het|den) )?{NAME}"
_OF_KIND = {
    kind: re.compile(rf"\b((?i:{words}))\s+({_PLACE if kind is PartyKind.MUNICIPALITY else _WITH_ARTICLE})")
    for kind, words in KIND_WORDS
}
_SPEAKING = (
    (PartyKind.TENANTS, re.compile(r"huurder|bewoner", re.I)),
    (PartyKind.CORPORATION, re.compile(r"^(?:woon|wonen|woning|vastgoed)|\b(?:Wonen|Woon\w*|Woningen)\b", re.I)),
    (PartyKind.MUNICIPALITY, re.compile(r"^gemeente\b", re.I)),
    (PartyKind.CARE, re.compile(r"^zorg", re.I)),
)
_STICHTING = re.compile(r"^(?:de |het )?(?:stichting|vereniging|coöperatie)\s+", re.I)


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
    written = _BEFORE.sub("", _in_small(written) if written.isupper() and _SHOUTED.fullmatch(written) else written)
    if not written or len(written) > _LONGEST or _TWO_OF_THEM.search(written):
        return None
    for kind, pattern in _OF_KIND.items():
        if match := pattern.fullmatch(written):
            return _of_kind(kind, match)
    if match := _TENANTS_TWICE.fullmatch(written):  # "huurdersorganisatie Bewonersraad Dunavie", "… De Bewonersraad"
        inner = organisation(match.group(1))
        return inner or Organisation(written[0].upper() + written[1:], match.group(1), PartyKind.TENANTS)
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


def named_in(words: str) -> Organisation | None:
    """The organisation that some words name, alone or behind "gesloten door" and before what it does, or None."""
    if named := organisation(words):
        return named
    for lead_in in reversed([*_LEAD_IN.finditer(words)]):
        if named := organisation(words[lead_in.end() :]):
            return named
    bare = _LEAD_IN.sub("", words) if _LEAD_IN.match(words) else _ARTICLE.sub("", words)
    matches = ((kind, match) for kind, pattern in _OF_KIND.items() if (match := pattern.match(bare)))
    return next((_of_kind(kind, match) for kind, match in matches if _GOES_ON.match(bare[match.end() :])), None)


def legal_name(words: str) -> Organisation | None:
    """A foundation or association with small words in its name ("Stichting RWS partner in wonen"), where one is due."""
    name = _ARTICLE.sub("", " ".join(words.split()).strip(" ,;:."))
    if not _LEGAL.fullmatch(name) or _IS_PAPER.search(name):
        return None
    bare = _STICHTING.sub("", name)
    return Organisation(name[0].upper() + name[1:], bare, kind_of_name(bare))


def _in_small(shouted: str) -> str:
    """ "GEMEENTE BERGEN OP ZOOM" as it is written elsewhere; short words may be initials and stay."""
    words = [word if len(word) < _FULL_WORD else word.capitalize() for word in shouted.split()]
    small = [word.lower() if word.lower() in _SMALL else word for word in words]
    return " ".join([*words[:1], *(word.capitalize() if word in _SMALL else word for word in small[1:2]), *small[2:]])


def kind_of_name(name: str) -> PartyKind | None:
    """What kind of party a name speaks of by itself ("Woongoed Noord", "Huurdersbelang"), or None."""
    return next((kind for kind, pattern in _SPEAKING if pattern.search(name)), None)


def _of_kind(kind: PartyKind, match: re.Match[str]) -> Organisation:
    word, short = match.group(1), match.group(2).rstrip("'’")
    if word.casefold() in _ONLY_A_KIND and kind is not PartyKind.MUNICIPALITY:
        return Organisation(short, short, kind, f"{word[0].upper()}{word[1:]} {short}")
    return Organisation(f"{word[0].upper()}{word[1:]} {short}", short, kind)


_FULL_WORD = 4
_SMALL = frozenset(["van", "de", "den", "der", "het", "op", "aan", "bij", "in", "en", "te", "voor"])
_SHOUTED = re.compile(
    rf"(?:[A-Z'’&-]+ )*(?:{_KIND_WORD}|[A-Z'’&-]{{7,}})(?: [A-Z'’&-]+)+|[A-Z]{{4,}} [A-Z]{{4,}}", re.I
)
_TWO_OF_THEM = re.compile(rf"\ben (?:de )?(?:stichting|vereniging|(?-i:[BHW]?[BH]V)|{_KIND_WORD})\b", re.I)
_TENANTS = dict(KIND_WORDS)[PartyKind.TENANTS]
_TENANTS_TWICE = re.compile(rf"(?i:{_TENANTS})\s+((?:[Dd]e )?(?i:{_TENANTS})\b.*)")
_LONGEST = 80
_BEFORE = re.compile(
    r"^(?:(?:de|het|en|namens|voor)\s+(?=\S)|(?:Namens|Voor)\s+(?:de |het )?(?=\S)"
    rf"|(?:De|Het)\s+(?=(?i:{_KIND_WORD})\b))"
)
"""What stands before a name and is no part of it; "De Marke" is a name."""
_ARTICLE = re.compile(r"^(?:de|het)\s+", re.I)
_LEAD_IN = re.compile(
    r"(?:^|.*?\b)(?:tussen|door|namens|van|voor|partijen|partij|ondertekenaars|ondergetekenden)\b:?\s+(?:de |het )?",
    re.I,
)
_GOES_ON = re.compile(r"\s+[a-z]|$")
_LEGAL = re.compile(r"(?:Stichting|Vereniging|Coöperatie)(?: [A-Z][\w'’&.-]*)(?: [\w'’&.-]+){0,5}", re.I)
_IS_PAPER = re.compile(
    r"(?:afspra(?:ak|ken)|overeenkomst|convenant|agenda|visie|programma|akkoord|deal|notitie|bijlage|verslag|plan|pact|kader)\b",
    re.I,
)
"""What a title names, and nobody that signs."""
_NAMING_NOBODY = (
    "partij partijen allen iedereen gemeente corporatie corporaties woningcorporaties woningcorporatie huurders "
    "bewoners huurdersorganisatie huurdersorganisaties huurdersvereniging huurdersverenigingen bewonersraad trekker "
    "wonen inhoud inhoudsopgave inleiding bijlage concept definitief ntb nvt zorgpartijen zorgpartij welzijn provincie "
    "en of de alle beide ondergetekenden ondertekenaars namens tussen concept partners"
)
_NO_NAMES = frozenset(_NAMING_NOBODY.split())
"""Words with a capital that name nobody, or a whole side of the table."""
