"""The answers of a simulated company's people, careful or careless."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tests.benchmarks.simulator.disturbances import CAMP_SHARE, contentment
from tests.benchmarks.simulator.scenarios import Parameters
from tests.benchmarks.simulator.sheet import BEHAVIOURS, CONTEXT, SPONSORSHIP, Item
from tests.benchmarks.simulator.truth import Truth

__all__ = [
    "MANAGER_SHARE",
    "REVERSED_NOISE",
    "SEEN_INFLATION",
    "SELF_ITEM_SD",
    "SELF_VIEW_SD",
    "People",
    "difficulties",
    "draw_people",
    "draw_sponsors",
]

Array = NDArray[np.float64]

MANAGER_SHARE = 0.14
SEEN_INFLATION = 0.35
"""Share of their sponsors' inflation that managers adopt."""
SELF_VIEW_SD, SELF_ITEM_SD = 0.3, 0.5
"""How sponsors of a unit differ in their self-view, and the noise of their items."""
REVERSED_NOISE = 1.15
_MOVED = 0.08
"""Share of a straight-liner's answers that deviate, by at most one point."""
_LONGEST_TAIL = 0.4
"""Largest share of the sheet that a drop-out leaves unanswered."""


@dataclass(frozen=True, kw_only=True)
class People:
    """Answer sheets, one row per person; NaN if an answer is missing."""

    unit: NDArray[np.int64]
    role: NDArray[np.str_]
    seconds: NDArray[np.int64]
    answers: Array
    careless: NDArray[np.bool_]
    """Whether each person answered without reading; the product does not get this."""


def difficulties(rng: Generator, parameters: Parameters, items: tuple[Item, ...]) -> Array:
    """Draw by how much each item is easier to agree with, half-centred within constructs."""
    drawn = rng.normal(0, parameters.item_offset, len(items))
    constructs = np.array([item.construct for item in items])
    means = np.array([drawn[constructs == construct].mean() for construct in constructs])
    return drawn - 0.5 * means


def _views(
    rng: Generator,
    parameters: Parameters,
    truth: Truth,
    unit: NDArray[np.int64],
    manager: NDArray[np.bool_],
) -> Array:
    """Draw each person's view of each scale, shape (n_people, 21).

    Managers are lenient about their own unit, and adopt a part of their sponsors' self-view.
    """
    scales = truth.scales[unit].copy()
    own = slice(None, -len(BEHAVIOURS))
    sponsors = slice(-len(BEHAVIOURS), None)
    scales[manager, own] += parameters.manager_bias
    scales[manager, sponsors] += SEEN_INFLATION * truth.inflation[unit[manager], None]
    if parameters.split_share:
        smaller_camp = rng.random((len(unit), 1)) < CAMP_SHARE
        scales[:, : len(CONTEXT)] += smaller_camp * truth.other_camp[unit]
    halo = contentment(rng, unit, sd=parameters.person_halo, silence=parameters.silence)
    return scales + halo + rng.normal(0, parameters.person_sd, scales.shape)


def _styled(
    rng: Generator,
    parameters: Parameters,
    truth: Truth,
    unit: NDArray[np.int64],
    points: Array,
) -> Array:
    """Stretch and shift answers by the person's style, then round them to the scale."""
    log_stretch = truth.extremity[unit] + rng.normal(0, parameters.ext_sd, len(unit))
    shift = truth.acquiescence[unit] + rng.normal(
        parameters.acq_mean, parameters.acq_sd, len(unit)
    )
    styled = 3 + np.exp(log_stretch)[:, None] * (points - 3) + shift[:, None]
    answers = np.clip(np.rint(styled), 1, 5)
    if parameters.end_avoiders:
        avoids = rng.random(len(unit)) < parameters.end_avoiders
        answers[avoids] = np.clip(answers[avoids], 2, 4)
    return answers


