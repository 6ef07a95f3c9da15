"""Usage in Dutch: what `--help` shows, and what is said to who types a command that does not fit.

typer says both in English and knows no other language. Its help is turned line by line as it leaves; of its errors only
the kind and the names are used, and the sentence is ours.
"""

import re
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

HEADINGS = {"Options": "Opties", "Arguments": "Argumenten", "Commands": "Opdrachten"}

HELP_WORDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), dutch)
    for pattern, dutch in (
        (r"\[OPTIONS\]", "[OPTIES]"),
        (r"\bCOMMAND \[ARGS\]\.\.\.", "OPDRACHT …"),
        (r"\{([^{}]+)\}", r"\1"),
        (r"…?(\]?)\.\.\.", r"…\1"),
        (r"\bShow this message and exit\.", "Toon deze uitleg."),
        (r"\[required\]", "[verplicht]"),
        (r"\[default:", "[standaard:"),
        (r"<int(?: range)?>", "<getal>"),
        (r"<list\[int\]>", "<getallen>"),
        (r"<str>", "<tekst>"),
        (r"<list\[str\]>", "<teksten>"),
        (r"<path>", "<bestand>"),
        (r"<list\[Path\]>", "<bestanden>"),
        (r"<date>", "<dag>"),
        (r"<time>", "<tijd>"),
    )
)
"""What typer says in a page of help, and what stands there instead."""

VALUE_WORDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), dutch)
    for pattern, dutch in (
        (r"valid integer", "daar hoort een heel getal"),
        (r"valid number", "daar hoort een getal"),
        (r"valid boolean", "daar hoort ja of nee"),
        (r"greater than or equal to (\S+)", r"het mag niet minder zijn dan \1"),
        (r"less than or equal to (\S+)", r"het mag niet meer zijn dan \1"),
        (r"does not exist", "dat bestand is er niet"),
        (r"is a directory", "dat is een map en geen bestand"),
        (r"is not readable", "dat bestand is niet te lezen"),
    )
)
"""What typer says of a value that does not fit, and how it is said here."""


_Formatter: Any = typer.Context.formatter_class


class DutchFormatter(_Formatter):  # type: ignore[misc]  # typer exports the class by this name only
    """Lays out a page of help as typer does; the words are turned before, so that its columns line up."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line that shows how it is typed."""
        super().write_usage(prog, in_dutch(args), "Gebruik: " if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        """The word above a list."""
        super().write_heading(HEADINGS.get(heading, heading))

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """A list of names, each with what it means."""
        super().write_dl([(in_dutch(name), in_dutch(means)) for name, means in rows], col_max, col_spacing)


class _InDutch:
    """For a command and a group alike: their help is laid out with Dutch words."""

    def get_help(self, ctx: Any) -> str:
        """The page of `--help`."""
        ctx.formatter_class = DutchFormatter
        return str(super().get_help(ctx))  # type: ignore[misc]

    def get_usage(self, ctx: Any) -> str:
        """The line that shows how it is typed."""
        ctx.formatter_class = DutchFormatter
        return str(super().get_usage(ctx))  # type: ignore[misc]


class DutchCommand(_InDutch, TyperCommand):
    """A command with its help in Dutch."""


class DutchGroup(_InDutch, TyperGroup):
    """A command with commands of its own, and its help in Dutch."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command of that name; of a name that is not there a Dutch sentence, with what was meant perhaps."""
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            meant = get_close_matches(args[0], [name for name, command in self.commands.items() if not command.hidden])
            raise UnknownCommandError(f"{ctx.command_path} {args[0]}", [f"{ctx.command_path} {name}" for name in meant])
        return super().resolve_command(ctx, args)


class UnknownCommandError(TyperException):
    """A command that does not exist. `possibilities` are full commands that look like it."""

    exit_code = 2

    def __init__(self, command: str, possibilities: Sequence[str]) -> None:
        super().__init__(command)
        self.possibilities = possibilities


class DutchTyper(typer.Typer):
    """An app of which every command has its help in Dutch."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(cls=DutchGroup, **settings)

    def command(self, name: str | None = None, **settings: Any) -> Callable[[Any], Any]:
        """As typer's own, with Dutch help."""
        return super().command(name, cls=DutchCommand, **settings)


def in_dutch(words: str) -> str:
    """Words of a page of help in Dutch."""
    for pattern, dutch in HELP_WORDS:
        words = pattern.sub(dutch, words)
    return words


def page_asked_by(error: TyperException) -> str:
    """The page of help that a group of commands typed bare stands for; of any other error none."""
    return error.message if type(error).__name__ == "NoArgsIsHelpError" else ""


def misuse_of(error: TyperException) -> tuple[str, str]:
    """What is wrong with the command as it was typed, and a hint: how it is typed, or where that stands."""
    context = getattr(error, "ctx", None)
    hint = f"{context.get_usage()}\nMeer uitleg: {context.command_path} --help" if context else "Zie: cycle --help"
    if isinstance(error, UnknownCommandError):
        return f"De opdracht “{error.message}” bestaat niet.", _meant(error.possibilities) or "Zie: cycle --help"
    return _sentence_of(error), _meant(getattr(error, "possibilities", None) or ()) or hint


def _meant(possibilities: Sequence[str]) -> str:
    """The hint that names what looks like the word that was typed."""
    return f"Bedoelde u: {', '.join(possibilities)}?" if possibilities else ""


def _sentence_of(error: TyperException) -> str:
    """One sentence by the kind of error; typer keeps the names beside its English words."""
    kind, said = type(error).__name__, error.message
    if kind == "MissingParameter":
        return f"Er ontbreekt iets: {_name_of(error)}."
    if kind == "NoSuchOption":
        return f"De optie {getattr(error, 'option_name', '')} bestaat niet."
    if kind == "BadOptionUsage":
        option = getattr(error, "option_name", "")
        return f"Achter {option} hoort {'geen waarde' if 'does not take' in said else 'een waarde'}."
    if kind == "BadParameter":
        return f"{_name_of(error)} klopt niet: {_value_words(said)}."
    extra = re.search(r"unexpected extra argument\(?s?\)? \((.*)\)", said)
    return f"Dit hoort hier niet: {extra.group(1)}." if extra else f"Zo kan het niet: {_value_words(said)}."


def _name_of(error: TyperException) -> str:
    """The option or the place in the command that an error is about, as it is typed."""
    given = getattr(error, "param_hint", None)
    if given is None and (parameter := getattr(error, "param", None)) is not None:
        given = parameter.opts[0] if parameter.param_type_name == "option" else parameter.metavar or parameter.name
    return " / ".join(given) if isinstance(given, list | tuple) else str(given or "De waarde").strip("{}[].…")


def _value_words(said: str) -> str:
    """What is wrong with a value: typer's words turned, ours (they are Dutch) as they are."""
    for pattern, dutch in VALUE_WORDS:
        if words := pattern.search(said):
            return words.expand(dutch).rstrip(".")
    return said.rstrip(".")
