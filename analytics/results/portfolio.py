"""The operating models of all units together: what they share and what the mix costs."""

from typing import Literal

import msgspec

from analytics.results.record import Estimate, ModelBased, Record

__all__ = [
    "Division",
    "ModelForAll",
    "ModelUse",
    "OptionKey",
    "Portfolio",
    "PortfolioOption",
    "PortfolioReason",
    "PortfolioVerdict",
    "Statement",
    "StatementKey",
]

OptionKey = Literal["unit_by_unit", "one_per_division", "one_for_all"]
PortfolioVerdict = Literal["one_model_defensible", "mixed", "cannot_tell"]
PortfolioReason = Literal[
    "right_nearly_everywhere",
    "no_model_fits_nearly_all",
    "too_few_units",
    "mostly_unclear",
    "in_between",
]
StatementKey = Literal[
    "model_shared",
    "coordination",
    "most_mixed_division",
    "most_alike_division",
    "one_per_division",
    "one_for_all",
    "verdict",
]


class ModelUse(Record, frozen=True, kw_only=True):
    """The units for which one model is the most probable of the four."""

    model: str
    units: tuple[str, ...]
    """With a firm or a lean recommendation for it."""
    unclear_units: tuple[str, ...]
    """The evidence leans this way but does not support a decision."""
    expected_units: float
    """Expected number of units for which it is right, unclear ones included."""


class Division(Record, frozen=True, kw_only=True):
    """The units right below one unit of the tree."""

    unit: str | None = None
    """Absent for the units at the top."""
    units: int
    models: dict[str, tuple[str, ...]]
    """Most probable model to its units."""
    distinct: Estimate
    """Number of different models, as expected."""
    split_share: Estimate | None = None
    """Share of pairs of its units with different models, 0 to 1; absent for a single unit."""
    best_model: str
    """The one model that would be right for most of its units."""
    best_model_right: float
    """Expected share of its units for which that is right, 0 to 1."""
    best_model_implausible: int
    """Its units whose 90 % set does not hold it."""


class PortfolioOption(Record, frozen=True, kw_only=True):
    """One way to give every unit a model, with its costs and its expected success."""

    key: OptionKey
    model: str | None = None
    """The model of all; only for ``one_for_all``."""
    models: int
    """Different models that have to be run."""
    effective_models: float
    """exp(entropy) of the units' shares: 4 equally common models are 4, 1 model is 1."""
    pairs: int
    """Pairs of units under the same parent."""
    split_pairs: int
    """Pairs that would have different models and have to coordinate across them."""
    right: float
    """Expected share of units whose model is right, 0 to 1."""
    right_people: float | None = None
    """Expected share of people in such units, of those with a head-count that can be right."""
    implausible: int
    """Units that get a model outside their 90 % set."""
    log_odds_given_up: float
    """Mean over units of the log-odds of the best model against the given one; 0 if equal."""


class ModelForAll(Record, frozen=True, kw_only=True):
    """One model for all units."""

    model: str
    right: Estimate
    """Share of units for which it is right, as expected, 0 to 1."""
    right_people: Estimate | None = None
    """Share of people in such units, of those with a head-count that can be right."""
    plausible: float
    """Share of units whose 90 % set holds it, 0 to 1."""
    plausible_people: float | None = None
    excluded_units: tuple[str, ...]
    """Units whose 90 % set does not hold it."""
    log_odds_given_up: float
    """Mean over units of the log-odds against their best model."""
    nearly_all: float
    """Probability that it is right for at least four fifths of units, and of people."""


class Statement(Record, frozen=True, kw_only=True):
    """A statement about the portfolio: its key, whom it is about, and its figures."""

    key: StatementKey
    model: str | None = None
    unit: str | None = None
    figures: dict[str, float] = msgspec.field(default_factory=dict)


class Portfolio(ModelBased, frozen=True, kw_only=True):
    """The models of all units that are shown and have no units below them.

    All of its probabilities follow from those of the recommendations.
    """

    units: int
    clear_units: int
    """Those with a firm or lean recommendation."""
    described: float
    """Expected share of units that one of the four models describes, 0 to 1; everything that is
    called right below refers to these."""
    verdict: PortfolioVerdict
    because: PortfolioReason
    uses: tuple[ModelUse, ...]
    """One per model, most expected units first."""
    divisions: tuple[Division, ...]
    distinct: Estimate
    """Number of different models over all units, as expected."""
    effective_models: Estimate
    split_share: Estimate | None = None
    """Share of pairs of units under one parent with different models, as expected."""
    options: tuple[PortfolioOption, ...]
    for_all: tuple[ModelForAll, ...]
    """One per model, most often right first."""
    statements: tuple[Statement, ...]
