"""The attacker who knows every answer but one person's, tries all of theirs, and compares.

The program is open, so whoever knows the other answers can compute what would be published for
each answer that the person may have given. Statistics such as a reliability, an intraclass
correlation or an agreement are no sums, but with fifteen digits they tell candidates apart.
"""

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import msgspec
import polars as pl

from analytics.disclosure.plan import disclosable, plan_disclosure
from analytics.instrument import Instrument
from analytics.quality import company_quality, unit_quality
from analytics.study.study import Study

__all__ = ["Publish", "answers_left", "quality_of"]

Publish = Callable[[pl.DataFrame], Any]
"""Returns what is published of responses."""


def answers_left(
    publish: Publish, responses: pl.DataFrame, person: int, items: Sequence[str]
) -> set[tuple[int, ...]]:
    """Return the answers, 1 to 5, that a person may have given to these items.

    Parameters
    ----------
    publish
        What the attacker compares.
    responses
        The true answers.
    person
        Row of the person.
    items
        Columns of answers.

    Returns
    -------
    set of tuple
        All combinations if nothing is revealed; the true one is always among them.
    """
    seen = _rounded(publish(responses))
    return {
        answers
        for answers in product(range(1, 6), repeat=len(items))
        if _rounded(publish(_with(responses, person, items, answers))) == seen
    }


def quality_of(instrument: Instrument, *, k: int, part: Callable[[Any], Any]) -> Publish:
    """Return a function that publishes a part of the quality of scores, as JSON."""

    def publish(responses: pl.DataFrame) -> Any:
        study = Study.of(disclosable(responses, instrument, None, k=k), instrument, None)
        plan = plan_disclosure(study, k=k)
        found = {
            "company": company_quality(study, plan, k=k, seed=0),
            "units": unit_quality(study, plan, k=k),
        }
        return part(msgspec.to_builtins(found))

    return publish


def _with(
    responses: pl.DataFrame, person: int, items: Sequence[str], answers: Sequence[int]
) -> pl.DataFrame:
    at = pl.int_range(pl.len()) == person
    return responses.with_columns(
        pl.when(at).then(pl.lit(answer)).otherwise(item).cast(pl.Int64).alias(item)
        for item, answer in zip(items, answers, strict=True)
    )


def _rounded(value: Any) -> Any:
    """Return a document with floats as they survive other orders of addition."""
    if isinstance(value, float):
        return round(value, 9)
    if isinstance(value, dict):
        return {key: _rounded(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(held) for held in value]
    return value
