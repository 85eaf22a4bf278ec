"""Studies for tests: nobody is screened, so that every answer counts."""

import polars as pl

from analytics.disclosure.plan import DisclosurePlan, plan_disclosure
from analytics.disclosure.suppression import Disclosure
from analytics.instrument import Instrument
from analytics.study.scoring import item_means, present_constructs, score_people
from analytics.study.study import Study
from analytics.study.tree import UnitTree

__all__ = ["everything_but", "open_plan", "unscreened"]


def unscreened(
    responses: pl.DataFrame, instrument: Instrument, units: pl.DataFrame | None = None
) -> Study:
    return Study(
        constructs=present_constructs(responses, instrument),
        people=score_people(responses, instrument),
        sponsors=score_people(responses.head(0), instrument),
        instrument=instrument,
        answering=responses,
        kept=responses,
        item_means=item_means(responses, instrument),
        tree=UnitTree.flat(responses["unit"].unique()) if units is None else UnitTree.of(units),
    )


def open_plan(study: Study, *, k: int = 5) -> DisclosurePlan:
    return plan_disclosure(study, k=k)


def everything_but(study: Study, *hidden: str) -> DisclosurePlan:
    """Show every unit but the named ones, whatever their size."""
    shown = Disclosure(frozenset(study.tree.codes) - set(hidden), frozenset())
    return DisclosurePlan(shown, dict.fromkeys(study.keys, shown))
