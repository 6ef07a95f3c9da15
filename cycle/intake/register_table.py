"""The register as a table of facts: what an example brings, and what `cycle export` writes.

The first ten columns are for people. The others keep what those would lose: the agenda's own words, where each text
was read, (in `lezingen`) readings that the words alone do not give, such as one that somebody confirmed, and (`leidt`,
`agenda_leidt`) the parties that lead where the words stand for others by now, and (`blijvend`) why no round asks about
the agreement.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from cycle.domain.days import EVER
from cycle.domain.dutch import Reference, read
from cycle.domain.model import Conventions, Group, Party, Reading, ReadingKind
from cycle.domain.rule_data import as_data, from_data
from cycle.domain.rules import Rule, occurrences
from cycle.errors import Fault, Unreadable
from cycle.intake.document import DocumentRow, Phrase, ReadDocument
from cycle.intake.formats import blocks_of
from cycle.intake.headed import headed_rows
from cycle.intake.leads import Names, names_of
from cycle.intake.raw import Block
from cycle.intake.register import Entry, EntryReading, as_action, ref_of

COLUMNS = (
    "nummer",
    "thema",
    "onderwerp",
    "afspraak",
    "trekker",
    "termijnen",
    "agenda_nummer",
    "agenda_trekker",
    "agenda_datum",
    "agenda_termijnen",
)
KEEPING = (
    "agenda_onderwerp",
    "agenda_afspraak",
    "agenda_jaar",
    "bron",
    "agenda_bron",
    "lezingen",
    "leidt",
    "agenda_leidt",
    "blijvend",
)
NOBODY = "niemand"
"""What stands in `leidt` when no party leads, whoever the words name."""
NEEDED = COLUMNS[:6]


@dataclass(frozen=True, slots=True)
class RegisterTable:
    """The entries of such a table, and what is wrong in its rows."""

    entries: tuple[Entry, ...]
    problems: tuple[Fault, ...]

    def as_document(self, file: str) -> ReadDocument:
        """The same as rows, for whoever wants to see what was read."""
        agenda = tuple(_agenda_row(entry) for entry in self.entries if entry.agenda_source)
        return ReadDocument(
            file,
            tuple(_framework_row(entry) for entry in self.entries if entry.source),
            agenda,
            agenda_year=max((entry.agenda_year or 0 for entry in self.entries), default=0) or None,
            problems=self.problems,
        )


def read_register(
    file: Path, parties: Sequence[Party], groups: Sequence[Group], conventions: Conventions, on: date
) -> RegisterTable:
    """The register in a covenant folder. Phrases are read from the year of `on`.

    Raises Unreadable when the file is no such table.
    """
    names = names_of(tuple(parties), tuple(groups))
    register = register_of(blocks_of(file, names), file.name, names, conventions, on)
    if register is None:
        wanted = ", ".join(NEEDED)
        raise Unreadable(f"{file.name} mist kolommen; nodig zijn {wanted}.", "Vergelijk met examples/terneuzen.")
    return register


def register_of(
    blocks: Sequence[Block], file: str, names: Names, conventions: Conventions, on: date
) -> RegisterTable | None:
    """The register, if the first table has its headings."""
    rows = headed_rows(blocks, NEEDED)
    if rows is None:
        return None
    entries: dict[str, Entry] = {}
    problems: list[Fault] = []
    for place, cells in rows:
        row = dict.fromkeys(COLUMNS, "") | cells
        if not row["nummer"]:
            problems.append(Fault(place, "Deze rij heeft geen nummer.", "Vul de kolom nummer."))
            continue
        entry, faults = _Cells(row, place, names, conventions, on).entry()
        first = entries.get(entry.number)
        entries[entry.number] = replace(first, actions=(*first.actions, as_action(entry))) if first else entry
        problems.extend(faults)
    return RegisterTable(tuple(entries.values()), tuple(problems))


def joined_phrases(phrases: Sequence[str]) -> str:
    """Several phrases in one cell; a bar in a phrase gets a backslash."""
    return " | ".join(phrase.replace("\\", "\\\\").replace("|", "\\|") for phrase in phrases)


def kept_leads(leads: Sequence[str], words: str, names: Names) -> str:
    """What stands in `leidt`: nothing when the words give the same parties."""
    return "" if tuple(leads) == names.resolve(words)[0] else " ".join(leads) or NOBODY


def split_phrases(cell: str) -> list[str]:
    """The reverse of `joined_phrases`."""
    pieces, escaped = [""], False
    for sign in cell:
        if sign == "|" and not escaped:
            pieces.append("")
        elif sign == "\\" and not escaped:
            escaped = True
            continue
        else:
            pieces[-1] += sign
        escaped = False
    return [piece.strip() for piece in pieces if piece.strip()]


def reading_as_data(entry_reading: EntryReading) -> dict[str, Any]:
    """A reading with all that belongs to it, for the column `lezingen`."""
    data = {"woorden": entry_reading.phrase, **_plain(entry_reading.reading), "twijfel": entry_reading.reading.doubtful}
    data["anders"] = [_plain(other) for other in entry_reading.reading.others]
    data |= {"bron": entry_reading.source, "agenda": entry_reading.agenda_year if entry_reading.from_agenda else None}
    if entry_reading.confirmed_by:
        data |= {
            "door": entry_reading.confirmed_by,
            "op": entry_reading.confirmed_at.isoformat() if entry_reading.confirmed_at else None,
        }
    return data


def same_reading(reading: EntryReading, other: EntryReading) -> bool:
    """Whether the words alone give what the register has, so that `lezingen` need not say it."""
    return (reading.reading, reading.source, reading.agenda_year) == (
        other.reading,
        other.source,
        other.agenda_year,
    ) and not (reading.confirmed_by or other.confirmed_by)


def phrase_reading(
    phrase: str, on: date, year: int | None, conventions: Conventions, source: str, *, from_agenda: bool
) -> EntryReading:
    """A phrase as the table reads it: the agenda's from its first year, the framework's from the year of `on`."""
    reference = Reference(year if from_agenda and year else on.year)
    reading = read(phrase, reference, conventions)
    ref = ref_of(phrase, from_agenda=from_agenda)
    return EntryReading(ref, phrase, reading, from_agenda, source, year if from_agenda else None)


@dataclass(frozen=True, slots=True)
class _Cells:
    """One row of the table on its way to an entry."""

    row: Mapping[str, str]
    place: str
    names: Names
    conventions: Conventions
    on: date

    def entry(self) -> tuple[Entry, list[Fault]]:
        row, has_agenda = self.row, self._has_agenda()
        leads, faults = self._leads("trekker", "leidt")
        agenda_leads, agenda_faults = self._leads("agenda_trekker", "agenda_leidt")
        readings, unread = self._readings()
        entry = Entry(
            row["nummer"],
            self._theme(),
            row["onderwerp"],
            row["afspraak"],
            row["trekker"],
            leads,
            self._source() if self._has_framework() else "",
            row.get("agenda_onderwerp", row["onderwerp"]) if has_agenda else "",
            row.get("agenda_afspraak", ""),
            row["agenda_trekker"],
            agenda_leads,
            self._date(),
            self._agenda_source() if has_agenda else "",
            readings,
            "",
            row["agenda_nummer"],
            self._year(),
            standing=row.get("blijvend"),
        )
        problems = [Fault(self.place, fault.what, fault.hint) for fault in (*faults, *agenda_faults)]
        return entry, [*problems, *unread]

    def _leads(self, words: str, column: str) -> tuple[tuple[str, ...], tuple[Fault, ...]]:
        """The parties that lead: those that an export names, else those that the words stand for."""
        named = self.row.get(column, "").split()
        if named == [NOBODY]:
            return (), ()
        unknown = [slug for slug in named if slug not in self.names.parties]
        if not named or unknown:
            leads, faults = self.names.resolve(self.row[words])
            hint = "De trekker is opnieuw gelezen; kijk of dat klopt."
            return leads, (
                *faults,
                *(Fault("", f"De kolom {column} noemt de onbekende partij {one}.", hint) for one in unknown),
            )
        return tuple(named), ()

    def _has_framework(self) -> bool:
        """An export says by `bron` whether the framework has it; a table without that column speaks of both."""
        return bool(self.row.get("bron", "x"))

    def _has_agenda(self) -> bool:
        return bool(self.row["agenda_nummer"] or self.row.get("agenda_bron"))

    def _source(self) -> str:
        return self.row.get("bron", "") or self.place

    def _agenda_source(self) -> str:
        return self.row.get("agenda_bron", "") or self.place

    def _year(self) -> int | None:
        """The agenda's first year; a table that does not say it speaks of the year it is read from."""
        if not self._has_agenda():
            return None
        said = self.row.get("agenda_jaar", str(self.on.year))
        return int(said) if re.fullmatch("(?:19|20|21)[0-9]{2}", said) else None

    def _readings(self) -> tuple[tuple[EntryReading, ...], list[Fault]]:
        said, faults = self._said()
        readings: dict[str, EntryReading] = {}
        for column in ("termijnen", "agenda_datum", "agenda_termijnen"):
            for phrase in split_phrases(self.row[column]):
                entry_reading = self._read(phrase, from_agenda=column != "termijnen")
                ref = next(
                    (ref for ref in (f"{entry_reading.ref}@{self._year()}", entry_reading.ref) if ref in said), ""
                )
                entry_reading = said.pop(ref) if ref else entry_reading
                readings.setdefault(entry_reading.ref, entry_reading)
        # what is left was confirmed, or asked by an older agenda, and stands in none of the texts any more
        return (*readings.values(), *(one for ref, one in said.items() if ref not in readings)), faults

    def _theme(self) -> str:
        """A table that people made may leave it to the number; an export has it as it was."""
        return self.row["thema"] or ("" if "lezingen" in self.row else self.row["nummer"].split(".")[0])

    def _date(self) -> str:
        """The agenda's date as written; several in one cell stay as they stand there."""
        phrases = split_phrases(self.row["agenda_datum"])
        return phrases[0] if len(phrases) == 1 else self.row["agenda_datum"]

    def _read(self, phrase: str, *, from_agenda: bool) -> EntryReading:
        source = self._agenda_source() if from_agenda else self._source()
        return phrase_reading(phrase, self.on, self._year(), self.conventions, source, from_agenda=from_agenda)

    def _said(self) -> tuple[dict[str, EntryReading], list[Fault]]:
        """The column `lezingen`; what is no longer whole there is a fault, and the words count."""
        if not self.row.get("lezingen"):
            return {}, []
        try:
            data = json.loads(self.row["lezingen"])
            return {ref: _from_data(ref, one) for ref, one in data.items()}, []
        except (ValueError, KeyError, TypeError, AttributeError):
            hint = "De woorden zijn opnieuw gelezen; kijk of dat klopt."
            return {}, [Fault(self.place, "De kolom lezingen is beschadigd.", hint)]


