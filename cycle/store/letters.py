"""Letters: one row per covenant, year, step and sender (nobody in particular for a joint one), and what hangs on it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import extract
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from cycle.domain.letters import JOINT
from cycle.domain.model import LadderKind, State
from cycle.store.columns import columns
from cycle.store.outbox.labels import FOLLOW_UP, SENT
from cycle.store.tables import (
    ActionRow,
    Covenant,
    DeadlineRow,
    Letter,
    LetterAddressee,
    LetterApproval,
    LetterAsk,
    LetterDraft,
    LetterDraftFile,
    LetterFile,
    LetterheadRow,
    Message,
)

LOGO = "logo"
"""The kind of file that is a picture in the letter itself; its name is whose it is ("" for all senders together)."""


class LetterName(NamedTuple):
    """Which letter: of a covenant's step in a year, joint or of one sender."""

    covenant_id: int
    year: int
    step: str
    sender: str = ""


class SentBack(NamedTuple):
    """A letter that somebody sent back for a sender, which waits for the secretariat."""

    name: LetterName
    party: str
    by: str
    at: datetime
    remark: str


def sent_back(session: Session, covenant_ids: Collection[int]) -> list[SentBack]:
    """What stands sent back in some covenants, the oldest first; nothing of a letter that is a draft again."""
    named = Letter.covenant_id, Letter.year, Letter.step, Letter.sender
    said = LetterApproval.party, LetterApproval.by, LetterApproval.at, LetterApproval.remark
    query = columns(*named, *said).join(Letter, col(Letter.id) == LetterApproval.letter_id)
    mine = col(Letter.covenant_id).in_(covenant_ids), col(Letter.outside_on).is_(None)
    stands = (*mine, col(LetterApproval.is_sent_back).is_(True))
    rows = session.exec(query.where(*stands).order_by(LetterApproval.at, LetterApproval.id))
    return [SentBack(LetterName(*row[:4]), *row[4:]) for row in rows]


def letter_of(session: Session, name: LetterName, *, lock: bool = False) -> Letter | None:
    """The frozen letter, or None while it is a draft."""
    query = select(Letter).where(*_named(Letter, name))
    return session.exec(query.with_for_update() if lock else query).first()


def begun(session: Session, name: LetterName) -> list[str]:
    """Whose letters of this step and year are frozen, by sender; whose the name itself is makes no difference."""
    mine = [where for where in _named(Letter, name) if where.left.key != "sender"]
    return [sender for (sender,) in session.exec(columns(Letter.sender).where(*mine).order_by(col(Letter.sender)))]


def under_way(session: Session, covenant_ids: Collection[int]) -> Sequence[Letter]:
    """Letters of some covenants that are frozen and did not go: no mail of them was made, and nobody sent them."""
    made = select(LetterAddressee.id).where(
        LetterAddressee.letter_id == Letter.id, col(LetterAddressee.message_id).is_not(None)
    )
    mine = col(Letter.covenant_id).in_(covenant_ids), col(Letter.outside_on).is_(None), ~made.exists()
    query = select(Letter).where(*mine).order_by(col(Letter.approved_at), col(Letter.id))
    return session.exec(query.options(defer(Letter.pdf))).all()  # type: ignore[arg-type]


def letter_by_id(session: Session, letter_id: int, *, lock: bool = False) -> Letter | None:
    """A frozen letter by its number; None for one that is a draft again."""
    return session.get(Letter, letter_id, with_for_update=lock or None)


def draft_of(session: Session, name: LetterName, *, lock: bool = False) -> LetterDraft | None:
    """What somebody wrote for this letter."""
    query = select(LetterDraft).where(*_named(LetterDraft, name))
    return session.exec(query.with_for_update() if lock else query).first()


def last_draft_before(session: Session, name: LetterName) -> LetterDraft | None:
    """The newest draft of an earlier year of this letter for which somebody wrote texts; for who sends an own letter
    for the first time that of the joint one, of this year too."""
    others = name._replace(sender=JOINT)
    query = select(LetterDraft).where(*_but_the_year(name), LetterDraft.year < name.year)
    of_all = select(LetterDraft).where(*_but_the_year(others), LetterDraft.year <= name.year)
    for asked in (query, of_all) if name.sender else (query,):
        rows = session.exec(asked.order_by(col(LetterDraft.year).desc()))
        if (draft := next((one for one in rows if one.blocks), None)) is not None:
            return draft
    return None


def _but_the_year(name: LetterName) -> list[Any]:
    return [where for where in _named(LetterDraft, name) if where.left.key != "year"]


def letterheads(session: Session, covenant_id: int, *, lock: bool = False) -> dict[str, LetterheadRow]:
    """The house styles of a covenant by party; that of a joint letter by ""."""
    query = select(LetterheadRow).where(LetterheadRow.covenant_id == covenant_id)
    return {row.party: row for row in session.exec(query.with_for_update() if lock else query)}


def references(session: Session, covenant_id: int, sender: str) -> set[str]:
    """The references that letters of a sender have, and joint ones, in which it may have part; all for a joint one."""
    query = columns(Letter.facts).where(col(Letter.covenant_id) == covenant_id)
    query = query.where(col(Letter.sender).in_(("", sender))) if sender else query
    return {str(facts.get("reference", "")) for (facts,) in session.exec(query)} - {""}


