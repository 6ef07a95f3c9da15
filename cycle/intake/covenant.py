"""A covenant folder: covenant.toml says who signed, who sits where and when it went live, in Dutch or English words.

Everything that is wrong in the file comes back at once; nothing is stored from a faulty file.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, AliasGenerator, BeforeValidator, ConfigDict, Field

from cycle.domain.days import SEAT, TERM
from cycle.domain.letters import MOST_LINE, TOGETHER, look_at_address_lines, look_at_colour, look_at_pattern
from cycle.domain.model import PartyKind, Role
from cycle.domain.text import clean_data
from cycle.domain.theme_words import look_at_theme_name
from cycle.domain.words import day_words
from cycle.errors import Fault, Refused, SettingsError
from cycle.intake.covenant_words import KEYS, either_key, kind_written, role_written, yes_or_no
from cycle.intake.table_columns import SAYABLE, heading_key
from cycle.settings import Section, mail_address, place_of, read_toml, shown, validated

COVENANT = "covenant.toml"
_OWN_NAMES = {written: name for name, dutch in KEYS.items() for written in dutch}
Value = TypeVar("Value")
Wrong = tuple[tuple[str, ...], str, str]
"""Something that is wrong: the key, by its own name, what it is, and what to do about it."""


def _bare_address(text: str) -> str:
    address = mail_address(text)
    if "<" in address:
        raise ValueError(
            f"{shown(text)} heeft een naam in het adres.|Zet de naam in name en alleen het adres in email."
        )
    return address.lower()


def _mailbox(text: str) -> str:
    return mail_address(text) if text else ""


def _slug(text: str) -> str:
    if not text or not all(character.isalnum() or character in "-_" for character in text) or text != text.lower():
        raise ValueError(f"{shown(text)} is geen korte naam.|Gebruik kleine letters, cijfers en streepjes.")
    return text


def _line(text: str) -> str:
    if len(text) > MOST_LINE or "\n" in text:
        raise ValueError(f"{shown(text)} is te lang.|Gebruik één regel van hoogstens {MOST_LINE} tekens.")
    return text


def _file_name(text: str) -> str:
    if "/" in text or "\\" in text or text.startswith("."):
        raise ValueError(f"{shown(text)} is geen naam van een bestand.|Zet het bestand naast covenant.toml.")
    return text


def _looked_at(look: Callable[[Value], Value]) -> Callable[[Value], Value]:
    """The check of a value as the settings take it, with the same sentences."""

    def check(value: Value) -> Value:
        try:
            return look(value)
        except Refused as refused:
            raise ValueError(f"{refused.what}|{refused.hint}") from None

    return check


Line = Annotated[str, AfterValidator(_line)]
AddressLines = Annotated[tuple[Line, ...], AfterValidator(_looked_at(look_at_address_lines))]
Slug = Annotated[str, AfterValidator(_slug)]
Kind = Annotated[PartyKind, BeforeValidator(kind_written)]
RoleWord = Annotated[Role, BeforeValidator(role_written)]
ThemeName = Annotated[str, AfterValidator(_looked_at(look_at_theme_name))]
YesOrNo = Annotated[bool, BeforeValidator(yes_or_no)]


class FilePart(Section):
    """A part of covenant.toml, whose keys may be Dutch."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        alias_generator=AliasGenerator(validation_alias=either_key),
    )


class CovenantMail(FilePart):
    """Who the mail of this covenant comes from. An empty sender is that of config.toml."""

    sender: Annotated[str, AfterValidator(_mailbox)] = ""
    reply_to: Annotated[str, AfterValidator(_mailbox)] = ""
    phone: str = ""
    signature: str = ""


class PartyEntry(FilePart):
    """A signatory or a partner, and the other names that documents give it; one that ended with its last day."""

    slug: Slug
    name: str = Field(min_length=1)
    kind: Kind
    aliases: tuple[str, ...] = ()
    until: date | None = None


class GroupEntry(FilePart):
    """A name for several parties."""

    members: tuple[str, ...]
    aliases: tuple[str, ...] = ()


