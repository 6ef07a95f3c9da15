"""A ladder as people write it: a line for each rung, "6 weken ervoor: trekkers, datum vastleggen"."""

import re
from collections.abc import Mapping
from typing import Any

from cycle.domain.ladders import To, What
from cycle.domain.model import Role
from cycle.domain.words import span_words
from cycle.words import ROLES

READERS = {
    To.LEADS: "trekkers",
    To.PARTICIPANTS: "deelnemers",
    To.ALL: "iedereen",
    To.MEMBERS: "leden van het overleg",
    To.SECRETARIAT: ROLES[Role.SECRETARIAT],
    To.DIRECTOR: ROLES[Role.DIRECTOR],
}
SAID = {
    What.REMIND: "herinnering",
    What.FIX_DATE: "datum vastleggen",
    What.INPUT: "inbreng vragen",
    What.PAPERS: "stukken versturen",
    What.HELD: "vragen of het geweest is",
    What.ASK: "vragen hoe het staat",
    What.ESCALATE: "naar het secretariaat",
    What.ANNOUNCE: "bestuurder aankondigen",
    What.DIRECTOR: "naar de bestuurder",
}
ON_THE_DAY = "op de dag zelf"
MOST_RUNGS, MOST_DAYS = 12, 366
EXAMPLE = "4 weken ervoor: trekkers, herinnering"
_LINE = re.compile(r"(?:(\d{1,3}) (dag|dagen|week|weken) (ervoor|erna)|op de dag zelf)(?:: *([^,]+?)(?:, *(.+))?)?")


def rung_line(rung: Mapping[str, Any]) -> str:
    """One rung as it is written in covenant.toml, as a line."""
    days = rung["days"] if rung.get("days") is not None else 7 * rung["weeks"]
    when = f"{span_words(abs(days))} {'ervoor' if days < 0 else 'erna'}" if days else ON_THE_DAY
    return f"{when}: {READERS[To(rung.get('to', To.LEADS))]}, {SAID[What(rung.get('what', What.REMIND))]}"


def rungs_in(text: str) -> tuple[list[dict[str, Any]], list[str]]:
    """The rungs that these lines say, and a sentence for each line that is none."""
    lines = [line for line in (" ".join(one.split()).rstrip(".") for one in text.splitlines()) if line]
    rungs, faults = [], []
    for line in lines:
        rung = _rung(line.casefold())
        rungs.append(rung or {})
        faults += [] if rung else [f"“{line}” is geen regel van een ladder. Schrijf bijvoorbeeld: {EXAMPLE}."]
    if len(lines) > MOST_RUNGS:
        faults.append(f"Een ladder heeft hoogstens {MOST_RUNGS} regels.")
    return rungs, faults


def words_to_choose() -> tuple[str, str]:
    """What may stand behind the moment, for the page: whom, and what."""
    return ", ".join(READERS.values()), ", ".join(SAID.values())


def _rung(line: str) -> dict[str, Any] | None:
    match = _LINE.fullmatch(line)
    readers, said = {word: to for to, word in READERS.items()}, {word: what for what, word in SAID.items()}
    if match is None or (match[4] or READERS[To.LEADS]) not in readers or (match[5] or SAID[What.REMIND]) not in said:
        return None
    number = int(match[1] or 0) * (-1 if match[3] == "ervoor" else 1)
    unit = "weeks" if (match[2] or "").startswith("we") else "days"
    to, what = readers[match[4] or READERS[To.LEADS]], said[match[5] or SAID[What.REMIND]]
    is_possible = abs(number) * (7 if unit == "weeks" else 1) <= MOST_DAYS
    is_possible &= to is not To.DIRECTOR or what is What.DIRECTOR
    return {unit: number, "to": str(to), "what": str(what)} if is_possible else None
