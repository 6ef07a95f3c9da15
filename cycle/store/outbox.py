"""The outbox and the ledger: what is to be mailed, what was, and what was told to whom (rules C2 to C4).

States of a message: `draft` waits for approval, `queued` for its turn, `sending` is leased to a sender, `held` waits
for a person; `sent`, `failed`, `discarded` and `replaced` are ends. Only `queued` rows are claimed, and whoever changes
a row's state names the state it must still have, so that two processes never both succeed.

A mail that no server can have taken may be withdrawn and made anew. Its bytes stay as they are from the moment that its
final dot went out without an answer (`uncertain`). A mail that failed gives the lines that it told free again.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from itertools import takewhile
from typing import Any, NamedTuple

from sqlalchemy import Connection, String, bindparam, case, cast, delete, false, func, insert, or_, true, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased, defer, make_transient
from sqlmodel import Session, col, select

from cycle.domain import mail_kinds
from cycle.domain.mail_kinds import KINDS
from cycle.domain.model import MailState, Role
from cycle.domain.morning import WaitingMail
from cycle.domain.planning import Reminder, Told
from cycle.store.columns import columns
from cycle.store.deadlines import Where, wake
from cycle.store.tables import (
    Beat,
    Covenant,
    DeadlineRow,
    Fact,
    Membership,
    Message,
    MessageCovenant,
    Moment,
    OutboxPause,
    PartyRow,
    ReminderRow,
)

DIGEST, LETTER, ALARM, SIGN_IN, DAILY = (
    kind.name for kind in (mail_kinds.DIGEST, mail_kinds.LETTER, mail_kinds.ALARM, mail_kinds.SIGN_IN, mail_kinds.DAILY)
)
DRAFT, QUEUED, SENDING, SENT, FAILED, HELD, REPLACED, DISCARDED = MailState
KEEPS_HOURS = tuple(name for name, kind in KINDS.items() if kind.keeps_hours)
"""Kinds that leave in mail hours only; letters, invitations and alarms may go at any time (rule B12)."""

NEVER_PAUSED = tuple(name for name, kind in KINDS.items() if kind.is_never_paused)
"""What says that sending stands still, and what lets somebody in to look at it."""

TRIES_IN_DOUBT = 2
"""How often a reminder is tried after a try of which nobody knows whether it arrived; then a person is asked."""

PLANNED_KINDS = tuple(name for name, kind in KINDS.items() if kind.is_planned)
"""Kinds that the clock makes anew when one of them could not be made."""
RESUMED = "resumed"
"""The name of the beat that says when somebody last let sending go on."""

SENDING_PAUSE, PLANNING_PAUSE, CLOCK_PAUSE = ALL_PAUSES = (1, 2, 3)
"""What stands still: sending, planning, or both because the clock is not to be believed."""

NOT_YET = timedelta(hours=3)
"""What is dated further ahead was written by a clock that stood wrong. A zone or summer time too much is less."""

LONGEST_DAY = timedelta(hours=25)  # on which the clock goes back

LONGEST_WAIT = timedelta(hours=1)  # between two tries, and of a lease


class Parcel(NamedTuple):
    """What delivering one message takes."""

    id: int
    key: str
    kind: str
    to: str
    envelope_from: str
    body: bytes
    attempts: int
    message_id: str
    first_tried_at: datetime
    uncertain: bool = False
    tries_in_doubt: int = 0
    refused_at: datetime | None = None
    person_id: int | None = None


def told(session: Session, now: datetime, *where: Where, without: Sequence[int] = ()) -> dict[Told, date]:
    """The ledger, of the deadlines that meet a condition or of all; without what is in some messages, and without what
    failed to arrive.

    What was written down in the future, by a clock that stood wrong, was not told.
    """
    query = (
        columns(
            ReminderRow.deadline_id, ReminderRow.party, ReminderRow.rung, ReminderRow.counted_from, ReminderRow.on
        ).join(DeadlineRow, col(ReminderRow.deadline_id) == DeadlineRow.id)
    ).where(col(ReminderRow.failed_in) == 0, col(ReminderRow.created_at) <= now + NOT_YET, *where)
    if without:
        query = query.where(col(ReminderRow.message_id).not_in(without))
    return {Told(deadline, party, rung, anchor): on for deadline, party, rung, anchor, on in session.exec(query)}


def has_digest(session: Session, keys: Iterable[str]) -> set[str]:
    """Which of these keys are taken."""
    wanted = list(keys)
    taken: set[str] = set()
    for start in range(0, len(wanted), 500):
        taken.update(session.exec(select(Message.key).where(col(Message.key).in_(wanted[start : start + 500]))))
    return taken


def persons_mailed_on(
    session: Session, day: date, midnight: datetime, *, without: Sequence[int] = ()
) -> frozenset[int]:
    """Who has a digest of this day (which began at `midnight`), sent or waiting, or got an older one on it; some
    messages do not count."""
    of_day = Message.kind == DIGEST, Message.on == day, Message.state != REPLACED
    query = select(Message.person_id).where(*of_day, col(Message.id).not_in(without))
    own = frozenset(person for person in session.exec(query) if person is not None)
    return own | persons_mailed_again(session, day, midnight)


def persons_mailed_again(session: Session, day: date, midnight: datetime) -> frozenset[int]:
    """Who got a digest of an earlier day on this one, may have got it, or is about to: it was tried again."""
    arrives = or_(
        col(Message.state) == SENDING,
        _is_on_the_day_of(midnight, Message.sent_at),
        _is_on_the_day_of(midnight, Message.doubted_at),
    )
    query = columns(Message.person_id, Message.on).where(col(Message.kind) == DIGEST, arrives)
    # the day is compared here: SQLite would take the index on it, and read the outbox of years
    return frozenset(person for person, on in session.exec(query) if person is not None and on < day)


def put(
    session: Session, message: Message, reminders: Sequence[Reminder], now: datetime, instead_of: Sequence[int] = ()
) -> None:
    """A mail and the lines it tells, into the outbox and the ledger. A line that is there already is an error."""
    put_all(session, [(message, reminders)], now, instead_of)


def put_all(
    session: Session, mails: Sequence[tuple[Message, Sequence[Reminder]]], now: datetime, instead_of: Sequence[int] = ()
) -> None:
    """Several of these at once: all of them, or an error. They take the place of some drafts."""
    withdraw(session, instead_of, now)
    _go_on(session, [message for message, _lines in mails])
    session.add_all([message for message, _lines in mails])
    session.flush()
    lines = [
        {
            "deadline_id": line.deadline,
            "party": line.party,
            "person_id": line.person,
            "rung": line.rung,
            "counted_from": line.counted_from,
            "on": line.on,
            "reason": line.reason,
            "message_id": message.id,
            "created_at": now,
        }
        for message, reminders in mails
        for line in reminders
    ]
    if lines:
        _make_room(session, [line.deadline for _message, several in mails for line in several], now)
        session.connection().execute(insert(ReminderRow), lines)
    _note_covenants(session, [message for message, _lines in mails])


def as_new(message: Message) -> None:
    """Makes a message that could not be put with others ready to be put by itself."""
    make_transient(message)
    message.id = None


def _go_on(session: Session, mails: Sequence[Message]) -> None:
    """A digest that is made anew goes on where the one before it stood, which no server took: its tries count, and so
    does a refusal, unless it goes to another address now."""
    anew = {one.person_id: one for one in mails if one.kind == DIGEST and one.person_id and one.state == QUEUED}
    if not anew:
        return
    later = _another_message()
    is_last = (
        ~select(later.id)
        .where(later.person_id == Message.person_id, later.kind == DIGEST, col(later.id) > col(Message.id))
        .exists()
    )
    query = columns(
        Message.person_id, Message.to, Message.attempts, Message.first_tried_at, Message.refused_at, Message.refused_as
    ).where(
        col(Message.person_id).in_(anew),
        col(Message.state) == REPLACED,
        Message.kind == DIGEST,
        col(Message.attempts) > 0,
        is_last,
    )
    for person, to, *course in session.exec(query):
        if anew[person].to == to:
            again = anew[person]
            again.attempts, again.first_tried_at, again.refused_at, again.refused_as = course


def _make_room(session: Session, deadline_ids: Iterable[int], now: datetime) -> None:
    """Lines of a clock that stood wrong stay, as proof of what their mail said, under a name that nothing asks for."""
    is_false = col(ReminderRow.created_at) > now + NOT_YET, col(ReminderRow.rung).not_like("%~%")
    session.connection().execute(
        update(ReminderRow)
        .where(col(ReminderRow.deadline_id).in_(list(deadline_ids)), *is_false)
        .values(rung=col(ReminderRow.rung) + "~" + cast(ReminderRow.id, String))
    )


def _note_covenants(session: Session, mails: Sequence[Message]) -> None:
    """Which covenants these mails are about: their own, those of the lines that they tell, and for what a secretariat
    gets about all its covenants, or a person about all theirs, those."""
    ids = [one.id for one in mails]
    own = [{"message_id": one.id, "covenant_id": one.covenant_id} for one in mails if one.covenant_id is not None]
    if own:
        session.connection().execute(insert(MessageCovenant), own)
    rest = _covenants_told(ids).union(_covenants_of_readers(ids))
    session.connection().execute(insert(MessageCovenant).from_select(["message_id", "covenant_id"], rest))


def _covenants_told(ids: Sequence[int | None]) -> Any:
    return (
        columns(ReminderRow.message_id, DeadlineRow.covenant_id)
        .join(DeadlineRow, col(ReminderRow.deadline_id) == DeadlineRow.id)
        .join(Message, col(ReminderRow.message_id) == Message.id)
        .where(col(Message.id).in_(ids), col(Message.covenant_id).is_distinct_from(DeadlineRow.covenant_id))
    )


def _covenants_of_readers(ids: Sequence[int | None]) -> Any:
    """A secretary's reminder may hold the overview of all that they keep; a mail without lines is about a person."""
    role = col(Membership.role)
    keepers = select(Membership.party_id).where(role == Role.SECRETARIAT)
    is_keeper = or_(role == Role.SECRETARIAT, (role == Role.DEPUTY) & col(Membership.party_id).in_(keepers))
    has_lines = select(ReminderRow.id).where(ReminderRow.message_id == Message.id).exists()
    is_loose = col(Message.covenant_id).is_(None) & ~has_lines
    return (
        columns(Message.id, PartyRow.covenant_id)
        .join(Membership, col(Membership.person_id) == Message.person_id)
        .join(PartyRow, col(Membership.party_id) == PartyRow.id)
        .join(Covenant, col(PartyRow.covenant_id) == Covenant.id)
        .where(col(Message.id).in_(ids), col(Message.kind).not_in(NEVER_PAUSED))
        .where(is_keeper | col(Covenant.released_at).is_not(None))  # a held one is not there for its other members
        .where(((col(Message.kind) == DIGEST) & is_keeper) | is_loose)
        .where(col(Message.covenant_id).is_distinct_from(PartyRow.covenant_id))
    )