def _careful(
    rng: Generator,
    parameters: Parameters,
    truth: Truth,
    unit: NDArray[np.int64],
    manager: NDArray[np.bool_],
    items: tuple[Item, ...],
    difficulty: Array,
) -> Array:
    views = _views(rng, parameters, truth, unit, manager)
    turned = np.array([item.reversed for item in items])
    noise = parameters.item_sd * np.where(turned, REVERSED_NOISE, 1.0)
    points = views[:, [item.scale for item in items]] + difficulty
    points += noise * rng.normal(size=points.shape)
    return _styled(rng, parameters, truth, unit, np.where(turned, 6 - points, points))


def _straight_lines(rng: Generator, people: int, items: tuple[Item, ...]) -> Array:
    """Repeat one value, drawn again where the sheet changes from context to maturity."""
    context = np.array([item.construct in CONTEXT for item in items])
    values = rng.integers(1, 6, size=(people, 2))
    lines = np.where(context, values[:, :1], values[:, 1:])
    steps = np.where(rng.random(lines.shape) < _MOVED, rng.integers(-1, 2, lines.shape), 0)
    answers: Array = np.clip(lines + steps, 1, 5).astype(np.float64)
    return answers


def _lose_answers(rng: Generator, share: float, answers: Array) -> None:
    """Remove single answers at random, and the last answers of people who stop early."""
    people, items = len(answers), len(answers.T)
    answers[rng.random(answers.shape) < 0.6 * share] = np.nan
    stops = rng.random(people) < 0.8 * share
    tail = rng.integers(1, int(_LONGEST_TAIL * items) + 2, size=people)
    position = np.arange(items)
    answers[stops[:, None] & (position >= items - tail[:, None])] = np.nan


def draw_people(
    rng: Generator,
    parameters: Parameters,
    truth: Truth,
    items: tuple[Item, ...],
    difficulty: Array,
) -> People:
    """Draw managers and contributors of every unit."""
    unit = np.repeat(np.arange(len(truth.sizes)), truth.sizes)
    manager = rng.random(len(unit)) < MANAGER_SHARE
    answers = _careful(rng, parameters, truth, unit, manager, items, difficulty)
    careless = rng.random(len(unit)) < parameters.careless
    straight = careless & (rng.random(len(unit)) < 0.5)
    at_random = careless & ~straight
    answers[straight] = _straight_lines(rng, int(straight.sum()), items)
    answers[at_random] = rng.integers(1, 6, (int(at_random.sum()), len(items)))
    _lose_answers(rng, parameters.missing, answers)
    size = len(unit)
    log_pace = np.where(careless, rng.normal(0.35, 0.35, size), rng.normal(2.03, 0.38, size))
    answered = np.maximum(1, (~np.isnan(answers)).sum(axis=1))
    return People(
        unit=unit,
        role=np.where(manager, "manager", "contributor"),
        seconds=np.rint(np.exp(log_pace) * answered).astype(np.int64),
        answers=answers,
        careless=careless,
    )


def draw_sponsors(
    rng: Generator, parameters: Parameters, truth: Truth, items: tuple[Item, ...]
) -> People:
    """Draw the sponsors of every unit, who answer about their own behaviour."""
    count = rng.integers(1, parameters.most_sponsors + 1, len(truth.sizes))
    unit = np.repeat(np.arange(len(truth.sizes)), count)
    self_view = truth.behaviours[unit] + truth.inflation[unit, None]
    self_view += rng.normal(0, SELF_VIEW_SD, self_view.shape)
    columns = [at for at, item in enumerate(items) if item.construct == SPONSORSHIP]
    points = np.repeat(self_view, 2, axis=1)
    points += rng.normal(0, SELF_ITEM_SD, (len(unit), len(columns)))
    answers = np.full((len(unit), len(items)), np.nan)
    answers[:, columns] = np.clip(np.rint(points), 1, 5)
    return People(
        unit=unit,
        role=np.full(len(unit), "sponsor"),
        seconds=np.full(len(unit), 120),
        answers=answers,
        careless=np.zeros(len(unit), dtype=bool),
    )
