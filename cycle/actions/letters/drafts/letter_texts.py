"""The texts of a letter at work: where they come from, and how a secretary changes them.

A letter begins with what was written for the year before, else with the standard texts. Fields stay fields, so that
"{jaar}" is each year the year itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from cycle.actions.letters.content import letter_rows
from cycle.actions.office.covenant_view import view_of
from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.actions.office.versions import refuse_changed
from cycle.domain.letters import kind_word
from cycle.domain.text import clean_line, clean_lines
from cycle.errors import Fault, Refused
from cycle.letter import unprintable
from cycle.letter.blocks import (
    MOST_BLOCKS,
    MOST_SIGNS,
    OWN,
    Written,
    as_kept,
    places,
    standard_texts,
    texts_from,
    unknown_fields,
)
from cycle.letter.filling import FIELDS
from cycle.store import letters
from cycle.store.database import Session
from cycle.store.letters import LetterName
from cycle.store.tables import LetterDraft


class Texts(NamedTuple):
    """The texts of a letter, the standard ones of its kind, and of which year they are where they were taken over."""

    written: tuple[Written, ...]
    standard: tuple[Written, ...]
    year: int | None

    @property
    def own(self) -> frozenset[str]:
        """The places whose text somebody wrote."""
        return frozenset(one.place for one in self.written if one.is_own)


def texts_of(session: Session, folder: Path, kind: str, name: LetterName, draft: LetterDraft | None) -> Texts:
    """The texts of a letter as they stand now."""
    standard = standard_texts(kind, folder)
    if draft is not None and draft.blocks:
        return Texts(texts_from(draft.blocks, standard), standard, None)
    return _begun_with(session, standard, name)


def save_texts(
    office: Office,
    covenant: str | None,
    year: int,
    written: Sequence[Written],
    now: datetime,
    *,
    by: str = "",
    sender: str = "",
    step: str = "",
    version: str = "",
) -> bool:
    """Keeps the texts of a letter, in their order; one that says what the standard text says is kept as such, and one
    without words is left out of the letter. False when nothing changed.

    Raises Refused for a letter that is approved, a text that is too long or cannot be printed, an unknown place or
    field; Changed when somebody else saved first.
    """
    folder = letter_rows.texts_folder(office)
    cleaned = [Written(one.place, clean_line(one.title), clean_lines(one.text), True) for one in written]
    with office.database.writing() as session:
        view = view_of(session, office.settings, covenant)
        row = letter_rows.locked_step(session, view, year, step)
        name = letter_rows.name_of(session, view, year, sender, step)
        kind = kind_word(name.step, row.title)
        _refuse_wrong_texts(cleaned, {one.name: one.label for one in places(kind, folder)})
        if letters.letter_of(session, name) is not None:
            raise Refused(f"De brief van {year} is al goedgekeurd.", "Trek eerst de goedkeuring in.")
        draft = letters.draft_of(session, name, lock=True)
        about = letter_rows.about(name)
        refuse_changed(session, version, about, view.id, *((draft,) if draft else ()))
        before = texts_of(session, folder, kind, name, draft)
        changed = _changed(before.written, cleaned)
        if not changed and [one.place for one in before.written] == [one.place for one in cleaned]:
            return False
        begun = _begun_with(session, before.standard, name)
        is_as_begun = [_words(one) for one in cleaned] == [_words(one) for one in begun.written]
        draft = draft or LetterDraft(**name._asdict(), changed_at=now)
        draft.blocks = [] if is_as_begun else as_kept(cleaned, before.standard)
        draft.changed_by, draft.changed_at = by, now
        session.add(draft)
        detail = ", ".join(_labels(office, kind, changed)) or "andere volgorde"
        note(session, now, by, "brieftekst gewijzigd", about, detail, view.id)
        return True


def faults_of_texts(texts: Mapping[str, str]) -> list[Fault]:
    """What is wrong with texts, by their place: signs that the letter cannot show, and fields that there are not."""
    return [fault for place, text in texts.items() for fault in _faults(place, text)]


def _faults(place: str, text: str) -> Iterable[Fault]:
    if signs := unprintable(text):
        what = f"De letter van de brief kent deze tekens niet: {' '.join(signs)}"
        yield Fault(place, what, "Schrijf de tekst zonder die tekens.")
    if unknown := unknown_fields(text, FIELDS):
        what = f"Dit veld bestaat niet: {{{unknown[0]}}}."
        yield Fault(place, what, "Kies een veld uit de lijst, of laat de accolades weg.")


def _begun_with(session: Session, standard: tuple[Written, ...], name: LetterName) -> Texts:
    """What a letter begins with: the texts of the last year that had own ones, else the standard ones."""
    last = letters.last_draft_before(session, name)
    if last is None:
        return Texts(standard, standard, None)
    return Texts(texts_from(last.blocks, standard), standard, last.year)


def _changed(before: Iterable[Written], after: Iterable[Written]) -> list[str]:
    """The places of which the words changed, came or went."""
    old, new = {one.place: _words(one) for one in before}, {one.place: _words(one) for one in after}
    return [place for place in dict.fromkeys([*new, *old]) if old.get(place) != new.get(place)]


def _words(text: Written) -> tuple[str, str, str]:
    return text.place, text.title, text.text


def _labels(office: Office, kind: str, changed: Iterable[str]) -> list[str]:
    labels = {one.name: one.label.lower() for one in places(kind, letter_rows.texts_folder(office))}
    return list(dict.fromkeys(labels.get(place, "eigen stuk") for place in changed))


def _refuse_wrong_texts(written: Sequence[Written], known: Mapping[str, str]) -> None:
    if len(written) > MOST_BLOCKS:
        raise Refused(f"De brief heeft meer dan {MOST_BLOCKS} stukken.", "Voeg stukken samen.")
    if len({one.place for one in written}) < len(written):
        raise Refused("Een stuk van de brief staat er twee keer.", "Open de pagina opnieuw.")
    for text in written:
        if text.place not in known and not text.place.startswith(f"{OWN}-"):
            raise Refused(f"De brief heeft geen tekst {text.place!r}.", f"Bekend zijn: {', '.join(known)}.")
        label = known.get(text.place) or text.title or "eigen stuk"
        if len(text.text) > MOST_SIGNS:
            raise Refused(f"De tekst “{label}” is te lang.", f"Gebruik hoogstens {MOST_SIGNS} tekens.")
        for fault in _faults(text.place, f"{text.title}\n{text.text}"):
            raise Refused(f"De tekst “{label}” kan zo niet in de brief. {fault.what}", fault.hint)
