"""`cycle person`: who sits at the table, who gets the mail, and who leaves."""

from collections.abc import Sequence
from datetime import date
from email.utils import parseaddr
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cycle.cli import desk
from cycle.cli.console import say, say_json, say_table
from cycle.cli.days import DAY, parse_day
from cycle.cli.options import As, CovenantName, DayArgument, Person
from cycle.cli.usage import DutchTyper
from cycle.domain.words import day_words

if TYPE_CHECKING:  # importing these takes half a second, and `--help` needs none of it
    from cycle.actions.deadlines.deciding.closing import Settled
    from cycle.actions.office.office import Office
    from cycle.actions.people.departure.leaving import LeavingPlan, Successor
    from cycle.actions.people.seats.listing_people import ListedPerson
    from cycle.domain.model import Role
    from cycle.store.tables import Term


person_app = DutchTyper(help="Wie er aan tafel zit, en wie vertrekt.", no_args_is_help=True)

Called = Annotated[str, typer.Option("--called", help="De naam, als meer mensen dit adres delen.")]
Party = Annotated[str, typer.Option("--party", help="De korte naam van de partij.")]
Since = Annotated[date | None, typer.Option("--since", parser=parse_day, metavar=DAY, help="De eerste dag.")]
Until = Annotated[date | None, typer.Option("--until", parser=parse_day, metavar=DAY, help="De laatste dag.")]


@person_app.command("add")
def add(
    name: Annotated[str, typer.Argument(metavar="NAAM")],
    email: Person,
    party: Party,
    role: Annotated[
        str, typer.Option(help="trekker, contactpersoon, vervanger, secretariaat, bestuurder of lezer.")
    ] = "trekker",
    agreements: Annotated[str, typer.Option(metavar="NUMMERS", help="Trekker voor deze afspraken.")] = "",
    themes: Annotated[str, typer.Option(metavar="NUMMERS", help="Trekker voor deze thema's.")] = "",
    since: Since = None,
    until: Until = None,
    covenant: CovenantName = None,
    by: As = "",
) -> None:
    """Geef iemand een plaats aan tafel. Er gaat geen mail uit."""
    from cycle.actions.people.seats.memberships import Wish, add_person

    seat_role = _role(role)
    office = desk.office()
    by = desk.secretariat(office, by, covenant)
    wish = Wish(party, seat_role, since, until, _numbers(agreements), _numbers(themes))
    _who, settled = add_person(office, _covenant(office, covenant), name, email, wish, desk.now(), by=by)
    _tell(settled)


@person_app.command("import")
def import_list(
    file: Annotated[Path, typer.Argument(metavar="BESTAND", help="Excel, CSV of tekst: naam; adres; partij; rol; …")],
    party: Annotated[str, typer.Option("--party", help="De partij van wie er geen heeft.")] = "",
    role: Annotated[str, typer.Option(help="De rol van wie er geen heeft.")] = "",
    check: Annotated[bool, typer.Option("--check", help="Alleen verslag doen, niets bewaren.")] = False,
    covenant: CovenantName = None,
    by: As = "",
    as_json: Annotated[bool, typer.Option("--json", help="Eén JSON-document op stdout.")] = False,
) -> None:
    """Geef iedereen uit een lijst een plaats aan tafel. Er gaat geen mail uit."""
    from cycle.actions.people.seats import listing_people
    from cycle.errors import NotFound
    from cycle.intake.people_list import people_of

    if not file.is_file():
        raise NotFound(f"{file} bestaat niet.", "Controleer het pad.")
    office, written, unsaid = desk.office(), people_of(file), listing_people.Unsaid(party, role)
    key = _covenant(office, covenant)
    if check:
        listed = listing_people.look_through(office, key, written.people, unsaid, desk.now())
    else:
        by = desk.secretariat(office, by, covenant)
        listed = listing_people.add_people(office, key, written.people, unsaid, desk.now(), by=by)
    if as_json:
        say_json({"people": [line.as_json() for line in listed], "notes": written.notes})
    else:
        _say_list(listed, written.notes, check=check)
    if any(line.outcome is listing_people.ListOutcome.REFUSED for line in listed):
        raise typer.Exit(1)


@person_app.command("change")
def change(
    email: Person,
    name: Annotated[str, typer.Option(help="Een andere naam.")] = "",
    mail: Annotated[str, typer.Option(help="Een ander mailadres.")] = "",
    called: Called = "",
    covenant: CovenantName = None,
    by: As = "",
) -> None:
    """Geef iemand een andere naam of een ander mailadres; alles blijft bij dezelfde persoon."""
    from cycle.actions.people.seats.persons import change_person

    office = desk.office()
    only, by = _covenant(office, covenant), desk.secretariat(office, by, covenant)
    person, known = _person(office, only, email, called)
    _tell(change_person(office, only, person, name or known, mail or email, desk.now(), by=by))


