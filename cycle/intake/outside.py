"""What stands outside the tables: chapters, the heading of the agenda, the cycle list, promises without a number."""

import re
from collections.abc import Iterable, Iterator, Sequence

from cycle.domain.words import MONTHS
from cycle.errors import Fault
from cycle.intake.drafts import DraftRow
from cycle.intake.leads import Names
from cycle.intake.raw import RawText
from cycle.intake.spread_columns import party_in_heading, period_in_heading


def chapter_of(words: str) -> str:
    """The chapter that a heading begins ("2 – Duurzaamheid", "1.2 Betaalbaarheid", "Thema 3: Zorg"), "" if it is no
    such heading."""
    if len(words) > _LONGEST_HEADING or words.endswith((".", ";")):
        return ""
    match = _CHAPTER.match(words) or _NAMED_CHAPTER.match(words)
    return match.group(1) if match else ""


def agenda_heading(words: str, *, heading: bool) -> int | None:
    """The first year of the agenda that a heading announces, 0 if it names none, `None` if it is no such heading.

    A line in running text must say more than the one word, because "Uitvoeringsagenda" is also a topic.
    """
    match = _AGENDA.search(words)
    if not match or len(words) > _LONGEST_HEADING or words.endswith("."):
        return None
    year = _YEAR.search(words)
    if not (heading or year or is_appendix(words)) or (match.start() > 0 and not is_appendix(words) and not heading):
        return None
    return int(year.group()) if year else 0


def year_heading(words: str) -> int | None:
    """The year of a heading that is about one year ("2028", "Jaar 2028", "Acties 2028"), `None` for any other."""
    years = _YEAR.findall(words)
    is_short = len(words.split()) <= _MOST_WORDS_OF_A_YEAR and not words.endswith((".", ";"))
    return int(years[0]) if len(years) == 1 and is_short and _ABOUT_A_YEAR.search(words) else None


def period_heading(words: str, *, months: bool) -> str:
    """The part of a year that a heading is about ("Q1 2027", "Acties derde kwartaal"), "" for any other.

    A month ("Mei 2027") only where `months` says so, because it is often the date of the document itself.
    """
    if len(words) > _LONGEST_HEADING:
        return ""
    bare = _BEFORE_A_PERIOD.sub("", words.rstrip(" :"))
    known = _PART_OF_A_YEAR.search(bare) or (months and not _DAY.match(bare))
    period = period_in_heading(bare) if known and len(bare.split()) <= _MOST_WORDS_OF_A_YEAR else ""
    return "" if period.isdecimal() else period


def party_heading(words: str, names: Names, *, heading: bool) -> str:
    """The party that a heading is about ("Wat doet de gemeente?", "Inzet van Clavis:"), "" for any other line.

    In running text it must say more than a name, because that may be the beginning of a letter.
    """
    if len(words) > _LONGEST_HEADING or words.endswith((".", ";", ",")):
        return ""
    if _AGREED_WITH.search(words):
        return ""
    party = party_in_heading(_YEAR.sub("", words), names)
    says_more = len(words.split()) > len(party.split()) and words.endswith((":", "?"))
    return party if heading or says_more else ""


def led_by_heading(place: str, party: str) -> Fault:
    """That rows below a heading are read as led by the party that it names."""
    return Fault(place, f"Onder de kop “{party}” staan rijen zonder trekker.", HEADING_LEADS)


def done_by_another(place: str, party: str, written: str) -> Fault:
    """That the text of a row names another as who does it than its column or its label."""
    what = f"In de tekst doet “{party}” dit, als trekker staat er {written}."
    return Fault(place, what, "Gelezen zoals de tekst het zegt; klopt dat?")


def has_months(headings: Iterable[str]) -> bool:
    """Whether months divide a document: there are two headings of a month at least."""
    return len({period for words in headings if (period := period_heading(words, months=True))}) > 1


def names_agenda(file: str) -> bool:
    """Whether the name of a file says that it holds only an agenda."""
    return _AGENDA.search(file) is not None


def is_appendix(words: str) -> bool:
    """Whether a line is the heading of an appendix."""
    return len(words) <= _LONGEST_HEADING and _APPENDIX.match(words) is not None


def is_signature(words: str) -> bool:
    """Whether a line says where and when the parties signed."""
    return _SIGNATURES.match(words) is not None


def is_signed_line(words: str) -> bool:
    """Whether a line is one of a block of signatures: "Namens …", or a place with a day, which a lead with its date
    looks like."""
    return _SIGNED_LINE.match(words) is not None


def introduces_party(words: str) -> bool:
    """Whether an item of a list says who a party is ("2. Gemeente X, vertegenwoordigd door …")."""
    return _A_PARTY.match(words) is not None


def cycle_heading(words: str, current: str, *, bullet: bool) -> str:
    """The heading of the list of steps of the year while its items last, else ""."""
    if _CYCLE.match(words) and len(words) <= _LONGEST_HEADING:
        return words.rstrip(": ")
    return current if bullet else ""


def promise_in(text: RawText, cycle: str) -> tuple[str, str] | None:
    """What a piece of running text promises, as (topic, sentence), or `None`.

    Items of the cycle list count, and sentences that promise a meeting with a frequency; both without a number.
    """
    if cycle and text.bullet:
        return cycle, text.text
    for sentence in _SENTENCE_END.split(text.text):
        meeting = _MEETING.search(sentence)
        if meeting and _OFTEN.search(sentence):
            return meeting.group().capitalize(), sentence
    return None


