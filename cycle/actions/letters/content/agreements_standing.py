"""How each agreement stands, for the letter: every agreement once, with what is open, carried over and done.

Nothing is made better than it is known: no answer is "geen bericht", an action of before the covenant was kept here of
which nobody said how it ended says so, and an agreement without an action with a day says that too.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cycle.actions.office.covenant_view import CovenantView, row_when
from cycle.domain.answering import common_light
from cycle.domain.model import Light, Origin, State
from cycle.domain.progress_questions import is_question
from cycle.domain.rules import ONCE
from cycle.domain.status import NOT_SETTLED, STATE_WORDS, has_passed
from cycle.domain.theme_words import ThemeNames, theme_words
from cycle.domain.words import day_words, joined
from cycle.letter.standing_rows import StandingRow
from cycle.store import actions, answers, covenants, deadlines, register, theme_names
from cycle.store.answers import Given
from cycle.store.database import Session
from cycle.store.deadlines import LEAD
from cycle.store.ids import id_of
from cycle.store.tables import AgreementRow, DeadlineParty, DeadlineRow

NO_ACTION = "geen actie met een datum afgesproken"
NOT_KNOWN = "niet bekend of dit is gedaan"
MOST_WORDS = 90
"""So long may the words of one of several actions be in the table; the agenda has them whole."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What there is to tell: of each deadline the parts of its leads, what was answered, and how themes are called."""

    view: CovenantView
    year: int
    today: date
    parts: Mapping[int, Sequence[DeadlineParty]]
    slugs: Mapping[int, str]
    said: Mapping[tuple[int, str], Sequence[Given]]
    themes: ThemeNames


def standing_rows(session: Session, view: CovenantView, year: int, today: date) -> tuple[StandingRow, ...]:
    """The agreements of the running term in the order in which people count, as they stand today.

    What was settled before the year that the letter looks back on is history, and left out.
    """
    agreements = register.agreement_rows(session, view.id)
    by_agreement = rows_by_agreement(session, view.id)
    ids = [id_of(row) for rows in by_agreement.values() for row in rows]
    parts = {
        key: [one for one in several if one.part == LEAD]
        for key, several in deadlines.all_part_rows(session, ids).items()
    }
    slugs = {id_of(row): row.slug for row in covenants.party_rows(session, view.id)}
    said, themes = answers.history(session, ids), theme_names.of_covenant(session, view.id)
    known = _Known(view, year, today, parts, slugs, said, themes)
    return tuple(_row(known, one, by_agreement.get(id_of(one), ())) for one in agreements)


def rows_by_agreement(session: Session, covenant_id: int) -> dict[int | None, list[DeadlineRow]]:
    """What is to do of each agreement, by its id: its own actions, and the steps of the year that stand for it. Under
    None is what belongs to no agreement. What was dropped is left out."""
    sources = actions.agreements_of_steps(session, covenant_id)
    by_agreement: dict[int | None, list[DeadlineRow]] = defaultdict(list)
    for row in deadlines.rows_of(session, covenant_id):
        if row.state != State.DROPPED:
            for key in sources.get(row.action_id, ()) if row.origin == Origin.STEP else (row.agreement_id,):
                by_agreement[key].append(row)
    return by_agreement


def _row(known: _Known, agreement: AgreementRow, rows: Sequence[DeadlineRow]) -> StandingRow:
    told = [row for row in rows if is_action(row) and _is_told(known, row)]
    is_among_others = len({row.todo for row in told}) > 1
    lines = [_line(known, again, is_among_others=is_among_others) for again in _each_once(told)]
    lines += _step_lines(known, [row for row in rows if row.origin == Origin.STEP])
    light, said = _heard(known, rows)
    return StandingRow(
        agreement.number,
        agreement.agenda_topic or agreement.topic,
        theme_words(agreement.theme, known.themes),
        agreement.agenda_trekker or agreement.trekker or "nog niet bekend",
        tuple(dict.fromkeys(lines)) or (_without_action(agreement),),
        light,
        said,
    )


def is_action(row: DeadlineRow) -> bool:
    """Whether it is something to do: no step of the year, and not only the question how an agreement stands."""
    return row.origin != Origin.STEP and not is_question(row.slot, row.occurrence)


def _is_told(known: _Known, row: DeadlineRow) -> bool:
    """What is open and due by the end of the letter's year, and what was settled since the year before it began."""
    if row.state == State.DONE:
        settled = _settled_on(known, row) or row.due
        return settled is not None and settled.year >= known.year - 1
    return row.due is None or row.occurrence == ONCE or known.year - 1 <= row.due.year <= known.year


