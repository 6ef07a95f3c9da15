"""The tables (design section 4) and the one type for moments.

A `table=True` class validates nothing: input is checked in `settings`, `intake` and the commands before it gets here.
Allowed words are kept as text, so that a new one needs no migration of a CHECK. An id is given out once: it names a row
in addresses, the logbook and elsewhere, also when the row is gone.

All stand in this one file on purpose: rows that no relationship ties, SQLAlchemy writes and takes away in the order of
the names of their modules and classes, so a table that moves to another file is written before or after other ones.
"""

from datetime import UTC, date, datetime, time
from enum import StrEnum
from secrets import token_hex
from typing import Any, Optional, cast
from uuid import uuid4

from sqlalchemy import JSON, Column, Date, DateTime, Dialect, Index, LargeBinary, MetaData, String, TypeDecorator, text
from sqlalchemy import UniqueConstraint as Unique
from sqlmodel import Field, Relationship, SQLModel

from cycle.domain.days import possible
from cycle.domain.figures import Direction, FigureKind
from cycle.domain.model import (
    ActorKind,
    Asked,
    CameOf,
    GoesOver,
    LadderKind,
    Light,
    MailState,
    MeetingState,
    Origin,
    PartyKind,
    ReadingKind,
    Role,
    SignalKind,
    State,
    TermState,
)

Row = SQLModel
"""Any row of any table."""

SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC. SQLite forgets zones, so a naive one is refused on the way in (rule C5)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; SQLite gets it without zone, and always the same number of characters, so that text sorts as time."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without time zone cannot be stored")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware, in UTC, from either engine."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Day(TypeDecorator[date]):
    """A calendar day. One that no calendar of ours reaches (0001, 9999: kept before there was a rule for days) is read
    as the nearest possible one, so that no sum with it fails; the row itself stays as it is until a person mends it."""

    impl = Date
    cache_ok = True

    def process_result_value(self, value: date | None, dialect: Dialect) -> date | None:
        """As it is kept, but within all reason."""
        return None if value is None else possible(value)


