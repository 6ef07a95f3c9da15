"""Intake: from the document that the table has to rows, deadlines, stock figures and doubts.

Every format becomes the same blocks (`raw.py`); `rows.py` finds the rows in them, `leads.py` and `phrases.py` say what
their cells mean, `matching.py` pairs framework and agenda. Nothing here stores, mails or knows what day it is.

  path ─ formats ─┬─ tabbed, pipes, separated, wrapped ────────────┬─ numbered ─ rows ─ drafts ─ file_reading ─ document
                  └─ limits ─ child ─ pdf, word, odt, spreadsheet ─┘
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cycle.intake.as_json import document_as_json, reading_as_json
    from cycle.intake.document import DocumentRow, Phrase, ReadDocument, StockLine, StockTable
    from cycle.intake.file_reading import read_document
    from cycle.intake.leads import resolve_leads
    from cycle.intake.matching import Match, match

__all__ = [
    "DocumentRow",
    "Match",
    "Phrase",
    "ReadDocument",
    "StockLine",
    "StockTable",
    "document_as_json",
    "match",
    "read_document",
    "reading_as_json",
    "resolve_leads",
]

_HOMES = {
    "as_json": ("document_as_json", "reading_as_json"),
    "document": ("DocumentRow", "Phrase", "ReadDocument", "StockLine", "StockTable"),
    "leads": ("resolve_leads",),
    "matching": ("Match", "match"),
    "file_reading": ("read_document",),
}


def __getattr__(name: str) -> object:
    """Imported when asked for, so that the child process that parses one file starts without the grammar."""
    for module, names in _HOMES.items():
        if name in names:
            value: object = getattr(import_module(f"{__name__}.{module}"), name)
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
