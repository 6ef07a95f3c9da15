"""`python -m cycle` and the `cycle` command."""

from cycle.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
