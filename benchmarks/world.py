"""The world to measure in: a country of covenants, at the size of design section 6.

342 covenants of five parties, 7,000 people, 20,000 open deadlines and as many settled ones, and a ledger that is empty
or holds 300,000 reminders with the messages that told them. Rows go in by SQLAlchemy core, a table at a time.

It is a Tuesday in March 2027, in mail hours. The first 7,000 deadlines stand on a rung of their ladder that day, with
the rungs before it told when there is a ledger; the others are far off. Nothing is due until `make_due` says so.
"""

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, text, update

from benchmarks.engines import Engine, Sqlite
from cycle.actions.letters.content.letter_rows import FIRST_STEP
from cycle.actions.office.office import Office, open_office
from cycle.settings import Settings, load_settings
from cycle.store import tables as t
from cycle.store.database import Database

ROOT = Path(__file__).resolve().parents[1]
TODAY = date(2027, 3, 16)
NOW = datetime(2027, 3, 16, 9, 30, tzinfo=UTC)
LONG_AGO = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
LATER = datetime(2027, 9, 1, 6, 30, tzinfo=UTC)

COVENANTS, PARTIES, PEOPLE = 342, 5, 7_000
OPEN, SETTLED, DUE = 20_000, 20_000, 7_000
LINES_PER_OPEN, LINES_PER_SETTLED, LINES_PER_MAIL = 3, 12, 4
LEDGER = OPEN * LINES_PER_OPEN + SETTLED * LINES_PER_SETTLED
SLUGS = ("gemeente", "corporatie-oost", "corporatie-west", "huurders-oost", "huurders-west")
KINDS = ("municipality", "corporation", "corporation", "tenants", "tenants")

MIX = (
    ("action", 30),
    ("action", 14),
    ("action", 7),
    ("action", 1),
    ("action", 0),
    ("action", -7),
    ("document", 56),
    ("document", 28),
    ("document", 14),
    ("letter", 28),
    ("action", 30),
    ("action", 14),
    ("action", 7),
    ("meeting", 84),
    ("meeting", 28),
    ("meeting", 14),
    ("yearly", 35),
    ("action", 14),
    ("action", 30),
    ("action", 7),
)
"""Kinds of deadlines in the shares of the example, and the days from a rung to the day it counts to."""

RUNGS = {
    "action": (-30, -14, -7, -1, 0, 7, 14),
    "document": (-56, -28, -14, -7, 0),
    "letter": (-56, -28, -14, -7, 0),
    "meeting": (-84, -28, -14, 1),
    "yearly": (),
}
LETTER_AT = 11  # which deadline of a covenant becomes its letter: one that a corporation leads alone
LETTER_AT = 11  # which deadline of a covenant becomes its letter: one that a corporation leads alone
ASKED_AT = 30  # which deadline of a covenant is the meeting that yearly questions belong to


@dataclass(frozen=True, slots=True)
class World:
    """One filled database with the office that works in it."""

    engine: Engine
    url: str
    office: Office

    def copy(self) -> "World":
        """The same world once more, in a database of its own."""
        self.office.database.close()
        return _open(self.engine, self.engine.copy(self.url))

    def close(self) -> None:
        """Gives the connections back; the database goes with its engine."""
        self.office.database.close()

    def fresh_office(self) -> Office:
        """The same database with settings that were just read, so that no answer was kept with them."""
        return replace(self.office, settings=settings_for(self.url))


def empty_world(engine: Engine) -> World:
    """All tables and nothing in them."""
    url = engine.empty()
    database = Database(url)
    database.migrate()
    database.close()
    return _open(engine, url)


def country(engine: Engine) -> World:
    """The country with an empty ledger."""
    world = empty_world(engine)
    _insert(world, t.Covenant, _covenants())
    _insert(world, t.Term, ({"id": number, "covenant_id": number} for number in range(1, COVENANTS + 1)))
    _insert(world, t.PartyRow, _parties())
    _insert(world, t.Person, _people())
    _insert(world, t.Membership, _memberships())
    _insert(world, t.ActionRow, (_action(number) for number in range(1, OPEN + SETTLED + 1)))
    _insert(world, t.DeadlineRow, (_deadline(number) for number in range(1, OPEN + SETTLED + 1)))
    _insert(world, t.DeadlineParty, (part for number in range(1, OPEN + SETTLED + 1) for part in _parts(number)))
    _count(world)
    return world


def with_ledger(world: World) -> World:
    """A copy in which the ledger holds 300,000 lines and the outbox the mails that told them."""
    told = world.copy()
    lines = list(_ledger())
    _insert(told, t.Message, _messages(lines))
    _insert(told, t.ReminderRow, lines)
    _count(told)
    return told


