"""Two waves whose people, keys and answers are written out."""

from collections.abc import Mapping, Sequence

import polars as pl

from analytics.disclosure.plan import plan_disclosure
from analytics.instrument import Instrument
from analytics.results.waves import Change, CompanyChange, UnitChange
from analytics.study.study import Study
from analytics.waves import changes
from tests.analytics.studies import K, construct, instrument, unit_file

__all__ = [
    "INSTRUMENT",
    "change_of",
    "compare",
    "people",
    "wave",
]

INSTRUMENT = instrument(construct("trust", 1), construct("speed", 1))

Person = tuple[str, str, str | None, int | None, int | None]
"""Unit, role, key, answers on trust and on speed."""
Tree = Mapping[str, tuple[str | None, int]]


def people(
    unit: str,
    trust: Sequence[int],
    *,
    keys: Sequence[str] | None = None,
    role: str = "contributor",
    speed: Sequence[int | None] | None = None,
) -> list[Person]:
    """Return one person per answer on trust; their answer on speed is 3 unless given."""
    others = speed or [3] * len(trust)
    names = keys or [None] * len(trust)
    return [(unit, role, *row) for row in zip(names, trust, others, strict=True)]


def wave(
    *groups: list[Person],
    tree: Tree | None = None,
    keyed: bool = True,
    asked: Instrument = INSTRUMENT,
) -> Study:
    schema = {
        "unit": pl.String,
        "role": pl.String,
        "person": pl.String,
        "trust_1": pl.Int8,
        "speed_1": pl.Int8,
    }
    frame = pl.DataFrame(
        [row for group in groups for row in group], schema=schema, orient="row"
    )
    units = None if tree is None else unit_file(tree)
    return Study.of(frame if keyed else frame.drop("person"), asked, units)


def compare(
    current: Study, earlier: Study, *, k: int = K
) -> tuple[CompanyChange, dict[str, UnitChange]]:
    plans = [plan_disclosure(study, k=k) for study in (current, earlier)]
    return changes(current, plans[0], earlier, plans[1], k=k)


def change_of(current: Study, earlier: Study, unit: str = "a", *, k: int = K) -> Change:
    """Return the change of one unit on trust."""
    return compare(current, earlier, k=k)[1][unit].constructs["trust"]