class Word(TypeDecorator[StrEnum]):
    """A member of an enum, kept as its text: allowed words change without a migration.

    A text that is none of them comes out as it is, so that one such row does not take all others of a list along.
    """

    impl = String
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words
        self._members = {member.value: member for member in words}

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The text of a member; a word that is none of them is refused on the way in."""
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        """The member of that text."""
        return None if value is None else self._members.get(value, value)  # type: ignore[arg-type]


def _word(words: type[StrEnum], default: Any = ...) -> Any:
    return Field(default, sa_type=cast(Any, Word(words)))


def _day() -> Any:
    return Field(default=None, sa_type=Day)


def _moment(*, index: bool = False) -> Any:
    return Field(default=None, sa_type=Moment, index=index)


def _list() -> Any:
    return Field(default_factory=_nothing, sa_type=JSON)


def _nothing() -> list[Any]:
    """For each new row pydantic reads the signature of what makes a default; of `list` itself that takes half a
    millisecond, as it stands in its help text only."""
    return []


def _number(table: str, *, index: bool = True) -> Any:
    return Field(foreign_key=table, index=index)


def _only(where: str) -> dict[str, Any]:
    """An index over some of the rows, on either engine."""
    return {"sqlite_where": text(where), "postgresql_where": text(where)}


class Covenant(SQLModel, table=True):
    """A raamovereenkomst. Until `released_at` nobody but the secretariat gets mail.

    With `is_public` its page of the year is there for everybody, once it is released. From `archived_at` until it is
    taken up again it is only read: nothing of it is mailed.

    `stamp` is another one after every write to what is kept about it (`store/touching.py`), but for its mails.
    """

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True)
    name: str
    municipality: str = ""
    signed_on: date | None = _day()
    live_since: date = Field(sa_type=Day)
    released_at: datetime | None = _moment()
    released_by: str = ""
    archived_at: datetime | None = _moment()
    archived_by: str = ""
    is_public: bool = False
    sender: str = ""
    reply_to: str = ""
    phone: str = ""
    signature: str = ""
    stamp: str = Field(default_factory=lambda: token_hex(8))
    overrides: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class Term(SQLModel, table=True):
    """How long a framework agreement holds, as far as that is known; one that `renews` goes on by itself behind `end`.

    Another framework agreement is another term. One of them is running; the next one waits for its first day."""

    __table_args__ = (Unique("covenant_id", "start"),)
    id: int | None = Field(default=None, primary_key=True)
    covenant_id: int = _number("covenant.id", index=False)
    start: date | None = _day()
    end: date | None = _day()
    renews: bool = True
    state: TermState = _word(TermState, TermState.RUNNING)


class PartyRow(SQLModel, table=True):
    """A signatory of one covenant, or a partner. One that ended has no part in a group or a step from then on."""

    __tablename__ = "party"
    __table_args__ = (Unique("covenant_id", "slug"),)
    id: int | None = Field(default=None, primary_key=True)
    covenant_id: int = _number("covenant.id")
    slug: str
    name: str
    kind: PartyKind = _word(PartyKind)
    aliases: list[str] = _list()
    position: int = 0
    until: date | None = _day()


class GroupRow(SQLModel, table=True):
    """A name for several parties of one covenant."""

    __tablename__ = "party_group"
    __table_args__ = (Unique("covenant_id", "slug"),)
    id: int | None = Field(default=None, primary_key=True)
    covenant_id: int = _number("covenant.id")
    slug: str
    members: list[str] = _list()
    aliases: list[str] = _list()


class Person(SQLModel, table=True):
    """Somebody who gets mail. Several people may share one mailbox, as tenants' boards do.

    Every seal on a link of theirs covers `seal_mark`: with another one none of them opens anything. `mark_renewed_at`
    is when it last became another one.
    """

    __table_args__ = (Unique("email", "name"),)
    id: int | None = Field(default=None, primary_key=True)
    name: str
    email: str = Field(index=True)
    hard_bounces: int = 0
    undeliverable_since: datetime | None = _moment()
    seal_mark: str = Field(default_factory=lambda: token_hex(8))
    mark_renewed_at: datetime | None = _moment()


class Membership(SQLModel, table=True):
    """A person in one role for one party, with the themes that a trekker is named for.

    The agreements are `MembershipAgreement`; `awaited` are numbers of those that the register does not hold yet. Who
    takes over from somebody sits there from another day: beside a seat in the same role, if they had one.
    """

    __table_args__ = (Unique("person_id", "party_id", "role", "since"),)
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = _number("person.id")
    party_id: int = _number("party.id")
    role: Role = _word(Role)
    since: date | None = _day()
    until: date | None = _day()
    awaited: list[str] = _list()
    themes: list[str] = _list()
    named_for: list["MembershipAgreement"] = Relationship(
        sa_relationship_kwargs={"cascade": "all, delete-orphan", "lazy": "selectin"}
    )


class MembershipAgreement(SQLModel, table=True):
    """An agreement that a trekker is named for, whatever number it bears."""

    __tablename__ = "membership_agreement"
    membership_id: int = Field(foreign_key="membership.id", primary_key=True)
    agreement_id: int = Field(foreign_key="agreement.id", primary_key=True, index=True)


class Absence(SQLModel, table=True):
    """A stretch of days (both count) in which a person's mail goes to the deputy: whom they named, or their party's.

    The row goes when they are there after all; `uid` names it in the mails about it for ever.
    """

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=lambda: uuid4().hex, unique=True)
    person_id: int = _number("person.id")
    first: date = Field(sa_type=Day)
    last: date = Field(sa_type=Day)
    deputy_id: int | None = Field(default=None, foreign_key="person.id", index=True)


class RhythmRow(SQLModel, table=True):
    """How a person wants their mail. No hour, no number and no weekdays (0 is Monday) are as usual."""

    __tablename__ = "rhythm"
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    send_hour: time | None = None
    weekdays: list[int] = _list()
    per_week: int | None = None
    overview: bool = True
    changed_at: datetime = Field(sa_type=Moment)
    changed_by: str = ""


class Handover(SQLModel, table=True):
    """Somebody leaves a covenant: what they had goes to `successor_id`, or to whoever is next in line.

    `changes` says what it did to the seats, so that it can be undone: `ended` with the last day they had before, `made`
    as they were made, and `merged` with what was added to a seat that was there.
    """

    id: int | None = Field(default=None, primary_key=True)
    covenant_id: int = _number("covenant.id")
    person_id: int = _number("person.id")
    successor_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    last_day: date = Field(sa_type=Day)
    made_at: datetime = Field(sa_type=Moment)
    made_by: str
    changes: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    undone_at: datetime | None = _moment()


class AgreementRow(SQLModel, table=True):
    """A numbered agreement with its framework text and, once there is one, its agenda row.

    `agenda_number` is the agenda's own (documents cross them), `agenda_year` the first year of that agenda. Within its
    term no other has this number. With a reason in `standing` no round asks about it.
    """

    __tablename__ = "agreement"
    __table_args__ = (
        Unique("term_id", "number"),
        Index("ix_agreement_covenant_id_number", "covenant_id", "number"),
    )
    id: int | None = Field(default=None, primary_key=True)
    covenant_id: int = _number("covenant.id", index=False)
    term_id: int = _number("term.id", index=False)
    number: str
    theme: str = ""
    topic: str = ""
    text: str = ""
    trekker: str = ""
    leads: list[str] = _list()
    source: str = ""
    position: int = 0
    agenda_number: str = ""
    agenda_year: int | None = None
    agenda_topic: str = ""
    agenda_text: str = ""
    agenda_trekker: str = ""
    agenda_leads: list[str] = _list()
    agenda_date: str = ""
    agenda_source: str = ""
    standing: str = ""


class AgreementSuccession(SQLModel, table=True):
    """An agreement of an earlier term, and what came of it in the next one."""

    __tablename__ = "agreement_succession"
    old_id: int = Field(foreign_key="agreement.id", primary_key=True)
    new_id: int = Field(foreign_key="agreement.id", primary_key=True, index=True)
    how: CameOf = _word(CameOf)


class ActionRow(SQLModel, table=True):
    """One thing to do, for ever the same whatever is said of it: a step of the year (`step_name`), what an agreement
    asks, or what a meeting decided. `body_id` is who meets at it.

    An agreement asks by itself at `position` 0, in the words of its own row. Further actions under its number have a
    place of their own for ever, and what a document says of each stands here; `is_asked` until none says so any more.
    """

    __tablename__ = "action"
    __table_args__ = (Unique("covenant_id", "step_name"),)
    id: int | None = Field(default=None, primary_key=True)
    covenant_id: int = _number("covenant.id", index=False)
    agreement_id: int | None = Field(default=None, foreign_key="agreement.id", index=True)
    origin: Origin = _word(Origin)
    step_name: str | None = None
    body_id: int | None = Field(default=None, foreign_key="body.id", index=True)
    uid: str = Field(default_factory=lambda: uuid4().hex, unique=True)
    position: int = 0
    topic: str = ""
    text: str = ""
    trekker: str = ""
    leads: list[str] = _list()
    date_phrase: str = ""
    source: str = ""
    from_agenda: bool = False
    agenda_year: int | None = None
    is_asked: bool = True


class ActionSource(SQLModel, table=True):
    """An agreement that a step stands for. `named_as` is the number by which the settings came to name it; a new number
    of that agreement, or another agreement under the old one, changes nothing."""

    __tablename__ = "action_source"
    action_id: int = Field(foreign_key="action.id", primary_key=True)
    named_as: str = Field(primary_key=True)
    agreement_id: int = _number("agreement.id")


class ActionSuccession(SQLModel, table=True):
    """What a person said of an action that is open when the next term begins: of what its reading `slot` asked. It is
    done on that day."""

    __tablename__ = "action_succession"
    term_id: int = Field(foreign_key="term.id", primary_key=True)
    action_id: int = Field(foreign_key="action.id", primary_key=True, index=True)
    slot: str = Field(primary_key=True)
    choice: GoesOver = _word(GoesOver)
    by: str
    at: datetime = Field(sa_type=Moment)
    done_at: datetime | None = _moment()


class ReadingRow(SQLModel, table=True):
    """One phrase of an action and how it is read. `slot` names it for ever within its action; `ref` is made of its
    words, by which it is found again in a document.

    `rule` is when it comes round where its days alone do not say so (`domain/rules.py`), else it is empty.
    `agenda_year` is the first year of the agenda it stands in; one of an older agenda than the newest is history.
    """

    __tablename__ = "reading"
    __table_args__ = (Unique("action_id", "slot"),)
    id: int | None = Field(default=None, primary_key=True)
    agreement_id: int = _number("agreement.id")
    action_id: int = _number("action.id", index=False)
    slot: str
    ref: str
    phrase: str
    from_agenda: bool = False
    agenda_year: int | None = None
    position: int = 0
    kind: ReadingKind = _word(ReadingKind)
    window_start: date | None = _day()
    due: date | None = _day()
    per_year: float | None = None
    until: date | None = _day()
    doubtful: bool = False
    others: list[dict[str, Any]] = _list()
    rule: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    reason: str = ""
    source: str = ""
    confirmed_by: str = ""
    confirmed_at: datetime | None = _moment()


class DeadlineRow(SQLModel, table=True):
    """One time that an action is to be done: `slot` is that of its reading, if it came of one, and `occurrence` which
    time of its rule it is. `next_moment` is when it may next have something to tell; NULL is never.

    `agreements` are what a lead may be named for (`domain.model.AgreementKey`).

    `state` follows from its parties (`deadlines.follow_parts`). `asked` is a word of `domain.model.Asked`. No rung
    counts from before `known_since`; `news` is what is new since then, a word of `domain.model.News` or empty. One that
    is held as a meeting has its day, hour and place in `meeting`, once somebody set them.
    """

    __tablename__ = "deadline"
    __table_args__ = (Unique("action_id", "slot", "occurrence"),)
    id: int | None = Field(default=None, primary_key=True)
    covenant_id: int = _number("covenant.id")
    action_id: int = _number("action.id", index=False)
    agreement_id: int | None = Field(default=None, foreign_key="agreement.id", index=True)
    origin: Origin = _word(Origin)
    slot: str = ""
    occurrence: str
    title: str
    todo: str = ""
    number: str = ""
    theme: str = ""
    kind: LadderKind = _word(LadderKind)
    phrase: str = ""
    source: str = ""
    via: str = ""
    agreements: list[int | str] = _list()
    joint: bool = False
    invented: bool = False
    doubtful: bool = False
    window_start: date | None = _day()
    due: date | None = _day()
    moved_from: date | None = _day()
    state: State = _word(State, State.OPEN)
    asked: Asked = _word(Asked, Asked.YES)
    known_since: date | None = _day()
    news: str = ""
    uid: str = Field(unique=True)
    sequence: int = 0
    created_at: datetime = Field(sa_type=Moment)
    changed_at: datetime = Field(sa_type=Moment)
    next_moment: datetime | None = _moment(index=True)
    meeting: Optional["MeetingRow"] = Relationship(sa_relationship_kwargs={"lazy": "joined", "uselist": False})

    @property
    def meeting_day(self) -> date | None:
        """The day on which it is held as a meeting, if that is planned."""
        return self.meeting.day if self.meeting is not None and self.meeting.state == MeetingState.PLANNED else None


class Body(SQLModel, table=True):
    """An overleg: a standing table of people, that meets. `slug` is made of its name, `parties` are those that come.

    With `is_named` its people were named one by one, of whatever party; else they follow from the seats of its parties.
    """

    __table_args__ = (Unique("covenant_id", "slug"),)
    id: int | None = Field(default=None, primary_key=True)
    covenant_id: int = _number("covenant.id", index=False)
    slug: str
    name: str
    parties: list[str] = _list()
    is_named: bool = False


class BodyMember(SQLModel, table=True):
    """A person at the table of a body for a party, from a day on; who left it stays as they were, with `until`."""

    __tablename__ = "body_member"
    __table_args__ = (Unique("body_id", "person_id", "party_id", "since"),)
    id: int | None = Field(default=None, primary_key=True)
    body_id: int = _number("body.id", index=False)
    person_id: int = _number("person.id")
    party_id: int = _number("party.id")
    since: date = Field(sa_type=Day)
    until: date | None = _day()


class MeetingRow(SQLModel, table=True):
    """One sitting of a body: when and where. It is always one deadline, whose ladder, ledger, answers and UID it keeps.

    One that was called off stays with its day, so that calendars can say so for a while (rule A10), until another is
    planned in its place. `online` is the address by which people join from elsewhere, for who sits at the table only.
    """

    __tablename__ = "meeting"
    id: int | None = Field(default=None, primary_key=True)
    covenant_id: int = _number("covenant.id")
    body_id: int = _number("body.id")
    deadline_id: int = Field(foreign_key="deadline.id", unique=True)
    state: MeetingState = _word(MeetingState, MeetingState.PLANNED)
    day: date = Field(sa_type=Day, index=True)
    start: time | None = None
    end: time | None = None
    place: str = ""
    called_off_at: datetime | None = _moment()
    online: str = ""


class DeadlineParty(SQLModel, table=True):
    """A party's part in a deadline: a lead with its own state, or a participant.

    A lead that is no longer named is kept as a former one, since `taken_at`, with all that it did. `before` is what the
    last decision replaced, of before there were facts to tell so. `known_since` is the day from which a lead leads it
    that was named later.
    """

    __tablename__ = "deadline_party"
    deadline_id: int = Field(foreign_key="deadline.id", primary_key=True)
    party_id: int = Field(foreign_key="party.id", primary_key=True, index=True)
    part: str = Field(primary_key=True)
    position: int = 0
    state: State = _word(State, State.OPEN)
    settled_at: datetime | None = _moment()
    settled_by: str = ""
    light: Light = _word(Light, Light.GREY)
    note: str = ""
    known_since: date | None = _day()
    taken_at: datetime | None = _moment()
    before: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class Message(SQLModel, table=True):
    """The outbox: one mail to one person. `key` says what it is for; its Message-ID is made from it (design 3).

    `uncertain` says that a server may have taken it: its final dot went out, and no answer came. From then on its bytes
    stay as they are. `doubted_at` is when that happened last, `tries_in_doubt` counts the tries after the first one.
    `in_hand` is true from just before it is offered until the answer is written down; it is what a dead sender leaves
    in doubt. `refused_at` and `refused_as` are the first refusal, with the code and status of the answer. `is_outdated`
    says that it was withdrawn while a sender or a person held it: if no server took it, it is made anew.

    Once it is over, the seals in its links are blanked, and `body_sha256` is the hash of its bytes as they went.
    """

    __table_args__ = (
        Index("ix_message_state_next_try_at", "state", "next_try_at"),
        Index("ix_message_person_id_state", "person_id", "state"),
        Index("ix_message_on", "on"),
    )
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    kind: str
    person_id: int | None = Field(default=None, foreign_key="person.id")
    covenant_id: int | None = Field(default=None, foreign_key="covenant.id", index=True)
    to: str
    subject: str
    message_id: str = Field(unique=True)
    envelope_from: str = ""
    body: bytes = Field(default=b"", sa_column=Column(LargeBinary, nullable=False))
    body_sha256: str = Field(default="", sa_type=String)
    on: date = Field(sa_type=Day)
    state: MailState = _word(MailState, MailState.QUEUED)
    uncertain: bool = False
    tries_in_doubt: int = 0
    doubted_at: datetime | None = _moment(index=True)
    in_hand: bool = False
    is_outdated: bool = False
    attempts: int = 0
    created_at: datetime = Field(sa_type=Moment)
    first_tried_at: datetime | None = _moment()
    next_try_at: datetime | None = _moment()
    lease_until: datetime | None = _moment()
    lease_owner: str = ""
    sent_at: datetime | None = _moment(index=True)
    last_answer: str = ""
    refused_at: datetime | None = _moment(index=True)
    refused_as: str = ""
    bounced_at: datetime | None = _moment()
    reported_at: datetime | None = _moment()


class MessageCovenant(SQLModel, table=True):
    """Which covenants a mail is about: a reminder can be about several. Its secretariats find it here."""

    __tablename__ = "message_covenant"
    covenant_id: int = Field(foreign_key="covenant.id", primary_key=True)
    message_id: int = Field(foreign_key="message.id", primary_key=True, index=True)


class ReminderRow(SQLModel, table=True):
    """The ledger: what was told to whom. `counted_from` is the date it counted to, so a moved date may be told anew.

    `failed_in` is 0 for what counts as told, else the number of its mail, which did not arrive: it may be told again.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        Unique("deadline_id", "party", "person_id", "rung", "counted_from", "failed_in", name="uq_reminder_told"),
    )
    id: int | None = Field(default=None, primary_key=True)
    deadline_id: int = _number("deadline.id", index=False)
    party: str
    person_id: int = _number("person.id")
    rung: str
    counted_from: date = Field(sa_type=Day)
    on: date = Field(sa_type=Day)
    reason: str = ""
    message_id: int = _number("message.id")
    failed_in: int = 0
    created_at: datetime = Field(sa_type=Moment)