def logos(session: Session, letter: Letter) -> dict[str, bytes]:
    """The pictures that a frozen letter has, by whose they are."""
    return {one.name: one.content for one in files(session, letter, LOGO)}


def asks(session: Session, letter: Letter) -> Sequence[LetterAsk]:
    """Who was asked to approve it, in that order."""
    return session.exec(select(LetterAsk).where(LetterAsk.letter_id == letter.id).order_by(col(LetterAsk.id))).all()


def addressees(session: Session, letter: Letter) -> Sequence[LetterAddressee]:
    """Who gets it, in the order of the parties."""
    mine = LetterAddressee.letter_id == letter.id
    return session.exec(select(LetterAddressee).where(mine).order_by(col(LetterAddressee.id))).all()


def messages(session: Session, letter: Letter) -> Sequence[Message]:
    """The mails of a letter, as far as they are made."""
    query = select(Message).join(LetterAddressee, col(LetterAddressee.message_id) == Message.id)
    return session.exec(query.where(LetterAddressee.letter_id == letter.id).order_by(col(Message.id))).all()


def follow_ups(session: Session, covenant_id: int, prefix: str) -> Sequence[Message]:
    """The mails that followed a letter, which the `prefix` of their keys tells from those of another."""
    mine = Message.covenant_id == covenant_id, Message.kind == FOLLOW_UP
    rows = session.exec(select(Message).where(*mine).order_by(col(Message.id)))
    return [one for one in rows if one.key.startswith(prefix)]


def approvals(session: Session, letter: Letter) -> Sequence[LetterApproval]:
    """Who approved it, in that order."""
    mine = LetterApproval.letter_id == letter.id
    return session.exec(select(LetterApproval).where(mine).order_by(col(LetterApproval.id))).all()


def files(session: Session, letter: Letter, *kinds: str) -> Sequence[LetterFile]:
    """The files of a letter, of some kinds."""
    query = select(LetterFile).where(LetterFile.letter_id == letter.id, col(LetterFile.kind).in_(kinds))
    return session.exec(query.order_by(col(LetterFile.id))).all()


def remove_files(session: Session, letter: Letter, kind: str) -> None:
    """Takes the files of one kind away."""
    _remove(session, LetterFile, letter, col(LetterFile.kind) == kind)


def make_draft_again(session: Session, letter: Letter) -> None:
    """Takes away all that freezing a letter made."""
    for table in (LetterApproval, LetterAsk, LetterFile, LetterAddressee):
        _remove(session, table, letter)
    session.delete(letter)


def files_of_draft(session: Session, draft: LetterDraft | None) -> Sequence[LetterDraftFile]:
    """The files that somebody added to a letter before it is frozen, in that order."""
    if draft is None:
        return ()
    mine = LetterDraftFile.draft_id == draft.id
    return session.exec(select(LetterDraftFile).where(mine).order_by(col(LetterDraftFile.id))).all()


def names_of_draft(session: Session, draft: LetterDraft | None) -> list[str]:
    """Their names, without reading what is in them."""
    if draft is None:
        return []
    query = columns(LetterDraftFile.name).where(col(LetterDraftFile.draft_id) == draft.id)
    return [name for (name,) in session.exec(query.order_by(col(LetterDraftFile.id)))]


def _named(table: Any, name: LetterName) -> list[Any]:
    return [col(getattr(table, column)) == value for column, value in name._asdict().items()]


def _remove(session: Session, table: Any, letter: Letter, *where: Any) -> None:
    """Row by row, so that it is told what went; the contents of files are not read for it."""
    query = select(table).where(col(table.letter_id) == letter.id, *where)
    if table is LetterFile:
        query = query.options(defer(LetterFile.content))  # type: ignore[arg-type]
    for row in session.exec(query):
        session.delete(row)
    session.flush()  # before another takes its place


def sent_with_open_step(session: Session) -> list[tuple[int, int, int]]:
    """Letters, their step's deadline and covenant, as far as that is still open and a mail of the letter was sent."""
    return [(letter, deadline, covenant) for letter, deadline, covenant in session.exec(_sent_with_open_step())]


@cache
def _sent_with_open_step() -> Any:
    """Put together once: it is asked at every round of the clock."""
    return (
        columns(Letter.id, DeadlineRow.id, Letter.covenant_id)
        .join(DeadlineRow, col(DeadlineRow.covenant_id) == Letter.covenant_id)
        .join(ActionRow, (col(ActionRow.id) == DeadlineRow.action_id) & (col(ActionRow.step_name) == Letter.step))
        .join(LetterAddressee, col(LetterAddressee.letter_id) == Letter.id)
        .join(Message, col(Message.id) == LetterAddressee.message_id)
        .join(Covenant, col(Covenant.id) == Letter.covenant_id)
        .where(
            col(Covenant.archived_at).is_(None),
            col(DeadlineRow.kind) == LadderKind.LETTER,
            col(DeadlineRow.state) == State.OPEN,
            extract("year", col(DeadlineRow.due)) == Letter.year,
            col(Message.state) == SENT,
        )
        .distinct()
    )
