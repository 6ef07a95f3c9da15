"""Following up: when the meeting is otherwise than the letter said, a short mail tells all who got the letter, once.

That holds for a letter that went without us as well. Whoever has no mail address is named, to be told otherwise.
"""

import logging
from dataclasses import dataclass, replace
from datetime import date, datetime

from cycle.actions.letters.content import letter_rows
from cycle.actions.letters.content.facts import last_day_for_points, meeting_row, meeting_words, online_of, step_row
from cycle.actions.letters.dispatch.sending import ASK_OPERATOR, asked_about, display_name, envelope_of, title_of
from cycle.actions.letters.drafts.standing import ProofLine, proof_line
from cycle.actions.office.covenant_view import CovenantView, view_of
from cycle.actions.office.letterbox import Envelope, outgoing
from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.domain.mail_kinds import FOLLOW_UP
from cycle.domain.model import State
from cycle.domain.seeing import is_running
from cycle.domain.words import joined, weekday_words
from cycle.errors import CycleError, Refused
from cycle.letter import LetterKind
from cycle.mail.compose import Address
from cycle.mail.fields import FollowUpFields, Rendered
from cycle.store import deadlines, letters
from cycle.store.database import Session
from cycle.store.outbox import putting
from cycle.store.tables import DeadlineRow, Letter, LetterAddressee, Message

