"""The page that answers one mail: its lines as they stand now, and what may be said about each. Reading only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cycle.actions.office.answer_links import FORM, NOT_THERE, Correction, Mail, opened, row_mark
from cycle.actions.office.covenant_view import CovenantView, row_when, situations
from cycle.actions.office.letterbox import digest_key
from cycle.actions.office.office import Office
from cycle.actions.office.seeing import tables_of
from cycle.actions.office.signing import Signer, open_signer
from cycle.domain.answering import LIGHTS, Stand, days_to_choose
from cycle.domain.ladders import OF_MEMBER, QUESTIONS, What
from cycle.domain.model import LadderKind, Light, Role, State
from cycle.domain.situation import SECRETARIAT
from cycle.domain.status import STATE_WORDS
from cycle.domain.text import natural
from cycle.domain.words import via_words, who_of
from cycle.errors import Ended, NotFound, Refused
from cycle.store import answers, deadlines, feedlinks
from cycle.store.answers import AskedLine, Given
from cycle.store.database import Session
from cycle.store.deadlines import LEAD
from cycle.store.ids import id_of
from cycle.store.tables import DeadlineParty, DeadlineRow, Person
from cycle.words import ROLES

FORM_DAYS = 7
ALL_SETTLED = (
    "Alles uit deze mail is afgemeld.",
    "Dank u wel, deze pagina is niet meer nodig. Klopt er iets niet? Beantwoord dan de mail.",
)
ROUND = "ronde"
"""What the form of a whole round is called, where another form has the mark of its row."""
TAKES_PART, UPWARD, UNREAD = "deelnemer", Light.GREY, "settle"


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One line of the mail: a party's part in a deadline. `stands` are the choices; without any it is only shown.

    `days` are those until which a reminder may be put off. `form` proves that a form came from this row of this page.
    `is_round` says that a progress round asked it; `before` is the newest light that was given before this mail.
    `asks` is what the mail asked, where that is known still.
    """

    mark: str
    deadline: int
    party: str
    covenant: int
    number: str
    title: str
    when: str
    todo: str
    party_name: str
    settled: str
    stands: tuple[Stand, ...]
    days: tuple[date, ...]
    is_meeting_to_come: bool
    latest: Given | None
    form: str
    is_round: bool = False
    before: Given | None = None
    asks: What | None = None

    @property
    def first_field(self) -> str:
        """The field that answers what the mail asked."""
        return {What.FIX_DATE: "next_on", What.INPUT: "points"}.get(
            self.asks or What.ASK, "stand" if self.stands else "sentence"
        )

    @property
    def is_open(self) -> bool:
        """Whether it still waits for somebody."""
        return not self.settled


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """What somebody sees who opens the link in their mail. `about` is the key of the mail that they answer, `via` the
    day of the mail whose link this is; None for who is signed in."""

    person: int
    name: str
    email: str
    about: str
    seal_mark: str
    mailed_on: date | None
    via: date | None
    is_shared: bool
    covenants: tuple[str, ...]
    rows: tuple[AnswerLine, ...]
    round_form: str = ""

    @property
    def asked_rows(self) -> tuple[AnswerLine, ...]:
        """What the round asked and is not settled, answered or not, in the order in which people count."""
        asked = (row for row in self.rows if row.is_round and row.is_open)
        return tuple(sorted(asked, key=lambda row: natural(row.number)))

    @property
    def round_rows(self) -> tuple[AnswerLine, ...]:
        """What the round asked and this reader did not answer yet."""
        return tuple(row for row in self.asked_rows if not self.is_answered(row))

    def is_answered(self, row: AnswerLine) -> bool:
        """Whether this reader answered this line of this mail already."""
        return row.latest is not None and (row.latest.person_id, row.latest.about) == (self.person, self.about)

    @property
    def by(self) -> str:
        """The name under which the logbook keeps what is done here."""
        return via_words(self.email, self.via)

    def row(self, mark: str) -> AnswerLine:
        """The row of this mark.

        Raises NotFound for one that is not of this page.
        """
        line = next((row for row in self.rows if row.mark == mark), None)
        if line is None:
            raise NotFound("Deze regel staat niet in uw mail.", "Ga terug naar de pagina en probeer het opnieuw.")
        return line


