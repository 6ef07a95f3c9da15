"""The rules: dates, phrases, the year, who is told what and when.

Pure: standard library only, no clock, no database, no files. Everything here takes `today` or `now` as an argument
and returns values that carry their reason.
"""