class BodyEntry(FilePart):
    """An overleg whose people are named one by one, as "Naam <adres>"; "Naam <adres> (partij)" says for which party."""

    name: str = Field(min_length=1)
    people: tuple[str, ...] = ()


class PersonEntry(FilePart):
    """Somebody with one or more roles for one party."""

    name: str = Field(min_length=1)
    email: Annotated[str, AfterValidator(_bare_address)]
    party: str
    roles: tuple[RoleWord, ...] = Field(min_length=1)
    agreements: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    @property
    def written(self) -> str:
        """How a body of this file names them."""
        return f"{self.name} <{self.email}>"

    @property
    def written_for_party(self) -> str:
        """The same of somebody who sits, or sat, here for several parties."""
        return f"{self.written} ({self.party})"


class HouseStyleEntry(FilePart):
    """How the letters of a party look, whom they name, and how a letter to it is addressed. `logo` is a file beside
    this one."""

    visiting: AddressLines = ()
    postal: AddressLines = ()
    phone: Line = ""
    web: Line = ""
    accent: Annotated[str, AfterValidator(_looked_at(look_at_colour))] = ""
    place: Line = ""
    logo: Annotated[str, AfterValidator(_file_name)] = ""
    reference: Annotated[Line, AfterValidator(_looked_at(look_at_pattern))] = ""
    contact_name: Line = ""
    contact_function: Line = ""
    contact_phone: Line = ""
    contact_email: Annotated[str, AfterValidator(_mailbox)] = ""
    reply_to: Annotated[str, AfterValidator(_mailbox)] = ""
    display_name: Line = ""
    body: Line = ""
    attention: Line = ""
    function: Line = ""
    salutation: Line = ""
    signatory: Line = ""
    signs_as: Line = ""


class CovenantFile(FilePart):
    """covenant.toml. `steps` and the other tables below it override those of config.toml for this covenant, and `year`
    names the steps that it has, from config.toml or the library; without it those of config.toml.

    `house_styles` are of parties by their slug, and of what a joint letter has instead (`TOGETHER`).
    `columns` says what a column of its documents is, by heading ("Oplevering" = "termijn"), `theme_names` what themes
    are called (1 = "Wonen en zorg").
    `public_page` counts when the covenant is read in for the first time; after that its secretariat switches.
    """

    slug: Slug
    name: str = Field(min_length=1)
    live_since: date
    municipality: str = ""
    signed_on: date | None = None
    term_start: date | None = None
    term_end: date | None = None
    renews: YesOrNo = True
    public_page: YesOrNo = False
    mail: CovenantMail = CovenantMail()
    parties: tuple[PartyEntry, ...] = Field(min_length=1)
    groups: dict[str, GroupEntry] = Field(default_factory=dict)
    people: tuple[PersonEntry, ...] = ()
    bodies: dict[str, BodyEntry] = Field(default_factory=dict)
    house_styles: dict[str, HouseStyleEntry] = Field(default_factory=dict)
    year: tuple[str, ...] = ()
    steps: dict[str, dict[str, Any]] = Field(default_factory=dict)
    ladders: dict[str, Any] = Field(default_factory=dict)
    reading: dict[str, Any] = Field(default_factory=dict)
    letter: dict[str, Any] = Field(default_factory=dict)
    columns: dict[str, str] = Field(default_factory=dict)
    theme_names: dict[str, ThemeName] = Field(default_factory=dict)
    school_region: str = ""
    send_hour: str = ""
    approval: Literal["", "ja", "nee"] = ""


def read_covenant(folder: Path, today: date) -> CovenantFile:
    """The covenant of a folder, whose days must be possible ones today.

    Raises SettingsError with all faults of covenant.toml.
    """
    file = folder / COVENANT
    data, text = read_toml(file)
    covenant, faults = validated(CovenantFile, clean_data(data), file.name, text)
    if covenant is not None:
        wrong = _inconsistencies(covenant, today)
        faults = [Fault(place_of(file.name, text, where, _OWN_NAMES), what, hint) for where, what, hint in wrong]
    if faults or covenant is None:
        raise SettingsError(tuple(faults))
    return covenant


