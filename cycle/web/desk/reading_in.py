"""Inlezen: upload documents, see what differs and what is doubtful, and confirm. Nobody is mailed."""

from collections.abc import Collection, Mapping, Sequence
from http import HTTPStatus
from pathlib import Path

from starlette.responses import Response

from cycle.actions.register.folders.column_naming import name_columns
from cycle.actions.register.reading_in.importing import ImportReport, import_files, register_version
from cycle.actions.register.reading_in.uploads import drop_uploads, keep_uploads, read_upload, uploads
from cycle.actions.register.starting.folder_uploads import is_folder, unpacked_uploads
from cycle.errors import Changed, CycleError, Refused
from cycle.intake.table_columns import SAYABLE
from cycle.store import column_words
from cycle.web.bodies import takes_files
from cycle.web.desk.folder_in import folder_page, folder_report
from cycle.web.desk.forms import DeskForm
from cycle.web.desk.menu import SECRETARIAT, MenuEntry
from cycle.web.desk.read_in import every_box, number_box, read_in_of, self_selecting
from cycle.web.desk.reading_done import earlier_readings
from cycle.web.desk.visiting import DeskRequest, ForSecretariat, desk_router
from cycle.web.once import once_by_itself

router = desk_router()
ENTRY = MenuEntry("Inlezen", "inlezen", SECRETARIAT)
SAME, NEW = "zelfde", "nieuw"
ALL, NONE = "alles", "niets"


@router.api_route("/inlezen", methods=["GET", "HEAD"])
def begin(at: ForSecretariat) -> Response:
    """A form to choose documents with, and what was read before."""
    return _form(at)


@router.post("/inlezen")
@takes_files
def upload(at: ForSecretariat) -> Response:
    """Keeps documents that can be read, and shows what is in them."""
    typed = at.typed()
    files = typed.files("bestanden")
    if not files:
        typed.wrong("bestanden", "Kies een of meer bestanden.")
        return _form(at, typed)
    token = ""
    try:
        content, most = unpacked_uploads([(one.filename or "bestand", one.file.read()) for one in files])
        token = keep_uploads(at.office.settings, at.covenant_id, content, at.now, most=most)
        if is_folder(_files(at, token)):
            folder_report(at, token)
        else:
            _report(at, _files(at, token))
    except CycleError as error:
        drop_uploads(at.office.settings, at.covenant_id, token)
        typed.wrong("bestanden", f"{error.what} {error.hint}")
        return _form(at, typed)
    return at.done("De bestanden zijn gelezen. Er is nog niets bewaard.", at.path(f"inlezen/{token}"))


@router.api_route("/inlezen/{token}", methods=["GET", "HEAD"])
def look(at: ForSecretariat, token: str) -> Response:
    """What the documents would change; a covenant folder has a page of its own."""
    if is_folder(_files(at, token)):
        return folder_page(at, token)
    return _page(at, token)


@router.post("/inlezen/{token}/kiezen")
@once_by_itself
def choose(at: ForSecretariat, token: str) -> Response:
    """Ticks all of it, or nothing; what was answered already stays answered."""
    typed = at.typed()
    return _page(at, token, typed, status=HTTPStatus.OK, kies=typed["kies"])


@router.post("/inlezen/{token}/kolommen")
@once_by_itself
def name(at: ForSecretariat, token: str) -> Response:
    """Keeps what columns are, and shows what the documents say then."""
    typed = at.typed()
    headings, meanings = typed.all("kolom"), typed.all("soort")
    if len(headings) == len(meanings):
        name_columns(at.office, at.covenant_id, dict(zip(headings, meanings, strict=True)), at.now, at.by)
    return _page(at, token, typed, status=HTTPStatus.OK, said="De bestanden zijn opnieuw gelezen.")


@router.post("/inlezen/{token}/bewaren")
def confirm(at: ForSecretariat, token: str) -> Response:
    """Writes down what was ticked, and what a person said of what is not sure."""
    typed = at.typed()
    files = _files(at, token)
    answers, take = _answers(typed, _report(at, files)), _taken(typed)
    shown = _report(at, files, answers, take)
    wanted = _wanted(typed, shown, answers)
    renumber = _renumbered(typed, shown)
    takes_figures = bool(typed["cijfers"] and shown.figures_waiting)
    if shown.other_term is not None and not typed["verbetering"]:
        typed.wrong("verbetering", "Zeg eerst of dit het volgende kader is, of een verbetering van wat nu geldt.")
        return _page(at, token, typed)
    if not (wanted or renumber or shown.figures or takes_figures or shown.themes):
        if _is_all_there(shown):
            return at.done("Alles stond al zo in het register. Er is niets veranderd.", at.path(f"inlezen/{token}"))
        typed.wrong("overnemen", "Er is niets gekozen om te bewaren.")
        return _page(at, token, typed)
    try:
        done = import_files(
            at.office,
            files,
            at.seat.slug,
            at.now,
            by=at.by,
            yes=takes_figures,  # of rows, only what is wanted
            only=wanted,
            renumber=renumber,
            answers=answers,
            take=take,
            version=typed["version"],
            read=read_upload,
            is_correction=bool(typed["verbetering"]),
        )
    except Changed as changed:
        return _page(at, token, typed, changed, HTTPStatus.CONFLICT)
    except Refused as refused:
        typed.wrong("overnemen", f"{refused.what} {refused.hint}")
        return _page(at, token, typed)
    drop_uploads(at.office.settings, at.covenant_id, token)
    upkeep = done.upkeep
    words = f"{upkeep.new} termijnen erbij, {upkeep.changed} veranderd" if upkeep is not None else "er veranderde niets"
    return at.done(f"Bewaard: {words}. Er is niemand gemaild.", at.path("termijnen/afhandelen"))


