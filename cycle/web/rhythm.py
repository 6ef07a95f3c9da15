"""The page of somebody's own rhythm, and the end of the weekly overview: by signed link, without a script.

Looking changes nothing, for mail scanners open every link (rule B8); a form does, with a token. The one-click end of
RFC 8058 comes from a mail program, without cookie or token, and stops the overview only (rule B6).
"""

from datetime import date, datetime, time
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import Response

from cycle.actions.office.mailed import OVERVIEW, MailedLink, renew_links
from cycle.actions.office.office import Office
from cycle.actions.office.rhythm_links import RHYTHM_FORM
from cycle.actions.office.sentforms import CarriedOut
from cycle.actions.people.rhythms.rhythm import (
    Choice,
    OwnRhythm,
    choose,
    end_pause,
    link_of,
    own_rhythm,
    pause,
    rhythm_words,
    stop_overview,
)
from cycle.domain.days import parse_day, parse_time
from cycle.domain.rhythm import EVERY_DAY
from cycle.domain.text import number_in
from cycle.domain.words import WEEKDAYS, day_words
from cycle.errors import Refused
from cycle.store.ids import id_of
from cycle.web.cleaning import FormLine
from cycle.web.door import AtDoor, Door
from cycle.web.once import OnceRoute, keep_form, once_by_itself, shown_again
from cycle.web.own_page import SECRET, MailedPages

router = APIRouter(dependencies=[Depends(keep_form)], route_class=OnceRoute)


def _open(office: Office, signed: str, now: datetime) -> tuple[OwnRhythm, date]:
    """The rhythm that a signed address opens, and the day of its mail."""
    link: MailedLink = link_of(office, signed, now)
    return own_rhythm(office, id_of(link.person), now), link.on


PAGES = MailedPages("/ritme", RHYTHM_FORM, _open)


@router.api_route("/ritme/{signed}", methods=["GET", "HEAD"])
def page(door: AtDoor, request: Request, signed: str) -> Response:
    """When mail comes, and who gets it while this person is away."""
    own, asker = PAGES.opened(door, request, signed)
    answer = door.templates.page(
        "rhythm",
        own=own,
        path=asker.path,
        words=rhythm_words(own.rhythm),
        hour=_hour(own),
        hours=[f"{hour:%H:%M}" for hour in own.hours],
        usual=f"{door.office.settings.mail.send_hour:%H.%M}",
        days=[(number, name, number in own.rhythm.weekdays) for number, name in enumerate(WEEKDAYS[:5])],
        numbers=range(1, own.most_per_week + 1),
        today=door.office.local_day(door.now()).isoformat(),
        pauses=[(one.id, f"{day_words(one.first)} tot en met {day_words(one.last)}", one.deputy) for one in own.pauses],
        may_change=asker.may_change,
    )
    return asker.shown(answer)


@router.post("/ritme/{signed}")
@shown_again(PAGES.page_again)
def save(
    door: AtDoor,
    request: Request,
    signed: str,
    form: FormLine = "",
    uur: FormLine = "",
    aantal: FormLine = "",
    dag: Annotated[list[int] | None, Form()] = None,
    overzicht: FormLine = "",
) -> Response:
    """Keeps when mail comes."""
    own, asker = PAGES.changing(door, request, signed, form)
    overview = bool(overzicht) if own.is_office else own.has_overview
    choice = Choice(_clock(uur), frozenset(dag or ()) & EVERY_DAY, _number(aantal), overview)
    choose(door.office, own.person, choice, door.now(), by=asker.by)
    return asker.back()


@router.post("/ritme/{signed}/afwezig")
@shown_again(PAGES.page_again)
def away(
    door: AtDoor,
    request: Request,
    signed: str,
    form: FormLine = "",
    van: FormLine = "",
    tot: FormLine = "",
    vervanger: FormLine = "",
) -> Response:
    """Notes days away."""
    own, asker = PAGES.changing(door, request, signed, form)
    pause(door.office, own.person, _day(van), _day(tot), door.now(), deputy=_number(vervanger), by=asker.by)
    return asker.back()


@router.post("/ritme/{signed}/terug")
@shown_again(PAGES.page_again)
def back(door: AtDoor, request: Request, signed: str, form: FormLine = "", id: FormLine = "") -> Response:
    """Ends days away."""
    own, asker = PAGES.changing(door, request, signed, form)
    end_pause(door.office, own.person, _number(id) or 0, door.now(), by=asker.by)
    return asker.back()


def _links_ended(_sent: CarriedOut | None, *, door: Door, **_form: object) -> Response:
    """That no link works any more; the page of this one is gone too."""
    answer = door.templates.page("links-ended")
    answer.headers.update(SECRET)
    return answer


@router.post("/ritme/{signed}/links")
@shown_again(_links_ended)
def end_links(door: AtDoor, request: Request, signed: str, form: FormLine = "") -> Response:
    """Makes all links in this person's mails invalid, this one too."""
    own, asker = PAGES.changing(door, request, signed, form)
    renew_links(door.office, own.person, door.now(), by=asker.by)
    return _links_ended(None, door=door)


PAGES.add_code_routes(router)


@router.api_route("/overzicht/{signed}", methods=["GET", "HEAD"])
def overview(door: AtDoor, signed: str) -> Response:
    """Says what the button below stops, and what not."""
    now = door.now()
    own = own_rhythm(door.office, id_of(link_of(door.office, signed, now, OVERVIEW).person), now)
    return _overview_page(door, signed, stopped=not own.has_overview)


@router.post("/overzicht/{signed}")
@once_by_itself
def stop(door: AtDoor, signed: str) -> Response:
    """Stops the weekly overview, by the button or by one click in a mail program: 200, and no way elsewhere."""
    stop_overview(door.office, signed, door.now())
    return _overview_page(door, signed, stopped=True)


def _overview_page(door: Door, signed: str, *, stopped: bool) -> Response:
    answer = door.templates.page("overview", path=f"/overzicht/{signed}", stopped=stopped)
    answer.headers.update(SECRET)
    return answer


def _hour(own: OwnRhythm) -> str:
    return f"{own.rhythm.hour:%H:%M}" if own.rhythm.hour else ""


def _clock(text: str) -> time | None:
    parsed = parse_time(text)
    if text and parsed is None:
        raise Refused("Dat is geen tijd.", "Ga terug naar de pagina en kies een uur uit de lijst.")
    return parsed


def _day(text: str) -> date:
    parsed = parse_day(text)
    if parsed is None:
        raise Refused("Vul de eerste en de laatste dag in.", "Schrijf ze als 2027-07-05.")
    return parsed


def _number(text: str) -> int | None:
    number = number_in(text)
    if text and number is None:
        raise Refused("Die keuze is er niet.", "Ga terug naar de pagina en kies opnieuw.")
    return number
