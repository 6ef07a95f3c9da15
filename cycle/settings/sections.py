"""The sections of config.toml as frozen values that check themselves.

A validator raises `ValueError("sentence|hint")`; `faults` adds the place.
"""

import re
from collections.abc import Collection
from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationInfo,
    field_validator,
    model_validator,
)

from cycle.domain.days import parse_time
from cycle.domain.ladders import Ladder, RungRule, To, What
from cycle.domain.mail_addresses import look_at_address
from cycle.domain.mail_hours import MailHours
from cycle.domain.meeting_days import SchoolHolidays
from cycle.domain.model import Conventions, LadderKind
from cycle.domain.rhythm import Rhythm
from cycle.domain.words import MONTHS, WEEKDAYS
from cycle.domain.workdays import QuietPeriod, WorkCalendar, local_day
from cycle.domain.year_steps import Every, Step
from cycle.errors import CycleError
from cycle.settings.plain_values import refuse_unplain, shown
from cycle.settings.schools import school_holidays


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


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"De tijdzone {shown(name)} bestaat niet.|Bedoelt u “Europe/Amsterdam”?") from None
    return name


def _web_address(url: str) -> str:
    if not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", url):
        raise ValueError(f"{shown(url)} is geen webadres.|Schrijf bijvoorbeeld “https://afspraken.gemeente.nl”.")
    return url.rstrip("/")


def _has_usable_port(url: str) -> bool:
    """Whether what comes after the host is a number; a password before it may hold any sign."""
    host = url.partition("://")[2].rpartition("@")[2].partition("/")[0].partition("?")[0]
    return re.fullmatch(r"(\[[^]]*\]|[^:]*)(:\d{1,5})?", host) is not None


def _no_or_web_address(url: str) -> str:
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


def _address_or_end(text: str) -> str:
    """A bare address, or "@" with all that comes after it, in small letters."""
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


LOOPBACK = ("127.0.0.1", "::1", "localhost")


class WebSettings(Section):
    """Where the pages answer, and the address that mails and feeds name.

    An empty address is that of this machine itself, which only serves to try things out.
    """

    base_url: Annotated[str, AfterValidator(_no_or_web_address)] = ""
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
        if not (re.fullmatch(r"sqlite:///\S.*|postgres(ql)?(\+psycopg)?://\S+", url) and _has_usable_port(url)):
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
    token_url: Annotated[str, AfterValidator(_no_or_web_address)] = ""
    per_minute: int = Field(default=25, ge=1, le=10_000)
    connections: int = Field(default=2, ge=1, le=10)
    allow_list: tuple[Annotated[str, AfterValidator(_address_or_end)], ...] = ()
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
    founders: tuple[Annotated[str, AfterValidator(_address_or_end)], ...] = ()
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


class CalendarSettings(Section):
    """Days without work beyond the law's, and periods without reminders."""

    free_days: tuple[date, ...] = ()
    quiet_periods: tuple[tuple[MonthAndDay, MonthAndDay], ...] = (((12, 24), (1, 2)),)
    school_region: Literal["noord", "midden", "zuid", ""] = ""
    school_holidays: str = ""

    def calendar(self) -> WorkCalendar:
        """The working calendar of the domain."""
        quiet = tuple(QuietPeriod(first, last) for first, last in self.quiet_periods)
        return WorkCalendar(frozenset(self.free_days), quiet)


class ReadingSettings(Section):
    """How loose date words are read: first and last month of each."""

    begin: tuple[Month, Month] = (1, 3)
    medio: tuple[Month, Month] = (6, 7)
    eind: tuple[Month, Month] = (10, 12)
    voorjaar: tuple[Month, Month] = (3, 5)
    zomer: tuple[Month, Month] = (6, 8)
    najaar: tuple[Month, Month] = (9, 11)
    winter: tuple[Month, Month] = (12, 2)
    asked_at: str = ""

    def conventions(self) -> Conventions:
        """The reading conventions of the domain."""
        return Conventions(**self.model_dump(exclude={"asked_at"}))


class ProgressSettings(Section):
    """Before which meetings everybody is asked how all their agreements stand, and when it is asked again."""

    meetings: tuple[str, ...] = ()
    weeks: int = Field(default=5, ge=1, le=12)
    repeat_days: int = Field(default=10, ge=0, le=60)


