"""Which network a request comes from."""

import pytest
from starlette.requests import Request

from cycle.web.peers import network_of


def network(host: str) -> str:
    return network_of(Request({"type": "http", "client": (host, 1), "headers": []}))


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("::FFFF:c000:207", "192.0.2.7"),
        ("64:ff9b::192.0.2.7", "192.0.2.7"),
        ("64:ff9b:1::c000:207", "192.0.2.7"),
        ("2002:c000:207::1", "192.0.2.7"),
        ("2001:0:4136:e378:8000:63bf:3fff:fdf8", "192.0.2.7"),
        ("2001:db8:7:1::1", "2001:db8:7::/48"),
        ("2001:db8:7:ffff:a::b", "2001:db8:7::/48"),
        ("2001:db8:8::1", "2001:db8:8::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("::1", "::/48"),
        ("testclient", "testclient"),
    ],
)
def test_an_old_address_is_its_own_network_however_it_is_written(host, expected):
    assert network(host) == expected


def test_a_peer_without_an_address_is_a_network_too():
    assert network_of(Request({"type": "http", "client": None, "headers": []})) == ""
