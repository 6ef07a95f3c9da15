"""Commands for rounds of progress, and for meetings."""

from pathlib import Path
from typing import Annotated

import typer

from cycle.cli.options import As, Clock, CovenantName, Day, DayArgument, Json, OnlineAddress
from cycle.cli.usage import DutchTyper

meeting_commands = DutchTyper()


progress_app = DutchTyper(help="De voortgangsronde: wie antwoordde wat.", invoke_without_command=True)
meeting_commands.add_typer(progress_app, name="progress")


@progress_app.callback()
def progress(context: typer.Context, on: Day = None, covenant: CovenantName = None, as_json: Json = False) -> None:
    """Wie er antwoordde in de laatste voortgangsronde, vandaag of tot en met --on."""
    from cycle.cli.progress import list_progress

    if context.invoked_subcommand is None:
        list_progress(covenant, on, as_json=as_json)


@progress_app.command("snapshot")
def progress_snapshot(on: Day = None, by: As = "", covenant: CovenantName = None) -> None:
    """Bewaar de antwoorden op een vaste peildatum: vandaag, of --on."""
    from cycle.cli.progress import keep_progress

    keep_progress(covenant, on, by)


@progress_app.command("export")
def progress_export(
    file: Annotated[Path, typer.Argument(metavar="BESTAND.xlsx")], on: Day = None, covenant: CovenantName = None
) -> None:
    """Schrijf een bewaarde stand als werkblad: de laatste, of die van --on."""
    from cycle.cli.progress import export_progress

    export_progress(file, covenant, on)


meeting_app = DutchTyper(help="Wanneer en waar een overleg is.", no_args_is_help=True)
meeting_commands.add_typer(meeting_app, name="meeting")


@meeting_app.command("list")
def meeting_list(
    year: Annotated[int | None, typer.Option("--year", metavar="JAAR", help="Welk jaar; anders dit jaar.")] = None,
    covenant: CovenantName = None,
    as_json: Json = False,
) -> None:
    """De overleggen van een jaar: wanneer, waar en hoe het ervoor staat."""
    from cycle.cli.meetings import list_meetings

    list_meetings(year, covenant, as_json=as_json)


@meeting_app.command("show")
def meeting_show(
    deadline: Annotated[int, typer.Argument(metavar="ID", help="Het nummer uit cycle meeting list.")],
    covenant: CovenantName = None,
    as_json: Json = False,
) -> None:
    """Eén overleg, en wie er aan tafel zit."""
    from cycle.cli.meetings import show_meeting

    show_meeting(deadline, covenant, as_json=as_json)


@meeting_app.command("set")
def meeting_set(
    deadline: Annotated[int, typer.Argument(metavar="ID")],
    day: DayArgument,
    at: Clock = None,
    until: Clock = None,
    place: Annotated[str, typer.Option(help="Waar.")] = "",
    online: OnlineAddress = None,
    by: As = "",
    covenant: CovenantName = None,
) -> None:
    """Leg dag, tijd en plaats van een overleg vast, en hoe u online meedoet."""
    from cycle.cli.meetings import set_meeting

    set_meeting(deadline, day, at, until, place, online, by, covenant)


@meeting_app.command("move")
def meeting_move(
    deadline: Annotated[int, typer.Argument(metavar="ID")],
    day: DayArgument,
    at: Clock = None,
    until: Clock = None,
    place: Annotated[str | None, typer.Option(help="Waar; anders waar het was.")] = None,
    online: OnlineAddress = None,
    by: As = "",
    covenant: CovenantName = None,
) -> None:
    """Verplaats een gepland overleg; tijd en plaats blijven als u ze niet noemt."""
    from cycle.cli.meetings import move_meeting

    move_meeting(deadline, day, at, until, place, online, by, covenant)


@meeting_app.command("cancel")
def meeting_cancel(
    deadline: Annotated[int, typer.Argument(metavar="ID")],
    reason: Annotated[str, typer.Option(help="Waarom.")] = "",
    by: As = "",
    covenant: CovenantName = None,
) -> None:
    """Laat een gepland overleg niet doorgaan; de datum is weer open."""
    from cycle.cli.meetings import cancel_meeting

    cancel_meeting(deadline, reason, by, covenant)


@meeting_app.command("clear", hidden=True)
def meeting_clear(
    deadline: Annotated[int, typer.Argument(metavar="ID")], by: As = "", covenant: CovenantName = None
) -> None:
    """De oude naam van cancel."""
    from cycle.cli.meetings import cancel_meeting

    cancel_meeting(deadline, "", by, covenant)
