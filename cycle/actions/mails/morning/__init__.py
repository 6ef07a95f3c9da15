"""The mails of a morning: gathered, decided, made."""
