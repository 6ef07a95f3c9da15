"""What each kind of mail may say.

A template sees strings, whole numbers, booleans, and lists and dicts of those; never an object (rule C12). A word of
the domain (a `StrEnum`) arrives as the word. Dates arrive as Dutch words, because only the domain knows how a date is
said. An empty string means "nothing to say here"; a field that is absent is a fault.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, TypedDict

PLAIN = (str, int, bool)


class Say(Protocol):
    """A sentence of `_words.txt` by its key, filled in."""

    def __call__(self, key: str, /, **fields: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Rendered:
    """The words of one mail: a subject on one line, plain text (lines of at most 78 where words allow) and HTML."""

    subject: str
    text: str
    html: str


class DigestItem(TypedDict):
    """One deadline in the reminder mail, at its present rung."""

    number: str  # "5.9", or "" when no agreement stands behind it
    title: str  # "Uitnodigingsbrief versturen"
    todo: str  # what to do, one or two sentences
    when: str  # "vóór 1 april (uiterlijk woensdag 31 maart 2027)"
    online: str  # the address by which people join a planned meeting from elsewhere, or ""
    left: str  # "nog 4 weken" | "vandaag" | "1 week geleden, nog niet afgemeld"
    why: str  # "Clavis is trekker van afspraak 5.9"
    missed: str  # "" or "eerder gepland op 3 maart 2027"
    rung_words: str  # "tweede herinnering"
    said: str  # "U liet op 5 maart weten: rood.", or ""
    party: str
    is_lead: bool  # whether the reader gets it for a party that leads it
    link: str
    button: str  # what the link says: "Stel een datum voor"
    covenant: str


class DigestSection(TypedDict):
    """A heading and its deadlines; the owner leaves empty sections out.

    `kind` is "open", "week", "coming", "asked", "inform" or "office"; the title is what people read. In a mail to
    several people who share a mailbox, the first section of each has their name in `reader`.
    """

    reader: str  # "Werkgroep Duurzaam", or ""
    count: int  # how many of this kind the whole mail has; 0 where another section of the kind stands before it
    kind: str
    title: str
    hint: str  # what is said once for all its items, or ""
    link: str  # the one page on which all its items are answered, or "" where each has its own
    why: str  # "Clavis is trekker van deze afspraken": why the reader gets all of them, or "" where each has its own
    items: list[DigestItem]


class OwnPage(TypedDict):
    """The page on which one of several people who share a mailbox chooses when mail comes."""

    name: str
    url: str


class OverviewPart(TypedDict):
    """A heading of the secretariat's weekly overview, and its lines."""

    title: str
    lines: list[str]


class DigestFields(TypedDict):
    """The one reminder mail that a person gets on a working day, or that people who share a mailbox get together."""

    person_name: str  # "Werkgroep Duurzaam en Werkgroep Leefbaarheid" where there are several
    headline: str  # "Uw termijnen op een rij", or what its only line is about: "Nog 4 weken: Uitnodigingsbrief"
    date_words: str  # "maandag 1 maart 2027"
    intro: str
    sections: list[DigestSection]
    covenant_names: list[str]
    base_url: str
    calendar_url: str  # "" when the person has no feed
    rhythm_url: str  # the page on which this person chooses when mail comes; "" where there are several
    rhythm_pages: list[OwnPage]  # the same for each of several people who share the mailbox, or []
    drafts: list[str]  # for the secretariat: who a mail waits for, until it is released
    drafts_words: str  # "3 mails wachten op uw akkoord", or ""
    drafts_hint: str
    overview: list[OverviewPart]  # the secretariat's weekly overview, or []
    overview_title: str
    stop_url: str  # where the overview is stopped
    signature: str
    phone: str
    reply_to: str
    subject_hint: str  # the whole subject of a mail about one deadline (rule B1); "" leaves it to the template


class WhomToAsk(TypedDict):
    """Whom to ask about a mail: a name, a phone number and a mail address; the last two may be empty."""

    signature: str
    phone: str
    reply_to: str


class LetterFields(WhomToAsk):
    """The mail that carries a letter as PDF; the letter itself is the attachment."""

    person_name: str
    letter_title: str  # "Uitnodiging voor de prestatieafspraken 2028"
    senders: list[str]  # ["Clavis", "Woongoed Zeeuws-Vlaanderen"]
    covenant: str
    year: int
    salutation: str  # "Geacht college", or "" for a greeting by name
    text: str  # what the mail says, without looks
    groups: list[dict[str, Any]]  # the same with looks: kind and points; a point is pieces of text, bold, italic, link
    enclosed: list[str]  # ["Uitnodigingsbrief 2027.pdf (84 kB)"]
    size_words: str  # "samen 310 kB"
    link: str  # where the files stand that are too heavy for mail; "" when they go along
    base_url: str


