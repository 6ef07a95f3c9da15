"""Links in mails: what one opens, for how long, and how all links of a person are made invalid at once.

A link is a key without a lock of its own: who has the mail has the page. So its seal covers a mark of the person, which
is read at each opening. With another mark nothing that was sealed before opens anything: not from an old mailbox, not
from a mail that was forwarded, not from a copy of the database. Every new mail brings fresh links.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from secrets import token_hex
from typing import NamedTuple

from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.actions.office.seeing import tables_of
from cycle.actions.office.signing import open_signer, parts_of
from cycle.domain.text import number_in
from cycle.errors import Ended, NotFound, Refused
from cycle.mail.seals import blanked, is_blanked, over, sealed_again, with_secret
from cycle.settings import Settings
from cycle.store import covenants, feedlinks, seats
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.store.outbox import emptying, lookups, withdrawing
from cycle.store.outbox.claiming import Parcel
from cycle.store.outbox.labels import SIGN_IN
from cycle.store.tables import Message, Person

SIGN_IN_MARK = 16
"""Signs of a sign-in mail's own mark: it is in its key, and begins its secret."""
LASTS_DAYS = 60
"""How long a link in a mail opens something, whatever it is for."""
FOREVER, AT_ONCE = 36_500, 200
FORM_DAYS = 7
"""How long the proof in a form on one's own page is good."""
ANSWER, CORRECT, CALENDAR, RHYTHM, OVERVIEW = "antwoord", "herstel", "agendapagina", "ritme", "overzicht"
APPROVE, LETTER_FILES = "akkoord", "briefstukken"
"""What a link can be for."""

TOO_OLD = (
    f"Deze link is ouder dan {LASTS_DAYS} dagen en werkt niet meer.",
    "Gebruik de link in de laatste mail die u kreeg, of meld u aan.",
)


class MailedLink(NamedTuple):
    """A link that is ours: whose, what it is about, and the day of the mail that brought it."""

    person: Person
    subject: str
    on: date


def open_link(session: Session, settings: Settings, purpose: str, signed: str, now: datetime) -> MailedLink | None:
    """What a signed address opens; None for one that was not sealed for this, or by another mark than their present
    one, and for somebody who left all tables.

    Raises Ended for one that is too old.
    """
    today = settings.local_day(now)
    subject, on = parts_of(signed)
    person = _person(session, subject)
    if person is None:
        return None
    signer = open_signer(settings)
    marked = signer.of(person.seal_mark)
    if marked.subject_of(purpose, signed, today, FOREVER) is None and not (
        signer.subject_of(purpose, signed, today, FOREVER) and _opens_unmarked(session, person, now)
    ):
        return None
    if not seats.has_seat_from(session, id_of(person), today):
        return None
    if on < today - timedelta(LASTS_DAYS):
        raise Ended(*TOO_OLD)
    return MailedLink(person, subject, on)


def refuse_old_form(office: Office, purpose: str, person_id: int, mark: str, form: str, now: datetime) -> None:
    """Raises Refused unless a form came from this person's own page, this week (rule C13)."""
    signer = open_signer(office.settings).of(mark)
    if signer.subject_of(purpose, form, office.local_day(now), FORM_DAYS) != str(person_id):
        raise Refused("Dit formulier is te oud.", "Open de pagina opnieuw en probeer het nog eens.")


def reads_pages(session: Session, settings: Settings, person: Person, now: datetime) -> bool:
    """Whether a page of their own has anything to show somebody: they sit at a table, and may see one."""
    is_there = seats.has_seat_from(session, id_of(person), settings.local_day(now))
    return is_there and bool(tables_of(session, settings, person.email, now))


def reader_at(session: Session, email: str, today: date) -> Person:
    """Of everybody behind an address the first who sits somewhere, today or later, else the first. Raises NotFound."""
    people = covenants.persons_at(session, email)
    return next((one for one in people if seats.has_seat_from(session, id_of(one), today)), people[0])


def secret_of(settings: Settings, mark: str) -> str:
    """The secret of a mail to sign in. It is nowhere kept: it is worked out from the mark in the key of that mail, with
    our own key, when the mail is made known and when it leaves."""
    return mark + open_signer(settings).seal("aanmeldlink", mark)


def with_its_secret(settings: Settings, parcel: Parcel) -> Parcel:
    """A mail as it leaves: one to sign in gets the secret that no copy of the database has."""
    if parcel.kind != SIGN_IN:
        return parcel
    mark = parcel.key.partition(":")[2]
    return parcel._replace(body=with_secret(parcel.body, secret_of(settings, mark)))


def put_away(row: Message) -> None:
    """Blanks the seals of a locked mail that is over, and keeps the hash of its bytes."""
    if not row.body_sha256:
        for name, value in over(row.body).items():
            setattr(row, name, value)


