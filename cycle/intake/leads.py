"""Who leads: the trekker cell split into names and a date, and the names resolved to the parties of the covenant.

A name that nobody knows is a problem with a suggestion, never a guess.
"""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from cycle.domain.model import Group, Party, PartyKind
from cycle.domain.parties import partners, present, signatories
from cycle.errors import Fault
from cycle.intake.repairs import tidy


def resolve_leads(
    trekker: str, parties: Sequence[Party], groups: Sequence[Group]
) -> tuple[tuple[str, ...], tuple[Fault, ...]]:
    """The slugs of the parties that a trekker cell names, in the order written, and a fault per unknown name.

    Groups are expanded to their members and nobody is named twice. The place of a fault is the cell's own text.
    """
    return names_of(tuple(parties), tuple(groups)).resolve(trekker)


@dataclass(frozen=True)
class Names:
    """All names that a covenant's documents may use, normalised to words, with the parties that they stand for."""

    slugs: dict[tuple[str, ...], tuple[str, ...]]
    written: dict[str, str]
    longest: int

    @property
    def parties(self) -> frozenset[str]:
        """The slugs of all parties that have a name here."""
        return frozenset(slug for slugs in self.slugs.values() for slug in slugs)

    def resolve(self, trekker: str) -> tuple[tuple[str, ...], tuple[Fault, ...]]:
        """See `resolve_leads`."""
        if is_open(trekker):
            return (), (Fault(trekker, f"Wie dit trekt, staat nog open: “{trekker.strip()}”.", _OPEN_HINT),)
        if trekker.strip(" .").casefold() in _TOGETHER:
            what = f"Als trekker staat er “{trekker.strip()}”; gelezen als alle partijen."
            return self.slugs.get(("partijen",), ()), (Fault(trekker, what, "Klopt dat niet? Noem wie het trekt."),)
        known: list[str] = []
        unknown: list[str] = []
        for piece in _pieces(self.led_and_joined(trekker)[0]):
            self._resolve_piece(piece, known, unknown)
        faults = tuple(self._fault(trekker, name) for name in dict.fromkeys(unknown))
        return tuple(dict.fromkeys(known)), faults

    def led_and_joined(self, trekker: str) -> tuple[str, str]:
        """Who leads and who only takes part ("Gemeente i.s.m. Weller"), the latter "" where nobody is named so."""
        written = tidy(trekker)
        joins = next((found for found in _JOINS.finditer(written) if self._leads_before(written, found)), None)
        if joins is None:
            return written, ""
        in_brackets = not {"(", "["}.isdisjoint(joins.group())
        closes = _CLOSES.search(written, joins.end()) if in_brackets else None
        end = closes.end() if closes else len(written)
        led = f"{written[: joins.start()]} {written[end:]}".strip(" ,;/-–:")
        return led, written[joins.start() : end].strip(" ,;/()[]")

    def _leads_before(self, written: str, joins: re.Match[str]) -> bool:
        before = written[: joins.start()].strip(" ,;/-–:(")
        words = _words(before)
        return any(self._known_at(words, place) for place in range(len(words))) and not self._strangers(before)

    def _resolve_piece(self, piece: list[str], known: list[str], unknown: list[str]) -> None:
        """Take the longest known name at each place; the words between known names form one unknown name."""
        stranger: list[str] = []
        place = 0
        while place < len(piece):
            length = self._known_at(piece, place)
            if length or self._joins(piece, place, stranger):
                _close(stranger, unknown)
                known.extend(self.slugs.get(_key(piece[place : place + length]), ()))
                place += max(length, 1)
            else:
                stranger.append(piece[place])
                place += 1
        _close(stranger, unknown)

    def _joins(self, piece: list[str], place: int, stranger: list[str]) -> bool:
        """Whether a word only joins names; "de" inside the name of somebody unknown is part of that ("M. de Boer")."""
        word = piece[place].casefold()
        is_inside = word in _ARTICLES and stranger and place + 1 < len(piece) and not self._known_at(piece, place + 1)
        return word in _JOINING and not is_inside

    def _known_at(self, piece: list[str], place: int) -> int:
        for length in range(min(self.longest, len(piece) - place), 0, -1):
            if _key(piece[place : place + length]) in self.slugs:
                return length
        return 0

    def _fault(self, trekker: str, name: str) -> Fault:
        if _HUMAN.fullmatch(name):
            what = f"“{name}” lijkt de naam van iemand, en niet van een partij."
            return Fault(trekker, what, "Geef deze persoon bij Mensen de rol van trekker voor zijn of haar partij.")
        near = self._meant_by(name)
        hint = (
            f"Bedoelt u “{near}”? Verbeter het document, of zet deze naam bij die partij."
            if near
            else "Zet deze naam bij een partij of groep, als andere naam."
        )
        return Fault(trekker, f"De trekker “{name}” is geen bekende partij.", hint)

    def _meant_by(self, name: str) -> str:
        """The name that an unknown one looks like, or is short for ("Gem.", "DV"); "" where none or several may be."""
        near = difflib.get_close_matches(name.casefold(), self.written, n=1, cutoff=0.6)
        if near:
            return self.written[near[0]]
        short = re.sub(r"\W", "", name.casefold())
        meant: dict[tuple[str, ...], str] = {}
        for full in self.written.values():
            if _is_short_for(short, full):
                meant.setdefault(self.slugs[_key(_words(full))], full)
        return next(iter(meant.values())) if len(meant) == 1 else ""

    def is_lead(self, text: str) -> bool:
        """Whether a text is a trekker cell and nothing else: known names, perhaps a date, beginning with a capital."""
        if not text[:1].isupper() or len(text) > _LONGEST_CELL:
            return False
        names, phrase = split_date(text)
        words = [word for piece in _pieces(names) for word in piece if word.casefold() not in _JOINING]
        # a capital after the date is where the next cell begins ("2023 Nieuwbouw")
        runs_on = any(word[0].isupper() and not word[1:2].isdigit() for word in phrase.split()[1:])
        return bool(words) and not runs_on and not self._strangers(names)

    def is_all_known(self, text: str) -> bool:
        """Whether a cell names parties and nobody else, perhaps with a date; in capitals or not."""
        if len(text) > _LONGEST_CELL:
            return False
        names, _ = split_date(text)
        words = [word for piece in _pieces(names) for word in piece if word.casefold() not in _JOINING]
        return bool(words) and not self._strangers(names)

    def are_mentioned(self, text: str) -> bool:
        """Whether a text speaks of a party by one of its names."""
        words = _words(text)
        return any(self._known_at(words, place) for place in range(len(words)))

    def _strangers(self, names: str) -> list[str]:
        unknown: list[str] = []
        for piece in _pieces(names):
            self._resolve_piece(piece, [], unknown)
        return [name for name in unknown if name.casefold() not in _GENERIC]


