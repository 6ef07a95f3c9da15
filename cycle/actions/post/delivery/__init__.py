"""Handing mails over, and writing down what servers said."""
