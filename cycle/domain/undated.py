"""Agreements without a date: nobody counts down to anything, but each progress round asks how they stand.

Such an agreement has one deadline without a day, for as long as it holds. It stands in no plan of a year and in no
calendar; once somebody gives it a day it is an ordinary action.
"""

from collections.abc import Iterable, Sequence

from cycle.domain.agreement import Agreement
from cycle.domain.model import Draft, LadderKind, Origin
from cycle.domain.taking_in import steps_about
from cycle.domain.year import Hooks, Known
from cycle.domain.year_steps import Step

UNDATED = "undated"


def undated_drafts(agreements: Iterable[Agreement], steps: Sequence[Step], known: Known | None = None) -> list[Draft]:
    """One deadline without a day for each agreement that has a lead and no date, unless a step is made of it or it is
    marked as standing."""
    hooks = Hooks(steps, {}, known or {})
    return [
        _draft(one)
        for agreement in agreements
        for one in agreement.tasks
        if one.leads
        and not agreement.standing
        and not any(kept.reading.due or hooks.hold(kept.reading) for kept in one.readings)
        and not steps_about(one, steps)
    ]


def _draft(agreement: Agreement) -> Draft:
    first = agreement.readings[0] if agreement.readings else None
    return Draft(
        origin=Origin.AGREEMENT,
        action=agreement.action,
        slot=UNDATED,
        occurrence=UNDATED,
        title=agreement.title,
        kind=LadderKind.YEARLY,
        leads=agreement.leads,
        todo=agreement.text,
        number=agreement.number,
        theme=agreement.theme,
        window_start=first.reading.window_start if first else None,
        due=None,
        invented=True,
        via=agreement.via,
        source=first.source if first else "",
        agreements=(agreement.key,),
        phrase=first.phrase if first else "",
    )
