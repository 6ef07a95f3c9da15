"""What goes in comes out: each cell and each paragraph is a row, a figure, a heading or a line that was not used."""

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from cycle.domain.model import Conventions
from cycle.intake import ReadDocument, document_as_json, read_document
from cycle.intake.file_reading import document_of
from cycle.intake.leads import names_of
from cycle.intake.raw import Block, RawLine, RawTable, RawText
from cycle.intake.separated import blocks_of
from tests.intake.conftest import GROUPS, PARTIES
from tests.intake.test_document_formats import ALIGNED, TABLE, WRAPPED, as_pipes, as_tabs

CANARY = "kanarievogel"
NAMES = names_of(PARTIES, GROUPS)
LISTS = {
    "with a status": (
        "#;Thema;Onderwerp;Wat gaan we doen?;Wie?;Wanneer klaar?;Status\n"
        "A1;Wonen;Lasten;Onderzoek naar woonlasten.;Gemeente;Q1 2027;loopt\n"
        ";;;Bespreek het onderzoek.;Corporaties;Q2 2027;\n"
        "Duurzaamheid;;;;;;\n"
        "B1;Groen;Labels;Plan aanpak labels.;WZV, eind 2027;;nog niet gestart\n"
        ";Zorg;Bellen;Bel met huurders.;;2028;klaar\n"
    ),
    "without numbers": (
        "Actie;Toelichting;Trekker;Begin;Planning\n"
        "Stel een plan op;Zie ook bijlage 2;Gemeente;mei 2026;Q2 2027\n"
        "met de huurders;;;;\n"
        "Evalueer de regeling;;Q3 2027: Clavis;;\n"
        "Later;;;;\n"
    ),
    "of unknown headings": (
        "Streven;Namens;Horizon;Kosten\nMinder schulden bij huurders;WZV;mei 2027;€ 500\n"
        "Meer groen in de wijk;Clavis;juni 2027;€ 20\n"
    ),
    "without headings": "1.1;Wonen;Een lange zin over huizen;Gemeente\n1.2;Zorg;Nog een lange zin;Clavis\n",
    "of something else": "Gang;Gerecht\nVoor;Soep van de dag\nNa;Vla\n",
}


def table(*rows: str, place: str = "brief, tabel 1") -> RawTable:
    lines = (RawLine(tuple(row.split(";")), f"{place}, rij {number}") for number, row in enumerate(rows, 1))
    return RawTable(tuple(lines))


LETTER: tuple[Block, ...] = (
    RawText("Prestatieafspraken 2026-2029", "brief, alinea 1", heading=True),
    RawText("In 2021 telden wij 5.000 huurwoningen", "brief, alinea 2"),
    RawText("Partijen houden jaarlijks een overleg. Dat is gezellig; en het regent soms.", "brief, alinea 3"),
    RawText("Jaarcyclus", "brief, alinea 4", heading=True),
    RawText("Voor 1 april: een brief aan de corporaties", "brief, alinea 5", bullet=True),
    RawText("1 – Wonen", "brief, alinea 6", heading=True),
    table(
        "Nr.;Onderwerp;Afspraak;Trekker", "1.1;Grond;Samen kopen en;Clavis", ";;later delen.;", "1.2;;Huren;WZV, 2027"
    ),
    RawText("Clavis", "brief, alinea 7"),
    RawText("Ontwikkeling van de voorraad", "brief, alinea 8"),
    table(";2026;2027", "Beginstand;1.100;1.105", "Nieuwbouw;5;-", "Eindstand;1.105;1.105", "Bron: eigen cijfers;;"),
    RawText("Bijlage 2 - Uitvoeringsagenda 2027", "brief, alinea 9", heading=True),
    table("Nr.;Onderwerp;Afspraak;Trekker / datum", "1.1;Grond;Tekenen.;Clavis, voorjaar 2027", "1.2;Grond;;"),
    RawText("Ieder kwartaal vergaderen partijen in een overleg.", "brief, alinea 10"),
    table("Handtekening;Naam", ";De heer Jansen"),
)
DOCUMENTS: dict[str, tuple[Block, ...]] = {
    "letter": LETTER,
    **{name: tuple(blocks_of(text, "lijst.csv")) for name, text in LISTS.items()},
}
WAYS: dict[str, Callable[[str], str]] = {
    "alone": lambda _: CANARY,
    "behind": lambda text: f"{text} {CANARY}",
    "before": lambda text: f"{CANARY} {text}",
    "as a list": lambda text: f"{text}, {CANARY}",
    "in a sentence": lambda text: f"{text} En een {CANARY}.",
}


