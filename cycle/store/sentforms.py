"""Forms that were carried out: each bears a key, and the key is taken in the transaction of the act itself.

`in_hand` names the form that this thread carries out. The first transaction that `Database.writing()` begins meanwhile
takes its key before anything else: whoever has the same key waits for the end of that transaction and then meets
`SentBefore`, and when it is rolled back the key is free again. What came of the form is written down right after; a
process that dies in between leaves a form of which it is known that it was carried out, and not with which words.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from cycle.errors import Forbidden
from cycle.store.tables import SentForm

OLD_FORM = ("Dit formulier is te oud.", "Open de pagina opnieuw en probeer het nog eens.")


@dataclass(slots=True)
class FormInHand:
    """A form that is being carried out. `key_hash` is empty for one without a key of ours: it may write nothing.

    `route`, `target` and `content` say where it was sent and what stood in it; the last two are hashes, for an address
    may be a secret. `address` is the place as its page names it, and is not kept.
    """

    key: str
    key_hash: str
    who: str
    route: str
    target: str
    content: str
    at: datetime
    address: str
    is_taken: bool = False


class SentBefore(BaseException):
    """The key was taken by another. No act may take this for a fault of its own, hence no Exception."""


_IN_HAND: ContextVar[FormInHand | None] = ContextVar("form in hand", default=None)


@contextmanager
def in_hand(form: FormInHand) -> Iterator[None]:
    """Until the end of the block this thread carries out a form."""
    before = _IN_HAND.set(form)
    try:
        yield
    finally:
        _IN_HAND.reset(before)


def form_in_hand() -> FormInHand | None:
    """The form that this thread carries out, if any."""
    return _IN_HAND.get()


def take(session: Session, form: FormInHand) -> None:
    """Takes the key, first of all in a transaction.

    Raises SentBefore when another took it, Forbidden for a form without a key of ours.
    """
    if not form.key_hash:
        raise Forbidden(*OLD_FORM)
    try:
        session.connection().execute(
            insert(SentForm).values(
                key_hash=form.key_hash,
                who=form.who,
                route=form.route,
                target=form.target,
                content=form.content,
                at=form.at,
                place="",
                words="",
                is_over=False,
            )
        )
    except IntegrityError:
        raise SentBefore from None


def finish(session: Session, key_hash: str, place: str, words: str) -> None:
    """Writes down what came of a form whose key was taken."""
    mine = update(SentForm).where(col(SentForm.key_hash) == key_hash)
    session.connection().execute(mine.values(place=place, words=words, is_over=True))


def sent_form(session: Session, key_hash: str) -> SentForm | None:
    """The form of this key, once it was carried out."""
    return session.get(SentForm, key_hash)


def same_since(session: Session, form: FormInHand, moment: datetime) -> SentForm | None:
    """The newest other form since a moment that said just this, from the same person to the same place. One with the
    same key is this very form, sent twice at once."""
    said = SentForm.who == form.who, SentForm.target == form.target, SentForm.content == form.content
    query = select(SentForm).where(SentForm.at > moment, SentForm.key_hash != form.key_hash, *said)
    return session.exec(query.order_by(col(SentForm.at).desc())).first()


def forget(session: Session, before: datetime) -> None:
    """Removes forms that were carried out before a moment: their keys are no longer taken for ours."""
    session.connection().execute(delete(SentForm).where(col(SentForm.at) < before))
