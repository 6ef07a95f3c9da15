"""Commands for a covenant as a whole, and who sits at its table."""

from typing import Annotated, Any

import typer

from cycle.cli import desk
from cycle.cli.console import say, say_json, say_table
from cycle.cli.options import As, CovenantName, Json
from cycle.cli.usage import DutchTyper

covenant_commands = DutchTyper()


@covenant_commands.command()
def release(covenant: CovenantName = None, by: As = "") -> None:
    """Geef een convenant vrij: vanaf nu gaan er herinneringen uit."""
    from cycle.actions.deadlines.deciding.closing import release as run

    office = desk.office()
    settled = run(office, covenant, desk.now(), by=desk.secretariat(office, by, covenant))
    say(f"{settled.title}: {settled.words}.")


@covenant_commands.command()
def archive(
    covenant: CovenantName = None,
    undo: Annotated[bool, typer.Option("--undo", help="Pak het weer op: er gaat weer mail uit.")] = False,
    by: As = "",
) -> None:
    """Berg een convenant op: alles blijft te lezen, er gaat geen mail meer uit en agenda's zeggen dat het vervalt."""
    from cycle.actions.deadlines.deciding import archiving
    from cycle.store.covenants import covenant as covenant_of
    from cycle.store.ids import id_of

    office = desk.office()
    with office.database.reading() as session:
        only = id_of(covenant_of(session, covenant))
    act = archiving.take_up if undo else archiving.archive
    settled = act(office, only, desk.now(), by=desk.secretariat(office, by, covenant))
    say(f"{settled.title} {settled.words}.")


@covenant_commands.command()
def people(covenant: CovenantName = None, as_json: Json = False) -> None:
    """Wie er aan tafel zit."""
    from cycle.actions.deadlines.upkeep import listing
    from cycle.domain.model import Role
    from cycle.words import ROLES

    office = desk.office()
    with office.database.reading() as session:
        listed = listing.people(session, office.settings, covenant)
    if as_json:
        say_json({"people": listed})
        return
    rows = [
        (one["name"], one["email"], ", ".join(one["parties"]), ", ".join(ROLES[Role(role)] for role in one["roles"]))
        for one in listed
    ]
    say_table(("naam", "adres", "partij", "rol"), rows)


@covenant_commands.command()
def parties(covenant: CovenantName = None, as_json: Json = False) -> None:
    """De partijen van een convenant."""
    from cycle.actions.office.covenant_view import view_of
    from cycle.words import PARTY_KINDS

    office = desk.office()
    with office.database.reading() as session:
        listed = view_of(session, office.settings, covenant).parties
    data: list[dict[str, Any]] = [
        {"slug": one.slug, "name": one.name, "kind": one.kind, "aliases": list(one.aliases)} for one in listed
    ]
    if as_json:
        say_json({"parties": data})
        return
    rows = [(one.slug, one.name, PARTY_KINDS.get(one.kind, one.kind)) for one in listed]
    say_table(("partij", "naam", "soort"), rows)


@covenant_commands.command()
def covenants(
    sought: Annotated[str, typer.Argument(metavar="WOORDEN", help="Alleen met deze woorden in de naam.")] = "",
    as_json: Json = False,
) -> None:
    """De convenanten in deze database."""
    from cycle.cli.persons import list_covenants

    list_covenants(sought, as_json=as_json)
