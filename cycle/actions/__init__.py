"""What people or the clock may do, in rooms with walls. Each action gathers, decides, writes down, speaks.

Time is an argument here too: the doors hand it in. Decisions are the domain's; nothing here prints.

From the top, each using only those below it (import-linter guards it): `service` (the clock's work) and `acting` (who
acts by the command line); `letters` and `settling`; then beside each other `answers`, `people`, `register` and
`signin`; `mails` (the morning), `post` (the outbox on its way), `deadlines` (the year), `feeds`, and `office`, which
all of them use. Of those the larger ones have inner rooms, held apart in the same way.
"""
