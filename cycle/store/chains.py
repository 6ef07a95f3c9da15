"""Whether the chains of facts are as they were written: walked from their beginning, and held beside heads that were
written down elsewhere; and the one way in which words of a fact may go."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Table, func, update
from sqlmodel import Session, col, select

from cycle.domain.model import ChainFault as Fault
from cycle.store import noticing
from cycle.store.columns import columns
from cycle.store.facts import ACTOR, NAMED, NOBODY, digest_of, hash_of, seal_of_older, values_in, who_is
from cycle.store.tables import Actor, Covenant, Fact, FactHead

ERASED = "gewist"
AT_ONCE = 2000

_FACTS: Table = Fact.__table__  # type: ignore[attr-defined]
_ACTORS: Table = Actor.__table__  # type: ignore[attr-defined]


class KnownHead(NamedTuple):
    """Where a chain ended at a moment, as it was written down outside the database."""

    at: datetime
    covenant_id: int
    seq: int
    hash: str


class Break(NamedTuple):
    """The first thing wrong with a chain: at which place, and when that was, as far as anything says so."""

    fault: Fault
    seq: int
    at: datetime | None


class Walked(NamedTuple):
    """One chain. `slug` is empty for that of what belongs to no covenant."""

    covenant_id: int
    slug: str
    facts: int
    erased: int
    broken: Break | None


def walk(session: Session, known: Iterable[KnownHead] = ()) -> list[Walked]:
    """Every chain that there is, or of which a head is known, the one of no covenant first."""
    ends = {row.covenant_id: row for row in session.exec(select(FactHead))}
    noted: dict[int, list[KnownHead]] = {}
    for head in known:
        noted.setdefault(head.covenant_id, []).append(head)
    there = session.exec(columns(func.coalesce(_FACTS.c.covenant_id, NOBODY)).distinct()).scalars()
    slugs = {number or NOBODY: slug for number, slug in session.exec(select(Covenant.id, Covenant.slug))}
    renamed = _renamed(session)
    return [
        _walked(_Walk(session, chain, noted.get(chain, ()), renamed), slugs.get(chain, ""), ends.get(chain))
        for chain in sorted({*ends, *noted, *there})
    ]


def heads(session: Session, at: datetime) -> list[KnownHead]:
    """Where each chain ends now."""
    rows = session.exec(select(FactHead).order_by(col(FactHead.covenant_id)))
    return [KnownHead(at, row.covenant_id, row.seq, row.hash) for row in rows]


def erase(session: Session, ids: Sequence[int], now: datetime, by: str) -> None:
    """Empties the words and values of facts, and says so in their chains; that they happened, and when, stays."""
    mine = columns(_FACTS.c.id, _FACTS.c.covenant_id).where(_FACTS.c.id.in_(ids), _FACTS.c.salt != "")
    rows = session.exec(mine.order_by(_FACTS.c.id)).all()
    empty = update(_FACTS).where(_FACTS.c.id.in_([number for number, _covenant in rows]))
    session.connection().execute(empty.values(text="", old="", new="", salt=""))
    for number, covenant_id in rows:
        noticing.add(session, now, by, ERASED, "fact", number, covenant_id)


def _renamed(session: Session) -> frozenset[int]:
    """The actors of whom the facts say otherwise who they are, or nothing; of whom is erased they say it no more."""
    mine = _FACTS.c.covenant_id.is_(None), _FACTS.c.subject == ACTOR, _FACTS.c.verb == NAMED
    query = columns(_FACTS.c.subject_id, _FACTS.c.new, _FACTS.c.salt).where(*mine).order_by(_FACTS.c.seq.desc())
    first = {row.subject_id: row for row in session.connection().execute(query)}
    return frozenset(
        row["id"]
        for row in session.connection().execute(columns(_ACTORS)).mappings()
        if row["id"] not in first or not _is_called_so(dict(row), first[row["id"]].new, bool(first[row["id"]].salt))
    )


def _is_called_so(actor: Mapping[str, Any], said: str, is_said: bool) -> bool:
    return who_is(actor) == said if is_said else ERASED in actor["name"] + actor["via"]


def _walked(walk_of: "_Walk", slug: str, head: FactHead | None) -> Walked:
    broken = walk_of.first_break(head)
    return Walked(walk_of.chain, slug, walk_of.count, walk_of.emptied, broken)


class _Walk:
    """A walk along one chain, beside the heads of it that are known, and the actors who are not who they were."""

    def __init__(self, session: Session, chain: int, known: Sequence[KnownHead], renamed: frozenset[int]) -> None:
        self._session, self.chain, self._renamed = session, chain, renamed
        self._mine = _FACTS.c.covenant_id.is_not_distinct_from(chain or None)
        self._known: dict[int, set[str]] = {}
        for head in known:
            self._known.setdefault(head.seq, set()).add(head.hash)
        self._ends = known
        self._erased = self._numbers_erased()
        self.count = self.emptied = 0
        self._last, self._hash = -1, ""
        self._at: datetime | None = None

    def first_break(self, head: FactHead | None) -> Break | None:
        for row in self._rows():
            fault = self._fault_of_words(row) if row["seq"] < 0 else self._fault(row)
            if fault is None and row["actor_id"] in self._renamed:
                fault = Fault.BY
            if fault is not None:
                return Break(fault, row["seq"] if fault is not Fault.GONE else self._last + 1, row["at"])
            self.count += 1
            self._at = row["at"]
        return self._break_at_end(head)

    def _break_at_end(self, head: FactHead | None) -> Break | None:
        if head is None and self._last < 0 and not self._known:  # nothing was written since there are chains
            return None
        if head is None or head.seq != self._last or head.hash != self._hash:
            return Break(Fault.CUT, self._last + 1, self._at)
        beyond = [one for one in self._ends if one.seq > self._last]
        return Break(Fault.CUT, self._last + 1, min(one.at for one in beyond)) if beyond else None

    def _fault(self, row: Mapping[str, Any]) -> Fault | None:
        if row["seq"] != self._last + 1:
            return Fault.GONE
        if hash_of(self._hash, row) != row["hash"]:
            return Fault.CHANGED
        if row["seq"] == 0 and self._sealed(row) != seal_of_older(self._session.connection(), row["covenant_id"]):
            return Fault.OLDER
        self._last, self._hash = row["seq"], row["hash"]
        if self._known.get(row["seq"], {row["hash"]}) != {row["hash"]}:
            return Fault.OTHER
        return self._fault_of_words(row)

    def _fault_of_words(self, row: Mapping[str, Any]) -> Fault | None:
        if row["salt"]:
            return None if digest_of(row) == row["digest"] else Fault.CHANGED
        self.emptied += 1
        is_empty = not (row["text"] or row["old"] or row["new"])
        return None if is_empty and row["id"] in self._erased else Fault.EMPTIED

    def _rows(self) -> Iterable[dict[str, Any]]:
        query = columns(_FACTS).where(self._mine).order_by(_FACTS.c.seq)
        result = self._session.connection().execution_options(yield_per=AT_ONCE).execute(query)
        return (dict(row) for row in result.mappings())

    def _numbers_erased(self) -> set[int]:
        said = columns(_FACTS.c.subject_id).where(self._mine, _FACTS.c.subject == "fact", _FACTS.c.verb == ERASED)
        return set(self._session.connection().scalars(said))

    def _sealed(self, row: Mapping[str, Any]) -> tuple[int, str]:
        values = values_in(row["new"])
        return int(values.get("older", 0)), str(values.get("seal", ""))