def stale_digests(session: Session, today: date, last: date) -> list[int]:
    """Digests of another day that never reached anybody: today's plan takes their lines over. One of a day after
    `last` is of a clock that stood wrong."""
    query = select(Message.id).where(
        Message.kind == DIGEST,
        Message.state == QUEUED,
        col(Message.uncertain).is_(False),
        or_(col(Message.on) < today, col(Message.on) > last),
    )
    return [found for found in session.exec(query) if found is not None]


def unsent_digests_about(session: Session, deadline_ids: Iterable[int]) -> list[int]:
    """Digests that name one of these deadlines, and that no server can have taken: they wait, are held, or a sender has
    them now."""
    query = (
        select(Message.id)
        .join(ReminderRow, col(ReminderRow.message_id) == Message.id)
        .where(col(ReminderRow.deadline_id).in_(list(deadline_ids)), *_unsent())
        .distinct()
    )
    return [found for found in session.exec(query) if found is not None]


def unsent_digests_to(session: Session, person_ids: Iterable[int], *, drafts: bool = False) -> list[int]:
    """The same for digests to one of these people; with those that wait for approval too, when asked."""
    unsent = _unsent(DRAFT if drafts else QUEUED)
    query = select(Message.id).where(col(Message.person_id).in_(list(person_ids)), *unsent)
    return [found for found in session.exec(query) if found is not None]


