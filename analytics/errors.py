"""Errors in the input of an analysis.

AnalyticsError
└── SchemaError     a frame lacks a column or has one of another type
"""

__all__ = ["AnalyticsError", "SchemaError"]


class AnalyticsError(ValueError):
    """An analysis cannot be made from this input; the message says why."""


class SchemaError(AnalyticsError):
    """A frame lacks a column, or has one of another type."""
