"""The operating models of all units together."""
