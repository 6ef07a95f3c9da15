"""What a letter says, from its facts and its texts: the fields that a text may name, and the data of a template."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from cycle.domain.words import day_words, joined, weekday_words
from cycle.errors import CycleError
from cycle.letter.blocks import APART, Block, Written, filled, standard_texts, unknown_fields
from cycle.letter.facts import LetterFacts, LetterKind, bare_municipality, signed_by, years_words
from cycle.letter.letter_markup import TextPart, escaped, linked
from cycle.letter.standing_rows import by_theme

DATE_FOLLOWS = "**datum volgt**; u hoort apart van ons wanneer en waar het is"
"""What a letter says of a meeting whose day nobody has set: it cannot be missed."""
NEUTRAL = "Geacht college, geachte bestuursleden,"
NO_OFFER = "U krijgt van ons geen apart bod."
"""What an invitation says at a table whose corporations bring out no bod that year."""
MEETING_FIELDS = ("overleg", "overleg_wanneer", "overleg_dag", "overleg_online", "punten_voor")
MOST_ON_FRONT = 4
"""To so many addressees a letter has their addresses over it; of more, they stand on a list behind it."""
LIST_HEADS = ("Organisatie", "Ter attentie van", "Adres")

FIELDS = {
    "aanhef": "de aanhef, die volgt uit wie de brief krijgt",
    "gemeente": "de naam van de gemeente",
    "convenant": "de naam van de afspraken",
    "afzenders": "wie de brief sturen",
    "jaar": "het jaar van de brief",
    "vorig_jaar": "het jaar daarvoor, waarop u terugkijkt",
    "volgend_jaar": "het jaar daarna, waarover een bod gaat",
    "agenda": "de jaren van de nieuwe uitvoeringsagenda",
    "datum": "de dag van de brief",
    "kenmerk": "het kenmerk van de brief",
    "overleg": "hoe het overleg heet waarover de brief gaat",
    "overleg_wanneer": "dag, tijd, plaats en online adres van het overleg, of dat de datum volgt",
    "overleg_dag": "alleen de dag van het overleg; leeg zolang er geen datum is",
    "overleg_online": "het adres om online mee te doen; leeg als dat er niet is",
    "punten_voor": "tot en met welke dag u punten ontvangt; leeg zolang het overleg geen datum heeft",
    "voorzet": "hoe de voorzet heet die meegaat",
    "geen_bod": "de zin dat er geen apart bod komt; leeg als de corporaties dit jaar wel een bod uitbrengen",
    "bijlagen": "hoe de bijlagen heten die u zelf bij de brief zette",
    "stand": "de woorden ‘stand van de afspraken’, als die bijlage meegaat",
    "stand_op": "de dag waarvan die stand is",
    "kalender": "de woorden ‘kalender van …’, als die bijlage meegaat",
    "antwoordadres": "het mailadres voor vragen",
    "telefoon": "het telefoonnummer voor vragen",
    "contactpersoon": "de contactpersoon van de afzender",
    "namens": "de regel namens wie er wordt getekend: ‘namens’ en de afzenders",
}
"""What a text may name between braces, and what that is."""


@dataclass(frozen=True, slots=True)
class LetterSection:
    """One text of the letter as it is printed: a heading, perhaps, and its parts."""

    title: str
    parts: tuple[TextPart, ...]


def with_blocks(facts: LetterFacts, folder: Path, own: Sequence[Written] | None = None) -> LetterFacts:
    """The facts with their texts: those that somebody wrote, else the standard ones of a folder of templates.

    Raises CycleError for standard texts that cannot be read or name an unknown field.
    """
    texts = own if own is not None else standard_texts(facts.kind, folder)
    fields = fields_of(facts)
    for text in texts:
        unknown = unknown_fields(f"{text.title} {text.text}", FIELDS)
        if unknown and not text.is_own:
            hint = f"Bekend zijn: {', '.join(FIELDS)}."
            raise CycleError(f"De teksten van de brief noemen een onbekend veld: {{{unknown[0]}}}.", hint)
    return replace(facts, blocks=filled(texts, fields)[0])


def fields_of(facts: LetterFacts) -> dict[str, str]:
    """The values of the fields, as markup in which they are plain text; empty is what nobody knows yet."""
    senders = joined([sender.name for sender in facts.senders])
    values = {
        "aanhef": facts.salutation or NEUTRAL,
        "gemeente": bare_municipality(facts.municipality),
        "convenant": facts.covenant_name,
        "afzenders": senders,
        "jaar": str(facts.year),
        "vorig_jaar": str(facts.year - 1),
        "volgend_jaar": str(facts.year + 1),
        "agenda": years_words(*facts.agenda_years),
        "datum": day_words(facts.letter_date),
        "kenmerk": facts.reference,
        "overleg": facts.meeting_name or "voorjaarsoverleg",
        "punten_voor": weekday_words(facts.points_by) if facts.points_by else "",
        "voorzet": joined(list(facts.enclosures)),
        "geen_bod": "" if facts.has_offer else NO_OFFER,
        "bijlagen": joined([f"‘{name}’" for name in facts.attached]),
        "stand": standing_words(facts),
        "stand_op": day_words(facts.standing_on or facts.letter_date),
        "kalender": calendar_words(facts),
        "telefoon": facts.contact.phone or facts.phone,
        "contactpersoon": facts.contact.name,
        "namens": f"namens {senders}",
    }
    reply_to = facts.contact.email or facts.reply_to
    day = f"**{linked(facts.spring_meeting)}**" if facts.spring_meeting else ""
    online = f"[{escaped(facts.meeting_online)}](<{facts.meeting_online}>)" if facts.meeting_online else ""
    return {name: escaped(value) for name, value in values.items()} | {
        "overleg_wanneer": (f"{day}, online via {online}" if day and online else day) or DATE_FOLLOWS,
        "overleg_dag": escaped(facts.meeting_day),
        "overleg_online": online,
        "antwoordadres": f"[{escaped(reply_to)}](mailto:{reply_to})" if reply_to else "",
    }


def offered(facts: LetterFacts) -> dict[str, str]:
    """The fields that this letter can fill, and what each is: none about an annex that does not go along with it, nor
    about a meeting of which it does not speak."""
    is_invitation = facts.kind == LetterKind.INVITATION
    meets = is_invitation or bool(facts.meeting_name or facts.spring_meeting)
    there = {"stand": bool(facts.standing), "stand_op": bool(facts.standing), "kalender": bool(facts.steps)}
    there |= {"voorzet": bool(facts.enclosures), "geen_bod": is_invitation} | dict.fromkeys(MEETING_FIELDS, meets)
    return {name: words for name, words in FIELDS.items() if there.get(name, True)}


def sections(blocks: Sequence[Block]) -> list[LetterSection]:
    """The texts of the letter itself, in their order; what is empty is left out, with its heading."""
    body = [LetterSection(one.title, one.parts) for one in blocks if one.place not in APART]
    return [one for one in body if one.parts]


def block_of(blocks: Sequence[Block], place: str) -> Block:
    """The text at a place; an empty one where there is none."""
    return next((one for one in blocks if one.place == place), Block(place, "", ""))


def annexes(facts: LetterFacts) -> list[str]:
    """What goes along, in the order in which it is named: the two that are bound with the letter, then the files."""
    bound = [calendar_words(facts), standing_words(facts)]
    return [*(name for name in bound if name), *facts.enclosures, *facts.attached]


def calendar_words(facts: LetterFacts) -> str:
    """How the letter calls its calendar, if it has one."""
    return f"kalender van {facts.year}" if facts.steps else ""


def standing_words(facts: LetterFacts) -> str:
    """How the letter calls its overview of the agreements, if it has one."""
    return "stand van de afspraken" if facts.standing else ""


def data_of(facts: LetterFacts, folder: Path) -> dict[str, Any]:
    """The facts as a template reads them: text, numbers, lists and yes or no, and nothing that has to be worked out."""
    whole = facts if facts.blocks else with_blocks(facts, folder)
    subject = "".join(part.text for part in block_of(whole.blocks, "onderwerp").parts) or facts.subject
    return {
        "title": subject or facts.covenant_name,
        "kind": facts.kind,
        "municipality": bare_municipality(facts.municipality),
        "covenant_name": facts.covenant_name,
        "year": facts.year,
        "letter_date": [facts.letter_date.year, facts.letter_date.month, facts.letter_date.day],
        "date_words": f"{facts.place}, {day_words(facts.letter_date)}" if facts.place else day_words(facts.letter_date),
        "reference": facts.reference,
        "accent": accent_of(facts),
        "senders": [_sender(one.name, asdict(one.head)) for one in facts.senders],
        "head": _sender("", asdict(facts.head)),
        "addressees": [_lines_of(asdict(one)) for one in facts.addressees],
        "front": _on_front(facts),
        "mailing_list": {"title": "Verzendlijst", "heads": LIST_HEADS, "rows": mailing_list(facts)},
        "copies": [_one_line(asdict(one)) for one in facts.copies],
        "contact": [line for line in asdict(facts.contact).values() if line],
        "annexes": annexes(facts),
        "sections": [_section(one.title, one.parts) for one in sections(whole.blocks)],
        "signatories": [asdict(one) for one in signed_by(facts)],
        "source_note": facts.source_note,
        "calendar": _annex(whole, "kalender", f"Bijlage: kalender van {facts.year}")
        | {"rows": [[one.title, one.when_words, one.who_words] for one in facts.steps]},
        "standing": _annex(whole, "stand", "Bijlage: stand van de afspraken")
        | {
            "themes": [
                {"name": name, "rows": [standing_cells(asdict(row)) for row in rows]}
                for name, rows in by_theme(facts.standing)
            ]
        },
    }


def accent_of(facts: LetterFacts) -> str:
    """The colour of the letter: that of the house style it is written in."""
    return facts.head.accent if has_own_head(facts) or len(facts.senders) > 1 else facts.senders[0].head.accent


def has_own_head(facts: LetterFacts) -> bool:
    """Whether a joint letter has a house style of its own; else each sender's is shown."""
    return bool(facts.head.logo or facts.head.visiting or facts.head.postal)


