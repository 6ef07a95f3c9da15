"""What the secretariat has to settle: phrases that can be read in two ways, and actions that time or a new agenda left
open. Reading only; `deciding` settles them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cycle.actions.deadlines.upkeep.year_upkeep import year_parts
from cycle.actions.office.covenant_view import CovenantView
from cycle.actions.register.reading_in.import_report import why_settled
from cycle.domain.agreement import Agreement, AgreementReading
from cycle.domain.model import Reading
from cycle.domain.reading_rules import words_of_reading
from cycle.domain.rules import ONCE
from cycle.domain.year import Hooks
from cycle.domain.year_steps import Step
from cycle.store import deadlines, register
from cycle.store.database import Session
from cycle.store.deadlines import LEAD
from cycle.store.ids import id_of
from cycle.store.tables import AgreementRow, DeadlineRow, ReadingRow

BEFORE_LIVE = "was al verlopen toen cycle begon"
FORMER_AGENDA = "staat in een vorige uitvoeringsagenda"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A phrase that people read in two ways, with all readings; `mark` names it in whatever database it comes back."""

    id: int
    number: str
    topic: str
    phrase: str
    readings: tuple[Reading, ...]
    place: str
    mark: str
    leads: tuple[str, ...] = ()
    text: str = ""

    def as_json(self) -> dict[str, Any]:
        """In the shape of `cycle settle --json`."""
        return {
            "id": self.id,
            "number": self.number,
            "topic": self.topic,
            "phrase": self.phrase,
            "readings": [register.other_as_data(one) for one in self.readings],
            "reason": self.readings[0].reason,
            "leads": list(self.leads),
            "text": self.text,
            "source": self.place,
        }


@dataclass(frozen=True, slots=True)
class OpenAction:
    """An open deadline that nobody is reminded of until the secretariat decides; `why` says what made it so."""

    id: int
    number: str
    title: str
    phrase: str
    window_start: date | None
    due: date | None
    leads: tuple[str, ...]
    why: str
    place: str
    mark: str

    def as_json(self) -> dict[str, Any]:
        """In the shape of `cycle settle --json`."""
        return {
            "id": self.id,
            "number": self.number,
            "title": self.title,
            "phrase": self.phrase,
            "window_start": self.window_start.isoformat() if self.window_start else None,
            "due": self.due.isoformat() if self.due else None,
            "leads": list(self.leads),
            "why": self.why,
            "source": self.place,
        }


@dataclass(frozen=True, slots=True)
class Unsettled:
    """All that waits for a decision of the secretariat."""

    doubts: tuple[Doubt, ...]
    actions: tuple[OpenAction, ...]

    def as_json(self) -> dict[str, Any]:
        """The shape of `cycle settle --json`."""
        return {
            "readings": [one.as_json() for one in self.doubts],
            "deadlines": [one.as_json() for one in self.actions],
        }


def unsettled(session: Session, view: CovenantView) -> Unsettled:
    """What waits in one covenant. A phrase whose date something else decides is not asked about."""
    steps, agreements, planned, known = year_parts(session, view)
    hooks = Hooks(steps, planned, known)
    asked = {one.ref for agreement in agreements for one in _asked(agreement, steps, hooks)}
    rows = {row.id: row for row in register.agreement_rows(session, view.id)}
    newest = register.newest_agenda(list(rows.values()))
    doubted = [
        row
        for row in register.reading_rows(session, view.id)
        if f"{rows[row.agreement_id].number}:{row.ref}" in asked and not register.is_history(row, newest)
    ]
    tasks = {task.action: task for agreement in agreements for task in agreement.tasks}
    doubts = [_doubt(row, rows[row.agreement_id], tasks[row.action_id]) for row in doubted]
    former = {
        (one.action, of.slot)
        for agreement in agreements
        for one in agreement.tasks
        for of in one.readings
        if of.is_former
    }
    doubtful = {(row.action_id, row.slot) for row in doubted}
    return Unsettled(tuple(doubts), _open_actions(session, view, former, doubtful))


def asked_marks(session: Session, view: CovenantView) -> set[str]:
    """The lasting names of the phrases that are asked about now ("1.1.2:agenda"): what `unsettled` calls doubts."""
    steps, agreements, planned, known = year_parts(session, view)
    hooks = Hooks(steps, planned, known)
    return {one.ref for agreement in agreements for one in _asked(agreement, steps, hooks) if not one.is_former}


def readings_words(reading: Reading) -> str:
    """One reading in a few words: when, or why there is no date."""
    return words_of_reading(reading)


def _asked(agreement: Agreement, steps: Sequence[Step], hooks: Hooks) -> Iterable[AgreementReading]:
    """The doubtful readings of an agreement that a person must decide about; what hangs on a known day is settled."""
    for task in agreement.tasks:
        for reading in task.readings:
            if not reading.reading.doubtful or hooks.have_day_for(reading.reading):
                continue
            if not why_settled(reading, task, steps):
                yield reading


def _doubt(row: ReadingRow, agreement: AgreementRow, task: Agreement) -> Doubt:
    reading = register.reading_value(row)
    return Doubt(
        id_of(row),
        agreement.number,
        task.topic,
        row.phrase,
        (reading, *reading.others),
        row.source,
        mark=f"{agreement.number}:{row.ref}",
        leads=task.leads,
        text=task.text if row.from_agenda else task.framework or task.text,
    )


def _open_actions(
    session: Session, view: CovenantView, former: set[tuple[int, str]], doubts: set[tuple[int, str]]
) -> tuple[OpenAction, ...]:
    """Open deadlines from before go-live, or of an older agenda and not carried over."""
    rows = deadlines.rows_of(session, view.id, deadlines.are_open())
    leads: dict[int, list[str]] = defaultdict(list)
    for deadline, parts in deadlines.parts(session, deadlines.in_covenant(view.id)).items():
        leads[deadline] = [part.party for part in parts if part.part == LEAD]
    actions = []
    for row in rows:
        why = _why(row, view, former)
        if why and (row.action_id, row.slot) not in doubts:
            actions.append(_action(row, leads[id_of(row)], why))
    return tuple(actions)


def _why(row: DeadlineRow, view: CovenantView, former: set[tuple[int, str]]) -> str:
    is_former = (row.action_id, row.slot) in former and row.occurrence == ONCE
    if is_former and row.moved_from is None:
        return FORMER_AGENDA
    return BEFORE_LIVE if row.due is not None and row.due < view.policy.live_since else ""


def _action(row: DeadlineRow, leads: Sequence[str], why: str) -> OpenAction:
    return OpenAction(
        id_of(row),
        row.number,
        row.title,
        row.phrase,
        row.window_start,
        row.due,
        tuple(leads),
        why,
        row.source,
        row.uid,
    )
