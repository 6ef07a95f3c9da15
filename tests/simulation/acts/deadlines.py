"""What the secretariat decides about deadlines, meetings and doubtful phrases."""

from datetime import date, time
from random import Random
from typing import Any

from sqlmodel import col, select

from cycle.actions.deadlines.deciding import closing
from cycle.actions.deadlines.meeting import meetings, planned_meetings
from cycle.actions.settling import bulk, deciding
from cycle.domain.model import LadderKind, MeetingState, State
from cycle.store.tables import AgreementRow, Covenant, DeadlineRow, MeetingDecision, MeetingRow, ReadingRow
from tests.simulation.acts.base import Act, Data, any_slug, by_of, maybe, some_day
from tests.simulation.table import Skip, Table

HOURS = ("09:30", "13:00", "23:30")


def slug_of(ref: str) -> str:
    return ref.partition(":")[0]


def some_ref(table: Table, dice: Random, *where: Any) -> str | None:
    rows = table.refs(Covenant.slug == any_slug(dice), *where)
    return dice.choice(sorted(rows)) if rows else None


IS_PLANNED = col(DeadlineRow.id).in_(select(MeetingRow.deadline_id).where(MeetingRow.state == MeetingState.PLANNED))


def meeting_ref(table: Table, dice: Random, *where: Any) -> str | None:
    kinds = col(DeadlineRow.kind).in_([LadderKind.MEETING.value, LadderKind.YEARLY.value])
    return some_ref(table, dice, kinds, DeadlineRow.origin == "step", *where)


class Settle(Act):
    weight = 6

    def choose(self, table: Table, dice: Random) -> Data | None:
        ref = some_ref(table, dice)
        if ref is None:
            return None
        party = maybe(dice, dice.choice(sorted(table.view(slug_of(ref)).party_names)))
        return {"deadline": ref, "state": dice.choice(list(State)).value, "party": party}

    def carry_out(self, table: Table, *, deadline: str, state: str, party: str) -> bool:
        row, by = table.deadline(deadline), by_of(slug_of(deadline))
        return closing.settle(table.office, row.id or 0, State(state), table.now, by=by, party=party).changed


class Move(Act):
    weight = 4

    def choose(self, table: Table, dice: Random) -> Data | None:
        ref = some_ref(table, dice, DeadlineRow.state == "open")
        return ref and {"deadline": ref, "day": some_day(table, dice, -40, 400), "reason": maybe(dice, "drukte")}

    def carry_out(self, table: Table, *, deadline: str, day: str, reason: str) -> bool:
        number, by = table.deadline(deadline).id or 0, by_of(slug_of(deadline))
        return closing.move(table.office, number, date.fromisoformat(day), table.now, by=by, reason=reason).changed


class Carry(Act):
    weight = 1

    def choose(self, table: Table, dice: Random) -> Data | None:
        ref = some_ref(table, dice, DeadlineRow.state == "open", DeadlineRow.origin == "agreement")
        return ref and {"deadline": ref, "day": some_day(table, dice, 1, 300)}

    def carry_out(self, table: Table, *, deadline: str, day: str) -> bool:
        number, by = table.deadline(deadline).id or 0, by_of(slug_of(deadline))
        return deciding.carry(table.office, number, date.fromisoformat(day), table.now, by=by).changed


class Bulk(Act):
    weight = 1.5

    def choose(self, table: Table, dice: Random) -> Data | None:
        slug, verb = any_slug(dice), dice.choice(list(bulk.Verb))
        rows = sorted(table.refs(Covenant.slug == slug))
        chosen = dice.sample(rows, min(len(rows), dice.randint(1, 5)))
        return {"verb": verb.value, "deadlines": chosen, "day": some_day(table, dice, 0, 200)}

    def carry_out(self, table: Table, *, verb: str, deadlines: list[str], day: str) -> bool:
        known = table.refs()
        rows = [known[ref] for ref in deadlines if ref in known]
        if not rows:
            raise Skip
        decided = bulk.Decided(bulk.Verb(verb), date.fromisoformat(day), "in één keer")
        with table.reading() as session:
            seen = bulk.foreseen(session, rows[0].covenant_id, [row.id or 0 for row in rows], decided, table.now)
        versions = {one.row.id or 0: one.version for one in seen if not one.same}
        by = by_of(slug_of(deadlines[0]))
        done = bulk.carry_out(table.office, rows[0].covenant_id, versions, decided, table.now, by=by).done
        return any(one.changed for one in done)


class SetMeeting(Act):
    weight = 4

    def choose(self, table: Table, dice: Random) -> Data | None:
        ref = meeting_ref(table, dice, DeadlineRow.state == "open")
        if ref is None:
            return None
        start = maybe(dice, dice.choice(HOURS))
        end = maybe(dice, "23:45") if start else ""
        day = some_day(table, dice, -5, 150)
        return {"deadline": ref, "day": day, "start": start, "end": end, "where": maybe(dice, "Stadhuis, zaal 2")}

    def carry_out(self, table: Table, *, deadline: str, day: str, start: str, end: str, where: str) -> bool:
        row = table.deadline(deadline)
        return planned_meetings.set_meeting(
            table.office,
            row.id or 0,
            date.fromisoformat(day),
            table.now,
            start=hour_of(start),
            end=hour_of(end),
            place=where,
            by=by_of(slug_of(deadline)),
        ).changed


