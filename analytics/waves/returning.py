"""People who are in both waves, and the covariance of a group's two means due to them."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.inference.mean_difference import Overlap
from analytics.waves.wave import Wave

__all__ = ["Returning"]

Array = NDArray[np.float64]

_NO_SPREAD = 1e-12


@dataclass(frozen=True)
class Returning:
    """People recognised by their key; rows sorted by their unit in the current wave.

    Attributes
    ----------
    units : ndarray of int, shape (2, n_people)
        Row of each person's unit in the current and the earlier wave.
    scores : ndarray of shape (2, n_people, p)
        Their scores in points; NaN if missing.
    """

    current: Wave
    earlier: Wave
    units: NDArray[np.intp]
    scores: Array

    @classmethod
    def of(cls, current: Wave, earlier: Wave) -> "Returning | None":
        """Match people; None if a wave has no keys."""
        if not (current.has_keys and earlier.has_keys):
            return None
        columns = ["person", "unit", *current.constructs]
        both = (
            current.study.people.select(columns)
            .drop_nulls("person")
            .join(earlier.study.people.select(columns), on="person", suffix=":earlier")
            .sort("unit", "person")
        )
        sides = (("", current), (":earlier", earlier))
        units = [[wave.place[unit] for unit in both[f"unit{suffix}"]] for suffix, wave in sides]
        scores = [
            both.select(pl.col(f"{key}{suffix}") for key in current.constructs).to_numpy()
            for suffix, _ in sides
        ]
        size = (2, both.height, len(current.constructs))
        return cls(
            current,
            earlier,
            np.array(units, dtype=np.intp).reshape(size[:2]),
            np.array(scores, dtype=np.float64).reshape(size),
        )

    def overlap(self, now: NDArray[np.intp], before: NDArray[np.intp]) -> Overlap:
        """Return the overlap of a group's means over the units ``now`` and ``before``."""
        first, last = np.searchsorted(self.units[0], [now, now + 1])
        chosen = np.concatenate([np.arange(a, b) for a, b in zip(first, last, strict=True)])
        chosen = chosen[np.isin(self.units[1][chosen], before)].astype(np.intp)
        units, scores = self.units[:, chosen], self.scores[:, chosen]
        known = np.isfinite(scores[0]) & np.isfinite(scores[1])
        scale = np.where(known, self._scale(now, before, units), 0.0).sum(axis=0)
        covariance = _correlation(units, scores, known & self._is_open(units)) * scale
        return Overlap(known.sum(axis=0).astype(float), _strata(units[0], known), covariance)

    def _is_open(self, units: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Tell for which people the deviation from their colleagues may be used."""
        current, earlier = self.current.is_open[units[0]], self.earlier.is_open[units[1]]
        return np.asarray(current & earlier)

    def _scale(
        self, now: NDArray[np.intp], before: NDArray[np.intp], units: NDArray[np.intp]
    ) -> Array:
        """Return weight x standard deviation in both waves, multiplied, shape (n_people, p)."""
        product = np.ones((units.shape[1], len(self.current.constructs)))
        for wave, rows, unit in (
            (self.current, now, units[0]),
            (self.earlier, before, units[1]),
        ):
            spread = wave.person_shares(rows) * np.sqrt(wave.variance[rows])
            product = product * spread[np.searchsorted(rows, unit)]
        return product


def _correlation(units: NDArray[np.intp], scores: Array, known: NDArray[np.bool_]) -> Array:
    """Correlate the deviations from the units' means, shape (p,); 0 without any spread."""
    current = _deviations(units[0], scores[0], known)
    earlier = _deviations(units[1], scores[1], known)
    spread = np.sqrt((current**2).sum(axis=0) * (earlier**2).sum(axis=0))
    together = (current * earlier).sum(axis=0)
    flat = spread <= _NO_SPREAD
    return np.asarray(np.where(flat, 0.0, together / np.where(flat, 1.0, spread)))


def _deviations(unit: NDArray[np.intp], scores: Array, known: NDArray[np.bool_]) -> Array:
    """Return deviations from the mean of the unit's returning people, 0 if missing."""
    _, stratum = np.unique(unit, return_inverse=True)
    n = _by_stratum(stratum, known.astype(np.float64))
    total = _by_stratum(stratum, np.where(known, scores, 0.0))
    mean = total / np.maximum(n, 1)
    return np.asarray(np.where(known, scores - mean[stratum], 0.0))


def _strata(unit: NDArray[np.intp], known: NDArray[np.bool_]) -> Array:
    """Count the units that the people with both scores are in, at least 1, shape (p,)."""
    _, stratum = np.unique(unit, return_inverse=True)
    n = _by_stratum(stratum, known.astype(np.float64))
    return np.asarray(np.maximum((n > 0).sum(axis=0), 1), dtype=np.float64)


def _by_stratum(stratum: NDArray[np.intp], values: Array) -> Array:
    found = np.zeros((int(stratum.max(initial=-1)) + 1, values.shape[1]))
    np.add.at(found, stratum, values)
    return found
