"""Keeping the answers to a whole round, which come in one form: each by itself, so that none waits for another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cycle.actions.answers.answering.answer_page import AnswerLine, AnswerPage
from cycle.actions.answers.answering.answer_saving import keep_answer
from cycle.actions.answers.answering.reply import TypedReply, read_reply
from cycle.actions.office.office import Office
from cycle.errors import Refused


@dataclass(frozen=True, slots=True)
class KeptRound:
    """What came of the answers to a round: how many were kept, and what is wrong with the others, by row and field."""

    saved: int
    faults: Mapping[str, Mapping[str, str]]


def keep_round(office: Office, page: AnswerPage, typed: Mapping[str, TypedReply], now: datetime) -> KeptRound:
    """Keeps what somebody let know about the rows of a round, by the mark of each; what says nothing is no answer.

    A form that was opened in another window before a row was answered still has that row: what was chosen in it since
    counts, and what stood in it already does not.
    """
    saved, faults = 0, {}
    for row in page.asked_rows:
        mine = typed.get(row.mark, TypedReply())
        if not (mine.stand or mine.sentence.strip()):
            continue
        if page.is_answered(row) and _stood_there(mine, row):
            saved += _is_kept(mine, row)
            continue
        reply, wrong = read_reply(mine, row, office.local_day(now))
        try:
            if reply is not None:
                keep_answer(office, page, row, reply, now)
                saved += 1
        except Refused as error:
            wrong = {"stand": f"{error.what} {error.hint}"}
        if wrong:
            faults[row.mark] = wrong
    return KeptRound(saved, faults)


def _stood_there(typed: TypedReply, row: AnswerLine) -> bool:
    """Whether a row that was answered meanwhile came as the form had it, or as it was answered."""
    has_own_words = typed.sentence.strip() not in ("", row.latest.sentence if row.latest else "")
    return not has_own_words and (_is_kept(typed, row) or typed.stand in ("", row.before.stand if row.before else ""))


def _is_kept(typed: TypedReply, row: AnswerLine) -> bool:
    return row.latest is not None and typed.stand == row.latest.stand