class FollowUpFields(WhomToAsk):
    """The mail that tells who got a letter how the meeting of that letter is now."""

    person_name: str
    letter_title: str  # "Uitnodiging voor de prestatieafspraken 2028"
    senders: list[str]
    covenant: str
    year: int
    meeting: str  # "voorjaarsoverleg"
    was: str  # "donderdag 22 april 2027 om 14.00 uur, Stadhuis", or "" while there was no day
    is_now: str  # the same without `online`, or "" when there is none now
    online: str  # the address by which people join from elsewhere, or ""
    points_by: str  # the last day for points where the meeting is on another day, "donderdag 15 april 2027", or ""
    asked_for: str  # what is asked by then: "punten", or "reactie" on a bod
    base_url: str


class ApprovalFields(TypedDict):
    """The mail that asks a director to read a letter and to approve it."""

    person_name: str
    letter_title: str  # "Uitnodigingsbrief 2027", or "Uitnodigingsbrief 2027 van Clavis"
    party: str  # in whose name they approve, of a letter of several; "" of one that sends it alone
    covenant: str
    link: str
    is_again: bool
    base_url: str
    signature: str
    phone: str
    reply_to: str


class WelcomeFields(TypedDict):
    """The first mail to a person: what they will get, and the page where they take their calendar."""

    person_name: str
    intro: str
    covenant_names: list[str]
    roles: list[str]  # ["trekker van afspraak 5.9 namens Clavis"]
    calendar_url: str  # their own subscribe page
    base_url: str
    signature: str
    phone: str
    reply_to: str


class SignInFields(TypedDict):
    """The mail with a link to sign in: only for whoever asked for it just now."""

    person_name: str
    link: str
    until_words: str  # "10.25 uur"
    base_url: str
    signature: str


class CodeFields(TypedDict):
    """The mail with a code, for who wants to change something on their own page."""

    person_name: str
    code: str  # "123 456"
    until_words: str  # "10.25 uur"
    base_url: str
    signature: str


class ConfirmationFields(TypedDict):
    """The mail after a link settled something: what was kept, and the way to correct it."""

    person_name: str
    number: str  # "5.9", or ""
    title: str
    stand: str  # "gereed" or "niet voor mij"
    party: str  # for whom
    said_by: str  # the name that was typed on the page, or ""
    sentence: str  # what was written beside it, or ""
    moment_words: str  # "woensdag 3 maart 2027 om 9.05 uur"
    link: str  # where it is corrected
    covenant: str
    base_url: str
    signature: str
    phone: str
    reply_to: str


class RhythmFields(TypedDict):
    """The mail that confirms days away, to the person or to who stands in, or the end of the weekly overview."""

    person_name: str
    change: str  # "paused" | "pause-ended" | "stand-in" | "stand-in-ended" | "overview-stopped"
    away_name: str
    deputy_name: str  # "" when nobody was named
    first_words: str  # "maandag 5 juli 2027", or ""
    last_words: str
    rhythm_url: str
    covenant_names: list[str]
    base_url: str
    signature: str
    phone: str
    reply_to: str


class AlarmFields(TypedDict):
    """A mail to the operator, or to the secretariat about its own mails: what is wrong, since when, and what to do.

    To the operator it names no people (rule C15).
    """

    title: str  # "De mailserver weigert onze berichten"
    moment_words: str  # "maandag 1 maart 2027, 9.05 uur"
    what: str
    hint: str
    details: list[str]
    base_url: str
    signature: str
    to_words: str  # "de beheerder" or "het secretariaat"


class DailyFields(TypedDict):
    """The operator's mail of each mail day: what left since the one before. Numbers only (rule C15)."""

    period: str  # "Gisteren" or "Sinds vrijdag 26 februari 2027"
    sent: int
    failed: int
    waiting: int
    troubles: list[str]  # what is not well now, each with what to do
    seal: str  # over all that is written down (`cycle audit verify`); empty while nothing is
    base_url: str
    signature: str


def plain_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as a template may see them: an object would show its attributes and methods (rule C12).

    Raises TypeError with the path of the first value that is not plain, an absent one (None) too. Subclasses of text
    are refused, for a `Markup` would switch escaping off; but a word of the domain becomes the text that it is.
    """
    return {name: _plain(value, name) for name, value in fields.items()}


def _plain(value: object, path: str) -> object:
    kind = type(value)
    if kind in PLAIN:
        return value
    if isinstance(value, StrEnum):
        return str(value.value)
    if isinstance(value, list | tuple):
        return [_plain(item, f"{path}[{index}]") for index, item in enumerate(value)]
    if kind is dict:
        return {name: _plain(item, f"{path}.{name}") for name, item in value.items()}  # type: ignore[attr-defined]
    raise TypeError(f"a template field may not be a {kind.__name__}: {path}")
