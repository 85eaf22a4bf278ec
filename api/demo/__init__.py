"""The demonstration: an invented company goes through a campaign, up to its release."""
