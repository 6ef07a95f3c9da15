"""Stock figures come in with a folder and with documents, are kept as figures of indicators, and go out again."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import DatabaseError
from sqlmodel import col, select

from cycle.actions.office.office import Office
from cycle.actions.register.matching.figures_saving import STOCK, write_stock
from cycle.actions.register.reading_in.importing import import_files, import_folder
from cycle.errors import CycleError
from cycle.store import figures
from cycle.store.tables import Actor, AgreementRow, Fact, Figure, Indicator, PartyRow, Term
from tests.conftest import EXAMPLE, NOVEMBER, SEEDS
from tests.folding import differences

LATER = NOVEMBER + timedelta(1)
SECRETARY = "secretariaat@terneuzen.example"
HEAD = "van;tabel;regel;soort;2024;2025"
REPLACED = "Clavis, Eindstand per 31-12 van 2025: was 2.345 en is hier 2.350."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the example, to change."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "terneuzen"))


def change(folder: Path, old: str, new: str) -> None:
    text = (folder / STOCK).read_text(encoding="utf-8")
    assert old in text
    (folder / STOCK).write_text(text.replace(old, new), encoding="utf-8")


def of_clavis(office: Office) -> list[tuple[int, str, date, float, int | None]]:
    """How many homes Clavis has at the end of a year: all that was ever said of it, by whom, and in place of what."""
    with office.database.reading() as session:
        query = select(Figure, Actor.name).join(Indicator, col(Figure.indicator_id) == Indicator.id)
        query = query.join(Actor, col(Actor.id) == Figure.actor_id).where(col(Indicator.key).like("clavis:%:closing"))
        query = query.where(col(Indicator.key).not_like("%niet-woon%"), col(Figure.on) >= date(2024, 12, 31))
        rows = session.exec(query.order_by(col(Figure.on), col(Figure.id))).all()
        return [(figure.id or 0, name, figure.on, figure.amount, figure.replaces_id) for figure, name in rows]


def test_the_stock_of_the_example_is_kept_as_indicators_of_who_gives_them_with_a_figure_of_each_day(
    example: Office,
) -> None:
    with example.database.reading() as session:
        rows = figures.indicators(session, 1)
        slugs = dict(session.exec(select(PartyRow.id, PartyRow.slug)).all())
        kept = [(slugs[row.giver_id], row.name, row.unit, row.dims["line"]) for row in rows]
        told = session.exec(select(Fact.subject_id).where(Fact.subject == "figure", Fact.verb == "nieuw")).all()
        ids = session.exec(select(Figure.id)).all()
        stock = figures.stock(session, 1)
    assert kept[:2] == [("wzv", "Beginstand per 1-1", "vhe", "opening"), ("wzv", "Aankopen", "vhe", "purchases")]
    assert {giver for giver, *_ in kept} == {"wzv", "clavis"}
    assert (len(kept), len(ids), sorted(told)) == (24, 96, sorted(ids))
    assert [line.planned[2025] for line in stock if line.line == "closing"] == [2508, 108, 2345, 211]


def test_the_same_folder_again_changes_nothing_and_another_figure_waits_for_a_yes(
    example: Office, folder: Path
) -> None:
    again = import_folder(example, folder, LATER)
    change(folder, "2358;2347;2354;2345", "2358;2347;2354;2350")
    asked = import_folder(example, folder, LATER)
    before = of_clavis(example)
    done = import_folder(example, folder, LATER, yes=True, by=SECRETARY)

    assert (again.figures, again.problems, asked.figures) == ((), (), ())
    assert [fault.what for fault in asked.problems] == [REPLACED]
    assert [(one.year, one.amount) for one in done.figures] == [(2025, 2350)]
    with example.database.reading() as session:
        assert differences(session) == {}
    *said, newest = of_clavis(example)
    assert (said, newest[1:]) == (before, (SECRETARY, date(2025, 12, 31), 2350.0, before[-1][0]))


def test_a_figure_is_only_added(example: Office) -> None:
    for statement in ("UPDATE figure SET amount = 1", "DELETE FROM figure"):
        with (
            pytest.raises(DatabaseError, match="a figure is only added"),
            example.database.engine.begin() as connection,
        ):
            connection.exec_driver_sql(statement)


def test_what_is_written_comes_in_again_with_figures_that_came_out_so(quick_example: Office, folder: Path) -> None:
    with (folder / STOCK).open("a", encoding="utf-8") as file:
        file.write("Clavis;Woningen;Sloop;gerealiseerd;-12;;3;–\n")
    import_folder(quick_example, folder, LATER)
    with quick_example.database.reading() as session:
        kept = figures.stock(session, 1)
    write_stock(kept, folder / STOCK)
    again = import_folder(quick_example, folder, LATER)

    assert (kept[-1].label, kept[-1].planned, kept[-1].realised) == ("Sloop", {}, {2022: -12, 2024: 3, 2025: 0})
    assert (again.figures, again.problems) == ((), ())


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([HEAD, "Clavis;Woningen;Sloop;gedroomd;1;2"], "Het soort 'gedroomd' bestaat niet."),
        ([HEAD, "Clavis;Woningen;Sloop;gepland;1;veel"], "'veel' bij 2025 is geen getal."),
        (
            [HEAD, "Clavis;Woningen;Sloop;gepland;1;2", "Clavis;Woningen;Sloop;gepland;1;3"],
            "Clavis, Sloop van 2025 staat er twee keer: 2 en 3.",
        ),
        (["van;tabel", "Clavis;Woningen"], "stock.csv mist kolommen; nodig zijn van, tabel, regel, soort."),
    ],
    ids=["kind", "figure", "twice", "columns"],
)
def test_a_fault_in_the_file_is_a_sentence(quick_example: Office, folder: Path, rows: list[str], said: str) -> None:
    (folder / STOCK).write_text("\n".join(rows), encoding="utf-8")

    try:
        problems = [fault.what for fault in import_folder(quick_example, folder, LATER, check=True).problems]
    except CycleError as error:
        problems = [error.what]

    assert problems == [said]


def test_stock_tables_of_a_document_are_figures_of_the_same_lines(quick_example: Office, tmp_path: Path) -> None:
    if not SEEDS.is_dir():
        pytest.skip("the documents of the example are not in this copy")
    [document] = [file for file in sorted(SEEDS.glob("*.txt")) if "Beginstand per 1-1" in file.read_text("utf-8")]

    with quick_example.database.reading() as session:
        before = figures.standing(session, 1)
    first = import_files(quick_example, [document], None, LATER, by=SECRETARY)
    second = import_files(quick_example, [document], None, LATER, by=SECRETARY)

    assert {(one.giver, one.table) for one in first.figures if one.giver} == {
        ("wzv", "TOTAAL per 31-12"),
        ("clavis", "TOTAAL per 31-12"),
    }
    assert (len(before), len(first.figures), second.figures, second.problems) == (96, 60, (), first.problems)


def test_an_agreement_belongs_to_the_term_of_its_covenant(example: Office) -> None:
    with example.database.reading() as session:
        [term] = session.exec(select(Term)).all()
        terms = set(session.exec(select(AgreementRow.term_id)).all())
    assert terms == {term.id}
