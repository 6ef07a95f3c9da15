"""The example that `serve --example` shows: a covenant read in once, and its coming year rehearsed at each start.

Both are done by a process beside the server (`cycle example`, a command that no help shows). To lay the tables, read a
covenant in and write a year's mails takes 40 MB, which the server would keep for as long as it lives.
"""

import os
import subprocess
import sys
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cycle.cli import desk
from cycle.cli.ending import Ending
from cycle.cli.logs import open_log, tell
from cycle.errors import Refused
from cycle.private import make_folder, write_file

if TYPE_CHECKING:
    from cycle.actions.office.office import Office
    from cycle.settings import Settings

READY, REHEARSED = "klaar", "geoefend"
SLUG, PERSON, SECRETARY = "terneuzen", "wonen@terneuzen.example", "secretariaat@terneuzen.example"


def is_ready(settings: "Settings") -> bool:
    """Whether nothing is left to be done before the pages open: the newest tables, a covenant, and its calendar link.

    Raises DatabaseMismatch for a database of a newer version.
    """
    from cycle.actions.office.office import open_database
    from cycle.store.covenants import covenants
    from cycle.store.database import revisions

    with closing(open_database(settings)) as database:
        if database.known_version() != revisions()[-1]:
            return False
        with database.reading() as session:
            known = [row.slug for row in covenants(session)]
    return bool(known) and not _lacks_link(settings, known)


def beside(part: str, ending: Ending) -> None:
    """Has a part done by a process of its own, which ends when this one is asked to. What is wrong it says itself.

    Raises typer.Exit when it failed; not when it was broken off because this process ends.
    """
    import typer

    environment = os.environ | {"PYTHONPATH": os.pathsep.join(place for place in sys.path if place)}
    with subprocess.Popen([sys.executable, "-P", "-m", "cycle", "example", part], env=environment) as child:
        ending.when_asked(child.terminate)
        code = child.wait()
    if code and not ending.asked.is_set():
        raise typer.Exit(1)


def do(part: str) -> None:
    """One part, in this process.

    Raises Refused for a part that there is not.
    """
    from cycle.settings import load_settings

    parts = {READY: _make_ready, REHEARSED: _rehearse}
    if part not in parts:
        raise Refused(f"Een deel {part!r} heeft het voorbeeld niet.", f"Kies {READY} of {REHEARSED}.")
    open_log(load_settings().watch.log)
    parts[part]()


def link_file(settings: "Settings") -> Path:
    """Where the address of the example's calendar stands."""
    return settings.path("var/voorbeeld-agenda.txt")


def _make_ready() -> None:
    _migrate()
    office = desk.checked_office()
    _load(office, desk.now())
    office.database.close()


def _migrate() -> None:
    """Says so when the database was an older one."""
    done = desk.migrate()
    if done.before not in (None, done.after):
        tell(f"De database is bijgewerkt van versie {done.before} naar {done.after}.")
    if done.copy is not None:
        tell(f"Van de vorige versie is een kopie: {done.copy}")


def _load(office: "Office", now: datetime) -> None:
    """The example covenant, once: imported, released, and one calendar link kept in a file of its own."""
    from cycle.actions.deadlines.deciding.closing import release
    from cycle.actions.feeds import new_link
    from cycle.actions.register.reading_in.importing import import_folder
    from cycle.resources import shipped
    from cycle.store.covenants import covenants

    with office.database.reading() as session:
        known = [row.slug for row in covenants(session)]
    if not known:
        import_folder(office, shipped("examples", SLUG), now, by="voorbeeld")
        release(office, SLUG, now, by="voorbeeld")
    if _lacks_link(office.settings, known):
        link = link_file(office.settings)
        make_folder(link.parent)
        write_file(link, f"{new_link(office, PERSON, now, name='voorbeeld').url}\n".encode())


def _lacks_link(settings: "Settings", known: list[str]) -> bool:
    """Whether the link is to be made: of the example alone, not of a covenant of somebody's own."""
    return known in ([], [SLUG]) and not link_file(settings).exists()


def _rehearse() -> None:
    """The coming twelve months' mails, for reading."""
    from cycle.actions.mails.rehearsal.rehearsing import rehearse, write_rehearsal

    office, now = desk.office(), desk.now()
    first = office.local_day(now)
    last = date(first.year + 1, first.month, min(first.day, 28))
    index = write_rehearsal(office, rehearse(office, first, last, now), office.settings.path("var/rehearsal"))
    office.database.close()
    tell(f"Alle mails:     {index}")
