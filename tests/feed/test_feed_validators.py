"""The ETag of a feed and what a client may send to ask for news (rule A5, RFC 9110)."""

import pytest

from cycle.feed import etag, matches

HERE = '"abc"'


def test_a5_the_etag_is_strong_and_follows_the_bytes() -> None:
    assert etag(b"x") == etag(b"x") == '"2d711642b726b04401627ca9fbac32f5"'
    assert etag(b"x") != etag(b"y")


@pytest.mark.parametrize(
    "asked", ['"abc"', 'W/"abc"', '"x", "abc"', 'W/"x",W/"abc"', ' "a,b" ,"abc"', "*", " * ", '"x"  ,  "abc"  ']
)
def test_a5_a_client_that_has_these_bytes_is_recognised(asked: str) -> None:
    assert matches(asked, HERE)
    assert matches(asked, "W/" + HERE)


@pytest.mark.parametrize("asked", [None, "", '"x"', "abc", '"ab", "c"', 'W/"x"', '"x,"abc', "**", '"ABC"'])
def test_a5_a_client_that_has_others_gets_the_whole_feed(asked: str | None) -> None:
    assert not matches(asked, HERE)
