"""Commands from document to table."""

from pathlib import Path
from typing import Annotated

import typer

from cycle.cli.options import As, CovenantName, Json
from cycle.cli.usage import DutchTyper

document_commands = DutchTyper()


@document_commands.command("new")
def new(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="BESTAND…", help="De documenten van de afspraken, ook in een zip.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Toon alleen het ontwerp en de vragen, bewaar niets.")] = False,
    secretariat: Annotated[
        str, typer.Option(metavar="“NAAM <ADRES>”", help="Wie het secretariaat van deze tafel is.")
    ] = "",
    name: Annotated[str, typer.Option(help="De naam van het convenant, als het ontwerp hem niet goed heeft.")] = "",
    slug: Annotated[str, typer.Option(metavar="NAAM", help="De korte naam, in kleine letters.")] = "",
    municipality: Annotated[
        str, typer.Option(metavar="NAAM", help="Van welke gemeente de tafel is, als er meer in staan.")
    ] = "",
    take: Annotated[
        str, typer.Option(metavar="NUMMERS", help="Neem deze mogelijke acties uit de lopende tekst over, zoals 1,3.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Bewaar het ontwerp zoals het is, ook met open vragen.")] = False,
    as_json: Json = False,
) -> None:
    """Maak uit documenten een nieuw convenant: partijen, looptijd, het jaar en de afspraken. Er gaat geen mail uit."""
    from cycle.cli.importing import taken_of
    from cycle.cli.starting import SaidOfTable, run_new

    run_new(
        files or (),
        check=check,
        secretariat=secretariat,
        said=SaidOfTable(name, slug, municipality, frozenset(taken_of(take))),
        yes=yes,
        as_json=as_json,
    )


@document_commands.command("import")
def import_(
    sources: Annotated[
        list[Path],
        typer.Argument(metavar="MAP|BESTAND…", help="Een convenantmap of een of meer documenten, ook in een zip."),
    ],
    check: Annotated[bool, typer.Option("--check", help="Alleen verslag doen, niets bewaren.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Pas ook aan wat een eerder document anders zei.")] = False,
    only: Annotated[str, typer.Option(metavar="NUMMERS", help="Alleen deze afspraken, zoals 1.1.3,2.5.")] = "",
    same: Annotated[
        list[str] | None, typer.Option(metavar="NUMMER=NUMMER", help="Dit is wat in het register dat nummer heeft.")
    ] = None,
    new: Annotated[list[str] | None, typer.Option(metavar="NUMMER", help="Dit is een nieuwe afspraak.")] = None,
    html: Annotated[Path | None, typer.Option(help="Schrijf het verslag als pagina om af te drukken.")] = None,
    columns: Annotated[
        list[str] | None, typer.Option(metavar="KOP=SOORT", help="Wat een kolom is, zoals “Oplevering=termijn”.")
    ] = None,
    keep_columns: Annotated[
        bool | None,
        typer.Option("--keep-columns/--no-keep-columns", help="Onthoud voor dit convenant wat --columns zegt."),
    ] = None,
    take: Annotated[
        str, typer.Option(metavar="NUMMERS", help="Neem deze mogelijke acties uit de lopende tekst over, zoals 1,3.")
    ] = "",
    term: Annotated[str, typer.Option(metavar="next|correction", help="Het volgende kader, of een verbetering.")] = "",
    still_open: Annotated[str, typer.Option("--open", help="Wat er open staat: 12=carry,15=close,rest=end.")] = "",
    covenant: CovenantName = None,
    by: As = "",
    as_json: Json = False,
) -> None:
    """Lees een convenantmap of afsprakendocumenten in. Er gaat geen mail uit."""
    from cycle.actions.register.starting.folder_uploads import unpacked_paths
    from cycle.cli.frameworks import answer_other_term, is_correction
    from cycle.cli.importing import answers_of, print_report, run_import, taken_of

    with unpacked_paths(sources) as apart:
        report = run_import(
            apart,
            covenant,
            check=check,
            by=by,
            yes=yes,
            only=[number.strip() for number in only.split(",") if number.strip()],
            answers=answers_of(same or (), new or ()),
            columns=columns or (),
            keep_columns=keep_columns,
            take=taken_of(take),
            is_correction=is_correction(term),
        )
        print_report(report, check=check, as_json=as_json, page=html)
        answer_other_term(report, apart, covenant, by, term=term, check=check, still_open=still_open, as_json=as_json)


@document_commands.command("term")
def term_(
    write: Annotated[
        Path | None, typer.Option("--write", metavar="BESTAND.docx", help="Schrijf per afspraak wat ervan kwam.")
    ] = None,
    year: Annotated[int | None, typer.Option("--of", metavar="JAAR", help="Het kader dat in dit jaar begon.")] = None,
    renews: Annotated[
        bool | None,
        typer.Option("--renews/--ends", help="Of de afspraken na hun laatste dag vanzelf doorlopen, of eindigen."),
    ] = None,
    covenant: CovenantName = None,
    by: As = "",
    as_json: Json = False,
) -> None:
    """De looptijd van de afspraken, en een terugblik in Word om nieuwe van te schrijven."""
    from cycle.cli.frameworks import set_renews, show_terms

    if renews is not None:
        set_renews(covenant, by, renews=renews)
        return
    show_terms(covenant, write, year, as_json=as_json)


@document_commands.command()
def read(
    phrase: Annotated[str, typer.Argument(metavar="WOORDEN", help="De woorden, zoals “najaar 2022”.")] = "",
    on: Annotated[str, typer.Option(help="Vanaf wanneer gelezen: JJJJ, JJJJ-MM of JJJJ-MM-DD.")] = "",
    file: Annotated[Path | None, typer.Option(help="Een regel per zin: zin, TAB, datum.")] = None,
    as_json: Json = False,
) -> None:
    """Hoe een termijn gelezen wordt, en waarom."""
    from cycle.cli.reading import print_readings, readings_of

    print_readings(readings_of(phrase, on, file), many=file is not None, as_json=as_json)
