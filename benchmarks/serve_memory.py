"""Promise: the serving process, all in one (pages, feeds and the clock), stays at or below 110 MB resident.

It is measured after its first rounds and rehearsal, after fifty requests for the page and a feed, and while nothing is
going on; the letter is previewed in another process, as the command line does.
"""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Figure, Outcome, Skipped, main
from benchmarks.served import house

LIMIT = 110
REQUESTS = 50
PROMISE = "serve --example, resident after 50 requests"


def run() -> Iterator[Outcome]:
    """One server; what it holds at the end, and the most it ever held."""
    if not Path("/proc/self/status").exists():
        yield Skipped(PROMISE, "only Linux tells in /proc what is resident")
        return
    with house() as here, here.serving() as server:
        for number in range(REQUESTS):
            status = server.get("/" if number % 2 else here.feed_path())
            assert status == 200, f"{'page' if number % 2 else 'feed'}: {status}"
        here.run("letter", "2027", "preview")
        found = server.memory()
    yield Figure(PROMISE, found["VmRSS"], LIMIT, unit="MB")
    yield Figure("serve --example, the most that was ever resident", found["VmHWM"], unit="MB")


if __name__ == "__main__":
    main(run)
