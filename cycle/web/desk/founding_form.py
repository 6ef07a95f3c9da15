"""The draft of a table as a form, and the form as a draft: what a person typed wins over what the documents say."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from cycle.domain.days import TERM
from cycle.domain.model import PartyKind
from cycle.intake.founding.draft import CovenantDraft, DraftQuestion, PartyDraft, StepDraft
from cycle.intake.founding.parties import groups_of, slug_of
from cycle.intake.founding.steps_named import when_words
from cycle.intake.founding.table import municipalities, of_municipality
from cycle.settings import StepSettings
from cycle.settings.library import library
from cycle.web.desk.forms import DeskForm

BLANK_ROWS, MOST_PARTIES, MOST_NAME = 3, 60, 200
BY_TEXT, USUAL = "tekst", "gewoonlijk"
FIELD_OF = {
    "municipality": "gemeente",
    "signed_on": "getekend",
    "term_end": "tot",
    "renews": "loopt-door",
    "parties": "partijen",
    "steps": "stap",
}


@dataclass(frozen=True, slots=True)
class StepChoice:
    """A step on offer: when it usually is, and what the documents say of it, if they name it; `leads` are the names of
    those who lead it by the text."""

    name: str
    title: str
    usual: str
    named: StepDraft | None
    leads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StepGroup:
    """Steps that belong together."""

    title: str
    about: str
    steps: tuple[StepChoice, ...]


def first_typed(draft: CovenantDraft, secretariat: str) -> DeskForm:
    """The form as the documents fill it in."""
    renews = {True: "ja", False: "nee", None: ""}[draft.renews]
    fields = [
        ("naam", draft.name),
        ("korte-naam", draft.slug),
        ("gemeente", draft.municipality),
        ("wie", secretariat),
        ("getekend", _iso(draft.signed_on)),
        ("van", _iso(draft.term_start)),
        ("tot", _iso(draft.term_end)),
        ("loopt-door", renews),
    ]
    for row, party in enumerate(draft.parties, 1):
        fields += [(f"partij-naam-{row}", party.name), (f"partij-soort-{row}", str(party.kind))]
        fields.append((f"partij-ook-{row}", "; ".join(party.aliases)))
    for step in draft.steps:
        fields.append(("stap", step.name))
        fields += [(f"moment-{step.name}", BY_TEXT)] if step.moment else []
        fields += [(f"trekkers-{step.name}", BY_TEXT)] if step.leads else []
    return form_of(fields)


def form_of(fields: Iterable[tuple[str, str]]) -> DeskForm:
    """A form with these fields."""
    typed = DeskForm()
    typed.fill(fields)
    return typed


def party_rows(typed: DeskForm) -> range:
    """The rows of parties that the page shows: those with a name, and some to add one in."""
    last = max((row for row in range(1, MOST_PARTIES + 1) if typed[f"partij-naam-{row}"]), default=0)
    return range(1, min(last + BLANK_ROWS, MOST_PARTIES) + 1)


def step_groups(draft: CovenantDraft, on_offer: Mapping[str, StepSettings]) -> list[StepGroup]:
    """All steps on offer, in the sets of the library; first those that only this text has."""
    named = {step.name: step for step in draft.steps}
    names = {party.slug: party.name for party in draft.parties}
    choices = {
        name: StepChoice(
            name, step.title, when_words(step, on_offer), named.get(name), _named_leads(named.get(name), names)
        )
        for name, step in on_offer.items()
    }
    own = tuple(StepChoice(one.name, one.title, "", one) for one in draft.steps if one.like)
    groups = [
        StepGroup(one.title, one.about, tuple(choices[name] for name in one.steps if name in choices))
        for one in library().sets.values()
    ]
    left = set(choices).difference(*(one.steps for one in library().sets.values()))
    others = tuple(choice for name, choice in choices.items() if name in left)
    groups = (
        [StepGroup("Alleen in deze afspraken", "Bijeenkomsten die de tekst noemt.", own), *groups] if own else groups
    )
    return [*groups, StepGroup("Andere stappen", "Van deze installatie.", others)] if others else groups


def _named_leads(step: StepDraft | None, names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(names.get(slug, slug) for slug in step.leads) if step else ()


def questions_by_field(draft: CovenantDraft) -> dict[str, list[DraftQuestion]]:
    """The questions, by the field beside which they stand; a step has its own."""
    by_field: dict[str, list[DraftQuestion]] = defaultdict(list)
    for question in draft.questions:
        by_field[FIELD_OF.get(question.about, question.about)].append(question)
    return dict(by_field)


def draft_typed(
    typed: DeskForm, draft: CovenantDraft, on_offer: Mapping[str, StepSettings], today: date
) -> CovenantDraft:
    """The draft as somebody filled it in; what is wrong is noted in the form."""
    within = TERM.around(today)
    slug = typed.text("korte-naam", needed="Geef de tafel een korte naam.", most=40)
    if slug and slug != slug_of(slug):
        typed.wrong("korte-naam", "Gebruik kleine letters, cijfers en streepjes, bijvoorbeeld “bergen-op-zoom”.")
    start, end = typed.day("van", within=within), typed.day("tot", within=within)
    if start and end and end < start:
        typed.wrong("tot", "De looptijd eindigt voor hij begint.")
    if {"van", "tot"}.isdisjoint(typed.errors) and (start is None) != (end is None):
        typed.wrong("tot" if start else "van", "Vul begin en einde allebei in, of laat beide leeg.")
    renews = typed.choice("loopt-door", ("ja", "nee"), needed="")
    named_in_it = municipalities(draft)
    needed = "Kies van welke gemeente deze tafel is." if len(named_in_it) > 1 else ""
    municipality = typed.text("gemeente", needed=needed, most=MOST_NAME)
    draft = of_municipality(draft, municipality) if municipality in named_in_it else draft
    parties = _parties(typed, draft)
    return replace(
        draft,
        slug=slug,
        name=typed.text("naam", needed="Hoe heten deze afspraken?", most=MOST_NAME),
        municipality=municipality,
        signed_on=typed.day("getekend", within=within),
        term_start=start,
        term_end=end,
        renews={"ja": True, "nee": False}.get(renews),
        parties=parties,
        groups=groups_of(parties),
        steps=_steps(typed, draft, on_offer),
        questions=(),
    )


def _parties(typed: DeskForm, draft: CovenantDraft) -> tuple[PartyDraft, ...]:
    """The rows with a name that were not taken out. A party of the documents keeps its short name."""
    parties: list[PartyDraft] = []
    used = {party.slug for party in draft.parties}
    for row in range(1, MOST_PARTIES + 1):
        name = typed.text(f"partij-naam-{row}", most=MOST_NAME)
        if not name or typed[f"partij-weg-{row}"]:
            continue
        kind = typed.choice(f"partij-soort-{row}", tuple(PartyKind), needed=f"Wat voor partij is {name}?")
        also = typed.text(f"partij-ook-{row}").split(";")
        known = draft.parties[row - 1] if row <= len(draft.parties) else None
        slug = known.slug if known else _free(slug_of(name) or "partij", used)
        used.add(slug)
        aliases = tuple(dict.fromkeys(one.strip() for one in also if one.strip()))
        parties.append(PartyDraft(slug, name, PartyKind(kind or PartyKind.PARTNER), aliases))
    if not parties:
        typed.wrong("partijen", "Noem ten minste één partij, bijvoorbeeld de gemeente.")
    return _with_gemeente(parties)


def _with_gemeente(parties: list[PartyDraft]) -> tuple[PartyDraft, ...]:
    """The steps of the library name the municipality "gemeente"; a first one that was typed gets that name."""
    own = next((party for party in parties if party.kind is PartyKind.MUNICIPALITY), None)
    if own is None or any(party.slug == "gemeente" for party in parties):
        return tuple(parties)
    return tuple(replace(party, slug="gemeente") if party is own else party for party in parties)


def _free(slug: str, used: set[str]) -> str:
    number, wanted = 2, slug
    while slug in used:
        slug, number = f"{wanted}-{number}", number + 1
    return slug


def _steps(typed: DeskForm, draft: CovenantDraft, on_offer: Mapping[str, StepSettings]) -> tuple[StepDraft, ...]:
    ticked, named = set(typed.all("stap")), {step.name: step for step in draft.steps}
    for name in [one for one in on_offer if one in ticked]:
        step = on_offer[name]
        has_own_moment = name in named and _as_chosen(named[name], typed).moment
        if step.relative_to and not has_own_moment and not ticked.intersection(step.relative_to):
            others = " of ".join(on_offer[other].title for other in step.relative_to if other in on_offer)
            typed.wrong("stap", f"{step.title} telt vanaf een andere stap: kruis ook {others} aan.")
    chosen = [named.get(name, StepDraft(name, step.title)) for name, step in on_offer.items() if name in ticked]
    chosen += [step for step in draft.steps if step.like and step.name in ticked]
    return tuple(_as_chosen(step, typed) for step in chosen)


def _as_chosen(step: StepDraft, typed: DeskForm) -> StepDraft:
    """A step with the moment and the leads of the text only where the person did not choose the usual ones."""
    moment = () if typed[f"moment-{step.name}"] == USUAL and not step.like else step.moment
    return replace(step, moment=moment, leads=() if typed[f"trekkers-{step.name}"] == USUAL else step.leads)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