def with_agreements(world: World) -> World:
    """A copy in which each open deadline comes from an agreement with one reading, and parties have groups."""
    full = world.copy()
    _insert(full, t.GroupRow, _groups())
    _insert(full, t.AgreementRow, (_agreement(number) for number in range(1, OPEN + 1)))
    _insert(full, t.ReadingRow, (_reading(number) for number in range(1, OPEN + 1)))
    with full.office.database.engine.begin() as connection:
        for row in (t.DeadlineRow, t.ActionRow):
            table: Any = row.__table__  # type: ignore[attr-defined]
            known = update(table).where(table.c.id <= OPEN, table.c.origin == "agreement")
            connection.execute(known.values(agreement_id=table.c.id))
        _name_by_id(connection)
    _count(full)
    return full


def with_letter(world: World) -> World:
    """The same, in which a deadline of each covenant is the letter of its year, to the municipality and the tenants."""
    ids = [LETTER_AT * COVENANTS + covenant + 1 for covenant in range(COVENANTS)]
    step = {"origin": "step", "agreement_id": None}
    with world.office.database.engine.begin() as connection:
        actions: Any = t.ActionRow.__table__  # type: ignore[attr-defined]
        deadlines: Any = t.DeadlineRow.__table__  # type: ignore[attr-defined]
        connection.execute(update(actions).where(actions.c.id.in_(ids)).values(step_name=FIRST_STEP, **step))
        connection.execute(update(deadlines).where(deadlines.c.id.in_(ids)).values(slot="", kind="letter", **step))
    _insert(world, t.DeadlineParty, (part for number in ids for part in _addressees(number)))
    return world


