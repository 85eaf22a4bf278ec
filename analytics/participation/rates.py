"""Response rates with their intervals, and what is worth a warning about them."""

from collections.abc import Mapping

import polars as pl

from analytics.disclosure.plan import DisclosurePlan
from analytics.inference.shares import wilson
from analytics.participation.staff import Staff
from analytics.results.participation import ParticipationWarning, ResponseRate

__all__ = ["Respondents", "count_respondents", "response_rate", "role_rates", "warnings_of"]

_LOW_RATE, _FEW = 0.30, 5

Respondents = Mapping[tuple[str, str], int]
"""People who answered and stayed after screening, by unit and role; own people only."""


def response_rate(respondents: int, headcount: int) -> ResponseRate | None:
    """Return the share who answered with its Wilson interval; None without a head-count.

    A head-count below the respondents counts as theirs: it is outdated.
    """
    if headcount <= 0:
        return None
    staff = max(headcount, respondents)
    low, high = wilson(respondents / staff, staff)
    return ResponseRate(
        rate=respondents / staff,
        low=low,
        high=high,
        respondents=respondents,
        headcount=headcount,
    )


def role_rates(
    code: str, plan: DisclosurePlan, staff: Staff, respondents: Respondents
) -> dict[str, ResponseRate]:
    """Return the rates by role, ``manager`` and ``contributor``, where they may be apart."""
    if code not in plan.respondents.roles:
        return {}
    found = {}
    for role in ("manager", "contributor"):
        people = sum(respondents.get((unit, role), 0) for unit in staff.tree.members(code))
        rate = response_rate(people, staff.of_role(code, role) or 0)
        if rate is not None:
            found[role] = rate
    return found


def warnings_of(rate: ResponseRate | None) -> tuple[ParticipationWarning, ...]:
    """Say what speaks against trusting the figures of a group (method section 6)."""
    if rate is None:
        return ()
    holds: dict[ParticipationWarning, bool] = {
        "low_response": rate.rate < _LOW_RATE,
        "few_answers": rate.respondents < _FEW,
        "outdated_headcount": rate.respondents > rate.headcount,
    }
    return tuple(warning for warning, applies in holds.items() if applies)


def count_respondents(people: pl.DataFrame) -> dict[tuple[str, str], int]:
    """Count people by unit and role."""
    return {
        (unit, role): n for unit, role, n in people.group_by("unit", "role").len().iter_rows()
    }
