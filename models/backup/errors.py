"""What backups may be refused for; part of the tree in models.errors.

DatabaseError
├── BackupUnreadable   the file is not a whole backup that this version can read
├── BackupRefused      the database cannot be written to a file as it stands
└── RestoreRefused     the database cannot take the backup as it stands
"""

from models.errors import DatabaseError

__all__ = ["BackupRefused", "BackupUnreadable", "RestoreRefused"]


class BackupUnreadable(DatabaseError):  # noqa: N818 - an error is named for what happened
    """The file is no backup, is damaged, or was made by a newer version of opmodel."""


class BackupRefused(DatabaseError):  # noqa: N818 - an error is named for what happened
    """The database cannot be backed up as it stands; the message says what to do."""


class RestoreRefused(DatabaseError):  # noqa: N818 - an error is named for what happened
    """The database cannot take the backup as it stands; the message says what to do."""
