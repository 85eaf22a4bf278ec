"""Which failures are expected, and what they come to at the command line; the rest are bugs."""

import errno

import msgspec

from analytics.errors import AnalyticsError
from api.settings import SettingsError
from models.backup.errors import BackupUnreadable
from models.errors import DatabaseError
from survey.access.server_key import ServerKeyRefused
from survey.database import database_failure
from survey.errors import SurveyError, Unavailable
from survey.sealing.key_export import ExportedKeysRefused
from survey.sealing.key_folder import KeyFolderRefused

__all__ = ["FAILED", "REFUSED", "CommandFailed", "Failure", "expected"]

FAILED = 1
"""The command was right, and could not be carried out."""
REFUSED = 2
"""What was given is not right."""

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}


class CommandFailed(Exception):  # noqa: N818 - an error is named for what happened
    """A command cannot do what was asked; the message says why and what to do."""


_EXPECTED = (CommandFailed, DatabaseError, KeyFolderRefused, ServerKeyRefused, SettingsError)


class Failure(msgspec.Struct, frozen=True):
    """How a command ends that did not succeed."""

    sentence: str
    exit_code: int


def expected(error: Exception) -> Failure | None:
    """Return how a command ends on this error; None if it is a defect."""
    if isinstance(error, SurveyError):
        return Failure(str(error), FAILED if isinstance(error, Unavailable) else REFUSED)
    if isinstance(error, AnalyticsError | BackupUnreadable | ExportedKeysRefused):
        return Failure(str(error), REFUSED)
    if isinstance(error, _EXPECTED):
        return Failure(str(error), FAILED)
    if isinstance(error, OSError) and (error.filename or error.errno in _NO_ROOM):
        return Failure(f"{error.filename or 'Nothing was written'}: {error.strerror}.", FAILED)
    if (sentence := database_failure(error)) is not None:
        return Failure(sentence, FAILED)
    return None
