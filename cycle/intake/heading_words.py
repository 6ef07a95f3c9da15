"""What the heading of a column may mean: the usual words, their compounds, and headings of several words.

A heading that says nothing here is judged by what stands under it (`table_columns.py`).
"""

import re
from functools import lru_cache

from cycle.intake.leads import split_date

MOST_WORDS = 6


@lru_cache(maxsize=4096)
def heading_meaning(cell: str) -> tuple[str, int] | None:
    """What a heading means and how sure that is (the lower, the surer); `None` for a heading that is not known.

    Beside the five columns that are read there are "status", "remark", "joins", "start" and "past": what it is not.
    """
    if cell.strip() in _NUMBER_SIGNS:
        return "number", 0
    words = re.findall(r"\w+", cell.casefold()) if len(cell) <= _LONGEST else []
    if not words or len(words) > MOST_WORDS or _is_a_row(cell, words):
        return None
    if words[0] in _OTHER:
        return _OTHER[words[0]], 0
    if not _PAST.isdisjoint(words):
        return "past", 0
    if len(words) == _PAIR and words[1] == "op" and words[0] not in _MEANINGS and _DONE.fullmatch(words[0]):
        return "past", _COMPOUND
    if len(words) > 1 and words[-1] in _BY_WHOM:
        return "trekker", _COMPOUND
    if len(words) > 1 and not _NUMBER_WORDS.isdisjoint(words[1:]) and words[0] not in _NUMBER_WORDS:
        return "number", _COMPOUND
    return _MEANINGS.get(words[0]) or next((meaning for word in words if (meaning := _by_its_head(word))), None)


@lru_cache(maxsize=4096)
def is_usual(cell: str) -> bool:
    """Whether a heading begins with one of the usual words; only such a row is a heading below rows of data too."""
    words = re.findall(r"\w+", cell[:_LONGEST].casefold())
    return cell.strip() in _NUMBER_SIGNS or (0 < len(words) < MOST_WORDS and words[0] in _MEANINGS)


def _is_a_row(cell: str, words: list[str]) -> bool:
    """Whether a cell with a usual word is no heading but what stands under one: "Afspraak 4", "eind 2027"."""
    if not any(word[0].isdecimal() for word in words[1:]):
        return False
    return not _YEAR.fullmatch(words[1]) or not split_date(cell)[0]


def _by_its_head(word: str) -> tuple[str, int] | None:
    """A word by itself, else by the word that it ends in: an "opleverdatum" is a "datum"."""
    if word in _OTHER:
        return _OTHER[word], _COMPOUND
    if word in _MEANINGS:
        name, rank = _MEANINGS[word]
        return name, _COMPOUND + rank
    if _STARTS.match(word):
        return "start", _COMPOUND
    return next(((name, _COMPOUND) for name, heads in _HEADS.items() if word.endswith(heads)), None)


