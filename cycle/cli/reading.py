"""`cycle read`: phrases and how they are understood. It opens no database."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cycle.cli.console import say, say_json
from cycle.errors import CycleError, Unreadable

if TYPE_CHECKING:  # importing this takes a while, and `--help` needs none of it
    from cycle.settings import Settings


def readings_of(phrase: str, on: str, file: Path | None) -> list[dict[str, Any]]:
    """The readings of one phrase, or of each line of a file.

    Raises CycleError for a reference that is no date, Unreadable for a file that cannot be read.
    """
    from cycle.domain.dutch import read
    from cycle.intake import Phrase, reading_as_json
    from cycle.settings import load_settings

    settings = load_settings()
    conventions = settings.reading.conventions()
    asked = _lines_of(file) if file is not None else [(phrase, on)]
    readings = []
    for words, when in asked:
        reference = _reference(when, settings)
        data = reading_as_json(Phrase(words, read(words, reference, conventions)))
        readings.append({"phrase": words, "on": when or str(reference.as_date())} | data)
    return readings


def print_readings(readings: Sequence[dict[str, Any]], *, many: bool, as_json: bool) -> None:
    """One document for one phrase, a list for a file."""
    if as_json:
        say_json(list(readings) if many else readings[0])
        return
    for reading in readings:
        period = " t/m ".join(day for day in (reading["window_start"], reading["due"]) if day) or "geen datum"
        say(f"{reading['phrase']}: {period}{' (twijfel)' if reading['doubtful'] else ''}", f"  {reading['reason']}")
        for other in reading["readings"][1:]:
            say(f"  of: {other['window_start'] or ''} t/m {other['due'] or '?'}: {other['reason']}")


def _reference(text: str, settings: "Settings") -> Any:
    """The reference as given, else today."""
    from cycle.clock import now
    from cycle.domain.days import EVER
    from cycle.domain.dutch import Reference, reference

    if not text:
        today = settings.local_day(now())
        return Reference(today.year, today.month, today.day)
    try:
        parsed = reference(text)
    except ValueError as error:
        raise CycleError(str(error), "Schrijf JJJJ, JJJJ-MM of JJJJ-MM-DD.") from None
    EVER.refuse_year(parsed.year)
    return parsed


def _lines_of(file: Path) -> list[tuple[str, str]]:
    """Each line: the phrase, a TAB, the reference."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Unreadable(f"{file} is niet te lezen: {error.strerror}.", "Controleer het pad.") from None
    except UnicodeDecodeError:
        raise Unreadable(f"{file} is geen UTF-8.", "Sla het op als UTF-8.") from None
    rows = [line.partition("\t") for line in text.split("\n") if line.strip()]
    return [(phrase, on.strip()) for phrase, _tab, on in rows]
