"""A mail as it looked, for the secretariat to see: without the links that are its reader's alone."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy

from cycle.settings import Settings

LEFT_OUT = "…"


@dataclass(frozen=True, slots=True)
class Looks:
    """The two forms of a mail, and the names of what went along. Both are empty once the words were taken away."""

    html: str
    text: str
    files: tuple[str, ...]


def looks(body: bytes, settings: Settings) -> Looks:
    """What the reader sees; a link to one of our own pages lets somebody in, so only its beginning is shown."""
    if not body:
        return Looks("", "", ())
    mail = message_from_bytes(body, policy=policy.default)
    forms = [mail.get_body((kind,)) for kind in ("html", "plain")]
    html, text = (_blanked(form.get_content(), settings) if form is not None else "" for form in forms)
    return Looks(html, text, tuple(part.get_filename() or "" for part in mail.iter_attachments()))


def _blanked(words: str, settings: Settings) -> str:
    """Ours are all that stand below the base address; the address itself stays."""
    return re.sub(re.escape(settings.web.base_url) + r"/[^\s\"'<>]+", f"{settings.web.base_url}/{LEFT_OUT}", words)
