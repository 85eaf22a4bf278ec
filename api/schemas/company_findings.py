"""What the analyses of a release find of the company as a whole, on the wire."""

from typing import Any, Generic, TypeVar

import msgspec

from analytics.results import Constraint
from analytics.results.drivers import Drivers
from analytics.results.participation import CompanyParticipation
from analytics.results.portfolio import Portfolio
from analytics.results.quality import CompanyQuality
from analytics.results.sponsorship import CompanySponsorship
from analytics.results.waves import CompanyChange, Drift
from api.schemas.releases import ConstraintRead
from survey.releases.store import ReleaseView

__all__ = ["COMPANY_EXAMPLES", "CompanyResult", "FullResults"]

Unit = TypeVar("Unit")
Company = TypeVar("Company")


class CompanyResult(
    msgspec.Struct, Generic[Company], frozen=True, kw_only=True, rename="camel"
):
    """What was found of the company as a whole, with what it was computed from."""

    release: ReleaseView
    company: Company


class FullResults(
    msgspec.Struct, Generic[Unit, Company], frozen=True, kw_only=True, rename="camel"
):
    """What was found of units, and of the company they make up."""

    release: ReleaseView
    company: Company | None
    """Null if the release says nothing about it, and for keys restricted to a part."""
    items: tuple[Unit, ...]
    next_cursor: str | None


_WITHIN = {
    "status": "reported",
    "respondents": 760,
    "units": 24,
    "rSquared": {"estimate": 0.41, "low": 0.34, "high": 0.49},
    "adjustedRSquared": 0.4,
    "drivers": [
        {
            "constructs": ["workflow_redesign"],
            "importance": {"estimate": 0.14, "low": 0.1, "high": 0.19},
            "share": {"estimate": 0.34, "low": 0.25, "high": 0.43},
            "relativeWeight": 0.14,
            "correlation": {"estimate": 0.52, "low": 0.46, "high": 0.58},
            "rank": 1,
            "rankLow": 1,
            "rankHigh": 2,
            "rankShare": 0.93,
            "firstShare": 0.93,
            "place": "raise_first",
        }
    ],
}

COMPANY_EXAMPLES: dict[Any, dict[str, Any]] = {
    Constraint: ConstraintRead.example["constraint"],
    Drivers: {
        "outcome": "value_realised",
        "levels": {"workflow_redesign": {"mean": 44.0, "low": 42.1, "high": 45.9}},
        "within": _WITHIN,
        "between": {"status": "insufficient", "units": 24, "missingUnits": 76},
        "resamples": 1000,
    },
    CompanyQuality: {
        "scales": {
            "data_readiness": {
                "status": "reported",
                "invariance": "not_tested",
                "reliability": {
                    "coefficient": "omega",
                    "verdict": "reliable",
                    "omega": 0.84,
                    "omegaLow": 0.81,
                    "omegaHigh": 0.87,
                    "alpha": 0.83,
                    "alphaLow": 0.8,
                    "alphaHigh": 0.86,
                    "items": {"data_readiness_1": {"itemTotal": 0.66, "alphaIfDropped": 0.78}},
                },
            },
            "business_pain": {"status": "single_item", "invariance": "not_tested"},
        },
        "screening": {"status": "fewer_than_k"},
    },
    CompanyParticipation: {
        "status": "reported",
        "everyone": {
            "rate": 0.45,
            "low": 0.43,
            "high": 0.47,
            "respondents": 790,
            "headcount": 1755,
        },
        "unitsWithWarnings": 2,
        "lateAnswers": {"verdict": "similar"},
    },
    CompanySponsorship: {
        "status": "reported",
        "gap": {"estimate": 14.2, "low": 9.8, "high": 18.6, "adjustedP": 0.001},
        "units": 24,
        "selected": 9,
        "reliability": 0.74,
        "ranksUnits": True,
        "quadrants": {"blind_spot": 9, "too_close_to_call": 15},
    },
    CompanyChange: {
        "constructs": {
            "data_readiness": {
                "verdict": "no_change",
                "estimate": 0.8,
                "low": -1.1,
                "high": 2.7,
            }
        },
        "peopleMatched": False,
        "unitsCompared": 22,
        "units": {"data_readiness": {"rose": 3, "fell": 1, "noChange": 10, "inconclusive": 8}},
    },
    Drift: {
        "status": "watch",
        "constructs": {"data_readiness": {"status": "stable", "psi": 0.02, "chance": 0.03}},
        "flagged": {
            "status": "watch",
            "current": 0.06,
            "earlier": 0.03,
            "difference": 0.03,
            "low": 0.01,
            "high": 0.05,
        },
        "alerts": ["More answers than in the last wave were left out as careless."],
    },
    Portfolio: {
        "basis": "model",
        "units": 24,
        "clearUnits": 17,
        "described": 0.93,
        "verdict": "mixed",
        "because": "no_model_fits_nearly_all",
        "uses": [
            {"model": "coe", "units": ["U01"], "unclearUnits": ["U02"], "expectedUnits": 8.1}
        ],
        "divisions": [
            {
                "unit": "D01",
                "units": 2,
                "models": {"coe": ["U01", "U02"]},
                "distinct": {"estimate": 1.4, "low": 1.0, "high": 2.0},
                "bestModel": "coe",
                "bestModelRight": 0.74,
                "bestModelImplausible": 0,
            }
        ],
        "distinct": {"estimate": 3.9, "low": 3.0, "high": 4.0},
        "effectiveModels": {"estimate": 3.4, "low": 2.9, "high": 3.8},
        "options": [
            {
                "key": "unit_by_unit",
                "models": 4,
                "effectiveModels": 3.4,
                "pairs": 42,
                "splitPairs": 25,
                "right": 0.78,
                "implausible": 0,
                "logOddsGivenUp": 0.0,
            }
        ],
        "forAll": [
            {
                "model": "coe",
                "right": {"estimate": 0.34, "low": 0.25, "high": 0.42},
                "plausible": 0.5,
                "excludedUnits": ["U03"],
                "logOddsGivenUp": 2.7,
                "nearlyAll": 0.0,
            }
        ],
        "statements": [
            {"key": "verdict", "model": "coe", "figures": {"excluded": 12, "of": 24}},
        ],
    },
}
"""One example of each kind of finding, as JSON."""
