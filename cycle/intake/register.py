"""From rows to the register: one entry per agreement, with its agenda row and its readings.

Two sources give the same entries: the documents that the table really has, and a table of facts that an example or
an export brings (`register_table.py`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from cycle.domain.model import Reading
from cycle.intake.document import DocumentRow, ReadDocument
from cycle.intake.matching import match


@dataclass(frozen=True, slots=True)
class EntryReading:
    """One phrase of an entry. `ref` names it for ever within the agreement: where it stands and its words.

    Only an export says who confirmed a reading, and which readings stand in an older agenda than that of the entry.
    """

    ref: str
    phrase: str
    reading: Reading
    from_agenda: bool
    source: str
    agenda_year: int | None = None
    confirmed_by: str = ""
    confirmed_at: datetime | None = None


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
    agenda_number: str = ""
    agenda_year: int | None = None


def entries_of(documents: Iterable[ReadDocument]) -> tuple[Entry, ...]:
    """The register that documents give; where several have the same agreement, the first counts.

    An agreement with several actions of the agenda is one entry with the readings of all of them.
    """
    entries: dict[str, Entry] = {}
    for document in documents:
        mine: dict[str, Entry] = {}
        for pair in match(document.agreements, document.agenda):
            entry = _entry(pair.agreement, pair.agenda, pair.remark, document.agenda_year)
            known = mine.get(entry.number)
            mine[entry.number] = _with_more(known, entry) if known else entry
        for number, entry in mine.items():
            entries[number] = _completed(entries[number], entry) if number in entries else entry
    return tuple(entries.values())


def ref_of(phrase: str, *, from_agenda: bool) -> str:
    """The lasting name of a phrase within its agreement."""
    words = re.sub(r"\W+", "-", phrase.lower()).strip("-")
    return f"{'agenda' if from_agenda else 'raam'}:{words}"


def _entry(agreement: DocumentRow | None, agenda: DocumentRow | None, remark: str, year: int | None) -> Entry:
    """An agreement and its agenda row as one entry; an agenda row without agreement stands on its own."""
    main = agreement or agenda
    if main is None:
        raise ValueError("a match without rows")
    entry = Entry(
        main.number,
        main.theme,
        main.topic,
        agreement.text if agreement else "",
        agreement.trekker if agreement else "",
        agreement.leads if agreement else (),
        agreement.source if agreement else "",
        readings=_readings_of(agreement, agenda, year),
        remark=remark,
    )
    if agenda is None:
        return entry
    return replace(
        entry,
        agenda_topic=agenda.topic,
        agenda_text=agenda.text,
        agenda_trekker=agenda.trekker,
        agenda_leads=agenda.leads,
        agenda_date=agenda.date_phrase,
        agenda_source=agenda.source,
        agenda_number=agenda.number,
        agenda_year=year,
    )


def _readings_of(
    agreement: DocumentRow | None, agenda: DocumentRow | None, year: int | None
) -> tuple[EntryReading, ...]:
    """Readings with their lasting names; the same words a second time in one text are the same reading."""
    named: dict[str, EntryReading] = {}
    for row, from_agenda in ((agreement, False), (agenda, True)):
        for phrase in row.phrases if row else ():
            ref = ref_of(phrase.text, from_agenda=from_agenda)
            entry_reading = EntryReading(
                ref, phrase.text, phrase.reading, from_agenda, row.source if row else "", year if from_agenda else None
            )
            named.setdefault(ref, entry_reading)
    return tuple(named.values())


def _with_more(known: Entry, more: Entry) -> Entry:
    """A second action under the same number: its readings come along, the first action's words stay."""
    readings = {one.ref: one for one in (*known.readings, *more.readings)}
    whole = known if known.agenda_source else _with_agenda_of(known, more)
    remark = " ".join(filter(None, (known.remark, more.remark)))
    return replace(whole, readings=tuple(readings.values()), remark=remark)


def _completed(known: Entry, more: Entry) -> Entry:
    """What a second document adds to the first: the framework or the agenda that the first did not have."""
    readings = {one.ref: one for one in more.readings} | {one.ref: one for one in known.readings}
    if known.source and not known.agenda_source and more.agenda_source:
        agenda = [one for one in readings.values() if one.from_agenda]
        own = [one for one in known.readings if not one.from_agenda]
        return replace(_with_agenda_of(known, more), readings=(*own, *agenda), remark="")
    if known.agenda_source and not known.source and more.source:
        own = [one for one in more.readings if not one.from_agenda]
        agenda = [one for one in known.readings if one.from_agenda]
        return replace(_with_agenda_of(more, known), readings=(*own, *agenda), remark="")
    return known


def _with_agenda_of(entry: Entry, other: Entry) -> Entry:
    return replace(
        entry,
        agenda_topic=other.agenda_topic,
        agenda_text=other.agenda_text,
        agenda_trekker=other.agenda_trekker,
        agenda_leads=other.agenda_leads,
        agenda_date=other.agenda_date,
        agenda_source=other.agenda_source,
        agenda_number=other.agenda_number,
        agenda_year=other.agenda_year,
    )
