"""How many examples a property is tried on: a few with all other tests, and many by themselves (`make soak`).

A property that is derandomized tries the same examples on every run, and the few are the first of the many.
"""

import os


def examples(few: int, many: int) -> int:
    """Of these two numbers, what this run asks for."""
    return many if os.environ.get("SOAK") else few
