"""Looptijd: how long the agreements hold, the terms before and after, and documents that are the next framework."""

from datetime import date
from http import HTTPStatus
from pathlib import Path
from typing import Any

from starlette.responses import Response

from cycle.actions.deadlines.deciding.term_change import change_term
from cycle.actions.letters.content.looking_back import look_back_file, term_of
from cycle.actions.register.reading_in.importing import ImportReport, import_files
from cycle.actions.register.reading_in.next_framework import (
    FrameworkWish,
    NextFramework,
    keep_framework,
    next_framework,
)
from cycle.actions.register.reading_in.uploads import drop_uploads, read_upload, uploads
from cycle.domain.model import GoesOver, TermState
from cycle.domain.term import TermDays, term_words
from cycle.domain.words import day_words
from cycle.errors import CycleError
from cycle.store import terms
from cycle.store.ids import id_of
from cycle.store.tables import Term
from cycle.web.desk import lines
from cycle.web.desk.forms import DeskForm
from cycle.web.desk.visiting import DeskRequest, ForReaders, ForSecretariat, desk_router
from cycle.web.downloads import download
from cycle.words import CAME_OF

router = desk_router()
ENTRY = None
YES, NO = "ja", "nee"
SAME, NEW = "zelfde", "nieuw"
CHOICES = ((GoesOver.CARRY, "gaat mee"), (GoesOver.CLOSE, "is klaar"), (GoesOver.END, "vervalt"))


@router.api_route("/looptijd", methods=["GET", "HEAD"])
def term_page(at: ForReaders) -> Response:
    """The term that runs, the one that waits, and those that are over."""
    return _page(at)


@router.post("/looptijd")
def save_term(at: ForSecretariat) -> Response:
    """Sets right how long the agreements hold."""
    typed = at.typed()
    wanted = _wanted(typed)
    if not typed.is_right:
        return _page(at, typed)
    try:
        settled = change_term(at.office, at.covenant_id, wanted, at.now, by=at.by)
    except CycleError as error:
        typed.wrong("tot", f"{error.what} {error.hint}")
        return _page(at, typed)
    return at.done(f"{settled.title} {settled.words}.", at.path("looptijd"))


@router.api_route("/looptijd/{term}", methods=["GET", "HEAD"])
def look_at_term(at: ForReaders, term: str) -> Response:
    """The agreements of one term as they were, what came of each, and what became of it in the next."""
    with at.office.database.reading() as session:
        view = at.view(session)
        row = term_of(session, view, lines.number_of(term))
        due, agreements = terms.deadlines_of(session, row), terms.agreements(session, id_of(row))
        shown = {key: lines.deadline_lines(session, view, rows, at.today) for key, rows in due.items()}
        became = [one for one in terms.successions(session, at.covenant_id) if one.old_id in due]
        number_of = {one.new_id: terms.number_of(session, one.new_id) for one in became}
    went_on: dict[int, list[tuple[str, int, str]]] = {key: [] for key in due}
    for succession in became:
        became_of = CAME_OF[succession.how], succession.new_id, number_of[succession.new_id]
        went_on[succession.old_id].append(became_of)
    return at.page(
        "desk/term-agreements",
        term=row,
        words=_words(row),
        rows=agreements,
        lines=shown,
        went_on=went_on,
        is_past=row.state == TermState.PAST,
    )


@router.api_route("/looptijd/{term}/terugblik.docx", methods=["GET", "HEAD"])
def look_back(at: ForReaders, term: str) -> Response:
    """What came of each agreement, as a Word file to write the next framework from."""
    return download(*look_back_file(at.office, at.seat.slug, at.today, lines.number_of(term)))


@router.api_route("/inlezen/{token}/kader", methods=["GET", "HEAD"])
def ask_framework(at: ForSecretariat, token: str) -> Response:
    """The next framework beside what holds now, and each open action."""
    return _ask(at, token, None)


