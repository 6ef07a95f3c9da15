"""How often somebody may ask for a mail that lets them in, counted so that nobody can use it up for somebody else.

A browser in which this address was signed in before has an allowance of its own. All others are strangers: they count
by network, by network and address, and in all for an address, so that no mailbox is flooded. Unknown addresses count
just the same, so the answer tells nobody which addresses there are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from cycle.actions.office.office import Office
from cycle.actions.office.signing import open_signer
from cycle.actions.signin.known_browsers import known_as
from cycle.domain.workdays import local_day
from cycle.errors import Refused
from cycle.store import sessions
from cycle.store.database import Session
from cycle.store.tables import SignIn

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Spans = tuple[tuple[timedelta, int], ...]

OWN: Spans = ((HOUR, 5), (DAY, 15))
IN_A_KNOWN_BROWSER = "In een browser waarin u al eens was aangemeld, kan het nu ook."


@dataclass(frozen=True, slots=True)
class From:
    """Where an ask comes from: the network, and what the browser says of having been signed in before."""

    network: str = ""
    known: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many mails strangers may ask for: from one network for one address, for one address in all, and from one
    network for whatever address."""

    per_network: Spans
    in_all: Spans
    of_network: Spans = ()


def source_of(office: Office, asked_from: From, email: str, now: datetime) -> str:
    """What is kept of where an ask comes from: a seal of the browser, for one that is known, or of the network."""
    signer = open_signer(office.settings)
    name = known_as(signer, asked_from.known, email, office.local_day(now))
    if name:
        return f"{sessions.KNOWN}{signer.seal('bekende browser vraagt', name)}"
    return signer.seal("netwerk", asked_from.network)


def refuse_too_many(office: Office, session: Session, row: SignIn, limits: Limits, now: datetime, what: str) -> None:
    """Raises Refused, with the time from which it is possible again, for one ask too many; `what` was asked for."""
    for asked, spans in _counted(session, row, limits, now):
        for span, most in spans:
            within = [at for at in asked if at > now - span]
            if len(within) >= most:
                raise Refused(f"Er is te vaak om {what} gevraagd.", _hint(office, row, within[-most] + span, now))


def _counted(session: Session, row: SignIn, limits: Limits, now: datetime) -> Iterator[tuple[list[datetime], Spans]]:
    """What was asked before, and how often that may be."""
    since, address, source = now - DAY, row.address_hash, row.network_hash
    mine = sessions.asked_since(session, since, address_hash=address, network_hash=source)
    if source.startswith(sessions.KNOWN):
        yield mine, OWN
        return
    yield mine, limits.per_network
    yield sessions.asked_since(session, since, address_hash=address, by_strangers=True), limits.in_all
    if limits.of_network:
        yield sessions.asked_since(session, since, network_hash=source), limits.of_network


def _hint(office: Office, row: SignIn, free_at: datetime, now: datetime) -> str:
    zone = office.settings.zone
    local = (free_at + timedelta(minutes=1)).astimezone(zone)
    day = "" if local.date() == local_day(now, zone) else "morgen "
    hint = f"Probeer het {day}na {local:%H.%M} uur opnieuw."
    return hint if row.network_hash.startswith(sessions.KNOWN) else f"{hint} {IN_A_KNOWN_BROWSER}"
