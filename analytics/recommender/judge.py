"""What is said to one group: model, runner-up, how sure, and every caveat with its reason."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.recommender.anchors import Anchors
from analytics.recommender.components import NONE, Components
from analytics.recommender.parameters import Parameters
from analytics.recommender.reading import (
    LEAN,
    band_of,
    is_unlike_all,
    leading_blend,
    lowered,
    more_answers,
    set90,
)
from analytics.recommender.reasons import explain
from analytics.results import Reason, Recommendation

__all__ = ["Case", "Judge"]

BETWEEN, CENTRE, FEW, UNLIKE = "BETWEEN", "CENTRE", "FEW", "UNLIKE"
SECOND, FEW_UNITS = "SECOND", "FEW_UNITS"


@dataclass(frozen=True)
class Case:
    """One group and what the mixture and the partition say of it.

    Attributes
    ----------
    means : ndarray of shape (p,)
        Points; NaN where missing.
    covariance : ndarray of shape (p, p)
        V_b, points squared.
    respondents : int
        People behind the means.
    probabilities, distances : ndarray of shape (c,)
        Posterior r_bc and squared distance d²_bc of every component.
    second_opinion : int
        Index of the model that the partition names.
    """

    means: NDArray[np.float64]
    covariance: NDArray[np.float64]
    respondents: int
    probabilities: NDArray[np.float64]
    distances: NDArray[np.float64]
    second_opinion: int


@dataclass(frozen=True)
class Judge:
    """Reads cases by one theory and one set of parameters.

    Attributes
    ----------
    theory : Anchors
        Names the models and constructs.
    components, parameters
        The mixture's.
    few_units : bool
        The company has too few units to learn its own pattern.
    no_structure : bool
        The company shows no structure: every group is lowered by one band.
    """

    theory: Anchors
    components: Components
    parameters: Parameters
    few_units: bool
    no_structure: bool

    def recommendation(self, case: Case) -> Recommendation:
        """Return the recommendation for one group (method 1.5, 1.6, 1.8)."""
        models = self.theory.models
        pure = case.probabilities[: len(models)]
        conditional = pure / pure.sum()
        winner, rival = (int(k) for k in np.argsort(-pure, kind="stable")[:2])
        disagrees = case.second_opinion != winner
        between, answers = self._abstention(case, float(pure[winner]))
        steps = int(disagrees) + int(self.no_structure)
        return Recommendation(
            status=lowered(band_of(float(pure[winner])), steps),
            model=models[winner],
            runner_up=models[rival],
            probabilities=self._named(case.probabilities),
            conditional=dict(zip(models, conditional.tolist(), strict=True)),
            set90=tuple(models[k] for k in set90(conditional)),
            second_opinion=models[case.second_opinion],
            reason_codes=self._codes(case, winner, between, answers),
            reasons=self._reasons(case, winner, rival),
            between=between,
            more_answers=answers,
        )

    def _abstention(
        self, case: Case, probability: float
    ) -> tuple[tuple[str, ...] | None, int | None]:
        """Return the two models in between and the answers missing, where no model leads."""
        if probability >= LEAN:
            return None, None
        blend = leading_blend(case.probabilities, self.components)
        answers = more_answers(
            case.means, case.covariance, case.respondents, self.components, self.parameters
        )
        return (None if blend is None else tuple(self.theory.models[k] for k in blend)), answers

    def _codes(
        self, case: Case, winner: int, between: tuple[str, ...] | None, answers: int | None
    ) -> tuple[str, ...]:
        unclear = case.probabilities[winner] < LEAN
        constructs = int(np.isfinite(case.means).sum())
        holds = {
            BETWEEN: unclear and between is not None,
            CENTRE: unclear and between is None,
            FEW: answers is not None,
            UNLIKE: is_unlike_all(case.distances, constructs),
            SECOND: case.second_opinion != winner,
            FEW_UNITS: self.few_units,
        }
        return tuple(code for code, applies in holds.items() if applies)

    def _named(self, probabilities: NDArray[np.float64]) -> dict[str, float]:
        m = self.components.models
        named = dict(zip(self.theory.models, probabilities[:m].tolist(), strict=True))
        blends = float(probabilities[m + 1 :].sum())
        return named | {NONE: float(probabilities[m]), "between": blends}

    def _reasons(self, case: Case, winner: int, rival: int) -> tuple[Reason, ...]:
        weights = explain(
            case.means,
            case.covariance,
            self.components,
            self.parameters,
            winner=winner,
            rival=rival,
        ).constructs
        known = [j for j in np.argsort(-weights, kind="stable") if np.isfinite(case.means[j])]
        return tuple(
            Reason(construct=self.theory.constructs[j], weight=float(weights[j])) for j in known
        )
