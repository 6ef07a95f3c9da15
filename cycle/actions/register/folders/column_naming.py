"""What a column of a document is, as the secretariat says it: kept for the covenant, and never guessed again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.intake import ReadDocument
from cycle.intake.table_columns import SAYABLE, Said, heading_key, said_columns
from cycle.store import column_words, covenants
from cycle.store.database import Session

ABOUT = "register"


@dataclass(frozen=True, slots=True)
class NamedColumn:
    """A column of a document with what it was read as, and what somebody said that it is ("" when nobody did)."""

    key: str
    heading: str
    places: tuple[str, ...]
    meaning: str
    said: str


def kept_columns(session: Session, covenant_id: int) -> dict[str, str]:
    """What columns are for a covenant, as a reading takes it. A word that means nothing (any more) is as not said."""
    words = column_words.of_covenant(session, covenant_id)
    return {heading: SAYABLE[word] for heading, word in words.items() if word in SAYABLE}


def columns_of(document: ReadDocument, words: Mapping[str, str]) -> list[NamedColumn]:
    """The columns of a document by heading, in its order; `words` is what the covenant keeps."""
    by_key: dict[str, NamedColumn] = {}
    for column in document.columns:
        key = heading_key(column.heading)
        known = by_key.get(key)
        if key and (known is None or column.meaning not in known.meaning.split(" of ")):
            places = (*(known.places if known else ()), column.place)
            meaning = f"{known.meaning} of {column.meaning}" if known else column.meaning
            by_key[key] = NamedColumn(key, column.heading, places, meaning, words.get(key, ""))
    return list(by_key.values())


def name_columns(office: Office, covenant_id: int, words: Mapping[str, str], now: datetime, by: str) -> bool:
    """Keeps what columns are by heading ("termijn"; "" for not said any more); says whether that is anything new.

    Raises CycleError for a word that is no kind of column.
    """
    said_columns([f"{heading}={word}" for heading, word in words.items() if word])
    with office.database.writing() as session:
        covenants.lock(session, covenant_id)
        changed = keep_said(session, covenant_id, words)
        if changed:
            named = ", ".join(f"“{heading}” is {word or 'niet meer gezegd'}" for heading, word in words.items())
            note(session, now, by, "kolommen benoemd", ABOUT, named, covenant_id)
    return changed


def keep_said(session: Session, covenant_id: int, words: Mapping[str, str]) -> bool:
    """The same within a transaction that says so itself."""
    by_key = {heading_key(heading): word.casefold() or None for heading, word in words.items()}
    return column_words.keep(session, covenant_id, {key: word for key, word in by_key.items() if key})


def as_words(said: Said) -> dict[str, str]:
    """What columns are, in the words that a person says; by heading only, for a place is another thing elsewhere."""
    words = {name: word for word, name in SAYABLE.items()}
    return {heading: words[name] for heading, name in said.items() if not heading.isdecimal()}
