"""From documents to a draft of the table that made them: who signed, for how long, and which steps their year has.

`organisations` knows what they are called, `sightings` finds them in one file (in the metered child), `parties` makes
one list of those of all files, `steps_named` the steps that the text names, `table` the whole `draft`. Nothing here is
kept: a person answers the questions first.
"""
