"""Debian's PostgreSQL on loopback, one server for a run, with fsync off. It ends with the run, even if that is killed.

Root cannot run it, so root runs it as Debian's user `postgres`.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from uuid import uuid4

import psycopg

QUICK = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "max_connections=300"]
GUARD = """
while kill -0 "$1" 2>/dev/null; do sleep 1; done
[ -f "$2/postmaster.pid" ] && kill -QUIT "$(head -n 1 "$2/postmaster.pid")"
sleep 1
rm -rf "$2" "$3"
"""


def programs() -> Path | None:
    """Where Debian keeps the server's programs: the newest version."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    return found[-1].parent if found else None


def start(place: Path, *settings: str) -> str:
    """The address of a new server, without a database; `place` remembers where its data are. `settings` go before
    those of every server here."""
    bin_folder = programs()
    assert bin_folder is not None
    data = Path(tempfile.mkdtemp(prefix="cycle-pg-"))
    (place / "data").write_text(str(data))
    _guard(place, data)
    port = free_port()
    _as_postgres(data, [bin_folder / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync"])
    _begin(data, port, *settings)
    return f"postgresql://postgres@127.0.0.1:{port}"


def start_standby(place: Path, of: str) -> str:
    """The address of a second server that follows the one at the address `of`, and is only to be read."""
    bin_folder = programs()
    assert bin_folder is not None
    data = Path(tempfile.mkdtemp(prefix="cycle-pg-"))
    (place / "data").write_text(str(data))
    _guard(place, data)
    port = free_port()
    _as_postgres(
        data, [bin_folder / "pg_basebackup", "-D", data, "-R", "-c", "fast", "--no-sync", "-d", f"{of}/postgres"]
    )
    data.chmod(0o700)
    _begin(data, port)
    return f"postgresql://postgres@127.0.0.1:{port}"


def control(place: Path, *words: str) -> None:
    """pg_ctl with these words, for the server of this place: `restart`, `promote`."""
    bin_folder, data = programs(), Path((place / "data").read_text())
    assert bin_folder is not None
    _as_postgres(data, [bin_folder / "pg_ctl", "-D", data, "-l", data / "log", "-w", *words])


def processes(place: Path) -> list[int]:
    """The number of the server's first process, and those of all that it began."""
    first = int((Path((place / "data").read_text()) / "postmaster.pid").read_text().split()[0])
    return [first, *map(int, Path(f"/proc/{first}/task/{first}/children").read_text().split())]


def _begin(data: Path, port: int, *settings: str) -> None:
    bin_folder = programs()
    assert bin_folder is not None
    given = " ".join([f"-p {port} -h 127.0.0.1 -k {data}", *(f"-c {setting}" for setting in (*QUICK, *settings))])
    _as_postgres(data, [bin_folder / "pg_ctl", "-D", data, "-l", data / "log", "-w", "-o", given, "start"])


def stop(place: Path) -> None:
    """Ends the server that was started for this place, if one was."""
    bin_folder = programs()
    if bin_folder is None or not (place / "data").exists():
        return
    data = Path((place / "data").read_text())
    if (data / "postmaster.pid").exists():
        _as_postgres(data, [bin_folder / "pg_ctl", "-D", data, "-m", "immediate", "stop"])
    shutil.rmtree(data, ignore_errors=True)


def new_database(address: str, like: str = "template1") -> str:
    """The address of a new database, a copy of another one; names never repeat."""
    name = f"test_{uuid4().hex}"
    # copying the files costs two thirds of writing all their pages into the log, which is what it would do by itself
    _tell(address, f"CREATE DATABASE {name} TEMPLATE {like} STRATEGY file_copy")
    return f"{address}/{name}"


def name_of(url: str) -> str:
    """That of the database at this address."""
    return url.rpartition("/")[2]


def drop(url: str) -> None:
    """Each takes 10 MB, and a run makes a thousand."""
    address, _, name = url.rpartition("/")
    _tell(address, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _tell(address: str, statement: str) -> None:
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute(statement.encode())


def _guard(place: Path, data: Path) -> None:
    """Looks after the server when the run is killed, and can end nothing any more."""
    run = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
    words = ["sh", "-c", GUARD, "guard", str(run), str(data), str(place.parent)]
    nowhere = subprocess.DEVNULL
    subprocess.Popen(words, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True, cwd="/")


def _as_postgres(data: Path, command: list[object]) -> None:
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(data, user.pw_uid, user.pw_gid)
        words = ["runuser", "-u", "postgres", "--", *words]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, cwd="/", timeout=60)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
