"""How the service runs: pages, database, mail, signing in and the watch over it."""

import re
from datetime import time
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, field_validator, model_validator

from cycle.settings.setting_kinds import (
    AddressOrNone,
    Filled,
    Hour,
    Section,
    address_or_end,
    has_usable_port,
    mail_address,
    no_or_web_address,
)

LOOPBACK = ("127.0.0.1", "::1", "localhost")


class WebSettings(Section):
    """Where the pages answer, and the address that mails and feeds name.

    An empty address is that of this machine itself, which only serves to try things out.
    """

    base_url: Annotated[str, AfterValidator(no_or_web_address)] = ""
    host: Filled = "127.0.0.1"
    port: int = Field(default=8700, ge=1, le=65535)

    @model_validator(mode="after")
    def _known_address(self) -> "WebSettings":
        if not self.base_url and self.host not in LOOPBACK:
            raise ValueError("base_url ontbreekt.|Noem het adres dat in mails en agenda's moet staan.")
        own = f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"
        object.__setattr__(self, "base_url", self.base_url or own)  # frozen for everyone else
        return self


class DatabaseSettings(Section):
    """The address of the database; a relative SQLite path counts from the settings file."""

    url: str = Field(default="sqlite:///var/cycle.db", repr=False)  # may hold a password

    @field_validator("url")
    @classmethod
    def _address(cls, url: str) -> str:
        if not (re.fullmatch(r"sqlite:///\S.*|postgres(ql)?(\+psycopg)?://\S+", url) and has_usable_port(url)):
            raise ValueError(
                "database.url is geen adres van een database.|Schrijf sqlite:///pad of postgresql://gebruiker@host/naam."
            )
        return url


