"""A covenant folder that is read in at the desk: what it has otherwise than the table, both sides, taken one by one."""

from hashlib import sha256
from http import HTTPStatus

from starlette.responses import Response

from cycle.actions.register.reading_in.import_report import ImportReport
from cycle.actions.register.reading_in.importing import register_version
from cycle.actions.register.reading_in.uploads import drop_uploads, uploads
from cycle.actions.register.starting.folder_uploads import import_uploaded_folder
from cycle.errors import CycleError
from cycle.web.desk.forms import DeskForm
from cycle.web.desk.read_in import number_box, read_in_of
from cycle.web.desk.visiting import DeskRequest, ForSecretariat, desk_router

router = desk_router()
ENTRY = None  # one comes to it from Inlezen


@router.api_route("/inlezen/{token}/map", methods=["GET", "HEAD"])
def look(at: ForSecretariat, token: str) -> Response:
    """What the folder would change."""
    return folder_page(at, token)


@router.post("/inlezen/{token}/map")
def confirm(at: ForSecretariat, token: str) -> Response:
    """Takes the folder over: what is new in it, and of what differs that which was ticked."""
    typed = at.typed()
    shown = folder_report(at, token)
    if typed["version"] != _version(at, shown):
        typed.wrong("anders", "Er is intussen iets veranderd. Kijk het nog eens na, en bevestig opnieuw.")
        return folder_page(at, token, typed, HTTPStatus.CONFLICT)
    ticked, rows = set(typed.all("anders")), set(typed.all("overnemen"))
    differences = shown.differences
    wanted = [number for number in (*differences.new, *differences.changed) if number in rows]
    wanted += [one.new for one in differences.renumbered if number_box(one.new) in rows]
    try:
        done = import_uploaded_folder(
            at.office,
            uploads(at.office.settings, at.covenant_id, token),
            at.seat.slug,
            at.now,
            by=at.by,
            yes=bool(typed["cijfers"]),
            only=wanted,
            take_over=ticked,
        )
    except CycleError as error:
        typed.wrong("anders", f"{error.what} {error.hint}")
        return folder_page(at, token, typed)
    drop_uploads(at.office.settings, at.covenant_id, token)
    is_any = done.covenant_changed or done.differences.any or done.figures or done.themes
    words = "Bewaard" if is_any else "Alles stond al zo. Er is niets veranderd"
    return at.done(f"{words}. Er is niemand gemaild.", at.path("gegevens"))


def folder_report(at: DeskRequest, token: str) -> ImportReport:
    """What an uploaded folder says and would change; nothing is written."""
    files = uploads(at.office.settings, at.covenant_id, token)
    return import_uploaded_folder(at.office, files, at.seat.slug, at.now, check=True)


def folder_page(
    at: DeskRequest, token: str, typed: DeskForm | None = None, status: int = HTTPStatus.UNPROCESSABLE_ENTITY
) -> Response:
    """What a folder would change, with what somebody ticked."""
    report = folder_report(at, token)
    with at.office.database.reading() as session:
        names = at.view(session).party_names
    return at.page(
        "desk/folder-in",
        status if typed is not None else HTTPStatus.OK,
        shown=read_in_of(report, names, typed.all("overnemen") if typed is not None else None, {}),
        differing=[*report.table, *report.steps],
        token_name=token,
        version=_version(at, report),
        typed=typed or DeskForm(),
    )


def _version(at: DeskRequest, report: ImportReport) -> str:
    """What this page shows, however often it is looked at."""
    register, _, _ = register_version(at.office, at.covenant_id, at.now).partition(".")
    return sha256(repr((register, report.table, report.steps, report.figures)).encode()).hexdigest()[:16]
