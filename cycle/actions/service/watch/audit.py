"""Whether what was written down is as it was: the chains of facts, held beside the heads in the send journal.

The journal lies outside the database, and the operator's daily mail outside this machine. Whoever cuts a chain short or
works it out anew would have to change all three.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from cycle.actions.office.office import Office
from cycle.actions.post.delivery.restored import sent_journal
from cycle.store import chains, facts
from cycle.store.chains import KnownHead, Walked

DAYS = 31
"""Over how many days their seals are told, to be held beside the daily mails."""


class Audit(NamedTuple):
    """What `cycle audit verify` found: each chain, and the seal of each day on which heads were written down."""

    chains: list[Walked]
    seals: list[tuple[date, str]]

    @property
    def is_whole(self) -> bool:
        return all(one.broken is None for one in self.chains)


def verify(office: Office, now: datetime) -> Audit:
    """Walks every chain. A break is told, not raised."""
    known = sent_journal(office).heads()  # before the database, which others may be writing to
    with office.database.reading() as session:
        walked = chains.walk(session, known)
    days = sorted({office.local_day(head.at) for head in known})
    since = office.local_day(now) - timedelta(days=DAYS)
    return Audit(walked, [(day, _seal(office, known, day)) for day in days if day >= since])


def write_heads(office: Office, now: datetime) -> None:
    """Writes down where chains end, those that went on since that was done last."""
    journal = sent_journal(office)
    known = {head.covenant_id: head for head in journal.heads()}
    with office.database.reading() as session:
        ends = chains.heads(session, now)
    moved = [head for head in ends if head.covenant_id not in known or known[head.covenant_id].hash != head.hash]
    if moved:
        journal.add_heads(moved)


def seal_of_today(office: Office, now: datetime) -> str:
    """One seal over all chains as the journal has them, for the operator's mail; none while nothing is written."""
    known = sent_journal(office).heads()
    return _seal(office, known, office.local_day(now)) if known else ""


def _seal(office: Office, known: Iterable[KnownHead], day: date) -> str:
    """As it was at the end of a day."""
    ends = {head.covenant_id: head for head in known if office.local_day(head.at) <= day}
    return facts.root_of((head.covenant_id, head.seq, head.hash) for head in ends.values())
