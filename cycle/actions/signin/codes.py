"""A code by mail, for who wants to change something on their own page: the link alone is not enough for that.

The link shows that somebody once had a mail; the code, that they read the mailbox that is this person's now. It is for
one browser, goes to the present address, and is worth nothing in another browser or for another person. It is kept
nowhere: the key of this service makes it from the row that says it was asked for.
"""

import hmac
import secrets
from datetime import datetime, timedelta

from cycle.actions.office.letterbox import Envelope, outgoing, service_address
from cycle.actions.office.mailed import reads_pages
from cycle.actions.office.office import Office
from cycle.actions.office.signing import Signer, open_signer
from cycle.actions.signin.asking import DAY, HOUR, From, Limits, refuse_too_many, source_of
from cycle.actions.signin.signing_in import figures_in, hashed, six_figures
from cycle.domain.mail_kinds import SIGN_IN
from cycle.errors import NotFound, Refused
from cycle.mail.compose import Address
from cycle.mail.fields import CodeFields
from cycle.store import sessions
from cycle.store.database import Session
from cycle.store.outbox import putting
from cycle.store.tables import Message, Person, SignIn

CODE_LASTS = timedelta(minutes=15)
PROOF_LASTS = timedelta(hours=1)
TRIES = 5
LIMITS = Limits(per_network=((HOUR, 5), (DAY, 6)), in_all=((DAY, 12),))
"""So nobody floods a mailbox with codes, and nobody guesses one: strangers have 60 tries a day, of a million codes."""
PURPOSE = "code"
TEMPLATE = "code"


def ask_code(office: Office, person_id: int, now: datetime, *, browser: str, asked_from: From) -> None:
    """Mails a code to somebody's present address, for this browser.

    Raises NotFound, or Refused when that was asked too often from there (`asking.py`).
    """
    signer = open_signer(office.settings)
    with office.database.writing() as session:
        sessions.take_turns(session)
        person = _person(session, office, person_id, now)
        row = SignIn(
            token_hash=f"{PURPOSE}:{secrets.token_hex(16)}",
            browser_hash=hashed(browser),
            network_hash=source_of(office, asked_from, person.email, now),
            address_hash=_about(signer, person),
            email=person.email,
            asked_at=now,
        )
        refuse_too_many(office, session, row, LIMITS, now, "een code")
        session.add(row)
        putting.put(session, _message(office, person, row, _code(signer, row), now), (), now)


def enter_code(office: Office, person_id: int, now: datetime, *, browser: str, code: str) -> None:
    """Spends a code. Raises NotFound, or Refused for a wrong one, too many tries, or one that is too old."""
    signer, since, is_right = open_signer(office.settings), now - CODE_LASTS, False
    with office.database.writing() as session:
        person = _person(session, office, person_id, now)
        row = sessions.code_of(session, hashed(browser), _about(signer, person), since)
        if row is None or row.email != person.email:
            raise Refused("Deze code werkt niet meer.", "Vraag een nieuwe code aan.")
        if sessions.count_try(session, row.token_hash, since, TRIES):
            is_right = hmac.compare_digest(_code(signer, row), figures_in(code))
            is_right = is_right and sessions.spend(session, row.token_hash, since, now) is not None
    if not is_right:  # outside the transaction: the try counts
        raise Refused("Die code klopt niet.", "Kijk in de nieuwste mail, of vraag een nieuwe code aan.")


def entered_at(office: Office, person_id: int, now: datetime, *, browser: str, code: str) -> datetime | None:
    """When this code was entered in this browser, about somebody whose mark is still that of then; None when it was
    not, or when what it gave is over."""
    signer = open_signer(office.settings)
    with office.database.reading() as session:
        about = _about(signer, _person(session, office, person_id, now))
        rows = sessions.spent_codes_of(session, hashed(browser), about, now - PROOF_LASTS)
    return next((row.spent_at for row in rows if hmac.compare_digest(_code(signer, row), figures_in(code))), None)


def proof(office: Office, person_id: int, mark: str, now: datetime) -> str:
    """What a browser keeps in which a code was entered: until when it may change something, under a seal."""
    text = f"{person_id}.{int((now + PROOF_LASTS).timestamp())}"
    return f"{text}.{open_signer(office.settings).of(mark).seal(PURPOSE, text)}"


def is_proof(office: Office, value: str, person_id: int, mark: str, now: datetime) -> bool:
    """Whether a code for this person was entered here within the hour, and their links are still those of then."""
    text, _, seal = value.rpartition(".")
    person, _, until = text.partition(".")
    if not open_signer(office.settings).of(mark).is_sealed(PURPOSE, text, seal):
        return False
    return person == str(person_id) and now.timestamp() < int(until)


def _person(session: Session, office: Office, person_id: int, now: datetime) -> Person:
    person = session.get(Person, person_id)
    if person is None or not reads_pages(session, office.settings, person, now):
        raise NotFound("Deze pagina is er niet, of niet meer.", "Gebruik de link in de laatste mail die u kreeg.")
    return person


def _about(signer: Signer, person: Person) -> str:
    """Whose codes these are: other links of theirs open nothing with another mark, and neither do codes."""
    return signer.seal("code-adres", f"{person.id} {person.email} {person.seal_mark}")


def _code(signer: Signer, row: SignIn) -> str:
    return six_figures(signer.seal(PURPOSE, f"{row.token_hash} {row.browser_hash}"))


def _message(office: Office, person: Person, row: SignIn, code: str, now: datetime) -> Message:
    """The outbox row with the code: of the kind that leaves at once, is kept no longer than it takes, and is never
    told again (`mail_kinds.SIGN_IN`)."""
    settings = office.settings
    ends = (now + CODE_LASTS).astimezone(settings.zone)
    fields = CodeFields(
        person_name=person.name,
        code=f"{code[:3]} {code[3:]}",
        until_words=f"{ends:%H.%M} uur",
        base_url=settings.web.base_url,
        signature=service_address(office).name or "cycle",
    )
    rendered = office.wording.render(TEMPLATE, dict(fields))
    to = Address(person.email, person.name)
    envelope = Envelope(f"{SIGN_IN.name}:{row.token_hash}", to, person_id=person.id)
    return outgoing(office, SIGN_IN, rendered, envelope, now)
