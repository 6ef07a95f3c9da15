"""What a running `cycle` makes once and a thousand tests would make a thousand times: kept for the whole process.

Each test opens an office of its own, with engines and templates of its own. The statements and templates in them are
the same every time, and to compile them took a fifth of the suite. Nothing else is shared: connections, rows and
environments stay those of one test.

The pages answer on one event loop with its threads, as on a server; a test client by itself makes one for each request,
which took as long as what it asked.

The collector of garbage looks seldom, and never at what was there before the first test: the program, its libraries and
the thousands of tests that were collected. To look at all of that again and again took a tenth of the suite.
"""

import gc
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any

import anyio.from_thread
import jinja2
import pydantic.fields
from sqlalchemy import Engine, event
from starlette.testclient import TestClient

SELDOM = (50_000, 20, 20)
"""How many new things make it look at the youngest, and how often it does so before it looks at older ones."""

_engines: dict[str, Engine] = {}
_templates: dict[tuple[object, ...], Any] = {}

_loops = ExitStack()

_compile = jinja2.Environment.compile


def remember() -> None:
    """From here on, in this process."""
    event.listen(Engine, "engine_connect", _share_statements)
    jinja2.Environment.compile = _compiled  # type: ignore[assignment,method-assign]
    TestClient._portal_factory = _portal  # type: ignore[assignment,method-assign]
    # each new row asks of each default factory how many arguments it takes
    inside = pydantic.fields._fields  # type: ignore[attr-defined]
    inside.takes_validated_data_argument = cache(inside.takes_validated_data_argument)


def pass_over_what_stays() -> None:
    """From here on the collector of garbage looks only at what tests make."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)


def forget() -> None:
    """Ends what would keep the process from ending."""
    _loops.close()


@contextmanager
def _portal(self: TestClient) -> Iterator[anyio.from_thread.BlockingPortal]:
    """The way to the loop of this client if it was entered, and else to the one of the process."""
    yield self.portal or _loop()


@cache
def _loop() -> anyio.from_thread.BlockingPortal:
    return _loops.enter_context(anyio.from_thread.start_blocking_portal())


def _share_statements(connection: Any) -> None:
    """Compiled statements are kept by dialect, so engines of one kind get the dialect of the first one too."""
    engine = connection.engine
    first = _engines.setdefault(engine.dialect.name, engine)
    if engine.dialect is not first.dialect:
        engine.dialect = connection.dialect = engine.pool._dialect = first.dialect
        engine._compiled_cache = first._compiled_cache


def _compiled(
    self: jinja2.Environment, source: Any, name: str | None = None, filename: str | None = None, **options: Any
) -> Any:
    """The code of a template, by its text and whatever else its code depends on."""
    is_escaped = self.autoescape(name) if callable(self.autoescape) else self.autoescape
    kind = (type(self), is_escaped, self.trim_blocks, self.lstrip_blocks, self.undefined, self.finalize)
    key = (*kind, source, name, filename, *sorted(options.items()))
    if key not in _templates:
        _templates[key] = _compile(self, source, name, filename, **options)
    return _templates[key]
