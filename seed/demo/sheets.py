"""Answer sheets drawn from people's views: noise, response style, carelessness, gaps."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from survey.instruments.parts import ItemDefinition

__all__ = ["CARELESS", "blank_gaps", "careless_sheets", "item_difficulties", "rated"]

CARELESS = 0.03
"""Share of careless people; half of them repeat one answer, half answer at random."""
MISSING = 0.03
"""Share missing: .6 of it at single items, .8 of it after people stop early."""


def item_difficulties(
    items: Sequence[ItemDefinition], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Draw how much harder each item is to agree with, shape (n_items,), in points.

    Half of each construct's mean difficulty is subtracted again.
    """
    drawn = rng.normal(0, 0.2, len(items))
    constructs = np.array([item.construct for item in items])
    means = {name: drawn[constructs == name].mean() for name in set(constructs)}
    return drawn - 0.5 * np.array([means[name] for name in constructs])


def rated(
    views: NDArray[np.float64],
    items: Sequence[ItemDefinition],
    *,
    noise: float,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Draw the answers as given, 1 to 5, with each person's response style.

    Parameters
    ----------
    views
        Each person's view of each item, in points, shape (n_people, n_items).
    noise
        Standard deviation of an answer around the view; 15 % more on reversed items.
    """
    reverse = np.array([item.reversed for item in items])
    answers = views + rng.normal(0, np.where(reverse, 1.15 * noise, noise), views.shape)
    answers = np.where(reverse, 6 - answers, answers)
    acquiescence = rng.normal(0.1, 0.25, (len(views), 1))
    extremity = np.exp(rng.normal(0, 0.2, (len(views), 1)))
    return np.clip(np.rint(3 + extremity * (answers - 3) + acquiescence), 1, 5)


def careless_sheets(
    answers: NDArray[np.float64], rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Replace the sheets of some people by careless ones.

    Returns
    -------
    answers, careless
        The sheets, and which people are careless, shape (n_people,).
    """
    n_people, n_items = len(answers), len(answers[0])
    careless = rng.random(n_people) < CARELESS
    repeating = careless & (rng.random(n_people) < 0.5)
    steps = rng.integers(-1, 2, answers.shape) * (rng.random(answers.shape) < 0.08)
    repeated = np.clip(rng.integers(1, 6, (n_people, 1)) + steps, 1, 5)
    guessed = rng.integers(1, 6, (n_people, n_items))
    chosen = np.where(repeating[:, None], repeated, guessed)
    return np.where(careless[:, None], chosen, answers), careless


def blank_gaps(answers: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Remove some answers (NaN): single items, or all items from some point on."""
    n_people, n_items = len(answers), len(answers[0])
    gaps = rng.random(answers.shape) < 0.6 * MISSING
    gives_up = rng.random(n_people) < 0.8 * MISSING
    last = np.where(gives_up, rng.integers(5, n_items, n_people), n_items)
    tail = np.arange(n_items) >= last[:, None]
    return np.where(gaps | tail, np.nan, answers)