def _plain(reading: Reading) -> dict[str, Any]:
    days = {"van": reading.window_start, "uiterlijk": reading.due, "geldt_tot": reading.until}
    iso = {name: day.isoformat() if day else None for name, day in days.items()}
    plain = {"soort": reading.kind, **iso, "per_jaar": reading.per_year, "reden": reading.reason}
    return plain | ({"regel": as_data(reading.rule)} if reading.rule else {})


def _from_data(ref: str, data: Mapping[str, Any]) -> EntryReading:
    reading = _reading(data, doubtful=bool(data["twijfel"]), others=tuple(_reading(one) for one in data["anders"]))
    at = datetime.fromisoformat(data["op"]) if data.get("op") else None
    if at is not None and at.tzinfo is None:
        raise ValueError("a moment without a zone")
    from_agenda = ref.startswith("agenda:")
    by, year = str(data.get("door", "")), _number(data["agenda"], int)
    return EntryReading(ref, str(data["woorden"]), reading, from_agenda, str(data["bron"]), year, by, at)


def _reading(data: Mapping[str, Any], *, doubtful: bool = False, others: tuple[Reading, ...] = ()) -> Reading:
    start, due, until = (_day(data[name]) for name in ("van", "uiterlijk", "geldt_tot"))
    kind, per_year = ReadingKind(data["soort"]), _number(data["per_jaar"], int, float)
    rule = _rule(data["regel"]) if data.get("regel") else None
    return Reading(kind, str(data["reden"]), start, due, per_year, doubtful, until, others, rule)


