"""A whole file is read in a child process, text and CSV like the rest: a few at a time, and it can be kept."""

import json
import os
import threading
import time
from datetime import date
from pathlib import Path

import pytest

from cycle.domain.model import Conventions, Party, PartyKind
from cycle.errors import Unreadable
from cycle.intake import limits
from cycle.intake.whole import MOST_ROWS, FileRead, Reader, file_read_of, read_file, read_here
from tests.conftest import EXAMPLE

PARTIES = (Party("gemeente", "Gemeente", PartyKind.MUNICIPALITY, ("de gemeente",)),)
READER = Reader(PARTIES, (), Conventions(), date(2027, 1, 1))
HEAD = "Nummer;Onderwerp;Afspraak;Trekker;Datum\n"


def rows(count: int) -> str:
    return HEAD + "".join(
        f"{one // 100 + 1}.{one % 100};Bouwen;Iets doen, elk jaar;Gemeente;voor 1 april 2027\n" for one in range(count)
    )


@pytest.mark.parametrize("name", ["afspraken.csv", "afspraken.txt", "afspraken.md", "afspraken.html"])
def test_the_child_says_the_same_as_this_process_would(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    cells = [line.split(";") for line in rows(5).splitlines()]
    table = {
        ".csv": rows(5),
        ".txt": rows(5).replace(";", "\t"),
        ".md": "\n".join("| " + " | ".join(line) + " |" for line in [cells[0], ["---"] * 5, *cells[1:]]),
        ".html": "<table>"
        + "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in line)}</tr>" for line in cells)
        + "</table>",
    }
    file.write_text(table[file.suffix], encoding="utf-8")

    found = read_file(file, READER)

    assert len(found.document.agreements) + len(found.document.agenda) == 5
    assert found == read_here(file, READER.as_json())
    assert file_read_of(json.loads(found.as_json())) == found


def test_an_exported_register_comes_back_whole() -> None:
    found = read_file(EXAMPLE / "agreements.csv", READER)
    assert found.entries
    assert found == read_here(EXAMPLE / "agreements.csv", READER.as_json())


def test_what_somebody_wrote_beside_an_exported_register_is_named(tmp_path: Path) -> None:
    file = tmp_path / "register.csv"
    head = "nummer;thema;onderwerp;afspraak;trekker;termijnen;notitie"
    file.write_text(f"{head}\n1.1;1;Grond;Kopen.;Gemeente;;zie 2028\n;;Los;;;;\n", encoding="utf-8")

    unused = read_here(file, READER.as_json()).document.unused

    assert [(one.place, one.text, one.why, one.weighs) for one in unused] == [
        ("register.csv, regel 2, kolom 7", "zie 2028", "kolom “notitie” wordt niet gebruikt", True),
        ("register.csv, regel 3, kolom 3", "Los", "rij zonder afspraak", False),
    ]


def test_a_text_that_takes_too_long_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "OTHER_CHILD_SECONDS", 0.01)
    (tmp_path / "a.csv").write_text(rows(5), encoding="utf-8")
    with pytest.raises(Unreadable, match=r"a\.csv lezen duurde langer dan"):
        read_file(tmp_path / "a.csv", READER)


def test_a_text_that_takes_too_much_memory_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CHILD_MEMORY_BYTES", 60 * limits.MEGABYTE)
    (tmp_path / "a.csv").write_text(rows(60_000), encoding="utf-8")
    with pytest.raises(Unreadable, match=r"vraagt te veel geheugen|is te groot"):
        read_file(tmp_path / "a.csv", READER)


def test_sixty_thousand_rows_are_no_agreement(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(rows(60_000), encoding="utf-8")
    spent = time.process_time()
    with pytest.raises(Unreadable) as caught:
        read_file(tmp_path / "a.csv", READER)
    assert caught.value.what == f"a.csv heeft meer dan {MOST_ROWS // 1000}.000 rijen."
    assert time.process_time() - spent < 2  # of this process; what the child took is not counted


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="tells no children of a process")
def test_only_a_few_are_read_at_a_time_and_a_few_wait(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(rows(200), encoding="utf-8")
    outcomes: list[FileRead | Unreadable] = []

    def read() -> None:
        try:
            outcomes.append(read_file(tmp_path / "a.csv", READER))
        except Unreadable as error:
            outcomes.append(error)

    threads = [threading.Thread(target=read) for _ in range(9)]
    others, most = children(), 0  # a test run has children of its own: a browser, a database server
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        most = max(most, children() - others)
        time.sleep(0.005)
    refused = [one for one in outcomes if isinstance(one, Unreadable)]
    room = limits.MOST_CHILDREN + limits.MOST_WAITING
    assert (most, len(refused)) == (limits.MOST_CHILDREN, 9 - room)
    assert {(one.what, one.hint) for one in refused} == {limits.BUSY}


def children() -> int:
    """How many children of this process run now."""
    found = 0
    for task in Path(f"/proc/{os.getpid()}/task").iterdir():
        try:
            found += len((task / "children").read_text().split())
        except OSError:
            continue
    return found
