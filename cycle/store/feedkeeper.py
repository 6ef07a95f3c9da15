"""The one read behind every fetch of a feed: the version of a link, by the hash of its token.

A lookup through the mapper costs four times the rest of a warm answer, so this goes by the driver, on a connection
of its own. It is the same statement on both engines, by the unique index on the hash.
"""

import sqlite3
from threading import Lock
from typing import Any

from sqlalchemy import make_url

from cycle.errors import DatabaseUnreachable

BUSY_MS = 100
PATIENCE_SECONDS = 5
_QUERY = "SELECT version FROM feed_link WHERE token_hash = "


class FeedKeeper:
    """Knows whether a feed may be served as it was built. Safe to ask from several threads."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self.is_instant = self._url.drivername == "sqlite"  # some 10 µs, so it may be asked on the event loop
        self._query = _QUERY + ("?" if self.is_instant else "%s")
        self._lock = Lock()
        self._connection: Any = None

    def version_of(self, token_hash: str) -> str | None:
        """The version of the link with this token, or None when there is no such link.

        Raises DatabaseUnreachable.
        """
        with self._lock:
            had_connection = self._connection is not None
            try:
                return self._read(token_hash)
            except _errors() as error:
                self._drop()
                if self.is_instant or not had_connection:
                    raise _away(error) from None
            try:  # the server may have been restarted since
                return self._read(token_hash)
            except _errors() as error:
                self._drop()
                raise _away(error) from None

    def close(self) -> None:
        """Gives the connection back; the next question opens another."""
        with self._lock:
            self._drop()

    def _read(self, token_hash: str) -> str | None:
        if self._connection is None:
            self._connection = self._sqlite() if self.is_instant else self._postgresql()
        row = self._connection.execute(self._query, (token_hash,)).fetchone()
        return None if row is None else str(row[0])

    def _sqlite(self) -> Any:
        connection = sqlite3.connect(
            f"file:{self._url.database}?mode=rw", uri=True, check_same_thread=False, isolation_level=None
        )
        connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        connection.execute("PRAGMA query_only=ON")
        return connection

    def _postgresql(self) -> Any:
        import psycopg  # noqa: PLC0415 - an optional extra

        address = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        options = f"-c default_transaction_read_only=on -c statement_timeout={PATIENCE_SECONDS * 1000}"
        return psycopg.connect(
            address,
            autocommit=True,
            prepare_threshold=1,
            connect_timeout=PATIENCE_SECONDS,
            options=options,
            tcp_user_timeout=PATIENCE_SECONDS * 1000,
        )

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except _errors():
                pass


def _errors() -> tuple[type[Exception], ...]:
    try:
        import psycopg  # noqa: PLC0415 - an optional extra
    except ImportError:
        return (sqlite3.Error,)
    return (sqlite3.Error, psycopg.Error)


def _away(error: Exception) -> DatabaseUnreachable:
    """Without the driver's own words: they may name hosts and users."""
    return DatabaseUnreachable(f"De database is niet bereikbaar ({type(error).__name__}).", "Kijk met: cycle doctor")
