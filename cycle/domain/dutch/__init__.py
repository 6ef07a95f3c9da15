"""How Dutch deadline phrases are read: "najaar 2022", "vóór 1 april", "eens per jaar in mei (uiterlijk 1 juli)".

`read` gives the reading of one phrase, `find` the phrases in running text. Never confidently wrong: what people may
read in two ways is doubtful and names the rival, what cannot be read has no date, and a date is never invented.

From text to reading: tokens -> words -> units (one stretch) -> when (stretches joined) -> clauses (with their limit
words; frequency and delays beside them) -> meaning -> reading. spans knows the calendar.
"""

from cycle.domain.dutch.moment import Reference, reference
from cycle.domain.dutch.reading import NOTHING_FOUND, read
from cycle.domain.dutch.running_text import Found, find

__all__ = ["NOTHING_FOUND", "Found", "Reference", "find", "read", "reference"]
