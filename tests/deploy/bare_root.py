"""A machine of nothing but Debian's own files and Python, in which a Containerfile's steps and a unit's commands run.

It is a folder that a process enters by `chroot`, in a mount namespace of its own: `/usr` of this machine read-only, and
of its own `/etc`, `/opt`, `/var`, `/tmp`. Its network is a loopback of its own, so that every port is free. What would
come from a package index comes from the environment that runs the tests: nothing is fetched.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT

SITE = os.path.realpath(next(path for path in sys.path if path.endswith("site-packages")))
MACHINE = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
"""What lies in `/usr` on a merged Debian; bound or linked, as it is here."""
ETC = ("ld.so.cache", "nsswitch.conf", "login.defs", "localtime")
FETCHES = "--require-hashes"
ENTER = """
set -e
root=$1; shift
mount --bind "$root" "$root"
mount --bind /usr "$root/usr"; mount -o remount,bind,ro "$root/usr"
mount --bind "$root/shims" "$root/usr/local/bin"
for place in $BOUND; do mount --bind "$place" "$root$place"; mount -o remount,bind,ro "$root$place"; done
mount --rbind /dev "$root/dev"; mount --rbind /proc "$root/proc"
if [ -n "$WRITABLE" ]; then
  for place in $WRITABLE; do mount --bind "$root$place" "$root$place"; done
  mount -o remount,bind,ro "$root"
