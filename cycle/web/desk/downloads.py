"""Files that go out from the desk: always as a download, never shown as a page of ours."""

from pathlib import Path
from urllib.parse import quote

from starlette.responses import Response

from cycle.web.desk.visiting import PRIVATE

TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def download(name: str, content: bytes) -> Response:
    """A file by this name. What is not one of our own kinds is bytes and nothing more."""
    kind = TYPES.get(Path(name).suffix.casefold(), "application/octet-stream")
    headers = PRIVATE | {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(content, media_type=kind, headers=headers)
