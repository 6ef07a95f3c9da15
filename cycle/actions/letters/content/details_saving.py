"""Keeping what one letter says otherwise than usual: its date, addressees, signatories and the rest of its details."""

from collections.abc import Mapping
from datetime import datetime

from cycle.actions.letters.content import letter_rows
from cycle.actions.letters.content.facts import gather_facts
from cycle.actions.letters.style.details import LetterDetails, own_details, usual_details
from cycle.actions.office.covenant_view import view_of
from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.actions.office.versions import refuse_changed
from cycle.errors import Fault, Refused
from cycle.letter import unprintable
from cycle.store import letters
from cycle.store.tables import LetterDraft

CALLED = {
    "letter_date": "datum",
    "points_by": "tot wanneer punten",
    "place": "plaats",
    "reference": "kenmerk",
    "salutation": "aanhef",
    "contact": "contactpersoon van de brief",
    "reply_to": "antwoordadres",
    "addressees": "geadresseerden",
    "signatories": "ondertekenaars",
    "mail_to": "wie de mail krijgt",
    "copies": "kopie aan",
}


def save_details(
    office: Office,
    covenant: str | None,
    year: int,
    wish: LetterDetails,
    now: datetime,
    *,
    by: str = "",
    sender: str = "",
    step: str = "",
    version: str = "",
) -> bool:
    """Keeps the details as far as they are otherwise than usual. False when nothing changed.

    Raises Refused for a letter that is approved, Changed when somebody else saved first.
    """
    with office.database.writing() as session:
        view = view_of(session, office.settings, covenant)
        row = letter_rows.locked_step(session, view, year, step)
        name = letter_rows.name_of(session, view, year, sender, step)
        if letters.letter_of(session, name) is not None:
            raise Refused(f"De brief van {year} is al goedgekeurd.", "Maak er eerst weer een concept van.")
        draft = letters.draft_of(session, name, lock=True)
        refuse_changed(session, version, letter_rows.about(name), view.id, *((draft,) if draft else ()))
        facts, people, _warnings = gather_facts(session, view, year, view.local_day(now), sender, name.step)
        parties = letter_rows.parties_of(session, view, row, sender, people)
        own_before = draft.details if draft else {}
        own = own_details(usual_details(session, view, name, parties, facts), wish, own_before)
        if own == own_before:
            return False
        draft = draft or LetterDraft(**name._asdict(), changed_at=now)
        draft.details, draft.changed_by, draft.changed_at = own, by, now
        session.add(draft)
        said = ", ".join(words for field, words in CALLED.items() if field in own) or "weer als gewoonlijk"
        note(session, now, by, "briefgegevens gewijzigd", letter_rows.about(name), said, view.id)
        return True


def faults_of_words(words: Mapping[str, str]) -> list[Fault]:
    """What is wrong with texts by their field: signs that the letter cannot show."""
    strange = {field: unprintable(text) for field, text in words.items()}
    hint = "Schrijf het zonder die tekens."
    return [
        Fault(field, f"De letter van de brief kent deze tekens niet: {' '.join(signs)}", hint)
        for field, signs in strange.items()
        if signs
    ]