def read_blocks(blocks: Sequence[Block]) -> ReadDocument:
    return document_of(blocks, "lijst", NAMES, Conventions())


def said(document: ReadDocument) -> str:
    problems = " ".join(str(problem) for problem in document.problems)
    return json.dumps(document_as_json(document), ensure_ascii=False) + problems


def planted(blocks: Sequence[Block], change: Callable[[str], str]) -> Iterator[tuple[str, list[Block]]]:
    """The document once for each cell and each paragraph, changed there."""
    for at, block in enumerate(blocks):
        before, after = list(blocks[:at]), list(blocks[at + 1 :])
        if isinstance(block, RawText):
            yield block.place, [*before, replace(block, text=change(block.text)), *after]
            continue
        for row, line in enumerate(block.lines):
            for column, cell in enumerate(line.cells):
                cells = (*line.cells[:column], change(cell), *line.cells[column + 1 :])
                lines = (*block.lines[:row], replace(line, cells=cells), *block.lines[row + 1 :])
                yield f"{line.place}, kolom {column + 1}", [*before, replace(block, lines=lines), *after]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_canary_in_each_cell_and_paragraph_comes_back(name: str, way: str) -> None:
    lost = [
        place
        for place, blocks in planted(DOCUMENTS[name], WAYS[way])
        if CANARY not in said(read_blocks(blocks)).casefold()
    ]

    assert lost == []


TEXTS = {
    "wrapped.txt": WRAPPED,
    "columns.txt": ALIGNED,
    "tabs.txt": as_tabs(TABLE) + "\nEen regel tekst.\n",
    "pipes.md": as_pipes() + "\n\nEen regel tekst.\n",
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_canary_in_each_line_of_a_text_comes_back(name: str, read: Callable[[str, str], ReadDocument]) -> None:
    lines = TEXTS[name].split("\n")
    lost = [
        (number, changed)
        for number, line in enumerate(lines)
        if line.strip(" |-")
        for changed in (f"{line.rstrip()} {CANARY}", CANARY)
        if CANARY not in said(read(name, "\n".join((*lines[:number], changed, *lines[number + 1 :])))).casefold()
    ]

    assert lost == []


def test_what_holds_a_date_a_figure_or_a_party_comes_first() -> None:
    unused = read_blocks(LETTER).unused

    assert [(one.place, one.weighs) for one in unused] == sorted(
        ((one.place, one.weighs) for one in unused), key=lambda one: not one[1]
    )
    weighing = [one.place.removeprefix("brief, ") for one in unused if one.weighs]
    assert weighing == ["alinea 1", "alinea 2", "alinea 9", "alinea 10"]


@pytest.mark.parametrize("text", ["a" * 100_000, "1." * 50_000, "gemeente " * 11_000, "x" + " " * 100_000])
def test_a_very_long_cell_is_weighed_in_no_time(text: str) -> None:
    begin = time.process_time()
    read_blocks([RawText(text, "brief, alinea 1"), table("Gang;Gerecht", f"Voor;{text}")])

    assert time.process_time() - begin < 2


@pytest.mark.parametrize("turn", range(60))
def test_however_a_document_is_changed_both_sides_count_the_same(turn: int) -> None:
    chance = random.Random(turn)
    for blocks in DOCUMENTS.values():
        changed, marks = marked(accidents(blocks, chance), chance)
        output = said(read_blocks(changed))

        assert [mark for mark in marks if mark not in output] == []


def accidents(blocks: Sequence[Block], chance: random.Random) -> list[Block]:
    """Some cells moved, renamed, merged, split or dropped, and rows and blocks swapped or taken apart."""
    changed = list(blocks)
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(changed))
        block = changed[at]
        if isinstance(block, RawText):
            changed.insert(chance.randrange(len(changed)), changed.pop(at))
        else:
            changed[at : at + 1] = chance.choice(ACCIDENTS)(block, chance)
    return changed


def moved(block: RawTable, chance: random.Random) -> list[Block]:
    """A column in another place, in each row."""
    width = max(len(line.cells) for line in block.lines)
    one, other = chance.randrange(width), chance.randrange(width)
    rows = [[*line.cells, *[""] * (width - len(line.cells))] for line in block.lines]
    for row in rows:
        row.insert(other, row.pop(one))
    return [with_rows(block, rows)]


