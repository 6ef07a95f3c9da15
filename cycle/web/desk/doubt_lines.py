"""What a document left in doubt, as the desk asks it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from cycle.actions.deadlines.deciding.closing import Settled
from cycle.actions.office.covenant_view import CovenantView
from cycle.actions.office.versions import version_of
from cycle.actions.settling.deciding import confirm_reading, set_reading
from cycle.actions.settling.to_decide import Doubt, readings_words
from cycle.domain.text import natural
from cycle.errors import Changed, CycleError
from cycle.store.tables import ReadingRow
from cycle.web.desk import lines
from cycle.web.desk.forms import DeskForm
from cycle.web.desk.visiting import DeskRequest

OTHERWISE, NO_DATE = "anders", "geen"


@dataclass(frozen=True, slots=True)
class DoubtLine:
    """A phrase with its readings as a page asks about it: each in words, with the reason. `same` are the others that
    ask the same and get the same answer."""

    id: int
    number: str
    topic: str
    phrase: str
    leads: str
    place: str
    readings: tuple[tuple[str, str], ...]
    version: str
    text: str = ""
    same: tuple["DoubtLine", ...] = ()


def settle_doubt(at: DeskRequest, reading_id: int, typed: DeskForm) -> Settled | None:
    """What was chosen for one phrase; a sentence by its field when it cannot be."""
    choice, field = typed[f"lezing-{reading_id}"], f"lezing-{reading_id}"
    more: dict[str, Any] = {"by": at.by, "covenant_id": at.covenant_id, "version": typed[f"versie-{reading_id}"]}
    try:
        if choice == NO_DATE:
            return set_reading(at.office, reading_id, NO_DATE, at.now, **more)
        if choice == OTHERWISE:
            field = f"anders-{reading_id}"
            when = typed.text(field, needed="Vul een dag in, of woorden als “mei 2027”.")
            return set_reading(at.office, reading_id, when, at.now, **more) if when else None
        return confirm_reading(at.office, reading_id, at.now, choice=lines.number_of(choice), **more)
    except Changed as changed:
        typed.wrong(field, " ".join([changed.what, *changed.lines]))
        typed.values[f"versie-{reading_id}"] = ""  # the page shows it anew
    except CycleError as error:
        typed.wrong(field, f"{error.what} {error.hint}")
    return None


def doubt_line(doubt: Doubt, row: ReadingRow, view: CovenantView, at: DeskRequest) -> DoubtLine:
    """A phrase as the page asks about it."""
    readings = tuple((readings_words(one), one.reason) for one in doubt.readings[:3])
    leads = ", ".join(view.party_names.get(slug, slug) for slug in doubt.leads)
    return DoubtLine(
        doubt.id,
        doubt.number,
        doubt.topic,
        doubt.phrase,
        leads,
        doubt.place,
        readings,
        version_of(at.now, row),
        doubt.text,
    )


def together_by_question(doubts: Sequence[DoubtLine]) -> list[DoubtLine]:
    """The same words with the same readings are asked once, in the order in which people count."""
    by_question: dict[tuple[Any, ...], list[DoubtLine]] = defaultdict(list)
    for line in sorted(doubts, key=lambda one: natural(one.number)):
        by_question[line.phrase, line.readings].append(line)
    return [replace(first, same=tuple(others)) for first, *others in by_question.values()]
