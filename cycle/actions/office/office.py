"""The office in which all actions work: the database, the settings and the wording of mails, opened once."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from cycle.errors import CycleError
from cycle.mail.templates import Wording
from cycle.resources import shipped
from cycle.settings import Settings
from cycle.store import in_use
from cycle.store.database import Database


@dataclass(frozen=True, slots=True)
class Office:
    """What an action needs of the world. The database is of the right version; `installation` is its random name."""

    settings: Settings
    database: Database
    wording: Wording
    installation: str

    def local_day(self, moment: datetime) -> date:
        """The calendar day of a moment in our own zone."""
        return self.settings.local_day(moment)


def open_office(settings: Settings) -> Office:
    """The office of these settings.

    Raises DatabaseMismatch when the tables are not those of this program.
    """
    database = open_database(settings)
    database.check_version()
    return Office(settings, database, Wording(template_folders(settings, "email")), database.installation())


def open_database(settings: Settings) -> Database:
    """The database of these settings, of whatever version. Until it is closed no copy can be put back in its place.

    Raises Refused while that is being done.
    """
    return Database(settings.database_url, settings.zone, settings.path(in_use.FILE))


def refuse_faulty_wording(office: Office) -> None:
    """Whoever is about to make mails looks at the templates first, all kinds with all samples (rule C12).

    Raises CycleError with every fault.
    """
    faults = office.wording.check()
    if faults:
        count = "1 fout" if len(faults) == 1 else f"{len(faults)} fouten"
        raise CycleError(f"De mailteksten kloppen niet: {count}.", "\n".join(f"- {fault}" for fault in faults))


def template_folders(settings: Settings, kind: str) -> tuple[Path, ...]:
    """Where templates come from: a file beside config.toml wins from the one that came with the program."""
    own, ours = settings.path(f"templates/{kind}"), shipped("templates", kind)
    return (own, ours) if own.is_dir() and own.resolve() != ours.resolve() else (ours,)
