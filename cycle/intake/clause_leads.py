"""A sentence in which a second party does something of its own by its own day, taken apart into what each one does.

"Clavis levert vóór 1 maart gegevens en de gemeente reageert vóór 1 april" asks two things of two parties.
"""

import re
from itertools import pairwise

from cycle.intake.leads import Names
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


def _parts(text: str, names: Names) -> list[str]:
    parts: list[str] = []
    begin = 0
    for joint in _JOINT.finditer(text):
        is_clause = begins_with_party(text[joint.end() :], names, words_after=_FEWEST)
        is_clause = is_clause and not names_together(text[begin : joint.start()], text[joint.end() :], names)
        if is_clause and has_time(text[begin : joint.start()]) and has_time(text[joint.end() :]):
            parts.append(text[begin : joint.start()].strip(_BETWEEN))
            begin = joint.start()
    return [*parts, text[begin:].strip(_BETWEEN)]


_FEWEST = 2
_BETWEEN = " ,;"
_JOINT = re.compile(
    r"(?:[,;]\s*|(?<=[.!])\s+|\s+)(?:(?:en|waarna|terwijl|daarna|vervolgens|maar)\s+)?(?=(?:de|het|alle|[A-Z]))"
)
