"""What keeping the year does to one deadline: brought in line with what is asked, taken away, brought back.

It takes back what it took away itself, a whole deadline or one lead of it; what people dropped or settled stays as they
left it. The logbook has a line for each time.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from typing import Any

from cycle.actions.office.covenant_view import CovenantView
from cycle.actions.office.logbook import note
from cycle.domain.model import Asked, Draft, News, State
from cycle.domain.status import state_of_whole, state_words
from cycle.store import deadlines
from cycle.store.database import Session
from cycle.store.deadlines import FORMER, LEAD, PARTICIPANT
from cycle.store.ids import id_of
from cycle.store.tables import DeadlineParty, DeadlineRow

BY = "klok"
"""What the logbook calls the clock, which keeps the year."""

NO_LONGER, AGAIN = "niet meer gevraagd", "weer gevraagd"
NO_LEAD, LEADS_AGAIN = "geen trekker meer", "weer trekker"


class Did(Enum):
    """What became of one deadline."""

    NOTHING = auto()
    CHANGED = auto()
    TAKEN = auto()
    BACK = auto()


@dataclass(slots=True)
class Keeper:
    """Keeps the deadlines of one covenant, in the transaction of the caller.

    `parts` and `returning` are as `deadlines.parts` and `deadlines.returning_leads` found them. `touched` are the ids
    of what readers see otherwise afterwards.
    """

    session: Session
    view: CovenantView
    now: datetime
    party_ids: Mapping[str, int]
    parts: Mapping[int, Sequence[deadlines.Part]]
    returning: Mapping[int, Collection[str]]
    touched: list[int] = field(default_factory=list)

    def follow(self, row: DeadlineRow, draft: Draft) -> Did:
        """Brings a row in line with its draft."""
        parts, returning = self.parts.get(id_of(row), ()), self.returning.get(id_of(row), ())
        if not is_outdated(row, draft, parts, returning):
            return Did.NOTHING
        was, was_taken = row.state, row.asked == Asked.TAKEN
        row.state, row.asked = deadlines.own_state(row), Asked.YES
        deadlines.follow_parts(self.session, row)
        is_open = row.state == State.OPEN
        if row.state == was and not is_outdated(row, draft, parts, returning):
            return Did.NOTHING  # asked again, and it stays as people left it
        if is_open:
            self._follow_day(row, draft)
            for name, value in asked_by(draft, is_moved=row.moved_from is not None).items():
                setattr(row, name, value)
        self._set_leads(row, wanted(draft) if is_open else _with_returning(parts, draft, returning))
        deadlines.follow_parts(self.session, row)
        self._note_state(row, was, was_taken=was_taken)
        self._touch(row)
        return Did.BACK if row.state == State.OPEN != was else Did.CHANGED

    def let_go(self, row: DeadlineRow) -> Did:
        """Nothing asks for it any more: an open one is taken away, not deleted; what people settled stays so."""
        if row.state != State.OPEN:
            row.asked = Asked.KEPT
            self.session.add(row)
            return Did.NOTHING
        row.asked = Asked.TAKEN
        deadlines.follow_parts(self.session, row)
        deadlines.drop_meeting(self.session, row, self.view.local_day(self.now))
        self._note(row, NO_LONGER, "geen stap of afspraak vraagt er nog om")
        self._touch(row)
        return Did.TAKEN

    def _follow_day(self, row: DeadlineRow, draft: Draft) -> None:
        """Another day than it had counts from today; what nobody could count on until now is new as a whole."""
        if row.moved_from is not None or _when(row) == _when(draft):
            return
        was_sure = row.due is not None and not (row.doubtful or row.invented)
        is_moved = was_sure and draft.due is not None and not (draft.doubtful or draft.invented)
        today = self.view.local_day(self.now)
        deadlines.learn(self.session, row, today, News.MOVED if is_moved else News.NEW)

    def _set_leads(self, row: DeadlineRow, wished: Sequence[tuple[str, str]]) -> None:
        """Leads and participants as they are wished; a lead that stays or comes back has the state that it had."""
        rows = deadlines.all_parties(self.session, id_of(row))
        known = {(slug, part.part): part for part, slug in rows}
        back = []
        for position, (slug, part) in enumerate(wished):
            lead = known.pop((slug, part), None)
            if lead is None and part == LEAD and (lead := known.pop((slug, FORMER), None)):
                back.append(slug)
            is_new = part == LEAD and (lead is None or lead.part == FORMER)
            lead = lead or DeadlineParty(deadline_id=id_of(row), party_id=self.party_ids[slug], part=part)
            if is_new:
                deadlines.lead_since(self.session, row, lead, self.view.local_day(self.now))
            lead.part, lead.position, lead.taken_at = part, position, None
            self.session.add(lead)
        gone = [slug for (slug, part) in known if part == LEAD]
        for (_slug, part), lost in known.items():
            self._put_away(lost, part)
        self.session.flush()
        for verb, slugs in ((NO_LEAD, gone), (LEADS_AGAIN, back)):
            if slugs:
                self._note(row, verb, " ".join(slugs))

    def _put_away(self, lost: DeadlineParty, part: str) -> None:
        if part == PARTICIPANT:
            self.session.delete(lost)
        elif part == LEAD:
            lost.part, lost.taken_at = FORMER, self.now
            self.session.add(lost)

    def _note_state(self, row: DeadlineRow, was: str, *, was_taken: bool) -> None:
        """What became of the whole; what opens by itself counts from today."""
        if row.state == was:
            return
        if row.state == State.OPEN:
            deadlines.learn(self.session, row, self.view.local_day(self.now), News.BACK)
            again = (AGAIN, "een stap of afspraak vraagt er weer om") if was_taken else ("weer open", "")
            self._note(row, *again)
        else:
            deadlines.drop_meeting(self.session, row, self.view.local_day(self.now))
            words = state_words(State(row.state), row.due, self.view.local_day(self.now))
            self._note(row, words, "dat was het al voor wie trekker blijft")

    def _note(self, row: DeadlineRow, verb: str, detail: str) -> None:
        note(self.session, self.now, BY, verb, f"termijn {row.id}", detail, self.view.id)

    def _touch(self, row: DeadlineRow) -> None:
        row.changed_at, row.sequence = self.now, row.sequence + 1
        self.session.add(row)
        self.touched.append(id_of(row))


def is_outdated(row: Any, draft: Draft, parts: Iterable[deadlines.Part], returning: Collection[str]) -> bool:
    """Whether a deadline (the row itself, or its columns) is not what its draft asks.

    One that people settled stays as it is, but for leads that come back to it.
    """
    if row.asked != Asked.YES:
        return True
    if row.state != State.OPEN:
        return bool(set(returning) & set(draft.leads))
    asked, has = asked_by(draft, is_moved=row.moved_from is not None), list(parts)
    leads = [State(part.state) for part in has if part.part == LEAD]
    return (
        [(part.party, part.part) for part in has] != wanted(draft)
        or [getattr(row, name) for name in asked] != list(asked.values())
        or state_of_whole(leads, State.OPEN, Asked.YES) is not State.OPEN
    )


def asked_by(draft: Draft, *, is_moved: bool) -> dict[str, Any]:
    """What the draft says, as the row's columns, but for a date that a person moved."""
    asked: dict[str, Any] = {
        "title": draft.title,
        "todo": draft.todo,
        "number": draft.number,
        "theme": draft.theme,
        "phrase": draft.phrase,
        "source": draft.source,
        "via": draft.via,
        "agreements": list(draft.agreements),
        "joint": draft.joint,
    }
    return asked if is_moved else asked | day_asked_by(draft)


def day_asked_by(draft: Draft) -> dict[str, Any]:
    """What the draft says of the day, as the row's columns."""
    return {
        "kind": draft.kind,
        "invented": draft.invented,
        "doubtful": draft.doubtful,
        "window_start": draft.window_start,
        "due": draft.due,
    }


def _when(asked: DeadlineRow | Draft) -> tuple[Any, ...]:
    """What the rungs of a deadline count from, as the row has it or the draft asks it."""
    return asked.kind, asked.due, asked.window_start, asked.doubtful, asked.invented


def wanted(draft: Draft) -> list[tuple[str, str]]:
    """The parties that the draft names, in order, each with its part."""
    return [(slug, LEAD) for slug in draft.leads] + [(slug, PARTICIPANT) for slug in draft.participants]


def _with_returning(parts: Iterable[deadlines.Part], draft: Draft, returning: Collection[str]) -> list[tuple[str, str]]:
    """The parties of a settled deadline with the leads that come back to it."""
    has = [(part.party, part.part) for part in parts]
    back = [(slug, LEAD) for slug in draft.leads if slug in returning]
    return [one for one in has if one[1] == LEAD] + back + [one for one in has if one[1] != LEAD]
