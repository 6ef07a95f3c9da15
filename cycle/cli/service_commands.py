"""Commands that run the service, and keep its database."""

from pathlib import Path
from typing import Annotated

import typer

from cycle.cli import desk
from cycle.cli.console import at_work, say
from cycle.cli.usage import DutchTyper

service_commands = DutchTyper()


@service_commands.command()
def serve(
    example: Annotated[bool, typer.Option(help="Begin met het voorbeeldconvenant als er nog geen is.")] = False,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, metavar="POORT", help="Op welke poort; anders die van config.toml.")
    ] = None,
) -> None:
    """Pagina's, agenda's en de klok in één proces."""
    from cycle.cli.serving import serve as run

    run(example=example, port=port)


@service_commands.command(hidden=True)
def example(part: Annotated[str, typer.Argument(metavar="klaar|geoefend")]) -> None:
    """Wat serve --example door een proces ernaast laat doen."""
    from cycle.cli.shown import do

    do(part)


@service_commands.command()
def work() -> None:
    """Alleen bezorgen wat in de uitgaande post staat, tot u stopt."""
    from cycle.cli.serving import work as run

    run()


@service_commands.command()
def migrate(
    no_copy: Annotated[bool, typer.Option("--no-copy", help="Zonder kopie vooraf: u hebt er zelf een.")] = False,
) -> None:
    """Breng de tabellen op de versie van dit programma; van een oudere database komt eerst een kopie in var/."""
    with at_work("De tabellen bijwerken"):
        done = desk.migrate(with_copy=not no_copy)
    say(f"De database {'is al' if done.before == done.after else 'is nu'} op versie {done.after}.")
    if done.copy is not None:
        say(
            f"De stand van daarvoor staat in {done.copy}",
            f"Terug kan alleen zo: installeer de vorige versie en doe: cycle restore {done.copy}",
        )


PassphraseFile = Annotated[
    Path | None,
    typer.Option(metavar="BESTAND", help="Het wachtwoord staat in dit bestand; anders in CYCLE_BACKUP_PASSPHRASE."),
]


@service_commands.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="BESTAND", help="Waar de kopie komt; een eerdere wordt vervangen.")],
    with_secret: Annotated[
        bool,
        typer.Option("--with-secret", help="Ook de sleutel van links (var/secret) en geheimen in config.toml."),
    ] = False,
    encrypt: Annotated[bool, typer.Option("--encrypt", help="Versleutel, en vraag zo nodig het wachtwoord.")] = False,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Maak een kopie van alles wat deze installatie is, ook terwijl zij draait."""
    from cycle.cli.copies import run_backup

    run_backup(file, passphrase_file, with_secret=with_secret, encrypt=encrypt)


@service_commands.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="BESTAND", help="Een kopie van cycle backup.")],
    check: Annotated[bool, typer.Option("--check", help="Kijk alleen of de kopie heel is, en wat erin zit.")] = False,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Zet een kopie terug; wat er was gaat opzij, en verzenden begint pas als u het zegt."""
    from cycle.cli.copies import run_restore

    run_restore(file, passphrase_file, check=check)
