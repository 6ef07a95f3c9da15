"""Replies by mail: who wrote what back to which mail of ours, from the mailbox that `[mail] replies` names.

They wait under Post, Antwoorden, and nothing is done with them by itself: anybody can write a mail in another's name.
What a machine wrote is left out, and what answers no mail of ours stays in the mailbox as it is and is kept nowhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cycle.actions.office.office import Office
from cycle.actions.post.returns.transports import open_tokens
from cycle.mail.returned import read_own
from cycle.mail.written_back import answers_of, read_written_back
from cycle.store import replies
from cycle.store.tables import MailReply

LOOKED_BACK = timedelta(days=14)
"""How old a mail in that mailbox may be and still be looked at: an outage of the clock is shorter."""


@dataclass(slots=True)
class Replies:
    """What one round found: mails that answer ours, those of them that are new, and those that a machine wrote."""

    ours: int = 0
    new: int = 0
    automatic: int = 0


def read_replies(office: Office, now: datetime) -> Replies:
    """Reads the new replies, where a mailbox for them is set.

    Raises CycleError when the mailbox cannot be reached.
    """
    mail, result = office.settings.mail, Replies()
    if not mail.replies:
        return result

    def is_ours(head: bytes) -> bool:
        return _is_known_thread(office, answers_of(head))

    def read(raw: bytes) -> bool:
        written = read_written_back(raw)
        result.automatic += written.is_automatic
        return not written.is_automatic and _keep(office, raw, now, result)

    since = office.local_day(now - LOOKED_BACK)
    folder, tokens = office.settings.path(mail.replies), open_tokens(office.settings)
    result.ours = read_own(mail.replies, folder, is_ours, read, since, tokens, mail.user)
    return result


def _is_known_thread(office: Office, about: Sequence[str]) -> bool:
    with office.database.reading() as session:
        message = replies.message_with(session, about)
        return message is not None and message.person_id is not None


def _keep(office: Office, raw: bytes, now: datetime, result: Replies) -> bool:
    """Writes one down, once however often it is read; True for what is kept."""
    written = read_written_back(raw)
    with office.database.writing() as session:
        if replies.is_known(session, written.mail_id):
            return True
        message = replies.message_with(session, written.about)
        if message is None or message.id is None or message.person_id is None or not written.words:
            return False
        session.add(
            MailReply(
                message_id=message.id,
                person_id=message.person_id,
                mail_id=written.mail_id,
                sender=written.sender,
                words=written.words,
                read_at=now,
            )
        )
        result.new += 1
    return True
