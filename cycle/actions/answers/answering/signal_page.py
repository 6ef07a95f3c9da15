"""The page behind the link in a mail on which somebody reports something that their mail did not ask about."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from cycle.actions.deadlines.deciding.signals import SignalLine, signal_lines
from cycle.actions.office.answer_links import FORM, NOT_THERE, opened
from cycle.actions.office.office import Office
from cycle.actions.office.seeing import tables_of
from cycle.actions.office.signing import open_signer
from cycle.domain.words import via_words
from cycle.errors import NotFound, Refused
from cycle.store import answers, feedlinks, register
from cycle.store.ids import id_of

FORM_DAYS = 7
MARK = "signaal"
"""What tells the form of this page from those of the answers."""


@dataclass(frozen=True, slots=True)
class SignalTable:
    """A table at which somebody may report: its agreements, to choose from and by number, and what they reported."""

    id: int
    slug: str
    name: str
    agreements: tuple[tuple[int, str], ...]
    numbers: Mapping[str, int]
    mine: tuple[SignalLine, ...]


@dataclass(frozen=True, slots=True)
class SignalPage:
    """Who opened the link, and where they sit. `via` is the day of the mail; None for who is signed in."""

    person: int
    name: str
    email: str
    seal_mark: str
    via: date | None
    is_shared: bool
    tables: tuple[SignalTable, ...]
    form: str

    @property
    def by(self) -> str:
        """The name under which the logbook keeps what is done here."""
        return via_words(self.email, self.via)

    def table(self, slug: str) -> SignalTable | None:
        """The table of this name; the only one when there are no more."""
        if len(self.tables) == 1:
            return self.tables[0]
        return next((one for one in self.tables if one.slug == slug), None)

    def signed_in(self) -> "SignalPage":
        """The same for who is signed in as this person."""
        return replace(self, via=None)


def signal_page(office: Office, signed: str, now: datetime) -> SignalPage:
    """The page of a signed address, also when all that its mail asked is settled.

    Raises NotFound for one that is not ours or of somebody who sits nowhere today, Ended for one that is too old.
    """
    today = office.local_day(now)
    with office.database.reading() as session:
        (person, _subject, mailed_on), _link = opened(session, office.settings, signed, now)
        seats = feedlinks.seats_at(session, person.email)
        seated = {
            key
            for key, one in seats
            if one.person == person.id and (one.since or today) <= today <= (one.until or today)
        }
        tables = []
        for key, view in sorted(tables_of(session, office.settings, person.email, now, seated).items()):
            if view.row.archived_at is None:
                rows = register.agreement_rows(session, key)
                agreements = tuple((id_of(row), f"{row.number} {row.topic}") for row in rows)
                numbers = {row.number: id_of(row) for row in rows}
                mine = tuple(signal_lines(session, view, now, [id_of(person)]))
                tables.append(SignalTable(key, view.row.slug, view.row.name, agreements, numbers, mine))
        is_shared = len(answers.readers_of(session, person.email)) > 1
    if not tables:
        raise NotFound(*NOT_THERE)
    form = open_signer(office.settings).of(person.seal_mark).sign(FORM, f"{signed}/{MARK}", today)
    return SignalPage(
        id_of(person), person.name, person.email, person.seal_mark, mailed_on, is_shared, tuple(tables), form
    )


def check_signal_form(office: Office, page: SignalPage, signed: str, form: str, now: datetime) -> None:
    """Raises Refused unless a form came from this page, this week (rule C13)."""
    signer = open_signer(office.settings).of(page.seal_mark)
    if signer.subject_of(FORM, form, office.local_day(now), FORM_DAYS) != f"{signed}/{MARK}":
        raise Refused("Dit formulier is te oud.", "Open de pagina opnieuw vanuit uw mail en probeer het nog eens.")
