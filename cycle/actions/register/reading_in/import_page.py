"""The report of an import as one page that a secretary can print and put beside the document."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cycle.actions.office.report_pages import report_page
from cycle.actions.register.reading_in.import_report import ImportReport
from cycle.domain.reading_rules import words_of_reading
from cycle.errors import CycleError, reason_of
from cycle.private import write_file
from cycle.settings import Settings
from cycle.store import register


def write_report_page(settings: Settings, report: ImportReport, outcome: str, file: Path) -> None:
    """Writes the page.

    Raises CycleError when it cannot be written.
    """
    counts = report.differences
    named = (
        ("nieuw", counts.new),
        ("veranderd", counts.changed),
        ("gelijk", counts.unchanged),
        ("hernummerd", [f"{one.old} → {one.new}" for one in counts.renumbered]),
        ("te vragen", [one.number for one in counts.questions]),
        ("niet meer gevonden (blijft staan)", counts.gone),
    )
    empty = {"phrase": "", "settled": ""}
    doubts = [(empty | one, doubt_readings(one)) for one in report.doubts]
    page = report_page(settings, "import", report=report, outcome=outcome, counts=named, doubts=doubts)
    try:
        write_file(file, page.encode())
    except OSError as error:
        raise CycleError(f"{file} is niet te schrijven: {reason_of(error)}.", "Kies een andere plek.") from None


def doubt_readings(doubt: Mapping[str, Any]) -> list[str]:
    """The readings of a doubt side by side, each in a few words."""
    return [_words(one) for one in doubt.get("readings", ())]


def _words(reading: Mapping[str, Any]) -> str:
    return words_of_reading(register.reading_from(reading))