def _unsent(also: str = QUEUED) -> tuple[Where, ...]:
    is_open = col(Message.state).in_((QUEUED, SENDING, HELD, also))
    return is_open, col(Message.kind) == DIGEST, col(Message.uncertain).is_(False)


def drafts(session: Session) -> list[WaitingMail]:
    """All that waits for approval; outdated is one about a deadline that was changed or settled since it was made."""
    changed = func.max(case((col(DeadlineRow.changed_at) > col(Message.created_at), 1), else_=0))
    query = (
        columns(Message.person_id, Message.next_try_at, Message.on, Message.id, changed)
        .join(ReminderRow, col(ReminderRow.message_id) == Message.id, isouter=True)
        .join(DeadlineRow, col(ReminderRow.deadline_id) == DeadlineRow.id, isouter=True)
        .where(Message.state == DRAFT, col(Message.next_try_at).is_not(None))
        .group_by(col(Message.id))
        .order_by(col(Message.id))
    )
    rows = session.exec(query).all()
    if not rows:
        return []
    ids = [row[3] for row in rows]
    about, lines = covenants_of(session, ids), _told_by(session, ids)
    return [
        WaitingMail(person, goes_at, frozenset(about[key]), on, key, frozenset(lines[key]), bool(is_old))
        for person, goes_at, on, key, is_old in rows
    ]


def told_in(session: Session, message_ids: Sequence[int]) -> set[Told]:
    """The lines that some messages tell."""
    return set().union(*_told_by(session, message_ids).values()) if message_ids else set()


def _told_by(session: Session, message_ids: Sequence[int]) -> dict[int, set[Told]]:
    """The lines by message."""
    query = columns(
        ReminderRow.message_id,
        ReminderRow.deadline_id,
        ReminderRow.party,
        ReminderRow.rung,
        ReminderRow.counted_from,
    ).where(col(ReminderRow.message_id).in_(message_ids))
    lines: dict[int, set[Told]] = defaultdict(set)
    for message, *told in session.exec(query):
        lines[message].add(Told(*told))
    return lines


