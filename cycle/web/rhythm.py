"""The page of somebody's own rhythm, and the end of the weekly overview: by signed link, without a script.

Looking changes nothing, for mail scanners open every link (rule B8); a form does, with a token. The one-click end of
RFC 8058 comes from a mail program, without cookie or token, and stops the overview only (rule B6).
"""

from datetime import date, time
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from cycle.actions.rhythm import (
    Choice,
    OwnRhythm,
    check_form,
    choose,
    end_pause,
    own_rhythm,
    pause,
    person_of,
    rhythm_words,
    stop_overview,
)
from cycle.actions.rhythm_links import OVERVIEW
from cycle.actions.sentforms import Sent
from cycle.domain.days import parse_day, parse_time
from cycle.domain.rhythm import EVERY_DAY
from cycle.domain.words import WEEKDAYS, day_words
from cycle.errors import Refused
from cycle.web.cleaning import FormLine
from cycle.web.door import AtDoor, Door
from cycle.web.guard import refuse_foreign
from cycle.web.once import OnceRoute, keep_form, once_by_itself, shown_again

router = APIRouter(dependencies=[Depends(keep_form)], route_class=OnceRoute)

BY = "ritmepagina"
SECRET = {"Cache-Control": "private, no-store"}


def _page_again(_sent: Sent, *, door: Door, signed: str, **_form: object) -> Response:
    """The page, which shows what was kept."""
    return _back(door, signed)


@router.api_route("/ritme/{signed}", methods=["GET", "HEAD"])
def page(door: AtDoor, signed: str) -> Response:
    """When mail comes, and who gets it while this person is away."""
    now = door.now()
    own = own_rhythm(door.office, person_of(door.office, signed, now), now)
    answer = door.templates.page(
        "rhythm", own=own, path=f"/ritme/{signed}", words=rhythm_words(own.rhythm), hour=_hour(own),
        hours=[f"{hour:%H:%M}" for hour in own.hours], usual=f"{door.office.settings.mail.send_hour:%H.%M}",
        days=[(number, name, number in own.rhythm.weekdays) for number, name in enumerate(WEEKDAYS[:5])],
        numbers=range(1, own.most_per_week + 1), today=now.astimezone(door.office.settings.zone).date().isoformat(),
        pauses=[(one.id, f"{day_words(one.first)} tot en met {day_words(one.last)}", one.deputy) for one in own.pauses],
    )  # fmt: skip
    answer.headers.update(SECRET)
    return answer


@router.post("/ritme/{signed}")
@shown_again(_page_again)
def save(
    door: AtDoor, request: Request, signed: str, form: FormLine = "", uur: FormLine = "", aantal: FormLine = "",
    dag: Annotated[list[int] | None, Form()] = None, overzicht: FormLine = "",
) -> Response:  # fmt: skip
    """Keeps when mail comes."""
    own = _asker(door, request, signed, form)
    overview = bool(overzicht) if own.is_office else own.has_overview
    choice = Choice(_clock(uur), frozenset(dag or ()) & EVERY_DAY, _number(aantal), overview)
    choose(door.office, own.person, choice, door.now(), by=BY)
    return _back(door, signed)


@router.post("/ritme/{signed}/afwezig")
@shown_again(_page_again)
def away(
    door: AtDoor, request: Request, signed: str, form: FormLine = "", van: FormLine = "", tot: FormLine = "",
    vervanger: FormLine = "",
) -> Response:  # fmt: skip
    """Notes days away."""
    own = _asker(door, request, signed, form)
    pause(door.office, own.person, _day(van), _day(tot), door.now(), deputy=_number(vervanger), by=BY)
    return _back(door, signed)


@router.post("/ritme/{signed}/terug")
@shown_again(_page_again)
def back(door: AtDoor, request: Request, signed: str, form: FormLine = "", id: FormLine = "") -> Response:
    """Ends days away."""
    own = _asker(door, request, signed, form)
    end_pause(door.office, own.person, _number(id) or 0, door.now(), by=BY)
    return _back(door, signed)


@router.api_route("/overzicht/{signed}", methods=["GET", "HEAD"])
def overview(door: AtDoor, signed: str) -> Response:
    """Says what the button below stops, and what not."""
    now = door.now()
    own = own_rhythm(door.office, person_of(door.office, signed, now, OVERVIEW), now)
    return _overview_page(door, signed, stopped=not own.has_overview)


@router.post("/overzicht/{signed}")
@once_by_itself
def stop(door: AtDoor, signed: str) -> Response:
    """Stops the weekly overview, by the button or by one click in a mail program: 200, and no way elsewhere."""
    stop_overview(door.office, signed, door.now(), by=BY)
    return _overview_page(door, signed, stopped=True)


def _overview_page(door: Door, signed: str, *, stopped: bool) -> Response:
    answer = door.templates.page("overview", path=f"/overzicht/{signed}", stopped=stopped)
    answer.headers.update(SECRET)
    return answer


def _asker(door: Door, request: Request, signed: str, form: str) -> OwnRhythm:
    """Who sent a form. Raises Refused for one that another site sent, or that is no form of theirs (rule C13)."""
    now = door.now()
    refuse_foreign(request, door.office.settings)
    own = own_rhythm(door.office, person_of(door.office, signed, now), now)
    check_form(door.office, own, form, now)
    return own


def _back(door: Door, signed: str) -> Response:
    path = urlsplit(door.office.settings.web.base_url).path.rstrip("/")
    return RedirectResponse(f"{path}/ritme/{signed}", HTTPStatus.SEE_OTHER, SECRET)


def _hour(own: OwnRhythm) -> str:
    return f"{own.rhythm.hour:%H:%M}" if own.rhythm.hour else ""


def _clock(text: str) -> time | None:
    found = parse_time(text)
    if text and found is None:
        raise Refused("Dat is geen tijd.", "Ga terug naar de pagina en kies een uur uit de lijst.")
    return found


def _day(text: str) -> date:
    found = parse_day(text)
    if found is None:
        raise Refused("Vul de eerste en de laatste dag in.", "Schrijf ze als 2027-07-05.")
    return found


def _number(text: str) -> int | None:
    if text and not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Refused("Die keuze is er niet.", "Ga terug naar de pagina en kies opnieuw.")
    return int(text) if text else None
