"""Addresses of pages that people give: what is taken, how it is completed, and what is said of the others."""

import pytest

from cycle.domain.web_addresses import MOST, OF_A_MEETING, look_at_web_address
from cycle.errors import Refused


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("", ""),
        ("  ", ""),
        (" https://vergader.example/l/19%3ameeting@thread.v2/0?context=%7b%7d#a ", None),
        ("http://intern.example:8443/kamer(2)", None),
        ("vergader.example/kamer", "https://vergader.example/kamer"),
        ("https://überleg.example", None),
    ],
)
def test_what_a_browser_opens_is_taken_as_it_was_typed(typed: str, address: str | None) -> None:
    assert look_at_web_address(typed) == (typed.strip() if address is None else address)


@pytest.mark.parametrize(
    "typed",
    [
        "javascript://x.example/%0aalert(1)",
        "mailto:jan@clavis.example",
        "ftp://x.example",
        "kamer 2",
        "https://kamer",
        "https://jan:geheim@vergader.example",
        "https://a.example/ b.example",
        "https://a.example/<b>",
        'https://a.example/"onclick=',
        "https://[a.example",
    ],
)
def test_what_no_browser_opens_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        look_at_web_address(typed, OF_A_MEETING)
    hint = f"Plak het adres van de pagina, zoals {OF_A_MEETING}."
    assert (refused.value.what, refused.value.hint) == ("Dit adres kennen wij niet.", hint)


def test_no_address_is_cut_off_but_one_that_is_too_long_is_refused() -> None:
    longest = "https://a.example/".ljust(MOST, "x")
    assert look_at_web_address(longest) == longest
    with pytest.raises(Refused, match="te lang"):
        look_at_web_address(f"{longest}x")
