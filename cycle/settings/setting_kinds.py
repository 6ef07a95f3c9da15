"""What a value in the settings may be.

A validator raises `ValueError("sentence|hint")`; `faults` adds the place.
"""

import re
from datetime import date, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from cycle.domain.days import parse_time
from cycle.domain.mail_addresses import look_at_address
from cycle.domain.words import MONTHS
from cycle.errors import CycleError
from cycle.settings.plain_values import refuse_unplain, shown


class Section(BaseModel):
    """A section of the file: frozen, and a key that nobody knows is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    @field_validator("*", mode="before")
    @classmethod
    def _is_plain(cls, value: Any, info: ValidationInfo) -> Any:
        """Raises ValueError for what no key may hold."""
        key = str(info.field_name)
        refuse_unplain(key, cls.model_fields[key].annotation, value)
        return value


def parse_month(text: object) -> int:
    """ "april" -> 4; a number is a month that was read before."""
    if isinstance(text, int) and not isinstance(text, bool) and 1 <= text <= 12:
        return text
    if isinstance(text, str) and text.strip().lower() in MONTHS:
        return MONTHS.index(text.strip().lower()) + 1
    raise ValueError(f"{shown(text)} is geen maand.|Schrijf de maand voluit, bijvoorbeeld “april”.")


def parse_month_day(text: object) -> tuple[int, int]:
    """ "1 april" -> (4, 1); 29 februari is allowed, 31 februari is not. A pair is a day that was read before."""
    if isinstance(text, tuple) and len(text) == 2:
        return text
    match = re.fullmatch(r"(\d{1,2}) +([a-z]+)", text.strip().lower()) if isinstance(text, str) else None
    if not match or match[2] not in MONTHS:
        raise ValueError(f"{shown(text)} is geen dag van het jaar.|Schrijf bijvoorbeeld “1 april”.")
    month, day = MONTHS.index(match[2]) + 1, int(match[1])
    try:
        date(2024, month, day)
    except ValueError:
        raise ValueError(f"{shown(text)} bestaat niet.|Controleer de dag van de maand.") from None
    return month, day


def parse_hour(text: object) -> time:
    """ "08:30" """
    if isinstance(text, time):
        return text
    parsed = parse_time(text) if isinstance(text, str) else None
    if parsed is None:
        raise ValueError(f"{shown(text)} is geen tijd.|Schrijf uren en minuten, bijvoorbeeld “08:30”.")
    return parsed


def known_zone(name: str) -> str:
    """The name of a time zone that is there. Raises ValueError("sentence|hint")."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"De tijdzone {shown(name)} bestaat niet.|Bedoelt u “Europe/Amsterdam”?") from None
    return name


def _web_address(url: str) -> str:
    if not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", url):
        raise ValueError(f"{shown(url)} is geen webadres.|Schrijf bijvoorbeeld “https://afspraken.gemeente.nl”.")
    return url.rstrip("/")


def has_usable_port(url: str) -> bool:
    """Whether what comes after the host is a number; a password before it may hold any sign."""
    host = url.partition("://")[2].rpartition("@")[2].partition("/")[0].partition("?")[0]
    return re.fullmatch(r"(\[[^]]*\]|[^:]*)(:\d{1,5})?", host) is not None


def no_or_web_address(url: str) -> str:
    """A web address without a slash at its end, or nothing. Raises ValueError("sentence|hint")."""
    return _web_address(url) if url else ""


def mail_address(text: str) -> str:
    """A mail address as people write it, with or without a name before it. Raises ValueError("sentence|hint")."""
    if not re.fullmatch(r"(?:[^<>\r\n]*<)?[^\s<>@,;]+@[^\s<>@,;]+\.[^\s<>@,;]+>?", text.strip()):
        raise ValueError(f"{shown(text)} is geen mailadres.|Schrijf bijvoorbeeld “Naam <naam@organisatie.nl>”.")
    try:
        look_at_address(text.rpartition("<")[2].strip().removesuffix(">"))
    except CycleError as error:
        raise ValueError(f"{error.what}|{error.hint}") from None
    return text.strip()


def _no_or_address(text: str) -> str:
    return mail_address(text) if text else ""


def address_or_end(text: str) -> str:
    """A bare address, or "@" with all that comes after it, in small letters. Raises ValueError("sentence|hint")."""
    if not re.fullmatch(r"[^\s<>@,;]*@[^\s<>@,;]+\.[^\s<>@,;]+", text.strip()):
        raise ValueError(
            f"{shown(text)} is geen mailadres.|Schrijf bijvoorbeeld “naam@gemeente.nl”, of “@gemeente.nl”."
        )
    return text.strip().lower()


Month = Annotated[int, BeforeValidator(parse_month)]
MonthAndDay = Annotated[tuple[int, int], BeforeValidator(parse_month_day)]
Hour = Annotated[time, BeforeValidator(parse_hour)]
AddressOrNone = Annotated[str, AfterValidator(_no_or_address)]
Filled = Annotated[str, Field(min_length=1)]
