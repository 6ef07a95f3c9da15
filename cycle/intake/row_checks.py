"""What is odd about the rows of a table: told, and not refused."""

from collections.abc import Iterator, Sequence

from cycle.errors import Fault
from cycle.intake.document import ColumnMeaning
from cycle.intake.drafts import DraftRow


def guessed_columns(columns: Sequence[ColumnMeaning]) -> Iterator[Fault]:
    """A guess that decides what is read is said, once for each heading."""
    told: set[tuple[str, str]] = set()
    for column in columns:
        if column.heading and column.meaning.endswith("(geraden)") and (column.heading, column.meaning) not in told:
            told.add((column.heading, column.meaning))
            what = f"De kolom “{column.heading}” is gelezen als {column.meaning}."
            hint = f"Klopt dat niet? Zeg wat het is, met --columns “{column.heading}=…”."
            yield Fault(column.place, what, hint)


def joined_columns(columns: Sequence[ColumnMeaning]) -> Iterator[Fault]:
    """A table in which no column says who leads, and one says who takes part: perhaps those lead."""
    led = {_row_of(column) for column in columns if column.meaning.startswith("trekker")}
    for column in columns:
        if column.meaning.startswith("doet mee") and _row_of(column) not in led:
            what = f"Deze tabel heeft geen kolom met trekkers; “{column.heading}” is gelezen als wie meedoet."
            yield Fault(column.place, what, f"Trekken zij? Zeg dat, met --columns “{column.heading}=trekker”.")


def _row_of(column: ColumnMeaning) -> str:
    return column.place.rpartition(", kolom")[0]


def rows_without_trekker(rows: Sequence[DraftRow]) -> Iterator[Fault]:
    """Rows that ask something of nobody, in a list where most name somebody: often a cell that was read wrong."""
    asking = [row for row in rows if row.text]
    nobody = [row for row in asking if not row.trekker]
    for row in nobody if len(nobody) * 2 < len(asking) else ():
        name = row.number or f"“{row.topic or row.text[:_SHORT]}”"
        yield Fault(row.source, f"Bij {name} is geen trekker gevonden.", "Kijk in het document wie dat is.")


def numbers_twice(rows: Sequence[DraftRow]) -> Iterator[Fault]:
    """Numbers that more than one row bears."""
    first: dict[str, DraftRow] = {}
    for row in rows:
        earlier = first.setdefault(row.number, row) if row.number else row
        if earlier is not row and earlier.topic != row.topic:
            yield Fault(
                row.source,
                f"Nummer {row.number} staat er twee keer, met verschillende onderwerpen.",
                f"Het staat ook op {earlier.source}. Kijk welk nummer klopt.",
            )


_SHORT = 60
