"""`cycle new`: the draft of a covenant with its questions, and the table that is kept of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cycle.cli import desk
from cycle.cli.console import at_work, one_by_one, say, say_json, say_table
from cycle.cli.importing import outcome, say_possible
from cycle.domain.mail_addresses import look_at_address
from cycle.domain.text import clean_line
from cycle.domain.words import day_words, joined
from cycle.errors import Refused
from cycle.words import PARTY_KINDS

if TYPE_CHECKING:  # importing this takes half a second, and `--help` needs none of it
    from cycle.actions.register.starting.beginning import Founder, Founding
    from cycle.intake.founding.draft import CovenantDraft


@dataclass(frozen=True, slots=True)
class SaidOfTable:
    """What the operator says of a table that its documents do not, or not well."""

    name: str = ""
    slug: str = ""
    municipality: str = ""
    take: frozenset[int] = frozenset()


def run_new(
    files: Sequence[Path], *, check: bool, secretariat: str, said: SaidOfTable, yes: bool, as_json: bool
) -> None:
    """Drafts a covenant, and keeps it unless it is only looked at.

    Raises Refused without a secretariat, of several municipalities none of which was named, or with open questions that
    nobody agreed to leave open.
    """
    from cycle.actions.register.starting.folder_uploads import unpacked_paths

    with unpacked_paths(files) as apart:
        _run_new(apart, check=check, secretariat=secretariat, said=said, yes=yes, as_json=as_json)


def _run_new(
    files: Sequence[Path], *, check: bool, secretariat: str, said: SaidOfTable, yes: bool, as_json: bool
) -> None:
    from cycle.actions.register.starting.beginning import begin, drafted
    from cycle.intake.founding.table import municipalities
    from cycle.settings import load_settings

    now = desk.now()
    with at_work("Lezen") as now_at:
        founding = drafted(load_settings(), files, now, lambda these: one_by_one([*these], now_at))
    draft = _named(founding.draft, said)
    if check:
        _say(replace(founding, draft=draft), as_json=as_json)
        return
    founder, named_in_it = _founder(secretariat), municipalities(draft)
    if len(named_in_it) > 1 and draft.municipality not in named_in_it:
        what = f"Er staan {len(named_in_it)} gemeenten in: {joined(list(named_in_it))}."
        raise Refused(what, f"Zeg van welke deze tafel is, zo: --municipality “{named_in_it[0]}”")
    if draft.questions and not yes:
        hint = (
            "Bekijk ze met --check. Met --yes begint de tafel met dit ontwerp; aan het bureau is alles te veranderen."
        )
        raise Refused(f"Er staan nog {len(draft.questions)} vragen open.", hint)
    report = begin(desk.new_office(), files, draft, founder, now, take=said.take)
    if as_json:
        say_json(report.as_json())
        return
    say(f"Het convenant {draft.slug} is begonnen; {founder.name} <{founder.email}> is het secretariaat.")
    say(outcome(report, check=False))
    left = sum(len(document.unnumbered) for document in report.documents) - len(said.take)
    if left > 0:
        which = "1 mogelijke actie" if left == 1 else f"{left} mogelijke acties"
        say(f"Niet overgenomen: {which} in de lopende tekst. Zo alsnog: cycle import BESTAND --take 1,3")
    say("Er gaat geen mail uit tot het secretariaat het convenant vrijgeeft (cycle release).")


def _named(draft: "CovenantDraft", said: SaidOfTable) -> "CovenantDraft":
    """The draft under the names that were given.

    Raises Refused for one that cannot be.
    """
    from cycle.intake.founding.table import of_municipality

    if said.municipality:
        draft = of_municipality(draft, clean_line(said.municipality).strip())
    name, slug = said.name, said.slug or draft.slug
    if not re.fullmatch(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", slug):
        raise Refused(
            f"{slug!r} is geen korte naam.", "Gebruik kleine letters, cijfers en streepjes, zoals bergen-op-zoom."
        )
    return replace(draft, name=clean_line(name).strip() or draft.name, slug=slug)


def _founder(secretariat: str) -> "Founder":
    from cycle.actions.register.starting.beginning import Founder

    given = _NAME_AND_ADDRESS.fullmatch(secretariat.strip())
    if given is None:
        hint = "Eén naam en één adres, zo: --secretariat “Team Wonen <wonen@gemeente.nl>”"
        raise Refused("Wie is het secretariaat van deze tafel?", hint)
    look_at_address(given["address"] or given["bare"])
    name = clean_line(given["name"] or "").strip(' "')
    return Founder(name or "Secretariaat prestatieafspraken", (given["address"] or given["bare"]).lower())


_ADDRESS = r"[^\s<>@,;\"]+@[^\s<>@,;\"]+\.[^\s<>@,;\"]+"
_NAME_AND_ADDRESS = re.compile(rf"(?P<name>[^<>;\r\n]*)<(?P<address>{_ADDRESS})>|(?P<bare>{_ADDRESS})")


def _say(founding: "Founding", *, as_json: bool) -> None:
    from cycle.intake.as_json import document_as_json, draft_as_json

    draft = founding.draft
    if as_json:
        questions = [{"about": q.about, "what": q.what, "hint": q.hint, "place": q.place} for q in draft.questions]
        documents = [document_as_json(document) for document in founding.documents]
        say_json({"covenant": draft_as_json(draft), "questions": questions, "documents": documents})
        return
    say(f"{draft.name} ({draft.slug})", *_facts(draft), "")
    say_table(
        ("partij", "soort", "ook genoemd", "plaats"),
        [(one.name, PARTY_KINDS[one.kind], ", ".join(one.aliases), one.place) for one in draft.parties],
    )
    say("")
    say_table(
        ("stap", "afspraken", "volgens de tekst", "plaats"),
        [(one.title, ", ".join(one.source), one.said, one.place) for one in draft.steps],
    )
    for document in founding.documents:
        counts = f"{len(document.agreements)} afspraken, {len(document.agenda)} acties van de agenda"
        say("", f"{document.file}: {counts}, {len(document.stock)} tabellen met aantallen woningen")
    say_possible(founding.documents)
    if problems := [problem for document in founding.documents for problem in document.problems]:
        say("", "Let op:", *(f"  {problem}" for problem in problems))
    if draft.questions:
        say(
            "",
            "Vragen:",
            *(f"  {one.what} {one.hint}{f' ({one.place})' if one.place else ''}" for one in draft.questions),
        )
    say("", "Er is niets bewaard: dit was een proef.")


def _facts(draft: "CovenantDraft") -> list[str]:
    signed = f"Getekend: {day_words(draft.signed_on)}" if draft.signed_on else "Getekend: niet bekend"
    if draft.term_start is None or draft.term_end is None:
        return [signed, "Looptijd: niet bekend"]
    goes_on = {True: ", en daarna vanzelf verder", False: ", en dan eindigen de afspraken", None: ""}[draft.renews]
    return [signed, f"Looptijd: {day_words(draft.term_start)} tot en met {day_words(draft.term_end)}{goes_on}"]
