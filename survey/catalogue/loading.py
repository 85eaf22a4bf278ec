"""An organisation's own operating models: checked as a whole, stored by version, then used."""

import math
import re
from collections.abc import Collection, Iterator, Sequence
from uuid import UUID

from models.engine import connection, transaction
from models.enums import CatalogueKind
from survey.access.actors import Actor
from survey.catalogue.operating_models import Anchor, OperatingModel, OperatingModels
from survey.catalogue.store import load_catalogue, read_catalogue
from survey.errors import Conflict, Invalid

__all__ = [
    "OperatingModelsInvalid",
    "OperatingModelsReplaced",
    "load_operating_models",
    "operating_model_problems",
]

_KIND = CatalogueKind.OPERATING_MODELS
_NAMED = 10
"""So many problems are named in the sentence for people; programs get all of them."""
_CONTEXT = """
SELECT DISTINCT construct ->> 'key' AS key
FROM instrument, jsonb_array_elements(definition -> 'constructs') AS construct
WHERE construct ->> 'block' = 'context'
"""
LOWEST, HIGHEST = 1.0, 5.0
"""Likert points."""
MAX_KEY = 64
_KEY = re.compile(r"[a-z][a-z0-9_]*")
_TAKEN = frozenset({"none", "between"})
"""What has a probability although it is no model."""


class OperatingModelsInvalid(Invalid):
    """The operating models are not fit to be used; each problem names its cell."""

    code = "operating-models-invalid"

    def __init__(self, version: str, problems: Sequence[str]) -> None:
        more = len(problems) - _NAMED
        named = " ".join((*problems[:_NAMED], *([f"And {more} more."] if more > 0 else [])))
        super().__init__(
            f"Operating models {version!r} cannot be used. {named}",
            version=version,
            problems=list(problems),
        )


class OperatingModelsReplaced(Conflict):
    """The version has been replaced by another; to return to it, give it a new name."""

    code = "operating-models-replaced"

    def __init__(self, version: str, current: str) -> None:
        super().__init__(
            f"Version {version!r} was replaced by {current!r}. To return to it, load it under "
            "a new name.",
            version=version,
            current=current,
        )


async def load_operating_models(
    organisation: UUID, models: OperatingModels, *, by: Actor
) -> bool:
    """Store an organisation's own version; releases from now on use it and name it.

    Releases that exist keep the version that they name.

    Parameters
    ----------
    by : Actor
        Who loads it; the audit trail keeps that.

    Returns
    -------
    bool
        Whether it was not there before; loading it again changes nothing.

    Raises
    ------
    OperatingModelsInvalid
        Something is missing or out of range; every problem is named.
    FieldInvalid
        The version is longer than its field.
    CatalogueVersionTaken
        This version holds other models.
    OperatingModelsReplaced
        It was loaded before, and has been replaced by another version.
    """
    async with transaction(organisation):
        rows = await connection().fetch(_CONTEXT)
        problems = operating_model_problems(models, context={row["key"] for row in rows})
        if problems:
            raise OperatingModelsInvalid(models.version, problems)
        new = await load_catalogue(organisation, _KIND, models.version, models, by=by)
        current = await read_catalogue(organisation, _KIND, OperatingModels)
        if current.version != models.version:
            raise OperatingModelsReplaced(models.version, current.version)
    return new


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
            f"The version {models.version!r} is a bare number; only the models that come with "
            "opmodel are numbered. Give it a name, such as acme-1."
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
