"""The parts that a running server has one of each; made in api.app, read from the request."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from litestar.connection import ASGIConnection

from api.http.apart import Apart
from api.http.limits import Buckets
from api.http.origins import Origins
from api.settings import ApiSettings
from survey.capture.queue import Capture
from survey.database import ReadinessProbe
from survey.jobs.standstill import QueueWatch
from survey.messages.message import Channel
from survey.sealing.seals import Seals

__all__ = ["Clock", "Services", "services_of"]

Clock = Callable[[], datetime]
"""Returns the present moment, UTC."""


class Services(msgspec.Struct, frozen=True, kw_only=True):
    """The parts that requests share."""

    settings: ApiSettings
    server_key: bytes
    form_url: str
    """Address below which the form is: links begin with it."""
    clock: Clock
    channels: Mapping[str, Channel]
    seals: Seals
    capture: Capture
    readiness: ReadinessProbe
    apart: Apart
    queue_watch: QueueWatch
    key_limits: Buckets
    form_limits: Buckets
    origins: Origins

    def __repr__(self) -> str:
        return "Services(...)"


def services_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Services:
    """Return the parts that the server of this request has."""
    services: Services = connection.app.state["services"]
    return services
