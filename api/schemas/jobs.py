"""Jobs on the wire: work that takes longer than a request."""

from typing import Any, ClassVar, Literal
from uuid import UUID

import msgspec

from api.schemas.examples import CAMPAIGN, JOB, RELEASE
from api.schemas.wire import Moment, ResponseBody

__all__ = ["JobProblemRead", "JobRead"]


class JobProblemRead(ResponseBody, frozen=True, kw_only=True):
    """Why a job failed, as its request would have been answered (RFC 9457)."""

    example: ClassVar[dict[str, Any]] = {
        "type": "/problems/already-released",
        "title": "Already released",
        "status": 409,
        "detail": "This campaign has already been released.",
    }

    type_: str = msgspec.field(name="type")
    """Which kind of problem; an address that can be read with GET."""
    title: str
    """The kind in words."""
    status: int
    """The HTTP status that the request would have had."""
    detail: str
    """This case, in words for people."""


class JobRead(ResponseBody, frozen=True, kw_only=True):
    """A job that somebody has started, and how far it is."""

    example: ClassVar[dict[str, Any]] = {
        "id": JOB,
        "kind": "release",
        "subject": f"/v1/campaigns/{CAMPAIGN}",
        "state": "succeeded",
        "progress": 1.0,
        "result": f"/v1/releases/{RELEASE}",
        "problem": None,
        "createdAt": "2026-12-15T08:00:00Z",
        "updatedAt": "2026-12-15T08:00:09Z",
    }

    id: UUID
    """Id of the job."""
    kind: str
    """What is done: `close` or `release`; later versions know more."""
    subject: str
    """Address of what it works on."""
    state: Literal["queued", "running", "succeeded", "failed"]
    """How far it is: ``queued``, ``running``, then ``succeeded`` or ``failed``."""
    progress: float
    """0 to 1, roughly in shares of its time."""
    result: str | None
    """Address of what was made, once it has succeeded."""
    problem: JobProblemRead | None
    """Why it failed, if it has; nothing of its work is left then."""
    created_at: Moment
    """When it was asked for."""
    updated_at: Moment
    """When it was last heard of."""

    def location(self) -> str:
        """Return the address of the job."""
        return f"/v1/jobs/{self.id}"
