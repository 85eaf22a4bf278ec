"""What is wrong with an organisation's own operating models; pure."""

import math
import re
from collections.abc import Collection, Iterator

from survey.catalogue.operating_models import Anchor, OperatingModel, OperatingModels

__all__ = ["operating_model_problems"]

LOWEST, HIGHEST = 1.0, 5.0
"""Likert points."""
MAX_KEY = 64
_KEY = re.compile(r"[a-z][a-z0-9_]*")
_TAKEN = frozenset({"none", "between"})
"""What stands beside the models where probabilities are told."""


def operating_model_problems(models: OperatingModels, *, context: Collection[str]) -> list[str]:
    """Say everything that keeps operating models from being used.

    Parameters
    ----------
    models : OperatingModels
        The theory of one version.
    context : collection of str
        Keys of the context constructs that instruments ask about.

    Returns
    -------
    list of str
        One sentence per problem; each names the model and the cell.
    """
    return [*_identity(models), *_models(models), *_cells(models, context), *_apart(models)]


def _identity(models: OperatingModels) -> Iterator[str]:
    if not models.version.strip():
        yield "The version is empty."
    if models.version.isdecimal():
        yield (
            f"The version {models.version!r} is a bare number, which the models that come "
            "along are counted by. Give it a name, such as acme-1."
        )
    if len(models.models) < 2:
        yield "There must be at least two models to choose between."


def _models(models: OperatingModels) -> Iterator[str]:
    keys = [model.key for model in models.models]
    for model in models.models:
        if not _KEY.fullmatch(model.key) or len(model.key) > MAX_KEY or model.key in _TAKEN:
            yield (
                f"The key {model.key!r} is not made of lower-case letters, digits and "
                f"underscores, or is one of {', '.join(sorted(_TAKEN))}."
            )
        if keys.count(model.key) > 1:
            yield f"The key {model.key!r} is given to two models."
        if not model.name or not all(text.strip() for text in model.name.values()):
            yield f"{model.key} has no name."


def _cells(models: OperatingModels, context: Collection[str]) -> Iterator[str]:
    asked = {key for model in models.models for key in model.anchors}
    yield from (f"Nothing asks about {key}." for key in sorted(asked - set(context)))
    for model in models.models:
        yield from (f"{model.key} has no anchor for {key}." for key in _missing(model, asked))
        for key, anchor in model.anchors.items():
            yield from (f"{model.key}, {key}: {problem}" for problem in _anchor(anchor))


def _missing(model: OperatingModel, asked: Collection[str]) -> list[str]:
    return sorted(set(asked) - set(model.anchors))


def _anchor(anchor: Anchor) -> Iterator[str]:
    if not (math.isfinite(anchor.value) and LOWEST <= anchor.value <= HIGHEST):
        yield f"the value must lie between 1 and 5, got {anchor.value}."
    if not anchor.reason.strip():
        yield "there is no reason for the value."


def _apart(models: OperatingModels) -> Iterator[str]:
    profiles: dict[tuple[tuple[str, float], ...], str] = {}
    for model in models.models:
        profile = tuple(sorted((key, cell.value) for key, cell in model.anchors.items()))
        if profile in profiles:
            yield f"{profiles[profile]} and {model.key} have the same anchors."
        profiles.setdefault(profile, model.key)
