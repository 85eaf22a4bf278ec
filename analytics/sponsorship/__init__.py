"""The gap between claimed and perceived sponsorship."""

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
