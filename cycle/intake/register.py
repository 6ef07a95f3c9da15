"""From rows to the register: one entry per agreement, with its agenda row and its readings.

Two sources give the same entries: the documents that the table really has, and a table of facts that an example or
an export brings (`register_table.py`).
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cycle.domain.action_titles import title_of
from cycle.domain.model import Reading
from cycle.intake.document import DocumentRow, ReadDocument
from cycle.intake.matching import Match, match


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
class EntryAction:
    """A further action under an agreement, with its own words; `topic` is what it is called."""

    topic: str
    text: str
    trekker: str
    leads: tuple[str, ...]
    date_phrase: str
    source: str
    from_agenda: bool
    agenda_year: int | None = None
    readings: tuple[EntryReading, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One agreement of the register with its agenda row (empty where the agenda has none), and its further actions.

    `number` is empty where the document gives none, until the register gives it one (`register/matching/pairing`).
    Only an export says whether it is `standing`, with the reason; None says nothing of that.
    """

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
    actions: tuple[EntryAction, ...] = ()
    standing: str | None = None


def entries_of(documents: Iterable[ReadDocument], taken: Collection[DocumentRow] = ()) -> tuple[Entry, ...]:
    """The register that documents give; where several have the same agreement, the first counts.

    Each further row under a number is an action of its own (law L3). What a table asks without a number stands alone.
    What running text seems to ask (`unnumbered`) is only possible: of that the rows that somebody has `taken`.
    """
    entries: dict[tuple[str, ...], Entry] = {}
    for document in documents:
        for name, entry in _entries_in(document, taken).items():
            entries[name] = _completed(entries[name], entry) if name in entries else entry
    return tuple(entries.values())


def _entries_in(document: ReadDocument, taken: Collection[DocumentRow]) -> dict[tuple[str, ...], Entry]:
    """The entries of one document by what tells them apart in it."""
    pairs: dict[tuple[str, ...], list[Match]] = defaultdict(list)
    for pair in match(document.agreements, document.agenda):
        main = pair.agreement or pair.agenda
        if main is not None:
            pairs[_name_of(main)].append(pair)
    is_both = bool(document.agreements and document.agenda)
    entries = {name: _entry_of(mine, document.agenda_year, remarks=is_both) for name, mine in pairs.items()}
    for row in document.unnumbered:
        if row in taken:
            entries.setdefault(_name_of(row), _entry(row, None, "", None))
    return entries


def _name_of(row: DocumentRow) -> tuple[str, ...]:
    return (row.number,) if row.number else ("", row.topic, row.text, row.trekker, row.date_phrase)


def _entry_of(pairs: Sequence[Match], year: int | None, *, remarks: bool) -> Entry:
    """All rows under one number: the first agreement with the first action of the agenda, and the rest as actions."""
    first, *more = pairs
    entry = _entry(first.agreement, first.agenda, "", year)
    used = [first.agreement, first.agenda]
    actions: list[EntryAction] = []
    for pair in more:
        for row, from_agenda in ((pair.agreement, False), (pair.agenda, True)):
            if row is not None and not any(row is known for known in used):
                used.append(row)
                actions.append(_action(row, entry.topic, year if from_agenda else None, from_agenda=from_agenda))
    remark = " ".join(dict.fromkeys(pair.remark for pair in pairs if pair.remark)) if remarks else ""
    return replace(entry, actions=tuple(actions), remark=remark)


def _action(row: DocumentRow, topic: str, year: int | None, *, from_agenda: bool) -> EntryAction:
    own = row.topic if row.topic != topic else ""
    return EntryAction(
        own or title_of(row.text, topic),
        row.text,
        row.trekker,
        row.leads,
        row.date_phrase,
        row.source,
        from_agenda,
        year,
        _named(row, year, from_agenda=from_agenda),
    )


def with_main(entry: Entry, place: int) -> Entry:
    """The same with one of its further actions as the main one, which takes the place of that."""
    action = entry.actions[place]
    rest = [one for other, one in enumerate(entry.actions) if other != place]
    own = tuple(one for one in entry.readings if one.from_agenda is not action.from_agenda)
    if action.from_agenda:
        named = replace(
            entry,
            agenda_topic=action.topic,
            agenda_text=action.text,
            agenda_trekker=action.trekker,
            agenda_leads=action.leads,
            agenda_date=action.date_phrase,
            agenda_source=action.source,
        )
    else:
        named = replace(
            entry,
            topic=action.topic,
            text=action.text,
            trekker=action.trekker,
            leads=action.leads,
            source=action.source,
        )
    was = _main_action(entry, in_agenda=action.from_agenda)
    return replace(named, readings=(*own, *action.readings), actions=(was, *rest))


