"""What an answer of a mail server means for this message, its recipient and our account (rule B12).

Servers put the same number on different troubles, so the enhanced status (RFC 3463) and the step decide together.
Nothing here talks to a server.
"""

import re
import smtplib
import ssl
from enum import StrEnum

from cycle.mail.deliver import Answer, Outcome
from cycle.mail.headers import clean

ANSWER_LENGTH = 500

_STATUS = re.compile(r"^[245]\.\d{1,3}\.\d{1,3}\b")

# a login is asked for, refused, too weak, or not allowed any more, whatever the step at which the server says so
_LOGIN_CODES = (530, 534, 535)
_LOGIN_STATUSES = ("5.7.8", "5.7.9", "5.7.11", "5.7.30", "5.7.57")


class SmtpStep(StrEnum):
    """Where in the conversation an answer came."""

    CONNECT = "connect"
    LOGIN = "login"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    BODY = "body"
    DOT = "dot"


def classify(step: SmtpStep, code: int, text: bytes | str) -> Answer:
    """What an answer means for this message, its recipient and our account."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    status = _STATUS.match(words)
    # smtplib gives -1 for a line that does not start with a number, and keeps none of it
    answer = clean(f"{code} {words}")[:ANSWER_LENGTH] if code > 0 else "De mailserver gaf een onbegrijpelijk antwoord."
    if step is SmtpStep.DOT and 200 <= code < 300:
        return Answer(Outcome.ACCEPTED, answer)
    if step is SmtpStep.LOGIN and code == 250:
        return Answer(Outcome.ACCEPTED, answer)
    if 500 <= code < 600:
        return Answer(_permanent(step, code, status.group() if status else ""), answer)
    if step is SmtpStep.DOT and not 400 <= code < 500:
        return Answer(Outcome.UNKNOWN, answer)
    return Answer(Outcome.UNREACHABLE if step is SmtpStep.CONNECT else Outcome.TEMPORARY, answer)


def _permanent(step: SmtpStep, code: int, status: str) -> Outcome:
    """RFC 3463: x.1 is about the recipient's address (but x.1.7 and x.1.8 the sender's), x.3.4 and x.6 this message.

    A policy, a full mailbox or a bare "no" after that may be the recipient's or ours: the words do not tell.
    """
    if step is SmtpStep.CONNECT:
        return Outcome.UNREACHABLE
    if status == "5.3.4" or status.startswith("5.6."):
        return Outcome.RECIPIENT
    if step in (SmtpStep.LOGIN, SmtpStep.MAIL) or code in _LOGIN_CODES or status in _LOGIN_STATUSES:
        return Outcome.SENDER
    if status in ("5.1.7", "5.1.8"):
        return Outcome.REFUSED
    if status.startswith("5.1.") or (step is SmtpStep.RCPT and not status.startswith("5.7.")):
        return Outcome.RECIPIENT
    return Outcome.REFUSED


def failure(step: SmtpStep, error: Exception) -> Answer:
    """The line broke, or a word came that is no answer: what that means depends on how far we were."""
    if isinstance(error, smtplib.SMTPResponseException) and step is not SmtpStep.DOT:
        return classify(step, error.smtp_code, error.smtp_error)
    reason = clean(str(error)) or type(error).__name__
    if step is SmtpStep.DOT:
        what = "De verbinding viel weg na het laatste teken van het bericht; of het is aangenomen, is onbekend"
        return Answer(Outcome.UNKNOWN, f"{what} ({reason}).")
    if isinstance(error, ssl.SSLCertVerificationError):
        what = f"Het certificaat van de mailserver is niet te vertrouwen ({clean(error.verify_message)})"
        return Answer(Outcome.UNREACHABLE, f"{what}; er is niets verstuurd.")
    if step in (SmtpStep.CONNECT, SmtpStep.LOGIN):
        return Answer(Outcome.UNREACHABLE, f"De mailserver is niet te bereiken ({reason}).")
    return Answer(Outcome.TEMPORARY, f"De verbinding met de mailserver viel weg voordat het bericht af was ({reason}).")
