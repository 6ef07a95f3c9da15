"""Every phrase of the case files reads as the file says; the shared file is the measure, ours the memory."""

import csv
from datetime import date
from pathlib import Path

import pytest

from cycle.domain.dutch import Reference, read, reference
from cycle.domain.model import Reading

OWN = Path(__file__).parents[1] / "cases" / "phrases.tsv"
SHARED = Path(__file__).parents[3] / "shared" / "phrases.tsv"
# here the shared file says yearly, and design section 4 says once: no frequency word stands there
OVERRULED = {"vóór 1 mei": "once", "niet later dan 30 april": "once"}


def rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def values(reading: Reading) -> dict[str, str]:
    return {
        "kind": reading.kind.value,
        "window_start": iso(reading.window_start),
        "due": iso(reading.due),
        "per_year": f"{reading.per_year:g}" if reading.per_year else "",
    }


def expected(row: dict[str, str]) -> dict[str, str]:
    result = {key: row[key] for key in ("kind", "window_start", "due", "per_year")}
    if kind := OVERRULED.get(row["phrase"]):
        result |= {"kind": kind, "per_year": ""}
    return result


def name(row: dict[str, str]) -> str:
    return row["phrase"]


@pytest.mark.parametrize("row", rows(OWN), ids=name)
def test_own_phrase_reads_as_the_case_says(row):
    reading = read(row["phrase"], reference(row["reference"]))

    assert values(reading) | {"doubtful": "yes" if reading.doubtful else "no"} == expected(row) | {
        "doubtful": row["doubtful"]
    }


def test_own_cases_are_many_and_no_copy_of_the_shared_ones():
    own, shared = {row["phrase"].lower() for row in rows(OWN)}, {row["phrase"].lower() for row in rows(SHARED)}

    assert len(own) >= 250
    assert own & shared == set()


@pytest.mark.skipif(not SHARED.exists(), reason="../shared/phrases.tsv is not on this machine")
class TestSharedPhrases:
    @pytest.mark.parametrize("row", rows(SHARED), ids=name)
    def test_is_right_or_marked_doubtful(self, row):
        reading = read(row["phrase"], reference(row["reference"]))

        assert values(reading) == expected(row) or reading.doubtful

    def test_nearly_all_are_exactly_right(self):
        exact = [row["phrase"] for row in rows(SHARED) if is_exact(row)]

        assert len(exact) >= len(rows(SHARED)) - 1


def is_exact(row: dict[str, str]) -> bool:
    """The same days; a doubt that the file does not have is one about words or moments that are left over (L1)."""
    reading = read(row["phrase"], reference(row["reference"]))
    is_left = "niet begrepen" in reading.reason or "meer momenten" in reading.reason
    return values(reading) == expected(row) and (reading.doubtful is (row["doubtful"] == "yes") or is_left)


@pytest.mark.parametrize(
    ("phrase", "due"),
    [("2 kwartaal 2027", date(2027, 6, 30)), ("4 kw 2027", date(2027, 12, 31)), ("1 halfjaar 2028", date(2028, 6, 30))],
)
def test_a_bare_figure_before_a_part_of_a_year_counts_that_part(phrase: str, due: date) -> None:
    reading = read(phrase, Reference(2027))

    assert (reading.due, reading.doubtful) == (due, False)


@pytest.mark.parametrize("phrase", ["per ultimo 2027", "per eind 2027"])
def test_per_the_end_of_something_may_be_its_last_day(phrase: str) -> None:
    reading = read(phrase, Reference(2027))

    assert reading.doubtful
    assert date(2027, 12, 31) in [reading.due, *(other.due for other in reading.others)]
