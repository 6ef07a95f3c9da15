"""What nobody does: how the mail server is, restarts, and processes that die in the middle."""

from datetime import timedelta
from random import Random

from tests.simulation.acts.base import Act, Data
from tests.simulation.server import WEATHERS
from tests.simulation.table import Skip, Table


class Weather(Act):
    """The mail server is like this from now on: for all, for a share of the mails, or for one address."""

    weight = 6
    is_of_person = False

    def likely(self, table: Table) -> float:
        return self.weight if table.server.is_fine else 4 * self.weight

    def choose(self, table: Table, dice: Random) -> Data:
        if not table.server.is_fine:
            return {"weather": "fine"}
        weather = dice.choice(WEATHERS[1:])
        address = dice.choice([one.email for one in table.people()])
        only = address if weather in ("nobody", "full", "spam") or dice.random() < 0.3 else ""
        return {"weather": weather, "share": dice.choice([30, 70, 100]), "only": only}

    def carry_out(self, table: Table, *, weather: str, share: int = 100, only: str = "") -> bool:
        table.server.weather, table.server.share, table.server.only = weather, share, only
        table.server.since = table.now
        return True


class Restart(Act):
    weight = 1
    is_of_person = False

    def choose(self, table: Table, dice: Random) -> Data:
        return {}

    def carry_out(self, table: Table) -> bool:
        table.restart()
        return True


class Kill(Act):
    """The process dies in its next round: before so many statements to the database, or so many mails from now."""

    weight = 2
    is_of_person = False

    def choose(self, table: Table, dice: Random) -> Data:
        if dice.random() < 0.5:
            return {"statements": dice.randint(1, 60)}
        return {"mails": dice.choice([-2, -1, 1, 2])}

    def carry_out(self, table: Table, *, statements: int = 0, mails: int = 0) -> bool:
        table.die_in_a_round(statements, mails)
        return True


class ClockJumps(Act):
    """The clock of the machine stands wrong for the rounds of one minute: some hours, as when a zone or summer time is
    taken wrongly, or further than can be true. What lies between is believed: two weeks asleep pass by themselves."""

    weight = 2
    is_of_person = False
    HOURS = (-2, -1, 1, 2, *(24 * days for days in (-400, -10, -1, 31, 45, 400, 800)))

    def choose(self, table: Table, dice: Random) -> Data | None:
        return {"hours": dice.choice(self.HOURS)} if table.had_a_round() else None

    def carry_out(self, table: Table, *, hours: int) -> bool:
        if not table.had_a_round():  # before the first one a clock half a year ahead is believed
            raise Skip
        before = table.made()
        table.jump(timedelta(hours=hours))
        if abs(hours) >= 24:
            table.memory["jumps"][f"{table.now} {hours:+}"] = before, table.made()
        return True
