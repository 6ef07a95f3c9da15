"""A table's life, lived day by day: random acts of people, bad weather at the mail server, restarts, and laws.

A run is a function of (seed, days). Each day has rounds of the clock and acts; when it is over, every law is checked
(`laws.py`). What breaks a law is printed with its acts, shrunk to the fewest that still break it, ready to paste into
`regressions.py`. `make test` lives a few seeds, `make soak` many.

    python -m tests.simulation --seeds 1-20 --days 365              another way to say it: make soak
    python -m tests.simulation --seeds 7 --days 90 --laws told_once  only some laws
    python -m tests.simulation --seeds 7 --without kill,weather      without some acts

**An act** is a plain value: a day, a time, a name, and data that names things by lasting names ("Team Wonen",
"terneuzen:step:voorjaarsoverleg@2027"), never by a row id. To add one, write a subclass of `Act` in `acts/`:

    class Move(Act):
        weight = 3                                     # how often, beside the others

        def choose(self, table, dice):                 # data, or None when there is nothing to do it with
            return {"deadline": dice.choice(table.refs()), "day": "2027-05-01"}

        def carry_out(self, table, *, deadline, day):  # says whether it changed anything
            return move(table.office, table.deadline(deadline), ...).changed

`carry_out` raises `Skip` when what it names is not there (any more), and lets a `CycleError` pass: a refusal is an
answer. Any other exception breaks the law that nothing falls over. An act with `is_of_person = False` (weather, a
restart) needs no line in the logbook.

**A law** is a generator in `laws.py` with `@law` above it. It looks at the table at the end of a day and yields a
sentence for each breach; what it must remember of earlier days it keeps in `table.memory`. A law is strict and true:
it says what design.md section 2 promises, and it is never weakened to let a seed pass.

**A regression** is a `Life` in `regressions.py`: the acts, from a day, for some days, and the law that they broke.
While its fault stands, it bears the number of the fault, is expected to fail, and so are the seeds; whoever mends the
fault takes the number away.
"""