def let_go(session: Session, ids: Sequence[int], now: datetime) -> list[int]:
    """Drafts may go from now on; returns those that still were drafts."""
    command = (
        update(Message).where(col(Message.id).in_(ids), col(Message.state) == DRAFT, col(Message.next_try_at) > now)
    ).values(next_try_at=now)
    gone = session.connection().execute(command.returning(col(Message.id))).scalars()
    return sorted(one for one in gone if one is not None)


def withdraw(session: Session, ids: Sequence[int], now: datetime) -> None:
    """Takes digests back before anybody got them: their lines were not told, and the next tick plans anew.

    A replaced message gives its key and Message-ID free; no server took either. The rows are locked first: what a
    sender has at this moment is marked, and taken back when it turns out that it did not go (`withdraw_outdated`). What
    a person holds is marked too, and made anew when they let it go.
    """
    open_ones = col(Message.state).in_((QUEUED, DRAFT, SENDING, HELD))
    still_open = select(Message).where(col(Message.id).in_(ids), open_ones, col(Message.uncertain).is_(False))
    rows = session.exec(still_open.order_by(col(Message.id)).with_for_update()).all() if ids else ()
    for row in rows:
        if row.state in (SENDING, HELD):
            row.is_outdated = True
            session.add(row)
    replace(session, [row for row in rows if row.state in (QUEUED, DRAFT)], now)


def withdraw_outdated(session: Session, ids: Sequence[int], now: datetime) -> None:
    """Takes back what somebody wanted to withdraw while a sender had it, as far as no server can have taken it."""
    query = select(Message.id).where(col(Message.id).in_(ids), Message.state == QUEUED, col(Message.is_outdated))
    withdraw(session, [found for found in session.exec(query) if found is not None], now)


def replace(session: Session, rows: Sequence[Message], now: datetime) -> None:
    """Ends these locked messages, which nobody got, so that the next tick plans what they told anew."""
    ids = [row.id for row in rows if row.id is not None]
    if not ids:
        return
    session.flush()
    _wake_told(session, ids, now)
    its_lines = col(ReminderRow.message_id).in_(ids), col(ReminderRow.failed_in) == 0
    session.connection().execute(delete(ReminderRow).where(*its_lines))
    for message in rows:
        message.state = REPLACED
        message.key, message.message_id = f"{message.key}~{message.id}", f"{message.message_id}~{message.id}"
        message.body, message.next_try_at = b"", None
        session.add(message)
    session.flush()


def free_lines(session: Session, message_id: int, now: datetime) -> None:
    """What a mail told that did not arrive was not told. The lines stay as proof that it was tried, and the next tick
    plans them anew: for the next mail day, since this one had its mail."""
    _wake_told(session, [message_id], now)
    session.connection().execute(
        update(ReminderRow).where(col(ReminderRow.message_id) == message_id).values(failed_in=message_id)
    )


def _wake_told(session: Session, message_ids: Sequence[int], now: datetime) -> None:
    wake(session, {told.deadline for told in told_in(session, message_ids)}, now)


def claim(session: Session, now: datetime, lease_until: datetime, owner: str, limit: int, where: Where) -> list[Parcel]:
    """Up to `limit` messages that meet a condition, for this sender alone until its lease ends (rule C4).

    What was refused before waits at the end: it is claimed when nothing else is due. What a person must look at after
    an unknown outcome is claimed one at a time. The first of them counts as in hand from now on.
    """
    ids = _due_ids(session, limit, where, is_refused=False) or _due_ids(session, limit, where, is_refused=True)
    if not ids:
        return []
    session.connection().execute(
        update(Message)
        .where(col(Message.id).in_(ids))
        .values(
            state=SENDING,
            lease_until=lease_until,
            lease_owner=owner,
            attempts=col(Message.attempts) + 1,
            first_tried_at=case((_is_first_try(now), now), else_=col(Message.first_tried_at)),
            in_hand=col(Message.id) == ids[0],
        )
    )
    rows = session.exec(
        columns(
            Message.id,
            Message.key,
            Message.kind,
            Message.to,
            Message.envelope_from,
            Message.body,
            Message.attempts,
            Message.message_id,
            func.coalesce(Message.first_tried_at, now, type_=Moment),
            Message.uncertain,
            Message.tries_in_doubt,
            Message.refused_at,
            Message.person_id,
        )
        .where(col(Message.id).in_(ids))
        .order_by(col(Message.next_try_at), col(Message.id))
    )
    return [Parcel(*row) for row in rows]


