"""Logboek: who did what, and when. It is only read: what stands there stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from starlette.responses import Response

from cycle.domain.words import VIA, plain_words, weekday_words
from cycle.store import deadlines, decisions
from cycle.store.apart import made_apart
from cycle.store.database import Session
from cycle.store.decisions import Decision
from cycle.store.ids import id_of
from cycle.web.desk.forms import DeskForm
from cycle.web.desk.lines import number_of
from cycle.web.desk.menu import BOARD, MenuEntry
from cycle.web.desk.visiting import DeskRequest, ForBoard, desk_router

router = desk_router()
ENTRY = MenuEntry("Logboek", "logboek", BOARD)

PAGE = 50


@dataclass(frozen=True, slots=True)
class LogLine:
    """One decision in words."""

    day: str
    hour: str
    who: str
    verb: str
    about: str
    detail: str
    path: str


@router.api_route("/logboek", methods=["GET", "HEAD"])
def logbook(
    at: ForBoard,
    zoek: str = "",
    wat: str = "",
    wie: str = "",
    van: str = "",
    tot: str = "",
    voor: str = "",
    na: str = "",
) -> Response:
    """The decisions of this covenant, newest first, fifty at a time."""
    typed = DeskForm(zoek=zoek, wat=wat, wie=wie, van=van, tot=tot, voor=voor, na=na)
    first, last = typed.day("van"), typed.day("tot")
    before, after = typed.number("voor"), typed.number("na")
    with at.office.database.reading() as session:
        view = at.view(session)
        names = {member.email: member.name for member in view.members}
        rows = decisions.decisions(
            session,
            at.covenant_id,
            limit=PAGE + 1,
            before=before,
            after=after,
            words=zoek[:100],
            verb=wat,
            by=wie,
            first=_midnight(at, first),
            end=_midnight(at, last + timedelta(1) if last else None),
        )
        verbs = decisions.verbs(session, at.covenant_id)
        titles = _titles(session, at, rows)
    has_more = len(rows) > PAGE
    shown = (rows[1:] if after is not None else rows[:PAGE]) if has_more else rows
    is_older, is_newer = has_more or after is not None, before is not None or (after is not None and has_more)
    older = _further(at, typed, "voor", shown) if shown and is_older else ""
    newer = _further(at, typed, "na", shown) if shown and is_newer else ""
    return at.page(
        "desk/logbook",
        typed=typed,
        lines=made_apart(shown, lambda row: _line(at, row, names, titles), lambda row: f"list: besluit {row.id}"),
        verbs=[(verb, verb) for verb in verbs],
        people=sorted(names.items(), key=lambda one: one[1].casefold()),
        older=older,
        newer=newer,
    )


def _line(at: DeskRequest, row: Decision, names: dict[str, str], titles: dict[int, str]) -> LogLine:
    local = row.at.astimezone(at.office.settings.zone)
    day = "vandaag" if local.date() == at.today else weekday_words(local.date())
    kind, _, name = row.about.partition(" ")
    number = number_of(name)
    about = titles.get(number, row.about) if kind == "termijn" else name if kind == "convenant" else row.about
    path = at.path(f"post/{number}") if kind == "bericht" and at.may_write else ""
    return LogLine(day, f"{local:%H.%M}", _who(row.by, names), row.verb, about, plain_words(row.detail), path)


def _who(by: str, names: dict[str, str]) -> str:
    """By name, with the link or the command line that it came by if it did."""
    email, via, mail = by.partition(VIA)
    return f"{names.get(email, email)}{via}{mail}"


def _titles(session: Session, at: DeskRequest, rows: Sequence[Decision]) -> dict[int, str]:
    """What the deadlines of these lines are called: of this covenant only."""
    ids = {number_of(row.about.removeprefix("termijn ")) for row in rows if row.about.startswith("termijn ")}
    about = deadlines.rows_of(session, at.covenant_id, deadlines.with_ids(sorted(ids)))
    return {id_of(row): f"{row.title} {row.due.year}" if row.due else row.title for row in about}


def _further(at: DeskRequest, typed: DeskForm, way: str, rows: Sequence[Decision]) -> str:
    """The address of the next or previous page, with the same choice."""
    choice = {name: typed[name] for name in ("zoek", "wat", "wie", "van", "tot") if typed[name]}
    edge = rows[-1].id if way == "voor" else rows[0].id
    return f"{at.path('logboek')}?{urlencode(choice | {way: edge})}"


def _midnight(at: DeskRequest, day: date | None) -> datetime | None:
    return datetime.combine(day, time(), at.office.settings.zone) if day else None
