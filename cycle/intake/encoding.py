"""Bytes to text: UTF-8 with or without a byte order mark, UTF-16 with one, else what Windows wrote (1252)."""

import codecs


def decoded(content: bytes) -> str:
    """The text of a file, with line ends as \\n. Bytes that mean nothing become a replacement mark, never an error."""
    return _text(content).replace("\r\n", "\n").replace("\r", "\n")


def _text(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("windows-1252", errors="replace")
