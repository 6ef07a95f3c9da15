"""Promise: `cycle --help` takes at most 1.4 times a bare typer `--help`.

The floor is a typer app of our own making with the same names, groups and switches, and nothing behind them: typer
with rich, as it comes, would be twice as slow and so an easier floor. Whole processes, with compiled bytecode.
"""

import compileall
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from typer import Typer

from benchmarks.measure import Figure, main, medians
from benchmarks.world import ROOT, child_environment
from cycle.cli.commands import app

LIMIT = 1.4
RUNS = 15

HEAD = """import typer

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
"""
COMMAND = '''

@{group}.command("{name}")
def {group}_{number}() -> None:
    """One line about it."""
'''
GROUP = """
{group} = typer.Typer(help="One line about it.", no_args_is_help=True)
app.add_typer({group}, name="{name}")
"""
TAIL = """
if __name__ == "__main__":
    app()
"""


def run() -> Iterator[Figure]:
    """Both helps, by turns."""
    with TemporaryDirectory(prefix="cycle-bench-") as folder:
        (Path(folder) / "bare.py").write_text(bare_app(app), encoding="utf-8")
        compileall.compile_dir(folder, quiet=1)
        compileall.compile_dir(ROOT / "cycle", quiet=1)
        paths = os.pathsep.join((folder, str(ROOT)))
        floor, product = medians(RUNS, lambda: _help("bare", paths), lambda: _help("cycle", paths))
    yield Figure("cycle --help, beside a bare typer --help", product, LIMIT, floor)


def bare_app(like: Typer) -> str:
    """The source of an app with the same commands and groups."""
    source = [HEAD, *_commands(like, "app")]
    for number, one in enumerate(like.registered_groups):
        group = f"group{number}"
        source.append(GROUP.format(group=group, name=one.name))
        if one.typer_instance is not None:
            source.extend(_commands(one.typer_instance, group))
    return "".join((*source, TAIL))


def _commands(like: Typer, group: str) -> Iterator[str]:
    for number, one in enumerate(like.registered_commands):
        name = one.name or getattr(one.callback, "__name__", "command")
        yield COMMAND.format(group=group, name=name, number=number)


def _help(module: str, paths: str) -> None:
    subprocess.run(
        [sys.executable, "-m", module, "--help"],
        env=child_environment(PYTHONPATH=paths),
        cwd="/",
        check=True,
        stdout=subprocess.DEVNULL,
        timeout=30,
    )


if __name__ == "__main__":
    main(run)
