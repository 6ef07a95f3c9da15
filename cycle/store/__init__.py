"""The tables, and questions and commands in their words. Nothing outside this room knows SQL.

Rows stay in here and in `actions`; the domain gets its own values. Every row of a covenant bears its id.
"""
