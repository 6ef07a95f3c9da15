"""Signing in by a link in a mail (rule C13): asked for, mailed at once, spent once, in the browser that asked.

The link alone is not enough: a mail that is forwarded or read by a scanner lets nobody in. Whoever opens it in another
browser types the code that stands in the first one. Every answer is the same for an address that nobody has.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from cycle.actions.office.letterbox import Envelope, outgoing, service_address
from cycle.actions.office.logbook import note
from cycle.actions.office.mailed import SIGN_IN_MARK, secret_of
from cycle.actions.office.office import Office
from cycle.actions.office.signing import Signer, open_signer
from cycle.actions.signin.asking import DAY, HOUR, From, Limits, Spans, refuse_too_many, source_of
from cycle.actions.signin.visitors import Visitor, visitor_at, visitor_with
from cycle.domain.mail_kinds import SIGN_IN
from cycle.errors import Refused
from cycle.mail.compose import Address
from cycle.mail.fields import SignInFields
from cycle.mail.seals import left_out
from cycle.store import sessions
from cycle.store.database import Session
from cycle.store.outbox import emptying, putting
from cycle.store.tables import DeskSession, Message, SignIn

SESSION = "nieuwe sessie"
LINK_LASTS = timedelta(minutes=15)
PER_NETWORK: Spans = ((HOUR, 5), (DAY, 8))
IN_ALL: Spans = ((DAY, 24),)
"""How many links strangers may have mailed to one address: from one network, and from all of them together."""
CODE_TRIES = 5
KEPT = timedelta(days=7)
"""So long it stays known whose a session was, for what they typed as it ended."""
OVER = ("Deze link werkt niet meer.", "Een link werkt één keer, een kwartier lang. Vraag een nieuwe aan.")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: the secret for the cookie, and the page that was wanted."""

    token: str
    email: str
    goes_to: str


def hashed(secret: str) -> str:
    """What is kept of a secret."""
    return sha256(secret.encode("utf-8", "replace")).hexdigest()


def code_of(office: Office, browser: str) -> str:
    """The six figures that a browser shows, and that a link opened elsewhere asks for."""
    return _code(open_signer(office.settings), hashed(browser))


