"""The parameters of a simulated company, and the scenarios as data.

Source of every number: the design page on the simulator behind the gates.
"""

from dataclasses import dataclass, replace
from typing import Literal

__all__ = ["SCENARIOS", "UNTRUE", "Mix", "Parameters"]

Mix = Literal["balanced", "skewed", "single", "null", "midway", "mixed_null"]


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """How a company is drawn; Likert points, normal unless said."""

    sep: float = 0.7
    """How far real units reach from the centre towards the pure archetype; 1 = all the way."""
    mix: Mix = "balanced"
    size_median: float = 25.0
    """Respondents per unit, median of a log-normal."""
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
    """How many of them, at the end, are reversed."""
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
    """Missing answers: .6 of it at random per item, .8 of it people who leave the tail."""
    manager_bias: float = 0.15
    """Managers' leniency."""
    sponsor_bias: float = 0.35
    """Sponsors' leniency about their unit; their file rows hold no answer it could show in."""


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
