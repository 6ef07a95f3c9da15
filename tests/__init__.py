"""The tests. What is compiled is kept, as `make` does too: each worker, and each command that a test starts, would
otherwise compile everything again, which took a minute and a half of a run."""

import os
import sys

sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
