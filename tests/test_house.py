"""The house as it is built: the formatter decides the look, and functions stay short without being squeezed."""

import ast
import re
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
MIGRATIONS = "migrations"
WRITTEN = ("cycle", "tests", "benchmarks")
MARKUP = re.compile(
    r"</?(a|body|div|form|h[1-6]|head|html|input|li|p|pre|script|span|table|t[dhr]|title|ul)(\s[^<>]*)?>"
)
PUTS_TAGS_IN = {
    "cycle/web/formkeys.py": "a key into each form of a finished page, so that no template can forget it",
    "cycle/web/typed.py": "the page that a form stands on, into each form of a finished page, for the same reason",
    "cycle/web/refill.py": "what was typed before the session ended, back into a finished page",
    "cycle/actions/post/halts/alarming.py": "an alarm when the templates themselves are what is wrong",
}

VAGUE = {"one", "found", "here", "several", "kept"}
OF_A_LINE = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)
SAME_THING = {
    "agenda": "the draft agenda: gathered, and written as a file",
    "figures": "what a table goes by: the values, and as they are kept",
    "stock": "stocks of homes: the tables of a document, and the command",
    "days": "which days can be: the rule, and a day on the command line",
    "deadlines": "kept, and shown at the desk",
    "erasing": "who left: taken out of every table, and the act",
    "facts": "what the letter says: gathered, and as the letter takes it",
    "flood_guard": "far more to tell than usual: what is usual, and what it is counted from",
    "feeds": "calendar feeds: served, and their links on the command line",
    "frameworks": "terms, before and after: shown at the desk, and the command",
    "habits": "when kinds of steps are told and how documents are read: changed, and shown",
    "health": "whether all is well: looked at, and told to a monitor",
    "signals": "what people report between meetings: which meeting, kept, done, and shown",
    "standing_bodies": "who meets: as the year has it, and as it is kept",
    "importing": "reading in: the act, and the command",
    "mail_hours": "when reminders may leave: the hours, and which mails those are",
    "letters": "the invitation letter: kept, and the command",
    "logbook": "who decided what: written, and shown",
    "meetings": "what is planned and decided in them: kept, done, shown, and the command",
    "mine": "what is asked of one person: gathered, and shown",
    "overview": "the weekly overview: counted, and put into words",
    "parties": "who signed: read as names, changed, and shown",
    "persons": "who gets mail: changed, and the command",
    "post": "mails as the secretariat sees them: asked of the store, and shown",
    "progress": "rounds of questions: kept, counted, shown, and the command",
    "reading": "a phrase and how it is understood: the grammar, and `cycle read`",
    "register": "agreements and their readings: made from a document, and kept",
    "rhythm": "how somebody wants their mail: the rule, the choice, its page, and the command",
    "rhythms": "everybody's: kept, and as the planner needs them",
    "seeing": "who may see a covenant: the rule, and asked of the store",
    "sentforms": "each form once: kept, and its keys",
    "steps": "the year of a table: changed, and shown at the desk",
    "words": "how things are said in Dutch: days and lists in the domain, and the table of states above it",
    "year": "the year of a covenant: which steps it asks for, its page, and that of the desk",
}
"""Modules of one name, and the one thing that they are about."""


def sources(*folders: str) -> Iterator[Path]:
    """The files of these folders, without migrations: those stay as they were."""
    for folder in folders:
        yield from (file for file in sorted((ROOT / folder).rglob("*.py")) if MIGRATIONS not in file.parts)


