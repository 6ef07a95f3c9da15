"""The page on which a person takes their calendar: by signed link, on a phone too, without a script.

Looking changes nothing, for mail scanners open every link (rule B8). A new link and the end of one are forms.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

import segno
from fastapi import APIRouter, Depends, Form
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from cycle.actions.feeds import FeedScope, Shows, new_link, revoke_link
from cycle.actions.feeds.calendar_page import FORM, PageReader, buttons, reader_links, reader_of, webcal_of
from cycle.actions.feeds.links import ListedLink
from cycle.actions.office.office import Office
from cycle.actions.office.sentforms import CarriedOut
from cycle.domain.text import number_in
from cycle.domain.words import span_words
from cycle.errors import Refused
from cycle.web.cleaning import FormLine
from cycle.web.door import AtDoor, Door
from cycle.web.once import OnceRoute, asks_again, keep_form, note_outcome, shown_again
from cycle.web.own_page import SECRET, Asker, MailedPages
from cycle.web.year import moment_words

router = APIRouter(dependencies=[Depends(keep_form)], route_class=OnceRoute)


def _open(office: Office, signed: str, now: datetime) -> tuple[PageReader, date]:
    """The reader whom a signed address lets in, and the day of its mail."""
    reader = reader_of(office, signed, now)
    return reader, reader.mailed_on


PAGES = MailedPages("/agenda", FORM, _open)

SCOPE_WORDS = {
    FeedScope.MINE: "mijn eigen termijnen",
    FeedScope.PARTY: "alle termijnen van mijn partij",
    FeedScope.COVENANT: "alles van {}",
    FeedScope.ALL: "alles van al mijn convenanten",
}
ALARM_DAYS = (1, 3, 7, 14)


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link as the page lists it."""

    id: int
    name: str
    shows: str
    made: str
    fetched: str
    is_live: bool


@router.api_route("/agenda/{signed}", methods=["GET", "HEAD"])
def page(door: AtDoor, request: Request, signed: str) -> Response:
    """The links there are, and the form for another."""
    return _page(*PAGES.opened(door, request, signed))


def _made_before(sent: CarriedOut, *, door: Door, request: Request, signed: str, **_form: object) -> Response:
    """The page of the links: that this one was made, for its address is shown once and not kept."""
    when = moment_words(sent.at, door.now(), door.office.settings.zone)
    made = sent.words or "Deze koppeling is al gemaakt."
    return _page(*PAGES.opened(door, request, signed), made=made, made_when=when)


@router.post("/agenda/{signed}/nieuw")
@shown_again(_made_before)
@asks_again
def new(
    door: AtDoor,
    request: Request,
    signed: str,
    form: FormLine = "",
    naam: FormLine = "",
    toon: FormLine = "mine",
    periodes: FormLine = "",
    alarm: FormLine = "",
) -> Response:
    """Makes a link and shows it, this once."""
    reader, asker = PAGES.changing(door, request, signed, form)
    shows = _shows(reader, toon, periodes, alarm)
    link = new_link(door.office, reader.email, door.now(), name=naam, shows=shows, by=asker.by)
    note_outcome(request, f"De koppeling “{link.name}” is gemaakt.")
    answer = door.templates.page(
        "subscribed", link=link, buttons=buttons(link), qr=_qr(webcal_of(link.url)), back=f"/agenda/{signed}"
    )
    answer.headers.update(SECRET)
    return answer


@router.post("/agenda/{signed}/intrekken")
@shown_again(PAGES.page_again)
def revoke(
    door: AtDoor, request: Request, signed: str, form: FormLine = "", link: Annotated[int, Form()] = 0
) -> Response:
    """Ends one link, and shows the page again."""
    reader, asker = PAGES.changing(door, request, signed, form)
    revoke_link(door.office, reader.email, link, door.now(), by=asker.by)
    return asker.back()


PAGES.add_code_routes(router)


def _page(reader: PageReader, asker: Asker, *, made: str = "", made_when: str = "") -> Response:
    """The page; `made` is the link that a form made before, and that it is not made again."""
    door = asker.door
    url = f"{door.office.settings.web.base_url}{asker.path}"
    links = [_row(link, reader, door) for link in reader_links(door.office, reader, door.now())]
    answer = door.templates.page(
        "subscribe",
        links=links,
        form=reader.form,
        path=asker.path,
        choices=_choices(reader),
        alarm_days=ALARM_DAYS,
        qr=_qr(url),
        made=made,
        made_when=made_when,
        may_change=asker.may_change,
    )
    return asker.shown(answer)  # the address of a calendar is its password


def _choices(reader: PageReader) -> list[tuple[str, str]]:
    """What a link can show, as the values and words of the form."""
    choices: list[tuple[str, str]] = [(scope, SCOPE_WORDS[scope]) for scope in (FeedScope.MINE, FeedScope.PARTY)]
    choices += [(f"covenant:{slug}", SCOPE_WORDS[FeedScope.COVENANT].format(name)) for slug, name in reader.covenants]
    return choices + ([(FeedScope.ALL, SCOPE_WORDS[FeedScope.ALL])] if len(reader.covenants) > 1 else [])


def _shows(reader: PageReader, asked: str, banners: str, alarm: str) -> Shows:
    """The choice that was made. Raises Refused for one that the form does not offer."""
    scope, _, covenant = asked.partition(":")
    days = number_in(alarm)
    if asked not in dict(_choices(reader)) or (alarm and days is None):
        raise Refused("Die keuze is er niet.", "Ga terug naar de pagina en kies opnieuw.")
    return Shows(FeedScope(scope), covenant or None, bool(banners), days)


def _row(link: ListedLink, reader: PageReader, door: Door) -> LinkRow:
    now, zone = door.now(), door.office.settings.zone
    words = SCOPE_WORDS[link.scope].format(dict(reader.covenants).get(link.covenant, "één convenant"))
    extra = [", ook periodes"] if link.banners else []
    extra += [f", alarm {span_words(link.alarm_days)} van tevoren"] if link.alarm_days else []
    fetched = "nog niet opgehaald"
    if link.last_fetched_at is not None:
        fetched = f"laatst opgehaald {moment_words(link.last_fetched_at, now, zone)} door {link.client}"
    if link.ended_at is not None:
        fetched = f"beëindigd {moment_words(link.ended_at, now, zone)}"
    made = f"gemaakt {moment_words(link.created_at, now, zone)}"
    return LinkRow(link.id, link.name, words + "".join(extra), made, fetched, link.ended_at is None)


def _qr(address: str) -> Markup:
    """The address as a drawing in the page, always dark on light: cameras want it so."""
    code = segno.make(address, error="m", micro=False)
    drawing = code.svg_inline(border=4, dark="#000000", light="#ffffff", svgclass="qr", lineclass=None, omitsize=True)
    return Markup(drawing)
