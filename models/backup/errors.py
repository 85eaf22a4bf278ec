"""Errors of backup and restore; part of the tree in models.errors.

DatabaseError
├── BackupUnreadable   the file is not a complete backup of ours that this version can read
├── BackupRefused      the database cannot be backed up in its present state
└── RestoreRefused     the backup cannot be restored into the database in its present state
"""

from models.errors import DatabaseError

__all__ = ["BackupRefused", "BackupUnreadable", "RestoreRefused"]


class BackupUnreadable(DatabaseError):  # noqa: N818 - an error is named for what happened
    """The file is no backup, was damaged or changed, or is of a newer version of opmodel."""


class BackupRefused(DatabaseError):  # noqa: N818 - an error is named for what happened
    """The database cannot be backed up in its present state; the message says what to do."""


class RestoreRefused(DatabaseError):  # noqa: N818 - an error is named for what happened
    """The backup cannot be restored into this database; the message says what to do."""
