"""Whoever waits at a terminal reads that work goes on; a file, a log or another program reads nothing of it."""

import os
import pty
import re
import time
from collections.abc import Iterator
from contextlib import redirect_stderr
from pathlib import Path

import pytest

from cycle.cli.console import at_work, one_by_one


class Screen:
    """A terminal, and what is shown on it."""

    def __init__(self) -> None:
        self.far, near = pty.openpty()
        self.near = os.fdopen(near, "w")

    def shown(self) -> str:
        os.write(self.near.fileno(), b".")  # so that there is something to read
        return os.read(self.far, 4096).decode()


@pytest.fixture
def screen() -> Iterator[Screen]:
    screen = Screen()
    yield screen
    screen.near.close()
    os.close(screen.far)


def test_long_work_counts_at_a_terminal_says_what_it_is_at_and_leaves_an_empty_line(screen: Screen) -> None:
    with redirect_stderr(screen.near), at_work("Lezen", every=0.05) as now_at:
        for file in one_by_one([Path("a.docx"), Path("map/b.docx")], now_at):
            time.sleep(0.12 if file.name == "b.docx" else 0)

    lines = [line.removeprefix("\x1b[K") for line in screen.shown().split("\r")]
    assert (lines[0], {re.sub(r"\d+ s$", "N s", line) for line in lines[1:-1]}, lines[-1]) == (
        "",
        {"Lezen: b.docx (2 van 2) … N s"},
        ".",
    )


def test_short_work_says_nothing_and_a_fault_in_it_is_told_as_ever(screen: Screen) -> None:
    with redirect_stderr(screen.near), pytest.raises(ValueError, match="stuk"), at_work("Lezen"):
        raise ValueError("stuk")

    assert screen.shown() == "."


def test_what_is_no_terminal_is_told_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with at_work("Lezen", every=0.01):
        time.sleep(0.05)

    assert capsys.readouterr() == ("", "")
