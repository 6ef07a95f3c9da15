"""Where templates run that people may change: they reach nothing, and they cannot take the sender along (rule C12).

Jinja's immutable sandbox, with less in it: keys of dicts and places of lists instead of attributes, a short list of
filters, nothing to call but macros and blocks, flat lists only, no way to switch escaping off. What is left of loops,
macros and joining is metered: each template may do so many rounds, make so many characters and take so long. That does
what a child process with limits would, for a hundredth of its time, which counts when five hundred mails are written.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import thread_time
from typing import Any, cast

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError, Undefined, nodes, pass_context
from jinja2.exceptions import SecurityError
from jinja2.runtime import BlockReference, Context, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

ROUNDS = 20_000
CHARACTERS = 1_000_000  # a mail of 90 kB with everything in it counted a few times over
SECONDS = 2.0  # of work, not of waiting: a busy machine must not fail a mail
LOOK_EVERY = 64  # rounds between two looks at the time

PRINTABLE = (str, int)


class Meter:
    """What one template did so far. Raises SecurityError when it is too much."""

    def __init__(self) -> None:
        self._rounds = self._characters = 0
        self._ends = thread_time() + SECONDS

    def take(self, characters: int) -> None:
        """One more step, which makes so many characters."""
        self._rounds += 1
        self._characters += characters
        if self._rounds > ROUNDS or self._characters > CHARACTERS:
            raise SecurityError("dit sjabloon doet te veel of maakt te veel tekst")
        if self._rounds % LOOK_EVERY == 0 and thread_time() > self._ends:
            raise SecurityError("dit sjabloon is te lang bezig")


_running = threading.local()


@contextmanager
def metered() -> Iterator[None]:
    """Around the rendering of one template."""
    before = getattr(_running, "meter", None)
    _running.meter = Meter()
    try:
        yield
    finally:
        _running.meter = before


def _take(characters: int) -> None:
    meter: Meter | None = getattr(_running, "meter", None)
    if meter is not None:  # constants are folded while a template is read, before anything runs
        meter.take(characters)


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja that sees keys only, keeps text and HTML apart, and has no way to make much out of little."""

    intercepted_binops = frozenset(("*", "**", "+", "%", "//", "/", "-"))

    def getattr(self, obj: Any, attribute: str) -> Any:
        """`section.items` is the field, not the method of the dict; a text has no methods at all."""
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, dict | list | tuple | str | int):
            return self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """A key of a dict or a place in a list or text; `text["upper"]` is no way round either."""
        if isinstance(obj, dict):
            return obj[argument] if argument in obj else self.undefined(obj=obj, name=argument)
        if isinstance(obj, list | tuple | str) and isinstance(argument, int | slice):
            return obj[argument]
        return self.undefined(obj=obj, name=argument)

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Only what templates made themselves."""
        if not isinstance(obj, Macro | BlockReference):
            if isinstance(obj, Undefined):
                obj()  # tells its name
            raise SecurityError("een sjabloon kan alleen zijn eigen macro's aanroepen")
        return super().call(context, obj, *args, **kwargs)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Whole numbers are counted with; texts are joined with ~, which is metered."""
        if operator in ("*", "**") or type(left) is not int or type(right) is not int:
            raise SecurityError(f"rekenen met {operator} mag niet in een sjabloon")
        return super().call_binop(context, operator, left, right)

    def join_path(self, template: str, parent: str) -> str:
        """A macro from a .txt file would bring unescaped words into HTML, for Jinja takes its result as safe."""
        if Path(template).suffix != Path(parent).suffix:
            raise TemplateError(f"{parent} gebruikt {template}; een .html-bestand en een .txt-bestand delen niets")
        return template

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        return _Metering(self, name, filename).visit(tree)  # type: ignore[no-any-return]