class MoveMeeting(Act):
    weight = 1.5

    def choose(self, table: Table, dice: Random) -> Data | None:
        ref = meeting_ref(table, dice, DeadlineRow.state == "open", IS_PLANNED)
        return ref and {
            "deadline": ref,
            "day": some_day(table, dice, 0, 90),
            "start": maybe(dice, dice.choice(HOURS)),
            "end": "",
            "where": maybe(dice, "elders", None),
        }

    def carry_out(self, table: Table, *, deadline: str, day: str, start: str, end: str, where: str | None) -> bool:
        row = table.deadline(deadline)
        return planned_meetings.move_meeting(
            table.office,
            row.id or 0,
            date.fromisoformat(day),
            table.now,
            start=hour_of(start),
            end=hour_of(end),
            place=where,
            by=by_of(slug_of(deadline)),
        ).changed


class CancelMeeting(Act):
    weight = 2

    def choose(self, table: Table, dice: Random) -> Data | None:
        ref = meeting_ref(table, dice, DeadlineRow.state == "open", IS_PLANNED)
        return ref and {"deadline": ref}

    def carry_out(self, table: Table, *, deadline: str) -> bool:
        row = table.deadline(deadline)
        return planned_meetings.cancel_meeting(
            table.office, row.id or 0, table.now, by=by_of(slug_of(deadline))
        ).changed


class Held(Act):
    weight = 2

    def choose(self, table: Table, dice: Random) -> Data | None:
        ref = meeting_ref(table, dice, DeadlineRow.state == "open")
        return ref and {"deadline": ref}

    def carry_out(self, table: Table, *, deadline: str) -> bool:
        row = table.deadline(deadline)
        return meetings.held(table.office, row.id or 0, table.now, by=by_of(slug_of(deadline))).changed


class Decide(Act):
    weight = 4

    def choose(self, table: Table, dice: Random) -> Data | None:
        ref = meeting_ref(table, dice)
        about = some_ref(table, dice, col(DeadlineRow.agreement_id).is_not(None))
        if ref is None or about is None:
            return None
        return {
            "meeting": ref,
            "about": about,
            "effect": dice.choice(list(meetings.Effect)).value,
            "day": maybe(dice, some_day(table, dice, 5, 300), some_day(table, dice, 30, 60)),
            "text": "Zo besloten.",
        }

    def carry_out(self, table: Table, *, meeting: str, about: str, effect: str, day: str, text: str) -> bool:
        row, subject = table.deadline(meeting), table.deadline(about)
        wanted = meetings.Resolved(
            subject.agreement_id or 0, text, meetings.Effect(effect), subject.id, date.fromisoformat(day)
        )
        reference = meetings.decide(table.office, row.id or 0, wanted, table.now, by=by_of(slug_of(meeting)))
        table.memory["decided"][reference] = about, decided_columns(subject), table.deadline(about).sequence
        return True


class UndoDecision(Act):
    weight = 3

    def choose(self, table: Table, dice: Random) -> Data | None:
        rows = table.all(select(MeetingDecision).where(col(MeetingDecision.undone_at).is_(None)))
        return {"reference": dice.choice(rows).reference} if rows else None

    def carry_out(self, table: Table, *, reference: str) -> bool:
        query = select(MeetingDecision, Covenant.slug).join(Covenant, col(Covenant.id) == MeetingDecision.covenant_id)
        found = table.all(query.where(MeetingDecision.reference == reference))
        if not found:
            raise Skip
        row, slug = found[0]
        about, before, sequence = table.memory["decided"].get(reference, ("", (), 0))
        is_untouched = bool(about) and table.deadline(about).sequence == sequence
        meetings.undo_decision(table.office, row.id or 0, table.now, by=by_of(slug))
        if is_untouched:  # for the law that undo gives back what was
            table.memory["undone"][reference] = before, decided_columns(table.deadline(about))
        return row.undone_at is None


class Doubt(Act):
    """A reading is confirmed, or said to mean something else."""

    weight = 4

    def choose(self, table: Table, dice: Random) -> Data | None:
        slug = any_slug(dice)
        query = select(AgreementRow.number, ReadingRow.ref).join(
            AgreementRow, col(AgreementRow.id) == ReadingRow.agreement_id
        )
        found = sorted(table.all(query.where(AgreementRow.covenant_id == table.covenant(slug).id)))
        if not found:
            return None
        number, ref = dice.choice(found)
        when = dice.choice(["", "", "geen", "jaarlijks", "najaar 2027", some_day(table, dice, -20, 200)])
        return {"covenant": slug, "number": number, "reading": ref, "when": when, "choice": dice.choice([1, 1, 2])}

    def carry_out(self, table: Table, *, covenant: str, number: str, reading: str, when: str, choice: int) -> bool:
        query = select(ReadingRow.id).join(AgreementRow, col(AgreementRow.id) == ReadingRow.agreement_id)
        here = AgreementRow.covenant_id == table.covenant(covenant).id, AgreementRow.number == number
        found = table.all(query.where(*here, ReadingRow.ref == reading))
        if not found:
            raise Skip
        by = by_of(covenant)
        if when:
            return deciding.set_reading(table.office, found[0], when, table.now, by=by).changed
        return deciding.confirm_reading(table.office, found[0], table.now, by=by, choice=choice).changed


def decided_columns(row: Any) -> dict[str, Any]:
    """What a decision may change of a deadline, and its undoing gives back."""
    names = ("kind", "due", "window_start", "invented", "doubtful", "moved_from", "state")
    return {name: getattr(row, name) for name in names}


def hour_of(text: str) -> time | None:
    return time.fromisoformat(text) if text else None