def answer_page(office: Office, signed: str, now: datetime, *, after: str = "") -> AnswerPage:
    """The page of a signed address. `after` is the row that was just answered: the page that confirms it is shown even
    when that was the last one.

    Raises NotFound for one that is not ours, of somebody who left, or of a mail that does not exist; Ended for one that
    is too old or whose lines are all settled.
    """
    with office.database.reading() as session:
        (person, _subject, mailed_on), link = opened(session, office.settings, signed, now)
        seals = _Seals(open_signer(office.settings).of(person.seal_mark), signed, office.local_day(now))
        page = _page(session, office, person, link, seals, now, mailed_on)
    if not page.rows:
        raise NotFound(*NOT_THERE)
    if isinstance(link, Mail) and not after and not any(row.is_open for row in page.rows):
        raise Ended(*ALL_SETTLED)
    return page


def check_form(office: Office, page: AnswerPage, signed: str, mark: str, form: str, now: datetime) -> None:
    """Raises Refused unless a form came from this row of this page, this week (rule C13)."""
    signer = open_signer(office.settings).of(page.seal_mark)
    if signer.subject_of(FORM, form, office.local_day(now), FORM_DAYS) != f"{signed}/{mark}":
        raise Refused("Dit formulier is te oud.", "Open de pagina opnieuw vanuit uw mail en probeer het nog eens.")


@dataclass(frozen=True, slots=True)
class _Seals:
    """Makes the proof in each form."""

    signer: Signer
    signed: str
    today: date

    def form(self, mark: str) -> str:
        return self.signer.sign(FORM, f"{self.signed}/{mark}", self.today)


def _page(
    session: Session,
    office: Office,
    person: Person,
    link: Mail | Correction,
    seals: _Seals,
    now: datetime,
    mailed_on: date,
) -> AnswerPage:
    about = digest_key(id_of(person), link.on) if isinstance(link, Mail) else "herstel"
    asked = _asked(session, link)
    rows = deadlines.rows_by_id(session, (line.deadline for line in asked))
    seated = _seated(session, office, person, {row.covenant_id for row in rows.values()}, now)
    asked = [line for line in asked if rows[line.deadline].covenant_id in seated]
    made = _rows(session, asked, rows, seated, person, seals, about, is_correction=isinstance(link, Correction))
    return AnswerPage(
        person=id_of(person),
        name=person.name,
        email=person.email,
        about=about,
        seal_mark=person.seal_mark,
        mailed_on=link.on if isinstance(link, Mail) else None,
        via=mailed_on,
        is_shared=len(answers.readers_of(session, person.email)) > 1,
        covenants=tuple(one.row.name for one in seated.values()),
        rows=tuple(made),
        round_form=seals.form(ROUND),
    )


def _asked(session: Session, link: Mail | Correction) -> list[AskedLine]:
    """The lines of the mail, or the one that is corrected: only what this person let know can be."""
    if isinstance(link, Mail):
        return answers.lines_to(session, link.person, link.on)
    given = answers.history(session, [link.deadline]).get((link.deadline, link.party), [])
    mine = any(one.person_id == link.person for one in given)
    return [AskedLine(link.deadline, link.party, "", "trekker", link.person)] if mine else []


def _seated(session: Session, office: Office, person: Person, ids: set[int], now: datetime) -> dict[int, CovenantView]:
    """The covenants of these in which the person has a seat today, and which they may see."""
    seats = [(key, one) for key, one in feedlinks.seats_at(session, person.email) if one.person == person.id]
    tables = tables_of(session, office.settings, person.email, now, ids)
    today = office.local_day(now)
    present = {key for key, one in seats if (one.since or today) <= today <= (one.until or today)}
    return {key: here for key, here in sorted(tables.items()) if key in present}


