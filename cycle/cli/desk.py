"""What the commands share: the office, the moment, and the small commands about deadlines and post."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from cycle.cli.console import complain, say

if TYPE_CHECKING:  # importing these takes half a second, and `--help` needs none of it
    from cycle.actions.office.office import Office
    from cycle.actions.service.backup.backups import Migrated


def now() -> datetime:
    """This moment."""
    from cycle.clock import now as read_clock

    return read_clock()


def office() -> "Office":
    """The office of the settings that were named."""
    from cycle.actions.office.office import open_office
    from cycle.settings import load_settings

    return open_office(load_settings())


def checked_office() -> "Office":
    """The same, for what makes or sends mail. Files of before that others could read are closed first; a key that is in
    its file and is not used is told.

    Raises CycleError when a template is faulty.
    """
    from cycle.actions.office.office import refuse_faulty_wording
    from cycle.actions.office.signing import key_trouble
    from cycle.actions.service.watch.own_files import tighten_own_files

    opened = office()
    tighten_own_files(opened.settings)
    if trouble := key_trouble(opened.settings):
        say(f"Let op: {trouble}")
    refuse_faulty_wording(opened)
    return opened


def refuse_when_paused(opened: "Office") -> None:
    """Says why nothing goes out.

    Raises Refused.
    """
    from cycle.errors import Refused
    from cycle.store.outbox import standstill

    with opened.database.reading() as session:
        reasons = "; ".join(one.reason for one in standstill.pauses(session))
    if reasons:
        raise Refused(f"De verzending staat stil: {reasons}", "Verhelp de oorzaak en doe: cycle outbox resume")


def migrate(*, with_copy: bool = True) -> "Migrated":
    """Brings the database of the settings up to date, and closes files of before that others could read. An older one
    is copied first."""
    from cycle.actions.service.backup.backups import migrated
    from cycle.actions.service.watch.own_files import tighten_own_files
    from cycle.settings import find_settings_file, load_settings

    settings = load_settings()
    tighten_own_files(settings)
    return migrated(settings, find_settings_file(), now(), with_copy=with_copy)


def new_office() -> "Office":
    """The office, for what fills it: a database without any table gets them first."""
    from cycle.actions.office.office import open_database
    from cycle.settings import load_settings

    database = open_database(load_settings())
    if database.version() is None:
        database.migrate()
    database.close()
    return office()


def covenant_id(opened: "Office", slug: str | None) -> int | None:
    """The id of a covenant that was named; nothing otherwise."""
    from cycle.store.covenants import covenant

    if slug is None:
        return None
    with opened.database.reading() as session:
        return covenant(session, slug).id


def secretariat(opened: "Office", address: str, slug: str | None) -> str:
    """Who acts as the secretariat of a covenant, as it is kept.

    Raises Refused for somebody else.
    """
    from cycle.actions.acting.fitting import for_covenant

    return for_covenant(opened, address, now(), slug)


def settle(ids: Sequence[int], state: str, party: str, by: str, note: str, covenant: str | None) -> None:
    """Settles deadlines one by one; what is refused does not stop the rest, but shows in the exit code."""
    import typer

    from cycle.actions.acting.fitting import for_deadline
    from cycle.actions.deadlines.deciding.closing import settle as run
    from cycle.domain.model import State
    from cycle.errors import CycleError

    opened = office()
    only, refused = covenant_id(opened, covenant), False
    for deadline in ids:
        try:
            who = for_deadline(opened, by, now(), deadline, only, own=None if state == "dropped" else party)
            settled = run(opened, deadline, State(state), now(), by=who, party=party, note_text=note, covenant_id=only)
            say(f"{settled.title}: {settled.words}.")
        except CycleError as error:
            complain(error.what, error.hint)
            refused = True
    if refused:
        raise typer.Exit(1)
