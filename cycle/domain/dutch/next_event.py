"""Moments that are named by the next event: "bij de eerstvolgende bouwtafel", "gelijktijdig met de begroting".

No calendar knows that day, and in running text nothing else would tell that there is one: it hangs on the event (L4).
"""

from cycle.domain.dutch.hanging import OF, SMALL, Hanging, Happening, event_at, hanging, hung, is_event
from cycle.domain.dutch.scope import Scope, year_at
from cycle.domain.dutch.tokens import TokenKind
from cycle.domain.dutch.vocabulary import Lexicon, endings, terms

BEFORE_NEXT = (
    "bij|in|tijdens|op|per|uiterlijk bij|uiterlijk in|uiterlijk tijdens|uiterlijk op|op de agenda van|voor de "
    "agenda van"
    "|op agenda van|gedurende|richting|in aanloop naar|tot|voor|voorafgaand aan|uiterlijk voor|na|direct na|meteen na"
    "|na afloop van|aansluitend op"
)
BESIDE = (
    "gelijktijdig met|gelijk met|tegelijk met|tegelijkertijd met|gelijklopend met|ter gelegenheid van|parallel aan"
    "|direct na|meteen na|onmiddellijk na|na afloop van|direct aansluitend op"
)
HEADS, WITH = Lexicon({BEFORE_NEXT: True}), Lexicon({BESIDE: True})
NEXT = terms("eerstvolgende eerstvolgend volgende volgend komende komend aankomende aankomend eerstkomende aanstaande")
EVENTS = terms(
    """
    actualisatie herziening bijstelling evaluatie wijziging gelegenheid rapportage voortgangsrapportage jaarrekening
    kadernota begroting enquete meting monitor editie huurverhoging aanbesteding verhuizing oplevering
    """
)
ENDINGS = endings("groep middag ochtend dag raad atelier schouw excursie opening peiling meting")
NO_EVENTS = terms(
    "dag werkdag maandag dinsdag woensdag donderdag vrijdag zaterdag zondag feestdag groep middag ochtend"
)
MOST_ADJECTIVES = 2


def next_event(scope: Scope, i: int) -> Hanging | None:
    """The moment that starts at token i and is named by an event that is still to come."""
    text = scope.text
    event = None
    if head := HEADS.match(text, i):
        j = text.skip(head[1], SMALL)
        j += text.word(j) == "eerst"
        event = named_event(scope, head[1], j) if text.word(j) in NEXT else None
    if event is None and (head := WITH.match(text, i)):
        event = event_at(scope, head[1])
    if event is None:
        return None
    words = text.between(i, event.end)
    return hanging(scope, i) or Hanging(i, event.end, hung(words, event, None))


def named_event(scope: Scope, start: int, i: int) -> Happening | None:
    """The event behind "volgende" at token i, with an adjective or two before it and what it is of behind it."""
    text = scope.text
    for end in range(i + 2, i + 3 + MOST_ADJECTIVES):
        word = text.word(end - 1)
        if text.at(end - 1).kind is not TokenKind.WORD:
            return None
        if is_event(word) or word in EVENTS or (word.endswith(ENDINGS) and word not in NO_EVENTS):
            break
    else:
        return None
    name = word
    if text.word(end) in OF and (k := text.skip(end + 1, SMALL)) and text.at(k).kind is TokenKind.WORD:
        end = k + 1
    year = year_at(scope, end)
    end += year is not None
    return Happening(name, text.between(start, end), year or 0, end, False)
