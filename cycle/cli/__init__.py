"""The command line: reading what was asked, calling an action, printing what came of it. No rules in here.

Only typer and the standard library are imported at the top; each command imports what it needs, so that `--help` is
quick. Errors become one sentence with a hint in `main`, and nowhere else.
"""

import gc
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import typer
from typer.exceptions import TyperException

from cycle.cli.commands import app
from cycle.cli.console import complain, explain
from cycle.cli.usage import misuse_of, page_asked_by
from cycle.domain.text import clean_lines
from cycle.errors import CycleError
from cycle.private import begin_private

__all__ = ["main"]

SELDOM = (50_000, 20, 20)
"""When garbage is looked for. A start makes half a million things that stay: to go through them took a sixth of it."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command and leaves with its exit code: 0 done, 1 refused with a sentence, 2 wrong usage."""
    begin_private()
    gc.set_threshold(*SELDOM)
    words = [_clean(word) for word in _with_settings_file(list(sys.argv[1:] if arguments is None else arguments))]
    try:
        sys.exit(app(words, prog_name="cycle", standalone_mode=False) or 0)
    except TyperException as error:
        _leave(error)
    except typer.Abort:
        sys.exit(130)
    except CycleError as error:
        complain(error.what, error.hint)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:
        if os.environ.get("CYCLE_DEBUG"):
            raise
        complain(*explain(error))
        sys.exit(1)


def _leave(error: TyperException) -> NoReturn:
    """Says what is wrong with the command as it was typed; of a bare group of commands, what it has."""
    if page := page_asked_by(error):
        typer.echo(page, err=True)
    else:
        complain(*misuse_of(error))
    sys.exit(2)


def _clean(word: str) -> str:
    """A word as a later room can take it; the name of a file that is there stays as it is."""
    return word if os.path.exists(word) else clean_lines(word)


def _with_settings_file(words: list[str]) -> list[str]:
    """Takes `--config FILE` from anywhere in the command and passes it on by the environment."""
    for position, word in enumerate(words):
        name, given, value = word.partition("=")
        if name == "--config" and (given or position + 1 < len(words)):
            os.environ["CYCLE_CONFIG"] = value if given else words[position + 1]
            return words[:position] + words[position + (1 if given else 2) :]
    return words
