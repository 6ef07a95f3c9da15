"""Reading many columns: sqlmodel's typed `select` stops at four, and rows as objects are too slow for thousands."""

from typing import Any

import sqlalchemy


def columns(*what: Any) -> Any:
    """A SELECT of any number of columns, for `session.exec`."""
    return sqlalchemy.select(*what)