class _Metering(NodeTransformer):
    """Puts the meter into a template that was read, and refuses what cannot be metered."""

    def __init__(self, environment: Sandbox, name: str | None, filename: str | None) -> None:
        self._environment, self._name, self._filename = environment, name, filename

    def visit_For(self, node: nodes.For) -> nodes.For:
        """Each round costs the text that stands in the loop."""
        if node.recursive:
            raise self._refusal(node, "een lus die zichzelf aanroept mag niet")
        node.iter = self._filtered(node.iter, "_rounds", _characters_of(node))
        return self.generic_visit(node)  # type: ignore[return-value]

    def visit_Macro(self, node: nodes.Macro) -> nodes.Macro:
        """A macro can call itself, so each call costs its text too; the same for blocks and whole files."""
        tick = nodes.ExprStmt(self._filtered(nodes.Const(""), "_round", _characters_of(node)))
        tick.set_lineno(node.lineno)
        node.body.insert(0, tick.set_environment(self._environment))
        return self.generic_visit(node)  # type: ignore[return-value]

    visit_CallBlock = visit_Block = visit_Template = visit_Macro

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        """`~`, metered."""
        self.generic_visit(node)
        return self._filtered(nodes.List(node.nodes, lineno=node.lineno), "_joined")

    def visit_List(self, node: nodes.List) -> nodes.Node:
        """A list in a list in a list would be small to write and endless to look at."""
        self.generic_visit(node)
        return self._filtered(node, "_flat")

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:
        """As a list; the names that a loop fills are a tuple too."""
        self.generic_visit(node)
        return self._filtered(node, "_flat") if node.ctx == "load" else node

    def visit_Dict(self, node: nodes.Dict) -> nodes.Node:
        """Nothing in a mail needs one."""
        raise self._refusal(node, "een verzameling met accolades mag niet")

    def visit_ScopedEvalContextModifier(self, node: nodes.Node) -> nodes.Node:
        """`autoescape false` would show a name as HTML."""
        raise self._refusal(node, "autoescape staat vast")

    visit_EvalContextModifier = visit_ScopedEvalContextModifier

    def _filtered(self, node: nodes.Node, name: str, *arguments: int) -> nodes.Filter:
        constants: list[nodes.Expr] = [nodes.Const(one) for one in arguments]
        made = nodes.Filter(cast(nodes.Expr, node), name, constants, [], None, None)
        made.set_lineno(getattr(node, "lineno", None) or 1)
        made.set_environment(self._environment)
        return made

    def _refusal(self, node: nodes.Node, what: str) -> TemplateSyntaxError:
        return TemplateSyntaxError(what, node.lineno, self._name, self._filename)


def _characters_of(node: nodes.Node) -> int:
    """How much plain text stands in a piece of a template."""
    return sum(len(data.data) for data in node.find_all(nodes.TemplateData))


def open_sandbox(folders: Sequence[Path]) -> Sandbox:
    """The sandbox over some folders; the first that has a file wins, and each file is read once."""
    sandbox = Sandbox(
        loader=FileSystemLoader([str(folder) for folder in folders]),
        undefined=StrictUndefined,
        autoescape=lambda name: bool(name and name.endswith(".html")),
        auto_reload=False,
        cache_size=-1,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printed,
    )
    sandbox.globals.clear()
    sandbox.filters.clear()
    sandbox.filters.update(FILTERS)
    return sandbox


def _printed(value: Any) -> Any:
    """What `{{ }}` prints: words and numbers. A list would be printed as Python writes it."""
    if isinstance(value, PRINTABLE):
        _take(len(value) if isinstance(value, str) else 1)
        return value
    if isinstance(value, Undefined):
        return value  # strict: printing it fails with its name
    raise SecurityError("hier staat een lijst; noem er de onderdelen van")


@pass_context
def _rounds(_context: Context, values: Iterable[Any], characters: int) -> Iterator[Any]:
    for value in values:
        _take(characters)
        yield value


@pass_context
def _round(_context: Context, nothing: str, characters: int) -> str:
    _take(characters)
    return nothing


@pass_context
def _flat(_context: Context, values: Sequence[Any]) -> Sequence[Any]:
    for value in values:
        _plain(value)
    return values


@pass_context
def _joined(context: Context, parts: Iterable[Any]) -> str:
    return _join(context, parts)


@pass_context
def _join(context: Context, parts: Iterable[Any], between: str = "") -> str:
    """Words with something between them; in HTML everything is escaped that is not HTML of our own."""
    words = [_plain(part) for part in parts]
    _take(sum(map(len, words)) + len(between) * len(words))
    if context.eval_ctx.autoescape:
        return escape(between).join(map(escape, words))
    return str(between).join(words)


def _plain(value: Any) -> str:
    """A text, or a number as text. Raises for anything else, and for a missing name."""
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Undefined):
        str(value)
    raise SecurityError("alleen woorden en getallen kunnen hier staan")


def listed(names: Sequence[str]) -> str:
    """As one says it: "a, b en c"."""
    return " en ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _on_text(change: Callable[[str], str]) -> Callable[[Any], str]:
    """A filter on a text that keeps it what it was: HTML of our own, or words still to be escaped."""

    def filtered(text: Any) -> str:
        plain = _plain(text)
        _take(len(plain))
        return Markup(change(plain)) if isinstance(text, Markup) else change(plain)

    return filtered


def _chosen(values: Iterable[Any]) -> list[Any]:
    return [one for one in values if one]


def _items(sections: Iterable[Mapping[str, Any]]) -> list[Any]:
    return [item for section in sections for item in section["items"]]


FILTERS: Mapping[str, Callable[..., Any]] = {
    "_rounds": _rounds,
    "_round": _round,
    "_flat": _flat,
    "_joined": _joined,
    "before": lambda text, mark: _plain(text).partition(_plain(mark))[0],
    "first_upper": _on_text(lambda text: text[:1].upper() + text[1:]),
    "join": _join,
    "length": len,
    "lines": _items,
    "listed": lambda names: listed([_plain(name) for name in names]),
    "lower": _on_text(str.lower),
    "select": _chosen,
    "trim": _on_text(str.strip),
    "upper": _on_text(str.upper),
}
"""All that a template may do with a value; the names with a stroke are put there by the meter."""
