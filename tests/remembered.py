"""What a running `cycle` makes once and a thousand tests would make a thousand times: kept for the whole process.

Each test opens an office of its own, with engines and templates of its own. The statements and templates in them are
the same every time, and to compile them took a fifth of the suite. Nothing else is shared: connections, rows and
environments stay those of one test.
"""

from functools import cache
from typing import Any

import jinja2
import pydantic.fields
from sqlalchemy import Engine, event

_engines: dict[str, Engine] = {}
_templates: dict[tuple[object, ...], Any] = {}

_compile = jinja2.Environment.compile


def remember() -> None:
    """From here on, in this process."""
    event.listen(Engine, "engine_connect", _share_statements)
    jinja2.Environment.compile = _compiled  # type: ignore[assignment,method-assign]
    # each new row asks of each default factory how many arguments it takes
    inside = pydantic.fields._fields  # type: ignore[attr-defined]
    inside.takes_validated_data_argument = cache(inside.takes_validated_data_argument)


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
