"""Which practices of high performers a unit has in place."""

from collections.abc import Mapping

from analytics.diagnosis.levels import Levels, Measure, measure_levels
from analytics.disclosure.plan import DisclosurePlan
from analytics.inference.naming import answer
from analytics.results.diagnosis import PracticeResult, Practices, PracticeStatus
from analytics.study.scoring import to_share
from analytics.study.study import Study
from analytics.yardsticks import Yardsticks

__all__ = ["practices"]

_STATUS: Mapping[str, PracticeStatus] = {
    "yes": "in_place",
    "no": "not_in_place",
    "unsure": "uncertain",
}


def practices(
    study: Study, plan: DisclosurePlan, yardsticks: Yardsticks
) -> dict[str, Practices]:
    """Say for every reported unit which practices of high performers are in place.

    Parameters
    ----------
    study : Study
        Answers, tree and weights.
    plan : DisclosurePlan
        What each unit may show.
    yardsticks : Yardsticks
        The points from which a practice is in place.

    Returns
    -------
    dict of str to Practices, one entry per reported unit
        Those practices that the unit may show, each with P(true mean >= ``in_place``). Most are
        asked by a single question, and the choice of that question adds its full variance.
        Empty if no practice was asked about.
    """
    measures = tuple(
        Measure(construct.key, items)
        for construct in study.block("practice")
        if (items := tuple(i.key for i in construct.items if i.key in study.item_means))
    )
    if not measures:
        return {}
    levels = measure_levels(study, study.people, measures, plan.shows)
    return {
        code: Practices(
            threshold=to_share(yardsticks.in_place),
            practices={
                measure.key: found
                for measure in measures
                if (found := _practice(code, measure, levels, yardsticks)) is not None
            },
        )
        for code in study.tree.codes
        if plan.reports(code)
    }


def _practice(
    code: str, measure: Measure, levels: Levels, yardsticks: Yardsticks
) -> PracticeResult | None:
    seen = levels.score(code, measure.key)
    if seen is None:
        return None
    probability = levels.probability_from(code, measure.key, yardsticks.in_place)
    return PracticeResult(
        status=_STATUS[answer(probability)],
        mean=seen.mean,
        low=seen.low,
        high=seen.high,
        level=seen.level,
        n=seen.n,
        items=len(measure.items),
        probability=probability,
        evidence=yardsticks.evidence.practices.get(measure.key, ()),
    )