def _inconsistencies(covenant: CovenantFile, today: date) -> Iterator[Wrong]:
    """What is right by itself but not together: doubles, unknown parties, an end before a start, impossible days."""
    yield from _impossible_days(covenant, today)
    slugs = [party.slug for party in covenant.parties]
    for slug, times in Counter([*slugs, *covenant.groups]).items():
        if times > 1:
            where = ("parties", str(slugs.index(slug)), "slug") if slug in slugs else ("groups", slug)
            yield where, f"De naam {shown(slug)} staat er {times} keer.", "Geef elke partij en groep een eigen naam."
    known = f"Bekend zijn: {', '.join(slugs)}."
    for group, entry in covenant.groups.items():
        for member in entry.members:
            if member not in slugs:
                what = f"De groep {shown(group)} noemt de onbekende partij {shown(member)}."
                yield ("groups", group, "members"), what, known
    for number, person in enumerate(covenant.people):
        where = ("people", str(number))
        if person.party not in slugs:
            yield (*where, "party"), f"{person.name} hoort bij de onbekende partij {shown(person.party)}.", known
        if person.since and person.until and person.until < person.since:
            yield (*where, "until"), f"Bij {person.name} ligt until voor since.", "Draai de twee datums om."
    yield from _strangers_at_bodies(covenant)
    yield from _unclear_styles(covenant.house_styles, slugs)
    for heading, word in covenant.columns.items():
        if word.casefold() not in SAYABLE or not heading_key(heading):
            what = f"{shown(word)} is geen soort kolom (bij {shown(heading)})."
            yield ("columns", heading), what, f"Kies uit: {', '.join(SAYABLE)}."
    if covenant.term_start and covenant.term_end and covenant.term_end < covenant.term_start:
        yield ("term_end",), "De looptijd eindigt voor hij begint.", "Draai term_start en term_end om."


def _unclear_styles(styles: Iterable[str], parties: Sequence[str]) -> Iterator[Wrong]:
    """House styles of no party that is known, and one that could be of a party as well as of all together."""
    known = [*parties, TOGETHER]
    for slug in styles:
        if slug not in known:
            what = f"De huisstijl {shown(slug)} is van een onbekende partij."
            yield ("house_styles", slug), what, f"Bekend zijn: {', '.join(known)}."
        elif slug == TOGETHER and TOGETHER in parties:
            what = f"De huisstijl {shown(slug)} kan die van de partij zijn, en die van een brief van allen samen."
            yield ("house_styles", slug), what, "Geef de partij een andere korte naam."


def _strangers_at_bodies(covenant: CovenantFile) -> Iterator[Wrong]:
    written = {name for person in covenant.people for name in (person.written, person.written_for_party)}
    for slug, body in covenant.bodies.items():
        for who in body.people:
            if who not in written:
                what = f"Het overleg {shown(slug)} noemt {shown(who)}, die niet bij people staat."
                yield ("bodies", slug, "people"), what, "Schrijf Naam <adres>."


def _impossible_days(covenant: CovenantFile, today: date) -> Iterator[Wrong]:
    own = [((name,), f"Bij {name}", getattr(covenant, name), TERM) for name in _DAYS]
    theirs = [
        (("people", str(number), name), f"Bij {person.name}, {name},", getattr(person, name), SEAT)
        for number, person in enumerate(covenant.people)
        for name in ("since", "until")
    ] + [
        (("parties", str(number), "until"), f"Bij {party.name}, until,", party.until, SEAT)
        for number, party in enumerate(covenant.parties)
    ]
    for where, named, day, reach in [*own, *theirs]:
        around = reach.around(today)
        if day is not None and not around.holds(day):
            yield where, f"{named} kan de datum {day_words(day)} niet kloppen.", around.advice


_DAYS = ("live_since", "signed_on", "term_start", "term_end")
