"""What is somebody's own over all covenants: what is asked of them, what they let know, the pages that are theirs.

The addresses are those that the mails hold; they are made for whoever is signed in, and for nobody else.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cycle.actions.feeds.calendar_page import page_address
from cycle.actions.office.answer_links import Mail, answer_url
from cycle.actions.office.covenant_view import CovenantView
from cycle.actions.office.office import Office
from cycle.actions.office.rhythm_links import rhythm_url
from cycle.actions.office.signing import open_signer
from cycle.domain.addressing import Members
from cycle.domain.model import State
from cycle.store import answers, deadlines, ledger
from cycle.store.answers import Given
from cycle.store.database import Session
from cycle.store.deadlines import LEAD, Part
from cycle.store.ids import id_of
from cycle.store.tables import DeadlineRow, Person

DAYS_AHEAD = 400
SAID_SINCE = timedelta(days=365)
MOST_SAID = 20


@dataclass(frozen=True, slots=True)
class OwnPages:
    """The signed addresses of a person's own pages; `answers` is that of their newest mail, if they had one lately."""

    calendar: str
    rhythm: str
    answers: str


def own_deadlines(
    session: Session, view: CovenantView, people: Iterable[int], today: date
) -> tuple[list[DeadlineRow], dict[int, list[Part]]]:
    """What is open in one covenant and addressed to these people, by day, with all its parts."""
    first, last = view.policy.live_since, today + timedelta(DAYS_AHEAD)
    is_open = deadlines.are_open() & deadlines.due_between(first, last)
    rows = deadlines.rows_of(session, view.id, is_open)
    parts = deadlines.parts(session, deadlines.in_covenant(view.id) & is_open)
    members, mine = Members(view.members, today), set(people)
    own = [row for row in rows if _is_for(row, parts.get(id_of(row), ()), members, mine)]
    return own, parts


def said_by(session: Session, people: Sequence[int], now: datetime, seen: Collection[int]) -> list[tuple[Given, str]]:
    """What these people let know within a year about covenants they see, newest first, each with what it is about."""
    given = answers.given_by(session, people, now - SAID_SINCE)
    rows = deadlines.rows_by_id(session, {one.deadline for one in given}) if given else {}
    titles = {key: row.title for key, row in rows.items() if row.covenant_id in seen}
    return [(one, titles[one.deadline]) for one in given if one.deadline in titles][:MOST_SAID]


def own_pages(office: Office, session: Session, person: int, today: date) -> OwnPages:
    """The addresses of a person's own pages."""
    settings = office.settings
    signer = open_signer(settings).of(session.get_one(Person, person).seal_mark)
    last = ledger.last_mail_day(session, person, today)
    return OwnPages(
        page_address(settings, signer, person, today),
        rhythm_url(settings, signer, person, today),
        answer_url(settings, signer, Mail(person, last)) if last else "",
    )


def _is_for(row: DeadlineRow, parts: Iterable[Part], members: Members, people: set[int]) -> bool:
    """Whether a party's open part is theirs to do: the same person that a reminder would go to."""
    for part in parts:
        if part.part == LEAD and part.state == State.OPEN:
            to = members.addressee(part.party, tuple(row.agreements), row.theme)
            if to is not None and to.person in people:
                return True
    return False
