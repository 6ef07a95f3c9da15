"""What belongs to this installation beside its database: the files in `var/`, and what its operator wrote.

Each file in `var/` goes into a back-up, or is named with the reason why not: nothing is left out in silence.
"""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from cycle.actions.office.signing import FILE as SECRET
from cycle.actions.post.delivery.restored import FILE as JOURNAL
from cycle.archive import is_archive
from cycle.resources import shipped
from cycle.settings import Settings
from cycle.store import in_use
from cycle.store.database import files_of

VAR, OWN = "var", "own"
"""The two folders of a back-up: what `cycle` keeps, and what its operator wrote (`config.toml`, templates)."""
SETTINGS = f"{OWN}/config.toml"
ASIDE, FROM_COPY = "opzij-", "uit-kopie-"
BACKUP_WORK, RESTORE_WORK, BACKUP_LOCK = "backup-work", "restore-work", "backup.lock"
OPENS = {Path(SECRET).name, "voorbeeld-agenda.txt"}
"""What opens something by itself, and goes along only when that was asked."""
MADE_ANEW = {"feeds": "agenda's, die vanzelf opnieuw worden gemaakt", "rehearsal": "mails om te lezen, van rehearse"}
OF_A_MOMENT = {Path(in_use.FILE).name, in_use.UNFINISHED, BACKUP_WORK, RESTORE_WORK, BACKUP_LOCK}
HALF_WRITTEN = ".restoring"
DELIVERED, EARLIER, LINK, KEY, PUT_ASIDE, OUTSIDE = (
    "bezorgde mails",
    "eerdere kopieën",
    "koppelingen naar elders",
    "geheimen",
    "wat bij eerder terugzetten opzij is gezet",
    "een tabel met schoolvakanties buiten de map van config.toml",
)
SECRETS = (
    ("mail", "password"),
    ("mail", "client_secret"),
    ("mail", "bounces"),
    ("mail", "replies"),
    ("signin", "oidc", "client_secret"),
    ("watch", "readyz_token"),
    ("watch", "ping_url"),
)


class Belonging(NamedTuple):
    """One file: its name in a back-up, and where it is."""

    name: str
    path: Path


class LeftOut(NamedTuple):
    """What is not in a back-up: how many files, and what they are."""

    files: int
    what: str


def belongings(
    settings: Settings, settings_file: Path, raw: dict[str, object], *, with_secret: bool
) -> tuple[list[Belonging], list[LeftOut]]:
    """What goes along, and what does not. `raw` is what stands in the file of settings."""
    going: list[Belonging] = []
    left: Counter[str] = Counter()
    for path in _files(settings.path(VAR)):
        why = _why_not(settings, path, with_secret=with_secret)
        if why is None:
            going.append(Belonging(f"{VAR}/{path.relative_to(settings.path(VAR)).as_posix()}", path))
        elif why:
            left[why] += 1
    for own in _own_files(settings, settings_file):
        if own.name == SETTINGS and not with_secret and (secrets := secrets_in(raw)):
            left[f"config.toml, omdat daarin een geheim staat ({', '.join(secrets)})"] += 1
        else:
            going.append(own)
    if settings.calendar.school_holidays and Path(settings.calendar.school_holidays).is_absolute():
        left[OUTSIDE] += 1
    return going, [LeftOut(files, what) for what, files in sorted(left.items())]


def has_settings(settings: Settings, settings_file: Path) -> bool:
    """Whether the operator has a file of settings, which may be a link, and not the one that came with the program."""
    return settings_file.is_file() and settings_file.absolute().parent.resolve() == settings.folder


def secrets_in(raw: dict[str, object]) -> list[str]:
    """The keys of a file of settings that hold a secret."""
    named = [".".join(path) for path in SECRETS if _at(raw, path)]
    address = _at(raw, ("database", "url"))
    has_password = isinstance(address, str) and ":" in address.partition("://")[2].rpartition("@")[0]
    return [*named, *(["database.url"] if has_password else [])]


def _at(raw: object, path: tuple[str, ...]) -> object:
    for key in path:
        raw = raw.get(key) if isinstance(raw, dict) else None
    return raw


def _files(folder: Path) -> Iterator[Path]:
    """All that lies in a folder and is no folder, in a fixed order; links are not followed."""
    for place, folders, files in os.walk(folder):
        folders.sort()
        yield from (Path(place, name) for name in sorted(files))
        yield from (path for name in folders if (path := Path(place, name)).is_symlink())


def _why_not(settings: Settings, path: Path, *, with_secret: bool) -> str | None:
    """None for a file that goes along, the reason for one that does not, nothing for what is no loss at all."""
    first, *deeper = path.relative_to(settings.path(VAR)).parts
    is_folder = bool(deeper)
    if first in OF_A_MOMENT or path.suffix == HALF_WRITTEN or path.resolve() in files_of(settings.database_url):
        return ""
    if is_folder and first in MADE_ANEW:
        return MADE_ANEW[first]
    if is_folder and first.startswith((ASIDE, FROM_COPY)):
        return PUT_ASIDE
    if not is_folder and (first in OPENS or first.startswith(f"{Path(SECRET).name}.")):  # half a key is one
        return None if with_secret else KEY
    if settings.path(settings.mail.folder) in path.parents:
        return DELIVERED
    return _why_not_as_file(path, is_journal=path == settings.path(JOURNAL))


def _why_not_as_file(path: Path, *, is_journal: bool) -> str | None:
    if is_journal:
        return None
    if path.is_symlink() or not path.is_file():
        return LINK
    return EARLIER if is_archive(path) else None


def _own_files(settings: Settings, settings_file: Path) -> Iterator[Belonging]:
    """What the operator wrote, as far as it lies beside the settings and did not come with the program."""
    if has_settings(settings, settings_file):
        yield Belonging(SETTINGS, settings_file)
    templates = settings.path("templates")
    if templates.is_dir() and templates.resolve() != shipped("templates").resolve():
        for path in _files(templates):
            if path.is_file():
                yield Belonging(f"{OWN}/templates/{path.relative_to(templates).as_posix()}", path)
    table = settings.calendar.school_holidays
    if table and not Path(table).is_absolute() and ".." not in Path(table).parts:
        yield Belonging(f"{OWN}/{table}", settings.path(table))
