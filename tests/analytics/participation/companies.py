"""Companies of one construct whose people, roles and head-counts are written out."""

from collections.abc import Mapping, Sequence

import polars as pl

from analytics.study.study import Study
from tests.analytics.studies import construct, instrument, unit_file

__all__ = ["COMPANY", "headcounts", "study_of"]

INSTRUMENT = instrument(construct("trust", 1))
COMPANY: dict[str, tuple[str | None, int]] = {
    "top": (None, 0),
    "a": ("top", 40),
    "b": ("top", 10),
}
"""Parent and head-count of the units most tests use."""

Answers = Mapping[tuple[str, str], Sequence[int]]


def study_of(
    answers: Answers,
    tree: Mapping[str, tuple[str | None, int]] | None = COMPANY,
    days: Mapping[tuple[str, str], Sequence[int]] | None = None,
) -> Study:
    """Score people by unit and role, one answer (1 to 5) each; ``days`` says when."""
    rows = [
        (unit, role, value, days[unit, role][index] if days else None)
        for (unit, role), given in answers.items()
        for index, value in enumerate(given)
    ]
    schema = {
        "unit": pl.String,
        "role": pl.String,
        "trust_1": pl.Int8,
        "submitted_on": pl.Int64,
    }
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    units = None if tree is None else unit_file(tree)
    return Study.of(frame if days else frame.drop("submitted_on"), INSTRUMENT, units)


def headcounts(people: Mapping[tuple[str, str], int]) -> pl.DataFrame:
    return pl.DataFrame(
        [(unit, role, heads) for (unit, role), heads in people.items()],
        schema={"unit": pl.String, "role": pl.String, "headcount": pl.Int64},
        orient="row",
    )