def is_open(trekker: str) -> bool:
    """Whether a trekker cell only says that it is not known yet who leads."""
    return _OPEN.fullmatch(tidy(trekker)) is not None


@lru_cache(maxsize=4096)
def split_date(cell: str) -> tuple[str, str]:
    """A trekker cell as (names, date phrase): "Gemeente, najaar 2022" is ("Gemeente", "najaar 2022")."""
    written = tidy(cell)
    names: list[str] = []
    dates: list[str] = []
    for part in _split_parts(written):
        before, after = _split_part(part, first=not names and not dates)
        names += [before] if before else []
        dates += [after] if after else []
    return (", ".join(names), ", ".join(dates)) if dates else (written, "")


@lru_cache(maxsize=32)
def names_of(parties: tuple[Party, ...], groups: tuple[Group, ...]) -> Names:
    """The names of a covenant; those it gives itself come before the general words ("gemeente", "partijen")."""
    slugs: dict[tuple[str, ...], tuple[str, ...]] = {}
    written: dict[str, str] = {}
    for name, members in (*_own_names(parties, groups), *_general_names(parties)):
        if members and _key(name.split()):
            slugs.setdefault(_key(_words(name)), members)
            written.setdefault(name.casefold(), name)
    return Names(slugs, written, max((len(key) for key in slugs), default=0))


