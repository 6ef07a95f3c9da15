"""The door for what comes with a request: addresses are made clean before anything reads them, forms field by field.

A page of ours never has a strange sign in its path, so such a path is no page; a search is done without them.
"""

from http import HTTPStatus
from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import Form
from pydantic import AfterValidator
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from cycle.domain.text import clean_line, clean_lines, is_clean
from cycle.web.error_pages import fault

FormLine = Annotated[str, AfterValidator(clean_line), Form(max_length=4000)]
"""A field of a form on one line, for pages that take their fields as parameters."""

FormText = Annotated[str, AfterValidator(clean_lines), Form(max_length=20_000)]
"""A field of several lines."""


class CleanAddress:
    """Stands before the pages: a path with strange signs is 404, a query comes in clean."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            if not is_clean(scope["path"]):
                await fault(Request(scope), HTTPStatus.NOT_FOUND)(scope, receive, send)
                return
            scope = {**scope, "query_string": _clean_query(scope["query_string"])}
        await self.app(scope, receive, send)


def _clean_query(query: bytes) -> bytes:
    """A query without strange signs; one that has none stays as it was written."""
    if query.isalnum():
        return query
    fields = parse_qsl(query.decode("latin-1"), keep_blank_values=True, separator="&")
    clean = [(clean_line(name), clean_line(value)) for name, value in fields]
    return query if clean == fields else urlencode(clean).encode("ascii")
