"""Parties that a text names together: in a sentence, behind labels, on lines beneath each other, in cells of a table.

A name without a word for its kind counts only beside others that have one, because any two capitals may stand side by
side; and a list is one of parties only if a municipality and another side of the table are in it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from cycle.domain.model import PartyKind
from cycle.domain.words import MONTHS
from cycle.intake.founding.organisations import KIND_WORDS, PLURALS, Organisation, named_in, organisation

SIDES = frozenset([PartyKind.CORPORATION, PartyKind.TENANTS])


@dataclass(frozen=True, slots=True)
class Listed:
    """An organisation as it stands in a list, with what it is called from then on."""

    organisation: Organisation
    alias: str = ""


def in_sentence(sentence: str) -> list[Listed]:
    """The parties of "de gemeente X, de corporaties Y en Z (hierna: YZ) en huurdersvereniging Q maken afspraken"."""
    if _NO_PARTY.search(sentence):
        return []
    said, asides = _without_asides(_GLUED.sub("; ", _PLACED.sub("; ", _labels_as_kinds(sentence))))
    runs: list[list[Listed]] = [[]]
    kind: PartyKind | None = None
    for piece in _pieces(said):
        plural = _PLURAL.match(piece)
        kind = _kind_of_plural(plural.group(1)) if plural else kind
        named = _named(piece[plural.end() :] if plural else piece, asides)
        if named is None:
            runs.append([])
            kind = None
            continue
        kind = None if named.organisation.kind not in (None, kind) else kind
        runs[-1].append(replace(named, organisation=_of(named.organisation, kind)) if kind else named)
    introduced = _BETWEEN_WHOM.search(sentence) is not None
    return [named for run in _joined(runs) if _is_of_a_table(run, introduced=introduced) for named in run]


def in_lines(lines: Iterable[tuple[str, str]]) -> Iterator[tuple[Listed, str]]:
    """The parties of lines that each are one of them and nothing else, with their place; empty lines do not count."""
    run: list[tuple[Listed, str]] = []
    for line, place in [*lines, (".", "")]:
        bare = _MARKS.sub("", line).strip()
        if not bare:
            continue
        named = _line(bare)
        if named is not None:
            run.append((named, place))
            continue
        if _is_of_a_table([one for one, _place in run], introduced=False):
            yield from run
        run = []


def in_cells(rows: Sequence[Sequence[str]]) -> list[Listed]:
    """The parties of a table of them, as of signatures; a bare name counts in the column or the row of others."""
    known = [
        (at, place, named) for at, row in enumerate(rows) for place, cell in enumerate(row) if (named := _line(cell))
    ]
    sure = [(at, place, named) for at, place, named in known if named.organisation.kind is not None]
    if not _is_of_a_table([named for _at, _place, named in sure], introduced=False):
        return []
    columns = {place for _at, place, _named in sure}
    first = min(at for at, _place, _named in sure)
    return [
        named
        for at, place, named in known
        if place in columns and at >= first and not _PERSON.search(named.organisation.name)
    ]


def _is_of_a_table(run: Sequence[Listed], *, introduced: bool) -> bool:
    kinds = {named.organisation.kind for named in run}
    if PartyKind.MUNICIPALITY in kinds:
        return bool(kinds & SIDES) or (introduced and len(run) > 1)
    return kinds >= SIDES


def _joined(runs: Sequence[Sequence[Listed]]) -> list[list[Listed]]:
    """All of one sentence as one list, where each part of it names somebody by a word of their kind."""
    parts = [list(run) for run in runs if run and any(named.organisation.kind for named in run)]
    return [[named for run in parts for named in run]] if parts else []


def _pieces(words: str) -> list[str]:
    """Between commas, "en" and verbs; "Wonen, Werken & Welzijn" is one name."""
    pieces = [piece.strip() for piece in _SEPARATORS.split(words) if piece and piece.strip(" .:")]
    whole: list[str] = []
    for piece in pieces:
        if (
            whole
            and _AND_SIGN.match(piece)
            and not _AND_SIGN.match(whole[-1])
            and _ends_in_comma(words, whole[-1], piece)
        ):
            whole[-1] = f"{whole[-1]}, {piece}"
        else:
            whole.append(piece)
    return whole


def _ends_in_comma(words: str, before: str, piece: str) -> bool:
    return f"{before}, {piece}" in words


def _named(piece: str, asides: Sequence[tuple[str, str]]) -> Listed | None:
    alias = "".join(_alias(asides[int(mark)][1]) for mark in _MARK.findall(piece))
    words = _MARK.sub("", piece).strip()
    named = named_in(words.replace(", ", " "))
    if named and ", " in words:  # "Wonen, Werken & Welzijn"
        first, _comma, rest = words.partition(", ")
        name, short = (
            one.replace(f"{first.split()[-1]} {rest}", f"{first.split()[-1]}, {rest}")
            for one in (named.name, named.short)
        )
        named = replace(named, name=name, short=short)
    return Listed(named, alias) if named else None


def _without_asides(words: str) -> tuple[str, list[tuple[str, str]]]:
    """The words with a mark for each aside, so that a comma in it parts nothing; and the asides."""
    asides: list[tuple[str, str]] = []

    def mark(match: re.Match[str]) -> str:
        asides.append((match.group(), next((one for one in match.groups() if one), "")))
        return f" \x00{len(asides) - 1}\x00 "

    return _ASIDE.sub(mark, words), asides


def _alias(words: str) -> str:
    alias = re.sub(r"^(?:de|het)\s+", "", words.strip())
    return "" if ":" in alias or re.match(r"(?:gezamenlijk|samen)\b", alias, re.I) else alias


def _line(line: str) -> Listed | None:
    """A line that is a party and nothing else but what kind it is or who represents it."""
    name, comma, about = line.strip(" ;.,").partition(",")
    if comma and not _ABOUT.search(about):
        return None
    alias = _ASIDE.search(name)
    named = organisation(_ASIDE.sub("", name))
    if named is None:
        return None
    kind = named.kind or next((kind for kind, words in _ABOUT_KINDS if words.search(about)), None)
    said = next((one for one in alias.groups() if one), "") if alias else ""
    return Listed(replace(named, kind=kind), _alias(said))


def _labels_as_kinds(words: str) -> str:
    """ "Woningcorporaties: A, B" as "; woningcorporaties A, B"; the region of "gemeenten in de regio X: A" goes."""
    return _LABEL.sub(lambda match: f"; {match.group(1).lower()} ", words)


def _of(named: Organisation, kind: PartyKind) -> Organisation:
    if named.kind is not None:
        return named
    if kind is PartyKind.MUNICIPALITY:
        return Organisation(f"Gemeente {named.name}", named.name, kind)
    return replace(named, kind=kind)


def _kind_of_plural(word: str) -> PartyKind | None:
    return next((kind for kind, words in PLURALS if re.fullmatch(words, word, re.I)), None)


@cache
def _any_kind() -> str:
    return "|".join((*(words for _kind, words in PLURALS), *(words for _kind, words in KIND_WORDS)))


_VERBS = r"werken|maken|komen|sluiten|hebben|spreken|leggen|geven|verklaren|zijn|besluiten|ondertekenen|staan|bepalen"
_SEPARATORS = re.compile(
    r"\s*(?:[,;|•·]|\b[Nn]amens\b|\s[-–—/+]\s|\t|\s{3,}|"
    r"\b(?:alsmede|alsook|evenals|enerzijds|anderzijds|(?:en )?(?:samen )?met)\b"
    rf"|\b(?:{_VERBS})\b"
    r"|\ben\b(?! (?:Co|Zn|Zoon|Zorg|Welzijn|Werken|Leven|Dienst(?:en|verlening)?|Service)\b)"
    rf"(?= (?:de |het |de besturen van (?:de )?)?(?:[A-ZÀ-Þ'’]|[a-z]{{2,8}}[A-Z]|(?i:{_any_kind()})\b)))\s*"
)
_LABEL = re.compile(
    rf"(?:^|(?<=[\s;,]))((?i:{_any_kind()}))"
    r"(?: (?:in|van|uit)(?: de| het)?(?: regio| streek)?(?: [A-Z][\w-]+)+)?\s*:\s+(?=\S)"
)
_PLURAL = re.compile(rf"(?:de |het )?((?i:{'|'.join(words for _kind, words in PLURALS)}))\s+(?=\S)", re.I)
_AND_SIGN = re.compile(r"[A-Z]\w+ & [A-Z]\w+")
_MARK = re.compile("\x00(\\d+)\x00")
_MARKS = re.compile(r"[*_#]+|^\s*(?:[-•–*]|\(?\d+[.)]|\(?[a-h][.)])\s+|\s*\|\s*$")
_ASIDE = re.compile(
    r"\(\s*(?:(?:hierna|verder)(?: ook)?(?: te noemen| genoemd)?:?\s*)?[“\"‘']?([^()“”\"‘’]{2,60}?)[”\"’']?\s*\)"
    r"|,?\s*(?:hierna|verder)(?: ook)?(?: te noemen| genoemd)?:?\s*[“\"‘']([^”\"’']{2,60})[”\"’']"
)
_PLACED = re.compile(
    rf"\s(?:te )?[A-Z][\w'’-]+,\s*(?:d\.?d\.? ?)?\d{{1,2}}[ -](?:{'|'.join(MONTHS)}|\d{{1,2}})[ -]20\d\d"
)
_GLUED = re.compile(
    r"(?<![Ss]tichting)(?<![Vv]ereniging)(?<![Cc]oöperatie)(?<=[a-zé])(?<!organisatie)(?<!\bde)(?<!\ben)(?<!\bhet)(?<!\bmet)(?<!\bvan)(?<!\bdoor)"
    r"(?<!\btussen)\s+"
    r"(?=(?:Gemeente|Woningcorporatie|Wooncorporatie|Woningstichting|Woonstichting|Huurders[a-z]+|Bewonersraad) [A-Z])"
)
_BETWEEN_WHOM = re.compile(r"\b(?:tussen|gesloten door|partijen)\b", re.I)
_NO_PARTY = re.compile(
    r"\b(?:geen partij|gesproken met|in overleg met|buurgemeenten?|naar het voorbeeld|fusie|gefuseerd|voorheen)\b",
    re.I,
)
_ABOUT = re.compile(
    r"vertegenwoordigd|gevestigd|hierna|verder|corporatie|huurders|bewoners|zorg|welzijn|gemeente|partner|provincie|dorps",
    re.I,
)
_ABOUT_KINDS = (
    (PartyKind.CORPORATION, re.compile(r"^\s*(?:een )?(?:woning|woon)?corporatie\b", re.I)),
    (PartyKind.TENANTS, re.compile(r"^\s*(?:een )?(?:huurders|bewoners)\w*\b", re.I)),
    (PartyKind.CARE, re.compile(r"aanbieder van (?:wonen en )?zorg|^\s*(?:een )?zorg\w*", re.I)),
    (PartyKind.WELFARE, re.compile(r"^\s*(?:een )?welzijns\w*", re.I)),
)
_PERSON = re.compile(r"^(?:[A-Z]\.\s?)+|\b(?:wethouder|bestuurder|voorzitter|directeur|secretaris)\b", re.I)
