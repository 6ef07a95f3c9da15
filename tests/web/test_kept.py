"""What pages keep: worked out once for as long as nothing was written, and never longer."""

from cycle.web.kept import KeptValues


def test_a_value_is_worked_out_once_per_stamp() -> None:
    kept, built = KeptValues(), iter(range(9))
    values = [kept.get("a", stamp, lambda: next(built)) for stamp in ("x", "x", "y", "y", "x")]
    assert values == [0, 0, 1, 1, 2]


def test_the_oldest_value_makes_room() -> None:
    kept, built = KeptValues(most=2), iter(range(9))
    assert [kept.get(key, "x", lambda: next(built)) for key in "abacab"] == [0, 1, 0, 2, 0, 3]
