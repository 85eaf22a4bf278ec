"""Why answers cannot be sealed or opened; part of the tree in survey.errors.

SurveyError
├── Unavailable
│   ├── KeysMissing         the keys of an open campaign cannot be read on this machine
│   ├── KeysNotKept         the keys of a campaign that is to open cannot be written here
│   └── KeyExchanged        the public key in the database is not the campaign's own
└── Conflict
    ├── EnvelopeRefused     an envelope was not made by this installation, or was changed
    └── AnswersMissing      the envelopes hold other numbers of sheets than were acknowledged
"""

from pathlib import Path
from uuid import UUID

from survey.errors import Conflict, Unavailable

__all__ = ["AnswersMissing", "EnvelopeRefused", "KeyExchanged", "KeysMissing", "KeysNotKept"]


class KeysMissing(Unavailable):
    """The keys of an open campaign cannot be read in the key folder of this process.

    Parameters
    ----------
    file : Path
        What cannot be used.
    reason : str
        Why; for operators, not for callers.
    """

    code = "keys-missing"

    def __init__(self, campaign: UUID, *, file: Path, reason: str) -> None:
        self.campaign, self.file, self.reason = campaign, file, f"{file} {reason}"
        super().__init__(
            "The keys of this survey are not on this server. Nothing is lost: send the answers "
            "again once they are back.",
            campaign=str(campaign),
        )


class KeysNotKept(Unavailable):
    """The key folder of this process takes no keys; the campaign has not opened.

    Parameters
    ----------
    folder : Path
        The key folder.
    reason : str
        Why; for operators, not for callers.
    """

    code = "keys-not-kept"

    def __init__(self, campaign: UUID, *, folder: Path, reason: str) -> None:
        self.folder, self.reason = folder, reason
        super().__init__(
            "The keys of this campaign cannot be kept on this server, so it has not opened. "
            "The log of the server says why.",
            campaign=str(campaign),
        )


class KeyExchanged(Unavailable):
    """The public key in the database does not bear the mark of the campaign's secret.

    Somebody who can write into the database, but does not hold the key folder, put it there.
    """

    code = "key-exchanged"

    def __init__(self, campaign: UUID) -> None:
        super().__init__(
            "The key of this survey in the database is not its own. No answer is taken until "
            "an operator has looked into it.",
            campaign=str(campaign),
        )


class EnvelopeRefused(Conflict):
    """An envelope in the database does not bear the mark of the campaign's secret.

    Somebody who can write into the database, but does not hold the key folder, has put it there
    or changed it.
    """

    code = "envelope-refused"

    def __init__(self, campaign: UUID) -> None:
        super().__init__(
            "An envelope of this campaign in the database was not written by this "
            "installation, or was changed. The campaign stays closing.",
            campaign=str(campaign),
        )


class AnswersMissing(Conflict):
    """The envelopes hold other numbers of sheets than were acknowledged.

    Parameters
    ----------
    invited, imported : tuple of int
        Sheets found, and sheets acknowledged.
    """

    code = "answers-missing"

    def __init__(
        self, campaign: UUID, *, invited: tuple[int, int], imported: tuple[int, int]
    ) -> None:
        super().__init__(
            f"The envelopes hold {invited[0]} sheets of {invited[1]} completed invitations "
            f"and {imported[0]} of {imported[1]} imported rows. The campaign stays closing.",
            campaign=str(campaign),
            invited={"found": invited[0], "acknowledged": invited[1]},
            imported={"found": imported[0], "acknowledged": imported[1]},
        )
