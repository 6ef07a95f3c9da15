"""The commands, as design section 5 lists them."""

from datetime import date, time
from pathlib import Path
from typing import Annotated, Any

import typer

from cycle import __version__
from cycle.cli import desk
from cycle.cli.auditing import audit_app
from cycle.cli.console import say, say_json, say_table
from cycle.cli.days import DAY, parse_clock, parse_day
from cycle.cli.outbox import outbox_app
from cycle.cli.persons import person_app
from cycle.cli.usage import DutchTyper

app = DutchTyper(
    help="Houdt het jaar van de prestatieafspraken bij: lezen, herinneren, agenda's en de uitnodigingsbrief.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

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


def _tell_version(asked: bool) -> None:
    """Prints it and leaves, when asked."""
    if asked:
        say(f"cycle {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    _config: Annotated[
        Path | None, typer.Option("--config", help="Het instellingenbestand; anders CYCLE_CONFIG of ./config.toml.")
    ] = None,
    _version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Welke versie dit is.")
    ] = False,
) -> None:
    """Global options are read in `cycle.cli.main`, so that they may stand anywhere."""


@app.command()
def serve(
    example: Annotated[bool, typer.Option(help="Begin met het voorbeeldconvenant als er nog geen is.")] = False,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, metavar="POORT", help="Op welke poort; anders die van config.toml.")
    ] = None,
) -> None:
    """Pagina's, agenda's en de klok in één proces."""
    from cycle.cli.serving import serve as run

    run(example=example, port=port)


@app.command(hidden=True)
def example(part: Annotated[str, typer.Argument(metavar="klaar|geoefend")]) -> None:
    """Wat serve --example door een proces ernaast laat doen."""
    from cycle.cli.shown import do

    do(part)


@app.command()
def work() -> None:
    """Alleen bezorgen wat in de uitgaande post staat, tot u stopt."""
    from cycle.cli.serving import work as run

    run()


@app.command()
def migrate(
    no_copy: Annotated[bool, typer.Option("--no-copy", help="Zonder kopie vooraf: u hebt er zelf een.")] = False,
) -> None:
    """Breng de tabellen op de versie van dit programma; van een oudere database komt eerst een kopie in var/."""
    done = desk.migrate(with_copy=not no_copy)
    say(f"De database {'is al' if done.before == done.after else 'is nu'} op versie {done.after}.")
    if done.copy is not None:
        say(
            f"De stand van daarvoor staat in {done.copy}",
            f"Terug kan alleen zo: installeer de vorige versie en doe: cycle restore {done.copy}",
        )


PassphraseFile = Annotated[
    Path | None,
    typer.Option(metavar="BESTAND", help="Het wachtwoord staat in dit bestand; anders in CYCLE_BACKUP_PASSPHRASE."),
]


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="BESTAND", help="Waar de kopie komt; een eerdere wordt vervangen.")],
    with_secret: Annotated[
        bool,
        typer.Option("--with-secret", help="Ook de sleutel van links (var/secret) en geheimen in config.toml."),
    ] = False,
    encrypt: Annotated[bool, typer.Option("--encrypt", help="Versleutel, en vraag zo nodig het wachtwoord.")] = False,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Maak een kopie van alles wat deze installatie is, ook terwijl zij draait."""
    from cycle.cli.copies import run_backup

    run_backup(file, passphrase_file, with_secret=with_secret, encrypt=encrypt)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="BESTAND", help="Een kopie van cycle backup.")],
    check: Annotated[bool, typer.Option("--check", help="Kijk alleen of de kopie heel is, en wat erin zit.")] = False,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Zet een kopie terug; wat er was gaat opzij, en verzenden begint pas als u het zegt."""
    from cycle.cli.copies import run_restore

    run_restore(file, passphrase_file, check=check)


@app.command("new")
def new(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="BESTAND…", help="De documenten van de afspraken.")
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
    yes: Annotated[bool, typer.Option("--yes", help="Bewaar het ontwerp zoals het is, ook met open vragen.")] = False,
    as_json: Json = False,
) -> None:
    """Maak uit documenten een nieuw convenant: partijen, looptijd, het jaar en de afspraken. Er gaat geen mail uit."""
    from cycle.cli.starting import SaidOfTable, run_new

    run_new(
        files or (),
        check=check,
        secretariat=secretariat,
        said=SaidOfTable(name, slug, municipality),
        yes=yes,
        as_json=as_json,
    )


