"""Units with given posteriors; nothing random."""

from collections.abc import Mapping, Sequence

import polars as pl

from analytics.results import Recommendation
from analytics.study.tree import UnitTree

__all__ = ["MODELS", "recommendation", "recommendations", "tree"]

MODELS = ("coe", "federated", "hybrid_squad", "managed_service")


def recommendation(*conditional: float, described: float = 1.0) -> Recommendation:
    """Build what the posterior says; ``described`` is the probability of any of the four."""
    given = dict(zip(MODELS, conditional, strict=True))
    ranked = sorted(MODELS, key=lambda model: -given[model])
    held, set90 = 0.0, []
    for model in ranked:
        if held < 0.9:
            set90.append(model)
        held += given[model]
    best = described * given[ranked[0]]
    return Recommendation(
        status="firm" if best >= 0.7 else "lean" if best >= 0.5 else "no_clear_model",
        model=ranked[0],
        runner_up=ranked[1],
        probabilities={model: described * share for model, share in given.items()}
        | {"none": 1 - described, "between": 0.0},
        conditional=given,
        set90=tuple(set90),
        second_opinion=ranked[0],
        reason_codes=(),
        reasons=(),
    )


def recommendations(**units: Sequence[float]) -> dict[str, Recommendation]:
    return {code: recommendation(*conditional) for code, conditional in units.items()}


def tree(
    parents: Mapping[str, str | None], people: Mapping[str, int] | None = None
) -> UnitTree:
    if people is None:
        return UnitTree(dict(parents), {}, has_headcounts=False)
    return UnitTree.of(
        pl.DataFrame(
            {
                "code": list(parents),
                "parent_code": list(parents.values()),
                "headcount": [people.get(code, 0) for code in parents],
            }
        )
    )
