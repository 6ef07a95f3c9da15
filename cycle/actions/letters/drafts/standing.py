"""How far a letter is: who approved it, what the mail server said per addressee, and what is to do next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from cycle.actions.letters.content import letter_rows
from cycle.actions.letters.content.facts import letter_rows_of
from cycle.actions.office.covenant_view import CovenantView, view_of
from cycle.actions.office.office import Office
from cycle.domain.model import MailState, State
from cycle.domain.words import day_words, joined
from cycle.domain.workdays import local_day
from cycle.errors import NotFound
from cycle.store import deadlines, letters
from cycle.store.database import Session
from cycle.store.outbox import labels
from cycle.store.tables import Letter, LetterApproval, Message
from cycle.store.zone import local
from cycle.words import MAIL_STATES

NOT_SENT = "nog niet verstuurd"
OUTSIDE_WORDS = f"{MAIL_STATES[MailState.SENT]} buiten cycle om"


class LetterStage(StrEnum):
    """How far a letter is."""

    DRAFT = "draft"
    APPROVING = "approving"
    APPROVED = "approved"
    SENDING = "sending"
    SENT = "sent"
    OUTSIDE = "outside"


STAGES = {
    LetterStage.SENDING: MAIL_STATES[MailState.SENDING].capitalize(),
    LetterStage.SENT: MAIL_STATES[MailState.SENT].capitalize(),
    LetterStage.OUTSIDE: OUTSIDE_WORDS.capitalize(),
}
"""Where a letter is once it is on its way."""
IN_HAND = {
    LetterStage.DRAFT: MAIL_STATES[MailState.DRAFT].capitalize(),
    LetterStage.APPROVING: "Nog goed te keuren",
    LetterStage.APPROVED: "Goedgekeurd",
}
"""And where it is before that."""


@dataclass(frozen=True, slots=True)
class ProofLine:
    """One addressee: the mail and what became of it. `message` is its number in the outbox, if it was made."""

    party: str
    name: str
    email: str
    message: int | None = None
    message_id: str = ""
    state: MailState | None = None
    sent_at: datetime | None = None
    answer: str = ""

    @property
    def stands(self) -> str:
        """ "Verstuurd", "Niet bezorgd", or "Nog niet verstuurd" while no mail was made."""
        return (MAIL_STATES[self.state] if self.state else NOT_SENT).capitalize()

    def words(self, zone: ZoneInfo) -> str:
        """ "gemeente: wonen@terneuzen.example, verstuurd op 2 maart 2027 (<…>) 250 Ok" """
        if self.state is None:
            return f"{self.party}: {self.email}, {NOT_SENT}"
        if self.sent_at is None:
            return f"{self.party}: {self.email}, {MAIL_STATES[self.state]} {self.answer}".rstrip()
        day = day_words(local_day(self.sent_at, zone))
        return f"{self.party}: {self.email}, {MAIL_STATES[self.state]} op {day} ({self.message_id}) {self.answer}"


@dataclass(frozen=True, slots=True)
class Approval:
    """One sender, and who approved for them, if anybody did: `at` is when. Who sent it back did not.

    `way` is a word of `domain.letters.Way`, `noted_by` who wrote down what somebody else said.
    """

    party: str
    by: str = ""
    at: datetime | None = None
    way: str = ""
    digest: str = ""
    noted_by: str = ""
    sent_back_at: datetime | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class LetterState:
    """How far the letter of a year is: `proof` has a line per addressee. `changed` says whether this action did it.

    `note` is how it was sent without us.
    """

    year: int
    state: LetterStage
    words: str
    proof: tuple[str, ...] = ()
    changed: bool = True
    lines: tuple[ProofLine, ...] = ()
    approvals: tuple[Approval, ...] = ()
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        """How far it is, who approved and what became of each mail; moments by ISO."""
        return {
            "year": self.year,
            "state": self.state,
            "words": self.words,
            "note": self.note,
            "approvals": [
                {"party": one.party, "by": one.by or None, "at": _iso(one.at), "way": one.way or None}
                for one in self.approvals
            ],
            "addressees": [
                {
                    "party": one.party,
                    "name": one.name,
                    "email": one.email,
                    "state": one.state,
                    "sent_at": _iso(one.sent_at),
                    "answer": one.answer or None,
                }
                for one in self.lines
            ],
        }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def state_of(office: Office, covenant: str | None, year: int, sender: str = "", step: str = "") -> LetterState:
    """How far the letter is, with the proof per addressee."""
    with office.database.reading() as session:
        view = view_of(session, office.settings, covenant)
        return standing(session, view, year, sender, step)


def senders_of(office: Office, covenant: str | None, year: int, step: str = "") -> list[str]:
    """Whose letters there are this year: nobody's in particular ("") for a joint one, else of each corporation.

    Raises NotFound for a year without a letter.
    """
    with office.database.reading() as session:
        view = view_of(session, office.settings, covenant)
        row = letter_rows.step_of(session, view, year, step)
        return letter_rows.senders(session, view, row)


def letter_steps(office: Office, covenant: str | None, year: int) -> tuple[tuple[str, str], ...]:
    """The letters of a year in order: the name of the step of each, and what it is called.

    Raises NotFound for a year without a letter.
    """
    with office.database.reading() as session:
        view = view_of(session, office.settings, covenant)
        letter_rows.step_of(session, view, year)  # refuses a year without
        rows = letter_rows_of(session, view.id, year)
        return tuple({name: row.title for row, name in rows}.items())


def letter_years(office: Office, covenant: str | None, today: date) -> tuple[int, tuple[int, ...]]:
    """The year whose letter is the next to send, and every year that has one. A letter that is settled is history.

    Raises NotFound when no year has one.
    """
    with office.database.reading() as session:
        view = view_of(session, office.settings, covenant)
        steps = deadlines.rows_of_letters(session, view.id)
        years = sorted({row.due.year for row in steps if row.due is not None})
        coming = [row.due.year for row in steps if row.due and (row.due >= today or row.state == State.OPEN)]
    if not years:
        raise NotFound("Deze afspraken kennen geen uitnodigingsbrief.", "De stappen van het jaar staan in config.toml.")
    return (coming[0] if coming else years[-1]), tuple(years)


def standing(session: Session, view: CovenantView, year: int, sender: str, step: str = "") -> LetterState:
    """The same, in the transaction of the caller."""
    letter = letters.letter_of(session, letter_rows.name_of(session, view, year, sender, step))
    asked = letter_rows.signers(session, view, letter_rows.step_of(session, view, year, step), sender)
    if letter is None:
        return LetterState(
            year, LetterStage.DRAFT, "nog niet goedgekeurd", approvals=tuple(Approval(party) for party in asked)
        )
    given = {one.party: _approval(one) for one in letters.approvals(session, letter)}
    signed = tuple(given.get(party, Approval(party)) for party in asked)
    lines = proof_lines(session, letter)
    state, words = _state(view, letter, lines, signed)
    proof = tuple(line.words(view.settings.zone) for line in lines)
    return LetterState(year, state, words, proof, lines=lines, approvals=signed, note=letter.outside_note)


def _approval(row: LetterApproval) -> Approval:
    at, back = (None, row.at) if row.is_sent_back else (row.at, None)
    return Approval(row.party, row.by, at, row.way, row.digest, row.noted_by, back, row.remark)


def proof_lines(session: Session, letter: Letter) -> tuple[ProofLine, ...]:
    """A line per addressee: who, when, and what the server said."""
    mails = {message.id: message for message in letters.messages(session, letter)}
    return tuple(
        proof_line(session, one.party, one.name, one.email, mails.get(one.message_id))
        for one in letters.addressees(session, letter)
    )


def proof_line(session: Session, party: str, name: str, email: str, mail: Message | None) -> ProofLine:
    """Somebody, and what became of their mail, if it was made."""
    if mail is None:
        return ProofLine(party, name, email)
    sent_at = local(session, mail.sent_at) if mail.sent_at else None
    return ProofLine(party, name, email, mail.id, mail.message_id, mail.state, sent_at, mail.last_answer)


def missing(approvals: Sequence[Approval]) -> list[str]:
    """The senders who did not approve yet, by slug."""
    return [one.party for one in approvals if one.at is None]


def letter_files(
    office: Office, covenant: str | None, year: int, sender: str = "", step: str = ""
) -> tuple[tuple[str, str, str, datetime], ...]:
    """The files kept with a letter: kind, name, who added it and when."""
    with office.database.reading() as session:
        view = view_of(session, office.settings, covenant)
        letter = letters.letter_of(session, letter_rows.name_of(session, view, year, sender, step))
        if letter is None:
            return ()
        files = letters.files(session, letter, *letter_rows.SHOWN)
        return tuple((one.kind, one.name, one.added_by, one.added_at) for one in files)


def file_content(
    office: Office, covenant: str | None, year: int, sender: str, kind: str, name: str, step: str = ""
) -> bytes:
    """One of these files. Raises NotFound."""
    with office.database.reading() as session:
        view = view_of(session, office.settings, covenant)
        letter = letters.letter_of(session, letter_rows.name_of(session, view, year, sender, step))
        for file in letters.files(session, letter, kind) if letter is not None else ():
            if file.name == name:
                return file.content
    raise NotFound("Dit bestand is er niet.", "Kijk op de pagina van de brief welke bestanden er zijn.")


def _state(
    view: CovenantView, letter: Letter, lines: Sequence[ProofLine], approvals: Sequence[Approval]
) -> tuple[LetterStage, str]:
    names = view.party_names
    if letter.outside_on is not None:
        return LetterStage.OUTSIDE, f"{OUTSIDE_WORDS}, op {day_words(letter.outside_on)}"
    if any(line.message is not None for line in lines):
        is_sent = all(line.state == labels.SENT for line in lines)
        return (
            (LetterStage.SENT, MAIL_STATES[MailState.SENT])
            if is_sent
            else (LetterStage.SENDING, MAIL_STATES[MailState.SENDING])
        )
    waiting = missing(approvals)
    if waiting:
        return LetterStage.APPROVING, f"nog goed te keuren door {joined([names[party] for party in waiting])}"
    return LetterStage.APPROVED, f"goedgekeurd door {joined(list(dict.fromkeys(one.by for one in approvals)))}"
