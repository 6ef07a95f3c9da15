"""The mail server of a simulated table: what it is asked, how it answers in which weather, and all that it accepted."""

import smtplib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zlib import crc32

from cycle.mail.deliver import Answer
from cycle.mail.server_answers import SmtpStep, classify, failure

OK = (250, "2.0.0 Ok: queued")
CLOSED = smtplib.SMTPServerDisconnected("Connection unexpectedly closed")

REFUSALS: dict[str, tuple[SmtpStep, int, str]] = {
    "later at rcpt": (SmtpStep.RCPT, 451, "4.7.1 greylisted, try again later"),
    "later at dot": (SmtpStep.DOT, 452, "4.3.1 insufficient storage"),
    "nobody": (SmtpStep.RCPT, 550, "5.1.1 no such user"),
    "policy at rcpt": (SmtpStep.RCPT, 550, "5.7.1 refused by policy"),
    "full": (SmtpStep.DOT, 552, "5.2.2 mailbox full"),
    "spam": (SmtpStep.DOT, 554, "transaction failed"),
    "our account": (SmtpStep.LOGIN, 535, "5.7.8 account refused"),
    "away": (SmtpStep.CONNECT, 421, "4.3.2 not now"),
}
"""Weathers in which nothing is accepted: where in the conversation, and what the server says."""

CUTS = {"closes before dot": (SmtpStep.BODY, False), "closes after dot": (SmtpStep.DOT, True)}
"""Weathers in which the line breaks: where, and whether the server kept the mail."""

WEATHERS = ("fine", *REFUSALS, *CUTS)


class Killed(BaseException):
    """The process dies here. No code of ours may catch it."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """One mail that the server took. `was_told` says that we got its 250; `why_not` why it should not have come."""

    at: datetime
    key: str
    message_id: str
    kind: str
    on: date
    person: str
    to: str
    was_told: bool
    lines: tuple[tuple[int, str, str, date], ...]
    why_not: str = ""


@dataclass
class Server:
    """A way out. `weather` holds for `share` percent of the mails, or for one recipient only, `since` a moment.

    `witness` looks at the table when a mail is accepted. `dies_after` kills the sender at so many mails from now,
    before or (negative) after the server took it.
    """

    witness: Callable[[str, bool], Accepted]
    now: Callable[[], datetime]
    weather: str = "fine"
    share: int = 100
    only: str = ""
    since: datetime | None = None
    dies_after: int = 0
    accepted: list[Accepted] = field(default_factory=list)
    tries: int = 0
    connections = 1

    @property
    def is_fine(self) -> bool:
        return self.weather == "fine"

    def deliver(self, raw: bytes, *, envelope_from: str, recipient: str, key: str) -> Answer:
        """Answers as this weather has it, always the same for the same mail at the same moment."""
        self.tries += 1
        countdown, self.dies_after = self.dies_after, self.dies_after - (self.dies_after > 0) + (self.dies_after < 0)
        if countdown == 1:
            raise Killed
        taken = len(self.accepted)
        answer = self._answer(recipient, key)
        if countdown == -1:
            self.accepted[taken:] = [replace(one, was_told=False) for one in self.accepted[taken:]]
            raise Killed
        return answer

    def check(self) -> Answer:
        return classify(SmtpStep.LOGIN, *OK)

    def close(self) -> None:
        """Nothing to close."""

    def abort(self) -> None:
        """Nothing to break off."""

    def _answer(self, recipient: str, key: str) -> Answer:
        if self.is_fine or not self._is_hit(recipient, key):
            self.accepted.append(self.witness(key, True))
            return classify(SmtpStep.DOT, *OK)
        if self.weather in CUTS:
            step, is_kept = CUTS[self.weather]
            if is_kept:
                self.accepted.append(self.witness(key, False))
            return failure(step, CLOSED)
        return classify(*REFUSALS[self.weather])

    def _is_hit(self, recipient: str, key: str) -> bool:
        if self.only:
            return recipient == self.only
        return crc32(f"{key} {self.now().isoformat()}".encode()) % 100 < self.share
