"""Whether the process lives, and whether it keeps up (rule C9): for monitors, not for people."""

import hmac
from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse

from cycle.actions.service.watch.condition import Finding, condition
from cycle.store.mishaps import DATABASE_AWAY
from cycle.web.door import AtDoor
from cycle.web.peers import is_this_machine

router = APIRouter()
FRESH = {"Cache-Control": "no-store"}


@router.api_route("/healthz", methods=["GET", "HEAD"])
async def healthz() -> JSONResponse:
    """The process answers. It asks nothing of the database, so a slow one does not get the process killed."""
    return JSONResponse({"status": "ok"}, headers=FRESH)


@router.api_route("/readyz", methods=["GET", "HEAD"])
def readyz(door: AtDoor, request: Request) -> JSONResponse:
    """Whether all that is watched is well (law L8); 503 when one thing is not.

    Which one is told to this machine itself, and to who knows the token; all others hear whether all is well.
    """
    try:
        findings = condition(door.office, door.now())
    except DATABASE_AWAY:
        findings = [Finding("database", False, "niet bereikbaar")]
    ok = all(finding.ok for finding in findings)
    answer: dict[str, object] = {"status": "ok" if ok else "fault"}
    if may_hear_why(request, door.office.settings.watch.readyz_token):
        answer["checks"] = [{"name": one.name, "ok": one.ok, "words": one.general} for one in findings]
    return JSONResponse(answer, HTTPStatus.OK if ok else HTTPStatus.SERVICE_UNAVAILABLE, FRESH)


def may_hear_why(request: Request, token: str) -> bool:
    """Whether this machine itself asks, or who knows the token."""
    return is_this_machine(request) or _knows_the_token(request, token)


def _knows_the_token(request: Request, token: str) -> bool:
    """In a header only: addresses come in logs."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    is_same = hmac.compare_digest(given.strip().encode("utf-8", "replace"), token.encode())
    return bool(token) and scheme.lower() == "bearer" and is_same
