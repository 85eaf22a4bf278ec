"""Candidates for AI and their ranking."""
