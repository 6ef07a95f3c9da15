"""The files of this service that are there already: an earlier version, a copy that was put back or a person may have
made them readable for others. At the start of the service they are closed; what cannot be closed, `doctor` names.
"""

from pathlib import Path

from cycle.private import loose, tighten
from cycle.settings import Settings
from cycle.store.database import files_of


def tighten_own_files(settings: Settings) -> None:
    """Takes from others the rights on the files of these settings; on what is somebody else's they stay."""
    tighten(*own_places(settings))


def loose_own_files(settings: Settings) -> list[Path]:
    """What others have rights on still."""
    return list(dict.fromkeys(loose(*own_places(settings))))  # a database mostly lies in var/, and is found twice


def own_places(settings: Settings) -> list[Path]:
    """`var/`, the database and what lies beside it, and the folder of mails. Of the folder in which a database lies
    elsewhere, and of files that somebody had written elsewhere, we know nothing."""
    places = [settings.path("var")]
    if settings.mail.transport == "maildir":
        places.append(settings.path(settings.mail.folder))
    return places + files_of(settings.database_url)


def folders_in_use(settings: Settings) -> list[Path]:
    """The folders that are there and that we write in: of each disk at least one."""
    places = own_places(settings)
    there = {place if place.is_dir() else place.parent for place in places}
    return sorted(folder for folder in there if folder.is_dir())
