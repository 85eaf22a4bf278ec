"""Names of columns that mean the same in every file."""

__all__ = ["IGNORED_PREFIX", "LINE"]

LINE = "#line"
"""The column of a frame of cells that holds the number of the line."""

IGNORED_PREFIX = "x_"
"""Columns so named are the giver's own; nobody reads them."""
