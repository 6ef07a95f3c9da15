"""The subject of a reminder mail: what it is about, and after a colon what is new (docs/decisions/subjects.md).

What it is about is the same in every mail about a deadline, and is the topic of its thread; what is new tells those
mails from one another in a list.
"""

from collections.abc import Mapping

from cycle.domain.ladders import CHAIN, QUESTIONS, What
from cycle.domain.mail_plan import Digest
from cycle.domain.model import News
from cycle.domain.planning import SECRETARIAT, Reason, Reminder
from cycle.domain.status import left_words
from cycle.domain.words import near_day_words
from cycle.mail.fields import Say
from cycle.store.tables import DeadlineRow

FOR_OFFICE = (Reason.NO_ADDRESS, Reason.SILENT, Reason.DECLINED)
CHANGED = (News.MOVED, News.OFF)
"""News of another day, which stands above all else that a mail about one thing says."""
LONGEST_TITLE = 70
"""Signs of a title in a subject: what is new must stand in the part that people see."""


def only_deadline(digest: Digest) -> int | None:
    """The deadline of a mail that is about one and nothing else, however many parties it speaks for."""
    about = {line.deadline for line in digest.reminders}
    return about.pop() if len(about) == 1 and not (digest.waiting or digest.has_overview) else None


def is_round(digest: Digest) -> bool:
    """Whether a mail only asks how things stand."""
    only_lines = digest.reminders and not (digest.waiting or digest.has_overview)
    return bool(only_lines) and all(line.what in QUESTIONS and not is_for_office(line) for line in digest.reminders)


def is_for_office(line: Reminder) -> bool:
    """Whether the secretariat is told because nobody else can be: the agreement is not its own."""
    return line.party == SECRETARIAT or line.reason in FOR_OFFICE


def topic_of(digest: Digest, rows: Mapping[int, DeadlineRow], say: Say) -> str:
    """What a mail about one deadline is about: "Voorjaarsoverleg 2027"; nothing for a mail about several."""
    about = only_deadline(digest)
    return _topic(rows[about], say) if about is not None else ""


def subject_of(digest: Digest, rows: Mapping[int, DeadlineRow], say: Say) -> str:
    """The whole subject; nothing for a mail that counts its lines: with an overview, drafts or questions for the
    secretariat beside one another."""
    if is_round(digest) and only_deadline(digest) is None:
        is_again = all(line.what is What.AGAIN for line in digest.reminders)
        return say("subject.asked-again" if is_again else "subject.asked", count=str(len(digest.reminders)))
    if (
        digest.waiting
        or digest.has_overview
        or (len(_deadlines(digest)) > 1 and all(map(is_for_office, digest.reminders)))
    ):
        return ""
    first = min(digest.reminders, key=_urgency)
    row, others = rows[first.deadline], len(_deadlines(digest)) - 1
    return say("subject.one", topic=_topic(row, say), new=_new(first, row, say), others=str(others) if others else "")


def _deadlines(digest: Digest) -> set[int]:
    return {line.deadline for line in digest.reminders}


def _urgency(line: Reminder) -> tuple[bool, bool, bool, int]:
    """What stands in the subject of several: the last step upward, then news of another day, then the nearest day."""
    return line.what is not What.DIRECTOR, line.news not in CHANGED, line.what in QUESTIONS, line.days_left


def _topic(row: DeadlineRow, say: Say) -> str:
    year = row.occurrence[:4] if row.occurrence[:4].isdecimal() and row.occurrence[:4] not in row.title else ""
    return say("subject.topic", title=_short(row.title), year=year, number=row.number)


def _short(title: str) -> str:
    if len(title) <= LONGEST_TITLE:
        return title
    return f"{title[:LONGEST_TITLE].rpartition(' ')[0] or title[:LONGEST_TITLE]}…"


def _new(line: Reminder, row: DeadlineRow, say: Say) -> str:
    """What this mail says that the one before did not."""
    if line.what in CHAIN and line.said_on:
        return say("subject.said")
    day = row.meeting_day or row.due
    if line.news in CHANGED:
        return say(f"subject.{line.news}", day=near_day_words(day, line.on) if day else "")
    passed = row.due is not None and row.due < line.on and not row.invented
    if passed and line.what is What.REMIND:
        return say("subject.passed", left=left_words(line.days_left, passed=False))
    if line.what is What.REMIND and 0 <= line.days_left < 2:
        return say("subject.last-day", day=("vandaag", "morgen")[line.days_left])
    left = "" if line.what in (*QUESTIONS, *CHAIN, What.HELD, What.SETTLE) else left_words(line.days_left, passed=False)
    return say(f"subject.{line.what}", left=left)
