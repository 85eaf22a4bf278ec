"""Only the mixture, to compare two variants of it within minutes.

Screened unit means with their errors are prepared once and kept; a variant only fits and judges
them. Bands follow the product's rules, except those that need resampled people. The accuracy of
the product is measured in ``measuring``.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.disclosure.plan import plan_disclosure
from analytics.quality import company_quality
from analytics.recommender.anchors import Anchors
from analytics.recommender.certainty import is_unlike_all
from analytics.recommender.company_pattern import company_pattern
from analytics.recommender.context_rows import context_rows
from analytics.recommender.estimator import AnchoredUnitMixture
from analytics.recommender.measured import Measured
from analytics.recommender.predictive import plug_in, with_theory_error
from analytics.recommender.unnamed import unnamed_profile
from analytics.study.study import Study
from analytics.study.unit_means import means_behind
from seed.content import operating_models, standard_instrument
from tests.benchmarks.judges import toy_models
from tests.benchmarks.oracle import oracle_posterior
from tests.benchmarks.recommender.companies import Company
from tests.benchmarks.recommender.product import context_sheet
from tests.benchmarks.simulator import simulate
from tests.benchmarks.simulator.archetypes import MODELS

__all__ = ["judged_by_mixture", "kept_means", "means_of"]

_FEWEST_SHOWN = 5
_SET = 0.9
SECOND_LOOK = WIDENED = True
"""The steps after the mixture; a comparison switches one of them off."""


def means_of(company: Company) -> pl.DataFrame:
    """Return one row per unit: its means, their covariance, the truth, toy and oracle.

    Every row also names the company's constructs below .60 (``doubtful``) and those that lose
    their say (``left_out``).
    """
    drawn = simulate(company.parameters, units=company.units, seed=company.seed)
    study = Study.of(
        context_sheet(drawn.responses), standard_instrument().measures(), drawn.units
    )
    found = context_rows(means_behind(study.deviations("context")), _theory().constructs)
    plan = plan_disclosure(study, k=_FEWEST_SHOWN)
    reliable = Measured.of(company_quality(study, plan, k=_FEWEST_SHOWN, seed=0).scales)
    toy = toy_models(drawn.responses)
    means = pl.DataFrame(
        {
            "unit": found.units,
            "people": found.respondents,
            "means": found.means.tolist(),
            "errors": found.covariance.reshape(len(found.units), -1).tolist(),
        }
    )
    truth = drawn.truth.select("unit", "kind", pl.col("model").alias("truth"), "respondents")
    return (
        truth.join(oracle_posterior(drawn, company.parameters), on="unit")
        .join(means, on="unit")
        .sort("unit")
        .select(
            pl.lit(company.scenario).alias("scenario"),
            pl.lit(company.sheet).alias("sheet"),
            pl.lit(company.units, dtype=pl.Int64).alias("units"),
            pl.lit(company.seed, dtype=pl.Int64).alias("company"),
            pl.all(),
            pl.col("unit").replace_strict(toy, return_dtype=pl.String).alias("toy"),
            pl.lit(sorted(reliable.doubtful), dtype=pl.List(pl.String)).alias("doubtful"),
            pl.lit(sorted(reliable.left_out), dtype=pl.List(pl.String)).alias("left_out"),
        )
    )


def kept_means(path: Path, prepared: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Read the means kept at ``path``; if the file is missing, write ``prepared`` to it."""
    if not path.exists():
        pl.concat(prepared).write_parquet(path)
    return pl.read_parquet(path)


def _theory() -> Anchors:
    return operating_models().anchors()


def judged_by_mixture(company: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of one company with the mixture's verdict on each unit.

    A company of which too few constructs keep their say is judged on all of them, but gets no
    band.
    """
    everything = _theory()
    left = Measured(left_out=frozenset(company["left_out"][0])).restrict(everything)
    theory = left or everything
    X = np.array(company["means"].to_list(), dtype=np.float64)
    V = np.array(company["errors"].to_list(), dtype=np.float64).reshape(*X.shape, X.shape[1])
    columns = [everything.constructs.index(construct) for construct in theory.constructs]
    X, V = X[:, columns], V[:, columns][:, :, columns]
    mixture = AnchoredUnitMixture(theory.matrix, defining=theory.mask, second_look=SECOND_LOOK)
    mixture.fit(X, unit_cov=V)
    expected = mixture.expected_
    if WIDENED and not mixture.learned_:
        expected = with_theory_error(expected, mixture.components_, mixture.prior_)
    found = expected.posterior(X, V)
    pure = found.probabilities[:, : len(theory.models)]
    conditional = pure / pure.sum(axis=1, keepdims=True)
    parameters = mixture.parameters_
    plugged = plug_in(len(X), mixture.components_, parameters).posterior(X, V)
    unlike = [is_unlike_all(row, X.shape[1]) for row in plugged.distances]
    no_structure = company_pattern(mixture, theory).structure == "none"
    unnamed = _unnamed(mixture, X, V, company["people"].to_numpy())
    doubts = (mixture.partition_.second_opinion(X) != pure.argmax(axis=1)) + 1 * no_structure
    doubts = doubts + np.maximum(unnamed, unlike) + (2 if left is None else 0)
    places = [theory.models.index(model) for model in MODELS]
    return company.drop("means", "errors").with_columns(
        pl.Series("status", _bands(pure.max(axis=1), doubts, company["people"].to_numpy())),
        *(
            pl.Series(model, conditional[:, at])
            for model, at in zip(MODELS, places, strict=True)
        ),
        pl.Series("set90", _sets(conditional, theory.models), dtype=pl.List(pl.String)),
        pl.Series(
            "reason_codes",
            [
                ["UNLIKE"] * bool(far) + ["UNNAMED"] * bool(alone)
                for far, alone in zip(unlike, unnamed, strict=True)
            ],
            dtype=pl.List(pl.String),
        ),
        *(pl.lit(None, dtype=pl.String).alias(name) for name in ("constraint", "lowest")),
        *(
            pl.lit(None, dtype=pl.Float64).alias(f"gap_{name}")
            for name in ("low", "high", "true")
        ),
    )


def _unnamed(
    mixture: AnchoredUnitMixture,
    X: NDArray[np.float64],
    V: NDArray[np.float64],
    people: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return 1 for each shown unit that shares a profile which no model describes."""
    shown = np.flatnonzero(np.isfinite(X).all(axis=1) & (people >= _FEWEST_SHOWN))
    found = unnamed_profile(mixture, X[shown], V[shown], shown.tolist())
    alone = np.zeros(len(X), dtype=np.int64)
    if found is not None:
        alone[shown[found.members]] = 1
    return alone


def _bands(
    highest: NDArray[np.float64], doubts: NDArray[np.intp], people: NDArray[np.int64]
) -> list[str | None]:
    """Return each unit's band, one lower per doubt; none if too few people answered."""
    band = np.where(highest >= 0.7, 0, np.where(highest >= 0.5, 1, 2))
    band = np.minimum(band + doubts, 2)
    names = ("firm", "lean", "no_clear_model")
    return [names[b] if n >= _FEWEST_SHOWN else None for b, n in zip(band, people, strict=True)]


def _sets(conditional: NDArray[np.float64], models: Sequence[str]) -> list[list[str]]:
    found = []
    for row in conditional:
        order = np.argsort(-row)
        size = int(np.searchsorted(np.cumsum(row[order]), _SET)) + 1
        found.append([models[at] for at in order[:size]])
    return found
