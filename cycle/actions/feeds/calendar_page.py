"""The subscribe page of a person, as values: who may see it, which links there are, and a new link with its buttons."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

from cycle.actions.feeds.links import ListedLink, NewLink, left_at, page_links
from cycle.actions.office.mailed import CALENDAR, open_link, reader_at
from cycle.actions.office.office import Office
from cycle.actions.office.seeing import tables_of
from cycle.actions.office.signing import Signer, open_signer
from cycle.errors import NotFound, Refused
from cycle.settings import Settings
from cycle.store import feedlinks
from cycle.store.database import Session
from cycle.store.ids import id_of

FORM = "formulier"
GONE = ("Deze pagina is er niet, of niet meer.", "Vraag het secretariaat om een nieuwe link naar uw agendapagina.")


@dataclass(frozen=True, slots=True)
class PageReader:
    """Who a page is for. `form` proves that a form came from this page; `mailed_on` is the day of its link."""

    person: int
    email: str
    covenants: tuple[tuple[str, str], ...]
    form: str
    mark: str
    mailed_on: date


@dataclass(frozen=True, slots=True)
class Button:
    """A calendar program, and the address that subscribes it."""

    label: str
    url: str
    note: str


def page_url(office: Office, email: str, now: datetime) -> str:
    """The signed address of a person's page.

    Raises NotFound when nobody has this address, Refused when they sit nowhere.
    """
    today = office.local_day(now)
    with office.database.reading() as session:
        person = reader_at(session, email, today)
        if _has_left(session, office.settings, person.email, now):
            raise Refused(f"{person.email} zit bij geen convenant aan tafel.", "Kijk met: cycle people")
    signer = open_signer(office.settings).of(person.seal_mark)
    return page_address(office.settings, signer, id_of(person), today)


def page_address(settings: Settings, signer: Signer, person: int, today: date) -> str:
    """The same for somebody who is known to sit somewhere, with their own signer."""
    return f"{settings.web.base_url}/agenda/{signer.sign(CALENDAR, str(person), today)}"


def reader_of(office: Office, signed: str, now: datetime) -> PageReader:
    """The reader of a signed address.

    Raises NotFound for one that opens nothing, or is of somebody who left or sees nothing yet: all with the same words;
    Ended for one that is too old.
    """
    with office.database.reading() as session:
        link = open_link(session, office.settings, CALENDAR, signed, now)
        if link is None:
            raise NotFound(*GONE)
        tables_there = tables_of(session, office.settings, link.person.email, now)
        if not tables_there:
            raise NotFound(*GONE)
        tables = tuple((here.row.slug, here.row.name) for here in tables_there.values())
    person, mark = link.person, link.person.seal_mark
    form = open_signer(office.settings).of(mark).sign(FORM, str(person.id), office.local_day(now))
    return PageReader(id_of(person), person.email, tables, form, mark, link.on)


def reader_links(office: Office, reader: PageReader, now: datetime) -> list[ListedLink]:
    """The links that the page lists."""
    with office.database.reading() as session:
        return page_links(session, reader.email, now)


def buttons(link: NewLink) -> tuple[Button, ...]:
    """How each program takes a subscription (rule A14): Outlook first, for most trekkers live in it."""
    webcal = webcal_of(link.url)
    name = quote("Prestatieafspraken", safe="")
    return (
        Button(
            "Outlook",
            f"https://outlook.office.com/calendar/0/addfromweb?url={quote(link.url, safe='')}&name={name}",
            "Voor Outlook van uw werk (Microsoft 365).",
        ),
        Button(
            "Google Agenda",
            f"https://calendar.google.com/calendar/r?cid={quote(webcal, safe='')}",
            "Open dit op een computer; daarna staat de agenda ook op uw telefoon.",
        ),
        Button("iPhone, iPad of Mac", webcal, "Uw toestel vraagt of u zich wilt abonneren."),
        Button("Thunderbird of een ander programma", webcal, "Lukt het niet? Plak dan het adres hieronder."),
    )


def webcal_of(url: str) -> str:
    """The same address in the scheme that opens a calendar program."""
    return f"webcal://{url.partition('://')[2]}"


def _has_left(session: Session, settings: Settings, email: str, now: datetime) -> bool:
    return left_at([member for _covenant, member in feedlinks.seats_at(session, email)], settings, now) is not None
