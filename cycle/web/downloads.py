"""Files that go out: always as a download, never shown as a page of ours."""

from urllib.parse import quote

from starlette.responses import Response

from cycle.domain.files import media_type
from cycle.web.once import PRIVATE


def download(name: str, content: bytes) -> Response:
    """A file by this name, with its own type. What is not one of our own kinds is bytes and nothing more."""
    headers = PRIVATE | {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(content, media_type=media_type(name, content), headers=headers)
