"""Commands that settle what is open, one deadline or a list of them."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cycle.cli import desk
from cycle.cli.console import say
from cycle.cli.days import DAY, parse_day
from cycle.cli.options import As, CovenantName, DayArgument, Json
from cycle.cli.usage import DutchTyper

deadline_commands = DutchTyper()


Ids = Annotated[list[int], typer.Argument(metavar="ID…", help="De nummers uit cycle plan.")]
PartyName = Annotated[str, typer.Option("--party", help="Voor welke trekker, als er meer zijn.")]
Note = Annotated[str, typer.Option("--note", help="Een zin erbij.")]


@deadline_commands.command()
def done(ids: Ids, party: PartyName = "", by: As = "", note: Note = "", covenant: CovenantName = None) -> None:
    """Meld termijnen af."""
    desk.settle(ids, "done", party, by, note, covenant)


@deadline_commands.command()
def drop(ids: Ids, party: PartyName = "", by: As = "", note: Note = "", covenant: CovenantName = None) -> None:
    """Laat termijnen vervallen."""
    desk.settle(ids, "dropped", party, by, note, covenant)


@deadline_commands.command()
def reopen(ids: Ids, party: PartyName = "", by: As = "", note: Note = "", covenant: CovenantName = None) -> None:
    """Zet afgemelde of vervallen termijnen weer open."""
    desk.settle(ids, "open", party, by, note, covenant)


@deadline_commands.command()
def move(
    deadline: Annotated[int, typer.Argument(metavar="ID")],
    day: DayArgument,
    by: As = "",
    reason: Annotated[str, typer.Option(help="Waarom.")] = "",
    covenant: CovenantName = None,
) -> None:
    """Geef een termijn een andere laatste dag."""
    from cycle.actions.acting.fitting import for_deadline
    from cycle.actions.deadlines.deciding.closing import move as run

    office, now = desk.office(), desk.now()
    only = desk.covenant_id(office, covenant)
    who = for_deadline(office, by, now, deadline, only)
    settled = run(office, deadline, day, now, by=who, reason=reason, covenant_id=only)
    say(f"{settled.title}: {settled.words}.")


@deadline_commands.command()
def carry(
    day: Annotated[date, typer.Option("--to", parser=parse_day, metavar=DAY, help="De nieuwe laatste dag.")],
    ids: Annotated[list[int] | None, typer.Argument(metavar="ID…", help="De nummers uit cycle settle.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Alle open acties uit vorige agenda's.")] = False,
    by: As = "",
    covenant: CovenantName = None,
) -> None:
    """Schuif open acties door naar een nieuwe dag, zoals uit de vorige uitvoeringsagenda."""
    from cycle.cli.settling import carry_actions

    carry_actions(ids or [], day, by, covenant, every=every)


@deadline_commands.command()
def export(
    file: Annotated[Path, typer.Argument(metavar="MAP|BESTAND.csv|BESTAND.xlsx")],
    to_settle: Annotated[
        bool, typer.Option("--settle", help="De lijst om af te handelen, met een kolom besluit.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Ook in een map waar al iets in staat.")] = False,
    covenant: CovenantName = None,
) -> None:
    """Schrijf het hele convenant als map, of het register als tabel; cycle import leest beide weer in."""
    from cycle.cli.settling import write_export, write_folder

    if to_settle or not (file.is_dir() or not file.suffix):
        write_export(file, covenant, to_settle=to_settle)
    else:
        write_folder(file, covenant, yes=yes)


@deadline_commands.command()
def stock(
    write: Annotated[
        Path | None, typer.Option("--write", metavar="BESTAND.csv|BESTAND.xlsx", help="Schrijf ze als stock.csv.")
    ] = None,
    covenant: CovenantName = None,
    as_json: Json = False,
) -> None:
    """Toon de voorraad woningen per jaar: gepland en gerealiseerd."""
    from cycle.cli.stock import list_stock

    list_stock(covenant, write, as_json=as_json)


settle_app = DutchTyper(help="Wat het secretariaat moet afhandelen.", invoke_without_command=True)
deadline_commands.add_typer(settle_app, name="settle")
Reading = Annotated[str, typer.Argument(metavar="LEZING", help="Het nummer uit cycle settle, zoals L12.")]


@settle_app.callback()
def settle(
    context: typer.Context,
    source: Annotated[
        Path | None, typer.Option("--from", metavar="BESTAND", help="Een ingevulde lijst van cycle export --settle.")
    ] = None,
    covenant: CovenantName = None,
    by: As = "",
    as_json: Json = False,
) -> None:
    """Lijst van twijfel en open acties; met --from wordt een ingevulde lijst uitgevoerd."""
    from cycle.cli import settling

    if context.invoked_subcommand is not None:
        return
    if source is None:
        settling.list_unsettled(covenant, as_json=as_json)
    else:
        settling.carry_out(source, covenant, by)


@settle_app.command("confirm")
def settle_confirm(
    readings: Annotated[list[str], typer.Argument(metavar="LEZING…", help="De nummers uit cycle settle, zoals L12.")],
    choice: Annotated[int, typer.Option("--reading", min=1, max=3, help="Welke van de getoonde lezingen.")] = 1,
    by: As = "",
    covenant: CovenantName = None,
) -> None:
    """Deze lezing klopt."""
    from cycle.cli.settling import confirm_readings

    confirm_readings(readings, choice, by, covenant)


@settle_app.command("set")
def settle_set(
    reading: Reading,
    when: Annotated[str, typer.Argument(metavar="DAG|WOORDEN", help="JJJJ-MM-DD, woorden als “mei 2027”, of geen.")],
    on: Annotated[int | None, typer.Option(help="Vanaf welk jaar de woorden gelezen worden.")] = None,
    by: As = "",
    covenant: CovenantName = None,
) -> None:
    """Zo is de termijn bedoeld."""
    from cycle.cli.settling import set_one

    set_one(reading, when, on, by, covenant)