def without_main(entry: Entry) -> Entry:
    """The same with its main action among the further ones: the agreement itself asks nothing here any more."""
    in_agenda = bool(entry.agenda_source)
    if in_agenda:
        own = tuple(one for one in entry.readings if not one.from_agenda)
        rest = replace(entry, agenda_text="", agenda_trekker="", agenda_leads=(), agenda_date="", readings=own)
    else:
        rest = replace(entry, text="", trekker="", leads=(), readings=())
    return replace(rest, actions=(_main_action(entry, in_agenda=in_agenda), *entry.actions))


def _main_action(entry: Entry, *, in_agenda: bool) -> EntryAction:
    """What the agreement itself asks, in the agenda or in the framework, as one of its actions."""
    mine = tuple(one for one in entry.readings if one.from_agenda is in_agenda)
    if not in_agenda:
        return EntryAction(entry.topic, entry.text, entry.trekker, entry.leads, "", entry.source, False, None, mine)
    return EntryAction(
        entry.agenda_topic or entry.topic,
        entry.agenda_text,
        entry.agenda_trekker,
        entry.agenda_leads,
        entry.agenda_date,
        entry.agenda_source,
        True,
        entry.agenda_year,
        mine,
    )


def as_action(entry: Entry) -> EntryAction:
    """A row of a table of facts that bears the number of one before it: a further action."""
    is_agenda = not entry.source
    return EntryAction(
        (entry.agenda_topic if is_agenda else "") or entry.topic,
        entry.agenda_text if is_agenda else entry.text,
        entry.agenda_trekker if is_agenda else entry.trekker,
        entry.agenda_leads if is_agenda else entry.leads,
        entry.agenda_date,
        entry.agenda_source if is_agenda else entry.source,
        is_agenda,
        entry.agenda_year if is_agenda else None,
        entry.readings,
    )


def entry_of_action(action: EntryAction, position: int) -> Entry:
    """An action as an entry of its own, whose readings are told apart from those of others under its number."""
    mark = f"~{position}"
    readings = tuple(replace(one, ref=one.ref + mark) for one in action.readings)
    entry = Entry("", "", action.topic, action.text, action.trekker, action.leads, action.source, readings=readings)
    if not action.from_agenda:
        return entry
    return replace(entry, source="", agenda_source=action.source, agenda_year=action.agenda_year)


def ref_of(phrase: str, *, from_agenda: bool) -> str:
    """The lasting name of a phrase within its agreement."""
    words = re.sub(r"\W+", "-", phrase.lower()).strip("-")
    return f"{'agenda' if from_agenda else 'raam'}:{words}"


def _entry(agreement: DocumentRow | None, agenda: DocumentRow | None, remark: str, year: int | None) -> Entry:
    """An agreement and its agenda row as one entry; either may stand on its own."""
    main = agreement or agenda
    if main is None:
        raise ValueError("a match without rows")
    entry = Entry(
        main.number,
        main.theme,
        main.topic or title_of(main.text),
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
    own = _named(agreement, None, from_agenda=False) if agreement else ()
    return (*own, *(_named(agenda, year, from_agenda=True) if agenda else ()))


def _named(row: DocumentRow, year: int | None, *, from_agenda: bool) -> tuple[EntryReading, ...]:
    """Readings with their lasting names; the same words a second time in one text are the same reading."""
    named: dict[str, EntryReading] = {}
    for phrase in row.phrases:
        ref = ref_of(phrase.text, from_agenda=from_agenda)
        named.setdefault(ref, EntryReading(ref, phrase.text, phrase.reading, from_agenda, row.source, year))
    return tuple(named.values())


def _completed(known: Entry, more: Entry) -> Entry:
    """What a second document adds to the first: the framework or the agenda that the first did not have."""
    readings = {one.ref: one for one in more.readings} | {one.ref: one for one in known.readings}
    actions = tuple(dict.fromkeys((*known.actions, *more.actions)))
    if known.source and not known.agenda_source and more.agenda_source:
        agenda = [one for one in readings.values() if one.from_agenda]
        own = [one for one in known.readings if not one.from_agenda]
        return replace(_with_agenda_of(known, more), readings=(*own, *agenda), actions=actions, remark="")
    if known.agenda_source and not known.source and more.source:
        own = [one for one in more.readings if not one.from_agenda]
        agenda = [one for one in known.readings if one.from_agenda]
        return replace(_with_agenda_of(more, known), readings=(*own, *agenda), actions=actions, remark="")
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
