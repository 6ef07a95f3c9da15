"""What one reading-in did to the register, asked of the facts, and what was built on it since."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlmodel import Session, col, or_, select

from cycle.domain.model import ActorKind
from cycle.store.columns import columns
from cycle.store.happened import PastChange, act_of, changes_of
from cycle.store.ids import id_of
from cycle.store.seats import keys_of, name_for
from cycle.store.tables import (
    ActionRow,
    ActionSource,
    ActionSuccession,
    Actor,
    AgreementRow,
    AgreementSuccession,
    AnswerRow,
    DeadlineParty,
    DeadlineRow,
    Fact,
    Indicator,
    MeetingDecision,
    MeetingRow,
    Membership,
    MembershipAgreement,
    Person,
    ReadingRow,
    ReminderRow,
    Signal,
    SnapshotLine,
)
from cycle.store.taking_back import is_as_left, row_of

READ_IN = "ingelezen"
"""What the logbook calls a reading-in; it is said last of all that the reading-in did."""


class MailedAbout(NamedTuple):
    """Somebody was mailed about a deadline."""

    deadline_id: int
    person: str
    on: date


def done_by(session: Session, read_in: PastChange) -> list[PastChange]:
    """All changes of one reading-in, the oldest first; not those of another at the same moment."""
    mine = [one for one in act_of(session, read_in) if one.seq <= read_in.seq]
    start = next((place for place in reversed(range(len(mine))) if _ends_before(mine, place)), -1)
    return mine[start + 1 :]


def _ends_before(mine: Sequence[PastChange], place: int) -> bool:
    """Whether what was said here ends an act that came before: nothing is said in an act before what it changed."""
    return mine[place].about is not None and place + 1 < len(mine) and mine[place + 1].about is None


def by_agreement(session: Session, changes: Iterable[PastChange]) -> dict[int, list[PastChange]]:
    """The changes of each agreement and of all that hangs on it."""
    mine: dict[int, list[PastChange]] = defaultdict(list)
    of_deadlines: dict[int, int] = {}
    for change in changes:
        agreement = _agreement_of(session, change, of_deadlines)
        if agreement:
            mine[agreement].append(change)
    return mine


def _agreement_of(session: Session, change: PastChange, of_deadlines: dict[int, int]) -> int:
    if change.subject == "agreement":
        return change.subject_id
    if change.subject == "part":
        if change.subject_id not in of_deadlines:
            row = session.get(DeadlineRow, change.subject_id)
            of_deadlines[change.subject_id] = (row.agreement_id or 0) if row is not None else 0
        return of_deadlines[change.subject_id]
    if change.subject not in _HANGING:
        return 0
    said = (change.new or change.old).get("agreement_id") or getattr(row_of(session, change), "agreement_id", 0) or 0
    if change.subject == "deadline":
        of_deadlines[change.subject_id] = said
    return int(said)


_HANGING = frozenset({"action", "reading", "deadline", "membership_agreement", "action_source"})


def theme_of_name(session: Session, change: PastChange) -> str:
    """The theme of which a change is about the name; a change of the name alone does not say it itself."""
    return str((change.new | change.old).get("theme") or getattr(row_of(session, change), "theme", ""))


def deadlines_of(session: Session, agreement_id: int) -> Sequence[DeadlineRow]:
    """All deadlines of an agreement, those too that nothing asks any more."""
    mine = select(DeadlineRow).where(DeadlineRow.agreement_id == agreement_id)
    return session.exec(mine.order_by(col(DeadlineRow.id))).all()


def readings_of(session: Session, action_ids: Collection[int]) -> Sequence[ReadingRow]:
    """All readings of some actions."""
    return session.exec(select(ReadingRow).where(col(ReadingRow.action_id).in_(list(action_ids)))).all()


def actions_of(session: Session, agreement_id: int) -> Sequence[ActionRow]:
    """All actions of an agreement."""
    return session.exec(select(ActionRow).where(ActionRow.agreement_id == agreement_id)).all()


def to_stay(session: Session, deadline_ids: Collection[int]) -> set[int]:
    """Of some deadlines those that something else tells of, so that they can only be called off."""
    ids = list(deadline_ids)
    reminded = columns(ReminderRow.deadline_id).where(col(ReminderRow.deadline_id).in_(ids))
    frozen = columns(SnapshotLine.deadline_id).where(col(SnapshotLine.deadline_id).in_(ids))
    answered = columns(AnswerRow.deadline_id).where(col(AnswerRow.deadline_id).in_(ids))
    return {key for query in (reminded, frozen, answered) for key in session.exec(query).scalars()}


def told_since(session: Session, deadline_ids: Collection[int], read_in: PastChange) -> list[MailedAbout]:
    """Who was mailed about some deadlines since a reading-in, each once, with the last day."""
    query = (
        columns(ReminderRow.deadline_id, Person.name, ReminderRow.on)
        .join(Person, col(Person.id) == ReminderRow.person_id)
        .where(col(ReminderRow.deadline_id).in_(list(deadline_ids)), ReminderRow.created_at >= read_in.at)
        .order_by(col(ReminderRow.id))
    )
    last = {(row.deadline_id, row.name): MailedAbout(*row) for row in session.exec(query)}
    return list(last.values())


def is_newest(session: Session, read_in: PastChange) -> bool:
    """Whether nobody did anything since a reading-in, so that nothing can be built on it."""
    mine = col(Fact.covenant_id) == read_in.covenant_id, col(Fact.seq) > read_in.seq, Actor.kind != ActorKind.CLOCK
    query = columns(Fact.id).join(Actor, col(Actor.id) == Fact.actor_id).where(*mine)
    return session.exec(query.limit(1)).first() is None


def built_since(
    session: Session, agreement_id: int, deadline_ids: Collection[int], read_in: PastChange
) -> PastChange | None:
    """The first thing that a person did since a reading-in, and that still stands, about an agreement or some of its
    deadlines: answered, settled, moved, decided, named somebody."""
    ids, mine = list(deadline_ids), AnswerRow.deadline_id
    things: dict[str, Sequence[int | None]] = {
        "part": ids,
        "deadline": ids,
        "answer": list(session.exec(select(AnswerRow.id).where(col(mine).in_(ids)))),
        "meeting": list(session.exec(select(MeetingRow.id).where(col(MeetingRow.deadline_id).in_(ids)))),
        "meeting_decision": _decisions(session, agreement_id, ids),
        "membership_agreement": _seats(session, agreement_id),
        "signal": list(session.exec(select(Signal.id).where(Signal.agreement_id == agreement_id))),
        "indicator": list(session.exec(select(Indicator.id).where(Indicator.agreement_id == agreement_id))),
    }
    numbers = {name: [key or 0 for key in keys] for name, keys in things.items()}
    later = changes_of(session, read_in.covenant_id, numbers)
    later = [one for one in later if one.seq > read_in.seq and one.kind != ActorKind.CLOCK]
    return next((one for one in later if _is_deed(one, agreement_id) and is_as_left(session, one)), None)


def _decisions(session: Session, agreement_id: int, deadline_ids: Sequence[int]) -> list[int | None]:
    about = (col(MeetingDecision.agreement_id) == agreement_id) | col(MeetingDecision.about_id).in_(deadline_ids)
    standing = col(MeetingDecision.undone_at).is_(None)
    return list(session.exec(select(MeetingDecision.id).where(about, standing)))


def _seats(session: Session, agreement_id: int) -> list[int]:
    mine = MembershipAgreement.agreement_id == agreement_id
    return list(session.exec(select(MembershipAgreement.membership_id).where(mine)))


def _is_deed(change: PastChange, agreement_id: int) -> bool:
    """Whether a person did this, and it does not only follow from what the register says."""
    if change.subject == "part":
        return bool(change.old and _SETTLED & change.new.keys())
    if change.subject == "deadline":
        return bool(change.old and change.new.get("moved_from"))
    if change.subject == "membership_agreement":
        return change.new.get("agreement_id") == agreement_id
    return bool(change.new)


_SETTLED = frozenset({"settled_at", "settled_by", "light", "note"})


def decided_since(session: Session, reading_ids: Collection[int], read_in: PastChange) -> list[PastChange]:
    """What people decided about readings since a reading-in, where nothing else changed them: it goes back too."""
    later = changes_of(session, read_in.covenant_id, {"reading": list(reading_ids)})
    later = [one for one in later if one.seq > read_in.seq]
    otherwise = {one.subject_id for one in later if not one.new.get("confirmed_by")}
    return [one for one in later if one.subject_id not in otherwise]


def days_since(session: Session, deadline_ids: Collection[int], read_in: PastChange) -> list[PastChange]:
    """What became of deadlines since a reading-in."""
    things = {"deadline": list(deadline_ids), "part": list(deadline_ids)}
    return [one for one in changes_of(session, read_in.covenant_id, things) if one.seq > read_in.seq]


def later_change(session: Session, change: PastChange, read_in: PastChange) -> PastChange | None:
    """What became of a thing after a reading-in left it as that change says."""
    later = changes_of(session, read_in.covenant_id, {change.subject: [change.subject_id]})
    return next((one for one in later if one.seq > read_in.seq), None)


def goes_on(session: Session, agreement_id: int, action_ids: Collection[int], *, is_going: bool) -> bool:
    """Whether another framework goes on from an agreement that `is_going`, or speaks of an action that is."""
    mine = col(AgreementSuccession.old_id) == agreement_id, col(AgreementSuccession.new_id) == agreement_id
    succeeded = select(AgreementSuccession.old_id).where(or_(*mine)).limit(1)
    spoken_of = select(ActionSuccession.action_id).where(col(ActionSuccession.action_id).in_(list(action_ids))).limit(1)
    if is_going and session.exec(succeeded).first() is not None:
        return True
    return session.exec(spoken_of).first() is not None


def bearer_of(session: Session, row: AgreementRow, number: str) -> AgreementRow | None:
    """The other agreement of the same term that bears a number."""
    mine = AgreementRow.term_id == row.term_id, AgreementRow.number == number, AgreementRow.id != row.id
    return session.exec(select(AgreementRow).where(*mine)).first()


def drop_deadlines(session: Session, rows: Iterable[DeadlineRow]) -> None:
    """Takes deadlines away of which nobody ever heard."""
    for row in rows:
        for part in session.exec(select(DeadlineParty).where(DeadlineParty.deadline_id == row.id)):
            session.delete(part)
        session.flush()
        session.delete(row)
    session.flush()


def let_actions_go(session: Session, action_ids: Collection[int]) -> None:
    """Nothing asks for these actions any more, but something tells of their deadlines: they stay without a reading."""
    for reading in readings_of(session, action_ids):
        session.delete(reading)
    for action_id in action_ids:
        session.get_one(ActionRow, action_id).is_asked = False
    session.flush()


def take_agreement_away(session: Session, agreement_id: int, called_off: Collection[int]) -> None:
    """Takes an agreement away with all that hangs on it. Of the actions that are called off the deadlines stay, for
    something tells of them; who was named for it is named for its number again."""
    row = session.get_one(AgreementRow, agreement_id)
    actions = actions_of(session, agreement_id)
    let_actions_go(session, [id_of(one) for one in actions])
    for seat in session.exec(select(MembershipAgreement).where(MembershipAgreement.agreement_id == agreement_id)).all():
        _await_again(session, seat.membership_id, row)
    for source in session.exec(select(ActionSource).where(ActionSource.agreement_id == agreement_id)).all():
        session.delete(source)
    for deadline in deadlines_of(session, agreement_id):
        deadline.agreement_id = None
    session.flush()
    for action in actions:
        if id_of(action) in called_off:
            action.agreement_id = None
        else:
            session.delete(action)
    session.flush()
    session.delete(row)
    session.flush()


def _await_again(session: Session, membership_id: int, row: AgreementRow) -> None:
    """Who was named for an agreement is named for its number again, as before the register held it."""
    seat = session.get_one(Membership, membership_id)
    name_for(seat, [row.number if key == row.id else key for key in keys_of(seat)])
    session.add(seat)


def known_before(old: Mapping[str, Any], row: DeadlineRow) -> tuple[date | None, str]:
    """Since when a deadline was known before a change, and what was new about it."""
    if "news" not in old and "known_since" not in old:
        return row.known_since, row.news
    since = old.get("known_since", row.known_since)
    return (date.fromisoformat(since) if isinstance(since, str) else since), str(old.get("news", row.news) or "")


def agreements_with(session: Session, agreement_ids: Collection[int]) -> dict[int, AgreementRow]:
    """Agreements by their id, of those that are there."""
    rows = session.exec(select(AgreementRow).where(col(AgreementRow.id).in_(list(agreement_ids)))).all()
    return {id_of(row): row for row in rows}
