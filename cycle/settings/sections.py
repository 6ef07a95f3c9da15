"""All of config.toml as one frozen value that checks itself."""

from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, ConfigDict, Field, PrivateAttr

from cycle.domain.ladders import Ladder
from cycle.domain.mail_hours import MailHours
from cycle.domain.meeting_days import SchoolHolidays
from cycle.domain.model import LadderKind
from cycle.domain.rhythm import Rhythm
from cycle.domain.words import WEEKDAYS
from cycle.domain.workdays import WorkCalendar, local_day
from cycle.settings.schools import school_holidays
from cycle.settings.service_sections import DatabaseSettings, MailSettings, SignInSettings, WatchSettings, WebSettings
from cycle.settings.setting_kinds import Section, known_zone
from cycle.settings.year_sections import (
    CalendarSettings,
    LaddersSettings,
    LetterSettings,
    ProgressSettings,
    ReadingSettings,
    StepSettings,
)


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
    steps: dict[str, StepSettings] = Field(default_factory=dict)
    time_zone: Annotated[str, AfterValidator(known_zone)] = "Europe/Amsterdam"
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
