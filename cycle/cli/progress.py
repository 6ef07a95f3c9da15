"""`cycle progress`: who answered in the progress round, and the answers at a fixed day."""

from datetime import date
from pathlib import Path

from cycle.cli import desk
from cycle.cli.console import say, say_json, say_table


def list_progress(covenant: str | None, on: date | None, *, as_json: bool) -> None:
    """Who answered what, in the newest round."""
    from cycle.actions.answers.rounds.progress import progress_on
    from cycle.actions.office.covenant_view import view_of
    from cycle.domain.words import day_words

    office = desk.office()
    with office.database.reading() as session:
        progress = progress_on(session, view_of(session, office.settings, covenant), on, desk.now())
    if as_json:
        say_json(progress.as_json())
        return
    say(
        f"Voortgangsronde voor het {progress.meeting} van {day_words(progress.day)}, "
        f"stand van {day_words(progress.on)}."
    )
    if progress.began_on is None:
        say("Er is nog niemand gevraagd.")
        return
    people = [(one["person"], one["party"], one["asked"], one["answered"]) for one in progress.people()]
    say_table(("persoon", "partij", "gevraagd", "beantwoord"), people)
    say("")
    rows = [
        (row.deadline, row.number, row.title, row.party, row.state, row.light, row.sentence, row.answered_by)
        for row in progress.rows
    ]
    say_table(("id", "nr", "wat", "partij", "stand", "licht", "toelichting", "door"), rows)
    say(f"{progress.answered} van {len(progress.rows)} regels beantwoord.")


def keep_progress(covenant: str | None, on: date | None, by: str) -> None:
    """Keeps the answers of a day."""
    from cycle.actions.answers.rounds.progress import make_snapshot

    office = desk.office()
    say(make_snapshot(office, covenant, on, desk.now(), by=desk.secretariat(office, by, covenant)))


def export_progress(file: Path, covenant: str | None, on: date | None) -> None:
    """Writes what was kept."""
    from cycle.actions.answers.rounds.progress import export_snapshot

    say(export_snapshot(desk.office(), covenant, on, file))
