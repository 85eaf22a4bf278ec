"""The forecast of the final rate: what it says, and when it says nothing."""

import pytest

from analytics.participation.forecast import Course, Progress, forecast_rate
from analytics.results.participation import RateForecast

BLOCKS = (400, 200, 200, 200)


def course(*completed: int, until: float = 0.5) -> Course:
    """Return a course that was looked at in equal distances."""
    times = tuple(until * (place + 1) / len(completed) for place in range(len(completed)))
    return Course(times, completed)


def forecast(
    *completed: int, until: float = 0.5, past: tuple[Course, ...] = ()
) -> RateForecast:
    return forecast_rate(Progress(course(*completed, until=until), BLOCKS, 5), past)


def ends(found: RateForecast) -> tuple[float, float, float]:
    assert found.low is not None
    assert found.rate is not None
    assert found.high is not None
    return found.low, found.rate, found.high


@pytest.mark.parametrize("completed", [(), (0, 0)])
def test_without_answers_it_is_too_early(completed: tuple[int, ...]) -> None:
    assert forecast(*completed).status == "too_early"


def test_the_first_third_of_the_time_is_too_early() -> None:
    assert forecast(300, 310, 310, until=0.33).status == "too_early"


def test_a_wide_interval_is_not_shown() -> None:
    found = forecast(30, 90, 160, 240, until=0.4)

    assert found == RateForecast(status="too_early", method="saturating_curve")


def test_a_rush_that_is_over_has_a_narrow_interval() -> None:
    low, rate, high = ends(forecast(420, 480, 500, 505, 508, 510, until=0.8))

    assert 0.51 <= low < rate < high
    assert rate == pytest.approx(0.53, abs=0.04)
    assert high - low < 0.2


def test_the_later_the_narrower() -> None:
    early, late = (
        ends(forecast(200, 300, 350, 380, 390, 400, until=until)) for until in (0.75, 0.95)
    )

    assert late[2] - late[0] < early[2] - early[0]


def test_at_the_end_it_is_what_is_shown_and_what_is_held_back() -> None:
    low, rate, high = ends(forecast(200, 400, 500, 550, 580, 600, until=1.0))

    assert low >= 0.6
    assert rate == pytest.approx(0.608, abs=0.01)
    assert high < 0.65


def test_it_never_falls_below_what_is_shown_nor_rises_above_everybody() -> None:
    low, _, high = ends(forecast(900, 940, 950, 952, 955, until=0.6))

    assert 0.955 <= low <= high <= 1.0


def test_a_past_campaign_that_began_alike_is_followed() -> None:
    shown = (150, 250, 300, 320, 330)
    reminded = Course((0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1.0), (*shown, 430, 440))

    _, alone, _ = ends(forecast(*shown, until=0.75))
    found = forecast(*shown, until=0.75, past=(reminded,))

    assert found.method == "past_campaigns"
    assert ends(found)[1] > alone + 0.05


def test_a_past_campaign_without_answers_counts_for_nothing() -> None:
    silent = Course((0.2, 1.0), (0, 0))
    shown = (200, 300, 350, 380, 390, 400)

    assert ends(forecast(*shown, until=0.75, past=(silent,))) == ends(
        forecast(*shown, until=0.75)
    )
