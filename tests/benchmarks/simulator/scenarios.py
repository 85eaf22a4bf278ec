"""The parameters of a simulated company, and the scenarios as data.

Source of every number: the design page on the simulator behind the gates.
"""

from dataclasses import dataclass, replace
from typing import Literal

__all__ = ["DISTURBANCES", "SCENARIOS", "UNTRUE", "Mix", "Parameters"]

Mix = Literal["balanced", "skewed", "single", "null", "midway", "mixed_null"]


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """Parameters of a company; in Likert points, and normal unless stated."""

    sep: float = 0.7
    """Reach of units from the centre towards the pure archetype; 1 is the archetype."""
    mix: Mix = "balanced"
    size_median: float = 25.0
    """Median respondents per unit (log-normal)."""
    size_sigma: float = 0.6
    """SD of log size."""
    size_lo: int = 5
    size_hi: int = 500
    tau_primary: float = 0.3
    """Between-unit SD of the cells that define the unit's model."""
    tau_other: float = 0.45
    """Between-unit SD of the other cells."""
    unit_halo: float = 0.2
    """Between-unit SD of a shift common to all context constructs."""
    org_shift: float = 0.2
    """SD of the company's overall elevation."""
    org_construct: float = 0.15
    """SD of the company's offset per construct."""
    anchor_err: float = 0.0
    """SD, cell by cell, between the true and the assumed profiles."""
    person_halo: float = 0.35
    """Person SD common to all constructs."""
    person_sd: float = 0.6
    """Person SD per construct."""
    item_sd: float = 0.8
    """Item noise; times 1.15 on reversed items."""
    item_offset: float = 0.2
    """SD of item difficulty."""
    items: int = 3
    """Items per context construct."""
    reversed_per_scale: int = 1
    """Number of them that are reversed, at the end."""
    acq_mean: float = 0.1
    """Mean acquiescence."""
    acq_sd: float = 0.25
    """Person SD of acquiescence."""
    unit_acq_sd: float = 0.05
    ext_sd: float = 0.2
    """Person SD of log extremity."""
    unit_ext_sd: float = 0.05
    careless: float = 0.03
    """Share of careless people: half repeat one value, half answer at random."""
    missing: float = 0.03
    """Missing answers: .6 of it at random per item, .8 of it after people stop early."""
    manager_bias: float = 0.15
    """Managers' leniency."""
    sponsor_bias: float = 0.35
    """Sponsors' leniency about their unit; they answer no item that would show it."""
    most_sponsors: int = 2
    """Largest number of sponsors per unit; uniform from one."""
    tail_freedom: float | None = None
    """Degrees of freedom of t-distributed units, with the SD of the normal ones."""
    wrong_cells: int = 0
    """Cells of one profile whose true distance from the centre is the theory's, mirrored."""
    reach_spread: float = 0.0
    """Half-width of the models' reach: uniform in sep x (1 - spread, 1 + spread)."""
    silence: float = 0.0
    """Largest correlation of contentment with answering at all; uniform from 0 by unit."""
    end_avoiders: float = 0.0
    """Share of people who never choose 1 or 5."""
    fifth_share: float = 0.0
    """Share of units that follow an undescribed profile."""
    split_share: float = 0.0
    """Share of units in which a minority answers from the standpoint of another model."""


_BASE = Parameters()

SCENARIOS: dict[str, Parameters] = {
    "baseline": _BASE,
    "strong_separation": replace(_BASE, sep=1.0),
    "weak_separation": replace(_BASE, sep=0.4),
    "low_icc": replace(
        _BASE,
        sep=0.4,
        tau_primary=0.18,
        tau_other=0.25,
        unit_halo=0.15,
        person_halo=0.5,
        person_sd=0.75,
        item_sd=0.9,
    ),
    "tiny_units": replace(_BASE, size_median=6.0, size_sigma=0.5, size_lo=3, size_hi=15),
    "long_tail": replace(_BASE, size_median=15.0, size_sigma=1.3, size_lo=3),
    "skewed_mix": replace(_BASE, mix="skewed"),
    "single_model": replace(_BASE, mix="single"),
    "style_heavy": replace(
        _BASE,
        unit_halo=0.35,
        acq_mean=0.3,
        acq_sd=0.45,
        unit_acq_sd=0.3,
        ext_sd=0.4,
        unit_ext_sd=0.2,
    ),
    "wrong_anchors": replace(_BASE, anchor_err=0.5),
    "dirty_data": replace(_BASE, careless=0.15, missing=0.2),
    "noisy_units": replace(_BASE, tau_primary=0.5, tau_other=0.65, unit_halo=0.3),
    "null": replace(_BASE, mix="null"),
    "midway": replace(_BASE, mix="midway"),
    "mixed_null": replace(_BASE, mix="mixed_null"),
}
"""The twelve scenarios of the gates, then the three without a true model."""

UNTRUE = ("null", "midway", "mixed_null")
"""Scenarios in which some or all units have no true model."""

DISTURBANCES: dict[str, Parameters] = {
    "heavy_tails": replace(_BASE, tail_freedom=4.0),
    "profile_half_wrong": replace(_BASE, wrong_cells=4),
    "uneven_reach": replace(_BASE, reach_spread=0.6),
    "silent_discontent": replace(_BASE, silence=0.95),
    "avoided_ends": replace(_BASE, end_avoiders=0.5),
    "fifth_model": replace(_BASE, fifth_share=0.25),
    "two_camps": replace(_BASE, split_share=0.25),
}
"""Scenarios outside the family of every method; our own choice."""
