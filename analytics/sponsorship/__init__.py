"""The gap between the sponsorship that is claimed and the one that is felt."""

from analytics.sponsorship.gaps import (
    SponsorshipFindings,
    SponsorshipQuestions,
    sponsorship_findings,
    study_sponsorship,
)

__all__ = [
    "SponsorshipFindings",
    "SponsorshipQuestions",
    "sponsorship_findings",
    "study_sponsorship",
]
