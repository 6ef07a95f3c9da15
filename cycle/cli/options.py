"""Options and arguments that more than one command takes."""

from datetime import date, time
from typing import Annotated

import typer

from cycle.cli.days import DAY, parse_clock, parse_day

Json = Annotated[bool, typer.Option("--json", help="Eén JSON-document op stdout.")]
CovenantName = Annotated[str | None, typer.Option("--covenant", help="Welk convenant; met één in de database vanzelf.")]
As = Annotated[str, typer.Option("--as", metavar="MAILADRES", help="Wie dit beslist (en dat mag); wordt bewaard.")]
Year = Annotated[int, typer.Argument(metavar="JAAR", help="Welk jaar, zoals 2027.")]
Day = Annotated[date | None, typer.Option(parser=parse_day, metavar=DAY)]
DayArgument = Annotated[date, typer.Argument(parser=parse_day, metavar=DAY)]
Clock = Annotated[time | None, typer.Option(parser=parse_clock, metavar="UU:MM")]
OnlineAddress = Annotated[
    str | None,
    typer.Option(metavar="ADRES", help='Adres om online mee te doen; blijft als u het niet noemt, "" haalt het weg.'),
]
Person = Annotated[str, typer.Argument(metavar="MAILADRES")]
