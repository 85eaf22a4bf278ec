"""On simulated campaigns, the forecast's interval holds the final rate as often as it says.

People answer in working hours, in a rush at the beginning, after reminders, some at the last
moment; units differ; readers look every hour or once a day. Nothing of this follows the curves
of the forecast, and only what is shown in steps reaches it.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from analytics.participation.forecast import Course, Progress, forecast_rate
from analytics.results.participation import RateForecast
from survey.campaigns.head_counts import Counts, FrozenUnit
from survey.campaigns.steps import Step, block_sizes, next_steps

pytestmark = pytest.mark.slow

K = 5
CAMPAIGNS = 160
MARKS = (0.4, 0.6, 0.75, 0.9)
"""Shares of the time at which a forecast is made."""


class Simulated(NamedTuple):
    """A company that is invited, and the hours at which its people complete."""

    tree: list[FrozenUnit]
    invited: dict[str, int]
    hours: int
    completed_at: dict[str, NDArray[np.int64]]

    @property
    def rate(self) -> float:
        completed = sum(len(hours) for hours in self.completed_at.values())
        return completed / sum(self.invited.values())

    def counts(self, hour: int) -> dict[str, Counts]:
        found = {}
        for code, people in self.invited.items():
            done = int((self.completed_at[code] < hour).sum())
            found[code] = Counts(people, done, done)
        return found


def simulated(random: np.random.Generator) -> Simulated:
    tree, invited = [FrozenUnit("C", "Company", None)], {"C": int(random.integers(0, 12))}
    usual = np.exp(random.uniform(np.log(8), np.log(150)))
    for division in range(int(random.integers(1, 6))):
        tree.append(FrozenUnit(f"D{division}", "Division", "C"))
        invited[f"D{division}"] = int(random.integers(0, 15))
        for place in range(int(random.integers(1, 8))):
            code = f"D{division}U{place}"
            tree.append(FrozenUnit(code, "Unit", f"D{division}"))
            invited[code] = int(random.poisson(usual * np.exp(random.normal(0, 0.5))))
    hours = 24 * int(random.choice([7, 10, 14, 14, 21, 28]))
    odds = float(random.beta(4, 3))
    when = rush_and_reminders(random, hours)
    completed_at = {}
    for code, people in invited.items():
        logit = np.log(odds / (1 - odds)) + random.normal(0, 0.4)
        willing = random.binomial(people, 1 / (1 + np.exp(-logit)))
        completed_at[code] = random.choice(hours, size=willing, p=when)
    return Simulated(tree, invited, hours, completed_at)


def rush_and_reminders(random: np.random.Generator, hours: int) -> NDArray[np.float64]:
    """Return the share of the answers that comes in each hour."""
    hour = np.arange(hours)
    weekday = (hour // 24 + int(random.integers(0, 7))) % 7
    at_work = (hour % 24 >= 8) & (hour % 24 < 18)
    likely = at_work * np.where(weekday < 5, 1.0, 0.1) + 0.03
    urge = np.exp(-hour / (24 * random.uniform(0.5, 6))) + random.uniform(0, 0.25)
    for _ in range(int(random.integers(0, 4))):
        sent = random.uniform(0.2, 0.95) * hours
        since = np.maximum(hour - sent, 0)
        fading = np.exp(-since / (24 * random.uniform(0.3, 2)))
        urge += random.uniform(0.2, 0.9) * fading * (hour >= sent)
    if random.random() < 0.3:
        urge += random.uniform(0, 0.8) * np.exp(-(hours - hour) / 24)
    return np.asarray(likely * urge / (likely * urge).sum())


def forecasts(
    random: np.random.Generator, company: Simulated
) -> Iterator[tuple[float, RateForecast]]:
    """Look at a campaign until its end; forecast at the first look after each mark."""
    sizes = block_sizes(company.tree, company.invited, k=K)
    if sum(sizes.values()) < sum(company.invited.values()):
        return
    every = int(random.choice([1, 3, 8, 24]))
    shown: dict[str, Step] = {}
    at, completed, waiting = [], [], list(MARKS)
    hour = 0
    while waiting and (hour := hour + int(random.integers(1, 2 * every + 1))) <= company.hours:
        shown = next_steps(company.tree, company.counts(hour), shown, k=K)
        at.append(hour / company.hours)
        completed.append(sum(step.completed for step in shown.values()))
        if at[-1] >= waiting[0]:
            course = Course(tuple(at), tuple(completed))
            yield waiting.pop(0), forecast_rate(Progress(course, tuple(sizes.values()), K))


def test_the_interval_holds_the_final_rate() -> None:
    held, widths = defaultdict(list), defaultdict(list)
    for seed in range(CAMPAIGNS):
        random = np.random.default_rng(seed)
        company = simulated(random)
        for mark, found in forecasts(random, company):
            if found.low is not None and found.high is not None:
                held[mark].append(found.low <= company.rate <= found.high)
                widths[mark].append(found.high - found.low)

    every = [one for mark in MARKS for one in held[mark]]
    assert np.mean(every) >= 0.93
    assert np.mean(held[0.9]) >= 0.92
    assert len(held[0.75]) > 0.7 * CAMPAIGNS
    assert np.mean(widths[0.9]) < np.mean(widths[0.75]) < np.mean(widths[0.6]) < 0.5
