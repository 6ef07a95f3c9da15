"""How facts are sealed: in a chain for each covenant, and one for what belongs to none.

The hash of a fact covers the hash before it, its place, when, by whom (a number), the kind of act, what it is about,
and a salted digest of its words and values: never a name. So words can be erased (`chains.erase`) and the chain still
holds, while nothing can be changed, left out, put in between or moved without its being found. Who a number is says a
fact of its own, in the chain of what belongs to no covenant.

Whoever adds to a chain holds its head, always in order of covenant, so that two writers never fork one.
"""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from hashlib import sha256
from json.encoder import encode_basestring
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from cycle.domain.model import ActorKind
from cycle.domain.words import BY_COMMAND_LINE, BY_LINK, VIA
from cycle.store.tables import Actor, Fact, FactHead, Person
from cycle.store.touching import UNSEEN

NOBODY = 0
"""The number of the chain of what belongs to no covenant."""

BEGUN = "keten begint"
NAMED, ACTOR = "heet", "actor"
"""The verb and the subject of a fact that says who an actor is."""

AT_ONCE = 1000
THE_CLOCK = "klok"
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
CLOCKS = frozenset({THE_CLOCK, "cycle"})

_FACTS: Table = Fact.__table__  # type: ignore[attr-defined]
_HEADS: Table = FactHead.__table__  # type: ignore[attr-defined]
_ACTORS: Table = Actor.__table__  # type: ignore[attr-defined]


@dataclass(slots=True)
class NewFact:
    """A fact that is to be written. `at` is None where nobody said when: then it is as late as the one before it."""

    covenant_id: int | None
    at: datetime | None
    by: str
    verb: str
    subject: str
    subject_id: int = 0
    about: str | None = None
    text: str = ""
    old: str = ""
    new: str = ""


class Head(NamedTuple):
    """The end of a chain."""

    seq: int
    hash: str


class Doer(NamedTuple):
    """An actor, and whether a fact says who that is."""

    id: int
    is_named: bool


def write(connection: Connection, new: Sequence[NewFact], others: Iterable[str] = ()) -> None:
    """Adds facts to their chains, in this order; before them, who it is that does something for the first time, also
    where rows and no facts name them (`others`)."""
    doers = {by: _doer(connection, by) for by in {*others, *(fact.by for fact in new)}}
    unnamed = [doer.id for doer in doers.values() if not doer.is_named]
    if unnamed:
        _name(connection, unnamed, new[0].at)
    _add(connection, new, {by: doer.id for by, doer in doers.items()})


def _add(connection: Connection, new: Sequence[NewFact], actors: Mapping[str, int]) -> None:
    chains = sorted({fact.covenant_id or NOBODY for fact in new})
    heads, rows = _held(connection, chains), list[dict[str, Any]]()
    for fact in new:
        chain = fact.covenant_id or NOBODY
        at = fact.at or _last_moment(connection, chain)
        if not heads[chain].hash:
            rows.append(_beginning(connection, chain, at))
            heads[chain] = Head(rows[-1]["seq"], rows[-1]["hash"])
        rows.append(_row(fact, at, actors[fact.by], heads[chain]))
        heads[chain] = Head(rows[-1]["seq"], rows[-1]["hash"])
    connection.execute(insert(_FACTS).execution_options(**UNSEEN), rows)
    for chain in chains:
        _move_head(connection, chain, heads[chain])


def begin_old_chains(connection: Connection) -> None:
    """Seals what was written down before there were chains, once."""
    known = set(connection.scalars(select(_HEADS.c.covenant_id)))
    older = select(func.coalesce(_FACTS.c.covenant_id, NOBODY), func.max(_FACTS.c.at)).where(_FACTS.c.seq < 0)
    for chain, at in connection.execute(older.group_by(_FACTS.c.covenant_id)).all():
        if chain not in known and not _held(connection, [chain])[chain].hash:
            row = _beginning(connection, chain, at)
            connection.execute(insert(_FACTS).execution_options(**UNSEEN), [row])
            _move_head(connection, chain, Head(row["seq"], row["hash"]))


