"""The room that writes and speaks mail: wording, bytes, and the way out.

    fields.py     what each kind of mail may say (plain strings, numbers, lists)
    samples.py    one example of each kind, for the check at start and for tests
    templates.py  Wording: templates/email/ + fields -> subject, text, html
    headers.py    how words become mail headers (RFC 5322, 2047, 2231)
    compose.py    subject, text, html + envelope -> the bytes of one message
    deliver.py    Outcome, Answer, Transport, Pace: what a way out must promise
    maildir.py    messages as files that anyone can open
    smtp.py       messages to a server, with every answer classed

Nothing here reads the clock, the database or the settings: time and settings are arguments.
"""
