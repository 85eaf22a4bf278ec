"""Reliability, agreement, intraclass correlation: none tells of a person in a small group."""

from typing import Any

import numpy as np
import polars as pl
import pytest

from analytics.disclosure.plan import DisclosurePlan
from analytics.quality import shown_units, unit_agreement
from analytics.study.study import Study
from analytics.study.tree import UnitTree
from tests.analytics.studies import construct, instrument
from tests.attackers.guessing import answers_left, quality_of

K = 5
ASKED = instrument(construct("governance", 2), construct("pace", 6))
ITEMS = ("governance_1", "governance_2")
EVERYTHING = 25


def company(sizes: dict[str, int], invited: dict[str, int] | None = None) -> pl.DataFrame:
    """Draw people of some units; the first people of a unit are the invited ones."""
    rng = np.random.default_rng(3)
    rows = []
    for unit, size in sizes.items():
        for place in range(size):
            sheet = np.clip(np.rint(rng.normal(3.0 + 0.2 * len(rows) % 2, 1.2, 8)), 1, 5)
            imported = invited is not None and place >= invited.get(unit, 0)
            rows.append((unit, "contributor", imported, *sheet.astype(int).tolist()))
    names = [*ITEMS, *(f"pace_{number}" for number in range(1, 7))]
    return pl.DataFrame(rows, schema=["unit", "role", "imported", *names], orient="row")


def everyone(study: Study) -> tuple[np.ndarray, ...]:
    return (np.ones(study.people.height, dtype=np.bool_),)


def without_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Study, "parts", property(everyone))


LARGE = {"A": 12, "B": 13, "C": 14}
ONE_INVITED = company(LARGE | {"D": 6}, {"D": 1})
"""Row 39 is the only invited person of the company."""


def reliability(found: Any) -> Any:
    return {key: scale.get("reliability") for key, scale in found["company"]["scales"].items()}


def test_reliability_tells_nothing_of_one_person_among_imported_rows() -> None:
    publish = quality_of(ASKED, k=K, part=reliability)

    assert publish(ONE_INVITED)["governance"] is not None
    assert len(answers_left(publish, ONE_INVITED, 39, ITEMS)) == EVERYTHING


def test_it_would_if_only_the_total_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    without_parts(monkeypatch)
    publish = quality_of(ASKED, k=K, part=reliability)

    assert len(answers_left(publish, ONE_INVITED, 39, ITEMS)) <= 2


def one_complete() -> pl.DataFrame:
    """Return a company with one person who was invited, and answered every item, in each unit.

    The other four who were invited to the unit left an item out.
    """
    people = company(LARGE, dict.fromkeys(LARGE, 5))
    place = pl.int_range(pl.len()).over("unit")
    left_out = ~pl.col("imported") & place.is_between(1, 4)
    return people.with_columns(
        governance_2=pl.when(left_out).then(None).otherwise("governance_2")
    )


def agreement(found: Any) -> Any:
    scores = {unit: one["scores"] for unit, one in found["units"].items()}
    return {unit: one.get("governance", {}).get("agreement") for unit, one in scores.items()}


def test_agreement_tells_nothing_of_one_invited_person_who_answered_everything() -> None:
    publish = quality_of(ASKED, k=K, part=agreement)

    assert len(answers_left(publish, one_complete(), 0, ITEMS)) == EVERYTHING


def test_it_would_if_only_the_total_of_complete_answers_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    enough = lambda counts, **_: counts[:, 0].sum(axis=-1) >= 0  # noqa: E731 - one expression
    monkeypatch.setattr(unit_agreement, "_tells_nobody", enough)
    publish = quality_of(ASKED, k=K, part=agreement)

    assert len(answers_left(publish, one_complete(), 0, ITEMS)) <= 2


HIDDEN = company(LARGE | {"H": 4, "I": 3})
"""Row 39 is in H; H and I have fewer than k people."""


def differences(found: Any) -> Any:
    """Return intraclass correlations, and what is borrowed from them for the shown units."""
    scales = {key: one.get("aggregation") for key, one in found["company"]["scales"].items()}
    return scales, {
        unit: {
            key: (one.get("reliability"), one.get("estimate"), one.get("difference"))
            for key, one in quality["scores"].items()
        }
        for unit, quality in found["units"].items()
    }


def test_intraclass_correlation_tells_nothing_of_a_hidden_unit() -> None:
    publish = quality_of(ASKED, k=K, part=differences)

    assert publish(HIDDEN)[0]["governance"] is not None
    assert len(answers_left(publish, HIDDEN, 39, ITEMS)) == EVERYTHING


def test_it_would_if_hidden_units_were_compared_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def every_unit(tree: UnitTree, _: DisclosurePlan, __: str) -> tuple[str, ...]:
        return tree.codes

    monkeypatch.setattr(shown_units, "_lowest_shown", every_unit)
    publish = quality_of(ASKED, k=K, part=lambda found: differences(found)[0])

    assert len(answers_left(publish, HIDDEN, 39, ITEMS)) <= 5
