"""Voortgang: who answered in the round, an answer for somebody else, the light per theme, and the stand of a day."""

import tempfile
from collections.abc import Sequence
from datetime import date
from http import HTTPStatus
from pathlib import Path

from starlette.responses import Response

from cycle.actions.answers import MOST_NAME, MOST_SENTENCE
from cycle.actions.answers.answering.behalf import SAID, answer_for
from cycle.actions.answers.rounds.progress import Progress, export_snapshot, make_snapshot, progress_on
from cycle.actions.answers.rounds.themes import ThemeLight, theme_lights
from cycle.actions.office.covenant_view import CovenantView
from cycle.domain.answering import Stand
from cycle.domain.days import LOOK_BACK
from cycle.domain.theme_words import theme_words
from cycle.domain.titles import in_a_sentence
from cycle.domain.words import day_words
from cycle.errors import CycleError, NotFound, Refused
from cycle.store import deadlines, theme_names
from cycle.store import progress as store
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.store.tables import Snapshot
from cycle.web.desk.forms import DeskForm
from cycle.web.desk.menu import READERS, MenuEntry
from cycle.web.desk.visiting import NOT_HERE, DeskRequest, ForReaders, ForSecretariat, desk_router, number_in_path
from cycle.web.downloads import download
from cycle.web.once import asks_again

router = desk_router()
ENTRY = MenuEntry("Voortgang", "voortgang", READERS)
STANDS = (
    (Stand.GREEN, "Groen: op schema"),
    (Stand.ORANGE, "Oranje: vraagt aandacht"),
    (Stand.RED, "Rood: loopt vast"),
    (Stand.DONE, Stand.DONE.capitalize()),
)


@router.api_route("/voortgang", methods=["GET", "HEAD"])
def overview(at: ForReaders) -> Response:
    """The newest round as it stands."""
    return _page(at)


@router.post("/voortgang/bewaren")
def keep(at: ForSecretariat) -> Response:
    """Keeps the answers of a day."""
    typed = at.typed()
    day = typed.day("peildatum", needed="Vul de peildatum in.", within=LOOK_BACK.around(at.today))
    if not typed.is_right or day is None:
        return _page(at, typed)
    try:
        words = make_snapshot(at.office, at.seat.slug, day, at.now, by=at.by)
    except CycleError as error:
        typed.wrong("peildatum", f"{error.what} {error.hint}")
        return _page(at, typed)
    return at.done(words, at.path("voortgang"))


@router.api_route("/voortgang/antwoord/{deadline}/{party}", methods=["GET", "HEAD"])
def ask(at: ForSecretariat, deadline: str, party: str) -> Response:
    """A form to answer for somebody."""
    return _form(at, deadline, party)


@router.post("/voortgang/antwoord/{deadline}/{party}")
@asks_again
def answer(at: ForSecretariat, deadline: str, party: str) -> Response:
    """Writes down what somebody let know."""
    typed = at.typed()
    stand = typed.choice("stand", list(SAID), needed="Kies hoe het ervoor staat.")
    sentence = typed.text("toelichting", most=MOST_SENTENCE)
    name = typed.text("naam", needed="Vul in wie dit liet weten.", most=MOST_NAME)
    if not typed.is_right:
        return _form(at, deadline, party, typed)
    try:
        title = answer_for(
            at.office,
            number_in_path(deadline),
            party,
            Stand(stand),
            sentence,
            name,
            at.now,
            by=at.by,
            covenant_id=at.covenant_id,
        )
    except Refused as error:
        typed.wrong("stand", f"{error.what} {error.hint}")
        return _form(at, deadline, party, typed)
    return at.done(f"{title}: het antwoord van {name} is bewaard.", at.path("voortgang"))


@router.api_route("/voortgang/{day}.xlsx", methods=["GET", "HEAD"])
def workbook(at: ForReaders, day: str) -> Response:
    """A kept stand as a workbook."""
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise NotFound(*NOT_HERE) from None
    with at.office.database.reading() as session:
        if on not in [one.on for one in store.snapshots(session, at.covenant_id)]:
            raise NotFound(*NOT_HERE)
    with tempfile.TemporaryDirectory(prefix="cycle-") as folder:
        file = Path(folder) / f"voortgang-{on.isoformat()}.xlsx"
        export_snapshot(at.office, at.seat.slug, on, file, only_released=not at.may_write)
        return download(file.name, file.read_bytes())


def _page(at: DeskRequest, typed: DeskForm | None = None) -> Response:
    with at.office.database.reading() as session:
        view = at.view(session)
        progress = _round_now(session, at, view)
        snapshots = store.snapshots(session, at.covenant_id)
        themes = _themes(session, progress, snapshots) if progress is not None else []
        names = theme_names.of_covenant(session, at.covenant_id)
    slugs = {name: slug for slug, name in view.party_names.items()}
    return at.page(
        "desk/progress",
        HTTPStatus.OK if typed is None else HTTPStatus.UNPROCESSABLE_ENTITY,
        found=progress,
        people=progress.people() if progress else [],
        themes=themes,
        called={one.theme: theme_words(one.theme, names) for one in themes},
        kept=snapshots,
        slugs=slugs,
        day_words=day_words,
        typed=typed or DeskForm(peildatum=f"{at.today:%d-%m-%Y}"),
        may_write=at.may_write,
        meeting=in_a_sentence(view.settings.steps[progress.meeting].title) if progress else "",
        zone=at.office.settings.zone,
    )


def _round_now(session: Session, at: DeskRequest, view: CovenantView) -> Progress | None:
    """The round, or None where the settings name none."""
    try:
        return progress_on(session, view, None, at.now)
    except Refused:
        return None


def _themes(session: Session, progress: Progress, snapshots: Sequence[Snapshot]) -> list[ThemeLight]:
    """Beside the newest snapshot of an earlier day."""
    last = next((one for one in snapshots if one.on < progress.on), None)
    lines = store.lines_of(session, last) if last is not None else []
    ids = {row.deadline for row in progress.rows} | {line.deadline_id for line in lines}
    rows = deadlines.rows_by_id(session, ids)
    return theme_lights(progress.rows, lines, {id_: row.theme for id_, row in rows.items()})


def _form(at: DeskRequest, deadline: str, party: str, typed: DeskForm | None = None) -> Response:
    with at.office.database.reading() as session:
        row = deadlines.row_by_id(session, number_in_path(deadline), at.covenant_id)
        view = at.view(session)
        leads = [slug for part, slug in deadlines.part_rows(session, id_of(row)) if part.part == deadlines.LEAD]
    if party not in leads:
        raise NotFound(*NOT_HERE)
    return at.page(
        "desk/answer-for",
        HTTPStatus.OK if typed is None else HTTPStatus.UNPROCESSABLE_ENTITY,
        row=row,
        party=party,
        party_name=view.party_names[party],
        stands=STANDS,
        typed=typed or DeskForm(),
    )
