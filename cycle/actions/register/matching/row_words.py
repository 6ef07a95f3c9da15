"""What a reading-in did to an agreement, and what stands in the way of putting it back, in words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from cycle.actions.register.matching.comparing import FIELDS, said_in_a_line
from cycle.domain.words import VIA, day_words, joined
from cycle.store.database import Session
from cycle.store.happened import PastChange
from cycle.store.tables import ActionRow, DeadlineRow, ReadingRow
from cycle.store.taking_back import row_of

ERASED = "hier stond iemand die gewist is"
What = tuple[str, str, str]
"""What differs: its name, what it was, what it became."""


def what_words(
    session: Session, changes: Iterable[PastChange], number: tuple[str, str], names: Mapping[str, str]
) -> tuple[What, ...]:
    """What a reading-in did to one agreement, as it was done then."""
    what: list[What] = [("nummer", *number)] if number[0] else []
    for change in changes:
        if change.is_erased:
            what.append(("gewist", "", ERASED))
        elif change.subject == "agreement":
            what += _agreement_words(change, names)
        elif change.subject == "action":
            what += _action_words(change, row_of(session, change))
        elif change.subject == "reading":
            what += _reading_words(change, row_of(session, change))
    return tuple(dict.fromkeys(what))


def _agreement_words(change: PastChange, names: Mapping[str, str]) -> Iterator[What]:
    if not change.old:
        yield ("nieuw", "", str(change.new.get("agenda_text") or change.new.get("text") or change.new.get("topic", "")))
        return
    for name, label in FIELDS.items():
        if name in change.new and change.old.get(name) != change.new[name]:
            yield (label, _plain(change.old.get(name), names), _plain(change.new[name], names))


def _plain(value: Any, names: Mapping[str, str]) -> str:
    return ", ".join(names.get(one, one) for one in value) if isinstance(value, list) else str(value or "")


def _action_words(change: PastChange, row: ActionRow | None) -> Iterator[What]:
    """Of a further action; what an agreement asks by itself has no words of its own here."""
    values = row.model_dump() if row is not None else {}
    old, new = ({**values, **side} for side in (change.old, change.new))
    if not (new.get("position") or old.get("position")):
        return
    before, after = _says(old), _says(new)
    if not change.old:
        yield ("actie erbij", "", after)
    elif new.get("is_asked") is False and old.get("is_asked"):
        yield ("actie weg", before, "")
    elif before != after or new.get("is_asked") != old.get("is_asked"):
        yield ("actie", before, after)


def _says(values: Mapping[str, Any]) -> str:
    """An action in a line, as it was then."""
    first = values.get("text") or values.get("topic")
    return said_in_a_line(*(str(one or "") for one in (first, values.get("trekker"), values.get("date_phrase"))))


def _reading_words(change: PastChange, row: ReadingRow | None) -> Iterator[What]:
    values = {"phrase": row.phrase, "due": row.due} if row is not None else {}
    if change.old and change.new.get("confirmed_by"):
        yield ("besluit", "", change.text or _phrase({**values, **change.new}))
        return
    before = _phrase({**values, **change.old}) if change.old else ""
    after = _phrase({**values, **change.new}) if change.new else ""
    if before != after:
        yield ("termijn", before, after)


def _phrase(values: Mapping[str, Any]) -> str:
    due = values.get("due")
    day = date.fromisoformat(due) if isinstance(due, str) else due
    return f"“{values.get('phrase', '')}”{f' (uiterlijk {day_words(day)})' if day else ''}"


def built_words(change: PastChange, day: date) -> str:
    """What was done since, by whom and on which day: "Jan liet op 4 maart 2027 weten hoe het staat"."""
    name = change.new.get("name") if change.subject == "answer" else ""
    who = str(name or "") or change.who or change.by.partition(VIA)[0]
    return _DEEDS.get(change.subject, _OTHERWISE).format(who=who, day=day_words(day))


_OTHERWISE = "{who} wijzigde dit op {day} nog een keer"
_DEEDS = {
    "answer": "{who} liet op {day} weten hoe het staat",
    "part": "{who} handelde het op {day} af",
    "deadline": "{who} verplaatste het op {day}",
    "meeting": "{who} plande het op {day} als overleg",
    "meeting_decision": "{who} schreef er op {day} een besluit over op",
    "membership_agreement": "{who} benoemde er op {day} iemand voor",
    "indicator": "er hangen sinds {day} cijfers aan",
}


def told_words(row: DeadlineRow, people: Sequence[str], was: Mapping[str, Any] | None) -> str:
    """What becomes of what people were mailed about. `was` is what differed in the deadline before, None where it was
    not there."""
    who = joined(list(dict.fromkeys(people)))
    verb = "kreeg" if len(set(people)) == 1 else "kregen"
    told = f"{who} {verb} al een mail over “{row.title}”."
    if was is None:
        return f"{told} Die termijn vervalt: hij gaat uit de agenda's, en er komt geen mail meer over."
    if was.get("due"):
        return f"{told} In de volgende mail staat dat de dag weer {day_words(date.fromisoformat(was['due']))} is."
    return f"{told} De volgende mail heeft weer de woorden van daarvoor."
