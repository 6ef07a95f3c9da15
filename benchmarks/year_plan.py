"""Promises about the year of one covenant: rehearsing it takes less than 2 s of processor time, of which planning is at
most a fifth, and the whole command less than three times one that lists.

Planning is the domain's rehearsal over every open deadline of a covenant with 60 agreements and 40 people. The
rehearsal renders each mail of 2027 as it will go, for that covenant and for the example; it is measured as an action,
and as the whole command with its start.
"""

import csv
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.engines import Sqlite
from benchmarks.measure import Figure, main, medians
from benchmarks.served import House
from benchmarks.world import ROOT, World, empty_world, settings_folder
from cycle.actions.deadlines.deciding.closing import release
from cycle.actions.mails.morning.gathering import gather_ahead
from cycle.actions.mails.rehearsal.rehearsing import rehearse_year
from cycle.actions.office.covenant_view import views
from cycle.actions.register.reading_in.importing import import_folder
from cycle.domain.mail_plan import Morning
from cycle.domain.rehearsal import plans_ahead

PLAN_LIMIT, REHEARSE_LIMIT, COMMAND_LIMIT = 0.2, 2_000, 3
RUNS, COMMAND_RUNS = 9, 5
NOVEMBER = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
NEW_YEAR, LAST = datetime(2027, 1, 1, tzinfo=UTC), date(2027, 12, 31)
EXAMPLE = ROOT / "examples" / "terneuzen"
AGREEMENTS, PEOPLE = 60, 40

PARTIES = {
    "gemeente": "municipality",
    "clavis": "corporation",
    "wzv": "corporation",
    "bewonersraad": "tenants",
    "shb": "tenants",
}
PHRASES = (
    "uiterlijk 1 juli 2027",
    "najaar 2027",
    "jaarlijks",
    "eind 2027",
    "voor 1 april 2027",
    "mei 2027",
    "eerste kwartaal 2027",
    "uiterlijk 15 oktober 2027",
    "jaarlijks voor 1 juni",
    "voorjaar 2027",
)
ROLES = ("trekker", "trekker", "trekker", "contact", "director", "deputy", "reader", "trekker")
HEAD = """slug = "groot"
name = "Prestatieafspraken Groot"
signed_on = 2026-09-01
live_since = 2026-11-01
[groups.corporaties]
members = ["clavis", "wzv"]
[groups.huurdersorganisaties]
members = ["bewonersraad", "shb"]
[groups.partijen]
members = ["gemeente", "clavis", "wzv", "bewonersraad", "shb"]
"""


def run() -> Iterator[Figure]:
    """The covenant of 60 agreements, then the example."""
    with TemporaryDirectory(prefix="cycle-bench-") as name:
        folder = Path(name)
        yield from _measured(folder / "large", large_covenant(folder / "covenant"), "60 agreements, 40 people")
        yield from _measured(folder / "example", EXAMPLE, "the example")


def _measured(folder: Path, covenant: Path, words: str) -> Iterator[Figure]:
    """One covenant in a house of its own."""
    (folder / "var").mkdir(parents=True)
    settings_folder(folder)
    world = empty_world(Sqlite(folder / "var"))
    import_folder(world.office, covenant, NOVEMBER)
    release(world.office, None, NOVEMBER)
    read = [_morning(world)]
    mails = _plan(read[-1])
    assert mails > 20, f"only {mails} mails: the covenant does not ask what it should"
    planned, action = medians(
        RUNS,
        lambda: _plan(read[-1]),
        lambda: rehearse_year(world.office, 2027, NOVEMBER),
        before=lambda: read.append(_morning(world)),
        clock=time.process_time,
    )
    world.close()
    shutil.move(folder / "var" / "0.db", folder / "var" / "cycle.db")
    here = House(folder, 8700)
    listing, command = medians(COMMAND_RUNS, lambda: here.run("people"), lambda: here.run("rehearse", "2027"))
    yield Figure(f"rehearse 2027 with rendering, {words}, in CPU time", action, REHEARSE_LIMIT)
    yield Figure(f"planning 2027, {words} ({mails} mails), beside rehearsing it", planned, PLAN_LIMIT, action)
    yield Figure(f"cycle rehearse 2027, the whole command, beside a listing, {words}", command, COMMAND_LIMIT, listing)


def _plan(morning: Morning) -> int:
    """How many mails there are until the end of the year."""
    return sum(len(plan.mails) for _at, plan in plans_ahead(morning, LAST))


def _morning(world: World) -> Morning:
    """The first morning of the year, read from the store with settings that hold no answers yet."""
    office = world.fresh_office()
    with office.database.reading() as session:
        return gather_ahead(session, office.settings, views(session, office.settings), NEW_YEAR)


def large_covenant(folder: Path) -> Path:
    """A covenant folder with 60 dated or yearly agreements and 40 people."""
    folder.mkdir()
    tables = [HEAD]
    for slug, kind in PARTIES.items():
        tables.append(f'[[parties]]\nslug = "{slug}"\nname = "Partij {slug}"\nkind = "{kind}"\n')
    for number in range(PEOPLE):
        tables.append(_person(number))
    (folder / "covenant.toml").write_text("".join(tables), encoding="utf-8")
    with (folder / "agreements.csv").open("w", encoding="utf-8", newline="") as file:
        columns = (EXAMPLE / "agreements.csv").read_text(encoding="utf-8").splitlines()[0].split(";")
        table = csv.DictWriter(file, columns, delimiter=";", restval="")
        table.writeheader()
        table.writerows(_agreement(number) for number in range(AGREEMENTS))
    return folder


def _person(number: int) -> str:
    """Eight people per party; the first of the municipality keeps the secretariat as well."""
    party, seat = list(PARTIES)[number % len(PARTIES)], number // len(PARTIES)
    roles = [ROLES[seat], *(["secretariat"] if number == 0 else [])]
    themes = [str(seat + 1)] if seat < 3 else []
    return (
        f'[[people]]\nname = "Medewerker {number}"\nemail = "persoon{number}@{party}.example"\nparty = "{party}"\n'
        f"roles = {roles}\nthemes = {themes}\n"
    )


def _agreement(number: int) -> dict[str, str]:
    theme, lead = number % 5 + 1, list(PARTIES)[number % len(PARTIES)]
    return {
        "nummer": f"{theme}.{number // 5 + 1}",
        "thema": str(theme),
        "onderwerp": f"Onderwerp {number}",
        "afspraak": "Maak samen een voorstel en leg het voor aan het bestuurlijk overleg.",
        "trekker": f"Partij {lead}" if number % 3 else "Corporaties",
        "termijnen": PHRASES[number % len(PHRASES)],
    }


if __name__ == "__main__":
    main(run)
