"""The numbers that begin a paragraph: "2.1", "Afspraak 3:", "Artikel 3.2", "A1", "1.", "a)"."""

import re
from dataclasses import dataclass

from cycle.intake.numbers import BEGINS_TEXT, comes_next


@dataclass(frozen=True, slots=True)
class Numbered:
    """The number at the beginning of a paragraph, its kind (word, dotted, coded, single, letter), and what follows."""

    number: str
    kind: str
    rest: str


def numbered_start(words: str, above: str = "") -> Numbered | None:
    """The number that a paragraph begins with, `None` if it begins with none (an amount, a date, a reference).

    The next number after `above` is one whatever the words behind it look like.
    """
    for kind, pattern in _KINDS:
        match = pattern.match(words)
        if match:
            rest = words[match.end() :].strip()
            sure = kind == "lettered" or match.group().rstrip().endswith((":", ")"))
            is_next = kind == "dotted" and comes_next(match.group(1), above) and not _UNIT.match(rest)
            begins = is_next or _begins_text(rest, sure=sure)
            return Numbered(match.group(1), kind, rest) if begins else None
    return None


def _begins_text(rest: str, *, sure: bool) -> bool:
    """Behind a number a new text begins with a capital, an article or a sign; else the number is part of a sentence."""
    return not rest or (sure and not rest[0].isdigit()) or BEGINS_TEXT.match(rest) is not None


_UNIT = re.compile(
    r"[%‰°]|(?:procent|miljoen|miljard|mln|uur|euro|keer|maal|hectare|ha|m2|m²|km|meter|kwh|ton|x)\b", re.I
)
_END = r"(?:\s*[.:)]+(?=\s|$)|\s*[–—-](?=\s)|(?=\s)|$)\s*"
_KINDS = (
    (
        "word",
        re.compile(
            r"(?:prestatieafspraak|afspraak|artikel|art\.|actiepunt|actie|maatregel|opgave|doelstelling|doel|punt|speerpunt|project|ambitie)\s+"
            rf"(?:nr\.?\s*)?([A-Z]{{0,3}}[-.]?\d{{1,3}}(?:[.-]\d{{1,2}}){{0,3}}[a-z]?){_END}",
            re.I,
        ),
    ),
    # any other word with a number and a colon ("Bod 1: …"), but not a part of a document or of a year
    (
        "word",
        re.compile(
            r"(?!(?i:tabel|bijlage|figuur|grafiek|kaart|foto|afbeelding|noot|voetnoot|bron|hoofdstuk|paragraaf|deel|blok|fase|stap"
            r"|thema|kolom|rij|regel|pagina|bladzijde|kwartaal|week|jaar|maand|dag|lid|versie|variant|scenario|wijk|gebied"
            r"|kern|huisnummer|nummer|agendapunt|vraag|opmerking|kopie|stuk|bladnr|blad|concept)\b|Q[1-4]\b|(?i:jan|feb|maart|apr|mei"
            r"|jun|jul|aug|sep|okt|nov|dec))(?:[A-Z][a-zà-ÿ]{2,24}|[A-Z]{3,25})\s+(?:nr\.?\s*)?(\d{1,2}[a-z]?)(?:\s*[:)]\s+|\s*$)"
        ),
    ),
    ("dotted", re.compile(rf"(\d{{1,2}}(?:\.\d{{1,2}}){{1,3}}[a-z]?){_END}")),
    ("coded", re.compile(rf"(?!Q[1-4]\b|CO2|H2)([A-Z]{{1,3}}[-.]?\d{{1,3}}(?:\.\d{{1,2}}){{0,2}}[a-z]?){_END}")),
    ("single", re.compile(r"\(?(\d{1,3})[.)]\s+")),
    ("lettered", re.compile(r"\(?([a-z])[.)]\s+")),
)
