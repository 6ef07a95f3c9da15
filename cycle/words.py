"""Words for states, roles and kinds: one table for page, mail, command and export, so that one thing has one word."""

import re

from cycle.domain.figures import FigureKind
from cycle.domain.ladders import OF_MEMBER, What
from cycle.domain.letters import Way
from cycle.domain.model import CameOf, ChainFault, GoesOver, LadderKind, MailState, News, PartyKind, Role, SignalKind
from cycle.domain.words import span_words

APPROVAL_WAYS = {
    Way.LINK: "zelf, via de link in de mail met een code",
    Way.DESK: "zelf, aangemeld in de browser",
    Way.PAPER: "op papier, met een scan",
    Way.NOTED: "genoteerd door het secretariaat",
}
"""By which way a sender said that a letter may go."""

MAIL_STATES = {
    MailState.DRAFT: "concept",
    MailState.QUEUED: "wacht",
    MailState.SENDING: "onderweg",
    MailState.SENT: "verstuurd",
    MailState.FAILED: "niet bezorgd",
    MailState.HELD: "vastgehouden",
    MailState.REPLACED: "vervangen",
    MailState.DISCARDED: "weggelegd",
}
"""The state of a mail in the outbox."""

CHAIN_FAULTS = {
    ChainFault.GONE: "hier ontbreekt iets",
    ChainFault.CHANGED: "dit is gewijzigd nadat het was vastgelegd",
    ChainFault.EMPTIED: "de woorden zijn weg, en niemand heeft ze gewist",
    ChainFault.OLDER: "wat er voor het begin van de keten stond is gewijzigd",
    ChainFault.CUT: "hierna ontbreekt iets: de keten is korter dan hij was",
    ChainFault.OTHER: "dit is iets anders dan het verzendjournaal ervan weet",
    ChainFault.BY: "wie dit deed heet nu anders dan is vastgelegd",
}
"""What is wrong with what was written down, for the operator."""

ROLES = {
    Role.TREKKER: "trekker",
    Role.CONTACT: "contactpersoon",
    Role.DEPUTY: "vervanger",
    Role.SECRETARIAT: "secretariaat",
    Role.DIRECTOR: "bestuurder",
    Role.READER: "lezer",
}

PARTY_KINDS = {
    PartyKind.MUNICIPALITY: "gemeente",
    PartyKind.CORPORATION: "corporatie",
    PartyKind.TENANTS: "huurdersorganisatie",
    PartyKind.CARE: "zorgorganisatie",
    PartyKind.WELFARE: "welzijnsorganisatie",
    PartyKind.VILLAGE: "dorpsraad of wijkraad",
    PartyKind.PROVINCE: "provincie",
    PartyKind.PARTNER: "andere partner",
}

LADDER_KINDS = {
    LadderKind.MEETING: "overleg",
    LadderKind.LETTER: "brief",
    LadderKind.DOCUMENT: "stuk",
    LadderKind.ACTION: "actie",
    LadderKind.YEARLY: "jaarlijks",
}

FIGURE_KINDS = {
    FigureKind.PLANNED: "gepland",
    FigureKind.REALISED: "gerealiseerd",
}

RUNGS = {
    What.ESCALATE: "aan het secretariaat",
    What.ANNOUNCE: "aangekondigd: de bestuurder",
    What.DIRECTOR: "aan de bestuurder",
    What.SETTLE: "af te handelen",
    What.ASK: "vraag naar de voortgang",
    News.NEW: "nieuw",
    News.SET: "datum gekozen",
    News.MOVED: "verplaatst",
    News.OFF: "gaat niet door",
    News.BACK: "weer open",
    News.YOURS: "nu bij u",
    What.AGAIN: "nog eens gevraagd",
}


CAME_OF = {
    CameOf.SAME: "gelijk",
    CameOf.CHANGED: "veranderd",
    CameOf.SPLIT: "afgesplitst",
    CameOf.JOINED: "samengevoegd",
    "ended": "staat er niet meer in",
    "new": "nieuw",
}
"""What became of an agreement in the next framework, and where one in it comes from."""

SIGNAL_KINDS = {
    SignalKind.SIGNAL: "signaal",
    SignalKind.CIRCUMSTANCES: "veranderde omstandigheden",
    SignalKind.RESEARCH: "gezamenlijk onderzoek",
}
"""What somebody at the table brings up."""

GOES_OVER = {
    GoesOver.CARRY: "gaat mee",
    GoesOver.CLOSE: "is klaar",
    GoesOver.END: "vervalt",
}
"""What becomes of an open action when the next framework begins."""


def rung_words(rung: str) -> str:
    """ "4 weken ervoor", "op de dag zelf", "1 week erna"; a question or an escalation by its own word."""
    rung = rung.partition(OF_MEMBER)[0]
    if not rung.lstrip("-").isdecimal():
        return {str(what): words for what, words in RUNGS.items()}.get(re.split("[:-]", rung)[0], "vraag")
    days = int(rung)
    return "op de dag zelf" if days == 0 else f"{span_words(abs(days))} {'ervoor' if days < 0 else 'erna'}"


CHANGED = {
    "agreement": {
        "number": "nummer",
        "theme": "thema",
        "topic": "onderwerp",
        "text": "tekst",
        "trekker": "trekker",
        "leads": "trekkende partijen",
        "standing": "blijvend, met reden",
        "agenda_number": "nummer in de agenda",
        "agenda_year": "jaar van de agenda",
        "agenda_topic": "onderwerp in de agenda",
        "agenda_text": "tekst in de agenda",
        "agenda_trekker": "trekker in de agenda",
        "agenda_leads": "trekkende partijen in de agenda",
        "agenda_date": "datum in de agenda",
    },
    "action": {
        "topic": "onderwerp van de actie",
        "text": "actie",
        "trekker": "trekker van de actie",
        "leads": "trekkende partijen van de actie",
        "date_phrase": "datum van de actie",
        "is_asked": "de actie staat in een document",
    },
    "reading": {
        "phrase": "woorden van de termijn",
        "window_start": "gelezen als vanaf",
        "due": "gelezen als uiterlijk",
        "until": "gelezen als tot en met",
        "doubtful": "twijfel over de lezing",
    },
    "deadline": {
        "title": "naam van de termijn",
        "todo": "wat er te doen is",
        "window_start": "eerste dag",
        "due": "laatste dag",
        "joint": "gezamenlijk",
        "via": "besproken in",
    },
    "meeting": {
        "day": "dag van het overleg",
        "start": "begin",
        "end": "einde",
        "place": "plaats",
        "online": "online adres",
    },
    "person": {"name": "naam", "email": "adres"},
}
"""What the columns are called in a history, by what facts call their rows; of other columns it says nothing."""
