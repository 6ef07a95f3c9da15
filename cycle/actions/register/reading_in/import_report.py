"""What an import has to say: what was read, what differs, what is doubtful and what went wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from cycle.actions.deadlines.upkeep.year_upkeep import YearChanges
from cycle.actions.register.folders.folder_year import FolderDiffers
from cycle.actions.register.matching.comparing import Differences, Known
from cycle.actions.register.matching.pairing import PairedEntry, PairedRegister, paired_actions
from cycle.actions.register.matching.rows_saving import paired
from cycle.domain.agreement import Agreement, AgreementReading
from cycle.domain.figures import StockFigure
from cycle.domain.model import Reading
from cycle.domain.reading_rules import rule_of
from cycle.domain.rules import occurrences, words_of
from cycle.domain.settled_readings import settled_by, settled_readings
from cycle.domain.taking_in import step_taking_in
from cycle.domain.term import TermDays
from cycle.domain.text import clean_lines
from cycle.domain.words import day_words
from cycle.domain.year_steps import Step
from cycle.errors import Fault
from cycle.intake import ReadDocument, document_as_json
from cycle.intake.document import ThemeRead
from cycle.intake.register import Entry, EntryReading, entry_of_action
from cycle.store import register
from cycle.store.ids import id_of
from cycle.store.tables import ActionRow, AgreementRow

NOTHING_KNOWN = Known()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import read, what it changes, what is doubtful and what went wrong.

    `leads` lists where framework and agenda name other leads or other numbers; `asks` what would be kept of it, a line
    for each day, and `read` all of it beside the register; `repeats` what comes back by a rule; `figures` what is
    written down of stocks of homes, `figures_waiting` a line (also among `problems`) for each other than before;
    `themes` and `themes_waiting` are the same of what themes are called; `steps` where the year of the folder is
    another than the one made at the desk, and `table` what else the folder has otherwise than the table, or not at all.
    """

    covenant: str
    documents: tuple[ReadDocument, ...]
    differences: Differences
    doubts: tuple[dict[str, Any], ...]
    problems: tuple[Fault, ...]
    leads: tuple[dict[str, Any], ...] = ()
    asks: tuple[dict[str, Any], ...] = ()
    read: PairedRegister = field(default_factory=PairedRegister)
    upkeep: YearChanges | None = None
    covenant_changed: bool = False
    repeats: tuple[dict[str, Any], ...] = ()
    figures: tuple[StockFigure, ...] = ()
    figures_waiting: tuple[Fault, ...] = ()
    themes: tuple[ThemeRead, ...] = ()
    themes_waiting: tuple[Fault, ...] = ()
    steps: tuple[FolderDiffers, ...] = ()
    table: tuple[FolderDiffers, ...] = ()
    other_term: TermDays | None = None

    def as_json(self) -> dict[str, Any]:
        """The stable shape of `cycle import --check --json` (design section 5), with each change and what waits."""
        counts, term = self.differences, self.other_term
        asked = {"term": {"start": str(term.start), "end": str(term.end)}} if term is not None else {}
        return asked | {
            "documents": [document_as_json(document) for document in self.documents],
            "register": {
                "new": len(counts.new),
                "changed": len(counts.changed),
                "unchanged": len(counts.unchanged),
                "gone": len(counts.gone),
                "renumbered": [{"from": one.old, "to": one.new, "topic": one.topic} for one in counts.renumbered],
                "split": [{"from": was, "to": becomes} for was, becomes in counts.split],
                "joined": [{"from": was, "to": becomes} for was, becomes in counts.joined],
                "deadlines": list(self.asks),
            },
            "doubts": list(self.doubts),
            "problems": [{"place": one.place, "what": one.what, "hint": one.hint} for one in self.problems],
            "changes": [
                {
                    "number": change.number,
                    "topic": change.topic,
                    "waiting": change.number in counts.waiting,
                    "what": [{"field": name, "old": old, "new": new} for name, old, new in change.what],
                }
                for change in counts.changes
            ],
            "gone": list(counts.gone),
            "questions": [asdict(question) for question in counts.questions],
            "leads": list(self.leads),
            "repeats": list(self.repeats),
            "steps": [asdict(one) for one in self.steps],
            "table": [asdict(one) for one in self.table],
        }


