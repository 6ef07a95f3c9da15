"""Commands that look at what came back, what went, and how the service is."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cycle.cli import desk
from cycle.cli.console import say, say_json
from cycle.cli.days import DAY, parse_day
from cycle.cli.options import CovenantName, Json
from cycle.cli.usage import DutchTyper

post_commands = DutchTyper()


@post_commands.command()
def bounces(as_json: Json = False) -> None:
    """Lees nu de terugmeldingen van mail die niet aankwam."""
    from cycle.actions.service.watch.clock_work import bounces_round

    returned = bounces_round(desk.office(), desk.now())
    if as_json:
        say_json(
            {
                "read": returned.read,
                "failures": returned.failures,
                "delays": returned.delays,
                "unknown": returned.unknown,
            }
        )
    else:
        say(
            f"{returned.read} gelezen: {returned.failures} niet bezorgd, {returned.delays} vertraagd, "
            f"{returned.unknown} voor u."
        )


@post_commands.command()
def replies(as_json: Json = False) -> None:
    """Lees nu wat mensen terugschreven op mails van cycle."""
    from cycle.actions.service.watch.clock_work import replies_round

    read = replies_round(desk.office(), desk.now())
    if as_json:
        say_json({"ours": read.ours, "new": read.new, "automatic": read.automatic})
    else:
        say(f"{read.ours} op mails van ons: {read.new} nieuw, {read.automatic} van een automaat.")


@post_commands.command()
def proof(
    deadline: Annotated[int | None, typer.Argument(metavar="ID", help="Alleen deze termijn.")] = None,
    covenant: CovenantName = None,
    first: Annotated[date | None, typer.Option("--from", parser=parse_day, metavar=DAY, help="Vanaf deze dag.")] = None,
    last: Annotated[
        date | None, typer.Option("--to", parser=parse_day, metavar=DAY, help="Tot en met deze dag.")
    ] = None,
    write: Annotated[Path | None, typer.Option(metavar="BESTAND", help="Schrijf naar een CSV of XLSX.")] = None,
    as_json: Json = False,
) -> None:
    """Het bewijs: wat is wanneer aan wie verteld, waarom, en wat zei de mailserver."""
    from cycle.cli.proving import show

    show(deadline, covenant, first, last, write, as_json=as_json)


@post_commands.command()
def doctor(
    as_json: Json = False,
    to: Annotated[str, typer.Option("--mail", metavar="ADRES", help="Stuur ook een proefmail naar dit adres.")] = "",
) -> None:
    """Kijk alles na: instellingen, database, rondes, post en elk volgend moment."""
    from cycle.actions.service.watch.health import examine, try_mail

    office, now = desk.office(), desk.now()
    findings = examine(office, now) + ([try_mail(office, to, now)] if to else [])
    if as_json:
        say_json(
            {
                "findings": [
                    {"name": one.name, "ok": one.ok, "words": one.words, "hint": "" if one.ok else one.hint}
                    for one in findings
                ]
            }
        )
    else:
        for finding in findings:
            say(f"{'goed' if finding.ok else 'FOUT'}  {finding.name}: {finding.words}")
            if finding.hint and not finding.ok:
                say(f"      {finding.hint}")
    if not all(one.ok for one in findings):
        raise typer.Exit(1)
