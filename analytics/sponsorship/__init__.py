"""The gap between the sponsorship that is claimed and the one that is felt."""

from analytics.sponsorship.campaign import study_sponsorship
from analytics.sponsorship.gaps import Asked, SponsorshipFindings, sponsorship_findings

__all__ = ["Asked", "SponsorshipFindings", "sponsorship_findings", "study_sponsorship"]
