"""What an import has to say: what was read, what differs, what is doubtful and what went wrong."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cycle.actions.deadlines.year_upkeep import YearChanges
from cycle.actions.register.comparing import Differences
from cycle.domain.rules import words_of
from cycle.domain.words import day_words
from cycle.domain.year import AgreementReading, Step, settled_by, settled_readings
from cycle.errors import Fault
from cycle.intake import ReadDocument, document_as_json
from cycle.intake.register import Entry
from cycle.store import register


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import read, what it changes, what is doubtful and what went wrong.

    `leads` lists where framework and agenda name other leads or other numbers, `repeats` what comes back by a rule.
    """

    covenant: str
    documents: tuple[ReadDocument, ...]
    differences: Differences
    doubts: tuple[dict[str, Any], ...]
    problems: tuple[Fault, ...]
    leads: tuple[dict[str, Any], ...] = ()
    upkeep: YearChanges | None = None
    covenant_changed: bool = False
    repeats: tuple[dict[str, Any], ...] = ()

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
            "repeats": list(self.repeats),
        }


def doubts_in(entries: Sequence[Entry], steps: Iterable[Step] = ()) -> tuple[dict[str, Any], ...]:
    """What a person must look at: readings with a rival, and rows that were matched with a remark.

    `settled` says what decides instead of a person, where something does.
    """
    absorbed = absorbing(steps)
    doubts: list[dict[str, Any]] = []
    for entry in entries:
        if entry.remark:
            place = entry.agenda_source or entry.source
            doubts.append({"number": entry.number, "topic": entry.topic, "what": entry.remark, "place": place})
        readings = [
            AgreementReading(one.ref, one.phrase, one.reading, one.from_agenda, one.source) for one in entry.readings
        ]
        for doubted in readings:
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
                        "settled": why_settled(doubted, readings, absorbed.get(entry.number, "")),
                    }
                )
    return tuple(doubts)


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


def why_settled(reading: AgreementReading, readings: Sequence[AgreementReading], step: str) -> str:
    """What decides about a doubtful phrase so that nobody need be asked, "" when nothing does."""
    framework = [other for other in readings if not other.from_agenda and other.reading.due]
    exact = settled_by(reading, framework) if reading.from_agenda else None
    if exact is not None and exact.reading.due:
        return f"De raamovereenkomst noemt zelf een dag (“{exact.phrase}”: {day_words(exact.reading.due)})."
    if step:
        return f"De stap “{step}” van het jaar geeft de datum."
    if reading.reading.due and reading.ref not in {kept.ref for kept in settled_readings(readings)}:
        return "Een andere termijn bij deze afspraak zegt het preciezer."
    return ""


def absorbing(steps: Iterable[Step]) -> dict[str, str]:
    """The step of the year that gives the dates of an agreement, by its number."""
    absorbed: dict[str, str] = {}
    for step in steps:
        for number in step.numbers:
            absorbed.setdefault(number, step.title)
    return absorbed


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
