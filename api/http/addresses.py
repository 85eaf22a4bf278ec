"""The variable parts of addresses: their names on the wire, and what each may be."""

from typing import Annotated
from uuid import UUID

from litestar.params import PathParameter

from models.edges import GREATEST_INTEGER, MAX_CODE, MAX_EXTERNAL_ID
from survey.messages.channels import MAX_KIND

__all__ = [
    "CampaignId",
    "ChannelName",
    "ExternalId",
    "InstrumentKey",
    "InstrumentVersion",
    "JobId",
    "KeyId",
    "ProblemCode",
    "ReleaseId",
    "UnitCode",
    "UseCaseId",
]

CampaignId = Annotated[
    UUID, PathParameter(name="campaignId", description="Id of the campaign (UUID).")
]
ChannelName = Annotated[
    str,
    PathParameter(
        name="channelKind",
        description="Kind of the channel, such as `email`.",
        max_length=MAX_KIND,
    ),
]
ExternalId = Annotated[
    str,
    PathParameter(
        name="externalId",
        description="Id of the person in the customer's own systems.",
        max_length=MAX_EXTERNAL_ID,
    ),
]
InstrumentKey = Annotated[
    str, PathParameter(name="key", description="Key of the instrument.", max_length=MAX_CODE)
]
InstrumentVersion = Annotated[
    int,
    PathParameter(
        name="version",
        description="Version of the instrument: 1, 2, 3, ...",
        ge=1,
        le=GREATEST_INTEGER,
    ),
]
JobId = Annotated[UUID, PathParameter(name="jobId", description="Id of the job (UUID).")]
KeyId = Annotated[UUID, PathParameter(name="keyId", description="Id of the API key (UUID).")]
ProblemCode = Annotated[
    str,
    PathParameter(name="code", description="Code of the kind of problem.", max_length=MAX_CODE),
]
ReleaseId = Annotated[
    UUID, PathParameter(name="releaseId", description="Id of the release (UUID).")
]
UnitCode = Annotated[
    str,
    PathParameter(name="unit", description="Code of the business unit.", max_length=MAX_CODE),
]
UseCaseId = Annotated[
    UUID, PathParameter(name="useCaseId", description="Id of the use case (UUID).")
]