@person_app.command("assign")
def assign(
    party: Party,
    agreement: Annotated[str, typer.Option(help="Voor deze afspraak.")] = "",
    theme: Annotated[str, typer.Option(help="Of voor dit thema.")] = "",
    to: Annotated[str, typer.Option(metavar="MAILADRES", help="Wie; leeg is wie aan de beurt is.")] = "",
    called: Called = "",
    covenant: CovenantName = None,
    by: As = "",
) -> None:
    """Wijs aan wie namens een partij de mail over een afspraak of thema krijgt."""
    from cycle.actions.people.seats.memberships import agreement_called, name_addressee

    office = desk.office()
    only, by = _covenant(office, covenant), desk.secretariat(office, by, covenant)
    person = _person(office, only, to, called)[0] if to else None
    about = agreement_called(office, only, agreement) if agreement else None
    _tell(name_addressee(office, only, party, person, desk.now(), agreement_id=about, theme=theme, by=by))


@person_app.command("away")
def away(
    email: Person,
    first: DayArgument,
    last: DayArgument,
    deputy: Annotated[str, typer.Option(metavar="MAILADRES", help="Wie de mail krijgt; anders de vervanger.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Doe het, ook als dat mail verstuurt.")] = False,
    called: Called = "",
    covenant: CovenantName = None,
    by: As = "",
) -> None:
    """In deze dagen gaat iemands mail naar de vervanger; zonder --yes ziet u eerst wie daarvan bericht krijgt."""
    from cycle.actions.people.rhythms.rhythm import pause, pause_mails
    from cycle.domain.words import joined
    from cycle.errors import Refused

    office = desk.office()
    only, by = _covenant(office, covenant), desk.secretariat(office, by, covenant)
    (person, name), now = _person(office, only, email, called), desk.now()
    stands_in = _person(office, only, deputy, "")[0] if deputy else None
    mails = pause_mails(office, person, first, last, now, deputy=stands_in)
    if mails and not yes:
        count = "1 mail" if len(mails) == 1 else f"{len(mails)} mails"
        raise Refused(f"Dit verstuurt {count} aan {joined([to for to, _mail in mails])}.", "Doen: zet er --yes bij.")
    say(f"{name} is {pause(office, person, first, last, now, deputy=stands_in, by=by)}.")


@person_app.command("leave")
def leave(
    email: Person,
    last: Annotated[date, typer.Option("--last", parser=parse_day, metavar=DAY, help="De laatste dag.")],
    to: Annotated[str, typer.Option(metavar="MAILADRES", help="Wie alles overneemt.")] = "",
    new: Annotated[str, typer.Option(metavar="'NAAM <MAILADRES>'", help="Of iemand die er nog niet staat.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Doe het; anders ziet u alleen wat er verandert.")] = False,
    called: Called = "",
    covenant: CovenantName = None,
    by: As = "",
) -> None:
    """Iemand vertrekt: laat zien wat er verandert, en draag met --yes alles over."""
    from cycle.actions.people.departure.leaving import hand_over, leaving_plan

    office = desk.office()
    only, by = _covenant(office, covenant), desk.secretariat(office, by, covenant)
    person, _name = _person(office, only, email, called)
    successor = _successor(office, only, to, new)
    if yes:
        _tell(hand_over(office, only, person, successor, last, desk.now(), by=by))
        return
    with office.database.reading() as session:
        _show(leaving_plan(office, session, only, person, successor, last, desk.now()))
    say("Er is nog niets veranderd. Draag alles over met --yes; terugdraaien kan met: cycle person undo MAILADRES")


@person_app.command("undo")
def undo(email: Person, called: Called = "", covenant: CovenantName = None, by: As = "") -> None:
    """Draai de laatste overdracht van iemand terug. Beëindigde agendakoppelingen komen niet terug."""
    from cycle.actions.people.departure.leaving import undo_hand_over
    from cycle.errors import NotFound
    from cycle.store import seats
    from cycle.store.ids import id_of

    office = desk.office()
    only, by = _covenant(office, covenant), desk.secretariat(office, by, covenant)
    person, name = _person(office, only, email, called)
    with office.database.reading() as session:
        mine = [id_of(one) for one in seats.handovers(session, only, person) if one.person_id == person]
    if not mine:
        raise NotFound(f"{name} heeft niets overgedragen.", "Kijk met: cycle people")
    _tell(undo_hand_over(office, only, mine[0], desk.now(), by=by))


def list_covenants(sought: str, *, as_json: bool) -> None:
    """Every covenant with these words in its name: its term, and whether it is released."""
    from cycle.store import covenants
    from cycle.store.ids import id_of

    with desk.office().database.reading() as session:
        rows = [row for row in covenants.covenants(session) if sought.casefold() in f"{row.slug} {row.name}".casefold()]
        terms = covenants.running_terms(session, map(id_of, rows))
        listed = [
            (row.slug, row.name, row.released_at is not None, terms[id_of(row)], row.archived_at is not None)
            for row in rows
        ]
    if as_json:
        say_json({"covenants": [_as_json(*covenant) for covenant in listed]})
        return
    rows_shown = [
        (slug, name, day_words(term.end) if term.end else "", _stand(is_released, is_archived))
        for slug, name, is_released, term, is_archived in listed
    ]
    say_table(("convenant", "naam", "looptijd tot en met", ""), rows_shown)