def _each_once(rows: Iterable[DeadlineRow]) -> list[list[DeadlineRow]]:
    """What comes round again and is open of more than one year is told in one line; all else has a line of its own."""
    again: dict[tuple[object, ...], list[DeadlineRow]] = {}
    for row in sorted(rows, key=_by_day):
        is_yearly = row.state == State.OPEN and row.invented and row.due is not None and row.occurrence != ONCE
        again.setdefault((row.action_id, row.slot) if is_yearly else (row.id,), []).append(row)
    return list(again.values())


def _line(known: _Known, again: Sequence[DeadlineRow], *, is_among_others: bool) -> str:
    words = f"{_short(again[0].todo or again[0].title)}: " if is_among_others else ""
    if len(again) == 1:
        return words + _stands(known, again[0])
    years = joined([str(row.due.year) for row in again if row.due])
    return f"{words}open over {years}{_only(known, again[-1])}"


def _stands(known: _Known, row: DeadlineRow) -> str:
    """ "gedaan op 3 maart 2027", "doorgeschoven van … naar …", "open, uiterlijk vrijdag 1 oktober 2027" """
    if row.state == State.DONE:
        settled = _settled_on(known, row)
        return f"{STATE_WORDS[State.DONE]} op {day_words(settled)}" if settled else STATE_WORDS[State.DONE]
    when = row_when(row, known.view)
    if row.occurrence == ONCE and row.due and row.due < known.view.row.live_since:
        return f"{row.phrase or when}: {NOT_KNOWN}"
    passed = has_passed(row.due, known.today, invented=row.invented, doubtful=row.doubtful)
    state = NOT_SETTLED if passed else STATE_WORDS[State.OPEN]
    if row.moved_from and row.due and row.moved_from != row.due:
        return f"{state}, doorgeschoven van {day_words(row.moved_from)} naar {day_words(row.due)}{_only(known, row)}"
    return f"{state}, {when}{_only(known, row)}"


def _only(known: _Known, row: DeadlineRow) -> str:
    """For whom it is still open, when another lead did its part."""
    parts = known.parts.get(id_of(row), ())
    waiting = [known.slugs[one.party_id] for one in parts if one.state == State.OPEN]
    if len(waiting) == len(parts):
        return ""
    return f" (nog niet klaar: {joined([known.view.party_names[slug] for slug in waiting])})"


def _settled_on(known: _Known, row: DeadlineRow) -> date | None:
    moments = [one.settled_at for one in known.parts.get(id_of(row), ()) if one.settled_at is not None]
    return known.view.local_day(max(moments)) if moments else None


def _step_lines(known: _Known, steps: Iterable[DeadlineRow]) -> list[str]:
    """The steps of the letter's year that stand for the agreement, each once: the first that is still to come."""
    by_title: dict[str, DeadlineRow] = {}
    for row in sorted(steps, key=_by_day):
        if row.due and row.due.year == known.year:
            held = by_title.get(row.title)
            if held is None or (held.state == State.DONE and row.state == State.OPEN):
                by_title[row.title] = row
    return [f"{title}: {_stands(known, row)}" for title, row in by_title.items()]


def _heard(known: _Known, rows: Sequence[DeadlineRow]) -> tuple[str, str]:
    """The light of the leads that have it open, and who let something know last, on which day."""
    still = [row for row in rows if row.state == State.OPEN]
    lights = [one.light for row in still for one in known.parts.get(id_of(row), ()) if one.light != Light.GREY]
    given = [one for row in still for slug in known.view.party_names for one in known.said.get((id_of(row), slug), ())]
    spoken = [one for one in given if one.stand is not None and one.stand.light is not None]
    newest = max(spoken, key=lambda one: one.at, default=None)
    if newest is None:
        return (common_light(lights) if lights else Light.GREY), ""
    who = known.view.party_names.get(newest.party, newest.party)
    return common_light(lights), f"{who}, {day_words(known.view.local_day(newest.at))}{_released_words(given)}"


def _released_words(given: Iterable[Given]) -> str:
    """The last sentence that somebody wrote, when the secretariat released it; no other stands in a letter."""
    newest = max((one for one in given if one.sentence), key=lambda one: one.at, default=None)
    return f": “{_short(newest.sentence)}”" if newest is not None and newest.released_at is not None else ""


def _without_action(agreement: AgreementRow) -> str:
    return f"doorlopend: {agreement.standing}" if agreement.standing else NO_ACTION


def _by_day(row: DeadlineRow) -> tuple[date, int]:
    return row.due or date.max, id_of(row)


def _short(words: str) -> str:
    if len(words) <= MOST_WORDS:
        return words
    return words[:MOST_WORDS].rsplit(" ", 1)[0] + " …"
