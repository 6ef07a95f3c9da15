"""The outbox and the ledger: what is to be mailed, what was, and what was told to whom (rules C2 to C4).

States of a message: `draft` waits for approval, `queued` for its turn, `sending` is leased to a sender, `held` waits
for a person; `sent`, `failed`, `discarded` and `replaced` are ends. Only `queued` rows are claimed, and whoever changes
a row's state names the state it must still have, so that two processes never both succeed.

A mail that no server can have taken may be withdrawn and made anew. Its bytes stay as they are from the moment that its
final dot went out without an answer (`uncertain`). A mail that failed gives the lines that it told free again.

Into it: `putting`, and back out of it: `withdrawing`; `approving` is about what waits for a person first. On its way:
`claiming`, and `handing` while a server has it. Beside it: `telling` reads the ledger, `lookups` answers all other
questions, `emptying` takes words out; `standstill` and `beating` say what stands still and what came round. Below:
`conditions`, `labels` and `tolerance`.
"""
