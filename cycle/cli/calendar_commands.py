"""Commands for the calendar and the mails of one person."""

from typing import Annotated

import typer

from cycle.cli import desk
from cycle.cli.console import say
from cycle.cli.options import As, CovenantName, Json, Person
from cycle.cli.usage import DutchTyper

calendar_commands = DutchTyper()


feed_app = DutchTyper(help="De agendakoppeling van een persoon.", no_args_is_help=True)
calendar_commands.add_typer(feed_app, name="feed")


FeedName = Annotated[str, typer.Option("--name", help="Waarvoor, zoals “telefoon”.")]


@feed_app.command("url")
def feed_url(
    person: Person,
    name: FeedName = "",
    scope: Annotated[str, typer.Option(metavar="mine|party|covenant|all", help="Wat de koppeling toont.")] = "mine",
    banners: Annotated[bool, typer.Option("--banners", help="Ook hele perioden als balk.")] = False,
    alarm_days: Annotated[int | None, typer.Option(help="Een alarm zoveel dagen van tevoren.")] = None,
    covenant: CovenantName = None,
    by: As = "",
) -> None:
    """Maak een nieuwe koppeling en toon die één keer."""
    from cycle.cli.feeds import make_link

    make_link(person, name, scope, covenant, alarm_days, by, banners=banners)


@feed_app.command("show")
def feed_show(
    person: Person,
    scope: Annotated[str, typer.Option(metavar="mine|party|covenant|all", help="Wat de koppeling toont.")] = "mine",
) -> None:
    """De agenda zoals de koppeling hem geeft."""
    from cycle.cli.feeds import show_feed

    show_feed(person, scope)


@feed_app.command("list")
def feed_list(person: Person, as_json: Json = False) -> None:
    """De koppelingen van een persoon: wanneer gemaakt, en wanneer en door welk programma opgehaald."""
    from cycle.cli.feeds import list_links

    list_links(person, as_json=as_json)


@feed_app.command("page")
def feed_page(person: Person) -> None:
    """Toon de link naar de agendapagina van een persoon."""
    from cycle.actions.feeds.calendar_page import page_url

    say(page_url(desk.office(), person, desk.now()))


@feed_app.command("revoke")
def feed_revoke(
    person: Person,
    name: Annotated[str | None, typer.Option(help="Alleen de koppeling met deze naam.")] = None,
    leaked: Annotated[
        bool,
        typer.Option("--leaked", help="Uitgelekt: meteen afsnijden, met alle links in mails aan deze persoon."),
    ] = False,
    by: As = "",
) -> None:
    """Trek de koppelingen van een persoon in."""
    from cycle.actions.acting.fitting import for_person
    from cycle.actions.feeds import revoke_links

    office, now = desk.office(), desk.now()
    ended = revoke_links(office, person, now, name=name, leaked=leaked, by=for_person(office, by, now, person))
    say(f"{ended} koppelingen ingetrokken." if ended else "Er was geen koppeling om in te trekken.")


@calendar_commands.command()
def welcome(person: Person, by: As = "") -> None:
    """Stuur een persoon eenmalig de welkomstmail, met de link naar de eigen agendapagina."""
    from cycle.actions.acting.fitting import for_person
    from cycle.actions.mails.morning.welcoming import welcome as run

    office, now = desk.office(), desk.now()
    say(run(office, person, now, by=for_person(office, by, now, person)))


@calendar_commands.command()
def rhythm(
    person: Person,
    days: Annotated[str, typer.Option(metavar="ma,do", help="Op welke werkdagen; alle is elke werkdag.")] = "",
    hour: Annotated[str, typer.Option(metavar="UU:MM", help="Hoe laat; gewoon is zoals gewoonlijk.")] = "",
    per_week: Annotated[int | None, typer.Option(help="Hoogstens zoveel mails per week.")] = None,
    overview: Annotated[bool | None, typer.Option(help="Het weekoverzicht van het secretariaat.")] = None,
    pause: Annotated[str, typer.Option(metavar="DAG..DAG", help="Afwezig van en tot en met.")] = "",
    deputy: Annotated[str, typer.Option(metavar="MAILADRES", help="Wie in die dagen de post krijgt.")] = "",
    back: Annotated[int | None, typer.Option(metavar="ID", help="Schrap deze afwezigheid.")] = None,
    link: Annotated[bool, typer.Option("--link", help="Toon de link naar de eigen pagina.")] = False,
    by: As = "",
    as_json: Json = False,
) -> None:
    """Wanneer iemand mail krijgt, en wie de post krijgt bij afwezigheid."""
    from cycle.cli.rhythm import run_rhythm

    run_rhythm(person, days, hour, per_week, pause, deputy, back, by, overview=overview, link=link, as_json=as_json)
