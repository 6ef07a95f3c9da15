"""What a page shows of documents that were read in: what is not understood first, in the order in which people count,
and the same question once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cycle.actions.register.folders.column_naming import NamedColumn, columns_of
from cycle.actions.register.matching.comparing import Change
from cycle.actions.register.matching.pairing import Question
from cycle.actions.register.reading_in.import_page import doubt_readings
from cycle.actions.register.reading_in.import_report import ImportReport
from cycle.domain.days import parse_day
from cycle.domain.text import natural
from cycle.domain.words import day_words
from cycle.errors import Fault
from cycle.intake import DocumentRow, ReadDocument


@dataclass(frozen=True, slots=True)
class DoubtPlace:
    """Where a doubtful phrase stands: under which number, and the whole sentence."""

    number: str
    topic: str
    sentence: str
    place: str


@dataclass(frozen=True, slots=True)
class SameDoubt:
    """One question, with all places that ask it."""

    phrase: str
    readings: tuple[str, ...]
    why: str
    places: tuple[DoubtPlace, ...]


@dataclass(frozen=True, slots=True)
class NewLine:
    """A new agreement with its text, and each thing that it asks: by whom, and until when."""

    number: str
    topic: str
    text: str
    asks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadIn:
    """All that the page shows; `chosen` are the boxes that are ticked, and `columns` those of each file."""

    report: ImportReport
    questions: tuple[Question, ...]
    asked: tuple[SameDoubt, ...]
    settled: tuple[SameDoubt, ...]
    new: tuple[NewLine, ...]
    changes: tuple[Change, ...]
    counts: tuple[tuple[str, tuple[str, ...]], ...]
    columns: tuple[tuple[str, list[NamedColumn]], ...] = ()
    chosen: frozenset[str] = field(default_factory=frozenset)

    @property
    def selected_of_themselves(self) -> list[str]:
        """What is taken over unless somebody takes its tick away."""
        return self_selecting(self.report)

    @property
    def possible(self) -> list[DocumentRow]:
        """What the running text of all documents seems to ask, in the order in which `import_files` counts it."""
        return [row for document in self.report.documents for row in document.unnumbered]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was read that could be kept."""
        return not (self.report.read.entries or any(document.stock for document in self.report.documents))

    @property
    def problems(self) -> list[Fault]:
        """What went wrong; figures and names that wait have a box of their own."""
        apart = (*self.report.figures_waiting, *self.report.themes_waiting)
        return [one for one in self.report.problems if one not in apart]

    @staticmethod
    def found_in(document: ReadDocument) -> str:
        """How much of what a document holds, of what it holds at all."""
        counted = (
            (len(document.agreements), "afspraak", "afspraken"),
            (len(document.agenda), "agendarij", "agendarijen"),
            (len(document.unnumbered), "mogelijke actie in de tekst", "mogelijke acties in de tekst"),
        )
        words = [f"{count} {single if count == 1 else plural}" for count, single, plural in counted if count]
        return ", ".join(words) or "geen afspraken"

    @staticmethod
    def is_to_look_at(columns: Iterable[NamedColumn]) -> bool:
        """Whether one of these columns is not known by its heading alone."""
        return any(one.said or "geraden" in one.meaning or " of " in one.meaning for one in columns)

    @property
    def is_any(self) -> bool:
        """Whether anything can be kept."""
        rows = self.new or self.changes or self.report.differences.renumbered or self.questions or self.possible
        return bool(rows or self.report.figures or self.report.figures_waiting or self.report.themes)


def read_in_of(
    report: ImportReport, names: Mapping[str, str], chosen: Collection[str] | None, words: Mapping[str, str]
) -> ReadIn:
    """The page of a report; `names` are those of parties, `chosen` None until somebody chose, and `words` what columns
    are for this covenant."""
    differences = report.differences
    return ReadIn(
        report,
        tuple(sorted(differences.questions, key=lambda one: natural(one.number))),
        _together(one for one in report.doubts if not one.get("settled")),
        _together(one for one in report.doubts if one.get("settled")),
        _new_lines(report, names),
        tuple(sorted(differences.changes, key=lambda one: natural(one.number))),
        (
            ("nieuw", _sorted(differences.new)),
            ("veranderd", _sorted(differences.changed)),
            ("hernummerd", _sorted(one.new for one in differences.renumbered)),
            ("te vragen", _sorted(one.number for one in differences.questions)),
            ("gelijk", _sorted(differences.unchanged)),
            ("niet meer gevonden (blijft staan)", _sorted(differences.gone)),
        ),
        tuple((document.file, columns_of(document, words)) for document in report.documents),
        frozenset(self_selecting(report) if chosen is None else chosen),
    )


def self_selecting(report: ImportReport) -> list[str]:
    """What is new, what no document said before, and the other numbers of what is the same."""
    differences = report.differences
    unasked = [change.number for change in differences.changes if not change.asks]
    return [*differences.new, *unasked, *(number_box(one.new) for one in differences.renumbered)]


def every_box(report: ImportReport) -> list[str]:
    """All that can be ticked."""
    differences = report.differences
    return [*differences.new, *differences.changed, *(number_box(one.new) for one in differences.renumbered)]


def number_box(number: str) -> str:
    """The value of the box for getting another number."""
    return f"nummer {number}"


def _together(doubts: Iterable[Mapping[str, Any]]) -> tuple[SameDoubt, ...]:
    """Doubts about the same words with the same readings are one question."""
    places: dict[tuple[str, tuple[str, ...], str], list[DoubtPlace]] = defaultdict(list)
    for doubt in sorted(doubts, key=lambda one: natural(one["number"])):
        phrase = doubt.get("phrase", "")
        why = doubt.get("settled") or doubt["what"]
        place = DoubtPlace(doubt["number"], doubt["topic"], doubt.get("text", ""), doubt["place"])
        places[phrase, tuple(doubt_readings(doubt)), why].append(place)
    return tuple(SameDoubt(*question, tuple(where)) for question, where in places.items())


def _new_lines(report: ImportReport, names: Mapping[str, str]) -> tuple[NewLine, ...]:
    new = set(report.differences.new)
    asks: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for line in report.asks:
        asks[line["number"]].append(line)
    entries = sorted((pair.entry for pair in report.read.entries), key=lambda one: natural(one.number))
    return tuple(
        _new_line(one.number, one.topic, one.text or one.agenda_text, asks[one.number], names)
        for one in entries
        if one.number in new
    )


def _new_line(
    number: str, topic: str, text: str, asks: Iterable[Mapping[str, Any]], names: Mapping[str, str]
) -> NewLine:
    return NewLine(number, topic, text, tuple(_asked_words(line, names, text) for line in asks))


def _asked_words(line: Mapping[str, Any], names: Mapping[str, str], text: str) -> str:
    """One thing that is asked: what (unless it is the `text` above it), who, and until when beside the words that were
    read as that."""
    day = parse_day(line["due"]) if line["due"] else None
    who = " en ".join(names.get(slug, slug) for slug in line["leads"]) or "zonder trekker"
    until = f"uiterlijk {day_words(day)}" if day else "zonder datum"
    words = f"“{line['phrase']}”: " if line["phrase"] else ""
    asked = f"{who}, {words}{until}{', twijfel' if line['doubtful'] else ''}"
    return asked if line["text"] == text else f"{line['text']} ({asked})"


def _sorted(numbers: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(numbers, key=natural))
