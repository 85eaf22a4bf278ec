"""Companies that lack something; the whole of the quality of answers must still be told."""

from functools import cache

import msgspec
import polars as pl
import pytest

from analytics.instrument import Instrument
from analytics.quality import company_quality, unit_quality
from analytics.study.study import Study
from seed.content import standard_instrument
from tests.analytics.studies import planned
from tests.data import DATA

COMPANY = DATA / "company-north"
RESPONSES = pl.read_csv(COMPANY / "responses.csv").filter(
    pl.col("unit").is_in(["U001", "U002", "U003"])
)
UNITS = pl.read_csv(COMPANY / "units.csv")
INSTRUMENT = standard_instrument().measures()
K = 5


def document(
    responses: pl.DataFrame,
    units: pl.DataFrame | None = UNITS,
    instrument: Instrument = INSTRUMENT,
) -> bytes:
    """Return the JSON of all that is said; it refuses what is not a number."""
    study = Study.of(responses, instrument, units)
    plan = planned(study, k=K)
    said = (unit_quality(study, plan, k=K), company_quality(study, plan, k=K, seed=0))
    return msgspec.json.encode(said)


@cache
def as_it_is() -> bytes:
    return document(RESPONSES)


def test_the_order_of_rows_changes_nothing() -> None:
    shuffled = RESPONSES.sample(fraction=1, shuffle=True, seed=3)

    assert document(shuffled, UNITS.reverse()) == as_it_is()


@pytest.mark.parametrize(
    "responses",
    [
        pytest.param(RESPONSES.filter(pl.col("role") == "sponsor"), id="sponsors alone"),
        pytest.param(RESPONSES.filter(pl.col("role") != "sponsor").head(1), id="one person"),
        pytest.param(
            RESPONSES.filter(pl.col("role") == "contributor").head(4), id="four people"
        ),
        pytest.param(
            RESPONSES.drop(pl.selectors.starts_with("governance")), id="no governance"
        ),
        pytest.param(RESPONSES.select("unit", "role", "governance_1"), id="one item"),
        pytest.param(
            RESPONSES.select("unit", "role", "governance_1", "governance_2"), id="two items"
        ),
        pytest.param(
            RESPONSES.with_columns(pl.selectors.starts_with("governance") * 0 + 3),
            id="a construct that does not vary",
        ),
        pytest.param(
            RESPONSES.with_columns(governance_1=pl.lit(None, pl.Int64)), id="an item unanswered"
        ),
    ],
)
def test_a_company_that_lacks_something_has_no_figure_that_is_none(
    responses: pl.DataFrame,
) -> None:
    assert b"null" not in document(responses)


def test_a_company_without_a_unit_file_has_no_figure_that_is_none() -> None:
    assert b"null" not in document(RESPONSES, None)


def test_a_scale_of_seven_options_is_measured_as_well() -> None:
    seven = msgspec.structs.replace(INSTRUMENT, high=7)

    assert b"rwgSkewed" not in document(RESPONSES, instrument=seven)


def test_a_scale_from_zero_measures_as_one_from_one() -> None:
    items = [item.key for item in INSTRUMENT.items if item.key in RESPONSES.columns]
    lower = RESPONSES.with_columns(pl.col(items) - 1)
    zero = msgspec.structs.replace(INSTRUMENT, low=0, high=4)

    assert document(lower, instrument=zero) == as_it_is()
