"""The welcome mail: once per person, what they will get from us and the page where they take their calendar."""

import logging
from datetime import datetime
from email.utils import parseaddr

from cycle.actions.feeds.calendar_page import page_url
from cycle.actions.feeds.content import seats_of
from cycle.actions.office.covenant_view import CovenantView, sender_of
from cycle.actions.office.letterbox import Envelope, outgoing
from cycle.actions.office.logbook import note
from cycle.actions.office.mailed import reader_at
from cycle.actions.office.office import Office
from cycle.actions.office.seeing import tables_of
from cycle.domain.mail_kinds import WELCOME
from cycle.domain.model import Member
from cycle.domain.words import joined
from cycle.errors import CycleError, Refused
from cycle.mail.compose import Address
from cycle.mail.fields import Rendered, Say, WelcomeFields
from cycle.store.database import Session
from cycle.store.mishaps import KeyTaken
from cycle.store.outbox import putting
from cycle.store.tables import Message, Person

KIND = WELCOME

log = logging.getLogger(__name__)


def welcome(office: Office, email: str, now: datetime, *, by: str = "") -> str:
    """Puts the welcome mail of a person into the outbox, once; says in words what came of it.

    Raises NotFound when nobody has this address, Refused while none of their covenants is released, CycleError when the
    mail cannot be made.
    """
    with office.database.reading() as session:
        person = reader_at(session, email, office.local_day(now))
        message = _message(office, session, person, page_url(office, email, now), now)
    try:
        with office.database.writing() as session:
            putting.put(session, message, (), now)
            note(session, now, by, "welkom geheten", f"persoon {person.id}")
    except KeyTaken:
        return f"{person.email} is al welkom geheten; er gaat niets nog een keer."
    return f"De welkomstmail aan {person.email} staat klaar om te gaan."


def _message(office: Office, session: Session, person: Person, url: str, now: datetime) -> Message:
    settings = office.settings
    view = _tables(office, session, person, now)
    if not view:
        raise Refused("Er gaat nog geen mail naar de partijen.", "Geef het convenant eerst vrij met: cycle release")
    fields, rendered = _rendered(office, view, person, url, now)
    sender, reply_to = sender_of(fields["covenant_names"], view, settings)
    envelope = Envelope(f"{KIND.name}:{person.id}", Address(person.email, person.name), sender, reply_to, person.id)
    return outgoing(office, KIND, rendered, envelope, now)


def _rendered(
    office: Office, tables: list[CovenantView], person: Person, url: str, now: datetime
) -> tuple[WelcomeFields, Rendered]:
    try:
        fields = _fields(office, tables, person, url, now)
        return fields, office.wording.render(KIND.name, dict(fields))
    except Exception as error:
        log.error("the welcome of person %s could not be made: %s", person.id, type(error).__name__)
        raise CycleError("De welkomstmail is niet te maken.", "Laat de beheerder kijken met: cycle doctor") from error


def _tables(office: Office, session: Session, person: Person, now: datetime) -> list[CovenantView]:
    """The covenants where the person has a seat today, and which they may see."""
    seated = tables_of(session, office.settings, person.email, now).values()
    return [view for view in seated if seats_of(view, person.email, view.local_day(now))]


def _fields(office: Office, tables: list[CovenantView], person: Person, url: str, now: datetime) -> WelcomeFields:
    first, settings, say = tables[0].row, office.settings, office.wording.say
    roles = [_role_words(seat, one, say) for one in tables for seat in seats_of(one, person.email, one.local_day(now))]
    return WelcomeFields(
        person_name=person.name,
        intro=say("welcome.intro"),
        covenant_names=[one.row.name for one in tables],
        roles=roles,
        calendar_url=url,
        base_url=settings.web.base_url,
        signature=first.signature or say("signature.default"),
        phone=first.phone,
        reply_to=first.reply_to or parseaddr(settings.mail.reply_to)[1],
    )


def _role_words(seat: Member, view: CovenantView, say: Say) -> str:
    """ "trekker van afspraak 5.9 namens Clavis" """
    kind = "agreements" if seat.numbers else "themes" if seat.themes else "plain"
    about = joined(list(seat.numbers or seat.themes))
    party = view.party_names.get(seat.party, seat.party)
    return say(f"seat.{kind}", role=say(f"role.{seat.role}"), about=about, party=party)
