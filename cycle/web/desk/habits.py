"""Gewoonten van deze tafel: when each kind of step is told, and how documents are read here."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from cycle.actions.deadlines.deciding.habits import ASKED_AT, PERIODS
from cycle.actions.deadlines.deciding.rung_lines import EXAMPLE, rung_line, rungs_in, words_to_choose
from cycle.actions.deadlines.deciding.steps import YearWish
from cycle.actions.office.versions import version_of
from cycle.actions.register.folders.column_naming import name_columns
from cycle.domain.model import LadderKind
from cycle.domain.words import MONTHS
from cycle.errors import Changed
from cycle.intake.table_columns import SAYABLE, heading_key
from cycle.store import column_words, covenants
from cycle.web.desk.forms import DeskForm
from cycle.web.desk.steps import ask_first
from cycle.web.desk.visiting import DeskRequest, ForSecretariat, desk_router
from cycle.words import LADDER_KINDS

router = desk_router()
ENTRY = None

REMINDING, READING, COLUMNS = "jaar/herinneringen", "gegevens/lezen", "gegevens/lezen/kolommen"
MONTH_CHOICES = tuple((str(number), name) for number, name in enumerate(MONTHS, 1))
MOST_HEADING = 80


@router.api_route("/jaar/herinneringen", methods=["GET", "HEAD"])
def ask_ladders(at: ForSecretariat) -> Response:
    """When each kind of step is told."""
    return _ladders(at)


@router.post("/jaar/herinneringen")
def save_ladders(at: ForSecretariat) -> Response:
    """First shows what will change, then keeps it."""
    typed, wanted = at.typed(), {}
    for kind in LADDER_KINDS:
        rungs, faults = rungs_in(typed[f"ladder-{kind}"])
        wanted[str(kind)] = rungs
        if faults:
            typed.wrong(f"ladder-{kind}", " ".join(faults))
    if not typed.is_right:
        return _ladders(at, typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return ask_first(at, typed, YearWish(ladders=wanted), REMINDING, _ladders, REMINDING)


@router.api_route("/gegevens/lezen", methods=["GET", "HEAD"])
def ask_reading(at: ForSecretariat) -> Response:
    """How loose words of time are read, and what columns were said to be."""
    return _reading(at)


@router.post("/gegevens/lezen")
def save_reading(at: ForSecretariat) -> Response:
    """First shows what will change, then keeps it."""
    typed, wanted = at.typed(), dict[str, Any]()
    months = [number for number, _name in MONTH_CHOICES]
    for word in PERIODS:
        needed = "Kies een maand."
        first, last = (typed.choice(f"{word}-{end}", months, needed=needed) for end in ("van", "tot"))
        wanted[word] = [int(first or 1), int(last or 1)]
    meetings = [name for name, _title in _meetings(at)]
    wanted[ASKED_AT] = typed.choice("bespreken", meetings, needed="Kies een overleg." if meetings else "")
    if not typed.is_right:
        return _reading(at, typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return ask_first(at, typed, YearWish(reading=wanted), READING, _reading, READING)


@router.post("/gegevens/lezen/kolommen")
def save_columns(at: ForSecretariat) -> Response:
    """Keeps what columns are; one of which nothing is said any more is judged by what stands in it again."""
    typed = at.typed()
    headings, meanings = typed.all("kolom"), typed.all("betekenis")
    heading = typed.text("nieuwe-kolom", most=MOST_HEADING)
    meaning = typed.choice(
        "nieuwe-betekenis", list(SAYABLE), needed="Kies wat er in deze kolom staat." if heading else ""
    )
    said = dict(zip(headings, meanings, strict=False))
    if any(word and word not in SAYABLE for word in said.values()):
        typed.wrong("nieuwe-kolom", "Kies bij elke kolom iets uit de lijst.")
    if heading and not heading_key(heading):
        typed.wrong("nieuwe-kolom", "Schrijf wat er boven de kolom staat.")
    if not typed.is_right:
        return _reading(at, typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    is_new = name_columns(at.office, at.covenant_id, said | ({heading: meaning} if heading else {}), at.now, at.by)
    words = "Bewaard. Het geldt voor wat u hierna inleest." if is_new else "Dit stond al zo."
    return at.done(words, at.path(READING))


def _ladders(
    at: DeskRequest, typed: DeskForm | None = None, changed: Changed | None = None, status: int = HTTPStatus.OK
) -> Response:
    with at.office.database.reading() as session:
        view = at.view(session)
        version = version_of(at.now, covenants.covenants(session, [at.covenant_id])[0])
    at_table, usual = (_written(one.ladders.model_dump()) for one in (view.settings, at.office.settings))
    first = {f"ladder-{kind}": "\n".join(lines) for kind, lines in at_table.items()}
    return at.page(
        "desk/reminding",
        status,
        typed=typed or DeskForm(**first),
        changed=changed,
        kinds=[(kind, words, usual[kind], usual[kind] != at_table[kind]) for kind, words in LADDER_KINDS.items()],
        rung_example=EXAMPLE,
        rung_words=words_to_choose(),
        version=version if typed is None or changed is not None else typed["version"] or version,
    )


def _reading(
    at: DeskRequest, typed: DeskForm | None = None, changed: Changed | None = None, status: int = HTTPStatus.OK
) -> Response:
    with at.office.database.reading() as session:
        settings = at.view(session).settings.reading
        version = version_of(at.now, covenants.covenants(session, [at.covenant_id])[0])
        said = column_words.of_covenant(session, at.covenant_id)
    first = {f"{word}-van": str(getattr(settings, word)[0]) for word in PERIODS}
    first |= {f"{word}-tot": str(getattr(settings, word)[1]) for word in PERIODS}
    return at.page(
        "desk/reading-habits",
        status,
        typed=typed or DeskForm(**first, bespreken=settings.asked_at),
        changed=changed,
        periods=tuple(PERIODS.items()),
        months=MONTH_CHOICES,
        meetings=_meetings(at),
        columns=[(heading, word) for heading, word in said.items() if word in SAYABLE],
        sayable=[(word, word) for word in SAYABLE],
        version=version if typed is None or changed is not None else typed["version"] or version,
    )


def _meetings(at: DeskRequest) -> list[tuple[str, str]]:
    """The steps of this table that are a meeting, by their short names."""
    with at.office.database.reading() as session:
        steps = at.view(session).settings.running_steps
    return [(name, step.title) for name, step in steps.items() if step.kind is LadderKind.MEETING]


def _written(ladders: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, list[str]]:
    return {kind: [rung_line(rung) for rung in ladders[kind]] for kind in LADDER_KINDS}