fi
exec "$@"
"""


def refuse_without_namespaces() -> None:
    """Skips where nobody may make a namespace; on the machines of CI that would be a fault."""
    works = shutil.which("unshare") and subprocess.run(["unshare", "--mount", "true"], capture_output=True)
    if not works or works.returncode:
        reason = "this needs root, for a mount namespace of its own"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)


@dataclass(frozen=True)
class BareRoot:
    """The folder, and how a command runs in it."""

    folder: Path

    @classmethod
    def make(cls, folder: Path) -> "BareRoot":
        """An empty one, with `python` and `pip` as an image of Python has them."""
        for name in ("usr", "dev", "proc", "etc", "opt", "var/lib", "tmp", "shims", "run"):
            (folder / name).mkdir(parents=True)
        (folder / "tmp").chmod(0o1777)
        for name in MACHINE:
            if Path("/", name).is_symlink():
                (folder / name).symlink_to(os.readlink(f"/{name}"))
        for name in ETC:
            if Path("/etc", name).exists():
                shutil.copy(Path("/etc", name), folder / "etc" / name)
        root = "root:x:0:0:root:/root:/bin/sh\n"
        for name, words in (("passwd", root), ("group", "root:x:0:\n"), ("shadow", ""), ("gshadow", "")):
            (folder / "etc" / name).write_text(words)
        for name, words in (("python", ""), ("pip", " -m pip")):
            shim = folder / "shims" / name
            shim.write_text(f'#!/bin/sh\n{"PYTHONPATH=" + SITE if words else ""} exec {base()}{words} "$@"\n')
            shim.chmod(0o755)
        for place in bound():
            (folder / place.lstrip("/")).mkdir(parents=True, exist_ok=True)
        return cls(folder)

    def command(
        self,
        words: Sequence[str],
        *,
        user: str = "",
        env: Mapping[str, str] | None = None,
        at: str = "/",
        writable: Sequence[str] = (),
        beside: int = 0,
    ) -> list[str]:
        """The words that run a command in it: with a read-only root but for what is `writable`, and in the network of
        another process (`beside`) or of its own."""
        network = ["nsenter", "--net", "--target", str(beside)] if beside else ["unshare", "--net"]
        up = [] if beside else ["sh", "-c", 'ip link set lo up; exec "$@"', "-"]
        own = [f"BOUND={' '.join(bound())}", f"WRITABLE={' '.join(writable)}"]
        enter = ["env", *own, "unshare", "--mount", "sh", "-c", ENTER, "-", str(self.folder)]
        ids = user.partition(":")[::2]
        drop = ["setpriv", f"--reuid={ids[0]}", f"--regid={ids[1] or ids[0]}", "--clear-groups", "--no-new-privs"]
        inside = ["chroot", str(self.folder), *(drop if user else []), "env", "--ignore-environment", f"--chdir={at}"]
        settings = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", **(env or {})}
        return [*network, *up, *enter, *inside, *(f"{name}={value}" for name, value in settings.items()), *words]

    def run(self, words: Sequence[str], **how: object) -> "subprocess.CompletedProcess[str]":
        """One command, to its end."""
        return subprocess.run(self.command(words, **how), capture_output=True, text=True, timeout=180)  # type: ignore[arg-type]


def base() -> str:
    """The Python that the environment of the tests was made from."""
    return os.path.realpath(sys.executable)


def bound() -> list[str]:
    """What a bare root shows of this machine besides `/usr`: that Python, unless it lies there, and the packages."""
    return [SITE] if sys.base_prefix.startswith("/usr") else [sys.base_prefix, SITE]


@dataclass(frozen=True)
class Step:
    """One instruction of a Containerfile, its words, and the line that it begins on."""

    name: str
    words: str


def steps_of(containerfile: Path) -> list[Step]:
    """Its instructions, each on one line."""
    lines = [line for line in containerfile.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    whole = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [Step(*line.split(maxsplit=1)) for line in whole.splitlines() if line.strip()]


@dataclass
class Built:
    """What came of a Containerfile: its last stage, and what that says of how it runs."""

    root: BareRoot
    env: dict[str, str]
    workdir: str = "/"
    user: str = ""
    volumes: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    healthcheck: tuple[str, ...] = ()


def build(containerfile: Path, folder: Path) -> Built:
    """Carries out every step of a Containerfile, each stage in a bare root of its own.

    One step is not carried out as it stands: what `pip` fetches by hash is put within reach instead.
    """
    stages: dict[str, Built] = {}
    made = None
    for step in steps_of(containerfile):
        if step.name == "FROM":
            name = step.words.partition(" AS ")[2] or "last"
            made = stages[name] = Built(BareRoot.make(folder / name), {})
        elif step.name != "ARG":
            assert made is not None
            carry_out(step, made, stages)
    return stages["last"]


def carry_out(step: Step, made: Built, stages: Mapping[str, Built]) -> None:
    """One step in the stage that is being made."""
    match step.name:
        case "RUN":
            run_in(made, step.words)
        case "COPY":
            copy_into(made, shlex.split(step.words), stages)
        case "ENV":
            made.env |= dict(pair.split("=", 1) for pair in shlex.split(step.words))
        case "WORKDIR":
            made.workdir = step.words
            (made.root.folder / step.words.lstrip("/")).mkdir(parents=True, exist_ok=True)
        case "USER":
            made.user = step.words
        case "VOLUME":
            made.volumes = (*made.volumes, step.words)
        case "ENTRYPOINT":
            made.entrypoint = tuple(json.loads(step.words))
        case "CMD":
            made.command = tuple(json.loads(step.words))
        case "HEALTHCHECK":
            made.healthcheck = tuple(json.loads(step.words.partition("CMD ")[2]))
        case "EXPOSE" | "STOPSIGNAL":
            pass
        case unknown:
            raise AssertionError(f"{unknown} is no step that this knows")


def run_in(made: Built, words: str) -> None:
    """A RUN step; what fetches packages by hash shows those of the tests instead."""
    if FETCHES in words:
        [site] = (made.root.folder / "opt/cycle/lib").glob("python*/site-packages")
        (site / "here.pth").write_text(f"{SITE}\n")
        return
    done = made.root.run(["/bin/sh", "-c", words], env=made.env, at=made.workdir)
    assert done.returncode == 0, (words, done.stdout, done.stderr)


def copy_into(made: Built, words: Sequence[str], stages: Mapping[str, Built]) -> None:
    """A COPY step, from the checkout or from an earlier stage; the last word is where to."""
    origin = ROOT
    if words[0].startswith("--from="):
        origin, words = stages[words[0].removeprefix("--from=")].root.folder, words[1:]
    *sources, target = words
    place = made.root.folder / os.path.normpath(os.path.join(made.workdir, target)).lstrip("/")
    for source in (origin / word.lstrip("/") for word in sources):
        if source.is_dir():
            shutil.copytree(source, place, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, place / source.name if target.endswith("/") or place.is_dir() else place)


def files_in(root: BareRoot) -> Iterator[tuple[str, int, float]]:
    """Each file of it but those of this machine, with its size and when it was written."""
    for folder, folders, names in os.walk(root.folder):
        folders[:] = [name for name in folders if not os.path.ismount(os.path.join(folder, name))]
        for name in names:
            status = os.lstat(os.path.join(folder, name))
            yield os.path.relpath(os.path.join(folder, name), root.folder), status.st_size, status.st_mtime
