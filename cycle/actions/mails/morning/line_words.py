"""One line of a reminder mail in words: what it asks and why, what is new, and what was let know of it before.

Each sentence stands in `_words.txt`; here is which of them is true of whom. Nobody is told to do what another must.
"""

from datetime import date

from cycle.actions.mails.morning.subject_lines import asks_whose, counts_down, is_asked_again
from cycle.actions.office.answer_links import row_mark
from cycle.actions.office.covenant_view import CovenantView, row_when
from cycle.domain.ladders import CHAIN, QUESTIONS, What
from cycle.domain.model import LadderKind, News, Role, State
from cycle.domain.situation import Reason, Reminder
from cycle.domain.status import left_words
from cycle.domain.titles import in_a_sentence
from cycle.domain.words import day_words, joined, near_day_words
from cycle.mail.fields import DigestItem, Say
from cycle.store import deadlines
from cycle.store.happened import Moved
from cycle.store.tables import DeadlineRow

TASKLESS = (What.REMIND, What.KNOW, *QUESTIONS)
OWN_BUTTON = (What.FIX_DATE, What.INPUT, What.HELD)
"""Rungs that ask something else than how it stands."""


def line_item(
    line: Reminder, row: DeadlineRow, view: CovenantView, say: Say, page: str, moved: Moved | None
) -> DigestItem:
    """A line as the templates say it. `moved` is from when to when another day is news, and by whom."""
    passed = row.due is not None and row.due < line.on and not row.invented
    meeting = deadlines.meeting_of(row)
    button = line.what if line.what in OWN_BUTTON and not asks_whose(line) else "other"
    return DigestItem(
        number=row.number,
        title=row.title,
        todo=_todo(line, row, view, say),
        when=row_when(row, view, line.on) if row.due or row.phrase else "",
        online=meeting.online if meeting else "",
        left=left_words(line.days_left, passed=passed) if counts_down(line, row) else "",
        why=_why(line, row, view, say),
        missed=_missed(line, say),
        rung_words="; ".join(filter(None, (_news(line, row, view, moved or Moved(None), say), _rung_words(line, say)))),
        said=_said(line, view, say),
        party=view.party_names.get(line.party, ""),
        is_lead=line.reason is Reason.LEAD,
        covenant=view.row.name,
        button=say(f"button.{button}", about=_about(row, say)),
        link="" if line.what is What.SETTLE else f"{page}#{row_mark(line.deadline, line.party)}",
    )


def _todo(line: Reminder, row: DeadlineRow, view: CovenantView, say: Say) -> str:
    """What to do: what the line itself asks, and what it is about where the title does not say so already."""
    task, is_said = _task(line, row, view), row.todo.rstrip(".") == row.title
    known = {"title": row.title, "year": str(row.due.year) if row.due else "", "todo": row.todo}
    asked = say(f"task.{task}", party=view.party_names.get(line.party, line.party), **known) if task else ""
    if is_said or not row.todo or line.what is What.KNOW or line.news is News.OFF or not _is_for_reader(line, row):
        return asked
    return f"{asked} {say('task.about', **known)}" if asked else row.todo


def _task(line: Reminder, row: DeadlineRow, view: CovenantView) -> str:
    """Which sentence says what a line asks; none where what is to be done says so itself."""
    if asks_whose(line):
        return "whose"
    if line.what in CHAIN:
        if line.is_own:
            return "announce"
        return "no-director" if line.what is What.DIRECTOR and not line.has_director else line.what
    if line.what is What.FIX_DATE and _keeps_office(line, view):
        return "fix-own-date"
    if row.kind != LadderKind.MEETING and line.what is What.INPUT:
        return "input-document"
    if line.what is What.PAPERS and row.meeting_day is None:
        return "papers-no-date"
    return "" if line.what in TASKLESS else line.what


