"""The short mail that confirms what a link settled, with the way to correct it."""

from datetime import datetime
from email.utils import parseaddr

from cycle.actions.answers.answering.answer_page import AnswerLine, AnswerPage
from cycle.actions.answers.answering.reply import Reply
from cycle.actions.office.answer_links import Correction, correction_url
from cycle.actions.office.covenant_view import CovenantView, sender_of, views
from cycle.actions.office.letterbox import Envelope, outgoing
from cycle.actions.office.office import Office
from cycle.actions.office.signing import open_signer
from cycle.actions.office.unmade import unmade
from cycle.domain.mail_kinds import CONFIRMATION
from cycle.domain.words import weekday_words
from cycle.mail.compose import Address
from cycle.mail.fields import ConfirmationFields
from cycle.store.tables import Message

KIND = CONFIRMATION


def confirmation_or_failure(office: Office, page: AnswerPage, row: AnswerLine, reply: Reply, now: datetime) -> Message:
    """The outbox row of the mail to whose link it was, rendered. One that cannot be made never holds up the answer."""
    try:
        return _confirmation(office, page, row, reply, now)
    except Exception as error:
        key, on = _key(page, row, now), office.local_day(now)
        return unmade(
            office,
            key,
            KIND.name,
            type(error).__name__,
            now,
            on=on,
            to=page.email,
            person_id=page.person,
            covenant_id=row.covenant,
        )


def _confirmation(office: Office, page: AnswerPage, row: AnswerLine, reply: Reply, now: datetime) -> Message:
    settings = office.settings
    with office.database.reading() as session:
        view = views(session, settings, [row.covenant])[row.covenant]
    fields = _fields(office, view, page, row, reply, now)
    rendered = office.wording.render(KIND.name, dict(fields))
    sender, reply_to = sender_of([view.row.name], [view], settings)
    to = Address(page.email, page.name)
    envelope = Envelope(_key(page, row, now), to, sender, reply_to, page.person, row.covenant)
    return outgoing(office, KIND, rendered, envelope, now)


def _key(page: AnswerPage, row: AnswerLine, now: datetime) -> str:
    return f"{KIND.name}:{page.person}:{row.deadline}:{row.party}:{now.timestamp():.6f}"


def _fields(
    office: Office, view: CovenantView, page: AnswerPage, row: AnswerLine, reply: Reply, now: datetime
) -> ConfirmationFields:
    local = now.astimezone(view.settings.zone)
    signer = open_signer(office.settings).of(page.seal_mark)
    link = correction_url(view.settings, signer, Correction(page.person, row.deadline, row.party), local.date())
    return ConfirmationFields(
        person_name=page.name,
        number=row.number,
        title=row.title,
        stand=reply.stand if reply.stand else "",
        party=row.party_name,
        said_by=reply.name,
        sentence="; ".join(filter(None, (reply.sentence, f"hoort bij {reply.colleague}" if reply.colleague else ""))),
        moment_words=f"{weekday_words(local.date())} om {local:%H.%M} uur",
        link=link,
        covenant=view.row.name,
        base_url=view.settings.web.base_url,
        signature=view.row.signature or office.wording.say("signature.default"),
        phone=view.row.phone,
        reply_to=view.row.reply_to or parseaddr(view.settings.mail.reply_to)[1],
    )
