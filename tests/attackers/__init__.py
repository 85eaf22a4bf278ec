"""Attackers: attempts to learn about small groups and single people from published results."""
