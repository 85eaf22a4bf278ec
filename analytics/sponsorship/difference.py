"""The difference of two means: interval, test, equivalence; it knows no people."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf, sqrt

from scipy.special import stdtr, stdtrit

__all__ = ["SAME", "Difference", "Side"]

SAME = 1e-12
"""Points below which two means are one and the same number, and an error is none."""


@dataclass(frozen=True)
class Side:
    """One mean and where its error comes from.

    Attributes
    ----------
    mean : float
        Points.
    errors : tuple of (float, float)
        Independent terms of the squared standard error, squared points, each with its degrees
        of freedom.
    """

    mean: float
    errors: tuple[tuple[float, float], ...]

    @property
    def variance(self) -> float:
        """Return the squared standard error of the mean."""
        return sum(term for term, _ in self.errors)


@dataclass(frozen=True)
class Difference:
    """One mean less another, in points.

    Attributes
    ----------
    estimate : float
        The difference.
    error : float
        Its standard error.
    freedom : float
        Degrees of freedom of the error after Satterthwaite; infinite where there is none.
    """

    estimate: float
    error: float
    freedom: float

    @classmethod
    def of(cls, one: Side, other: Side) -> "Difference":
        """Subtract the other mean from the one.

        Notes
        -----
        SE² is the sum of all terms v_i; df = (sum of v_i)² / sum of v_i² / df_i.

        References
        ----------
        .. [1] Satterthwaite (1946), An approximate distribution of estimates of variance
           components.
        """
        errors = (*one.errors, *other.errors)
        variance = sum(term for term, _ in errors)
        return cls(one.mean - other.mean, sqrt(variance), _freedom(variance, errors))

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Return the two-sided confidence limits."""
        half = 0.0
        if self.error > 0.0:
            half = float(stdtrit(self.freedom, 0.5 + level / 2)) * self.error
        return self.estimate - half, self.estimate + half

    def p_value(self) -> float:
        """Return the two-sided p of the hypothesis that both means are equal."""
        return min(1.0, 2.0 * self._chance_above(abs(self.estimate)))

    def equivalence_p(self, margin: float) -> float:
        """Return the p of the hypothesis that the means lie ``margin`` or further apart.

        Notes
        -----
        The greater p of the two one-sided tests against -margin and +margin (TOST).

        References
        ----------
        .. [1] Lakens (2017), Equivalence tests: a practical primer.
        """
        return self._chance_above(margin - abs(self.estimate))

    def _chance_above(self, distance: float) -> float:
        """Return the chance that error alone reaches a distance."""
        if self.error > SAME:
            return float(stdtr(self.freedom, -distance / self.error))
        return float(distance <= SAME)


def _freedom(variance: float, errors: Iterable[tuple[float, float]]) -> float:
    if variance <= 0.0:
        return inf
    return variance**2 / sum(term**2 / freedom for term, freedom in errors)