def _own_names(parties: Sequence[Party], groups: Sequence[Group]) -> list[tuple[str, tuple[str, ...]]]:
    ended = {party.slug for party in parties if party.is_ended}
    in_order = sorted(parties, key=lambda party: party.is_ended)  # a name that another took over is the other's
    of_parties = [(name, (party.slug,)) for party in in_order for name in (party.name, *party.aliases, party.slug)]
    of_groups = [
        (name, tuple(slug for slug in group.members if slug not in ended))
        for group in groups
        for name in (*group.aliases, group.slug)
    ]
    return of_parties + of_groups


def _general_names(parties: Sequence[Party]) -> list[tuple[str, tuple[str, ...]]]:
    """Words that mean all parties of a kind; the singular only where there is just one, else it would be a guess."""
    general = [(word, signatories(parties)) for word in _EVERYBODY]
    general += [(word, partners(parties)) for word in _ALL_PARTNERS]
    for kind, (plurals, singulars) in (_WORDS_OF_KIND | _WORDS_OF_PARTNERS).items():
        members = tuple(party.slug for party in present(parties) if party.kind is kind)
        general += [(word, members) for word in plurals]
        general += [(word, members) for word in singulars if len(members) == 1]
    return general


def _is_short_for(short: str, full: str) -> bool:
    """Whether letters are the beginning of a name, or the first of each of its words."""
    words = _words(full.casefold())
    is_beginning = len(short) >= _SHORTEST_BEGINNING and words[0].startswith(short)
    return is_beginning or (len(words) > 1 and short == "".join(word[0] for word in words))


def _pieces(trekker: str) -> list[list[str]]:
    """The words between commas, slashes, brackets and "i.s.m."."""
    parts = _SEPARATOR.split(_TOGETHER_WITH.sub(",", _ROLE.sub("", tidy(trekker))))
    return [words for part in parts if (words := _words(part))]


def _words(text: str) -> list[str]:
    return re.findall(r"[\w']+", text)