def _name_by_id(connection: Connection) -> None:
    """The register holds the agreements now: whoever was named for a number is named for what bears it."""
    deadlines: Any = t.DeadlineRow.__table__  # type: ignore[attr-defined]
    seats: Any = t.Membership.__table__  # type: ignore[attr-defined]
    keys = [{"its_id": number, "its_keys": [number]} for number in range(1, OPEN + 1)]
    connection.execute(
        update(deadlines).where(deadlines.c.id == bindparam("its_id")).values(agreements=bindparam("its_keys")), keys
    )
    ids = {
        (place[0], f"{place[1] % 5 + 1}.{place[1]}"): number
        for number in range(1, OPEN + 1)
        for place in [_place(number)]
    }
    awaited = connection.execute(select(seats.c.id, seats.c.party_id, seats.c.awaited)).all()
    named = [
        {"membership_id": seat, "agreement_id": ids[(party - 1) // PARTIES, number]}
        for seat, party, numbers in awaited
        for number in numbers
        if ((party - 1) // PARTIES, number) in ids
    ]
    connection.execute(insert(t.MembershipAgreement), named)
    connection.execute(update(seats).values(awaited=[]))


def make_due(world: World, number: int = DUE) -> None:
    """The first deadlines have something to tell since an hour."""
    with world.office.database.engine.begin() as connection:
        table: Any = t.DeadlineRow.__table__  # type: ignore[attr-defined]
        connection.execute(update(table).where(table.c.id <= number).values(next_moment=NOW - timedelta(hours=1)))


def settings_for(url: str) -> Settings:
    """The settings as shipped, for this database."""
    return load_settings(ROOT / "config.toml", {"CYCLE__DATABASE__URL": url})


def settings_folder(folder: Path) -> Path:
    """A folder with the shipped settings, where a command may write; returns the settings file."""
    return Path(shutil.copy(ROOT / "config.toml", folder))


def child_environment(**more: str) -> dict[str, str]:
    """The environment of a command under measurement: this checkout, bytecode kept, nothing of the person's own."""
    strange = ("PYTHON", "CYCLE_", "VIRTUAL_ENV")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(strange)}
    return kept | {"PYTHONPATH": str(ROOT)} | more


def _open(engine: Engine, url: str) -> World:
    return World(engine, url, open_office(settings_for(url)))


def _insert(world: World, row: Any, values: Iterable[dict[str, Any]], slice_size: int = 20_000) -> None:
    """Rows of one table, in slices. What they do not name has the table's own default."""
    fields = {name: field for name, field in row.model_fields.items() if name != "id" and not field.is_required()}
    defaults = {name: field.get_default(call_default_factory=True) for name, field in fields.items()}
    waiting = [defaults | value for value in values]
    with world.office.database.engine.begin() as connection:
        for start in range(0, len(waiting), slice_size):
            connection.execute(insert(row.__table__), waiting[start : start + slice_size])


def _count(world: World) -> None:
    """What PostgreSQL's own housekeeping would have done by now. SQLite has none, and the product asks for none."""
    if isinstance(world.engine, Sqlite):
        return
    with world.office.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _covenants() -> Iterator[dict[str, Any]]:
    for number in range(1, COVENANTS + 1):
        yield {
            "id": number,
            "slug": f"gemeente-{number:03d}",
            "name": f"Prestatieafspraken gemeente {number}",
            "municipality": f"Gemeente {number}",
            "live_since": date(2026, 11, 1),
            "released_at": LONG_AGO,
            "released_by": "secretariaat",
            "signature": "Secretariaat prestatieafspraken",
        }


def _parties() -> Iterator[dict[str, Any]]:
    for number in range(COVENANTS * PARTIES):
        covenant, place = divmod(number, PARTIES)
        yield {
            "id": number + 1,
            "covenant_id": covenant + 1,
            "slug": SLUGS[place],
            "name": f"{SLUGS[place]} {covenant}",
            "kind": KINDS[place],
            "position": place,
        }


def _people() -> Iterator[dict[str, Any]]:
    for number in range(1, PEOPLE + 1):
        yield {"id": number, "name": f"Medewerker {number}", "email": f"persoon{number}@gemeente.example"}


def _memberships() -> Iterator[dict[str, Any]]:
    """Per party a contact, two trekkers (by theme, by agreement) and a director; the first is the secretariat too."""
    for number in range(1, PEOPLE + 1):
        covenant, seat = (number - 1) % COVENANTS, (number - 1) // COVENANTS
        role = ("contact", "trekker", "trekker", "director", "deputy")[seat // PARTIES]
        yield _membership(number, covenant * PARTIES + seat % PARTIES + 1, role, seat)
        if seat == 0:
            yield _membership(number, covenant * PARTIES + 1, "secretariat", seat)


def _membership(person: int, party: int, role: str, seat: int) -> dict[str, Any]:
    by_theme, by_agreement = seat // PARTIES == 1, seat // PARTIES == 2
    return {
        "person_id": person,
        "party_id": party,
        "role": role,
        "awaited": [f"{theme}.{seat}" for theme in (1, 3, 5)] if by_agreement else [],
        "themes": ["1", "2", "3"] if by_theme else [],
    }


def _action(number: int) -> dict[str, Any]:
    """What deadline `number` is a time of: the meeting of its covenant, or something that is asked."""
    covenant, place = _place(number)
    step = "voorjaarsoverleg" if place == ASKED_AT else None
    origin = "step" if step else "agreement"
    uid = f"{number:032x}"
    return {"id": number, "covenant_id": covenant + 1, "origin": origin, "step_name": step, "uid": uid}


def _deadline(number: int) -> dict[str, Any]:
    """Deadline `number` of the country; the covenants have them in turn."""
    covenant, place = _place(number)
    kind, counted_from = _kind(number)
    is_meeting, is_asked_at = kind == "meeting", place == ASKED_AT
    theme = str(place % 5 + 1)
    is_open = number <= OPEN
    return {
        "id": number,
        "covenant_id": covenant + 1,
        "origin": "step" if is_asked_at else "agreement",
        "action_id": number,
        "slot": "" if is_asked_at else "1",
        "occurrence": "once",
        "title": f"Onderwerp {theme}.{place} van de afspraken",
        "todo": "Maak een voorstel en bespreek het samen. " * 2,
        "number": f"{theme}.{place}",
        "theme": theme,
        "kind": kind,
        "phrase": "uiterlijk dit jaar",
        "source": f"afspraak {theme}.{place}",
        "via": "voorjaarsoverleg" if kind == "yearly" else "",
        "agreements": [f"{theme}.{place}"],
        "invented": kind == "yearly",
        "window_start": counted_from if is_meeting else None,
        "due": counted_from + timedelta(30) if is_meeting else counted_from,
        "state": "open" if is_open else "done",
        "uid": f"{number:032x}",
        "created_at": LONG_AGO,
        "changed_at": LONG_AGO,
        "next_moment": LATER + timedelta(days=number % 200) if is_open else None,
    }


def _place(number: int) -> tuple[int, int]:
    """Which covenant, and which of its deadlines."""
    place, covenant = divmod(number - 1, COVENANTS)
    return covenant, place


def _kind(number: int) -> tuple[str, date]:
    """Its kind and the day its rungs count to: with a rung today, far off, or long ago when it is settled."""
    place = _place(number)[1]
    if place == ASKED_AT:
        return "meeting", TODAY + timedelta(35)
    kind, days = MIX[place % len(MIX)]
    if number <= DUE:
        return kind, TODAY + timedelta(days)
    if number <= OPEN:
        return kind, TODAY + timedelta(220 + number % 400)
    return kind, TODAY - timedelta(150 + number % 3000)


def _groups() -> Iterator[dict[str, Any]]:
    """The groups that the steps of the year name."""
    for covenant in range(1, COVENANTS + 1):
        for slug, members in (("corporaties", SLUGS[1:3]), ("huurdersorganisaties", SLUGS[3:]), ("partijen", SLUGS)):
            yield {"covenant_id": covenant, "slug": slug, "members": list(members)}


def _agreement(number: int) -> dict[str, Any]:
    covenant, place = _place(number)
    theme = str(place % 5 + 1)
    words = "De partijen onderzoeken samen wat er nodig is en leggen dat vast in een voorstel. " * 3
    return {
        "id": number,
        "covenant_id": covenant + 1,
        "term_id": covenant + 1,
        "number": f"{theme}.{place}",
        "theme": theme,
        "topic": f"Onderwerp {theme}.{place}",
        "text": words,
        "trekker": SLUGS[place % PARTIES],
        "leads": [SLUGS[place % PARTIES]],
        "source": f"bladzijde {place % 30 + 1}",
        "position": place,
    }


def _reading(number: int) -> dict[str, Any]:
    """Every tenth is doubtful, as in a real document."""
    counted_from = _kind(number)[1]
    return {
        "agreement_id": number,
        "action_id": number,
        "slot": "1",
        "ref": "uiterlijk dit jaar",
        "phrase": "uiterlijk dit jaar",
        "kind": "once",
        "due": counted_from,
        "doubtful": _place(number)[1] % 10 == 0,
        "reason": "uiterlijk telt de dag zelf mee",
        "source": "bladzijde 3",
    }


def _parts(number: int) -> Iterator[dict[str, Any]]:
    """One lead, for every third deadline two; the rest take part in meetings and documents."""
    covenant, place = _place(number)
    leads = [place % PARTIES, (place + 1) % PARTIES][: 2 if place % 3 == 0 else 1]
    takes_part = _kind(number)[0] in ("meeting", "document")
    others = [party for party in range(PARTIES) if party not in leads] if takes_part else []
    for position, party in enumerate((*leads, *others)):
        yield {
            "deadline_id": number,
            "party_id": covenant * PARTIES + party + 1,
            "part": "lead" if party in leads else "participant",
            "position": position,
            "state": "open" if number <= OPEN else "done",
        }


def _addressees(number: int) -> Iterator[dict[str, Any]]:
    """Whom a letter goes to: all but the corporations."""
    covenant, _at = _place(number)
    for position, party in enumerate((0, 3, 4), start=1):
        yield {
            "deadline_id": number,
            "party_id": covenant * PARTIES + party + 1,
            "part": "participant",
            "position": position,
            "state": "open",
        }


def _ledger() -> Iterator[dict[str, Any]]:
    """Lines by covenant and rung, so that the lines of one mail are about several deadlines of one covenant."""
    identity = 0
    by_covenant = sorted(range(1, OPEN + SETTLED + 1), key=_place)
    for covenant, mine in groupby(by_covenant, key=lambda number: _place(number)[0]):
        numbers = list(mine)
        for rung in range(LINES_PER_SETTLED):
            for number in numbers if rung < LINES_PER_OPEN else [one for one in numbers if one > OPEN]:
                identity += 1
                yield _line(identity, number, covenant, rung)


def _line(identity: int, number: int, covenant: int, rung: int) -> dict[str, Any]:
    """A line that was told: a rung before today's while there are such, else one that counted to an earlier date."""
    place = _place(number)[1]
    kind, counted_from = _kind(number)
    earlier = [days for days in RUNGS[kind] if counted_from + timedelta(days) < TODAY]
    is_real = rung < len(earlier)
    told = earlier[rung] if is_real else -30 - rung
    anchor = counted_from if is_real else counted_from - timedelta(90)
    mail = (identity - 1) // LINES_PER_MAIL
    return {
        "id": identity,
        "deadline_id": number,
        "party": SLUGS[place % PARTIES],
        "person_id": mail % 20 * COVENANTS + covenant + 1,
        "rung": str(told),
        "counted_from": anchor,
        "on": anchor + timedelta(told),
        "reason": "trekker",
        "message_id": mail + 1,
        "created_at": LONG_AGO,
    }


def _messages(lines: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The mails of these lines, all sent, their bodies emptied as after ninety days."""
    for line in lines[::LINES_PER_MAIL]:
        number = line["message_id"]
        yield {
            "id": number,
            "key": f"digest:{number}",
            "kind": "digest",
            "person_id": line["person_id"],
            "to": f"persoon{line['person_id']}@gemeente.example",
            "subject": "Uw termijnen",
            "message_id": f"<{number}@cycle.example>",
            "envelope_from": "prestatieafspraken@cycle.example",
            "on": line["on"],
            "state": "sent",
            "attempts": 1,
            "created_at": LONG_AGO,
            "next_try_at": LONG_AGO,
            "sent_at": LONG_AGO,
            "last_answer": "250 ok",
        }