@app.command("import")
def import_(
    sources: Annotated[
        list[Path], typer.Argument(metavar="MAP|BESTAND…", help="Een convenantmap, of een of meer documenten.")
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
    from cycle.cli.frameworks import answer_other_term, is_correction
    from cycle.cli.importing import answers_of, print_report, run_import, taken_of, write_page

    numbers = [number.strip() for number in only.split(",") if number.strip()]
    report = run_import(
        sources,
        covenant,
        check=check,
        by=by,
        yes=yes,
        only=numbers,
        answers=answers_of(same or (), new or ()),
        columns=columns or (),
        keep_columns=keep_columns,
        take=taken_of(take),
        is_correction=is_correction(term),
    )
    print_report(report, check=check, as_json=as_json)
    if html:
        write_page(report, html, check=check, as_json=as_json)
    answer_other_term(report, sources, covenant, by, term=term, check=check, still_open=still_open, as_json=as_json)


@app.command("term")
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


@app.command()
def read(
    phrase: Annotated[str, typer.Argument(metavar="WOORDEN", help="De woorden, zoals “najaar 2022”.")] = "",
    on: Annotated[str, typer.Option(help="Vanaf wanneer gelezen: JJJJ, JJJJ-MM of JJJJ-MM-DD.")] = "",
    file: Annotated[Path | None, typer.Option(help="Een regel per zin: zin, TAB, datum.")] = None,
    as_json: Json = False,
) -> None:
    """Hoe een termijn gelezen wordt, en waarom."""
    from cycle.cli.reading import print_readings, readings_of

    print_readings(readings_of(phrase, on, file), many=file is not None, as_json=as_json)


@app.command()
def plan(year: Year, covenant: CovenantName = None, as_json: Json = False) -> None:
    """De stappen en termijnen van een jaar."""
    from cycle.actions.deadlines import listing
    from cycle.domain.model import Role
    from cycle.words import ROLES

    office, now = desk.office(), desk.now()
    with office.database.reading() as session:
        items = listing.plan(session, office.settings, covenant, year, office.local_day(now))
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


@app.command()
def rehearse(
    year: Year,
    person: Annotated[str | None, typer.Option(help="Alleen de mails aan dit adres.")] = None,
    write: Annotated[Path | None, typer.Option(help="Schrijf de mails om te lezen in deze map.")] = None,
    covenant: CovenantName = None,
    as_json: Json = False,
) -> None:
    """Elke mail van dat jaar, voordat hij verstuurd wordt."""
    from cycle.actions.mails.rehearsing import rehearse_year, write_rehearsal

    office, now = desk.office(), desk.now()
    mails = rehearse_year(office, year, now, person=person, covenant=covenant)
    index = write_rehearsal(office, mails, write) if write else None
    if as_json:
        say_json({"year": year, "mails": [mail.as_json(office) for mail in mails]})
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


feed_app = DutchTyper(help="De agendakoppeling van een persoon.", no_args_is_help=True)
app.add_typer(feed_app, name="feed")
Person = Annotated[str, typer.Argument(metavar="MAILADRES")]


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


@app.command()
def welcome(person: Person, by: As = "") -> None:
    """Stuur een persoon eenmalig de welkomstmail, met de link naar de eigen agendapagina."""
    from cycle.actions.acting.fitting import for_person
    from cycle.actions.mails.welcoming import welcome as run

    office, now = desk.office(), desk.now()
    say(run(office, person, now, by=for_person(office, by, now, person)))


@app.command()
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
    from cycle.actions.acting.fitting import for_deadline
    from cycle.actions.deadlines.closing import move as run

    office, now = desk.office(), desk.now()
    only = desk.covenant_id(office, covenant)
    who = for_deadline(office, by, now, deadline, only)
    settled = run(office, deadline, day, now, by=who, reason=reason, covenant_id=only)
    say(f"{settled.title}: {settled.words}.")


@app.command()
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


@app.command()
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


@app.command()
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
app.add_typer(settle_app, name="settle")
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


progress_app = DutchTyper(help="De voortgangsronde: wie antwoordde wat.", invoke_without_command=True)
app.add_typer(progress_app, name="progress")


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
app.add_typer(meeting_app, name="meeting")


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


@app.command()
def release(covenant: CovenantName = None, by: As = "") -> None:
    """Geef een convenant vrij: vanaf nu gaan er herinneringen uit."""
    from cycle.actions.deadlines.closing import release as run

    office = desk.office()
    settled = run(office, covenant, desk.now(), by=desk.secretariat(office, by, covenant))
    say(f"{settled.title}: {settled.words}.")


@app.command()
def archive(
    covenant: CovenantName = None,
    undo: Annotated[bool, typer.Option("--undo", help="Pak het weer op: er gaat weer mail uit.")] = False,
    by: As = "",
) -> None:
    """Berg een convenant op: alles blijft te lezen, er gaat geen mail meer uit en agenda's zeggen dat het vervalt."""
    from cycle.actions.deadlines import archiving
    from cycle.store.covenants import covenant as covenant_of
    from cycle.store.ids import id_of

    office = desk.office()
    with office.database.reading() as session:
        only = id_of(covenant_of(session, covenant))
    act = archiving.take_up if undo else archiving.archive
    settled = act(office, only, desk.now(), by=desk.secretariat(office, by, covenant))
    say(f"{settled.title} {settled.words}.")


@app.command()
def people(covenant: CovenantName = None, as_json: Json = False) -> None:
    """Wie er aan tafel zit."""
    from cycle.actions.deadlines import listing
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


@app.command()
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


@app.command()
def covenants(
    sought: Annotated[str, typer.Argument(metavar="WOORDEN", help="Alleen met deze woorden in de naam.")] = "",
    as_json: Json = False,
) -> None:
    """De convenanten in deze database."""
    from cycle.cli.persons import list_covenants

    list_covenants(sought, as_json=as_json)


app.add_typer(outbox_app, name="outbox")
app.add_typer(audit_app, name="audit")
app.add_typer(person_app, name="person")


@app.command()
def bounces(as_json: Json = False) -> None:
    """Lees nu de terugmeldingen van mail die niet aankwam."""
    from cycle.actions.service.clock_work import bounces_round

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


@app.command()
def replies(as_json: Json = False) -> None:
    """Lees nu wat mensen terugschreven op mails van cycle."""
    from cycle.actions.service.clock_work import replies_round

    read = replies_round(desk.office(), desk.now())
    if as_json:
        say_json({"ours": read.ours, "new": read.new, "automatic": read.automatic})
    else:
        say(f"{read.ours} op mails van ons: {read.new} nieuw, {read.automatic} van een automaat.")


@app.command()
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


@app.command()
def doctor(
    as_json: Json = False,
    to: Annotated[str, typer.Option("--mail", metavar="ADRES", help="Stuur ook een proefmail naar dit adres.")] = "",
) -> None:
    """Kijk alles na: instellingen, database, rondes, post en elk volgend moment."""
    from cycle.actions.service.health import examine, try_mail

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