def name_old_actors(connection: Connection) -> None:
    """Seals who did something before that was sealed, as they are called now."""
    unnamed = connection.scalars(select(_ACTORS.c.id).where(_ACTORS.c.is_named.is_(False)).order_by(_ACTORS.c.id)).all()
    for start in range(0, len(unnamed), AT_ONCE):  # a country has more of them than one statement may name
        _name(connection, unnamed[start : start + AT_ONCE], None)


def who_is(actor: Mapping[str, Any]) -> str:
    """What a fact says of who an actor is."""
    return text_of({name: actor[name] for name in ("kind", "person_id", "name", "via")})


def root_of(heads: Iterable[tuple[int, int, str]]) -> str:
    """One seal over the heads of all chains (covenant, place, hash), short enough for a mail."""
    return sha256(_ENCODER.encode(sorted(heads)).encode()).hexdigest()[:16]


def text_of(values: Mapping[str, Any]) -> str:
    """Values of a row as the one text that they have: days and moments by ISO, bytes by their hash."""
    return _ENCODER.encode(values)


def values_in(text: str) -> dict[str, Any]:
    """The values of such a text; none of an empty one."""
    values: dict[str, Any] = json.loads(text) if text else {}
    return values


def digest_of(row: Mapping[str, Any]) -> str:
    """What the hash covers of words and values. It can be made for who has the salt only."""
    return _sha([row["salt"], row["text"], row["old"], row["new"]])


def hash_of(before: str, row: Mapping[str, Any]) -> str:
    """The seal of a fact on the one before it."""
    return _sha([before, row["covenant_id"], row["seq"], _moment(row["at"]), *_sealed(row)])


_sealed = itemgetter("actor_id", "verb", "subject", "subject_id", "about", "digest")


