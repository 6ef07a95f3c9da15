"""How the log of a running process looks: text, as Python has it, or with `watch.log = "json"` one object per line.

A line never holds more than the text form would; of an error it says the kind and the place in the code. What the error
itself says may hold names and stays out.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime

from cycle.cli.console import say

log = logging.getLogger("cycle")


class JsonLines(logging.Formatter):
    """A record as one JSON object: `at` (UTC), `level`, `logger`, `message`, and of an error `error` and `where`."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            frames = traceback.extract_tb(record.exc_info[2])
            line |= {
                "error": record.exc_info[0].__name__,
                "where": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
            }
        return json.dumps(line, ensure_ascii=False)


def open_log(form: str) -> None:
    """Sets the log of this process, that of the web server too, on stderr; as text nothing changes."""
    if form != "json":
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    log.setLevel(logging.INFO)
    logging.captureWarnings(True)


def is_json() -> bool:
    """Whether the log of this process is one object per line."""
    return any(isinstance(one.formatter, JsonLines) for one in logging.getLogger().handlers)


def tell(sentence: str) -> None:
    """What a running process says of itself: to a person, or as a line of the log for what gathers those."""
    if is_json():
        log.info("%s", sentence)
    else:
        say(sentence)