def _keeps_office(line: Reminder, view: CovenantView) -> bool:
    """Whether the reader is the secretariat: it passes nothing on to itself."""
    seats = [one for one in view.members if one.person == line.person and one.role is Role.SECRETARIAT]
    return any((one.since or line.on) <= line.on <= (one.until or line.on) for one in seats)


def _is_for_reader(line: Reminder, row: DeadlineRow) -> bool:
    """Whether what is to be done is said: of a document that is for who leads it, and of a meeting until it was."""
    if row.kind == LadderKind.MEETING:
        return line.what is not What.HELD
    return line.is_leading or asks_whose(line)


def _news(line: Reminder, row: DeadlineRow, view: CovenantView, moved: Moved, say: Say) -> str:
    """What was learned since the reader was told last."""
    if line.news is None or line.what is What.SETTLE:
        return ""
    day = row.meeting_day or row.due
    is_known = moved.old is not None and moved.old != day
    days = moved_words(moved.old, day) if is_known and moved.old and day else day_words(day) if day else ""
    old = day_words(moved.old) if moved.old else ""
    is_final = "ja" if row.state == State.DROPPED else ""
    by = view.reader_words(moved.by)
    return say(f"news.{line.news}", days=days, is_known="ja" if is_known else "", old=old, by=by, is_final=is_final)


def moved_words(old: date, new: date) -> str:
    """ "van 22 naar 29 april 2027", "van 22 april naar 6 mei 2027" """
    words = day_words(old).split(" ")
    same = 1 if (old.year, old.month) == (new.year, new.month) else 2 if old.year == new.year else 3
    return f"van {' '.join(words[:same])} naar {day_words(new)}"


def _rung_words(line: Reminder, say: Say) -> str:
    """What the rung adds. Who let something know is not called silent, and no step is named that never comes."""
    if is_asked_again(line):
        return say("rung.again-said" if line.said_on else "rung.again")
    if line.what not in CHAIN or not line.has_director:
        return ""
    if line.what is What.DIRECTOR:
        return say("rung.director")
    if line.what is What.ESCALATE and not line.is_own:
        return "" if line.said_on or line.is_top else say("rung.escalate")
    return "" if line.is_top else say("rung.announce-said" if line.said_on else "rung.announce")


def _said(line: Reminder, view: CovenantView, say: Say) -> str:
    """What the party last let know, in a sentence of its own: whoever answered reads that it arrived."""
    if line.said_on is None:
        return ""
    who = "own" if line.said_by == line.person else "party"
    party = view.party_names.get(line.party, line.party)
    said = ", ".join(part for part in (line.said, line.sentence.rstrip(".")) if part)
    step = near_day_words(line.next_on, line.on) if line.next_on is not None and line.next_on >= line.on else ""
    return say(f"said.{who}", party=party, day=near_day_words(line.said_on, line.on), said=said, step=step)


def _why(line: Reminder, row: DeadlineRow, view: CovenantView, say: Say) -> str:
    """Why this person gets this line."""
    about, party = _about(row, say), view.party_names.get(line.party, line.party)
    if line.reason is Reason.SILENT and line.said_on:
        return say("why.wel-bericht", party=party, about=about, said=day_words(line.said_on))
    part = "trekker" if line.is_leading else "betrokken" if row.kind != LadderKind.MEETING else "deelnemer"
    own = say(f"why.{part}", party=party, about=about)
    if line.reason in (Reason.LEAD, Reason.ANNOUNCED, Reason.PARTICIPANT):
        return own
    return say(f"why.{line.reason.replace(' ', '-')}", party=party, about=about, own=own)


def _about(row: DeadlineRow, say: Say) -> str:
    """What a line is about, in a sentence: "afspraak 3.1", "het voorjaarsoverleg"."""
    if row.number:
        return say("about.number", number=row.number)
    return say("about.title", title=row.title, the=in_a_sentence(row.title))


def _missed(line: Reminder, say: Say) -> str:
    """Which earlier mails could not go out."""
    return say("missed.days", days=joined([day_words(day) for day in line.missed])) if line.missed else ""
