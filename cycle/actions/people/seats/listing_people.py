"""Everybody of a list at once: first what each line would do, then the doing. Nobody is mailed.

What a line asks is a wish, or several where somebody has more roles; one that cannot be is refused with the reason, and
holds up no other.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from cycle.actions.office.office import Office
from cycle.actions.people.seats.memberships import (
    Wish,
    faults_of,
    faults_of_name,
    follow,
    give_seat,
    person_called,
    wish_words,
)
from cycle.domain.days import parse_day
from cycle.domain.model import Role
from cycle.domain.words import day_words, joined
from cycle.intake.covenant_words import role_written
from cycle.intake.leads import Names, names_of
from cycle.intake.people_list import WrittenPerson
from cycle.store import covenants, seats
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.words import ROLES

_AND = re.compile(r"\s*[,/+&]\s*|\s+en\s+")
_THEME = re.compile(r"thema(?:'?s)?", re.IGNORECASE)


class ListOutcome(StrEnum):
    """What comes of a line."""

    NEW = "komt erbij"
    KNOWN = "staat er al"
    REFUSED = "kan niet"


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A line of the list, what comes of it, and in words what the person becomes, is already, or why it cannot be."""

    written: WrittenPerson
    name: str
    outcome: ListOutcome
    words: str
    hint: str = ""
    wishes: tuple[Wish, ...] = ()

    def as_json(self) -> dict[str, str]:
        """For a listing."""
        about = {"place": self.written.place, "name": self.name, "email": self.written.email}
        return about | {"outcome": self.outcome, "words": self.words, "hint": self.hint}


@dataclass(frozen=True, slots=True)
class Unsaid:
    """The party and the role of whoever stands in the list without one."""

    party: str = ""
    role: str = ""


