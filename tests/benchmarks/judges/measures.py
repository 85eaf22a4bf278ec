"""Accuracy, log-loss, calibration and coverage of the product's verdicts."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tests.benchmarks.simulator.archetypes import MODELS

__all__ = [
    "Judgement",
    "Share",
    "calibration_error",
    "judge",
    "log_losses",
    "true_places",
]

_BINS = 10
_LEAST = 1e-12


@dataclass(frozen=True, kw_only=True)
class Share:
    """A part of a whole, as two counts."""

    part: int
    whole: int

    @property
    def value(self) -> float:
        """Return the share; NaN if the whole is zero."""
        return self.part / self.whole if self.whole else float("nan")


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """The figures of the gates over a set of units; suppressed units are not judged."""

    reported: Share
    right: Share
    """Pure units whose most probable model, conditional on the four, is the true one."""
    toy_right: Share
    """The same for the column ``toy``; of zero units if the verdicts have no such column."""
    log_loss: float
    """Mean of -log of the conditional probability of the true model, in nats."""
    oracle_right: Share
    """The same for the columns ``oracle_<model>``; of zero units if there are none."""
    oracle_log_loss: float
    calibration_error: float
    covered: Share
    """Pure units whose true model is in the 90 % set."""
    firm: Share
    firm_right: Share
    centre_firm: Share
    centre_any: Share
    midway_firm: Share
    midway_any: Share
    constraint_right: Share
    """Of the units with an identified constraint."""
    gap_covered: Share
    """Among units whose own sponsors are compared, those whose interval covers the truth."""


def calibration_error(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Return the expected calibration error in ten bins of equal width.

    The mean over units of |share right - mean confidence| of the unit's bin, where confidence
    is the probability of the model named.

    References
    ----------
    .. [1] Guo et al. (2017), On calibration of modern neural networks.
    """
    if not len(confidence):
        return float("nan")
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    gaps = [
        abs(float((right[bins == each].astype(float) - confidence[bins == each]).sum()))
        for each in np.unique(bins)
    ]
    return sum(gaps) / len(confidence)


def _share(units: pl.DataFrame, condition: pl.Expr) -> Share:
    return Share(part=units.filter(condition).height, whole=units.height)


def true_places(pure: pl.DataFrame) -> NDArray[np.int64]:
    """Return the position of each unit's true model among ``MODELS``."""
    order = {model: place for place, model in enumerate(MODELS)}
    return pure["truth"].replace_strict(order, return_dtype=pl.Int64).to_numpy()


def log_losses(given: NDArray[np.float64], true: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return -log of each row's probability of its true model, in nats, at most 27.6."""
    of_truth = given[np.arange(len(true)), true]
    return np.asarray(-np.log(np.maximum(of_truth, _LEAST)))


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _by_oracle(pure: pl.DataFrame, true: NDArray[np.int64]) -> tuple[Share, float]:
    columns = [f"oracle_{model}" for model in MODELS]
    if pure.is_empty() or not set(columns) <= set(pure.columns):
        return Share(part=0, whole=0), float("nan")
    given = pure.select(columns).to_numpy()
    right = Share(part=int((given.argmax(axis=1) == true).sum()), whole=len(true))
    return right, _mean(log_losses(given, true))


def judge(verdicts: pl.DataFrame) -> Judgement:
    """Judge the rows of ``verdicts``, from one company or from many."""
    reported = verdicts.filter(pl.col("status").is_not_null())
    pure = reported.filter(pl.col("kind") == "pure")
    centre = reported.filter(pl.col("kind") == "centre")
    midway = reported.filter(pl.col("kind") == "midway")
    given, true = pure.select(MODELS).to_numpy(), true_places(pure)
    named = given.argmax(axis=1) if len(given) else true
    right = named == true
    oracle_right, oracle_log_loss = _by_oracle(pure, true)
    firm = pl.col("status") == "firm"
    some = pl.col("status").is_in(["firm", "lean"])
    is_firm = pure.select(firm).to_series().to_numpy().astype(bool)
    toyed = pure if "toy" in pure.columns else pure.head(0).with_columns(toy=pl.lit(""))
    gaps = verdicts.filter(pl.col("gap_low").is_not_null())
    constrained = verdicts.filter(pl.col("constraint").is_not_null())
    inside = pl.col("gap_true").is_between(pl.col("gap_low"), pl.col("gap_high"))
    return Judgement(
        reported=Share(part=reported.height, whole=verdicts.height),
        right=Share(part=int(right.sum()), whole=len(right)),
        toy_right=_share(toyed, pl.col("toy") == pl.col("truth")),
        log_loss=_mean(log_losses(given, true)),
        oracle_right=oracle_right,
        oracle_log_loss=oracle_log_loss,
        calibration_error=calibration_error(given.max(axis=1, initial=0.0), right),
        covered=_share(pure, pl.col("set90").list.contains(pl.col("truth"))),
        firm=_share(pure, firm),
        firm_right=Share(part=int(right[is_firm].sum()), whole=int(is_firm.sum())),
        centre_firm=_share(centre, firm),
        centre_any=_share(centre, some),
        midway_firm=_share(midway, firm),
        midway_any=_share(midway, some),
        constraint_right=_share(constrained, pl.col("constraint") == pl.col("lowest")),
        gap_covered=_share(gaps, inside),
    )
