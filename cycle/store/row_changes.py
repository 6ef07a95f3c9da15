"""What became of each row in a transaction: what it held before, what it is, and what it is a part of."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import JSON, Table
from sqlalchemy.orm.attributes import instance_state

from cycle.store.facts import text_of
from cycle.store.told_tables import SUBJECTS, told_columns
from cycle.store.touching import end_of, ways

CAME, CHANGED, WENT = "nieuw", "gewijzigd", "weg"
"""The kinds of change that no act says anything of."""

_MOMENTS = ("changed_at", "at", "undone_at", "made_at", "imported_at", "created_at", "approved_at", "added_at")
_NOTHING: Mapping[str, Any] = MappingProxyType({})
Key = tuple[Any, ...]


class RowChange(NamedTuple):
    """What became of one row in a transaction: what it held before, and what it is (None: it was or is not there)."""

    table: Table
    key: Key
    old: dict[str, Any] | None
    new: dict[str, Any] | None
    parent: tuple[Table, Any] | None
    at: datetime | None

    @property
    def subject(self) -> str:
        return SUBJECTS.get(self.table.name, self.table.name)

    @property
    def subject_id(self) -> int:
        return int(self.key[0])

    @property
    def verb(self) -> str:
        return CAME if self.old is None else WENT if self.new is None else CHANGED

    @property
    def is_any(self) -> bool:
        return self.old != self.new


Changes = dict[tuple[Table, Key], RowChange]
"""One for each row, by its table and key."""


class RowShape(NamedTuple):
    """What is read of the rows of a table: what is told, which of that may be changed within, the key, what they are a
    part of, when they were written."""

    table: Table
    names: tuple[str, ...]
    changeable: tuple[str, ...]
    key: tuple[str, ...]
    parents: tuple[tuple[str, Table], ...]
    moments: tuple[str, ...]


@cache
def shape_of(table: Table) -> RowShape:
    told = told_columns(table)
    return RowShape(
        table,
        tuple(column.key for column in table.columns if column.key in told),
        tuple(column.key for column in table.columns if column.key in told and isinstance(column.type, JSON)),
        tuple(column.key for column in table.primary_key),
        tuple((column.key, end_of(column).table) for column in ways(table)),
        tuple(name for name in _MOMENTS if name in table.columns),
    )


def keep_change(changes: Changes, row: Any, *, was_there: bool = True, is_there: bool = True) -> None:
    """Remembers what became of a row, with what became of it before in this transaction."""
    state = instance_state(row)
    shape = shape_of(state.mapper.local_table)
    if not shape.names:
        return
    values = state.dict
    past = _past(state, shape.names) if was_there else _NOTHING
    if not past and was_there and is_there:
        return
    before_it = {name: was.deleted[0] for name, was in past.items() if was.deleted} if past else _NOTHING
    old: dict[str, Any] | None
    new: dict[str, Any] | None
    if was_there and is_there:
        old, new = dict(before_it), _lasting(values, past, shape)
    else:
        whole = _lasting(values, shape.names, shape)
        old, new = ({**whole, **before_it}, None) if was_there else (None, whole)
    key = tuple([values[name] for name in shape.key])
    change = RowChange(shape.table, key, old, new, _parent(values, shape), _first(values, shape.moments))
    key_before = tuple([before_it.get(name, values[name]) for name in shape.key]) if before_it else key
    before = changes.pop((shape.table, key_before), None)
    changes[shape.table, key] = change if before is None else _both(before, change)


def _parent(values: Mapping[str, Any], shape: RowShape) -> tuple[Table, Any] | None:
    """What a row is a part of."""
    for name, table in shape.parents:
        if values.get(name) is not None:
            return table, values[name]
    return None


def _first(values: Mapping[str, Any], names: Iterable[str]) -> Any:
    """The first of these that a row has."""
    for name in names:
        if values.get(name) is not None:
            return values[name]
    return None


def _past(state: Any, names: Iterable[str]) -> dict[str, Any]:
    """What changed of a row that was there, with what it was before as far as that was read."""
    histories = {name: state.attrs[name].history for name in names if name in state.committed_state}
    return {name: history for name, history in histories.items() if history.has_changes()}


def _lasting(values: Mapping[str, Any], names: Iterable[str], shape: RowShape) -> dict[str, Any]:
    """All that is known of a row, to stay as it is whatever becomes of the row; of one that goes perhaps not everything
    was read."""
    lasting = {name: values[name] for name in names if name in values}
    for name in shape.changeable:
        if lasting.get(name):
            lasting[name] = _copied(lasting[name])
    return lasting


def _copied(value: Any) -> Any:
    """What a JSON column holds, apart from what may be written into it later."""
    if isinstance(value, dict):
        return {name: _copied(one) for name, one in value.items()}
    return [_copied(one) for one in value] if isinstance(value, list | tuple) else value


def _both(first: RowChange, second: RowChange) -> RowChange:
    """Two changes of one row in one transaction are one; what came to be as it was is none."""
    old, new = first.old, second.new
    if old is not None and first.new is not None:
        old = {**(second.old or {}), **old}
    if new is not None and second.old is not None:
        new = {**(first.new or {}), **new}
    if old is not None and new is not None:
        differing = {name for name in new if name not in old or old[name] != new[name]}
        old = {name: value for name, value in old.items() if name in differing}
        new = {name: value for name, value in new.items() if name in differing}
    return RowChange(second.table, second.key, old, new, second.parent or first.parent, second.at or first.at)


def texts_of(change: RowChange) -> tuple[str, str]:
    """What a row held and what it is, as a fact has it: with the whole key where that is more than a number."""
    names = shape_of(change.table).key
    key = dict(zip(names, change.key, strict=True)) if len(names) > 1 else {}
    return (
        "" if change.old is None else text_of({**key, **change.old}),
        "" if change.new is None else text_of({**key, **change.new}),
    )
