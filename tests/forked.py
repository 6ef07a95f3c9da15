"""`cycle` for scripts that give many commands: each is a process of its own, forked by one that has the program loaded.

A new process takes a second or two to load all of it, and what a runbook says is not about that. The command on the
path hands over its words, its folder, its surroundings and its three files, and ends as the fork of it ended.
"""

import json
import os
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from sqlalchemy.orm import configure_mappers

import cycle.cli
from tests.remembered import make_passphrases_quick

ROOT = Path(__file__).parents[1]
LOADED = (
    "alembic.command",
    "cryptography.hazmat.primitives.ciphers.aead",
    "cryptography.hazmat.primitives.kdf.scrypt",
    "cycle.actions.letters",
    "cycle.actions.mails.rehearsal.rehearsing",
    "cycle.actions.service.backup.restoring",
    "cycle.cli.copies",
    "cycle.cli.starting",
    "cycle.store.upgrading",
)
COMMAND = """
import json, os, socket, sys

with socket.socket(socket.AF_UNIX) as server:
    server.connect(sys.argv[1])
    order = {"words": sys.argv[2:], "folder": os.getcwd(), "environ": dict(os.environ)}
    socket.send_fds(server, [json.dumps(order).encode() + b"\\n"], [0, 1, 2])
    sys.exit(int(server.makefile().read()))
"""


@contextmanager
def command(folder: Path) -> Iterator[Path]:
    """A folder with a command `cycle` in it, for the path of a shell."""
    address = folder / "forking"
    words = " ".join(shlex.quote(str(word)) for word in (sys.executable, "-I", "-S", folder / "command.py", address))
    (folder / "command.py").write_text(COMMAND, encoding="utf-8")
    (folder / "cycle").write_text(f'#!/bin/sh\nexec {words} "$@"\n', encoding="utf-8")
    (folder / "cycle").chmod(0o755)
    process = subprocess.Popen([sys.executable, "-m", "tests.forked", address], cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    yield folder
    process.terminate()
    process.wait()
    process.stdout.close()


def main() -> None:
    load()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(sys.argv[1])
        listening.listen()
        print("ready", flush=True)
        while True:
            caller, _address = listening.accept()
            with caller:
                carry_out(caller)


def load() -> None:
    """Everything that a command may want, once."""
    for name in LOADED:
        import_module(name)
    configure_mappers()
    make_passphrases_quick()


def carry_out(caller: socket.socket) -> None:
    """One command, in a fork; the caller is told how it ended."""
    words, files, _flags, _address = socket.recv_fds(caller, 1_000_000, 3)
    while not words.endswith(b"\n"):
        words += caller.recv(1_000_000)
    child = os.fork()
    if child == 0:
        os._exit(ended(json.loads(words), files))
    for file in files:
        os.close(file)
    caller.sendall(str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])).encode())


def ended(order: dict[str, object], files: list[int]) -> int:
    """The exit code of a command that was given here."""
    for number, file in enumerate(files):
        os.dup2(file, number)
    os.chdir(str(order["folder"]))
    os.environ.clear()
    os.environ.update(order["environ"])  # type: ignore[call-overload]
    try:
        cycle.cli.main(order["words"])  # type: ignore[arg-type]
    except SystemExit as end:
        code = end.code
    else:
        code = 0
    sys.stdout.flush()
    sys.stderr.flush()
    return code if isinstance(code, int) else int(code is not None)


if __name__ == "__main__":
    main()
