"""Dates that a sentence only tells of: what was taken back, what holds until a day, what is counted on it.

Such a date may well be no deadline, so it is asked about (law L1); what a cell says by itself is judged word by word.
"""

from cycle.domain.dutch.clauses import Dated
from cycle.domain.dutch.scope import Scope
from cycle.domain.dutch.spans import Grain
from cycle.domain.dutch.tokens import TokenKind
from cycle.domain.dutch.vocabulary import QUANTITIES, Limit, terms

CALLED_OFF = terms(
    """
    vervallen verviel vervielen ingetrokken losgelaten geschrapt afgelast geannuleerd afgeblazen overschreden afwijking
    verlaten intrekken intrekt introkken herroept herroepen teruggetrokken terugtrekken terugtrekt
    afgezien afzien afziet afzag gestaakt staakt staken geschorst schrapt schrappen annuleert annuleren verworpen
    teruggedraaid terugdraaien ongedaan afgestapt afstappen loslaten loslaat prijsgegeven opgezegd
    onhaalbaar achterhaald
    """
)
# a verb and the part of it that stands at the end of its clause: "trekt haar toezegging in"
TAKEN_BACK = {
    "in": terms("trekt trekken trok trokken"),
    "los": terms("laat laten liet lieten"),
    "af": terms("ziet zien zag zagen stapt stappen blaast blazen"),
    "terug": terms("trekt trekken komt komen draait draaien neemt nemen trok kwam kwamen"),
    "op": terms("zegt zeggen schort schorten"),
}
LEADS_ON = {"af": ("van",), "terug": ("op", "van")}
REACH = 20  # words between a verb and its other part
ENDING = terms("eindigt eindigen afloopt aflopen verloopt vervalt geldig")
PAPERS = terms(
    "plan nota notitie brief raming besluit rapport rapportage advies versie lijst begroting bod brieven cijfers"
)


def is_called_off(scope: Scope, i: int) -> bool:
    """ "is verlaten", "trekt haar toezegging in", "ziet af van", "komt terug op": it no longer holds."""
    word = scope.text.word(i)
    if word in CALLED_OFF:
        return True
    return any(word in verbs and is_parted(scope, i, part) for part, verbs in TAKEN_BACK.items())


def is_parted(scope: Scope, i: int, part: str) -> bool:
    """The other part of the verb at token i ends its clause, or "van" or "op" follows it."""
    text = scope.text
    for k in range(i + 1, i + REACH):
        if text.at(k).kind in (TokenKind.BREAK, TokenKind.END) or text.mark(k) in (".", ";"):
            return False
        if text.word(k) == part:
            after = text.at(k + 1)
            ends = after.kind in (TokenKind.BREAK, TokenKind.END) or after.text in (".", ";", ",", ")", "en")
            if after.text in LEADS_ON.get(part, ()) or (ends and not text.word(i).startswith(("kom", "kwam"))):
                return True
    return False


def ends_itself(scope: Scope, i: int) -> bool:
    """ "loopt af", "vervalt", "treedt in werking", "is geldig tot": it happens, and nobody has to do it."""
    text = scope.text
    if text.word(i) in ("loopt", "lopen"):
        return any(text.word(k) == "af" for k in range(i + 1, i + 8))
    return text.word(i) in ENDING or (text.word(i) == "in" and text.word(i + 1) == "werking")


def holds_until(clause: Dated) -> bool:
    """ "tot 1 juli", "tot en met 31 december": in a sentence that says as often how long something holds."""
    lasting = {Limit.UNTIL, Limit.THROUGH}
    return bool(lasting & set(clause.limits)) and Limit.BY not in clause.limits and Limit.BEFORE not in clause.limits


COUNTS = terms("telt tellen telde telden bedraagt bedragen bedroeg stond stonden staat staan had hadden")


STANDS = terms("situatie stand toestand voorraad omvang samenstelling bezetting")


def is_counted_on(scope: Scope, clause: Dated) -> bool:
    """ "telt op 1 januari 2027 4.512 woningen", "de situatie op 1 januari 2027": how things are on that day."""
    text = scope.text
    if clause.when.last.grain is not Grain.DAY:
        return False
    if text.word(clause.start) in ("op", "per") and text.word(clause.start - 1) in STANDS:
        return True
    figure = text.at(clause.end).kind in (TokenKind.NUMBER, TokenKind.FIGURE)
    before = any(text.word(k) in COUNTS for k in range(clause.start - 5, clause.start))
    counted = figure and (text.word(clause.end + 1) in QUANTITIES or text.at(clause.end).kind is TokenKind.FIGURE)
    return before and counted
