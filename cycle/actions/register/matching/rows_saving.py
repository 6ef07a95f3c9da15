"""Writing down one agreement with its readings. What somebody confirmed, and what an older agenda asked, stays."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from cycle.actions.register.matching.pairing import paired_actions
from cycle.domain.model import Origin, Reading, ReadingKind
from cycle.domain.rules import EachYear, SeveralAYear
from cycle.domain.text import clean_lines
from cycle.intake.register import Entry, EntryAction, EntryReading, entry_of_action
from cycle.store import actions, covenants, register
from cycle.store import tables as t
from cycle.store.database import Session
from cycle.store.ids import id_of


@dataclass(slots=True)
class KeptRegister:
    """What the register keeps of a covenant while entries are written down: asked once for all of them."""

    session: Session
    covenant_id: int
    term_id: int
    actions: dict[int, list[t.ActionRow]]
    readings: dict[int, list[t.ReadingRow]]
    last_slots: dict[int, int]
    lost: dict[int, dict[str, str]]

    def next_slot(self, action_id: int, words: str) -> str:
        """The slot of a new reading: that of a deadline which these words made before, or one that nothing had yet."""
        back = self.lost.get(action_id, {}).pop(words, "")
        if back:
            return back
        self.last_slots[action_id] = self.last_slots.get(action_id, 0) + 1
        return str(self.last_slots[action_id])


def kept_register(session: Session, covenant_id: int) -> KeptRegister:
    """What is kept of a covenant's agreements."""
    readings: dict[int, list[t.ReadingRow]] = defaultdict(list)
    for row in register.reading_rows(session, covenant_id):
        readings[row.action_id].append(row)
    return KeptRegister(
        session,
        covenant_id,
        id_of(covenants.term_of(session, covenant_id)),
        actions.of_agreements(session, covenant_id),
        readings,
        register.last_slots(session, covenant_id),
        register.lost_slots(session, covenant_id),
    )


def save_entry(keeping: KeptRegister, entry: Entry, row: t.AgreementRow | None, position: int) -> None:
    """One agreement with its actions and their readings; `row` is what the register has of it."""
    row = row or t.AgreementRow(
        covenant_id=keeping.covenant_id,
        term_id=keeping.term_id,
        number=entry.number,
        theme=clean_lines(entry.theme),
        topic=clean_lines(entry.topic),
        position=position,
    )
    for name, value in fields_of(entry).items():
        setattr(row, name, value)
    keeping.session.add(row)
    keeping.session.flush()
    main, *further = keeping.actions.get(id_of(row)) or [_new_action(keeping, row, 0)]
    _save_readings(keeping, main, entry)
    _save_actions(keeping, row, entry, further)


def _save_actions(keeping: KeptRegister, row: t.AgreementRow, entry: Entry, rows: Sequence[t.ActionRow]) -> None:
    """The further actions; one that is not there any more stays with what people did, and asks nothing from now on."""
    pairs = paired_actions(entry, rows)
    last = max((one.position for one in rows), default=0)
    found_again = {id_of(there) for _, there in pairs if there is not None}
    for gone in rows:
        if id_of(gone) not in found_again and is_spoken_of(gone, entry):
            gone.is_asked = False
            _save_readings(keeping, gone, _nothing(gone, entry.agenda_year))
    for action, known in pairs:
        last += known is None
        there = known or _new_action(keeping, row, last)
        for name, value in action_fields(action).items():
            setattr(there, name, value)
        there.is_asked = True
        keeping.session.add(there)
        _save_readings(keeping, there, entry_of_action(action, there.position))


def is_spoken_of(row: t.ActionRow, entry: Entry) -> bool:
    """Whether an entry has the text that a further action stands in, so that it is gone when it is not among them."""
    is_former = row.from_agenda and (row.agenda_year or 0) < (entry.agenda_year or 0)
    return row.from_agenda in parts_in(entry) and not is_former


def _nothing(row: t.ActionRow, agenda_year: int | None) -> Entry:
    """The same text without this action."""
    entry = Entry("", "", "", "", "", (), "" if row.from_agenda else "x")
    return replace(entry, agenda_source="x", agenda_year=agenda_year) if row.from_agenda else entry


