"""What is not kept: the words of a mail, some time after it left. That it was sent, when and why stays."""

from datetime import datetime, timedelta

from cycle.actions.office.office import Office
from cycle.store import replies
from cycle.store.outbox import emptying

AT_ONCE = 500


def empty_old_bodies(office: Office, now: datetime) -> int:
    """Empties the bodies of what is over for `mail.keep_days` days (design section 4), and forgets the replies that
    were settled as long ago; returns how many bodies."""
    before, emptied = now - timedelta(days=office.settings.mail.keep_days), 0
    with office.database.writing() as session:
        replies.forget(session, before)
    while True:
        with office.database.reading() as session:
            ids = emptying.old_bodies(session, before, AT_ONCE)
        if not ids:
            return emptied
        with office.database.writing() as session:
            emptying.empty_bodies(session, ids)
        emptied += len(ids)
