"""`cycle backup` and `cycle restore`: a copy of everything, and the way back. No passphrase comes as an argument."""

import os
import sys
from collections.abc import Iterator
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from cycle.cli import desk
from cycle.cli.console import at_work, say
from cycle.errors import NotFound, Refused

if TYPE_CHECKING:
    from datetime import datetime

    from cycle.actions.post.delivery.restored import SentSince
    from cycle.actions.service.backup.backups import Backup
    from cycle.actions.service.backup.restoring import Restored
    from cycle.settings import Settings

GIVEN = "CYCLE_BACKUP_PASSPHRASE"
SHORTEST = 12
NAMED_PEOPLE = 20


def run_backup(file: Path, passphrase_file: Path | None, *, with_secret: bool, encrypt: bool) -> None:
    """Makes a back-up and says what is in it, what is not, and what that means."""
    from cycle.actions.service.backup.backups import make_backup
    from cycle.settings import find_settings_file, load_settings

    settings = load_settings()
    passphrase = _given(passphrase_file)
    if encrypt and not passphrase:
        passphrase = _asked_twice()
    if 0 < len(passphrase) < SHORTEST:
        raise Refused("Dit wachtwoord is te kort.", f"Kies er een van ten minste {SHORTEST} tekens.")
    with at_work("De kopie maken"):
        made = make_backup(
            settings, find_settings_file(), file, desk.now(), with_secret=with_secret, passphrase=passphrase
        )
    say(f"De kopie staat in {file} ({_size(file)}) en is nagekeken door haar weer te openen.")
    say(f"Erin: {_inside(made)}.")
    if made.left_out:
        say(f"Niet erin: {'; '.join(f'{one.files} × {one.what}' for one in made.left_out)}.")
    say(*_about_key(made, with_secret=with_secret), *_about_passphrase(made, is_encrypted=bool(passphrase)))


def run_restore(file: Path, passphrase_file: Path | None, *, check: bool) -> None:
    """Puts a back-up back, or only looks at it.

    Raises NotFound for a file that is not there, and what `restoring.restore` does.
    """
    from cycle.actions.service.backup import restoring
    from cycle.archive import is_encrypted
    from cycle.settings import find_settings_file, load_settings

    if not file.is_file():
        raise NotFound(f"{file} is er niet, of is geen bestand.", "Noem de kopie die cycle backup maakte.")
    settings = load_settings()
    passphrase = (_given(passphrase_file) or _asked("Wachtwoord van de kopie: ")) if is_encrypted(file) else ""
    if check:
        with at_work("De kopie nakijken"):
            made = restoring.check(settings, file, passphrase)
        say(f"Deze kopie is heel. Zij is {_of(made, settings)}.", f"Erin: {_inside(made)}.")
        say(*_about_key(made, with_secret=True))
    else:
        with at_work("Terugzetten"):
            restored = restoring.restore(settings, find_settings_file(), file, desk.now(), passphrase)
        say(*_told(restored, settings))


def _told(restored: "Restored", settings: "Settings") -> Iterator[str]:
    """What was done, where the old state is, and what a person has to know before mails go again."""
    made = restored.backup
    yield f"Teruggezet: de kopie {_of(made, settings)}."
    yield f"Erin: {_inside(made)}."
    if restored.is_upgraded:
        yield "De tabellen waren van een oudere versie en zijn bijgewerkt."
    if restored.database_aside:
        yield f"De database die hier stond is niet weg: {restored.database_aside}"
    if restored.replaced:
        yield f"Ook opzij gezet, in {restored.aside}: {', '.join(restored.replaced)}"
    for path in restored.beside:
        yield f"Uw eigen bestand is gebleven; dat uit de kopie is anders en staat in {path}"
    if not restored.has_secret:
        yield (
            "De sleutel (var/secret) zit niet in de kopie en was hier ook niet: links in mails die al verstuurd zijn, "
            "openen niets meer. Hebt u hem nog, leg hem dan terug voordat u start."
        )
    yield "Links en aanmeldingen die na deze kopie zijn beëindigd, werken weer: beëindig ze opnieuw."
    yield ""
    yield from _about_sending(restored.sent, settings)
    yield "Verzenden staat stil. Kijk met: cycle outbox. Laat het gaan met: cycle outbox resume"