def doubts_in(
    read: PairedRegister, steps: Sequence[Step] = (), known: Known = NOTHING_KNOWN
) -> tuple[dict[str, Any], ...]:
    """What a person must look at: readings with a rival, and rows that were matched with a remark.

    What somebody decided about the same words is no question any more.
    `settled` says what decides instead of a person, where something does.
    """
    doubts: list[dict[str, Any]] = []
    for pair in read.entries:
        entry = pair.entry
        if entry.remark:
            place = entry.agenda_source or entry.source
            doubts.append({"number": entry.number, "topic": entry.topic, "what": entry.remark, "place": place})
        for task, doubted in doubted_in(agreement_of(pair, known)):
            data = [register.other_as_data(reading) for reading in (doubted.reading, *doubted.reading.others)]
            doubts.append(
                {
                    "number": entry.number,
                    "topic": task.topic,
                    "text": task.text if doubted.from_agenda else task.framework or task.text,
                    "phrase": doubted.phrase,
                    "what": doubted.reading.reason,
                    "readings": data,
                    "place": doubted.source,
                    "settled": why_settled(doubted, task, steps),
                }
            )
    return tuple(doubts)


def doubted_in(agreement: Agreement) -> Iterator[tuple[Agreement, AgreementReading]]:
    """The doubtful readings of an agreement and its further actions, each with what asks it."""
    for task in agreement.tasks:
        for reading in task.readings:
            if reading.reading.doubtful:
                yield task, reading


def agreement_of(pair: PairedEntry, known: Known = NOTHING_KNOWN) -> Agreement:
    """What was read as the year will see it: the agenda's words and leads win for an action, and what somebody decided
    about a phrase stays."""
    row = pair.row if pair.question is None else None
    entry = as_decided(pair.entry, row, known) if row is not None else pair.entry
    actions = tuple(
        Agreement(
            entry.number,
            entry.theme,
            one.topic,
            one.text,
            one.leads,
            _readings_of(one.readings),
        )
        for one in entry.actions
    )
    return Agreement(
        entry.number,
        entry.theme,
        entry.topic,
        entry.agenda_text or entry.text,
        entry.agenda_leads or entry.leads,
        _readings_of(entry.readings),
        framework=entry.text if entry.agenda_text else "",
        id=id_of(row) if row is not None else 0,
        actions=tuple(replace(one, id=id_of(row) if row is not None else 0) for one in actions),
    )


def as_decided(entry: Entry, row: AgreementRow, known: Known) -> Entry:
    """The entry with the readings that somebody decided on, where the words are still the same."""
    rows = known.actions.get(id_of(row), ())
    actions = tuple(
        replace(action, readings=_decided(entry_of_action(action, mine.position), mine, known)) if mine else action
        for action, mine in paired_actions(entry, rows[1:])
    )
    return replace(entry, readings=_decided(entry, rows[0], known) if rows else entry.readings, actions=actions)


def _decided(entry: Entry, action: ActionRow, known: Known) -> tuple[EntryReading, ...]:
    readings = []
    for pair in paired(entry, known.readings.get(id_of(action), ())):
        row, reading = pair.row, pair.reading
        is_decided = row is not None and row.confirmed_by and row.phrase == clean_lines(reading.phrase)
        readings.append(replace(reading, reading=register.reading_value(row)) if row and is_decided else reading)
    return tuple(readings)


def _readings_of(readings: Sequence[EntryReading]) -> tuple[AgreementReading, ...]:
    return tuple(AgreementReading(one.ref, one.phrase, one.reading, one.from_agenda, one.source) for one in readings)


def asks_of(read: PairedRegister, steps: Sequence[Step], known: Known = NOTHING_KNOWN) -> tuple[dict[str, Any], ...]:
    """What would be kept of what was read: each day that it asks, and what is asked without one (`register.deadlines`).

    What a step of the year takes in is asked of its leads.
    """
    return tuple(
        line for pair in read.entries for task in agreement_of(pair, known).tasks for line in _kept(task, steps)
    )


