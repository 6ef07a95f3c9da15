"""One table of words: states, roles and kinds are spelled out once, for page, mail, command and export alike."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cycle.domain import ladders
from cycle.domain.model import LadderKind, MailState, News, PartyKind, Role, State
from cycle.domain.status import NOT_SETTLED, STATE_WORDS
from cycle.words import LADDER_KINDS, MAIL_STATES, PARTY_KINDS, ROLES, RUNGS, rung_words

ROOT = Path(__file__).parents[1]
TABLES = ("cycle/words.py", "cycle/domain/")
SPELLED = {*MAIL_STATES.values(), *ROLES.values(), STATE_WORDS[State.DONE], STATE_WORDS[State.DROPPED], NOT_SETTLED}
NOT_THE_STATE = {
    "trekker": "a column of a list, or a word that somebody types",
    "vervanger": "a field of a form",
    "contactpersoon": "a label in a letter, and a field of its texts",
}
KEPT_AS_WRITTEN = {
    "cycle/actions/deadlines/meeting/meetings.py": "vervallen",  # what a decision of a meeting is kept as
    "cycle/actions/post/delivery/proof_mails.py": "verstuurd",  # a head: when it was
    "cycle/cli/importing.py": "vervallen",  # a number of readings
    "cycle/mail/seals.py": "vervallen",  # what stands where a seal was
    "cycle/web/cookies.py": "gedaan",  # what a cookie is sealed for
}
OTHER_WORDS = re.compile(r"mislukt|niet aangekomen|weggegooid|geannuleerd|gefaald", re.IGNORECASE)
OF_FILES = "De bestanden zijn weggegooid."


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (MAIL_STATES, MailState),
        (ROLES, Role),
        (PARTY_KINDS, PartyKind),
        (LADDER_KINDS, LadderKind),
        (STATE_WORDS, State),
        (RUNGS, [*ladders.WORDS, *News]),
    ],
    ids=["mails", "roles", "parties", "ladders", "deadlines", "rungs"],
)
def test_every_member_has_one_word_and_no_two_have_the_same(table: dict[str, str], words: list[str]) -> None:
    assert set(table) == set(words)
    assert len(set(table.values())) == len(table)


@pytest.mark.parametrize(
    ("rung", "words"),
    [("-28", "4 weken ervoor"), ("0", "op de dag zelf"), ("7", "1 week erna"), ("ask:2027-04-22", RUNGS["ask"])],
)
def test_a_rung_is_told_in_words(rung: str, words: str) -> None:
    assert rung_words(rung) == words


def test_no_word_of_a_table_is_spelled_out_elsewhere() -> None:
    found = {(file, word) for file, text in strings() if (word := text.strip().lower()) in SPELLED}

    assert {(file, word) for file, word in found if word not in NOT_THE_STATE} == set(KEPT_AS_WRITTEN.items())


def test_a_mail_that_did_not_go_has_no_second_word() -> None:
    ours = [(file, text) for file, text in strings() if OTHER_WORDS.search(text) and OF_FILES not in text]
    shown = [str(file.relative_to(ROOT)) for file in templates() if OTHER_WORDS.search(file.read_text("utf-8"))]

    assert (ours, shown) == ([], [])


def test_no_template_shows_the_english_word_of_a_state() -> None:
    english = re.compile(rf"\b({'|'.join({*MailState, *State} - {State.OPEN})})\b")
    shown = [(file.name, word.group()) for file in templates() for word in english.finditer(said_by(file))]

    assert shown == []


def said_by(template: Path) -> str:
    """What a template says itself, without what is computed, tags and the names of sentences."""
    text = re.sub(r"\{[{%#].*?[}%#]\}|<[^>]*>", " ", template.read_text("utf-8"), flags=re.DOTALL)
    return re.sub(r"^[\w.-]+:", "", text, flags=re.MULTILINE)


def strings() -> Iterator[tuple[str, str]]:
    """The texts in our code by their file, without docstrings; documents are read with words of their own."""
    for file in sorted((ROOT / "cycle").rglob("*.py")):
        name = str(file.relative_to(ROOT))
        if not name.startswith((*TABLES, "cycle/intake/", "cycle/mail/samples.py", "cycle/store/migr")):
            module = ast.parse(file.read_text(encoding="utf-8"))
            said = {node.value for node in ast.walk(module) if isinstance(node, ast.Expr)}
            for node in ast.walk(module):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in said:
                    yield name, node.value


def templates() -> Iterator[Path]:
    """What pages and mails are made from; the words of mails stand beside their names."""
    for folder in ("web", "report"):
        yield from sorted((ROOT / "templates" / folder).rglob("*.html"))
    yield from sorted((ROOT / "templates/email").glob("*.txt"))
    yield from sorted((ROOT / "templates/email").glob("*.html"))
