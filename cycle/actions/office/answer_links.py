"""The signed address of the page on which somebody answers a mail (rule B8).

It is bound to a person and to one mail: the reminder mail of that person on that day. Who forwards it lends their own
page, and nothing else. It starts no session, and it ends by itself. `signer` is that of the person (`Signer.of`).
"""

from datetime import date, datetime
from typing import NamedTuple

from cycle.actions.office.mailed import ANSWER, CORRECT, MailedLink, open_link
from cycle.actions.office.signing import Signer
from cycle.errors import NotFound
from cycle.settings import Settings
from cycle.store.database import Session

FORM = "antwoordformulier"
ROOM = "/antwoord"

NOT_THERE = ("Deze pagina is er niet.", "Gebruik de knop in de laatste mail die u kreeg, of beantwoord die mail.")


class Mail(NamedTuple):
    """Which mail a link answers: the reminder mail of a person on a day."""

    person: int
    on: date


class Correction(NamedTuple):
    """What a link corrects: what a person let know for one party about one deadline."""

    person: int
    deadline: int
    party: str


def answer_url(settings: Settings, signer: Signer, mail: Mail) -> str:
    """The address of the page that answers a mail."""
    signed = signer.sign(ANSWER, f"{mail.person}-{mail.on.toordinal()}", mail.on)
    return f"{settings.web.base_url}{ROOM}/{signed}"


def correction_url(settings: Settings, signer: Signer, what: Correction, today: date) -> str:
    """The address of the page that corrects one answer."""
    signed = signer.sign(CORRECT, f"{what.person}-{what.deadline}-{what.party}", today)
    return f"{settings.web.base_url}{ROOM}/{signed}"


def row_mark(deadline: int, party: str) -> str:
    """What tells one row of the page from another: the anchor in the address, and the field in its form."""
    return f"t{deadline}-{party}"


def opened(session: Session, settings: Settings, signed: str, now: datetime) -> tuple[MailedLink, Mail | Correction]:
    """Whose an address is, and what it is for.

    Raises NotFound for one that opens nothing, Ended for one that is too old.
    """
    for purpose in (ANSWER, CORRECT):
        link = open_link(session, settings, purpose, signed, now)
        if link is not None:
            person, number, *party = link.subject.split("-", 2)
            if purpose == CORRECT:
                return link, Correction(int(person), int(number), "".join(party))
            return link, Mail(int(person), date.fromordinal(int(number)))
    raise NotFound(*NOT_THERE)
