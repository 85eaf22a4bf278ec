"""Small companies whose answers are set by hand, nobody screened."""

from collections.abc import Mapping, Sequence
from functools import partial

import polars as pl

from analytics.instrument import Construct
from analytics.study.study import Study
from tests.analytics import studies
from tests.analytics.studies import instrument, unscreened

__all__ = ["construct", "study_of"]

construct = partial(studies.construct, block="root_cause")
"""Build a construct, a root cause unless another block is named."""

Answers = Mapping[str, Sequence[int | None]]


def study_of(
    units: Mapping[str, Answers],
    *constructs: Construct,
    tree: pl.DataFrame | None = None,
    role: str = "contributor",
) -> Study:
    """Build a company from each unit's answers: item to one answer per person."""
    asked = instrument(*constructs)
    items = [item.key for part in constructs for item in part.items]
    frames = [_answers(unit, answers, items, role) for unit, answers in units.items()]
    frame = pl.concat(frames)
    return unscreened(frame, asked, tree)


def _answers(unit: str, answers: Answers, items: Sequence[str], role: str) -> pl.DataFrame:
    size = max(len(column) for column in answers.values())
    columns = {item: answers.get(item, [None] * size) for item in items}
    return pl.DataFrame(
        {"unit": [unit] * size, "role": [role] * size} | columns,
        schema={"unit": pl.String, "role": pl.String} | dict.fromkeys(items, pl.Int8),
    )
