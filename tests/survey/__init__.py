"""Use cases, and what they are made of."""
