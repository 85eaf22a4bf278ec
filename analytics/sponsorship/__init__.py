"""The gap between the sponsorship that is claimed and the one that is felt."""

from analytics.sponsorship.gaps import sponsorship_gaps

__all__ = ["sponsorship_gaps"]
