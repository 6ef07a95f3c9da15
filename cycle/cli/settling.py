"""`cycle settle`, `carry` and `export`: what the secretariat has to decide, one by one or as a list."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from cycle.cli import desk
from cycle.cli.console import complain, say, say_json, say_table
from cycle.errors import CycleError

if TYPE_CHECKING:  # importing this takes half a second, and `--help` needs none of it
    from cycle.actions.deadlines.deciding.closing import Settled
    from cycle.actions.settling.to_decide import Doubt


def list_unsettled(covenant: str | None, *, as_json: bool) -> None:
    """Doubtful phrases with all their readings, and open actions that nobody is reminded of."""
    from cycle.actions.office.covenant_view import view_of
    from cycle.actions.settling.to_decide import unsettled

    office = desk.office()
    with office.database.reading() as session:
        waiting = unsettled(session, view_of(session, office.settings, covenant))
    if as_json:
        say_json(waiting.as_json())
        return
    if not waiting.doubts and not waiting.actions:
        say("Er is niets af te handelen.")
        return
    if waiting.doubts:
        say("Twijfel: hoe is dit bedoeld?")
        say_table(("lezing", "nr", "woorden", "1", "2", "3", "plaats"), [_doubt_cells(one) for one in waiting.doubts])
        say("Klopt: cycle settle confirm L1 (--reading 2). Anders: cycle settle set L1 2027-05-31", "")
    if waiting.actions:
        say("Nog open, niemand krijgt er bericht over:")
        lines = [
            (one.id, one.number, one.title, one.phrase, one.due, ", ".join(one.leads), one.why, one.place)
            for one in waiting.actions
        ]
        say_table(("id", "nr", "wat", "woorden", "laatste dag", "trekker", "waarom", "plaats"), lines)
        say("Gedaan: cycle done ID. Vervallen: cycle drop ID. Doorschuiven: cycle carry ID --to 2027-06-30")


def _doubt_cells(doubt: "Doubt") -> tuple[str, ...]:
    """A phrase with its readings side by side; where it has no rival, why it is doubtful."""
    from cycle.actions.settling.to_decide import readings_words

    words = [readings_words(reading) for reading in doubt.readings[:3]]
    if len(words) == 1:
        words.append(doubt.readings[0].reason.rpartition(", maar ")[2])
    return (f"L{doubt.id}", doubt.number, doubt.phrase, *words, *[""] * (3 - len(words)), doubt.place)


def confirm_readings(words: Sequence[str], choice: int, by: str, covenant: str | None) -> None:
    """Confirms readings one by one; what is refused does not stop the rest."""
    from cycle.actions.acting.fitting import for_reading
    from cycle.actions.settling.deciding import confirm_reading, ids_of

    office = desk.office()
    only = desk.covenant_id(office, covenant)

    def confirm(reading: int) -> "Settled":
        who = for_reading(office, by, desk.now(), reading, only)
        return confirm_reading(office, reading, desk.now(), by=who, choice=choice, covenant_id=only)

    _say_each(partial(confirm, one) for one in ids_of(words))


def set_one(word: str, when: str, on: int | None, by: str, covenant: str | None) -> None:
    """Gives one phrase its meaning."""
    from cycle.actions.acting.fitting import for_reading
    from cycle.actions.settling.deciding import ids_of, set_reading

    office = desk.office()
    [reading] = ids_of([word])
    only = desk.covenant_id(office, covenant)
    who = for_reading(office, by, desk.now(), reading, only)
    settled = set_reading(office, reading, when, desk.now(), by=who, on=on, covenant_id=only)
    say(f"{settled.title}: {settled.words}.")


def carry_actions(ids: Sequence[int], day: date, by: str, covenant: str | None, *, every: bool) -> None:
    """Carries actions over to a day, the named ones or all of previous agendas.

    Raises CycleError when neither or both are asked.
    """
    from cycle.actions.acting.fitting import for_deadline
    from cycle.actions.settling.deciding import carry, carry_all

    if bool(ids) == every:
        raise CycleError("Welke acties?", "Noem de nummers uit cycle settle, of geef --all.")
    office = desk.office()
    if every:
        carried = carry_all(office, covenant, day, desk.now(), by=desk.secretariat(office, by, covenant))
        say(*(f"{one.title}: {one.words}." for one in carried))
        say(f"{len(carried)} acties doorgeschoven." if carried else "Er zijn geen open acties uit een vorige agenda.")
        return
    only = desk.covenant_id(office, covenant)

    def carry_one(deadline: int) -> "Settled":
        who = for_deadline(office, by, desk.now(), deadline, only)
        return carry(office, deadline, day, desk.now(), by=who, covenant_id=only)

    _say_each(partial(carry_one, one) for one in ids)


def carry_out(file: Path, covenant: str | None, by: str) -> None:
    """Carries out a list that was filled in; faults show in the exit code."""
    from cycle.actions.settling.decision_sheet import read_settle_list

    office = desk.office()
    applied = read_settle_list(office, covenant, file, desk.now(), by=desk.secretariat(office, by, covenant))
    changed = [one for one in applied.decided if one.changed]
    say(*(f"{one.title}: {one.words}." for one in changed))
    for fault in applied.faults:
        complain(f"{fault.place}: {fault.what}", fault.hint)
    same = len(applied.decided) - len(changed)
    say(f"{len(changed)} besluiten uitgevoerd, {same} waren al zo, {len(applied.faults)} niet mogelijk.")
    if applied.faults:
        raise typer.Exit(1)


def write_export(file: Path, covenant: str | None, *, to_settle: bool) -> None:
    """The register, or the list to fill in."""
    from cycle.actions.register.writing_out.exporting import export_register
    from cycle.actions.settling.decision_sheet import write_settle_list

    if to_settle:
        count = write_settle_list(desk.office(), covenant, file)
        say(f"{file}: {count} regels om af te handelen.", f"Ingevuld? Lees terug met: cycle settle --from {file}")
        return
    say(f"{file}: {export_register(desk.office(), covenant, file)} afspraken.")


def write_folder(folder: Path, covenant: str | None, *, yes: bool) -> None:
    """The whole covenant: its file and its register."""
    from cycle.actions.register.writing_out.folder_exporting import export_folder

    written = export_folder(desk.office(), covenant, folder, yes=yes)
    say(
        f"{folder}: convenant {written.slug}, {written.people} mensen, {written.agreements} afspraken.",
        "Wat er gedaan, besloten en gemaild is, staat er niet in: dat bewaart cycle backup.",
    )


def _say_each(decisions: Iterable[Callable[[], "Settled"]]) -> None:
    """Carries decisions out one by one; what is refused shows in the exit code."""
    refused = False
    for decide in decisions:
        try:
            settled = decide()
            say(f"{settled.title}: {settled.words}.")
        except CycleError as error:
            complain(error.what, error.hint)
            refused = True
    if refused:
        raise typer.Exit(1)