def seal_again(session: Session, settings: Settings, row: Message, now: datetime) -> bool:
    """Gives a locked mail that is offered again fresh links where they were blanked; a mail without any stays as it is.

    False when it cannot have them: the address is no longer that of its person.
    """
    if not is_blanked(row.body):
        return True
    person = session.get(Person, row.person_id) if row.person_id else None
    if person is None or person.email != row.to:
        return False
    signer, today = open_signer(settings), settings.local_day(now)

    def sealing(room: str, subject: str) -> str:
        """The room says what a link is for; an answer and its correction share one. A link is of who shares the mailbox
        that it went to; one of somebody who left that opens nothing."""
        whose = _person(session, subject)
        mark = whose.seal_mark if whose is not None and whose.email == row.to else token_hex(8)
        purpose = CORRECT if room == ANSWER and subject.count("-") > 1 else CALENDAR if room == "agenda" else room
        return signer.of(mark).sign(purpose, subject, today).removeprefix(f"{subject}.")

    row.body, row.body_sha256 = sealed_again(row.body, sealing), ""
    session.add(row)
    return True


def blank_old_links(office: Office) -> int:
    """Blanks the links of mails that were over before their links were; returns how many mails there were."""
    done = 0
    while True:
        with office.database.reading() as session:
            ids = emptying.unblanked(session, AT_ONCE)
        if not ids:
            return done
        with office.database.writing() as session:
            for row in emptying.lock_over(session, ids):
                put_away(row)
                session.add(row)
        done += len(ids)


def renew_links(office: Office, person_id: int, now: datetime, *, by: str, covenant_id: int | None = None) -> str:
    """Makes all links in mails to a person invalid; says their name. What waits for them is made anew.

    `covenant_id` is that of the secretariat that asks: the person must sit at its table. Raises NotFound.
    """
    with office.database.writing() as session:
        person = session.get(Person, person_id, with_for_update=True)
        if person is None or not seats.has_seat_from(session, person_id, office.local_day(now), covenant_id):
            raise NotFound("Deze persoon zit hier niet (meer) aan tafel.", "Ververs de pagina.")
        renew_mark(session, person, now)
        _seal_waiting(session, office.settings, person, now)
        _note(session, person, now, by)
        return person.name


def renew_links_at(session: Session, settings: Settings, email: str, now: datetime, *, by: str) -> None:
    """The same for everybody who reads a mailbox, in the transaction of the caller. Raises NotFound."""
    for person in covenants.persons_at(session, email):
        renew_mark(session, person, now)
        _seal_waiting(session, settings, person, now)
        _note(session, person, now, by)


def renew_mark(session: Session, person: Person, now: datetime) -> None:
    """Gives somebody another mark; reminders that wait with links of the old one are made anew."""
    person.seal_mark, person.mark_renewed_at = token_hex(8), now
    session.add(person)
    session.flush()
    withdrawing.withdraw(session, withdrawing.unsent_digests_to(session, [id_of(person)], drafts=True), now)


def _seal_waiting(session: Session, settings: Settings, person: Person, now: datetime) -> None:
    """Other mail than reminders that waits for them goes with links of the new mark. What may have arrived stays as it
    went."""
    for row in lookups.messages(session, lookups.surely_waiting_for(id_of(person))):
        row.body = blanked(row.body)
        seal_again(session, settings, row, now)


def renew_marks_of_leavers(office: Office, now: datetime) -> int:
    """Makes the links of whoever left their last table invalid for good, once; returns of how many.

    Somebody who leaves one of two tables keeps theirs: a page shows only the tables where its reader still sits.
    """
    today = office.local_day(now)
    with office.database.reading() as session:
        gone = _leavers(session, office.settings, today)
    if not gone:
        return 0
    with office.database.writing() as session:
        people = covenants.people(session, _leavers(session, office.settings, today))
        for person in people.values():
            person.seal_mark, person.mark_renewed_at = token_hex(8), now
            session.add(person)
    return len(people)


def _leavers(session: Session, settings: Settings, today: date) -> Sequence[int]:
    """Who sat somewhere, sits nowhere from today on, and has a mark of before their last day was over."""
    return [
        person
        for person, last, renewed in seats.last_days(session)
        if last is not None and last < today and (renewed is None or settings.local_day(renewed) <= last)
    ]


def _person(session: Session, subject: str) -> Person | None:
    """Every subject begins with the number of its person."""
    number = number_in(subject.partition("-")[0])
    return None if number is None else session.get(Person, number)


def _opens_unmarked(session: Session, person: Person, now: datetime) -> bool:
    """Whether seals of before they covered a mark still open: for as long as a link lasts, counted from the upgrade,
    and only while this person's mark never was another one."""
    since = seats.marked_since(session)
    return since is not None and person.mark_renewed_at is None and now < since + timedelta(LASTS_DAYS)


def _note(session: Session, person: Person, now: datetime, by: str) -> None:
    """A line in the logbook of each covenant where they sit: theirs is the right to know."""
    tables = {covenant for covenant, one in feedlinks.seats_at(session, person.email) if one.person == person.id}
    for covenant in sorted(tables):
        note(session, now, by, "links ongeldig gemaakt", f"persoon {person.id}", "alle links in mails", covenant)
