"""Data that tests read: copies, so that nothing outside the project is needed."""

from pathlib import Path

__all__ = ["DATA"]

DATA = Path(__file__).parent
