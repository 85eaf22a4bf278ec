"""Campaigns: drafted, opened, closed; what they freeze, and who takes part."""