def standing_cells(row: dict[str, Any]) -> dict[str, Any]:
    """The cells of the overview: number, topic with its lead, how it stands line by line, the light and who gave it."""
    return {name: row[name] for name in ("number", "topic", "leads", "lines", "light", "said")}


def beside(things: int) -> int:
    """How many logos or names stand side by side: at most three, and four in two rows."""
    return 2 if things == 4 else min(things, 3)


def mailing_list(facts: LetterFacts) -> list[list[str]]:
    """The list behind a letter with many addressees, in the cells of `LIST_HEADS`; none where the front holds all."""
    if len(facts.addressees) <= MOST_ON_FRONT:
        return []
    return [_listed(asdict(one)) for one in facts.addressees]


def _on_front(facts: LetterFacts) -> list[list[str]]:
    """To whom the letter is, over it: the lines of each address, or where to find them."""
    if mailing_list(facts):
        return [["Aan: zie de verzendlijst", "op de laatste bladzijde"]]
    return [_lines_of(asdict(one)) for one in facts.addressees]


def _sender(name: str, head: dict[str, Any]) -> dict[str, Any]:
    details = [", ".join(head["visiting"]), ", ".join(head["postal"]), head["phone"], head["web"]]
    return {"name": name, "details": [line for line in details if line]}


def _lines_of(addressee: dict[str, Any]) -> list[str]:
    """The address as on an envelope."""
    person = _person(addressee)
    attention = f"t.a.v. {person}" if person else ""
    lines = (addressee["organisation"], addressee["body"], attention, *addressee["postal"])
    return [line for line in lines if line]


def _listed(addressee: dict[str, Any]) -> list[str]:
    attention = ", ".join(part for part in (addressee["body"], _person(addressee)) if part)
    return [addressee["organisation"], attention, ", ".join(addressee["postal"])]


def _person(addressee: dict[str, Any]) -> str:
    return ", ".join(part for part in (addressee["attention"], addressee["function"]) if part)


def _one_line(addressee: dict[str, Any]) -> str:
    return ", ".join(
        part for part in (addressee["attention"], addressee["function"], addressee["organisation"]) if part
    )


def _annex(facts: LetterFacts, place: str, title: str) -> dict[str, Any]:
    block = block_of(facts.blocks, place)
    return _section(block.title or title, block.parts)


def _section(title: str, parts: Sequence[TextPart]) -> dict[str, Any]:
    return {"title": title, "parts": [asdict(part) for part in parts]}
