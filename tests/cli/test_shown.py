"""What `serve --example` has done by a process beside it: once, whole, and with its own sentence when it fails."""

from pathlib import Path

import pytest
import typer

from cycle.cli.ending import Ending
from cycle.cli.shown import READY, beside, is_ready, link_file
from cycle.settings import load_settings
from tests.cli.test_commands import Run, run  # noqa: F401 - `run` is a fixture


def test_the_example_is_made_ready_once_and_again_changes_nothing(run: Run, tmp_path: Path) -> None:  # noqa: F811
    settings = load_settings()
    before = is_ready(settings)
    with Ending() as ending:
        beside(READY, ending)
    link = link_file(settings).read_text(encoding="utf-8")
    listed = run("covenants", "--json")

    again = run("example", READY)

    assert (before, is_ready(settings), again) == (False, True, (0, "", ""))
    assert (link_file(settings).read_text(encoding="utf-8"), run("covenants", "--json")) == (link, listed)
    link_file(settings).unlink()
    assert not is_ready(settings)


def test_what_goes_wrong_beside_is_said_there_and_ends_the_start(
    run: Run,  # noqa: F811
    capfd: pytest.CaptureFixture[str],
) -> None:
    said = "Fout: Een deel 'niets' heeft het voorbeeld niet.\nKies klaar of geoefend.\n"
    assert run("example", "niets") == (1, "", said)
    with Ending() as ending, pytest.raises(typer.Exit):
        beside("niets", ending)
    assert capfd.readouterr().err == said


def test_a_process_beside_that_is_broken_off_at_the_end_is_no_failure(run: Run) -> None:  # noqa: F811
    with Ending() as ending:
        ending.asked.set()
        beside(READY, ending)
    assert not is_ready(load_settings())
