"""A sentence in which a second party does something of its own by its own day, taken apart into what each one does.

"Clavis levert vóór 1 maart gegevens en de gemeente reageert vóór 1 april" asks two things of two parties.
"""

import re
from itertools import pairwise

from cycle.intake.leads import Names, split_date
from cycle.intake.promised import has_time
from cycle.intake.subjects import begins_with_party, names_together, subject_of


def by_clause(text: str, names: Names) -> list[tuple[str, str]]:
    """The parts of a text with who leads in each, where another party than the first acts by a day of its own.

    Nothing where the text is not made of such parts; together they are the whole text.
    """
    parts = _parts(text, names)
    leads = [subject_of(part, names) for part in parts]
    slugs = [names.resolve(lead)[0] for lead in leads]
    if len(parts) < _FEWEST or not all(slugs) or not all(map(has_time, parts)):
        return []
    if any(one == other for one, other in pairwise(slugs)):
        return []
    return list(zip(parts, leads, strict=True))


def by_item(text: str, names: Names) -> list[tuple[str, str]]:
    """The items of a list inside one cell ("• … (Clavis, 1 mei 2027)") with who leads in each and by its own day.

    Nothing where it is no such list; together they are the whole text.
    """
    if _ITEM.match(text) is None:
        return []
    items = [item for item in (piece.strip(_AROUND) for piece in _ITEM.split(text)) if item]
    leads = [subject_of(item, names) for item in items]
    if len(items) < _FEWEST or not all(map(has_time, items)) or not all(names.resolve(lead)[0] for lead in leads):
        return []
    return list(zip(items, leads, strict=True))


def lead_behind(text: str, names: Names) -> str:
    """The parties alone in brackets behind the words, perhaps with a date ("Wachttijd meten (Clavis)"), "" for none."""
    behind = _BEHIND.search(text)
    lead = split_date(behind.group(1))[0] if behind else ""
    return lead if lead and names.is_all_known(lead) else ""


def _parts(text: str, names: Names) -> list[str]:
    parts: list[str] = []
    begin = 0
    for joint in _JOINT.finditer(text):
        is_clause = begins_with_party(text[joint.end() :], names, words_after=_FEWEST)
        is_clause = is_clause and not names_together(text[begin : joint.start()], text[joint.end() :], names)
        if is_clause and has_time(text[begin : joint.start()]) and has_time(text[joint.end() :]):
            parts.append(text[begin : joint.start()].strip(_AROUND))
            begin = joint.start()
    return [*parts, text[begin:].strip(_AROUND)]


_FEWEST = 2
_AROUND = " ,;•▪●◦"
_ITEM = re.compile(r"(?:^|\s)(?:[•▪●◦]\s*|[-–]\s+(?=[A-ZÀ-Ý]))")
_BEHIND = re.compile(r"\(([^()]{2,80})\)\s*[.;]?\s*$")
_JOINT = re.compile(
    r"(?:[,;]\s*|(?<=[.!])\s+|\s+)(?:(?:en|waarna|terwijl|daarna|vervolgens|maar)\s+)?(?=(?:de|het|alle|[A-Z]))"
)
