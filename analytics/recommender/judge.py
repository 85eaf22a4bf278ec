"""The recommendation of one group: model, runner-up, certainty, caveats with their reasons."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.recommender.anchors import Anchors
from analytics.recommender.certainty import (
    LEAN,
    band_of,
    is_unlike_all,
    leading_blend,
    lowered,
    more_answers,
    set90,
    with_error,
)
from analytics.recommender.moves import Explanation, explain, smallest_moves
from analytics.recommender.parameters import NONE, Components, Parameters
from analytics.recommender.predictive import Predictive
from analytics.results import MoreAnswers, Move, Odds, Reason, Recommendation
from analytics.results.recommendation import ReasonCode
from analytics.study.scoring import to_share

__all__ = ["Case", "Judge"]


@dataclass(frozen=True)
class Case:
    """One group with the results of the mixture and of the partition for it.

    Attributes
    ----------
    means : ndarray of shape (p,)
        Points; NaN if missing.
    covariance : ndarray of shape (p, p)
        V_b, points squared.
    respondents : int
        People behind the means.
    predictive : Predictive
        What is expected of this group before its own answers count.
    probabilities : ndarray of shape (c,)
        Posterior of every component, by ``predictive``.
    distances : ndarray of shape (c,)
        Squared plug-in distance d²_bc from every component.
    second_opinion : int
        Index of the model that the partition names.
    split : bool
        Whether its people fall into two camps.
    unnamed : bool
        It shares a profile that no model describes with other units.
    silhouette, stability : float, optional
        Of the partition, and over resamples.
    """

    means: NDArray[np.float64]
    covariance: NDArray[np.float64]
    respondents: int
    predictive: Predictive
    probabilities: NDArray[np.float64]
    distances: NDArray[np.float64]
    second_opinion: int
    split: bool = False
    unnamed: bool = False
    silhouette: float | None = None
    stability: float | None = None


@dataclass(frozen=True)
class Judge:
    """Turns cases into recommendations, by one theory and one set of parameters.

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
    doubtful : frozenset of str
        Constructs that were measured with a reliability below .60.
    """

    theory: Anchors
    components: Components
    parameters: Parameters
    few_units: bool
    no_structure: bool
    doubtful: frozenset[str] = frozenset()

    def recommendation(self, case: Case) -> Recommendation:
        """Return the recommendation for one group (method 1.5 to 1.8)."""
        models = self.theory.models
        pure = case.probabilities[: len(models)]
        conditional = pure / pure.sum()
        winner, rival = (int(k) for k in np.argsort(-pure, kind="stable")[:2])
        between, answers = self._abstention(case, float(pure[winner]))
        doubts = (
            case.second_opinion != winner,
            self.no_structure,
            # Both say that no model describes the unit: one doubt, not two.
            case.unnamed or _is_unlike(case),
        )
        explanation = self._explanation(case, winner, rival)
        return Recommendation(
            status=lowered(band_of(float(pure[winner])), sum(doubts)),
            model=models[winner],
            runner_up=models[rival],
            probabilities=self._named(case.probabilities),
            conditional=dict(zip(models, conditional.tolist(), strict=True)),
            set90=tuple(models[k] for k in set90(conditional)),
            second_opinion=models[case.second_opinion],
            reason_codes=self._codes(case, winner, between, answers),
            unreliable=self._unreliable(case),
            reasons=self._reasons(case, explanation),
            odds=_odds(explanation),
            would_change=self._moves(case),
            between=between,
            more_answers=answers,
            with_more_answers=_with_more_answers(case, winner),
            stability=case.stability,
            silhouette=case.silhouette,
        )

    def _abstention(
        self, case: Case, probability: float
    ) -> tuple[tuple[str, ...] | None, int | None]:
        """Return the two models in between and the missing answers, if no model leads."""
        if probability >= LEAN:
            return None, None
        blend = leading_blend(case.probabilities, self.components)
        answers = more_answers(
            case.means,
            case.covariance,
            case.respondents,
            case.predictive,
            models=self.components.models,
        )
        return (None if blend is None else tuple(self.theory.models[k] for k in blend)), answers

    def _codes(
        self, case: Case, winner: int, between: tuple[str, ...] | None, answers: int | None
    ) -> tuple[ReasonCode, ...]:
        unclear = case.probabilities[winner] < LEAN
        holds: dict[ReasonCode, bool] = {
            "BETWEEN": unclear and between is not None,
            "CENTRE": unclear and between is None,
            "FEW": answers is not None,
            "UNLIKE": _is_unlike(case),
            "SPLIT": case.split,
            "SECOND": case.second_opinion != winner,
            "MIX": self._leans_on_mix(case, winner),
            "FEW_UNITS": self.few_units,
            "UNNAMED": case.unnamed,
            "UNRELIABLE": bool(self._unreliable(case)),
        }
        return tuple(code for code, applies in holds.items() if applies)

    def _unreliable(self, case: Case) -> tuple[str, ...]:
        """Return the doubtful constructs on which the group has a mean."""
        known = np.isfinite(case.means)
        return tuple(
            construct
            for construct, has_mean in zip(self.theory.constructs, known, strict=True)
            if has_mean and construct in self.doubtful
        )

    def _leans_on_mix(self, case: Case, winner: int) -> bool:
        """Tell whether another model would lead if all were equally common."""
        m = self.components.models
        flat = case.probabilities[:m] / case.predictive.mix[0, :m]
        return int(flat.argmax()) != winner

    def _named(self, probabilities: NDArray[np.float64]) -> dict[str, float]:
        m = self.components.models
        named = dict(zip(self.theory.models, probabilities[:m].tolist(), strict=True))
        blends = float(probabilities[m + 1 :].sum())
        return named | {NONE: float(probabilities[m]), "between": blends}

    def _explanation(self, case: Case, winner: int, rival: int) -> Explanation:
        return explain(
            case.means,
            case.covariance,
            self.components,
            self.parameters,
            winner=winner,
            rival=rival,
        )

    def _reasons(self, case: Case, explanation: Explanation) -> tuple[Reason, ...]:
        weights = explanation.constructs
        known = [j for j in np.argsort(-weights, kind="stable") if np.isfinite(case.means[j])]
        return tuple(
            Reason(construct=self.theory.constructs[j], weight=float(weights[j])) for j in known
        )

    def _moves(self, case: Case) -> tuple[Move, ...]:
        found = smallest_moves(
            case.means, case.covariance, case.predictive, models=self.components.models
        )
        return tuple(
            Move(
                construct=self.theory.constructs[move.construct],
                from_=to_share(float(case.means[move.construct])),
                to=to_share(move.to),
                model=self.theory.models[move.model],
                standard_errors=move.standard_errors
                if np.isfinite(move.standard_errors)
                else None,
            )
            for move in found
        )


def _is_unlike(case: Case) -> bool:
    return is_unlike_all(case.distances, int(np.isfinite(case.means).sum()))


def _odds(explanation: Explanation) -> Odds:
    constructs = float(explanation.constructs.sum())
    return Odds(
        constructs=constructs,
        company_pattern=explanation.company_pattern,
        spread=explanation.spread,
        total=constructs + explanation.company_pattern + explanation.spread,
    )


def _with_more_answers(case: Case, winner: int) -> MoreAnswers:
    """Return the model's probability with half and a quarter of the sampling covariance."""
    shares = np.array([0.5, 0.25])
    found = with_error(case.means, case.covariance, shares, case.predictive)[:, winner]
    return MoreAnswers(twice=float(found[0]), four_times=float(found[1]))
