"""Pages from `templates/web/`: files that a municipality can replace beside config.toml, as with the mails."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup
from starlette.responses import HTMLResponse

from cycle.actions.office.office import template_folders
from cycle.settings import Settings
from cycle.store.sentforms import form_in_hand
from cycle.web.formkeys import with_keys

STATIC = {"cycle.css": "text/css; charset=utf-8", "cycle.svg": "image/svg+xml"}


class StaticFile:
    """One file that pages refer to, read once. Its mark changes with its bytes, so browsers may keep it for ever."""

    def __init__(self, name: str, path: Path) -> None:
        self.name, self.content_type = name, STATIC[name]
        self.body = path.read_bytes()
        self.mark = sha256(self.body).hexdigest()[:16]


class Templates:
    """Fills in a template. Strict about missing names; everything is escaped."""

    def __init__(self, folders: Sequence[Path], base_path: str, new_key: Callable[[], str]) -> None:
        self._new_key = new_key
        self.static = {name: StaticFile(name, _first(folders, name)) for name in STATIC}
        loader = FileSystemLoader(folders)
        self._jinja = ImmutableSandboxedEnvironment(
            loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        self._jinja.globals["base"] = base_path
        self._jinja.globals["static"] = {
            name: f"{base_path}/static/{name}?v={file.mark}" for name, file in self.static.items()
        }

    def part(self, name: str, **fields: Any) -> Markup:
        """A piece of a page, for `{{ }}` in its template."""
        return Markup(self._jinja.get_template(f"{name}.html").render(fields))

    def page(self, name: str, status: int = 200, /, **fields: Any) -> HTMLResponse:
        """The page of this name, with a key in each form.

        Browsers ask again each time, for a deadline may be settled meanwhile.
        """
        html = with_keys(self._jinja.get_template(f"{name}.html").render(fields), self._new_key, form_in_hand())
        return HTMLResponse(html, status, {"Cache-Control": "private, no-cache"})


def open_templates(settings: Settings, new_key: Callable[[], str]) -> Templates:
    """The templates of these settings. Links begin with the path of `web.base_url`, which is mostly empty; `new_key`
    makes the key of a form."""
    return Templates(template_folders(settings, "web"), urlsplit(settings.web.base_url).path.rstrip("/"), new_key)


def _first(folders: Sequence[Path], name: str) -> Path:
    return next(path for path in (folder / name for folder in folders) if path.is_file())
