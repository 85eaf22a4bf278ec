"""Recommendations: firm by default, from a posterior, or with one probability."""

from collections.abc import Mapping, Sequence
from typing import Any

from analytics.recommender.certainty import Band
from analytics.results import Recommendation

__all__ = ["MODELS", "of_posterior", "of_posteriors", "recommendation", "with_probability"]

MODELS = ("coe", "federated", "hybrid_squad", "managed_service")


def recommendation(model: str = "coe", **fields: Any) -> Recommendation:
    """Return a firm recommendation."""
    others = [other for other in MODELS if other != model]
    shares = {model: 0.85} | dict.fromkeys(others, 0.05)
    firm = {
        "status": "firm",
        "model": model,
        "runner_up": others[0],
        "probabilities": shares | {"none": 0.0, "between": 0.0},
        "conditional": shares,
        "set90": (model, others[0]),
        "second_opinion": model,
        "reason_codes": (),
        "reasons": (),
    }
    return Recommendation(**(firm | fields))


def of_posterior(*conditional: float, described: float = 1.0) -> Recommendation:
    """Return what a posterior says; ``described`` is the probability of any of the four."""
    given = dict(zip(MODELS, conditional, strict=True))
    ranked = sorted(MODELS, key=lambda model: -given[model])
    held, set90 = 0.0, []
    for model in ranked:
        if held < 0.9:
            set90.append(model)
        held += given[model]
    best = described * given[ranked[0]]
    return recommendation(
        ranked[0],
        status="firm" if best >= 0.7 else "lean" if best >= 0.5 else "no_clear_model",
        runner_up=ranked[1],
        probabilities={model: described * share for model, share in given.items()}
        | {"none": 1 - described, "between": 0.0},
        conditional=given,
        set90=tuple(set90),
    )


def of_posteriors(**units: Sequence[float]) -> dict[str, Recommendation]:
    """Return what the posterior of each unit says."""
    return {code: of_posterior(*conditional) for code, conditional in units.items()}


def with_probability(
    model: str = "coe",
    probability: float = 0.8,
    *,
    status: Band = "firm",
    others: Mapping[str, float] | None = None,
) -> Recommendation:
    """Give one model a probability and spread the rest evenly unless ``others`` says how."""
    rest = (1 - probability) / 5
    probabilities = dict.fromkeys((*MODELS, "none", "between"), rest)
    probabilities |= {model: probability} | dict(others or {})
    total = sum(probabilities[one] for one in MODELS)
    return recommendation(
        model,
        status=status,
        probabilities=probabilities,
        conditional={one: probabilities[one] / total for one in MODELS},
        set90=(model,),
    )