class _Unclear(Exception):
    """What a line says cannot be: a sentence and a hint."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.what, self.hint = what, hint


def look_through(
    office: Office, covenant_id: int, people: Iterable[WrittenPerson], unsaid: Unsaid, now: datetime
) -> tuple[ListedPerson, ...]:
    """What each line would do; nothing is written."""
    with office.database.reading() as session:
        return _Table.of(session, covenant_id, unsaid, office.local_day(now)).listed(people)


def add_people(
    office: Office, covenant_id: int, people: Iterable[WrittenPerson], unsaid: Unsaid, now: datetime, *, by: str = ""
) -> tuple[ListedPerson, ...]:
    """Seats everybody in the list for whom that can be; says what came of each line."""
    with office.database.writing() as session:
        covenants.lock(session, covenant_id)
        listed = _Table.of(session, covenant_id, unsaid, office.local_day(now)).listed(people)
        parties = set()
        for line in listed:
            for wish in line.wishes:
                person = person_called(session, line.name, line.written.email.lower())
                party, _ = give_seat(office, session, covenant_id, person, wish, now, by)
                parties.add(id_of(party))
        if parties:
            follow(office, session, covenant_id, parties, now)
    return listed


def outcome_words(listed: Collection[ListedPerson]) -> str:
    """ "12 mensen komen erbij, 2 staan er al, 1 regel kan niet": the counts of a list that was looked through."""
    many = {outcome: sum(one.outcome is outcome for one in listed) for outcome in ListOutcome}
    new, known, refused = many[ListOutcome.NEW], many[ListOutcome.KNOWN], many[ListOutcome.REFUSED]
    words = [
        "1 regel komt erbij" if new == 1 else f"{new} regels komen erbij",
        *(["1 staat er al" if known == 1 else f"{known} staan er al"] if known else []),
        *(["1 kan niet" if refused == 1 else f"{refused} kunnen niet"] if refused else []),
    ]
    return joined(words)


@dataclass(frozen=True)
class _Table:
    """Who sits at the table now, by which names its parties go, and what is not said is."""

    session: Session
    covenant_id: int
    names: Names
    party_names: Mapping[str, str]
    rows: Sequence[seats.Seat]
    unsaid: Unsaid
    today: date

    @classmethod
    def of(cls, session: Session, covenant_id: int, unsaid: Unsaid, today: date) -> "_Table":
        parties = covenants.parties(session, covenant_id)
        names = names_of(parties, covenants.groups(session, covenant_id))
        called = {party.slug: party.name for party in parties}
        return cls(session, covenant_id, names, called, seats.seats(session, covenant_id), unsaid, today)

    def listed(self, people: Iterable[WrittenPerson]) -> tuple[ListedPerson, ...]:
        """Each line; a seat that an earlier line gives is there already for a later one."""
        given: set[tuple[str, str, str, Role]] = set()
        lines = []
        for written in people:
            name = written.name or self._known_name(written.email)
            try:
                line = self._line(written, name, given)
            except _Unclear as unclear:
                line = ListedPerson(written, name, ListOutcome.REFUSED, unclear.what, unclear.hint)
            given |= {(name, written.email.lower(), wish.party, wish.role) for wish in line.wishes}
            lines.append(line)
        return tuple(lines)

    def _line(self, written: WrittenPerson, name: str, given: Collection[tuple[str, str, str, Role]]) -> ListedPerson:
        self._refuse_nameless(written, name)
        wishes = list(self._wishes(written))
        new, there = [], []
        for wish in wishes:
            words = wish_words(wish, self.party_names[wish.party])
            if fault := next(iter(faults_of(self.session, self.covenant_id, wish, self.today)), None):
                raise _Unclear(fault.what, fault.hint)
            if (name, written.email.lower(), wish.party, wish.role) in given:
                there.append(f"{words} (een eerdere regel)")
            elif self._has_seat(name, written.email.lower(), wish):
                there.append(self._seat_words(name, written.email.lower(), wish))
            else:
                new.append((wish, words))
        if not new:
            return ListedPerson(written, name, ListOutcome.KNOWN, joined(there))
        hint = f"Staat er al: {joined(there)}." if there else self._shares(name, written.email.lower())
        words = joined([words for _, words in new])
        return ListedPerson(written, name, ListOutcome.NEW, words, hint, tuple(wish for wish, _ in new))

    def _refuse_nameless(self, written: WrittenPerson, name: str) -> None:
        if not written.email:
            raise _Unclear("Hier staat geen mailadres.", "Schrijf bijvoorbeeld: Naam; naam@organisatie.nl; partij; rol")
        if not name:
            raise _Unclear("Hier staat geen naam bij het adres.", f"Schrijf bijvoorbeeld: Naam <{written.email}>")
        if fault := next(iter(faults_of_name(name, written.email.lower())), None):
            raise _Unclear(fault.what, fault.hint)

    def _wishes(self, written: WrittenPerson) -> Iterator[Wish]:
        """The seats that a line asks for; what a trekker is named for goes to that seat alone."""
        party = self._party(written.party or self.unsaid.party)
        roles = [self._role(word) for word in _AND.split(written.role or self.unsaid.role)]
        agreements, themes = _numbers(written.agreements, written.themes)
        since, until = self._day(written.since), self._day(written.until)
        is_led = Role.TREKKER in roles
        for role in dict.fromkeys(roles):
            about = (agreements, themes) if role is Role.TREKKER or not is_led else ((), ())
            yield Wish(party, role, since, until, *about)

    def _party(self, words: str) -> str:
        known = ", ".join(self.party_names.values())
        if not words:
            raise _Unclear("Hier staat geen partij.", f"Kies er een voor wie er geen heeft. Bekend zijn: {known}.")
        slugs = (words,) if words in self.party_names else self.names.resolve(words)[0]
        if len(slugs) != 1 or (words not in self.party_names and self.names.resolve(words)[1]):
            what = f"“{words}” is geen partij van dit convenant." if len(slugs) < 2 else f"“{words}” zijn er meer."
            raise _Unclear(what, f"Bekend zijn: {known}.")
        return slugs[0]

    def _role(self, word: str) -> Role:
        if not word:
            raise _Unclear("Hier staat geen rol.", "Kies er een voor wie er geen heeft.")
        try:
            return Role(role_written(word))
        except ValueError as error:
            raise _Unclear(*str(error).split("|")) from None

    def _day(self, words: str) -> date | None:
        day = parse_day(words) if words else None
        if words and day is None:
            raise _Unclear(f"“{words}” is geen datum.", "Schrijf bijvoorbeeld 31-3-2027.")
        return day

    def _known_name(self, email: str) -> str:
        """What somebody is called of whom only the address is given, if one person at this table has it."""
        names = {row.person.name for row in self.rows if row.person.email == email.lower()}
        return names.pop() if len(names) == 1 else ""

    def _has_seat(self, name: str, email: str, wish: Wish) -> bool:
        return bool(self._seats_like(name, email, wish))

    def _seats_like(self, name: str, email: str, wish: Wish) -> list[seats.Seat]:
        """The seats of the same person in this role for this party that are taken at some time of the wish."""
        first, last = wish.since or date.min, wish.until or date.max
        mine = [row for row in self.rows if (row.person.name, row.person.email) == (name, email)]
        same = [row for row in mine if (row.party.slug, row.seat.role) == (wish.party, wish.role)]
        return [row for row in same if (row.seat.since or date.min) <= last and first <= (row.seat.until or date.max)]

    def _seat_words(self, name: str, email: str, wish: Wish) -> str:
        """What they are already. Raises _Unclear when the list names them for something that they are not named for."""
        row = self._seats_like(name, email, wish)[-1]
        words = f"{ROLES[wish.role]} voor {row.party.name}"
        if row.seat.until and row.seat.until < self.today:
            what = f"{name} was tot en met {day_words(row.seat.until)} {words}."
            raise _Unclear(what, "Zet de nieuwe eerste dag erbij, in een kolom vanaf.")
        if set(wish.agreements) - set(row.numbers) or set(wish.themes) - set(row.seat.themes):
            hint = "Wijzig bij Mensen waarvoor deze trekker is aangewezen."
            raise _Unclear(f"{name} is al {words}, maar niet voor al deze afspraken en thema's.", hint)
        return words

    def _shares(self, name: str, email: str) -> str:
        others = sorted({row.person.name for row in self.rows if row.person.email == email} - {name})
        return f"Deelt de postbus met {joined(others)}." if others else ""


def _numbers(agreements: str, themes: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The numbers of agreements and of themes; behind the word "thema" stand themes in either."""
    named: dict[bool, dict[str, None]] = {False: {}, True: dict.fromkeys(_words(themes))}
    is_theme = False
    for word in _words(agreements):
        if _THEME.fullmatch(word):
            is_theme = True
        elif word.casefold() in ("afspraak", "afspraken"):
            is_theme = False
        else:
            named[is_theme][word] = None
    return tuple(named[False]), tuple(one for one in named[True] if not _THEME.fullmatch(one))


def _words(text: str) -> list[str]:
    return text.replace(",", " ").replace(";", " ").split()
