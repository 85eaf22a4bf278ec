"""The theory: what profile of conditions each operating model asks for."""

from collections.abc import Collection

import msgspec
import numpy as np
from numpy.typing import NDArray

from analytics.errors import AnalyticsError

__all__ = ["Anchors"]


class Anchors(msgspec.Struct, frozen=True, kw_only=True):
    """The profile of each operating model on the context constructs, in Likert points.

    Attributes
    ----------
    version
        Name of this theory, recorded with every result made from it.
    models
        Keys of the operating models, m of them.
    constructs
        Keys of the context constructs, p of them.
    values
        The profiles, shape (m, p): one row per model, one column per construct.
    defining
        Which cells define their model, same shape: units deviate less from the theory there.

    Raises
    ------
    AnalyticsError
        The tables do not match the keys, a key is repeated, or a value is not finite.
    """

    version: str
    models: tuple[str, ...]
    constructs: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]
    defining: tuple[tuple[bool, ...], ...]

    def __post_init__(self) -> None:
        """Refuse tables that do not fit their keys; msgspec adds the path to the message."""
        _require_distinct("models", self.models)
        _require_distinct("constructs", self.constructs)
        if len(self.models) < 2:
            raise AnalyticsError("Anchors need at least two models to choose between.")
        shape = (len(self.models), len(self.constructs))
        _require_shape("values", self.values, shape)
        _require_shape("defining", self.defining, shape)
        if not np.isfinite(self.matrix).all():
            raise AnalyticsError("Anchor values must be finite numbers.")

    @property
    def matrix(self) -> NDArray[np.float64]:
        """Return the profiles A, shape (m, p), in points."""
        return np.array(self.values, dtype=np.float64)

    @property
    def mask(self) -> NDArray[np.bool_]:
        """Return which cells define their model, shape (m, p)."""
        return np.array(self.defining, dtype=np.bool_)

    @property
    def centre(self) -> NDArray[np.float64]:
        """Return the mean profile of the models, shape (p,), in points."""
        return np.asarray(self.matrix.mean(axis=0), dtype=np.float64)

    @property
    def directions(self) -> NDArray[np.float64]:
        """Return how each model differs from the centre (D), shape (m, p), in points."""
        return self.matrix - self.centre

    @property
    def tells_models_apart(self) -> bool:
        """Tell whether no two models have the same profile."""
        return len(set(self.values)) == len(self.models)

    def restricted_to(self, constructs: Collection[str]) -> "Anchors":
        """Return the same theory on those of its constructs that are among ``constructs``."""
        columns = [j for j, key in enumerate(self.constructs) if key in constructs]
        return msgspec.structs.replace(
            self,
            constructs=tuple(self.constructs[j] for j in columns),
            values=tuple(tuple(row[j] for j in columns) for row in self.values),
            defining=tuple(tuple(row[j] for j in columns) for row in self.defining),
        )


def _require_distinct(name: str, keys: tuple[str, ...]) -> None:
    if len(set(keys)) != len(keys):
        raise AnalyticsError(f"Anchors name one of their {name} twice: {', '.join(keys)}.")


def _require_shape(
    name: str, table: tuple[tuple[object, ...], ...], shape: tuple[int, int]
) -> None:
    if len(table) != shape[0] or any(len(row) != shape[1] for row in table):
        raise AnalyticsError(
            f"Anchor {name} must be a table of {shape[0]} models by {shape[1]} constructs."
        )
