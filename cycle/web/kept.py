"""What pages worked out and may show again, for as long as nothing was written about its covenant.

The stamp of a covenant (`store/touching.py`) is read with every request, so nothing that is kept outlives a change. A
value may be newer than its stamp, never older: then it is worked out once more.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

MOST = 1000

Value = TypeVar("Value")


class KeptValues:
    """One per application; values are not to be changed by who gets them."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = Lock()
        self._found: OrderedDict[Hashable, tuple[str, Any]] = OrderedDict()

    def get(self, key: Hashable, stamp: str, build: Callable[[], Value]) -> Value:
        """The value of this key, worked out again when the stamp is another one than it was."""
        with self._lock:
            known = self._found.get(key)
            if known is not None and known[0] == stamp:
                self._found.move_to_end(key)
                value: Value = known[1]
                return value
        made = build()  # outside the lock: others need not wait for it
        with self._lock:
            self._found[key] = (stamp, made)
            self._found.move_to_end(key)
            while len(self._found) > self._most:
                self._found.popitem(last=False)
        return made