def action_fields(action: EntryAction) -> dict[str, Any]:
    """The columns that a further action speaks about."""
    fields: dict[str, Any] = {
        "topic": action.topic,
        "text": action.text,
        "trekker": action.trekker,
        "leads": list(action.leads),
        "date_phrase": action.date_phrase,
        "source": action.source,
        "from_agenda": action.from_agenda,
    }
    if action.agenda_year:
        fields["agenda_year"] = action.agenda_year
    return {name: clean_lines(value) if isinstance(value, str) else value for name, value in fields.items()}


def _new_action(keeping: KeptRegister, agreement: t.AgreementRow, position: int) -> t.ActionRow:
    row = t.ActionRow(
        covenant_id=keeping.covenant_id, origin=Origin.AGREEMENT, agreement_id=id_of(agreement), position=position
    )
    keeping.session.add(row)
    keeping.session.flush()
    return row


def fields_of(entry: Entry) -> dict[str, Any]:
    """The columns that this entry speaks about: the framework's, the agenda's, or both."""
    framework: dict[str, Any] = {
        "theme": entry.theme,
        "topic": entry.topic,
        "text": entry.text,
        "trekker": entry.trekker,
        "leads": list(entry.leads),
        "source": entry.source,
    }
    agenda: dict[str, Any] = {
        "agenda_topic": entry.agenda_topic,
        "agenda_text": entry.agenda_text,
        "agenda_trekker": entry.agenda_trekker,
        "agenda_leads": list(entry.agenda_leads),
        "agenda_date": entry.agenda_date,
        "agenda_source": entry.agenda_source,
        "agenda_number": entry.agenda_number,
    }
    if entry.agenda_year:  # an agenda that does not say its year leaves the one that is known
        agenda["agenda_year"] = entry.agenda_year
    fields = (framework if entry.source else {}) | (agenda if entry.agenda_source else {})
    if entry.standing is not None:
        fields["standing"] = entry.standing
    return {name: clean_lines(value) if isinstance(value, str) else value for name, value in fields.items()}


def parts_in(entry: Entry) -> set[bool]:
    """Which of the two texts the entry has: False is the framework, True the agenda."""
    return {part for part, source in ((False, entry.source), (True, entry.agenda_source)) if source}


@dataclass(frozen=True, slots=True)
class PairedReading:
    """A reading of an entry under the name that it has in the register, and the stored one that it is, if any."""

    ref: str
    reading: EntryReading
    row: t.ReadingRow | None


def paired(entry: Entry, rows: Sequence[t.ReadingRow]) -> list[PairedReading]:
    """The readings of an entry beside those of the register, by what they say.

    The same words are the same reading, unless they stand in a newer agenda ("najaar") and ask something else there;
    what comes back each year goes on. Other words that ask the same day, the only ones on either side, are it too. So
    is the only one left on either side, with its day corrected. What people did about it stays (law L3).
    """
    known = {row.ref: row for row in rows}
    pairs = [(one, _own_ref(one, known.get(one.ref))) for one in entry.readings]
    by_words = [PairedReading(ref, one, known.get(ref)) for one, ref in pairs]
    left = [row for row in rows if row.ref not in {one.ref for one in by_words} and not is_kept(row, entry)]
    by_day = [one if one.row else replace(one, row=_only_twin(one, by_words, left)) for one in by_words]
    still = [row for row in left if not any(one.row is row for one in by_day)]
    return [one if one.row else replace(one, row=_only_one_left(one, by_day, still)) for one in by_day]


def _only_twin(new: PairedReading, pairs: Sequence[PairedReading], left: Sequence[t.ReadingRow]) -> t.ReadingRow | None:
    """The stored reading that asks the same in other words, when it can be no other."""
    asks = _asks(new.reading.reading)
    rivals = [one for one in pairs if one.row is None and _place(one.reading) == _place(new.reading)]
    same = [row for row in left if _place(row) == _place(new.reading) and _asks(register.reading_value(row)) == asks]
    is_alone = sum(_asks(one.reading.reading) == asks for one in rivals) == 1
    return same[0] if len(same) == 1 and is_alone and asks[1] is not None else None


def _only_one_left(
    new: PairedReading, pairs: Sequence[PairedReading], left: Sequence[t.ReadingRow]
) -> t.ReadingRow | None:
    """The stored reading of which the day was corrected, when each side has one that the other has not."""
    dated = [row for row in left if _place(row) == _place(new.reading) and row.due is not None]
    others = [one for one in pairs if one.row is None and _place(one.reading) == _place(new.reading)]
    others = [one for one in others if one.reading.reading.due is not None]
    return dated[0] if len(dated) == 1 and others == [new] else None


