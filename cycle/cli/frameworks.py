"""`cycle term`, and what `cycle import` asks of documents with another term than the one that runs."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cycle.cli import desk
from cycle.cli.console import say, say_json, say_table
from cycle.errors import CycleError, NotFound
from cycle.private import write_file

if TYPE_CHECKING:  # importing this takes a while, and `--help` needs none of it
    from cycle.actions.register.reading_in.import_report import ImportReport
    from cycle.actions.register.reading_in.next_framework import FrameworkWish, NextFramework
    from cycle.domain.term import TermDays

CORRECTION, NEXT = "correction", "next"
REST = "rest"
"""Stands for all open actions that nothing else is said of."""


def is_correction(word: str) -> bool:
    """Whether that is what was said. Raises CycleError for another answer than the two."""
    if word not in ("", CORRECTION, NEXT):
        hint = "Zo: --term next (het volgende kader), of --term correction (een verbetering)"
        raise CycleError(f"--term {word} is geen antwoord.", hint)
    return word == CORRECTION


def answer_other_term(
    report: "ImportReport",
    files: Sequence[Path],
    covenant: str | None,
    by: str,
    *,
    term: str,
    check: bool,
    still_open: str,
    as_json: bool,
) -> None:
    """Lays the next framework beside what runs, and keeps it when that is said; else says how."""
    from cycle.actions.register.reading_in.next_framework import keep_framework, next_framework

    if report.other_term is None or term == CORRECTION:
        return
    office = desk.office()
    if term == NEXT and not check:
        by = desk.secretariat(office, by, covenant)
        keep_framework(office, files, covenant, report, _wish(report.other_term, still_open), desk.now(), by=by)
        if not as_json:
            say(f"Bewaard als het volgende kader, {report.other_term.words}. Er is niemand gemaild.")
    elif not as_json:
        _show(next_framework(office, covenant, report, report.other_term))


def _wish(term: "TermDays", still_open: str) -> "FrameworkWish":
    """What is said of open actions: "12=carry,15=close,rest=end"."""
    from cycle.actions.register.reading_in.next_framework import FrameworkWish
    from cycle.domain.model import GoesOver

    choices, others = {}, None
    for words in (one.strip() for one in still_open.split(",") if one.strip()):
        number, _, word = (piece.strip() for piece in words.partition("="))
        if word not in tuple(GoesOver) or not (number == REST or (number.isdecimal() and len(number) < 10)):
            raise CycleError(f"--open {words} is geen keuze.", "Zo: --open 12=carry,15=close,rest=end")
        if number == REST:
            others = GoesOver(word)
        else:
            choices[int(number)] = GoesOver(word)
    return FrameworkWish(term, choices, others)


def _show(framework: "NextFramework") -> None:
    from cycle.words import CAME_OF

    say("", f"Dit document geldt {framework.term.words}; de afspraken van nu {framework.running.words}.")
    say("Er is niets bewaard. Is het een verbetering van wat nu geldt: --term correction.")
    say(
        "Is het het volgende kader: --term next, met voor elke open actie carry (mee), close (klaar) of end (vervalt).",
        "",
    )
    rows = [
        (f"{one.number} {one.topic}".strip(), CAME_OF[one.how], f"{one.new_number} {one.new_topic}".strip())
        for one in framework.beside
    ]
    say_table(("nu", "wordt", "in het volgende kader"), rows)
    if framework.asked:
        say("", "Nog open; zo: --open 12=carry,15=close,rest=end (rest is alle andere):")
        say_table(
            ("termijn", "nr", "wat", "wanneer"),
            [(one.deadline, one.number, one.title, one.when) for one in framework.asked],
        )
    going = [one for one in framework.open_actions if one.goes_on]
    if going:
        say("", f"Vraagt het volgende kader zelf ook, en gaat vanzelf mee: {', '.join(one.number for one in going)}.")


def set_renews(covenant: str | None, by: str, *, renews: bool) -> None:
    """Says whether the running framework goes on by itself after its last day."""
    from dataclasses import replace

    from cycle.actions.deadlines.deciding.term_change import change_term
    from cycle.actions.office.covenant_view import view_of

    office = desk.office()
    by = desk.secretariat(office, by, covenant)
    with office.database.reading() as session:
        view = view_of(session, office.settings, covenant)
    wanted = replace(view.term, renews=renews)
    settled = change_term(office, view.id, wanted, desk.now(), by=by)
    goes_on = "loopt na de laatste dag vanzelf door" if renews else "eindigt na de laatste dag"
    say(f"{settled.title} {settled.words}: {view.row.name} {goes_on}.")


def show_terms(covenant: str | None, file: Path | None, year: int | None, *, as_json: bool) -> None:
    """All terms of a covenant, or the Word file in which one is looked back on."""
    from cycle.actions.letters.content.looking_back import look_back_file
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
        write_file(file, look_back_file(office, covenant, today, wanted[0].id if year is not None else None)[1])
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
