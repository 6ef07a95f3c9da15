"""Alembic's entry: the connection is handed over by `Database.migrate`."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import types
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from cycle.store.tables import Moment


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Our own types as plain ones, so that a migration never changes with the code."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, AutoString | types.String):
        return "sa.String()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    render_item=render_item,
    compare_type=True,
)
context.run_migrations()
