"""The question of a progress round where nothing else asks it (law L5 of the design).

Each agreement with a lead comes back in each round, whatever became of its dated actions. As long as one of its own
deadlines is asked about, that is the question; when none is, keeping the year makes one without a day. Answered with
"gereed" it is asked again from the next year on. It is never asked where the secretariat marked the agreement as
standing, where a step of the year is all that it asks, and where all that it asked was dropped.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from cycle.domain.agreement import Agreement
from cycle.domain.model import AgreementKey, Draft, LadderKind, Origin, State
from cycle.domain.rules import ONCE
from cycle.domain.taking_in import steps_about
from cycle.domain.undated import UNDATED
from cycle.domain.year_steps import Step

QUESTION = "vraag"
"""What the first question about an agreement is called; a later one by the year from which it is asked."""


class Standing(NamedTuple):
    """A deadline as it stands, or as it is about to be made; `is_question` for what was made here."""

    agreement: AgreementKey
    slot: str
    occurrence: str
    due: date | None
    window_start: date | None
    state: State
    doubtful: bool

    @property
    def is_question(self) -> bool:
        """Whether it only asks how an agreement stands."""
        return is_question(self.slot, self.occurrence)


def is_question(slot: str, occurrence: str) -> bool:
    """Whether a deadline of this name only asks how its agreement stands."""
    return slot == UNDATED and occurrence != UNDATED


def year_asked(due: date | None, occurrence: str) -> int | None:
    """In the rounds of which year a deadline is asked about; None for those of every year, as long as it is open."""
    return None if due is None or occurrence == ONCE else due.year


def question_drafts(
    agreements: Iterable[Agreement],
    steps: Sequence[Step],
    standing: Iterable[Standing],
    live_since: date,
    years: Collection[int],
) -> list[Draft]:
    """One question for each agreement that nothing else asks about in one of these years, the first of which is now."""
    by_agreement: dict[AgreementKey, list[Standing]] = defaultdict(list)
    for deadline in standing:
        by_agreement[deadline.agreement].append(deadline)
    drafts = (_question(one, steps, by_agreement, live_since, years) for one in agreements)
    return [draft for draft in drafts if draft is not None]


def is_asked_yet(deadline: Standing, live_since: date) -> bool:
    """Whether a deadline is asked about at all: it is open, sure, and was not due before anybody was reminded."""
    return deadline.state == State.OPEN and not deadline.doubtful and (deadline.due or live_since) >= live_since


def _question(
    agreement: Agreement,
    steps: Sequence[Step],
    standing: Mapping[AgreementKey, Sequence[Standing]],
    live_since: date,
    years: Collection[int],
) -> Draft | None:
    leads, mine = leads_of(agreement), standing.get(agreement.key, ())
    if not leads or not agreement.action or agreement.standing or (not mine and is_a_step(agreement, steps)):
        return None
    others = [one for one in mine if not one.is_question and is_asked_yet(one, live_since)]
    asked_in = {year_asked(one.due, one.occurrence) for one in others}
    if None in asked_in or asked_in >= set(years) or is_closed(mine):
        return None
    occurrence, start = _name(mine, min(years))
    return Draft(
        origin=Origin.AGREEMENT,
        action=agreement.action,
        slot=UNDATED,
        occurrence=occurrence,
        title=agreement.title,
        kind=LadderKind.YEARLY,
        leads=leads,
        todo=agreement.text,
        number=agreement.number,
        theme=agreement.theme,
        window_start=start,
        due=None,
        invented=True,
        via=agreement.via,
        agreements=(agreement.key,),
    )


def is_a_step(agreement: Agreement, steps: Sequence[Step]) -> bool:
    """Whether an agreement is a step of the year, which bears its number and which somebody leads; one that only comes
    up there is not."""
    return any(step.leads and agreement.key == step.keys[0] for step in steps_about(agreement, steps))


def leads_of(agreement: Agreement) -> tuple[str, ...]:
    """Who leads an agreement; where nobody is named for the whole, who leads what is to be done under it."""
    named = agreement.leads or [lead for task in agreement.tasks for lead in task.leads]
    return tuple(dict.fromkeys(named))


def is_closed(mine: Sequence[Standing]) -> bool:
    """Whether people decided that it is not asked any more: a question, or all that there was, was dropped."""
    dropped = [one for one in mine if one.state == State.DROPPED]
    return any(one.is_question for one in dropped) or (bool(mine) and len(dropped) == len(mine))


def _name(mine: Sequence[Standing], year: int) -> tuple[str, date | None]:
    """What the question is called, and from when it is asked: the open one, or one of next year where that was done."""
    questions = [one for one in mine if one.is_question]
    still_open = next((one for one in questions if one.state == State.OPEN), None)
    if still_open is not None:
        return still_open.occurrence, still_open.window_start
    if not questions and not any(one.slot == UNDATED and one.state == State.DONE for one in mine):
        return QUESTION, None
    return str(year + 1), date(year + 1, 1, 1)


def speaks_of_the_whole_term(agreement: Agreement) -> bool:
    """Whether an agreement says of itself that it holds for the whole term, so that nothing of it is ever done."""
    said = " ".join([agreement.topic, agreement.text, *(one.phrase for one in agreement.readings)]).lower()
    return _WHOLE_TERM.search(said) is not None


_WHOLE_TERM = re.compile(r"\blooptijd\b|\bgeld(?:t|en) (?:voor|gedurende) de (?:hele |gehele )?(?:periode|looptijd)\b")
