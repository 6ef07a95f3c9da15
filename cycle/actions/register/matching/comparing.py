"""The register beside what was read: per agreement what is new, what differs, and what is not found any more."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cycle.actions.register.matching.pairing import PairedRegister, Question, paired_actions, read_from
from cycle.actions.register.matching.rows_saving import (
    action_fields,
    fields_of,
    is_kept,
    is_same,
    is_spoken_of,
    paired,
    parts_in,
)
from cycle.domain.text import natural
from cycle.domain.words import day_words
from cycle.intake.register import Entry, EntryAction, EntryReading, entry_of_action
from cycle.store import actions, covenants, register
from cycle.store import tables as t
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.words import CHANGED

FIELDS = {name: words for name, words in CHANGED["agreement"].items() if name != "number"}


@dataclass(frozen=True, slots=True)
class Change:
    """How one agreement differs: (what, old, new) each. `asks` when a document said otherwise before."""

    number: str
    topic: str
    what: tuple[tuple[str, str, str], ...]
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Renumbered:
    """An agreement that is found again under another number."""

    old: str
    new: str
    topic: str


@dataclass(frozen=True, slots=True)
class Differences:
    """How what was read differs from the register, by agreement number. `waiting` is not written: nobody said yes.

    `left_as_numbered` are the new numbers that found agreements do not get. `split` and `joined` are (what it was, what
    it became); `questions` are of what is not sure to be the same.
    """

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    waiting: tuple[str, ...] = ()
    renumbered: tuple[Renumbered, ...] = ()
    split: tuple[tuple[str, str], ...] = ()
    joined: tuple[tuple[str, str], ...] = ()
    questions: tuple[Question, ...] = ()
    left_as_numbered: tuple[str, ...] = ()

    @property
    def to_renumber(self) -> tuple[Renumbered, ...]:
        """Those that get their other number."""
        return tuple(one for one in self.renumbered if one.new not in self.left_as_numbered)

    @property
    def set_aside(self) -> tuple[str, ...]:
        """What is not found any more, and must give its number to what is."""
        wanted = {*self.new, *(one.new for one in self.renumbered)}
        return tuple(number for number in self.gone if number in wanted)

    @property
    def any(self) -> bool:
        """Whether writing changes the register."""
        return bool(self.to_renumber or {*self.new, *self.changed} - set(self.waiting))


@dataclass(frozen=True, slots=True)
class Known:
    """The register as it is: rows by number, their actions (the main one first) by agreement, readings by action, its
    newest agenda, the documents it was read from, and the names of its parties."""

    rows: Mapping[str, t.AgreementRow] = field(default_factory=dict)
    actions: Mapping[int, Sequence[t.ActionRow]] = field(default_factory=dict)
    readings: Mapping[int, Sequence[t.ReadingRow]] = field(default_factory=dict)
    agenda_year: int | None = None
    documents: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    def is_before(self, year: int) -> bool:
        """Whether an agenda of that year is older than the register's."""
        return self.agenda_year is not None and year < self.agenda_year

    def was_in(self, row: t.AgreementRow, agendas: Collection[int | None]) -> bool:
        """Whether an agreement stood in a document of one of these agendas; an agenda left behind says nothing."""
        current = {year for year in agendas if not year or not self.is_before(year)}
        return row.agenda_year in current and read_from(row.agenda_source, self.documents)

    def main_readings(self, row: t.AgreementRow) -> Sequence[t.ReadingRow]:
        """The readings of what an agreement itself asks."""
        main = next(iter(self.actions.get(id_of(row), ())), None)
        return self.readings.get(id_of(main), ()) if main is not None else ()


def known_of(session: Session, covenant_id: int | None) -> Known:
    """The register of a covenant; an empty one for a covenant that is not there yet."""
    if not covenant_id:
        return Known()
    rows = register.agreement_rows(session, covenant_id)
    readings: dict[int, list[t.ReadingRow]] = defaultdict(list)
    for reading_row in register.reading_rows(session, covenant_id):
        readings[reading_row.action_id].append(reading_row)
    known = {row.number: row for row in rows}
    asked = actions.of_agreements(session, covenant_id)
    files = register.files_read(session, covenant_id)
    names = {row.slug: row.name for row in covenants.party_rows(session, covenant_id)}
    return Known(known, asked, readings, register.newest_agenda(rows), tuple(files), names)


def compared(
    known: Known, read: PairedRegister, *, complete: bool, agendas: Collection[int | None] = ()
) -> Differences:
    """The differences. Only a document with the framework in it (`complete`) can say of each agreement that it is gone;
    `agendas` are the years (None: it says none) of the agendas that were read, which say it of what stood in those.
    """
    new, unchanged, changes, renumbered = [], [], [], []
    for pair in read.entries:
        change = _change(known, pair.row, pair.entry) if pair.row is not None and pair.question is None else None
        if pair.row is not None and pair.is_renumbered:
            renumbered.append(Renumbered(pair.row.number, pair.entry.number, pair.entry.topic))
        if pair.question is not None:
            continue
        if pair.row is None:
            new.append(pair.entry.number)
        elif change is None:
            unchanged.append(pair.entry.number)
        else:
            changes.append(change)
    there = {id_of(pair.row) for pair in read.entries if pair.row is not None}
    missing = {number: row for number, row in known.rows.items() if id_of(row) not in there}
    gone = [number for number, row in missing.items() if complete or known.was_in(row, agendas)]
    return Differences(
        tuple(new),
        tuple(change.number for change in changes),
        tuple(unchanged),
        tuple(sorted(gone, key=natural)),
        tuple(changes),
        renumbered=tuple(sorted(renumbered, key=lambda one: natural(one.new))),
        split=_in_order(read.split),
        joined=_in_order(read.joined),
        questions=tuple(pair.question for pair in read.entries if pair.question is not None),
    )


