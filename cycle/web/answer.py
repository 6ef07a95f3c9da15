"""The page on which a person answers a mail: by signed link, without logging in and without a script (rule B8).

Looking changes nothing, for mail scanners open every link; a form does, with a token of its own row. After a form the
page shows what was kept. The link is the only proof, so nothing here may be kept by a browser or a proxy.
"""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from http import HTTPStatus

from fastapi import APIRouter, Depends
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from cycle.actions.answers import (
    MOST_NAME,
    MOST_PLACE,
    MOST_POINTS,
    MOST_SENTENCE,
    ROUND,
    AnswerLine,
    AnswerPage,
    KeptAnswer,
    SentFile,
    TypedReply,
    answer_page,
    check_form,
    keep_answer,
    read_reply,
)
from cycle.actions.answers.answering.round_saving import keep_round
from cycle.actions.office.answer_links import ROOM
from cycle.actions.office.sentforms import CarriedOut
from cycle.domain import web_addresses
from cycle.domain.answering import Stand
from cycle.domain.files import DOCUMENTS
from cycle.domain.text import number_in
from cycle.domain.words import day_words, joined, weekday_words
from cycle.errors import CycleError, NotFound, Refused
from cycle.store import answers
from cycle.store.answers import Given
from cycle.web.answer_round import TOO_OLD, RoundShown, round_row, typed_round
from cycle.web.bodies import takes_files
from cycle.web.cleaning import FormLine, FormText
from cycle.web.desk.visiting import signed_in
from cycle.web.door import AtDoor, Door
from cycle.web.downloads import download
from cycle.web.guard import refuse_foreign
from cycle.web.once import OnceRoute, keep_form, note_outcome, shown_again
from cycle.web.year import moment_words

router = APIRouter(prefix=f"{ROOM}/{{signed}}", dependencies=[Depends(keep_form)], route_class=OnceRoute)

SECRET = {"Cache-Control": "private, no-store"}
MEANINGS = {
    Stand.GREEN: "het loopt zoals afgesproken",
    Stand.ORANGE: "het vraagt aandacht",
    Stand.RED: "zo lukt het niet",
    Stand.DONE: "het is gedaan, ik hoor hier niets meer over",
    Stand.NOT_MINE: "het secretariaat zoekt uit bij wie het hoort",
    Stand.OPEN_AGAIN: "het is toch nog niet gedaan",
}


@router.api_route("", methods=["GET", "HEAD"])
def page(door: AtDoor, signed: str) -> Response:
    """The lines of the mail, each with its form."""
    return _screen(door, signed, answer_page(door.office, signed, door.now()))


@router.api_route("/bestand/{number}", methods=["GET", "HEAD"])
def file(door: AtDoor, signed: str, number: str) -> Response:
    """The file that this reader sent along before."""
    asked = answer_page(door.office, signed, door.now(), after=ROUND)
    mine = {row.latest.id for row in asked.rows if row.latest and row.latest.person_id == asked.person}
    wanted = number_in(number)
    with door.office.database.reading() as session:
        sent = answers.file_of(session, wanted) if wanted in mine and wanted is not None else None
    if sent is None:
        raise NotFound("Dit bestand is er niet.", "Ga terug naar de pagina vanuit uw mail.")
    return download(sent.name, sent.content)


def opens(request: Request, door: Door) -> bool:
    """Whether a request is for the page of a link that is ours and not too old: what it sends may bear a file."""
    signed = request.scope["path"].removeprefix(f"{ROOM}/")
    try:
        answer_page(door.office, signed, door.now(), after=ROUND)
    except CycleError:
        return False
    return True


def _kept_before(_sent: CarriedOut, *, door: Door, signed: str, rij: str, **_form: object) -> Response:
    """The page, with what was kept about this line."""
    asked = answer_page(door.office, signed, door.now(), after=rij)
    if rij == ROUND:
        return _screen(door, signed, asked)
    return _screen(door, signed, asked, row=asked.row(rij), saved=KeptAnswer(is_new=False))


@router.post("")
@takes_files
@shown_again(_kept_before)
def answer(
    door: AtDoor,
    request: Request,
    signed: str,
    rij: FormLine = "",
    form: FormLine = "",
    stand: FormLine = "",
    zin: FormLine = "",
    datum: FormLine = "",
    gevaar: FormLine = "",
    later: FormLine = "",
    naam: FormLine = "",
    punten: FormText = "",
    uur: FormLine = "",
    plaats: FormLine = "",
    collega: FormLine = "",
    link: FormLine = "",
) -> Response:
    """Keeps what was let know about one line, and shows the page again with it; or with what is wrong."""
    office, now = door.office, door.now()
    asked = answer_page(office, signed, now)
    refuse_foreign(request, office.settings)
    visitor = signed_in(request, door)
    if visitor is not None and asked.person in visitor.person_ids:
        asked = replace(asked, via=None)
    if rij == ROUND:
        return _answer_round(door, request, signed, asked, form)
    check_form(office, asked, signed, rij, form, now)
    row = asked.row(rij)
    sent = _sent_file(request.state.form)
    typed = TypedReply(stand, zin, datum, gevaar, later, naam, punten, uur, plaats, collega, link, sent)
    reply, faults = read_reply(typed, row, office.local_day(now))
    if reply is None:
        return _screen(door, signed, asked, HTTPStatus.UNPROCESSABLE_ENTITY, row=row, typed=typed, faults=faults)
    saved = keep_answer(office, asked, row, reply, now)
    note_outcome(request, f"Uw antwoord over {row.title} is bewaard.")
    return _screen(door, signed, answer_page(office, signed, now, after=rij), row=row, saved=saved)


