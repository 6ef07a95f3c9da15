"""The short sentences of mails, by key: `_words.txt`, one line each, that a secretary can read and change.

    task.papers: Stuur de stukken rond.
    why.trekker: {{ party }} is trekker van {{ about }}

A file beside config.toml needs only the lines that differ. The same sentence goes into the text and the HTML of a mail,
which is why it is no macro. Each is a template of one line in the same sandbox, with texts only (rule C12).
"""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from jinja2 import Template, TemplateError

from cycle.errors import Fault
from cycle.mail.fields import plain_fields
from cycle.mail.sandbox import Sandbox, metered

WORDS_FILE = "_words.txt"
LONGEST = 1_000
SAID = 4_096  # sentences that are kept: a party leads many deadlines, in mails to many people


class Sentence(NamedTuple):
    """One sentence, and where it stands."""

    text: str
    place: str


class Words:
    """The sentences of some folders; per key the first folder that has it wins."""

    def __init__(self, folders: Sequence[Path], sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._lines: dict[str, Sentence] = {}
        self._faults: list[Fault] = []
        for folder in reversed(folders):
            self._read(folder / WORDS_FILE, is_ours=folder == folders[-1])
        self._made: dict[str, Template] = {}
        self._filled = lru_cache(maxsize=SAID)(self._fill)

    def say(self, key: str, fields: Mapping[str, str]) -> str:
        """One sentence, filled in.

        Raises KeyError for a key that is nowhere, jinja2.TemplateError for a faulty sentence.
        """
        text = self._lines[key].text
        if "{" not in text:
            return text
        return self._filled(key, tuple(plain_fields(fields).items()))

    def _fill(self, key: str, fields: tuple[tuple[str, str], ...]) -> str:
        if key not in self._made:
            self._made[key] = self._sandbox.from_string(self._lines[key].text)
        with metered():
            return self._made[key].render(dict(fields))

    def check(self, samples: Mapping[str, Mapping[str, str]]) -> Iterator[Fault]:
        """Says each sentence with the example of its group, and tells what is wrong."""
        yield from self._faults
        for key, line in self._lines.items():
            group = key.partition(".")[0]
            try:
                if not self.say(key, samples[group]).strip():
                    yield Fault(line.place, f"Bij {key} staat niets.", "Schrijf een zin, of haal de regel weg.")
            except KeyError:
                yield Fault(line.place, f"{key} hoort bij geen enkele mail.", "Kijk de naam na of haal de regel weg.")
            except Exception as error:  # a sentence can fail in any way, and each is a fault of the file
                what = str(error).rstrip(".") if isinstance(error, TemplateError) else type(error).__name__
                known = ", ".join(samples[group]) or "geen"
                yield Fault(line.place, f"De zin bij {key} kan niet worden ingevuld: {what}.", f"Velden: {known}.")

    def _read(self, path: Path, *, is_ours: bool) -> None:
        try:
            text = path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            if is_ours:
                self._faults.append(Fault(str(path), "Dit bestand ontbreekt.", "Zet het bestand terug."))
            return
        except (OSError, UnicodeDecodeError):
            self._faults.append(Fault(str(path), "Dit bestand is niet te lezen.", "Sla het op als UTF-8."))
            return
        for number, line in enumerate(text.splitlines(), start=1):
            if line.strip() and not line.startswith("#"):
                self._take(line, f"{path}:{number}", is_ours=is_ours)

    def _take(self, line: str, place: str, *, is_ours: bool) -> None:
        key, colon, text = (part.strip() for part in line.partition(":"))
        if not colon or not key:
            self._faults.append(Fault(place, "Deze regel is geen zin met een naam.", "Schrijf: naam: zin"))
        elif not is_ours and key not in self._lines:
            close = get_close_matches(key, self._lines, 1)
            hint = f"Bedoelt u {close[0]}?" if close else "Kijk in het meegeleverde bestand welke namen er zijn."
            self._faults.append(Fault(place, f"{key} is geen zin die wij kennen.", hint))
        elif len(text) > LONGEST:
            self._faults.append(Fault(place, f"De zin bij {key} is te lang.", f"Houd het onder {LONGEST} tekens."))
        else:
            self._lines[key] = Sentence(text, place)
