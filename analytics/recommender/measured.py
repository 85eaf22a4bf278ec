"""Which constructs have a say in the choice, by how reliably the company was measured."""

from collections.abc import Mapping
from dataclasses import dataclass

from analytics.recommender.anchors import Anchors
from analytics.results.quality import Reliability, ScaleQuality

__all__ = ["Measured"]

_USABLE = 0.60
_FEWEST_CONSTRUCTS = 5
"""Of those left after others were left out."""


@dataclass(frozen=True)
class Measured:
    """How reliably the constructs of a company were measured, as far as the choice goes.

    Attributes
    ----------
    doubtful : frozenset of str
        Constructs with a coefficient below .60.
    left_out : frozenset of str
        Those of them whose 95 % interval lies below .60 as well: they have no say.
    """

    doubtful: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()

    @classmethod
    def of(cls, scales: Mapping[str, ScaleQuality]) -> "Measured":
        """Sort the constructs by the coefficient that their verdict rests on.

        Parameters
        ----------
        scales : mapping of str to ScaleQuality
            By construct, from the people kept after screening. A construct without a
            coefficient keeps its say: nothing speaks against it.
        """
        known = {key: scale.reliability for key, scale in scales.items() if scale.reliability}
        doubtful = {key for key, one in known.items() if one.verdict == "do_not_use"}
        return cls(
            frozenset(doubtful),
            frozenset(key for key in doubtful if _high(known[key]) < _USABLE),
        )

    def restrict(self, theory: Anchors) -> Anchors | None:
        """Return the theory on the constructs that keep their say.

        None if the constructs left out leave fewer than five: no choice can rest on these.
        """
        left = theory.restricted_to(set(theory.constructs) - self.left_out)
        gone = len(theory.constructs) - len(left.constructs)
        return None if gone and len(left.constructs) < _FEWEST_CONSTRUCTS else left


def _high(found: Reliability) -> float:
    """Return the upper bound of the coefficient; two items have that of their alpha."""
    if found.coefficient == "omega" and found.omega_high is not None:
        return found.omega_high
    return found.alpha_high
