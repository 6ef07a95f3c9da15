"""`cycle import`: what was read, what it changes, and what a person should look at."""

import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from cycle.cli import desk
from cycle.cli.console import at_work, one_by_one, say, say_json, say_table
from cycle.errors import CycleError

if TYPE_CHECKING:  # importing this takes half a second, and `--help` needs none of it
    from cycle.actions.register.reading_in.importing import ImportReport
    from cycle.intake.document import ReadDocument

WIDEST = 48
MOST_UNUSED = 40
"""Lines of what was not used, in a listing."""


def run_import(
    sources: Sequence[Path],
    covenant: str | None,
    *,
    check: bool,
    by: str,
    yes: bool = False,
    only: Sequence[str] = (),
    columns: Sequence[str] = (),
    keep_columns: bool | None = None,
    answers: Mapping[str, str] | None = None,
    take: Collection[int] = (),
    is_correction: bool = False,
) -> "ImportReport":
    """A folder is a covenant; anything else is a document for the register.

    Raises CycleError for a folder among files, or one with columns.
    """
    from cycle.actions.acting.naming import named_for_folder
    from cycle.actions.register.reading_in.importing import import_files, import_folder

    office = desk.office()
    folders = [source for source in sources if source.is_dir()]
    if folders and len(sources) > 1:
        raise CycleError("Een map en bestanden samen kan niet.", "Lees eerst de map in, en dan de bestanden.")
    if folders and columns:
        raise CycleError("Een map heeft geen kolommen om te benoemen.", "Geef --columns mee bij een document.")
    if folders:
        who = named_for_folder(office, by, desk.now(), folders[0])
        with at_work("Inlezen"):
            return import_folder(office, folders[0], desk.now(), check=check, by=who, yes=yes, only=only or None)
    by = desk.secretariat(office, by, covenant)
    keep_columns = _is_to_keep(columns, keep_columns) if columns and not check else False
    with at_work("Lezen") as now_at:
        return import_files(
            office,
            sources,
            covenant,
            desk.now(),
            check=check,
            by=by,
            yes=yes,
            only=only or None,
            columns=columns,
            keep_columns=keep_columns,
            answers=answers,
            take=take,
            progress=lambda files: one_by_one(files, now_at),
            is_correction=is_correction,
        )


def _is_to_keep(columns: Sequence[str], said: bool | None) -> bool:
    """Whether the covenant keeps what columns are: as was said, else as somebody at the keyboard answers."""
    if said is not None or not sys.stdin.isatty():
        return bool(said)
    return typer.confirm(f"Voortaan ook zo lezen ({', '.join(columns)})?", default=False, err=True)


def answers_of(same: Iterable[str], new: Iterable[str]) -> dict[str, str]:
    """What a person says of agreements of which it is not sure which they are, by the number that they have now.

    Raises CycleError for words without a number on either side.
    """
    answers = {number.strip(): "" for number in new}
    for words in same:
        number, _, known = (piece.strip() for piece in words.partition("="))
        if not number or not known:
            raise CycleError(f"--same {words} noemt geen twee nummers.", "Zo: --same 4.5=4.4")
        answers[number] = known
    return answers


def taken_of(words: str) -> set[int]:
    """Which possible actions are taken up.

    Raises CycleError for what is no number.
    """
    numbers = [word.strip() for word in words.split(",") if word.strip()]
    odd = next((word for word in numbers if not word.isdecimal() or len(word) > 4), None)
    if odd is not None:
        raise CycleError(f"--take {odd} is geen nummer van een mogelijke actie.", "Zo: --take 1,3")
    return {int(word) for word in numbers}


def print_report(report: "ImportReport", *, check: bool, as_json: bool, page: Path | None = None) -> None:
    """The report as JSON, or in sentences and tables; and as a page that can be printed, where that is asked."""
    if as_json:
        say_json(report.as_json())
    else:
        _print(report, check=check)
    if page:
        _write_page(report, page, check=check, as_json=as_json)


