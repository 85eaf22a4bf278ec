"""A forecast of the final participation, from numbers that every reader has seen already."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from analytics.participation.forecast import Course, Progress, forecast_rate
from analytics.results.participation import ForecastMethod, RateForecast
from survey.campaigns.head_counts import FrozenUnit
from survey.campaigns.steps import Steps, block_sizes

__all__ = ["CampaignCourse", "Look", "forecast_participation", "looked_again"]

_FEWEST_LOOKS = 3
"""A past campaign whose number moved less often has no course to go by."""


class Look(msgspec.Struct, frozen=True, array_like=True):
    """How many people of the company were shown to have completed, from a moment on."""

    at: datetime
    completed: int


class CampaignCourse(msgspec.Struct, frozen=True, kw_only=True):
    """When a campaign ran, and what was shown of it on the way."""

    opened_at: datetime
    closes_at: datetime | None
    """When it ends, or has ended; None if nobody has said."""
    shown: tuple[Look, ...] = ()


def looked_again(shown: Sequence[Look], steps: Steps, *, now: datetime) -> tuple[Look, ...]:
    """Return what has been shown of the company, with the present number if it has moved."""
    completed = sum(step.completed for step in steps.values())
    before = shown[-1].completed if shown else 0
    return (*shown, Look(now, completed)) if completed != before else tuple(shown)


def forecast_participation(
    units: Sequence[FrozenUnit],
    invited: Mapping[str, int],
    course: CampaignCourse,
    past: Sequence[CampaignCourse] = (),
    *,
    as_of: datetime,
    k: int,
) -> RateForecast:
    """Forecast the share of the company's invited who will have completed.

    Parameters
    ----------
    units : sequence of FrozenUnit
        The whole frozen tree.
    invited : mapping of code to int
        People of each unit alone. How many of them have really completed is not given: a
        forecast from that would tell something about them.
    course : CampaignCourse
        Of this campaign.
    past : sequence of CampaignCourse
        Of earlier campaigns that have closed.
    as_of : datetime
        When the numbers were last looked at.
    k : int
        Smallest group of which anything is shown, or can be worked out.
    """
    known = [one for one in past if len(one.shown) >= _FEWEST_LOOKS]
    method: ForecastMethod = "past_campaigns" if known else "saturating_curve"
    sizes = block_sizes(units, invited, k=k)
    if not sizes or sum(sizes.values()) < sum(invited.values()):
        return RateForecast(status="suppressed", method=method)
    if course.closes_at is None:
        return RateForecast(status="no_end", method=method)
    last = (Look(as_of, course.shown[-1].completed),) if course.shown else ()
    shown = msgspec.structs.replace(course, shown=(*course.shown, *last))
    progress = Progress(_course(shown), tuple(sorted(sizes.values())), k)
    return forecast_rate(progress, [_course(one) for one in known])


def _course(campaign: CampaignCourse) -> Course:
    """Return a campaign's course in shares of its time."""
    end = campaign.closes_at or campaign.shown[-1].at
    whole = (end - campaign.opened_at).total_seconds() or 1.0
    return Course(
        tuple(
            min(max((look.at - campaign.opened_at).total_seconds() / whole, 0.0), 1.0)
            for look in campaign.shown
        ),
        tuple(look.completed for look in campaign.shown),
    )
