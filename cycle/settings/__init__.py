"""config.toml and the environment, checked once and then frozen.

All faults come at once, each with its place and a hint. Secrets come from the environment or from a file named there.
The file holds what the service needs and the default steps of the year; who sits at the table is in the database.
"""

from cycle.settings.faults import place_of
from cycle.settings.loading import find_settings_file, load_settings, read_toml, step_faults, validated
from cycle.settings.overrides import own_settings, with_overrides
from cycle.settings.plain_values import shown
from cycle.settings.sections import Settings
from cycle.settings.service_sections import MailSettings
from cycle.settings.setting_kinds import MonthAndDay, Section, mail_address
from cycle.settings.year_sections import RungSettings, StepSettings

__all__ = [
    "MailSettings",
    "MonthAndDay",
    "RungSettings",
    "Section",
    "Settings",
    "StepSettings",
    "find_settings_file",
    "load_settings",
    "mail_address",
    "own_settings",
    "place_of",
    "read_toml",
    "shown",
    "step_faults",
    "validated",
    "with_overrides",
]
