"""Whose letter it is: house style, senders, addressees, signatories."""
