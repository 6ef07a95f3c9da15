"""The words of the domain as frozen values (design section 4).

Dates are calendar dates in the covenant's own time zone; moments (with a time) are aware. Tuples keep their order.
"""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from cycle.domain.rules import Rule


class ReadingKind(StrEnum):
    """What a deadline phrase asks for."""

    ONCE = "once"
    YEARLY = "yearly"
    FROM_DATE = "from-date"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Conventions:
    """How loose Dutch date words are read; a covenant may differ (design section 4).

    Months are 1 to 12, both ends included. A winter that starts in one year ends in the next.
    """

    begin: tuple[int, int] = (1, 3)
    medio: tuple[int, int] = (6, 7)
    eind: tuple[int, int] = (10, 12)
    voorjaar: tuple[int, int] = (3, 5)
    zomer: tuple[int, int] = (6, 8)
    najaar: tuple[int, int] = (9, 11)
    winter: tuple[int, int] = (12, 2)


@dataclass(frozen=True, slots=True)
class Reading:
    """How one phrase is understood, and why.

    `per_year` is how often a yearly reading comes back in a year (0.5 is every two years), `None` if it does not.
    `until` is the last day on which a repeating reading or a term still holds. `others` are the other ways to read it
    (at most two, so that three readings are shown in all); a reading with a real rival is `doubtful`. `rule` is when it
    comes round where its days alone do not say so ("vóór Pasen"); `year.rule_of` has it for every reading.
    """

    kind: ReadingKind
    reason: str
    window_start: date | None = None
    due: date | None = None
    per_year: float | None = None
    doubtful: bool = False
    until: date | None = None
    others: tuple["Reading", ...] = ()
    rule: Rule | None = None


class PartyKind(StrEnum):
    """The three sides of the lokale driehoek, which sign; and partners, which take part and may lead an action."""

    MUNICIPALITY = "municipality"
    CORPORATION = "corporation"
    TENANTS = "tenants"
    CARE = "care"
    WELFARE = "welfare"
    VILLAGE = "village"
    PROVINCE = "province"
    PARTNER = "partner"

    @property
    def is_partner(self) -> bool:
        """Whether it is none of the three sides."""
        return self not in (PartyKind.MUNICIPALITY, PartyKind.CORPORATION, PartyKind.TENANTS)


class Role(StrEnum):
    """What a person does for a party."""

    TREKKER = "trekker"
    DEPUTY = "deputy"
    CONTACT = "contact"
    SECRETARIAT = "secretariat"
    DIRECTOR = "director"
    READER = "reader"


@dataclass(frozen=True, slots=True)
class Party:
    """A signatory or a partner: `aliases` are other names that documents use for it. One that ended takes no part."""

    slug: str
    name: str
    kind: PartyKind
    aliases: tuple[str, ...] = ()
    is_ended: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A name for several parties at once ("Corporaties")."""

    slug: str
    members: tuple[str, ...]
    aliases: tuple[str, ...] = ()


AgreementKey = int | str
"""An agreement by its id in the register; by its number for as long as the register does not hold it."""


@dataclass(frozen=True, slots=True)
class Member:
    """A person in one role for one party (a membership, flattened for planning).

    `agreements` and `themes` say what a trekker is named for, `numbers` how those agreements are called; `since` and
    `until` bound the membership (both days count), `away` are periods (first and last day) in which the deputy gets the
    mail; `stand_ins` are those for which the person named somebody (first and last day, and who). `unreachable` says
    that the address does not exist: then the deputy gets it for as long as that lasts.
    """

    person: int
    name: str
    email: str
    party: str
    role: Role
    since: date | None = None
    until: date | None = None
    agreements: tuple[AgreementKey, ...] = ()
    themes: tuple[str, ...] = ()
    away: tuple[tuple[date, date], ...] = ()
    stand_ins: tuple[tuple[date, date, int], ...] = ()
    unreachable: bool = False
    numbers: tuple[str, ...] = ()


class LadderKind(StrEnum):
    """Which ladder of reminders a deadline climbs."""

    MEETING = "meeting"
    LETTER = "letter"
    DOCUMENT = "document"
    ACTION = "action"
    YEARLY = "yearly"


class State(StrEnum):
    """The state of a deadline for one lead party."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class News(StrEnum):
    """What is new about a deadline since the day from which it counts; "" (in a row) is nothing of its own."""

    NEW = "new"
    SET = "set"
    MOVED = "moved"
    OFF = "off"
    BACK = "back"
    YOURS = "yours"


