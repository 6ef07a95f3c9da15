"""What a running `cycle` makes once and a thousand tests would make a thousand times: kept for the whole process.

Each test opens an office of its own, with engines and templates of its own. The statements and templates in them are
the same every time, and to compile them took a fifth of the suite. Nothing else is shared: connections, rows and
environments stay those of one test.

The pages answer on one event loop with its threads, as on a server; a test client by itself makes one for each request,
which took as long as what it asked.

A file is read by a child process, which takes half a second to start. What it says follows from the bytes and the name
of the file and from the question, which are often those of an earlier test, or of the same on the other engine.

A passphrase is stretched little: that it takes time to try one is for who guesses, and a test knows it.

The collector of garbage looks seldom, and never at what was there before the first test: the program, its libraries and
the thousands of tests that were collected. To look at all of that again and again took a tenth of the suite.
"""

import gc
import pickle
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import anyio.from_thread
import jinja2
import pydantic.fields
from sqlalchemy import Engine, event
from starlette.testclient import TestClient

from cycle.archive import age
from cycle.intake import limits

SELDOM = (50_000, 20, 20)
"""How many new things make it look at the youngest, and how often it does so before it looks at older ones."""

WORK_OF_THE_PROGRAM, LITTLE_WORK = age.WORK, 4

_engines: dict[str, Engine] = {}
_templates: dict[tuple[object, ...], Any] = {}

_answers: dict[tuple[object, ...], bytes] = {}
_ask = limits._asked

_loops = ExitStack()

_compile = jinja2.Environment.compile


def remember() -> None:
    """From here on, in this process."""
    event.listen(Engine, "engine_connect", _share_statements)
    jinja2.Environment.compile = _compiled  # type: ignore[assignment,method-assign]
    TestClient._portal_factory = _portal  # type: ignore[assignment,method-assign]
    limits._asked = _told_before
    make_passphrases_quick()
    # each new row asks of each default factory how many arguments it takes
    inside = pydantic.fields._fields  # type: ignore[attr-defined]
    inside.takes_validated_data_argument = cache(inside.takes_validated_data_argument)


def make_passphrases_quick() -> None:
    """What is sealed from here on is opened by the work that it names itself."""
    age.WORK = LITTLE_WORK


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


def _told_before(kind: str, path: Path, seconds: int, given: bytes) -> dict[str, Any]:
    """The answer of a child process to the first who asked this; an error is not remembered."""
    is_file = path.is_file()
    key = (kind, path.name, path.read_bytes() if is_file else b"", seconds, given, limits.CHILD_MEMORY_BYTES)
    if not is_file or key not in _answers:
        _answers[key] = pickle.dumps(_ask(kind, path, seconds, given))
    return dict(pickle.loads(_answers[key]))


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
