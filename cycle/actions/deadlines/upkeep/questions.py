"""Which agreements nothing else asks about: for these, keeping the year makes a question without a day (law L5)."""

from collections.abc import Iterable, Sequence
from typing import Any

from cycle.actions.office.covenant_view import CovenantView
from cycle.domain.agreement import Agreement
from cycle.domain.model import Asked, Draft, Origin, State
from cycle.domain.progress_questions import Standing, question_drafts
from cycle.domain.year_steps import Step


def questions_of(
    view: CovenantView,
    steps: Sequence[Step],
    agreements: Iterable[Agreement],
    drafts: Iterable[Draft],
    rows: Iterable[Any],
    years: range,
) -> list[Draft]:
    """What only asks how an agreement stands, beside these drafts: where neither they nor the rows ask that."""
    drafted = {(draft.action, draft.slot, draft.occurrence): draft for draft in drafts}
    standing: list[Standing] = []
    for row in rows:
        draft = drafted.pop((row.action_id, row.slot, row.occurrence), None)
        if row.origin != Origin.STEP and (row.asked != Asked.TAKEN or draft is not None):
            state = State.OPEN if row.asked == Asked.TAKEN else State(row.state)
            standing += [_standing(key, row, state) for key in row.agreements if isinstance(key, int | str)]
    coming = [draft for draft in drafted.values() if draft.origin is not Origin.STEP]
    standing += [_standing(key, draft, State.OPEN) for draft in coming for key in draft.agreements]
    in_force = [year for year in years if year >= view.asked_from.year]
    return question_drafts(agreements, steps, standing, view.asked_from, in_force) if in_force else []


def _standing(key: int | str, asked: Any, state: State) -> Standing:
    return Standing(key, asked.slot, asked.occurrence, asked.due, asked.window_start, state, asked.doubtful)
