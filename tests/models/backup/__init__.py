"""Backups: every row out, every row in, and nothing in between."""
