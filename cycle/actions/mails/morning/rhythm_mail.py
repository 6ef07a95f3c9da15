"""The short mail that confirms days away, who stands in, and the end of the weekly overview."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parseaddr
from enum import StrEnum

from cycle.actions.office.covenant_view import CovenantView, sender_of
from cycle.actions.office.letterbox import Envelope, outgoing
from cycle.actions.office.office import Office
from cycle.actions.office.rhythm_links import rhythm_url
from cycle.actions.office.signing import open_signer
from cycle.actions.office.unmade import unmade
from cycle.domain.mail_kinds import RHYTHM
from cycle.domain.words import weekday_words
from cycle.mail.compose import Address
from cycle.mail.fields import RhythmFields
from cycle.store.ids import id_of
from cycle.store.tables import Message, Person

KIND = RHYTHM


class RhythmChange(StrEnum):
    """What is confirmed, and to whom: the person themselves, or who stands in."""

    PAUSED = "paused"
    PAUSE_ENDED = "pause-ended"
    STAND_IN = "stand-in"
    STAND_IN_ENDED = "stand-in-ended"
    OVERVIEW_STOPPED = "overview-stopped"


@dataclass(frozen=True, slots=True)
class Notice:
    """One confirmation. `mark` tells it from others of its kind; `away` is who is away, `deputy` who stands in."""

    change: RhythmChange
    mark: str
    first: date | None = None
    last: date | None = None
    away: str = ""
    deputy: str = ""


def confirm(office: Office, view: Sequence[CovenantView], to: Person, notice: Notice, now: datetime) -> Message:
    """The outbox row of a confirmation, rendered. One that cannot be made never holds up what it confirms."""
    try:
        return _message(office, view, to, notice, now)
    except Exception as error:
        on = office.local_day(now)
        return unmade(
            office,
            _key(to, notice),
            KIND.name,
            type(error).__name__,
            now,
            on=on,
            to=to.email,
            person_id=to.id,
            covenant_id=view[0].id if len(view) == 1 else None,
        )


def _message(office: Office, views: Sequence[CovenantView], to: Person, notice: Notice, now: datetime) -> Message:
    settings, row = office.settings, views[0].row
    today = settings.local_day(now)
    sender, reply_to = sender_of([one.row.name for one in views], views, settings)
    fields = RhythmFields(
        person_name=to.name,
        change=notice.change,
        away_name=notice.away,
        deputy_name=notice.deputy,
        first_words=weekday_words(notice.first) if notice.first else "",
        last_words=weekday_words(notice.last) if notice.last else "",
        rhythm_url=rhythm_url(settings, open_signer(settings).of(to.seal_mark), id_of(to), today),
        covenant_names=[one.row.name for one in views],
        base_url=settings.web.base_url,
        signature=row.signature or office.wording.say("signature.default"),
        phone=row.phone,
        reply_to=row.reply_to or parseaddr(settings.mail.reply_to)[1],
    )
    rendered = office.wording.render(KIND.name, dict(fields))
    covenant = views[0].id if len(views) == 1 else None
    envelope = Envelope(_key(to, notice), Address(to.email, to.name), sender, reply_to, to.id, covenant)
    return outgoing(office, KIND, rendered, envelope, now)


def _key(to: Person, notice: Notice) -> str:
    return f"{KIND.name}:{to.id}:{notice.change}:{notice.mark}"
