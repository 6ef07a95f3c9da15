"""One example of each kind of mail, with the awkward cases in it: long words, diacritics, quotes, `<` and `&`.

Used to check the wording at start and in `cycle doctor`, and to see a mail without a database. The people and
addresses are invented.
"""

from collections.abc import Mapping
from typing import Any

from cycle.mail.fields import (
    AlarmFields,
    ApprovalFields,
    CodeFields,
    ConfirmationFields,
    DailyFields,
    DigestFields,
    DigestItem,
    FollowUpFields,
    LetterFields,
    RhythmFields,
    SignInFields,
    WelcomeFields,
)

BASE = "https://termijnen.voorbeeld.example"
FEED = f"{BASE}/k/voorbeeld-van-een-lang-en-geheim-kenmerk-0123456789/termijnen.ics"
COVENANT = "Prestatieafspraken Terneuzen 2022–2025"

INVITATION: DigestItem = {
    "number": "5.9",
    "title": "Uitnodigingsbrief versturen",
    "todo": "Stuur de gemeente en de huurdersorganisaties de brief met de evaluatie en de agenda voor volgend jaar.",
    "when": "vóór 1 april (uiterlijk woensdag 31 maart 2027)",
    "online": "",
    "left": "nog 4 weken",
    "why": "Clavis is trekker van afspraak 5.9",
    "missed": "",
    "rung_words": "tweede herinnering",
    "said": "",
    "party": "Clavis",
    "is_lead": True,
    "link": f"{BASE}/a/41/kenmerk-van-een-antwoord",
    "button": "Laat weten hoe het staat met afspraak 5.9",
    "covenant": COVENANT,
}
LIFTS: DigestItem = {
    **INVITATION,
    "number": "2.3",
    "title": "Lijst van liften < 10 jaar oud & hun “coördinatie”",
    "todo": "Maak de lijst en stuur haar aan de werkgroep.",
    "when": "uiterlijk maandag 22 februari 2027",
    "left": "1 week geleden, nog niet afgemeld",
    "why": "Clavis is trekker van afspraak 2.3",
    "missed": "eerder gepland op 23 februari 2027",
    "rung_words": "zesde herinnering",
    "said": "U liet op 18 februari weten: rood.",
    "link": f"{BASE}/a/17/kenmerk-van-een-antwoord",
    "button": "Laat weten hoe het staat met afspraak 2.3",
}
QUESTION: DigestItem = {
    **INVITATION,
    "number": "1.4",
    "title": "Samen optrekken bij energiebesparing in ’t Zand",
    "todo": "Hoe staat het hiermee? Eén zin is genoeg.",
    "when": "",
    "left": "",
    "why": "Clavis is trekker van afspraak 1.4",
    "missed": "",
    "rung_words": "",
    "link": f"{BASE}/a/23/kenmerk-van-een-antwoord",
}

