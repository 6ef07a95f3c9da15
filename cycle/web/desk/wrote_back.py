"""Post, Antwoorden: what people wrote back by mail, until somebody takes it over as an answer or puts it aside."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from starlette.responses import Response

from cycle.actions.answers import MOST_SENTENCE
from cycle.actions.answers.answering.behalf import SAID
from cycle.actions.answers.answering.taking_over import put_aside, take_over
from cycle.actions.office.answer_links import row_mark
from cycle.actions.office.covenant_view import CovenantView
from cycle.domain.answering import Stand
from cycle.domain.words import joined
from cycle.errors import NotFound, Refused
from cycle.store import answers, covenants, deadlines, replies
from cycle.store import post as store
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.store.tables import MailReply, Message
from cycle.web.desk.forms import DeskForm
from cycle.web.desk.post import COUNTED, tabs_of
from cycle.web.desk.visiting import DeskRequest, ForSecretariat, desk_router, number_in_path
from cycle.web.year import moment_words

router = desk_router()
ENTRY = None
ROOM = "post/antwoorden"


@dataclass(frozen=True, slots=True)
class ReplyShown:
    """One reply in words. `person` names whoever the mail was for, `is_other` says that it came from another address
    than the mail went to."""

    id: int
    person: str
    sender: str
    is_other: bool
    subject: str
    moment: str
    words: str
    lines: tuple[tuple[str, str], ...]


@router.api_route("/post/antwoorden", methods=["GET", "HEAD"])
def listed(at: ForSecretariat) -> Response:
    """What waits."""
    return _page(at)


@router.post("/post/antwoorden/{number}/overnemen")
def take(at: ForSecretariat, number: str) -> Response:
    """Keeps it as an answer."""
    typed, wanted = at.typed(), number_in_path(number)
    shown = _one(at, wanted)
    mark = typed.choice(f"regel-{wanted}", [key for key, _words in shown.lines], needed="Kies waarover het gaat.")
    stand = typed.choice(f"stand-{wanted}", list(SAID), needed="")
    sentence = typed.text(f"zin-{wanted}", most=MOST_SENTENCE)
    if typed.is_right and not stand and not sentence:
        typed.wrong(f"zin-{wanted}", "Kies hoe het staat, of schrijf een zin.")
    if not typed.is_right:
        return _page(at, typed)
    deadline, _, party = mark[1:].partition("-")
    try:
        title = take_over(
            at.office,
            at.covenant_id,
            wanted,
            (int(deadline), party),
            Stand(stand) if stand else None,
            sentence,
            at.now,
            by=at.by,
        )
    except Refused as error:
        typed.wrong(f"regel-{wanted}", f"{error.what} {error.hint}")
        return _page(at, typed)
    return at.done(f"{title}: het antwoord van {shown.person} is bewaard.", at.path(ROOM))


@router.post("/post/antwoorden/{number}/wegleggen")
def aside(at: ForSecretariat, number: str) -> Response:
    """Puts it aside."""
    put_aside(at.office, at.covenant_id, number_in_path(number), at.now, by=at.by)
    return at.done("Het antwoord is weggelegd. In de postbus staat de mail nog.", at.path(ROOM))


def _one(at: DeskRequest, number: int) -> ReplyShown:
    with at.office.database.reading() as session:
        reply = replies.reply(session, at.covenant_id, number)
        if reply is None:
            raise NotFound("Dit antwoord is er niet.", "Kijk bij Post, Antwoorden.")
        return _shown(session, at, at.view(session), reply, at.now)


def _page(at: DeskRequest, typed: DeskForm | None = None) -> Response:
    with at.office.database.reading() as session:
        view = at.view(session)
        waiting = [_shown(session, at, view, one, at.now) for one in replies.waiting(session, view.id)]
        counts = store.counts(session, at.covenant_id, COUNTED)
    first = {f"zin-{one.id}": " ".join(one.words.split())[:MOST_SENTENCE] for one in waiting}
    if typed is not None:
        first |= typed.values
    filled = DeskForm(**first)
    filled.errors = typed.errors if typed is not None else {}
    return at.page(
        "desk/wrote-back",
        HTTPStatus.OK if typed is None else HTTPStatus.UNPROCESSABLE_ENTITY,
        tabs=tabs_of(counts),
        replies=waiting,
        stands=[(one, one.capitalize()) for one in SAID],
        typed=filled,
        is_set=bool(at.office.settings.mail.replies),
    )


def _shown(session: Session, at: DeskRequest, view: CovenantView, reply: MailReply, now: datetime) -> ReplyShown:
    message = session.get_one(Message, reply.message_id)
    asked = answers.lines_of_mail(session, reply.message_id)
    people = covenants.people(session, {reply.person_id, *(line.person for line in asked)})
    person = people[reply.person_id]
    readers = [people[one].name for one in sorted({line.person for line in asked})] or [person.name]
    rows = deadlines.rows_by_id(session, {line.deadline for line in asked})
    parties = {(line.deadline, line.party): view.party_names.get(line.party, "het secretariaat") for line in asked}
    lines = [
        (row_mark(deadline, party), f"{rows[deadline].number} {rows[deadline].title} ({name})".strip())
        for (deadline, party), name in parties.items()
        if rows[deadline].covenant_id == view.id
    ]
    return ReplyShown(
        id_of(reply),
        joined([name for name in readers if name]) or person.email,
        reply.sender,
        reply.sender != person.email.lower(),
        message.subject,
        moment_words(reply.read_at, now, at.office.settings.zone),
        reply.words,
        tuple(lines),
    )