NO_DAY = "de datum volgt nog"
"""What a letter or a mail says of a meeting that has no day."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MeetingNews:
    """What of the meeting is otherwise than those who got the letter were told: how it was and how it is, in words.

    `text` is the mail as the first of `mails` (name, address) gets it. `words` is how it is without the address by
    which people join from elsewhere, `online` that address. `unmailed` are those who got it and have no mail address.
    `points_by` is the last day for points, in words, where the meeting is on another day than the letter said.
    """

    meeting: str
    was: str
    now: str
    mails: tuple[tuple[str, str], ...]
    text: str
    words: str = ""
    online: str = ""
    unmailed: tuple[str, ...] = ()
    points_by: str = ""


@dataclass(frozen=True, slots=True)
class FollowUps:
    """What followed a letter: what is to be told now, if anything, and the mails that told something before."""

    news: MeetingNews | None = None
    told: str = ""
    lines: tuple[ProofLine, ...] = ()


def follow_ups(
    office: Office, covenant: str | None, year: int, now: datetime, *, sender: str = "", step: str = ""
) -> FollowUps:
    """What is to be told after the letter, and what was."""
    with office.database.reading() as session:
        view = view_of(session, office.settings, covenant)
        letter = letters.letter_of(session, letter_rows.name_of(session, view, year, sender, step))
        if letter is None:
            return FollowUps()
        lines = follow_up_lines(session, view, letter)
        return FollowUps(_news(office, session, view, letter, now), letter.told_meeting, lines)


def follow_up_lines(session: Session, view: CovenantView, letter: Letter) -> tuple[ProofLine, ...]:
    """A line per mail that followed the letter, in the order of making."""
    prefix = follow_up_prefix(view, letter)
    people = {(one.party, one.person_id): one for one in letters.addressees(session, letter)}
    lines = []
    for mail in letters.follow_ups(session, view.id, prefix):
        _round, party, _person = mail.key.removeprefix(prefix).split(":")
        addressee = people.get((party, mail.person_id or 0))
        lines.append(proof_line(session, party, addressee.name if addressee else "", mail.to, mail))
    return tuple(lines)


def send_news(
    office: Office,
    covenant: str | None,
    year: int,
    now: datetime,
    *,
    by: str = "",
    seen: str,
    sender: str = "",
    step: str = "",
) -> str:
    """Mails who got the letter how the meeting is now, and says so. `seen` is what the asker saw it to be.

    Raises Refused when there is nothing to tell (any more), or it is not what the asker saw.
    """
    with office.database.writing() as session:
        view = view_of(session, office.settings, covenant)
        letter_rows.locked_step(session, view, year, step)
        letter = letters.letter_of(session, letter_rows.name_of(session, view, year, sender, step), lock=True)
        if letter is not None and letter.told_meeting == seen:
            return "Dat is al gemeld; er gaat niets nog een keer."
        news = _news(office, session, view, letter, now) if letter is not None else None
        if letter is None or news is None:
            raise Refused("Er is niets te melden over het overleg.", "Ververs de pagina van de brief.")
        if news.now != seen:
            raise Refused("Het overleg is intussen weer anders.", "Bekijk de brief opnieuw.")
        if not news.mails:
            raise Refused(f"{joined(news.unmailed)} heeft geen mailadres.", "Vertel zelf hoe het overleg nu is.")
        made, unmade = _messages(office, session, view, letter, news, now)
        if not made:
            raise CycleError("De mails over het overleg zijn niet te maken.", ASK_OPERATOR)
        for message in made:
            putting.put(session, message, (), now)
        letter.told_meeting = news.now
        session.add(letter)
        detail = f"{news.meeting}: {news.now}; {len(made)} mails"
        note(session, now, by, "wijziging van overleg gemeld", letter_rows.about_letter(letter), detail, view.id)
        words = f"{len(made)} mails staan klaar om te gaan" if len(made) > 1 else "1 mail staat klaar om te gaan"
        words += f"; die aan {joined(unmade)} niet, want die was niet te maken" if unmade else ""
        words += f". Zonder mailadres, vertel het zelf: {joined(news.unmailed)}" if news.unmailed else ""
        return f"{words}."


def _news(office: Office, session: Session, view: CovenantView, letter: Letter, now: datetime) -> MeetingNews | None:
    """What is to be told; nothing of a meeting that was, of one that the letter did not speak of, or while all know."""
    people, today = _who_got_it(session, view, letter, now), view.local_day(now)
    if not people or not is_running(view.row.released_at, view.row.archived_at):
        return None
    meeting = _spoken_of(session, view, letter, today)
    if meeting is None or meeting.state != State.OPEN or (meeting.meeting_day or meeting.due or today) < today:
        return None
    said, online = letter.facts.get("spring_meeting"), online_of(meeting)
    was = letter.told_meeting or (_in_full(said, letter.facts.get("meeting_online", "")) if said else NO_DAY)
    words = meeting_words(meeting) or NO_DAY
    is_now = _in_full(words, online)
    if was == is_now:
        return None
    mails = tuple((one.name, one.email) for one in people if one.email)
    unmailed = tuple(f"{one.name} ({view.party_names.get(one.party, one.party)})" for one in people if not one.email)
    points = _new_last_day(session, view, letter, meeting, today)
    news = MeetingNews(meeting.title.lower(), was, is_now, mails, "", words, online, unmailed, points)
    return replace(news, text=_rendered(office, view, letter, people[0], news).text)


def _spoken_of(session: Session, view: CovenantView, letter: Letter, today: date) -> DeadlineRow | None:
    """The meeting of a letter: an invitation is for one also while it has no day, another letter only named it."""
    row, kind = step_row(session, view.id, letter.year, letter.step), letter.facts.get("kind", LetterKind.INVITATION)
    if row is None:
        return None
    meeting = meeting_row(deadlines.rows_of(session, view.id), row, kind, today)
    is_named = meeting is not None and letter.facts.get("meeting_name") == meeting.title.lower()
    named = is_named and bool(letter.facts.get("spring_meeting"))
    return meeting if kind == LetterKind.INVITATION or named else None


def _new_last_day(session: Session, view: CovenantView, letter: Letter, meeting: DeadlineRow, today: date) -> str:
    """Until when points are asked of a meeting on another day than the letter said; a letter may have said another
    day for points by itself, which holds as long as the meeting stays where it was."""
    if meeting.meeting_day is None or letter.facts.get("meeting_day") == weekday_words(meeting.meeting_day):
        return ""
    last = last_day_for_points(session, view, meeting, today)
    return weekday_words(last) if last is not None else ""


def _in_full(words: str, online: str) -> str:
    """When and where a meeting is, and how to join it from elsewhere."""
    return f"{words}, online via {online}" if online else words


def _who_got_it(session: Session, view: CovenantView, letter: Letter, now: datetime) -> list[LetterAddressee]:
    """Whom we mailed it; of a letter that went without us all to whom it was, from the day on which it did."""
    everybody = letters.addressees(session, letter)
    if letter.outside_on is not None:
        return [*everybody] if letter.outside_on <= view.local_day(now) else []
    return [one for one in everybody if one.message_id is not None]


def _messages(
    office: Office, session: Session, view: CovenantView, letter: Letter, news: MeetingNews, now: datetime
) -> tuple[list[Message], list[str]]:
    """A mail to each who got the letter, and the names of those whose mail cannot be made."""
    prefix = follow_up_prefix(view, letter)
    before = {one.key.removeprefix(prefix).partition(":")[0] for one in letters.follow_ups(session, view.id, prefix)}
    sender, reply_to = envelope_of(office, view, letter, display_name(session, letter))
    made, unmade = [], []
    for addressee in (one for one in _who_got_it(session, view, letter, now) if one.email):
        key = f"{prefix}{len(before) + 1}:{addressee.party}:{addressee.person_id}"
        envelope = Envelope(
            key, Address(addressee.email, addressee.name), sender, reply_to, addressee.person_id, view.id
        )
        try:
            made.append(outgoing(office, FOLLOW_UP, _rendered(office, view, letter, addressee, news), envelope, now))
        except Exception as error:
            log.error("the follow-up to person %s could not be made: %s", addressee.person_id, type(error).__name__)
            unmade.append(addressee.name)
    return made, unmade


def _rendered(
    office: Office, view: CovenantView, letter: Letter, addressee: LetterAddressee, news: MeetingNews
) -> Rendered:
    title = title_of(office, letter)
    fields = FollowUpFields(
        person_name=addressee.name,
        letter_title=title,
        senders=[one["name"] for one in letter.facts["senders"]],
        covenant=view.row.name,
        year=letter.year,
        meeting=news.meeting,
        was="" if news.was == NO_DAY else news.was,
        is_now="" if news.now == NO_DAY else news.words,
        online=news.online,
        points_by=news.points_by,
        asked_for="reactie" if letter.facts.get("kind") == LetterKind.OFFER else "punten",
        base_url=office.settings.web.base_url,
        **asked_about(office, view, letter, title),
    )
    return office.wording.render(FOLLOW_UP.name, dict(fields))


def follow_up_prefix(view: CovenantView, letter: Letter) -> str:
    """How the keys of all mails begin that follow a letter."""
    return f"{FOLLOW_UP.name}:{view.row.slug}:{letter.year}:{letter.step}:{letter.sender}:"