def meetings_inside(rows: Sequence[DraftRow]) -> Iterator[DraftRow]:
    """Meetings that a row only mentions in passing ("naast het reguliere kwartaaloverleg"): kept as unnumbered."""
    for row in rows:
        match = _REGULAR_MEETING.search(row.text)
        if match:
            topic = match.group("meeting").capitalize()
            yield DraftRow("", topic, match.group(), "", "", row.source, row.theme)


HEADING_LEADS = "Gelezen met de kop als trekker; klopt dat?"
_LONGEST_HEADING = 90
_CHAPTER = re.compile(r"(?:(?:[Hh]oofdstuk|[Tt]hema)\s+)?(\d{1,2})(?:\.\d{1,2})?(?:\s*[–—-]\s*|\s+)[A-Z]")
_NAMED_CHAPTER = re.compile(r"(?:[Hh]oofdstuk|[Tt]hema)\s+(\d{1,2})\s*[:.]\s*[A-Z]")
_AGENDA = re.compile(
    r"(?:uitvoerings|actie|werk|jaar)agenda|actielijst|actieprogramma|actieplan|uitvoeringsprogramma|jaarschijf"
    r"|jaarafspraken|jaarplan",
    re.I,
)
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
# "Bod 2027 van Clavis" is its own; "Afspraken Clavis 2027" are made with it
_AGREED_WITH = re.compile(r"afspra(?:ak|ken)\b(?!.*\b(?:van|door)\b)", re.I)
_MOST_WORDS_OF_A_YEAR = 4
_BEFORE_A_PERIOD = re.compile(r"^(?:(?:acties|afspraken|planning|agenda|gereed|in|voor|periode)\s+)+", re.I)
_PART_OF_A_YEAR = re.compile(r"kwartaal|half|helft|\b[QK]\s?[1-4]\b|voorjaar|najaar|zomer|herfst", re.I)
_DAY = re.compile(r"\d{1,2}\b")
_ABOUT_A_YEAR = re.compile(
    r"^\W*20\d\d\W*$|\b(?:jaar|jaarschijf|acties|planning|activiteiten|afspraken|maatregelen|prestaties|agenda)\s+20\d\d\W*$"
    r"|^20\d\d\s+(?:acties|planning|activiteiten|afspraken)\W*$",
    re.I,
)
# "bijlage 1 staat …" at the beginning of a wrapped line is no heading
_APPENDIX = re.compile(r"(?:Bijlagen?|BIJLAGEN?)\s+(?:\d{1,2}|[A-Z]|[IVX]{1,4})(?=\s*$|\s*[-–—:.]|\s+[A-Z(])")
_SIGNATURES = re.compile(
    r"(?:Aldus\s+)?(?:[Oo]vereengekomen|[Oo]ndertekend|[Gg]etekend)\s+(?:te|op|in|door)\b|Ondertekening\s*:?\s*$"
    r"|Aldus\s+(?:overeengekomen|opgemaakt|vastgesteld|getekend)|Voor akkoord\b.{0,20}$|Plaats en datum\b"
    r"|Handtekeningen?\s*:?\s*$"
)
_SIGNED_LINE = re.compile(
    r"(?:Namens|w\.g\.)\s+(?!.*\b(?:wordt|worden|is|zijn|heeft|hebben|zal|zullen|stelt|doet|neemt|voert)\b).{2,240}(?<!\.)$"
    r"|[A-Z][\w'’-]+(?: [\w'’-]+){0,3},\s*(?:d\.?\s?d\.?\s*)?(?:\d{1,2}[ -])?"
    rf"(?:{'|'.join(MONTHS)}|\d{{1,2}})[ -]20\d\d\s*\.?$"
)
_A_PARTY = re.compile(
    r"(?:de |het )?(?:gemeente|stichting|vereniging|coöperatie|(?:woning|woon|huurders|bewoners)\w+|[A-Z][\w’'&-]+)\b"
    r"[^.]{0,160}?(?:\bvertegenwoordigd\b|\bgevestigd te\b|\bhierna\b|\bverder te noemen\b)",
    re.I,
)
_CYCLE = re.compile(r"(?:jaar)?cyclus\b|jaarplanning\b|planning van het jaar\b", re.I)
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+")
_MEETING = re.compile(
    r"(?:thema)?(?:ontmoeting|bijeenkomst|vergadering|overleg|themadag|wijkschouw)(?:en|gen)?\b", re.I
)
_OFTEN = re.compile(
    r"\b(?:(?:half|twee|drie)?jaarlijks|maandelijks|driemaandelijks|wekelijks"
    r"|(?:elke?|ieder|iedere|per)\s+(?:jaar|kwartaal|half\s?jaar|maand|najaar|voorjaar))",
    re.I,
)
_REGULAR_MEETING = re.compile(
    r"(?:naast\s+)?(?:(?:het|de)\s+)?(?:reguliere?\s+)?(?P<meeting>(?:kwartaal|maand|halfjaar|week)overleg)(?:gen)?\b",
    re.I,
)
