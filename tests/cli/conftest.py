"""The folder of somebody who just read in and released the example: made once a run by the commands themselves."""

import contextlib
import io
import shutil
from pathlib import Path

import pytest

from cycle.cli import main
from tests import once_a_run
from tests.conftest import EXAMPLE, ROOT


@pytest.fixture(scope="session")
def example_folder(pytestconfig: pytest.Config) -> Path:
    """Settings, and the database and keys that belong to them; never work in it, copy it."""
    return Path(pytestconfig.stash[once_a_run.KEY].once("commands", _lay_example))


def _lay_example(place: Path) -> str:
    shutil.copy(ROOT / "config.toml", place)
    with contextlib.chdir(place), contextlib.redirect_stdout(io.StringIO()):
        for words in (["migrate"], ["import", str(EXAMPLE)], ["release"]):
            with pytest.raises(SystemExit, match=r"^0$"):
                main(words)
    return str(place)