def _key(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(word.casefold() for word in words)


def _close(stranger: list[str], unknown: list[str]) -> None:
    if stranger:
        unknown.append(" ".join(stranger))
        stranger.clear()


def _split_parts(cell: str) -> list[str]:
    return [part.strip() for part in _PART.split(cell) if part.strip()]


def _split_part(part: str, *, first: bool) -> tuple[str, str]:
    """One part between commas: a date, names, or both ("Gemeente najaar 2022", "Q2: Voorzorg")."""
    if _DATE_START.match(part):
        return _names_behind(part)
    if not first and _LOOSE_DATE_START.match(part):
        return "", part
    inside = _DATE_INSIDE.search(part)
    if inside:
        return part[: inside.start()].rstrip(" -–—:"), part[inside.end() :].strip()
    return part, ""


def _names_behind(part: str) -> tuple[str, str]:
    """A part that begins with a date: names may follow behind a colon or a dash."""
    date, mark, names = next((part.partition(mark) for mark in _MARKS if mark in part), (part, "", ""))
    names = names.strip()
    if not mark or not names[:1].isupper() or _DATE_START.match(names):
        return "", part
    return names, date.strip()


_LONGEST_CELL = 160
_SHORTEST_BEGINNING = 3
_MARKS = (":", " - ", " – ", " — ")
_PART = re.compile(r"[,;()\[\]|]|(?<!\d)/(?=\s*(?:najaar|voorjaar|eind|begin|medio|20\d\d)\b)")
_SEPARATOR = re.compile(r"[,;/&+()\[\]|:]")
_ROLE = re.compile(
    r"\s*[(\[]\s*(?:(?:eerste|penvoerend) )?(?:trekker|voortrekker|penvoerder|coördinator|coördinatie)\s*[)\]]", re.I
)
"""What a party is, in brackets behind it, and nobody's name."""
_TOGETHER_WITH = re.compile(
    r"\b(?:i\.\s?s\.\s?m\b\.?|ism\b|in samenwerking met|in overleg met|i\.\s?o\.\s?m\b\.?|samen met)", re.I
)
# who stands behind such words takes part; behind a plain "met" too ("Gemeente met Weller")
_JOINING_WORDS = (
    r"i\.\s?s\.\s?m\b\.?|ism\b|i\.\s?o\.\s?m\b\.?|iom\b|m\.\s?m\.\s?v\b\.?|o\.\s?b\.\s?v\b\.?"
    r"|(?:in (?:samenwerking|overleg|afstemming|samenspraak) met|in opdracht van)\b"
    r"|(?:afstemming|samen|overleg) met\b|met\b(?: (?:medewerking|ondersteuning|hulp|inbreng|advies|input) van\b)?"
    r"|(?:ondersteund|bijgestaan|geadviseerd) door\b"
    r"|(?:ondersteuning|betrokken|betrokkenen|partners?|deelnemers?|advies)\s*:"
)
# a verb in brackets says what somebody else does ("Gemeente (Weller levert aan)")
_DOES = (
    r"levert|leveren|denkt|denken|adviseert|adviseren|ondersteunt|ondersteunen|helpt|helpen|werkt|werken|sluit|sluiten"
    r"|doet|doen|toetst|toetsen|reageert|reageren|faciliteert|faciliteren|betaalt|betalen|organiseert|organiseren"
    r"|stemt|stemmen|geeft|geven|draagt|dragen|kijkt|kijken|neemt|nemen|voert|voeren|wordt|worden"
)
_JOINS = re.compile(rf"[\s,;(\[]*(?<!\w)(?:{_JOINING_WORDS})|\s*[(\[](?=[^()\[\]]{{1,80}}\s(?:{_DOES})\b)", re.I)
_CLOSES = re.compile(r"[)\]]")
_OPEN = re.compile(
    r"[?\-–—.…x ]{1,5}|n\.?\s?t\.?\s?b\.?|n\.?\s?n\.?\s?b\.?|n\.?\s?o\.?\s?t\.?\s?k\.?|p\.?m\.?|tbd"
    r"|(?:nog|nader) (?:te bepalen|in te vullen|te benoemen|onbekend|aan te wijzen|niet bekend)"
    r"|onbekend|vacature|vacant|volgt|wordt (?:nog|nader) bepaald|niemand|geen",
    re.I,
)
_OPEN_HINT = "Vul in wie de trekker is zodra dat bekend is."
_TOGETHER = frozenset(
    ["gezamenlijk", "samen", "allemaal", "alle", "eenieder", "alle betrokkenen", "gezamenlijke partijen"]
)
_ARTICLES = frozenset(["de", "het"])
_TITLE = r"(?:mevr|mw|mevrouw|dhr|heer|mr|drs|ir|ing|dr)"
_BETWEEN_NAMES = r"(?:van|de|der|den|ter|ten|te|het|'t|in|op)"
# as `_words` leaves it, without points: "mevr P Jansen", "M de Boer", "Jan van der Berg"
_HUMAN = re.compile(
    rf"(?i:{_TITLE})(?: \w+)+|[A-Z](?: [A-Z])*(?: {_BETWEEN_NAMES})* [A-Z][\w']+"
    r"|(?!Stichting|Vereniging|Team|Afdeling|Bureau|Raad|Wijk|Dorp|Buurt|Bewoner|Huurder|Wonen|Woning|Woon|Zorg|Welzijn)"
    rf"[A-Z][a-zà-ÿ]+(?: {_BETWEEN_NAMES})+ [A-Z][\w']+"
)
_JOINING = frozenset(["en", "of", "de", "het", "met", "alle", "beide", "and", "c", "q", "samen"])

_MONTH = (
    "jan(?:uari)?|feb(?:ruari)?|mrt|maart|apr(?:il)?|mei|juni?|juli?|aug(?:ustus)?|sept?(?:ember)?|okt(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
_SURE_DATE = (
    rf"(?:uiterlijk|vóór|vanaf|eind|begin|medio|najaar|voorjaar|zomer|herfst|winter|lente|{_MONTH})\b"
    r"(?!(?<=jan) (?:(?-i:[A-Z])|de\b|van\b|den\b|ter\b))"
    r"|Q[1-4]\b|[1-4]\s?[eE]\s+(?:kwartaal|helft|halfjaar)|(?:19|20)\d\d(?:\D|$)|\d{1,2}[-/.]\d{1,2}[-/.]"
    rf"|\d{{1,2}}\s*(?:{_MONTH})\b"
    r"|(?:half)?jaarlijks|maandelijks|driemaandelijks|tweejaarlijks|doorlopend|continu|structureel"
    r"|n\.?\s?t\.?\s?b\b\.?|z\.?\s?s\.?\s?m\b\.?|n\.?\s?v\.?\s?t\b\.?|p\.\s?m\.?"
)
_DATE_START = re.compile(
    rf"(?:(?:in|per|voor|op|t/m|tot|na|ca\.?|dit|sinds|elk|ieder|het|de)\s+){{0,2}}(?:{_SURE_DATE})", re.I
)
_LOOSE_DATE_START = re.compile(
    r"(?!(?:in|na|voor|op|per) (?:overleg|samenwerking|afstemming|samenspraak|opdracht|advies|verzoek)\b)"
    r"(?:elke?|iedere?|per|voor|binnen|tot|na|in|op|eerste|tweede|derde|vierde|loop|week|\d+\s*x|\d)\b"
    r"|(?:één|een|twee|drie|vier)(?:maal| keer)|volgend|komend|periodiek|nog te bepalen",
    re.I,
)
_DATE_INSIDE = re.compile(rf"\s+(?=(?:(?:in|per|voor|op|t/m|tot|na|dit|elk|ieder)\s+)?(?:{_SURE_DATE}))", re.I)

_EVERYBODY = ("Partijen", "Alle partijen", "Allen", "Iedereen")
_WORDS_OF_KIND = {
    PartyKind.MUNICIPALITY: (("Gemeente", "Gemeenten"), ()),
    PartyKind.CORPORATION: (
        ("Corporaties", "Woningcorporaties", "Woningbouwcorporaties"),
        ("Corporatie", "Woningcorporatie"),
    ),
    PartyKind.TENANTS: (
        ("Huurdersorganisaties", "Huurdersverenigingen"),
        ("Huurdersorganisatie", "Huurdersvereniging", "Bewonersraad"),
    ),
}
_ALL_PARTNERS = ("Partners", "Samenwerkingspartners", "Maatschappelijke partners")
_WORDS_OF_PARTNERS = {
    PartyKind.CARE: (
        ("Zorgpartners", "Zorgpartijen", "Zorgorganisaties", "Zorgaanbieders", "Zorginstellingen"),
        ("Zorgpartner", "Zorgpartij", "Zorgorganisatie", "Zorgaanbieder", "Zorginstelling"),
    ),
    PartyKind.WELFARE: (
        ("Welzijnspartners", "Welzijnspartijen", "Welzijnsorganisaties"),
        ("Welzijnspartner", "Welzijnspartij", "Welzijnsorganisatie"),
    ),
    PartyKind.VILLAGE: (("Dorpsraden", "Wijkraden"), ("Dorpsraad", "Wijkraad")),
    PartyKind.PROVINCE: ((), ("Provincie",)),
}
# words that mark a trekker cell in a layout, whether or not the covenant knows them: those of the three sides alone
_GENERIC = frozenset(
    word.casefold()
    for word in (*_EVERYBODY, *(word for pair in _WORDS_OF_KIND.values() for words in pair for word in words))
)
