"""House style: how the letters of each party look, whom they name, and how a letter to it is addressed.

One for each party, and one (of no party) for what a joint letter has instead. A frozen letter keeps what it had.
"""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from cycle.actions.office.covenant_view import CovenantView, view_of
from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.actions.office.versions import refuse_changed, version_of
from cycle.domain.letters import (
    JOINT,
    TOGETHER,
    colour_of,
    look_at_address_lines,
    look_at_colour,
    look_at_pattern,
)
from cycle.domain.text import clean_line
from cycle.errors import Fault, NotFound, Refused
from cycle.intake.logo import logo_png
from cycle.letter.facts import ACCENT, Letterhead
from cycle.private import write_file
from cycle.settings.setting_kinds import mail_address
from cycle.store import letters
from cycle.store.tables import LetterheadRow

StyleText = str | tuple[str, ...]
CALLED = {
    "visiting": "bezoekadres",
    "postal": "postadres",
    "phone": "telefoon",
    "web": "website",
    "accent": "kleur",
    "place": "plaats",
    "reference": "kenmerk",
    "contact_name": "contactpersoon van de brief",
    "contact_function": "functie van de contactpersoon",
    "contact_phone": "telefoon van de contactpersoon",
    "contact_email": "mailadres van de contactpersoon",
    "reply_to": "antwoordadres",
    "display_name": "naam als afzender",
    "body": "gericht aan",
    "attention": "ter attentie van",
    "function": "functie van de geadresseerde",
    "salutation": "aanhef",
    "signatory": "ondertekenaar",
    "signs_as": "functie van de ondertekenaar",
}
"""What the logbook calls each part."""
LOOKED_AT: Mapping[str, Callable[[Any], object]] = {
    "accent": look_at_colour,
    "reference": look_at_pattern,
    "contact_email": mail_address,
    "reply_to": mail_address,
    "visiting": look_at_address_lines,
    "postal": look_at_address_lines,
}
"""What not everything can stand in, and who looks at it."""


@dataclass(frozen=True, slots=True)
class HouseStyle:
    """What is kept of one party, as its form has it; the addresses are lines. Nothing of it is needed."""

    visiting: tuple[str, ...] = ()
    postal: tuple[str, ...] = ()
    phone: str = ""
    web: str = ""
    accent: str = ""
    place: str = ""
    reference: str = ""
    contact_name: str = ""
    contact_function: str = ""
    contact_phone: str = ""
    contact_email: str = ""
    reply_to: str = ""
    display_name: str = ""
    body: str = ""
    attention: str = ""
    function: str = ""
    salutation: str = ""
    signatory: str = ""
    signs_as: str = ""
    logo: bytes = b""

    @property
    def head(self) -> Letterhead:
        """How a letter of theirs looks."""
        return Letterhead(self.visiting, self.postal, self.phone, self.web, self.accent or ACCENT, self.logo)


def style_of(row: LetterheadRow | None) -> HouseStyle:
    """What is kept in a row; nothing without one."""
    if row is None:
        return HouseStyle()
    values = {one.name: getattr(row, one.name) for one in fields(HouseStyle)}
    return HouseStyle(**values | {"visiting": tuple(row.visiting), "postal": tuple(row.postal)})


def house_style(office: Office, covenant_id: int, party: str, now: datetime) -> tuple[HouseStyle, str]:
    """The house style of a party (of a joint letter without one) and the version of it that a form shows."""
    with office.database.reading() as session:
        row = letters.letterheads(session, covenant_id).get(party)
        return style_of(row), version_of(now, *((row,) if row else ()))


def faults_of(wish: HouseStyle) -> list[Fault]:
    """What is wrong with a house style, by its field."""
    looked_at = (_fault(name, look, getattr(wish, name)) for name, look in LOOKED_AT.items())
    return [fault for fault in looked_at if fault is not None]


def save_house_style(
    office: Office,
    covenant: str | None,
    party: str,
    wish: HouseStyle,
    now: datetime,
    *,
    by: str = "",
    version: str = "",
    logo: tuple[str, bytes] | None = None,
    without_logo: bool = False,
) -> bool:
    """Keeps a house style, with a logo as it was uploaded (name and bytes); without one the logo stays as it was.

    False when nothing changed. Raises NotFound for a party that is not there, Unreadable for a file that is no logo,
    Changed when somebody else saved first. The caller has looked at `faults_of`.
    """
    drawn = drawn_logo(*logo) if logo is not None else None
    with office.database.writing() as session:
        view = view_of(session, office.settings, covenant)
        _refuse_stranger(view, party)
        row = letters.letterheads(session, view.id, lock=True).get(party)
        refuse_changed(session, version, about(party), view.id, *((row,) if row else ()))
        was = style_of(row)
        row = row or LetterheadRow(covenant_id=view.id, party=party, changed_at=now)
        accent = colour_of(wish.accent) or ""
        values = {name: getattr(wish, name) for name in CALLED} | {"accent": accent}
        values |= {"visiting": list(wish.visiting), "postal": list(wish.postal)}
        values["logo"] = b"" if without_logo else drawn if drawn is not None else was.logo
        for name, value in values.items():
            setattr(row, name, value)
        becomes = style_of(row)
        if becomes == was:
            return False
        row.changed_by, row.changed_at = by, now
        session.add(row)
        note(session, now, by, "huisstijl gewijzigd", about(party), ", ".join(_differences(was, becomes)), view.id)
        return True


def about(party: str) -> str:
    """What the logbook calls the house style of a party."""
    return f"huisstijl {party or TOGETHER}"


def drawn_logo(name: str, content: bytes) -> bytes:
    """An uploaded logo as a PNG of ours.

    Raises Unreadable for what is no logo, too large, or holds what a logo should not.
    """
    with tempfile.TemporaryDirectory(prefix="cycle-") as folder:
        file = Path(folder) / (clean_line(name).replace("/", "-")[-80:] or "logo")
        write_file(file, content)
        return logo_png(file)


def lines_of(text: str) -> tuple[str, ...]:
    """The lines of an address, without empty ones."""
    return tuple(line for line in (clean_line(one) for one in text.splitlines()) if line)


def _refuse_stranger(view: CovenantView, party: str) -> None:
    if party != JOINT and party not in view.party_names:
        raise NotFound(f"De partij {party!r} is er niet.", f"Bekend zijn: {', '.join(view.party_names)}.")


def _differences(was: HouseStyle, becomes: HouseStyle) -> list[str]:
    said = [f"{words}: {_words(new)}" for words, old, new in _parts(was, becomes) if old != new]
    if was.logo != becomes.logo:
        said.append("ander logo" if becomes.logo else "geen logo")
    return said


def _parts(was: HouseStyle, becomes: HouseStyle) -> list[tuple[str, StyleText, StyleText]]:
    return [(words, getattr(was, name), getattr(becomes, name)) for name, words in CALLED.items()]


def _words(value: StyleText) -> str:
    return (value if isinstance(value, str) else ", ".join(value)) or "leeg"


def _fault(name: str, look: Callable[[Any], object], value: StyleText) -> Fault | None:
    try:
        if value:
            look(value)
    except Refused as refused:
        return Fault(name, refused.what, refused.hint)
    except ValueError as error:
        what, _, hint = str(error).partition("|")
        return Fault(name, what, hint)
    return None


def styles_by_party(rows: Mapping[str, LetterheadRow]) -> dict[str, HouseStyle]:
    """The house styles of a covenant, by party."""
    return {party: style_of(row) for party, row in rows.items()}
