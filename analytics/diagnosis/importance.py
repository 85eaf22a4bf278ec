"""The importance of root causes, as the driver analysis has it."""

from analytics.results.constraint import Importance
from analytics.results.drivers import Drivers

__all__ = ["importance_of"]


def importance_of(drivers: Drivers | None) -> dict[str, Importance]:
    """Return how much of the explained differences in value goes together with each construct.

    Parameters
    ----------
    drivers : Drivers, optional
        The driver analysis of the company, where claims are allowed.

    Returns
    -------
    dict of str to Importance
        The shares of R² between colleagues of one unit. Constructs whose scales were merged
        share one figure and name each other. A construct of which more goes together with
        less value is left out: raising it is not what that speaks for. Empty without a
        reported analysis.
    """
    if drivers is None or drivers.within.status != "reported":
        return {}
    return {
        construct: Importance(
            share=driver.share.estimate,
            low=driver.share.low,
            high=driver.share.high,
            merged_with=tuple(other for other in driver.constructs if other != construct),
        )
        for driver in drivers.within.drivers
        if driver.place != "goes_against"
        for construct in driver.constructs
    }
