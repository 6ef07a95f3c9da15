"""A process that has everything loaded and forks one `cycle backup` or `restore` after another, to be killed at a step.

It reads a line of JSON each: act, settings, database, file, and the number of the step to die at (0: never). A step is
whatever is about to be done to a file or folder of the test, and every statement to a database. It answers with how it
ended, and how many steps there were.
"""

import json
import os
import signal
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from cycle.actions.service.backup.backups import make_backup
from cycle.actions.service.backup.restoring import restore
from cycle.settings import load_settings

TO_FILES = {"open", "os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir", "sqlite3.connect"}


def carry_out(order: dict[str, Any], report: int) -> None:
    config, file, count = Path(order["config"]), Path(order["file"]), 0
    settings = load_settings(config, {"CYCLE__DATABASE__URL": order["url"]})

    def step(*_: Any) -> None:
        nonlocal count
        count += 1
        if count == order["die_at"]:
            os.kill(os.getpid(), signal.SIGKILL)

    def heard(name: str, arguments: tuple[Any, ...]) -> None:
        if name in TO_FILES and str(config.parent) in str(arguments[0]):
            step()

    sys.addaudithook(heard)
    event.listen(Engine, "before_cursor_execute", step)
    event.listen(Engine, "commit", step)
    act = make_backup if order["act"] == "backup" else restore
    act(settings, config, file, datetime.fromisoformat(order["now"]))
    os.write(report, json.dumps({"steps": count}).encode())
    os._exit(0)


def main() -> None:
    for line in sys.stdin:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                carry_out(json.loads(line), writing)
            except Exception as error:
                os.write(writing, json.dumps({"error": str(error)}).encode())
            finally:
                os._exit(9)
        os.close(writing)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        told = os.read(reading, 10_000)
        os.close(reading)
        print(json.dumps({"code": code, **json.loads(told or b"{}")}), flush=True)


if __name__ == "__main__":
    main()
