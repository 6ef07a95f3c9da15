"""The subject of a reminder mail: what it is about, and after a colon what is new (docs/decisions/subjects.md).

What it is about is the same in every mail about a deadline, and is the topic of its thread; what is new tells those
mails from one another in a list.
"""

from collections.abc import Mapping

from cycle.domain.ladders import CHAIN, QUESTIONS, What
from cycle.domain.mail_plan import Digest
from cycle.domain.model import LadderKind, News
from cycle.domain.situation import SECRETARIAT, Reason, Reminder
from cycle.domain.status import left_words
from cycle.domain.words import day_words, near_day_words
from cycle.mail.fields import Say
from cycle.store.tables import DeadlineRow

FOR_OFFICE = (Reason.NO_ADDRESS, Reason.SILENT, Reason.DECLINED)
CHANGED = (News.MOVED, News.OFF)
"""News of another day, which stands above all else that a mail about one thing says."""
OF_A_MEETING = "soverleg"
SEASONS = tuple(f"{season}{OF_A_MEETING}" for season in ("voorjaar", "najaar"))
"""The meetings by which the two times a year of what comes before each of them are told apart."""
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
    return line.party == SECRETARIAT or (line.reason in FOR_OFFICE and not line.is_own and not is_for_director(line))


def is_for_director(line: Reminder) -> bool:
    """Whether a line is the last step upward, to a director who is not whose task it is."""
    return line.what is What.DIRECTOR and line.has_director


def asks_whose(line: Reminder) -> bool:
    """Whether the secretariat is told what nobody of a party takes up, so that it finds out whose it is."""
    is_unclaimed = line.reason in (Reason.NO_ADDRESS, Reason.DECLINED)
    return is_unclaimed and line.what is not What.KNOW and line.news not in CHANGED


def is_asked_again(line: Reminder) -> bool:
    """Whether a question is asked of somebody whom it was asked before. Whose it is since is asked it anew."""
    return line.what is What.AGAIN and line.news is None


def counts_down(line: Reminder, row: DeadlineRow) -> bool:
    """Whether a line says how long it is yet: a question does not, nor what has no day any more. A meeting without a
    day is no more than some weeks ahead, or past."""
    if line.what in (*QUESTIONS, What.SETTLE) or line.news is News.OFF:
        return False
    is_open = row.kind == LadderKind.MEETING and row.meeting_day is None
    return not is_open or line.what is What.HELD or line.days_left > 1


def topic_of(digest: Digest, rows: Mapping[int, DeadlineRow], say: Say) -> str:
    """What a mail about one deadline is about: "Voorjaarsoverleg 2027"; nothing for a mail about several."""
    about = only_deadline(digest)
    return _topic(rows[about], say) if about is not None else ""


def subject_of(digest: Digest, rows: Mapping[int, DeadlineRow], say: Say) -> str:
    """The whole subject; nothing for a mail that counts its lines: with an overview, drafts or questions for the
    secretariat beside one another."""
    if is_round(digest) and only_deadline(digest) is None:
        is_again = all(is_asked_again(line) and not line.said_on for line in digest.reminders)
        return say(
            "subject.asked-again" if is_again else "subject.asked",
            count=str(len(digest.reminders)),
            on=day_words(digest.on),
        )
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


def _urgency(line: Reminder) -> tuple[bool, bool, bool, bool, int]:
    """What stands in the subject of several: the last step upward, then news of another day, then what is due today or
    tomorrow, then the nearest day."""
    is_due = line.what is What.REMIND and 0 <= line.days_left <= 1
    is_upward, is_changed = line.what is What.DIRECTOR, line.news in CHANGED
    return not is_upward, not is_changed, not is_due, line.what in QUESTIONS, line.days_left


def _topic(row: DeadlineRow, say: Say) -> str:
    year, _, again = row.occurrence.partition("-")
    year = year if year.isdecimal() and year not in row.title else ""
    if year and again in SEASONS:
        year = f"{again.removesuffix(OF_A_MEETING)} {year}"
    elif year and again.isdecimal():
        year = f"{year}, {again}e keer"
    title = _short(row.title)
    return say("subject.topic", title=title, year=year, number=row.number, is_cut="ja" if title.endswith("…") else "")


def _short(title: str) -> str:
    if len(title) <= LONGEST_TITLE:
        return title
    return f"{title[:LONGEST_TITLE].rpartition(' ')[0] or title[:LONGEST_TITLE]}…"


def _new(line: Reminder, row: DeadlineRow, say: Say) -> str:
    """What this mail says that the one before did not."""
    if asks_whose(line):
        return say("subject.whose", left=left_words(line.days_left, passed=False) if counts_down(line, row) else "")
    if line.what in CHAIN:
        return say(f"subject.{_upward(line)}", on=day_words(line.on))
    day = row.meeting_day or row.due
    if line.news in CHANGED:
        return say(f"subject.{line.news}", day=near_day_words(day, line.on) if day else "")
    passed = row.due is not None and row.due < line.on and not row.invented
    if passed and line.what is What.REMIND:
        return say("subject.passed", left=left_words(line.days_left, passed=False))
    if line.what is What.REMIND and 0 <= line.days_left < 2:
        return say("subject.last-day", day=("vandaag", "morgen")[line.days_left])
    left = left_words(line.days_left, passed=False) if counts_down(line, row) else ""
    return say(f"subject.{_asked(line)}", left=left, on=day_words(line.on))


def _asked(line: Reminder) -> str:
    """What a line asks: a question again only of whom it was asked before, and as one of what they said then."""
    if line.what is not What.AGAIN:
        return line.what
    if not is_asked_again(line):
        return What.ASK
    return "again-said" if line.said_on else What.AGAIN


def _upward(line: Reminder) -> str:
    """What a step upward says in its subject, to whom it goes."""
    if line.said_on or (line.is_own and line.what is What.ESCALATE):
        return "said"
    if line.what is What.DIRECTOR and not line.has_director:
        return "again" if line.is_own else "no-director"
    return line.what
