"""A document as the lists and dictionaries of `cycle import --check --json` (design section 5)."""

from typing import Any

from cycle.domain.model import Reading
from cycle.intake.document import DocumentRow, Phrase, ReadDocument, StockTable


def document_as_json(document: ReadDocument) -> dict[str, Any]:
    """One document: its rows and stock tables. Dates are ISO, what is absent is `None`."""
    return {
        "file": document.file,
        "agreements": [_row(row) for row in document.agreements],
        "agenda": [_row(row) for row in document.agenda],
        "unnumbered": [_row(row) for row in document.unnumbered],
        "stock": [_stock(table) for table in document.stock],
        "columns": [{"place": one.place, "heading": one.heading, "meaning": one.meaning} for one in document.columns],
        "unused": [{"place": one.place, "text": one.text, "why": one.why} for one in document.unused],
    }


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
        "sums_checked": table.sums_checked,
        "source": table.source,
    }
