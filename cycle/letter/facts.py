"""What the invitation letter says: the facts that both templates, for PDF and for Word, are filled with."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from cycle.errors import CycleError
from cycle.letter.blocks import Block, kept_block
from cycle.letter.standing_rows import StandingRow, kept_rows

ACCENT = "#17375e"
"""The colour of a letter whose sender chose none."""
DAYS = ("letter_date", "points_by", "standing_on")
"""What of the facts is a day; in JSON it is text."""


class LetterKind(StrEnum):
    """What a letter is for; each kind has texts of its own. By the name of its step, else by what that step says."""

    INVITATION = "uitnodiging"
    OFFER = "bod"
    SIGNED = "toezending"
    OTHER = "brief"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The house style of one sender, or of all of them together; what nobody filled in is empty and left out.

    The addresses are lines as on an envelope, without the name. `logo` is a PNG. `accent` ("#17375e") has a contrast of
    at least 4.5 on white: whoever keeps one has seen to that.
    """

    visiting: tuple[str, ...] = ()
    postal: tuple[str, ...] = ()
    phone: str = ""
    web: str = ""
    accent: str = ACCENT
    logo: bytes = b""


@dataclass(frozen=True, slots=True)
class Sender:
    """A corporation that sends the letter: its name, in what role its director signs, and where it is seated.

    `person` is printed above the role if it is known; else the place above the role stays free for a signature only.
    """

    name: str
    role: str = "directeur-bestuurder"
    place: str = ""
    person: str = ""
    head: Letterhead = Letterhead()


@dataclass(frozen=True, slots=True)
class Signatory:
    """Whose name stands under the letter. `approval` is "akkoord gegeven door A. de Boer op 2 maart 2027", empty until
    then: that is no signature, and the letter does not call it one."""

    organisation: str
    name: str = ""
    function: str = "directeur-bestuurder"
    approval: str = ""


