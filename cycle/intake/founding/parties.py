"""One list of parties out of all the places where the documents of a table name them."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cycle.domain.model import PartyKind
from cycle.intake.founding.draft import DraftQuestion, GroupDraft, PartyDraft
from cycle.intake.founding.organisations import Organisation
from cycle.intake.founding.sightings import Sighting, Where

Key = tuple[str, ...]


@dataclass(slots=True)
class PartyNames:
    """A party while its names are gathered: as first written, every other way, and where it was first seen."""

    name: str
    short: str
    kind: PartyKind | None
    place: str
    where: Where
    others: list[str] = field(default_factory=list)

    @property
    def keys(self) -> set[Key]:
        """All that it is called, as words."""
        return {key_of(words) for words in (self.name, self.short, *self.others)}

    @property
    def called(self) -> set[Key]:
        """The names that it goes by: a tenants' organisation does not by that of the corporation or place it is of."""
        is_named_after = self.kind is PartyKind.TENANTS and not _is_initials(self.short)
        return {key_of(words) for words in (self.name, "" if is_named_after else self.short, *self.others)}

    def call(self, *names: str) -> None:
        """Takes up further names, each once."""
        for name in names:
            if name and key_of(name) != key_of(self.name) and key_of(name) not in map(key_of, self.others):
                self.others.append(name)

    def call_anew(self, written_out: Organisation) -> None:
        """Takes a name that is written out in place of a shortened one."""
        shortened = self.name
        self.name, self.short = written_out.name, written_out.short
        self.others = [one for one in self.others if key_of(one) != key_of(self.name)]
        self.call(shortened)


def parties_of(sightings: Iterable[Sighting]) -> tuple[tuple[PartyDraft, ...], tuple[DraftQuestion, ...]]:
    """The parties, municipality first, and what is in doubt about them."""
    gathered: list[PartyNames] = []
    questions: list[DraftQuestion] = []
    order = list(Where)
    for sighting in sorted(sightings, key=lambda one: order.index(one.where)):
        _take_in(sighting, gathered, questions)
    for party in gathered:
        party.kind = party.kind or _kind_among(party, gathered)
    questions += [_kind_question(party) for party in gathered if party.kind is None]
    known = [_with_kind(party) for party in gathered if party.kind is not None or party.where is not Where.LEAD]
    questions += _shared_names(known)
    ordered = sorted(known, key=lambda party: list(PartyKind).index(party.kind or PartyKind.CORPORATION))
    return tuple(_drafts(ordered)), tuple(dict.fromkeys(questions))


def groups_of(parties: Sequence[PartyDraft]) -> tuple[GroupDraft, ...]:
    """The sides of the table that have several parties, and everybody."""
    sides = (("corporaties", PartyKind.CORPORATION), ("huurdersorganisaties", PartyKind.TENANTS))
    members = {slug: tuple(party.slug for party in parties if party.kind is kind) for slug, kind in sides}
    groups = [GroupDraft(slug, slugs) for slug, slugs in members.items() if len(slugs) > 1]
    return (*groups, GroupDraft("partijen", tuple(party.slug for party in parties))) if parties else ()


def slug_of(name: str) -> str:
    """A name as a short one: small letters, figures and dashes."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    words = "-".join(re.findall(r"[a-z0-9]+", plain))
    return (
        words if len(words) <= _LONGEST_SLUG else words[: _LONGEST_SLUG + 1].rpartition("-")[0] or words[:_LONGEST_SLUG]
    )


def key_of(name: str) -> Key:
    """A name as its words."""
    return tuple(re.findall(r"[\w']+", name.casefold()))


def _take_in(sighting: Sighting, gathered: list[PartyNames], questions: list[DraftQuestion]) -> None:
    seen = sighting.organisation
    known = next((one for one in gathered if _is(one, seen)), None)
    if known is None and (known := _alike(gathered, sighting)):
        what = f"Is “{seen.name}” een andere naam voor {known.name}?"
        questions.append(DraftQuestion("parties", what, "Zo niet, maak er dan een eigen partij van.", sighting.place))
    if known is None:
        known = PartyNames(seen.name, seen.short, seen.kind, sighting.place, sighting.where)
        gathered.append(known)
    if _is_shortened(known.name) and not _is_shortened(seen.name) and not _is_initials(seen.name):
        known.call_anew(seen)
    known.call(
        seen.written, seen.name, seen.short if seen.kind is not PartyKind.TENANTS or _is_initials(seen.short) else ""
    )
    known.call(sighting.alias)


def _alike(gathered: Sequence[PartyNames], sighting: Sighting) -> PartyNames | None:
    """The party that a name is perhaps another name of: one that it resembles, or the only one that it begins."""
    seen = sighting.organisation
    if known := next((one for one in gathered if _resembles(one, seen)), None):
        return known
    begun = [one for one in gathered if _is_begun_by(one, seen)] if sighting.where is Where.LEAD else []
    return begun[0] if len(begun) == 1 else None


def _is_begun_by(known: PartyNames, seen: Organisation) -> bool:
    """Whether a name is the first words of a party's ("De Brink" for "De Brink Wonen")."""
    words = key_of(seen.short)
    is_of_kind = seen.kind in (None, known.kind) and known.kind not in (PartyKind.MUNICIPALITY, PartyKind.TENANTS)
    names = (key_of(name) for name in (known.name, known.short))
    return is_of_kind and any(len(words) < len(name) and name[: len(words)] == words for name in names)


