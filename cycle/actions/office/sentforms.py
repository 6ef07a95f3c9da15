"""Every form is carried out once: a key of its own in each, and what came of it for whoever sends it again.

A key is random and sealed with its day, so that no key is taken for ours that we did not make, nor one of which the
outcome is no longer kept.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Event

from cycle.actions.office.office import Office
from cycle.actions.office.signing import open_signer
from cycle.settings import Settings
from cycle.store import sentforms
from cycle.store.sentforms import FormInHand
from cycle.store.tables import SentForm

PURPOSE = "formuliersleutel"
KEY_BYTES = 12  # beside the seal: only to tell one form from another
KEY_DAYS = 7
KEEP_DAYS = 9  # longer than any key is good, in every time zone
REMEMBERED = timedelta(days=1)
UNDER_WAY = timedelta(seconds=20)  # so long may the first one still be busy
LOOKS, PAUSE_SECONDS = 300, 0.05  # a machine that is busy takes its time

Fields = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """A form that was carried out: when, and what came of it. Without `is_over` nobody wrote that down.

    `is_same` is false when it said something else than the form that has now come with its key.
    """

    at: datetime
    place: str
    words: str
    is_over: bool
    is_same: bool


def new_key(settings: Settings, now: datetime) -> str:
    """A key for one form on one page."""
    return open_signer(settings).sign(PURPOSE, secrets.token_urlsafe(KEY_BYTES), settings.local_day(now))


def form_that_came(
    office: Office, key: str, now: datetime, *, who: str, route: str, path: str, address: str, fields: Fields
) -> FormInHand:
    """A form as it came, to be carried out. One without a key of ours from this week may write nothing.

    `address` is how its page names the place to send it to; of that place `path` is what counts.
    """
    today = office.local_day(now)
    is_ours = open_signer(office.settings).subject_of(PURPOSE, key, today, KEY_DAYS) is not None
    return FormInHand(
        key=key if is_ours else "",
        key_hash=_hashed(key) if is_ours else "",
        who=who,
        route=route,
        target=_hashed(path),
        content=_hashed(repr(sorted(fields))),
        at=now,
        address=address,
    )


def sent_before(office: Office, form: FormInHand) -> CarriedOut | None:
    """What came of this form when it was sent before; None when it was not.

    One that is being carried out at this moment is waited for. A key that somebody else used, or at another place, is
    no key: such a form may write nothing.
    """
    row, looks = _row(office, form), 1
    if row is not None and (row.who, row.target) != (form.who, form.target):
        form.key = form.key_hash = ""
        return None
    while row is not None and not row.is_over and form.at - row.at < UNDER_WAY and looks < LOOKS:
        Event().wait(PAUSE_SECONDS)
        row, looks = _row(office, form), looks + 1
    return None if row is None else _sent(row, form)


def just_said(office: Office, form: FormInHand) -> CarriedOut | None:
    """The form that said just this today, under another key: who goes back gets a fresh page with their words in it."""
    with office.database.reading() as session:
        row = sentforms.same_since(session, form, form.at - REMEMBERED)
    return None if row is None else _sent(row, form)


def write_down(office: Office, form: FormInHand, place: str, words: str) -> None:
    """Keeps what came of a form; one that wrote nothing takes its key now.

    Raises SentBefore when another took it meanwhile, Forbidden for a form without a key.
    """
    with sentforms.in_hand(form), office.database.writing() as session:
        sentforms.finish(session, form.key_hash, place, words)


def forget_sent_forms(office: Office, now: datetime) -> None:
    """Removes the keys that are no longer good."""
    with office.database.writing() as session:
        sentforms.forget(session, now - timedelta(days=KEEP_DAYS))


def _sent(row: SentForm, form: FormInHand) -> CarriedOut:
    return CarriedOut(row.at, row.place, row.words, row.is_over, row.content == form.content)


def _row(office: Office, form: FormInHand) -> SentForm | None:
    if not form.key_hash:
        return None
    with office.database.reading() as session:
        return sentforms.sent_form(session, form.key_hash)


def _hashed(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