def _due_ids(session: Session, limit: int, where: Where, *, is_refused: bool) -> list[int]:
    """Reminders together, as far as they come first; anything else alone."""
    refused = col(Message.refused_at).is_not(None) if is_refused else col(Message.refused_at).is_(None)
    waiting = (
        select(Message.id, Message.kind)
        .where(Message.state == QUEUED, refused, where)
        .order_by(col(Message.next_try_at), col(Message.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    due = session.exec(waiting).all()
    reminders = list(takewhile(lambda one: one[1] == DIGEST, due))
    return [found for found, _kind in reminders or due[:1] if found is not None]


def _is_first_try(now: datetime) -> Where:
    """A first try in the future would never be given up."""
    return or_(col(Message.attempts) == 0, col(Message.first_tried_at) > now + NOT_YET)


def leaves_now(now: datetime, last: datetime, *, hours: bool, paused: bool, today: date, midnight: datetime) -> Where:
    """For `claim` and `oldest_due`: what is due and may leave, on the day that began at `midnight`. The night holds
    reminders, a pause nearly everything, and nobody gets two reminders in one day.

    No next try lies after `last` (for reminders), or further than the longest wait: what does was written by a clock
    that stood wrong, and is due.
    """
    next_try, is_reminder = col(Message.next_try_at), col(Message.kind).in_(KEEPS_HOURS)
    is_due = or_(next_try <= now, next_try > last + NOT_YET, (next_try > now + LONGEST_WAIT + NOT_YET) & ~is_reminder)
    if paused:
        return is_due & col(Message.kind).in_(NEVER_PAUSED)
    return is_due & (~is_reminder | (_only_one(today, midnight) if hours else false()))


def _only_one(today: date, midnight: datetime) -> Where:
    """Today's own digest waits when one of an earlier day, tried again, goes or went today, or may have come today. One
    of an earlier day also waits for today's own, and for an older one, unless it may have come today itself: then it is
    tried again at once."""
    other = _another_message()
    mine = other.person_id == col(Message.person_id), other.kind == DIGEST, other.id != Message.id
    is_older = col(Message.on) < today
    is_before = is_older & ((col(other.on) == today) | (col(other.id) < col(Message.id)))
    came = _is_on_the_day_of(midnight, Message.doubted_at)
    may_have_come = _is_on_the_day_of(midnight, other.doubted_at) & (is_older | (col(other.on) < today))
    goes = or_(
        col(other.state) == SENDING,
        (col(other.state) == QUEUED) & is_before & func.coalesce(~came, true()),
        may_have_come,
    )
    waits = select(other.id).where(*mine, col(other.state).in_((QUEUED, SENDING, HELD)), goes).exists()
    went = select(other.person_id).where(
        _is_on_the_day_of(midnight, other.sent_at), other.kind == DIGEST, col(other.person_id).is_not(None)
    )
    had = col(Message.person_id).in_(went.where(other.on < today)) | (is_older & col(Message.person_id).in_(went))
    return col(Message.person_id).is_(None) | ~(waits | had)


def _is_on_the_day_of(midnight: datetime, moment: datetime | None) -> Where:
    """Whether something happened on the day that began then. What happened later is of a clock that stood wrong."""
    return col(moment).between(midnight, midnight + LONGEST_DAY)


@cache
def _another_message() -> type[Message]:
    """Made once: an alias costs more than the statement it stands in."""
    return aliased(Message)


def renew_lease(session: Session, ids: Sequence[int], owner: str, lease_until: datetime) -> set[int]:
    """Keeps claimed messages a while longer; returns those that are still this sender's."""
    result = session.connection().execute(
        update(Message)
        .where(col(Message.id).in_(ids), col(Message.state) == SENDING, col(Message.lease_owner) == owner)
        .values(lease_until=lease_until)
        .returning(col(Message.id))
    )
    return {found for found in result.scalars() if found is not None}


def take_in_hand(session: Session | Connection, message_id: int, owner: str) -> None:
    """Notes that a claimed message is about to be offered: if this sender dies, nobody knows whether it arrived."""
    connection = session.connection() if isinstance(session, Session) else session
    connection.execute(_taking(), {"its_id": message_id, "its_owner": owner})


@cache
def _taking() -> Any:
    table: Any = Message.__table__  # type: ignore[attr-defined]
    return update(table).where(*_mine(table)).values(in_hand=True)


def record(session: Session | Connection, message_id: int, owner: str, **values: Any) -> bool:
    """Writes down how a try ended, unless this sender lost its lease meanwhile."""
    given = {f"new_{name}": value for name, value in values.items()} | {"its_id": message_id, "its_owner": owner}
    connection = session.connection() if isinstance(session, Session) else session
    return connection.execute(_recording(tuple(values)), given).first() is not None


@cache
def _recording(names: tuple[str, ...]) -> Any:
    """The statement of `record`: putting it together takes longer than running it."""
    table: Any = Message.__table__  # type: ignore[attr-defined]
    new = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names}
    freed = {"lease_until": None, "lease_owner": "", "in_hand": False}
    return update(table).where(*_mine(table)).values(**freed, **new).returning(table.c.id)


def _mine(table: Any) -> tuple[Any, ...]:
    return table.c.id == bindparam("its_id"), table.c.state == SENDING, table.c.lease_owner == bindparam("its_owner")


def has_lost_leases(session: Session, now: datetime) -> bool:
    """Whether a sender died in the middle of something."""
    return session.exec(select(Message.id).where(*_lost(now)).limit(1)).first() is not None


def take_over_lost(session: Session, now: datetime) -> list[int]:
    """Messages of a sender that died. Returns their ids.

    What it had not offered yet waits as before. Of what it had in hand nobody knows whether it arrived (rule C3): a
    reminder goes again, with the same Message-ID, but not for ever; a link to sign in is asked for again; anything else
    waits for a person.
    """
    kind, in_hand = col(Message.kind), col(Message.in_hand)
    again = {"state": QUEUED, "next_try_at": now, "last_answer": "uitkomst onbekend, opnieuw verstuurd"}
    held = {"state": HELD, "next_try_at": None, "last_answer": "uitkomst onbekend", "uncertain": True}
    was_doubtful = col(Message.uncertain).is_(True)
    tries = case((was_doubtful, col(Message.tries_in_doubt) + 1), else_=0)
    is_enough = was_doubtful & (col(Message.tries_in_doubt) + 1 >= TRIES_IN_DOUBT)
    doubted = {"doubted_at": col(Message.lease_until)}  # a few minutes after the try itself
    in_doubt = again | doubted | {"uncertain": True, "tries_in_doubt": tries}
    lost: list[int] = []
    for is_one, values in (
        (~in_hand, {"state": QUEUED, "next_try_at": now, "attempts": col(Message.attempts) - 1}),
        ((kind == DIGEST) & is_enough, held | doubted),
        (kind == DIGEST, in_doubt),
        (kind == ALARM, again),
        (kind == SIGN_IN, held | {"state": FAILED, "body": b""}),
        (true(), held),
    ):
        command = update(Message).where(*_lost(now), is_one)
        command = command.values(lease_until=None, lease_owner="", in_hand=False, **values)
        result = session.connection().execute(command.returning(col(Message.id))).scalars()
        lost.extend(one for one in result if one is not None)
    withdraw_outdated(session, lost, now)
    return lost


def hold_old_doubts(session: Session, first_tried_before: datetime, *, count_only: bool = False) -> int:
    """Reminders of unknown outcome that waited too long for another try wait for a person; says how many."""
    old = (
        col(Message.state) == QUEUED,
        col(Message.uncertain),
        col(Message.kind) == DIGEST,
        col(Message.first_tried_at) < first_tried_before,
    )
    if count_only:
        return session.exec(select(func.count()).select_from(Message).where(*old)).one()
    command = update(Message).where(*old).values(state=HELD, next_try_at=None)
    return len(session.connection().execute(command.returning(col(Message.id))).all())


def _lost(now: datetime) -> tuple[Where, Where]:
    """A lease that ended, or that is longer than any: it was given by a clock that stood wrong."""
    until = col(Message.lease_until)
    return col(Message.state) == SENDING, or_(until < now, until > now + LONGEST_WAIT + NOT_YET)


def messages(session: Session, *where: Where, limit: int | None = None) -> Sequence[Message]:
    """Messages, newest first."""
    return session.exec(select(Message).where(*where).order_by(col(Message.id).desc()).limit(limit)).all()


def with_message_id(session: Session, message_id: str) -> Message | None:
    """The message that went under this Message-ID, locked."""
    return session.exec(select(Message).where(col(Message.message_id) == message_id).with_for_update()).first()


def waiting_for(person_id: int) -> Where:
    """For `messages`: what is still to go to somebody."""
    return (col(Message.person_id) == person_id) & col(Message.state).in_([QUEUED, DRAFT, HELD])


def surely_waiting_for(person_id: int) -> Where:
    """The same, without what may have arrived."""
    return waiting_for(person_id) & col(Message.uncertain).is_(False)


def newest(session: Session) -> int:
    """The number of the message that was made last: another one once mail was planned."""
    return session.exec(select(func.max(Message.id))).one() or 0


def in_state(*states: str) -> Where:
    """For `messages`: those in one of these states."""
    return col(Message.state).in_(states)


def oldest_due(session: Session, where: Where) -> datetime | None:
    """When the oldest message that meets a condition was due."""
    return session.exec(select(func.min(Message.next_try_at)).where(Message.state == QUEUED, where)).one()


def oldest_queued(session: Session) -> datetime | None:
    """When the message that waits longest was made; alarms do not count."""
    query = select(func.min(Message.created_at)).where(Message.state == QUEUED, Message.kind != ALARM)
    return session.exec(query).one()


def count_queued(session: Session) -> int:
    """How many messages wait for their turn; it does not look at the others."""
    return session.exec(select(func.count()).select_from(Message).where(Message.state == QUEUED)).one()


def went_wrong() -> Where:
    """What failed, hangs in uncertainty, or is refused and waits for another try."""
    hangs = (col(Message.state) == HELD) & col(Message.uncertain)
    is_refused = (col(Message.state) == QUEUED) & col(Message.refused_at).is_not(None)
    return or_(col(Message.state) == FAILED, hangs, is_refused)


def unreported(session: Session, limit: int = 500) -> Sequence[Message]:
    """What went wrong and was not told to anybody yet; who asked for a link to sign in knows. While sending stands
    still, a refusal need not be about the mail that got it."""
    wrong = went_wrong() if pause(session) is None else went_wrong() & (col(Message.state) != QUEUED)
    untold = col(Message.reported_at).is_(None) & col(Message.kind).not_in((ALARM, SIGN_IN))
    query = select(Message).options(defer(Message.body)).where(wrong, untold)  # type: ignore[arg-type]
    return session.exec(query.order_by(col(Message.id)).limit(limit)).all()


def failed_since(session: Session, moment: datetime) -> Sequence[Message]:
    """What went wrong, of the messages made since a moment."""
    query = select(Message).options(defer(Message.body)).where(went_wrong())  # type: ignore[arg-type]
    return session.exec(query.where(Message.created_at >= moment).order_by(col(Message.id))).all()


def mark_reported(session: Session, ids: Sequence[int], now: datetime) -> None:
    """Somebody was told."""
    session.connection().execute(update(Message).where(col(Message.id).in_(ids)).values(reported_at=now))


def refused_since(session: Session, sort: str, since: datetime | None) -> Sequence[Message]:
    """What got its first refusal after a moment, with an answer of this sort; locked. Not links to sign in."""
    query = select(Message).where(Message.refused_as == sort, col(Message.kind).not_in(NEVER_PAUSED))
    query = query.where(col(Message.refused_at).is_not(None) if since is None else col(Message.refused_at) > since)
    return session.exec(query.order_by(col(Message.id)).with_for_update()).all()


def last_heard(session: Session) -> datetime | None:
    """When somebody last got a mail, or said that sending can go on. An alarm may have gone into a folder."""
    query = select(Message.sent_at).where(col(Message.sent_at).is_not(None), Message.kind != ALARM)
    sent = session.exec(query.order_by(col(Message.sent_at).desc()).limit(1)).first()
    known = [one for one in (sent, beats(session).get(RESUMED)) if one is not None]
    return max(known, default=None)


def left_since(session: Session, since: datetime) -> Sequence[Message]:
    """What a server took after a moment, also what came back since."""
    query = select(Message).options(defer(Message.body)).where(col(Message.sent_at) >= since, Message.kind != ALARM)  # type: ignore[arg-type]
    return session.exec(query.order_by(col(Message.id))).all()


def covenants_of(session: Session, message_ids: Sequence[int]) -> dict[int, set[int]]:
    """The covenants that each message is about."""
    by_message: dict[int, set[int]] = defaultdict(set)
    query = columns(MessageCovenant.message_id, MessageCovenant.covenant_id)
    for message, covenant in session.exec(query.where(col(MessageCovenant.message_id).in_(message_ids))):
        by_message[message].add(covenant)
    return by_message


class Tally(NamedTuple):
    """How many mails left in a stretch of time, how many did not, and how many wait now."""

    sent: int
    failed: int
    waiting: int


def tally(session: Session, first: datetime, end: datetime) -> Tally:
    """The tally from one moment to another (not counted). Mails to the operator do not count."""
    for_people = col(Message.kind).not_in((ALARM, DAILY))
    sent = select(func.count()).where(col(Message.sent_at) >= first, col(Message.sent_at) < end, for_people)
    wrong = select(func.count()).where(
        Message.state == FAILED, Message.created_at >= first, Message.created_at < end, for_people
    )
    return Tally(session.exec(sent).one(), session.exec(wrong).one(), count_queued(session))


def old_bodies(session: Session, before: datetime, limit: int) -> list[int]:
    """Messages made before a moment that are over, and still hold their words."""
    query = (
        select(Message.id)
        .where(col(Message.state).in_((SENT, FAILED, DISCARDED)), Message.created_at < before, Message.body != b"")
        .limit(limit)
    )
    return [found for found in session.exec(query) if found is not None]


def unblanked(session: Session, limit: int) -> list[int]:
    """Messages that are over, and still as they were sent: an older version kept their links."""
    over = col(Message.state).in_((SENT, FAILED, DISCARDED))
    query = select(Message.id).where(over, Message.body != b"", Message.body_sha256 == "").limit(limit)
    return [found for found in session.exec(query) if found is not None]


def lock_over(session: Session, ids: Sequence[int]) -> Sequence[Message]:
    """These of them that still are, locked."""
    over = col(Message.state).in_((SENT, FAILED, DISCARDED))
    query = select(Message).where(col(Message.id).in_(ids), over).order_by(col(Message.id))
    return session.exec(query.with_for_update()).all()


def empty_sign_ins(session: Session, made_before: datetime, key: str = "") -> None:
    """Takes the words out of mails to sign in that are of no use any more: made before a moment, or the one of a key.
    What still waits is not sent after all."""
    over = col(Message.state).in_((SENT, FAILED, DISCARDED, HELD, QUEUED)) & (col(Message.body) != b"")
    is_old = col(Message.key) == key if key else col(Message.created_at) < made_before
    ends = {"state": FAILED, "next_try_at": None, "last_answer": "te laat om nog te versturen", "body": b""}
    waits = col(Message.state).in_((HELD, QUEUED))
    for where, values in ((waits, ends), (~waits, {"body": b""})):
        command = update(Message).where(Message.kind == SIGN_IN, over, is_old, where)  # type: ignore[arg-type]
        session.connection().execute(command.values(values))


def empty_bodies(session: Session, ids: Sequence[int]) -> None:
    """Takes the words out; that they were sent, when and to whom stays."""
    over = col(Message.state).in_((SENT, FAILED, DISCARDED))
    session.connection().execute(update(Message).where(col(Message.id).in_(ids), over).values(body=b""))


def lines_per_day(session: Session, now: datetime, without: Sequence[str], newest: int = 20_000) -> dict[date, int]:
    """How many lines were told on each day, but for some rungs, of the newest ones.

    It reads as much of a long ledger as of a short one.
    """
    top = session.exec(select(func.max(ReminderRow.id))).one() or 0
    counted = (
        col(ReminderRow.rung).not_in(without),
        col(ReminderRow.failed_in) == 0,
        col(ReminderRow.created_at) <= now + NOT_YET,
        col(ReminderRow.id) > top - newest,
    )
    return dict(session.exec(columns(ReminderRow.on, func.count()).where(*counted).group_by(ReminderRow.on)).all())


def last_sent(session: Session) -> datetime | None:
    """When the last mail left."""
    return session.exec(select(func.max(Message.sent_at))).one()


def pause(session: Session, which: int = SENDING_PAUSE) -> OutboxPause | None:
    """Why sending (or planning) stands still, if it does."""
    return session.get(OutboxPause, which)


def pauses(session: Session) -> Sequence[OutboxPause]:
    """All that stands still."""
    return session.exec(select(OutboxPause).order_by(col(OutboxPause.id))).all()


def set_pause(session: Session, now: datetime, reason: str, which: int = SENDING_PAUSE) -> bool:
    """Stops all sending (or planning) until somebody resumes it; says whether it still went on."""
    row = OutboxPause(id=which, at=now, reason=reason)
    try:
        with session.begin_nested():  # two senders may hear the same refusal at once
            if pause(session, which) is None:
                session.add(row)
                return True
    except IntegrityError:
        pass
    return False


def is_sending_paused(session: Session) -> bool:
    """Whether nearly nothing may leave."""
    return any(one.id in (SENDING_PAUSE, CLOCK_PAUSE) for one in pauses(session))


def resume(session: Session, which: Sequence[int] = ALL_PAUSES) -> tuple[int, ...]:
    """Lets all go on, or some of it; says what stood still."""
    pauses_there = [one for one in pauses(session) if one.id in which]
    for halt in pauses_there:
        session.delete(halt)
    return tuple(one.id for one in pauses_there)


def beat(session: Session, name: str, now: datetime) -> None:
    """Notes that a job came round."""
    row = session.get(Beat, name)
    if row is None:
        session.add(Beat(name=name, at=now))
    else:
        row.at = now
        session.add(row)


def beats(session: Session) -> dict[str, datetime]:
    """When each job last came round."""
    return {row.name: row.at for row in session.exec(select(Beat))}


def newest_moments(session: Session) -> list[datetime]:
    """The moments of what was written down last: a mail, a sending, a decision. What goes while the clock is not
    believed (alarms, signing in) does not count."""
    made = col(Message.kind).not_in((*NEVER_PAUSED, DAILY))
    queries = (
        columns(Message.created_at).where(made).order_by(col(Message.id).desc()),
        columns(Message.sent_at).where(made, col(Message.sent_at).is_not(None)).order_by(col(Message.sent_at).desc()),
        columns(Fact.at).where(Fact.about != "aanmelden").order_by(col(Fact.id).desc()),
    )
    moments = [session.exec(query.limit(1)).first() for query in queries]
    return [row[0] for row in moments if row is not None]
