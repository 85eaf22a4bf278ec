"""Small companies whose answers are set by hand, nobody screened."""

from collections.abc import Mapping, Sequence

import polars as pl

from analytics.disclosure.plan import DisclosurePlan, plan_disclosure
from analytics.instrument import Block, Construct, Instrument, Item
from analytics.study.scoring import item_means, present_constructs, score_people
from analytics.study.study import Study
from analytics.study.tree import UnitTree

__all__ = ["K", "construct", "plan_of", "study_of"]

K = 5

Answers = Mapping[str, Sequence[int | None]]


def construct(
    key: str,
    items: int,
    *,
    block: Block = "root_cause",
    components: Mapping[str, Sequence[int]] | None = None,
) -> Construct:
    """Build a construct; ``components`` names parts by the numbers of their items."""
    part = {n: name for name, numbers in (components or {}).items() for n in numbers}
    return Construct(
        key=key,
        block=block,
        items=tuple(Item(key=f"{key}_{n}", component=part.get(n)) for n in range(1, items + 1)),
    )


def study_of(
    units: Mapping[str, Answers],
    *constructs: Construct,
    tree: pl.DataFrame | None = None,
    role: str = "contributor",
) -> Study:
    """Build a company from each unit's answers: item to one answer per person."""
    instrument = Instrument(key="test", version=1, constructs=constructs)
    items = [item.key for part in constructs for item in part.items]
    frames = [_answers(unit, answers, items, role) for unit, answers in units.items()]
    frame = pl.concat(frames)
    return Study(
        constructs=present_constructs(frame, instrument),
        people=score_people(frame, instrument),
        sponsors=score_people(frame.clear(), instrument),
        instrument=instrument,
        answering=frame,
        kept=frame,
        item_means=item_means(frame, instrument),
        tree=UnitTree.flat(units) if tree is None else UnitTree.of(tree),
    )


def plan_of(study: Study) -> DisclosurePlan:
    return plan_disclosure(study, k=K)


def _answers(unit: str, answers: Answers, items: Sequence[str], role: str) -> pl.DataFrame:
    size = max(len(column) for column in answers.values())
    columns = {item: answers.get(item, [None] * size) for item in items}
    return pl.DataFrame(
        {"unit": [unit] * size, "role": [role] * size} | columns,
        schema={"unit": pl.String, "role": pl.String} | dict.fromkeys(items, pl.Int8),
    )
