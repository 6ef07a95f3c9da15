"""From rows to the register: one entry per agreement, with its agenda row and its readings.

Two sources give the same entries: the documents that the table really has, and `agreements.csv`, the register as a
table of facts that an example or an export brings.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from cycle.domain.dutch import Reference, read
from cycle.domain.model import Conventions, Group, Party, Reading
from cycle.errors import Fault, Unreadable
from cycle.intake.document import Document, Row
from cycle.intake.leads import resolve_leads
from cycle.intake.matching import match

COLUMNS = (
    "nummer", "thema", "onderwerp", "afspraak", "trekker", "termijnen",
    "agenda_nummer", "agenda_trekker", "agenda_datum", "agenda_termijnen",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EntryReading:
    """One phrase of an entry. `ref` names it for ever within the agreement: where it stands and its words."""

    ref: str
    phrase: str
    reading: Reading
    from_agenda: bool
    source: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One agreement of the register with its agenda row (empty where the agenda has none)."""

    number: str
    theme: str
    topic: str
    text: str
    trekker: str
    leads: tuple[str, ...]
    source: str
    agenda_topic: str = ""
    agenda_text: str = ""
    agenda_trekker: str = ""
    agenda_leads: tuple[str, ...] = ()
    agenda_date: str = ""
    agenda_source: str = ""
    readings: tuple[EntryReading, ...] = ()
    remark: str = ""


def entries_of(documents: Iterable[Document]) -> tuple[Entry, ...]:
    """The register that documents give; where several have the same agreement, the first counts.

    An agreement with several actions of the agenda is one entry with the readings of all of them.
    """
    found: dict[str, Entry] = {}
    for document in documents:
        mine: dict[str, Entry] = {}
        for pair in match(document.agreements, document.agenda):
            entry = _entry(pair.agreement, pair.agenda, pair.remark)
            known = mine.get(entry.number)
            mine[entry.number] = _with_more(known, entry) if known else entry
        found = mine | found
    return tuple(found.values())


def read_register(
    file: Path, parties: Sequence[Party], groups: Sequence[Group], conventions: Conventions, on: date
) -> tuple[tuple[Entry, ...], tuple[Fault, ...]]:
    """The register in agreements.csv, and what is wrong in its rows.

    Raises Unreadable when the file is no such table.
    """
    entries, problems = [], []
    for line, row in _csv_rows(file):
        if not row["nummer"]:
            problems.append(Fault(f"{file.name}, regel {line}", "Deze rij heeft geen nummer.", "Vul de kolom nummer."))
            continue
        place = f"{file.name}, regel {line}"
        leads, faults = resolve_leads(row["trekker"], parties, groups)
        agenda_leads, agenda_faults = resolve_leads(row["agenda_trekker"], parties, groups)
        problems.extend(Fault(place, fault.what, fault.hint) for fault in (*faults, *agenda_faults))
        entries.append(_csv_entry(row, place, leads, agenda_leads, conventions, Reference(on.year)))
    doubles = [number for number, times in Counter(entry.number for entry in entries).items() if times > 1]
    problems.extend(
        Fault(file.name, f"Afspraak {number} staat er meer dan eens.", "Laat één rij staan.") for number in doubles
    )
    return tuple({entry.number: entry for entry in entries}.values()), tuple(problems)


def _entry(agreement: Row | None, agenda: Row | None, remark: str) -> Entry:
    """An agreement and its agenda row as one entry; an agenda row without agreement stands on its own."""
    main = agreement or agenda
    if main is None:
        raise ValueError("a match without rows")
    readings = _named(
        [(phrase.text, phrase.reading, False, agreement.source) for phrase in agreement.phrases] if agreement else [],
        [(phrase.text, phrase.reading, True, agenda.source) for phrase in agenda.phrases] if agenda else [],
    )
    entry = Entry(
        main.number, main.theme, main.topic, agreement.text if agreement else "",
        agreement.trekker if agreement else "", agreement.leads if agreement else (),
        agreement.source if agreement else "", readings=readings, remark=remark,
    )  # fmt: skip
    return entry if agenda is None else _with_agenda(entry, agenda)


def _with_more(known: Entry, more: Entry) -> Entry:
    """A second action under the same number: its readings come along, the first action's words stay."""
    readings = {one.ref: one for one in (*known.readings, *more.readings)}
    first = known if known.agenda_source else more
    return replace(
        known, agenda_topic=first.agenda_topic, agenda_text=first.agenda_text, agenda_trekker=first.agenda_trekker,
        agenda_leads=first.agenda_leads, agenda_date=first.agenda_date, agenda_source=first.agenda_source,
        readings=tuple(readings.values()), remark=" ".join(filter(None, (known.remark, more.remark))),
    )  # fmt: skip


def _with_agenda(entry: Entry, agenda: Row) -> Entry:
    return Entry(
        entry.number, entry.theme, entry.topic, entry.text, entry.trekker, entry.leads, entry.source, agenda.topic,
        agenda.text, agenda.trekker, agenda.leads, agenda.date_phrase, agenda.source, entry.readings, entry.remark,
    )  # fmt: skip


def _named(*lists: list[tuple[str, Reading, bool, str]]) -> tuple[EntryReading, ...]:
    """Readings with their lasting names; the same words a second time in one text are the same reading."""
    named: dict[str, EntryReading] = {}
    for phrase, reading, from_agenda, source in (one for several in lists for one in several):
        words = re.sub(r"\W+", "-", phrase.lower()).strip("-")
        ref = f"{'agenda' if from_agenda else 'raam'}:{words}"
        named.setdefault(ref, EntryReading(ref, phrase, reading, from_agenda, source))
    return tuple(named.values())


def _csv_rows(file: Path) -> list[tuple[int, dict[str, str]]]:
    """The rows with their line numbers."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.DictReader(stream, delimiter=";")
            missing = set(COLUMNS[:5]) - set(rows.fieldnames or ())
            if missing:
                raise Unreadable(
                    f"{file.name} mist de kolommen {', '.join(sorted(missing))}.", "Vergelijk met examples/terneuzen."
                )
            return [(rows.line_num, {key: (row.get(key) or "").strip() for key in COLUMNS}) for row in rows]
    except OSError as error:
        raise Unreadable(f"{file.name} is niet te lezen: {error.strerror}.", "Controleer het pad.") from None
    except (UnicodeDecodeError, csv.Error):
        raise Unreadable(f"{file.name} is geen geldige CSV.", "Sla het op als CSV in UTF-8 met puntkomma's.") from None


def _csv_entry(
    row: dict[str, str], place: str, leads: tuple[str, ...], agenda_leads: tuple[str, ...],
    conventions: Conventions, on: Reference,
) -> Entry:  # fmt: skip
    def phrases(column: str, *, from_agenda: bool) -> list[tuple[str, Reading, bool, str]]:
        words = [part.strip() for part in row[column].split("|") if part.strip()]
        return [(one, read(one, on, conventions), from_agenda, place) for one in words]

    has_agenda = bool(row["agenda_nummer"])
    return Entry(
        row["nummer"], row["thema"] or row["nummer"].split(".")[0], row["onderwerp"], row["afspraak"], row["trekker"],
        leads, place, row["onderwerp"] if has_agenda else "", "", row["agenda_trekker"], agenda_leads,
        row["agenda_datum"], place if has_agenda else "",
        _named(
            phrases("termijnen", from_agenda=False),
            [*phrases("agenda_datum", from_agenda=True), *phrases("agenda_termijnen", from_agenda=True)],
        ),
    )  # fmt: skip
