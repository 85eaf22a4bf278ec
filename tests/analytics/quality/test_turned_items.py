"""Items that run against their scale are named, and only those."""

import numpy as np
import polars as pl
import pytest

from analytics.instrument import Construct, Instrument, Item
from analytics.quality.turned_items import items_against_their_scale

INSTRUMENT = Instrument(
    key="test",
    version=1,
    constructs=tuple(
        Construct(
            key=key,
            block="context",
            items=tuple(Item(key=f"{key}_{n}", reversed=n == 3) for n in (1, 2, 3)),
        )
        for key in "abcd"
    ),
)


def answers(people: int, turned: tuple[str, ...], *, seed: int = 0) -> pl.DataFrame:
    """Draw answers as given; those of ``turned`` were reversed before the export."""
    random = np.random.default_rng(seed)
    columns = {}
    for construct in INSTRUMENT.constructs:
        level = random.normal(size=people)
        for item in construct.items:
            drawn = np.clip(np.rint(3 + level + random.normal(0, 0.8, people)), 1, 5)
            is_high = item.reversed == (item.key in turned)
            columns[item.key] = drawn if is_high else 6 - drawn
    return pl.DataFrame(columns)


@pytest.mark.parametrize("turned", [("a_3",), ("a_3", "b_3", "c_3", "d_3"), ("c_1",)])
def test_turned_items_are_named(turned: tuple[str, ...]) -> None:
    assert items_against_their_scale(answers(100, turned), INSTRUMENT) == turned


def test_items_as_given_are_hardly_ever_named() -> None:
    named = [items_against_their_scale(answers(60, (), seed=s), INSTRUMENT) for s in range(50)]

    assert sum(map(bool, named)) <= 1


def test_items_without_any_scale_are_hardly_ever_named() -> None:
    random = np.random.default_rng(1)
    keys = [item.key for item in INSTRUMENT.items]
    noise = [
        pl.DataFrame(random.integers(1, 6, size=(60, len(keys))).astype(float), schema=keys)
        for _ in range(50)
    ]

    assert sum(bool(items_against_their_scale(one, INSTRUMENT)) for one in noise) <= 3


def test_people_who_agree_with_everything_turn_no_item() -> None:
    yes = pl.DataFrame({item.key: [5.0] * 40 + [4.0] * 40 for item in INSTRUMENT.items})

    assert items_against_their_scale(pl.concat([answers(80, ()), yes]), INSTRUMENT) == ()


def test_few_people_tell_nothing() -> None:
    assert items_against_their_scale(answers(15, ("a_3",)), INSTRUMENT) == ()
