"""Which agreement of the register each one of a document is: by what it says, with its number as one sign (law L3).

What bears no number gets a name by which people can call it ("z.n. 3"), and keeps it for as long as it is there.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from cycle.domain.likeness import Described, NameAndText, is_foreign, paired
from cycle.domain.text import clean_lines
from cycle.errors import NotFound
from cycle.intake.register import Entry, EntryAction, with_main, without_main
from cycle.store.ids import id_of
from cycle.store.tables import ActionRow, AgreementRow

NAMELESS = "z.n. "
"""Zonder nummer: what comes before the place of an agreement that no document numbers."""
OLD = " (oud)"
"""Behind the number of one that is not found any more, once another bears its number."""

IN_AGENDA = " (agenda)"
"""Behind the number of one that is new in an agenda, where the framework gives that number to another."""

Answers = Mapping[str, str]
"""What a person said of what was unsure, by the number it is read under: that of the register, "" for a new one."""


@dataclass(frozen=True, slots=True)
class Question:
    """Whether an agreement that was read is the one that the register has under `known`; nothing is written of it until
    somebody says so."""

    number: str
    topic: str
    text: str
    known: str
    known_topic: str
    known_text: str


@dataclass(frozen=True, slots=True)
class PairedEntry:
    """What was read of one agreement, under the number that it has from now on, and the row that it is, if any."""

    entry: Entry
    row: AgreementRow | None = None
    question: Question | None = None

    @property
    def is_renumbered(self) -> bool:
        return self.row is not None and self.question is None and self.row.number != self.entry.number


@dataclass(frozen=True, slots=True)
class PairedRegister:
    """All that was read beside the register; `split` and `joined` are (what it was, what it became) by number."""

    entries: tuple[PairedEntry, ...] = ()
    split: tuple[tuple[str, str], ...] = ()
    joined: tuple[tuple[str, str], ...] = ()


def paired_with(
    rows: Sequence[AgreementRow],
    actions: Mapping[int, Sequence[ActionRow]],
    entries: Sequence[Entry],
    answers: Answers,
    files: Sequence[str] = (),
) -> PairedRegister:
    """Each entry with its row; `actions` are those of each row, the main one first, and `files` the documents that were
    read before.

    Raises NotFound for an answer about what is not read, or that names an agreement which is not there.
    """
    known, read = [_described_row(row) for row in rows], [_described(one) for one in entries]
    pairing = paired(known, read)
    sure = {place: rows[other] for place, other in pairing.sure.items()}
    unsure = {place: rows[other] for place, other in pairing.unsure.items()}
    for place, row in list(unsure.items()):
        is_other = is_foreign(known[pairing.unsure[place]], read[place])
        if row.number == entries[place].number and not is_other and not was_read(row, files):
            sure[place] = unsure.pop(place)  # short words of our own give way to those of a document
    named = _named(rows, entries, sure)
    beside = _take_answers(named, rows, answers, sure, unsure)
    for place, row in sure.items():
        named[place] = _with_its_main(named[place], row, actions.get(id_of(row), ())[1:])
    numbers = _numbers(named, sure, _staying(rows, sure, unsure, beside), unsure)
    whole = tuple(
        PairedEntry(
            replace(one, number=numbers[place]),
            sure.get(place) or unsure.get(place),
            _question(one, unsure[place]) if place in unsure else None,
        )
        for place, one in enumerate(named)
    )
    split = tuple((rows[other].number, numbers[place]) for place, other in pairing.split)
    joined = tuple((rows[other].number, numbers[place]) for other, place in pairing.joined)
    return PairedRegister(whole, split, joined)


def was_read(row: AgreementRow, files: Collection[str]) -> bool:
    """Whether an agreement was read from a document before."""
    return any(read_from(source, files) for source in (row.source, row.agenda_source))


def read_from(source: str, files: Iterable[str]) -> bool:
    """Whether a source is a place in one of the documents."""
    return any(source.startswith(f"{file},") for file in files)


def _described_row(row: AgreementRow) -> Described:
    agenda = NameAndText(row.agenda_topic, row.agenda_text) if row.agenda_source else NameAndText()
    framework = NameAndText(row.topic, row.text) if row.source or not row.agenda_source else NameAndText(row.topic)
    return Described(row.number, framework, agenda)


def _described(entry: Entry) -> Described:
    topic, text = clean_lines(entry.topic), clean_lines(entry.text)
    framework = NameAndText(topic, text) if entry.source else NameAndText()
    agenda = NameAndText(clean_lines(entry.agenda_topic), clean_lines(entry.agenda_text))
    return Described(entry.number, framework, agenda if entry.agenda_source else NameAndText())


def _with_its_main(entry: Entry, row: AgreementRow | None, further: Sequence[ActionRow]) -> Entry:
    """An agreement whose main action stands elsewhere in its rows, or is gone from them: what people did stays with the
    same words."""
    if row is None or not (entry.actions or further):
        return entry
    is_agenda = bool(entry.agenda_source)
    places = [place for place, one in enumerate(entry.actions) if one.from_agenda is is_agenda]
    mine = [NameAndText(entry.actions[place].topic, entry.actions[place].text) for place in places]
    first = NameAndText(entry.agenda_topic, entry.agenda_text) if is_agenda else NameAndText(entry.topic, entry.text)
    main = NameAndText(row.agenda_topic, row.agenda_text) if is_agenda else NameAndText(row.topic, row.text)
    known = [main, *(NameAndText(one.topic, one.text) for one in further)]
    pairing = paired([Described("", one) for one in known], [Described("", one) for one in (first, *mine)])
    pairs = pairing.unsure | pairing.sure
    place = next((place for place, other in pairs.items() if other == 0), None)
    if place:
        return with_main(entry, places[place - 1])
    return without_main(entry) if place is None and pairs.get(0) else entry


def paired_actions(entry: Entry, rows: Sequence[ActionRow]) -> list[tuple[EntryAction, ActionRow | None]]:
    """The further actions of an entry, each with the row that it is; the only ones left on both sides are one."""
    read = [Described("", NameAndText(one.topic, one.text)) for one in entry.actions]
    pairing = paired([Described("", NameAndText(row.topic, row.text)) for row in rows], read)
    pairs = pairing.unsure | pairing.sure
    left = [place for place in range(len(read)) if place not in pairs]
    free = [place for place in range(len(rows)) if place not in pairs.values()]
    if len(left) == len(free) == 1 and rows[free[0]].from_agenda is entry.actions[left[0]].from_agenda:
        pairs[left[0]] = free[0]
    return [(one, rows[pairs[place]] if place in pairs else None) for place, one in enumerate(entry.actions)]


def _named(rows: Sequence[AgreementRow], entries: Sequence[Entry], sure: Mapping[int, AgreementRow]) -> list[Entry]:
    """Entries that all have a number, or a name in its place."""
    free = _free_names({row.number for row in rows} | {one.number for one in entries})
    named = []
    for place, entry in enumerate(entries):
        known = sure.get(place)
        number = entry.number or (known.number if known is not None else next(free))
        named.append(replace(entry, number=number))
    return named


def _free_names(taken: set[str]) -> Iterator[str]:
    numbers = (number.removeprefix(NAMELESS) for number in taken if number.startswith(NAMELESS))
    place = max((int(number) for number in numbers if number.isdecimal()), default=0)
    while True:
        place += 1
        yield f"{NAMELESS}{place}"


def _numbers(
    entries: Sequence[Entry], sure: Mapping[int, AgreementRow], staying: Collection[str], asked: Collection[int]
) -> list[str]:
    """The number of each from now on. What an agenda has under the number of another agreement, of the framework or
    one that is `staying`, says so behind it, for two cannot bear one number. What is `asked` about waits."""
    numbers = [_number_of(one, sure.get(place)) for place, one in enumerate(entries)]
    taken = {numbers[place] for place, row in sure.items() if row.source}
    for place, number in enumerate(numbers):
        if place not in sure or not sure[place].source:
            mine = taken if entries[place].source or place in asked else taken.union(staying)
            free = sure[place].number if number in mine and place in sure else number
            while free in mine:
                free += IN_AGENDA
            numbers[place] = free
            taken.add(free)
    return numbers


def _staying(
    rows: Sequence[AgreementRow],
    sure: Mapping[int, AgreementRow],
    asked: Mapping[int, AgreementRow],
    beside: Collection[str],
) -> set[str]:
    """The numbers that no row of an agenda takes: of what is not found among its rows, where the framework has it or
    somebody said that another stands `beside` it."""
    known = {id_of(row) for side in (sure, asked) for row in side.values()}
    there = [row for row in rows if id_of(row) not in known]
    seconds = {row.number.removesuffix(IN_AGENDA) for row in rows if row.number.endswith(IN_AGENDA)}
    return {row.number for row in there if row.source or row.number in beside or row.number in seconds}


def _number_of(entry: Entry, row: AgreementRow | None) -> str:
    """The number from now on: an agenda calls agreements as it likes, and the framework gives them their number."""
    return row.number if row is not None and not entry.source and row.source else entry.number


def _take_answers(
    entries: Sequence[Entry],
    rows: Sequence[AgreementRow],
    answers: Answers,
    sure: dict[int, AgreementRow],
    unsure: dict[int, AgreementRow],
) -> set[str]:
    """Takes the answers; returns the numbers of those beside which something new stands."""
    beside = set()
    by_number, places = {row.number: row for row in rows}, {one.number: place for place, one in enumerate(entries)}
    for number, known in answers.items():
        if number not in places or (known and known not in by_number):
            which = known if number in places else number
            raise NotFound(f"Er is geen afspraak {which}.", "Kijk met: --check")
        was = [side.pop(places[number]) for side in (unsure, sure) if places[number] in side]
        beside |= {row.number for row in was if not known}
        if known:
            for place in [place for side in (sure, unsure) for place, row in side.items() if row is by_number[known]]:
                sure.pop(place, None)
                unsure.pop(place, None)
            sure[places[number]] = by_number[known]
    return beside


def _question(entry: Entry, row: AgreementRow) -> Question:
    return Question(
        entry.number,
        entry.topic,
        entry.text or entry.agenda_text,
        row.number,
        row.topic,
        row.text or row.agenda_text,
    )


def moved_aside(rows: Sequence[AgreementRow], numbers: Mapping[int, str], new: Iterable[str]) -> dict[int, str]:
    """The numbers from now on by row: of those that are found under another, and of those that must give theirs up to
    another row or to a new agreement. `numbers` are those of the rows that are found."""
    taken = {*numbers.values(), *new}
    becomes = {id_of(row): numbers[id_of(row)] for row in rows if numbers.get(id_of(row), row.number) != row.number}
    stay = [row for row in rows if id_of(row) not in numbers and row.number in taken]
    used = taken | {row.number for row in rows}
    for row in stay:
        number = row.number + OLD
        while number in used:
            number += OLD
        used.add(number)
        becomes[id_of(row)] = number
    return becomes
