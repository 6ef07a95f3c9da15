"""Where the files that come with the program lie: beside the package in a checkout, inside it when installed."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent

HOW_TO_INSTALL = "Installeer de pakketten in de map van cycle met: pip install --require-hashes -r requirements.txt"
"""The hint where an optional package is missing, without its full stop. Never a name to look up on an index: `cycle`
is somebody else's there."""


def shipped(*parts: str) -> Path:
    """A shipped file or folder, such as `shipped("templates", "email")`."""
    inside = _PACKAGE / "_data"
    root = inside if inside.is_dir() else _PACKAGE.parent
    return root.joinpath(*parts)