def _print(report: "ImportReport", *, check: bool) -> None:
    _say_counts(report)
    _say_changes(report)
    _say_doubts(report)
    say_possible(report.documents)
    _say_unused(report)
    if report.repeats:
        say("", "Komt terug volgens een regel; de dag wordt per jaar uitgerekend:")
        rows = [(one["number"], one["topic"], one["phrase"], one["rule"], one["place"]) for one in report.repeats]
        say_table(("nr", "onderwerp", "woorden", "komt terug", "plaats"), rows)
    if report.leads:
        rows = [(one["number"], one["what"], one["framework"], one["agenda"], one["place"]) for one in report.leads]
        say("", "Verschil tussen afspraak en uitvoeringsagenda (voor een actie geldt de trekker van de agenda):")
        say_table(("nr", "wat", "afspraak", "agenda", "plaats"), rows)
    if report.steps:
        differing = [(one.title, one.desk, one.folder) for one in report.steps]
        say("", "Stappen van het jaar die aan het bureau zijn gewijzigd en in de map anders staan:")
        say_table(("stap", "aan het bureau", "in de map"), differing)
    if report.table:
        differing = [(one.title, one.desk, one.folder) for one in report.table]
        say("", "Aan tafel anders dan in de map:")
        say_table(("wat", "aan tafel", "in de map"), differing)
    if report.problems:
        say("", "Let op:", *(f"  {problem}" for problem in report.problems))
    say("", outcome(report, check=check))


def _write_page(report: "ImportReport", file: Path, *, check: bool, as_json: bool) -> None:
    from cycle.actions.register.reading_in.import_page import write_report_page

    write_report_page(desk.office().settings, report, outcome(report, check=check), file)
    if not as_json:
        say(f"Te lezen in {file}")


def outcome(report: "ImportReport", *, check: bool) -> str:
    """What came of it, in a sentence or two."""
    waiting = len(report.differences.waiting)
    asked = (
        f" {waiting} afspraken zijn anders dan in het register en niet aangepast: "
        "neem alles over met --yes, of noem ze met --only NUMMERS."
        if waiting
        else ""
    )
    steps = sum(one.waits for one in report.steps)
    left = "1 stap bleef" if steps == 1 else f"{steps} stappen bleven"
    asked += f" {left} zoals aan het bureau gewijzigd: neem de map over met --yes." if steps else ""
    table = sum(one.waits for one in report.table)
    left = "1 gegeven van de tafel bleef zoals het was" if table == 1 else f"{table} gegevens van de tafel bleven zo"
    asked += f" {left}: neem de map over met --yes." if table else ""
    if check:
        return f"Er is niets bewaard: dit was een proef.{asked}"
    if report.other_term is not None and report.upkeep is None:
        return "Er is niets in het register bewaard: dit document heeft een andere looptijd."
    is_any = report.differences.any or report.covenant_changed or report.figures or report.themes
    if report.upkeep is None or not is_any:
        return asked.strip() or "Er is niets veranderd."
    upkeep = report.upkeep
    more = f", {upkeep.dropped} vervallen" if upkeep.dropped else ""
    more += f", {upkeep.back} weer gevraagd" if upkeep.back else ""
    more += f", {len(report.figures)} voorraadcijfers" if report.figures else ""
    named = "1 naam van een thema" if len(report.themes) == 1 else f"{len(report.themes)} namen van thema's"
    more += f", {named}" if report.themes else ""
    return f"Bewaard: {upkeep.new} termijnen erbij, {upkeep.changed} veranderd{more}. Er is niemand gemaild.{asked}"