def renamed(block: RawTable, chance: random.Random) -> list[Block]:
    return one_cell(
        block, chance, lambda _: chance.choice(["Horizon", "Wat", "Wie", "", "Datum", "7.1", "Q3 2027", "WZV"])
    )


def dropped(block: RawTable, chance: random.Random) -> list[Block]:
    return one_cell(block, chance, lambda _: "")


def merged(block: RawTable, chance: random.Random) -> list[Block]:
    """A cell and the one right of it in one."""
    rows = [list(line.cells) for line in block.lines]
    row = chance.choice(rows)
    if len(row) > 1:
        at = chance.randrange(len(row) - 1)
        row[at : at + 2] = [", ".join(filter(None, row[at : at + 2]))]
    return [with_rows(block, rows)]


def split(block: RawTable, chance: random.Random) -> list[Block]:
    """A cell over two rows, as where a page ends."""
    rows = [list(line.cells) for line in block.lines]
    at = chance.randrange(len(rows))
    column = chance.randrange(len(rows[at]))
    words = rows[at][column].split()
    rest = [""] * len(rows[at])
    rows[at][column], rest[column] = " ".join(words[:1]), " ".join(words[1:])
    return [with_rows(block, [*rows[: at + 1], rest, *rows[at + 1 :]])]


def over_a_page(block: RawTable, chance: random.Random) -> list[Block]:
    at = chance.randrange(len(block.lines))
    parts = [part for part in (block.lines[:at], block.lines[at:]) if part]
    return [replace(block, lines=part) for part in parts]


def shuffled(block: RawTable, chance: random.Random) -> list[Block]:
    rows = [list(line.cells) for line in block.lines]
    chance.shuffle(rows)
    return [with_rows(block, rows)]


ACCIDENTS = (moved, renamed, dropped, merged, split, over_a_page, shuffled)


def one_cell(block: RawTable, chance: random.Random, change: Callable[[str], str]) -> list[Block]:
    rows = [list(line.cells) for line in block.lines]
    row = chance.choice(rows)
    at = chance.randrange(len(row))
    row[at] = change(row[at])
    return [with_rows(block, rows)]


def with_rows(block: RawTable, rows: Sequence[Sequence[str]]) -> RawTable:
    place = block.lines[0].place
    return replace(block, lines=tuple(RawLine(tuple(row), place) for row in rows))


def marked(blocks: Sequence[Block], chance: random.Random) -> tuple[list[Block], list[str]]:
    """The document with a word of its own in a third of its cells and paragraphs."""
    marks: list[str] = []

    def mark(text: str) -> str:
        if not text or chance.random() > 0.3:
            return text
        marks.append(f"merk{len(marks)}x")
        return chance.choice([f"{text} {marks[-1]}", f"{marks[-1]} {text}", f"{text}, {marks[-1]}"])

    changed: list[Block] = []
    for block in blocks:
        if isinstance(block, RawText):
            changed.append(replace(block, text=mark(block.text)))
        else:
            lines = tuple(replace(line, cells=tuple(map(mark, line.cells))) for line in block.lines)
            changed.append(replace(block, lines=lines))
    return changed, marks


SHARED = Path(__file__).parents[3] / "shared"
SEEDS_UNUSED = (
    {("kop", False): 35, ("kop", True): 10, ("lopende tekst", False): 34, ("lopende tekst", True): 24},
    {("kop", False): 15, ("kop", True): 2, ("lopende tekst", False): 39, ("lopende tekst", True): 33},
)
"""How many pieces of the real documents are not used, by why and whether they weigh. Looked through one by one: they
are headings, the story around the agreements, the signatures, and the captions of the stock tables."""
CASES_UNUSED = {
    "A3-kop-wie-wanneer.csv": Counter({("kolom “Status” wordt niet gebruikt", False): 3}),
}


def test_what_the_real_documents_leave_unused_was_looked_through(seeds: tuple[ReadDocument, ReadDocument]) -> None:
    assert tuple(Counter((one.why, one.weighs) for one in seed.unused) for seed in seeds) == SEEDS_UNUSED


def test_what_the_handed_lists_leave_unused_was_looked_through() -> None:
    folder = SHARED / "cases" / "reading"
    files = sorted(folder.glob("*.csv"))
    if not files:
        pytest.skip(f"the handed cases are not in {folder}")
    unused = {}
    for file in files:
        document = read_document(file, parties=PARTIES, groups=GROUPS, conventions=Conventions())
        unused[file.name] = Counter((one.why, one.weighs) for one in document.unused)

    assert {name: count for name, count in unused.items() if count} == CASES_UNUSED