def _is_all_there(report: ImportReport) -> bool:
    """Whether the register has all of it by now: somebody kept it meanwhile."""
    differences = report.differences
    waits = differences.new or differences.changes or differences.renumbered or differences.questions
    return bool(report.read.entries) and not (waits or report.figures_waiting)


def _answers(typed: DeskForm, report: ImportReport) -> dict[str, str]:
    """What was said of agreements of which it is not sure which they are."""
    said = {one.number: (typed[f"vraag-{one.number}"], one.known) for one in report.differences.questions}
    return {number: known if word == SAME else "" for number, (word, known) in said.items() if word in (SAME, NEW)}


def _taken(typed: DeskForm) -> set[int]:
    """The possible actions that were ticked, by their place among all of them."""
    return {int(word) for word in typed.all("actie") if word.isdecimal() and len(word) < 5}


def _wanted(typed: DeskForm, report: ImportReport, answers: Mapping[str, str]) -> set[str]:
    """The numbers that were ticked or answered; what is ticked of itself, unless its tick was taken away."""
    differences, ticked = report.differences, set(typed.all("overnemen"))
    refused = {change.number for change in differences.changes if change.asks} | set(typed.all("vanzelf"))
    return {*differences.new, *differences.changed} - (refused - ticked - answers.keys())


def _renumbered(typed: DeskForm, report: ImportReport) -> set[str]:
    """The other numbers that were ticked; they are ticked of themselves, unless that was taken away."""
    ticked, shown = set(typed.all("overnemen")), set(typed.all("vanzelf"))
    numbers = [one.new for one in report.differences.renumbered]
    return {number for number in numbers if number_box(number) in ticked or number_box(number) not in shown}


@router.post("/inlezen/{token}/weg")
def discard(at: ForSecretariat, token: str) -> Response:
    """Throws the documents away."""
    _files(at, token)  # what is not there is 404
    drop_uploads(at.office.settings, at.covenant_id, token)
    return at.done("De bestanden zijn weggegooid. Er is niets bewaard.", at.path("inlezen"))


def _form(at: DeskRequest, typed: DeskForm | None = None) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if typed is not None else HTTPStatus.OK
    return at.page("desk/reading-in", status, typed=typed or DeskForm(), earlier=earlier_readings(at))


def _page(
    at: DeskRequest,
    token: str,
    typed: DeskForm | None = None,
    changed: Changed | None = None,
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY,
    kies: str = "",
    said: str = "",
) -> Response:
    version = register_version(at.office, at.covenant_id, at.now)  # before the report: what changes after is noticed
    report = _report(at, _files(at, token))
    chosen: list[str] | None = None
    if typed is not None:  # what was not shown before is ticked as it is of itself
        chosen = [*typed.all("overnemen"), *set(self_selecting(report)).difference(typed.all("vanzelf"))]
    if kies in (ALL, NONE):
        chosen = every_box(report) if kies == ALL else []
    with at.office.database.reading() as session:
        names, words = at.view(session).party_names, column_words.of_covenant(session, at.covenant_id)
    return at.page(
        "desk/read-in",
        status if typed is not None else HTTPStatus.OK,
        shown=read_in_of(report, names, chosen, words),
        sayable=list(SAYABLE),
        said=said,
        token_name=token,
        version=version,
        typed=typed or DeskForm(),
        changed=changed,
    )


def _files(at: DeskRequest, token: str) -> list[Path]:
    return uploads(at.office.settings, at.covenant_id, token)


def _report(
    at: DeskRequest, files: Sequence[Path], answers: Mapping[str, str] | None = None, take: Collection[int] = ()
) -> ImportReport:
    """What the documents say and would change; nothing is written."""
    return import_files(
        at.office, files, at.seat.slug, at.now, check=True, answers=answers, take=take, read=read_upload
    )
