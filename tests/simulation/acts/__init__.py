"""All kinds of acts, by what they are about. A module that is imported here adds its kinds to `KINDS`."""

from tests.simulation.acts import answers, deadlines, office, people, weather
from tests.simulation.acts.base import KINDS, Act, Done, act

__all__ = ["KINDS", "Act", "Done", "act", "answers", "deadlines", "office", "people", "weather"]
