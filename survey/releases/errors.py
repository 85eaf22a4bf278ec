"""Why a campaign is not released, or a release not read; part of the tree in survey.errors.

SurveyError
├── NotFound
│   ├── ReleaseNotFound        no such release, or none yet
│   └── FindingNotFound        the release says nothing of this
└── Conflict
    ├── CampaignNotClosed      only what has closed is released
    ├── AlreadyReleased        a campaign is released once
    ├── NothingToRelease       nobody answered
    └── MoreAnswersThanInvitations  somebody answered who was not invited
"""

from uuid import UUID

from survey.errors import Conflict, NotFound

__all__ = [
    "AlreadyReleased",
    "CampaignNotClosed",
    "FindingNotFound",
    "MoreAnswersThanInvitations",
    "NothingToRelease",
    "ReleaseNotFound",
]


class ReleaseNotFound(NotFound):
    """There is no such release within the caller's sight."""

    code = "release-not-found"

    def __init__(self, release: UUID | str) -> None:
        super().__init__(f"No release {release}.", release=str(release))


class FindingNotFound(NotFound):
    """The release says nothing of this: it could not be computed, or was not yet known."""

    code = "finding-not-found"

    def __init__(self, kind: str) -> None:
        super().__init__(f"This release says nothing of {kind}.", kind=kind)


class CampaignNotClosed(Conflict):
    """Results exist only once nobody can answer any more."""

    code = "campaign-not-closed"

    def __init__(self, campaign: UUID, state: str) -> None:
        super().__init__(
            f"The campaign is {state}; only a closed campaign can be released.",
            campaign=str(campaign),
            state=state,
        )


class AlreadyReleased(Conflict):
    """A campaign is released once, so that no two results can be compared to isolate anyone."""

    code = "already-released"

    def __init__(self, campaign: UUID) -> None:
        super().__init__("This campaign has already been released.", campaign=str(campaign))


class NothingToRelease(Conflict):
    """Nobody answered, so there is no result."""

    code = "nothing-to-release"

    def __init__(self, campaign: UUID) -> None:
        super().__init__("Nobody answered this campaign.", campaign=str(campaign))


class MoreAnswersThanInvitations(Conflict):
    """Answers were added behind the form: nobody's would be safe, and no figure true.

    It does not say how many, because the group may be small.
    """

    code = "more-answers-than-invitations"

    def __init__(self, campaign: UUID, unit: str) -> None:
        super().__init__(
            f"Unit {unit} has more answers by invitation than people who completed theirs. "
            "Nothing is released. An operator has to find out where they came from.",
            campaign=str(campaign),
            unit=unit,
        )
