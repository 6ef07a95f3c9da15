"""Databases of earlier versions that are laid down once a run, each from a copy of the one before it.

To lay a version by itself is to go all the way from the first one, and a run needs each of them on both engines.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cycle.store.database import Database, revisions
from cycle.store.upgrading import upgrade
from tests.once_a_run import Run
from tests.postgresql_server import new_database
from tests.store.versions import load


class Laid:
    """Those of one engine, as what a fixture of databases copies: never open one."""

    def __init__(self, run: Run, engine: str, request: pytest.FixtureRequest) -> None:
        self._run, self.engine, self._request = run, engine, request

    def renewed(self, revision: str) -> str:
        """What had the rows of this revision, and was brought to the newest."""

        def renew(database: Database) -> None:
            assert database.migrate() == (revision, revisions()[-1])

        return self._once(f"renewed-{revision}", self.old(revision), renew)

    def old(self, revision: str) -> str:
        """Of this revision, with its rows."""
        return self._once(f"rows-{revision}", self._empty(revision), lambda database: load(database, revision))

    def _empty(self, revision: str) -> str:
        """Of this revision, without rows: one step from the one before it."""
        earlier = [known for known in revisions() if known < revision][-1:]
        like = self._empty(*earlier) if earlier else ""
        return self._once(f"empty-{revision}", like, lambda database: upgrade(database.engine, revision))

    def _once(self, name: str, like: str, work: Callable[[Database], None]) -> str:
        """Where the copy is of what this is like, or a new one, on which the work is done."""

        def lay(url: str, _place: Path) -> None:
            database = Database(url)
            work(database)
            database.close()

        def lay_on_copy(url: str, place: Path) -> None:
            if like:
                shutil.copy(like, url.removeprefix("sqlite:///"))
            lay(url, place)

        if self.engine == "sqlite":
            return str(self._run.sqlite(name, lay_on_copy))
        server, names = self._request.getfixturevalue("server"), [like.rpartition("/")[2]] if like else []
        return self._run.postgresql(f"{name}-pg", lambda: new_database(server, *names), lay)
