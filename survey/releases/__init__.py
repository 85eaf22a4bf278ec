"""The immutable results of a campaign: computing, storing and reading them."""
