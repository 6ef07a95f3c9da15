"""Who and what a covenant folder names, beside the table as it is kept.

A folder that is read in again adds what it has more. What it has otherwise, or not at all, stays as it is until
somebody says that the folder counts: people, parties and addresses are managed at the desk too, and a folder may be an
old one.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, TypeVar

from cycle.actions.deadlines.deciding.particulars import CALLED
from cycle.actions.register.folders.folder_year import FolderDiffers
from cycle.domain.words import day_words, joined
from cycle.intake.covenant import (
    BodyEntry,
    CovenantFile,
    CovenantMail,
    GroupEntry,
    HouseStyleEntry,
    PartyEntry,
    PersonEntry,
)
from cycle.words import PARTY_KINDS, ROLES

Key = TypeVar("Key")
Entry = TypeVar("Entry")
ABSENT = "staat er niet in"
OF_THE_TERM = {
    "live_since": "herinneringen vanaf",
    "term_start": "looptijd vanaf",
    "term_end": "looptijd tot en met",
    "renews": "loopt vanzelf door",
}
PARTICULARS = {name: words for name, words in CALLED.items() if name in CovenantFile.model_fields} | OF_THE_TERM
OF_MAIL = {name: words for name, words in CALLED.items() if name in CovenantMail.model_fields}
Seats = tuple[PersonEntry, ...]
"""All that one person does for one party."""
SeatOf = tuple[str, str, str]
"""Name, address and party."""
InWords = tuple[str, str, str, str]
"""Something in which the two differ: its key, its title, what the folder says and what the table has."""


def beside_the_table(
    table: CovenantFile, folder: CovenantFile, taken: Collection[str] = (), *, yes: bool
) -> tuple[CovenantFile, tuple[FolderDiffers, ...]]:
    """What is to be kept of the two, and each thing in which they differ. With `yes` the folder counts, else in what is
    `taken` of it by name."""
    differences = tuple(FolderDiffers(*one, waits=not (yes or one[0] in taken)) for one in _differing(table, folder))
    return folder if yes or not differences else _as_it_was(table, folder, taken), differences


def _differing(table: CovenantFile, folder: CovenantFile) -> Iterator[InWords]:
    """Each thing that the table has otherwise than the folder."""
    for name, title in PARTICULARS.items():
        yield from _values(name, title.capitalize(), getattr(table, name), getattr(folder, name))
    for name, title in OF_MAIL.items():
        yield from _values(f"mail.{name}", title.capitalize(), getattr(table.mail, name), getattr(folder.mail, name))
    yield from _entries("parties", _parties(table), _parties(folder), "Partij {}", _party_words)
    yield from _entries("groups", table.groups, folder.groups, "Groep {}", _group_words)
    yield from _seats(_people(table), _people(folder))
    yield from _entries("bodies", table.bodies, folder.bodies, "Overleg {}", _body_words)
    yield from _entries("house_styles", table.house_styles, folder.house_styles, "Huisstijl {}", _style_words)


def _values(name: str, title: str, ours: Any, theirs: Any) -> Iterator[InWords]:
    if ours not in ("", None) and ours != theirs:
        yield name, title, _value_words(theirs), _value_words(ours)


def _value_words(value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, date):
        return day_words(value)
    return str(value) if value not in ("", None) else ABSENT


def _entries(
    name: str, ours: Mapping[str, Any], theirs: Mapping[str, Any], title: str, words: Callable[[Any], str]
) -> Iterator[InWords]:
    """What both have, and not alike. What the folder leaves out stays in any case."""
    for key, entry in ours.items():
        if key in theirs and entry != theirs[key]:
            yield f"{name}.{key}", title.format(key), words(theirs[key]), words(entry)


def _seats(ours: Mapping[SeatOf, Seats], theirs: Mapping[SeatOf, Seats]) -> Iterator[InWords]:
    """Whose seats the folder leaves out, which would end them, or has otherwise."""
    for who, seats in ours.items():
        if who not in theirs or _roles(seats) != _roles(theirs[who]):
            in_folder = _seats_words(theirs[who]) if who in theirs else ABSENT
            yield f"people.{who[1]}", seats[0].written_for_party, in_folder, _seats_words(seats)


def _as_it_was(table: CovenantFile, folder: CovenantFile, taken: Collection[str]) -> CovenantFile:
    """The folder, with what the table has otherwise as the table has it, but for what is taken."""
    held = {name: getattr(table, name) for name in PARTICULARS if name not in taken}
    own = {name: value for name, value in held.items() if value not in ("", None)}
    mails = {name: (folder.mail if f"mail.{name}" in taken else table.mail) for name in OF_MAIL}
    mail = {name: getattr(mails[name], name) or getattr(folder.mail, name) for name in OF_MAIL}
    in_folder = _people(folder)
    people = {
        who: in_folder.get(who, ()) if f"people.{who[1]}" in taken else seats
        for who, seats in _with_new(_people(table), in_folder).items()
    }
    return folder.model_copy(
        update=own
        | {
            "mail": CovenantMail(**mail),
            "parties": tuple(_with_new(_parties(table), _parties(folder), "parties", taken).values()),
            "groups": _with_new(table.groups, folder.groups, "groups", taken),
            "people": tuple(seat for seats in people.values() for seat in seats),
            "bodies": _with_new(table.bodies, folder.bodies, "bodies", taken),
            "house_styles": {
                key: style
                for key, style in folder.house_styles.items()
                if table.house_styles.get(key, style) == style or f"house_styles.{key}" in taken
            },
        }
    )


def _with_new(
    ours: Mapping[Key, Entry], theirs: Mapping[Key, Entry], name: str = "", taken: Collection[str] = ()
) -> dict[Key, Entry]:
    """What is ours, with what only they have, and of both theirs in what is taken by name."""
    wins = {key: entry for key, entry in theirs.items() if key not in ours or f"{name}.{key}" in taken}
    return {**ours, **wins}


def _parties(covenant: CovenantFile) -> dict[str, PartyEntry]:
    return {party.slug: party for party in covenant.parties}


def _people(covenant: CovenantFile) -> dict[SeatOf, Seats]:
    """What each person does for each party, in the order of the file."""
    by_person: dict[SeatOf, Seats] = {}
    for entry in covenant.people:
        key = entry.name, entry.email, entry.party
        by_person[key] = (*by_person.get(key, ()), entry)
    return by_person


def _roles(seats: Iterable[PersonEntry]) -> set[tuple[Any, ...]]:
    """The same however it is spread over entries."""
    return {
        (role, frozenset(one.agreements), frozenset(one.themes), one.since, one.until)
        for one in seats
        for role in one.roles
    }


def _seats_words(seats: Iterable[PersonEntry]) -> str:
    return "; ".join(_seat_words(one) for one in seats)


def _seat_words(seat: PersonEntry) -> str:
    words = [joined([ROLES[role] for role in seat.roles])]
    words += [f"afspraken {joined(seat.agreements)}"] if seat.agreements else []
    words += [f"thema's {joined(seat.themes)}"] if seat.themes else []
    words += [f"vanaf {day_words(seat.since)}"] if seat.since else []
    words += [f"tot en met {day_words(seat.until)}"] if seat.until else []
    return ", ".join(words)


def _party_words(party: PartyEntry) -> str:
    also = f", ook {joined(party.aliases)}" if party.aliases else ""
    until = f", tot en met {day_words(party.until)}" if party.until else ""
    return f"{party.name} ({PARTY_KINDS[party.kind]}{also}{until})"


def _group_words(group: GroupEntry) -> str:
    also = f", ook {joined(group.aliases)}" if group.aliases else ""
    return f"{joined(group.members)}{also}"


def _style_words(_style: HouseStyleEntry) -> str:
    return "is anders"


def _body_words(body: BodyEntry) -> str:
    return f"{body.name}: {joined(body.people)}"
