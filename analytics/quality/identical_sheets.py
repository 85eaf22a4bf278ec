"""Answer sheets that are exactly the same, more often than chance can explain."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln

__all__ = ["identical_sheets"]

_FEWEST_ANSWERS = 20
_FEWEST_SHEETS = 10  # of which the agreement of two people can be told
_PAIRS = 20_000
_CHANCE = 0.01
"""Identical pairs that chance may be expected to make in the whole file."""
_LEAST_OVERDISPERSION = 1e-3


def identical_sheets(answers: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Return each sheet that equals an earlier one beyond chance, and that earlier one.

    Parameters
    ----------
    answers : ndarray of shape (n, p)
        One row per sheet, NaN is no answer. Sheets without spread (straight-liners) must not
        be in it: they are alike because nobody read the questions.

    Returns
    -------
    list of (int, int)
        Rows; the later, and the first that is the same. Empty if all sheets differ, or if so
        many equal ones are to be expected.

    Notes
    -----
    Let two people give the same answer to a share A of the questions that both answered. A is
    the same for no two pairs: people of one unit, or of one style, agree more. Over many pairs
    the number of equal answers is taken as beta-binomial, with mean and variance of A from
    20 000 random pairs (identical ones left out) by moments; so the dependence between a
    person's answers is in the estimate, and nothing is taken to be independent. Then two
    sheets of L answers are the same with probability B(a + L, b) / B(a, b), and n sheets are
    expected to hold n (n - 1) / 2 times as many equal pairs. A sheet is named if that is
    below 0.01. Under independence the figure would be smaller by many powers of ten.

    References
    ----------
    .. [1] Skellam 1948, JRSS B 10(2), on the beta-binomial distribution.
    .. [2] Kuriakose & Robbins 2016, Statistical Journal of the IAOS 32(3), on near duplicates.
    """
    known = np.isfinite(answers)
    counts = known.sum(axis=1)
    pairs = _equal_to_earlier(answers, counts)
    if not pairs or len(answers) < _FEWEST_SHEETS:
        return []
    agreement = _agreement(answers, known)
    if agreement is None:
        return []
    n = len(answers)
    lengths = counts[[row for row, _ in pairs]]
    expected = n * (n - 1) / 2 * np.exp(_log_chance(agreement, lengths))
    return [pair for pair, chance in zip(pairs, expected, strict=True) if chance < _CHANCE]


def _equal_to_earlier(
    answers: NDArray[np.float64], counts: NDArray[np.intp]
) -> list[tuple[int, int]]:
    first: dict[bytes, int] = {}
    pairs = []
    for row, sheet in enumerate(np.nan_to_num(answers, nan=-1.0)):
        if counts[row] < _FEWEST_ANSWERS:
            continue
        earlier = first.setdefault(sheet.tobytes(), row)
        if earlier != row:
            pairs.append((row, earlier))
    return pairs


def _agreement(
    answers: NDArray[np.float64], known: NDArray[np.bool_]
) -> NDArray[np.float64] | None:
    """Return the share of equal answers and the number compared, of random different pairs."""
    random = np.random.default_rng(0)
    one, other = random.integers(len(answers), size=(2, _PAIRS))
    both = known[one] & known[other]
    compared = both.sum(axis=1)
    equal = ((answers[one] == answers[other]) & both).sum(axis=1)
    is_usual = (one != other) & (compared >= _FEWEST_ANSWERS) & (equal < compared)
    if not is_usual.any():
        return None
    return np.stack([equal[is_usual] / compared[is_usual], compared[is_usual]])


def _log_chance(
    agreement: NDArray[np.float64], lengths: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return the log of the probability that two sheets of these lengths are the same."""
    share, compared = agreement
    mean = float(np.clip(share.mean(), 1e-6, 1 - 1e-6))
    length = float(compared.mean())
    binomial = mean * (1 - mean) / length
    rho = (float(share.var()) / binomial - 1) / (length - 1)
    size = 1 / float(np.clip(rho, _LEAST_OVERDISPERSION, 0.99)) - 1
    a, b = mean * size, (1 - mean) * size
    return np.asarray(betaln(a + lengths, b) - betaln(a, b))
