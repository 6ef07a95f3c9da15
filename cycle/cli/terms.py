"""`cycle term`, and what `cycle import` asks of documents with another term than the one that runs."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cycle.cli import desk
from cycle.cli.console import say, say_json, say_table
from cycle.errors import CycleError, NotFound

if TYPE_CHECKING:  # importing this takes a while, and `--help` needs none of it
    from cycle.actions.register.import_report import ImportReport
    from cycle.actions.register.next_framework import FrameworkWish, NextFramework
    from cycle.domain.term import TermDays

CORRECTION, NEXT = "correction", "next"
REST = "rest"
"""Stands for all open actions that nothing else is said of."""


def refuse_unknown_term(word: str) -> None:
    """Raises CycleError for another answer than the two."""
    if word not in ("", CORRECTION, NEXT):
        raise CycleError(
            f"--term {word} is geen antwoord.", "Zo: --term next (het volgende kader), of --term correction"
        )


def answer_other_term(
    report: "ImportReport", files: Sequence[Path], covenant: str | None, by: str, *, term: str, check: bool, **said: str
) -> None:
    """Lays the next framework beside what runs, and keeps it when that is said; else says how."""
    from cycle.actions.register.next_framework import keep_framework, next_framework

    if report.other_term is None or term == CORRECTION:
        return
    office = desk.office()
    framework = next_framework(office, covenant, report, report.other_term)
    if term != NEXT or check:
        _show(framework)
        return
    by = desk.secretariat(office, by, covenant)
    wish = _wish(report.other_term, **said)
    keep_framework(office, files, covenant, report, wish, desk.now(), by=by)
    say(f"Bewaard als het volgende kader, {report.other_term.words}. Er is niemand gemaild.")


def _wish(term: "TermDays", *, carry: str = "", close: str = "", end: str = "") -> "FrameworkWish":
    from cycle.actions.register.next_framework import FrameworkWish
    from cycle.domain.model import GoesOver

    choices, others = {}, None
    for choice, words in ((GoesOver.CARRY, carry), (GoesOver.CLOSE, close), (GoesOver.END, end)):
        for word in (one.strip() for one in words.split(",") if one.strip()):
            if word == REST:
                others = choice
            elif word.isdecimal() and len(word) < 10:
                choices[int(word)] = choice
            else:
                raise CycleError(
                    f"--{choice} {word} is geen nummer van een termijn.", f"Zo: --{choice} 12,14 of {REST}"
                )
    return FrameworkWish(term, choices, others)


def _show(framework: "NextFramework") -> None:
    from cycle.words import CAME_OF

    say("", f"Dit document geldt {framework.term.words}; de afspraken van nu {framework.running.words}.")
    say("Er is niets bewaard. Is het een verbetering van wat nu geldt: --term correction.")
    say("Is het het volgende kader: --term next, met voor elke open actie --carry, --close of --end.", "")
    rows = [
        (f"{one.number} {one.topic}".strip(), CAME_OF[one.how], f"{one.new_number} {one.new_topic}".strip())
        for one in framework.beside
    ]
    say_table(("nu", "wordt", "in het volgende kader"), rows)
    if framework.asked:
        say("", f"Nog open (--carry 12,14 neemt mee, --close sluit af, --end laat vervallen; {REST} is alle andere):")
        say_table(
            ("termijn", "nr", "wat", "wanneer"),
            [(one.deadline, one.number, one.title, one.when) for one in framework.asked],
        )
    going = [one for one in framework.open_actions if one.goes_on]
    if going:
        say("", f"Vraagt het volgende kader zelf ook, en gaat vanzelf mee: {', '.join(one.number for one in going)}.")


def show_terms(covenant: str | None, file: Path | None, year: int | None, *, as_json: bool) -> None:
    """All terms of a covenant, or the Word file in which one is looked back on."""
    from cycle.actions.letters.looking_back import look_back_file
    from cycle.actions.office.covenant_view import view_of
    from cycle.domain.term import TermDays
    from cycle.store import terms

    office, today = desk.office(), desk.office().local_day(desk.now())
    with office.database.reading() as session:
        rows = terms.of_covenant(session, view_of(session, office.settings, covenant).id)
    wanted = [row for row in rows if year is None or (row.start is not None and row.start.year == year)]
    if not wanted:
        raise NotFound(f"Er is geen kader dat in {year} begon.", "Kijk met: cycle term")
    if file is not None:
        file.write_bytes(look_back_file(office, covenant, today, wanted[0].id if year is not None else None)[1])
        say(f"Te lezen in {file}")
    elif as_json:
        say_json(
            {
                "terms": [
                    {"start": _iso(row.start), "end": _iso(row.end), "renews": row.renews, "state": row.state}
                    for row in rows
                ]
            }
        )
    else:
        words = {"running": "geldt nu", "waiting": "gaat nog in", "past": "voorbij"}
        say_table(("looptijd", "stand"), [(TermDays(row.start, row.end).words, words[row.state]) for row in rows])


def _iso(day: object) -> str | None:
    return str(day) if day else None