class MailSettings(Section):
    """How mail leaves. `per_minute` is a rate; `send_hour` is local time on working days.

    `per_week` is the most reminder mails a person gets in a week, `overview` the day of the secretariat's. With
    `approval` reminders wait for the secretariat, but at most `approval_hours` working hours.
    """

    transport: Literal["maildir", "smtp"] = "maildir"
    folder: Filled = "var/mail"
    sender: Annotated[str, AfterValidator(mail_address)]
    reply_to: AddressOrNone = ""
    host: Filled = "localhost"
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: str = Field(default="", repr=False)
    auth: Literal["password", "xoauth2"] = "password"
    tenant: str = ""
    client_id: str = ""
    client_secret: str = Field(default="", repr=False)
    token_url: Annotated[str, AfterValidator(no_or_web_address)] = ""
    per_minute: int = Field(default=25, ge=1, le=10_000)
    connections: int = Field(default=2, ge=1, le=10)
    allow_list: tuple[Annotated[str, AfterValidator(address_or_end)], ...] = ()
    send_hour: Hour = time(8, 30)
    send_until: Hour = time(18, 0)
    operator: AddressOrNone = ""
    per_week: int = Field(default=3, ge=1, le=5)
    overview: Literal["", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag"] = "maandag"
    approval: bool = False
    approval_hours: int = Field(default=8, ge=1, le=80)
    guard_times: int = Field(default=20, ge=2, le=1_000)
    keep_days: int = Field(default=90, ge=30, le=36_500)
    bounce_address: AddressOrNone = ""
    bounces: str = Field(default="", repr=False)
    replies: str = Field(default="", repr=False)

    @model_validator(mode="after")
    def _token_is_complete(self) -> "MailSettings":
        needed = {"user": self.user, "client_id": self.client_id, "client_secret": self.client_secret}
        missing = [name for name, value in needed.items() if not value]
        if not (self.tenant or self.token_url):
            missing.append("tenant")
        if self.auth == "xoauth2" and missing:
            raise ValueError(f"Voor xoauth2 ontbreekt {', '.join(missing)}.|Zie docs/operations.md, Mail.")
        return self

    @model_validator(mode="after")
    def _hours_in_order(self) -> "MailSettings":
        if self.send_until <= self.send_hour:
            raise ValueError("send_until ligt niet na send_hour: er gaat dan nooit iets uit.|Kies een later uur.")
        return self


class OidcSettings(Section):
    """The organisation's own sign-in service (OpenID Connect); without an issuer there is none."""

    issuer: str = ""
    client_id: str = ""
    client_secret: str = Field(default="", repr=False)
    label: Filled = "de gemeente"

    @model_validator(mode="after")
    def _complete_and_safe(self) -> "OidcSettings":
        if self.issuer and not (self.client_id and self.client_secret):
            raise ValueError("Bij issuer horen client_id en client_secret.|Zie docs/operations.md, Aanmelden.")
        own = urlsplit(self.issuer)
        if self.issuer and own.scheme != "https" and not (own.scheme == "http" and own.hostname in LOOPBACK):
            raise ValueError("De issuer is geen https-adres.|Schrijf het adres zoals de dienst het zelf noemt.")
        return self


class SignInSettings(Section):
    """How long somebody stays signed in: without a click, and in all; and with which service else they may.

    `network_per_hour` is how many links one network, as a town hall is, may ask for in browsers that are not known.
    `founders` are the addresses, or the ends of addresses ("@gemeente.nl"), that may start a table at the desk.
    """

    idle_minutes: int = Field(default=60, ge=10, le=24 * 60)
    session_hours: int = Field(default=12, ge=1, le=7 * 24)
    network_per_hour: int = Field(default=60, ge=5, le=1000)
    founders: tuple[Annotated[str, AfterValidator(address_or_end)], ...] = ()
    oidc: OidcSettings = OidcSettings()

    def may_found(self, email: str) -> bool:
        """Whether the operator named this address, or all of its organisation, to start tables."""
        address = email.lower()
        return bool(address) and any(address == one or address[address.find("@") :] == one for one in self.founders)

    @model_validator(mode="before")
    @classmethod
    def _renamed(cls, given: Any) -> Any:
        """A file of before says so instead of being called unknown."""
        for old, new in (("idle_hours", "idle_minutes = 60"), ("session_days", "session_hours = 12")):
            if isinstance(given, dict) and old in given:
                raise ValueError(f"signin.{old} bestaat niet meer.|Schrijf bijvoorbeeld {new}.")
        return given

    @model_validator(mode="after")
    def _idle_within_session(self) -> "SignInSettings":
        if self.idle_minutes > self.session_hours * 60:
            raise ValueError(
                "idle_minutes is langer dan session_hours: het heeft dan geen gevolg.|Kies minder minuten of meer uren."
            )
        return self


class WatchSettings(Section):
    """How others notice that the service stopped (rule C9), and what it leaves behind for who watches.

    With `readyz_token` a monitor elsewhere hears why, and with `metrics` there is `/metrics` for one that measures.
    `log` is how a line of the log looks: text for people, or one JSON object for what gathers logs.
    """

    ping_url: str = Field(default="", repr=False)
    daily: bool = True
    readyz_token: str = Field(default="", repr=False)
    metrics: bool = False
    log: Literal["text", "json"] = "text"

    @field_validator("ping_url")
    @classmethod
    def _address(cls, url: str) -> str:
        if url and not re.fullmatch(r"https?://[^\s/?#]+[^\s]*", url):
            raise ValueError("watch.ping_url is geen webadres.|Schrijf het adres dat uw bewakingsdienst gaf.")
        return url

    @field_validator("readyz_token")
    @classmethod
    def _long_enough(cls, token: str) -> str:
        if token and not re.fullmatch(r"[!-~]{20,200}", token):
            raise ValueError(
                "watch.readyz_token is te kort, of heeft tekens die niet in een kop passen.|"
                "Kies ten minste 20 letters en cijfers, bijvoorbeeld met: openssl rand -hex 20"
            )
        return token
