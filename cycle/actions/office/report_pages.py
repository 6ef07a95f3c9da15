"""Pages that are written as a file, for somebody to print or to read beside something: `templates/report/`."""

from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from cycle.actions.office.office import template_folders
from cycle.settings import Settings


def report_page(settings: Settings, name: str, /, **fields: Any) -> str:
    """The page of this name, filled in. Strict about missing names; everything is escaped."""
    jinja = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(template_folders(settings, "report")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return jinja.get_template(f"{name}.html").render(fields)