DIGEST: DigestFields = {
    "person_name": "Noor d’Hondt-Łukasik",
    "headline": "Uw termijnen op een rij",
    "date_words": "maandag 1 maart 2027",
    "intro": "Hieronder staat wat er de komende tijd van u wordt gevraagd.",
    "sections": [
        {
            "reader": "",
            "count": 1,
            "kind": "open",
            "hint": "Eén zin is genoeg.",
            "title": "Nog niet afgemeld",
            "link": "",
            "why": "",
            "items": [LIFTS],
        },
        {
            "reader": "",
            "count": 1,
            "kind": "coming",
            "hint": "",
            "title": "Komt eraan",
            "link": "",
            "why": "",
            "items": [INVITATION],
        },
        {
            "reader": "",
            "count": 2,
            "kind": "asked",
            "hint": "Eén zin is genoeg.",
            "title": "Graag een kort bericht",
            "link": f"{BASE}/a/23/kenmerk-van-een-antwoord",
            "why": "Clavis is trekker van deze afspraken",
            "items": [QUESTION, QUESTION],
        },
    ],
    "covenant_names": [COVENANT],
    "base_url": BASE,
    "calendar_url": FEED,
    "rhythm_url": f"{BASE}/ritme/kenmerk-van-een-ritme",
    "rhythm_pages": [],
    "drafts": [],
    "drafts_words": "",
    "drafts_hint": "",
    "overview": [],
    "overview_title": "",
    "stop_url": "",
    "signature": "Secretariaat prestatieafspraken",
    "phone": "0115 45 50 00",
    "reply_to": "wonen@voorbeeld.example",
    "subject_hint": "",
}
ONE_LINE: DigestFields = {
    **DIGEST,
    "person_name": "",
    "headline": "Nog 4 weken: Uitnodigingsbrief versturen",
    "intro": "",
    "sections": [
        {
            "reader": "",
            "count": 1,
            "kind": "coming",
            "hint": "",
            "title": "Komt eraan",
            "link": "",
            "why": "",
            "items": [
                {**INVITATION, "link": "", "rung_words": "", "online": "https://vergaderen.voorbeeld.example/kamer/2"}
            ],
        }
    ],
    "covenant_names": [COVENANT, "Prestatieafspraken Hulst"],
    "calendar_url": "",
    "rhythm_url": "",
    "phone": "",
    "reply_to": "",
    "subject_hint": "Uitnodigingsbrief versturen 2027 (afspraak 5.9)",
}
SHARED: DigestFields = {
    **DIGEST,
    "person_name": "Werkgroep Duurzaam en Werkgroep ’t Zand",
    "sections": [
        {**DIGEST["sections"][0], "reader": "Werkgroep Duurzaam"},
        {**DIGEST["sections"][2], "reader": "Werkgroep ’t Zand"},
    ],
    "rhythm_url": "",
    "rhythm_pages": [
        {"name": "Werkgroep Duurzaam", "url": f"{BASE}/ritme/kenmerk-van-een-ritme"},
        {"name": "Werkgroep ’t Zand", "url": f"{BASE}/ritme/kenmerk-van-een-ander-ritme"},
    ],
}
OFFICE: DigestFields = {
    **DIGEST,
    "sections": [],
    "drafts": ["Jan d’Hondt (jan@clavis.example)", "bestuur van Huurdersorganisatie SHB"],
    "drafts_words": "2 mails wachten op uw akkoord",
    "drafts_hint": "Lezen en laten gaan: cycle outbox release. Zonder u gaan ze vandaag om 12.30 uur.",
    "overview": [
        {"title": "Verstuurd", "lines": ["12 mails aan 7 mensen"]},
        {"title": "Niet bezorgd", "lines": ["herinnering aan bestuur@shb.example: 550 5.1.1 no such user"]},
    ],
    "overview_title": "De afgelopen week",
    "stop_url": f"{BASE}/overzicht/kenmerk-van-een-overzicht",
}


def _piece(text: str, *, bold: bool = False, link: str = "") -> dict[str, Any]:
    return {"text": text, "bold": bold, "italic": False, "link": link}


