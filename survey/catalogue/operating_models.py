"""The operating models and their anchors, as catalogue rows and data files hold them."""

from typing import Annotated

import msgspec

from analytics.recommender.anchors import Anchors
from models.edges import Prose, Texts, Word
from survey.instruments.parts import MANY

__all__ = ["Anchor", "OperatingModel", "OperatingModels", "ShortNames"]


class Anchor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a model stands on one context construct (1 to 5), and why."""

    value: float
    """Likert points, 1 to 5."""
    defining: bool
    """The condition is one of those that make the model what it is."""
    reason: Prose
    """Why it stands there."""


class OperatingModel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way to organise AI work; texts by locale, anchors by context construct."""

    key: Word
    """Key by which results refer to it."""
    name: Texts
    """Its name."""
    strength: Texts
    """What it is good at."""
    conditions: Annotated[dict[Word, Annotated[tuple[Prose, ...], MANY]], MANY]
    """Locale to the conditions under which the model fits."""
    anchors: Annotated[dict[Word, Anchor], MANY]
    """Key of each context construct to the model's place on it."""


class OperatingModels(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The operating models of one version of the theory."""

    version: Word
    """Version of the theory."""
    models: Annotated[tuple[OperatingModel, ...], MANY]
    """The models."""

    def anchors(self) -> Anchors:
        """Return the theory as the recommender needs it, without words.

        Raises
        ------
        KeyError
            A model lacks an anchor that the first model has.
        """
        constructs = tuple(self.models[0].anchors)
        rows = [[model.anchors[key] for key in constructs] for model in self.models]
        return Anchors(
            version=self.version,
            models=tuple(model.key for model in self.models),
            constructs=constructs,
            values=tuple(tuple(anchor.value for anchor in row) for row in rows),
            defining=tuple(tuple(anchor.defining for anchor in row) for row in rows),
        )


class ShortNames(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What models are called in a table; one without a short name goes by its whole name."""

    models: dict[str, Texts]
    """Key of the model to its short name."""
