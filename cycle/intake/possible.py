"""Possible actions in running text: sentences that name a day or a limit and somebody or something to do.

They are offered one by one and never kept unasked, so a sentence that only may be meant so is better shown than lost.
"""

import re
from collections.abc import Iterator

from cycle.intake import outside
from cycle.intake.clause_leads import by_clause
from cycle.intake.leads import Names
from cycle.intake.promised import names_a_day, sentences_of
from cycle.intake.subjects import names_party, subject_of


def possible_actions(words: str, names: Names) -> Iterator[tuple[str, str]]:
    """Each sentence that may be an action, with the parties that lead in it ("" if it names none)."""
    if outside.is_signature(words):
        return
    for sentence in sentences_of(words):
        is_limited = _LIMIT.search(sentence) is not None
        acts = sentence.endswith(_END) and (is_limited or _ACTS.search(sentence) is not None)
        is_about_itself = not is_limited and _ABOUT_ITSELF.search(sentence) is not None
        if (acts or names_party(sentence, names)) and not is_about_itself and names_a_day(sentence):
            yield from by_clause(sentence, names) or [(sentence, subject_of(sentence, names))]


# without a full stop it may be a heading that ran into what stands below it
_END = (".", ";", "!")
# the term of the document, its signing and its history are facts about it, but never swallow a limit
_ABOUT_ITSELF = re.compile(
    r"\b(?:looptijd|geld(?:t|en|ig)|getekend|ondertekend|overeengekomen|in werking|van kracht|vigerend|periode van)\b",
    re.I,
)
# a limit asks for something, whoever must see to it and whatever the verb is
_LIMIT = re.compile(r"\b(?:uiterlijk|v[óo]ór|niet later dan)\b", re.I)
_ACTS = re.compile(
    r"\b(?:lever|stel|maak|mak|evalue|besprek|bespreekt|organise|start|rond|realise|bouw|verduurza|onderzo|actualise"
    r"|rapporte|monitor|inventarise|werk|zorg|pak|voer|bied|stu+r|kom|beslui|informe|overleg|plan|bepaal|bepal|verken"
    r"|ontwikkel|verstrek|publice|neem|nem|vraag|vrag|leg|breng|geef|gev|doe|sluit|toets|herzie|agende)[a-zé]*\b"
    r"|\b(?:gereed|klaar|opgeleverd|afgerond|vastgesteld|uitgevoerd|ingediend|aangeleverd)\b",
    re.I,
)
