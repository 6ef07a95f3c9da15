"""Letters: one row per covenant, year and sender (nobody in particular for a joint letter), and what hangs on it."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import extract
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from cycle.domain.model import LadderKind, State
from cycle.store.columns import columns
from cycle.store.outbox.labels import SENT
from cycle.store.tables import (
    Covenant,
    DeadlineRow,
    Letter,
    LetterAddressee,
    LetterApproval,
    LetterDraft,
    LetterFile,
    Message,
)


def letter_of(session: Session, covenant_id: int, year: int, sender: str = "", *, lock: bool = False) -> Letter | None:
    """The frozen letter, or None while it is a draft."""
    query = select(Letter).where(Letter.covenant_id == covenant_id, Letter.year == year, Letter.sender == sender)
    return session.exec(query.with_for_update() if lock else query).first()


def draft_of(
    session: Session, covenant_id: int, year: int, sender: str = "", *, lock: bool = False
) -> LetterDraft | None:
    """The texts that somebody wrote for this letter."""
    query = select(LetterDraft).where(
        LetterDraft.covenant_id == covenant_id, LetterDraft.year == year, LetterDraft.sender == sender
    )
    return session.exec(query.with_for_update() if lock else query).first()


def last_draft_before(session: Session, covenant_id: int, year: int, sender: str = "") -> LetterDraft | None:
    """The newest draft of an earlier year for which somebody wrote texts."""
    mine = LetterDraft.covenant_id == covenant_id, LetterDraft.sender == sender, LetterDraft.year < year
    drafts = session.exec(select(LetterDraft).where(*mine).order_by(col(LetterDraft.year).desc()))
    return next((one for one in drafts if one.blocks), None)


def addressees(session: Session, letter: Letter) -> Sequence[LetterAddressee]:
    """Who gets it, in the order of the parties."""
    mine = LetterAddressee.letter_id == letter.id
    return session.exec(select(LetterAddressee).where(mine).order_by(col(LetterAddressee.id))).all()


def messages(session: Session, letter: Letter) -> Sequence[Message]:
    """The mails of a letter, as far as they are made."""
    query = select(Message).join(LetterAddressee, col(LetterAddressee.message_id) == Message.id)
    return session.exec(query.where(LetterAddressee.letter_id == letter.id).order_by(col(Message.id))).all()


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
    for table in (LetterApproval, LetterFile, LetterAddressee):
        _remove(session, table, letter)
    session.delete(letter)


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