LETTER: LetterFields = {
    "person_name": "bestuur van Huurdersorganisatie SHB",
    "letter_title": "Uitnodiging voor de prestatieafspraken 2028",
    "senders": ["Clavis", "Woongoed Zeeuws-Vlaanderen"],
    "covenant": COVENANT,
    "year": 2028,
    "salutation": "Geacht bestuur",
    "text": "Wij vragen u:\n\n- uw punten te sturen, uiterlijk donderdag 8 april 2027;\n- deze pagina te lezen: "
    "https://voorbeeld.example/agenda\n\n1. eerst dit\n2. dan dat",
    "groups": [
        {"kind": "alinea", "points": [[_piece("Wij vragen u:")]], "below": [[]]},
        {
            "kind": "punt",
            "points": [
                [_piece("uw punten te sturen, "), _piece("uiterlijk donderdag 8 april 2027", bold=True), _piece(";")],
                [
                    _piece("deze pagina te lezen: "),
                    _piece("https://voorbeeld.example/agenda", link="https://voorbeeld.example/agenda"),
                ],
            ],
            "below": [[], [{"kind": "punt", "points": [[_piece("eerst de agenda")]], "below": [[]]}]],
        },
        {"kind": "nummer", "points": [[_piece("eerst dit")], [_piece("dan dat")]], "below": [[], []]},
    ],
    "enclosed": ["Uitnodigingsbrief 2027.pdf (84 kB)", "Voorzet uitvoeringsagenda 2028-2029.docx (41 kB)"],
    "size_words": "samen 125 kB",
    "link": "",
    "base_url": BASE,
    "signature": "Secretariaat prestatieafspraken",
    "phone": "0115 45 50 00",
    "reply_to": "wonen@voorbeeld.example",
}
FOLLOW_UP: FollowUpFields = {
    "person_name": "bestuur van Huurdersorganisatie SHB",
    "letter_title": "Uitnodiging voor de prestatieafspraken 2028",
    "senders": ["Clavis", "Woongoed Zeeuws-Vlaanderen"],
    "covenant": COVENANT,
    "year": 2027,
    "meeting": "voorjaarsoverleg",
    "was": "donderdag 22 april 2027 om 14.00 uur, Stadhuis",
    "is_now": "donderdag 29 april 2027 van 14.00 tot 16.00 uur, ’t Huis & de Tuin",
    "online": "https://vergaderen.voorbeeld.example/overleg?wie=iedereen&kamer=2",
    "points_by": "donderdag 15 april 2027",
    "asked_for": "punten",
    "base_url": BASE,
    "signature": "Secretariaat prestatieafspraken",
    "phone": "0115 45 50 00",
    "reply_to": "wonen@voorbeeld.example",
}
APPROVAL: ApprovalFields = {
    "person_name": "Noor d’Hondt-Łukasik",
    "letter_title": "Uitnodigingsbrief 2027",
    "party": "Woongoed Zeeuws-Vlaanderen & “partners”",
    "covenant": COVENANT,
    "link": f"{BASE}/akkoord/kenmerk-van-een-brief",
    "is_again": False,
    "base_url": BASE,
    "signature": "Secretariaat prestatieafspraken",
    "phone": "0115 45 50 00",
    "reply_to": "wonen@voorbeeld.example",
}
WELCOME: WelcomeFields = {
    "person_name": "Noor d’Hondt-Łukasik",
    "intro": "U krijgt voortaan op tijd bericht over de afspraken waaraan u meewerkt.",
    "covenant_names": [COVENANT],
    "roles": ["trekker van afspraak 5.9 namens Clavis", "contactpersoon van Clavis"],
    "calendar_url": FEED,
    "base_url": BASE,
    "signature": "Secretariaat prestatieafspraken",
    "phone": "0115 45 50 00",
    "reply_to": "wonen@voorbeeld.example",
}
CONFIRMATION: ConfirmationFields = {
    "person_name": "Noor d’Hondt-Łukasik",
    "number": "2.3",
    "title": "Lijst van liften < 10 jaar oud & hun “coördinatie”",
    "stand": "gereed",
    "party": "Clavis",
    "said_by": "Jan",
    "sentence": "De lijst is naar de werkgroep gestuurd.",
    "moment_words": "maandag 1 maart 2027 om 9.05 uur",
    "link": f"{BASE}/antwoord/3-17-clavis.739676.kenmerk-van-een-antwoord-00",
    "covenant": COVENANT,
    "base_url": BASE,
    "signature": "Secretariaat prestatieafspraken",
    "phone": "0115 45 50 00",
    "reply_to": "wonen@voorbeeld.example",
}
ALARM: AlarmFields = {
    "title": "De mailserver weigert onze berichten",
    "moment_words": "maandag 1 maart 2027, 9.05 uur",
    "what": "Het versturen is gestopt. Er wachten 12 berichten; er is niets verloren.",
    "hint": "Controleer de gebruikersnaam en het wachtwoord in de instellingen en hervat daarna het versturen.",
    "details": ["535 5.7.8 Error: authentication failed", "sinds 9.00 uur", "poging 3"],
    "base_url": BASE,
    "signature": "cycle",
    "to_words": "de beheerder",
}
SIGN_IN: SignInFields = {
    "person_name": "Noor d’Hondt-Łukasik",
    "link": f"{BASE}/aanmelden/kenmerk-van-een-aanmelding",
    "until_words": "10.25 uur",
    "base_url": BASE,
    "signature": "Secretariaat prestatieafspraken",
}
CODE: CodeFields = {
    "person_name": "Noor d’Hondt-Łukasik",
    "code": "123 456",
    "until_words": "10.25 uur",
    "base_url": BASE,
    "signature": "Secretariaat prestatieafspraken",
}

DAILY: DailyFields = {
    "period": "Sinds vrijdag 26 februari 2027",
    "sent": 212,
    "failed": 3,
    "waiting": 1,
    "troubles": [
        "uitgestelde mail: de mailserver stelt al 5 uur uit: bericht [12]. Vraag de beheerder van de mailserver.",
        "ruimte: bijna vol: /var/lib/cycle (40 MB vrij). Maak ruimte vrij, of zet var/ op een grotere schijf.",
    ],
    "seal": "4f1c09d2ab37e650",
    "base_url": BASE,
    "signature": "cycle",
}
RHYTHM: RhythmFields = {
    "person_name": "Noor d’Hondt-Łukasik",
    "change": "paused",
    "away_name": "Noor d’Hondt-Łukasik",
    "deputy_name": "Jan van ’t Zand",
    "first_words": "maandag 5 juli 2027",
    "last_words": "vrijdag 23 juli 2027",
    "rhythm_url": f"{BASE}/ritme/kenmerk-van-een-ritme",
    "covenant_names": [COVENANT],
    "base_url": BASE,
    "signature": "Secretariaat prestatieafspraken",
    "phone": "0115 45 50 00",
    "reply_to": "wonen@voorbeeld.example",
}

