"""The proof of a letter as one file: what went out, who agreed, and what the mail server said, with an index."""

import io
import zipfile
from collections.abc import Mapping
from hashlib import sha256

from cycle.actions.letters.content import letter_rows
from cycle.actions.letters.content.letter_document import (
    READ,
    all_that_is_read,
    document_of,
    list_of,
    read_by_directors,
)
from cycle.actions.letters.dispatch.following_up import follow_up_lines, follow_up_prefix
from cycle.actions.letters.drafts.standing import Approval, LetterState, standing
from cycle.actions.office.covenant_view import CovenantView, view_of
from cycle.actions.office.office import Office
from cycle.domain.letters import Way
from cycle.domain.words import day_words
from cycle.domain.workdays import local_day
from cycle.errors import NotFound
from cycle.store import letters
from cycle.store.database import Session
from cycle.store.tables import Letter
from cycle.words import APPROVAL_WAYS

INDEX, LIST, LIST_SIGNED = "index.txt", "gelezen.sha256", "gelezen-met-getekende.sha256"
FIRST_ZIP_DAY = (1980, 1, 1, 0, 0, 0)
"""The moment of what lies in a zip: the same proof gives the same bytes."""
ALONG = (letter_rows.ENCLOSURE, letter_rows.ATTACHED, letter_rows.SIGNED, letter_rows.PAPER, letter_rows.PROOF)


def proof_zip(office: Office, covenant: str | None, year: int, sender: str = "", step: str = "") -> tuple[str, bytes]:
    """Name and bytes of the proof of a frozen letter.

    Raises NotFound for a draft.
    """
    with office.database.reading() as session:
        view = view_of(session, office.settings, covenant)
        name = letter_rows.name_of(session, view, year, sender, step)
        letter = letters.letter_of(session, name)
        if letter is None:
            raise NotFound(f"De brief van {year} is nog niet goedgekeurd.", "Bewijs is er zodra de brief vastligt.")
        files = _files(session, view, letter)
        state = standing(session, view, year, sender, step)
        after = tuple(one.words(view.settings.zone) for one in follow_up_lines(session, view, letter))
        files[INDEX] = _index(view, letter, state, after, files).encode()
    packed, folder = io.BytesIO(), "-".join(part for part in ("bewijs", name.step, str(year), sender) if part)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(f"{folder}/{file}", FIRST_ZIP_DAY), content, zipfile.ZIP_DEFLATED)
    return f"{folder}.zip", packed.getvalue()


def _files(session: Session, view: CovenantView, letter: Letter) -> dict[str, bytes]:
    """What was read, what went, all that was kept with it, and each mail as it is kept in the outbox."""
    read, read_bytes = read_by_directors(session, letter)
    went, went_bytes = document_of(session, letter)
    files = {f"{READ}/{read}": read_bytes, f"verstuurd/{went}": went_bytes}
    files |= {name: content for name, content in _lists(session, letter).items() if content}
    for kind in ALONG:
        files |= {f"{kind}/{one.name}": one.content for one in letters.files(session, letter, kind)}
    mails = [*letters.messages(session, letter), *letters.follow_ups(session, view.id, follow_up_prefix(view, letter))]
    return files | {f"mails/{one.id}.eml": one.body for one in mails if one.body}


def _lists(session: Session, letter: Letter) -> dict[str, bytes]:
    """The lists of what was read, by which an approval says what it is about: before it was signed, and after."""
    before = list_of(all_that_is_read(session, letter, with_signed=False))
    after = list_of(all_that_is_read(session, letter))
    return {LIST: before, LIST_SIGNED: after if after != before else b""}


def _index(
    view: CovenantView, letter: Letter, state: LetterState, after: tuple[str, ...], files: dict[str, bytes]
) -> str:
    """All of it in words: for who opens the file in ten years."""
    zone, names = view.settings.zone, view.party_names
    lines = [
        f"Bewijs van de brief: {letter.facts.get('subject') or letter_rows.FIRST_STEP} {letter.year}",
        view.row.name,
        f"Kenmerk: {letter.facts.get('reference') or 'geen'}",
        f"Vastgelegd op {day_words(local_day(letter.approved_at, zone))} door {letter.approved_by}.",
        f"Stand: {state.words}.",
        "",
        "Akkoord",
    ]
    lines += [f"- {names.get(one.party, one.party)}: {_said(one, view, files)}" for one in state.approvals]
    lines += ["", "Ontvangers", *(f"- {line}" for line in state.proof)]
    if letter.outside_on is not None:
        how = letter.outside_note or "zie het bewijs"
        lines.append(f"- buiten cycle om verstuurd op {day_words(letter.outside_on)}: {how}")
    if after:
        lines += ["", f"Later gemeld over het overleg: {letter.told_meeting}", *(f"- {line}" for line in after)]
    lines += ["", "Bestanden (met SHA-256)"]
    lines += [f"- {name}: {sha256(content).hexdigest()}" for name, content in sorted(files.items())]
    return "\n".join(lines) + "\n"


def _said(said: Approval, view: CovenantView, files: Mapping[str, bytes]) -> str:
    """Who approved, when, by which way, and of which bytes."""
    if said.at is None:
        return "nog geen akkoord"
    moment = f"{said.at.astimezone(view.settings.zone):%d-%m-%Y om %H.%M uur}"
    parts = [f"{said.by}, {moment}, {APPROVAL_WAYS[Way(said.way or Way.NOTED)]}"]
    parts += [f"genoteerd door {said.noted_by}"] if said.noted_by not in ("", said.by) else []
    lists = [name for name in (LIST, LIST_SIGNED) if name in files and sha256(files[name]).hexdigest() == said.digest]
    if lists:
        parts.append(f"over alle bestanden in {lists[0]} (SHA-256 van die lijst: {said.digest})")
    elif any(sha256(content).hexdigest() == said.digest for content in files.values()):
        parts.append(f"over het bestand met SHA-256 {said.digest}")
    elif said.digest:
        parts.append(f"over een andere lijst van bestanden, met SHA-256 {said.digest}")
    return "; ".join(parts)
