"""The commands, as design section 5 lists them."""

from pathlib import Path
from typing import Annotated

import typer

from cycle import __version__
from cycle.cli.auditing import audit_app
from cycle.cli.calendar_commands import calendar_commands
from cycle.cli.console import say
from cycle.cli.covenant_commands import covenant_commands
from cycle.cli.deadline_commands import deadline_commands
from cycle.cli.document_commands import document_commands
from cycle.cli.meeting_commands import meeting_commands
from cycle.cli.outbox import outbox_app
from cycle.cli.persons import person_app
from cycle.cli.post_commands import post_commands
from cycle.cli.service_commands import service_commands
from cycle.cli.usage import DutchTyper
from cycle.cli.year_commands import year_commands

app = DutchTyper(
    help="Houdt het jaar van de prestatieafspraken bij: lezen, herinneren, agenda's en de uitnodigingsbrief.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _tell_version(asked: bool) -> None:
    """Prints it and leaves, when asked."""
    if asked:
        say(f"cycle {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    _config: Annotated[
        Path | None, typer.Option("--config", help="Het instellingenbestand; anders CYCLE_CONFIG of ./config.toml.")
    ] = None,
    _version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Welke versie dit is.")
    ] = False,
) -> None:
    """Global options are read in `cycle.cli.main`, so that they may stand anywhere."""


GROUPS = (
    service_commands,
    document_commands,
    year_commands,
    calendar_commands,
    deadline_commands,
    meeting_commands,
    covenant_commands,
)
"""As the help shows them, one after another."""

for _group in GROUPS:
    app.add_typer(_group)
app.add_typer(outbox_app, name="outbox")
app.add_typer(audit_app, name="audit")
app.add_typer(person_app, name="person")
app.add_typer(post_commands)
