"""The child process that parses one file and prints what it says as JSON; started by `limits.ask_child`."""

import json
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from cycle.errors import Unreadable
from cycle.intake import limits
from cycle.intake.raw import Block, as_plain

WHOLE, SEEN, LOGO = "whole", "seen", "logo"
_READERS = {
    "spreadsheet": "spreadsheet",
    "docx": "word",
    "odt": "odt",
    "pdf": "pdf",
    "html": "markup",
    "signed": "signed",
}


def main() -> None:
    """`python -m cycle.intake.child KIND PATH BYTES`: parse within that much memory."""
    kind, path, memory_bytes = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    _limit_memory(memory_bytes)
    limits.enter_child(_blocks)
    json.dump(_said(kind, path), sys.stdout)


def _said(kind: str, path: Path) -> dict[str, object]:
    try:
        if kind == WHOLE:
            asked = sys.stdin.buffer.read()
            return {"read": json.loads(import_module("cycle.intake.whole").read_here(path, asked).as_json())}
        if kind == SEEN:
            return {"seen": json.loads(import_module("cycle.intake.founding.looking").look_here(path))}
        if kind == LOGO:
            return {"png": import_module("cycle.intake.logo").draw_here(path)}
        return {"blocks": as_plain(_blocks(kind, path))}
    except Unreadable as error:
        return {"unreadable": [error.what, error.hint]}
    except MemoryError:
        return {"unreadable": [f"{path.name} vraagt te veel geheugen.", "Haal de afbeeldingen eruit, of splits het."]}
    except Exception:  # a parser may fail in any way on a damaged file; that is what this process is for
        hint = "Open het in het programma waarin het gemaakt is en sla het opnieuw op."
        return {"unreadable": [f"{path.name} is beschadigd en kan niet worden gelezen.", hint]}


def _blocks(kind: str, path: Path) -> list[Block]:
    reader: Callable[[Path, str], list[Block]] = import_module(f"cycle.intake.{_READERS[kind]}").read
    return reader(path, path.name)


def _limit_memory(memory_bytes: int) -> None:
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


if __name__ == "__main__":
    main()
