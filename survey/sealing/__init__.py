"""Answers that nobody can read before their campaign has closed."""
