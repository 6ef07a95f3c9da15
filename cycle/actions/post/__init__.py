"""The outbox on its way: handing over, what servers answered, bounces, alarms, and what a person decides about it."""
