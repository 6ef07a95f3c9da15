"""A few seeds of the simulation, and every life that broke a law before."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.simulation.__main__ import START, report
from tests.simulation.acts import KINDS, act
from tests.simulation.living import Breach, Life, grow, live
from tests.simulation.regressions import LIVES
from tests.simulation.server import Accepted
from tests.simulation.shrinking import fewest
from tests.simulation.table import set_the_table

STANDING = sorted({life.fault for life in LIVES if life.fault})
"""The faults that are known and not mended yet: until they are, lives and seeds may fail."""

may_fail = pytest.mark.xfail(bool(STANDING), reason=f"faults {STANDING} of issue 9 still stand", strict=False)


def named(life: Life) -> object:
    marks = [pytest.mark.xfail(reason=f"fault {life.fault}", strict=False)] if life.fault else []
    return pytest.param(life, marks=marks, id=f"{life.breaks}-{life.days}-{len(life.acts)}")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("simulation")


@pytest.mark.slow
@pytest.mark.parametrize("life", [named(life) for life in LIVES])
def test_a_life_that_broke_a_law_before_breaks_it_no_more(life: Life, folder: Path) -> None:
    table = set_the_table(folder, life.start)
    try:
        assert live(table, life, [life.breaks]) is None
    finally:
        table.close()


@pytest.mark.slow
@may_fail
@pytest.mark.parametrize(("seed", "days"), [(1, 30), (2, 30)])
def test_a_table_lives_on_by_its_laws(seed: int, days: int, folder: Path) -> None:
    table = set_the_table(folder, START)
    life, breach = grow(table, START, days, seed)
    table.close()
    assert breach is None, report(seed, life, breach, folder, seconds=20)


@may_fail
def test_a_table_on_postgresql_lives_on_by_its_laws(postgresql, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    table = set_the_table(tmp_path, START, postgresql())
    life, breach = grow(table, START, 20, seed=4)
    table.close()
    assert breach is None, report(4, life, breach, tmp_path, do_shrink=False)


@pytest.mark.slow
def test_a_life_is_a_function_of_its_seed(folder: Path) -> None:
    lives = []
    for _time in range(2):
        table = set_the_table(folder, START)
        life, _breach = grow(table, START, 12, 11, laws=())
        lives.append((life.acts, [without_chance(one) for one in table.server.accepted], sorted(table.refs())))
        table.close()

    assert lives[0] == lives[1]
    assert lives[0][0]


def without_chance(mail: Accepted) -> Accepted:
    """A mail without the random names of rows, which its key and its Message-ID may be made of."""
    return replace(mail, key=re.sub(r"[0-9a-f]{32}", "…", mail.key), message_id="")


def test_a_breach_is_shrunk_to_the_acts_that_make_it() -> None:
    acts = list(range(40))

    assert fewest(acts, lambda some: {3, 17, 30} <= set(some)) == [3, 17, 30]


def test_an_act_prints_as_it_is_pasted() -> None:
    done = act("2027-03-01", "10:00", "settle", deadline="hulst:agreement:1.1@once", state="done", party="")

    assert eval(repr(done), {"act": act}) == done
    assert done.kind in KINDS


def test_a_breach_is_the_same_on_another_day() -> None:
    one = Breach("nothing_falls_over", date(2027, 1, 4), "round: KeyError in reminding.py, plan: 12")
    other = Breach("nothing_falls_over", date(2027, 3, 1), "round: KeyError in reminding.py, plan: 13")

    assert one.mark == other.mark
