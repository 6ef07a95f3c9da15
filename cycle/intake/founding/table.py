"""From what all files say of a table to one draft of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from cycle.domain.model import Group, Party, PartyKind
from cycle.domain.parties import all_slugs
from cycle.domain.words import day_words, joined
from cycle.intake.document import ReadDocument
from cycle.intake.founding.draft import CovenantDraft, DraftQuestion, PartyDraft, StepDraft
from cycle.intake.founding.parties import groups_of, parties_of, slug_of
from cycle.intake.founding.sightings import Seen
from cycle.intake.founding.steps_named import steps_in
from cycle.settings import StepSettings
from cycle.settings.library import Library

GOING_ON = "looptijd"
WHICH, GEMEENTE = "municipality", "gemeente"


def table_of(seen: Sequence[Seen]) -> CovenantDraft:
    """The table without its year: who made these documents, when, and for how long."""
    parties, asked = parties_of([one for file in seen for one in file.sightings])
    names = [party.name for party in parties if party.kind is PartyKind.MUNICIPALITY]
    place_name = joined([_place_of(name) for name in names])
    signed_on = next((one.facts.signed_on for one in seen if one.facts.signed_on), None)
    term = next((one.facts for one in seen if one.facts.term_start), None)
    start, end = (term.term_start, term.term_end) if term else (None, None)
    renews = next((one.renews for one in seen if one.renews is not None), None)
    return CovenantDraft(
        slug_of(place_name) or "convenant",
        f"Prestatieafspraken {place_name}".strip(),
        names[0] if len(names) == 1 else "",
        signed_on,
        start,
        end,
        renews,
        parties,
        groups_of(parties),
        questions=(
            *_which_municipality(names),
            *asked,
            *_missing(parties, signed_on, end, renews, ends=not any(one.is_open_ended for one in seen)),
        ),
    )


def of_municipality(draft: CovenantDraft, name: str) -> CovenantDraft:
    """The draft as the table of one of its municipalities: to the steps of the year that one is "gemeente", and the
    table is called after it. A name that no municipality of it bears changes no party."""
    chosen = next((one for one in draft.parties if one.kind is PartyKind.MUNICIPALITY and one.name == name), None)
    questions = tuple(one for one in draft.questions if one.about != WHICH)
    draft = replace(draft, municipality=name, questions=questions)
    if chosen is None:
        return draft
    place = _place_of(name)
    draft = replace(draft, slug=slug_of(place) or draft.slug, name=f"Prestatieafspraken {place}")
    if chosen.slug == GEMEENTE:
        return draft
    taken = {one.slug for one in draft.parties}
    other = next((one for one in draft.parties if one.slug == GEMEENTE), None)
    slugs = {chosen.slug: GEMEENTE}
    if other is not None:
        own = slug_of(_place_of(other.name)) or "gemeente-2"
        slugs[GEMEENTE] = own if own not in taken else f"gemeente-{own}"
    parties = tuple(replace(one, slug=slugs.get(one.slug, one.slug)) for one in draft.parties)
    steps = tuple(replace(one, leads=tuple(slugs.get(slug, slug) for slug in one.leads)) for one in draft.steps)
    return replace(draft, parties=parties, groups=groups_of(parties), steps=steps)


def municipalities(draft: CovenantDraft) -> tuple[str, ...]:
    """The names of all municipalities of a draft."""
    return tuple(one.name for one in draft.parties if one.kind is PartyKind.MUNICIPALITY)


def _place_of(name: str) -> str:
    return name.removeprefix("Gemeente ")


def _which_municipality(names: Sequence[str]) -> list[DraftQuestion]:
    """Which of several the table is of: nothing in the documents says so."""
    if len(names) < 2:
        return []
    what = f"Er staan {len(names)} gemeenten in: {joined(list(names))}. Van welke gemeente is deze tafel?"
    return [DraftQuestion(WHICH, what, "Kies de gemeente waarvan u het secretariaat bent; de andere doet ook mee.")]


def with_year(
    draft: CovenantDraft, documents: Sequence[ReadDocument], on_offer: Mapping[str, StepSettings], library: Library
) -> CovenantDraft:
    """The draft with the steps that its documents name."""
    parties, groups = as_parties(draft)
    usual = partial(_leads_of, parties, groups)
    steps, asked = steps_in(
        documents, on_offer, library.words, library.needs, usual, {one.slug: one.name for one in parties}
    )
    if not steps:  # then nothing is invented but the yearly question whether to go on
        steps = tuple(StepDraft(name, on_offer[name].title) for name in (GOING_ON,) if name in on_offer)
        hint = "Kies het jaar met de uitnodigingsbrief of dat met het bod; elke stap is later te veranderen."
        asked = (DraftQuestion("steps", "De tekst noemt geen stappen van het jaar.", hint),)
    return replace(draft, steps=steps, questions=(*draft.questions, *asked))


def _leads_of(parties: Sequence[Party], groups: Sequence[Group], step: StepSettings) -> tuple[str, ...]:
    return all_slugs(step.leads, parties, groups)[0]


def as_parties(draft: CovenantDraft) -> tuple[tuple[Party, ...], tuple[Group, ...]]:
    """The parties and groups of a draft, to read its documents with."""
    parties = tuple(Party(one.slug, one.name, one.kind, one.aliases) for one in draft.parties)
    return parties, tuple(Group(one.slug, one.members) for one in draft.groups)


def _missing(
    parties: Sequence[PartyDraft], signed_on: date | None, term_end: date | None, renews: bool | None, *, ends: bool
) -> list[DraftQuestion]:
    """What every table has and these documents do not say."""
    kinds = {party.kind for party in parties}
    asked = [DraftQuestion("parties", what, _ADD) for kind, what in _WANTED.items() if kind not in kinds]
    if signed_on is None:
        hint = "Vul de dag in; daarvan uit worden datums zonder jaar gelezen."
        asked.append(DraftQuestion("signed_on", "De dag van ondertekening staat er niet in.", hint))
    if term_end is None and ends:
        hint = "Vul begin en einde in, of laat het open: de afspraken lopen dan door."
        asked.append(DraftQuestion("term_end", "De looptijd staat er niet in.", hint))
    elif term_end is not None and renews is None:
        what = f"Lopen de afspraken na {day_words(term_end)} vanzelf door?"
        asked.append(DraftQuestion("renews", what, "Zonder antwoord lopen zij door tot er nieuwe zijn."))
    return asked


_ADD = "Voeg deze partij toe; zonder haar krijgen haar afspraken geen trekker."
_WANTED = {
    PartyKind.MUNICIPALITY: "Van welke gemeente zijn deze afspraken?",
    PartyKind.CORPORATION: "Welke woningcorporatie doet mee?",
    PartyKind.TENANTS: "Welke huurdersorganisatie doet mee?",
}
