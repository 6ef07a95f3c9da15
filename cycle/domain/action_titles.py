"""What the actions under one number are called, so that readers of plan, mail and calendar tell them apart."""

from collections import defaultdict
from collections.abc import Sequence
from textwrap import shorten
from typing import Protocol

TITLE = 60  # letters of a text that stand for its name


class Called(Protocol):
    """An action with its own words; `topic` is what its document calls it."""

    @property
    def topic(self) -> str: ...

    @property
    def text(self) -> str: ...


def title_of(text: str, topic: str = "") -> str:
    """What something without a name of its own is called: its first words, behind the topic that it stands under."""
    words = shorten(text, TITLE, placeholder="…") or text[:TITLE]
    return f"{topic}: {words}" if topic and words else topic or words


def called(topic: str, text: str) -> str:
    """What people read of an agreement: its topic, and where it has none its first words."""
    return topic or title_of(text).removesuffix(".")


def told_apart(actions: Sequence[Called]) -> list[str]:
    """The title of each action under one number: its own name where it has one, else with its first words, from where
    they differ. Those that say the very same are counted."""
    titles = [_named(one, [other.topic for other in actions if other is not one]) for one in actions]
    for places in _alike(titles):
        texts = [actions[place].text.split() for place in places]
        shared = _shared(texts)
        for place, words in zip(places, texts, strict=True):
            if shared < len(words):
                rest = " ".join(words[shared:])
                titles[place] = title_of(f"…{rest}" if shared else rest, _topic(actions[place]))
    for places in _alike(titles):
        for count, place in enumerate(places, 1):
            titles[place] += f" ({count})"
    return titles


def _named(action: Called, others: Sequence[str]) -> str:
    """Its topic, with its words where that is also what others are called, or stand under."""
    is_shared = any(other == action.topic or other.startswith(f"{action.topic}: ") for other in others)
    return title_of(action.text, action.topic) if is_shared and action.text else action.topic or title_of(action.text)


def _topic(action: Called) -> str:
    """What it stands under, without its own words."""
    return action.topic.removesuffix(title_of(action.text)).rstrip(": ") or action.topic


def _alike(titles: Sequence[str]) -> list[list[int]]:
    """The places of titles that are not the only one."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, title in enumerate(titles):
        places[title.casefold()].append(place)
    return [alike for alike in places.values() if len(alike) > 1]


def _shared(texts: Sequence[Sequence[str]]) -> int:
    """How many words all of them begin with."""
    differing = (place for place, words in enumerate(zip(*texts, strict=False)) if len(set(words)) > 1)
    return next(differing, min(map(len, texts)))
