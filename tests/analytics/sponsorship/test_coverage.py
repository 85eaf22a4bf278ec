"""How often the 95 % interval holds the true gap, in simulated companies of fifteen units.

Units have one to five sponsors in turn; a score is the mean of eight items. Nothing here comes
from the analysis but the interval. Sponsors who each overrate themselves by an amount of their
own (SD .5) differ by about .55 points, and the interval holds as often as it says. Where all
sponsors of a unit share one inflation they differ by less than half of what employees do; the
borrowed variance, worth 20 people, then errs on the wide side, most with a single sponsor.
"""

import numpy as np
import polars as pl
import pytest

from tests.analytics.sponsorship.survey import SCHEMA, gaps
from tests.analytics.studies import unit_tree

COMPANIES, UNITS = 160, 15
SPONSORS = (1, 2, 3, 4, 5)
SHARED_INFLATION_SD = 0.23
SCHEMA_OF_ONE = dict(list(SCHEMA.items())[:3])


def company(
    rng: np.random.Generator, *, sponsor_sd: float
) -> tuple[pl.DataFrame, pl.DataFrame, dict[str, float]]:
    """Draw people, sponsors and, per unit, the true gap in points of 0 to 100."""
    people, sponsors, truth = [], [], {}
    for place in range(UNITS):
        unit = f"U{place:02}"
        felt, inflation = rng.normal(2.9, 0.6), rng.normal(0.7, 0.5)
        size = int(np.clip(np.exp(rng.normal(np.log(25), 0.6)), 5, 500))
        halo = np.sqrt(0.35**2 + 0.6**2 + 0.8**2 / 8)
        people += [(unit, "contributor", score) for score in rng.normal(felt, halo, size)]
        claims = rng.normal(felt + inflation, sponsor_sd, SPONSORS[place % 5])
        sponsors += [(unit, "sponsor", score) for score in claims]
        truth[unit] = 25 * inflation
    return (
        pl.DataFrame(people, schema=SCHEMA_OF_ONE, orient="row"),
        pl.DataFrame(sponsors, schema=SCHEMA_OF_ONE, orient="row"),
        truth,
    )


@pytest.fixture(scope="module", params=[0.55, 0.7], ids=lambda sd: f"sponsor SD {sd}")
def coverage(request: pytest.FixtureRequest) -> dict[int, float]:
    return share_held(sponsor_sd=request.param)


def share_held(*, sponsor_sd: float) -> dict[int, float]:
    """Return, per number of sponsors, how often the interval holds the truth."""
    rng = np.random.default_rng(77)
    units = unit_tree(dict.fromkeys(f"U{place:02}" for place in range(UNITS)))
    held: dict[int, list[bool]] = {n: [] for n in SPONSORS}
    for _ in range(COMPANIES):
        people, sponsors, truth = company(rng, sponsor_sd=sponsor_sd)
        found = gaps(people, sponsors, units, components=())
        for code, reading in found.items():
            held[reading.sponsors].append(reading.gap.low <= truth[code] <= reading.gap.high)
    return {n: float(np.mean(inside)) for n, inside in held.items()}


@pytest.mark.parametrize("sponsors", SPONSORS)
def test_95_percent_intervals_hold_the_true_gap_about_as_often(
    coverage: dict[int, float], sponsors: int
) -> None:
    assert 0.93 <= coverage[sponsors] <= 0.99


def test_sponsors_of_one_mind_make_the_interval_too_wide_and_never_too_narrow() -> None:
    assert min(share_held(sponsor_sd=SHARED_INFLATION_SD).values()) >= 0.93
