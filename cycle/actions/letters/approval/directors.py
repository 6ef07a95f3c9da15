"""Directors approve a letter themselves: they are asked by mail, read the frozen PDF, and say yes or send it back.

What is kept is who, when, by which way, and of which bytes. What the secretariat writes down for somebody is another
way (`letter_approval.approve`), and is never shown as the director's own act.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from cycle.actions.letters.approval.letter_approval import frozen, prepared, refuse_sent
from cycle.actions.letters.approval.letter_history import FILES, changes_for
from cycle.actions.letters.content import letter_rows
from cycle.actions.letters.content.facts import step_row
from cycle.actions.letters.content.letter_document import ALONG, brought_along, digest_of, read_by_directors, whose_of
from cycle.actions.letters.drafts.standing import missing, standing
from cycle.actions.office.covenant_view import CovenantView, sender_of, view_of, views
from cycle.actions.office.letterbox import Envelope, outgoing
from cycle.actions.office.logbook import note
from cycle.actions.office.mailed import APPROVE, open_link
from cycle.actions.office.office import Office
from cycle.actions.office.signing import open_signer, parts_of
from cycle.domain.addressing import Members
from cycle.domain.letters import Way
from cycle.domain.mail_kinds import APPROVAL
from cycle.domain.model import Role
from cycle.domain.seeing import is_running
from cycle.domain.words import joined
from cycle.errors import NotFound, Refused
from cycle.mail.compose import Address
from cycle.mail.fields import ApprovalFields
from cycle.store import letters
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.store.outbox import putting
from cycle.store.tables import Letter, LetterApproval, LetterAsk, LetterDraft, Message, Person

ROOM, FORM = "/akkoord", "akkoordformulier"
MOST_REMARK = 1000
GONE = (
    "Deze brief wordt aangepast, of hij is er niet meer.",
    "U krijgt vanzelf een nieuwe mail als u hem opnieuw moet lezen.",
)


@dataclass(frozen=True, slots=True)
class LetterToRead:
    """What a director finds behind the link: the letter, for which parties, and what was said of it.

    `parties` are names by slug, `decided` what was kept for each of those that said something. `changes` are what is
    otherwise than in what they may have read before: what, how it was, how it is. `goes_as_read` is so for a file that
    was uploaded as the letter: in one of ours who agreed is put under the names. `enclosures` go along with the letter,
    by name, as they were frozen with it. `signed` is the PDF
    that goes in its place, if there is one. `is_joint` says that others send it too.
    """

    person: int
    email: str
    mark: str
    form: str
    name: str
    title: str
    covenant: str
    digest: str
    parties: Mapping[str, str]
    decided: Mapping[str, LetterApproval]
    changes: tuple[tuple[str, str, str], ...]
    is_sent: bool
    file_name: str
    content: bytes
    goes_as_read: bool
    enclosures: Mapping[str, bytes]
    signed: Mapping[str, bytes]
    is_joint: bool

    @property
    def open_parties(self) -> list[str]:
        """For whom nobody approved yet."""
        return [slug for slug in self.parties if slug not in self.decided or self.decided[slug].is_sent_back]


def ask_directors(
    office: Office,
    covenant: str | None,
    year: int,
    now: datetime,
    *,
    by: str,
    sender: str = "",
    step: str = "",
    version: str = "",
) -> list[tuple[str, str]]:
    """Mails each director of the senders who did not approve yet a link; says whom, by name and address. Who was asked
    today is not asked again today.

    The letter is frozen by it, as by a first approval. Raises Refused while the covenant is held, for a letter that was
    sent, and when no sender has a director; Changed for another text than the page of this `version` showed.
    """
    ready = prepared(office, covenant, year, now, sender, version, step)
    with office.database.writing() as session:
        view = view_of(session, office.settings, covenant)
        if not is_running(view.row.released_at, view.row.archived_at):
            raise Refused("Er gaat nog geen mail naar de partijen.", "Geef de afspraken eerst vrij.")
        letter = frozen(session, view, ready, now, by, sender, version, step)
        refuse_sent(session, letter)
        waiting, able = _able(session, view, year, sender, step, now)
        if not able:
            names = joined([view.party_names[slug] for slug in waiting]) or "Niemand"
            hint = "Voeg bij Mensen een bestuurder toe, of leg het akkoord op papier vast."
            raise Refused(f"Er is geen bestuurder om te vragen: {names}.", hint)
        asked = _unasked(session, view, letter, able, now)
        if not asked:
            return []
        for slug, person in asked:
            _put(session, office, view, letter, slug, person, now, by)
        names = joined([person.name for _slug, person in asked])
        note(session, now, by, "akkoord gevraagd", letter_rows.about_letter(letter), names, view.id)
        return [(person.name, person.email) for _slug, person in asked]


def to_be_asked(
    office: Office, covenant: str | None, year: int, now: datetime, *, sender: str = "", step: str = ""
) -> list[tuple[str, str]]:
    """Whom asking would mail now, by name and address, once for each mail: who directs two parties is asked for each.
    Nobody while asking is refused."""
    with office.database.reading() as session:
        view = view_of(session, office.settings, covenant)
        if not is_running(view.row.released_at, view.row.archived_at):
            return []
        letter = letters.letter_of(session, letter_rows.name_of(session, view, year, sender, step))
        if letter is not None and (letter.outside_on is not None or letters.messages(session, letter)):
            return []
        _waiting, able = _able(session, view, year, sender, step, now)
        return [(one.name, one.email) for _slug, one in _unasked(session, view, letter, able, now)]


def asks_of(office: Office, covenant: str | None, year: int, sender: str, step: str) -> tuple[LetterAsk, ...]:
    """Who was asked to approve a frozen letter, and when; nobody while it is a draft."""
    with office.database.reading() as session:
        view = view_of(session, office.settings, covenant)
        letter = letters.letter_of(session, letter_rows.name_of(session, view, year, sender, step))
        return tuple(letters.asks(session, letter)) if letter is not None else ()


def approve_path_of(
    office: Office,
    covenant: str | None,
    people: Collection[int],
    year: int,
    now: datetime,
    *,
    sender: str = "",
    step: str = "",
) -> str:
    """Where somebody who is signed in reads a frozen letter and approves it for their party; "" for who need not."""
    with office.database.reading() as session:
        view = view_of(session, office.settings, covenant)
        letter = letters.letter_of(session, letter_rows.name_of(session, view, year, sender, step))
        if letter is None or letter.outside_on is not None or letters.messages(session, letter):
            return ""
        waiting, today = missing(standing(session, view, year, sender, step).approvals), view.local_day(now)
        for person in people:
            if set(_parties_of(session, view, letter, person, today)) & set(waiting):
                return approve_path(office, id_of(letter), session.get_one(Person, person), today)
    return ""


def waiting_for(
    office: Office, session: Session, by_id: Mapping[int, CovenantView], people: Collection[int], now: datetime
) -> list[tuple[str, str]]:
    """The letters on which somebody who is signed in has still to say something: what each is called, and where."""
    waiting = []
    for letter in letters.under_way(session, list(by_id)):
        view = by_id[letter.covenant_id]
        if step_row(session, view.id, letter.year, letter.step) is None:  # its step is no longer there
            continue
        today, said = view.local_day(now), {one.party for one in letters.approvals(session, letter)}
        for person in people:
            if set(_parties_of(session, view, letter, person, today)) - said:
                path = approve_path(office, id_of(letter), session.get_one(Person, person), today)
                waiting.append((_title(letter), path))
                break
    return waiting


def directors_of(view: CovenantView, party: str, today: date) -> list[Person]:
    """Who may approve for a party: its directors who sit there today."""
    seated = Members(view.members, today).directors([party])
    return [Person(id=one.person, name=one.name, email=one.email) for one in seated if one.role is Role.DIRECTOR]


def approve_path(office: Office, letter_id: int, person: Person, today: date) -> str:
    """The path of the page on which a director approves."""
    signer = open_signer(office.settings).of(person.seal_mark)
    return f"{ROOM}/{signer.sign(APPROVE, f'{person.id}-{letter_id}', today)}"


def open_letter(office: Office, signed: str, now: datetime) -> tuple[LetterToRead, date]:
    """The letter behind a link and the day of its mail.

    Raises NotFound for one that opens nothing, or a letter that is a draft again; Ended for one that is too old.
    """
    with office.database.reading() as session:
        link = open_link(session, office.settings, APPROVE, signed, now)
        letter = letters.letter_by_id(session, _number(link.subject)) if link is not None else None
        if link is None or letter is None:
            raise NotFound(*GONE)
        view = views(session, office.settings, [letter.covenant_id])[letter.covenant_id]
        mine = _parties_of(session, view, letter, id_of(link.person), view.local_day(now))
        if not mine:
            raise NotFound(*GONE)
        draft = letters.draft_of(session, letter_rows.name_of_letter(letter))
        signer = open_signer(office.settings).of(link.person.seal_mark)
        name, content = read_by_directors(session, letter)
        said = {one.party: one for one in letters.approvals(session, letter) if one.party in mine}
        return (
            LetterToRead(
                person=id_of(link.person),
                email=link.person.email,
                mark=link.person.seal_mark,
                form=signer.sign(FORM, str(link.person.id), office.local_day(now)),
                name=link.person.name,
                title=_title(letter),
                covenant=view.row.name,
                digest=digest_of(session, letter),
                parties={slug: view.party_names[slug] for slug in mine},
                decided=said,
                changes=_changes(session, draft, letter, mine),
                is_sent=letter.outside_on is not None or bool(letters.messages(session, letter)),
                file_name=name,
                content=content,
                goes_as_read=bool(letters.files(session, letter, letter_rows.OWN)),
                enclosures={one.name: one.content for one in letters.files(session, letter, *ALONG)},
                signed={one.name: one.content for one in letters.files(session, letter, letter_rows.SIGNED)},
                is_joint=len(letter.facts["senders"]) > 1,
            ),
            link.on,
        )


def decide(
    office: Office,
    signed: str,
    now: datetime,
    *,
    by: str,
    way: Way,
    digest: str,
    agrees: bool,
    remark: str = "",
) -> LetterToRead:
    """A director approves the letter of the link for their parties, or sends it back with a remark.

    Raises Refused for a letter that was sent or became another than was read, and for sending back without a word.
    """
    if not agrees and not remark.strip():
        raise Refused("Schrijf erbij wat er anders moet.", "Eén zin is genoeg.")
    seen, _on = open_letter(office, signed, now)
    with office.database.writing() as session:
        letter = letters.letter_by_id(session, _number(parts_of(signed)[0]), lock=True)
        if letter is None:
            raise NotFound(*GONE)
        refuse_sent(session, letter)
        if digest_of(session, letter) != digest:
            raise Refused("De brief is intussen een andere.", "Open de pagina opnieuw en lees hem nog eens.")
        known = {one.party: one for one in letters.approvals(session, letter)}
        for slug in seen.open_parties:
            row = known.get(slug) or LetterApproval(letter_id=id_of(letter), party=slug, by=seen.name, at=now)
            row.by, row.at, row.way, row.digest, row.noted_by = seen.name, now, way, digest, ""
            row.is_sent_back, row.remark = not agrees, remark.strip()[:MOST_REMARK]
            session.add(row)
            said = "brief goedgekeurd" if agrees else "brief teruggestuurd"
            detail = f"namens {slug}" + (f": {row.remark}" if row.remark else "")
            note(session, now, by, said, letter_rows.about_letter(letter), detail, letter.covenant_id)
    return open_letter(office, signed, now)[0]


def _able(
    session: Session, view: CovenantView, year: int, sender: str, step: str, now: datetime
) -> tuple[list[str], list[tuple[str, Person]]]:
    """The senders who did not approve yet, and each of their directors."""
    waiting = missing(standing(session, view, year, sender, step).approvals)
    return waiting, [(slug, one) for slug in waiting for one in directors_of(view, slug, view.local_day(now))]


def _unasked(
    session: Session, view: CovenantView, letter: Letter | None, able: Iterable[tuple[str, Person]], now: datetime
) -> list[tuple[str, Person]]:
    """Those of them who were not asked today."""
    asks, today = letters.asks(session, letter) if letter is not None else (), view.local_day(now)
    known = {(one.party, one.person_id): one for one in asks}
    return [(slug, one) for slug, one in able if not _is_asked(known.get((slug, id_of(one))), view, today)]


def _is_asked(row: LetterAsk | None, view: CovenantView, today: date) -> bool:
    return row is not None and view.local_day(row.asked_at) >= today


def _put(
    session: Session,
    office: Office,
    view: CovenantView,
    letter: Letter,
    slug: str,
    person: Person,
    now: datetime,
    by: str,
) -> None:
    """The mail to one director, and the row that says they were asked; again only when somebody asks again."""
    asked = {(one.party, one.person_id): one for one in letters.asks(session, letter)}
    row = asked.get((slug, id_of(person)))
    row = row or LetterAsk(
        letter_id=id_of(letter), party=slug, person_id=id_of(person), name=person.name, asked_at=now, times=0
    )
    row.asked_by, row.asked_at, row.times = by, now, row.times + 1
    session.add(row)
    putting.put(session, _message(session, office, view, letter, slug, row, now), (), now)


def _message(
    session: Session, office: Office, view: CovenantView, letter: Letter, slug: str, asked: LetterAsk, now: datetime
) -> Message:
    person = session.get_one(Person, asked.person_id)
    sender, reply_to = sender_of([view.row.name], [view], office.settings)
    link = office.settings.web.base_url + approve_path(office, id_of(letter), person, view.local_day(now))
    fields = ApprovalFields(
        person_name=person.name,
        letter_title=_title(letter),
        party=view.party_names[slug] if len(letter.facts["senders"]) > 1 else "",
        covenant=view.row.name,
        link=link,
        is_again=asked.times > 1,
        base_url=office.settings.web.base_url,
        signature=view.row.signature or office.wording.say("signature.default"),
        phone=view.row.phone,
        reply_to=reply_to,
    )
    rendered = office.wording.render(APPROVAL.name, dict(fields))
    key = f"{APPROVAL.name}:{view.row.slug}:{letter.year}:{letter.id}:{slug}:{person.id}:{asked.times}"
    envelope = Envelope(key, Address(person.email, person.name), sender, reply_to, person.id, view.id)
    return outgoing(office, APPROVAL, rendered, envelope, now)


def _parties_of(session: Session, view: CovenantView, letter: Letter, person: int, today: date) -> list[str]:
    """The senders of a letter that somebody directs today."""
    row = letter_rows.step_of(session, view, letter.year, letter.step)
    asked = letter_rows.signers(session, view, row, letter.sender)
    return [slug for slug in asked if person in {one.id for one in directors_of(view, slug, today)}]


def _changes(
    session: Session, draft: LetterDraft | None, letter: Letter, parties: Collection[str]
) -> tuple[tuple[str, str, str], ...]:
    if draft is None or not draft.before:
        return ()
    return changes_for(draft.before, letter.facts | {FILES: brought_along(session, letter)}, parties)


def _title(letter: Letter) -> str:
    title = f"{letter.facts.get('subject') or letter_rows.FIRST_STEP.capitalize()} {letter.year}"
    return f"{title} van {whose_of(letter)}" if letter.sender else title


def _number(subject: str) -> int:
    part = subject.partition("-")[2]
    return int(part) if part.isdecimal() and len(part) < 10 else 0