_COMPOUND = 100
_PAIR = 2
# "Besproken op", "Vastgesteld op": when something was done
_DONE = re.compile(r"(?:ge|be|ver|ont|vast|aan|in|toe)\w*(?:d|t|en)")
_YEAR = re.compile(r"20\d\d")
_LONGEST = 100
_NUMBER_SIGNS = frozenset(["#", "№", "n°", "nº"])
# the surest first; where two columns mean the same, the surer one is read
_HEADINGS: dict[str, tuple[str, ...]] = {
    "number": (
        *("nr", "nummer", "no", "num", "afspraaknummer", "afspraaknr", "actienummer", "volgnummer", "volgnr", "number"),
        *("actienr", "code", "id"),
    ),
    "topic": ("onderwerp", "onderwerpen", "titel", "thema", "project", "speerpunt", "topic"),
    "text": (
        *("afspraak", "afspraken", "actie", "acties", "omschrijving", "activiteit", "activiteiten", "maatregel"),
        *("tekst", "inhoud", "prestatie", "wat", "toelichting", "text", "maatregelen", "prestaties", "taak", "taken"),
        *("inzet", "resultaat", "resultaten", "beschrijving", "actiepunt", "actiepunten", "doen", "todo"),
    ),
    "trekker": (
        *("trekker", "trekkers", "verantwoordelijk", "verantwoordelijke", "verantwoordelijken", "actiehouder"),
        *("actiehouders", "wie", "eigenaar", "uitvoerder", "uitvoering", "partij", "partijen", "kartrekker"),
        *("kartrekkers", "trekkend", "trekkende", "initiatiefnemer", "initiatiefnemers", "door", "organisatie"),
        *("organisaties", "uitvoerders", "coördinator", "coordinator", "penvoerder", "regie", "aanspreekpunt", "lead"),
    ),
    "date": (
        *("deadline", "gereed", "planning", "wanneer", "termijn", "einddatum", "streefdatum", "tijdpad"),
        *("tijdstip", "uiterlijk", "termijnen", "oplevering", "opleverdatum", "uiterste", "klaar", "mijlpaal"),
        *(
            "mijlpalen",
            "realisatie",
            "afronding",
            "einde",
            "eind",
            "tijd",
            "kwartaal",
            "maand",
            "fasering",
            "deadlines",
        ),
        *("tijdvak", "afgerond", "voltooid", "datum", "data", "jaar", "periode", "moment", "looptijd"),
    ),
}
_MEANINGS = {word: (name, rank) for name, words in _HEADINGS.items() for rank, word in enumerate(words)}
_NUMBER_WORDS = frozenset(["nr", "nummer", "num", "nrs", "volgnummer"])
_BY_WHOM = frozenset(["door", "wie"])
_OTHER = {
    **dict.fromkeys(("status", "stand", "voortgang", "stoplicht", "statusupdate"), "status"),
    **dict.fromkeys(
        (
            *("opmerking", "opmerkingen", "bijzonderheden", "bijzonderheid", "notitie", "notities", "kanttekening"),
            *(
                "kanttekeningen",
                "aandachtspunt",
                "aandachtspunten",
                "risico",
                "kosten",
                "budget",
                "financiën",
                "dekking",
            ),
            *("prioriteit", "bron", "commentaar", "aantekening", "aantekeningen", "reactie", "memo"),
        ),
        "remark",
    ),
    **dict.fromkeys(
        (
            *("partner", "partners", "samenwerkingspartner", "samenwerkingspartners", "deelnemer", "deelnemers"),
            *("betrokken", "betrokkenen", "meewerkend", "meewerkende", "ondersteunend", "ondersteunende", "adviserend"),
        ),
        "joins",
    ),
    **dict.fromkeys(
        ("start", "begin", "startdatum", "begindatum", "ingangsdatum", "vanaf", "aanvang", "ingang"), "start"
    ),
}
# a date that is not one of what must be done
_PAST = frozenset(
    [
        "besluit",
        "besluitdatum",
        "gewijzigd",
        "wijziging",
        "bijgewerkt",
        "aangemaakt",
        "ingediend",
        "gerealiseerd",
        "werkelijk",
    ]
)
_STARTS = re.compile(r"(?:start|begin|ingangs|aanvangs)(?:datum|moment|jaar|kwartaal)")
# what a compound ends in; a "samenwerkingsafspraak" is an agreement, but a "woningcorporatie" is a name
_HEADS: dict[str, tuple[str, ...]] = {
    "number": ("nummer",),
    "date": (
        *("datum", "termijn", "termijnen", "deadline", "planning", "mijlpaal", "mijlpalen", "tijdpad", "tijdstip"),
        *("oplevering", "realisatie", "afronding", "jaar", "kwartaal", "maand", "periode", "moment", "fasering"),
    ),
    "trekker": (
        "trekker",
        "trekkers",
        "houder",
        "houders",
        "uitvoerder",
        "eigenaar",
        "nemer",
        "verantwoordelijke",
        "verantwoordelijk",
    ),
    "topic": ("onderwerp", "thema"),
    "text": ("afspraak", "afspraken", "actie", "acties", "maatregel", "maatregelen", "activiteit", "activiteiten"),
}
