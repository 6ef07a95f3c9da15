"""Who a document names where those who made it are named: on its title page, in its opening, under it, as leads."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby

from cycle.intake.document_facts import Facts, facts_of
from cycle.intake.document_terms import is_open_ended, signed_in
from cycle.intake.founding.named_together import Listed, in_cells, in_lines, in_sentence
from cycle.intake.founding.organisations import NAME, Organisation, legal_name, organisation
from cycle.intake.leads import names_of, split_date
from cycle.intake.outside import is_signature, is_signed_line, names_agenda
from cycle.intake.promised import sentences_of
from cycle.intake.raw import Block, RawTable, RawText
from cycle.intake.rows import drafts_of


class Where(StrEnum):
    """Where a name stands; the first counts most."""

    TITLE = "titelblad"
    OPENING = "opening"
    SIGNED = "ondertekening"
    LEAD = "trekker"


@dataclass(frozen=True, slots=True)
class Sighting:
    """An organisation at one place. `alias` is what the document calls it from then on ("hierna: WZV")."""

    organisation: Organisation
    where: Where
    place: str
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """All that one file says of the table that made it. `renews` is None when it does not say."""

    file: str
    facts: Facts
    sightings: tuple[Sighting, ...]
    renews: bool | None = None
    is_open_ended: bool = False


def seen_in(blocks: Sequence[Block], file: str, printed: Sequence[tuple[str, str]] = ()) -> Seen:
    """What a document says of who made it and for how long; `printed` are its lines as they stand, with their place,
    where a text has them."""
    drafts = drafts_of(blocks, names_of((), ()), agenda=names_agenda(file))
    texts = [block for block in blocks if isinstance(block, RawText)]
    rows = [*drafts.agreements, *drafts.agenda]
    said = [text.text for text in texts] + [row.text for row in rows]
    leads = [(row.trekker, row.source) for row in rows if row.trekker]
    lines = printed or [(line, text.place) for text in texts for line in text.text.splitlines()]
    tables = [block for block in blocks if isinstance(block, RawTable)]
    together = (*_beneath(lines), *_in_tables(tables))
    sightings = (*_on_title(texts), *_in_opening(texts), *together, *_signed(texts), *_leading(leads))
    facts = facts_of(blocks, drafts)
    facts = (
        facts if facts.signed_on else replace(facts, signed_on=signed_in([line.strip() for line, _place in printed]))
    )
    return Seen(file, facts, sightings, _renewal(said), is_open_ended(said))


def _on_title(texts: Sequence[RawText]) -> Iterator[Sighting]:
    """Lines of the title page that are an organisation and nothing else."""
    for text in texts[:_TITLE_PAGE]:
        for line in text.text.splitlines():
            named = organisation(_PLAIN.sub("", line)) if _is_short(line) else None
            if named is not None and named.kind is not None:
                yield Sighting(named, Where.TITLE, text.place)


def _in_opening(texts: Sequence[RawText]) -> Iterator[Sighting]:
    """Who the first sentences say that agrees something with whom, and the items that introduce a party each."""
    for text in texts[:_BEGINNING]:
        for sentence in sentences_of(text.text.replace("St. ", _SINT)):
            said = sentence.replace(_SINT, "St. ")
            yield from (_sighting(one, Where.OPENING, text.place) for one in in_sentence(said))
        about = replace(text, text=_RECITALS.split(text.text)[0])
        if len(about.text) <= _LONGEST_PARTY and not _AGREE.search(about.text):
            yield from _introduced(about)
    yield from _in_lists(texts[:_BEGINNING])


def _beneath(lines: Sequence[tuple[str, str]]) -> Iterator[Sighting]:
    """Parties on lines of their own, or in columns, on the first pages and where it is signed."""
    signed = next((at for at, (line, _place) in enumerate(lines) if _is_signed(line.strip())), len(lines))
    for part, where in ((lines[:signed][:_MOST_LINES], Where.TITLE), (lines[signed:][-_MOST_LINES:], Where.SIGNED)):
        yield from (_sighting(one, where, place) for one, place in in_lines(part))
        columned = ((line, place) for line, place in part if _COLUMNS.search(line.strip()))
        yield from (_sighting(one, where, place) for line, place in columned for one in in_sentence(line))


def _is_signed(line: str) -> bool:
    return is_signature(line) or is_signed_line(line)


def _in_tables(tables: Sequence[RawTable]) -> Iterator[Sighting]:
    """Parties in tables of them, as those of signatures are."""
    for table in tables:
        place = table.lines[0].place if table.lines else ""
        yield from (_sighting(one, Where.SIGNED, place) for one in in_cells([line.cells for line in table.lines]))


def _sighting(named: Listed, where: Where, place: str) -> Sighting:
    return Sighting(named.organisation, where, place, named.alias)


def _introduced(text: RawText) -> Iterator[Sighting]:
    """ "2. Woonstichting De Kern, gevestigd te …, hierna te noemen “De Kern”;" """
    is_item, alias = text.bullet or _ITEM.match(text.text), _HEREAFTER.search(text.text)
    words = _UNTIL.split(_ITEM.sub("", text.text), maxsplit=1)[0]
    named = organisation(words) or (legal_name(words) if alias else None)
    if named is not None and (alias or (is_item and named.kind is not None)):
        yield Sighting(named, Where.OPENING, text.place, _alias(alias.group(1)) if alias else "")


def _in_lists(texts: Sequence[RawText]) -> Iterator[Sighting]:
    """The items of a list of parties: where two of them are known by their words, the others beside them are too."""
    for is_item, run in groupby(texts, lambda text: text.bullet or bool(_ITEM.match(text.text))):
        items = [(text, organisation(_UNTIL.split(_ITEM.sub("", text.text), maxsplit=1)[0])) for text in run]
        named = [(text, party) for text, party in items if party is not None]
        if is_item:
            joined = "; ".join(_REPRESENTED.split(_ITEM.sub("", text.text), maxsplit=1)[0] for text, _party in items)
            yield from (_sighting(one, Where.OPENING, items[0][0].place) for one in in_sentence(joined))
        if is_item and sum(party.kind is not None for _text, party in named) >= _FEWEST_SUBJECTS:
            yield from (Sighting(party, Where.OPENING, text.place) for text, party in named if party.kind is None)


def _alias(words: str) -> str:
    """What a party is called from then on; nothing where several together are ("hierna samen: partijen")."""
    alias = re.sub(r"^(?:de|het)\s+", "", words.strip())
    return "" if ":" in alias or alias.casefold().startswith("samen") else alias


def _signed(texts: Sequence[RawText]) -> Iterator[Sighting]:
    """Who signs: the lines behind "Aldus overeengekomen", and those that begin with "Namens"."""
    signing = False
    for text in texts:
        signing = signing or is_signature(text.text)
        for line in _BEFORE_NAMENS.split(text.text):
            for_whom = _ON_BEHALF.match(line)
            named = organisation((for_whom.group(1) if for_whom else line).split(",")[0]) if _is_short(line) else None
            if named is not None and (for_whom or (signing and named.kind is not None)):
                yield Sighting(named, Where.SIGNED, text.place)


def _leading(cells: Iterable[tuple[str, str]]) -> Iterator[Sighting]:
    for cell, place in cells:
        for name in _LEADS.split(split_date(cell)[0]):
            named = organisation(name)
            if named is not None:
                yield Sighting(named, Where.LEAD, place)


def _renewal(said: Iterable[str]) -> bool | None:
    for text in said:
        for sentence in sentences_of(text):
            if _ENDS.search(sentence):
                return False
            if _GOES_ON.search(sentence):
                return True
    return None


def _is_short(line: str) -> bool:
    return 0 < len(line.strip()) <= _LONGEST_LINE and not line.rstrip().endswith((".", ";", "?"))


_TITLE_PAGE, _BEGINNING, _LONGEST_LINE, _LONGEST_PARTY, _FEWEST_SUBJECTS = 25, 60, 90, 600, 2
_PLAIN = re.compile(r"[*_#]+|^\s*(?:[-•–]|\d+[.)])\s*")
_AGREE = re.compile(
    r"\b(?:werken|maken|komen|sluiten|hebben|spreken|leggen|geven|verklaren|zijn)\b[^.]{0,60}?"
    r"\b(?:samen|afspraken|overeen|overeengekomen|overeenkomst|af|vast|gemaakt|gesloten|vastgelegd)\b"
)
_RECITALS = re.compile(r"\boverwegende\b|\bzijn overeengekomen\b|\bkomen het volgende overeen\b")
_BEFORE_NAMENS = re.compile(r"\n|\s+(?=(?:Namens|w\.g\.)\s)")
_SINT = "St.\x00"
_REPRESENTED = re.compile(r",?\s*\b(?:te dezen |rechtsgeldig |statutair )?(?:vertegenwoordigd|gevestigd)\b")
_MOST_LINES = 80
_COLUMNS = re.compile(r"\S\s{3,}\S|\t")
_HEREAFTER = re.compile(
    r"(?:hierna|verder(?=(?: ook)?(?: te noemen| genoemd|:|\s*[“\"‘'])))(?: ook)?(?: te noemen| genoemd)?:?\s*"
    r"[“\"‘']?(?:de |het )?([^“”\"‘’.,;()]{2,40})"
)
_ITEM = re.compile(r"^\s*(?:[-•–*]|\(?\d+[.)]|\(?[a-h][.)])\s+")
_UNTIL = re.compile(r"[,;(]|\b(?:vertegenwoordigd|gevestigd|hierna|verder|statutair)\b")
_ON_BEHALF = re.compile(rf"^\s*(?:namens|voor|w\.g\.)\s+(?:de |het )?((?:\w+ )?{NAME}|[Gg]emeente {NAME})", re.I)
_LEADS = re.compile(r"[,;/&+()\[\]|:]|\ben\b|\bof\b|\bi\.?\s?s\.?\s?m\b\.?|\bi\.?\s?o\.?\s?m\b\.?|\bmet\b")
_GOES_ON = re.compile(
    r"stilzwijgend (?:met [^.]{0,30}|telkens [^.]{0,30})?(?:verlengd|voortgezet)|automatisch verlengd"
    r"|telkens (?:met|voor) [^.]{0,30}verlengd|verlenging[^.]{0,20}van rechtswege|zonder nieuwe afspraken lo(?:pen|opt)"
    r"|(?:van jaar tot jaar|jaarlijks) [^.]{0,20}(?:verlengd|voortgezet)|onbepaalde (?:tijd|duur)"
    r"|lo(?:pen|opt) (?:\w+ ){0,3}door\b[^.]*\btot\b"
    r"|blij(?:ven|ft) (?:\w+ ){0,3}(?:van kracht|gelden|geldig) (?:\w+ ){0,3}tot(?:dat)?\b[^.]*\bnieuwe\b"
    r"|(?:gelden|geldt) (?:\w+ ){0,4}tot(?:dat)? (?:er )?nieuwe",
    re.I,
)
_ENDS = re.compile(r"eindig(?:t|en) van rechtswege|niet (?:stilzwijgend|automatisch) verlengd|zonder verlenging", re.I)