def _rows(
    session: Session,
    asked: Sequence[AskedLine],
    rows: Mapping[int, DeadlineRow],
    seated: Mapping[int, CovenantView],
    person: Person,
    seals: _Seals,
    about: str,
    *,
    is_correction: bool,
) -> list[AnswerLine]:
    """Each party's part once, in the order of the mail."""
    lines = {(line.deadline, line.party): line for line in reversed(asked) if line.rung != UNREAD}
    parts = _parts(session, {deadline for deadline, _party in lines})
    said = answers.history(session, {deadline for deadline, _party in lines})
    choices, rungs = _choices(session, seated, {deadline for deadline, _party in lines}, seals.today)
    made = []
    for (deadline, party), line in reversed(lines.items()):
        row, view = rows[deadline], seated[rows[deadline].covenant_id]
        part = parts.get((deadline, party))
        settled = _settled(row, part)
        leads = part is not None or party == SECRETARIAT
        can_reopen = leads and (is_correction or (part is not None and who_of(part.settled_by) == person.email))
        is_to_come = row.kind == LadderKind.MEETING and seals.today < (row.meeting_day or row.due or seals.today)
        stands = () if settled and not can_reopen else _stands(line, leads, bool(settled), done=not is_to_come)
        mark = row_mark(deadline, party)
        made.append(
            AnswerLine(
                mark=mark,
                deadline=deadline,
                party=party,
                covenant=row.covenant_id,
                number=row.number,
                title=row.title,
                when=row_when(row, view),
                todo=row.todo,
                party_name=view.party_names.get(party, ROLES[Role.SECRETARIAT]),
                settled=settled,
                stands=stands,
                days=() if settled or line.reason == UPWARD else choices.get(deadline, ()),
                is_meeting_to_come=is_to_come,
                latest=next(iter(said.get((deadline, party), ())), None),
                form=seals.form(mark) if stands else "",
                is_round=line.rung in QUESTIONS and bool({*LIGHTS} & {*stands}) and not is_to_come,
                before=_light_before(said.get((deadline, party), ()), about),
                asks=rungs.get((deadline, line.rung.partition(OF_MEMBER)[0])),
            )
        )
    return made


def _light_before(said: Sequence[Given], about: str) -> Given | None:
    """The newest light that was given about something, but for answers to this very mail."""
    return next((one for one in said if one.stand in LIGHTS and one.about != about), None)


def _parts(session: Session, ids: Iterable[int]) -> dict[tuple[int, str], DeadlineParty]:
    """Each lead party's own row."""
    return {
        (deadline, slug): part
        for deadline in ids
        for part, slug in deadlines.part_rows(session, deadline)
        if part.part == LEAD
    }


def _choices(
    session: Session, seated: Mapping[int, CovenantView], ids: Iterable[int], today: date
) -> tuple[dict[int, tuple[date, ...]], dict[tuple[int, str], What]]:
    """Until when each deadline's reminders may be put off, and what each of its rungs asks."""
    items = deadlines.items_to_tell(session, ids=ids)
    chosen: dict[int, tuple[date, ...]] = {}
    asks: dict[tuple[int, str], What] = {}
    for situation in situations(session, dict(seated), items, {}).values():
        for item in situation.items:
            rungs = situation.rungs_of(item)
            chosen[item.id] = days_to_choose(item, rungs, today, situation.policy.calendar)
            asks |= {(item.id, rung.rule.name): rung.rule.what for rung in rungs}
    return chosen, asks


def _settled(row: DeadlineRow, part: DeadlineParty | None) -> str:
    """ "gereed", "vervallen", or nothing while it is open for this party."""
    state = part.state if part is not None and row.state == State.OPEN else row.state
    return {State.DONE: Stand.DONE, State.DROPPED: STATE_WORDS[State.DROPPED]}.get(state, "")


def _stands(line: AskedLine, leads: bool, settled: bool, *, done: bool) -> tuple[Stand, ...]:
    """What may be said: who leads says how it stands; who takes part only that it is not theirs.

    A meeting that is still to come cannot be done: "gereed" about its papers would silence all that follows.
    """
    if settled:
        return (Stand.OPEN_AGAIN, *LIGHTS)
    lights = LIGHTS if leads and line.reason != TAKES_PART else ()
    is_for_another = line.party == SECRETARIAT or line.reason in (UPWARD, "geen adres", Stand.NOT_MINE)
    own = () if is_for_another else (Stand.NOT_MINE,)
    return (*lights, *((Stand.DONE,) if done and lights else ()), *own)
