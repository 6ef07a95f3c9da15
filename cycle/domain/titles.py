"""A title in a running sentence: "Voorjaarsoverleg" is "het voorjaarsoverleg" there.

Titles are data of a covenant, and nothing tells the gender of a word: those whose head is a known word of the trade get
their article, all others stay as they are written, which is always right enough.
"""

import re

HET = frozenset(
    {
        "advies",
        "bod",
        "einde",
        "kernteam",
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
        "afspraken",
        "ambtelijke werkgroep",
        "begroting",
        "bouwtafel",
        "brief",
        "indicatieve bestedingsruimte",
        "jaarrekening",
        "kadernota",
        "looptijd",
        "prestatieafspraken",
        "prognose",
        "rapportage bestedingsruimte",
        "stuurgroep",
        "themabijeenkomst",
        "uitnodigingsbrief",
        "uitvoeringsagenda",
        "verantwoording",
        "werkgroep",
        "wijkschouw",
        "zorgtafel",
    }
)
WHAT_IS_DONE = ("bijwerken", "bekijken", "ondertekenen")
TABLES = frozenset({"kernteam", "stuurgroep", "werkgroep"})
"""Words after which a table bears a name of its own: "de Stuurgroep Wonen"."""
_HEAD = re.compile(r"(?P<thing>.+?)(?P<more> (?:van|over|langs|met|naar|voor|\().*)?")


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
    if article := _article(word):
        return f"{article} {word}{match['more'] or ''}"
    first = title.split(" ")[0].lower()
    return f"{_article(first)} {title}" if first in TABLES else title


def _article(word: str) -> str:
    return "het" if word in HET else "de" if word in DE else ""