def _in_order(pairs: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """What it was and what it became, as people count."""
    return tuple(sorted(pairs, key=lambda pair: [natural(number) for number in pair]))


def _change(known: Known, row: t.AgreementRow, entry: Entry) -> Change | None:
    """What differs in one agreement, or None."""
    fields = {name: value for name, value in fields_of(entry).items() if not name.endswith("source")}
    different = {name: (getattr(row, name), value) for name, value in fields.items() if getattr(row, name) != value}
    if different.get("agenda_number") == (row.number, entry.number):  # it has another number in both
        del different["agenda_number"]
    phrases, parts = _phrases(known.main_readings(row), entry)
    acts = _action_changes(known, row, entry)
    if not different and not phrases and not acts:
        return None
    what = [
        (FIELDS[name], _words(old, known.names), _words(new, known.names)) for name, (old, new) in different.items()
    ]
    parts |= {name.startswith("agenda_") for name in different} | ({False, True} if acts else set())
    return Change(entry.number, entry.topic, (*what, *phrases, *acts), _was_read(known, row, parts))


def _action_changes(known: Known, row: t.AgreementRow, entry: Entry) -> list[tuple[str, str, str]]:
    """What differs in the further actions of an agreement: which came, which went, and what each says."""
    rows = known.actions.get(id_of(row), ())[1:]
    changes: list[tuple[str, str, str]] = []
    pairs = paired_actions(entry, rows)
    for action, there in pairs:
        if there is None:
            changes.append(("actie erbij", "", action_words(action)))
            continue
        fields = action_fields(action)
        old = {name: getattr(there, name) for name in fields if name != "source"}
        if not there.is_asked or old != {name: value for name, value in fields.items() if name != "source"}:
            changes.append(("actie", action_words(there), action_words(action)))
        as_entry = entry_of_action(action, there.position)
        changes += _phrases(known.readings.get(id_of(there), ()), as_entry)[0]
    found_again = {id_of(there) for _, there in pairs if there is not None}
    gone = [one for one in rows if id_of(one) not in found_again and one.is_asked and is_spoken_of(one, entry)]
    return changes + [("actie weg", action_words(one), "") for one in gone]


def action_words(action: EntryAction | t.ActionRow) -> str:
    """An action in a line: who does what, and when."""
    return said_in_a_line(action.text or action.topic, action.trekker, action.date_phrase)


def said_in_a_line(*words: str) -> str:
    """Who does what, and when, as far as that is known."""
    return "; ".join(word for word in words if word)


def _phrases(rows: Sequence[t.ReadingRow], entry: Entry) -> tuple[list[tuple[str, str, str]], set[bool]]:
    """The phrases that differ, and in which of the two texts; what a person confirmed and history do not count."""
    pairs = paired(entry, rows)
    beside: dict[int, EntryReading] = {id_of(pair.row): pair.reading for pair in pairs if pair.row is not None}
    known = [row for row in rows if row.from_agenda in parts_in(entry)]
    both: list[tuple[t.ReadingRow | None, EntryReading | None]] = [(row, beside.get(id_of(row))) for row in known]
    both += [(pair.row, pair.reading) for pair in pairs if pair.row is None or pair.row not in known]
    phrases: list[tuple[str, str, str]] = []
    parts: set[bool] = set()
    for row, reading in both:
        if (row and reading and is_same(row, reading)) or (row and not reading and is_kept(row, entry)):
            continue
        old = _reading_words(register.reading_value(row), row.phrase) if row else ""
        new = _reading_words(reading.reading, reading.phrase) if reading else ""
        phrases.append(("termijn", old, new))
        parts.add(reading.from_agenda if reading else bool(row and row.from_agenda))
    return phrases, parts


def _was_read(known: Known, row: t.AgreementRow, parts: set[bool]) -> bool:
    """Whether what differs was read from a document before: then somebody must say that it may change."""
    sources = [row.agenda_source if agenda else row.source for agenda in parts]
    return any(read_from(source, known.documents) for source in sources)


def _reading_words(reading: Any, phrase: str) -> str:
    due = f" (uiterlijk {day_words(reading.due)})" if reading.due else ""
    return f"“{phrase}”{due}{' twijfel' if reading.doubtful else ''}"


def _words(value: Any, names: Mapping[str, str]) -> str:
    """As a person reads it: parties by their name."""
    return (
        ", ".join(names.get(one, one) for one in value)
        if isinstance(value, list)
        else str(value if value is not None else "")
    )