def lengths() -> dict[str, int]:
    """The lines of every function of the product, by its place."""
    return {
        f"{file.relative_to(ROOT)}:{node.name}:{node.lineno}": (node.end_lineno or node.lineno) - node.lineno + 1
        for file in sources("cycle")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_nothing_is_kept_from_the_formatter():
    kept = re.compile(r"#\s*fmt:\s*" + "(skip|off)")

    assert [str(file) for file in sources(*WRITTEN) if kept.search(file.read_text(encoding="utf-8"))] == []


def test_functions_are_short():
    found = lengths()
    median, tenth = statistics.median(found.values()), statistics.quantiles(found.values(), n=10)[-1]

    assert (median <= 8, tenth <= 20) == (True, True), (median, tenth)
    assert {place: lines for place, lines in found.items() if lines > 50} == {}


def test_no_two_public_classes_bear_one_name():
    places: dict[str, list[str]] = {}
    for file in sources("cycle"):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places.setdefault(node.name, []).append(str(file.relative_to(ROOT)))

    assert {name: several for name, several in places.items() if len(several) > 1} == {}


def test_a_module_has_a_name_of_its_own_unless_it_is_the_same_thing_on_two_floors():
    """What a room does with a thing bears the name of that thing: `store/letters.py` keeps them, `cli/letters.py` is
    `cycle letter`."""
    places: dict[str, set[str]] = {}
    for file in sources("cycle"):
        if file.stem != "__init__":
            places.setdefault(file.stem, set()).add(str(file.parent.relative_to(ROOT / "cycle")))

    assert {name for name, rooms in places.items() if len(rooms) > 1} == set(SAME_THING)


def test_what_pages_look_like_stands_in_templates():
    found = {
        str(file.relative_to(ROOT))
        for file in sources("cycle")
        for text in texts(ast.parse(file.read_text(encoding="utf-8")))
        if MARKUP.search(text)
    }

    assert found == set(PUTS_TAGS_IN)


def test_the_day_of_a_moment_is_told_in_one_place():
    """Else it is the day in Greenwich, in the hours after midnight; `local` is wall-clock time already."""
    assert places_where(is_a_day_of_ones_own) == ["cycle/domain/workdays.py"]


def is_a_day_of_ones_own(node: ast.AST) -> bool:
    """`moment.date()`, which is `local_day(moment, zone)`."""
    is_day = is_called(node, "date") and not node.args
    return is_day and not (isinstance(node.func.value, ast.Name) and node.func.value.id == "local")


def test_the_words_of_an_enum_need_no_value():
    """They are texts themselves; `Word` keeps them as such, and two places make a plain text of any enum."""
    assert set(places_where(lambda node: isinstance(node, ast.Attribute) and node.attr == "value")) == {
        "cycle/mail/fields.py",
        "cycle/sheets.py",  # of a cell
        "cycle/store/tables.py",
    }


def test_a_row_that_is_not_stored_is_not_called_row_0():
    assert places_where(is_an_id_or_0) == []


def is_an_id_or_0(node: ast.AST) -> bool:
    """`row.id or 0`, which is `id_of(row)`."""
    return (
        isinstance(node, ast.BoolOp)
        and isinstance(node.values[0], ast.Attribute)
        and node.values[0].attr == "id"
        and isinstance(node.values[-1], ast.Constant)
        and node.values[-1].value == 0
    )


def test_names_that_live_longer_than_a_line_say_what_they_hold():
    """`one`, `found`, `here`, `several` and `kept` stand in comprehensions and lambdas alone."""
    assert vague_names() == {}


def vague_names() -> dict[str, list[str]]:
    """Where such a name is given to a variable, a parameter, a field or a function, by file."""
    places: dict[str, list[str]] = {}
    for file in sources("cycle"):
        module = ast.parse(file.read_text(encoding="utf-8"))
        of_a_line = {id(part) for node in ast.walk(module) if isinstance(node, OF_A_LINE) for part in ast.walk(node)}
        for node in ast.walk(module):
            if id(node) not in of_a_line and given_name(node) in VAGUE:
                places.setdefault(str(file.relative_to(ROOT)), []).append(f"{node.lineno}: {given_name(node)}")
    return places


def given_name(node: ast.AST) -> str:
    """The name that a piece gives to something, if it does."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return node.id
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return node.name
    return node.arg if isinstance(node, ast.arg) else ""


def is_called(node: ast.AST, name: str) -> bool:
    """Whether this is a call of `something.name(…)`."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name


def places_where(is_it: Callable[[ast.AST], bool]) -> list[str]:
    """The files of the product that have such a piece; a file comes once for each."""
    return [
        str(file.relative_to(ROOT))
        for file in sources("cycle")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if is_it(node)
    ]


def texts(module: ast.Module) -> Iterator[str]:
    """Every string of a module; what an f-string puts in is an x."""
    for node in ast.walk(module):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
