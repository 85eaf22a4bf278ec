"""The recommender sets that came with the method: inputs, and what they lead to.

x, V and stage A are in ``partitions.json``; what the learning mixture makes of them is in
``learned.json``. Both were written from the design's ``data/recommender/*/expected.json``.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.recommender.learning import Learning, learn
from analytics.recommender.parameters import components_of, prior_of, without_learning
from tests.analytics.recommender.unit_means import ANCHORS, read, symmetric
from tests.factories.recommendations import MODELS

__all__ = ["COMPONENTS", "LEARNED_SETS", "PRIOR", "ReferenceSet", "reference_set"]

COMPONENTS = components_of(MODELS, ANCHORS.mask)
PRIOR = prior_of(ANCHORS.matrix)
_INPUTS, _EXPECTED = read("partitions.json"), read("learned.json")
LEARNED_SETS = tuple(name for name, expected in _EXPECTED.items() if expected["learned"])


@dataclass(frozen=True)
class ReferenceSet:
    """One company: unit means, their errors, and the figures expected of the mixture."""

    X: NDArray[np.float64]
    V: NDArray[np.float64]
    expected: dict[str, Any]

    def learned(self) -> Learning:
        start = without_learning(self.X, ANCHORS.matrix, COMPONENTS)
        return learn(self.X, self.V, COMPONENTS, PRIOR, start)


def reference_set(name: str) -> ReferenceSet:
    given = _INPUTS[name]
    return ReferenceSet(np.array(given["x"]), symmetric(given["V"]), _EXPECTED[name])
