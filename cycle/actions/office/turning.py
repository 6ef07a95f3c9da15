"""A lead's part in a deadline settled and taken back: the facts tell what stood there before, so an undo is whole.

Whoever changes a part calls `deadlines.follow_parts` after it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from cycle.domain.model import State
from cycle.store import happened
from cycle.store.database import Session
from cycle.store.happened import PastChange
from cycle.store.tables import DeadlineParty, DeadlineRow
from cycle.store.taking_back import values_of

SETTLING = frozenset({"state", "settled_at", "settled_by"})


class Settling(NamedTuple):
    """A decision about a part, and how it stood before it."""

    before: dict[str, Any]
    change: PastChange


def settle_part(part: DeadlineParty, state: State, now: datetime, by: str, note_text: str = "") -> None:
    """Done or dropped."""
    part.state, part.settled_at, part.settled_by, part.note = state, now, by, note_text or part.note


def step_back(session: Session, part: DeadlineParty) -> None:
    """As it was before the last decision about it; open when that was before there were facts, and nothing kept it.

    A sentence that somebody gave since stays.
    """
    settlings = settlings_of(session, part)
    _take_back(part, settlings[-1] if settlings else None)


def open_part(session: Session, part: DeadlineParty, note_text: str = "") -> None:
    """Open, as it was when it was open before; `note_text` is why."""
    settlings = settlings_of(session, part)
    while part.state != State.OPEN:
        _take_back(part, settlings.pop() if settlings else None)
    part.note = note_text or part.note


def newest(parts: Sequence[DeadlineParty]) -> list[DeadlineParty]:
    """Those of some settled parts that were settled last, together."""
    at = {id(part): part.settled_at or datetime.min.replace(tzinfo=UTC) for part in parts}
    return [part for part in parts if at[id(part)] == max(at.values())]


def settlings_of(session: Session, part: DeadlineParty) -> list[Settling]:
    """The decisions that made a part what it is, each on top of the one before it; what was taken back is not among
    them. None where no fact tells."""
    row = session.get_one(DeadlineRow, part.deadline_id)
    settlings, held = list[Settling](), dict[str, Any]()
    for change in happened.changes_of(session, row.covenant_id, {"part": [part.deadline_id]}):
        if part.party_id in (change.old.get("party_id"), change.new.get("party_id")) and change.new.keys() & SETTLING:
            before = held | {name: change.old[name] for name in SETTLING if name in change.old}
            held = before | {name: change.new[name] for name in SETTLING if name in change.new}
            settlings = _with(settlings, Settling(before, change), held) if change.old else []
    at = part.settled_at.astimezone(UTC).isoformat() if part.settled_at else None
    return settlings if held == {"state": part.state, "settled_at": at, "settled_by": part.settled_by} else []


def _with(settlings: list[Settling], new: Settling, held: dict[str, Any]) -> list[Settling]:
    """With one more, unless it led back to what was before one of them."""
    back_to = [place for place, one in enumerate(settlings) if one.before == held]
    return settlings[: back_to[-1]] if back_to else [*settlings, new]


def _take_back(part: DeadlineParty, settling: Settling | None) -> None:
    if settling is None:
        _step_back_by_itself(part)
        return
    old, new = settling.change.old, settling.change.new
    was = settling.before | ({"note": old["note"]} if "note" in old and part.note == new.get("note") else {})
    for name, value in values_of(DeadlineParty, was).items():
        setattr(part, name, value)


def _step_back_by_itself(part: DeadlineParty) -> None:
    """By what older versions kept with the part, as far as they did."""
    was: dict[str, Any] = part.before or {"state": State.OPEN, "settled_at": None, "settled_by": "", "before": {}}
    if part.note == was.get("noted"):
        part.note = was["note"]
    part.state, part.settled_by, part.before = was["state"], was["settled_by"], was["before"]
    part.settled_at = datetime.fromisoformat(was["settled_at"]) if was["settled_at"] else None