def _rule(data: Mapping[str, Any]) -> Rule:
    """A rule that gives days. Raises ValueError, KeyError, TypeError or AttributeError for another one."""
    rule = from_data(data)
    try:
        for year in range(2024, 2030):
            occurrences(rule, year)
    except (ArithmeticError, RecursionError):
        raise ValueError("a rule that cannot be") from None
    return rule


def _day(text: str | None) -> date | None:
    """A day that can be. Raises ValueError for another one."""
    day = date.fromisoformat(text) if text else None
    if day is not None and not EVER.holds(day):
        raise ValueError("a day that cannot be")
    return day


def _number(value: Any, *kinds: type) -> Any:
    """A number of these kinds, or None. Raises ValueError for another value, and for one of no use."""
    if value is not None and (type(value) not in kinds or not 0 < value <= EVER.last.year):
        raise ValueError("a number that cannot be")
    return value


def _framework_row(entry: Entry) -> DocumentRow:
    return DocumentRow(
        entry.number,
        entry.topic,
        entry.text,
        entry.trekker,
        "",
        entry.leads,
        tuple(Phrase(one.phrase, one.reading) for one in entry.readings if not one.from_agenda),
        entry.source,
        entry.theme,
    )


def _agenda_row(entry: Entry) -> DocumentRow:
    return DocumentRow(
        entry.agenda_number or entry.number,
        entry.agenda_topic,
        entry.agenda_text,
        entry.agenda_trekker,
        entry.agenda_date,
        entry.agenda_leads,
        tuple(Phrase(one.phrase, one.reading) for one in entry.readings if one.from_agenda),
        entry.agenda_source,
        entry.theme,
    )
