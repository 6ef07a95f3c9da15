"""Typing errors in the words of a date: "novermber", "setpember", "uiterljik", "1 jult".

A word is mended when one letter more, less, another or two swapped makes it exactly one of a few long words, and it
stands where such a word can stand. What was mended is always a doubt (L1).
"""

from functools import lru_cache
from string import ascii_lowercase


def words_of(text: str) -> frozenset[str]:
    """Words apart by spaces."""
    return frozenset(text.split())


MONTHS = (
    *("januari", "februari", "maart", "april", "juni", "juli", "augustus"),
    *("september", "oktober", "november", "december"),
)
SEASONS = ("voorjaar", "najaar", "zomer", "herfst", "winter")
OTHERS = (
    *("uiterlijk", "kwartaal", "halfjaar", "jaarlijks", "halfjaarlijks", "maandelijks", "voorjaarsoverleg"),
    *("najaarsoverleg", "eerste", "tweede", "derde", "vierde", "laatste"),
)
# real words one letter away from one of them
REAL = words_of(
    """
    kaart maakt maait maalt taart vaart baart staart haart maand maarts maarten jaarlijkse eerst eersten meerste winner
    zomers maar maat mart aart derden vierden vieren tweeden laatsten uiterlijke innerlijk kwartaals uiterlijks
    """
)


def mended(word: str, is_beside_figure: bool, is_placed: bool) -> str:
    """The word that was meant, or nothing; a month or season only beside a figure or behind a word of place."""
    meant = slips().get(word, "")
    if not meant or word in REAL:
        return ""
    if meant in LIMIT_SLIPS.values():
        return meant if is_beside_figure else ""
    if meant in OTHERS:
        return meant if is_beside_figure or len(meant) > ORDINAL_LENGTH else ""
    short = len(meant) <= SHORT_LENGTH
    return meant if is_beside_figure or (is_placed and not short) else ""


# too short to be mended by letters: one letter away stand many words
LIMIT_SLIPS = dict.fromkeys(("voro", "vooor", "ovor", "vor", "voorr"), "voor")
ORDINAL_LENGTH, SHORT_LENGTH = 7, 5
PLACES = words_of("begin eind einde medio half in uiterlijk voor vanaf tot na per t/m van en of rond elk elke")


@lru_cache(maxsize=1)
def slips() -> dict[str, str]:
    """Each wrong spelling with the one word it can mean."""
    known = frozenset((*MONTHS, *SEASONS, *OTHERS))
    meant: dict[str, set[str]] = {}
    for word in known:
        for wrong in variants(word):
            if wrong not in known and not is_form(wrong, word):
                meant.setdefault(wrong, set()).add(word)
    return {wrong: words.pop() for wrong, words in meant.items() if len(words) == 1} | LIMIT_SLIPS


def is_form(wrong: str, word: str) -> bool:
    """Another form of the word itself: "laatst", "jaarlijkse"."""
    return word in OTHERS and (
        (wrong == word[:-1] and word.endswith("e")) or (wrong[:-1] == word and wrong[-1] in "sne")
    )


def variants(word: str) -> set[str]:
    """All spellings one slip away, of at least four letters."""
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    less = {left + right[1:] for left, right in cuts if right}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    other = {left + letter + right[1:] for left, right in cuts if right for letter in ascii_lowercase}
    more = {left + letter + right for left, right in cuts for letter in ascii_lowercase}
    shortest = min(4, len(word)) if word in MONTHS else min(5, len(word))
    return {wrong for wrong in less | swapped | other | more if len(wrong) >= shortest} - {word}
