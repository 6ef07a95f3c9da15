"""Approval: the first freezes text, addressees and enclosures; each sender approves for itself, by name.

Until every sender did, nothing can be sent. An approval can be withdrawn until the first mail is made.
"""

from datetime import datetime
from pathlib import PurePath

from cycle.actions.letters.approval.letter_history import AGENDA, FILES, remembered
from cycle.actions.letters.content import letter_rows
from cycle.actions.letters.content.agenda import enclosure_files
from cycle.actions.letters.content.facts import organisations
from cycle.actions.letters.content.letter_document import brought_along, digest_of, file_name_of
from cycle.actions.letters.drafts.drafting import Drafted, draft_of
from cycle.actions.letters.drafts.signed_copy import refuse_strange_proof, refuse_unsafe
from cycle.actions.letters.drafts.standing import LetterState, missing, standing
from cycle.actions.office.covenant_view import CovenantView, view_of
from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.actions.office.versions import refuse_changed
from cycle.domain.letters import Way
from cycle.domain.words import joined
from cycle.errors import NotFound, Refused, Unreadable
from cycle.letter import TEMPLATE, render
from cycle.letter.facts import logos_of, stored
from cycle.store import letters
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.store.letters import LetterName
from cycle.store.tables import Letter, LetterAddressee, LetterApproval, LetterDraft, LetterFile

Proof = tuple[str, bytes]
"""A file: its name and its bytes."""
Frozen = tuple[Drafted, bytes, list[tuple[str, bytes]]]
"""A letter that is ready to be kept: its words, its PDF and its enclosures."""


def approve(
    office: Office,
    covenant: str | None,
    year: int,
    now: datetime,
    *,
    by: str,
    party: str = "",
    sender: str = "",
    step: str = "",
    version: str = "",
    name: str = "",
    scan: Proof | None = None,
) -> LetterState:
    """One sender approves, or (without a `party`) all who did not yet, under one name.

    `name` is who approved, when somebody else (`by`) writes it down, and `scan` the paper on which they did. It is
    never kept as the director's own act (`directors.decide` is).

    Raises Refused without a name, NotFound for a party that sends nothing, Changed for another text than was shown.
    """
    if not by:
        raise Refused("Een brief goedkeuren gaat op naam.", "Zeg wie goedkeurt, met --as MAILADRES.")
    if scan is not None:
        refuse_strange_proof(*scan)
    ready = prepared(office, covenant, year, now, sender, version, step)
    with office.database.writing() as session:
        view = view_of(session, office.settings, covenant)
        letter = frozen(session, view, ready, now, by, sender, version, step)
        state = standing(session, view, year, sender, step)
        parties = [one.party for one in state.approvals]
        if party and party not in parties:
            raise NotFound(f"{party!r} is geen afzender van deze brief.", f"Afzenders zijn: {', '.join(parties)}.")
        wanted = [one for one in missing(state.approvals) if party in ("", one)]
        if not wanted:
            names = joined(list(dict.fromkeys(one.by for one in state.approvals if party in ("", one.party))))
            return LetterState(
                year, state.state, f"was al goedgekeurd door {names}", state.proof, False, state.lines, state.approvals
            )
        for sender_party in wanted:
            _note_approval(session, letter, sender_party, name or by, by, scan, now)
            detail = f"namens {sender_party}" + (f", door {name}" if name else "")
            note(session, now, by, "brief goedgekeurd", letter_rows.about_letter(letter), detail, view.id)
        session.flush()
        return _approved(session, view, year, sender, step, name or by)


def _note_approval(
    session: Session, letter: Letter, party: str, who: str, by: str, scan: Proof | None, now: datetime
) -> None:
    """What the secretariat was told, or has on paper; it takes the place of a letter that was sent back."""
    known = next((one for one in letters.approvals(session, letter) if one.party == party), None)
    row = known or LetterApproval(letter_id=id_of(letter), party=party, by=who, at=now)
    row.by, row.at, row.digest, row.noted_by = who, now, digest_of(session, letter), by
    row.way, row.is_sent_back, row.remark = Way.PAPER if scan is not None else Way.NOTED, False, ""
    session.add(row)
    if scan is not None:
        suffix = PurePath(scan[0]).suffix.casefold()
        _add_files(session, letter, letter_rows.PAPER, [(f"akkoord-{party}{suffix}", scan[1])], by, now)


