"""From one framework agreement to the next: on its first day the new one takes the place of the old.

Who is named for an agreement, what was done for it and the UIDs of what is still to be done stay with it; only what the
framework says of it is exchanged, so that the old words stay readable under the old term. What is open goes over, is
done or ends as a person said. What nobody spoke of stays open until somebody does.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from cycle.actions.deadlines.upkeep.following import BY
from cycle.actions.office.covenant_view import CovenantView
from cycle.actions.office.logbook import note
from cycle.actions.office.turning import open_part, settle_part
from cycle.domain.model import Asked, CameOf, GoesOver, News, Origin, State, TermState
from cycle.domain.progress_questions import is_question
from cycle.domain.status import STATE_WORDS
from cycle.domain.term import TermDays
from cycle.domain.words import day_words, joined
from cycle.store import covenants, deadlines, terms
from cycle.store.database import Session
from cycle.store.deadlines import LEAD
from cycle.store.ids import id_of
from cycle.store.outbox import withdrawing
from cycle.store.tables import (
    ActionRow,
    ActionSuccession,
    AgreementRow,
    AgreementSuccession,
    DeadlineRow,
    Term,
)

OLD = " (oud)"
"""Behind the number of what goes over without words of its own, where the next framework gives that to another."""
BECOMES = {GoesOver.CLOSE: State.DONE, GoesOver.END: State.DROPPED}
Slot = tuple[int, str]
"""What one reading of an action asks: the action's id, and its slot."""


def with_next_term(session: Session, view: CovenantView, now: datetime) -> CovenantView:
    """The covenant with the framework that holds today: one that waited for this day begins."""
    for term in terms.beginning(session, [view.id], view.local_day(now)):
        _Turn(session, view, term, now).carry_out()
        view = replace(view, term=TermDays(term.start, term.end, term.renews))
    return view


