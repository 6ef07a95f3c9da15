"""Whatever happens to a document on its way, reading it ends in rows or in a sentence, never in an exception."""

import io
import random
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cycle.domain.model import Conventions, Group, Party
from cycle.errors import Unreadable
from cycle.intake import ReadDocument, document_as_json, match, read_document
from cycle.intake.leads import names_of, split_date
from tests.trying import examples

Read = Callable[[str, bytes | str], ReadDocument]

TEXTS = {
    "a.txt": (
        "# 1 – Wonen\nOnderwerp\tNr.\tAfspraak\tTrekker\n"
        "Grond\t1.1\t<p>Kopen <ul><li>en huren</li></ul></p>\tClavis, eind 2027\n"
        "\t1.2\tJaarlijks overleg voeren.\tGemeente en corporaties\n"
        "## Bijlage 2 - Uitvoeringsagenda 2027\nOnderwerp\tNr.\tAfspraak\tTrekker /datum\nGrond\t1.1\t\tWZV, 2027\n"
        "\t2022\t2023\nBeginstand\t1.100\t1.105\nNieuwbouw\t5\t-\nEindstand\t1.105\t1.105\n"
    ),
    "b.txt": (
        " 1 – Wonen \nOnderwerp Nr.  Afspraak  Trekker \nGrond en \nhuizen \n\n1.1 Kopen in \n2027. \n\nClavis en \n"
        "gemeente, 2027\n 1.2 Huren van grond.  WZV \n\n 3 \n\nBuurten 1.3 Langs de deuren.\n\nPartijen\n"
        " 2 – Zorg\nZomaar een zin met jaarlijks overleg.\n• Voor 1 april: een brief.\n"
    ),
    "c.csv": 'Nr.;Onderwerp;Actie;Wie;Gereed\n1.1;"Grond; en meer";Kopen;Clavis;Q3 2027\n1.2;;Huren;WZV;1-7-2027\n',
    "d.md": "# Wonen\n\n| Nr. | Onderwerp | Afspraak | Wie |\n|---|---|---|---|\n| 1.1 | Grond | Kopen | Clavis |\n",
}


def mutations(content: bytes, chance: random.Random) -> bytes:
    """One to four accidents: bytes flipped, a piece cut out, doubled or moved, lines or cells swapped."""
    for _ in range(chance.randint(1, 4)):
        content = chance.choice(ACCIDENTS)(content, chance) or content
    return content


def flip(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def cut(content: bytes, chance: random.Random) -> bytes:
    begin = chance.randrange(len(content))
    return content[:begin] + content[begin + chance.randint(1, 200) :]


def double(content: bytes, chance: random.Random) -> bytes:
    begin = chance.randrange(len(content))
    piece = content[begin : begin + chance.randint(1, 200)]
    return content[:begin] + piece * chance.randint(2, 4) + content[begin:]


def swap(content: bytes, chance: random.Random) -> bytes:
    mark = chance.choice([b"\n", b"\t", b" ", b";", b"|", b"."])
    pieces = content.split(mark)
    one, other = chance.randrange(len(pieces)), chance.randrange(len(pieces))
    pieces[one], pieces[other] = pieces[other], pieces[one]
    return mark.join(pieces)


ACCIDENTS = (flip, cut, double, swap)


def outcome(path: Path, parties: tuple[Party, ...], groups: tuple[Group, ...]) -> str:
    try:
        document = read_document(path, parties=parties, groups=groups, conventions=Conventions())
    except Unreadable as error:
        return error.what
    match(document.agreements, document.agenda)
    return str(document_as_json(document)["file"])


def originals(folder: Path) -> Iterator[tuple[str, bytes]]:
    yield from ((name, words.encode()) for name, words in TEXTS.items())
    for seed in sorted(folder.glob("*.txt")):
        yield seed.name, seed.read_bytes()


@pytest.mark.soak
@pytest.mark.parametrize("turn", range(examples(60, 2000)))
def test_a_mutated_text_gives_rows_or_a_sentence(turn: int, tmp_path: Path, parties, groups) -> None:
    chance = random.Random(turn)
    for name, content in originals(Path(__file__).parents[3] / "shared" / "seeds" if turn % 10 == 0 else tmp_path):
        path = tmp_path / name
        path.write_bytes(mutations(content, chance))
        assert outcome(path, parties, groups)


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["xlsx", "docx", "odt", "pdf"])
def test_a_mutated_binary_gives_rows_or_a_sentence(kind: str, tmp_path: Path, parties, groups) -> None:
    content = BINARIES[kind](tmp_path)
    for turn in range(examples(4, 500)):
        path = tmp_path / f"x{turn}.{kind}"
        path.write_bytes(mutations(content, random.Random(turn)))
        assert outcome(path, parties, groups)


