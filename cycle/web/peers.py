"""Who is at the other end of a connection: which network that is, for limits, and whether it is this machine itself."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from starlette.requests import Request

from cycle.web.host import names_this_machine

SITE_BITS = 48
"""What a house or an office gets of the new addresses; whoever has one, has all addresses in it."""
TRANSLATED = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))
"""Where a provider puts the old addresses of its subscribers in new ones (RFC 6052, RFC 8215)."""
PASSED_ON = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")


def network_of(request: Request) -> str:
    """The network that a request comes from: an address of the old kind, however it is written, or a site of the new
    kind."""
    host = request.client.host if request.client else ""
    address = _unwrapped(host)
    if isinstance(address, IPv6Address):
        return str(ip_network((int(address), SITE_BITS), strict=False))
    return str(address or host)


def is_this_machine(request: Request) -> bool:
    """Whether this machine itself asks, without anybody in between.

    A web server in front of us may stand on this machine too. It says for whom it asks, and names us as they did; so
    what was passed on, or names us as the world does, is not from here. A header only takes this away, never gives it.
    """
    address = _unwrapped(request.client.host if request.client else "")
    is_passed_on = any(name in request.headers for name in PASSED_ON)
    return address is not None and address.is_loopback and not is_passed_on and names_this_machine(request.scope)


def _unwrapped(host: str) -> IPv4Address | IPv6Address | None:
    """An address, with one of the old kind taken out of the new one that it was put in; None for what is no address."""
    try:
        address = ip_address(host)
    except ValueError:
        return None
    if isinstance(address, IPv4Address):
        return address
    if any(address in network for network in TRANSLATED):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1] or address
