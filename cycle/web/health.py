"""Whether the process lives, and whether it keeps up (rule C9): for monitors, not for people."""

from http import HTTPStatus

from fastapi import APIRouter
from starlette.responses import JSONResponse

from cycle.actions.service.health import Finding, readiness
from cycle.web.door import AtDoor
from cycle.web.faults import DATABASE_AWAY

router = APIRouter()
FRESH = {"Cache-Control": "no-store"}


@router.api_route("/healthz", methods=["GET", "HEAD"])
async def healthz() -> JSONResponse:
    """The process answers. It asks nothing of the database, so a slow one does not get the process killed."""
    return JSONResponse({"status": "ok"}, headers=FRESH)


@router.api_route("/readyz", methods=["GET", "HEAD"])
def readyz(door: AtDoor) -> JSONResponse:
    """Database, jobs, queue and sending; 503 when one of them is not well."""
    try:
        findings = readiness(door.office, door.now())
    except DATABASE_AWAY:
        findings = [Finding("database", False, "niet bereikbaar")]
    ok = all(finding.ok for finding in findings)
    checks = [{"name": one.name, "ok": one.ok, "words": _general(one.words)} for one in findings]
    status = HTTPStatus.OK if ok else HTTPStatus.SERVICE_UNAVAILABLE
    return JSONResponse({"status": "ok" if ok else "fault", "checks": checks}, status, FRESH)


def _general(words: str) -> str:
    """Without what follows a colon: a mail server's own answer may name hosts and accounts, and anyone can ask here."""
    return words.partition(":")[0]
