"""The form of a step: what stands in it first, and what a filled one says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cycle.actions.deadlines.deciding.rung_lines import EXAMPLE, rung_line, rungs_in
from cycle.actions.office.covenant_view import CovenantView
from cycle.domain.agreement import Agreement
from cycle.domain.days import TERM
from cycle.domain.model import Group, LadderKind
from cycle.domain.parties import EVERYONE, slugs_of
from cycle.domain.words import joined
from cycle.domain.year_steps import Every, Step
from cycle.settings import StepSettings
from cycle.settings.written import as_written
from cycle.web.desk.forms import DeskForm
from cycle.web.desk.visiting import DeskRequest
from cycle.words import LADDER_KINDS

MOMENTS = (
    ("before", "vóór een dag (die dag telt niet mee)"),
    ("by", "uiterlijk op een dag"),
    ("window", "tussen twee dagen"),
    ("every", "zonder vaste dag, elke periode"),
    ("weeks_before", "een aantal weken voor een andere stap"),
)
KINDS = tuple(
    (kind, LADDER_KINDS[kind])
    for kind in (LadderKind.MEETING, LadderKind.LETTER, LadderKind.DOCUMENT, LadderKind.YEARLY)
)
LADDERS = (("soort", "zoals andere stappen van deze soort"), ("niemand", "niemand"), ("eigen", "een eigen ladder"))
BODIES = (
    "Bestuurlijk overleg",
    "Ambtelijke werkgroep",
    "Bouwtafel",
    "Zorgtafel",
    "Wijkschouw",
    "Themabijeenkomst",
)
"""What tables of people are mostly called; another name is another body."""
FIELD_OF = {
    "title": "titel",
    "kind": "soort",
    "before": "dag",
    "by": "dag",
    "window": "dag-van",
    "every": "periode",
    "weeks_before": "weken",
    "relative_to": "voor-stap",
    "leads": "trekkers",
    "participants": "deelnemers",
    "todo": "todo",
    "body": "overleg",
    "source": "afspraken",
    "valid_from": "geldt-vanaf",
    "valid_to": "geldt-tot",
    "skipped": "niet-in",
    "ladder": "ladder-regels",
    "joint": "samen",
}
"""The field of the form in which a key of a step stands."""


@dataclass(frozen=True, slots=True)
class YearOfTable:
    """A covenant as this page needs it, read once."""

    view: CovenantView
    groups: Sequence[Group]
    agreements: Sequence[Agreement]
    steps: Mapping[str, Step]
    version: str
    bodies: Sequence[str] = ()

    @property
    def titles(self) -> dict[str, str]:
        """What each step is called."""
        return {name: entry.title for name, entry in self.view.settings.steps.items()}

    def names(self, words: Sequence[str]) -> str:
        """Parties and groups as people read them."""
        return joined([self.view.party_names.get(word, f"de {word}") for word in words])


def year_options(this_year: int, ticked: Sequence[str]) -> list[tuple[str, str]]:
    """The years in which a step may be left out: these three, and what was chosen before."""
    years = sorted({*(str(this_year + more) for more in range(3)), *(one for one in ticked if one.isdecimal())})
    return [(year, year) for year in years]


MANY = ("trekkers", "deelnemers", "voor-stap", "afspraken", "niet-in")
"""Fields in which several boxes may be ticked."""


def first_fields(table: YearOfTable, name: str, entry: StepSettings) -> tuple[dict[str, str], dict[str, list[str]]]:
    """What the form of a step begins with: its fields, and the boxes that are ticked."""
    said = as_written(entry)
    moment = next(key for key, _words in MOMENTS if key in said)
    window = said.get("window", ["", ""])
    ladder = "soort" if entry.ladder is None else "eigen" if entry.ladder else "niemand"
    return {
        "titel": entry.title,
        "soort": entry.kind,
        "moment": moment,
        "dag": said.get("before", said.get("by", "")),
        "dag-van": window[0],
        "dag-tot": window[1],
        "periode": said.get("every", ""),
        "weken": str(said.get("weeks_before", "")),
        "todo": entry.todo,
        "overleg": entry.body,
        "ladder": ladder,
        "ladder-regels": "\n".join(rung_line(rung) for rung in said["ladder"] or ()),
        "geldt-vanaf": f"{entry.valid_from:%d-%m-%Y}" if entry.valid_from else "",
        "geldt-tot": f"{entry.valid_to:%d-%m-%Y}" if entry.valid_to else "",
        "samen": "ja" if entry.joint and not _is_apart(table, entry.kind) else "",
        "uit": "ja" if entry.off else "",
    }, {
        "trekkers": list(entry.leads),
        "deelnemers": list(entry.participants),
        "voor-stap": list(entry.relative_to),
        "afspraken": list(table.steps[name].numbers),
        "niet-in": [str(year) for year in entry.skipped],
    }


def party_options(table: YearOfTable, entry: StepSettings | None) -> list[tuple[str, str]]:
    """Groups first, then parties, then whatever else this step names."""
    groups = [(group.slug, f"de {group.slug}") for group in table.groups]
    if not any(slug == EVERYONE for slug, _words in groups):
        groups.append((EVERYONE, "alle partijen"))
    options = groups + table.view.party_choices
    known = {slug for slug, _words in options}
    more = [word for word in (*entry.leads, *entry.participants) if word not in known] if entry else []
    return options + [(word, table.view.party_names.get(word, f"de {word}")) for word in dict.fromkeys(more)]


def agreement_options(table: YearOfTable, ticked: Sequence[str]) -> list[tuple[str, str]]:
    """The agreements that a step may be tied to, with those that are no more and yet ticked."""
    options = [(one.number, f"{one.number} {one.topic}") for one in table.agreements]
    known = {number for number, _words in options}
    return [(number, f"{number} (staat niet in het register)") for number in ticked if number not in known] + options


def usual_ladders(table: YearOfTable) -> list[tuple[str, list[str]]]:
    """What each kind of step does without a ladder of its own."""
    ladders = table.view.settings.ladders.model_dump(mode="json", exclude_none=True)
    return [(words, [rung_line(rung) for rung in ladders[kind]]) for kind, words in KINDS]


def wished_fields(at: DeskRequest, table: YearOfTable, name: str, typed: DeskForm) -> dict[str, Any]:
    """What the form wants of a step, with the keys and words of covenant.toml."""
    was = table.view.settings.steps.get(name)
    fields: dict[str, Any] = {
        "title": typed.text("titel", needed="Geef de stap een titel.", most=120),
        "kind": typed.choice("soort", [kind for kind, _words in KINDS], needed="Kies wat voor stap het is."),
        "todo": typed.text("todo", most=600),
        "body": typed.text("overleg", most=80),
        "leads": _parties(table, typed, "trekkers", was.leads if was else ()),
        "participants": _parties(table, typed, "deelnemers", was.participants if was else ()),
        "source": _source(table, name, typed),
        "joint": typed["samen"] == "ja",
        "off": typed["uit"] == "ja",
        "skipped": [year for year in typed.numbers("niet-in") if 2000 <= year <= 2200],
        "ladder": _ladder(typed),
    }
    if fields["joint"] and _is_apart(table, fields["kind"]):
        typed.wrong("samen", "In de convenantmap staat dat elke corporatie een eigen brief stuurt ([letter], joint).")
    for key, place in (("valid_from", "geldt-vanaf"), ("valid_to", "geldt-tot")):
        day = typed.day(place, within=TERM.around(at.today))
        fields[key] = day.isoformat() if day else None
    if all(fields[key] for key in ("valid_from", "valid_to")) and fields["valid_to"] < fields["valid_from"]:
        typed.wrong("geldt-tot", "Deze dag ligt voor de eerste. Draai de twee dagen om.")
    return fields | _moment(table, name, typed)


def _is_apart(table: YearOfTable, kind: str) -> bool:
    """Whether each sends a letter of their own here, whatever a step says."""
    return kind == LadderKind.LETTER and not table.view.settings.letter.joint


def _moment(table: YearOfTable, name: str, typed: DeskForm) -> dict[str, Any]:
    """One of the five moments."""
    moment = typed.choice("moment", [key for key, _words in MOMENTS], needed="Kies wanneer de stap is.")
    if moment in ("before", "by"):
        return {moment: typed.text("dag", needed="Vul de dag in, bijvoorbeeld 1 april.", most=40)}
    if moment == "window":
        first = typed.text("dag-van", needed="Vul de eerste dag in, bijvoorbeeld 1 april.", most=40)
        return {moment: [first, typed.text("dag-tot", needed="Vul de laatste dag in, bijvoorbeeld 30 april.", most=40)]}
    if moment == "every":
        return {moment: typed.choice("periode", list(Every), needed="Kies een periode.")}
    weeks = typed.number("weken", needed="Vul in hoeveel weken ervoor, bijvoorbeeld 4.")
    if weeks is not None and not 1 <= weeks <= 52:
        typed.wrong("weken", "Kies 1 tot en met 52 weken.")
    steps = table.view.settings.steps
    was = steps[name].relative_to if name in steps else ()
    others = [other for other in _ticked(typed, "voor-stap", was) if other in steps and other != name]
    if not others:
        typed.wrong("voor-stap", "Vink de stap aan waar u van terugtelt.")
    return {moment: weeks, "relative_to": others} if moment else {}


def _ticked(typed: DeskForm, field: str, was: Sequence[str]) -> list[str]:
    """The boxes that were ticked; in the order in which they stand already, when they are the same."""
    chosen = typed.all(field)
    return list(was) if set(chosen) == set(was) else chosen


def _parties(table: YearOfTable, typed: DeskForm, field: str, was: Sequence[str]) -> list[str]:
    """The parties and groups that were ticked."""
    chosen = _ticked(typed, field, was)
    unknown = [word for word in chosen if slugs_of(word, table.view.parties, table.groups) is None]
    if unknown:
        typed.wrong(field, f"Deze partij is er niet (meer): {joined(unknown)}. Kies een andere.")
    return chosen


def _source(table: YearOfTable, name: str, typed: DeskForm) -> list[str]:
    """The agreements that were ticked, by their numbers of today."""
    ticked, step = typed.all("afspraken"), table.steps.get(name)
    numbers = {agreement.number for agreement in table.agreements} | set(step.numbers if step else ())
    if unknown := [number for number in ticked if number not in numbers]:
        typed.wrong("afspraken", f"Afspraak {joined(unknown)} staat niet in het register.")
    return ticked


def _ladder(typed: DeskForm) -> list[dict[str, Any]] | None:
    chosen = typed.choice("ladder", [key for key, _words in LADDERS], needed="Kies wie wanneer iets hoort.")
    if chosen != "eigen":
        return None if chosen == "soort" else []
    rungs, faults = rungs_in(typed.text("ladder-regels", needed=f"Schrijf een regel, zoals: {EXAMPLE}.", lines=True))
    if faults:
        typed.wrong("ladder-regels", " ".join(faults))
    return rungs
