"""A title in a running sentence: "Voorjaarsoverleg" is "het voorjaarsoverleg" there.

Titles are data of a covenant, and nothing tells the gender of a word: those whose head is a known word of the trade get
their article, all others stay as they are written, which is always right enough.
"""

import re

HET = frozenset(
    {
        "advies",
        "bod",
        "bestuurlijk overleg",
        "kwartaaloverleg",
        "najaarsoverleg",
        "overleg",
        "volkshuisvestingsprogramma",
        "voorjaarsoverleg",
    }
)
DE = frozenset(
    {
        "ambtelijke werkgroep",
        "begroting",
        "bouwtafel",
        "brief",
        "indicatieve bestedingsruimte",
        "jaarrekening",
        "kadernota",
        "looptijd",
        "prognose",
        "rapportage bestedingsruimte",
        "themabijeenkomst",
        "uitnodigingsbrief",
        "uitvoeringsagenda",
        "verantwoording",
        "werkgroep",
        "wijkschouw",
        "zorgtafel",
    }
)
WHAT_IS_DONE = ("bijwerken", "bekijken")
_HEAD = re.compile(r"(?P<thing>.+?)(?P<more> (?:van|over|langs|met|voor|\().*)?")


def in_a_sentence(title: str) -> str:
    """ "het voorjaarsoverleg", "de brief over de huurverhoging", "het bijwerken van de uitvoeringsagenda"; a title of
    which the article is not known as it is."""
    head, _, verb = title.rpartition(" ")
    if verb in WHAT_IS_DONE and in_a_sentence(head) != head:
        return f"het {verb} van {in_a_sentence(head)}"
    match = _HEAD.fullmatch(title)
    if match is None:
        return title
    word = match["thing"].lower()
    article = "het" if word in HET else "de" if word in DE else ""
    return f"{article} {word}{match['more'] or ''}" if article else title
