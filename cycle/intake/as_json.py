"""A document as the lists and dictionaries of `cycle import --check --json` (design section 5)."""

from datetime import date
from typing import Any

from cycle.domain.model import Reading
from cycle.intake.document import DocumentRow, Phrase, ReadDocument, StockTable
from cycle.intake.founding.draft import CovenantDraft, PartyDraft


def document_as_json(document: ReadDocument) -> dict[str, Any]:
    """One document: its rows and stock tables. Dates are ISO, what is absent is `None`."""
    return {
        "file": document.file,
        "agreements": [_row(row) for row in document.agreements],
        "agenda": [_row(row) for row in document.agenda],
        "unnumbered": [_row(row) for row in document.unnumbered],
        "stock": [_stock(table) for table in document.stock],
        "columns": [{"place": one.place, "heading": one.heading, "meaning": one.meaning} for one in document.columns],
        "themes": [{"theme": one.theme, "name": one.name, "place": one.source} for one in document.themes],
        "unused": [{"place": one.place, "text": one.text, "why": one.why} for one in document.unused],
    }


def draft_as_json(draft: CovenantDraft) -> dict[str, Any]:
    """The draft of a covenant in the shape of `cycle new --check --json` (design section 5)."""
    facts = ("slug", "name", "municipality", "signed_on", "term_start", "term_end", "renews")
    return {name: _plain(getattr(draft, name)) for name in facts} | {
        "parties": [_party(party) for party in draft.parties],
        "groups": [{"slug": one.slug, "members": list(one.members)} for one in draft.groups],
        "steps": [{"name": one.name, "title": one.title, "source": list(one.source)} for one in draft.steps],
    }


def _party(party: PartyDraft) -> dict[str, Any]:
    return {"slug": party.slug, "name": party.name, "kind": party.kind, "aliases": list(party.aliases)}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def reading_as_json(phrase: Phrase) -> dict[str, Any]:
    """A phrase and its readings, the chosen one first (three at most)."""
    reading = phrase.reading
    return {
        "phrase": phrase.text,
        **_dates(reading),
        "doubtful": reading.doubtful,
        "readings": [{**_dates(one), "reason": one.reason} for one in (reading, *reading.others)[:3]],
        "reason": reading.reason,
    }


def _row(row: DocumentRow) -> dict[str, Any]:
    return {
        "number": row.number,
        "topic": row.topic,
        "text": row.text,
        "trekker": row.trekker,
        "date_phrase": row.date_phrase,
        "leads": list(row.leads),
        "phrases": [reading_as_json(phrase) for phrase in row.phrases],
        "source": row.source,
    }


def _dates(reading: Reading) -> dict[str, Any]:
    return {
        "kind": reading.kind,
        "window_start": reading.window_start.isoformat() if reading.window_start else None,
        "due": reading.due.isoformat() if reading.due else None,
        "per_year": reading.per_year,
    }


def _stock(table: StockTable) -> dict[str, Any]:
    return {
        "owner": table.owner,
        "title": table.title,
        "lines": [
            {"kind": line.kind, "label": line.label, "figures": {str(year): n for year, n in line.figures.items()}}
            for line in table.lines
        ],
        "realised": table.is_realised,
        "sums_checked": table.sums_checked,
        "source": table.source,
    }
