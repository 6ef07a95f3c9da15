"""Upgrades the database of an address over and over, killed at a later statement each time, until one gets through.

Writes how each try ended, and the version that the tables had after it.
"""

import json
import os
import signal
import sys
from typing import Any

import alembic.command  # before the forks, so that it happens once
import alembic.config  # noqa: F401 - as above
from sqlalchemy import event

from cycle.store.database import Database


def main() -> None:
    url, ended = sys.argv[1], []
    while not ended or ended[-1][0] < 0:
        child = os.fork()
        if child == 0:
            upgrade(url, die_at=3 ** len(ended))
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        database = Database(url)
        ended.append((code, database.version()))
        database.close()
    json.dump(ended, sys.stdout)


def upgrade(url: str, die_at: int) -> None:
    """In a process of its own, which ends with it."""
    database, count = Database(url), 0

    def strike(*_: Any) -> None:
        nonlocal count
        count += 1
        if count == die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(database.engine, "after_cursor_execute", strike)
    database.migrate()
    os._exit(0)


if __name__ == "__main__":
    main()
