"""Gates on simulated companies whose expected answers are known.

The generator draws as simulator.md says (maturity constructs, people, items that differ in
difficulty, five points) and shares no code with the analysis.
"""

import numpy as np
import pytest
from scipy.special import ndtr

from analytics.diagnosis.phase_progress import phase_progress
from analytics.diagnosis.phases import Gate, Phase, Phases
from tests.analytics.diagnosis.company import construct, study_of
from tests.analytics.studies import K, planned
from tests.benchmarks.judges.measures import calibration_error

KEYS = ("a", "b", "c", "d", "e")
ITEMS = 4
COMPANIES, UNITS = 20, 24
THRESHOLD = 3.4
GATES = {
    "one_item": ("a_1",),
    "two_items": ("b_1", "b_2"),
    "across": ("c_1", "d_2", "e_3"),
}
LADDER = Phases(
    version="1",
    threshold=THRESHOLD,
    phases=(
        Phase(
            key="p",
            number=1,
            first_week=1,
            gates=tuple(Gate(key=key, items=items) for key, items in GATES.items()),
        ),
    ),
)

SPREAD = np.sqrt(0.35**2 + 0.6**2 + 0.8**2)
"""SD of the answers of one unit's people to one item, before they are rounded."""

Judged = list[tuple[float, bool]]


def simulated(rng: np.random.Generator) -> Judged:
    """Return stated probability and truth of every gate of one company."""
    maturity = rng.normal(0, 0.45, UNITS)
    truth = 3.3 + 0.8 * maturity[:, None] + rng.normal(0, 0.3, (UNITS, len(KEYS)))
    hard = rng.normal(0, 0.2, (len(KEYS), ITEMS))
    units = {}
    for unit in range(UNITS):
        size = int(np.clip(np.exp(rng.normal(np.log(25), 0.6)), K, 200))
        person = truth[unit] + rng.normal(0, 0.35, (size, 1)) + rng.normal(0, 0.6, (size, 5))
        latent = person[:, :, None] + hard + rng.normal(0, 0.8, (size, len(KEYS), ITEMS))
        points = np.clip(np.rint(latent), 1, 5).astype(int)
        units[f"U{unit:02}"] = {
            f"{key}_{item + 1}": points[:, place, item].tolist()
            for place, key in enumerate(KEYS)
            for item in range(ITEMS)
        }
    study = study_of(units, *(construct(key, ITEMS) for key in KEYS))
    found = phase_progress(study, planned(study), LADDER, k=K)
    expected = expected_answers(truth[:, :, None] + hard)
    true_level = {
        (f"U{unit:02}", key): np.mean(
            [expected[unit, KEYS.index(item[0]), int(item[2]) - 1] for item in items]
        )
        for unit in range(UNITS)
        for key, items in GATES.items()
    }
    return [
        (gate.probability or 0.0, bool(true_level[code, gate.gate] >= THRESHOLD))
        for code, one in found.items()
        for gate in one.phases[0].gates
    ]


def expected_answers(level: np.ndarray) -> np.ndarray:
    """Return the mean of normal answers around each level, rounded and clipped to 1 to 5."""
    return 1 + sum(ndtr((level - step) / SPREAD) for step in (1.5, 2.5, 3.5, 4.5))


@pytest.fixture(scope="module")
def judged() -> Judged:
    rng = np.random.default_rng(20_261)
    return [pair for _ in range(COMPANIES) for pair in simulated(rng)]


def test_gates_called_passed_are_passed_four_times_in_five(judged: Judged) -> None:
    passed = [truth for probability, truth in judged if probability >= 0.8]

    assert len(passed) > 200
    assert np.mean(passed) >= 0.85


def test_gates_called_failed_are_failed_four_times_in_five(judged: Judged) -> None:
    failed = [not truth for probability, truth in judged if probability <= 0.2]

    assert len(failed) > 200
    assert np.mean(failed) >= 0.85


def test_stated_probabilities_are_calibrated(judged: Judged) -> None:
    stated, true = (np.array(column) for column in zip(*judged, strict=True))

    assert calibration_error(stated, true) <= 0.03


def test_a_stated_probability_between_is_neither_sure_nor_empty(judged: Judged) -> None:
    between = [(p, truth) for p, truth in judged if 0.2 < p < 0.8]

    stated, true = (float(np.mean(column)) for column in zip(*between, strict=True))

    assert len(between) > 150
    assert true == pytest.approx(stated, abs=0.05)