def _say_counts(report: "ImportReport") -> None:
    for document in report.documents:
        year = f" (uitvoeringsagenda vanaf {document.agenda_year})" if document.agenda_year else ""
        say(
            f"{document.file}: {len(document.agreements)} afspraken, {len(document.agenda)} agendarijen, "
            f"{len(document.unnumbered)} mogelijke acties in de tekst, {len(document.stock)} voorraadtabellen{year}."
        )
        columns = dict.fromkeys(f"“{one.heading}” {one.meaning}" for one in document.columns if one.heading)
        if columns:
            say(f"  Kolommen: {', '.join(columns)}.")
        if document.themes:
            say(f"  Thema's: {', '.join(f'{one.theme} {one.name}' for one in document.themes)}.")
    counts = report.differences
    say(
        f"Register: {len(counts.new)} nieuw, {len(counts.changed)} veranderd, {len(counts.unchanged)} gelijk, "
        f"{len(counts.gone)} niet meer gevonden."
    )
    if counts.renumbered:
        say("", "Hernummerd (wat er gedaan of besloten is, blijft erbij):")
        say_table(("was", "wordt", "onderwerp"), [(one.old, one.new, one.topic) for one in counts.renumbered])
    for was, becomes in counts.split:
        say(f"Gesplitst: uit {was} komt ook {becomes}. Bij {was} blijft wat er gedaan of besloten is.")
    for was, becomes in counts.joined:
        say(f"Samengevoegd: {was} staat nu in {becomes}. {was} blijft staan tot u het afsluit.")
    if counts.questions:
        say("", "Is dit dezelfde afspraak? Er is niets van bewaard tot u dat zegt:")
        rows = [(one.number, one.topic, one.known, one.known_topic) for one in counts.questions]
        say_table(("nr", "in het document", "is dat", "in het register"), rows)
        say("Dezelfde: --same NUMMER=NUMMER. Een nieuwe: --new NUMMER.")
    if counts.gone:
        say(f"Niet meer gevonden (blijft staan): {', '.join(counts.gone)}")


def _say_changes(report: "ImportReport") -> None:
    """Each difference; of agreements that wait for a yes, and of the others."""
    waiting = set(report.differences.waiting)
    rows = [
        (change.number, "wacht op ja" if change.number in waiting else "", name, old, new)
        for change in report.differences.changes
        for name, old, new in change.what
    ]
    if rows:
        say("", "Veranderd:")
        _say_narrow(("nr", "", "wat", "was", "wordt"), rows)


def _say_doubts(report: "ImportReport") -> None:
    from cycle.actions.register.reading_in.import_page import doubt_readings

    asked = [one for one in report.doubts if not one.get("settled")]
    settled = [one for one in report.doubts if one.get("settled")]
    if asked:
        say("", "Twijfel:")
        rows = []
        for doubt in asked:
            readings = doubt_readings(doubt)
            words = " of ".join(readings) if len(readings) > 1 else doubt["what"]
            rows.append((doubt["number"], doubt.get("phrase", doubt["topic"]), words, doubt["place"]))
        say_table(("nr", "woorden", "gelezen als", "plaats"), rows)
    if settled:
        say("", "Twijfel waar niets voor hoeft te worden besloten:")
        say_table(("nr", "woorden", "omdat"), [(one["number"], one["phrase"], one["settled"]) for one in settled])


def say_possible(documents: Iterable["ReadDocument"]) -> None:
    """The possible actions in running text, with the numbers to take them up by."""
    rows = [
        (f"{number}", row.text, row.trekker, row.source)
        for number, row in enumerate((row for document in documents for row in document.unnumbered), 1)
    ]
    if rows:
        say("", "Mogelijke acties in de lopende tekst. Er wordt niets van bewaard, behalve wat u kiest met --take 1,3:")
        _say_narrow(("", "woorden", "wie", "plaats"), rows)


def _say_unused(report: "ImportReport") -> None:
    """What was read and not used: what holds a date, figure or party first, the rest as a count."""
    unused = [one for document in report.documents for one in document.unused]
    weighing = [one for one in unused if one.weighs]
    if weighing:
        say("", "Niet gebruikt, met een datum, getal of partij erin:")
        _say_narrow(("plaats", "woorden", "omdat"), [(one.place, one.text, one.why) for one in weighing[:MOST_UNUSED]])
    folded = len(unused) - min(len(weighing), MOST_UNUSED)
    if folded:
        say("", f"Verder niet gebruikt: {folded} stukken tekst (alle met --json of --html).")


def _say_narrow(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table in which long texts are cut; the page (`--html`) has them whole."""
    say_table(head, [[_cut(cell) for cell in row] for row in rows])


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 1]}…"
