"""How far moments and tries may go: what lies further was written by a clock that stood wrong."""

from datetime import timedelta

TRIES_IN_DOUBT = 2
"""How often a reminder is tried after a try of which nobody knows whether it arrived; then a person is asked."""

NOT_YET = timedelta(hours=3)
"""What is dated further ahead was written by a clock that stood wrong. A zone or summer time too much is less."""

LONGEST_DAY = timedelta(hours=25)  # on which the clock goes back
LONGEST_WAIT = timedelta(hours=1)  # between two tries, and of a lease
