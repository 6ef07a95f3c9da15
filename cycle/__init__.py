"""`cycle`: the yearly round of Dutch prestatieafspraken, so that everybody acts in time.

The house; imports only go down, rooms on one floor do not know each other (import-linter guards it):

    __main__, cli          commands; no rules in them
    scheduler | web        doors: the clock, the pages and feeds
    clock                  now(): the only line that reads the clock
    actions                what people or the clock may do, in rooms: service and acting; letters and settling;
                           answers, people, register and signin; mails; post; deadlines; feeds; office
    store | mail | feed | letter | intake | sheets | ping | archive     rooms without doors to one another
    settings               config.toml and the environment
    resources | private    where shipped files lie; how files of our own are made, for their owner alone
    domain                 pure rules: model, dutch, days, text, workdays, year, ladders, addressing, planning, status
    errors                 a sentence, a hint and an exit code

Glossary (Dutch words that stay Dutch in code):

    prestatieafspraken     agreements on results between municipality, corporations and tenants' organisations
    covenant               the raamovereenkomst: a framework agreement for some years, that may renew itself
    afspraak               one numbered agreement
    trekker                the lead: the party that must see to it, and the person who gets its mail
    uitvoeringsagenda      the yearly list of actions under the framework
    bestuurlijk overleg    the spring and autumn meeting of those who decide
    step                   a fixed point of the year, from config.toml
    deadline (termijn)     the concrete thing to do, with a last day
    rung, ladder           when somebody is told, before and after that day
    digest                 all reminders of one person on one day: one mail
"""

__version__ = "0.1.0"
"""The one place of it: the build reads it here, and so does `cycle --version`. The headings of CHANGELOG.md follow."""
