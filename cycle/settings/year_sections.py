"""What the year is made of: days off, readings, rounds, letters, ladders and steps."""

from collections.abc import Collection
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from cycle.domain.ladders import Ladder, RungRule, To, What
from cycle.domain.model import Conventions, LadderKind
from cycle.domain.workdays import QuietPeriod, WorkCalendar
from cycle.domain.year_steps import Every, Step
from cycle.settings.setting_kinds import Month, MonthAndDay, Section


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