class LetterSettings(Section):
    """The invitation letter: one of all senders together or one of each, and whether the draft agenda goes along."""

    joint: bool = True
    agenda: bool = True


class RungSettings(Section):
    """One rung of a ladder: days or weeks from the day counted from, who is told, and what."""

    days: int | None = Field(default=None, ge=-730, le=730)
    weeks: int | None = Field(default=None, ge=-104, le=104)
    to: To = To.LEADS
    what: What = What.REMIND

    @model_validator(mode="after")
    def _one_unit(self) -> "RungSettings":
        if (self.days is None) == (self.weeks is None):
            raise ValueError("Een sport heeft óf days óf weeks.|Laat een van beide weg.")
        if self.to is To.DIRECTOR and self.what is not What.DIRECTOR:
            raise ValueError("Een bestuurder hoort het pas als laatste.|Zet er what = “director” bij, of kies leads.")
        return self

    def rule(self) -> RungRule:
        """The rung of the domain, in days."""
        return RungRule(self.days if self.days is not None else 7 * (self.weeks or 0), self.to, self.what)


LadderSettings = tuple[RungSettings, ...]


class StepSettings(Section):
    """One step of the year as data (the domain's `Step`, with its own ladder if it has one).

    `source` are the agreements that it comes from, of which a person `tied` some to it on purpose; `basis` is the law
    or custom. It holds from `valid_from` through `valid_to`, not in the `skipped` years, and not at all when it is
    `off`.
    """

    title: str = Field(min_length=1)
    kind: LadderKind
    before: MonthAndDay | None = None
    by: MonthAndDay | None = None
    window: tuple[MonthAndDay, MonthAndDay] | None = None
    every: Every | None = None
    weeks_before: int | None = Field(default=None, ge=1, le=52)
    relative_to: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()
    joint: bool = False
    todo: str = ""
    source: tuple[str, ...] = ()
    tied: tuple[str, ...] = ()
    via: str = ""
    body: str = ""
    basis: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    skipped: tuple[Annotated[int, Field(ge=2000, le=2200)], ...] = ()
    off: bool = False
    ladder: LadderSettings | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "StepSettings":
        if self.window and self.window[1] < self.window[0]:
            raise ValueError("Het einde ligt voor het begin.|Draai de twee dagen van window om.")
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("valid_to ligt voor valid_from.|Draai de twee datums om.")
        return self

    def among(self, there: Collection[str]) -> "StepSettings":
        """The same step where only these others are held."""
        relative = tuple(name for name in self.relative_to if name in there)
        return self.model_copy(update={"relative_to": relative, "via": self.via if self.via in there else ""})

    def step(self, name: str, leads: tuple[str, ...], participants: tuple[str, ...]) -> Step:
        """The step of the domain, with the parties that its names stand for."""
        ground = self.basis or "vaste afspraak zonder nummer"
        return Step(
            name,
            self.title,
            self.kind,
            self.before,
            self.by,
            self.window,
            self.every,
            self.weeks_before,
            self.relative_to,
            leads,
            participants,
            self.todo,
            self.via,
            self.joint,
            f"afspraak {', '.join(self.source)}" if self.source else ground,
            self.source,
            body=self.body,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            skipped=self.skipped,
            tied=self.tied,
        )


class LaddersSettings(Section):
    """The ladder of each kind of deadline."""

    meeting: LadderSettings = ()
    letter: LadderSettings = ()
    document: LadderSettings = ()
    action: LadderSettings = ()
    yearly: LadderSettings = ()

    def by_kind(self) -> dict[LadderKind, Ladder]:
        """The ladders of the domain."""
        return {kind: tuple(rung.rule() for rung in getattr(self, kind)) for kind in LadderKind}