def _kept(task: Agreement, steps: Sequence[Step]) -> Iterator[dict[str, Any]]:
    settled = settled_readings(task.readings)
    refs = {one.ref for one in settled}
    doubted = [one for _, one in doubted_in(replace(task, actions=())) if one.ref not in refs]
    for reading in (*settled, *(one for one in doubted if not why_settled(one, task, steps))):
        for start, due in _days_of(reading.reading):
            step = step_taking_in((start, due), task, steps)
            leads = step.leads if step is not None else task.leads
            yield _line(task, reading.phrase, leads, start, due, doubtful=reading.reading.doubtful)
    if task.leads and not settled and not doubted:
        yield _line(task, task.readings[0].phrase if task.readings else "", task.leads, None, None, doubtful=False)


def _days_of(reading: Reading) -> list[tuple[date | None, date | None]]:
    """The times of a reading in its first year, and in all years where it names its last one."""
    rule = rule_of(reading)
    if rule is None or reading.due is None:
        return [(reading.window_start, reading.due)]
    last = min(reading.until.year, reading.due.year + MOST_YEARS) if reading.until else reading.due.year
    times = [one for year in range(reading.due.year, last + 1) for one in occurrences(rule, year)]
    return [(one.start, one.due) for one in times if reading.until is None or one.due <= reading.until]


def _line(
    task: Agreement, phrase: str, leads: Sequence[str], start: date | None, due: date | None, *, doubtful: bool
) -> dict[str, Any]:
    return {
        "number": task.number,
        "text": task.text or task.framework or task.topic,
        "leads": list(leads),
        "phrase": phrase,
        "window_start": start.isoformat() if start else None,
        "due": due.isoformat() if due else None,
        "doubtful": doubtful,
    }


MOST_YEARS = 5  # of what comes back for some years


def repeats_in(entries: Sequence[Entry]) -> tuple[dict[str, Any], ...]:
    """What comes back on other days in each year, with its rule in words ("elk jaar vóór Pasen")."""
    return tuple(
        {
            "number": entry.number,
            "topic": entry.topic,
            "phrase": one.phrase,
            "rule": words_of(one.reading.rule),
            "place": one.source,
        }
        for entry in entries
        for one in entry.readings
        if one.reading.rule is not None
    )


def why_settled(reading: AgreementReading, agreement: Agreement, steps: Sequence[Step]) -> str:
    """What decides about a doubtful phrase so that nobody need be asked, "" when nothing does."""
    readings = agreement.readings
    framework = [other for other in readings if not other.from_agenda and other.reading.due]
    exact = settled_by(reading, framework) if reading.from_agenda else None
    if exact is not None and exact.reading.due:
        return f"De raamovereenkomst noemt zelf een dag (“{exact.phrase}”: {day_words(exact.reading.due)})."
    step = step_taking_in((reading.reading.window_start, reading.reading.due), agreement, steps)
    if step is not None:
        return f"De stap “{step.title}” van het jaar geeft de datum."
    if reading.reading.due and reading.ref not in {kept.ref for kept in settled_readings(readings)}:
        return "Een andere termijn bij deze afspraak zegt het preciezer."
    return ""


def lead_differences(entries: Sequence[Entry]) -> tuple[dict[str, Any], ...]:
    """Where framework and agenda differ in who leads, or in the number; for an action the agenda's lead counts."""
    differences: list[dict[str, Any]] = []
    for entry in entries:
        both = bool(entry.source and entry.agenda_source)
        about = {"number": entry.number, "topic": entry.topic, "place": entry.agenda_source}
        if both and entry.agenda_leads and set(entry.agenda_leads) != set(entry.leads):
            differences.append(about | {"what": "trekker", "framework": entry.trekker, "agenda": entry.agenda_trekker})
        if both and entry.agenda_number not in ("", entry.number):
            differences.append(about | {"what": "nummer", "framework": entry.number, "agenda": entry.agenda_number})
    return tuple(differences)