def upload_own(
    office: Office,
    covenant: str | None,
    year: int,
    name: str,
    content: bytes,
    now: datetime,
    *,
    by: str = "",
    sender: str = "",
    step: str = "",
) -> str:
    """Makes a file that was finished elsewhere (Word or PDF) the letter itself: directors read it, and it goes out.

    Raises Unreadable for another kind of file, Refused when the letter is frozen already.
    """
    suffix = PurePath(name).suffix.casefold()
    if suffix not in (".pdf", ".docx"):
        raise Unreadable(f"{name} is geen Word-bestand en geen PDF.", "Bewaar de brief als .docx of .pdf.")
    refuse_strange_proof(name, content)
    ready = prepared(office, covenant, year, now, sender, step=step)
    if ready[0].is_frozen:
        raise Refused(f"De brief van {year} ligt al vast.", "Maak er eerst weer een concept van.")
    with office.database.writing() as session:
        view = view_of(session, office.settings, covenant)
        letter = frozen(session, view, ready, now, by, sender, step=step)
        if letters.approvals(session, letter):
            raise Refused(f"De brief van {year} ligt al vast.", "Maak er eerst weer een concept van.")
        file = f"{file_name_of(letter)}{suffix}"
        _add_files(session, letter, letter_rows.OWN, [(file, content)], by, now)
        note(session, now, by, "eigen brief toegevoegd", letter_rows.about_letter(letter), name, view.id)
        return file


def withdraw(
    office: Office, covenant: str | None, year: int, now: datetime, *, by: str, sender: str = "", step: str = ""
) -> bool:
    """Makes a draft of an approved letter again: approvals and an uploaded PDF are gone. False when it was a draft.

    Raises Refused once a mail was made, or when it was sent without us.
    """
    with office.database.writing() as session:
        view = view_of(session, office.settings, covenant)
        letter_rows.locked_step(session, view, year, step)
        letter = letters.letter_of(session, letter_rows.name_of(session, view, year, sender, step), lock=True)
        if letter is None:
            return False
        refuse_sent(session, letter)
        _remember(session, letter, by, now)
        letters.make_draft_again(session, letter)
        note(session, now, by, "goedkeuring ingetrokken", letter_rows.about_letter(letter), "", view.id)
        return True


def _remember(session: Session, letter: Letter, by: str, now: datetime) -> None:
    """Keeps with the draft what was frozen and what was said of it: whoever is asked anew sees what changed."""
    name = letter_rows.name_of_letter(letter)
    draft = letters.draft_of(session, name, lock=True) or LetterDraft(**name._asdict(), changed_at=now)
    facts = letter.facts | {FILES: brought_along(session, letter)}
    draft.before = remembered(draft.before or {}, facts, letters.approvals(session, letter))
    draft.changed_by, draft.changed_at = by, now
    session.add(draft)


def upload_signed(
    office: Office,
    covenant: str | None,
    year: int,
    name: str,
    content: bytes,
    now: datetime,
    *,
    by: str = "",
    sender: str = "",
    step: str = "",
) -> str:
    """Puts a signed PDF in the place of the made one; returns its name. The made one stays kept.

    Raises Unreadable for what is no PDF of ours to send on (rule C14), Refused before approval or after sending.
    """
    refuse_unsafe(name, content)
    with office.database.writing() as session:
        view = view_of(session, office.settings, covenant)
        letter_rows.locked_step(session, view, year, step)
        letter = letters.letter_of(session, letter_rows.name_of(session, view, year, sender, step), lock=True)
        if letter is None:
            raise Refused(f"De brief van {year} is nog niet goedgekeurd.", "Keur hem eerst goed; zet dan de PDF erbij.")
        refuse_sent(session, letter)
        letters.remove_files(session, letter, letter_rows.SIGNED)
        file = f"{letter.step or letter_rows.FIRST_STEP}-{year}-getekend.pdf"
        session.add(
            LetterFile(
                letter_id=id_of(letter), kind=letter_rows.SIGNED, name=file, content=content, added_by=by, added_at=now
            )
        )
        note(session, now, by, "getekende brief toegevoegd", letter_rows.about_letter(letter), name, view.id)
        return file


def remove_signed(
    office: Office, covenant: str | None, year: int, now: datetime, *, by: str, sender: str = "", step: str = ""
) -> bool:
    """Takes the signed PDF away again; the made one goes out then. False when there was none."""
    with office.database.writing() as session:
        view = view_of(session, office.settings, covenant)
        letter_rows.locked_step(session, view, year, step)
        letter = letters.letter_of(session, letter_rows.name_of(session, view, year, sender, step), lock=True)
        if letter is None or not letters.files(session, letter, letter_rows.SIGNED):
            return False
        refuse_sent(session, letter)
        letters.remove_files(session, letter, letter_rows.SIGNED)
        note(session, now, by, "getekende brief weggehaald", letter_rows.about_letter(letter), "", view.id)
        return True


