"""The statements that the portfolio supports, as keys with the figures behind them.

No statement says how often a recommendation is right: the probabilities would grade themselves.
They count the units that would get a model which is not even plausible for them.
"""

from collections.abc import Sequence

from analytics.results.portfolio import (
    Division,
    ModelForAll,
    ModelUse,
    Portfolio,
    PortfolioOption,
    Statement,
    StatementKey,
)

__all__ = ["statements"]

_APART = 0.03
"""Two standard errors of the difference of two shares of 2 000 draws each: divisions that
differ by less may be equal."""


def statements(found: Portfolio) -> tuple[Statement, ...]:
    """Return the statements about a portfolio, in reading order."""
    options = {option.key: option for option in found.options}
    own, common = options["unit_by_unit"], options["one_for_all"]
    said = [_shared(use, found.units) for use in found.uses if len(use.units) > 1]
    said.append(_coordination(own, found))
    said.extend(_divisions(found.divisions))
    if "one_per_division" in options:
        said.append(_one_per_division(options["one_per_division"], found.units))
    # By name: of two almost equal models, draws and sums may favour different ones.
    meant = next(model for model in found.for_all if model.model == common.model)
    said.append(_one_for_all(meant, found.units))
    best = max(found.for_all, key=lambda model: model.nearly_all)
    said.append(
        Statement(key="verdict", model=best.model, figures=_excluded(best, found.units))
    )
    return tuple(said)


def _shared(use: ModelUse, units: int) -> Statement:
    figures = {
        "clear": float(len(use.units)),
        "unclear": float(len(use.unclear_units)),
        "of": float(units),
        "expected": use.expected_units,
    }
    return Statement(key="model_shared", model=use.model, figures=figures)


def _coordination(own: PortfolioOption, found: Portfolio) -> Statement:
    figures = {
        "models": float(own.models),
        "effective": own.effective_models,
        "split": float(own.split_pairs),
        "pairs": float(own.pairs),
    }
    if found.split_share is not None:
        figures |= {"low": found.split_share.low, "high": found.split_share.high}
    return Statement(key="coordination", figures=figures)


def _divisions(divisions: Sequence[Division]) -> list[Statement]:
    """Name the most and the least mixed of several divisions with more than one unit."""
    several = sorted(
        (division for division in divisions if division.split_share is not None),
        key=_split,
    )
    if len(several) < 2 or _split(several[-1]) - _split(several[0]) < _APART:
        return []
    return [
        _division("most_mixed_division", several[-1]),
        _division("most_alike_division", several[0]),
    ]


def _division(key: StatementKey, division: Division) -> Statement:
    figures = {
        "split_share": _split(division),
        "units": float(division.units),
        "models": float(len(division.models)),
        "implausible": float(division.best_model_implausible),
    }
    return Statement(key=key, unit=division.unit, model=division.best_model, figures=figures)


def _split(division: Division) -> float:
    return 0.0 if division.split_share is None else division.split_share.estimate


def _one_per_division(option: PortfolioOption, units: int) -> Statement:
    figures = {"implausible": float(option.implausible), "of": float(units)}
    return Statement(key="one_per_division", figures=figures)


def _one_for_all(model: ModelForAll, units: int) -> Statement:
    return Statement(key="one_for_all", model=model.model, figures=_excluded(model, units))


def _excluded(model: ModelForAll, units: int) -> dict[str, float]:
    return {"excluded": float(len(model.excluded_units)), "of": float(units)}
