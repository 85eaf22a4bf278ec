"""Correlation matrices: the published example, and drawn ones."""

from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

__all__ = ["drawn_correlation", "swiss_correlation"]

SWISS = Path(__file__).parent / "data" / "swiss.csv"


def swiss_correlation() -> NDArray[np.float64]:
    """Return the correlations of the five indicators and, last, fertility."""
    frame = pl.read_csv(SWISS)
    columns = [name for name in frame.columns if name != "fertility"]
    return np.corrcoef(frame.select(*columns, "fertility").to_numpy().T)


def drawn_correlation(seed: int, predictors: int) -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(40, predictors + 1)) + rng.normal(size=(40, 1))
    return np.corrcoef(rows.T)