def _is(known: PartyNames, seen: Organisation) -> bool:
    """Whether both are surely the same: one name, and no other kind; a tenants' organisation is often called after its
    corporation, so that the bare name is the corporation's."""
    if key_of(seen.name) in known.keys and seen.kind in (None, known.kind):
        is_alias = key_of(seen.name) in map(key_of, known.others)
        is_alike = seen.kind is known.kind or _is_initials(seen.short)
        return known.kind is not PartyKind.TENANTS or is_alias or is_alike
    if known.kind is None and seen.kind is PartyKind.TENANTS and not _is_initials(seen.short):
        return False
    return known.kind in (None, seen.kind) and key_of(seen.short) in known.keys


def _resembles(known: PartyNames, seen: Organisation) -> bool:
    if seen.kind not in (None, known.kind) and known.kind is not None:
        return False
    if known.kind is PartyKind.TENANTS and _begins_with_initials(seen.name):  # "BV De Brink": of which kind it says so
        return are_alike(known.name, seen.name)
    if (known.kind is PartyKind.TENANTS) != (seen.kind is PartyKind.TENANTS) and not _is_initials(seen.short):
        return False
    if known.kind is PartyKind.MUNICIPALITY and seen.kind is not PartyKind.MUNICIPALITY:
        return False
    return any(are_alike(one, seen.short) for one in (known.name, known.short, *known.others))


def are_alike(name: str, other: str) -> bool:
    """Whether one name looks like another way to write the other: initials, a shortened word, a slip of the pen."""
    words, others = key_of(name), key_of(other)
    if not words or not others or words == others:
        return words == others
    if _is_initials(other) or _is_initials(name):
        short, long = (other, words) if _is_initials(other) else (name, others)
        return _initials_fit(short.casefold(), long)
    fewer, more = sorted((words, others), key=len)
    if len(fewer) < len(more) and 1 < len(fewer[-1]) <= _SHORTENED:  # "Woongoed ZVL" for "Woongoed Zeeuws-Vlaanderen"
        more = (*more[: len(fewer) - 1], "".join(more[len(fewer) - 1 :]))
    return len(fewer) == len(more) and all(map(_is_word_like, fewer, more))


def _is_word_like(word: str, other: str) -> bool:
    if word == other:
        return True
    short, long = sorted((word, other), key=len)
    if short[:1] == long[:1] and len(short) <= _SHORTENED and _is_within(short, long):
        return True
    return len(short) > _SHORTENED and difflib.SequenceMatcher(None, word, other).ratio() >= _SLIP


def _initials_fit(initials: str, words: Key) -> bool:
    """ "wzv" for "Woongoed Zeeuws-Vlaanderen": each letter begins a word of it, in order."""
    return len(initials) > 1 and initials == "".join(word[0] for word in words)[: len(initials)]


def _is_within(letters: str, word: str) -> bool:
    rest = iter(word)
    return all(letter in rest for letter in letters)


def _is_shortened(name: str) -> bool:
    """Whether a name has a word that is only initials ("Woongoed ZVL")."""
    return " " in name and any(len(word) > 1 and word.isupper() for word in name.split())


def _begins_with_initials(name: str) -> bool:
    first, *rest = name.split()
    return bool(rest) and len(first) > 1 and _is_initials(first)


def _is_initials(name: str) -> bool:
    return name.isupper() and len(name) <= _LONGEST_INITIALS and " " not in name


def _kind_among(named: PartyNames, gathered: Iterable[PartyNames]) -> PartyKind | None:
    """That of a corporation, for a bare name after which a tenants' organisation is called."""
    is_namesake = any(one.kind is PartyKind.TENANTS and key_of(one.short) == key_of(named.short) for one in gathered)
    return PartyKind.CORPORATION if is_namesake else None


def _kind_question(named: PartyNames) -> DraftQuestion:
    if named.where is Where.LEAD:
        hint = "Noem de partij waarvoor deze naam staat, of voeg hem toe als eigen partij."
        return DraftQuestion(
            "parties", f"Wie is “{named.name}”? Deze naam staat alleen bij de trekkers.", hint, named.place
        )
    hint = "Kies gemeente, corporatie, huurders of een partner; zonder antwoord is het een corporatie."
    return DraftQuestion("parties", f"Wat voor partij is {named.name}?", hint, named.place)


def _shared_names(named: Sequence[PartyNames]) -> list[DraftQuestion]:
    """What two parties are called is the name of neither, unless it is the very name of one; that is asked."""
    questions = []
    for party in named:
        others = {key for one in named if one is not party for key in one.called}
        shared = [name for name in party.others if key_of(name) in others]
        party.others = [name for name in party.others if name not in shared]
        for name in shared:
            what = f"Wie is “{name}”? Zo heet {party.name}, en een andere partij ook."
            questions.append(DraftQuestion("parties", what, "Zet deze naam bij de partij die het is.", party.place))
    return questions


def _with_kind(named: PartyNames) -> PartyNames:
    """Who signs and is of no kind that shows is taken for a corporation, which is asked."""
    named.kind = named.kind or PartyKind.CORPORATION
    return named


def _drafts(named: Iterable[PartyNames]) -> Iterable[PartyDraft]:
    used: set[str] = set()
    for party in named:
        is_first = party.kind is PartyKind.MUNICIPALITY and "gemeente" not in used
        slug = wanted = "gemeente" if is_first else slug_of(party.name) or "partij"
        number = 2
        while slug in used:
            slug, number = f"{wanted}-{number}", number + 1
        used.add(slug)
        yield PartyDraft(slug, party.name, party.kind or PartyKind.CORPORATION, tuple(party.others), party.place)


_LONGEST_SLUG = 40
_SHORTENED, _SLIP, _LONGEST_INITIALS = 4, 0.84, 6
