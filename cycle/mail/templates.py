"""The wording of every mail: files that a secretary can read, and change without touching the program.

A kind of mail is three files: `<kind>.subject.txt`, `<kind>.txt` and `<kind>.html`; names that begin with `_` are
shared parts. Folders are searched in order, so one file beside config.toml replaces one of ours and the rest stays.
The sentences that one of our programs chooses between stand in `_words.txt`. Templates run in `sandbox` (rule C12).
Nothing here knows mail headers, deadlines or time.
"""

import re
import textwrap
import traceback
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from pathlib import Path
from typing import Any

import css_inline
from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError

from cycle.errors import Fault
from cycle.mail.fields import Rendered, plain_fields
from cycle.mail.headers import clean
from cycle.mail.samples import MORE_SAMPLES, SAMPLES, WORD_SAMPLES
from cycle.mail.sandbox import metered, open_sandbox
from cycle.mail.sentences import Words

TEXT_WIDTH = 78  # rule B10
HTML_LIMIT_BYTES = 90_000  # rule B9: Gmail cuts a mail at 102 kB
FILE_LIMIT_BYTES = 64_000
FORMS = ("subject.txt", "txt", "html")

_MARGIN = re.compile(r" *(?:[-*•] |\d+\. )?")
_BLANK_LINES = re.compile(r"\n{3,}")
_HTML_REMAINS = re.compile(r"&(?:[a-z]+|#\d+);|</?[a-z][^>\s]*>", re.IGNORECASE)
_TARGET = re.compile(r'href="(https?://[^"]+)"')
_LINK = re.compile(r"https?://[^\s<>\"']+")


class Wording:
    """The templates of some folders, each file read once; the first folder that has a file wins."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(folders)
        self._jinja = open_sandbox(self._folders)
        self._words = Words(self._folders, self._jinja)
        # On the rendered mail rather than on the sources: css-inline is an HTML parser, and a source with `{% for %}`
        # between table rows is not HTML. Rules that inlining cannot hold (dark mode) stay in the head.
        self._inline = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True).inline

    def render(self, kind: str, fields: Mapping[str, Any]) -> Rendered:
        """Write one mail. The same fields give the same words.

        Raises TypeError for a field that is not plain, jinja2.TemplateError for a faulty or missing template.
        """
        plain = plain_fields(fields)
        subject, text, html = (self._fill(f"{kind}.{form}", plain) for form in FORMS)
        return Rendered(clean(" ".join(subject.split())), tidy(text), self._inline(html))

    def say(self, key: str, /, **fields: str) -> str:
        """One sentence of `_words.txt`, for a field of a mail.

        Raises KeyError for a key that is nowhere, TypeError for a field that is not plain, jinja2.TemplateError for a
        faulty sentence.
        """
        return self._words.say(key, fields)

    def check(self) -> tuple[Fault, ...]:
        """Write every kind with all its samples and tell what is wrong, all at once, in Dutch."""
        faults = [*self._strangers(), *self._words.check(WORD_SAMPLES)]
        for kind, sample in SAMPLES.items():
            for values in (sample, *MORE_SAMPLES.get(kind, ())):
                faults.extend(self._check_kind(kind, values))
        return tuple(dict.fromkeys(faults))

    def _fill(self, name: str, fields: Mapping[str, Any]) -> str:
        with metered():
            return self._jinja.get_template(name).render(fields)

    def _strangers(self) -> Iterator[Fault]:
        """A file with a misspelt name would silently do nothing."""
        known = {f"{kind}.{form}" for kind in SAMPLES for form in FORMS}
        for path in (path for folder in self._folders for path in sorted(folder.glob("[!_.]*")) if path.is_file()):
            if path.name not in known:
                yield Fault(str(path), "Dit bestand hoort bij geen enkele mail.", "Kijk de naam na of verwijder het.")
            elif path.stat().st_size > FILE_LIMIT_BYTES:
                yield Fault(str(path), "Dit bestand is te groot voor een mail.", "Houd het onder 64 kB.")

    def _check_kind(self, kind: str, sample: Mapping[str, Any]) -> Iterator[Fault]:
        forms = {}
        for form in FORMS:
            name = f"{kind}.{form}"
            try:
                forms[form] = self._fill(name, sample)
            except Exception as error:  # a template can fail in any way, and each is a fault of the file
                yield self._fault(name, error)
        for form, text in forms.items():
            yield from _faults_of(self._place(f"{kind}.{form}"), form, text)
        if "txt" in forms and "html" in forms:
            yield from _missing_links(self._place(f"{kind}.txt"), forms["txt"], self._inline(forms["html"]))

    def _fault(self, name: str, error: Exception) -> Fault:
        if isinstance(error, TemplateNotFound):
            return Fault(self._place(str(error.name)), "Dit sjabloon ontbreekt.", "Zet het bestand terug.")
        if isinstance(error, TemplateSyntaxError):
            place = f"{self._place(error.name or name)}:{error.lineno}"
            return Fault(
                place, f"Het sjabloon is niet te lezen: {error.message}.", "Kijk naar de accolades op deze regel."
            )
        place = self._line_of(error) or self._place(name)
        if isinstance(error, TemplateError):
            what = f"Het sjabloon kan niet worden ingevuld: {error}."
            return Fault(place, what, "Gebruik alleen de velden die in het meegeleverde sjabloon staan.")
        return Fault(place, f"Het sjabloon geeft een fout: {error}.", "Vergelijk het met het meegeleverde sjabloon.")

    def _line_of(self, error: Exception) -> str:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if self._is_ours(frame.filename)]
        return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""

    def _is_ours(self, file_name: str) -> bool:
        return any(Path(file_name).is_relative_to(folder) for folder in self._folders)

    def _place(self, name: str) -> str:
        places = (folder / name for folder in self._folders if (folder / name).is_file())
        return str(next(places, self._folders[-1] / name))


def tidy(text: str) -> str:
    """Plain text as people like it: lines of at most 78 characters, no trails, single blank lines.

    A list item keeps its indent; an address longer than the line stays whole.
    """
    stripped = map(str.rstrip, text.splitlines())
    lines = "\n".join(line if len(line) <= TEXT_WIDTH else _wrapped(line) for line in stripped)
    return _BLANK_LINES.sub("\n\n", lines).strip("\n") + "\n"


def _wrapped(line: str) -> str:
    head = _MARGIN.match(line)[0]  # type: ignore[index]  # it matches nothing at all too
    return textwrap.fill(
        line[len(head) :],
        TEXT_WIDTH,
        initial_indent=head,
        subsequent_indent=" " * len(head),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _faults_of(place: str, form: str, text: str) -> Iterator[Fault]:
    if not text.strip():
        yield Fault(place, "Dit sjabloon levert een lege tekst op.", "Verwijder het bestand om het onze te gebruiken.")
    if form != "html" and _HTML_REMAINS.search(text):
        yield Fault(place, "In de gewone tekst staat HTML.", "Schrijf hier zonder < > en zonder &…;.")
    if form == "html" and len(text.encode()) > HTML_LIMIT_BYTES:
        yield Fault(place, "Deze mail is groter dan 90 kB; Gmail kapt hem af.", "Maak het sjabloon korter.")


def _missing_links(place: str, text: str, html: str) -> Iterator[Fault]:
    """Who reads plain text must be able to go to the same places (rule B10)."""
    links = {unescape(link) for link in _TARGET.findall(html)}
    for link in sorted(links - {link.rstrip(".,;:)") for link in _LINK.findall(text)}):
        yield Fault(place, f"De link {link} staat alleen in de HTML.", "Zet hem ook in de gewone tekst.")