def _place(reading: EntryReading | t.ReadingRow) -> tuple[bool, int | None]:
    return reading.from_agenda, reading.agenda_year


def _asks(reading: Reading) -> tuple[Any, ...]:
    return reading.kind, reading.due, reading.per_year


def is_same(row: t.ReadingRow, entry_reading: EntryReading) -> bool:
    """Whether the stored reading is the one that was read, or was confirmed and so stays as it is."""
    if row.agenda_year != entry_reading.agenda_year and entry_reading.agenda_year:
        return False
    if row.confirmed_by:
        return True
    if entry_reading.confirmed_by or row.phrase != clean_lines(entry_reading.phrase):
        return False
    reading = register.reading_value(row)
    is_read_the_same = reading == register.as_kept(entry_reading.reading)
    return is_read_the_same or (entry_reading.from_agenda and _goes_on(reading, entry_reading.reading))


def is_kept(row: t.ReadingRow, entry: Entry) -> bool:
    """Whether a reading stays that the entry does not have: a person confirmed it, or an older agenda asked it."""
    return bool(row.confirmed_by) or (row.from_agenda and (row.agenda_year or 0) < (entry.agenda_year or 0))


def _own_ref(entry_reading: EntryReading, row: t.ReadingRow | None) -> str:
    if (
        row is None
        or not entry_reading.agenda_year
        or (row.agenda_year or entry_reading.agenda_year) >= entry_reading.agenda_year
    ):
        return entry_reading.ref
    reading = register.reading_value(row)
    same = reading.due == entry_reading.reading.due and reading.kind is entry_reading.reading.kind
    return (
        entry_reading.ref
        if same or _goes_on(reading, entry_reading.reading)
        else f"{entry_reading.ref}@{entry_reading.agenda_year}"
    )


def _goes_on(known: Reading, later: Reading) -> bool:
    """Whether a yearly reading only began earlier: the same days of the year, as often."""
    if known.kind is not ReadingKind.YEARLY or later.kind is not ReadingKind.YEARLY:
        return False
    return (known.per_year, known.doubtful, *_days(known)) == (later.per_year, later.doubtful, *_days(later))


def _days(reading: Reading) -> tuple[Any, ...]:
    """The days of the year by what is the same in each; a rule without the year that it began in."""
    if isinstance(reading.rule, EachYear | SeveralAYear):
        return (replace(reading.rule, first=0),)
    return tuple((day.month, day.day) if day else None for day in (reading.window_start, reading.due))


def _save_readings(keeping: KeptRegister, action: t.ActionRow, entry: Entry) -> None:
    session, action_id = keeping.session, id_of(action)
    rows = keeping.readings.get(action_id, [])
    pairs = paired(entry, rows)
    stay = {id_of(pair.row) for pair in pairs if pair.row is not None}
    for position, pair in enumerate(pairs):
        reading, row = pair.reading, pair.row
        goes_on = row is not None and reading.from_agenda and _goes_on(register.reading_value(row), reading.reading)
        if row is None:
            row = _new_row(action, keeping.next_slot(action_id, clean_lines(reading.phrase)), reading)
        row.ref = pair.ref
        row.position, row.source, row.from_agenda = position, reading.source, reading.from_agenda
        row.agenda_year = reading.agenda_year or row.agenda_year
        if not row.confirmed_by and not goes_on:
            _describe(row, reading)
        session.add(row)
    for gone in rows:
        if id_of(gone) not in stay and gone.from_agenda in parts_in(entry) and not is_kept(gone, entry):
            session.delete(gone)
    session.flush()


def _new_row(action: t.ActionRow, slot: str, reading: EntryReading) -> t.ReadingRow:
    return t.ReadingRow(
        agreement_id=action.agreement_id or 0,
        action_id=id_of(action),
        slot=slot,
        ref=reading.ref,
        phrase="",
        kind=reading.reading.kind,
    )


def _describe(row: t.ReadingRow, reading: EntryReading) -> None:
    row.phrase, row.confirmed_by, row.confirmed_at = (
        clean_lines(reading.phrase),
        reading.confirmed_by,
        reading.confirmed_at,
    )
    register.put_reading(row, reading.reading)
