"""Organisations, their units and people, and who may see which unit."""
