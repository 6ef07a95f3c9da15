"""What tests of whole processes share."""

from feed_server import serve

__all__ = ["serve"]