class AnswerRow(SQLModel, table=True):
    """What a person let know about one party's part in a deadline: append-only, the newest counts.

    `stand` is a word of `domain.answering.Stand`, or empty for a mere sentence or postponement; `name` is what a reader
    of a shared mailbox typed. `about` is the key of the mail that it answers. For a meeting somebody may send in
    `points` for its agenda, or propose `next_on` with an hour and a place; "niet voor mij" may name the colleague whose
    it is. It may bear one link or one file. Its sentence is for the secretariat, until that let it go to the parties
    (`released_at`, by whom): then it may stand in what they get.
    """

    __tablename__ = "answer"
    __table_args__ = (
        Index("ix_answer_deadline_id_party", "deadline_id", "party"),
        Index("ix_answer_covenant_id_at", "covenant_id", "at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    covenant_id: int = _number("covenant.id", index=False)
    deadline_id: int = _number("deadline.id", index=False)
    party: str
    person_id: int = _number("person.id")
    name: str = ""
    stand: str = ""
    sentence: str = ""
    next_on: date | None = _day()
    at_risk: bool = False
    not_before: date | None = _day()
    about: str = ""
    mailed_on: date | None = _day()
    at: datetime = Field(sa_type=Moment)
    points: str = ""
    colleague: str = ""
    start: time | None = None
    place: str = ""
    link: str = ""
    released_at: datetime | None = _moment()
    released_by: str = ""


class MailReply(SQLModel, table=True):
    """What somebody wrote back to a mail of ours, as it was read from the mailbox for replies (`[mail] replies`).

    `mail_id` is the Message-ID of what they wrote, so that it is kept once however often it is read; `sender` is the
    address that it says it is from, which anybody can write. `words` are without what they quoted and without links.
    `came_of` says what a person did with it at `settled_at`; nothing is ever done with it otherwise.
    """

    __tablename__ = "mail_reply"
    id: int | None = Field(default=None, primary_key=True)
    message_id: int = _number("message.id")
    person_id: int = _number("person.id")
    mail_id: str = Field(unique=True)
    sender: str
    words: str
    read_at: datetime = Field(sa_type=Moment)
    settled_at: datetime | None = _moment(index=True)
    settled_by: str = ""
    came_of: str = ""


class AnswerFile(SQLModel, table=True):
    """The one file that came with an answer."""

    __tablename__ = "answer_file"
    answer_id: int = Field(foreign_key="answer.id", primary_key=True)
    name: str
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Snapshot(SQLModel, table=True):
    """The answers of one progress round as they were at the end of a fixed day, the peildatum."""

    __tablename__ = "progress_snapshot"
    __table_args__ = (Unique("covenant_id", "meeting", "year", "on"),)
    id: int | None = Field(default=None, primary_key=True)
    covenant_id: int = _number("covenant.id", index=False)
    meeting: str
    year: int
    on: date = Field(sa_type=Day)
    made_at: datetime = Field(sa_type=Moment)
    made_by: str = ""


class SnapshotLine(SQLModel, table=True):
    """One row of a snapshot, in words that stay as they were whatever happens to the deadline later."""

    __tablename__ = "progress_line"
    id: int | None = Field(default=None, primary_key=True)
    snapshot_id: int = _number("progress_snapshot.id")
    position: int
    deadline_id: int = _number("deadline.id")
    number: str = ""
    title: str
    party: str
    person: str = ""
    asked_on: date = Field(sa_type=Day)
    state: str
    light: str
    sentence: str = ""
    next_on: date | None = _day()
    at_risk: bool = False
    answered_at: datetime | None = _moment()
    answered_by: str = ""


class FeedLink(SQLModel, table=True):
    """A calendar link of one person: only the hash of its token is kept.

    `version` is another one after every write that this feed depends on (`store/touching.py`); `scope` is what the
    link shows, of one covenant when it names one. A link that was `leaked` is cut at once when it is revoked.
    """

    __tablename__ = "feed_link"
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = _number("person.id")
    covenant_id: int | None = Field(default=None, foreign_key="covenant.id", index=True)
    name: str = ""
    scope: str = "mine"
    banners: bool = False
    alarm_days: int | None = None
    token_hash: str = Field(unique=True)
    uid: str
    version: str = Field(default_factory=lambda: token_hex(8))
    created_at: datetime = Field(sa_type=Moment)
    revoked_at: datetime | None = _moment()
    leaked: bool = False


class FeedFetch(SQLModel, table=True):
    """When a calendar program last fetched a link: a note beside the links, kept as well as it goes (rule A15)."""

    __tablename__ = "feed_fetch"
    link_id: int = Field(foreign_key="feed_link.id", primary_key=True)
    client: str = Field(primary_key=True)
    last_at: datetime = Field(sa_type=Moment)
    fetches: int = 0


class LetterheadRow(SQLModel, table=True):
    """How the letters of a party look and whom they name; of an empty `party` what a joint letter has instead.

    `visiting` and `postal` are lines of an address. `logo` is a PNG of ours, made of what was uploaded. `reference` is
    a pattern with {jaar} and {nummer}. `contact_*` is whom of the party to call, `body`, `attention`, `function` and
    `salutation` how a letter to the party is addressed, `signatory` and `signs_as` whose name stands under one of it.
    """

    __tablename__ = "letterhead"
    __table_args__ = (Unique("covenant_id", "party"),)
    id: int | None = Field(default=None, primary_key=True)
    covenant_id: int = _number("covenant.id", index=False)
    party: str = ""
    visiting: list[str] = _list()
    postal: list[str] = _list()
    phone: str = ""
    web: str = ""
    accent: str = ""
    place: str = ""
    logo: bytes = Field(default=b"", sa_column=Column(LargeBinary, nullable=False))
    reference: str = ""
    contact_name: str = ""
    contact_function: str = ""
    contact_phone: str = ""
    contact_email: str = ""
    reply_to: str = ""
    display_name: str = ""
    body: str = ""
    attention: str = ""
    function: str = ""
    salutation: str = ""
    signatory: str = ""
    signs_as: str = ""
    changed_by: str = ""
    changed_at: datetime = Field(sa_type=Moment)


class Letter(SQLModel, table=True):
    """The letter of one step in one year: text and addressees are frozen (by whom, and when).

    `step` is the name of its step. `sender` is a party's slug where each corporation sends its own letter, empty for a
    joint one. With `outside_on` it was sent without us: by post, or from somebody's own mailbox. `told_meeting` is what
    a mail after it said of the meeting, in words.
    """

    __table_args__ = (Unique("covenant_id", "year", "step", "sender"),)
    id: int | None = Field(default=None, primary_key=True)
    covenant_id: int = _number("covenant.id", index=False)
    year: int
    step: str = ""
    sender: str = ""
    approved_by: str
    approved_at: datetime = Field(sa_type=Moment)
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    pdf: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    outside_on: date | None = _day()
    outside_by: str = ""
    outside_note: str = ""
    told_meeting: str = ""


class LetterDraft(SQLModel, table=True):
    """What somebody wrote for a letter: its texts in their order (`letter.blocks.texts_from`), and `details` such as
    its date, reference, addressees and signatories.

    `before` is what was last decided on: the facts that were frozen, and what each party last said, of which facts.
    """

    __tablename__ = "letter_draft"
    __table_args__ = (Unique("covenant_id", "year", "step", "sender"),)
    id: int | None = Field(default=None, primary_key=True)
    covenant_id: int = _number("covenant.id", index=False)
    year: int
    step: str = ""
    sender: str = ""
    blocks: Any = _list()
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    before: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    changed_by: str = ""
    changed_at: datetime = Field(sa_type=Moment)


class LetterDraftFile(SQLModel, table=True):
    """A file that somebody added to a letter that is not frozen: the bod, or agreements that were signed."""

    __tablename__ = "letter_draft_file"
    __table_args__ = (Unique("draft_id", "name"),)
    id: int | None = Field(default=None, primary_key=True)
    draft_id: int = _number("letter_draft.id", index=False)
    name: str
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    added_by: str = ""
    added_at: datetime = Field(sa_type=Moment)


class LetterApproval(SQLModel, table=True):
    """What one sender said of the letter, by name: that it may go, or (`is_sent_back`) not so, with a remark.

    `way` is a word of `domain.letters.Way`; `digest` the SHA-256 of the bytes it is about, empty in one of before they
    were looked at; `noted_by` who wrote it down, when that was somebody else.
    """

    __tablename__ = "letter_approval"
    __table_args__ = (Unique("letter_id", "party"),)
    id: int | None = Field(default=None, primary_key=True)
    letter_id: int = _number("letter.id", index=False)
    party: str
    by: str
    at: datetime = Field(sa_type=Moment)
    way: str = ""
    digest: str = ""
    is_sent_back: bool = False
    remark: str = ""
    noted_by: str = ""


class LetterAsk(SQLModel, table=True):
    """A director who was asked to approve a letter for a sender, by a mail with a link."""

    __tablename__ = "letter_ask"
    __table_args__ = (Unique("letter_id", "party", "person_id"),)
    id: int | None = Field(default=None, primary_key=True)
    letter_id: int = _number("letter.id", index=False)
    party: str
    person_id: int = _number("person.id")
    name: str
    asked_by: str = ""
    asked_at: datetime = Field(sa_type=Moment)
    times: int = 1


class LetterFile(SQLModel, table=True):
    """A file that belongs to a letter: an enclosure, the signed PDF in its place, or proof that it was sent."""

    __tablename__ = "letter_file"
    __table_args__ = (Unique("letter_id", "kind", "name"),)
    id: int | None = Field(default=None, primary_key=True)
    letter_id: int = _number("letter.id", index=False)
    kind: str
    name: str
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    added_by: str = ""
    added_at: datetime = Field(sa_type=Moment)


class LetterAddressee(SQLModel, table=True):
    """One addressee of a letter, or somebody with a copy; the message is the proof of sending."""

    __tablename__ = "letter_addressee"
    __table_args__ = (Unique("letter_id", "party", "person_id"),)
    id: int | None = Field(default=None, primary_key=True)
    letter_id: int = _number("letter.id", index=False)
    party: str
    person_id: int = _number("person.id")
    name: str
    email: str
    is_copy: bool = False
    message_id: int | None = Field(default=None, foreign_key="message.id", index=True)


class MeetingDecision(SQLModel, table=True):
    """What a meeting decided about an agreement, and what that did to a deadline. `number` counts within the meeting.

    `old_day` is the day that the deadline had, and `before` all else that a move or a drop replaced, of before there
    were facts to tell so. One that was undone stays, with who undid it.
    """

    __tablename__ = "meeting_decision"
    __table_args__ = (Unique("deadline_id", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    covenant_id: int = _number("covenant.id")
    deadline_id: int = _number("deadline.id", index=False)
    number: int
    agreement_id: int | None = Field(default=None, foreign_key="agreement.id", index=True)
    about_id: int | None = Field(default=None, foreign_key="deadline.id", index=True)
    text: str
    effect: str
    day: date | None = _day()
    old_day: date | None = _day()
    before: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    reference: str
    by: str
    at: datetime = Field(sa_type=Moment)
    undone_by: str = ""
    undone_at: datetime | None = _moment()


class Signal(SQLModel, table=True):
    """What somebody at the table reports between meetings. It is a point of the next bestuurlijk overleg by itself,
    unless the secretariat declined it, with a reason; `deadline_id` is the meeting that was held with it.

    `name` is what a reader of a shared mailbox typed. The agreement that it is about may be left out.
    """

    id: int | None = Field(default=None, primary_key=True)
    covenant_id: int = _number("covenant.id")
    person_id: int = _number("person.id", index=False)
    name: str = ""
    kind: SignalKind = _word(SignalKind)
    agreement_id: int | None = Field(default=None, foreign_key="agreement.id")
    text: str
    at: datetime = Field(sa_type=Moment)
    by: str = ""
    deadline_id: int | None = Field(default=None, foreign_key="deadline.id")
    declined: str = ""
    declined_by: str = ""
    declined_at: datetime | None = _moment()


class Actor(SQLModel, table=True):
    """Who did something, as facts name them. `name` is an address or another name, and `via` how it came, where it came
    otherwise than by the desk. Erasing somebody empties both, and the fact that says who this is (`is_named`)."""

    __table_args__ = (Index("ix_actor_name_via", "name", "via"),)
    id: int | None = Field(default=None, primary_key=True)
    kind: ActorKind = _word(ActorKind)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    name: str
    via: str = ""
    is_named: bool = False


class Fact(SQLModel, table=True):
    """One thing that happened, append-only (`store/noticing.py` writes it, `store/facts.py` says how it is sealed).

    A change of a row has what it held before in `old` and what it became in `new`: JSON, of the fields that changed
    only, and of all for a row that came or went. What an act said of it in words has `about`, as the logbook calls the
    thing, and `text`. `seq` counts within the chain of a covenant, or of what belongs to none; below zero is what was
    written down before there were chains.
    """

    __table_args__ = (
        Unique("covenant_id", "seq"),
        Index("ix_fact_seq_of_none", "seq", unique=True, **_only("covenant_id IS NULL")),
        Index("ix_fact_said", "covenant_id", "id", **_only("about IS NOT NULL")),
        Index("ix_fact_newest_said", "id", **_only("about IS NOT NULL")),
        Index("ix_fact_said_about", "covenant_id", "about", "id", **_only("about IS NOT NULL")),
        Index("ix_fact_covenant_id_subject_subject_id_id", "covenant_id", "subject", "subject_id", "id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    covenant_id: int | None = Field(default=None, foreign_key="covenant.id")
    seq: int
    at: datetime = Field(sa_type=Moment)
    actor_id: int = _number("actor.id")
    verb: str
    subject: str
    subject_id: int = 0
    about: str | None = None
    text: str = ""
    old: str = ""
    new: str = ""
    salt: str = ""
    digest: str
    hash: str


class FactHead(SQLModel, table=True):
    """Where the chain of a covenant ends (0: of what belongs to none). Whoever adds to a chain holds this row."""

    __tablename__ = "fact_head"
    covenant_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    seq: int
    hash: str


class Indicator(SQLModel, table=True):
    """What is counted, under an agreement or by itself: a line of a stock of homes too. `key` is what it is found again
    by in its covenant, `dims` says of what it is a part, `giver_id` which party knows it."""

    __table_args__ = (Unique("covenant_id", "key"),)
    id: int | None = Field(default=None, primary_key=True)
    covenant_id: int = _number("covenant.id", index=False)
    agreement_id: int | None = Field(default=None, foreign_key="agreement.id", index=True)
    key: str
    name: str
    unit: str = ""
    direction: Direction = _word(Direction, Direction.NEITHER)
    giver_id: int | None = Field(default=None, foreign_key="party.id", index=True)
    dims: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    baseline: float | None = None


class Figure(SQLModel, table=True):
    """How much an indicator is on a day, as agreed or as it came out: append-only. One that is set right is replaced by
    another, and counts no more."""

    __table_args__ = (Unique("replaces_id"),)
    id: int | None = Field(default=None, primary_key=True)
    indicator_id: int = _number("indicator.id")
    kind: FigureKind = _word(FigureKind)
    on: date = Field(sa_type=Day)
    amount: float
    source: str = ""
    actor_id: int = _number("actor.id")
    at: datetime = Field(sa_type=Moment)
    replaces_id: int | None = Field(default=None, foreign_key="figure.id")


class Document(SQLModel, table=True):
    """A document that was read into the register."""

    id: int | None = Field(default=None, primary_key=True)
    covenant_id: int = _number("covenant.id")
    file: str
    sha256: str = Field(sa_type=String)
    imported_at: datetime = Field(sa_type=Moment)


class ColumnWord(SQLModel, table=True):
    """What a column of its documents is, as the secretariat of a covenant said it; no reading guesses that one again.

    `heading` is as headings are compared (`intake/table_columns.py`), `meaning` a word that a person may say.
    """

    __tablename__ = "column_word"
    __table_args__ = (Unique("covenant_id", "heading"),)
    id: int | None = Field(default=None, primary_key=True)
    covenant_id: int = _number("covenant.id", index=False)
    heading: str
    meaning: str


class ThemeName(SQLModel, table=True):
    """What a theme of the agreements of one term is called.

    `source` is where a document says so; it is empty of a name that a person gave.
    """

    __tablename__ = "theme_name"
    __table_args__ = (Unique("term_id", "theme"),)
    id: int | None = Field(default=None, primary_key=True)
    covenant_id: int = _number("covenant.id")
    term_id: int = _number("term.id", index=False)
    theme: str
    name: str
    source: str = ""


class Beat(SQLModel, table=True):
    """When each job last came round."""

    name: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment)


class OutboxPause(SQLModel, table=True):
    """At most one row for sending (1), one for planning (2) and one for the clock (3): it stands still, and why."""

    __tablename__ = "outbox_pause"
    id: int = Field(default=1, primary_key=True)
    at: datetime = Field(sa_type=Moment)
    reason: str
    alarmed_at: datetime | None = _moment()


class Installation(SQLModel, table=True):
    """One row: the random name of this database, made with its tables, and since when seals cover a person's mark."""

    id: int = Field(default=1, primary_key=True)
    uid: str
    marked_since: datetime | None = _moment()


class SignIn(SQLModel, table=True):
    """Somebody asked for a link to sign in (rule C13), or for a code on their own page: only hashes are kept.

    One for an unknown address too, for the limit counts all; its link reached nobody. `browser_hash` is of the browser
    that asked, `address_hash` and `network_hash` are sealed, `goes_to` is the page that was wanted. An ask from a
    browser that is known has a seal of that browser in `network_hash` (`sessions.KNOWN`).
    """

    __tablename__ = "sign_in"
    __table_args__ = (
        Index("ix_sign_in_address_hash_asked_at", "address_hash", "asked_at"),
        Index("ix_sign_in_network_hash_asked_at", "network_hash", "asked_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True)
    browser_hash: str
    address_hash: str
    network_hash: str
    email: str = ""
    goes_to: str = ""
    asked_at: datetime = Field(sa_type=Moment)
    tries: int = 0
    spent_at: datetime | None = _moment()


class DeskSession(SQLModel, table=True):
    """A browser in which somebody is signed in; only the hash of its cookie is kept. Who it is is their address."""

    __tablename__ = "desk_session"
    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True)
    email: str = Field(index=True)
    began_at: datetime = Field(sa_type=Moment, index=True)
    ended_at: datetime | None = _moment()


class SentForm(SQLModel, table=True):
    """A form that was carried out (`store/sentforms.py`): by whom, at which route, and what came of it.

    Only hashes are kept of its key, of the address it was sent to and of what stood in it. `who` is a mail address at
    the desk; `place` and `words` are where it led and what it said there, written down once it `is_over`.
    """

    __tablename__ = "sent_form"
    key_hash: str = Field(primary_key=True)
    who: str
    route: str
    target: str
    content: str
    at: datetime = Field(sa_type=Moment, index=True)
    place: str = ""
    words: str = ""
    is_over: bool = False


class TypedForm(SQLModel, table=True):
    """What somebody typed into a form that came after their session ended, for an hour (`signin/typed_forms.py`).

    `content` opens with a key that only that browser has. The rest are hashes: of that key, of the key with the address
    of the form, and of the mail address of who typed it.
    """

    __tablename__ = "typed_form"
    browser_hash: str = Field(primary_key=True)
    place_hash: str = Field(primary_key=True)
    reader_hash: str
    content: bytes = Field(default=b"", sa_column=Column(LargeBinary, nullable=False))
    at: datetime = Field(sa_type=Moment, index=True)


ID_TABLES = tuple(table for table in SQLModel.metadata.sorted_tables if table.autoincrement_column is not None)
"""Those whose ids the database gives out. PostgreSQL gives none twice; SQLite must be asked."""

for _table in ID_TABLES:
    _table.dialect_options["sqlite"]["autoincrement"] = True
