"""One measure of sponsorship by sponsors and by each group of raters, with pooled variances."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from analytics.sponsorship.ratings import People, Ratings, RatingsByUnit
from analytics.vocabulary import Cut

__all__ = ["PRIOR_PEOPLE", "SponsorshipMeasure", "borrowed_variance"]

PRIOR_PEOPLE = 20.0
"""Degrees of freedom that a borrowed variance is worth (method 2)."""


@dataclass(frozen=True)
class SponsorshipMeasure:
    """Scores on one measure: the eight items together, or one behaviour.

    Attributes
    ----------
    sponsors : mapping of str to Ratings
        Self-ratings of the sponsors of each unit.
    raters : mapping of Cut to RatingsByUnit
        What managers, contributors and both together perceive in each unit.
    employee_variance : float
        Employees' pooled within-unit variance s²_e, squared points.
    employee_freedom : int
        Its degrees of freedom, at least 1.
    sponsor_variance : float
        s²_s,pool, squared points.
    shown : mapping of str to Cut
        Units whose own figure is shown, with the cut of that figure.
    """

    sponsors: RatingsByUnit
    raters: Mapping[Cut, RatingsByUnit]
    employee_variance: float
    employee_freedom: int
    sponsor_variance: float
    shown: Mapping[str, Cut] = field(default_factory=dict)

    def is_open(self, unit: str, cut: Cut) -> bool:
        """Tell whether the spread of a unit's own people in a cut may be used.

        Contributors and managers are shown only if everyone is shown.
        """
        return unit in self.shown and (cut == "all" or self.shown[unit] != "all")

    @classmethod
    def of(
        cls, people: People, sponsors: People, column: str, shown: Mapping[str, Cut]
    ) -> "SponsorshipMeasure":
        """Summarise one measure of sponsors and of everyone else.

        Parameters
        ----------
        people, sponsors : People
            Managers and contributors; sponsors.
        column : str
            The measure.
        shown : mapping of str to Cut
            Units whose own figure is shown, with the cut of that figure.

        Notes
        -----
        Every interval gives the pooled variance away. Pooled over the contributors of all
        units, it would be one more equation about units whose roles are merged: with one such
        unit a lone manager's score follows. So it pools the ratings that are shown, each in
        its own cut, or everybody's if none are shown.
        """
        raters = people.ratings(column)
        by_unit = {
            unit: raters[cut][unit] for unit, cut in shown.items() if unit in raters[cut]
        }
        squares, freedom = _pooled(by_unit) or _pooled(raters["all"]) or (0.0, 1)
        claims = sponsors.ratings(column)["all"]
        own, own_freedom = _pooled(claims) or (0.0, 0)
        variance = squares / freedom
        pool = (PRIOR_PEOPLE * variance + own) / (PRIOR_PEOPLE + own_freedom)
        return cls(claims, raters, variance, freedom, pool, shown)


def borrowed_variance(ratings: Ratings, pool: float) -> float:
    """Return the variance of some ratings shrunk towards a pool worth 20 degrees of freedom.

    Parameters
    ----------
    ratings : Ratings
        One person suffices.
    pool : float
        Variance borrowed from elsewhere, squared points.

    References
    ----------
    .. [1] method.md 2 (s²_sb*) and 1.2 (W_b).
    """
    return (PRIOR_PEOPLE * pool + ratings.squares) / (PRIOR_PEOPLE + ratings.n - 1)


def _pooled(by_unit: RatingsByUnit) -> tuple[float, int] | None:
    """Return the sum of squares within units and its degrees of freedom, if there are any."""
    freedom = sum(ratings.n - 1 for ratings in by_unit.values())
    squares = sum(by_unit[unit].squares for unit in sorted(by_unit))
    return (squares, freedom) if freedom else None