def _sent_file(came: FormData) -> SentFile | None:
    """The file that was chosen; a browser sends an empty one without a name for none."""
    sent = came.get("bestand")
    return SentFile(sent.filename, sent.file.read()) if isinstance(sent, UploadFile) and sent.filename else None


def _answer_round(door: Door, request: Request, signed: str, asked: AnswerPage, form: str) -> Response:
    """Keeps what was let know about the whole round. What was typed stays in the form, whatever is wrong with it."""
    office, now = door.office, door.now()
    typed = typed_round(request.state.form)
    try:
        check_form(office, asked, signed, ROUND, form, now)
    except Refused:
        shown = RoundShown(typed=typed, note=TOO_OLD)
        return _screen(door, signed, asked, HTTPStatus.UNPROCESSABLE_ENTITY, shown=shown)
    result = keep_round(office, asked, typed, now)
    if not result.saved and not result.faults:
        shown = RoundShown(typed=typed, note="Kies eerst bij een of meer afspraken hoe het staat.")
        return _screen(door, signed, asked, HTTPStatus.UNPROCESSABLE_ENTITY, shown=shown)
    note_outcome(request, f"Bewaard: {result.saved} {'antwoord' if result.saved == 1 else 'antwoorden'}.")
    shown = RoundShown(result.saved, {mark: typed[mark] for mark in result.faults}, result.faults)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if result.faults else HTTPStatus.OK
    return _screen(door, signed, answer_page(office, signed, now, after=ROUND), status, shown=shown)


def _screen(
    door: Door,
    signed: str,
    asked: AnswerPage,
    status: int = HTTPStatus.OK,
    *,
    row: AnswerLine | None = None,
    typed: TypedReply | None = None,
    faults: dict[str, str] | None = None,
    saved: KeptAnswer | None = None,
    shown: RoundShown | None = None,
) -> Response:
    """The page; with a row about which something was just sent, and what was wrong with it or came of it."""
    now = door.now()
    rows = sorted(asked.rows, key=lambda one: not one.is_open)
    result = door.templates.page(
        "answer",
        status,
        path=f"{ROOM}/{signed}",
        page=asked,
        most_sentence=MOST_SENTENCE,
        most_name=MOST_NAME,
        most_points=MOST_POINTS,
        most_place=MOST_PLACE,
        most_link=web_addresses.MOST,
        documents=",".join(DOCUMENTS),
        mailed=weekday_words(asked.mailed_on) if asked.mailed_on else "",
        covenants=joined(asked.covenants),
        rows=[_shown(one, asked, door, now) for one in rows],
        faults=faults or {},
        typed=asdict(typed or TypedReply()),
        at=row.mark if row else "",
        about=row.title if row else "",
        kept=saved,
        left=sum(one.is_open for one in rows),
        round=shown or RoundShown(),
        round_rows=[
            round_row(one, shown or RoundShown(), now, door)
            for one in asked.asked_rows
            if not asked.is_answered(one) or (shown is not None and one.mark in shown.faults)
        ],
    )
    result.headers.update(SECRET)
    return result


def _shown(row: AnswerLine, asked: AnswerPage, door: Door, now: datetime) -> dict[str, object]:
    """A row with its words: strings, and lists of those."""
    return {
        "mark": row.mark,
        "number": row.number,
        "title": row.title,
        "when": row.when,
        "todo": row.todo,
        "party": row.party_name,
        "settled": row.settled,
        "form": row.form,
        "is_to_come": row.is_meeting_to_come,
        "stands": [(one, MEANINGS[one]) for one in row.stands],
        "days": _days(row.days),
        "latest": _latest(row, asked, door, now),
        "is_answered": asked.is_answered(row),
        "is_round": row.is_round,
        "asks": row.asks or "",
    }


def _named_day(given: Given, *, is_proposal: bool) -> str:
    """The day of a next step; for a meeting to come the proposed one, with its hour and place if they were named."""
    if given.next_on is None:
        return ""
    if not (is_proposal or given.start or given.place):
        return f"volgende stap {day_words(given.next_on)}"
    hour = f" om {given.start:%H.%M} uur" if given.start else ""
    return f"voorgesteld: {weekday_words(given.next_on)}{hour}{', ' + given.place if given.place else ''}"


def _days(days: Sequence[date]) -> list[tuple[str, str]]:
    return [(day.isoformat(), weekday_words(day)) for day in days]


def _latest(row: AnswerLine, asked: AnswerPage, door: Door, now: datetime) -> dict[str, str] | None:
    """The newest answer in words."""
    given = row.latest
    if given is None:
        return None
    parts = [f"“{given.sentence}”"] if given.sentence else []
    parts += [_named_day(given, is_proposal=row.is_meeting_to_come)] if given.next_on else []
    parts += [f"punten: {' / '.join(given.points.splitlines())}"] if given.points else []
    parts += [f"hoort bij {given.colleague}"] if given.colleague else []
    parts += ["haalbaarheid in gevaar"] if given.at_risk else []
    parts += [f"opnieuw herinneren vanaf {day_words(given.not_before)}"] if given.not_before else []
    return {
        "stand": given.stand if given.stand else "",
        "words": ", ".join(parts),
        "by": given.by_and_via,
        "link": given.link,
        "file": given.file,
        "file_path": f"bestand/{given.id}" if given.file and given.person_id == asked.person else "",
        "when": moment_words(given.at, now, door.office.settings.zone),
    }
