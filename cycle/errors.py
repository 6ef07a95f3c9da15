"""The errors a person may see: a Dutch sentence, a hint and an exit code.

Nothing below the doors prints. A door (command line or page) turns a `CycleError` into text once, so nobody ever
sees a traceback.

    CycleError            exit 1, HTTP 400
    ├── SettingsError     config.toml or a covenant file is faulty; carries every fault at once, HTTP 500
    ├── NotFound          exit 1, HTTP 404
    │   └── Ended         a link that was good for a while, HTTP 410
    ├── Refused           what was asked is not possible now, HTTP 409
    │   └── Changed       somebody else changed it meanwhile; carries what they did
    ├── Forbidden         this is for somebody with another role, HTTP 403
    ├── DatabaseMismatch  the database is behind or ahead of this program, HTTP 503
    ├── UnusableKey       the key of the links cannot be used, HTTP 503
    ├── DatabaseUnreachable  the database does not answer, HTTP 503
    └── Unreadable        a document could not be read
"""

import errno
from dataclasses import dataclass

SYSTEM_REASONS = {
    errno.EACCES: "het mag niet met deze rechten",
    errno.EPERM: "het mag niet met deze rechten",
    errno.EROFS: "daar is alleen te lezen",
    errno.ENOENT: "die map of dat bestand is er niet",
    errno.ENOTDIR: "een deel van het pad is geen map",
    errno.EISDIR: "dat is een map en geen bestand",
    errno.EEXIST: "dat is er al",
    errno.ENOTEMPTY: "de map is niet leeg",
    errno.ENOSPC: "de schijf is vol",
    errno.EDQUOT: "de toegemeten ruimte is op",
    errno.EFBIG: "het bestand wordt te groot",
    errno.EMFILE: "er zijn te veel bestanden open",
    errno.ENFILE: "er zijn te veel bestanden open",
    errno.ENAMETOOLONG: "de naam is te lang",
    errno.ELOOP: "de verwijzingen lopen in een kring",
    errno.EIO: "de schijf geeft een fout",
    errno.EADDRINUSE: "een ander programma gebruikt haar al",
    errno.EADDRNOTAVAIL: "deze machine heeft dat adres niet",
}
"""What the system says is wrong, in Dutch; it says so itself in the language that it was given."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with input: where it stands, what is wrong, and what to do about it."""

    place: str
    what: str
    hint: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what} {self.hint}".strip()


class CycleError(Exception):
    """Something that a person can understand and mend."""

    exit_code = 1
    http_status = 400

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


class SettingsError(CycleError):
    """All faults of one file at once, so that nobody mends them one by one."""

    http_status = 500

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        count = "1 fout" if len(faults) == 1 else f"{len(faults)} fouten"
        super().__init__(f"De instellingen kloppen niet: {count}.", "\n".join(f"- {fault}" for fault in faults))
        self.faults = faults


class NotFound(CycleError):
    """A person, deadline, covenant or link that does not exist (or not for this reader)."""

    http_status = 404


class Ended(NotFound):
    """A link that was good for a while, and is no more."""

    http_status = 410


class Refused(CycleError):
    """The request is clear, but cannot be carried out in the present state."""

    http_status = 409


class Changed(Refused):
    """Somebody else changed the same thing meanwhile. `lines` say what they did, in words, newest first."""

    def __init__(self, what: str, hint: str, lines: tuple[str, ...] = ()) -> None:
        super().__init__(what, hint)
        self.lines = lines


class Archived(Refused):
    """It is about a covenant that was put away: that is read, and can be taken up again."""

    def __init__(self) -> None:
        super().__init__(
            "Deze afspraken zijn gearchiveerd: er verandert niets meer.", "Het secretariaat kan ze weer oppakken."
        )


class Forbidden(CycleError):
    """It exists, but it is for somebody with another role."""

    http_status = 403


class DatabaseMismatch(CycleError):
    """The tables are older or newer than this program expects."""

    http_status = 503


class UnusableKey(CycleError):
    """The file with the key of the links cannot be read, or holds none."""

    http_status = 503


class DatabaseUnreachable(CycleError):
    """The database does not answer."""

    http_status = 503


class Unreadable(CycleError):
    """A document that cannot be read: empty, damaged, too large or of an unknown kind."""


def reason_of(error: OSError) -> str:
    """Why the system refused, in Dutch where the reason is a usual one; else in its own words."""
    return SYSTEM_REASONS.get(error.errno or 0) or str(error.strerror or error)
