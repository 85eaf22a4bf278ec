"""Operating models of an organisation's own: checked whole, stored by version, then used."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from models.engine import connection, transaction
from models.enums import AuditAction, CatalogueKind
from survey.access.audit import record_event
from survey.access.keys import Principal
from survey.catalogue.operating_models import OperatingModels
from survey.catalogue.store import load_catalogue, read_catalogue
from survey.errors import Conflict, Invalid
from survey.rules.operating_model_checks import operating_model_problems

__all__ = [
    "OperatingModelsInvalid",
    "OperatingModelsReplaced",
    "load_operating_models",
]

_KIND = CatalogueKind.OPERATING_MODELS
_TOLD = 10
"""So many problems are told in the sentence for people; programs get all of them."""
_CONTEXT = """
SELECT DISTINCT construct ->> 'key' AS key
FROM instrument, jsonb_array_elements(definition -> 'constructs') AS construct
WHERE construct ->> 'block' = 'context'
"""


class OperatingModelsInvalid(Invalid):
    """The operating models are not fit to be used; each problem names its cell."""

    code = "operating-models-invalid"

    def __init__(self, version: str, problems: Sequence[str]) -> None:
        more = len(problems) - _TOLD
        told = " ".join((*problems[:_TOLD], *([f"And {more} more."] if more > 0 else [])))
        super().__init__(
            f"Operating models {version!r} cannot be used. {told}",
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
    organisation: UUID, models: OperatingModels, *, by: Principal | None, now: datetime
) -> bool:
    """Store a version of an organisation's own; releases from now on use it and name it.

    Releases that exist keep the version that they name.

    Parameters
    ----------
    by : Principal or None
        Who loads it; None is the operator.
    now : datetime
        The moment, UTC.

    Returns
    -------
    bool
        Whether it was not there before; loading it again changes nothing.

    Raises
    ------
    OperatingModelsInvalid
        Something is missing or out of range; all of it is named.
    FieldInvalid
        The version is longer than its field.
    CatalogueVersionTaken
        This version holds other models.
    OperatingModelsReplaced
        It was there before, and another version holds now.
    """
    async with transaction(organisation):
        rows = await connection().fetch(_CONTEXT)
        problems = operating_model_problems(models, context={row["key"] for row in rows})
        if problems:
            raise OperatingModelsInvalid(models.version, problems)
        new = await load_catalogue(organisation, _KIND, models.version, models)
        current = await read_catalogue(organisation, _KIND, OperatingModels)
        if current.version != models.version:
            raise OperatingModelsReplaced(models.version, current.version)
        if new:
            await record_event(
                organisation,
                AuditAction.OPERATING_MODELS_LOADED,
                subject="/v1/operating-models",
                facts={"version": models.version, "models": [one.key for one in models.models]},
                by=by,
                now=now,
            )
    return new
