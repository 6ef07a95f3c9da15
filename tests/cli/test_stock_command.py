"""`cycle stock`: the stocks of homes by line and year, as a table, as JSON and as the file of a covenant folder."""

from pathlib import Path

from tests.cli.test_commands import Run, as_json, example_run, run
from tests.conftest import EXAMPLE

__all__ = ["example_run", "run"]  # fixtures


def test_the_stock_is_shown_by_line_and_year_and_written_as_it_came_in(example_run: Run, tmp_path: Path) -> None:
    told = as_json(example_run("stock", "--json"))["stock"]
    shown = example_run("stock")[1].splitlines()
    written = example_run("stock", "--write", tmp_path / "stock.csv")

    closing = [row for row in told if row["party"] == "Clavis" and row["line"] == "closing"]
    assert closing[:2] == [
        {
            "party": "Clavis",
            "kind": closing[0]["kind"],
            "year": year,
            "line": "closing",
            "planned": homes,
            "realised": None,
        }
        for year, homes in ((2022, 2358), (2023, 2347))
    ]
    assert len(told) == 96
    assert shown[-1].split()[-6:] == ["31-12", "gepland", "211", "211", "211", "211"]
    assert written == (0, f"{tmp_path / 'stock.csv'}: 24 regels.\n", "")
    as_it_came = (EXAMPLE / "stock.csv").read_text(encoding="utf-8").splitlines()
    assert [line.replace("'-", "-") for line in _lines(tmp_path / "stock.csv")] == as_it_came


def test_without_a_stock_it_says_where_one_comes_from(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "leeg"
    folder.mkdir()
    (folder / "covenant.toml").write_text((EXAMPLE / "covenant.toml").read_text("utf-8"), encoding="utf-8")
    assert (run("migrate")[0], run("import", folder)[0]) == (0, 0)

    said = "Er zijn geen voorraadcijfers. Ze komen mee met cycle import, uit een voorraadtabel of uit stock.csv.\n"
    assert run("stock") == (0, said, "")


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8-sig").splitlines()