@lru_cache(maxsize=16)
def _moment(at: datetime) -> str:
    """Many facts are of one moment."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def seal_of_older(connection: Connection, covenant_id: int | None) -> tuple[int, str]:
    """How many facts a chain has from before it began, and one digest over all of them."""
    query = select(_FACTS).where(_FACTS.c.covenant_id.is_not_distinct_from(covenant_id), _FACTS.c.seq < 0)
    count, seal = 0, ""
    for row in connection.execute(query.order_by(_FACTS.c.seq)).mappings():
        count, seal = count + 1, hash_of(seal, dict(row))
    return count, seal


def name_and_via(by: str) -> tuple[str, str]:
    """Who did something, and how it came: "jan@clavis.example, via de opdrachtregel"."""
    name, _, via = by.partition(VIA)
    return name, via


def actor_of(connection: Connection, by: str) -> int:
    """The number of who does something, for a row that names them as facts do."""
    return _doer(connection, by).id


def _doer(connection: Connection, by: str) -> Doer:
    name, via = name_and_via(by)
    person = None if name in CLOCKS else _whose(connection, name)
    is_same = _ACTORS.c.name == name, _ACTORS.c.via == via, _ACTORS.c.person_id.is_not_distinct_from(person)
    mine = select(_ACTORS.c.id, _ACTORS.c.is_named).where(*is_same)
    known = connection.execute(mine.order_by(_ACTORS.c.id).limit(1)).first()
    return Doer(*known) if known is not None else Doer(_new_actor(connection, name, via, person), is_named=False)


def _whose(connection: Connection, address: str) -> int | None:
    """Whose mailbox it is now: of nobody whom we know by name where several share it. It may get another reader."""
    people = connection.scalars(select(col(Person.id)).where(col(Person.email) == address).limit(2)).all()
    return people[0] if len(people) == 1 else None


def _name(connection: Connection, ids: Iterable[int], at: datetime | None) -> None:
    """Says who these actors are, in the chain of what belongs to no covenant: the lowest, so it is held first. It is
    the clock that says it, of itself too."""
    clock = _doer(connection, THE_CLOCK)
    named = _ACTORS.c.id.in_({*ids} if clock.is_named else {clock.id, *ids})
    rows = connection.execute(select(_ACTORS).where(named).order_by(_ACTORS.c.id)).mappings()
    namings = [NewFact(None, at, THE_CLOCK, NAMED, ACTOR, row["id"], new=who_is(dict(row))) for row in rows]
    _add(connection, namings, {THE_CLOCK: clock.id})
    connection.execute(update(_ACTORS).where(named).values(is_named=True).execution_options(**UNSEEN))


def _new_actor(connection: Connection, name: str, via: str, person: int | None) -> int:
    row = {
        "kind": _kind(name, via),
        "person_id": person,
        "name": name,
        "via": via,
        "is_named": False,
    }
    made = insert(_ACTORS).values(row).returning(_ACTORS.c.id).execution_options(**UNSEEN)
    return int(connection.execute(made).scalar_one())


def _kind(name: str, via: str) -> ActorKind:
    if name in CLOCKS:
        return ActorKind.CLOCK
    if f"{VIA}{via}".startswith(BY_LINK):
        return ActorKind.LINK
    return ActorKind.OPERATOR if f"{VIA}{via}" == BY_COMMAND_LINE else ActorKind.PERSON


def _held(connection: Connection, chains: Sequence[int]) -> dict[int, Head]:
    """The heads of these chains, held until the end of the transaction, the lowest first.

    One that was not there yet has no hash.
    """
    if len(chains) > 1:
        known = set(connection.scalars(select(_HEADS.c.covenant_id).where(_HEADS.c.covenant_id.in_(chains))))
        if not known.issuperset(chains):  # one by one, so that the order is the same for everybody
            return {chain: _held_or_new(connection, chain) for chain in chains}
    heads = _hold(connection, chains)
    return {chain: heads[chain] if chain in heads else _held_or_new(connection, chain) for chain in chains}


def _hold(connection: Connection, chains: Sequence[int]) -> dict[int, Head]:
    mine = select(_HEADS).where(_HEADS.c.covenant_id.in_(chains)).order_by(_HEADS.c.covenant_id).with_for_update()
    return {row.covenant_id: Head(row.seq, row.hash) for row in connection.execute(mine)}


def _held_or_new(connection: Connection, chain: int) -> Head:
    """Two writers may find it missing at once: the second waits for the first, and then finds it."""
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    new = make(_HEADS).values(covenant_id=chain, seq=-1, hash="").on_conflict_do_nothing()
    connection.execute(new.execution_options(**UNSEEN))
    return _hold(connection, [chain])[chain]


def _move_head(connection: Connection, chain: int, head: Head) -> None:
    mine = update(_HEADS).where(_HEADS.c.covenant_id == chain).execution_options(**UNSEEN)
    connection.execute(mine.values(seq=head.seq, hash=head.hash))


def _beginning(connection: Connection, chain: int, at: datetime) -> dict[str, Any]:
    """The first fact of a chain: it seals what was there before."""
    count, seal = seal_of_older(connection, chain or None)
    before = NewFact(chain or None, at, THE_CLOCK, BEGUN, "chain", new=text_of({"older": count, "seal": seal}))
    return _row(before, at, _doer(connection, THE_CLOCK).id, Head(-1, ""))


def _row(fact: NewFact, at: datetime, actor_id: int, head: Head) -> dict[str, Any]:
    row = {
        "covenant_id": fact.covenant_id,
        "seq": head.seq + 1,
        "at": at,
        "actor_id": actor_id,
        "verb": fact.verb,
        "subject": fact.subject,
        "subject_id": fact.subject_id,
        "about": fact.about,
        "text": fact.text,
        "old": fact.old,
        "new": fact.new,
        "salt": os.urandom(16).hex(),
    }
    row["digest"] = digest_of(row)
    row["hash"] = hash_of(head.hash, row)
    return row


def _last_moment(connection: Connection, chain: int) -> datetime:
    """When the last fact of a chain was that is written down."""
    query = select(_FACTS.c.at).where(_FACTS.c.covenant_id.is_not_distinct_from(chain or None))
    return connection.scalar(query.order_by(_FACTS.c.seq.desc()).limit(1)) or LONG_AGO


def _plain(value: Any) -> Any:
    """What JSON has no word for."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return f"sha256:{sha256(value).hexdigest()}"
    raise TypeError(f"no fact can hold a {type(value).__name__}")


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def _sha(parts: Sequence[str | int | None]) -> str:
    """The seal over the JSON of some parts; written out here, for there are two of each fact."""
    words = [encode_basestring(one) if isinstance(one, str) else "null" if one is None else str(one) for one in parts]
    return sha256(f"[{','.join(words)}]".encode()).hexdigest()
