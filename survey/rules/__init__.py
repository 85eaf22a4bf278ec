"""Decisions as pure functions; waits for nothing, reads nothing."""
