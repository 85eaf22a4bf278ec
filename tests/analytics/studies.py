"""Instruments, answers and studies for tests: valid by default, nothing random."""

from collections.abc import Mapping, Sequence

import polars as pl

from analytics.disclosure.plan import DisclosurePlan, plan_disclosure
from analytics.disclosure.suppression import Disclosure
from analytics.instrument import Block, Construct, Instrument, Item
from analytics.study.scoring import item_means, present_constructs, score_people
from analytics.study.screening import Screened
from analytics.study.study import Study
from analytics.study.tree import UnitTree

__all__ = [
    "K",
    "construct",
    "everything_but",
    "instrument",
    "planned",
    "responses",
    "unit_file",
    "unit_tree",
    "unscreened",
]

K = 5
"""The smallest group of most tests."""


def construct(
    key: str,
    items: int = 3,
    *,
    block: Block = "context",
    reversed_items: int = 0,
    components: Mapping[str, Sequence[int]] | None = None,
) -> Construct:
    """Build a construct; ``components`` names parts by the numbers of their items."""
    part = {n: name for name, numbers in (components or {}).items() for n in numbers}
    return Construct(
        key=key,
        block=block,
        items=tuple(
            Item(
                key=f"{key}_{number}",
                reversed=number > items - reversed_items,
                component=part.get(number),
            )
            for number in range(1, items + 1)
        ),
    )


def instrument(*constructs: Construct, low: int = 1, high: int = 5) -> Instrument:
    return Instrument(key="test", version=1, constructs=constructs, low=low, high=high)


def responses(*rows: tuple[str, str, list[int | None]], items: list[str]) -> pl.DataFrame:
    schema = {"unit": pl.String, "role": pl.String} | dict.fromkeys(items, pl.Int8)
    return pl.DataFrame(
        [(unit, role, *answers) for unit, role, answers in rows], schema=schema, orient="row"
    )


def unit_file(tree: Mapping[str, tuple[str | None, int | None]]) -> pl.DataFrame:
    """Lay out units with their parent and head-count, as the file of units has them."""
    return pl.DataFrame(
        [(code, parent, heads) for code, (parent, heads) in tree.items()],
        schema={"code": pl.String, "parent_code": pl.String, "headcount": pl.Int64},
        orient="row",
    )


def unit_tree(
    parents: Mapping[str, str | None], headcounts: Mapping[str, int] | None = None
) -> UnitTree:
    """Build a tree; without head-counts, units weigh as many people as answered."""
    return UnitTree(
        dict(parents), dict(headcounts or {}), has_headcounts=headcounts is not None
    )


def unscreened(
    answers: pl.DataFrame, asked: Instrument, units: pl.DataFrame | None = None
) -> Study:
    """Build a study in which nobody is screened, so that every answer counts."""
    return Study(
        constructs=present_constructs(answers, asked),
        people=score_people(answers, asked),
        sponsors=score_people(answers.clear(), asked),
        instrument=asked,
        screened=Screened(answers, rules={}),
        item_means=item_means(answers, asked),
        tree=UnitTree.flat(answers["unit"].unique()) if units is None else UnitTree.of(units),
    )


def planned(study: Study, k: int = K) -> DisclosurePlan:
    return plan_disclosure(study, k=k)


def everything_but(study: Study, *hidden: str) -> DisclosurePlan:
    """Show every unit but the named ones, whatever their size."""
    shown = Disclosure(frozenset(study.tree.codes) - set(hidden), frozenset())
    return DisclosurePlan(shown, dict.fromkeys(study.keys, shown))
