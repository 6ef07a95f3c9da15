"""The commands, as design section 5 lists them."""

from datetime import date, time
from pathlib import Path
from typing import Annotated, Any

import typer

from cycle.cli import desk
from cycle.cli.console import say, say_json, say_table

app = typer.Typer(
    help="Houdt het jaar van de prestatieafspraken bij: lezen, herinneren, agenda's en de uitnodigingsbrief.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Json = Annotated[bool, typer.Option("--json", help="Eén JSON-document op stdout.")]
CovenantName = Annotated[str | None, typer.Option("--covenant", help="Welk convenant; met één in de database vanzelf.")]
As = Annotated[str, typer.Option("--as", metavar="MAILADRES", help="Wie dit beslist; wordt bewaard.")]


def parse_day(text: str) -> date:
    """A day as JJJJ-MM-DD."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is geen dag; schrijf JJJJ-MM-DD, zoals 2027-03-31.") from None


def parse_clock(text: str) -> time:
    """A time of day as UU:MM."""
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is geen tijd; schrijf UU:MM, zoals 14:00.") from None


Day = Annotated[date | None, typer.Option(parser=parse_day, metavar="JJJJ-MM-DD")]
DayArgument = Annotated[date, typer.Argument(parser=parse_day, metavar="JJJJ-MM-DD")]
Clock = Annotated[time | None, typer.Option(parser=parse_clock, metavar="UU:MM")]


@app.callback()
def _main(
    _config: Annotated[
        Path | None, typer.Option("--config", help="Het instellingenbestand; anders CYCLE_CONFIG of ./config.toml.")
    ] = None,
) -> None:
    """Global options are read in `cycle.cli.main`, so that they may stand anywhere."""


@app.command()
def serve(
    example: Annotated[bool, typer.Option(help="Begin met het voorbeeldconvenant als er nog geen is.")] = False,
) -> None:
    """Pagina's, agenda's en de klok in één proces."""
    from cycle.cli.serving import serve as run

    run(example=example)


@app.command()
def work() -> None:
    """Alleen bezorgen wat in de uitgaande post staat, tot u stopt."""
    from cycle.cli.serving import work as run

    run()


@app.command()
def migrate() -> None:
    """Breng de tabellen op de versie van dit programma."""
    before, after = desk.migrate()
    say(f"De database is al op versie {after}." if before == after else f"De database is nu op versie {after}.")


@app.command("import")
def import_(
    sources: Annotated[list[Path], typer.Argument(help="Een convenantmap, of een of meer documenten.")],
    check: Annotated[bool, typer.Option("--check", help="Alleen verslag doen, niets bewaren.")] = False,
    covenant: CovenantName = None,
    by: As = "",
    as_json: Json = False,
) -> None:
    """Lees een convenantmap of afsprakendocumenten in. Er gaat geen mail uit."""
    from cycle.cli.importing import print_report, run_import

    report = run_import(sources, covenant, check=check, by=by)
    print_report(report, check=check, as_json=as_json)


@app.command()
def read(
    phrase: Annotated[str, typer.Argument(help="De woorden, zoals “najaar 2022”.")] = "",
    on: Annotated[str, typer.Option(help="Vanaf wanneer gelezen: JJJJ, JJJJ-MM of JJJJ-MM-DD.")] = "",
    file: Annotated[Path | None, typer.Option(help="Een regel per zin: zin, TAB, datum.")] = None,
    as_json: Json = False,
) -> None:
    """Hoe een termijn gelezen wordt, en waarom."""
    from cycle.cli.reading import print_readings, readings_of

    print_readings(readings_of(phrase, on, file), many=file is not None, as_json=as_json)


@app.command()
def plan(year: int, covenant: CovenantName = None, as_json: Json = False) -> None:
    """De stappen en termijnen van een jaar."""
    from cycle.actions import listing

    here, now = desk.office(), desk.now()
    with here.database.reading() as session:
        items = listing.plan(session, here.settings, covenant, year, now.astimezone(here.settings.zone).date())
    if as_json:
        say_json({"year": year, "items": [item.as_json() for item in items]})
        return
    rows = [
        (item.id, item.number, item.title, item.when, ", ".join(item.leads) or "secretariaat", item.state_words)
        for item in items
    ]
    say_table(("id", "nr", "wat", "wanneer", "trekker", "stand"), rows)


@app.command()
def rehearse(
    year: int,
    person: Annotated[str | None, typer.Option(help="Alleen de mails aan dit adres.")] = None,
    write: Annotated[Path | None, typer.Option(help="Schrijf de mails om te lezen in deze map.")] = None,
    covenant: CovenantName = None,
    as_json: Json = False,
) -> None:
    """Elke mail van dat jaar, voordat hij verstuurd wordt."""
    from cycle.actions.rehearsing import rehearse_year, write_rehearsal

    here, now = desk.office(), desk.now()
    mails = rehearse_year(here, year, now, person=person, covenant=covenant)
    index = write_rehearsal(here, mails, write) if write else None
    if as_json:
        say_json({"year": year, "mails": [mail.as_json(here) for mail in mails]})
        return
    rows = [(mail.digest.on, mail.to.email, len(mail.digest.reminders), mail.message.subject) for mail in mails]
    say_table(("dag", "aan", "regels", "onderwerp"), rows)
    say(f"{len(mails)} mails.", *([f"Te lezen in {index}"] if index else []))


@app.command()
def send(
    on: Day = None,
    yes: Annotated[bool, typer.Option("--yes", help="Ook echt versturen op een andere dag dan vandaag.")] = False,
) -> None:
    """Doe nu wat de klok elke minuut doet."""
    from cycle.cli.serving import send_once

    send_once(on, yes=yes)


@app.command()
def letter(
    year: int,
    verb: Annotated[str, typer.Argument(metavar="preview|approve|send|status")] = "status",
    out: Annotated[Path | None, typer.Option(help="Waar de PDF komt; anders var/.")] = None,
    covenant: CovenantName = None,
    by: As = "",
) -> None:
    """De uitnodigingsbrief: bekijken, goedkeuren, versturen."""
    from cycle.cli.letters import run_letter

    run_letter(year, verb, out, covenant, by)


feed_app = typer.Typer(help="De agendakoppeling van een persoon.", no_args_is_help=True)
app.add_typer(feed_app, name="feed")
Person = Annotated[str, typer.Argument(metavar="MAILADRES")]


@feed_app.command("url")
def feed_url(person: Person, name: Annotated[str, typer.Option(help="Waarvoor, zoals “telefoon”.")] = "") -> None:
    """Maak een nieuwe koppeling en toon die één keer."""
    from cycle.actions.feeds import new_link

    say(new_link(desk.office(), person, desk.now(), name=name).url)


@feed_app.command("show")
def feed_show(person: Person) -> None:
    """De agenda zoals de koppeling hem geeft."""
    import sys

    from cycle.actions.feeds import feed_of_address

    sys.stdout.buffer.write(feed_of_address(desk.office(), person, desk.now()))


@feed_app.command("revoke")
def feed_revoke(
    person: Person,
    name: Annotated[str | None, typer.Option(help="Alleen de koppeling met deze naam.")] = None,
    by: As = "",
) -> None:
    """Trek de koppelingen van een persoon in."""
    from cycle.actions.feeds import revoke_links

    ended = revoke_links(desk.office(), person, desk.now(), name=name, by=by)
    say(f"{ended} koppelingen ingetrokken." if ended else "Er was geen koppeling om in te trekken.")


Ids = Annotated[list[int], typer.Argument(metavar="ID…", help="De nummers uit cycle plan.")]
PartyName = Annotated[str, typer.Option("--party", help="Voor welke trekker, als er meer zijn.")]
Note = Annotated[str, typer.Option("--note", help="Een zin erbij.")]


@app.command()
def done(ids: Ids, party: PartyName = "", by: As = "", note: Note = "", covenant: CovenantName = None) -> None:
    """Meld termijnen af."""
    desk.settle(ids, "done", party, by, note, covenant)


@app.command()
def drop(ids: Ids, party: PartyName = "", by: As = "", note: Note = "", covenant: CovenantName = None) -> None:
    """Laat termijnen vervallen."""
    desk.settle(ids, "dropped", party, by, note, covenant)


@app.command()
def reopen(ids: Ids, party: PartyName = "", by: As = "", note: Note = "", covenant: CovenantName = None) -> None:
    """Zet afgemelde of vervallen termijnen weer open."""
    desk.settle(ids, "open", party, by, note, covenant)


@app.command()
def move(
    deadline: Annotated[int, typer.Argument(metavar="ID")],
    day: DayArgument,
    by: As = "",
    reason: Annotated[str, typer.Option(help="Waarom.")] = "",
    covenant: CovenantName = None,
) -> None:
    """Geef een termijn een andere laatste dag."""
    from cycle.actions.settling import move as run

    here = desk.office()
    settled = run(here, deadline, day, desk.now(), by=by, reason=reason, covenant_id=desk.covenant_id(here, covenant))
    say(f"{settled.title}: {settled.words}.")


meeting_app = typer.Typer(help="Wanneer en waar een overleg is.", no_args_is_help=True)
app.add_typer(meeting_app, name="meeting")


@meeting_app.command("set")
def meeting_set(
    deadline: Annotated[int, typer.Argument(metavar="ID")],
    day: DayArgument,
    at: Clock = None,
    until: Clock = None,
    place: Annotated[str, typer.Option(help="Waar.")] = "",
    by: As = "",
    covenant: CovenantName = None,
) -> None:
    """Leg dag, tijd en plaats van een overleg vast."""
    desk.set_meeting(deadline, day, at, until, place, by, covenant)


@meeting_app.command("clear")
def meeting_clear(
    deadline: Annotated[int, typer.Argument(metavar="ID")], by: As = "", covenant: CovenantName = None
) -> None:
    """Haal de datum van een overleg weer weg."""
    desk.set_meeting(deadline, None, None, None, "", by, covenant)


@app.command()
def release(covenant: CovenantName = None, by: As = "") -> None:
    """Geef een convenant vrij: vanaf nu gaan er herinneringen uit."""
    from cycle.actions.settling import release as run

    settled = run(desk.office(), covenant, desk.now(), by=by)
    say(f"{settled.title}: {settled.words}.")


@app.command()
def people(covenant: CovenantName = None, as_json: Json = False) -> None:
    """Wie er aan tafel zit."""
    from cycle.actions import listing

    here = desk.office()
    with here.database.reading() as session:
        found = listing.people(session, here.settings, covenant)
    if as_json:
        say_json({"people": found})
        return
    rows = [(one["name"], one["email"], ", ".join(one["parties"]), ", ".join(one["roles"])) for one in found]
    say_table(("naam", "adres", "partij", "rol"), rows)


@app.command()
def parties(covenant: CovenantName = None, as_json: Json = False) -> None:
    """De partijen van een convenant."""
    from cycle.actions.views import view

    here = desk.office()
    with here.database.reading() as session:
        found = view(session, here.settings, covenant).parties
    data: list[dict[str, Any]] = [
        {"slug": one.slug, "name": one.name, "kind": one.kind.value, "aliases": list(one.aliases)} for one in found
    ]
    if as_json:
        say_json({"parties": data})
        return
    say_table(("partij", "naam", "soort"), [(one["slug"], one["name"], one["kind"]) for one in data])


outbox_app = typer.Typer(help="De uitgaande post.", invoke_without_command=True)
app.add_typer(outbox_app, name="outbox")


@outbox_app.callback()
def outbox(
    context: typer.Context,
    state: Annotated[list[str] | None, typer.Option(help="Alleen deze stand, zoals failed.")] = None,
    limit: Annotated[int | None, typer.Option(help="Hoogstens zoveel.")] = None,
    as_json: Json = False,
) -> None:
    """Lijst van de uitgaande post, nieuwste eerst."""
    if context.invoked_subcommand is None:
        desk.list_outbox(tuple(state or ()), limit, as_json=as_json)


@outbox_app.command("show")
def outbox_show(message: Annotated[int, typer.Argument(metavar="ID")]) -> None:
    """Eén mail zoals hij gaat of ging."""
    desk.show_message(message)


@outbox_app.command("retry")
def outbox_retry(message: Annotated[int, typer.Argument(metavar="ID")], by: As = "") -> None:
    """Bied een mislukte of vastgehouden mail opnieuw aan."""
    desk.retry_message(message, by)


@outbox_app.command("resume")
def outbox_resume(by: As = "") -> None:
    """Laat de verzending weer lopen na een storing."""
    desk.resume_outbox(by)


@app.command()
def doctor(as_json: Json = False) -> None:
    """Kijk alles na: instellingen, database, rondes, post en elk volgend moment."""
    from cycle.actions.health import examine

    findings = examine(desk.office(), desk.now())
    if as_json:
        say_json({"findings": [{"name": one.name, "ok": one.ok, "words": one.words} for one in findings]})
    else:
        for one in findings:
            say(f"{'goed' if one.ok else 'FOUT'}  {one.name}: {one.words}")
    if not all(one.ok for one in findings):
        raise typer.Exit(1)