def _about_sending(sent: "SentSince", settings: "Settings") -> Iterator[str]:
    if sent.left and sent.last is not None:
        yield (
            f"Volgens het verzendjournaal zijn na deze kopie {sent.left} mails verstuurd, de laatste op "
            f"{_moment(sent.last, settings)}."
        )
    if sent.waiting:
        yield f"- {sent.waiting} daarvan wachten in deze kopie nog op verzending: die gaan niet nog een keer."
    if sent.told:
        more = f" en nog {len(sent.told) - NAMED_PEOPLE}" if len(sent.told) > NAMED_PEOPLE else ""
        yield (
            f"- {len(sent.told)} mensen kregen een herinnering die deze kopie niet kent; wat daarin stond kan nog een "
            f"keer komen: {', '.join(sent.told[:NAMED_PEOPLE])}{more}"
        )
    if others := sent.left - sent.waiting - sent.told_mails:
        yield f"- {others} andere mails kent deze kopie niet, zoals bevestigingen: dat is hier niet gebeurd."
    if not sent.is_known and sent.since is not None:
        yield (
            f"Er is hier geen verzendjournaal van na deze kopie. Wat er sinds {_moment(sent.since, settings)} is "
            f"verstuurd, weet niemand. Twee keer kunnen gaan: {sent.unsure} mails die in de kopie wachten, en de "
            "herinneringen van daarna."
        )
    elif not sent.left:
        yield "Volgens het verzendjournaal is er na deze kopie niets verstuurd: er gaat niets twee keer."


def _about_key(made: "Backup", *, with_secret: bool) -> Iterator[str]:
    if made.has_secret:
        yield "De sleutel van links zit erin: wie deze kopie heeft, kan links maken die hier opengaan."
    elif not with_secret:
        yield (
            "De sleutel (var/secret) zit er niet in. Zonder die sleutel gaan links in mails die al verstuurd zijn niet "
            "meer open: bewaar var/secret apart, of neem hem mee met --with-secret."
        )
    else:
        yield "De sleutel (var/secret) zit er niet in: zonder die sleutel gaan eerder verstuurde links niet open."


def _about_passphrase(made: "Backup", *, is_encrypted: bool) -> Iterator[str]:
    if is_encrypted:
        yield "De kopie is versleuteld: zonder het wachtwoord is zij niet te openen, ook niet door ons."
    else:
        yield "De kopie is niet versleuteld, en er staan namen en mailadressen in. Versleutelen kan met --encrypt."


def _inside(made: "Backup") -> str:
    return (
        f"{made.total_rows} rijen in {len(made.rows)} tabellen ({made.engine}, versie {made.revision}), "
        f"{made.journal_lines} regels verzendjournaal, {len(made.files)} bestanden"
    )


def _of(made: "Backup", settings: "Settings") -> str:
    return f"van {_moment(made.made_at, settings)}"


def _moment(at: "datetime", settings: "Settings") -> str:
    return f"{at.astimezone(settings.zone):%d-%m-%Y om %H.%M} uur"


def _size(file: Path) -> str:
    size = file.stat().st_size
    return f"{size / 1e6:.1f} MB".replace(".", ",") if size >= 1e6 else f"{size // 1000 + 1} kB"


def _given(file: Path | None) -> str:
    """The passphrase of a file, or of the environment; nothing when there is none."""
    named = file or (Path(os.environ[f"{GIVEN}_FILE"]) if os.environ.get(f"{GIVEN}_FILE") else None)
    if named is None:
        return os.environ.get(GIVEN, "")
    try:
        passphrase = named.read_text(encoding="utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise Refused(f"Het wachtwoord is niet te lezen uit {named}.", "Controleer het pad en de rechten.") from None
    if not passphrase:
        raise Refused(f"{named} is leeg: er staat geen wachtwoord in.", "Zet het op de eerste regel.")
    return passphrase


def _asked(question: str) -> str:
    if not sys.stdin.isatty():
        raise Refused(
            "Voor deze kopie is een wachtwoord nodig, en er is niemand om het te vragen.",
            f"Geef het met --passphrase-file, of in {GIVEN} of {GIVEN}_FILE.",
        )
    return getpass(question)


def _asked_twice() -> str:
    passphrase = _asked("Kies een wachtwoord voor de kopie: ")
    if passphrase != _asked("Nog een keer: "):
        raise Refused("De twee wachtwoorden zijn niet hetzelfde.", "Er is geen kopie gemaakt. Probeer het opnieuw.")
    if not passphrase:
        raise Refused("Er is geen wachtwoord gegeven.", "Er is geen kopie gemaakt. Probeer het opnieuw.")
    return passphrase
