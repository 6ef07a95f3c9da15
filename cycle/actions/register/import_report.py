"""What an import has to say: what was read, what differs, what is doubtful and what went wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cycle.actions.deadlines.year_upkeep import YearChanges
from cycle.actions.register.comparing import Differences
from cycle.domain.words import day_words
from cycle.domain.year import Agreement, AgreementReading, Step, settled_by, settled_readings, step_taking_in
from cycle.errors import Fault
from cycle.intake import ReadDocument, document_as_json
from cycle.intake.register import Entry
from cycle.store import register


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import read, what it changes, what is doubtful and what went wrong.

    `leads` lists where framework and agenda name other leads or other numbers.
    """

    covenant: str
    documents: tuple[ReadDocument, ...]
    differences: Differences
    doubts: tuple[dict[str, Any], ...]
    problems: tuple[Fault, ...]
    leads: tuple[dict[str, Any], ...] = ()
    upkeep: YearChanges | None = None
    covenant_changed: bool = False

    def as_json(self) -> dict[str, Any]:
        """The stable shape of `cycle import --check --json` (design section 5), with each change and what waits."""
        counts = self.differences
        return {
            "documents": [document_as_json(document) for document in self.documents],
            "register": {
                "new": len(counts.new),
                "changed": len(counts.changed),
                "unchanged": len(counts.unchanged),
                "gone": len(counts.gone),
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
            "leads": list(self.leads),
        }


def doubts_in(entries: Sequence[Entry], steps: Sequence[Step] = ()) -> tuple[dict[str, Any], ...]:
    """What a person must look at: readings with a rival, and rows that were matched with a remark.

    `settled` says what decides instead of a person, where something does.
    """
    doubts: list[dict[str, Any]] = []
    for entry in entries:
        if entry.remark:
            place = entry.agenda_source or entry.source
            doubts.append({"number": entry.number, "topic": entry.topic, "what": entry.remark, "place": place})
        agreement = agreement_of(entry)
        for doubted in agreement.readings:
            if doubted.reading.doubtful:
                data = [register.other_as_data(reading) for reading in (doubted.reading, *doubted.reading.others)]
                doubts.append(
                    {
                        "number": entry.number,
                        "topic": entry.topic,
                        "phrase": doubted.phrase,
                        "what": doubted.reading.reason,
                        "readings": data,
                        "place": doubted.source,
                        "settled": why_settled(doubted, agreement, steps),
                    }
                )
    return tuple(doubts)


def agreement_of(entry: Entry) -> Agreement:
    """What was read as the year will see it: the agenda's words and leads win for an action."""
    return Agreement(
        entry.number,
        entry.theme,
        entry.topic,
        entry.agenda_text or entry.text,
        entry.agenda_leads or entry.leads,
        tuple(
            AgreementReading(one.ref, one.phrase, one.reading, one.from_agenda, one.source) for one in entry.readings
        ),
        framework=entry.text if entry.agenda_text else "",
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
