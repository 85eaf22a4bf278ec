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
"""``unit_by_unit``: to each unit its own best model; ``one_per_division``: one per parent;
``one_for_all``: the same everywhere."""
PortfolioVerdict = Literal["one_model_defensible", "mixed", "cannot_tell"]
"""``one_model_defensible``: one model is probably right nearly everywhere; ``mixed``: none is;
``cannot_tell``: the evidence does not decide."""
PortfolioReason = Literal[
    "right_nearly_everywhere",
    "no_model_fits_nearly_all",
    "too_few_units",
    "mostly_unclear",
    "in_between",
]
"""``right_nearly_everywhere``, ``no_model_fits_nearly_all``: the evidence decides;
``too_few_units``: there is one unit; ``mostly_unclear``: most units have no clear model;
``in_between``: too little is known to decide."""
StatementKey = Literal[
    "model_shared",
    "coordination",
    "most_mixed_division",
    "most_alike_division",
    "one_per_division",
    "one_for_all",
    "verdict",
]
"""``model_shared``: units that share a model; ``coordination``: pairs of units with different
models; ``most_mixed_division``, ``most_alike_division``: where models differ most and least;
``one_per_division``, ``one_for_all``: what that option costs; ``verdict``: whether one model
can serve all."""


class ModelUse(Record, frozen=True, kw_only=True):
    """The units for which one model is the most probable of the four."""

    model: str
    """Key of the operating model."""
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
    """Number of these units."""
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
    """exp(entropy) of the units' shares, a number of models: 4 equally common ones are 4."""
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
    """Key of the operating model."""
    right: Estimate
    """Share of units for which it is right, as expected, 0 to 1."""
    right_people: Estimate | None = None
    """Share of people in such units, of those with a head-count that can be right."""
    plausible: float
    """Share of units whose 90 % set holds it, 0 to 1."""
    plausible_people: float | None = None
    """Share of people in such units, 0 to 1; None without head-counts."""
    excluded_units: tuple[str, ...]
    """Units whose 90 % set does not hold it."""
    log_odds_given_up: float
    """Mean over units of the log-odds against their best model."""
    nearly_all: float
    """Probability that it is right for at least four fifths of units, and of people."""


class Statement(Record, frozen=True, kw_only=True):
    """A statement about the portfolio: its key, whom it is about, and its figures."""

    key: StatementKey
    """What the statement says."""
    model: str | None = None
    """Key of the operating model it is about; None if it is about none."""
    unit: str | None = None
    """Code of the division it is about; None if it is about none."""
    figures: dict[str, float] = msgspec.field(default_factory=dict)
    """Its figures by name: counts of units or pairs, and shares of 0 to 1."""


class Portfolio(ModelBased, frozen=True, kw_only=True):
    """The models of all units that are shown and have no units below them.

    All of its probabilities follow from those of the recommendations.
    """

    units: int
    """Number of units compared."""
    clear_units: int
    """Those with a firm or lean recommendation."""
    described: float
    """Expected share of units that one of the four models describes, 0 to 1; everything that is
    called right below refers to these."""
    verdict: PortfolioVerdict
    """Whether one model can serve all units."""
    because: PortfolioReason
    """Why the verdict is as it is."""
    uses: tuple[ModelUse, ...]
    """One per model, most expected units first."""
    divisions: tuple[Division, ...]
    """One per parent of units."""
    distinct: Estimate
    """Number of different models over all units, as expected."""
    effective_models: Estimate
    """exp(entropy) of the units' shares, as expected: 4 equally common models are 4."""
    split_share: Estimate | None = None
    """Share of pairs of units under one parent with different models, as expected."""
    options: tuple[PortfolioOption, ...]
    """Ways to give every unit a model."""
    for_all: tuple[ModelForAll, ...]
    """One per model, most often right first."""
    statements: tuple[Statement, ...]
    """What can be said of the portfolio, in order."""