@pytest.mark.soak
@pytest.mark.parametrize(
    ("kind", "module"), [("xlsx", "spreadsheet"), ("docx", "word"), ("odt", "odt"), ("pdf", "pdf")]
)
def test_a_damaged_part_of_a_document_is_refused_by_its_own_reader(kind: str, module: str, tmp_path: Path) -> None:
    content = BINARIES[kind](tmp_path)
    reader = import_module(f"cycle.intake.{module}")
    path = tmp_path / f"y.{kind}"
    for turn in range(examples(60, 500)):
        chance = random.Random(turn)
        path.write_bytes(mutations(content, chance) if kind == "pdf" else with_mutated_part(content, chance))
        with suppress(Unreadable):
            reader.read(path, path.name)


def with_mutated_part(content: bytes, chance: random.Random) -> bytes:
    """A package of which one part of XML had an accident; the package itself is whole."""
    packed = zipfile.ZipFile(io.BytesIO(content))
    parts = {name: packed.read(name) for name in packed.namelist()}
    victim = chance.choice([name for name, part in parts.items() if name.endswith(".xml") and len(part) > 20])
    parts[victim] = mutations(parts[victim], chance)
    changed = io.BytesIO()
    with zipfile.ZipFile(changed, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return changed.getvalue()


@settings(max_examples=examples(30, 1000), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(alphabet=st.sampled_from("1.23 \n\t|;,-–en GemeenteClavis2027eindNr.AfspraakTrekker<p>"), max_size=300))
def test_any_text_gives_rows_or_a_sentence(tmp_path: Path, parties, groups, text: str) -> None:
    path = tmp_path / "x.txt"
    path.write_text(text)
    assert outcome(path, parties, groups)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=80))
def test_any_trekker_cell_gives_names_and_a_date(parties, groups, text: str) -> None:
    names, phrase = split_date(text)
    leads, faults = names_of(parties, groups).resolve(names)
    assert set(leads) <= {party.slug for party in parties}
    assert all(fault.hint for fault in faults)
    assert phrase == phrase.strip()


def _xlsx(folder: Path) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    for row in (["Nr.", "Onderwerp", "Afspraak", "Trekker"], ["1.1", "Grond", "Kopen", "Clavis"]):
        book.active.append(row)
    book.save(folder / "x.xlsx")
    return (folder / "x.xlsx").read_bytes()


WORDS = (("Nr.", "Onderwerp", "Afspraak", "Wie"), ("1.1", "Grond", "Kopen", "Clavis"))


def _docx(folder: Path) -> bytes:
    import docx

    document = docx.Document()
    table = document.add_table(rows=2, cols=4)
    for row, words in zip(table.rows, WORDS, strict=True):
        for cell, text in zip(row.cells, words, strict=True):
            cell.text = text
    document.save(str(folder / "x.docx"))
    return (folder / "x.docx").read_bytes()


def _odt(folder: Path) -> bytes:
    import odfdo

    document = odfdo.Document("text")
    document.body.append(odfdo.List(["een", "twee"]))
    table = odfdo.Table("T", width=4, height=2)
    table.set_values([list(words) for words in WORDS])
    document.body.append(table)
    document.save(str(folder / "x.odt"))
    return (folder / "x.odt").read_bytes()


def _pdf(folder: Path) -> bytes:
    import typst

    return typst.compile(b"#table(columns: 4, [Nr.], [Onderwerp], [Afspraak], [Wie], [1.1], [Grond], [Kopen], [WZV])")


BINARIES = {"xlsx": _xlsx, "docx": _docx, "odt": _odt, "pdf": _pdf}
