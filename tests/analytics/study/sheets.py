"""Random answer sheets of small companies, and the constructs they answer."""

import polars as pl
from hypothesis import strategies as st

from analytics.instrument import Construct, Instrument, Item
from tests.analytics.studies import construct, instrument

__all__ = ["INSTRUMENT", "UNITS", "sheets"]

UNITS = ("A", "B", "C", "D")
INSTRUMENT: Instrument = instrument(
    construct("one", 1),
    construct("three", 3, reversed_items=1),
    construct("five", 5, reversed_items=2),
    Construct(
        key="parts",
        block="root_cause",
        items=(
            Item(key="p1", component="early"),
            Item(key="p2", component="early", reversed=True),
            Item(key="p3", component="late"),
            Item(key="p4"),
        ),
    ),
)
_ITEMS = [item.key for item in INSTRUMENT.items]


@st.composite
def sheets(draw: st.DrawFn, most: int = 30) -> pl.DataFrame:
    """Draw answers of nobody up to ``most`` people, about a fifth of them missing."""
    answer = st.sampled_from([None, 1, 2, 3, 4, 5])
    row = st.tuples(
        st.sampled_from(UNITS[:3]),
        st.sampled_from(["sponsor", "manager", "contributor"]),
        *(answer for _ in _ITEMS),
    )
    schema = {"unit": pl.String, "role": pl.String} | dict.fromkeys(_ITEMS, pl.Int8)
    return pl.DataFrame(draw(st.lists(row, max_size=most)), schema=schema, orient="row")