def _stand(is_released: bool, is_archived: bool) -> str:
    return "gearchiveerd" if is_archived else "" if is_released else "nog niet vrijgegeven"


def _as_json(slug: str, name: str, is_released: bool, term: "Term", is_archived: bool) -> dict[str, Any]:
    first, last = (day.isoformat() if day else None for day in (term.start, term.end))
    about = {"slug": slug, "name": name, "released": is_released, "archived": is_archived}
    return about | {"term_start": first, "term_end": last, "renews": term.renews}


def _covenant(office: "Office", slug: str | None) -> int:
    from cycle.store.covenants import covenant
    from cycle.store.ids import id_of

    with office.database.reading() as session:
        return id_of(covenant(session, slug))


@person_app.command("erase")
def erase(
    email: Person,
    called: Called = "",
    yes: Annotated[bool, typer.Option("--yes", help="Doe het; er is geen weg terug.")] = False,
    by: Annotated[str, typer.Option("--as", metavar="NAAM", help="Wie dit doet; wordt bewaard.")] = "",
) -> None:
    """Wis wie is vertrokken uit alles wat is bewaard (AVG); wat er gebeurde blijft, zonder naam."""
    from cycle.actions.people.departure.erasing import erase_person
    from cycle.domain.words import command_line_words
    from cycle.errors import Refused
    from cycle.store import covenants
    from cycle.store.ids import id_of

    office = desk.office()
    with office.database.reading() as session:
        people = {id_of(one): one.name for one in covenants.persons_at(session, email)}
    wanted = [key for key, name in people.items() if called in ("", name)]
    if len(wanted) != 1:
        raise Refused(f"Op {email} staan: {', '.join(people.values())}.", "Noem wie met --called NAAM.")
    if not yes:
        say(
            f"{people[wanted[0]]} <{email}> wordt gewist uit alles wat is bewaard. Er is geen weg terug.",
            "Wat al weg is blijft zoals het was: brieven als PDF, reservekopieën, en mails bij wie ze kreeg.",
            "Doe het met --yes.",
        )
        return
    _tell(erase_person(office, wanted[0], desk.now(), by=command_line_words(by or "iemand")))


def _person(office: "Office", covenant_id: int, email: str, called: str) -> tuple[int, str]:
    """Who has this address in this covenant, and their name.

    Raises NotFound, or Refused when several people share the address.
    """
    from cycle.errors import NotFound, Refused
    from cycle.store import seats
    from cycle.store.ids import id_of

    with office.database.reading() as session:
        people = {
            id_of(one.person): one.person.name
            for one in seats.seats(session, covenant_id)
            if one.person.email == email.strip().lower() and called in ("", one.person.name)
        }
    if not people:
        raise NotFound(f"Niemand heeft hier het adres {email!r}.", "Kijk met: cycle people")
    if len(people) > 1:
        raise Refused(f"Meer mensen delen {email}.", f"Kies met --called uit: {', '.join(people.values())}.")
    return next(iter(people.items()))


def _successor(office: "Office", covenant_id: int, to: str, new: str) -> "Successor":
    from cycle.actions.people.departure.leaving import Successor

    if to:
        return Successor(_person(office, covenant_id, to, "")[0])
    name, email = parseaddr(new)
    return Successor(name=name or email, email=email)


def _role(word: str) -> "Role":
    """The role of this name. Raises Refused for another word."""
    from cycle.domain.model import Role
    from cycle.errors import Refused
    from cycle.intake.covenant_words import role_written

    try:
        return Role(role_written(word))
    except ValueError as error:
        raise Refused(*str(error).split("|")) from None


def _say_list(listed: Sequence["ListedPerson"], notes: Sequence[str], *, check: bool) -> None:
    """What came of each line, and the counts."""
    from cycle.actions.people.seats.listing_people import outcome_words

    say_table(
        ("plaats", "wie", "", "wat"),
        [(line.written.place, line.name, line.outcome, f"{line.words} {line.hint}".strip()) for line in listed],
    )
    say(*(f"Let op: {words}" for words in notes))
    counts = outcome_words(listed)
    ending = "Er is niets bewaard: dit was een proef." if check else "Er is niemand gemaild."
    say("", f"{counts[:1].upper()}{counts[1:]}. {ending}")


def _numbers(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.replace(",", " ").split()))


def _show(plan: "LeavingPlan") -> None:
    say(f"{plan.name} stopt na {plan.last_day}:", *(f"- {words}" for words in plan.ends))
    if plan.successor:
        say(f"{plan.successor} neemt over:", *(f"- {words}" for words in plan.begins))
    say(*(f"Let op: {words}" for words in plan.warnings))
    if plan.deadlines:
        rows = [(one.id, one.number, one.title, one.when, one.to) for one in plan.deadlines]
        say_table(("id", "nr", "wat", "wanneer", "daarna mail aan"), rows)
    say(f"Er gaat geen mail uit. {plan.waiting} herinneringen worden opnieuw gemaakt, {plan.links} agenda's eindigen.")


def _tell(settled: "Settled") -> None:
    say(f"{settled.title} {settled.words}.")
