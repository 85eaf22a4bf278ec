"""The gap between the sponsorship that is claimed and the one that is felt."""

from analytics.sponsorship.gaps import (
    Asked,
    SponsorshipFindings,
    sponsorship_findings,
    study_sponsorship,
)

__all__ = ["Asked", "SponsorshipFindings", "sponsorship_findings", "study_sponsorship"]