@router.post("/inlezen/{token}/kader")
def save_framework(at: ForSecretariat, token: str) -> Response:
    """Keeps the next framework, once everything is said."""
    typed = at.typed()
    files = uploads(at.office.settings, at.covenant_id, token)
    report = _report(at, files, typed)
    wanted = _wanted(typed, needed="Vul de eerste en de laatste dag in.")
    if not typed.is_right or report.other_term is None:
        return _ask(at, token, typed)
    try:
        framework = next_framework(at.office, at.seat.slug, report, wanted)
        wish = FrameworkWish(wanted, _choices(typed, framework))
        if typed.is_right:
            keep_framework(at.office, files, at.seat.slug, report, wish, at.now, by=at.by)
    except CycleError as error:
        typed.wrong("kader", f"{error.what} {error.hint}")
    if not typed.is_right:
        return _ask(at, token, typed)
    drop_uploads(at.office.settings, at.covenant_id, token)
    first = wanted.start or at.today
    when = f"Het gaat in op {day_words(first)}." if first > at.today else "Het geldt vanaf nu."
    return at.done(f"Het volgende kader is bewaard. {when} Er is niemand gemaild.", at.path("looptijd"))


def _wanted(typed: DeskForm, needed: str = "") -> TermDays:
    start, end = typed.day("van", needed=needed), typed.day("tot", needed=needed)
    renews = typed.choice("loopt-door", (YES, NO), needed="Kies of de afspraken daarna vanzelf doorlopen.")
    return TermDays(start, end, renews == YES)


def _choices(typed: DeskForm, framework: NextFramework) -> dict[int, GoesOver]:
    """What was chosen of each open action; where that is missing it is said beside it."""
    choices = {}
    for action in framework.asked:
        word = typed.choice(
            f"actie-{action.deadline}", tuple(GoesOver), needed=f"Kies wat er met “{action.title}” gebeurt."
        )
        if word:
            choices[action.deadline] = GoesOver(word)
    for question in framework.questions:
        typed.wrong(f"vraag-{question.number}", f"Kies of {question.number} dezelfde afspraak is als {question.known}.")
    return choices


def _report(at: DeskRequest, files: list[Path], typed: DeskForm | None) -> ImportReport:
    """What the documents say, with what was said of what is not sure; nothing is written."""
    first = import_files(at.office, files, at.seat.slug, at.now, check=True, read=read_upload)
    said = (
        {one.number: (typed[f"vraag-{one.number}"], one.known) for one in first.differences.questions} if typed else {}
    )
    answers = {number: known if word == SAME else "" for number, (word, known) in said.items() if word in (SAME, NEW)}
    if not answers:
        return first
    return import_files(at.office, files, at.seat.slug, at.now, check=True, read=read_upload, answers=answers)


def _ask(at: DeskRequest, token: str, typed: DeskForm | None) -> Response:
    files = uploads(at.office.settings, at.covenant_id, token)
    first = _report(at, files, None)
    if first.other_term is None:
        return at.done("De looptijd van dit document is gelijk aan die van nu.", at.path(f"inlezen/{token}"))
    framework = next_framework(at.office, at.seat.slug, _report(at, files, typed), first.other_term)
    form = typed or DeskForm(**{"van": _iso(first.other_term.start), "tot": _iso(first.other_term.end)})
    return at.page(
        "desk/next-framework",
        HTTPStatus.UNPROCESSABLE_ENTITY if typed is not None else HTTPStatus.OK,
        framework=framework,
        running=term_words(framework.running),
        questions=first.differences.questions,
        came_of=CAME_OF,
        choices=CHOICES,
        typed=form,
        token_name=token,
    )


def _page(at: DeskRequest, typed: DeskForm | None = None) -> Response:
    with at.office.database.reading() as session:
        view = at.view(session)
        rows = terms.of_covenant(session, at.covenant_id)
        left_open = lines.deadline_lines(session, view, terms.left_open(session, at.covenant_id), at.today)
    running = view.term
    first = {"van": _iso(running.start), "tot": _iso(running.end), "loopt-door": YES if running.renews else NO}
    return at.page(
        "desk/term",
        HTTPStatus.UNPROCESSABLE_ENTITY if typed is not None else HTTPStatus.OK,
        typed=typed or DeskForm(**first),
        words=term_words(running),
        terms=[_line(row) for row in rows],
        left_open=left_open,
        may_write=at.may_write,
    )


def _line(row: Term) -> dict[str, Any]:
    """A term on the page: what it is called, and how it stands."""
    stands = {TermState.RUNNING: "geldt nu", TermState.WAITING: "gaat nog in", TermState.PAST: "voorbij"}
    return {"id": row.id, "words": _words(row), "stands": stands[TermState(row.state)]}


def _words(row: Term) -> str:
    return TermDays(row.start, row.end).words


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
