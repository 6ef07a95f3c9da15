"""Which of the agreements that were read is which of those that are known: by what they say, with the number as one
sign of it (law L3).

The same words are the same agreement, whatever number they have now. Of the rest the most alike go together, and what
is not sure enough is a question to a person.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class NameAndText:
    """What one text calls an agreement, and says of it."""

    topic: str = ""
    text: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.topic or self.text)


@dataclass(frozen=True, slots=True)
class Described:
    """An agreement as one side has it: its number, and what framework and agenda say of it (empty: not this side)."""

    number: str
    framework: NameAndText = NameAndText()
    agenda: NameAndText = NameAndText()


@dataclass(frozen=True, slots=True)
class Pairing:
    """Places of what was read beside places of what is known. Of an unsure pair a person must say whether it is one.

    `split` and `joined` say, without pairing them, what seems to have become of the rest: (part, whole) in places of
    what was read and of what was known; (known, read) for what was joined into another.
    """

    sure: dict[int, int] = field(default_factory=dict)
    unsure: dict[int, int] = field(default_factory=dict)
    split: tuple[tuple[int, int], ...] = ()
    joined: tuple[tuple[int, int], ...] = ()


def paired(known: Sequence[Described], read: Sequence[Described]) -> Pairing:
    """Each of what was read with the known one that it is, if any."""
    sure = _of_the_same_words(known, read)
    left = [place for place in range(len(read)) if place not in sure]
    free = sorted(set(range(len(known))) - set(sure.values()))
    sides = _Sides([_Words(one) for one in known], [_Words(one) for one in read])
    unsure: dict[int, int] = {}
    for place, other, is_sure in sides.pairs(left, free):
        (sure if is_sure else unsure)[place] = other
    alone = [place for place in left if place not in sure and place not in unsure]
    gone = sorted(set(free) - set(sure.values()) - set(unsure.values()))
    return Pairing(sure, unsure, tuple(sides.split(alone, sure)), tuple(sides.joined(gone, sure)))


def is_foreign(known: Described, read: Described) -> bool:
    """Whether both say something, and have not one word that tells anything in common, nor names that are alike."""
    return _are_foreign(_Words(read), _Words(known))


def _of_the_same_words(known: Sequence[Described], read: Sequence[Described]) -> dict[int, int]:
    """Those that say the same to the letter, the same number first, and then in their order."""
    places: dict[tuple[bool, str], list[int]] = defaultdict(list)
    for place, described in enumerate(known):
        for is_agenda, words_of_it in ((False, described.framework), (True, described.agenda)):
            if words := _plain(words_of_it):
                places[is_agenda, words].append(place)
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for same_number in (True, False):
        for place, described in enumerate(read):
            is_agenda = described.framework.is_empty
            key = (is_agenda, _plain(described.agenda if is_agenda else described.framework))
            candidates = [other for other in places.get(key, []) if other not in taken] if place not in pairs else []
            if same_number:
                candidates = [other for other in candidates if known[other].number == described.number]
            if candidates:
                pairs[place] = candidates[0]
                taken.add(candidates[0])
    return pairs


def _plain(words_of_it: NameAndText) -> str:
    return (
        " ".join(re.findall(r"\w+", f"{words_of_it.topic} | {words_of_it.text}".casefold())) if words_of_it.text else ""
    )


class _Words:
    """The words of one agreement, made ready to compare."""

    __slots__ = ("agenda", "all", "every_word", "framework", "number", "topics")

    def __init__(self, said: Described) -> None:
        self.number = said.number
        self.framework, self.agenda = _tokens(said.framework.text), _tokens(said.agenda.text)
        self.topics = [topic for topic in (said.framework.topic, said.agenda.topic) if topic]
        self.all = self.framework | self.agenda
        self.every_word = self.all.union(*map(_tokens, self.topics))


@dataclass(slots=True)
class _Sides:
    known: list[_Words]
    read: list[_Words]

    def pairs(self, left: Sequence[int], free: Sequence[int]) -> Iterator[tuple[int, int, bool]]:
        """Place by place the most alike that are left; with the same number when nothing is more alike."""
        scores = self._scores(left, free)
        best_of: dict[tuple[str, int], list[float]] = defaultdict(list)
        for score, place, other in scores:
            best_of["read", place].append(score)
            best_of["known", other].append(score)
        used: set[int] = set()
        done: set[int] = set()
        for score, place, other in scores:
            if place in done or other in used:
                continue
            done.add(place)
            used.add(other)
            rivals = [*best_of["read", place], *best_of["known", other]]
            is_alone = sum(score - rival < MARGIN for rival in rivals) == 2  # itself, on either side
            yield place, other, self._is_sure(place, other, score, is_alone=is_alone)
        for place in left:  # what bears the number of something unlike: perhaps it, in other words
            same = [other for other in free if other not in used and self._same_number(place, other)]
            if place not in done and same:
                used.add(same[0])
                mine, its = self.read[place], self.known[same[0]]
                yield place, same[0], not (mine.framework and its.framework) and not _are_foreign(mine, its)

    def _scores(self, left: Sequence[int], free: Sequence[int]) -> list[tuple[float, int, int]]:
        topics = {topic: _trigrams(topic) for side in (self.known, self.read) for one in side for topic in one.topics}
        scores = []
        bearers = self._bearers_of_rare_words(free)
        for place in left:
            for other in self._candidates(place, free, bearers):
                is_same = self._same_number(place, other)
                score = self._likeness(self.read[place], self.known[other], topics, names_alone=is_same)
                score += SAME_NUMBER * is_same
                if score >= PERHAPS:
                    scores.append((score, place, other))
        return sorted(scores, key=lambda one: (-one[0], one[1], one[2]))

    def _bearers_of_rare_words(self, free: Sequence[int]) -> dict[str, list[int]]:
        """Of each word that few of the known ones have: which those are."""
        bearers: dict[str, list[int]] = defaultdict(list)
        for other in free:
            for word in self.known[other].every_word:
                bearers[word].append(other)
        most = max(FEW, len(free) // 10)
        return {word: places for word, places in bearers.items() if len(places) <= most}

    def _candidates(self, place: int, free: Sequence[int], bearers: dict[str, list[int]]) -> Sequence[int]:
        """Whom to compare one with: all of a few, and of many those that share more than what everybody says."""
        if len(free) <= FEW:
            return free
        shared = {other for word in self.read[place].every_word for other in bearers.get(word, ())}
        return sorted(shared | {other for other in free if self._same_number(place, other)})

    def _likeness(self, mine: _Words, other: _Words, topics: dict[str, frozenset[str]], *, names_alone: bool) -> float:
        """From 0 to 1: of the texts that both have, and of what they are called; names alone that are only alike tell
        nothing of another number."""
        named = max((_share(topics[own], topics[its]) for own in mine.topics for its in other.topics), default=0.0)
        texts = [(mine.framework, other.framework), (mine.agenda, other.agenda)]
        both = [_share(own, its) for own, its in texts if own and its]
        if not both:
            return SAME_NAME * named if names_alone or named >= THE_SAME else 0.0
        return max(0.45 * named + 0.55 * max(both), 0.6 * named)

    def _is_sure(self, place: int, other: int, score: float, *, is_alone: bool) -> bool:
        is_clear = is_alone and (score >= SURE or self._has_its_name_alone(place, other))
        mine, its = self.read[place], self.known[other]
        return is_clear or (self._same_number(place, other) and not _are_foreign(mine, its))

    def _has_its_name_alone(self, place: int, other: int) -> bool:
        """Whether both bear a name that nothing else on either side has."""
        shared = {topic.casefold() for topic in self.read[place].topics} & {
            topic.casefold() for topic in self.known[other].topics
        }
        return any(
            len(topic) >= LONG_NAME and _bearers(topic, self.read) == 1 and _bearers(topic, self.known) == 1
            for topic in shared
        )

    def _same_number(self, place: int, other: int) -> bool:
        return bool(self.read[place].number) and self.read[place].number == self.known[other].number

    def split(self, alone: Sequence[int], sure: dict[int, int]) -> Iterator[tuple[int, int]]:
        """New ones whose words stood in a known one, which went on with fewer."""
        shorter = [other for place, other in sure.items() if len(self.read[place].all) < len(self.known[other].all)]
        for place in alone:
            for other in shorter:
                if _lies_in(self.read[place].all, self.known[other].all):
                    yield place, other
                    break

    def joined(self, gone: Sequence[int], sure: dict[int, int]) -> Iterator[tuple[int, int]]:
        """Known ones whose words now stand in another that went on."""
        longer = [place for place, other in sure.items() if len(self.read[place].all) > len(self.known[other].all)]
        for other in gone:
            for place in longer:
                if _lies_in(self.known[other].all, self.read[place].all):
                    yield other, place
                    break


def _are_foreign(mine: _Words, other: _Words) -> bool:
    if not (mine.every_word and other.every_word) or any(map(_tells, mine.every_word & other.every_word)):
        return False
    names = ((_trigrams(own), _trigrams(its)) for own in mine.topics for its in other.topics)
    return all(_share(own, its) < PERHAPS for own, its in names)  # a name in another spelling is no other name


def _tells(word: str) -> bool:
    """Whether a word says what something is about: no number, nothing that joins, and nobody whom everything names."""
    return len(word) >= SHORT_WORD and not word.isdecimal() and word not in IN_EVERYTHING


def _bearers(topic: str, side: Sequence[_Words]) -> int:
    return sum(topic in {one.casefold() for one in words.topics} for words in side)


def _tokens(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold()))


def _trigrams(topic: str) -> frozenset[str]:
    """Pieces of a name, by which a small difference in spelling stays a small one."""
    plain = " ".join(re.findall(r"\w+", topic.casefold()))
    words = f"  {plain} "
    return frozenset(words[start : start + 3] for start in range(len(words) - 2))


def _share(mine: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(mine & other) / (len(mine) + len(other)) if mine or other else 0.0


def _lies_in(part: frozenset[str], whole: frozenset[str]) -> bool:
    return len(part) >= FEW_WORDS and len(part & whole) >= MOSTLY * len(part)


SURE = 0.75
PERHAPS = 0.5
SAME_NUMBER = 0.15
THE_SAME = 0.95
SAME_NAME = 0.85  # where no text of both can be compared
MARGIN = 0.1
LONG_NAME = 6
FEW = 40
FEW_WORDS = 6
MOSTLY = 0.8
SHORT_WORD = 3
_JOINING_AND_NAMED = (
    "een het van voor vóór met aan bij door uit tot naar per over onder tussen als dan dat deze die dit hun zijn haar "
    "niet wordt worden wij zij hij heeft hebben kan kunnen zal zullen moet moeten ook alle elk elke ieder iedere jaar "
    "eind uiterlijk jaarlijks gemeente gemeenten corporatie corporaties partij partijen huurders"
)
IN_EVERYTHING = frozenset(_JOINING_AND_NAMED.split())
