"""What has to come first before a recommended model is brought in."""

from collections.abc import Mapping

from analytics.diagnosis.levels import Levels, Measure, measure_levels
from analytics.disclosure.plan import DisclosurePlan
from analytics.inference.naming import answer
from analytics.results.diagnosis import Prerequisite, PrerequisiteStatus
from analytics.study.scoring import to_share
from analytics.study.study import Study
from analytics.yardsticks import Condition, Yardsticks

__all__ = ["prerequisites"]

_STATUS: Mapping[str, PrerequisiteStatus] = {
    "yes": "must_come_first",
    "no": "met",
    "unsure": "uncertain",
}


def prerequisites(
    study: Study,
    plan: DisclosurePlan,
    yardsticks: Yardsticks,
    models: Mapping[str, str],
) -> dict[str, tuple[Prerequisite, ...]]:
    """Compare each unit's maturity with the conditions of its recommended model.

    Parameters
    ----------
    study : Study
        Answers, tree and weights.
    plan : DisclosurePlan
        What each unit may show.
    yardsticks : Yardsticks
        The conditions of each model.
    models : mapping of str to str
        Unit to the operating model recommended for it.

    Returns
    -------
    dict of str to tuple of Prerequisite, one entry per reported unit with a model
        The conditions of that model, the most probably unmet first; a condition is left out if
        its construct was not asked about or may not be shown.

    Notes
    -----
    P(true mean < needed), see ``Levels.probability_from``. Conditions rest on
    root causes and practices alone, because context constructs already decide the model.
    """
    measures = tuple(
        Measure(construct.key, items)
        for block in ("root_cause", "practice")
        for construct in study.block(block)
        if (items := tuple(i.key for i in construct.items if i.key in study.item_means))
    )
    if not measures:
        return {}
    levels = measure_levels(study, study.people, measures, plan.shows)
    return {
        code: _of_unit(code, models[code], levels, yardsticks)
        for code in study.tree.codes
        if code in models and plan.reports(code)
    }


def _of_unit(
    code: str, model: str, levels: Levels, yardsticks: Yardsticks
) -> tuple[Prerequisite, ...]:
    found = (
        _prerequisite(code, model, condition, levels, yardsticks)
        for condition in yardsticks.conditions.get(model, ())
        if condition.construct in levels.measures
    )
    held = [prerequisite for prerequisite in found if prerequisite is not None]
    return tuple(sorted(held, key=lambda one: (-one.below, one.construct)))


def _prerequisite(
    code: str, model: str, condition: Condition, levels: Levels, yardsticks: Yardsticks
) -> Prerequisite | None:
    seen = levels.score(code, condition.construct)
    if seen is None:
        return None
    below = 1.0 - levels.probability_from(code, condition.construct, condition.needed)
    links = yardsticks.evidence.root_causes | yardsticks.evidence.practices
    return Prerequisite(
        model=model,
        construct=condition.construct,
        status=_STATUS[answer(below)],
        score=seen.mean,
        low=seen.low,
        high=seen.high,
        needed=to_share(condition.needed),
        below=below,
        evidence=links.get(condition.construct, ()),
    )
