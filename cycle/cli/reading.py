"""`cycle read`: phrases and how they are understood. It opens no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cycle.cli.console import say, say_json
from cycle.errors import CycleError, Unreadable, reason_of

if TYPE_CHECKING:  # importing this takes a while, and `--help` needs none of it
    from cycle.settings import Settings


@dataclass(frozen=True, slots=True)
class ReadPhrase:
    """A phrase as `cycle read --json` shows it, and how it comes round, in words; empty for what does not."""

    data: dict[str, Any]
    rule_words: str = ""


def readings_of(phrase: str, on: str, file: Path | None) -> list[ReadPhrase]:
    """The readings of one phrase, or of each line of a file.

    Raises CycleError for a reference that is no date, Unreadable for a file that cannot be read.
    """
    from cycle.domain.dutch import read
    from cycle.domain.model import ReadingKind
    from cycle.domain.reading_rules import rule_of
    from cycle.domain.rules import words_of
    from cycle.intake import Phrase, reading_as_json
    from cycle.settings import load_settings

    settings = load_settings()
    conventions = settings.reading.conventions()
    asked = _lines_of(file) if file is not None else [(phrase, on)]
    readings = []
    for words, when in asked:
        reference = _reference(when, settings)
        reading = read(words, reference, conventions)
        data = {"phrase": words, "on": when or str(reference.as_date())} | reading_as_json(Phrase(words, reading))
        rule = rule_of(reading) if reading.kind is ReadingKind.YEARLY else None
        readings.append(ReadPhrase(data, words_of(rule) if rule else ""))
    return readings


def print_readings(phrases: Sequence[ReadPhrase], *, many: bool, as_json: bool) -> None:
    """One document for one phrase, a list for a file."""
    if as_json:
        documents = [phrase.data for phrase in phrases]
        say_json(documents if many else documents[0])
        return
    for phrase in phrases:
        reading = phrase.data
        period = " t/m ".join(day for day in (reading["window_start"], reading["due"]) if day) or "geen datum"
        say(f"{reading['phrase']}: {period}{' (twijfel)' if reading['doubtful'] else ''}", f"  {reading['reason']}")
        if phrase.rule_words:
            say(f"  komt terug: {phrase.rule_words}")
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
        raise Unreadable(f"{file} is niet te lezen: {reason_of(error)}.", "Controleer het pad.") from None
    except UnicodeDecodeError:
        raise Unreadable(f"{file} is geen UTF-8.", "Sla het op als UTF-8.") from None
    rows = [line.partition("\t") for line in text.split("\n") if line.strip()]
    return [(phrase, on.strip()) for phrase, _tab, on in rows]
