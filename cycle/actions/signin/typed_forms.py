"""What somebody typed as their session ran out is given back once they signed in again, in the same browser.

It is kept for an hour, sealed with a key that only that browser has, in a cookie: whoever reads the database, or signs
in there under another address, finds nothing. A form is kept only when it came from a page of a session of ours, so
nobody else can put words into a form, or fill the table.
"""

import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from cycle.actions.office.office import Office
from cycle.actions.office.signing import open_signer
from cycle.actions.signin.signing_in import hashed
from cycle.errors import CycleError
from cycle.store import sessions, typedforms
from cycle.store.tables import TypedForm as Row

KEPT = timedelta(hours=1)
MOST_BYTES = 200_000
MOST_FORMS = 5  # of one reader
SALT_BYTES, PROOF_BYTES = 16, 32


class TooLong(CycleError):
    """More was typed than we keep."""

    http_status = 413


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form as it came: the address that it was sent to and the page that it stands on, as our pages name them, its
    fields in order, and the names of the files that were chosen."""

    address: str
    page: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[str, ...] = ()


def keep(office: Office, ended: str, secret: str, form: KeptForm, now: datetime) -> bool:
    """Keeps a form under this secret, for whoever had the session that ended; says whether we still know who that was.

    Raises TooLong for more than we keep.
    """
    plain = json.dumps([form.address, form.page, form.fields, form.files]).encode()
    if len(plain) > MOST_BYTES:
        raise TooLong(
            "U bent niet (meer) aangemeld, en wat u invulde is te lang om te bewaren.",
            "Ga terug in uw browser, kopieer uw tekst, en meld u aan in een ander venster.",
        )
    with office.database.writing() as session:
        email = sessions.email_of(session, hashed(ended))
        if email:
            typedforms.forget(session, now - KEPT, now + KEPT)
            row = Row(
                browser_hash=hashed(secret),
                place_hash=_place(secret, form.address),
                reader_hash=_reader(office, email),
                content=_sealed(secret, plain),
                at=now,
            )
            typedforms.put(session, row, MOST_FORMS)
    return bool(email)


def given_back(office: Office, secret: str, email: str, now: datetime) -> list[KeptForm]:
    """What this reader typed in this browser within the hour, newest first."""
    with office.database.reading() as session:
        rows = typedforms.forms_of(session, hashed(secret), _reader(office, email), now - KEPT)
        opened = [_opened(secret, row.content) for row in rows]
    return [_form(plain) for plain in opened if plain is not None]


def drop(office: Office, secret: str, address: str) -> None:
    """Lets go of a form that was sent again."""
    with office.database.writing() as session:
        typedforms.drop(session, hashed(secret), _place(secret, address))


def forget_typed_forms(office: Office, now: datetime) -> None:
    """Removes what nobody came back for."""
    with office.database.writing() as session:
        typedforms.forget(session, now - KEPT, now + KEPT)


def _form(plain: bytes) -> KeptForm:
    address, page, fields, files = json.loads(plain)
    return KeptForm(address, page, tuple((name, value) for name, value in fields), tuple(files))


def _reader(office: Office, email: str) -> str:
    return open_signer(office.settings).seal("getypt", email)


def _place(secret: str, address: str) -> str:
    return sha256(f"{secret} {address}".encode()).hexdigest()


def _sealed(secret: str, plain: bytes) -> bytes:
    """The words under a key of their own, with a proof that they are as they were: each key is used once."""
    salt = secrets.token_bytes(SALT_BYTES)
    body = _crossed(_key(secret, "woorden", salt), plain)
    return salt + hmac.digest(_key(secret, "bewijs", salt), body, "sha256") + body


def _opened(secret: str, content: bytes) -> bytes | None:
    salt, proof = content[:SALT_BYTES], content[SALT_BYTES : SALT_BYTES + PROOF_BYTES]
    body = content[SALT_BYTES + PROOF_BYTES :]
    if not hmac.compare_digest(hmac.digest(_key(secret, "bewijs", salt), body, "sha256"), proof):
        return None
    return _crossed(_key(secret, "woorden", salt), body)


def _key(secret: str, use: str, salt: bytes) -> bytes:
    return hmac.digest(secret.encode(), use.encode() + b"\n" + salt, "sha256")


def _crossed(key: bytes, text: bytes) -> bytes:
    """A text crossed with a stream that only this key makes; once more, and it is the text again."""
    blocks = range(len(text) // 32 + 1)
    stream = b"".join(hmac.digest(key, number.to_bytes(8, "big"), "sha256") for number in blocks)[: len(text)]
    return (int.from_bytes(text, "big") ^ int.from_bytes(stream, "big")).to_bytes(len(text), "big")