class Settings(Section):
    """Everything in config.toml. `folder` is where the file lies; relative paths count from there."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, ignored_types=(cached_property,))

    mail: MailSettings
    web: WebSettings = WebSettings()
    database: DatabaseSettings = DatabaseSettings()
    signin: SignInSettings = SignInSettings()
    watch: WatchSettings = WatchSettings()
    calendar: CalendarSettings = CalendarSettings()
    reading: ReadingSettings = ReadingSettings()
    progress: ProgressSettings = ProgressSettings()
    letter: LetterSettings = LetterSettings()
    ladders: LaddersSettings = LaddersSettings()
    steps: dict[str, StepSettings] = {}
    time_zone: Annotated[str, AfterValidator(_zone)] = "Europe/Amsterdam"
    environment: Literal["production", "test"] = "production"
    _folder: Path = PrivateAttr(default=Path("."))
    _read: tuple[Path, str] | None = PrivateAttr(default=None)
    _of_covenants: dict[str, "Settings"] = PrivateAttr(default_factory=dict)

    @property
    def of_covenants(self) -> dict[str, "Settings"]:
        """These settings as covenants have them, by what those do differently: `own_settings` keeps them here."""
        return self._of_covenants

    @property
    def folder(self) -> Path:
        """Where the settings file lies."""
        return self._folder

    def in_folder(self, folder: Path) -> "Settings":
        """These settings, with paths that count from a folder."""
        placed = self._copied()
        placed._folder = folder.resolve()
        return placed

    @property
    def read_from(self) -> tuple[Path, str] | None:
        """The file that they were read from, and a mark of what stood in it; None for settings of no file."""
        return self._read

    def as_read(self, file: Path, mark: str) -> "Settings":
        """These settings, with where they were read."""
        placed = self._copied()
        placed._read = (file.resolve(), mark)
        return placed

    def _copied(self) -> "Settings":
        copied = self.model_copy()
        copied._of_covenants = {}  # theirs know the folder too
        return copied

    @cached_property
    def zone(self) -> ZoneInfo:
        """The covenant's own time zone."""
        return ZoneInfo(self.time_zone)

    def local_day(self, at: datetime) -> date:
        """The calendar day of a moment in that zone."""
        return local_day(at, self.zone)

    @cached_property
    def kind_ladders(self) -> dict[LadderKind, Ladder]:
        """The ladder of each kind of deadline."""
        return self.ladders.by_kind()

    @cached_property
    def running_steps(self) -> dict[str, StepSettings]:
        """The steps that are on, without what they say of those that are off; what only counts from such is off too."""
        on = {name for name, step in self.steps.items() if not step.off}
        hanging = {name for name in on if (named := self.steps[name].relative_to) and not on.intersection(named)}
        return {name: self.steps[name].among(on - hanging) for name in self.steps if name in on - hanging}

    @cached_property
    def step_ladders(self) -> dict[str, Ladder]:
        """The steps that have a ladder of their own."""
        own = {name: step.ladder for name, step in self.steps.items() if step.ladder is not None}
        return {name: tuple(rung.rule() for rung in ladder) for name, ladder in own.items()}

    @cached_property
    def work_calendar(self) -> WorkCalendar:
        """Working days and mail days; one value for the life of the settings."""
        return self.calendar.calendar()

    @property
    def mail_hours(self) -> MailHours:
        """When reminders may leave."""
        return MailHours(self.work_calendar, self.zone, self.mail.send_hour, self.mail.send_until)

    @property
    def usual_rhythm(self) -> Rhythm:
        """How mail comes to who chose nothing."""
        return Rhythm(per_week=self.mail.per_week)

    @property
    def overview_day(self) -> int | None:
        """The day of the week of the secretariat's overview (0 is Monday), or None for never."""
        return WEEKDAYS.index(self.mail.overview) if self.mail.overview else None

    @cached_property
    def schools(self) -> SchoolHolidays:
        """The school holidays of the chosen region; of none when no region is chosen."""
        chosen = self.calendar
        own = self.path(chosen.school_holidays) if chosen.school_holidays else None
        return school_holidays(chosen.school_region, own) if chosen.school_region else SchoolHolidays()

    def path(self, name: str) -> Path:
        """A path from the settings, counted from the folder of the file."""
        return self.folder / name

    @property
    def database_url(self) -> str:
        """The database address with a relative SQLite path made absolute."""
        prefix, _, path = self.database.url.partition("sqlite:///")
        return self.database.url if prefix or path.startswith(("/", ":memory:")) else f"sqlite:///{self.path(path)}"
