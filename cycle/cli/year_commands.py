"""Commands that show the year and send what is due in it."""

from pathlib import Path
from typing import Annotated

import typer

from cycle.cli import desk
from cycle.cli.console import at_work, say, say_json, say_table
from cycle.cli.options import As, CovenantName, Day, Json, Year
from cycle.cli.usage import DutchTyper

year_commands = DutchTyper()


@year_commands.command()
def plan(year: Year, covenant: CovenantName = None, as_json: Json = False) -> None:
    """De stappen en termijnen van een jaar."""
    from cycle.actions.mails.rehearsal.terms_to_come import year_over_terms
    from cycle.domain.model import Role
    from cycle.words import ROLES

    items = year_over_terms(desk.office(), covenant, year, desk.now())
    if as_json:
        say_json({"year": year, "items": [item.as_json() for item in items]})
        return
    rows = [
        (
            item.id,
            item.number,
            item.title,
            item.when,
            ", ".join(item.leads) or ROLES[Role.SECRETARIAT],
            item.state_words,
            item.light,
        )
        for item in items
    ]
    say_table(("id", "nr", "wat", "wanneer", "trekker", "stand", "licht"), rows)


@year_commands.command()
def rehearse(
    year: Year,
    person: Annotated[str | None, typer.Option(help="Alleen de mails aan dit adres.")] = None,
    write: Annotated[Path | None, typer.Option(help="Schrijf de mails om te lezen in deze map.")] = None,
    covenant: CovenantName = None,
    as_json: Json = False,
) -> None:
    """Elke mail van dat jaar, voordat hij verstuurd wordt."""
    from cycle.actions.mails.rehearsal.rehearsing import rehearse_year, write_rehearsal

    office, now = desk.office(), desk.now()
    with at_work(f"{year} vooraf doorlopen"):
        mails = rehearse_year(office, year, now, person=person, covenant=covenant)
    index = write_rehearsal(office, mails, write) if write else None
    if as_json:
        say_json({"year": year, "mails": [mail.as_json(office) for mail in mails]})
        return
    rows = [(mail.digest.on, mail.to.email, len(mail.digest.reminders), mail.message.subject) for mail in mails]
    say_table(("dag", "aan", "regels", "onderwerp"), rows)
    say(f"{len(mails)} mails.", *([f"Te lezen in {index}"] if index else []))


@year_commands.command()
def send(
    on: Day = None,
    yes: Annotated[bool, typer.Option("--yes", help="Ook echt versturen op een andere dag dan vandaag.")] = False,
) -> None:
    """Doe nu wat de klok elke minuut doet."""
    from cycle.cli.serving import send_once

    send_once(on, yes=yes)


@year_commands.command()
def letter(
    year: Year,
    verb: Annotated[
        str,
        typer.Argument(metavar="preview|docx|ask|approve|withdraw|own|upload|send|sent-elsewhere|proof|status"),
    ] = "status",
    out: Annotated[Path | None, typer.Option(help="Waar de PDF of het Word-bestand komt; anders var/.")] = None,
    party: Annotated[str, typer.Option(help="approve: namens welke afzender; anders namens alle.")] = "",
    sender: Annotated[str, typer.Option(help="Wiens brief, als elke corporatie een eigen brief stuurt.")] = "",
    step: Annotated[
        str, typer.Option(help="Welke brief van het jaar, bij de naam van de stap; anders de eerste.")
    ] = "",
    file: Annotated[
        Path | None,
        typer.Option(
            help="approve: de scan; own: uw eigen brief; upload: de getekende PDF; sent-elsewhere: het bewijs."
        ),
    ] = None,
    on: Day = None,
    note: Annotated[str, typer.Option(help="sent-elsewhere: in één zin hoe de brief is verstuurd.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="send en sent-elsewhere: ook als er iets vreemds aan is.")] = False,
    as_json: Json = False,
    covenant: CovenantName = None,
    by: As = "",
) -> None:
    """De uitnodigingsbrief of een andere brief van het jaar: bekijken, goedkeuren, versturen."""
    from cycle.cli.letters import AskedLetter, run_letter

    run_letter(AskedLetter(year, out, covenant, by, sender, party, file, on, note, step, yes, as_json), verb)