class MeetingState(StrEnum):
    """Whether a meeting is to take place."""

    PLANNED = "planned"
    CANCELLED = "cancelled"


class TermState(StrEnum):
    """Whether a framework agreement waits for its first day, holds, or made place for the next one."""

    WAITING = "waiting"
    RUNNING = "running"
    PAST = "past"


class CameOf(StrEnum):
    """What became of an agreement in the next term: it went on in the same or other words, something was split off from
    it, or it stands in another now. Of one that ended nothing did."""

    SAME = "same"
    CHANGED = "changed"
    SPLIT = "split"
    JOINED = "joined"


class GoesOver(StrEnum):
    """What a person said of an open action when the next term came: it goes along, it is done, or it ends."""

    CARRY = "carry"
    CLOSE = "close"
    END = "end"


class SignalKind(StrEnum):
    """What somebody at the table reports between meetings: something they see happen, circumstances that changed, or
    a wish to have something looked into together."""

    SIGNAL = "signal"
    CIRCUMSTANCES = "circumstances"
    RESEARCH = "research"


class MailState(StrEnum):
    """How a mail in the outbox stands: it waits for approval, for its turn or for a person, or it is over."""

    DRAFT = "draft"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    HELD = "held"
    REPLACED = "replaced"
    DISCARDED = "discarded"


class Asked(StrEnum):
    """Whether a step or a reading still asks for a deadline, and who decided what became of it if none does.

    TAKEN: nothing asks for it, so keeping the year took it away while it was open; it brings it back by itself.
    KEPT: nothing asks for it, and what people decided about it holds.
    """

    YES = "yes"
    TAKEN = "taken"
    KEPT = "kept"


class ActorKind(StrEnum):
    """How somebody does something: at the desk, by the command line, by the link in a mail, or by itself in time."""

    PERSON = "person"
    OPERATOR = "operator"
    CLOCK = "clock"
    LINK = "link"


class ChainFault(StrEnum):
    """What is wrong at a place of a chain of facts."""

    GONE = "gone"
    CHANGED = "changed"
    EMPTIED = "emptied"
    OLDER = "older"
    CUT = "cut"
    OTHER = "other"
    BY = "by"


class Light(StrEnum):
    """The traffic light of a deadline; only a person turns it, silence is grey."""

    GREY = "geen bericht"
    GREEN = "groen"
    ORANGE = "oranje"
    RED = "rood"


class Origin(StrEnum):
    """Where a deadline comes from."""

    AGREEMENT = "agreement"
    STEP = "step"
    MEETING = "meeting"


@dataclass(frozen=True, slots=True)
class Meeting:
    """When and where a meeting takes place, once somebody has set it.

    `online` is the address by which people join from elsewhere: for who sits at the table only, never on a public page.
    """

    day: date
    start: time | None = None
    end: time | None = None
    place: str = ""
    online: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """One concrete thing to do, as the year or an agreement asks for it (design section 4, Deadline).

    `due` is the last day on which it is in time. `invented` says that no document names that day (31 December for
    "jaarlijks"): it is never late, never escalated, never counted down to. `via` names the step at which it is
    discussed. `action`, with the `slot` of its reading and `occurrence` ("2027", "2027-2"), tells one deadline from all
    others, for ever; an action of 0 is not kept yet. `step` is the name of the step that it comes of. `agreements` are
    what a lead may be named for.
    """

    origin: Origin
    occurrence: str
    title: str
    kind: LadderKind
    leads: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()
    todo: str = ""
    number: str = ""
    theme: str = ""
    window_start: date | None = None
    due: date | None = None
    invented: bool = False
    doubtful: bool = False
    via: str = ""
    joint: bool = False
    source: str = ""
    agreements: tuple[AgreementKey, ...] = ()
    phrase: str = ""
    action: int = 0
    slot: str = ""
    step: str = ""