@dataclass(frozen=True, slots=True)
class ContactPerson:
    """Whom of the sender to call or write to about the letter; any of it may be empty."""

    name: str = ""
    function: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who gets the letter; mail addresses are not printed. `attention` is a person or a role.

    `body` is to whom it is within the organisation ("College van burgemeester en wethouders"), `function` what the
    person of `attention` does there, `postal` the lines of the address, `salutation` how a letter greets them ("Geacht
    college").
    """

    organisation: str
    attention: str = ""
    body: str = ""
    function: str = ""
    postal: tuple[str, ...] = ()
    salutation: str = ""


@dataclass(frozen=True, slots=True)
class LetterStep:
    """A fixed point of the year: what, when and who, in words ("vóór 1 april (uiterlijk woensdag 31 maart)")."""

    title: str
    when_words: str
    who_words: str = ""


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """All that the letter of one year says.

    `year` is the year of sending: the letter looks back on the year before it. `agenda_years` are the first and last
    year of the agenda to come. `spring_meeting` are day, time and place in words, empty while nobody has set them: the
    letter then shows an open place that cannot be missed. `points_by` is the last day for agenda points, if known.
    `source_note` says where this way of working was agreed. `blocks` are the texts; without them the standard ones.
    `enclosures` are the names of what goes along beside the letter.

    `head` is the house style of a joint letter; where it is empty each sender's own is used. `salutation` greets all
    addressees at once ("Geacht college, geacht bestuur,"). `copies` get the letter and are named as such. `subject` is
    what the step is called. `place` and `reference` ("PA-2027-014") stand beside the date. `signatories` are empty in
    a letter of before there were any: then each sender signs (`signed_by`). `reply_to` is a mail address of the sender.

    `standing` is how each agreement stands on the day `standing_on` (none in a letter of before that was kept: then on
    its date); `meeting_name` is how the meeting of `spring_meeting` is called, `meeting_day` its day without the hour,
    and `meeting_online` the address by which people join from elsewhere. `attached` are the names of the files that
    somebody added, without what says of which kind they are. With `has_offer` the corporations bring out a bod this
    year too.
    """

    covenant_name: str
    municipality: str
    year: int
    senders: tuple[Sender, ...]
    addressees: tuple[Addressee, ...]
    letter_date: date
    agenda_years: tuple[int, int]
    spring_meeting: str = ""
    points_by: date | None = None
    steps: tuple[LetterStep, ...] = ()
    reply_to: str = ""
    phone: str = ""
    source_note: str = ""
    blocks: tuple[Block, ...] = ()
    enclosures: tuple[str, ...] = ()
    kind: LetterKind = LetterKind.INVITATION
    subject: str = ""
    head: Letterhead = Letterhead()
    place: str = ""
    reference: str = ""
    salutation: str = ""
    contact: ContactPerson = ContactPerson()
    copies: tuple[Addressee, ...] = ()
    signatories: tuple[Signatory, ...] = ()
    standing: tuple[StandingRow, ...] = ()
    standing_on: date | None = None
    meeting_name: str = ""
    meeting_day: str = ""
    meeting_online: str = ""
    attached: tuple[str, ...] = ()
    has_offer: bool = False

    def __post_init__(self) -> None:
        """Refuse a letter from nobody or to nobody."""
        if not self.senders:
            raise CycleError(
                "De brief heeft geen afzender.", "Noem ten minste één corporatie als trekker van de brief."
            )
        if not self.addressees:
            raise CycleError("De brief heeft geen geadresseerde.", "Noem de gemeente of een huurdersorganisatie.")
        if self.agenda_years[0] > self.agenda_years[1]:
            raise CycleError(
                f"De agenda loopt van {self.agenda_years[0]} terug naar {self.agenda_years[1]}.",
                "Noem eerst het eerste en dan het laatste jaar.",
            )


def signed_by(facts: LetterFacts) -> tuple[Signatory, ...]:
    """Whose names stand under it: those that were named, else each sender by its director."""
    return facts.signatories or tuple(Signatory(one.name, one.person, one.role) for one in facts.senders)


def stored(facts: LetterFacts) -> dict[str, Any]:
    """The facts as JSON, to be kept with an approved letter; without the pictures (`logos_of`)."""
    days = {name: day.isoformat() for name in DAYS if (day := getattr(facts, name)) is not None}
    return _without_logos(asdict(facts)) | days


def logos_of(facts: LetterFacts) -> dict[str, bytes]:
    """The pictures of a letter: of each sender by its name, and of all of them together by ""."""
    logos = {"": facts.head.logo, **{one.name: one.head.logo for one in facts.senders}}
    return {name: logo for name, logo in logos.items() if logo}


def restored(data: Mapping[str, Any], logos: Mapping[str, bytes] | None = None) -> LetterFacts:
    """The facts of a letter that was kept, of an older version too, with its pictures."""
    values, pictures = dict(data), logos or {}
    for name in ("open_items", "signature", "agenda"):
        values.pop(name, None)
    values |= {name: date.fromisoformat(data[name]) if data.get(name) else None for name in DAYS}
    values["standing"] = kept_rows(data)
    for name, kind in {"steps": LetterStep, "signatories": Signatory}.items():
        values[name] = tuple(kind(**one) for one in data.get(name, ()))
    values["senders"] = tuple(
        Sender(**{**one, "head": _head(one.get("head", {}), pictures.get(one["name"], b""))}) for one in data["senders"]
    )
    for name in ("addressees", "copies"):
        values[name] = tuple(Addressee(**{**one, "postal": tuple(one.get("postal", ()))}) for one in data.get(name, ()))
    values["head"] = _head(data.get("head", {}), pictures.get("", b""))
    values["contact"] = ContactPerson(**data.get("contact", {}))
    values["kind"] = LetterKind(data.get("kind", LetterKind.INVITATION))
    values["blocks"] = tuple(kept_block(one) for one in data["blocks"])
    values["agenda_years"] = (data["agenda_years"][0], data["agenda_years"][1])
    values["enclosures"], values["attached"] = tuple(data["enclosures"]), tuple(data.get("attached", ()))
    return LetterFacts(**values)


def _head(data: Mapping[str, Any], logo: bytes) -> Letterhead:
    lines = {name: tuple(data.get(name, ())) for name in ("visiting", "postal")}
    return Letterhead(**{**data, **lines, "logo": logo})


def _without_logos(data: dict[str, Any]) -> dict[str, Any]:
    """As JSON can hold it."""
    for holder in (data, *data["senders"]):
        holder["head"] = {name: value for name, value in holder["head"].items() if name != "logo"}
    return data


def bare_municipality(name: str) -> str:
    """ "Terneuzen" for "Gemeente Terneuzen" """
    return name.removeprefix("Gemeente ").removeprefix("gemeente ")


def years_words(first: int, last: int) -> str:
    """ "2028", "2028 en 2029" or "2028 tot en met 2030" """
    if first == last:
        return f"{first}"
    return f"{first} en {last}" if last == first + 1 else f"{first} tot en met {last}"
