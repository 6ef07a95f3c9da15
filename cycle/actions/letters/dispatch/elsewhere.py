"""A letter that went without us, by post or from somebody's own mailbox: registered with its date and proof."""

from datetime import date, datetime

from cycle.actions.letters.approval.letter_approval import Proof, frozen, prepared, refuse_sent
from cycle.actions.letters.content import letter_rows
from cycle.actions.letters.dispatch.sent_letters import reopen_step, settle_step
from cycle.actions.letters.drafts.signed_copy import refuse_strange_proof
from cycle.actions.letters.drafts.standing import LetterStage, LetterState, standing
from cycle.actions.office.covenant_view import view_of
from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.domain.days import LOOK_BACK
from cycle.domain.letters import strange_day_of_sending
from cycle.domain.words import day_words
from cycle.errors import Refused
from cycle.store import letters
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.store.tables import Letter, LetterFile


def sent_elsewhere(
    office: Office,
    covenant: str | None,
    year: int,
    day: date,
    now: datetime,
    *,
    by: str = "",
    words: str = "",
    proof: Proof | None = None,
    sender: str = "",
    step: str = "",
    sure: bool = False,
) -> LetterState:
    """Notes that the letter was sent on a day, with a sentence or a file as proof. Its step is done.

    A day to come, of before its year or of long ago is asked about: it has to be `sure`. Raises Refused without proof,
    for such a day, or when our own mails are under way; Unreadable for a strange file.
    """
    if not words.strip() and proof is None:
        raise Refused("Er is geen bewijs.", "Schrijf in één zin hoe de brief is verstuurd, of voeg een bestand toe.")
    if proof is not None:
        refuse_strange_proof(*proof)
    ready = prepared(office, covenant, year, now, sender, step=step)
    with office.database.writing() as session:
        view = view_of(session, office.settings, covenant)
        if (strange := strange_day_of_sending(year, day, view.local_day(now))) and not sure:
            raise Refused(strange, "Klopt dat? Zeg het erbij, of vul een andere dag in.")
        LOOK_BACK.around(view.local_day(now)).refuse(day)
        row = letter_rows.locked_step(session, view, year, step)
        letter = frozen(session, view, ready, now, by, sender, step=step)
        refuse_sent(session, letter)
        letter.outside_on, letter.outside_by, letter.outside_note = day, by, words.strip()
        session.add(letter)
        _keep_proof(session, letter, proof, by, now)
        detail = f"op {day_words(day)}" + (f": {words.strip()}" if words.strip() else "")
        note(session, now, by, "brief buiten cycle om verstuurd", letter_rows.about_letter(letter), detail, view.id)
        settle_step(session, row, letter, now, by, f"brief verstuurd op {day_words(day)}, buiten cycle om")
        session.flush()
        state = standing(session, view, year, sender, step)
        return LetterState(year, LetterStage.OUTSIDE, state.words, state.proof, True, state.lines, state.approvals)


def undo_elsewhere(
    office: Office, covenant: str | None, year: int, now: datetime, *, by: str, sender: str = "", step: str = ""
) -> bool:
    """Takes it back: the letter is to be sent again, and its step is as it was. False when there was nothing to do.

    A letter that nobody had approved is a draft again, so that its words follow the facts.
    """
    with office.database.writing() as session:
        view = view_of(session, office.settings, covenant)
        row = letter_rows.locked_step(session, view, year, step)
        letter = letters.letter_of(session, letter_rows.name_of(session, view, year, sender, step), lock=True)
        if letter is None or letter.outside_on is None:
            return False
        if letters.approvals(session, letter):
            letter.outside_on, letter.outside_by, letter.outside_note = None, "", ""
            session.add(letter)
            _keep_proof(session, letter, None, by, now)
        else:
            letters.make_draft_again(session, letter)
        note(session, now, by, "toch niet verstuurd", letter_rows.about_letter(letter), "", view.id)
        reopen_step(session, view, row, letter, now, by, "brief toch niet verstuurd")
        return True


def _keep_proof(session: Session, letter: Letter, proof: Proof | None, by: str, now: datetime) -> None:
    """In the place of any earlier proof."""
    letters.remove_files(session, letter, letter_rows.PROOF)
    if proof is not None:
        name, content = proof
        session.add(
            LetterFile(
                letter_id=id_of(letter),
                kind=letter_rows.PROOF,
                name=name[-120:],
                content=content,
                added_by=by,
                added_at=now,
            )
        )
        session.flush()