@dataclass(slots=True)
class _Turn:
    """The day on which a waiting term takes the place of the running one."""

    session: Session
    view: CovenantView
    term: Term
    now: datetime

    def carry_out(self) -> None:
        old = covenants.running_term(self.session, self.view.id)
        agreements = {id_of(row): row for row in terms.agreements(self.session, id_of(old))}
        said = {(one.action_id, one.slot): one for one in terms.choices(self.session, id_of(self.term))}
        pairs = self._pairs(agreements)
        actions = terms.actions_of(self.session, [*agreements, *pairs.values()])
        carried = {slot for slot, one in said.items() if one.choice == GoesOver.CARRY}
        self._settle(said)
        old.state, self.term.state = TermState.PAST, TermState.RUNNING
        self.session.add_all([old, self.term])
        terms.exchange(self.session, pairs)
        for key, row in agreements.items():
            mine = {id_of(action) for action in actions[key].values()}
            going = {slot for slot in carried if slot[0] in mine}
            if key in pairs:
                self._exchange_actions(row, pairs[key], actions[key], actions[pairs[key]], going)
            elif going:
                self._take_along(row, actions[key], going)
        ending = self._keep_undecided(agreements, said)
        self._ask_again(pairs)
        self._note(agreements, pairs, ending)

    @property
    def _start(self) -> date:
        return self.term.start or self.view.local_day(self.now)

    def _pairs(self, agreements: Collection[int]) -> dict[int, int]:
        """The agreements that go on, each with its row in the next term."""
        new = {row.id for row in terms.agreements(self.session, id_of(self.term))}
        return {
            one.old_id: one.new_id
            for one in terms.successions(self.session, self.view.id)
            if one.old_id in agreements and one.new_id in new and one.how in terms.CONTINUED
        }

    def _exchange_actions(
        self,
        row: AgreementRow,
        new_id: int,
        mine: Mapping[int, ActionRow],
        its: Mapping[int, ActionRow],
        going: Collection[Slot],
    ) -> None:
        """The actions at one place are the same; others go with the words that they stand in."""
        further = max([*mine, *its], default=0)
        words = _words_of(self.session.get_one(AgreementRow, new_id))  # where the old words stand now
        for place in sorted({*mine, *its}):
            if place not in mine:
                terms.rehang(self.session, its[place], id_of(row))
            elif place not in its:
                if not any(action_id == mine[place].id for action_id, _slot in going):
                    terms.rehang(self.session, mine[place], new_id)
            else:
                old, new = mine[place], its[place]
                fields = words if place == 0 else {name: getattr(old, name) for name in terms.ACTION_CONTENT}
                asked = set(terms.readings_of(self.session, [id_of(new)])[id_of(new)])
                terms.exchange_actions(self.session, old, new)
                left = {slot for action_id, slot in going if action_id == old.id} - asked
                if left:
                    further += 1
                    self._go_along(old, new, left, fields, further)

    def _go_along(
        self, old: ActionRow, behind: ActionRow, slots: Collection[str], fields: Mapping[str, Any], place: int
    ) -> None:
        """What the next framework does not ask itself goes over as an action of its own, with the words that it had."""
        action = ActionRow(
            covenant_id=self.view.id, origin=Origin.AGREEMENT, agreement_id=old.agreement_id, position=place
        )
        for name, value in fields.items():
            setattr(action, name, value)
        action.is_asked, action.agenda_year = True, None
        self.session.add(action)
        self.session.flush()
        for slot, reading in terms.readings_of(self.session, [id_of(behind)])[id_of(behind)].items():
            if slot in slots:
                reading.action_id, reading.agreement_id = id_of(action), old.agreement_id or 0
                reading.agenda_year = None  # an agenda of before is history; this was carried over on purpose
        for row in deadlines.rows_of(self.session, self.view.id, deadlines.of_action(id_of(old))):
            if row.slot in slots:
                row.action_id = id_of(action)
        self.session.flush()

    def _take_along(self, row: AgreementRow, mine: Mapping[int, ActionRow], going: Collection[Slot]) -> None:
        """An agreement that is not in the next framework goes over for what is still to be done of it."""
        copy = AgreementRow(covenant_id=self.view.id, **{name: getattr(row, name) for name in terms.CONTENT})
        taken = {one.number for one in terms.agreements(self.session, id_of(self.term))}
        number = row.number
        while number in taken:
            number += OLD
        row.term_id, row.number = id_of(self.term), number
        row.agenda_year = None
        self.session.add(row)
        self.session.flush()
        self.session.add(copy)
        self.session.flush()
        self.session.add(AgreementSuccession(old_id=id_of(copy), new_id=id_of(row), how=CameOf.SAME))
        for place, action in mine.items():
            slots = {slot for action_id, slot in going if action_id == action.id}
            if place and not slots:
                terms.rehang(self.session, action, id_of(copy))
            else:
                self._leave_behind(action, copy, slots)
        self.session.flush()

    def _leave_behind(self, action: ActionRow, copy: AgreementRow, going: Collection[str]) -> None:
        """The readings of an action that do not go along, under the agreement as it was."""
        behind = ActionRow(
            covenant_id=self.view.id, origin=Origin.AGREEMENT, agreement_id=id_of(copy), position=action.position
        )
        for name in terms.ACTION_CONTENT:
            setattr(behind, name, getattr(action, name))
        self.session.add(behind)
        self.session.flush()
        for slot, reading in terms.readings_of(self.session, [id_of(action)])[id_of(action)].items():
            if slot in going:
                reading.agenda_year = None
            else:
                reading.action_id, reading.agreement_id = id_of(behind), id_of(copy)

    def _settle(self, said: Mapping[Slot, ActionSuccession]) -> None:
        """Closes and ends what a person said so of, as far as it is open yet."""
        for (action_id, slot), word in said.items():
            state = BECOMES.get(GoesOver(word.choice))
            rows = deadlines.rows_of(self.session, self.view.id, deadlines.of_action(action_id)) if state else ()
            for row in rows:
                if row.slot == slot and state is not None and is_to_decide(row, self._start):
                    self._settle_row(row, state, word.by)
            word.done_at = self.now
            self.session.add(word)

    def _settle_row(self, row: DeadlineRow, state: State, by: str) -> None:
        parts = deadlines.part_rows(self.session, id_of(row))
        leads = [part for part, _slug in parts if part.part == LEAD and part.state == State.OPEN]
        for part in leads:
            settle_part(part, state, self.now, by, "bij het nieuwe kader")
            self.session.add(part)
        if not leads:
            row.state = state
        deadlines.follow_parts(self.session, row)
        row.changed_at, row.sequence = self.now, row.sequence + 1
        words = f"bij het nieuwe kader, zoals {by} eerder koos" if by else "bij het nieuwe kader"
        note(self.session, self.now, BY, STATE_WORDS[state], f"termijn {row.id}", words, self.view.id)
        withdrawing.withdraw(self.session, withdrawing.unsent_digests_about(self.session, [id_of(row)]), self.now)

    def _keep_undecided(self, agreements: Iterable[int], said: Mapping[Slot, object]) -> list[DeadlineRow]:
        """What is open and nobody spoke of stays so, though no framework asks it any more, until somebody decides.

        Returns what comes round later on and ends by itself now: the old framework asked it, and the next one does not.
        """
        ending: list[DeadlineRow] = []
        open_rows = terms.open_deadlines(self.session, agreements)
        asked = terms.readings_of(self.session, {row.action_id for row in open_rows})
        for row in open_rows:
            agreement = self.session.get_one(AgreementRow, row.agreement_id)
            if (row.action_id, row.slot) in said or (
                agreement.term_id == self.term.id and row.slot in asked[row.action_id]
            ):
                continue
            if is_to_decide(row, self._start):
                row.asked = Asked.KEPT
                self.session.add(row)
            elif row.asked == Asked.YES and not is_question(row.slot, row.occurrence):
                ending.append(row)
        return ending

    def _ask_again(self, going_on: Iterable[int]) -> None:
        """A question that was dropped under the old framework is a new one under the next: its words are others."""
        for row in terms.dropped_deadlines(self.session, going_on):
            if is_question(row.slot, row.occurrence):
                self._open_again(row)

    def _open_again(self, row: DeadlineRow) -> None:
        leads = [part for part, _slug in deadlines.part_rows(self.session, id_of(row)) if part.part == LEAD]
        for part in leads:
            open_part(self.session, part, "")
            self.session.add(part)
        if not leads:
            row.state = State.OPEN
        deadlines.follow_parts(self.session, row)
        deadlines.learn(self.session, row, self._start, News.BACK)
        row.changed_at, row.sequence = self.now, row.sequence + 1
        words = "het nieuwe kader vraagt dit opnieuw"
        note(self.session, self.now, BY, "weer gevraagd", f"termijn {row.id}", words, self.view.id)

    def _note(self, agreements: Collection[int], pairs: Mapping[int, int], ending: Sequence[DeadlineRow]) -> None:
        words = f"{len(pairs)} van {len(agreements)} afspraken gaan door, vanaf {day_words(self._start)}"
        if ending:
            titles = dict.fromkeys(f"{row.number} {row.title}".strip() for row in ending)
            words += f"; wat elk jaar terugkwam en niet meer wordt gevraagd: {joined(list(titles))}"
        about = f"convenant {self.view.row.slug}"
        note(self.session, self.now, BY, "nieuw kader", about, words, self.view.id)
        self.session.flush()


def is_to_decide(row: DeadlineRow, start: date) -> bool:
    """Whether an open deadline asks for a word before the next framework begins: what comes round later on in some
    other year ends by itself when nothing asks it any more, and so does what only asks how an agreement stands."""
    if row.asked == Asked.TAKEN or is_question(row.slot, row.occurrence):
        return False
    return row.due is None or row.due < start or row.occurrence == "once"


def _words_of(row: AgreementRow) -> dict[str, Any]:
    """What an agreement says of its own action: its agenda's words win."""
    is_agenda = bool(row.agenda_source)
    return {
        "topic": row.agenda_topic or row.topic,
        "text": row.agenda_text or row.text,
        "trekker": row.agenda_trekker or row.trekker,
        "leads": list(row.agenda_leads or row.leads),
        "date_phrase": row.agenda_date,
        "source": row.agenda_source or row.source,
        "from_agenda": is_agenda,
    }
