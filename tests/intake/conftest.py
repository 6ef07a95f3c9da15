"""A small covenant, and a way to read a document with it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cycle.domain.model import Conventions, Group, Party, PartyKind
from cycle.intake import DocumentRow, ReadDocument, read_document

PARTIES = (
    Party("gemeente", "Gemeente Terneuzen", PartyKind.MUNICIPALITY, ("Gemeente",)),
    Party("clavis", "Clavis", PartyKind.CORPORATION),
    Party("wzv", "Woongoed Zeeuws-Vlaanderen", PartyKind.CORPORATION, ("WZV", "Woongoed")),
    Party("bewonersraad", "Bewonersraad Clavis", PartyKind.TENANTS),
    Party("shb", "Huurdersorganisatie SHB", PartyKind.TENANTS, ("SHB",)),
)
GROUPS = (
    Group("corporaties", ("clavis", "wzv"), ("Corporaties",)),
    Group("huurdersorganisaties", ("bewonersraad", "shb"), ("Huurdersorganisaties",)),
    Group("partijen", tuple(party.slug for party in PARTIES), ("Partijen",)),
)


@pytest.fixture
def parties() -> tuple[Party, ...]:
    return PARTIES


@pytest.fixture
def groups() -> tuple[Group, ...]:
    return GROUPS


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str, bytes | str], ReadDocument]:
    """Write a document of this name and content, and read it."""

    def read_content(name: str, content: bytes | str) -> ReadDocument:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_document(path, parties=PARTIES, groups=GROUPS, conventions=Conventions())

    return read_content


@pytest.fixture(scope="session")
def seeds() -> tuple[ReadDocument, ReadDocument]:
    """Both text forms of the real agreement; they are not part of the project."""
    folder = Path(__file__).parents[3] / "shared" / "seeds"
    files = sorted(folder.glob("*.txt"))
    if len(files) != 2:
        pytest.skip(f"the two seed documents are not in {folder}")
    first, second = (read_document(file, parties=PARTIES, groups=GROUPS, conventions=Conventions()) for file in files)
    return first, second


def cells(row: DocumentRow) -> tuple[str, str, str, str, str, tuple[str, ...]]:
    """What a row says, without its place and its readings."""
    return row.number, row.topic, row.text, row.trekker, row.date_phrase, row.leads


@pytest.fixture(name="cells")
def cells_fixture() -> Callable[[DocumentRow], tuple[str, str, str, str, str, tuple[str, ...]]]:
    return cells
