"""Columns of which the heading says who or when: a column per party, per year, per quarter.

A cross in such a column says that it holds for the row; a sentence in it is something to do by that party, or then.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cycle.intake.cell_kinds import is_cross, is_date
from cycle.intake.heading_words import heading_meaning
from cycle.intake.leads import Names
from cycle.intake.repairs import one_space, tidy


@dataclass(frozen=True, slots=True)
class Spread:
    """A column by its place, and the party or the moment that its heading names."""

    place: int
    says: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a row says in such columns: where there are crosses, and where there are sentences."""

    marked: str = ""
    used: frozenset[int] = frozenset()
    sentences: tuple[tuple[Spread, str], ...] = ()


def party_in_heading(heading: str, names: Names) -> str:
    """The party that a heading is about ("Gemeente", "Inzet corporaties", "Wat doen de huurders?"), "" for none."""
    words = re.findall(r"[\w'/&+-]+", heading)
    if not words or len(words) > _MOST_WORDS:
        return ""
    whole = " ".join(words)
    if names.is_all_known(whole) and not is_date(whole):
        return whole
    own = " ".join(_PLURALS.get(word.casefold(), word) for word in words if word.casefold() not in _AROUND)
    if own and names.is_all_known(own) and not is_date(own):
        return own
    return ""


def period_in_heading(heading: str) -> str:
    """The year, quarter or month that a heading is about ("2027", "Q3", "Actie 2027"), "" for none."""
    text = one_space(heading).strip(" :")
    words = re.findall(r"\w+", text.casefold())
    years = [word for word in words if _YEAR.fullmatch(word)]
    rest = [word for word in words if not _YEAR.fullmatch(word)]
    if years and rest and heading_meaning(text) and is_date(text):
        return years[0] if len(years) == 1 else ""
    if is_date(text) and _NAMES_A_PERIOD.search(text):
        return text
    return years[0] if len(years) == 1 and rest and all(word in _OF_A_YEAR for word in rest) else ""


def spoken(columns: Sequence[Spread], cells: Sequence[str], *, moments: bool) -> Spoken:
    """What the cells of a row say in these columns, of parties or of moments."""
    marked: list[str] = []
    used: set[int] = set()
    sentences: list[tuple[Spread, str]] = []
    start = ""
    for column in columns:
        cell = tidy(cells[column.place]) if column.place < len(cells) else ""
        said = _moment_said(column.says, cell) if moments else _party_said(column.says, cell)
        if said:
            marked.append(said)
        elif moments and cell.casefold().rstrip(".") in _BEGUN and not start:
            start = column.says
        elif _is_sentence(cell) or (moments and _STEP.fullmatch(cell)):
            sentences.append((column, cell))
        else:
            continue
        used.add(column.place)
    return Spoken(_together(start, marked), frozenset(used), tuple(sentences))


def _is_sentence(cell: str) -> bool:
    return len(cell.split()) >= _SENTENCE_WORDS and cell.casefold().rstrip(".") not in _NO_PART


def _party_said(party: str, cell: str) -> str:
    return party if is_cross(cell) or cell.casefold().rstrip(".") in _LEADS else ""


def _moment_said(moment: str, cell: str) -> str:
    if is_cross(cell) or cell.casefold().rstrip(".") in _DONE:
        return moment
    if is_date(cell):
        return cell if _YEAR.search(cell) or not _YEAR.search(moment) else f"{moment}, {cell}"
    return ""


def _together(start: str, marked: Sequence[str]) -> str:
    if not start:
        return ", ".join(marked)
    return f"van {start} tot en met {marked[-1]}" if marked else f"start {start}"


_MOST_WORDS = 7
_SENTENCE_WORDS = 2
_NAMES_A_PERIOD = re.compile(
    r"\d|(?:jan|feb|mrt|maart|apr|mei|jun|jul|aug|sep|okt|nov|dec)|kwartaal|helft|voorjaar|zomer|najaar|winter", re.I
)
_YEAR = re.compile(r"20\d\d")
_AROUND = frozenset(
    [
        *("inzet", "bijdrage", "rol", "actie", "acties", "taak", "taken", "wat", "doet", "doen", "gaat", "gaan", "de"),
        *("het", "van", "door", "voor", "afspraak", "afspraken", "prestatie", "prestaties", "verantwoordelijkheid"),
        *("activiteit", "activiteiten", "inspanning", "inspanningen", "verwachting", "aanbod", "bod", "zegt", "toe"),
        *("maatregelen", "wederzijdse", "levert", "leveren", "inbreng", "en"),
        *("brengt", "brengen", "in", "biedt", "bieden", "draagt", "dragen", "bij", "spreekt", "spreken", "af"),
    ]
)
_PLURALS = {
    **dict.fromkeys(("huurders", "bewoners", "huurder", "huurdersvertegenwoordiging"), "huurdersorganisaties"),
    "corporatie": "corporaties",
    "woningcorporatie": "woningcorporaties",
    "huurdersorganisatie": "huurdersorganisaties",
}
_OF_A_YEAR = frozenset(
    [
        *("actie", "acties", "activiteit", "activiteiten", "inzet", "jaarschijf", "jaar", "afspraak", "afspraken"),
        *("maatregel", "maatregelen", "wat", "in", "prestatie", "prestaties", "resultaat", "resultaten", "stap"),
        *("stappen", "uitvoering", "mijlpaal", "mijlpalen", "voor", "doen", "te", "we", "doelen", "bod"),
    ]
)
_NO_PART = frozenset(["geen rol", "geen inzet", "niet van toepassing", "geen bijdrage", "geen actie"])
_LEADS = frozenset(["t", "trekker", "trekt", "lead", "verantwoordelijk", "eigenaar", "r", "kartrekker"])
_DONE = frozenset(["gereed", "klaar", "oplevering", "opgeleverd", "afronding", "einde", "eind", "opleveren", "af"])
# under a moment one word may be what is done then; a state ("loopt") is not
_STEP = re.compile(
    r"[a-zé-]{2,}(?:stellen|voeren|ronden|spreken|leveren|leggen|maken|werken|zoeken|houden|lueren|teren|ceren|seren|geren"
    r"|bieden|sturen|vragen|toetsen|bouwen|plaatsen|sluiten|nemen|kiezen|delen)"
    r"|(?:eind|tussen|deel|jaar)?(?:concept|ontwerp|definitief|besluit|voorstel|plan|evaluatie|rapportage|rapport|advies)"
    r"|(?:start|kader)?(?:notitie|nota)|vaststelling|besluitvorming|uitvoering|bespreking|publicatie|levering|sloop|bouw",
    re.I,
)
_BEGUN = frozenset(["start", "begin", "starten", "aanvang", "s"])