SAMPLES: Mapping[str, Mapping[str, Any]] = {
    "digest": DIGEST,
    "letter": LETTER,
    "followup": FOLLOW_UP,
    "approval": APPROVAL,
    "welcome": WELCOME,
    "confirmation": CONFIRMATION,
    "alarm": ALARM,
    "rhythm": RHYTHM,
    "daily": DAILY,
    "signin": SIGN_IN,
    "code": CODE,
}
"""The example of each kind."""

MORE_SAMPLES: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "rhythm": tuple(
        {**RHYTHM, "change": change, "deputy_name": deputy}
        for change in ("paused", "pause-ended", "stand-in", "stand-in-ended", "overview-stopped")
        for deputy in ("", "Jan van ’t Zand")
    ),
    "digest": (ONE_LINE, SHARED, OFFICE),
    "letter": ({**LETTER, "size_words": "samen 9,4 MB", "link": f"{BASE}/briefstukken/kenmerk-van-een-brief"},),
    "followup": (
        {**FOLLOW_UP, "was": "", "phone": "", "reply_to": "", "base_url": ""},
        {**FOLLOW_UP, "is_now": "", "online": "", "points_by": "", "person_name": ""},
    ),
    "approval": ({**APPROVAL, "is_again": True, "phone": "", "reply_to": ""},),
}
"""Other shapes of a kind, for the check: with nothing in what may be empty, and for the secretariat."""

WORD_SAMPLES: Mapping[str, Mapping[str, str]] = {
    "section": {},
    "hint": {"year": "2027"},
    "intro": {},
    "headline": {"left": "Nog 4 weken", "title": "Uitnodigingsbrief", "the": "de uitnodigingsbrief"},
    "subject": {
        "title": "Uitnodigingsbrief",
        "year": "2027",
        "number": "5.9",
        "count": "12",
        "topic": "Uitnodigingsbrief 2027 (afspraak 5.9)",
        "new": "nog 4 weken",
        "others": "2",
        "left": "nog 4 weken",
        "day": "29 april",
        "on": "3 maart 2027",
        "is_cut": "",
    },
    "task": {"title": "Uitnodigingsbrief", "year": "2027", "todo": "Stuur de brief.", "party": "Clavis"},
    "rung": {},
    "said": {"party": "Clavis", "day": "5 maart", "said": "rood, wacht op de aannemer", "step": "7 april"},
    "news": {
        "days": "van 22 naar 29 april 2027",
        "is_known": "ja",
        "old": "22 april 2027",
        "by": "Sanne",
        "is_final": "ja",
    },
    "button": {"about": "afspraak 5.9"},
    "missed": {"days": "3 maart 2027 en 17 maart 2027"},
    "about": {"number": "5.9", "title": "Uitnodigingsbrief", "the": "de uitnodigingsbrief"},
    "why": {
        "party": "Clavis",
        "about": "afspraak 5.9",
        "said": "3 maart 2027",
        "own": "Clavis is trekker van afspraak 5.9",
    },
    "signature": {},
    "drafts": {"count": "2", "until": "vandaag om 12.30 uur"},
    "overview": {
        "points": "Huurverhoging; onderhoud",
        "what": "Plan 2027.pdf",
        "day": "donderdag 22 april 2027",
        "mails": "12 mails",
        "people": "7 mensen",
        "kind": "herinnering",
        "address": "jan@clavis.example",
        "count": "4",
        "answer": "550 5.1.1 no such user",
        "about": "5.9",
        "by": "Jan",
        "on": "4 maart",
        "words": "Het wordt mei.",
        "letter": "Uitnodigingsbrief 2027",
        "party": "Clavis",
        "remark": "De opening klopt niet.",
        "name": "Jan",
        "title": "Uitnodigingsbrief",
        "number": "5.9",
        "when": "vóór 1 april (uiterlijk woensdag 31 maart 2027)",
        "parties": "Clavis en Woongoed Zeeuws-Vlaanderen",
    },
    "welcome": {},
    "role": {},
    "seat": {"role": "trekker", "about": "5.9 en 5.10", "party": "Clavis"},
    "letter": {"year": "2028"},
    "kind": {},
    "alarm": {
        "count": "12",
        "mails": "12 mails",
        "number": "41",
        "kind": "herinnering",
        "address": "jan@clavis.example",
        "answer": "550 5.1.1 no such user",
    },
}
"""What the sentences of `_words.txt` may say: the fields of each group, with an example."""
