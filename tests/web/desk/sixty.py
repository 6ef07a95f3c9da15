"""A table of sixty agreements of another municipality, with twenty doubts of the usual kinds, and who keeps it."""

from pathlib import Path

COVENANT = """\
slug = "merwede"
name = "Prestatieafspraken Merwede"
municipality = "Gemeente Merwede"
signed_on = 2026-12-14
term_start = 2027-01-01
term_end = 2030-12-31
live_since = 2027-01-01

[[parties]]
slug = "gemeente"
name = "Gemeente Merwede"
kind = "municipality"
aliases = ["Gemeente"]

[[parties]]
slug = "lekstede"
name = "Lekstede Wonen"
kind = "corporation"
aliases = ["Lekstede"]

[[parties]]
slug = "rivier"
name = "Rivierwonen"
kind = "corporation"

[[parties]]
slug = "hbm"
name = "Huurdersbelang Merwede"
kind = "tenants"
aliases = ["Huurdersbelang"]

[[people]]
name = "Secretariaat"
email = "{secretary}"
party = "gemeente"
roles = ["secretariat", "trekker", "deputy"]
"""
THINGS = (
    "een wijkplan",
    "een onderhoudsschema",
    "een overzicht van wachttijden",
    "een brochure voor starters",
    "een regeling voor medehuur",
    "een lijst van vochtige woningen",
    "een proef met deelauto's",
    "een tuinenactie",
    "een meldpunt voor overlast",
    "een plan voor seniorenflats",
    "een model voor woonlasten",
    "een veegploeg",
)
PLACES = ("Lekdijk", "de Haven", "Zuidoord", "het Centrum", "Polderwijk")
DAYS = ("uiterlijk 1 april 2027", "mei 2027", "Q3 2027", "eind 2028", "uiterlijk 15 november 2027")
CERTAIN = (*DAYS, "jaarlijks vóór 1 juli")
DOUBTED = (
    ("voor 2028 of 2029", 4),
    ("zomer/najaar 2027", 3),
    ("medio 2027, na besluit van de raad", 4),
    ("begin 2027 (streefdatum)", 3),
    ("2e helft", 3),
    ("z.s.m., in elk geval in 2028", 3),
)
"""Twenty cells of which a person must say what they mean: six questions."""
LEADS = ("Gemeente", "Lekstede", "Rivierwonen", "Huurdersbelang", "Gemeente en Lekstede")


def sixty_lines() -> list[str]:
    """The table as text: themes 1 to 6 with ten agreements each."""
    doubts = [phrase for phrase, times in DOUBTED for _ in range(times)]
    lines = ["Nr.;Onderwerp;Wat wij afspreken;Kartrekker;Oplevering"]
    for place in range(60):
        thing, where = THINGS[place % 12], PLACES[place // 12]
        phrase = doubts[place // 3] if place % 3 == 1 else CERTAIN[place % 6]
        text = f"Wij maken {thing} voor {where} en bespreken dat met bewoners."
        number = f"{place // 10 + 1}.{place % 10 + 1}"
        lines.append(f"{number};{thing[4:].capitalize()} {where};{text};{LEADS[place % 5]};{phrase}")
    return lines


def write_table(folder: Path) -> Path:
    """The table as a file."""
    file = folder / "prestatieafspraken-merwede.csv"
    file.write_text("\n".join(sixty_lines()), encoding="utf-8")
    return file


def write_covenant(folder: Path, secretary: str) -> Path:
    """The folder of a covenant that has no agreements yet."""
    folder.mkdir(exist_ok=True)
    (folder / "covenant.toml").write_text(COVENANT.replace("{secretary}", secretary), encoding="utf-8")
    return folder
