"""What fails for one row must not take the others along: each is worked out apart.

One that fails is left out and logged by its id and the place in the program, never by its words; whoever asks decides
what stands in its place, and who is told.
"""

import logging
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

log = logging.getLogger(__name__)

Row = TypeVar("Row")
Made = TypeVar("Made")


def apart(
    rows: Iterable[Row], make: Callable[[Row], Made], name: Callable[[Row], str]
) -> Iterator[tuple[Row, Made | None]]:
    """Each row with what was made of it, or with None where that failed. `name` says which row: "termijn 12".

    A database that does not answer concerns all rows, so that is raised.
    """
    for row in rows:
        made: Made | None = None
        try:
            made = make(row)
        except SQLAlchemyError:
            raise
        except Exception as error:
            log.error("%s left out: %s at %s", name(row), type(error).__name__, where(error))
        yield row, made


def made_apart(rows: Iterable[Row], make: Callable[[Row], Made | None], name: Callable[[Row], str]) -> list[Made]:
    """What was made of the rows that did not fail, and of which anything was made."""
    return [made for _row, made in apart(rows, make, name) if made is not None]


def where(error: Exception) -> str:
    """The place in the program, not the message: that may hold a name, an address or a token."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
