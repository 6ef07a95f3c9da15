"""What failed in one round, by the covenant that it concerns: the rest goes on, and a person hears of it (rule C11)."""

from collections.abc import Iterator
from contextlib import contextmanager


class Troubles:
    """What failed, in a few words each. None stands for what concerns no covenant."""

    def __init__(self) -> None:
        self.noted: dict[int | None, list[str]] = {}

    @contextmanager
    def about(self, covenant: int | None, what: str) -> Iterator[None]:
        """Whatever fails within is noted, and the round goes on. A message of an exception may hold names, so only its
        kind is kept."""
        try:
            yield
        except Exception as error:
            self.add(covenant, f"{what} ({type(error).__name__})")

    def add(self, covenant: int | None, what: str) -> None:
        """Notes what failed."""
        self.noted.setdefault(covenant, []).append(what)

    def take(self, others: "Troubles") -> None:
        """Notes what others noted."""
        for covenant, whats in others.noted.items():
            self.noted.setdefault(covenant, []).extend(whats)
