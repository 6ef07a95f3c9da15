"""From a file to a document: the one door of this room."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from cycle.domain.dutch import Reference
from cycle.domain.model import Conventions, Group, Party
from cycle.errors import Fault
from cycle.intake import outside
from cycle.intake.cards import with_cards_as_rows
from cycle.intake.document import DocumentRow, ReadDocument
from cycle.intake.document_facts import Facts, facts_of, first_year, year_of_rows
from cycle.intake.drafts import DraftRow, Drafts
from cycle.intake.formats import blocks_of
from cycle.intake.leads import Names, names_of
from cycle.intake.left_over import in_order
from cycle.intake.phrases import PhraseReader
from cycle.intake.raw import Block
from cycle.intake.rows import drafts_of
from cycle.intake.stock import stock_left, stock_tables
from cycle.intake.table_columns import NOTHING_SAID, Said
from cycle.intake.table_heads import with_titles


def read_document(
    path: Path,
    *,
    parties: Sequence[Party],
    groups: Sequence[Group],
    conventions: Conventions,
    on: Reference | None = None,
) -> ReadDocument:
    """Read a document of any known format; `Unreadable` if that cannot be done at all.

    Dates without a year are read from the signing of the document, in the agenda from its first year. `on` is used
    where the document names no year itself; without that such dates are doubtful.
    """
    names = names_of(tuple(parties), tuple(groups))
    return document_of(blocks_of(path, names), path.name, names, conventions, on)


def document_of(
    blocks: Sequence[Block],
    file: str,
    names: Names,
    conventions: Conventions,
    on: Reference | None = None,
    said: Said = NOTHING_SAID,
    today: date | None = None,
) -> ReadDocument:
    """The document that a list of blocks amounts to; `said` is what a person said that columns are.

    `today` is the day of reading: where nothing says the year, this and the next are offered beside the question.
    """
    blocks = list(with_titles(list(with_cards_as_rows(blocks)), names))
    drafts = drafts_of(blocks, names, agenda=outside.names_agenda(file), said=said)
    facts = facts_of(blocks, drafts)
    stock, wrong_sums = stock_tables(drafts.stock)
    problems = [*drafts.problems, *_nothing_found(drafts, file), *wrong_sums]
    start, assumed = _reference(facts, drafts, file, on), year_of_rows(drafts)
    reader = PhraseReader(start, facts.signed_on, conventions, assumed, today)
    agenda_year = first_year(file, drafts, facts.title)
    agenda_reader = replace(reader, on=Reference(agenda_year) if agenda_year else reader.on)
    return ReadDocument(
        file=file,
        agreements=_rows(drafts.agreements, names, reader, problems),
        agenda=_rows(drafts.agenda, names, agenda_reader, problems),
        unnumbered=_rows(drafts.unnumbered, names, reader, problems),
        stock=stock,
        title=facts.title,
        signed_on=facts.signed_on,
        term_start=facts.term_start,
        term_end=facts.term_end,
        agenda_year=agenda_year if drafts.agenda else None,
        problems=tuple(problems),
        columns=tuple(drafts.columns),
        themes=drafts.themes,
        unused=in_order([*drafts.unused, *stock_left(drafts.stock)], stock, names),
    )


def _reference(facts: Facts, drafts: Drafts, file: str, on: Reference | None) -> Reference | None:
    """The moment from which the framework speaks: the day of signing, else the year in which its term begins."""
    if facts.signed_on:
        return Reference(facts.signed_on.year, facts.signed_on.month, facts.signed_on.day)
    if facts.term_start:
        return Reference(facts.term_start.year)
    year = first_year(file, drafts, facts.title)
    return on or (Reference(year) if year else None)


def _rows(
    drafts: Sequence[DraftRow], names: Names, reader: PhraseReader, problems: list[Fault]
) -> tuple[DocumentRow, ...]:
    return tuple(_row(draft, names, reader, problems) for draft in drafts)


def _row(draft: DraftRow, names: Names, reader: PhraseReader, problems: list[Fault]) -> DocumentRow:
    leads, unknown = names.resolve(draft.trekker)
    reader = replace(reader, on=Reference(draft.year)) if draft.year else reader
    problems += [Fault(draft.source, fault.what, fault.hint) for fault in unknown]
    return DocumentRow(
        number=draft.number,
        topic=draft.topic,
        text=draft.text,
        trekker=draft.trekker,
        date_phrase=draft.date_phrase,
        leads=leads,
        phrases=reader.phrases_of(draft),
        source=draft.source,
        theme=draft.theme,
    )


def _nothing_found(drafts: Drafts, file: str) -> list[Fault]:
    if drafts.agreements or drafts.agenda or drafts.unnumbered:
        return []
    hint = "Zet boven de kolommen: Nr., Onderwerp, Afspraak en Trekker; en eventueel Datum."
    return [Fault(file, "Er zijn geen afspraken in gevonden.", hint)]