def prepared(
    office: Office, covenant: str | None, year: int, now: datetime, sender: str, version: str = "", step: str = ""
) -> Frozen:
    """A draft with everything that takes time, made before the transaction that keeps it.

    Raises Changed for another text than the page of this `version` showed, before any file is made of it.
    """
    drafted = draft_of(office, covenant, year, now, sender, step)
    if drafted.is_frozen:
        return drafted, b"", []
    with office.database.reading() as session:
        view = view_of(session, office.settings, covenant)
        name = letter_rows.name_of(session, view, year, sender, step)
        _refuse_unseen(session, name, version, letters.draft_of(session, name))
    pdf = render(drafted.facts, letter_rows.template_file(office, TEMPLATE))
    files = enclosures_made(drafted)
    return drafted, pdf, files


def enclosures_made(drafted: Drafted) -> list[Proof]:
    """What we make to go along with a draft: the draft agenda, where this letter has one."""
    facts = drafted.facts
    if not facts.enclosures:
        return []
    return enclosure_files(drafted.year, facts.covenant_name, [one.name for one in facts.senders], drafted.agenda)


def frozen(
    session: Session,
    view: CovenantView,
    ready: Frozen,
    now: datetime,
    by: str,
    sender: str,
    version: str = "",
    step: str = "",
) -> Letter:
    """The letter as a row: as it is, or as it was just prepared.

    Raises Changed for another text than the page of this `version` showed, or than was prepared.
    """
    drafted, pdf, files = ready
    letter_rows.locked_step(session, view, drafted.year, step)
    name = letter_rows.name_of(session, view, drafted.year, sender, step)
    known = letters.letter_of(session, name, lock=True)
    if known is not None:
        return known
    draft = letters.draft_of(session, name, lock=True)
    for seen in (version, drafted.version):
        _refuse_unseen(session, name, seen, draft)
    if not pdf:  # it was frozen when it was prepared, and somebody withdrew it since
        raise Refused("Iemand trok net de goedkeuring in.", "Bekijk de brief opnieuw.")
    letter = Letter(
        **name._asdict(),
        approved_by=by,
        approved_at=now,
        pdf=pdf,
        facts=stored(drafted.facts) | ({AGENDA: [list(row.cells) for row in drafted.agenda]} if files else {}),
    )
    session.add(letter)
    session.flush()
    _add_people(session, letter, drafted)
    _add_files(session, letter, letter_rows.ENCLOSURE, files, by, now)
    added = [(one.name, one.content) for one in letters.files_of_draft(session, draft)]
    _add_files(session, letter, letter_rows.ATTACHED, added, by, now)
    _add_files(session, letter, letters.LOGO, list(logos_of(drafted.facts).items()), by, now)
    return letter


def _add_people(session: Session, letter: Letter, drafted: Drafted) -> None:
    """To whom it goes, and who gets a copy."""
    people = [*((one, False) for one in drafted.addressees), *((one, True) for one in drafted.copies)]
    for (party, person), is_copy in people:
        session.add(
            LetterAddressee(
                letter_id=id_of(letter),
                party=party,
                person_id=person.person,
                name=person.name,
                email=person.email,
                is_copy=is_copy,
            )
        )
        session.flush()  # in this order: it is the order of the proof


def _refuse_unseen(session: Session, name: LetterName, version: str, draft: LetterDraft | None) -> None:
    refuse_changed(session, version, letter_rows.about(name), name.covenant_id, *((draft,) if draft else ()))


def refuse_sent(session: Session, letter: Letter) -> None:
    """Raises Refused for a letter that is on its way, sent, or sent without us."""
    if letter.outside_on is not None:
        raise Refused("Deze brief is buiten cycle om verstuurd.", "Maak dat eerst ongedaan.")
    if letters.messages(session, letter):
        raise Refused("Deze brief is al verstuurd; dat kan niet terug.", "Stuur zo nodig zelf een mail achterna.")


def _approved(session: Session, view: CovenantView, year: int, sender: str, step: str, by: str) -> LetterState:
    state = standing(session, view, year, sender, step)
    waiting = missing(state.approvals)
    if waiting:
        words = f"goedgekeurd door {by}; nog niet door {joined(organisations(view, waiting))}"
    else:
        names = joined(organisations(view, [line.party for line in state.lines]))
        words = f"goedgekeurd door {by}; hij gaat naar {names}"
    return LetterState(year, state.state, words, state.proof, True, state.lines, state.approvals)


def _add_files(
    session: Session, letter: Letter, kind: str, files: list[tuple[str, bytes]], by: str, now: datetime
) -> None:
    for name, content in files:
        session.add(
            LetterFile(letter_id=id_of(letter), kind=kind, name=name, content=content, added_by=by, added_at=now)
        )
        session.flush()
