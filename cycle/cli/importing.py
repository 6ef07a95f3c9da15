"""`cycle import`: what was read, what it changes, and what a person should look at."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cycle.cli import desk
from cycle.cli.console import say, say_json
from cycle.errors import CycleError

if TYPE_CHECKING:  # importing this takes half a second, and `--help` needs none of it
    from cycle.actions.importing import Report


def run_import(sources: Sequence[Path], covenant: str | None, *, check: bool, by: str) -> "Report":
    """A folder is a covenant; anything else is a document for the register.

    Raises CycleError for a folder among files.
    """
    from cycle.actions.importing import import_files, import_folder

    here = desk.office()
    folders = [source for source in sources if source.is_dir()]
    if folders and len(sources) > 1:
        raise CycleError("Een map en bestanden samen kan niet.", "Lees eerst de map in, en dan de bestanden.")
    if folders:
        return import_folder(here, folders[0], desk.now(), check=check, by=by)
    return import_files(here, sources, covenant, desk.now(), check=check, by=by)


def print_report(report: "Report", *, check: bool, as_json: bool) -> None:
    """The report as JSON or in sentences."""
    if as_json:
        say_json(report.as_json())
        return
    for document in report.documents:
        say(
            f"{document.file}: {len(document.agreements)} afspraken, {len(document.agenda)} agendarijen, "
            f"{len(document.unnumbered)} zonder nummer, {len(document.stock)} voorraadtabellen."
        )
    counts = report.differences
    say(
        f"Register: {len(counts.new)} nieuw, {len(counts.changed)} veranderd, {len(counts.unchanged)} gelijk, "
        f"{len(counts.gone)} niet meer gevonden."
    )
    for doubt in report.doubts:
        phrase = f" “{doubt['phrase']}”" if doubt.get("phrase") else ""
        say(f"Twijfel  {doubt['number']} {doubt['topic']}{phrase}: {doubt['what']} ({doubt['place']})")
    for problem in report.problems:
        say(f"Let op   {problem}")
    say(_outcome(report, check=check))


def _outcome(report: "Report", *, check: bool) -> str:
    if check:
        return "Er is niets bewaard: dit was een proef."
    if report.kept is None or not (report.differences.any or report.covenant_changed):
        return "Er is niets veranderd."
    return f"Bewaard: {report.kept.new} termijnen erbij, {report.kept.changed} veranderd. Er is niemand gemaild."
