"""The file of a back-up: members with a checksum each, a list of them at the end, and a passphrase around it by choice.

It is a gzipped tar, or that in an age file (age-encryption.org/v1): without `cycle` too, `tar` and `age` open it.
"""

from cycle.archive.age import WrongPassphrase
from cycle.archive.members import ArchiveWriter, Contents, is_archive, is_encrypted, read_archive

__all__ = ["ArchiveWriter", "Contents", "WrongPassphrase", "is_archive", "is_encrypted", "read_archive"]