def ask(office: Office, email: str, now: datetime, *, browser: str, asked_from: From, goes_to: str = "") -> None:
    """Mails a link to whoever has this address, and does as much work when nobody has.

    Raises Refused when that was asked too often from there (`asking.py`), CycleError for what is no address.
    """
    email, mark, signer = email.strip().lower(), secrets.token_hex(SIGN_IN_MARK // 2), open_signer(office.settings)
    token = secret_of(office.settings, mark)
    with office.database.reading() as session:
        visitor = visitor_at(session, office.settings, email, now)
    message = _message(office, email, visitor, token, now)
    row = SignIn(
        token_hash=hashed(token),
        browser_hash=hashed(browser),
        address_hash=signer.seal("adres", email),
        network_hash=source_of(office, asked_from, email, now),
        email=email if visitor else "",
        goes_to=goes_to,
        asked_at=now,
    )
    with office.database.writing() as session:
        sessions.take_turns(session)
        refuse_too_many(office, session, row, _limits(office), now, "een link")
        session.add(row)
        draft = session.begin_nested()
        putting.put(session, message, (), now)
        if visitor is None:  # it took as long as a mail that goes
            draft.rollback()


def opens_with(office: Office, token: str, browser: str, now: datetime) -> str:
    """What it takes to spend a link in this browser: a `button`, a `code` too, or `nothing` helps any more."""
    with office.database.reading() as session:
        row = sessions.link_of(session, hashed(token), now - LINK_LASTS)
    if row is None or row.tries >= CODE_TRIES:
        return "nothing"
    return "button" if _is_of(row, browser) else "code"


def spend(office: Office, token: str, now: datetime, *, browser: str, code: str = "", ends: str = "") -> SignedIn:
    """Spends a link once and begins a session; `ends` is the session that this browser had.

    A browser that pressed the button twice gets the same session both times: its secret is sealed from the link and the
    browser, so that it need not be kept. Raises Refused for a link that is unknown, spent elsewhere or too old, or a
    code that is not that of the browser that asked.
    """
    signer, wrong_code = open_signer(office.settings), False
    secret = signer.seal(SESSION, f"{token}\n{browser}")
    with office.database.writing() as session:
        row = sessions.link_of(session, hashed(token), now - LINK_LASTS)
        if row is not None and not _is_of(row, browser):
            counted = sessions.count_try(session, row.token_hash, now - LINK_LASTS, CODE_TRIES)
            wrong_code = not counted or not hmac.compare_digest(_code(signer, row.browser_hash), figures_in(code))
        if row is not None and not wrong_code:
            spent = sessions.spend(session, row.token_hash, now - LINK_LASTS, now)
            if spent is not None:
                emptying.empty_sign_ins(session, now - LINK_LASTS, _key(token))
            if spent is not None and visitor_at(session, office.settings, spent.email, now) is not None:
                _begin(session, spent.email, now, ends, "link", secret)
                return SignedIn(secret, spent.email, spent.goes_to)
        before = sessions.spent_link(session, hashed(token), hashed(secret), now - LINK_LASTS)
        if before is not None:
            return SignedIn(secret, before.email, before.goes_to)
    if wrong_code:
        raise Refused("Die code klopt niet.", "Typ de zes cijfers over die in het andere venster staan.")
    raise Refused(*OVER)


def begin(office: Office, email: str, now: datetime, *, ends: str = "", how: str) -> SignedIn | None:
    """A session for an address that somebody else vouched for, or None when they sit nowhere."""
    with office.database.writing() as session:
        if visitor_at(session, office.settings, email, now) is None:
            return None
        secret = secrets.token_urlsafe(32)
        _begin(session, email, now, ends, how, secret)
        return SignedIn(secret, email, "")


def visitor_of(office: Office, token: str, now: datetime) -> Visitor | None:
    """Who is signed in with this cookie."""
    began_after = now - timedelta(hours=office.settings.signin.session_hours)
    with office.database.reading() as session:
        return visitor_with(session, office.settings, hashed(token), began_after, now)


def sign_out(office: Office, token: str, now: datetime) -> None:
    """Ends the session of this browser."""
    with office.database.writing() as session:
        sessions.end(session, now, token_hash=hashed(token))


def sign_out_everywhere(office: Office, email: str, now: datetime) -> int:
    """Ends the sessions of an address in every browser; returns how many there were."""
    with office.database.writing() as session:
        ended = sessions.end(session, now, email=email)
        note(session, now, email, "overal afgemeld", "aanmelden")
    return ended


def forget_sign_ins(office: Office, now: datetime) -> None:
    """Removes links and sessions that open nothing any more; links count for the limits for a day."""
    lasts = timedelta(hours=office.settings.signin.session_hours)
    with office.database.writing() as session:
        emptying.empty_sign_ins(session, now - LINK_LASTS)
        sessions.forget(session, now - DAY, now - max(lasts, KEPT), now)


def _begin(session: Session, email: str, now: datetime, ends: str, how: str, secret: str) -> None:
    """A new secret at every sign-in; the one that the browser had is worth nothing any more."""
    if ends:
        sessions.end(session, now, token_hash=hashed(ends))
    session.add(DeskSession(token_hash=hashed(secret), email=email, began_at=now))
    note(session, now, email, "aangemeld", "aanmelden", how)


def _limits(office: Office) -> Limits:
    """A whole town hall may sign in from one network, but nobody fills one mailbox from there."""
    return Limits(PER_NETWORK, IN_ALL, of_network=((HOUR, office.settings.signin.network_per_hour),))


def _message(office: Office, email: str, visitor: Visitor | None, token: str, now: datetime) -> Message:
    """The outbox row with the link. It is made for an unknown address too, and then thrown away."""
    settings = office.settings
    ends = (now + LINK_LASTS).astimezone(settings.zone)
    fields = SignInFields(
        person_name=visitor.name if visitor and visitor.name != email else "",
        link=f"{settings.web.base_url}/aanmelden/{left_out(len(token))}",  # the secret comes in as it leaves
        until_words=f"{ends:%H.%M} uur",
        base_url=settings.web.base_url,
        signature=service_address(office).name or "cycle",
    )
    rendered = office.wording.render(SIGN_IN.name, dict(fields))
    people = visitor.person_ids if visitor else ()
    to, reader = Address(email, fields["person_name"]), next(iter(people), None)
    return outgoing(office, SIGN_IN, rendered, Envelope(_key(token), to, person_id=reader), now)


def _key(token: str) -> str:
    return f"{SIGN_IN.name}:{token[:SIGN_IN_MARK]}"


def _is_of(row: SignIn, browser: str) -> bool:
    return hmac.compare_digest(row.browser_hash, hashed(browser))


def _code(signer: Signer, browser_hash: str) -> str:
    return six_figures(signer.seal("aanmeldcode", browser_hash))


def six_figures(seal: str) -> str:
    """A code that only who has our key can work out."""
    return f"{int(hashed(seal)[:12], 16) % 1_000_000:06d}"


def figures_in(typed: str) -> str:
    """The figures in what was typed, spaces and dashes aside."""
    return "".join(one for one in typed if one.isascii() and one.isdecimal())
