"""Printing: sentences, tables and JSON; errors on the error stream."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import typer

from cycle.errors import reason_of


def say(*sentences: str) -> None:
    """Sentences for a person."""
    for sentence in sentences:
        typer.echo(sentence)


def complain(what: str, hint: str = "") -> None:
    """What is wrong, and what to do about it."""
    typer.echo(f"Fout: {what}", err=True)
    if hint:
        typer.echo(hint, err=True)


def say_json(data: Any) -> None:
    """One JSON document, and nothing else, on stdout."""
    json.dump(data, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def say_table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Columns that line up; what is absent is a dash."""
    cells = [[str("–" if cell in (None, "") else cell) for cell in row] for row in rows]
    widths = [max(len(row[place]) for row in [list(head), *cells]) for place in range(len(head))]
    for row in (list(head), ["-" * width for width in widths], *cells):
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


@contextmanager
def at_work(what: str, *, every: float = 1) -> Iterator[Callable[[str], None]]:
    """Says on the error stream that work goes on, and for how long, as soon as it takes longer than `every` (s).

    Gives what says that it is at something else now. Only a person who looks at it sees it: nothing of it comes in a
    file, in a log or in what another program reads.
    """
    at, done = [what], Event()
    teller = Thread(target=_tell, args=(at, every, done), daemon=True)
    if sys.stderr.isatty():
        teller.start()
    try:
        yield at.append
    finally:
        done.set()
        if teller.ident is not None:
            teller.join()


def _tell(at: Sequence[str], every: float, done: Event) -> None:
    """One line that counts, and that goes when the work is done."""
    passed = 0
    while not done.wait(every):
        passed += 1
        typer.echo(f"\r\x1b[K{at[-1]} … {passed * every:.0f} s", nl=False, err=True)
    if passed:
        typer.echo("\r\x1b[K", nl=False, err=True)


def one_by_one(files: Sequence[Path], now_at: Callable[[str], None]) -> Iterator[Path]:
    """The files, while a person is told which is being read, and then that they are laid beside what is there."""
    for number, file in enumerate(files, 1):
        now_at(f"Lezen: {file.name} ({number} van {len(files)})")
        yield file
    now_at("Naast elkaar leggen")


def explain(error: Exception) -> tuple[str, str]:
    """A sentence and a hint for an error that no rule foresaw. It names no data, only the kind of error."""
    kind = type(error).__name__
    if kind in ("OperationalError", "ProgrammingError", "InterfaceError"):
        return "De database gaf een fout.", "Controleer met: cycle doctor. Meer zien? Zet CYCLE_DEBUG=1."
    if isinstance(error, OSError):
        place = f" ({error.filename})" if error.filename else ""
        return (
            f"Lezen of schrijven lukte niet: {reason_of(error)}{place}.",
            "Controleer het pad, de rechten en de ruimte.",
        )
    return (
        f"Er ging iets mis dat niet had mogen gebeuren ({kind}).",
        "Draai het nog eens met CYCLE_DEBUG=1 en meld het.",
    )
